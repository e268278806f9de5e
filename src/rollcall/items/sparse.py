"""How many cells a workbook would fill once laid out, measured without laying it out; and what stands beside sheets."""

import struct
from collections.abc import Iterator
from typing import IO, Any

from rollcall.items.ooxml import Package, RefusedError
from rollcall.items.parser import Text

_ROW, _LAST_CELL = 0, 62  # records of xlsb: 0 begins a row, 1 to 11 and 62 are cells


def measure_ods(package: Package) -> int:
    """Return the most cells any sheet of an OpenDocument workbook fills, repeated rows and cells counted."""
    most = rows = pending = widest = column = 0
    filled = 0  # the column after the last cell of the row that holds something
    tags = ("table", "table-row", "table-cell", "covered-table-cell")
    for event, element in package.elements("content.xml", tags, starts=True):
        local = element.tag.rpartition("}")[2]
        if event == "start":
            if local == "table":
                rows = pending = widest = 0
            elif local == "table-row":
                column = filled = 0
        elif local == "table-row":
            pending += _repeated(element, "number-rows-repeated")
            if filled:
                rows, pending, widest = rows + pending, 0, max(widest, filled)
        elif local != "table":
            column += _repeated(element, "number-columns-repeated")
            if len(element) or any(key.endswith(("}value", "}value-type")) for key in element.attrib):
                filled = column
        most = max(most, rows * widest)
    return most


def _repeated(element: Any, name: str) -> int:
    value = next((value for key, value in element.attrib.items() if key.endswith("}" + name)), "1")
    return min(int(value), 1 << 31) if value.isascii() and value.isdigit() else 1


def measure_xlsb(package: Package) -> int:
    """Return the most cells any sheet of a binary workbook fills: from its first to its last row and column."""
    most = 0
    for name in package.names():
        if name.startswith("xl/worksheets/") and name.endswith(".bin"):
            with package.open(name) as stream:
                most = max(most, _area(stream))
    return most


def _area(stream: IO[bytes]) -> int:
    first_row = first_column = 1 << 32
    last_row = last_column = -1
    row = 0
    for kind, data in _records(stream):
        if kind == _ROW and len(data) >= 4:
            (row,) = struct.unpack_from("<I", data)
        elif (1 <= kind <= 11 or kind == _LAST_CELL) and len(data) >= 4:
            (column,) = struct.unpack_from("<I", data)
            first_row, last_row = min(first_row, row), max(last_row, row)
            first_column, last_column = min(first_column, column), max(last_column, column)
    return (last_row - first_row + 1) * (last_column - first_column + 1) if last_row >= 0 else 0


def _records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (type, data) of the records of a binary part (MS-XLSB 2.1.4)."""
    while first := stream.read(1):
        kind = first[0]
        if kind & 0x80:
            second = stream.read(1)
            kind = (kind & 0x7F) | (second[0] & 0x7F) << 7 if second else kind
        size = shift = 0
        for _ in range(4):
            byte = stream.read(1)
            if not byte:
                return
            size |= (byte[0] & 0x7F) << shift
            shift += 7
            if not byte[0] & 0x80:
                break
        data = stream.read(size)
        if len(data) < size:
            raise RefusedError("truncated", "a sheet ends inside a record")
        yield kind, data


def notes(package: Package, name: str, kind: str, label: str) -> Iterator[Text]:
    """Yield the notes on cells ("C7: text"), or the text of shapes and charts, of one part."""
    lines: list[str] = []
    if kind in ("comments", "threadedcomment"):
        for _, element in package.elements(name, ("comment", "threadedComment")):
            text = "".join(part.text or "" for part in element.iter("{*}t", "{*}text"))
            lines += [f"{element.get('ref', '')}: {text}"] if text.strip() else []
    elif kind == "chart":
        lines += [element.text for _, element in package.elements(name, ("v", "t")) if element.text]
    else:
        for _, element in package.elements(name, ("p",)):
            text = "".join(part.text or "" for part in element.iter("{*}t"))
            lines += [text] if text.strip() else []
    if lines:
        yield Text(text="\n".join(lines), kind="note", label=label)


def pivot_values(package: Package, name: str) -> Iterator[Text]:
    """Yield the values a pivot table remembers of rows that need not stand in the workbook any more."""
    lines: list[str] = []
    for _, element in package.elements(name, ("cacheField",)):
        values = [item.get("v") for item in element.iter("{*}s", "{*}n", "{*}d") if item.get("v")]
        if values:
            lines.append(f"{element.get('name', '')}: " + "; ".join(values))
    if lines:
        yield Text(text="\n".join(lines), kind="note", label="pivot cache", hidden=True)
