"""Whether a block of columns is a table of data, and how tables go on from one page to the next."""

import re
from collections.abc import Sequence

import msgspec

from rollcall.items.parser import Table
from rollcall.items.pdf.columns import Span

_LABEL = re.compile(r"[^\W\d][^:]{0,40}:(?:\s|$)")
_SHIFT = 3.0  # points by which the same column may stand elsewhere on the next page
_NUMBER = re.compile(r"\d{2}|\A\W*\d")  # does not stand in the name of a column; "Address 2" does
_RULE = re.compile(r"[\s\-=_+|*.~\u2013\u2014]*")
_LEADER = re.compile(r"\s*\.{4,}\s*\Z")
_SPARSE = 0.4  # of the cells are filled at least
_WORDY = 14  # words of an average cell make it prose

Cells = list[list[str]]


def without_rules(rows: Cells) -> Cells:
    """Return the rows without those that are only lines made of characters, and cells without dots that lead on."""
    return [
        [_LEADER.sub("", cell) for cell in row] for row in rows if not all(map(_RULE.fullmatch, row)) or not any(row)
    ]


def is_table(rows: Cells, *, goes_on: bool = False) -> bool:
    """Decide whether rows that only gaps part are a table; labels with values and letters in columns are none.

    What goes on with a table of the page before may be short.
    """
    n_rows, n_cols = len(rows), len(rows[0]) if rows else 0
    if n_cols < 2 or n_rows < (1 if goes_on else 3 if n_cols > 2 else 5):
        return False
    filled = [[cell for cell in row if cell] for row in rows]
    n_filled = sum(map(len, filled))
    if n_filled < _SPARSE * n_rows * n_cols:
        return False
    labelled = sum(any(_LABEL.match(cell) for cell in cells) for cells in filled)
    words = sum(len(cell.split()) for cells in filled for cell in cells)
    return labelled * 2 <= n_rows and words <= _WORDY * n_filled and not _alternates(rows)


def _alternates(rows: Cells) -> bool:
    """Say whether records take two lines each, the second one saying other things: those are read line by line."""
    counts = [sum(bool(cell) for cell in row) for row in rows]
    usual = sorted(counts)[-(len(counts) // 4) - 1]
    short = [count * 2 <= usual for count in counts]
    after = sum(short[index] and not short[index - 1] for index in range(1, len(short)))
    return after >= 3 and after * 10 >= 3 * len(rows)


class _Head(msgspec.Struct):
    """The table last seen: where its columns stand, what its header says, and how many rows it has so far."""

    columns: tuple[Span, ...]
    header: list[str] | None
    n_rows: int
    page: int


class Tables:
    """Tables of one document in order: one that goes on over pages is one, its header said on each of them."""

    def __init__(self) -> None:
        self._head: _Head | None = None

    def before(self, page: int) -> tuple[Span, ...]:
        """Return the columns of the table that a page may go on with."""
        head = self._head
        return head.columns if head is not None and page == head.page + 1 else ()

    def table(self, page: int, columns: Sequence[Span], rows: Cells) -> Table:
        """Return the rows on one page with their numbers in the whole table."""
        head = self._head
        if head is not None and page <= head.page + 1 and same_columns(head.columns, columns, len(rows[0])):
            body = rows[1:] if rows[0] == head.header else rows
            numbered = [(head.n_rows + index, 0, row) for index, row in enumerate(body)]
            if head.header is not None:
                numbered.insert(0, (0, 0, head.header))
            self._head = _Head(tuple(columns), head.header, head.n_rows + len(body), page)
            return Table(rows=numbered, kind="page", label=str(page + 1))
        self._head = _Head(tuple(columns), rows[0] if has_header(rows) else None, len(rows), page)
        return Table(rows=[(index, 0, row) for index, row in enumerate(rows)], kind="page", label=str(page + 1))


def same_columns(before: Sequence[Span], columns: Sequence[Span], n_columns: int) -> bool:
    """Say whether each column stands where one of the table before stood."""
    if len(before) != len(columns) or len(columns) != n_columns:
        return False
    return all(
        left < last + _SHIFT and first - _SHIFT < right
        for (first, last), (left, right) in zip(before, columns, strict=True)
    ) and not any(
        columns[index][0] < before[index - 1][1] - _SHIFT or columns[index - 1][1] > before[index][0] + _SHIFT
        for index in range(1, len(columns))
    )


def has_header(rows: Cells) -> bool:
    """Say whether the first row names columns: words in most of them, no number, and numbers below."""
    if len(rows) < 2:
        return False
    first = rows[0]
    named = sum(bool(cell) for cell in first)
    if named < 2 or named * 5 < 4 * len(first) or any(_NUMBER.search(cell) for cell in first):
        return False
    for col in range(len(first)):
        body = [row[col] for row in rows[1:] if row[col]]
        if body and sum(any(map(str.isdigit, cell)) for cell in body) * 10 >= 7 * len(body):
            return True
    return False
