"""Words on a line: cut from its letters where there is a space or a gap, each with its place along the line."""

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rollcall.items.ocr.recognise import HEIGHT, Letter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GAP = 0.6  # of the height of a strip: so much blank parts words even where no space was read
_AFTER = {":": 0.18, ",": 0.18, ";": 0.18}  # the same after a sign that ends a word
_INK = 0.25  # of the way from the strip's paper to its darkest stroke
# Look-alikes of ASCII in East Asian type, and the dots that lead to a value.
_FORMS: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x2026: "..."}
_HYPHEN = re.compile(r"(?<=[0-9A-Za-z])~(?=[0-9A-Za-z])")  # a hyphen of small type, or of a page askew


class Word(NamedTuple):
    """A word, where it begins and ends along its line (0 to 1), and how sure its least sure letter is."""

    text: str
    start: float
    end: float
    first: float  # the middles of its outer letters
    last: float
    score: float


def words_of(letters: list[Letter], strip: "NDArray[np.uint8]") -> list[Word]:
    """List the words of one line."""
    inked = _inked(strip)
    width = len(inked)
    groups: list[list[Letter]] = [[]]
    for letter in letters:
        if letter.char.isspace():
            groups.append([])
            continue
        if groups[-1]:
            start, end = _widest_blank(inked, groups[-1][-1].at, letter.at)
            if end - start >= _AFTER.get(groups[-1][-1].char, _GAP) * HEIGHT:
                groups.append([])
        groups[-1].append(letter)
    groups = [group for group in groups if group]
    if not groups:
        return []
    blanks = [_widest_blank(inked, left[-1].at, right[0].at) for left, right in pairwise(groups)]
    first, last = _outer_ink(inked, groups[0][0].at, groups[-1][-1].at)
    starts = [first, *(end for _, end in blanks)]
    ends = [*(start for start, _ in blanks), last]
    return [
        Word(
            _HYPHEN.sub("-", "".join(letter.char for letter in group).translate(_FORMS)),
            start / width,
            max(end, start + 1) / width,
            group[0].at,
            group[-1].at,
            min(letter.score for letter in group),
        )
        for group, start, end in zip(groups, starts, ends, strict=True)
    ]


def _inked(strip: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
    """Say for each column of a strip whether a stroke crosses it; light writing on dark counts the other way about."""
    import numpy as np

    middle = strip[HEIGHT // 6 : HEIGHT - HEIGHT // 6].astype(np.int16)
    paper, low, high = int(np.median(middle)), int(middle.min()), int(middle.max())
    if paper - low >= high - paper:
        return np.asarray((middle < paper - (paper - low) * _INK).any(axis=0))
    return np.asarray((middle > paper + (high - paper) * _INK).any(axis=0))


def _outer_ink(inked: "NDArray[np.bool_]", first: float, last: float) -> tuple[int, int]:
    """Return where the ink of a line begins and ends, given the middles of its outer letters."""
    import numpy as np

    columns = np.flatnonzero(inked)
    outer = (int(first * len(inked)), int(last * len(inked)) + 1)
    return (min(outer[0], int(columns[0])), max(outer[1], int(columns[-1]) + 1)) if len(columns) else outer


def _widest_blank(inked: "NDArray[np.bool_]", first: float, last: float) -> tuple[int, int]:
    """Return the widest run of columns without ink between two places; an empty one in the middle where none is."""
    import numpy as np

    start, end = int(first * len(inked)), int(last * len(inked))
    edges = np.flatnonzero(np.diff(np.concatenate([[True], inked[start:end], [True]]).astype(np.int8)))
    if len(edges) < 2:
        return (start + end) // 2, (start + end) // 2
    runs = edges.reshape(-1, 2) + start
    best = runs[(runs[:, 1] - runs[:, 0]).argmax()]
    return int(best[0]), int(best[1])
