"""Text with labelled spans that keep their places while the text around them is changed."""

import bisect
from collections.abc import Iterable, Sequence

import msgspec


class Span(msgspec.Struct, frozen=True):
    """Characters `[start, end)` of a text, what they are, and of whom.

    `element` and `subtype` are those of the contract. An `element` of "" is a decoy: something that looks like an
    element and is none, with what it is as the subtype (a ticket number, the date of a meeting, an organisation).
    """

    start: int
    end: int
    element: str
    subtype: str = ""
    person: int | None = None  # index into the passage's people; None: nobody's
    polarity: str = "asserted"  # asserted, negated, family, hypothetical


Edit = tuple[int, int, str]  # from, to, what stands there instead


class Marked(msgspec.Struct, frozen=True):
    """A text and its spans."""

    text: str = ""
    spans: tuple[Span, ...] = ()

    def __add__(self, other: "Marked | str") -> "Marked":
        return join((self, other))

    def edited(self, edits: Iterable[Edit]) -> "Marked":
        """Return the text with these changes, which do not overlap; spans move along and grow by what is inside them.

        What is put in at the very border of a span stays outside of it.
        """
        pieces: list[str] = []
        starts, ends, deltas = [], [], [0]
        at = shift = 0
        for start, end, new in sorted(edits):
            pieces += (self.text[at:start], new)
            at = end
            shift += len(new) - (end - start)
            starts.append(start)
            ends.append(end)
            deltas.append(shift)
        pieces.append(self.text[at:])

        def first(position: int) -> int:
            return position + deltas[bisect.bisect_right(ends, position)]

        def last(position: int) -> int:
            # An insertion at the end of the span does not belong to it; a replacement up to there does.
            index = bisect.bisect_right(ends, position)
            while index and ends[index - 1] == position and starts[index - 1] == position:
                index -= 1
            return position + deltas[index]

        moved = []
        for one in self.spans:
            start, end = first(one.start), last(one.end)
            if start < end:
                moved.append(msgspec.structs.replace(one, start=start, end=end))
        return Marked("".join(pieces), tuple(moved))

    def capital(self) -> "Marked":
        """Return the text with its first letter a capital."""
        return Marked(self.text[:1].upper() + self.text[1:], self.spans)

    def cased(self, upper: bool) -> "Marked":
        """Return the text all in capitals or all in small letters, where that changes no length."""
        text = "".join(_same_length(letter, upper) for letter in self.text)
        return Marked(text, self.spans)

    def stripped(self) -> "Marked":
        """Return the text without white space at its ends."""
        left = len(self.text) - len(self.text.lstrip())
        right = len(self.text.rstrip())
        return self.edited([(0, left, ""), (right, len(self.text), "")] if left < right else [(0, len(self.text), "")])


def _same_length(letter: str, upper: bool) -> str:
    other = letter.upper() if upper else letter.lower()
    return other if len(other) == 1 else letter


def join(pieces: Sequence["Marked | str"], between: str = "") -> Marked:
    """Return the pieces one after the other."""
    texts: list[str] = []
    spans: list[Span] = []
    at = 0
    for number, piece in enumerate(pieces):
        if number and between:
            texts.append(between)
            at += len(between)
        if isinstance(piece, str):
            texts.append(piece)
            at += len(piece)
        else:
            texts.append(piece.text)
            spans += [msgspec.structs.replace(one, start=one.start + at, end=one.end + at) for one in piece.spans]
            at += len(piece.text)
    return Marked("".join(texts), tuple(spans))
