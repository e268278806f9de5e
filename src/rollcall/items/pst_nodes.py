"""The nodes of an Outlook store (MS-PST 2.2): two trees lead from a number to its bytes, and to nodes below it.

libpff reads what stands in folders. It does not reach what is inside a message that is attached to a message, nor what
no folder lists any more; this does. Stores of Outlook 2003 and later and of Outlook 97 to 2002, plain or with the
usual substitution of bytes; others raise ValueError.
"""

import functools
import struct
from array import array
from collections.abc import Iterator

import msgspec

from rollcall.items.readable import Readable

BROKEN = (ValueError, LookupError, struct.error, OverflowError, EOFError)
MESSAGE, ATTACHMENT, ASSOCIATED = 0x04, 0x05, 0x08  # the low five bits of a number say what the node is
_PAGE, _MOST_LEVELS = 512, 12
_MOST_BLOCKS = 1 << 20
# MS-PST 5.1, the third part: what each stored byte stands for.
_SUBSTITUTED = bytes.fromhex(
    "47f1b4e60b6a7248854e9eebe2f89453e0bba002e85a09abdbe3bac67cc310dd39059630f53760828cc9134a6b1df3fb8f2697ca911701c4"
    "322d6e3195ffd923d1005e79dc443b1a28c5615720903d83b943be67d2464276c06d5b7eb20f16293ca903540dda5ddff6b7c762cd8d06d3"
    "695c86d614f7a56675acb1e94521700c879f74a4224c6fbf1f56aa2eb3783350b0a392bccf191ca763cb1e4d3e4b1b9b4fe7f0eead3ab559"
    "04ea40552551e57a893868527bfc27aed7bdfa07f4cc8e5fef359c842b15d5773449b6120a7f7188fd9d18417d93d8582ccefe24afdeb836"
    "c8a180a69998a82f0e816573e4c2a28ad4e111d0088b2af2ed9a643fc16cf9ec"
)


class Node(msgspec.Struct, frozen=True):
    """Where the bytes of a node are, and the tree of the nodes below it; 0 where there is none."""

    data: int
    below: int


class _Form(msgspec.Struct, frozen=True):
    """Where things stand in one of the two forms."""

    trees: int  # in the header: places of the tree of nodes, then that of blocks
    cipher: int
    about: int  # in a page: number of entries, their size, level
    root: struct.Struct  # bid, ib
    inner: struct.Struct  # key, bid, ib
    node: struct.Struct  # nid, data, below, parent
    block: struct.Struct  # bid, ib, size
    below: struct.Struct  # nid, data, below
    deeper: struct.Struct  # nid, bid
    head: int  # of a block of entries
    width: int  # of a block's number


_WIDE = _Form(
    216, 513, 488, struct.Struct("<QQ"), struct.Struct("<QQQ"), struct.Struct("<QQQI4x"), struct.Struct("<QQH6x"),
    struct.Struct("<QQQ"), struct.Struct("<QQ"), 8, 8,
)  # fmt: skip
_NARROW = _Form(
    184, 461, 496, struct.Struct("<II"), struct.Struct("<III"), struct.Struct("<IIII"), struct.Struct("<IIH2x"),
    struct.Struct("<III"), struct.Struct("<II"), 4, 4,
)  # fmt: skip


