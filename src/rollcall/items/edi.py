"""Segments of an EDI interchange: elements and components that know where they stand in the text of their part."""

import msgspec

from rollcall.items import charsets
from rollcall.items.readable import Readable

_SEPARATORS = b"\x0b\x1c\x1d\x1e\x1f"  # control characters that frame and separate, and are no sign of a program


def encoding_of(untrusted: Readable) -> str | None:
    """Return the encoding of a feed, None where it is no text; its separators may be control characters."""
    head = untrusted.read_at(0, 1 << 16).translate(None, _SEPARATORS)
    return charsets.guess(head) if head else None


class Element(msgspec.Struct, frozen=True):
    """An element or component and where it stands in the part's text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


class Segment(msgspec.Struct, frozen=True):
    """A segment: its number in the file, and its elements with the name as the first."""

    number: int
    elements: tuple[Element, ...]
    component: str

    @property
    def name(self) -> str:
        """What kind of segment it is."""
        return self.elements[0].text

    def at(self, number: int) -> Element:
        """Return an element; an empty one where the segment is shorter."""
        return self.elements[number] if number < len(self.elements) else Element("", self.elements[-1].end)

    def text(self, number: int) -> str:
        """Return what stands in an element, without blanks around it."""
        return self.at(number).text.strip()

    def parts(self, number: int) -> list[Element]:
        """Return the components of an element."""
        element = self.at(number)
        found, position = [], element.start
        for piece in element.text.split(self.component) if self.component else [element.text]:
            found.append(Element(piece, position))
            position += len(piece) + len(self.component)
        return found

    def place(self, number: int) -> str:
        """Return what the format calls an element: "segment 57 NM109"."""
        return f"segment {self.number} {self.name}{number:02}"
