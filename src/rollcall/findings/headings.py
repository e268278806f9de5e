"""Which rows of a sheet are headers: title rows above, group rows over them, headers broken over two rows."""

import re
from collections import Counter
from itertools import pairwise

import msgspec

from rollcall.elements.headers import Header, read_column, read_header
from rollcall.elements.names import looks_like_name
from rollcall.findings.profile import DATA, reads_as_name, shapes_of

# In the middle of a table most rows are told from headers by this alone.
_NO_HEADER = re.compile(r"\d{3}|\d[/.,-]\d|@")
LOOK = 20  # rows in which the first header is looked for
Cells = dict[int, str]  # column -> text, blank ones left out


class Heading(msgspec.Struct, frozen=True):
    """The header of a table: which rows it takes and what stands over each column."""

    first: int  # index of its first row, a group row included
    last: int  # index of its last row
    texts: Cells
    above: Cells
    printed: tuple[Cells, ...] = ()  # its rows as they stand there
    second: Cells = {}  # the header of the lines under each record, where these have one of their own


def cells_of(first_col: int, cells: list[str]) -> Cells:
    """Return the cells of a row that are not blank, by column."""
    return {first_col + index: text for index, text in enumerate(cells) if text and not text.isspace()}


def is_rule(cells: Cells) -> bool:
    """Say whether a row only draws a line: dashes, dots, underscores."""
    return not any(c.isalnum() for text in cells.values() for c in text) and "$" not in "".join(cells.values())


def _is_data(text: str) -> bool:
    return bool(shapes_of(text) & DATA) or len(text) > 72


def _matched(texts: Cells, above: Cells | None = None) -> float:
    total = 0.0
    for col, text in texts.items():
        header = read_header(text, (above or {}).get(col, ""))
        if header is not None:
            total += header.score if header.element else 0.5
    return total


def reads_as_header(cells: Cells, *, strict: bool) -> bool:
    """Say whether the words of a row are those of headers. `strict` is for rows in the middle of a table."""
    if strict and _NO_HEADER.search(" ".join(cells.values())):
        return False
    if len(cells) < 2 or sum(map(_is_data, cells.values())) * 5 > len(cells):
        return False
    readings = [header for text in cells.values() if (header := read_header(text)) is not None and header.score >= 0.6]
    ours = sum(bool(header.element) for header in readings)
    if strict:
        return ours >= 2 and len(readings) * 2 >= len(cells)
    return ours >= 1 and len(readings) >= max(1.0, 0.3 * len(cells)) and not (len(cells) > 3 and len(readings) < 2)


def _contrasts(cells: Cells, below: list[Cells]) -> bool:
    """Say whether a row of mere words stands over columns of data: a header in words nobody knows."""
    if len(cells) < 2 or any(_is_data(text) for text in cells.values()) or not below:
        return False
    data = 0
    for col, text in cells.items():
        if not any(c.isalpha() for c in text):
            continue
        column = [row[col] for row in below if col in row]
        data += bool(column) and sum(map(_is_data, column)) * 2 > len(column)
    return data * 3 >= len(cells)


def _words_only(cells: Cells) -> bool:
    return not any(_is_data(text) or len(text.split()) > 6 for text in cells.values())


def _second_half(cells: Cells, below: Cells, data: list[Cells]) -> bool:
    """Say whether the row under a header row is its second half: mere words, too, over columns that hold data."""
    if len(data) < 2 or not _words_only(cells) or not _words_only(below):
        return False
    told = [col for col in below if (held := [row[col] for row in data if col in row]) and
            sum(_is_data(text) or any(c.isdigit() for c in text) for text in held) * 3 > len(held) * 2]  # fmt: skip
    names = sum(looks_like_name(text) >= 0.7 for text in below.values())
    return len(told) >= 2 and len(told) * 4 >= len(below) and (not names or len(told) * 3 >= len(below))


def _second_header(cells: Cells, below: list[Cells]) -> Cells:
    """Return the row under a header that is the header of lines under each record, or nothing.

    It starts further right than the records do, and so do the lines, which fill its columns alone.
    """
    if len(below) < 3 or len(below[0]) < 2 or min(below[0]) <= min(cells) or not _words_only(below[0]):
        return {}
    second, rest = below[0], below[1:]
    lines = [row for row in rest if min(row) >= min(second) and row.keys() <= second.keys() and len(row) > 1]
    held = [text for row in lines for text in row.values()]
    many = len(lines) * 4 >= len(rest) and len(lines) < len(rest)
    return second if many and sum(map(_is_data, held)) * 3 >= len(held) else {}


