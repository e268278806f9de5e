"""The text of a picture as it lies on the paper: words in lines, and gaps between columns kept as runs of spaces.

The same form as `items/pdf/written.py` gives the text of a PDF: labels keep their values, lists their columns.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

_GAP = 1.5  # character widths that part two columns; a word space is at most one
_MAX_COLUMN = 2_000
_SAME_LINE = 0.5  # of a height that two neighbours of one line may differ by
_PROSE_WORDS = 4


class Placed(NamedTuple):
    """A word upright on the page, in pixels."""

    text: str
    left: float  # where its ink begins and ends
    right: float
    first: float  # the middles of its outer letters
    last: float
    y: float  # of its middle
    height: float
    slope: float  # of its line: down for each step to the right; what is left of it after the page was turned upright
    line: int  # words with the same number were read as one line


class Laid(NamedTuple):
    """A text, and where each word begins in it: (number of the word as given, start), in the order of reading."""

    text: str
    starts: list[tuple[int, int]]


Line = list[int]  # numbers of words, from left to right


def lay_out(words: Sequence[Placed]) -> Laid:
    """Return the words as a text in the order of reading."""
    if not words:
        return Laid("", [])
    width = _character_width(words)
    lines = _lines(words)
    columns = _prose(words, lines, width) or [lines]
    text: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for column in columns:
        for line in _written(words, column, width):
            for number, at in line[1]:
                starts.append((number, length + at))
            text.append(line[0])
            length += len(line[0]) + 1
    return Laid("\n".join(text), starts)


def _pitch(word: Placed) -> float | None:
    """Return how far the letters of a word are from one another."""
    return (word.last - word.first) / (len(word.text) - 1) if len(word.text) > 1 and word.last > word.first else None


def _character_width(words: Sequence[Placed]) -> float:
    """Return the width that stands for one character: that of all, or in a proportional face a narrow one."""
    widths = sorted(pitch for word in words if len(word.text) >= 4 and (pitch := _pitch(word)))
    widths = widths or sorted(pitch for word in words if (pitch := _pitch(word)))
    if not widths:
        widths = sorted((word.right - word.left) / len(word.text) for word in words)
    middle = max(widths[len(widths) // 2], 0.1)
    same = sum(abs(width - middle) <= 0.08 * middle for width in widths)
    return middle if same * 10 >= 8 * len(widths) else 0.8 * middle


def _gap(before: Placed, after: Placed, width: float) -> float:
    """Return how far two words are apart: between their ink, or their letters' cells, whichever is less.

    In a typewriter face thin letters leave much room beside them, so ink alone would see columns where there are none.
    """
    cells = after.first - before.last - ((_pitch(before) or width) + (_pitch(after) or width)) / 2
    return min(after.left - before.right, cells)


def _lines(words: Sequence[Placed]) -> list[Line]:
    """Return the words line by line from the top; a line is followed by its slope, so a tilted photograph has lines."""
    read: dict[int, Line] = {}
    for number in sorted(range(len(words)), key=lambda one: words[one].left):
        read.setdefault(words[number].line, []).append(number)
    lines: list[Line] = []
    for piece in read.values():  # by their left ends
        word = words[piece[0]]
        best, least = None, _SAME_LINE
        for line in lines:
            last = words[line[-1]]
            tall = max(min(last.height, word.height), 0.1)
            slope = (last.slope + word.slope) / 2
            off = abs(word.y - last.y - slope * (word.left - last.right)) / tall
            overlaps = word.left < last.right - 0.5 * tall
            if off < least and not overlaps:
                best, least = line, off
        if best is None:
            lines.append(piece)
        else:
            best += piece
    left = min(word.left for word in words)
    slopes = sorted(word.slope for word in words)
    usual = slopes[len(slopes) // 2]
    return sorted(lines, key=lambda line: words[line[0]].y - usual * (words[line[0]].left - left))


def _segments(words: Sequence[Placed], line: Line, width: float) -> list[Line]:
    """Return a line's words in pieces, cut where a gap parts two columns."""
    pieces: list[Line] = [[line[0]]]
    for before, number in pairwise(line):
        if _gap(words[before], words[number], width) >= 2 * _GAP * width:
            pieces.append([])
        pieces[-1].append(number)
    return pieces


def _prose(words: Sequence[Placed], lines: list[Line], width: float) -> list[list[Line]] | None:
    """Return two columns of sentences apart, or None where reading across the page is right."""
    edges: list[float] = []
    beside = 0
    for line in lines:
        pieces = _segments(words, line, width)
        if len(pieces) == 2 and all(len(piece) >= _PROSE_WORDS and not _labels(words, piece) for piece in pieces):
            beside += 1
            edges.append(words[pieces[1][0]].left)
    if beside < 4 or beside * 3 <= len(lines):
        return None
    edges.sort()
    gutter = edges[len(edges) // 2] - 1.5 * width
    if edges[-1 - len(edges) // 8] - edges[len(edges) // 8] > 6 * width:  # they do not begin at one place
        return None
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        parts = ([one for one in line if words[one].left < gutter], [one for one in line if words[one].left >= gutter])
        for column, part in zip((left, right), parts, strict=True):
            if part:
                column.append(part)
    return [left, right]


def _labels(words: Sequence[Placed], piece: Line) -> bool:
    return any(words[number].text.endswith(":") for number in piece)


def _written(words: Sequence[Placed], lines: list[Line], width: float) -> list[tuple[str, list[tuple[int, int]]]]:
    margin = min(words[number].left for line in lines for number in line)
    heights = [words[line[0]].y for line in lines]
    pitch = sorted(below - above for above, below in pairwise(heights))
    usual = pitch[len(pitch) // 2] if pitch else 0.0
    written: list[tuple[str, list[tuple[int, int]]]] = []
    for index, line in enumerate(lines):
        if index and usual > 0 and heights[index] - heights[index - 1] > 1.6 * usual:
            written.append(("", []))
        text, before = "", words[line[0]]
        starts: list[tuple[int, int]] = []
        for number in line:
            word = words[number]
            column = min(round((word.left - margin) / width), _MAX_COLUMN)
            if not text:
                text = " " * column
            else:
                text += " " * (1 if _gap(before, word, width) < _GAP * width else max(2, column - len(text)))
            starts.append((number, len(text)))
            text, before = text + word.text, word
        written.append((text, starts))
    return written
