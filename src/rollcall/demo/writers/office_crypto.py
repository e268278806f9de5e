"""Workbooks behind a password: Standard Encryption (MS-OFFCRYPTO 2.3.4) in a compound file, as Excel wrote them."""

import hashlib
import struct
from random import Random

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SECTOR, MINI, CUTOFF = 512, 64, 4096
END, FREE, IS_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
PROVIDER = "Microsoft Enhanced RSA and AES Cryptographic Provider\0".encode("utf-16-le")


def _key(password: str, salt: bytes) -> bytes:
    """Return the AES key: fifty thousand rounds of SHA-1, as the format prescribes."""
    state = hashlib.sha1(salt + password.encode("utf-16-le"), usedforsecurity=False).digest()
    for number in range(50000):
        state = hashlib.sha1(struct.pack("<I", number) + state, usedforsecurity=False).digest()
    state = hashlib.sha1(state + bytes(4), usedforsecurity=False).digest()
    padded = state + bytes(44)
    return hashlib.sha1(bytes(one ^ 0x36 for one in padded), usedforsecurity=False).digest()[:16]


def lock_office(data: bytes, password: str, rng: Random) -> bytes:
    """Return an Office file behind a password."""
    salt, verifier = rng.randbytes(16), rng.randbytes(16)
    hide = Cipher(algorithms.AES(_key(password, salt)), modes.ECB()).encryptor()  # noqa: S305 - the format's own mode
    proof = hashlib.sha1(verifier, usedforsecurity=False).digest() + bytes(12)
    header = struct.pack("<IIIIIIII", 0x24, 0, 0x660E, 0x8004, 128, 0x18, 0, 0) + PROVIDER
    info = struct.pack("<HHII", 4, 2, 0x24, len(header)) + header
    info += struct.pack("<I", 16) + salt + hide.update(verifier) + struct.pack("<I", 20) + hide.update(proof)
    package = struct.pack("<Q", len(data)) + hide.update(data + bytes(-len(data) % 16))
    return compound([("EncryptionInfo", info), ("EncryptedPackage", package)])


def _chain(table: list[int], count: int) -> int:
    """Enter a chain of that many sectors and return its first."""
    first = len(table)
    table += [first + n + 1 for n in range(count - 1)] + [END] if count else []
    return first if count else END


def compound(streams: list[tuple[str, bytes]]) -> bytes:
    """Return a compound file of these streams (shorter names first), small ones in its mini stream."""
    table: list[int] = []
    minis: list[int] = []
    body, small = bytearray(), bytearray()
    entries: list[tuple[str, int, int, int]] = []  # name, kind, start, size

    def put(data: bytes) -> int:
        first = _chain(table, -(-len(data) // SECTOR))
        body.extend(data + bytes(-len(data) % SECTOR))
        return first

    for name, data in streams:
        if len(data) < CUTOFF:
            entries.append((name, 2, _chain(minis, -(-len(data) // MINI)), len(data)))
            small.extend(data + bytes(-len(data) % MINI))
        else:
            entries.append((name, 2, put(data), len(data)))
    root = put(bytes(small))
    mini_table = put(struct.pack(f"<{len(minis)}I", *minis) + b"\xff" * (-4 * len(minis) % SECTOR)) if minis else END
    n_mini = -(-4 * len(minis) // SECTOR)
    rows = [("Root Entry", 5, root, len(small)), *entries]
    folder = b"".join(_entry(number, one, len(rows)) for number, one in enumerate(rows))
    first_entry = put(folder + _entry(-1, ("", 0, 0, 0), 0) * (-len(rows) % 4))
    count = 1
    while count * 128 < len(table) + count:
        count += 1
    at = len(table)
    table += [IS_FAT] * count
    table += [FREE] * (count * 128 - len(table))
    spots = [at + n for n in range(count)] + [FREE] * (109 - count)
    head = struct.pack("<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6,
                       bytes(6), 0, count, first_entry, 0, CUTOFF, mini_table, n_mini, END, 0, spots[0])  # fmt: skip
    head += struct.pack("<108I", *spots[1:])
    return head + bytes(body) + struct.pack(f"<{len(table)}I", *table)


def _entry(number: int, entry: tuple[str, int, int, int], count: int) -> bytes:
    """Return one entry of the directory; each stream is the right neighbour of the one before."""
    name, kind, start, size = entry
    said = name.encode("utf-16-le") + (b"\0\0" if name else b"")
    right = number + 1 if kind == 2 and number + 1 < count else FREE
    child = 1 if kind == 5 else FREE
    colour = 1 if number != 2 else 0
    return struct.pack("<64sHBBIII16sIQQIQ", said, len(said), kind, colour, FREE, right, child, bytes(16), 0, 0, 0,
                       start, size)  # fmt: skip
