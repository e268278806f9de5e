"""Photographs of a form or a card on a desk: held askew, unevenly lit, grainy; PNG, for want of a JPEG encoder."""

import math
from operator import add, itemgetter
from random import Random

from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.picture import Pixels, drawn, png

SHADES = [bytes(one * level // 255 for one in range(256)) for level in range(256)]  # as dark as the light leaves it
BANDS = 96  # of light across a row, too narrow to be seen


def _squeezed(
    rows: list[bytes], first: tuple[float, float], last: tuple[float, float], wide: int, desk: int
) -> list[bytes]:
    """Return the rows laid between a left and a right edge, each of which moves evenly from first to last."""
    blank = bytes((desk,))
    count, had = len(rows), len(rows[0])
    laid: list[bytes] = []
    for number, row in enumerate(rows):
        share = number / count
        left = round(first[0] + (last[0] - first[0]) * share)
        right = round(first[1] + (last[1] - first[1]) * share)
        room = max(2, right - left)
        middle = bytes(itemgetter(*(x * had // room for x in range(room)))(row))
        laid.append(blank * left + middle + blank * (wide - right))
    return laid


def _tilted(rng: Random, rows: list[bytes], desk: int) -> list[bytes]:
    """Return the rows as a camera sees them that is held at an angle: no edge is parallel to another."""
    for _ in range(2):  # across, then (turned over) down
        wide = len(rows[0])
        edge = [wide * rng.uniform(0.015, 0.05) for _ in range(4)]
        whole = wide + round(wide * 0.1)
        rows = _squeezed(rows, (edge[0], whole - edge[1]), (edge[2], whole - edge[3]), whole, desk)
        rows = [bytes(column) for column in zip(*rows, strict=True)]
    return rows


def _lit(rng: Random, rows: list[bytes]) -> list[bytes]:
    """Return the rows with the light falling off from one spot, and with the grain of a small camera."""
    high, wide = len(rows), len(rows[0])
    x, y = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9)
    weak, grain = rng.uniform(0.25, 0.5), rng.randint(6, 22)
    noise = bytes(one * grain // 256 for one in range(256))
    grains = rng.randbytes(wide * 64).translate(noise)
    step = -(-wide // BANDS)
    lit: list[bytes] = []
    for number, row in enumerate(rows):
        bands = (
            row[band * step : band * step + step].translate(
                SHADES[round(231 * (1 - weak * min(1.0, math.hypot(band / BANDS - x, number / high - y))))]
            )
            for band in range(BANDS)
        )
        at = rng.randrange(wide * 63)
        lit.append(bytes(map(add, b"".join(bands), grains[at : at + wide])))
    return lit


def _cut(pixels: Pixels, lines: int, dots: int) -> Pixels:
    """Return the upper left of a page: a card with so many lines."""
    width, _, rows = pixels
    high, wide = round((0.45 + lines * 12.2 / 72) * dots), min(width, round(4.2 * dots))
    high = max(high, round(wide * 0.6))
    top = round(0.3 * dots)
    return wide, high, [row[:wide] for row in rows[top : top + high]]


def write_photo(rng: Random, name: str, lines: list[str], facts: list[Fact], *, card: bool) -> Made:
    """Return the photograph of a form on a desk, or of a card."""
    dots = 150 if card else 105
    pixels = drawn(lines[:60], dots, mono=not card)
    if card:
        pixels = _cut(pixels, len(lines), dots)
    _, _, rows = pixels
    desk = rng.randint(40, 120)
    rim = bytes((desk,)) * round(len(rows[0]) * 0.02)
    rows = [rim + row + rim for row in rows]
    rows = _lit(rng, _tilted(rng, rows, desk))
    data = png((len(rows[0]), len(rows), rows))
    return Made(
        "picture", "photo_card" if card else "photo_form", f"{name}.png", "image/png", data, all_at(facts, "picture")
    )
