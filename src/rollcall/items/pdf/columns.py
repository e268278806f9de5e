"""Columns that only gaps show: stretches of lines that leave the same gutters free, as tables and as prose.

Nothing of what the words say is looked at, but whether labels end in colons: lines of labels with values are a form.
"""

import math
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec
import numpy as np

from rollcall.items.pdf.words import GAP, Line, Word

_LEAST = 3  # lines with gaps that make columns
_LOOSE = 3  # lines without gaps (heads of groups, sums) between two rows
_APART = 2.6  # of the usual distance between lines: more is another block
_BRIDGED = 0.08  # share of lines whose text may run across a gutter
_MOST = 20_000_000  # of the fields that lines and steps across the page make
_TRIES = 60  # parts of a run that are looked at
_STEP = 0.5  # points: how finely the width of the page is looked at
_GUTTER = 1.45  # word spaces a gutter is wide at least
_TIGHT = 0.4  # of a word space, where spaces are written
_PROSE = 3.5  # words of a line of running text in a narrow column

Span = tuple[float, float]


class Block(msgspec.Struct):
    """Lines `first` to before `end` that stand in columns; `across` are those that keep to none."""

    first: int
    end: int
    columns: list[Span]
    across: set[int]
    prose: bool = False


class Spacing(msgspec.Struct, frozen=True):
    """How words are apart on a page."""

    unit: float  # the width of a character
    height: float  # of a letter
    space: float  # the gap between two words of a sentence
    typed: bool  # sentences are written with their spaces, so a gap without one parts two texts

    @property
    def gutter(self) -> float:
        """The least width of a gutter."""
        return max(_TIGHT * self.space, 1.0) if self.typed else _GUTTER * self.space

    def parts(self, left: Word, right: Word) -> bool:
        """Say whether two words beside each other are of different texts."""
        gap = (right.left - left.right) / self._scale(left)
        return gap >= GAP * self.unit or (self.typed and gap >= self.gutter and not self.joins(left, right))

    def joins(self, left: Word, right: Word) -> bool:
        """Say whether two words beside each other are of one text."""
        gap = (right.left - left.right) / self._scale(left)
        if gap > _GUTTER * self.space:
            return False
        return not self.typed or (right.typed and right.first == left.last + 2) or gap < self.gutter

    def _scale(self, word: Word) -> float:
        """Return how much larger than the rest a word is, so wider its spaces: titles are."""
        return max(1.0, word.height / self.height)

    def stretches(self, words: Sequence[Word]) -> list[list[Word]]:
        """Return the words of a line by text."""
        found = [[words[0]]]
        for left, right in pairwise(words):
            if self.parts(left, right):
                found.append([])
            found[-1].append(right)
        return found


