"""Sheets of an OpenDocument workbook, row by row: cells as they are shown, dates ISO, repeats up to a bound."""

from collections.abc import Iterable, Iterator
from typing import Any

from rollcall.items.cells import Row, pieces, reference
from rollcall.items.checked_rows import CheckedRows
from rollcall.items.parser import Limits, Table, Text, Yield
from rollcall.items.xml_stream import attribute, local

TAGS = ("table", "table-row", "style")
_MOST_AGAIN = 200_000  # cells that repeats of rows and cells may make in one workbook
_MOST_ROWS, _MOST_CELLS = 1000, 1024  # times a row or cell that says something is said again


class Sheets:
    """Turns the elements of a workbook, as they start and end, into its sheets."""

    def __init__(self, elements: Iterable[tuple[str, Any]], limits: Limits) -> None:
        self._elements = iter(elements)
        self._limits = limits
        self._hiding: set[str] = set()
        self._notes: list[str] = []
        self._again = _MOST_AGAIN

    def parts(self) -> Iterator[Yield]:
        """Yield each sheet as a Table, with the notes on its cells."""
        for event, element in self._elements:
            name = local(element.tag)
            if name == "style" and event == "end":
                if any(attribute(one.attrib, "display") == "false" for one in element):
                    self._hiding.add(attribute(element.attrib, "name"))
            elif name == "table" and event == "start":
                label = attribute(element.attrib, "name")
                hidden = attribute(element.attrib, "style-name") in self._hiding
                rows = CheckedRows(self._rows(), self._limits.max_cells)
                yield Table(rows=rows, kind="sheet", label=label, hidden=hidden)
                yield from rows.faults
                if self._notes:
                    yield Text(text="\n".join(self._notes), kind="note", label=label)
                    self._notes = []

    def _rows(self) -> Iterator[Row]:
        number, depth = 0, 0
        for event, element in self._elements:
            name = local(element.tag)
            if name == "table":
                depth += 1 if event == "start" else -1
                if depth < 0:
                    return
            elif name == "table-row" and event == "end":
                cells = list(self._cells(element, number))
                again = _times(element, "number-rows-repeated")
                for offset in range(self._times(min(again, _MOST_ROWS), len(cells))):
                    yield from pieces(number + offset, iter(cells))
                number += again

    def _times(self, again: int, n_cells: int) -> int:
        """Return how often something of so many cells is said: once at least, more as far as the bound allows."""
        if not n_cells:
            return 0
        again = max(1, min(again, 1 + self._again // n_cells))
        self._again -= (again - 1) * n_cells
        return again

    def _cells(self, row: Any, number: int) -> Iterator[tuple[int, str]]:
        column = 0
        for cell in row:
            if local(cell.tag) not in ("table-cell", "covered-table-cell"):
                continue
            again = _times(cell, "number-columns-repeated")
            text = _shown(cell)
            self._notes += (f"{reference(number, column)}: {note}" for note in _noted(cell))
            for offset in range(self._times(min(again, _MOST_CELLS), len(text) and 1)):
                yield column + offset, text
            column += again


def _shown(cell: Any) -> str:
    """Return what a cell shows; of a date its ISO form, whatever order its parts are shown in."""
    if day := attribute(cell.attrib, "date-value"):
        return day.replace("T", " ").removesuffix(" 00:00:00")[:32]
    lines = [_line(child) for child in cell if local(child.tag) in ("p", "h")]
    if lines:
        return "\n".join(lines)
    return attribute(cell.attrib, "string-value") or attribute(cell.attrib, "value")


def _line(paragraph: Any) -> str:
    """Return the text of a paragraph, without notes that stand in it."""
    found: list[str] = [paragraph.text or ""]
    for child in paragraph.iterdescendants():
        name = local(child.tag)
        if name == "s":
            found.append(" " * min(_times(child, "c"), 1000))
        elif name in ("tab", "line-break"):
            found.append("\t" if name == "tab" else "\n")
        found += (child.text or "", child.tail or "")
    return "".join(found)


def _noted(cell: Any) -> Iterator[str]:
    """Yield the notes on a cell, and the words of shapes anchored to it."""
    for child in cell:
        if local(child.tag) not in ("p", "h"):
            lines = [_line(one) for one in child.iter("{*}p", "{*}h")]
            if text := " ".join(line for line in lines if line.strip()):
                yield text


def _times(element: Any, name: str) -> int:
    value = attribute(element.attrib, name, "1")
    return min(int(value), 1 << 24) if value.isascii() and value.isdigit() and len(value) < 10 else 1
