"""A cheap look at a picture before it is read: whether there can be writing on it, and how large the letters are."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALLEST = 8  # pixels of a side; no word fits into less
FAINTEST = 8  # grey levels between the darkest and the lightest pixel; less is one colour
_LETTER = 9.0  # pixels of a letter's height that the network finds lines best at
_FEW = 8  # letters say nothing of a page
_SMALL = 0.2  # of the ink on a page is in letters as small as those that count
_RULE = 15  # times longer than wide is no letter
_LEAST, _MOST = 0.05, 2.0  # scales
_CLOSER = 1.3  # times: less is no other look
_MOST_PIXELS = 4_000_000  # looked at; a page of very small type on a very large sheet is looked at smaller


def why_empty(grey: "NDArray[np.uint8]") -> str:
    """Return why nothing can be written on a picture, or "" where something may be."""
    high, wide = grey.shape
    if min(high, wide) < SMALLEST:
        return f"{wide} x {high} pixels"
    if int(grey.max()) - int(grey.min()) < FAINTEST:
        return "one colour"
    return ""


def scales_of(grey: "NDArray[np.uint8]") -> list[float]:
    """Return the scale in which lines are looked for, then those of a second and third look where none is found.

    Small letters keep their size, large ones are made smaller; then closer, as far as the size of the picture allows,
    and from further away.
    """
    most = min(_MOST, (_MOST_PIXELS / grey.size) ** 0.5)
    first = float(min(most, max(_LEAST, _LETTER / letter_height(grey))))
    closer = min(2 * first, most)
    return [first, *([closer] if closer >= _CLOSER * first else []), first / 2]


def letter_height(grey: "NDArray[np.uint8]") -> float:
    """Return the height of the small letters on a page in pixels, or a guess from its size where none stand out."""
    import numpy as np

    wide, high, area = _pieces(grey)
    letters = (high >= 5) & (wide >= 2) & (wide < 4 * high) & (high < 5 * wide) & (area > 0.12 * wide * high)
    letters &= high < max(grey.shape) / 8
    if int(letters.sum()) < _FEW:
        return float(max(grey.shape)) / 100
    order = np.argsort(high[letters])
    ink = np.cumsum(area[letters][order])  # by ink: the dots that lead to a value are many and small
    return float(high[letters][order][np.searchsorted(ink, _SMALL * ink[-1])])


def count_strokes(grey: "NDArray[np.uint8]") -> int:
    """Return how many strokes or shapes stand on a picture, dark on light or light on dark, specks and rules aside."""
    counts = []
    for one in (grey, 255 - grey):
        wide, high, _ = _pieces(one)
        rules = (wide >= _RULE * high) | (high >= _RULE * wide)
        counts.append(int(((wide >= 3) & (high >= 3) & (wide * high >= 20) & ~rules).sum()))
    return max(counts)


def letters_on(grey: "NDArray[np.uint8]") -> "NDArray[np.int32]":
    """Return the middles (x, y) of what is like a small letter, dark on light or light on dark."""
    import cv2
    import numpy as np

    least = 0.6 * letter_height(grey)
    found = []
    for one in (grey, 255 - grey):
        stats = _stats(one)
        wide, high, area = (stats[:, place] for place in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
        like = (high >= least) & (high < 6 * least) & (wide >= least / 4) & (wide < 3 * high)
        like &= area > 0.12 * wide * high
        kept = stats[like]
        found.append(kept[:, :2] + kept[:, 2:4] // 2)
    return np.concatenate(found)


def _pieces(grey: "NDArray[np.uint8]") -> "tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]":
    """Return the width, height and area of each piece of ink."""
    import cv2

    stats = _stats(grey)
    return stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]


def _stats(grey: "NDArray[np.uint8]") -> "NDArray[np.int32]":
    """Return left, top, width, height and area of each piece of ink."""
    import cv2

    around = max(15, round(max(grey.shape) / 60) | 1)
    smooth = cv2.GaussianBlur(grey, (0, 0), max(0.7, max(grey.shape) / 2500))  # grain is no letter
    ink = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, around, 20)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found: NDArray[np.int32] = stats[1:]
    return found
