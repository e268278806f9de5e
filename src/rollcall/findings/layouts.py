"""What one table of a sheet is made of: its header, what its columns mean, and which kinds of row it has.

Not every row of a table is one of its records. A lone cell heads a group, a line that starts further right says more of
the record above it, perhaps under headers of its own, and a line of rules says nothing. They are told from records by
how they are filled, so that neither they spoil what the columns mean, nor the columns what stands in them.
"""

from collections.abc import Sequence

import msgspec

from rollcall.elements.headers import Header
from rollcall.findings.column_model import guessed, of_nobody
from rollcall.findings.columns import SUPPORT, apart_again, header_of, meaning_of, together
from rollcall.findings.doubts import doubted, layout_of
from rollcall.findings.headings import Cells, Heading
from rollcall.findings.meaning import Meaning
from rollcall.findings.placeholders import is_placeholder
from rollcall.findings.profile import Profile, profile, shapes_of
from rollcall.findings.shared_words import parted, roles_of
from rollcall.findings.side_by_side import MOST, apart, names_somebody, of_person, repeated

SAMPLE = 500
Rows = Sequence[tuple[int, Cells]]


class Layout(msgspec.Struct):
    """One table of the sheet."""

    table: int
    header_row: int | None
    headers: Cells
    meanings: dict[int, Meaning]
    first_row: int
    last_row: int
    kind: str = ""  # "form": labels beside values
    shapes: dict[int, frozenset[str]] = {}  # what its cells look like, by column
    printed: tuple[Cells, ...] = ()  # the rows of the header, as they come again on each page
    width: int = 0  # cells that a record fills, as a rule
    id: str = ""  # the same for every table with the same headers
    doubts: dict[int, str] = {}  # columns that look like people's data and have no meaning: what they look like
    below: "Layout | None" = None  # the lines under a record that have headers of their own

    def of_row(self, cells: Cells) -> "dict[int, Meaning] | None":
        """Return what the columns mean in a row: as in a record, as in a line below one, or nothing; None skips it."""
        if cells in self.printed:
            return None
        if len(cells) * 2 > self.width and not self.below:
            return self.meanings
        if self.below is not None and _is_below(cells, self):
            return self.below.meanings
        if self.width > 2 and (len(cells) == 1 or (len(cells) * 2 <= self.width and not self.fits(cells))):
            return NOTHING
        return self.meanings

    def fits(self, cells: Cells) -> bool:
        """Say whether a row could be the table's: of its columns with a shape, at least one cell in two has it."""
        if self.kind == "form":
            return True
        fit = n = 0
        for col, text in cells.items():
            meaning = self.meanings.get(col)
            shapes = SUPPORT.get((meaning.element, meaning.subtype)) if meaning else None
            if shapes is None:
                n += col not in self.meanings
                continue
            n += 1
            fit += bool(shapes_of(text) & set(shapes)) or is_placeholder(text)
        return fit * 2 >= n


NOTHING: dict[int, Meaning] = {}


def _is_below(cells: Cells, layout: Layout) -> bool:
    """Say whether a row is a line under a record: it starts further right, and fills the columns of such lines."""
    below = layout.below
    return below is not None and min(cells) >= min(below.headers) and cells.keys() <= below.headers.keys()


