"""Rows of a table without boxes: which lines are one row whose texts were broken, and which are rows of their own."""

import bisect
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from rollcall.items.pdf.columns import Block, Span, split_line
from rollcall.items.pdf.shapes import Rule
from rollcall.items.pdf.texts import cell_text
from rollcall.items.pdf.words import Line, Word, line_of, lines_of

_JUMP = 1.06  # the step between rows is larger than that between broken lines by so much at least
_LIST = 3  # lines of a cell that may be rows of their own
_TALL = 8  # lines of an average row at most
_MOSTLY = 0.85


class _Piece(msgspec.Struct):
    """A line of the block by column; `across` is one that keeps to none."""

    line: Line
    cells: dict[int, list[Word]]
    across: bool


def rows_of(lines: Sequence[Line], block: Block, rules: Sequence[Rule], unit: float) -> list[list[str]]:
    """Return the cells of each row of a block of columns."""
    pieces = []
    for index in range(block.first, block.end):
        line, across = lines[index], index in block.across
        pieces.append(_Piece(line, {0: line.words} if across else split_line(line, block.columns), across))
    rooms = _rooms(pieces, len(block.columns))
    return [_cells(group, block.columns, rooms, unit) for group in _groups(pieces, block.columns, rules, rooms, unit)]


def open_rows(cells: Sequence[Sequence[Word]], columns: Sequence[Span], unit: float) -> list[list[str]]:
    """Return the rows in cells that hold a list each, line by line the same rows; none where texts are only broken."""
    counts = sorted((len(lines_of(words)) for words in cells if words), reverse=True)
    if len(counts) < 2 or counts[1] < _LIST:
        return []
    column = {word: col for col, words in enumerate(cells) for word in words}
    pieces = []
    for line in lines_of(list(column)):
        split: dict[int, list[Word]] = {}
        for word in line.words:
            split.setdefault(column[word], []).append(word)
        pieces.append(_Piece(line, split, across=False))
    rooms = [right - left - 2 * unit for left, right in columns]
    full = [piece for piece in pieces if len(piece.cells) * 10 >= 7 * len(counts)]
    ended = sum(not _continues(above, below, rooms, unit) for above, below in pairwise(pieces))
    if len(full) < _LIST or ended * 10 < 7 * (len(pieces) - 1):
        return []
    return [_cells(group, columns, rooms, unit) for group in _by_step(pieces) or _by_breaks(pieces, rooms, unit)]


def _rooms(pieces: Sequence[_Piece], n_columns: int) -> list[float]:
    """Return how wide the text of each column gets."""
    rooms = [0.0] * n_columns
    for piece in pieces:
        for col, words in piece.cells.items():
            if not piece.across:
                rooms[col] = max(rooms[col], words[-1].right - words[0].left)
    return rooms


def _cells(group: Sequence[_Piece], columns: Sequence[Span], rooms: Sequence[float], unit: float) -> list[str]:
    cells = []
    for col in range(len(columns)):
        lines = [line_of(piece.cells[col]) for piece in group if col in piece.cells]
        cells.append(cell_text(lines, rooms[col] + 2 * unit, unit))
    return cells


def _groups(
    pieces: Sequence[_Piece], columns: Sequence[Span], rules: Sequence[Rule], rooms: Sequence[float], unit: float
) -> Iterator[list[_Piece]]:
    bands = _bands(pieces, columns, rules)
    if len(bands) >= 3 and len(bands) * _TALL >= len(pieces) and not _ledger(bands, len(columns)):
        yield from bands
        return
    for band in bands:
        yield from _by_step(band) or _by_breaks(band, rooms, unit)


def _ledger(bands: Sequence[Sequence[_Piece]], n_columns: int) -> bool:
    """Say whether there are several rows between two rules: lines that fill most columns, more than one of them."""
    full = [sum(len(piece.cells) * 10 >= 7 * n_columns for piece in band) for band in bands]
    return sum(count > 1 for count in full) * 5 > len(bands)


def _bands(pieces: Sequence[_Piece], columns: Sequence[Span], rules: Sequence[Rule]) -> list[list[_Piece]]:
    """Return the lines between rules that go over at least half of the columns."""
    left, right = columns[0][0], columns[-1][1]
    marks = sorted(rule.at for rule in rules if min(rule.end, right) - max(rule.start, left) >= 0.5 * (right - left))
    found: dict[int, list[_Piece]] = {}
    for piece in pieces:
        found.setdefault(-bisect.bisect(marks, piece.line.bottom + 0.45 * piece.line.height), []).append(piece)
    return [found[key] for key in sorted(found)]


