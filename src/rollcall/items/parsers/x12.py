"""X12 health care transactions: claims, payments, enrolment, eligibility, status, authorisation, premiums.

The separators stand in the ISA segment. Each transaction set is a part, a segment a line, numbered as in the file. Who
is who follows from the loops (`x12_loops`): a hierarchical level, an enrolment or a paid claim begins a person, and
a dependant below a subscriber is a person of their own under the subscriber's contract. What codes mean is in
`x12_codes`. ASC X12.5 (interchange control), X12.6 (syntax).
"""

import re
from collections.abc import Iterator

import msgspec

from rollcall.items import plain
from rollcall.items.drafts import records
from rollcall.items.edi import Element, Segment, encoding_of
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.parsers.x12_codes import TRANSACTIONS
from rollcall.items.parsers.x12_loops import Loops
from rollcall.items.readable import Readable

_ISA = re.compile(r"\s*ISA([^\w \t\r\n]).{2}\1.{10}\1.{2}\1.{10}\1", re.DOTALL)
_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}\Z")
_HEADER = 400  # characters; the header is 106 long, and a little more where somebody padded it
_LONGEST = 1 << 20  # characters of one segment
_BLANKS = " \t\r\n\ufeff\0"


class _Signs(msgspec.Struct, frozen=True):
    """What an interchange separates with: elements, components, segments."""

    element: str
    component: str
    end: str


def looks_like(untrusted: Readable) -> bool:
    """Say whether a text begins with the header of an interchange."""
    head = untrusted.read_at(0, 256).removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    return _ISA.match(head) is not None and encoding_of(untrusted) is not None


def _signs(header: str) -> _Signs | None:
    """Return the separators that a header names; None where it is cut off."""
    element = header[3:4]
    position = 3
    for _ in range(15):
        position = header.find(element, position + 1) if element else -1
        if position < 0:
            return None
    if len(header) < position + 3 or header[position + 2].isalnum():
        return None
    return _Signs(element, header[position + 1], header[position + 2])


def _segments(untrusted: Readable, encoding: str, notes: set[str]) -> Iterator[tuple[str, _Signs]]:
    """Yield the text of each segment, with the separators in force."""
    signs: _Signs | None = None
    carry = ""
    for text, whole in plain.blocks(untrusted, encoding):
        if not whole:
            notes.add("undecodable")
        carry = (carry + text).encode("utf-8", "replace").decode()
        position = 0
        while True:
            while position < len(carry) and carry[position] in _BLANKS and not (signs and carry[position] == signs.end):
                position += 1
            if carry.startswith("ISA", position):
                signs = _signs(carry[position : position + _HEADER]) or signs
            end = carry.find(signs.end, position) if signs is not None else -1
            if signs is None or end < 0:
                break
            if piece := carry[position:end].strip(_BLANKS):
                yield piece, signs
            position = end + 1
        carry = carry[position:]
        if len(carry) > _LONGEST:
            yield carry, signs or _Signs("*", ":", "~")
            notes.add("truncated")
            carry = ""
    if rest := carry.strip(_BLANKS):
        notes.add("truncated")
        yield rest, signs or _Signs("*", ":", "~")


class _Transaction:
    """The lines of one transaction set, its envelope among them, and who stands in it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.loops: Loops | None = None
        self.label = ""
        self._length = 0
        self._first = 0

    def add(self, number: int, piece: str, signs: _Signs) -> None:
        """Take in a segment."""
        segment = _segment(number, piece, signs, self._length)
        self.lines.append(piece + signs.end)
        self._length += len(piece) + len(signs.end) + 1
        if segment.name == "ST":
            self.loops, self.label = Loops(segment.text(1)), f"{segment.text(1)} {segment.text(2)}"
            self._first = number
        if self.loops is not None:
            if _ID.match(segment.name):
                self.loops.feed(segment)
            else:
                self.loops.odd_one(segment)
        elif not _ID.match(segment.name):
            self.loops = Loops("")
            self.loops.odd_one(segment)

    def values(self) -> Iterator[Yield]:
        """Yield the part, its records, and what stands in it as free text."""
        loops = self.loops
        known = loops is None or loops.kind in TRANSACTIONS or loops.kind == ""
        yield Text(text="\n".join(self.lines), kind="record" if known else "section", label=self.label)
        if loops is None or not known:
            return
        loops.settle()
        yield from records(loops.drafts)
        for label, about, text in loops.notes:
            yield Text(text=text, kind="section", label=label, about=about)
        if loops.odd:
            yield Fault(code="defect", detail=f"{loops.odd} pieces that are no segments", locator=self.label)


def _segment(number: int, piece: str, signs: _Signs, offset: int) -> Segment:
    elements, position = [], offset
    for text in piece.split(signs.element):
        elements.append(Element(text, position))
        position += len(text) + len(signs.element)
    return Segment(number, tuple(elements), signs.component)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each transaction set with its people; what follows the last one of an interchange stands alone."""
    encoding = encoding_of(untrusted)
    if encoding is None:
        yield Fault(code="unknown_format", detail="not text")
        return
    notes: set[str] = set()
    transaction = _Transaction()
    last = ""
    for number, (piece, signs) in enumerate(_segments(untrusted, encoding, notes), 1):
        name = piece.partition(signs.element)[0]
        if name == "ST" and transaction.loops is not None:
            yield from transaction.values()
            transaction = _Transaction()
        transaction.add(number, piece, signs)
        last = name
        if name == "SE":
            yield from transaction.values()
            transaction = _Transaction()
    if transaction.lines:
        yield from transaction.values()
    if "truncated" in notes or last != "IEA":
        yield Fault(code="truncated", detail="the interchange does not end")
    if "undecodable" in notes:
        yield Fault(code="undecodable", detail="characters replaced")


PARSER = Parser(name="x12", version=1, media_types=("application/edi-x12",), looks_like=looks_like, parse=parse)
