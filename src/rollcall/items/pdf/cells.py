"""The text in the cells of a ruled grid, and whether the grid is a table of data or a form of boxes.

A table goes on as rows. Of a form each box is said by itself, so that a label and its value stay together.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise

import msgspec

from rollcall.items.pdf.rows import open_rows
from rollcall.items.pdf.ruled import Lattice
from rollcall.items.pdf.texts import cell_text
from rollcall.items.pdf.words import ENTERED, GAP, Line, Word, joined, lines_of, segments

_SAME_ROWS = 0.6  # of the rows parted at the same places: the whole grid is one table
_BAND = 4  # rows parted at the same places that make a table inside a form
_LONG = 12  # lines in one box: it frames running text
_FEW = 3  # filled cells a table has at least
_LARGER = 1.2  # times the height of a label at least is what stands under it
_NARROW = 5.0  # points: empty stretches no wider lie between double rules

Span = tuple[float, float]


class Grid(msgspec.Struct):
    """A ruled grid with its words."""

    lattice: Lattice
    words: dict[int, list[Word]] = msgspec.field(default_factory=dict)  # by cell
    holds_grid: bool = False  # another one lies inside, so this one only lays out


def fill(lattices: Sequence[Lattice], words: Iterable[Word]) -> tuple[list[Grid], list[Word]]:
    """Return the grids with their words, and the words that stand in none. The smaller of two grids takes a word."""
    grids = [Grid(lattice) for lattice in lattices]
    free: list[Word] = []
    before: Word | None = None
    place: tuple[Grid, int] | None = None
    spilling = False
    for word in words:
        if not (spilling and before is not None and _goes_on(before, word)):
            place, spilling = _place(grids, word), False
        if place is None:
            free.append(word)
        else:
            place[0].words.setdefault(place[1], []).append(word)
            spilling = spilling or _spills(place[0].lattice, place[1], word)
        before = word
    for index, grid in enumerate(grids):
        left, bottom, right, top = grid.lattice.box
        middle = ((left + right) / 2, (bottom + top) / 2)
        for outer in grids[index + 1 :]:
            outer.holds_grid = outer.holds_grid or outer.lattice.holds(*middle)
    return grids, free


def _place(grids: Sequence[Grid], word: Word) -> tuple[Grid, int] | None:
    x, y = (word.left + word.right) / 2, word.middle
    for grid in grids:
        if grid.lattice.holds(x, y):
            # Of a word over a rule the cell in which it begins is its own.
            row, col = grid.lattice.field(min(x, word.left + 0.3 * word.height), y)
            return grid, int(grid.lattice.cell[row, col])
    return None


def _spills(lattice: Lattice, cell: int, word: Word) -> bool:
    """Say whether a word runs on over the right side of its cell, as long texts do in exported sheets."""
    row, col = lattice.field(word.left + 0.3 * word.height, word.middle)
    while col + 1 < len(lattice.xs) - 1 and lattice.cell[row, col + 1] == cell:
        col += 1
    return word.right > lattice.xs[col + 1] + 1 and word.left < lattice.xs[col + 1] - 1


def _goes_on(before: Word, word: Word) -> bool:
    near = -0.1 * word.height < word.left - before.right < 0.4 * word.height
    return near and abs(before.bottom - word.bottom) < 0.2 * word.height and word.first <= before.last + 2


# --- text of a cell ---------------------------------------------------------------------------------------------------


def _cell_lines(grid: Grid, cell: int) -> list[Line]:
    return lines_of(grid.words.get(cell, ()))


def _texts(grid: Grid, unit: float) -> dict[int, str]:
    """Return the text of each cell that has any."""
    texts = {}
    spans = _spans(grid.lattice)
    for cell in grid.words:
        _, _, left, right = spans[cell]
        lines = _cell_lines(grid, cell)
        inner = min(max(min(line.words[0].left for line in lines) - left, 0.0), 6.0)
        texts[cell] = cell_text(lines, right - left - 2 * inner, unit)
    return texts


def _spans(lattice: Lattice) -> dict[int, tuple[int, int, float, float]]:
    """Return the first row and column of each cell, and its left and right."""
    spans: dict[int, tuple[int, int, float, float]] = {}
    for row, cells in enumerate(lattice.cell.tolist()):
        for col, cell in enumerate(cells):
            left, right = lattice.xs[col], lattice.xs[col + 1]
            if cell in spans:
                top, first, low, high = spans[cell]
                spans[cell] = (top, min(first, col), min(low, left), max(high, right))
            else:
                spans[cell] = (row, col, left, right)
    return spans


# --- table or form ----------------------------------------------------------------------------------------------------


def frames_text(grid: Grid) -> bool:
    """Say whether the boxes only frame running text, which is read as if they were not there."""
    counts = {cell: len(words) for cell, words in grid.words.items()}
    longest = max(counts, key=lambda cell: counts[cell], default=-1)
    if longest < 0:
        return True
    return counts[longest] * 2 > sum(counts.values()) and len(_cell_lines(grid, longest)) > _LONG


def bands(grid: Grid) -> list[tuple[int, int, bool]]:
    """Return stretches of rows (first, past the last) and whether each is a table of data."""
    lattice = grid.lattice
    n_rows = len(lattice.ys) - 1
    if grid.holds_grid or len(grid.words) < _FEW:
        return [(0, n_rows, False)]
    marks = [tuple(a != b for a, b in pairwise(cells)) for cells in lattice.cell.tolist()]
    tall = [row for row in range(n_rows) if lattice.ys[row] - lattice.ys[row + 1] > _NARROW]
    common, count = Counter(marks[row] for row in tall).most_common(1)[0] if tall else ((), 0)
    if sum(common) >= 1 and count >= 2 and count >= _SAME_ROWS * len(tall):
        return [(0, n_rows, True)]
    found: list[tuple[int, int, bool]] = []
    for mark, rows in groupby(range(n_rows), key=lambda row: marks[row]):
        some = list(rows)
        is_data = len(some) >= _BAND and sum(mark) >= 2
        if found and not is_data and not found[-1][2]:
            found[-1] = (found[-1][0], some[-1] + 1, False)
        else:
            found.append((some[0], some[-1] + 1, is_data))
    return found


def table_rows(grid: Grid, first: int, end: int, unit: float) -> tuple[list[Span], list[list[str]]]:
    """Return the places of columns, and the cells of each row from `first` to before `end`.

    A cell over several rows is said in each of them, one over several columns in the first.
    """
    lattice = grid.lattice
    texts = _texts(grid, unit)
    part = lattice.cell[first:end]
    parted = [0, *(col for col in range(1, part.shape[1]) if (part[:, col] != part[:, col - 1]).any())]
    xs = [*(lattice.xs[col] for col in parted), lattice.xs[-1]]
    cols = _wide(xs, lambda index: any(int(cell) in texts for cell in part[:, parted[index]]))
    rows = _wide(lattice.ys, lambda row: any(int(cell) in texts for cell in lattice.cell[row]))
    found = []
    for row in rows:
        if first <= row < end:
            cells = lattice.cell[row].tolist()
            places = [(xs[col], xs[col + 1]) for col in cols]
            inside = open_rows([grid.words.get(cells[parted[col]], []) for col in cols], places, unit)
            if inside and len({cells[parted[col]] for col in cols}) == len(cols):
                found += inside
                continue
            said: set[int] = set()
            line = []
            for col in cols:
                cell = cells[parted[col]]
                line.append("" if cell in said else texts.get(cell, ""))
                said.add(cell)
            found.append(line)
    return [(xs[col], xs[col + 1]) for col in cols], found


def _wide(marks: Sequence[float], filled: Callable[[int], bool]) -> list[int]:
    """Return the stretches between marks that are more than the gap between double rules."""
    return [index for index, (a, b) in enumerate(pairwise(marks)) if abs(b - a) > _NARROW or filled(index)]


def form_text(grid: Grid, first: int, end: int, unit: float) -> str:
    """Return the boxes of a form in reading order: a row of short ones as one line, else each by itself."""
    spans = _spans(grid.lattice)
    by_row: dict[int, list[int]] = {}
    for cell in sorted(grid.words, key=lambda one: spans[one][:2]):
        if first <= spans[cell][0] < end:
            by_row.setdefault(spans[cell][0], []).append(cell)
    text: list[str] = []
    for cells in by_row.values():
        boxes = [_box_lines(_cell_lines(grid, cell), unit) for cell in cells]
        if all(len(box) == 1 for box in boxes) and not any(": " in box[0] for box in boxes):
            text.append("\t".join(box[0] for box in boxes))
        else:
            text += [line for box in boxes for line in box]
    return "\n".join(text)


def _box_lines(lines: Sequence[Line], unit: float) -> list[str]:
    """Return the lines of a box; small print over larger, or over what was entered, is a label: "label: value"."""
    sets = [[joined(some) for some in segments(line.words, 2 * GAP * unit)] for line in lines]
    start = next((index for index in range(1, len(lines)) if _is_value(lines[index - 1], lines[index])), 0)
    if not start or not any(char.isalpha() for text in sets[start - 1] for char in text):
        return ["  ".join(texts) for texts in sets]
    labels, values, after = sets[:start], sets[start], ["  ".join(texts) for texts in sets[start + 1 :]]
    if start == 1 and len(values) == len(labels[0]) > 1:
        return ["   ".join(map(_named, labels[0], values)), *after]
    return [_named(" ".join(text for texts in labels for text in texts), "  ".join(values)), *after]


def _is_value(above: Line, line: Line) -> bool:
    entered = all(word.first >= ENTERED for word in line.words)
    return (entered or line.height >= _LARGER * above.height) and not all(word.first >= ENTERED for word in above.words)


def _named(label: str, value: str) -> str:
    return f"{label.rstrip(' :')}: {value}"
