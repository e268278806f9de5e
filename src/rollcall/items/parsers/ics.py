"""iCalendar: what an appointment, a task or a journal says, who is asked to come, and what is attached.

Title, words and people of each are texts, read as those of a mail are: an appointment is about somebody as a mail is.
RFC 5545.
"""

import re
from collections.abc import Iterator

from rollcall.items import plain
from rollcall.items.content_lines import Line, file_of, read, unfold
from rollcall.items.markup import strip_tags
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

_START = re.compile(r"\s*BEGIN:VCALENDAR\b", re.IGNORECASE)
_HELD = frozenset(("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"))
_WORDS = frozenset(("DESCRIPTION", "COMMENT", "LOCATION", "CONTACT", "CATEGORIES", "RESOURCES"))
_PEOPLE = {"ORGANIZER": "From", "ATTENDEE": "To"}  # as the header of a mail has it
_SILENT = frozenset(
    ("UID", "DTSTAMP", "SEQUENCE", "STATUS", "TRANSP", "CLASS", "PRIORITY", "CREATED", "LAST-MODIFIED", "DTSTART",
     "DTEND", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "URL", "GEO", "BEGIN", "END", "COMPLETED",
     "PERCENT-COMPLETE", "RELATED-TO", "REQUEST-STATUS", "FREEBUSY", "TRIGGER", "ACTION", "REPEAT")
)  # fmt: skip

_OF_CALENDAR = frozenset(
    ("PRODID", "VERSION", "CALSCALE", "METHOD", "X-WR-TIMEZONE", "X-PUBLISHED-TTL", "X-LIC-LOCATION")
)


def looks_like(untrusted: Readable) -> bool:
    """Say whether a text begins with a calendar."""
    return plain.begins(untrusted, _START)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield title, words and people of each entry, then its files."""
    encoding = plain.encoding_of(untrusted)
    if encoding is None:
        yield Fault(code="unknown_format", detail="not text")
        return
    notes: set[str] = set()
    outside = _Entry(0)  # what stands in the calendar and in no entry of it
    entry: _Entry | None = None
    number = odd = 0
    for written in unfold(plain.lines(untrusted, encoding, notes)):
        line = read(written)
        if line is None:
            odd += bool(written.strip())
            if written.strip():
                (entry or outside).words.append(written)
            continue
        held = line.value.strip().upper() in _HELD
        if line.name == "BEGIN" and held:
            if entry is not None:
                yield from entry.values()
            number += 1
            entry = _Entry(number)
        elif line.name == "END" and held and entry is not None:
            yield from entry.values()
            entry = None
        elif entry is not None or not _of_calendar(line):
            (entry or outside).read(line)
    yield from outside.values()
    if entry is not None:
        yield from entry.values()
        yield Fault(code="truncated", detail="an entry does not end")
    if odd:
        yield Fault(code="defect", detail=f"{odd} lines that are no content lines")
    if "undecodable" in notes:
        yield Fault(code="undecodable", detail="characters replaced")


def _of_calendar(line: Line) -> bool:
    """Decide whether a line is about the calendar itself: its maker, its time zones."""
    return line.name in _OF_CALENDAR or line.name.startswith("TZ")


class _Entry:
    """One appointment, task or journal."""

    def __init__(self, number: int) -> None:
        self.words: list[str] = []
        self._number = number
        self._title: list[str] = []
        self._people: list[str] = []
        self._files: list[Inner] = []

    def read(self, line: Line) -> None:
        """Take in a line."""
        if line.name == "SUMMARY":
            self._title.append(line.text)
        elif line.name in _PEOPLE:
            mail = re.sub(r"(?i)^mailto:", "", line.text)
            self._people.append(f"{_PEOPLE[line.name]}: {line.parameters.get('CN', '')} <{mail}>")
        elif line.name == "ATTACH":
            self._attach(line)
        elif line.name == "X-ALT-DESC":
            self._say(strip_tags(line.text) if "<" in line.text else line.text)
        elif line.name in _WORDS or (line.name not in _SILENT and not line.name.startswith(("X-MICROSOFT", "X-MS-"))):
            self._say(line.text)

    def _say(self, text: str) -> None:
        if text.strip() and " ".join(text.split()) not in (" ".join(one.split()) for one in self.words[:8]):
            self.words.append(text)

    def _attach(self, line: Line) -> None:
        if line.parameters.get("ENCODING") or line.value[:5].lower() == "data:":
            self._files.append(
                Inner(
                    locator=f"entry {self._number} ATTACH {len(self._files) + 1}", kind="attachment",
                    name=line.parameters.get("X-FILENAME", line.parameters.get("FILENAME", "")),
                    media_type=line.parameters.get("FMTTYPE", ""),
                    chunks=lambda: iter([(file_of(line) or (b"", ""))[0]]),
                )
            )  # fmt: skip
        else:
            self._say(line.text)

    def values(self) -> Iterator[Yield]:
        """Yield what was taken in."""
        if self._title:
            yield Text(text="\n".join(self._title), kind="subject")
        if self.words:
            yield Text(text="\n\n".join(self.words), kind="body")
        if self._people:
            yield Text(text="\n".join(self._people), kind="header")
        yield from self._files


PARSER = Parser(name="ics", version=1, media_types=("text/calendar",), looks_like=looks_like, parse=parse)