def spacing(lines: Sequence[Line], unit: float) -> Spacing:
    """Return how words are apart on a page."""
    near = [
        (right.left - left.right, right.typed and right.first == left.last + 2)
        for line in lines
        for left, right in pairwise(line.words)
        if 0.08 * left.height < right.left - left.right < 0.65 * left.height
    ]
    heights = sorted(line.height for line in lines)
    height = max(heights[len(heights) // 2], 0.1)
    typed = sorted(gap for gap, is_typed in near if is_typed)
    if len(typed) > 2 and len(typed) * 20 > len(near):
        return Spacing(unit, height, typed[len(typed) // 2], True)
    gaps = sorted(gap for gap, _ in near)
    return Spacing(unit, height, gaps[len(gaps) // 2] if gaps else 0.25 * height, False)


def find_blocks(lines: Sequence[Line], unit: float, known: Sequence[Span] = ()) -> Iterator[Block]:
    """Yield the blocks of columns on a page from the top; `unit` is the width of a character.

    `known` are the columns of a table on the page before: one or two lines that keep to them are its last rows.
    """
    apart = spacing(lines, unit)
    is_wide = [len(apart.stretches(line.words)) > 1 for line in lines]
    for run in _runs(lines, is_wide, apart):
        if len(known) > 1 and sum(is_wide[index] for index in run) < _LEAST:
            block = _block(lines, run, list(known), set(), apart, least=1)
            if block is not None and not block.across:
                yield block
            continue
        yield from _fitted(lines, run, is_wide, apart)


def _runs(lines: Sequence[Line], is_wide: Sequence[bool], apart: Spacing) -> Iterator[list[int]]:
    """Yield stretches of lines near each other of which every few have wide gaps."""
    run: list[int] = []
    loose, first = 0, 0.0
    steps = [a.bottom - b.bottom for (a, b), wide in zip(pairwise(lines), is_wide, strict=False) if wide]
    usual = sorted(steps)[len(steps) // 2] if steps else 0.0
    for index, line in enumerate(lines):
        step = lines[index - 1].bottom - line.bottom if index else 0.0
        if run and step > max(_APART * usual, 2.2 * line.height):
            yield run[: _last(run, is_wide)]
            run, loose = [], 0
        if is_wide[index]:
            run.append(index)
            loose, first = 0, apart.stretches(line.words)[0][-1].right
        elif run:
            run.append(index)
            # What begins right of the first text may be the rest of one that was broken in its cell.
            loose += line.words[0].left <= first + apart.space
            if loose > _LOOSE:
                yield run[: _last(run, is_wide)]
                run, loose = [], 0
    if run:
        yield run[: _last(run, is_wide)]


def _last(run: Sequence[int], is_wide: Sequence[bool]) -> int:
    """Return how many lines of a run there are up to its last wide one."""
    return max(place for place, index in enumerate(run, 1) if is_wide[index])


def _fitted(lines: Sequence[Line], run: list[int], is_wide: Sequence[bool], apart: Spacing) -> Iterator[Block]:
    """Yield the blocks of a run; one whose lines do not fit together is parted where the distance is greatest."""
    pending, tries = [run], 0
    while pending and tries < _TRIES:
        part, tries = pending.pop(), tries + 1
        wide = [index for index in part if is_wide[index]]
        if len(wide) < _LEAST:
            continue
        columns, off = _columns([lines[index] for index in wide], apart)
        off = {wide[index] for index in off}
        if len(columns) >= 2 and _filled([lines[index] for index in wide if index not in off], columns, apart):
            block = _block(lines, part, columns, off, apart)
            if block is not None:
                yield block
            continue
        pending += reversed(_parted(lines, part))


def _parted(lines: Sequence[Line], part: list[int]) -> list[list[int]]:
    """Return a run in two, cut where the lines are furthest apart; nothing where they are evenly spaced."""
    steps = [(lines[a].bottom - lines[b].bottom, index) for index, (a, b) in enumerate(pairwise(part), 1)]
    if not steps:
        return []
    widest, place = max(steps, key=lambda one: (one[0], -one[1]))
    usual = sorted(step for step, _ in steps)[len(steps) // 2]
    if widest < 1.25 * usual:
        return []
    return [part[:place], part[place:]]


def _columns(wide: Sequence[Line], apart: Spacing) -> tuple[list[Span], set[int]]:
    """Return the stretches that hold text, and which lines run across what the others leave free."""
    low = min(line.words[0].left for line in wide)
    high = max(word.right for line in wide for word in line.words)
    size = int((high - low) / _STEP) + 2
    if size * len(wide) > _MOST:
        return [], set()
    covered = np.zeros((len(wide), size), bool)
    for row, line in enumerate(wide):
        before: Word | None = None
        for word in line.words:
            left = before.right if before is not None and apart.typed and apart.joins(before, word) else word.left
            covered[row, int((min(left, word.left) - low) / _STEP) : int(np.ceil((word.right - low) / _STEP))] = True
            before = word
    counts = covered.sum(axis=0)
    least = max(apart.gutter / _STEP, 2)
    clear = _free(counts, 0, least)
    off: set[int] = set()
    limit = max(int(len(wide) * _BRIDGED), 1 if len(wide) >= 8 else 0)
    for start, end in _free(counts, limit, least) if limit else ():
        if start == 0 or end >= size - 2 or any(first < end and start < last for first, last in clear):
            continue
        crossing = set(np.flatnonzero(covered[:, start:end].any(axis=1)).tolist())
        if len(off | crossing) <= limit:
            off |= crossing
    if off:
        kept = np.array([row not in off for row in range(len(wide))])
        clear = _free(covered[kept].sum(axis=0), 0, least)
    inner = [(start, end) for start, end in clear if start > 0 and end < size - 2]
    edges = [0, *(place for span in inner for place in span), size - 1]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    return [(low + start * _STEP, low + end * _STEP) for start, end in spans], off


def _free(counts: np.ndarray, limit: int, least: float) -> list[tuple[int, int]]:
    """Return the stretches, at least so wide, that no more than `limit` lines write in."""
    free = np.concatenate(([False], counts <= limit, [False]))
    edges = np.flatnonzero(free[1:] != free[:-1]).reshape(-1, 2)
    return [(start, end) for start, end in edges.tolist() if end - start >= least]


def _filled(kept: Sequence[Line], columns: Sequence[Span], apart: Spacing) -> bool:
    """Say whether the columns hold what the lines say apart: most lines part where the gutters are."""
    texts = cells = 0
    for line in kept:
        some = apart.stretches(line.words)
        texts += len(some)
        cells += len({column_of(columns, words[0].left, words[-1].right) for words in some})
    return cells * 10 >= texts * 8


def column_of(columns: Sequence[Span], left: float, right: float) -> int:
    """Return the column that most of a text stands in."""
    index = max(bisect(columns, (left, math.inf)) - 1, 0)
    if index + 1 == len(columns) or right <= columns[index + 1][0]:
        return index
    shared = [min(right, end) - max(left, start) for start, end in columns]
    return max(range(len(columns)), key=lambda index: (shared[index], -index))


def _crosses(columns: Sequence[Span], words: Sequence[Word], apart: Spacing) -> bool:
    """Say whether running text goes over the gutter between two columns."""
    for left, right in pairwise(words):
        if apart.joins(left, right) and (
            column_of(columns, left.left, left.right) != column_of(columns, right.left, right.right)
        ):
            return True
    return any(
        word.left < start - 1 and word.right > end + 1 for word in words for (_, start), (end, _) in pairwise(columns)
    )


def _block(
    lines: Sequence[Line], part: list[int], columns: list[Span], off: set[int], apart: Spacing, least: int = _LEAST
) -> Block | None:
    part = [*_beyond(lines, part[0], -1, columns, apart), *part, *_beyond(lines, part[-1], 1, columns, apart)]
    across = {index for index in part if index in off or _crosses(columns, lines[index].words, apart)}
    inside = [index for index in part if index not in across]
    # A line in the first column alone, over or below the rest, is a title or a note.
    while inside and _columns_of(lines[inside[0]], columns) == {0}:
        inside.pop(0)
    if len(inside) < least:
        return None
    first, end = inside[0], inside[-1] + 1
    block = Block(first, end, columns, {index for index in across if first <= index < end})
    block.prose = _is_prose([lines[index] for index in inside], columns)
    return block


def _beyond(lines: Sequence[Line], edge: int, step: int, columns: Sequence[Span], apart: Spacing) -> list[int]:
    """Return the lines over or under a block that are the rest of a text in one of its later columns."""
    found: list[int] = []
    index = edge + step
    while 0 <= index < len(lines):
        line = lines[index]
        inside = columns[1][0] - 1 <= line.words[0].left and line.words[-1].right <= columns[-1][1] + apart.space
        near = abs(lines[index - step].bottom - line.bottom) < 1.6 * line.height
        if not (inside and near) or _crosses(columns, line.words, apart):
            break
        found.append(index)
        index += step
    return sorted(found)


def _columns_of(line: Line, columns: Sequence[Span]) -> set[int]:
    return {column_of(columns, word.left, word.right) for word in line.words}


def split_line(line: Line, columns: Sequence[Span]) -> dict[int, list[Word]]:
    """Return the words of a line by column."""
    found: dict[int, list[Word]] = {}
    for word in line.words:
        found.setdefault(column_of(columns, word.left, word.right), []).append(word)
    return found


def _is_prose(kept: Sequence[Line], columns: Sequence[Span]) -> bool:
    """Say whether each column is running text that was not drawn line by line across the page."""
    counts: list[list[int]] = [[] for _ in columns]
    apart = both = 0
    for line in kept:
        cells = split_line(line, columns)
        for col, words in cells.items():
            counts[col].append(len(words))
        for left, right in pairwise(cells[col] for col in sorted(cells)):
            both += 1
            last, first = max(word.last for word in left), min(word.first for word in right)
            apart += first < last or first > last + 3
    if len(columns) > 4 or not both:
        return False
    return apart * 2 > both and all(some and sum(some) >= _PROSE * len(some) for some in counts)
