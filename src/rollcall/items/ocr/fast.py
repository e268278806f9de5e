"""The fast way to read a page: by Tesseract, a program of the system, and kept only where nothing can have been missed.

It reads straight pages of type in a third of the time, but passes over writing it takes for a drawing, sure of all the
rest. So what it says is held against the page: every piece of ink of a letter's size has to lie in one of its words.
"""

from typing import TYPE_CHECKING, NamedTuple

from rollcall.items import tools
from rollcall.items.ocr.layout import Placed, lay_out
from rollcall.items.ocr.look import letter_height, letters_on
from rollcall.items.ocr.page import Page, Seen
from rollcall.items.parser import ContentError
from rollcall.items.pixels import page_bytes
from rollcall.items.readable import MemoryReadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SURE = 0.80  # of every word
SURE_ON_AVERAGE = 0.93
MISSED = 0.02  # of the letters may lie outside words: specks, dots of screens
FEWEST = 10  # words; fewer say nothing of a page
_LETTER = 20.0  # pixels of a small letter's height that it reads best
_LEAST, _MOST = 0.4, 3.0  # scales
_AROUND = 0.25  # of a word's height that belongs to it on each side
_LONG = 4  # letters of a word that is wider than high
_COLUMNS, _WORD = 12, "5"  # of its table; level of the rows that are words


class _Read(NamedTuple):
    text: str
    left: int
    top: int
    wide: int
    high: int
    score: float
    line: tuple[str, ...]


def read_fast(grey: "NDArray[np.uint8]") -> Page | None:
    """Return what stands on a page; None where that is not certain, or the program is not there."""
    import cv2

    scale = min(_MOST, max(_LEAST, _LETTER / letter_height(grey)))
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    sized = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way).astype(grey.dtype)
    try:
        table = b"".join(tools.run("tesseract", MemoryReadable(page_bytes(sized)))).decode("utf-8", "replace")
    except ContentError:
        return None
    words = words_in(table)
    if not is_certain(words) or missed(sized, words) > MISSED:
        return None
    return _page(words, sized.shape)


def words_in(table: str) -> list[_Read]:
    """List the words of a table as Tesseract writes it."""
    words: list[_Read] = []
    for line in table.splitlines():
        cells = line.split("\t")
        if len(cells) != _COLUMNS or cells[0] != _WORD or not cells[11].strip():
            continue
        left, top, wide, high = map(int, cells[6:10])
        words.append(_Read(cells[11].strip(), left, top, wide, high, float(cells[10]) / 100, tuple(cells[1:5])))
    return words


def is_certain(words: list[_Read]) -> bool:
    """Decide whether the program is sure of what it read."""
    scores = [word.score for word in words]
    if any(word.high > word.wide for word in words if len(word.text) >= _LONG):
        return False  # the page lies on its side: it was read, but its lines stand upright
    return len(scores) >= FEWEST and min(scores) >= SURE and sum(scores) / len(scores) >= SURE_ON_AVERAGE


def missed(grey: "NDArray[np.uint8]", words: list[_Read]) -> float:
    """Return the share of the pieces of ink of a letter's size that lie in no word."""
    import numpy as np

    inside = np.zeros(grey.shape, bool)
    for word in words:
        more = round(_AROUND * word.high)
        top, left = max(0, word.top - more), max(0, word.left - more)
        inside[top : word.top + word.high + more, left : word.left + word.wide + more] = True
    letters = letters_on(grey)
    return float(1 - inside[letters[:, 1], letters[:, 0]].mean()) if len(letters) else 0.0


def _page(words: list[_Read], shape: tuple[int, ...]) -> Page:
    high, wide = shape
    lines: dict[tuple[str, ...], int] = {}
    placed: list[Placed] = []
    for word in words:
        half = word.wide / len(word.text) / 2
        right = word.left + word.wide
        number = lines.setdefault(word.line, len(lines))
        middle = word.top + word.high / 2
        placed.append(
            Placed(word.text, word.left, right, word.left + half, right - half, middle, word.high, 0.0, number)
        )
    laid = lay_out(placed)
    seen: list[Seen] = []
    for number, start in laid.starts:
        word = words[number]
        x0, y0, x1, y1 = word.left, word.top, word.left + word.wide, word.top + word.high
        places = (round(x0 / wide, 4), round(y0 / high, 4), round(x1 / wide, 4), round(y1 / high, 4))
        seen.append(Seen(start, start + len(word.text), *places, word.score))
    return Page(text=laid.text, words=tuple(seen))
