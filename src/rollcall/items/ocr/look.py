"""A cheap look at a picture before it is read: whether there can be writing on it, and how large the letters are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALLEST = 8  # pixels of a side; no word fits into less
FAINTEST = 8  # grey levels between the darkest and the lightest pixel; less is one colour
_LETTER = 9.0  # pixels of a letter's height that the network finds lines best at
_LEAST, _MOST = 0.2, 2.0  # scales


def why_empty(grey: "NDArray[np.uint8]") -> str:
    """Return why nothing can be written on a picture, or "" where something may be."""
    high, wide = grey.shape
    if min(high, wide) < SMALLEST:
        return f"{wide} x {high} pixels"
    if int(grey.max()) - int(grey.min()) < FAINTEST:
        return "one colour"
    return ""


def scale_of(grey: "NDArray[np.uint8]") -> float:
    """Return the scale in which lines are looked for: small letters keep their size, large pages are made smaller."""
    return min(_MOST, max(_LEAST, _LETTER / letter_height(grey)))


def letter_height(grey: "NDArray[np.uint8]") -> float:
    """Return the height of the small letters on a page in pixels, or a guess from its size where none stand out."""
    import cv2
    import numpy as np

    guess = max(grey.shape) / 70
    around = max(15, round(max(grey.shape) / 60) | 1)
    ink = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, 15)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    wide, high, area = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA]
    letters = (high >= 5) & (wide >= 2) & (wide < 4 * high) & (high < 5 * wide) & (area > 0.12 * wide * high)
    heights = high[letters & (high < max(grey.shape) / 8)]
    return float(np.quantile(heights, 0.3)) if len(heights) >= 8 else guess
