"""dBase, FoxPro and Clipper tables (dbf), as old practice systems keep and export them; deleted rows are read too.

A row is deleted by a mark and stays in the file until somebody packs it. Memos stand in a file of their own beside.
"""

import struct
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from rollcall.items import charsets
from rollcall.items.cells import plain_number
from rollcall.items.parser import Fault, Limits, Parser, Table, Yield
from rollcall.items.readable import Readable

_VERSIONS = frozenset((0x02, 0x03, 0x04, 0x05, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8E, 0xCB, 0xF5, 0xFB))
_TYPES = frozenset(b"CNFDLMIBTYGPQVW0@O+")
# The language driver's number -> codepage (the byte says nothing in most files: then Western).
_CODEPAGES = {
    0x01: 437, 0x02: 850, 0x03: 1252, 0x04: 10000, 0x08: 865, 0x09: 437, 0x0A: 850, 0x0D: 437, 0x0F: 437, 0x10: 850,
    0x11: 437, 0x12: 850, 0x13: 932, 0x14: 850, 0x1B: 437, 0x1C: 863, 0x1F: 852, 0x22: 852, 0x23: 852, 0x25: 850,
    0x26: 866, 0x37: 850, 0x40: 852, 0x4D: 936, 0x4E: 949, 0x4F: 950, 0x57: 1252, 0x58: 1252, 0x59: 1252, 0x64: 852,
    0x65: 866, 0x66: 865, 0x67: 861, 0x6A: 737, 0x6B: 857, 0x78: 950, 0x79: 949, 0x7A: 936, 0x7B: 932, 0x7C: 874,
    0x7D: 1255, 0x7E: 1256, 0xC8: 1250, 0xC9: 1251, 0xCA: 1254, 0xCB: 1253,
}  # fmt: skip
_JULIAN = 1721425  # the day number of 1 January of year 1
_BLOCK = 1 << 20


class _Field(msgspec.Struct, frozen=True):
    name: str
    kind: str
    start: int
    length: int


class _Layout(msgspec.Struct, frozen=True):
    fields: list[_Field]
    header: int
    size: int
    count: int
    encoding: str


def _layout(untrusted: Readable) -> _Layout | None:
    """Return how the rows lie, None where the header fits no such table."""
    head = untrusted.read_at(0, 32)
    if len(head) < 32 or head[0] not in _VERSIONS or not 1 <= head[2] <= 12 or not 1 <= head[3] <= 31:
        return None
    count, header, size = struct.unpack_from("<IHH", head, 4)
    described = untrusted.read_at(32, max(0, min(header, 1 << 16) - 32))
    encoding = charsets.of_codepage(_CODEPAGES.get(head[29], 1252)) or "cp1252"
    fields: list[_Field] = []
    at, start = 0, 1
    while at + 32 <= len(described) and described[at] not in (0x0D, 0):
        length = described[at + 16]
        if described[at + 11] not in _TYPES:
            return None
        if described[at + 11] in b"C":
            length += described[at + 17] << 8  # Clipper keeps long texts so
        name = described[at : at + 11].partition(b"\0")[0].decode(encoding, "replace")
        fields.append(_Field(name, chr(described[at + 11]), start, length))
        start += length
        at += 32
    fits = fields and start == size and described[at : at + 1] in (b"\r", b"\0")
    return _Layout(fields, header, size, count, encoding) if fits else None


def looks_like(untrusted: Readable) -> bool:
    """Decide by the header: its fields must fill a row."""
    return _layout(untrusted) is not None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the rows, then those that were deleted."""
    layout = _layout(untrusted)
    if layout is None:
        yield Fault(code="corrupt", detail="the fields do not fill a row")
        return
    held = max(0, untrusted.size - layout.header) // layout.size
    count = min(layout.count, held, limits.max_cells // len(layout.fields))
    names = [field.name for field in layout.fields]
    deleted: list[tuple[int, int, list[str]]] = []

    def rows() -> Iterator[tuple[int, int, list[str]]]:
        deleted.clear()
        yield 0, 0, names
        for number, (is_deleted, cells) in enumerate(_rows(untrusted, layout, count), 1):
            if is_deleted:
                deleted.append((number, 0, cells))
            else:
                yield number, 0, cells

    yield Table(rows=rows())
    if count < min(layout.count, held):
        yield Fault(code="too_large", detail="more cells than allowed", part=True)
    if held < layout.count:
        yield Fault(code="truncated", detail=f"{layout.count - held} of {layout.count} rows are missing", part=True)
    if deleted:
        yield Table(rows=[(0, 0, names), *deleted], label="deleted", hidden=True)
    if any(field.kind in "MGP" for field in layout.fields):
        yield Fault(code="partial", detail="memos stand in a file of their own, which this one only points to")


def _rows(untrusted: Readable, layout: _Layout, count: int) -> Iterator[tuple[bool, list[str]]]:
    step = max(1, _BLOCK // layout.size)
    for first in range(0, count, step):
        data = untrusted.read_at(layout.header + first * layout.size, min(step, count - first) * layout.size)
        for at in range(0, len(data) - layout.size + 1, layout.size):
            row = data[at : at + layout.size]
            cells = [
                _shown(row[one.start : one.start + one.length], one.kind, layout.encoding) for one in layout.fields
            ]
            yield row[0] == 0x2A, cells


def _shown(data: bytes, kind: str, encoding: str) -> str:
    if kind in "I+" and len(data) == 4:
        return str(struct.unpack("<i", data)[0])
    if kind in "BO" and len(data) == 8:
        number = float(struct.unpack("<d", data)[0])
        return plain_number(repr(number), number)
    if kind == "Y" and len(data) == 8:
        return f"{struct.unpack('<q', data)[0] / 10_000:.2f}"
    if kind in "T@" and len(data) == 8:
        return _moment(*struct.unpack("<II", data))
    if kind in "MGPQW":
        return ""
    text = data.decode(encoding, "replace").strip("\0 ")
    if kind == "D" and len(text) == 8 and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text


def _moment(day: int, milliseconds: int) -> str:
    if not _JULIAN < day < _JULIAN + 3_000_000 or milliseconds >= 86_400_000:
        return ""
    on = date(1, 1, 1) + timedelta(days=day - _JULIAN)
    seconds = milliseconds // 1000
    clock = f" {seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}" if milliseconds else ""
    return on.isoformat() + clock


PARSER = Parser(name="dbf", version=1, media_types=("application/x-dbf",), looks_like=looks_like, parse=parse)
