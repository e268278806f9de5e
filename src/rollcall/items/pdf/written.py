"""The text of a page as it lies on the paper: words in lines, and gaps between columns kept as runs of spaces.

PDFium gives characters in the order they were drawn and one space for any gap, so a printed list would lose its
columns. Here a gap wider than between words becomes as many spaces as fit in it.
"""

from collections.abc import Sequence
from itertools import pairwise

from rollcall.items.pdf.words import GAP, Line, joined, segments

_MAX_COLUMN = 2_000
_BLANK = 1.6  # of the usual distance between lines: more than this is an empty line


def written(lines: Sequence[Line], width: float, margin: float, pitch: float) -> str:
    """Return lines as text; `width` is that of one character, `pitch` the usual distance between lines."""
    text: list[str] = []
    above: Line | None = None
    for line in lines:
        if above is not None and pitch and above.bottom - line.bottom > _BLANK * pitch:
            text.append("")
        text.append(_line(line, margin, width))
        above = line
    return "\n".join(text)


def usual_pitch(lines: Sequence[Line]) -> float:
    """Return the distance between two lines that is most in use; 0 where there is one line."""
    steps = sorted(above.bottom - below.bottom for above, below in pairwise(lines) if above.bottom > below.bottom)
    return steps[len(steps) // 2] if steps else 0.0


def _line(line: Line, margin: float, width: float) -> str:
    text, right = "", 0.0
    for words in segments(line.words, GAP * width):
        left = words[0].left
        column = min(round((left - margin) / width), _MAX_COLUMN)
        if not text:
            text = " " * column
        else:
            text += " " * (1 if left < right + GAP * width else max(2, column - len(text)))
        text, right = text + joined(words), max(word.right for word in words)
    return text
