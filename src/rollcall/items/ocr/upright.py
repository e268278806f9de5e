"""Which way a page lies: turned by a quarter, on its head, or a little askew; and where things are once it is upright.

The boxes around the lines tell the angle to a fraction of a degree without turning any pixel, and a page that a camera
held at an angle has another one for each line. So only the lines are turned, when they are cut out.
"""

import math
from collections.abc import Sequence

from rollcall.items.ocr.find import Box

_LONG = 4.0  # lengths over heights of a line whose angle means something
_BINS = 720  # of the circle of angles, a quarter of a degree each


def lie(boxes: Sequence[Box]) -> float:
    """Return the angle of the writing in degrees, in (-45, 135]: about 0 for a page that stands, 90 for one turned.

    It is that of most of the writing by length; short boxes have none to speak of.
    """
    long = [box for box in boxes if box.length >= _LONG * box.height] or list(boxes)
    if not long:
        return 0.0
    weights = [0.0] * _BINS
    for box in long:
        place = round((box.angle + 45) * _BINS / 180) % _BINS
        for near in range(-8, 9):  # two degrees either side
            weights[(place + near) % _BINS] += box.length * (9 - abs(near))
    best = max(range(_BINS), key=weights.__getitem__) * 180 / _BINS - 45
    near_best = [(apart(box.angle, best), box.length) for box in long if abs(apart(box.angle, best)) <= 2.5]
    total = sum(length for _, length in near_best)
    mean = sum(offset * length for offset, length in near_best) / total if total else 0.0
    return best + mean


def apart(angle: float, other: float) -> float:
    """Return how much an undirected angle is off another, in [-90, 90)."""
    return (angle - other + 90) % 180 - 90


def along(box: Box, page: float) -> float:
    """Return the direction of a box's writing, given that of the page: its own where it is long, else the page's."""
    off = apart(box.angle, page)
    if abs(off) > 60 and box.length > 1.5 * box.height:  # a line written up or down the side of the page
        return page + off
    return page + off if abs(off) <= 20 and box.length >= _LONG * box.height else page


def place(x: float, y: float, angle: float) -> tuple[float, float]:
    """Return where a point is once the page is turned back by an angle."""
    turned = math.radians(-angle)
    return x * math.cos(turned) - y * math.sin(turned), x * math.sin(turned) + y * math.cos(turned)