def _by_step(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Return groups of lines that stand closer to each other than to the rest; none where that says nothing."""
    steps = [above.line.bottom - below.line.bottom for above, below in pairwise(pieces)]
    if len(steps) < 2:
        return []
    ordered = sorted(steps)
    jump, low = max((after / max(before, 0.1), before) for before, after in pairwise(ordered))
    height = sorted(piece.line.height for piece in pieces)[len(pieces) // 2]
    if jump < _JUMP or low > 1.6 * height:
        return []
    groups = [[pieces[0]]]
    for piece, step in zip(pieces[1:], steps, strict=True):
        if step > low * (1 + (jump - 1) / 2):
            groups.append([])
        groups[-1].append(piece)
    return groups if _sound(groups) else []


def _sound(groups: Sequence[Sequence[_Piece]]) -> bool:
    """Say whether groups look like rows: nearly each says something in the first column, none says all twice."""
    if len(groups) < 2:
        return False
    keyed = sum(any(0 in piece.cells for piece in group) for group in groups)
    must = _mandatory([piece for group in groups for piece in group[:1]])
    twice = sum(
        sum(must <= piece.cells.keys() and not piece.across for piece in group) > 1
        for group in groups
        if len(group) > 1
    )
    several = sum(len(group) > 1 for group in groups)
    return keyed >= _MOSTLY * len(groups) and twice * 5 <= several


def _mandatory(pieces: Sequence[_Piece]) -> set[int]:
    """Return the columns that lines with a first column nearly always fill."""
    keyed = [piece for piece in pieces if 0 in piece.cells and len(piece.cells) > 1]
    columns = {col for piece in keyed for col in piece.cells}
    return {col for col in columns if sum(col in piece.cells for piece in keyed) >= _MOSTLY * len(keyed)} | {0}


def _by_breaks(pieces: Sequence[_Piece], rooms: Sequence[float], unit: float) -> list[list[_Piece]]:
    """Return rows told by what is missing: a line that says nothing but in columns that break goes on with the last."""
    broken = _breaking(pieces, len(rooms))
    others = set(range(len(rooms))) - broken
    telling = len(others) > 1 or bool(others & _mandatory(pieces))  # that all of them are blank
    steps = sorted(above.line.bottom - below.line.bottom for above, below in pairwise(pieces))
    near = 1.25 * steps[0] if steps else 0.0
    groups: list[list[_Piece]] = []
    above: _Piece | None = None
    for piece in pieces:
        joins = False
        if above is not None and not piece.across and not above.across:
            close = above.line.bottom - piece.line.bottom <= near
            head = len(groups) == 1 and _without_numbers((above, piece))
            if 0 in piece.cells:
                may = telling and piece.cells.keys() <= broken
            else:
                may = head or piece.cells.keys() <= broken or len(piece.cells) * 2 <= len(rooms)
            joins = close and may and _continues(above, piece, rooms, unit)
        if joins:
            groups[-1].append(piece)
        else:
            groups.append([piece])
        above = piece
    return _with_heads(groups, near)


def _breaking(pieces: Sequence[_Piece], n_columns: int) -> set[int]:
    """Return the columns whose texts may be broken: those of a varying number of words, or that short lines fill."""
    short = [piece for piece in pieces if len(piece.cells) * 2 <= n_columns and not piece.across]
    found = set()
    for col in range(n_columns):
        counts = Counter(len(piece.cells[col]) for piece in pieces if col in piece.cells and not piece.across)
        words, often = max(counts.items(), key=lambda one: one[1], default=(0, 0))
        goes_on = sum(col in piece.cells for piece in short)
        if words > 3 or often * 10 < 9 * counts.total() or (goes_on > 2 and goes_on * 10 > len(short)):
            found.add(col)
    return found


def _without_numbers(pieces: Sequence[_Piece]) -> bool:
    words = [word for piece in pieces for some in piece.cells.values() for word in some]
    return not any(char.isdigit() for word in words for char in word.text)


def _continues(above: _Piece, piece: _Piece, rooms: Sequence[float], unit: float) -> bool:
    """Say whether each text of a line goes on with the one over it, which had no room for its next word."""
    for col, words in piece.cells.items():
        before = above.cells.get(col)
        if before is None:
            return False
        width = before[-1].right - before[0].left + 0.5 * unit + words[0].right - words[0].left
        if width < rooms[col] - 0.5 * unit:
            return False
    return True


def _with_heads(groups: list[list[_Piece]], near: float) -> list[list[_Piece]]:
    """Return the groups with heads that stand on their last line put together."""
    if len(groups) < 3 or 0 in groups[0][0].cells or 0 not in groups[1][0].cells:
        return groups
    first, second = groups[0][-1], groups[1][0]
    close = first.line.bottom - second.line.bottom <= near
    if close and _without_numbers((first, second)):
        return [[*groups[0], *groups[1]], *groups[2:]]
    return groups
