"""OLE compound files (MS-CFB): streams by name, and a storage inside made into a file of its own.

Old Office keeps an embedded document as a storage of its parent. Written out as a compound file again it is what it was
before it was embedded, and its own reader takes it.
"""

import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from rollcall.items import charsets
from rollcall.items.readable import Readable

# What olefile raises for damage, beyond its own OSError.
BROKEN = (OSError, ValueError, LookupError, ArithmeticError, struct.error, RecursionError, TypeError, AttributeError)
_FREE, _END, _FAT, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
_MINI, _CUTOFF = 64, 4096
_LAST_TICK = 2_650_467_744_000_000_000  # of FILETIME: the end of the year 9999

Path = tuple[str, ...]


class Compound:
    """An open compound file."""

    def __init__(self, untrusted: Readable) -> None:
        import olefile

        self._ole = olefile.OleFileIO(untrusted.stream())
        # Found by key: a mail to thousands is a file of thousands of storages, each asked for by name.
        self._entries: dict[Path, tuple[Path, Any]] = {}
        self._inside: dict[Path, list[Path]] = {}
        waiting: list[tuple[Path, Any]] = [((), self._ole.root)]
        seen = {self._ole.root.sid}
        while waiting:
            path, entry = waiting.pop()
            self._entries.setdefault(_key(path), (path, entry))
            below = [((*path, kid.name), kid) for kid in entry.kids if kid.sid not in seen]
            seen.update(kid.sid for _, kid in below)  # in a damaged directory a storage may hold itself
            self._inside.setdefault(_key(path), [found for found, _ in below])
            waiting += reversed(below)

    def __contains__(self, path: str | Path) -> bool:
        return _key(path) in self._entries

    def read(self, *path: str) -> bytes:
        """Return a stream, as much of it as the file holds; b"" where there is none."""
        _, entry = self._entries.get(_key(path), (path, None))
        if entry is None or entry.entry_type != 2:
            return b""
        return bytes(self._ole._open(entry.isectStart, entry.size).read())

    def size(self, *path: str) -> int:
        """Return the length of a stream, 0 where there is none."""
        _, entry = self._entries.get(_key(path), (path, None))
        return entry.size if entry is not None and entry.entry_type == 2 else 0

    def under(self, *path: str) -> list[Path]:
        """Return the streams and storages directly in a storage, in the order of the directory."""
        return self._inside.get(_key(path), [])

    def is_storage(self, path: Path) -> bool:
        """Decide whether this is a storage, which holds others."""
        _, entry = self._entries.get(_key(path), (path, None))
        return entry is not None and entry.entry_type == 1

    def rebuilt(self, path: Path) -> bytes:
        """Return a storage as a compound file of its own."""
        streams: dict[Path, bytes] = {}
        waiting = [*self.under(*path)]
        while waiting:
            found = waiting.pop()
            if self.is_storage(found):
                waiting += self.under(*found)
            else:
                streams[found[len(path) :]] = self.read(*found)
        return written(dict(sorted(streams.items())))


def written(streams: Mapping[Path, bytes]) -> bytes:
    """Return a compound file of these streams; the storages on their paths are made."""
    nodes = [_Node("Root Entry", 5, b"")]
    places: dict[Path, int] = {(): 0}
    for path, data in streams.items():
        for depth in range(1, len(path) + 1):
            if path[:depth] not in places:
                is_stream = depth == len(path)
                places[path[:depth]] = len(nodes)
                nodes[places[path[: depth - 1]]].inside.append(len(nodes))
                nodes.append(_Node(path[depth - 1], 2 if is_stream else 1, data if is_stream else b""))
    return _laid_out(nodes)


def _key(path: str | Path) -> Path:
    return tuple(name.lower() for name in ((path,) if isinstance(path, str) else path))


class _Node(msgspec.Struct):
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    data: bytes
    inside: list[int] = []
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = _END


