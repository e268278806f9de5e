"""Read the text parts of one content: tables by layout first, as tables; then everything else, line by line.

A list printed over several pages has its header on the first; the pages are parts of one content and are read in
order, so the header of the page before is offered to a page whose columns stand in the same places.
"""

import bisect
from collections.abc import Callable, Iterator

import msgspec

from rollcall.elements import BY_ID
from rollcall.findings.candidate import Candidate
from rollcall.findings.grids import Grid, GridRow, Line, find_grids, numbered, reads_as_form
from rollcall.findings.headings import cells_of, find_heading
from rollcall.findings.normalise import Normal, normalise
from rollcall.findings.scan import findings_of, free_text, scan_lines
from rollcall.findings.tables import TableReader
from rollcall.model import Column, Finding, Part, Place, Trouble

Fact = Column | Finding | Trouble
_PLAIN = frozenset(("header", "names", "subject"))  # parts that hold no table
_SHIFT = 2  # characters by which the same column may stand elsewhere on the next page


class _Head(msgspec.Struct, frozen=True):
    """The header of a grid, to be offered to the next one."""

    columns: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]


class TextReader:
    """Reads the text parts of one content, in order."""

    def __init__(self, blob_id: str, seal: Callable[[str], str]) -> None:
        self._blob_id = blob_id
        self._seal = seal
        self._head: _Head | None = None

    def read(self, part: Part) -> Iterator[Fact]:
        """Yield the columns of the part's tables and all findings of its text."""
        text = part.text or ""
        if not text:
            return
        normal = normalise(free_text(text) if part.kind == "header" else text)
        kept: list[Grid] = []
        n_tables = 0
        if part.kind not in _PLAIN:
            for grid in find_grids(numbered(normal.text), self._head.columns if self._head else ()):
                facts = self._grid(part, grid, normal, n_tables)
                if facts:
                    yield from facts
                    kept.append(grid)
                    n_tables += 1 + max((one.table for one in facts if isinstance(one, Column)), default=0)
        rest, details = _without(normal.text, kept)
        found = scan_lines(rest)
        inside = [(one, row) for one in found if (row := _detail_of(details, one)) is not None]
        if inside:
            held = {id(one) for one, _ in inside}
            found = [one for one in found if id(one) not in held]
            yield from self._details(part, inside, normal, kept)
        yield from findings_of(part, self._blob_id, self._seal, normal, found)

    def _grid(self, part: Part, grid: Grid, normal: Normal, n_tables: int) -> list[Fact]:
        """Return what a grid holds when read as a table; nothing where it says nothing of people."""
        if reads_as_form(grid):
            return []
        rows = [(row.line.number, 0, row.cells) for row in grid.rows]
        heading = find_heading([(number, cells_of(0, cells)) for number, _, cells in rows])
        above = self._above(grid) if heading is None else None
        if above is not None:
            rows = [(-1, 0, list(above)), *rows]
        reader = TableReader(self._blob_id, part.part_no, self._seal, ruled=False)
        facts = [*reader.feed(rows), *reader.finish()]
        columns = [one for one in facts if isinstance(one, Column)]
        if not _tells(columns, headed=heading is not None or above is not None, n_rows=len(rows)):
            return []
        if heading is not None:
            texts = heading.texts
            self._head = _Head(grid.columns, tuple(texts.get(col, "") for col in range(len(grid.columns))))
        by_number = {row.line.number: row for row in grid.rows}
        return [_placed(one, by_number, normal, part.text or "", n_tables) for one in facts]

    def _above(self, grid: Grid) -> tuple[str, ...] | None:
        """Return the header of the grid before where each column stands under one of its columns."""
        head = self._head
        if head is None:
            return None
        texts, seen = [], set()
        for start, end in grid.columns:
            over = [
                index
                for index, (first, last) in enumerate(head.columns)
                if start < last + _SHIFT and first - _SHIFT < end and (start != end or first == start)
            ]
            near = min(over, key=lambda index: abs(head.columns[index][0] - start), default=None)
            if near is None or near in seen:
                return None
            seen.add(near)
            texts.append(head.texts[near])
        return tuple(texts)

    def _details(
        self, part: Part, inside: list[tuple[Candidate, GridRow]], normal: Normal, grids: list[Grid]
    ) -> Iterator[Finding]:
        """Yield what stands in the second lines of records, as findings of their rows."""
        table_of = {row.line.number: index for index, grid in enumerate(grids) for row in grid.rows}
        seen: dict[tuple[int, str, str, str], int] = {}
        for one, row in inside:
            number = row.line.number
            key = (number, one.element, one.subtype, one.value)
            ordinal = seen[key] = seen.get(key, -1) + 1
            start, end = normal.span(one.start, one.end)
            yield Finding(
                finding_id=self._seal(
                    f"{self._blob_id}|{part.part_no}|{number}+|{one.element}|{one.subtype}|{one.value}|{ordinal}"
                ),
                blob_id=self._blob_id,
                place=Place(part_no=part.part_no, table=table_of[number], row=number, start=start, end=end),
                block=None,
                group=one.group,
                element=one.element,
                subtype=one.subtype,
                text=(part.text or "")[start:end],
                value=one.value,
                check=one.check,
                confidence=round(one.confidence, 4),
                why=one.why,
                made_by=f"{one.element}@{BY_ID[one.element].version}",
            )


def _tells(columns: list[Column], *, headed: bool, n_rows: int) -> bool:
    """Say whether a grid is a table of people: two columns known by a header, or three, or a name, by content."""
    if any(column.why == "form" for column in columns):
        return False
    mapped = {column.element for column in columns if column.element and column.confidence >= 0.3}
    known = sum(bool(column.element) and column.confidence >= 0.3 for column in columns)
    if headed:
        return known >= 2
    return known >= 2 and n_rows >= 3 and ("name" in mapped or known >= 3)


def _placed(fact: Fact, rows: dict[int, GridRow], normal: Normal, text: str, n_tables: int) -> Fact:
    """Return a fact of a table with its place in the text."""
    if isinstance(fact, Trouble):
        return fact
    if isinstance(fact, Column):
        header_row = fact.header_row if fact.header_row is None or fact.header_row >= 0 else None
        return msgspec.structs.replace(fact, table=fact.table + n_tables, header_row=header_row)
    place = fact.place
    row = rows[place.row or 0]
    span = row.spans[place.col or 0] or (0, 0)
    base = row.line.offset + span[0]
    start, end = normal.span(base + (place.start or 0), base + (place.end or 0))
    moved = msgspec.structs.replace(place, table=(place.table or 0) + n_tables, start=start, end=end)
    return msgspec.structs.replace(fact, place=moved, text=text[start:end])


def _without(text: str, grids: list[Grid]) -> tuple[str, list[tuple[Line, GridRow]]]:
    """Return the text with the rows of grids blanked, lengths kept, and the second lines of records."""
    if not grids:
        return text, []
    pieces, position = [], 0
    details = []
    for row in sorted((row for grid in grids for row in grid.rows), key=lambda one: one.line.offset):
        line = row.line
        pieces.append(text[position : line.offset])
        pieces.append(" " * len(line.text))
        position = line.offset + len(line.text)
        details += [(one, row) for one in row.details]
    pieces.append(text[position:])
    return "".join(pieces), sorted(details, key=lambda one: one[0].offset)


def _detail_of(details: list[tuple[Line, GridRow]], one: Candidate) -> GridRow | None:
    index = bisect.bisect_right(details, one.start, key=lambda pair: pair[0].offset) - 1
    if index < 0:
        return None
    line, row = details[index]
    return row if one.start < line.offset + len(line.text) else None
