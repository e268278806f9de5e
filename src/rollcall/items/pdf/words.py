"""Words and lines of a page, put together from the boxes of characters."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rollcall.items.pdf.glyphs import Glyphs

SAME_LINE = 0.35  # of the height of a letter: texts that stand no further apart are of one line
GAP = 1.5  # widths of a character that part two columns; a word space is at most one
ENTERED = 1 << 40  # the order of drawing of what was put into fields after the page was drawn


class Word(NamedTuple):
    """Letters without a gap. `first` and `last` are numbers in the order of drawing."""

    left: float
    right: float
    bottom: float
    height: float
    text: str
    first: int
    last: int
    typed: bool = False  # a space was written before it

    @property
    def middle(self) -> float:
        """The height at which one would cross it out."""
        return self.bottom + 0.45 * self.height


class Line(NamedTuple):
    """Words beside each other, from left to right."""

    bottom: float
    height: float
    words: list[Word]

    @property
    def text(self) -> str:
        """The words with one space between."""
        return " ".join(word.text for word in self.words)


def letter_width(glyphs: Glyphs) -> float:
    """Return the width that stands for one character: that of all, or in a proportional face a narrow one.

    With a narrow one no text takes more characters than there is room, so columns stay in line.
    """
    widths = glyphs.right - glyphs.left
    widths = np.sort(widths[widths > 0])
    if not len(widths):
        return 0.0
    middle = float(widths[len(widths) // 2])
    same = int((np.abs(widths - middle) <= 0.03 * middle).sum())
    return middle if same * 10 >= 9 * len(widths) else 0.8 * middle


def words_of(glyphs: Glyphs) -> list[Word]:
    """Return the words in the order they were drawn; letters drawn twice for boldness are said once."""
    if len(glyphs) > 1:
        glyphs = glyphs.only(np.append(True, ~_again(glyphs)))
    if not len(glyphs):
        return []
    height = np.maximum(glyphs.top - glyphs.bottom, 0.1)
    taller = np.maximum(height[1:], height[:-1])
    gap = glyphs.left[1:] - glyphs.right[:-1]
    spaced = np.diff(glyphs.number) > 1
    broken = (
        (np.abs(np.diff(glyphs.bottom)) >= SAME_LINE * taller)
        | (gap < -0.5 * taller)
        | (gap > 0.25 * taller)
        | (spaced & (gap > 0.06 * taller))
    )
    starts = np.flatnonzero(np.append(True, broken))
    ends = np.append(starts[1:], len(glyphs))
    text = glyphs.code.astype("<u4").tobytes().decode("utf-32-le", "replace")
    left = glyphs.left[starts].tolist()
    right = np.maximum.reduceat(glyphs.right, starts).tolist()
    bottom, tall = glyphs.bottom[starts].tolist(), np.maximum.reduceat(height, starts).tolist()
    first, last = glyphs.number[starts].tolist(), glyphs.number[ends - 1].tolist()
    spans = zip(starts.tolist(), ends.tolist(), strict=True)
    texts = [text[start:end] for start, end in spans]
    typed = glyphs.typed[starts].tolist()
    return [*map(Word._make, zip(left, right, bottom, tall, texts, first, last, typed, strict=True))]


def slanted_text(glyphs: Glyphs) -> str:
    """Return text that runs askew as it was drawn: boxes of its letters say nothing of words and lines."""
    starts = np.flatnonzero(np.append(True, np.diff(glyphs.number) > 1))
    text = glyphs.code.astype("<u4").tobytes().decode("utf-32-le", "replace")
    return " ".join(text[start:end] for start, end in pairwise([*starts.tolist(), len(text)]))


def _again(glyphs: Glyphs) -> NDArray[np.bool_]:
    """Say of each character but the first whether it only repeats the one before, a hair beside it."""
    near = 0.12 * np.maximum(glyphs.top - glyphs.bottom, 0.1)[1:]
    same = np.diff(glyphs.code.astype(np.int64)) == 0
    again: NDArray[np.bool_] = same & (np.abs(np.diff(glyphs.left)) < near) & (np.abs(np.diff(glyphs.bottom)) < near)
    return again


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Return the words line by line from the top; a word drawn twice at one place is said once."""
    lines: list[list[Word]] = []
    level = tall = 0.0
    for word in sorted(words, key=lambda one: (-one.bottom, one.left)):
        if lines and level - word.bottom < SAME_LINE * max(min(tall, word.height), 0.1):
            lines[-1].append(word)
        else:
            lines.append([word])
            level, tall = word.bottom, word.height
    return [line_of(line) for line in lines]


def line_of(words: Sequence[Word]) -> Line:
    """Return words of one height as a line."""
    ordered = sorted(words)
    kept = ordered[:1]
    for word in ordered[1:]:
        near = word.left - 0.15 * word.height
        if not any(before.left > near and before.text == word.text for before in kept[-3:]):
            kept.append(word)
    tallest = max(kept, key=lambda one: one.right - one.left)
    return Line(tallest.bottom, tallest.height, kept)


def segments(words: Sequence[Word], least: float) -> Iterator[list[Word]]:
    """Yield the words of a line in stretches without a gap of at least so much."""
    start = 0
    right = words[0].right if words else 0.0
    for index, word in enumerate(words):
        if index and word.left - right >= least:
            yield list(words[start:index])
            start, right = index, word.right
        right = max(right, word.right)
    if words:
        yield list(words[start:])


def joined(words: Sequence[Word]) -> str:
    """Return the words of a stretch as written: a space between, but where two touch."""
    pieces = [words[0].text] if words else []
    for before, word in pairwise(words):
        touching = word.first == before.last + 1 and word.left - before.right < 0.06 * word.height
        pieces.append(word.text if touching else f" {word.text}")
    return "".join(pieces)