def usual_width(body: Rows) -> int:
    """Return how many cells most of the fuller rows fill."""
    widths = sorted(len(cells) for _, cells in body)
    if not widths:
        return 0
    fuller = [n for n in widths if n * 2 >= widths[-1]]
    counted = fuller if len(fuller) * 4 >= len(widths) else widths
    return counted[len(counted) // 2]


def _records(body: Rows, width: int) -> Rows:
    """Return the rows that are records: those filled at least half as much as most."""
    full = [(row, cells) for row, cells in body if len(cells) * 2 >= width]
    return full if len(full) >= 2 else body


def _under_headers(heading: Heading | None, body: Rows) -> tuple[Cells, Rows, Rows]:
    """Return a second header row that lies under the first, further right, with its lines; and the other rows.

    Programs print a person's line and indented lines of what was done, each with a header of its own.
    """
    second = heading.second if heading else {}
    if heading is None or not second:
        return {}, [], body
    left = min(second)
    lines = [(row, cells) for row, cells in body if min(cells) >= left and cells.keys() <= second.keys()]
    numbers = {row for row, _ in lines}
    return second, lines, [(row, cells) for row, cells in body if row not in numbers]


def lay_out(table: int, heading: Heading | None, body: Rows, rows: Rows) -> Layout:
    """Return the layout of a table from its heading and the first of its rows."""
    headers = heading.texts if heading else {}
    second, lines, rest = _under_headers(heading, body[:SAMPLE])
    width = usual_width(rest)
    records = _records(rest, width)
    meanings, profiles, read = mapped(headers, heading.above if heading else {}, records)
    first = body[0][0] if body else rows[-1][0]
    layout = Layout(
        table=table,
        header_row=rows[heading.last][0] if heading else None,
        headers=headers,
        meanings=meanings,
        first_row=first,
        last_row=body[-1][0] if body else first,
        shapes={col: frozenset[str]().union(*one.kinds) for col, one in profiles.items()},
        printed=tuple(cells for _, cells in rows[heading.first : heading.last + 1]) if heading else (),
        width=width,
        id=layout_of(headers, meanings),
        doubts=doubted(meanings, profiles, read, of_nobody(meanings, profiles, read, headers)),
    )
    if heading is not None and second:
        layout.below = Layout(
            table=table,
            header_row=rows[heading.last][0],
            headers=second,
            meanings=mapped(second, {}, lines, of_people=True)[0],
            first_row=first,
            last_row=layout.last_row,
        )
    return layout


Mapped = tuple[dict[int, Meaning], dict[int, Profile], dict[int, Header | None]]


def mapped(headers: Cells, above: Cells, records: Rows, *, of_people: bool = False, ask: bool = True) -> Mapped:
    """Return what the columns mean, what they look like, and what their headers were read as.

    Unless told not to `ask`, a model is heard where the rules leave a column open. Tables side by side are mapped each
    by itself; where the same headers come again the stretches are heard as one.
    """
    stretches = repeated(headers)
    if stretches and all(above.get(col, "") == above.get(own, "") for one in stretches for col, own in one.items()):
        cells_of_each = [(row, {one[col]: cells[col] for col in one if col in cells}) for row, cells in records
                         for one in stretches]  # fmt: skip
        heads = {col: text for col, text in headers.items() if col in stretches[0]}
        over = {col: text for col, text in above.items() if col in stretches[0]}
        first = _mapped(heads, over, [pair for pair in cells_of_each if pair[1]], of_people=of_people, ask=ask)
        if names_somebody(first[0]):
            return _spread(first, stretches)
    parts = apart({*headers, *(col for _, cells in records for col in cells)})
    if 1 < len(parts) <= MOST:
        each = [_mapped(*_within(headers, above, records, part), of_people=of_people, ask=ask) for part in parts]
        if all(names_somebody(meanings) for meanings, _, _ in each):
            return _beside(each)
    return _mapped(headers, above, records, of_people=of_people, ask=ask)


def _within(headers: Cells, above: Cells, records: Rows, columns: list[int]) -> tuple[Cells, Cells, Rows]:
    wanted = frozenset(columns)
    rows = [(row, {col: text for col, text in cells.items() if col in wanted}) for row, cells in records]
    heads, over = ({col: text for col, text in some.items() if col in wanted} for some in (headers, above))
    return heads, over, [pair for pair in rows if pair[1]]


def _spread(first: Mapped, stretches: list[dict[int, int]]) -> Mapped:
    meanings, profiles, read = first
    found: dict[int, Meaning] = {}
    for ordinal, stretch in enumerate(stretches, 1):
        found |= {col: of_person(meanings[own], ordinal) for col, own in stretch.items() if own in meanings}
    origin = {col: own for stretch in stretches for col, own in stretch.items() if own in meanings}
    return (
        dict(sorted(found.items())),
        {col: profiles[origin[col]] for col in sorted(origin)},
        {col: read.get(origin[col]) for col in sorted(origin)},
    )


def _beside(each: list[Mapped]) -> Mapped:
    found: dict[int, Meaning] = {}
    profiles: dict[int, Profile] = {}
    read: dict[int, Header | None] = {}
    for ordinal, (meanings, looks, said) in enumerate(each, 1):
        found |= {col: of_person(meaning, ordinal) for col, meaning in meanings.items()}
        profiles |= looks
        read |= said
    return found, profiles, read


def _mapped(headers: Cells, above: Cells, records: Rows, *, of_people: bool, ask: bool) -> Mapped:
    columns: dict[int, list[str]] = {col: [] for col in headers}
    for _, cells in records:
        for col, text in cells.items():
            columns.setdefault(col, []).append(text)
    profiles = {col: profile([t for t in columns[col] if not is_placeholder(t)]) for col in sorted(columns)}
    shared = parted(headers)
    read = {}
    for col in sorted(columns):
        before, text = shared.get(col, ("", headers.get(col, "")))
        read[col] = header_of(text, above.get(col, ""), profiles[col], before)
    meanings = {col: meaning_of(read[col], profiles[col]) for col in profiles}
    shown = {col: f"{above.get(col, '')} {headers[col]}".strip() for col in headers}
    whose = roles_of(shared)
    found = together(meanings, profiles, read, shown, whose, of_people=of_people)
    if ask:
        found = guessed(found, profiles, read, shown, whose)
        apart_again(found, shown)
    return found, profiles, read
