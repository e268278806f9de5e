"""Write RAR archives whose members are stored as they are: versions 4 and 5."""

import struct
import zlib
from typing import NamedTuple


class Member(NamedTuple):
    """What a header tells of a member, and its bytes."""

    name: str
    data: bytes = b""
    folder: bool = False
    locked: bool = False
    split: bool = False
    crc: int | None = None  # None: the right one


def rar4(*members: Member, locked: bool = False, volume: bool = False) -> bytes:
    """Return an archive of version 4; names are kept plain and in UTF-16."""
    blocks = [_block4(0x73, (0x80 if locked else 0) | (1 if volume else 0), bytes(6))]
    for member in () if locked else members:
        flags = 0x8000 | (0xE0 if member.folder else 0) | (4 if member.locked else 0) | (2 if member.split else 0)
        name = member.name.replace("/", "\\").encode("ascii", "replace")
        if not member.name.isascii():
            flags |= 0x200
            name += b"\0" + _wide4(member.name.replace("/", "\\"))
        crc = zlib.crc32(member.data) if member.crc is None else member.crc
        size = len(member.data)
        body = struct.pack("<IIBIIBBHI", size, size, 2, crc, 0x58648000, 29, 0x30, len(name), 0x20) + name
        blocks += [_block4(0x74, flags, body), member.data]
    return b"Rar!\x1a\x07\0" + b"".join(blocks) + (bytes(40) if locked else _block4(0x7B, 0x4000, b""))


def _block4(kind: int, flags: int, body: bytes) -> bytes:
    block = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(block) & 0xFFFF) + block


def _wide4(name: str) -> bytes:
    units = name.encode("utf-16-le")
    out = bytearray(b"\0")
    for start in range(0, len(units), 8):
        piece = units[start : start + 8]
        out += b"\xaa" + piece  # four letters of two bytes each
    return bytes(out)


def rar5(*members: Member, locked: bool = False, volume: bool = False) -> bytes:
    """Return an archive of version 5."""
    blocks = [_block5(_vint(4) + _vint(0) + _vint(0) * 2 + bytes(17)) if locked else b""]
    blocks.append(_block5(_vint(1) + _vint(0) + _vint(1 if volume else 0)))
    for member in members:
        crc = zlib.crc32(member.data) if member.crc is None else member.crc
        extra = _record(1, _vint(0) * 2 + b"\x0f" + bytes(32)) if member.locked else b""
        flags = (1 if extra else 0) | 2 | (0x10 if member.split else 0)
        name = member.name.encode()
        told = _vint(1 if member.folder else 4) + _vint(len(member.data))
        told += _vint(0o40755 if member.folder else 0o100644)
        told += (b"" if member.folder else struct.pack("<I", crc)) + _vint(0) + _vint(1) + _vint(len(name)) + name
        sizes = (_vint(len(extra)) if extra else b"") + _vint(len(member.data))
        blocks += [_block5(_vint(2) + _vint(flags) + sizes + told + extra), member.data]
    return b"Rar!\x1a\x07\x01\0" + b"".join(blocks) + _block5(_vint(5) + _vint(0) + _vint(0))


def _record(kind: int, data: bytes) -> bytes:
    body = _vint(kind) + data
    return _vint(len(body)) + body


def _block5(body: bytes) -> bytes:
    sized = _vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _vint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])
