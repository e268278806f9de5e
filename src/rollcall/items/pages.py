"""The text of a page as it lies on the paper: words in lines, and gaps between columns kept as runs of spaces.

PDFium gives characters in the order they were drawn and one space for any gap, so a printed list loses its columns.
Here characters go to lines by their height, and a gap wider than between words becomes as many spaces as fit in it.
Pages of two columns of prose, and turned ones, are left as PDFium reads them: across the columns they make no sense.
"""

import ctypes
from itertools import pairwise
from typing import Any, NamedTuple

_GAP = 1.5  # character widths that part two columns; a word space is at most one
_WORD = 0.18  # of a character width: less than this and the next letter is of the same word
_PARTED = frozenset((0x02, 0xFFFE))  # stand where a word was parted at the end of a line
_MAX_COLUMN = 2_000
_PROSE_WORDS = 4


class _Run(NamedTuple):
    """Characters drawn one after the other on one line without a wide gap."""

    y: float
    left: float
    right: float
    height: float
    first: int
    last: int
    text: str


def laid_out(textpage: Any) -> str | None:
    """Return the text of a page with its columns apart, or None where reading across the page would be wrong."""
    boxes = _boxes(textpage)
    if not boxes:
        return None
    width = _character_width(boxes)
    if width <= 0 or _turned(boxes):
        return None
    lines = _lines(_runs(boxes, width))
    if _prose_columns(lines):
        return None
    return _written(lines, width)


class _Box(NamedTuple):
    number: int
    char: str
    left: float
    right: float
    bottom: float
    top: float


def _boxes(textpage: Any) -> list[_Box]:
    import pypdfium2.raw as raw

    found = []
    rect = raw.FS_RECTF()
    place = ctypes.byref(rect)
    for index in range(textpage.count_chars()):
        point = raw.FPDFText_GetUnicode(textpage, index)
        if point in _PARTED:
            point = 0x2D
        elif point <= 0x20 or point == 0xA0:
            continue
        if raw.FPDFText_GetLooseCharBox(textpage, index, place):
            found.append(_Box(index, chr(point), rect.left, rect.right, rect.bottom, rect.top))
    return found


def _character_width(boxes: list[_Box]) -> float:
    """Return the width that stands for one character: that of all, or in a proportional face a narrow one.

    With a narrow one no text takes more characters than there is room, so columns stay in line.
    """
    widths = sorted(box.right - box.left for box in boxes if box.right > box.left)
    if not widths:
        return 0.0
    middle = widths[len(widths) // 2]
    same = sum(abs(width - middle) <= 0.03 * middle for width in widths)
    return middle if same * 10 >= 9 * len(widths) else 0.8 * middle


def _turned(boxes: list[_Box]) -> bool:
    """Say whether the text runs up or down the page: most characters follow each other above, not beside."""
    above = sum(
        abs(after.left - before.left) < abs(after.bottom - before.bottom)
        and abs(after.bottom - before.bottom) < 2 * (before.top - before.bottom)
        for before, after in pairwise(boxes)
    )
    return above * 2 > len(boxes)


def _runs(boxes: list[_Box], width: float) -> list[_Run]:
    runs: list[_Run] = []
    chars: list[str] = []
    start = before = boxes[0]
    for box in boxes:
        height = max(before.top - before.bottom, 0.1)
        same_line = abs(box.bottom - before.bottom) < 0.35 * height
        gap = box.left - before.right
        if chars and not (same_line and -height < gap < _GAP * width):
            runs.append(_run(start, before, chars))
            chars = []
        if not chars:
            start = box
        elif gap > _WORD * width and (gap > 0.5 * width or box.number > before.number + 1):
            chars.append(" ")
        chars.append(box.char)
        before = box
    runs.append(_run(start, before, chars))
    return runs


def _run(start: _Box, end: _Box, chars: list[str]) -> _Run:
    text = "".join(chars).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _Run(start.bottom, start.left, end.right, start.top - start.bottom, start.number, end.number, text)


def _lines(runs: list[_Run]) -> list[list[_Run]]:
    """Return the runs line by line from the top, each from left to right."""
    lines: list[list[_Run]] = []
    for run in sorted(runs, key=lambda one: (-one.y, one.left)):
        if lines and abs(lines[-1][0].y - run.y) < 0.35 * max(run.height, 0.1):
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda one: (one.left, one.first)) for line in lines]


def _prose_columns(lines: list[list[_Run]]) -> bool:
    """Say whether lines lie side by side that were not drawn one after the other and read as sentences."""
    beside = 0
    for line in lines:
        drawn_apart = any(right.first < left.last or right.first > left.last + 3 for left, right in pairwise(line))
        words = sum(len(run.text.split()) for run in line)
        beside += drawn_apart and len(line) == 2 and words >= 2 * _PROSE_WORDS
    return beside * 3 > len(lines)


def _written(lines: list[list[_Run]], width: float) -> str:
    margin = min(run.left for line in lines for run in line)
    pitch = sorted(above[0].y - below[0].y for above, below in pairwise(lines))
    usual = pitch[len(pitch) // 2] if pitch else 0.0
    written: list[str] = []
    for index, line in enumerate(lines):
        if index and usual and lines[index - 1][0].y - line[0].y > 1.6 * usual:
            written.append("")
        text, right = "", 0.0
        for run in line:
            column = min(round((run.left - margin) / width), _MAX_COLUMN)
            if not text:
                text = " " * column
            else:
                text += " " * (1 if run.left < right + _GAP * width else max(2, column - len(text)))
            text, right = text + run.text, run.right
        written.append(text)
    return "\n".join(written)
