"""What an OLE compound file is, from its directory: the names that stand at its root (MS-CFB).

An embedded document is a storage further down, so names of the whole directory would tell a letter with a workbook in
it for a workbook. Only the directory is read: every reader of old formats asks this of every compound file.
"""

import struct

from rollcall.items.readable import Readable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST = 4096  # sectors of a directory: half a million entries
_ENDS = 0xFFFFFFF0  # numbers from here on are no sectors


def root_names(untrusted: Readable) -> frozenset[str]:
    """Return the names at the root, in lower case; none where the content is no compound file or has no directory."""
    entries = _entries(untrusted)
    if not entries:
        return frozenset()
    found: set[str] = set()
    waiting, seen = [entries[0][3]], {0}
    while waiting:
        place = waiting.pop()
        if place >= len(entries) or place in seen:
            continue
        seen.add(place)
        name, left, right, _ = entries[place]
        if name:
            found.add(name.lower())
        waiting += (left, right)
    return frozenset(found)


def has_directory(untrusted: Readable) -> bool:
    """Decide whether this is a compound file whose directory can be read, whatever is in it."""
    return bool(_entries(untrusted))


def _entries(untrusted: Readable) -> list[tuple[str, int, int, int]]:
    """Return (name, left, right, child) of each entry of the directory, the root first."""
    header = untrusted.read_at(0, 512)
    if len(header) < 512 or not header.startswith(MAGIC):
        return []
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in (9, 12):
        return []
    size = 1 << shift
    table = list(struct.unpack_from("<109I", header, 76))
    (more,) = struct.unpack_from("<I", header, 68)
    (sector,) = struct.unpack_from("<I", header, 48)
    found: list[tuple[str, int, int, int]] = []
    seen: set[int] = set()
    while sector < _ENDS and sector not in seen and len(seen) < _MOST:
        seen.add(sector)
        data = untrusted.read_at((sector + 1) << shift, size)
        for start in range(0, len(data) - 127, 128):
            length, kind, left, right, child = struct.unpack_from("<HBxIII", data, start + 64)
            stands = kind in (1, 2, 5) and 2 <= length <= 64
            name = data[start : start + length - 2].decode("utf-16-le", "replace") if stands else ""
            found.append((name, left, right, child))
        place, offset = divmod(sector * 4, size)
        while place >= len(table) and more < _ENDS and len(table) < 1 << 20:
            block = untrusted.read_at((more + 1) << shift, size)
            if len(block) < size:
                break
            *sectors, more = struct.unpack(f"<{size // 4}I", block)
            table += sectors
        if place >= len(table) or table[place] >= _ENDS:
            break
        entry = untrusted.read_at(((table[place] + 1) << shift) + offset, 4)
        if len(entry) < 4:
            break
        (sector,) = struct.unpack("<I", entry)
    return found
