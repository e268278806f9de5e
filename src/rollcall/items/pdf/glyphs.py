"""The characters of a page with their boxes, turned so that their lines run from left to right."""

import ctypes
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from rollcall.items.pdf.native import address, call

PARTED = (0x02, 0xFFFE)  # stand where a word was parted at the end of a line
_NEAR_SQUARE = 8.0  # degrees; text that leans more is a watermark or runs around something
_FAR = 1e6  # points: nothing lies so far from a page
MOST = 2_000_000  # characters of one page

Floats = NDArray[np.float32]


class Glyphs(msgspec.Struct):
    """Characters in the order they were drawn; `number` is PDFium's, so that a jump tells of a space between."""

    number: NDArray[np.int64]
    code: NDArray[np.uint32]
    left: Floats
    right: Floats
    bottom: Floats
    top: Floats
    typed: NDArray[np.bool_]  # a space was written before it, not only left
    turned: int = 0  # quarter turns against the clock that the text makes on the page
    slanted: bool = False
    n_lost: int = 0  # characters that lie nowhere

    def __len__(self) -> int:
        return len(self.code)

    def only(self, which: Any) -> "Glyphs":
        """Return some of them."""
        return Glyphs(
            self.number[which], self.code[which], self.left[which], self.right[which], self.bottom[which],
            self.top[which], self.typed[which], self.turned, self.slanted,
        )  # fmt: skip


def codes_of(textpage: Any, count: int) -> NDArray[np.uint32]:
    """Return the Unicode number of each character, 0 where the font does not tell."""
    import pypdfium2.raw as raw

    buffer = np.zeros(2 * count + 2, np.uint16)
    # Counts the end as well; where each character is one unit the numbers stand side by side.
    place = ctypes.cast(buffer.ctypes.data, ctypes.POINTER(ctypes.c_ushort))
    if raw.FPDFText_GetText(textpage, 0, count, place) == count + 1:
        units: NDArray[np.uint32] = buffer[:count].astype(np.uint32)
        if not ((units >= 0xD800) & (units < 0xE000)).any():
            return units
    unicode, handle = call("FPDFText_GetUnicode"), address(textpage)
    return np.fromiter((unicode(handle, index) for index in range(count)), np.uint32, count)


def glyphs_of(textpage: Any) -> Glyphs:
    """Return all characters of a page that put ink on it."""
    count = min(textpage.count_chars(), MOST)
    codes = codes_of(textpage, count)
    codes[np.isin(codes, PARTED) | _soft_at_end(codes)] = 0x2D
    number = np.flatnonzero((codes > 0x20) & (codes != 0xA0) & (codes != 0xAD))
    boxes = np.zeros((len(number), 4), np.float32)  # left, top, right, bottom
    box, handle, place = call("FPDFText_GetLooseCharBox"), address(textpage), boxes.ctypes.data
    for row, index in enumerate(number.tolist()):
        box(handle, index, place + 16 * row)
    left, top, right, bottom = boxes.T.copy()
    found = Glyphs(number, codes[number], np.minimum(left, right), np.maximum(left, right),
                   np.minimum(bottom, top), np.maximum(bottom, top), _typed(textpage, codes)[number])  # fmt: skip
    placed = np.isfinite(boxes).all(axis=1) & (np.abs(boxes) < _FAR).all(axis=1)
    return msgspec.structs.replace(found.only(placed), n_lost=int((~placed).sum()))


def _typed(textpage: Any, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Say of each character whether a space stands before it in the content; PDFium adds others where it sees gaps."""
    generated, handle = call("FPDFText_IsGenerated"), address(textpage)
    typed = np.zeros(len(codes) + 1, bool)
    spaces = np.flatnonzero((codes == 0x20) | (codes == 0xA0))
    for index in spaces.tolist():
        typed[index + 1] = generated(handle, index) != 1
    return typed[:-1]


def _soft_at_end(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Say which soft hyphens part a word at the end of a line, where they are seen."""
    found: NDArray[np.bool_] = (codes == 0xAD) & np.isin(np.append(codes[1:], 0x0D), (0x0D, 0x0A))
    return found


def directions(textpage: Any, glyphs: Glyphs) -> Iterator[Glyphs]:
    """Yield the characters by the direction their lines run in, the most frequent first, each turned upright."""
    if not len(glyphs):
        return
    if not _may_be_turned(glyphs):
        yield glyphs
        return
    angle, handle = call("FPDFText_GetCharAngle"), address(textpage)
    radians = np.fromiter((angle(handle, index) for index in glyphs.number.tolist()), np.float32, len(glyphs))
    degrees = np.rad2deg(np.nan_to_num(radians)) % 360
    quarter = np.rint(degrees / 90).astype(np.int64)
    slanted = np.abs(degrees - 90 * quarter) > _NEAR_SQUARE
    kinds = np.where(slanted, 4, -quarter % 4)  # PDFium counts with the clock
    for kind in sorted(set(kinds.tolist()), key=lambda one: (-int((kinds == one).sum()), one)):
        yield _turned(glyphs.only(kinds == kind), kind)


def _turned(glyphs: Glyphs, kind: int) -> Glyphs:
    if kind == 4:
        return msgspec.structs.replace(glyphs, slanted=True)
    left, bottom, right, top = turn(kind, glyphs.left, glyphs.bottom, glyphs.right, glyphs.top)
    return Glyphs(glyphs.number, glyphs.code, left, right, bottom, top, glyphs.typed, kind)


def turn(kind: int, left: Any, bottom: Any, right: Any, top: Any) -> tuple[Any, Any, Any, Any]:
    """Return boxes as they stand once the page is turned back by so many quarters."""
    if kind == 1:
        return bottom, -right, top, -left
    if kind == 2:
        return -right, -top, -left, -bottom
    if kind == 3:
        return -top, left, -bottom, right
    return left, bottom, right, top


def _may_be_turned(glyphs: Glyphs) -> bool:
    """Say whether some characters follow each other above, below or leftwards, which only turned ones do."""
    if len(glyphs) < 2:
        return True
    height = np.maximum(glyphs.top - glyphs.bottom, 0.1)[1:]
    beside = np.diff(glyphs.left)
    above = np.abs(np.diff(glyphs.bottom))
    joined = np.diff(glyphs.number) == 1
    climbing = joined & (np.abs(beside) < 1.2 * above) & (above > 0.15 * height) & (above < 2 * height)
    backward = joined & (above < 0.2 * height) & (beside < -0.1 * height) & (beside > -1.5 * height)
    return bool((climbing | backward).sum() > 1)
