"""Text as patterns expect it, with a map back: one kind of dash, space and quote, ASCII digits, nothing invisible.

Offsets of findings are always those of the part's stored text.
"""

import unicodedata
from array import array
from typing import NamedTuple

_DASHES = "‐‑‒–—―−﹘﹣－⁃˗"
_QUOTES = {"‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "“": '"', "”": '"', "„": '"', "″": '"', "`": "'"}
_BREAKS = {"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n"}


def _map(char: str) -> str:
    if char in _DASHES:
        return "-"
    if char in _QUOTES:
        return _QUOTES[char]
    if char in _BREAKS:
        return _BREAKS[char]
    category = unicodedata.category(char)
    if category == "Cf" or char == "\u034f" or "\ufe00" <= char <= "\ufe0f":
        return ""  # zero-width characters, soft hyphens, direction marks, byte order marks, variation selectors
    if category == "Cs":
        return "\ufffd"  # half of a surrogate pair cannot be encoded
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(char))
    folded = unicodedata.normalize("NFKC", char)
    # Only what looks the same: full-width letters, ligatures, circled digits. Accents stay as they are.
    return folded if folded != char and folded.isascii() and "\n" not in folded else char


class _Table(dict[int, str]):
    """Characters met so far, for `str.translate`."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        self[point] = mapped = char if point < 0x7F and point not in (0x0B, 0x0C, 0x60) else _map(char)
        return mapped


_TABLE = _Table()


class Normal(NamedTuple):
    """Normalised text; `starts[i]` is where its character i stands in the original (None: nothing moved)."""

    text: str
    starts: "array[int] | None"

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open original span of a non-empty normalised one."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1


def normalise(text: str) -> Normal:
    """Return the text as patterns expect it, one original character after the other."""
    plain = text.translate(_TABLE)
    if len(plain) == len(text) and (text.isascii() or all(len(_TABLE[ord(c)]) == 1 for c in set(text))):
        return Normal(plain, None)
    pieces = [_TABLE[ord(char)] for char in text]
    starts: array[int] = array("Q")
    for index, piece in enumerate(pieces):
        starts.extend([index] * len(piece))
    return Normal("".join(pieces), starts)