def _usual(rows: list[tuple[int, Cells]], index: int) -> int:
    """Return how many cells the rows below one fill, as a rule: those right below it where there are some."""
    last = index
    while last + 1 < len(rows) and last - index < LOOK and rows[last + 1][0] == rows[last][0] + 1:
        last += 1
    widths = sorted(len(cells) for _, cells in rows[index + 1 : last + 1 if last > index + 1 else index + 1 + LOOK])
    return widths[len(widths) // 2] if widths else 0


def _single(rows: list[tuple[int, Cells]], index: int) -> bool:
    """Say whether a row is the header of a list of one column."""
    cells = rows[index][1]
    if len(cells) != 1 or len(rows) - index < 3:
        return False
    (col, text), below = next(iter(cells.items())), [cells for _, cells in rows[index + 1 : index + 20]]
    header = read_header(text)
    return (
        header is not None
        and bool(header.element)
        and header.score >= 0.85
        and all(set(other) == {col} for other in below)
        and not any(read_header(other[col]) for other in below[:3])
    )


def _header_soon(rows: list[tuple[int, Cells]], index: int) -> bool:
    """Say whether a row reads as a header within a few rows: what stands over it is about the list ("Filters: all")."""
    return any(reads_as_header(cells, strict=True) for _, cells in rows[index + 1 : index + 5])


def _filled(group: Cells, header: Cells) -> Cells:
    """Return each group cell carried to the right until the next one, as merged cells mean it."""
    filled: Cells = {}
    current = ""
    for col in range(min([*group, *header]), max([*group, *header]) + 1):
        current = group.get(col, current)
        if current and col in header:
            filled[col] = current
    return filled


def _whose(group: Cells, header: Cells) -> bool:
    """Say whether a row over a header tells whose the columns are, or what: "Patient | Guarantor".

    A line that report programs print there ("User: BATCH", "Filters: all") tells nothing of the columns.
    """
    widths = Counter(_filled(group, header).values())
    told = [one for text in group.values() if (one := read_header(text)) is not None and one.group != "sender"]
    return bool(told) and (len(group) > 2 or max(widths.values()) > 1) and len(told) * 2 >= len(group)


def find_heading(rows: list[tuple[int, Cells]]) -> Heading | None:
    """Return the header of the first table in rows that are not blank, or None where there is none."""
    for index in range(min(LOOK, len(rows))):
        cells = rows[index][1]
        below = [other for _, other in rows[index + 1 : index + 21]]
        usual = _usual(rows, index)
        if len(cells) * 2 < usual:
            continue  # what says of which days or sites a list is
        if not reads_as_header(cells, strict=False) and not _single(rows, index):
            narrow_before = all(len(earlier) * 2 <= max(2, usual) for _, earlier in rows[:index])
            if not (narrow_before and _contrasts(cells, below)) or _header_soon(rows, index):
                continue
        heading = _whole(rows, index)
        return msgspec.structs.replace(
            heading, printed=tuple(cells for _, cells in rows[heading.first : heading.last + 1])
        )
    return None


def _whole(rows: list[tuple[int, Cells]], index: int) -> Heading:
    """Return the heading that a header row belongs to, with a group row above or a second half below."""
    row, cells = rows[index]
    follows = index + 1 < len(rows) and rows[index + 1][0] <= row + 2  # a rule may stand between them
    if follows and (second := _second_header(cells, [below for _, below in rows[index + 1 : index + 2 + LOOK]])):
        return Heading(index, index + 1, cells, {}, second=second)
    return (_with_below(rows, index) if follows else None) or _with_above(rows, index)


def _with_below(rows: list[tuple[int, Cells]], index: int) -> Heading | None:
    """Return the heading that a header row makes with the row below, where that belongs to it."""
    cells, below = rows[index][1], rows[index + 1][1]
    if len(below) > len(cells) and reads_as_header(below, strict=False) and _matched(below) >= _matched(cells):
        if _whose(cells, below) and not _first_words(cells, below):
            return Heading(index, index + 1, below, _filled(cells, below))
        if not _halves(cells, below):
            return Heading(index + 1, index + 1, below, {})
    if _second_half(cells, below, [cells_below for _, cells_below in rows[index + 2 : index + 22]]):
        return Heading(index, index + 1, _joined(cells, below), {})
    words_only = len(below) > 1 and not any(_is_data(text) or len(text.split()) > 4 for text in below.values())
    if words_only and index + 2 < len(rows):
        joined = _joined(cells, below)
        halves = sum(read_header(text) is not None for text in below.values()) * 2 >= len(below)
        names = sum(looks_like_name(text) >= 0.7 for text in below.values())
        if halves and not names and _matched(joined) > _matched(cells) + 0.4:
            return Heading(index, index + 1, joined, {})
    return None


def _with_above(rows: list[tuple[int, Cells]], index: int) -> Heading:
    """Return the heading that a header row makes with the row above, where that tells whose or what columns are."""
    row, cells = rows[index]
    if index and rows[index - 1][0] >= row - 2:
        group = rows[index - 1][1]
        lone_title = len(group) == 1 and min(group) <= min(cells)
        if len(group) < len(cells) and not lone_title and not any(map(_is_data, group.values())):
            if _whose(group, cells) and not _first_words(group, cells):
                return Heading(index - 1, index, cells, _filled(group, cells))
            if _halves(group, cells):
                return Heading(index - 1, index, _joined(group, cells), {})
    return Heading(index, index, cells, {})


def _halves(upper: Cells, lower: Cells) -> bool:
    """Say whether the row over a header row holds the first words of many of its columns, and of no others."""
    digits = any(c.isdigit() for text in upper.values() for c in text)
    if len(upper) * 2 < len(lower) or not upper.keys() <= lower.keys() or digits or not _words_only(upper):
        return False
    return _matched(lower) < 0.6 * len(lower) or _matched(_joined(upper, lower)) > _matched(lower) + 0.4


def _first_words(upper: Cells, lower: Cells) -> bool:
    """Say whether a row over a header row tells nobody's role, and is the first words of many of its columns."""
    roles = any((one := read_header(text)) is not None and one.group for text in upper.values())
    return not roles and _halves(upper, lower)


def _joined(upper: Cells, lower: Cells) -> Cells:
    return {col: f"{upper.get(col, '')} {lower.get(col, '')}".strip() for col in sorted({*upper, *lower})}


def labels_in_a_row(cells: Cells) -> bool:
    """Say whether a row holds four labels side by side: the header of a table, however its rows may read."""
    run = best = 0
    for col in range(min(cells), max(cells) + 1):
        text = cells.get(col, "")
        header = read_column(text.rstrip(" :.*")) if text and not _is_data(text) else None
        run = run + 1 if header is not None and header.score >= 0.75 else 0
        best = max(best, run)
    return best >= 4


def label_pairs(rows: list[tuple[int, Cells]]) -> list[tuple[int, int, Header, int]] | None:
    """Return (row index, label column, header, value column) of a sheet of labels beside values, or None for a table.

    Rows of a form hold a label, then its value, once or several times; rows of a table hold labels once, all together.
    """
    pairs: list[tuple[int, int, Header, int]] = []
    n_rows = n_cells = 0
    narrow = len(rows) > 3 and all(len(cells) <= 2 for _, cells in rows)  # labels on the left, if it holds any
    enough = 0.6 if narrow else 0.8
    for index, (_, cells) in enumerate(rows):
        columns = sorted(cells)
        if index < LOOK and labels_in_a_row(cells):
            return None
        found, skip = 0, -1
        if len(columns) > 8:
            return None
        for position, col in enumerate(columns[:-1]):
            if col == skip:
                continue
            header = read_column(cells[col].rstrip(" :.*")) if not _is_data(cells[col]) else None
            value = columns[position + 1]
            if header is None or not (header.whole or header.score >= enough):
                continue
            other = read_header(cells[value].rstrip(" :.*"))
            if other is not None and other.score >= 0.75 and not _is_data(cells[value]) and other.element != "":
                continue
            pairs.append((index, col, header, value))
            found, skip = found + 1, value
        n_rows += bool(found)
        n_cells += len(cells) if found else 0
    wide = sum(len(cells) > 1 for _, cells in rows)
    if (
        len(pairs) * 3 < n_cells
    ):  # most cells of these rows are in no pair: two rows of a header, not labels with values
        return None
    if len(pairs) < 2 or n_rows * (3 if narrow else 2) < wide or (n_rows < 2 and len(pairs) < 2):
        return None
    labels = {(header.element, header.subtype, header.group) for _, _, header, _ in pairs}
    return pairs if len(labels) * 3 >= len(pairs) or len(labels) >= 4 else None


def unlabelled_name(rows: list[tuple[int, Cells]], pairs: list[tuple[int, int, Header, int]]) -> tuple[int, int] | None:
    """Return (row index, column) of the name of a form's person where no label that is known announces it.

    It is the first value that reads as a name and stands beside a cell, at most a few rows above the first label known.
    """
    if any(header.element == "name" and header.group in ("", "patient", "member") for _, _, header, _ in pairs):
        return None
    first = min(index for index, _, _, _ in pairs)
    taken = {(index, value) for index, _, _, value in pairs}
    for index in range(max(0, first - 3), min(len(rows), first + 3)):
        columns = sorted(rows[index][1])
        for left, col in pairwise(columns):
            text = rows[index][1][col]
            if (index, col) not in taken and len(text.split()) > 1 and not _is_data(text) and reads_as_name(text):
                known = read_header(rows[index][1][left].rstrip(" :.*"))
                if known is None or not known.element:
                    return index, col
    return None
