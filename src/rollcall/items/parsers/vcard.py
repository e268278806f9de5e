"""vCard: address cards, any number in a file, of any version; a card's owner is a record, photographs are files.

RFC 6350 (4.0), RFC 2426 (3.0), and 2.1.
"""

import re
from collections.abc import Iterator

from rollcall.items import plain
from rollcall.items.content_lines import Line, file_of, read, unfold
from rollcall.items.drafts import Draft, Lines, born_as, day_of, name_of, phone_of, records, spoken, street_of
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

_START = re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_YEAR = re.compile(r"\d{4}\Z")
_NOTES = frozenset(("NOTE", "TITLE", "ROLE", "ORG", "RELATED", "CATEGORIES"))
_FILES = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
_SILENT = frozenset(("BEGIN", "END", "VERSION", "PRODID", "UID", "REV", "SORT-STRING", "TZ", "GEO", "MAILER", "SOURCE"))
_PART = 200_000  # characters of a part


def looks_like(untrusted: Readable) -> bool:
    """Say whether a text begins with a card."""
    return plain.begins(untrusted, _START)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the cards as parts with their records, then notes and photographs."""
    encoding = plain.encoding_of(untrusted)
    if encoding is None:
        yield Fault(code="unknown_format", detail="not text")
        return
    notes: set[str] = set()
    cards = _Cards()
    for line in unfold(plain.lines(untrusted, encoding, notes)):
        cards.line(line)
        if cards.is_full:
            yield from cards.flush()
    yield from cards.flush()
    if cards.odd:
        yield Fault(code="defect", detail=f"{cards.odd} lines that are no content lines")
    if "undecodable" in notes:
        yield Fault(code="undecodable", detail="characters replaced")


class _Cards:
    """Cards being read."""

    def __init__(self) -> None:
        self.odd = 0
        self._number = 0
        self._n_files = 0
        self._lines = Lines()
        self._drafts: list[Draft] = []
        self._notes: list[tuple[str, str, str]] = []
        self._files: list[Inner] = []

    @property
    def is_full(self) -> bool:
        """Whether enough was read for a part, and the last card has ended."""
        return self._lines.length > _PART and not self._drafts[-1].fields if self._drafts else False

    def flush(self) -> Iterator[Yield]:
        """Yield what was read since the last time."""
        if self._lines.length:
            yield self._lines.text()
            yield from records(self._drafts)
        for label, about, text in self._notes:
            yield Text(text=text, kind="section", label=label, about=about)
        yield from self._files
        self._drafts, self._notes, self._files = [], [], []

    def line(self, written: str) -> None:
        """Read one line."""
        if not written.strip():
            return
        line = read(written)
        if line is None:
            self.odd += 1
            self._notes.append((f"card {self._number}", self._drafts[-1].key if self._drafts else "", written))
        elif line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            self._number += 1
            self._drafts.append(Draft(f"card {self._number}", "correspondent"))
        elif line.name not in _SILENT:
            if not self._drafts:
                self._drafts.append(Draft(f"card {self._number or 1}", "correspondent"))
            self._value(line, self._drafts[-1], f"card {self._number} {line.name}")

    def _value(self, line: Line, draft: Draft, place: str) -> None:
        name = line.name
        if name in _FILES:
            self._file(line, draft, place)
        elif name == "N":
            family, given, middle, _, suffix = line.parts(5)[:5]
            self._name(draft, name_of(family, given, middle, suffix), spoken(family, given, middle, suffix), place)
        elif name in ("FN", "NICKNAME"):
            if name == "FN":
                self._name(draft, " ".join(line.text.split()), line.text, place)
            else:
                self._lines.add(place, line.text)
        elif name in ("TEL", "EMAIL", "IMPP"):
            what, value = phone_of(line.text)
            span = self._lines.add(place, line.text)
            if what:
                draft.add(what, *span, place, value)
        elif name == "ADR":
            self._address(line.parts(7), draft, place)
        elif name in ("BDAY", "DEATHDATE"):
            self._day(line.text, draft, place, died=name == "DEATHDATE")
        else:
            span = self._lines.add(place, line.text)
            if (name in _NOTES or name.startswith("X-")) and span[1] > span[0]:
                self._notes.append((place, draft.key, line.text))

    def _name(self, draft: Draft, listed: str, shown: str, place: str) -> None:
        span = self._lines.add(place, shown)
        if any(map(str.isalpha, listed)) and not draft.is_named():
            draft.add("name.full", *span, place, listed)

    def _address(self, parts: list[str], draft: Draft, place: str) -> None:
        street = " ".join(one.strip() for one in (parts[0], parts[2], parts[1]) if one.strip())
        if street:
            draft.add(street_of(street), *self._lines.add(place, street), place, " ".join(street.split()))
        for text, subtype in zip(parts[3:6], ("city", "state", "zip"), strict=True):
            if text.strip():
                draft.add(f"address.{subtype}", *self._lines.add(f"{place} {subtype}", text), place, text.strip())

    def _day(self, text: str, draft: Draft, place: str, *, died: bool) -> None:
        span = self._lines.add(place, text)
        match = _DAY.match(text.strip())
        day = "-".join(match.groups()) if match else text.strip() if _YEAR.match(text.strip()) else ""
        if day:
            draft.add("date_of_death.date" if died else born_as(day), *span, place, day)
        elif any(map(str.isdigit, day_of(text))):
            draft.add("date_of_birth.month_day", *span, place, text.strip())

    def _file(self, line: Line, draft: Draft, place: str) -> None:
        if line.parameters.get("ENCODING", line.parameters.get("", "")) or line.value[:5].lower() == "data:":
            self._n_files += 1
            number = self._n_files
            self._files.append(
                Inner(
                    locator=f"{place} {number}", kind="inline", chunks=lambda: iter([(file_of(line) or (b"", ""))[0]])
                )
            )
        else:
            self._lines.add(place, line.text)


PARSER = Parser(name="vcard", version=1, media_types=("text/vcard", "text/x-vcard"), looks_like=looks_like, parse=parse)
