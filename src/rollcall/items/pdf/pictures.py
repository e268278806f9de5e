"""Pictures of text on a page, rendered upright and grey, so that they can be read by OCR.

A page is a picture where next to nothing is written on it and an image or outlines of letters cover it. A scan pasted
on a page of text is taken by itself.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from rollcall.items.pdf.shapes import Box, Shapes
from rollcall.items.pdf.words import Word
from rollcall.items.pixels import page_bytes

_DPI = (200, 250)  # rendered pages; between the two as the image itself has pixels
_MOST_PIXELS = 25_000_000
_FEW = 16  # characters: a page number, a stamp
_WHOLE = 0.5  # of a page covered by pictures: the page is one
_PART = 0.015  # of a page: a card, a label, two lines of text; most logos are smaller
_OUTLINES = 30  # curves that may be letters
_WRITTEN_OVER = 75  # characters on a page-sized image that do not yet read as its text


class Picture(NamedTuple):
    """A place to be rendered; `box` is None for the whole page."""

    locator: str
    box: Box | None


def pictures_of(number: int, size: tuple[float, float], shapes: Shapes, words: Sequence[Word], n_chars: int,
                n_unmapped: int = 0) -> list[Picture]:  # fmt: skip
    """Return what of a page is a picture. `n_unmapped` characters have a shape but no meaning."""
    area = max(size[0] * size[1], 1.0)
    whole = [Picture(f"page {number + 1}", None)]
    unread = [box for box in shapes.images if _unread(box, words, area)]
    covered = sum(_area(box) for box in unread) / area
    if covered >= _WHOLE or n_unmapped > max(n_chars, _FEW):
        return whole
    outlined = len(shapes.outlines) >= _OUTLINES
    if n_chars < _FEW and (outlined or covered >= _PART):
        return whole
    large = [box for box in unread if _area(box) >= _PART * area]
    return [Picture(f"page {number + 1} picture {index}", box) for index, box in enumerate(large, 1)]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _unread(box: Box, words: Sequence[Word], area: float) -> bool:
    """Say whether hardly anything is written over an image, seen or unseen."""
    left, bottom, right, top = box
    over = sum(
        len(word.text)
        for word in words
        if left <= (word.left + word.right) / 2 <= right and bottom <= word.middle <= top
    )
    return over < _FEW + _WRITTEN_OVER * min(_area(box) / area, 1.0)


def rendered(page: Any, picture: Picture, native: float = 0.0) -> bytes:
    """Return a page or a part of it as binary PGM, turned as the page says; `native` is its image's pixels an inch."""
    width, height = page.get_size()
    crop = (0.0, 0.0, 0.0, 0.0)
    if picture.box is not None and page.get_rotation() == 0:
        left, bottom, right, top = _inside(picture.box, page)
        crop = (left, bottom, width - right, height - top)
        width, height = right - left, top - bottom
    dpi = min(max(native, _DPI[0]), _DPI[1])
    scale = min(dpi / 72, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, crop=crop, grayscale=True, may_draw_forms=True)
    try:
        return page_bytes(bitmap.to_numpy())
    finally:
        bitmap.close()


def _inside(box: Box, page: Any) -> Box:
    """Return a box in the corner of what is shown of the page, kept within it."""
    x, y, right, top = page.get_cropbox()
    left, bottom = max(box[0], x), max(box[1], y)
    return left - x, bottom - y, max(min(box[2], right) - x, left - x + 1), max(min(box[3], top) - y, bottom - y + 1)
