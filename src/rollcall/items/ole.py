"""The directory of an OLE compound file: the names of what is inside (MS-CFB)."""

import struct

from rollcall.items.readable import Readable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST = 4096  # sectors of a directory: half a million entries


def names(untrusted: Readable) -> frozenset[str]:
    """Return the names in the directory, none where the content is no compound file or has a broken directory."""
    return frozenset(name for name, _, _ in _entries(untrusted))


def stream_start(untrusted: Readable, wanted: tuple[str, ...], length: int) -> bytes:
    """Return the first bytes, at most one sector, of the first of these streams that is there."""
    header = untrusted.read_at(0, 512)
    for name, sector, size in _entries(untrusted):
        if name in wanted and size >= 4096 and sector < 0xFFFFFFF0:  # smaller ones are kept elsewhere
            shift = header[30]
            return untrusted.read_at((sector + 1) << shift, min(length, 1 << shift))
    return b""


def _entries(untrusted: Readable) -> list[tuple[str, int, int]]:
    """Return (name, first sector, size) of each entry of the directory."""
    header = untrusted.read_at(0, 512)
    if len(header) < 512 or not header.startswith(MAGIC):
        return []
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in (9, 12):
        return []
    size = 1 << shift
    sectors_of_table = [sector for sector in struct.unpack_from("<109I", header, 76) if sector < 0xFFFFFFF0]
    (sector,) = struct.unpack_from("<I", header, 48)
    found: list[tuple[str, int, int]] = []
    seen: set[int] = set()
    while sector < 0xFFFFFFF0 and sector not in seen and len(seen) < _MOST:
        seen.add(sector)
        data = untrusted.read_at((sector + 1) << shift, size)
        for start in range(0, len(data) - 127, 128):
            (length,) = struct.unpack_from("<H", data, start + 64)
            if data[start + 66] in (1, 2, 5) and 2 <= length <= 64:
                first, stored = struct.unpack_from("<II", data, start + 116)
                found.append((data[start : start + length - 2].decode("utf-16-le", "replace"), first, stored))
        place, offset = divmod(sector * 4, size)
        if place >= len(sectors_of_table):
            break
        entry = untrusted.read_at(((sectors_of_table[place] + 1) << shift) + offset, 4)
        if len(entry) < 4:
            break
        (sector,) = struct.unpack("<I", entry)
    return found
