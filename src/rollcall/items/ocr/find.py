"""Where lines of text are on a picture: boxes that follow the writing, whichever way the page lies.

The network gives each pixel a likelihood of text; what hangs together is a line. It marks the middle of the letters
only, so each box is widened by its area over its outline, as it was narrowed in training.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rollcall.items.ocr.models import finder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LIKELY = 0.3  # of a pixel
SURE = 0.5  # of a line, on the average of its pixels
WIDEN = 1.6
MOST = 4_000  # lines of one page; more is no page of text
MOST_AT_ONCE = 900_000  # pixels
_OVERLAP = 96  # rows; what the network sees around a pixel
_STEP = 32  # the network wants sides that are multiples of it


class Box(NamedTuple):
    """A turned rectangle: its middle, length along the line, height across it, and the angle of the line in degrees."""

    x: float
    y: float
    length: float
    height: float
    angle: float  # of the line to the right and downwards; in (-45, 135]
    score: float


def find_lines(grey: "NDArray[np.uint8]", scale: float) -> list[Box]:
    """List the lines of a picture, looked at in this scale; places are those of the picture itself."""
    import cv2
    import numpy as np

    high, wide = grey.shape
    to_high, to_wide = (max(_STEP, round(side * scale / _STEP) * _STEP) for side in (high, wide))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(grey, (to_wide, to_high), interpolation=way)
    marks = _marks(small)
    mask = cv2.dilate((marks > LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return list(_boxes(contours[:MOST], marks, wide / to_wide, high / to_high))


def _marks(small: "NDArray[np.uint8]") -> "NDArray[np.float32]":
    """Return how likely each pixel is text, looked at in bands that overlap: memory does not grow with the page."""
    import numpy as np

    high, wide = small.shape
    band = max(_STEP, MOST_AT_ONCE // wide // _STEP * _STEP)
    marks = np.empty((high, wide), np.float32)
    for top in range(0, high, band):
        start, end = max(0, top - _OVERLAP), min(high, top + band + _OVERLAP)
        array = (small[start:end].astype(np.float32) / 127.5 - 1.0)[None, None]
        seen = finder()(np.repeat(array, 3, axis=1))[0, 0]
        marks[top : top + band] = seen[top - start : top - start + min(band, high - top)]
    return marks


def _boxes(
    contours: "tuple[NDArray[np.int32], ...]", marks: "NDArray[np.float32]", by_x: float, by_y: float
) -> Iterator[Box]:
    import cv2
    import numpy as np

    for contour in contours:
        if min(cv2.minAreaRect(contour)[1]) < 2:
            continue
        left, top, wide, high = cv2.boundingRect(contour)
        inside = np.zeros((high, wide), np.uint8)
        cv2.drawContours(inside, [contour], -1, 1, cv2.FILLED, offset=(-left, -top))
        score = cv2.mean(marks[top : top + high, left : left + wide], inside)[0]
        if score < SURE:
            continue
        stretched = contour.reshape(-1, 2).astype(np.float32) * np.array([by_x, by_y], np.float32)
        (x, y), (length, height), angle = cv2.minAreaRect(stretched)
        if length < height:
            length, height, angle = height, length, angle + 90
        more = length * height * WIDEN / (2 * (length + height))
        angle = (angle + 45) % 180 - 45
        yield Box(x, y, length + 2 * more, height + 2 * more, angle, score)
