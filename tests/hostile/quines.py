"""A gzip and a zip that unpack to themselves.

Deflate is a language with two verbs: L, print the n bytes that follow, and R, print the last n bytes once more. With
a head P and a foot S around it, this program prints itself (after R. Cox, "Zip Files All The Way Down", 2010; the check
sum inside is solved for, as it is linear).
"""

import struct
import zlib
from collections.abc import Callable

OPCODE = 5  # bytes of L and of R


def literal(n_bytes: int) -> bytes:
    """L: a stored block's head."""
    return b"\0" + struct.pack("<HH", n_bytes, n_bytes ^ 0xFFFF)


class Bits:
    """Bits in the order of deflate."""

    def __init__(self) -> None:
        self.value, self.n_bits = 0, 0

    def put(self, value: int, n_bits: int) -> None:
        """Add a number, its lowest bit first."""
        self.value |= value << self.n_bits
        self.n_bits += n_bits

    def code(self, value: int, n_bits: int) -> None:
        """Add a Huffman code, its highest bit first."""
        self.put(int(f"{value:0{n_bits}b}"[::-1], 2), n_bits)


def _base(value: int, first: int, per_size: int) -> tuple[int, int, int]:
    """Return the place in the table of a length or distance, its extra value and their number of bits."""
    place, base, extra = 0, first, 0
    while value >= base + (1 << extra):
        base += 1 << extra
        place += 1
        extra = max(0, place // per_size - 1)
    return place, value - base, extra


def repeat(distance: int, lengths: tuple[int, ...], last: bool = False, n_empty: int = 0) -> bytes:
    """R: blocks of fixed codes that copy from before."""
    bits = Bits()
    for number in range(n_empty + 1):
        bits.put(last and number == n_empty, 1)
        bits.put(1, 2)
        for length in lengths if number == 0 else ():
            place, rest, extra = _base(length, 3, 4)
            bits.code(place + 1, 7)
            bits.put(rest, extra)
            place, rest, extra = _base(distance, 1, 2)
            bits.code(place, 5)
            bits.put(rest, extra)
        bits.code(0, 7)
    assert last or 38 <= bits.n_bits <= 40, bits.n_bits
    return bits.value.to_bytes(-(-bits.n_bits // 8), "little")


def program(head: bytes, foot: bytes, again: bytes, end: bytes) -> bytes:
    """The program; `again` repeats the head and an opcode, `end` itself and the foot."""
    opcode, empty, more = literal(OPCODE), literal(0), literal(4 * OPCODE)
    again_4 = repeat(20, (10, 10))
    print_head, print_foot = literal(len(head) + OPCODE), literal(len(end) + len(foot))
    return b"".join((
        head, print_head, head, print_head, again, opcode, again, opcode, opcode, more, again, opcode, opcode, more,
        again_4, more, again_4, more, again_4, more, again_4, more, again_4, empty, empty, print_foot,
        again_4, empty, empty, print_foot, end, foot, end, foot,
    ))  # fmt: skip


def solved(make: Callable[[int], bytes]) -> bytes | None:
    """Return the file that holds its own check sum, if there is one: crc(make(x)) is affine in x over GF(2)."""
    base = zlib.crc32(make(0))
    columns = [zlib.crc32(make(1 << bit)) ^ base ^ (1 << bit) for bit in range(32)]
    # Rows of A x + x = base: (columns as a mask, right side).
    rows = [[sum((columns[bit] >> row & 1) << bit for bit in range(32)), base >> row & 1] for row in range(32)]
    found = 0
    pivots: list[tuple[int, int]] = []
    for bit in range(32):
        place = next((n for n in range(len(pivots), 32) if rows[n][0] >> bit & 1), None)
        if place is None:
            continue
        at = len(pivots)
        rows[at], rows[place] = rows[place], rows[at]
        for n in range(32):
            if n != at and rows[n][0] >> bit & 1:
                rows[n][0] ^= rows[at][0]
                rows[n][1] ^= rows[at][1]
        pivots.append((bit, at))
    if any(right and not mask for mask, right in rows):
        return None
    for bit, at in pivots:
        found |= rows[at][1] << bit
    made = make(found)
    return made if zlib.crc32(made) == found else None


def gzip_quine() -> bytes:
    """A gzip that unpacks to itself."""
    for stamp in range(200):

        def make(crc: int, stamp: int = stamp) -> bytes:
            head = b"\x1f\x8b\x08\x08" + struct.pack("<L", stamp) + b"\0\xffr.gz\0"
            end = repeat(13, (7, 6), last=True)
            size = 0
            for _ in range(2):
                foot = struct.pack("<LL", crc, size)
                made = program(head, foot, repeat(20, (10, 10)), end)
                size = len(made)
            return made

        if (made := solved(make)) is not None:
            return made
    raise AssertionError("no stamp has a solution")


def zip_quine() -> bytes:
    """A zip whose one member is the zip."""
    name = b"r/r.zip"
    for stamp in range(200):

        def make(crc: int, stamp: int = stamp) -> bytes:
            size = packed = 0
            for _ in range(2):
                about = struct.pack("<HHHHHLLLHH", 20, 0, 8, stamp, 33, crc, packed, size, len(name), 0)
                head = b"PK\3\4" + about + name
                directory = b"PK\1\2\x14\0" + about + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
                foot = directory + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), max(0, size - 75), 0)
                end = repeat(4 + len(foot), (4 + len(foot),), last=True)
                made = program(head, foot, repeat(len(head) + 5, (len(head) + 5,), n_empty=1), end)
                size, packed = len(made), len(made) - len(head) - len(foot)
            return made

        if (made := solved(make)) is not None:
            return made
    raise AssertionError("no stamp has a solution")