def _laid_out(nodes: list[_Node]) -> bytes:
    total = sum(len(node.data) + 512 for node in nodes)
    shift = 9 if total < 6 << 20 else 12  # the header has room for 109 sectors of the table
    size = 1 << shift
    for node in nodes:
        order = sorted(node.inside, key=lambda place: (len(nodes[place].name), nodes[place].name.upper()))
        node.child = _tree(nodes, order)
    mini, table = bytearray(), list[int]()
    for node in nodes[1:]:
        if node.kind == 2 and 0 < len(node.data) < _CUTOFF:
            count = -(-len(node.data) // _MINI)
            node.start = len(table)
            table += [*range(len(table) + 1, len(table) + count), _END]
            mini += node.data.ljust(count * _MINI, b"\0")
    nodes[0].data = bytes(mini)
    body, fat = bytearray(), list[int]()

    def place(data: bytes) -> int:
        if not data:
            return _END
        count = -(-len(data) // size)
        start = len(fat)
        fat.extend((*range(start + 1, start + count), _END))
        body.extend(data.ljust(count * size, b"\0"))
        return start

    for node in nodes:
        if node.kind != 1 and (node.kind == 5 or len(node.data) >= _CUTOFF):
            node.start = place(node.data)
    mini_table = place(b"".join(struct.pack("<I", entry) for entry in table))
    n_mini = -(-len(table) * 4 // size)
    directory = place(b"".join(map(_entry, nodes)))
    per = size // 4
    n_fat = -(-len(fat) // (per - 1)) or 1
    first = len(fat)
    fat += [_FAT] * n_fat
    fat += [_FREE] * (n_fat * per - len(fat))
    body += struct.pack(f"<{len(fat)}I", *fat)
    sectors = [*range(first, first + n_fat), *[_FREE] * (109 - n_fat)]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII109I", 0x3E, 3 if shift == 9 else 4, 0xFFFE, shift, 6,
        0 if shift == 9 else -(-len(nodes) * 128 // size), n_fat, directory, 0, _CUTOFF,
        mini_table, n_mini, _END, 0, *sectors,
    )  # fmt: skip
    return header.ljust(size, b"\0") + bytes(body)


def _tree(nodes: list[_Node], order: list[int]) -> int:
    """Return the root of a balanced tree of siblings; what hangs below is set in the nodes."""
    if not order:
        return _NONE
    root = order[len(order) // 2]
    stack = [(0, len(order))]
    while stack:
        low, high = stack.pop()
        middle = (low + high) // 2
        for side, first, last in (("left", low, middle), ("right", middle + 1, high)):
            if first < last:
                setattr(nodes[order[middle]], side, order[(first + last) // 2])
                stack.append((first, last))
    return root


def _entry(node: _Node) -> bytes:
    name = node.name[:31].encode("utf-16-le", "surrogatepass") + b"\0\0"
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(name), node.kind, 1, node.left, node.right, node.child)
        + bytes(36)
        + struct.pack("<IQ", node.start if node.kind != 1 else 0, len(node.data))
    )


def about(compound: Compound) -> list[str]:
    """Return what the document says of itself, "name: value", its own properties included (MS-OLEPS)."""
    lines: list[str] = []
    for stream, names in (("\x05SummaryInformation", _SUMMARY), ("\x05DocumentSummaryInformation", _MORE)):
        data = compound.read(stream)
        try:
            lines += _property_sets(data, names)
        except (struct.error, ValueError, LookupError):
            continue  # what stands behind the damage repeats nothing of the text
    return lines


_SUMMARY = {2: "title", 3: "subject", 4: "creator", 5: "keywords", 6: "description", 8: "lastModifiedBy"}
_MORE = {2: "category", 14: "manager", 15: "company"}


def _property_sets(data: bytes, names: dict[int, str]) -> Iterator[str]:
    (count,) = struct.unpack_from("<I", data, 24)
    for number in range(min(count, 2)):
        (start,) = struct.unpack_from("<I", data, 28 + 20 * number + 16)
        (n_properties,) = struct.unpack_from("<I", data, start + 4)
        offsets = dict(
            struct.unpack_from("<II", data, start + 8 + 8 * place) for place in range(min(n_properties, 4096))
        )
        codepage = struct.unpack_from("<H", data, start + offsets[1] + 4)[0] if 1 in offsets else 1252
        wanted = names if number == 0 else _dictionary(data, start + offsets[0], codepage) if 0 in offsets else {}
        for identifier, offset in offsets.items():
            if identifier in wanted and (value := _property(data, start + offset, codepage)):
                yield f"{wanted[identifier]}: {value}"


def _dictionary(data: bytes, at: int, codepage: int) -> dict[int, str]:
    (count,) = struct.unpack_from("<I", data, at)
    found: dict[int, str] = {}
    at += 4
    for _ in range(min(count, 4096)):
        identifier, length = struct.unpack_from("<II", data, at)
        size = length * 2 if codepage == 1200 else length
        found[identifier] = _string(data[at + 8 : at + 8 + size], codepage)
        at += 8 + size + (-size % 4 if codepage == 1200 else 0)
    return found


def _property(data: bytes, at: int, codepage: int) -> str:
    kind, length = struct.unpack_from("<II", data, at)
    if kind == 30:
        return _string(data[at + 8 : at + 8 + length], codepage)
    if kind == 31:
        return _string(data[at + 8 : at + 8 + 2 * length], 1200)
    if kind == 3:
        return str(length)
    if kind == 64 and 0 < (ticks := struct.unpack_from("<Q", data, at + 4)[0]) < _LAST_TICK:
        return f"{datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10):%Y-%m-%d %H:%M}"
    if kind == 5:
        return f"{struct.unpack_from('<d', data, at + 4)[0]:g}"
    return ""


def _string(data: bytes, codepage: int) -> str:
    text = data.decode(charsets.of_codepage(codepage) or "cp1252", "replace").partition("\0")[0]
    return " ".join(text.split())
