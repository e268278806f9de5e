"""What becomes of a text on its way: wrapped, quoted, typed in haste, all in capitals."""

import re
from random import Random

from .marked import Edit, Marked

_SPACE = re.compile(r" ")
_WORD = re.compile(r"[A-Za-z]{4,}")
_NEXT = {"a": "s", "e": "r", "i": "o", "o": "p", "t": "r", "n": "m", "s": "a", "r": "t", "l": "k", "d": "f", "c": "v"}


def wrapped(text: Marked, width: int) -> Marked:
    """Return the text with lines no longer than this, broken at spaces, as mail programs do."""
    edits: list[Edit] = []
    start, last = 0, -1
    for at, letter in enumerate(text.text):
        if letter == "\n":
            start, last = at + 1, -1
        elif letter == " ":
            if at - start > width and last > start:
                edits.append((last, last + 1, "\n"))
                start = last + 1
            last = at
    if len(text.text) - start > width and last > start:
        edits.append((last, last + 1, "\n"))
    return text.edited(edits)


def quoted(text: Marked, mark: str = "> ") -> Marked:
    """Return the text with every line marked as somebody else's."""
    edits: list[Edit] = [(0, 0, mark)]
    edits += [(at + 1, at + 1, mark) for at, letter in enumerate(text.text) if letter == "\n"]
    return text.edited(edits)


def indented(text: Marked, lead: str) -> Marked:
    """Return the text with every line moved in."""
    return quoted(text, lead)


def typed(rng: Random, text: Marked, rate: float) -> Marked:
    """Return the text with slips of the hand in words that carry no label."""
    held = bytearray(len(text.text))
    for one in text.spans:
        held[one.start : one.end] = b"\1" * (one.end - one.start)
    edits: list[Edit] = []
    for match in _WORD.finditer(text.text):
        if rng.random() > rate or any(held[match.start() : match.end()]):
            continue
        at = rng.randrange(match.start() + 1, match.end() - 1)
        pair = text.text[at : at + 2]
        slips = (
            (at, at + 2, pair[::-1]),
            (at, at + 1, ""),
            (at, at + 1, pair[0] * 2),
            (at, at + 1, _NEXT.get(pair[0], pair[0])),
        )
        edits.append(rng.choice(slips))
    return text.edited(edits)


def without_points(rng: Random, text: Marked) -> Marked:
    """Return the text with sentences run together."""
    how = rng.choice((" ", ", ", " - ", "; ", ".  "))
    edits: list[Edit] = [(match.start(), match.end(), how) for match in re.finditer(r"\. (?=[A-Z])", text.text)]
    inside = [edit for edit in edits if not any(one.start < edit[1] and edit[0] < one.end for one in text.spans)]
    return text.edited(inside)


def worn(rng: Random, text: Marked) -> Marked:
    """Return the text with some of what hasty writers do to it."""
    chance = rng.random()
    if chance < 0.06:
        text = text.cased(upper=False)
    elif chance < 0.11:
        text = text.cased(upper=True)
    if rng.random() < 0.2:
        text = typed(rng, text, rng.choice((0.02, 0.05, 0.1)))
    if rng.random() < 0.1:
        text = without_points(rng, text)
    if rng.random() < 0.04:
        text = text.edited(
            [(match.start(), match.end(), "  ") for match in re.finditer(r"(?<=\.) (?=[A-Z])", text.text)]
        )
    return text
