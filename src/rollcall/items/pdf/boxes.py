"""Where the text of a page stands on it: a box for each stretch of a line, so that a value can be shown at its place.

A stretch is what no gap parts: a whole line of prose, or the words of one cell. A value inside it lies at its share of
the characters, near enough to be seen. Nothing is measured for this that reading the page has not measured already.
"""

import ctypes
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from rollcall.items.parser import Boxes
from rollcall.items.pdf.words import SAME_LINE, Word

_TOKEN = re.compile(r"\S+")
_APART = 2.0  # heights of a letter between two words of a line: they are stretches of their own
_NEAR = 3  # words further on where the rest of a token may stand
_UNITS = 100_000  # of a page's width and height
_DIGITS = 4


class Stretch(NamedTuple):
    """Characters of a text and the box around them, in points from the lower left corner of the page."""

    start: int
    end: int
    left: float
    bottom: float
    right: float
    top: float


def of_lines(text: str, lines: Iterable[tuple[str, tuple[float, float, float, float]]]) -> Iterator[Stretch]:
    """Yield where the lines of a page of running text stand: each as written, with left, bottom, right, top."""
    at = 0
    for line, box in lines:
        if (found := text.find(line, at)) >= 0:
            at = found + len(line)
            yield Stretch(found, at, *box)


def of_words(text: str, words: Sequence[Word]) -> Iterator[Stretch]:
    """Yield where the words of a text stand, which holds them in any order; those of one line are put together."""
    places: dict[str, list[int]] = defaultdict(list)
    for number in range(len(words) - 1, -1, -1):
        places[words[number].text].append(number)
    used = [False] * len(words)
    before, last = -1, None
    for token in _TOKEN.finditer(text):
        numbers = _spelled(token[0], words, places, used, before)
        if not numbers:
            continue
        before = numbers[-1]
        found = _around(token.start(), token.end(), [words[number] for number in numbers])
        if last is not None and _goes_on(last, found, text):
            last = Stretch(last.start, found.end, last.left, min(last.bottom, found.bottom), found.right,
                           max(last.top, found.top))  # fmt: skip
        else:
            if last is not None:
                yield last
            last = found
    if last is not None:
        yield last


def _spelled(
    token: str, words: Sequence[Word], places: dict[str, list[int]], used: list[bool], before: int
) -> list[int]:
    """Return the words that spell a token: one, or several that touch each other."""
    known = places.get(token, [])
    while known and used[known[-1]]:
        known.pop()
    # The next in the order of drawing, else the first there is.
    whole = next((n for n in range(before + 1, min(before + 1 + _NEAR, len(words))) if words[n].text == token), None)
    if whole is None and known:
        whole = known[-1]
    if whole is not None and not used[whole]:
        used[whole] = True
        return [whole]
    numbers: list[int] = []
    rest, at = token, before + 1
    while rest and at < len(words) and len(numbers) < _NEAR + at:
        if not used[at] and rest.startswith(words[at].text):
            rest = rest[len(words[at].text) :]
            numbers.append(at)
        elif numbers or at > before + _NEAR:
            break
        at += 1
    if rest:
        return []
    for number in numbers:
        used[number] = True
    return numbers


def _around(start: int, end: int, words: Sequence[Word]) -> Stretch:
    return Stretch(
        start, end, min(word.left for word in words), min(word.bottom for word in words),
        max(word.right for word in words), max(word.bottom + word.height for word in words),
    )  # fmt: skip


def _goes_on(last: Stretch, found: Stretch, text: str) -> bool:
    height = max(last.top - last.bottom, 0.1)
    near = -0.5 * height < found.left - last.right < _APART * height
    level = abs(found.bottom - last.bottom) < SAME_LINE * height
    return near and level and not any(char in "\t\n" for char in text[last.end : found.start])


def boxes_of(page: Any, stretches: Iterable[Stretch]) -> Boxes | None:
    """Return stretches as they lie on the page that is shown, 0..1 from its upper left; None where there are none."""
    import pypdfium2.raw as raw

    x, y = ctypes.c_int(), ctypes.c_int()

    def shown(across: float, up: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(page, 0, 0, _UNITS, _UNITS, 0, across, up, ctypes.byref(x), ctypes.byref(y))
        return x.value / _UNITS, y.value / _UNITS

    rows: list[tuple[int, int, float, float, float, float]] = []
    for one in sorted(stretches):
        (ax, ay), (bx, by) = shown(one.left, one.top), shown(one.right, one.bottom)
        corners = (_side(min(ax, bx)), _side(min(ay, by)), _side(max(ax, bx)), _side(max(ay, by)))
        rows.append((one.start, one.end, *corners))
    if not rows:
        return None
    starts, ends, x0, y0, x1, y1 = (list(column) for column in zip(*rows, strict=True))
    return Boxes(starts=starts, ends=ends, x0=x0, y0=y0, x1=x1, y1=y1, scores=[])


def _side(share: float) -> float:
    return round(min(max(share, 0.0), 1.0), _DIGITS)


def flat(rows: Iterable[tuple[int, int, list[str]]]) -> str:
    """Return the cells of a table as one text, tabs between them, a line for a row: what boxes of a table speak of."""
    return "\n".join("\t".join(cells) for _, _, cells in rows)
