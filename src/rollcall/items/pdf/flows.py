"""Columns of prose on a page, told by the order of drawing: down one column, then from the top down the next.

Lines of two such columns need not stand at the same heights, so each column is read by itself. Tables are drawn row by
row, and what is drawn column by column but says little in each line is a list: both are left as they are.
"""

from collections.abc import Sequence
from itertools import combinations

import msgspec

from rollcall.items.pdf.words import SAME_LINE, Word

_LINES = 4  # of a column
_WORDS = 3.5  # of a line of prose
_EDGE = 0.1  # share of lines that may stand out of a column on either side
_SLACK = 3.0  # points
_KNOWN = 3  # lines that show how wide a column is
_NARROW = 120.0  # points: a column is wider, whatever its first lines are
_MOST = 4_000  # lines of a page

Drawn = list[Word]  # words of one line, drawn one after the other


class _Flow(msgspec.Struct):
    """Lines drawn one below the other."""

    lines: list[Drawn]
    left: float = 0.0
    right: float = 0.0

    @property
    def top(self) -> float:
        return max(line[0].bottom for line in self.lines)

    @property
    def bottom(self) -> float:
        return min(line[0].bottom for line in self.lines)

    def is_prose(self) -> bool:
        return len(self.lines) >= _LINES and sum(map(len, self.lines)) >= _WORDS * len(self.lines)


class Columns(msgspec.Struct):
    """Words over the columns of a page, in each of them, and below."""

    above: list[Word]
    columns: list[list[Word]]
    below: list[Word]


def prose_columns(words: Sequence[Word]) -> Columns | None:
    """Return the words of a page by column, or None where it has none; `words` come in the order of drawing."""
    lines = _drawn(words)
    if not 2 * _LINES <= len(lines) <= _MOST:
        return None
    every = [flow for flow in _flows(lines) if len(flow.lines) >= _LINES]
    flows = [flow for flow in every if flow.is_prose()]
    if not 2 <= len(flows) <= 200 or _of_a_table(every, flows):
        return None
    beside: set[int] = set()
    for (i, one), (j, other) in combinations(enumerate(flows), 2):
        if _side_by_side(one, other):
            beside |= {i, j}
    spans = _spans([flows[index] for index in sorted(beside)])
    if not 2 <= len(spans) <= 6:
        return None
    top = max(flows[index].top for index in beside)
    bottom = min(flows[index].bottom for index in beside)
    return _sorted(lines, spans, top, bottom)


def _drawn(words: Sequence[Word]) -> list[Drawn]:
    lines: list[Drawn] = []
    for word in words:
        before = lines[-1][-1] if lines else None
        if (
            before is not None
            and abs(before.bottom - word.bottom) < SAME_LINE * max(before.height, word.height)
            and -0.5 * word.height < word.left - before.right < 2.0 * word.height
        ):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _flows(lines: Sequence[Drawn]) -> list[_Flow]:
    flows: list[_Flow] = []
    for line in lines:
        last = flows[-1].lines[-1] if flows else None
        below = last is not None and line[0].bottom <= last[0].bottom + 0.2 * line[0].height and _over(last, line)
        if below and _keeps(flows[-1], line):
            flows[-1].lines.append(line)
            if len(flows[-1].lines) <= _KNOWN:
                flows[-1].left = min(flows[-1].left, line[0].left)
                flows[-1].right = max(flows[-1].right, line[-1].right)
        else:
            flows.append(_Flow([line], line[0].left, line[-1].right))
    for flow in flows:
        skipped = int(_EDGE * len(flow.lines))
        flow.left = sorted(line[0].left for line in flow.lines)[skipped]
        flow.right = sorted(line[-1].right for line in flow.lines)[-1 - skipped]
    return flows


def _keeps(flow: _Flow, line: Drawn) -> bool:
    """Say whether a line stays within the width of a column, as soon as that is known."""
    reach = 0.75 * max(flow.right - flow.left, _NARROW)
    return len(flow.lines) < _KNOWN or (line[0].left > flow.left - reach and line[-1].right < flow.right + reach)


def _over(last: Drawn, line: Drawn) -> bool:
    shared = min(last[-1].right, line[-1].right) - max(last[0].left, line[0].left)
    return shared > 0.3 * min(last[-1].right - last[0].left, line[-1].right - line[0].left)


def _of_a_table(every: Sequence[_Flow], flows: Sequence[_Flow]) -> bool:
    """Say whether something that is no prose stands line by line beside it: names and dates of the same rows."""
    for other in every:
        if other.is_prose() or any(_within(other, flow) for flow in flows):
            continue
        levels = [line[0].bottom for line in other.lines]
        for flow in flows:
            marks = {round(line[0].bottom) for line in flow.lines}
            if sum(bool({round(one - 0.5), round(one + 0.5)} & marks) for one in levels) * 5 >= 4 * len(levels):
                return True
    return False


def _within(other: _Flow, flow: _Flow) -> bool:
    """Say whether short lines stand in the same column as a stretch of prose."""
    return min(other.right, flow.right) - max(other.left, flow.left) > 0.5 * (other.right - other.left)


def _side_by_side(one: _Flow, other: _Flow) -> bool:
    left, right = (one, other) if one.left < other.left else (other, one)
    if left.right > right.left + _SLACK:
        return False
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.4 * min(one.top - one.bottom, other.top - other.bottom)


def _spans(flows: Sequence[_Flow]) -> list[tuple[float, float]]:
    """Return the stretches of the page's width that columns take, from the left; none where they overlap."""
    spans: list[tuple[float, float]] = []
    for flow in sorted(flows, key=lambda one: one.left):
        if spans and flow.left < spans[-1][1] - _SLACK:
            left, right = spans[-1]
            if min(right, flow.right) - flow.left < 0.5 * min(right - left, flow.right - flow.left):
                return []
            spans[-1] = (left, max(right, flow.right))
        else:
            spans.append((flow.left, flow.right))
    return spans


def _sorted(lines: Sequence[Drawn], spans: Sequence[tuple[float, float]], top: float, bottom: float) -> Columns:
    found = Columns([], [[] for _ in spans], [])
    for line in lines:
        left, right, y = line[0].left, line[-1].right, line[0].bottom
        inside = [
            index for index, (low, high) in enumerate(spans) if left >= low - 2 * _SLACK and right <= high + 2 * _SLACK
        ]
        if inside and bottom - 0.5 <= y <= top + 0.5:
            found.columns[inside[0]] += line
        elif y > (top + bottom) / 2:
            found.above += line
        else:
            found.below += line
    return found
