"""Pages of running text, read without the box of each character: three times as fast.

A page is plain where its lines were drawn from the top down, none beside another, without a gap wider than between
words and without rules. Most letters and notes are; on all others one looks closer.
"""

import ctypes
from typing import Any

import numpy as np

from rollcall.items.pdf.glyphs import codes_of
from rollcall.items.pdf.native import address, call

_MOST_RECTS = 5_000
_WIDE = 0.6  # heights of a letter: a gap between words is smaller
_BLANK = 1.6


Placed = tuple[str, tuple[float, float, float, float]]  # a line, and its left, bottom, right, top


def plain_text(textpage: Any) -> tuple[str, list[Placed]] | None:
    """Return the text of a page of running text and where its lines stand; None where there may be more to see."""
    count = textpage.count_chars()
    if count <= 0:
        return "", []
    codes = codes_of(textpage, count)
    if ((codes >= 0x590) & (codes < 0x900)).any() or (codes == 0).any():
        return None
    text = codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
    texts = [line for line in text.replace("\r", "\n").split("\n") if line.strip(" \xa0\t\x02\ufffe")]
    lines = _rect_lines(textpage)
    if lines is None or len(lines) != len(texts) or _gapped(textpage, codes, float(np.median(lines[:, 3]))):
        return None
    return _set(texts, lines)


def _rect_lines(textpage: Any) -> np.ndarray | None:
    """Return left, right, bottom, height of each line, or None where lines are not simply below each other."""
    import pypdfium2.raw as raw

    count = raw.FPDFText_CountRects(textpage, 0, -1)
    if not 0 < count <= _MOST_RECTS:
        return None
    rects = np.zeros((count, 4))  # left, top, right, bottom
    rect, handle, place = call("FPDFText_GetRect"), address(textpage), rects.ctypes.data
    for index in range(count):
        at = place + 32 * index
        rect(handle, index, at, at + 8, at + 16, at + 24)
    left, top, right, bottom = rects.T
    height = top - bottom
    usual = float(np.median(height))
    if usual <= 0 or (height > 3 * usual).any() or (right <= left).any():
        return None
    middle = (top + bottom) / 2
    drop = middle[:-1] - middle[1:]
    gap = left[1:] - right[:-1]
    same = np.abs(drop) < 0.5 * usual
    if (same & ((gap > _WIDE * usual) | (gap < -0.3 * usual))).any() or (~same & (drop < 0.7 * usual)).any():
        return None
    first = np.flatnonzero(np.append(True, ~same))
    return np.column_stack(
        (left[first], np.maximum.reduceat(right, first), np.minimum.reduceat(bottom, first),
         np.maximum.reduceat(height, first))
    )  # fmt: skip


def _gapped(textpage: Any, codes: np.ndarray, height: float) -> bool:
    """Say whether some space is wider than one between words: PDFium tells one space for any number of them."""
    spaces = np.flatnonzero((codes[1:-1] == 0x20) & (codes[:-2] > 0x20) & (codes[2:] > 0x20)) + 1
    after = codes[spaces + 1]
    # Columns begin with capitals and numbers; between small letters a few looks will do.
    small = (after >= 0x61) & (after <= 0x7A)
    spaces = np.concatenate((spaces[~small], spaces[small][::8]))
    rect = (ctypes.c_float * 8)()
    box, handle, place = call("FPDFText_GetLooseCharBox"), address(textpage), ctypes.addressof(rect)
    # The box of a loose letter is a third higher than the ink of a line.
    wide = _WIDE * height
    for index in spaces.tolist():
        box(handle, index - 1, place)
        box(handle, index + 1, place + 16)
        if not -wide < rect[4] - rect[2] <= wide:
            return True
    return False


def _set(texts: list[str], lines: np.ndarray) -> tuple[str, list[Placed]]:
    """Return the lines with their indents, and empty ones where the page leaves more room; and each with its place."""
    sizes = sorted((right - left) / len(text) for text, (left, right, _, _) in zip(texts, lines.tolist(), strict=True))
    unit = max(0.8 * sizes[len(sizes) // 2], 0.1)
    margin = float(lines[:, 0].min())
    steps = lines[:-1, 2] - lines[1:, 2]
    usual = float(np.median(steps)) if len(steps) else 0.0
    found: list[str] = []
    placed: list[Placed] = []
    for index, text in enumerate(texts):
        if index and usual > 0 and steps[index - 1] > _BLANK * usual:
            found.append("")
        indent = " " * min(round((float(lines[index, 0]) - margin) / unit), 2_000)
        shown = text.replace("\x02", "-").replace("\ufffe", "-")
        shown = f"{shown[:-1]}-" if shown.endswith("\xad") else shown
        shown = shown.replace("\xad", "").replace("\xa0", " ").strip()
        found.append(indent + shown)
        left, right, bottom, height = lines[index].tolist()
        placed.append((shown, (left, bottom, right, bottom + height)))
    return "\n".join(found), placed
