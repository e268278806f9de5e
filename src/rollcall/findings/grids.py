"""Find the tables that a text only shows by its layout: lines whose words stand in columns.

Printed lists, reports of record systems and tables pasted into mail have no cells; the reader sees them because the
same stretch of every line is empty (or a tab or bar stands there). That is what is looked for here, and nothing of
what the words say: lines near each other, each parted by wide gaps, that leave the same gutters free.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise, zip_longest

import msgspec

_TOP = 6  # lines in which the header of such a table is looked for
LEAST_ROWS = 3  # lines with columns that make a table
_WIDE_GAP = re.compile(r"\S {2,}\S|\S\s*[\t|]\s*\S")
_LOOSE = 3  # lines without columns (group rows, subtotals, page heads) between two rows of a table
_BRIDGED = 0.08  # share of lines whose text may run across a gutter
_SEGMENT = re.compile(r"\S+(?: \S+)*")
_SUMS = re.compile(r"\W*(?:(?:grand|sub)?[- ]?totals?|counts?|records?|rows?|page|report total)\b", re.IGNORECASE)
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_RULE = re.compile(r"[\s\-=_+|*.:]*$")
_LABEL = re.compile(r"\S:(?:\s|$)")

Span = tuple[int, int]


class Line(msgspec.Struct, frozen=True):
    """One line of the text: its number, where it begins, what it says."""

    number: int
    offset: int
    text: str


class GridRow(msgspec.Struct, frozen=True):
    """One line of a grid with its cells; `spans` are characters of the line, one per column (None: blank)."""

    line: Line
    spans: tuple[Span | None, ...]
    details: tuple[Line, ...] = ()  # lines below it that belong to it but keep no columns

    @property
    def cells(self) -> list[str]:
        """The texts of the cells, "" where one is blank."""
        return [self.line.text[span[0] : span[1]] if span else "" for span in self.spans]


class Grid(msgspec.Struct, frozen=True):
    """A table by layout; `columns` are stretches of the line (in tab and bar tables: the number of the cell twice)."""

    columns: tuple[Span, ...]
    rows: tuple[GridRow, ...]


def numbered(text: str) -> list[Line]:
    """Return the lines of a text, without their ends."""
    found, offset = [], 0
    for number, line in enumerate(text.splitlines(keepends=True)):
        found.append(Line(number, offset, line.rstrip("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")))
        offset += len(line)
    return found


def find_grids(lines: Sequence[Line], columns: tuple[Span, ...] = ()) -> Iterator[Grid]:
    """Yield the grids of a text in order of place.

    `columns` are those of a table before: one or two lines that keep to them are its last rows.
    """
    for run in _runs(lines):
        yield from _grids(run, columns)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield stretches of lines in which every few lines are parted by wide gaps."""
    run: list[Line] = []
    loose = 0
    for line in lines:
        if len(line.text) < 2_000 and _WIDE_GAP.search(line.text):
            run.append(line)
            loose = 0
        elif run:
            loose += 1
            run.append(line)
            if loose > _LOOSE:
                yield run[:-loose]
                run, loose = [], 0
    if run:
        yield run[: len(run) - loose]


def _bare(text: str) -> str:
    """Return a line with the marks of quoting blanked; lengths stay."""
    quote = _QUOTE.match(text)
    return " " * quote.end() + text[quote.end() :] if quote else text


def _grids(run: list[Line], columns: tuple[Span, ...]) -> Iterator[Grid]:
    wide = [line for line in run if _WIDE_GAP.search(_bare(line.text))]
    if len(wide) < LEAST_ROWS:
        rows = [row for line in wide if (row := _kept_to(line, columns)) is not None]
        if rows:
            yield Grid(columns, tuple(rows))
        return
    for mark in "\t|":
        if sum(mark in line.text for line in wide) * 10 >= 9 * len(wide):
            yield from _marked(run, mark)
            return
    yield from _aligned(run, wide)


def _kept_to(line: Line, columns: tuple[Span, ...]) -> GridRow | None:
    """Return a line as a row of known columns, or None where its text does not stand in them, each in its own."""
    cells: dict[int, Span] = {}
    for match in _SEGMENT.finditer(_bare(line.text)):
        over = [index for index, (start, end) in enumerate(columns) if start < match.end() and match.start() < end]
        if len(over) != 1 or over[0] in cells:
            return None
        cells[over[0]] = match.span()
    if len(cells) < 2 or _SUMS.match(line.text):
        return None
    return GridRow(line, tuple(cells.get(index) for index in range(len(columns))))


# --- tabs and bars --------------------------------------------------------------------------------------------------