class Nodes:
    """The nodes of a store."""

    def __init__(self, untrusted: Readable) -> None:
        self._readable = untrusted
        head = untrusted.read_at(0, 600)
        version = int.from_bytes(head[10:12], "little")
        if len(head) < 600 or head[:4] != b"!BDN" or version not in (14, 15, 21, 23):
            raise ValueError("a form of store that is not known")
        self._form = form = _WIDE if version >= 21 else _NARROW
        if head[form.cipher] not in (0, 1):
            raise ValueError("a cipher that is not known")
        self._is_substituted = head[form.cipher] == 1
        self._nodes = form.root.unpack_from(head, form.trees)[1]
        self._blocks = form.root.unpack_from(head, form.trees + form.root.size)[1]
        self._page = functools.lru_cache(maxsize=512)(self._read_page)

    def node(self, number: int) -> Node:
        """Return the node of a number; LookupError where there is none."""
        _, data, below, _ = self._find(self._nodes, number, self._form.node, 0xFFFFFFFF)
        return Node(data, below)

    @functools.cached_property
    def messages(self) -> "dict[int, array[int]]":
        """The numbers of all messages by that of their folder, ascending; what cannot be read of the tree is left."""
        found: dict[int, array[int]] = {}
        pending, seen = [self._nodes], set[int]()
        while pending:
            place = pending.pop()
            if place in seen:
                continue
            seen.add(place)
            try:
                entries, size, level = self._page(place)
            except BROKEN:
                continue
            if level:
                inner = self._form.inner
                pending += [inner.unpack_from(entries, at)[2] for at in range(0, len(entries), size)][::-1]
                continue
            for at in range(0, len(entries), size):
                number, _, _, parent = self._form.node.unpack_from(entries, at)
                if number & 0x1F in (MESSAGE, ASSOCIATED):
                    found.setdefault(parent, array("I")).append(number & 0xFFFFFFFF)
        return {parent: array("I", sorted(numbers)) for parent, numbers in found.items()}

    def blocks(self, number: int) -> Iterator[bytes]:
        """Yield the bytes at a block number, block by block as they are kept."""
        pending, seen = [number], 0
        while pending:
            number = pending.pop()
            seen += 1
            if seen > _MOST_BLOCKS:
                raise ValueError("blocks without end")
            data = self._block(number)
            if not number & 2:
                yield data.translate(_SUBSTITUTED) if self._is_substituted else data
                continue
            kind, _, count = struct.unpack_from("<BBH", data)
            if kind != 1:
                raise ValueError("no list of blocks")
            form = "Q" if self._form.width == 8 else "I"
            pending += struct.unpack_from(f"<{count}{form}", data, 8)[::-1]

    def data(self, node: Node) -> list[bytes]:
        """Return the blocks of a node."""
        return list(self.blocks(node.data)) if node.data else []

    def below(self, node: Node) -> dict[int, Node]:
        """Return the nodes below a node by number."""
        found: dict[int, Node] = {}
        pending, seen = [node.below] if node.below else [], set[int]()
        while pending:
            number = pending.pop()
            if number in seen:
                continue
            seen.add(number)
            data = self._block(number)
            kind, level, count = struct.unpack_from("<BBH", data)
            if kind != 2:
                raise ValueError("no list of nodes")
            form = self._form.deeper if level else self._form.below
            for place in range(count):
                entry = form.unpack_from(data, self._form.head + place * form.size)
                if level:
                    pending.append(entry[1])
                else:
                    found[entry[0] & 0xFFFFFFFF] = Node(entry[1], entry[2])
        return found

    def _block(self, number: int) -> bytes:
        # The lowest bit is the writer's own and no part of the number.
        _, place, size = self._find(self._blocks, number & ~1, self._form.block, ~1)
        data = self._readable.read_at(place, size)
        if len(data) < size:
            raise EOFError("a block lies beyond the end")
        return data

    def _find(self, place: int, key: int, form: struct.Struct, mask: int) -> tuple[int, ...]:
        """Return the entry of a key in a tree."""
        for _ in range(_MOST_LEVELS):
            entries, size, level = self._page(place)
            low, high = 0, len(entries) // size
            while low < high:
                middle = (low + high) // 2
                found = int.from_bytes(entries[middle * size : middle * size + self._form.width], "little") & mask
                if found <= key:
                    low = middle + 1
                else:
                    high = middle
            if not low:
                break
            if not level:
                entry: tuple[int, ...] = form.unpack_from(entries, (low - 1) * size)
                if entry[0] & mask == key:
                    return entry
                break
            place = self._form.inner.unpack_from(entries, (low - 1) * size)[2]
        raise LookupError("no such node")

    def _read_page(self, place: int) -> tuple[bytes, int, int]:
        """Return the entries of a page of a tree, the size of each, and the level."""
        page = self._readable.read_at(place, _PAGE)
        if len(page) < _PAGE:
            raise EOFError("a page lies beyond the end")
        count, _, size, level = page[self._form.about : self._form.about + 4]
        least = (self._form.inner if level else self._form.block).size
        if size < least or count * size > self._form.about:
            raise ValueError("a page that cannot be")
        return page[: count * size], size, level
