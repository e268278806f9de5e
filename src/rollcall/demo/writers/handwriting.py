"""Handwriting for forms: block capitals of single strokes, each hand with its own slant and wobble."""

import itertools
import unicodedata
from random import Random

from PIL import ImageDraw

# Strokes between points (x 0..4, y 0..7 upwards, the line lies at 1); small letters are low capitals, as on plans.
_STROKES = {
    "A": "01 27 41,13 33", "B": "01 07 27 36 35 24 04,24 33 32 21 01", "C": "46 37 17 05 03 11 31 42",
    "D": "01 07 27 45 43 21 01", "E": "47 07 01 41,04 34", "F": "47 07 01,04 34", "G": "46 37 17 05 03 11 31 42 44 24",
    "H": "07 01,47 41,04 44", "I": "17 37,27 21,11 31", "J": "47 42 31 11 02", "K": "07 01,47 04 41", "L": "07 01 41",
    "M": "01 07 24 47 41", "N": "01 07 41 47", "O": "17 05 03 11 31 43 45 37 17", "P": "01 07 37 46 45 34 04",
    "Q": "17 05 03 11 31 43 45 37 17,23 41", "R": "01 07 37 46 45 34 04,24 41",
    "S": "46 37 17 06 05 14 34 43 42 31 11 02", "T": "07 47,27 21", "U": "07 02 11 31 42 47", "V": "07 21 47",
    "W": "07 11 25 31 47", "X": "07 41,47 01", "Y": "07 24 47,24 21", "Z": "07 47 01 41",
    "0": "27 16 05 03 12 21 32 43 45 36 27", "1": "15 27 21", "2": "06 17 37 46 45 01 41",
    "3": "07 47 24 34 43 42 31 11 02", "4": "31 37 03 43", "5": "47 07 04 34 43 42 31 11 02",
    "6": "37 15 03 02 11 31 42 43 34 14 03", "7": "07 47 11", "8": "24 05 06 17 37 46 45 24 03 02 11 31 42 43 24",
    "9": "45 34 14 05 06 17 37 46 45 43 21", "-": "14 34", "/": "01 47", ".": "21 22", ",": "22 10", "'": "27 25",
    "(": "37 15 13 31", ")": "17 35 33 11", "#": "11 17,31 37,03 43,05 45", ":": "22 23,25 26", "_": "00 40",
    "@": "34 25 14 23 34 43 45 37 17 05 03 11 31", "&": "41 05 06 17 26 02 11 21 43", "+": "04 44,22 26",
}  # fmt: skip
GLYPHS = {
    sign: [[(int(point[0]), int(point[1])) for point in stroke.split()] for stroke in strokes.split(",")]
    for sign, strokes in _STROKES.items()
}
Point = tuple[float, float]


def _rounded(points: list[Point]) -> list[Point]:
    """Return the stroke with its corners cut, as a moving hand cuts them."""
    for _ in range(2):
        cut = [points[0]]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            cut += [(x0 * 0.75 + x1 * 0.25, y0 * 0.75 + y1 * 0.25), (x0 * 0.25 + x1 * 0.75, y0 * 0.25 + y1 * 0.75)]
        points = [*cut, points[-1]]
    return points


class Penman:
    """One hand with one pen."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.slant, self.wobble = rng.uniform(-0.05, 0.3), rng.uniform(0.1, 0.26)
        self.narrow, self.gap = rng.uniform(0.75, 1.0), rng.uniform(1.2, 2.0)
        self.ink = rng.randint(15, 90)

    def write(self, draw: ImageDraw.ImageDraw, x: float, y: float, text: str, room: float, high: float) -> None:
        """Write the text on the line at y, from x, smaller where it would not fit the room."""
        rng = self.rng
        said = unicodedata.normalize("NFKD", text)
        step = self.narrow * 4 + self.gap
        unit = min(high / 6, room / max(1.0, len(said) * step))
        pen = max(2, round(unit * 0.55))
        for sign in said:
            shape = GLYPHS.get(sign.upper(), [])
            tall = 0.76 if sign.islower() else 1.0
            lift = rng.gauss(0, self.wobble)
            for stroke in shape:
                points = [
                    (
                        x + unit * (px * self.narrow + (py - 1) * tall * self.slant + rng.gauss(0, self.wobble)),
                        y - unit * ((py - 1) * tall + lift + rng.gauss(0, self.wobble)),
                    )
                    for px, py in stroke
                ]
                draw.line(_rounded(points), fill=self.ink, width=pen, joint="curve")
            if not unicodedata.combining(sign):
                x += unit * step * (0.55 if sign in " .,:'" else 1.0)