def _marked(run: list[Line], mark: str) -> Iterator[Grid]:
    rows = []
    for line in run:
        text = _bare(line.text)
        if mark not in text or _RULE.match(text):
            continue
        spans: list[Span | None] = []
        start = 0
        for cell in text.split(mark):
            lead = len(cell) - len(cell.lstrip())
            bare = cell.strip()
            spans.append((start + lead, start + lead + len(bare)) if bare else None)
            start += len(cell) + 1
        if mark == "|" and text.lstrip().startswith("|"):
            spans = spans[1:]
        rows.append(GridRow(line, tuple(spans)))
    if len(rows) >= LEAST_ROWS:
        width = max(len(row.spans) for row in rows)
        yield Grid(tuple((index, index) for index in range(width)), tuple(rows))


# --- columns by position --------------------------------------------------------------------------------------------


def _aligned(run: list[Line], wide: list[Line]) -> Iterator[Grid]:
    texts = {line.number: _bare(line.text) for line in run}
    segments = {line.number: [match.span() for match in _SEGMENT.finditer(texts[line.number])] for line in run}
    pending = [[line for line in wide if not _RULE.match(texts[line.number])]]
    first = run[0].number
    while pending:
        lines = pending.pop()
        if len(lines) < LEAST_ROWS:
            continue
        columns, off = _columns(lines, segments)
        if (grid := _counted_out(lines, segments, len(columns))) is not None:
            yield grid
            continue
        fitting = len(lines) - len(off)
        if len(columns) >= 2 and fitting >= LEAST_ROWS and _filled(lines, off, columns, segments):
            last = lines[-1].number
            inside = [line for line in run if first <= line.number <= last]
            inside = [line for line in inside if line.number >= lines[0].number]
            yield Grid(tuple(columns), tuple(_rows(inside, off, columns, segments)))
            continue
        parts = _parted(lines)
        if len(parts) > 1:
            pending += reversed(parts)


def _counted_out(lines: list[Line], segments: dict[int, list[Span]], n_columns: int) -> Grid | None:
    """Return lines as rows by the order of their texts, where one long text pushed the others out of their columns.

    One of the first lines has a text over each column, those below have no more, and more than half of as many.
    """
    top = max(range(min(_TOP, len(lines))), key=lambda at: (len(segments[lines[at].number]), -at))
    heads, below = segments[lines[top].number], lines[top:]
    counts = [len(segments[line.number]) for line in below]
    fitting = sum(2 <= count <= len(heads) for count in counts)
    if len(heads) < 4 or n_columns >= len(heads) or len(below) < LEAST_ROWS or fitting * 10 < len(below) * 9:
        return None
    if sum(counts) * 5 < len(heads) * len(below) * 3:
        return None
    rows = [GridRow(line, spans) for line in below if (spans := _in_order(segments[line.number], heads)) is not None]
    return Grid(tuple(heads), tuple(rows)) if len(rows) >= LEAST_ROWS else None


def _in_order(texts: list[Span], heads: list[Span]) -> tuple[Span | None, ...] | None:
    """Return the texts under the heads they belong to; None where there are too many.

    A text too long for its column pushes all behind it to the right, as far as it is too long.
    """
    if not 2 <= len(texts) <= len(heads):
        return None
    placed: list[Span | None] = [None] * len(heads)
    col, pushed = 0, 0
    for index, (start, end) in enumerate(texts):
        last = len(heads) - (len(texts) - index)  # so that those behind it find room
        col = min(range(col, last + 1), key=lambda head: abs(heads[head][0] + pushed - start))
        placed[col] = (start, end)
        col += 1
        if col < len(heads):
            pushed = max(pushed, end + 2 - heads[col][0])
    return tuple(placed)


def _parted(lines: list[Line]) -> list[list[Line]]:
    """Return stretches of lines without a line left out between them: what a blank line or a title parts."""
    parts = [[lines[0]]]
    for above, below in pairwise(lines):
        if below.number > above.number + 1:
            parts.append([])
        parts[-1].append(below)
    return parts


def _filled(lines: list[Line], off: set[int], columns: list[Span], segments: dict[int, list[Span]]) -> bool:
    """Say whether the columns hold what the lines say apart: most lines part where the gutters are."""
    kept = [segments[line.number] for line in lines if line.number not in off]
    apart = sum(len(some) for some in kept)
    cells = sum(len({_column(columns, span) for span in some}) for some in kept)
    return cells * 10 >= apart * 8


def _columns(lines: list[Line], segments: dict[int, list[Span]]) -> tuple[list[Span], set[int]]:
    """Return the stretches that hold text, and the lines that do not keep to them.

    A line whose text runs on across a stretch that nearly all others leave free is one that did not fit its column, or
    belongs to no row at all; it must not close the gutter.
    """
    length = max(segments[line.number][-1][1] for line in lines)
    counts = _counts(lines, segments, length)
    off = _running_across(lines, segments, counts)
    if off:
        counts = _counts([line for line in lines if line.number not in off], segments, length)
    gutters = list(_free(counts, 0))
    columns, start = [], None
    edges = {place for gutter in gutters for place in range(*gutter)}
    for place, count in enumerate(counts):
        if place in edges or place == length:
            if start is not None and (end := place) > start:
                columns.append((start, end))
            start = None
        elif start is None and (count or place == 0):
            start = place
    return columns, off


