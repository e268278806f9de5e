"""Read tables: find the header, map the columns, then stream the rows through.

A sheet is read in two phases. The first `SAMPLE` rows of a table fix what its columns mean; the rest is only looked up.
A new header row, or a title or foreign row after a gap, begins the next table of the sheet.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec

from rollcall.findings.cells import Cell, Cells, Emitter, form_cell
from rollcall.findings.doubts import detail_of
from rollcall.findings.forms import NAME_LABEL
from rollcall.findings.headings import (
    Heading,
    cells_of,
    find_heading,
    is_rule,
    reads_as_header,
    unlabelled_name,
)
from rollcall.findings.layouts import SAMPLE, Layout, lay_out
from rollcall.findings.meaning import Meaning
from rollcall.findings.profile import shapes_of
from rollcall.findings.sheet_forms import Box, form_boxes
from rollcall.model import Column, Finding, Trouble
from rollcall.problems import UNMAPPED

_FORM_ROWS = 400
_NUMBER = re.compile(r"\d{3}")
Fact = Column | Finding | Trouble


class TableReader:
    """Reads the rows of one part, in any number of slices, in order."""

    def __init__(
        self,
        blob_id: str,
        part_no: int,
        seal: Callable[[str], str],
        *,
        ruled: bool = True,
        before: "TableReader | None" = None,
    ) -> None:
        """Read the part's rows; in a table that is not `ruled` missing row numbers (blank lines) say nothing.

        `before` is the reader of the part before: a table without a header may go on with that one's columns.
        """
        self._before: Layout | None = before._headed if before is not None else None
        self._headed: Layout | None = self._before  # the last table with a header of its own
        self.blob_id = blob_id
        self.part_no = part_no
        self._ruled = ruled
        self._emit = Emitter(blob_id, part_no, seal)
        self._buffer: list[tuple[int, Cells]] = []
        self._layout: Layout | None = None
        self._streaming = False
        self._row_before = -1
        self._tables = 0

    def feed(self, rows: Iterable[tuple[int, int, list[str]]]) -> Iterator[Fact]:
        """Yield what the next rows hold; rows wait until enough of them are there to tell what columns mean."""
        for row, first_col, raw in rows:
            cells = cells_of(first_col, raw)
            if not cells or is_rule(cells):
                continue
            gap = self._ruled and row > self._row_before + 1
            self._row_before = row
            if self._streaming and self._breaks(cells, gap=gap):
                if self._same_header(cells):
                    continue
                self._streaming = False
            if self._streaming and self._layout is not None:
                self._layout.last_row = row
                yield from self._row(self._layout, row, cells)
                continue
            self._buffer.append((row, cells))
            if len(self._buffer) >= SAMPLE:
                yield from self._settle(last=False)

    def finish(self) -> Iterator[Fact]:
        """Yield what waits, and the columns of the last table."""
        yield from self._settle(last=True)
        yield from self._close()

    def _same_header(self, cells: Cells) -> bool:
        """Say whether the row only repeats the header, as printed pages do."""
        return self._layout is not None and cells in self._layout.printed

    def _breaks(self, cells: Cells, *, gap: bool) -> bool:
        """Say whether a row begins something new."""
        if self._same_header(cells) or reads_as_header(cells, strict=True):
            return True
        return gap and (len(cells) == 1 or not (self._layout is not None and self._layout.fits(cells)))

    def _settle(self, *, last: bool) -> Iterator[Fact]:
        """Read the buffer, table after table; the last one goes on streaming."""
        while self._buffer:
            rows, self._buffer = self._buffer, []
            if (self._layout is None or self._layout.kind == "form") and (boxes := form_boxes(rows[:_FORM_ROWS])):
                yield from self._form(rows, boxes)
                return
            heading = find_heading(rows)
            body = rows[heading.last + 1 :] if heading else rows
            if heading is None and self._layout is not None and self._continues(rows):
                yield from self._rows(rows)
                self._streaming = True
                return
            yield from self._close()
            if heading is None and (carried := self._carried(rows)) is not None:
                self._layout = carried
                yield from self._rows(rows)
                self._streaming = True
                return
            end = self._end_of_table(heading, body)
            body, rest = body[:end], body[end:]
            self._layout = lay_out(self._tables, heading, body, rows)
            self._tables += 1
            if self._layout.headers:
                self._headed = self._layout
            if heading is not None:
                for row, cells in rows[: heading.last + 1]:
                    # Numbers in a header row, or in one over it, are no header: a title may hold a person.
                    numbers = {col: text for col, text in cells.items() if _NUMBER.search(text)}
                    above = cells if row < rows[heading.first][0] else numbers
                    yield from self._emit.row(self._layout.table, row, above, {})
            yield from self._rows(body)
            self._buffer = rest
            self._streaming = not rest
            if rest and not last and len(rest) < SAMPLE:
                return

    def _carried(self, rows: list[tuple[int, Cells]]) -> Layout | None:
        """Return the columns of the part before for rows that fill the same ones with the like."""
        before = self._before
        if before is None or self._tables or any(cells.keys() - before.headers.keys() for _, cells in rows):
            return None
        like: Counter[int] = Counter()
        n: Counter[int] = Counter()
        for _, cells in rows[:SAMPLE]:
            for col, text in cells.items():
                n[col] += 1
                like[col] += bool(shapes_of(text) & before.shapes.get(col, frozenset()))
        unlike = any(not like[col] for col in n) and len(rows) > 1
        if like.total() * 4 < n.total() * 3 or unlike or len(before.headers) < 3:
            return None
        self._tables += 1
        return msgspec.structs.replace(
            before, table=0, header_row=None, headers={}, first_row=rows[0][0], last_row=rows[0][0]
        )

    def _end_of_table(self, heading: Heading | None, body: list[tuple[int, Cells]]) -> int:
        """Return how many rows belong to the table: up to the next header row."""
        printed = heading.printed if heading else ()
        for index, (_, cells) in enumerate(body):
            if index and cells not in printed and reads_as_header(cells, strict=True):
                # A title over the next header goes with it.
                return index - 1 if index > 1 and len(body[index - 1][1]) == 1 else index
        return len(body)

    def _continues(self, rows: list[tuple[int, Cells]]) -> bool:
        wide = [cells for _, cells in rows[:50] if len(cells) > 1]
        return bool(wide) and sum((self._layout is not None and self._layout.fits(cells)) for cells in wide) * 2 >= len(
            wide
        )

    def _rows(self, rows: list[tuple[int, Cells]]) -> Iterator[Fact]:
        layout = self._layout
        if layout is None:
            return
        for row, cells in rows:
            layout.last_row = row
            yield from self._row(layout, row, cells)

    def _row(self, layout: Layout, row: int, cells: Cells) -> Iterator[Finding]:
        meanings = layout.of_row(cells)
        return self._emit.row(layout.table, row, cells, meanings) if meanings is not None else iter(())

    def _form(self, rows: list[tuple[int, Cells]], boxes: list[Box]) -> Iterator[Fact]:
        if self._layout is None or self._layout.kind != "form":
            yield from self._close()
            self._layout = Layout(
                table=self._tables,
                header_row=None,
                headers={},
                meanings={},
                first_row=rows[0][0],
                last_row=rows[0][0],
                kind="form",
            )
            self._tables += 1
        layout = self._layout
        if len(rows) > _FORM_ROWS:
            boxes = form_boxes(rows) or boxes
        taken: dict[int, dict[int, Box | None]] = {}
        for box in boxes:
            taken.setdefault(box.index, {}).setdefault(box.label_col, None)
            taken[box.index][box.col] = box
        if (
            place := unlabelled_name(rows, [(box.index, box.label_col, box.header, box.col) for box in boxes])
        ) is not None:
            taken.setdefault(place[0], {})[place[1]] = Box(*place, 0, place[1], NAME_LABEL)
        for index, (row, cells) in enumerate(rows):
            layout.last_row = row
            marks = taken.get(index, {})
            for col in cells:
                layout.meanings.setdefault(col, Meaning(why="form"))
            found: list[Cell] = []
            for col in sorted(cells):
                if col in marks and marks[col] is None:
                    continue
                found += form_cell(col, cells[col], marks.get(col))
            yield from self._emit.cells(layout.table, row, found)

    def _close(self) -> Iterator[Column | Trouble]:
        layout, self._layout = self._layout, None
        if layout is not None:
            yield from self._columns(layout)
            if layout.below is not None:
                yield from self._columns(layout.below)
            if layout.doubts:
                yield Trouble(
                    blob_id=self.blob_id,
                    part_no=self.part_no,
                    locator=f"layout {layout.id}",
                    code=UNMAPPED,
                    detail=detail_of(layout.doubts),
                )

    def _columns(self, layout: Layout) -> Iterator[Column]:
        for col in sorted({*layout.meanings, *layout.headers}):
            meaning = layout.meanings.get(col, Meaning())
            yield Column(
                blob_id=self.blob_id,
                part_no=self.part_no,
                table=layout.table,
                first_row=layout.first_row,
                last_row=layout.last_row,
                header_row=layout.header_row,
                col=col,
                header=layout.headers.get(col, ""),
                element=meaning.element,
                subtype=meaning.subtype,
                group=meaning.group,
                confidence=round(meaning.confidence, 4),
                why=meaning.why,
                layout=layout.id,
            )


def interpret_table(
    blob_id: str, part_no: int, rows: Iterable[tuple[int, int, list[str]]], seal: Callable[[str], str]
) -> tuple[list[Column], list[Finding]]:
    """Return the columns and the findings of all tables of a part; doubts are left out."""
    reader = TableReader(blob_id, part_no, seal)
    columns: list[Column] = []
    findings: list[Finding] = []
    for fact in (*reader.feed(rows), *reader.finish()):
        if isinstance(fact, Column):
            columns.append(fact)
        elif isinstance(fact, Finding):
            findings.append(fact)
    return columns, findings
