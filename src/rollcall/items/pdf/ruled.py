"""Tables and forms whose cells are drawn: rules become a grid, a cell is what no rule parts."""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from operator import neg

import msgspec
import numpy as np
from numpy.typing import NDArray

from rollcall.items.pdf.shapes import Rule, Shapes

NEAR = 2.2  # points: rules no further apart are one; their ends reach each other over as much
_SHORT = 4.0  # points: what is shorter is a tick, an underlined space or part of a sign
_MOST_RULES = 6_000
_MOST_CELLS = 250_000
_COVERED = 0.55  # of the side of a cell must be drawn to part it from the next


class Lattice(msgspec.Struct):
    """A grid of rules. `cell` says for each field of it to which cell it belongs; rows go down the page."""

    xs: list[float]
    ys: list[float]  # from the top
    cell: NDArray[np.int64]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        return self.xs[0], self.ys[-1], self.xs[-1], self.ys[0]

    @property
    def area(self) -> float:
        """The paper it covers."""
        return (self.xs[-1] - self.xs[0]) * (self.ys[0] - self.ys[-1])

    def holds(self, x: float, y: float) -> bool:
        """Say whether a place lies inside."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[-1] <= y <= self.ys[0]

    def field(self, x: float, y: float) -> tuple[int, int]:
        """Return the row and column of a place inside."""
        col, row = bisect(self.xs, x) - 1, bisect(self.ys, -y, key=neg) - 1
        return min(max(row, 0), len(self.ys) - 2), min(max(col, 0), len(self.xs) - 2)


def lattices(shapes: Shapes) -> Iterator[Lattice]:
    """Yield the grids on a page, the smallest first; a lone frame and lines that part nothing are none."""
    across = merged(rule for rule in shapes.across if rule.end - rule.start >= _SHORT)
    upright = merged(rule for rule in shapes.upright if rule.end - rule.start >= _SHORT)
    if len(across) < 2 or len(upright) < 2 or len(across) + len(upright) > _MOST_RULES:
        return
    found = []
    for rows, cols in _groups(across, upright):
        lattice = _lattice([across[index] for index in rows], [upright[index] for index in cols])
        if lattice is not None and lattice.cell.max() > 0:
            found.append(lattice)
    yield from sorted(found, key=lambda one: one.area)


def levels(values: Iterable[float], near: float = NEAR) -> list[float]:
    """Return the middles of values that lie close together, ascending."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][0] <= near:
            found[-1].append(value)
        else:
            found.append([value])
    return [(some[0] + some[-1]) / 2 for some in found]


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Return rules with those that lie on one another or continue each other as one."""
    kept = list(rules)
    if len(kept) > 50 * _MOST_RULES:
        return []
    marks = levels(rule.at for rule in kept)
    borders = [(a + b) / 2 for a, b in pairwise(marks)]
    by_mark: dict[int, list[tuple[float, float]]] = {}
    for rule in kept:
        by_mark.setdefault(bisect(borders, rule.at), []).append((rule.start, rule.end))
    merged = []
    for index, spans in sorted(by_mark.items()):
        spans.sort()
        start, end = spans[0]
        for left, right in spans[1:]:
            if left - end <= NEAR:
                end = max(end, right)
            else:
                merged.append(Rule(marks[index], start, end))
                start, end = left, right
        merged.append(Rule(marks[index], start, end))
    return merged


def _groups(across: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the rules that cross or meet each other, directly or over others."""
    y, left, right = np.array(across).T
    x, bottom, top = np.array(upright).T
    meets = (x[None, :] >= left[:, None] - NEAR) & (x[None, :] <= right[:, None] + NEAR)
    meets &= (y[:, None] >= bottom[None, :] - NEAR) & (y[:, None] <= top[None, :] + NEAR)
    waiting = np.ones(len(across), bool)
    free = np.ones(len(upright), bool)
    while waiting.any():
        rows = np.zeros(len(across), bool)
        cols = np.zeros(len(upright), bool)
        fresh = np.zeros(len(across), bool)
        fresh[int(np.argmax(waiting))] = True
        while fresh.any():
            rows |= fresh
            more = meets[fresh].any(axis=0) & free & ~cols
            cols |= more
            fresh = meets[:, more].any(axis=1) & waiting & ~rows if more.any() else np.zeros_like(fresh)
        waiting &= ~rows
        free &= ~cols
        if rows.sum() >= 2 and cols.sum() >= 2:
            yield np.flatnonzero(rows).tolist(), np.flatnonzero(cols).tolist()


def _lattice(across: Sequence[Rule], upright: Sequence[Rule]) -> Lattice | None:
    xs = _marks([rule.at for rule in upright], [edge for rule in across for edge in (rule.start, rule.end)])
    ys = _marks([rule.at for rule in across], [edge for rule in upright for edge in (rule.start, rule.end)])[::-1]
    n_rows, n_cols = len(ys) - 1, len(xs) - 1
    if n_rows < 1 or n_cols < 1 or n_rows * n_cols > _MOST_CELLS:
        return None
    beside = _drawn(upright, xs, ys)[:, 1:-1]  # a rule between a field and the one to its right
    below = _drawn(across, ys, xs).T[1:-1, :]
    return Lattice(xs, ys, _cells(beside, below, n_rows, n_cols))


def _marks(marks: Sequence[float], ends: Sequence[float]) -> list[float]:
    """Return where a grid is parted; rules that stand out over its sides leave it open there, not cut."""
    found = levels(marks)
    reach = 4 * NEAR
    if min(ends) < found[0] - reach:
        found.insert(0, min(ends))
    if max(ends) > found[-1] + reach:
        found.append(max(ends))
    return found


def _drawn(rules: Sequence[Rule], marks: Sequence[float], others: Sequence[float]) -> NDArray[np.bool_]:
    """Return, for each stretch between two of `others` and each mark, whether a rule is drawn there."""
    low = np.minimum(np.array(others[:-1]), np.array(others[1:]))
    high = np.maximum(np.array(others[:-1]), np.array(others[1:]))
    share = np.zeros((len(low), len(marks)))
    places = np.array(marks)
    for rule in rules:
        mark = int(np.argmin(np.abs(places - rule.at)))
        share[:, mark] += np.clip(np.minimum(high, rule.end) - np.maximum(low, rule.start), 0, None)
    found: NDArray[np.bool_] = share >= _COVERED * (high - low)[:, None]
    return found


def _cells(beside: NDArray[np.bool_], below: NDArray[np.bool_], n_rows: int, n_cols: int) -> NDArray[np.int64]:
    """Return the number of the cell of each field: fields that no rule parts are one cell."""
    cell = np.full((n_rows, n_cols), -1, np.int64)
    number = 0
    for row in range(n_rows):
        for col in range(n_cols):
            if cell[row, col] >= 0:
                continue
            stack = [(row, col)]
            cell[row, col] = number
            while stack:
                r, c = stack.pop()
                for r2, c2, parted in (
                    (r, c + 1, c + 1 >= n_cols or beside[r, c]),
                    (r, c - 1, c < 1 or beside[r, c - 1]),
                    (r + 1, c, r + 1 >= n_rows or below[r, c]),
                    (r - 1, c, r < 1 or below[r - 1, c]),
                ):
                    if not parted and cell[r2, c2] < 0:
                        cell[r2, c2] = number
                        stack.append((r2, c2))
            number += 1
    return cell