def _counts(lines: Sequence[Line], segments: dict[int, list[Span]], length: int) -> list[int]:
    """Return, for each place in a line, how many lines write there."""
    steps = [0] * (length + 2)
    for line in lines:
        for start, end in segments[line.number]:
            steps[start] += 1
            steps[end] -= 1
    return list(accumulate(steps[: length + 1]))


def _running_across(lines: Sequence[Line], segments: dict[int, list[Span]], counts: list[int]) -> set[int]:
    """Return the few lines whose text runs across what would be a gutter without them."""
    limit = max(len(lines) * _BRIDGED, 1 if len(lines) >= 8 else 0)
    off: set[int] = set()
    if limit < 1:
        return off
    clear = list(_free(counts, 0))
    for start, end in _free(counts, limit):
        if any(first < end and start < last for first, last in clear):
            continue
        crossing = {line.number for line in lines if _crosses(segments[line.number], start, end)}
        if all(_bridges(segments[number], start, end) for number in crossing) and len(off | crossing) <= limit:
            off |= crossing
    return off


def _free(counts: list[int], limit: float) -> Iterator[Span]:
    """Yield the stretches of two or more places that at most `limit` lines write in."""
    start = None
    for place, count in enumerate(counts):
        if count <= limit:
            start = place if start is None else start
        elif start is not None:
            if place - start >= 2:
                yield start, place
            start = None
    if start is not None and len(counts) - start >= 1:
        yield start, len(counts)


def _crosses(spans: list[Span], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in spans)


def _bridges(spans: list[Span], start: int, end: int) -> bool:
    """Say whether text runs into a stretch from its left; text that begins in it would be a column seldom filled."""
    return all(a < start for a, b in spans if a < end and start < b)


def _details(rows: Sequence[GridRow]) -> set[int]:
    """Return the lines that are the second line of each record: every other one, filled otherwise than the first.

    They stand in the same columns but say something else there (an address under a name), and some column that the
    first lines fill they never do.
    """
    for first in (1, 0):
        mains, seconds = rows[first::2], rows[first + 1 :: 2]
        if len(seconds) < 2 or len(mains) != len(seconds):
            continue
        n = len(mains)
        only_main = any(
            sum(row.spans[col] is not None for row in mains) * 10 >= 8 * n
            and not any(row.spans[col] for row in seconds)
            for col in range(len(rows[0].spans))
        )
        if only_main and any(
            (all(_numeric(row, col) for row in seconds) and not any(_numeric(row, col) for row in mains))
            or (all(_numeric(row, col) for row in mains) and not any(_numeric(row, col) for row in seconds))
            for col in range(len(rows[0].spans))
            if all(row.spans[col] for row in seconds)
        ):  # fmt: skip
            return {row.line.number for row in seconds}
    return set()


def _numeric(row: GridRow, col: int) -> bool:
    span = row.spans[col]
    return span is not None and row.line.text[span[0]] in "0123456789(+#$"


def _column(columns: Sequence[Span], span: Span) -> int:
    """Return the column that most of a text stands in."""
    shared = [min(span[1], end) - max(span[0], start) for start, end in columns]
    return max(range(len(columns)), key=lambda index: (shared[index], -index))


def _rows(run: list[Line], off: set[int], columns: list[Span], segments: dict[int, list[Span]]) -> Iterator[GridRow]:
    """Yield the lines that are rows; titles, sums and rules are not."""
    rows = []
    for line in run:
        spans = segments[line.number]
        if line.number in off or not spans or _RULE.match(line.text) or _SUMS.match(line.text):
            continue
        cells: dict[int, Span] = {}
        for span in spans:
            col = _column(columns, span)
            cells[col] = (cells[col][0], span[1]) if col in cells else span
        if len(cells) > 1 or 0 not in cells:  # else a title, or the head of a group
            rows.append(GridRow(line, tuple(cells.get(col) for col in range(len(columns)))))
    seconds = _details(rows)
    for row, below in zip_longest(rows, rows[1:]):
        if row.line.number not in seconds:
            details = (below.line,) if below is not None and below.line.number in seconds else ()
            yield msgspec.structs.replace(row, details=details)


def reads_as_form(grid: Grid) -> bool:
    """Say whether the lines are labels with values ("Name:  ...   DOB:  ..."), which are read as such."""
    labelled = sum(len(_LABEL.findall(row.line.text)) > 0 for row in grid.rows)
    return labelled * 2 > len(grid.rows)
