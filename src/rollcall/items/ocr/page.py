"""Read one picture: is there writing at all, where are its lines, which way up, what do they say, in what order."""

import math
from typing import TYPE_CHECKING

import msgspec

from rollcall.items.ocr import upright
from rollcall.items.ocr.find import Box, find_lines
from rollcall.items.ocr.layout import Placed, lay_out
from rollcall.items.ocr.look import count_strokes, scales_of, why_empty
from rollcall.items.ocr.recognise import cut_out, read_strips, stand_on_head
from rollcall.items.ocr.words import Word, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNSURE = 0.5  # of a word's least sure letter: below, a person should look
SIGNATURE = 3  # strokes; no name has as few, unless it is one
UNREAD = 0.3  # of a line, on the average of its words: below, it is no text


class Seen(msgspec.Struct, frozen=True):
    """A word of the text, where it stands in it and on the picture (0..1, as the picture lies), and how sure it is."""

    start: int
    end: int
    x0: float
    y0: float
    x1: float
    y1: float
    score: float


class Page(msgspec.Struct, frozen=True):
    """What was read of one picture."""

    text: str = ""
    words: tuple[Seen, ...] = ()
    turned: int = 0  # by how many degrees the picture must be turned clockwise to be read: 0, 90, 180, 270
    skew: float = 0.0  # and what is left then
    n_unsure: int = 0  # words a person should look at
    n_unread: int = 0  # lines that are writing, perhaps, and could not be made out
    empty: str = ""  # why there is nothing on it, where that is certain


def read_page(grey: "NDArray[np.uint8]") -> Page:
    """Return what stands on a picture."""
    if reason := why_empty(grey):
        return Page(empty=reason)
    first: Page | None = None
    for scale in scales_of(grey):
        page = _read_at(grey, scale)
        if page is not None and any(word.score >= UNSURE for word in page.words):
            return page
        first = first or page
    if first is None:
        return Page(empty="no line of text found")
    n_strokes = count_strokes(grey)
    if n_strokes <= SIGNATURE:
        return Page(empty=f"{n_strokes} strokes or shapes, which are no word")
    return first


def _read_at(grey: "NDArray[np.uint8]", scale: float) -> Page | None:
    """Return what stands on a picture looked at in a scale; None where no line was found."""
    boxes = find_lines(grey, scale)
    if not boxes:
        return None
    angle = upright.lie(boxes)
    angles = [upright.along(box, angle) for box in boxes]
    strips = [cut_out(grey, box, along) for box, along in zip(boxes, angles, strict=True)]
    if stand_on_head(strips):
        angle += 180
        angles = [along + 180 for along in angles]
        strips = [strip[::-1, ::-1] for strip in strips]
    lines = [words_of(letters, strip) for letters, strip in zip(read_strips(strips), strips, strict=True)]
    return _put_together(grey.shape, boxes, angles, lines, angle)


def _put_together(
    shape: tuple[int, ...], boxes: list[Box], angles: list[float], lines: list[list[Word]], angle: float
) -> Page:
    placed: list[Placed] = []
    seen: list[tuple[float, float, float, float, float]] = []
    n_unread = 0
    for number, (box, along, words) in enumerate(zip(boxes, angles, lines, strict=True)):
        slope = math.tan(math.radians(upright.apart(along, angle)))
        if not words or sum(word.score for word in words) < UNREAD * len(words):
            n_unread += bool(words)
            continue
        for word in words:
            middle = _on(box, along, (word.start + word.end) / 2)
            half = (word.end - word.start) * box.length / 2
            x, y = upright.place(*middle, angle)
            left, right = x - half, x + half
            first, last = (left + (at - word.start) * box.length for at in (word.first, word.last))
            placed.append(Placed(word.text, left, right, first, last, y, box.height / 1.5, slope, number))
            seen.append((*_around(shape, middle, half, box.height / 2, along), word.score))
    laid = lay_out(placed)
    found = tuple(
        Seen(start, start + len(placed[number].text), *(round(value, 4) for value in seen[number]))
        for number, start in laid.starts
    )
    quarter = round(angle / 90) * 90
    return Page(
        text=laid.text,
        words=found,
        turned=-quarter % 360,
        skew=round(angle - quarter, 2),
        n_unsure=sum(word.score < UNSURE for word in found),
        n_unread=n_unread,
    )


def _on(box: Box, along: float, share: float) -> tuple[float, float]:
    """Return the point that lies so far along the middle of a line."""
    turned = math.radians(along)
    off = (share - 0.5) * box.length
    return box.x + off * math.cos(turned), box.y + off * math.sin(turned)


def _around(
    shape: tuple[int, ...], middle: tuple[float, float], half: float, tall: float, along: float
) -> tuple[float, float, float, float]:
    """Return the upright rectangle around a word, in shares of the picture."""
    cos, sin = abs(math.cos(math.radians(along))), abs(math.sin(math.radians(along)))
    by_x, by_y = half * cos + tall * sin, half * sin + tall * cos
    high, wide = shape
    return (
        max(0.0, (middle[0] - by_x) / wide),
        max(0.0, (middle[1] - by_y) / high),
        min(1.0, (middle[0] + by_x) / wide),
        min(1.0, (middle[1] + by_y) / high),
    )
