"""MAPI properties: how Outlook's stores spell a value, and what its numbered properties are called.

One table of labels serves contacts, appointments, tasks and notes, so that each value a person typed becomes a line
"Label: value". Nothing here knows of the library that reads the store: it gets (tag, type, bytes).
"""

import itertools
import re
import struct
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from rollcall.items import charsets, dates

STRING8, UNICODE, TIME, BINARY = 0x1E, 0x1F, 0x40, 0x102
_MULTIPLE = 0x1000
# Text, dates and numbers of a person; what is not here and is text gets the label "Property 0x....".
LABELS: dict[int, str] = {
    0x0037: "Subject", 0x0E04: "To", 0x0E03: "Cc", 0x0E02: "Bcc", 0x0042: "From", 0x3001: "Display name",
    0x3A02: "Callback phone", 0x3A05: "Generation", 0x3A06: "Given name", 0x3A07: "Government ID number",
    0x3A08: "Business phone", 0x3A09: "Home phone", 0x3A0A: "Initials", 0x3A0B: "Keyword", 0x3A0C: "Language",
    0x3A0D: "Location", 0x3A0F: "Common name", 0x3A10: "Organisational ID number", 0x3A11: "Surname",
    0x3A12: "Original entry", 0x3A15: "Postal address", 0x3A16: "Company", 0x3A17: "Job title",
    0x3A18: "Department", 0x3A19: "Office location", 0x3A1A: "Primary phone", 0x3A1B: "Business phone 2",
    0x3A1C: "Mobile phone", 0x3A1D: "Radio phone", 0x3A1E: "Car phone", 0x3A1F: "Other phone",
    0x3A20: "Transmittable name", 0x3A21: "Pager", 0x3A23: "Primary fax", 0x3A24: "Business fax",
    0x3A25: "Home fax", 0x3A26: "Country", 0x3A27: "City", 0x3A28: "State", 0x3A29: "Street",
    0x3A2A: "Postal code", 0x3A2B: "PO box", 0x3A2C: "Telex", 0x3A2D: "ISDN", 0x3A2E: "Assistant phone",
    0x3A2F: "Home phone 2", 0x3A30: "Assistant", 0x3A41: "Wedding anniversary", 0x3A42: "Birthday",
    0x3A43: "Hobbies", 0x3A44: "Middle name", 0x3A45: "Title", 0x3A46: "Profession", 0x3A47: "Preferred name",
    0x3A48: "Spouse", 0x3A49: "Computer network name", 0x3A4A: "Customer ID", 0x3A4B: "TTY/TDD phone",
    0x3A4C: "FTP site", 0x3A4D: "Gender", 0x3A4E: "Manager", 0x3A4F: "Nickname", 0x3A50: "Personal home page",
    0x3A51: "Business home page", 0x3A57: "Company main phone", 0x3A58: "Children", 0x3A59: "Home city",
    0x3A5A: "Home country", 0x3A5B: "Home postal code", 0x3A5C: "Home state", 0x3A5D: "Home street",
    0x3A5E: "Home PO box", 0x3A5F: "Other city", 0x3A60: "Other country", 0x3A61: "Other postal code",
    0x3A62: "Other state", 0x3A63: "Other street", 0x3A64: "Other PO box", 0x3FF8: "Created by",
    0x3FFA: "Last changed by", 0x0060: "Start", 0x0061: "End", 0x1001: "Report",
    0x0049: "Original subject", 0x0074: "Original recipients", 0x005A: "Original sender",
}  # fmt: skip
_ADDRESS, _MEETING, _TASK, _COMMON = (
    uuid.UUID(text).bytes_le
    for text in (
        "00062004-0000-0000-c000-000000000046", "00062002-0000-0000-c000-000000000046",
        "00062003-0000-0000-c000-000000000046", "00062008-0000-0000-c000-000000000046",
    )
)  # fmt: skip
_NAMED: dict[tuple[bytes, int], str] = {
    (_ADDRESS, number): label
    for number, label in {
        0x8005: "File as", 0x8054: "Member", 0x8055: "Member",
        0x801A: "Home address", 0x801B: "Work address", 0x801C: "Other address",
        0x802C: "Yomi given name", 0x802D: "Yomi surname", 0x802E: "Yomi company", 0x8045: "Work street",
        0x8046: "Work city", 0x8047: "Work state", 0x8048: "Work postal code", 0x8049: "Work country",
        0x804A: "Work PO box", 0x804F: "User field 1", 0x8050: "User field 2", 0x8051: "User field 3",
        0x8052: "User field 4", 0x8053: "List name", 0x8062: "Instant messaging address", 0x8080: "Email 1 name",
        0x8083: "Email 1", 0x8084: "Email 1 original name", 0x8090: "Email 2 name", 0x8093: "Email 2",
        0x8094: "Email 2 original name", 0x80A0: "Email 3 name", 0x80A3: "Email 3", 0x80A4: "Email 3 original name",
        0x80B2: "Business fax name", 0x80B3: "Business fax", 0x80C2: "Home fax name", 0x80C3: "Home fax",
        0x80D2: "Primary fax name", 0x80D3: "Primary fax", 0x80D8: "Free/busy location", 0x80DE: "Birthday",
        0x80DF: "Wedding anniversary", 0x80DD: "Postal address",
    }.items()
} | {
    (_MEETING, number): label
    for number, label in {
        0x8208: "Location", 0x820D: "Start", 0x820E: "End", 0x8232: "Recurrence", 0x8234: "Time zone",
        0x8238: "All attendees", 0x823B: "Required attendees", 0x823C: "Optional attendees",
        0x8235: "Recurrence start", 0x8236: "Recurrence end", 0x8248: "Meeting directory", 0x8251: "Online meeting",
    }.items()
} | {
    (_TASK, number): label
    for number, label in {
        0x8104: "Start", 0x8105: "Due", 0x810F: "Completed", 0x811F: "Owner", 0x8121: "Assigned by",
        0x8122: "Last user", 0x8125: "Last delegate",
    }.items()
} | {
    (_COMMON, number): label
    for number, label in {
        0x8502: "Reminder", 0x8516: "Common start", 0x8517: "Common end", 0x8530: "Flag", 0x8535: "Billing",
        0x8539: "Companies", 0x853A: "Contacts", 0x8534: "Mileage", 0x8586: "Contact link name",
    }.items()
}  # fmt: skip
# Types of addresses, class names and the store's own notes; nobody typed them and they name no one.
_TECHNICAL = frozenset(
    (
        0x001A, 0x0064, 0x0068, 0x0075, 0x0077, 0x007D, 0x0C1E, 0x3002, 0x3613, 0x3FF9, 0x4022, 0x4024, 0x1000, 0x1013,
        0x1035, 0x1015, 0x6619,
    )
)  # fmt: skip
_DAY = timedelta(days=1)
_ONE_OFF = bytes.fromhex("812b1fa4bea310199d6e00dd010f5402")


class Value(msgspec.Struct, frozen=True):
    """One property as the store keeps it."""

    type: int
    data: bytes


class Properties:
    """The properties of one object, decoded when asked for."""

    def __init__(self, values: Mapping[int, Value], codepage: str = "cp1252", names: "Names | None" = None) -> None:
        self._values = values
        self._names = names or Names({})
        stated = self.integer(0x3FFD) or self.integer(0x3FDE)
        self.codepage = (charsets.of_codepage(stated) if stated else None) or codepage

    def __contains__(self, tag: int) -> bool:
        return tag in self._values

    def text(self, tag: int) -> str | None:
        """Return a text property, its closing NUL removed; None where it is missing or empty."""
        value = self._values.get(tag)
        if value is None or value.type not in (STRING8, UNICODE):
            return None
        return self._decode(value.type, value.data) or None

    def binary(self, tag: int) -> bytes | None:
        """Return the bytes of a property of any type."""
        value = self._values.get(tag)
        return None if value is None else value.data

    def type_of(self, tag: int) -> int:
        """Return the property's type, 0 where it is missing."""
        return self._values[tag].type if tag in self._values else 0

    def integer(self, tag: int) -> int | None:
        """Return a whole number or a truth value."""
        value = self._values.get(tag)
        if value is None or value.type not in (0x2, 0x3, 0xB, 0x14) or not value.data:
            return None
        return int.from_bytes(value.data, "little", signed=True)

    def time(self, tag: int) -> tuple[str, str | None] | None:
        """Return a time as the store writes it (100 ns since 1601) and in UTC, None where it cannot be true."""
        value = self._values.get(tag)
        if value is None or value.type != TIME or len(value.data) < 8:
            return None
        written = int.from_bytes(value.data[:8], "little", signed=True)
        return str(written), moment(written)

    def lines(self) -> list[str]:
        """Return every text and every known date as "Label: value", each once, in the order of the labels."""
        found: dict[str, None] = {}
        said = {"SMTP", "EX"}  # types of addresses, and what a labelled line has said already
        order = {tag: place for place, tag in enumerate(LABELS)}
        places = {tag: order.get(tag, len(order) + (self._names.label(tag) is None)) for tag in self._values}
        for tag in sorted(self._values, key=lambda tag: (places[tag], tag)):
            label = LABELS.get(tag) or self._names.label(tag)
            for text in self._shown(tag) if tag not in _TECHNICAL else ():
                if label or text not in said:
                    found[f"{label or f'Property 0x{tag:04x}'}: {text}"] = None
                    said.add(text)
        return list(found)

    def _shown(self, tag: int) -> list[str]:
        value = self._values[tag]
        if value.type in (STRING8, UNICODE):
            texts = [self._decode(value.type, value.data)]
        elif value.type in (STRING8 | _MULTIPLE, UNICODE | _MULTIPLE):
            texts = [self._decode(value.type & ~_MULTIPLE, item) for item in items(value.data)]
        elif value.type == TIME and (tag in LABELS or self._names.label(tag)):
            shown = _day_or_moment(int.from_bytes(value.data[:8], "little", signed=True))
            texts = [shown] if shown else []
        elif value.type == BINARY | _MULTIPLE and self._names.label(tag):
            texts = [_one_off(item) for item in items(value.data)]
        else:
            texts = []
        return [text for text in (re.sub(r"\s*[\r\n]+\s*", ", ", text.strip()) for text in texts) if text]

    def _decode(self, kind: int, data: bytes) -> str:
        if kind == UNICODE:
            text = data[: len(data) // 2 * 2].decode("utf-16-le", "replace")
        else:
            text = charsets.decode(data, self.codepage)[0]
        return text.rstrip("\0")


def of_items(values: Sequence[bytes]) -> bytes:
    """Return a multi-valued property of these items as a PST keeps it, which is what `items` takes apart."""
    place, offsets = 4 + 4 * len(values), list[int]()
    for value in values:
        offsets.append(place)
        place += len(value)
    return struct.pack(f"<{len(values) + 1}I", len(values), *offsets) + b"".join(values)


def items(data: bytes) -> Iterable[bytes]:
    """Yield the items of a multi-valued property: a count, the offsets, then the items (MS-PST 2.3.3.4.2)."""
    if len(data) < 4:
        return
    (count,) = struct.unpack_from("<I", data)
    count = min(count, (len(data) - 4) // 4)
    offsets = (*struct.unpack_from(f"<{count}I", data, 4), len(data))
    for start, end in itertools.pairwise(offsets):
        yield data[start:end]


def _one_off(entry: bytes) -> str:
    """Return "name <address>" of an entry id that carries both (MS-OXCDATA 2.2.5.1), "" of any other."""
    if entry[4:20] != _ONE_OFF or len(entry) < 24:
        return ""
    is_unicode = entry[23] & 0x80
    text = entry[24:].decode("utf-16-le", "replace") if is_unicode else charsets.decode(entry[24:])[0]
    name, _, address = (*text.split("\0"), "", "", "")[:3]
    return f"{name} <{address}>" if address and address != name else name


class Names:
    """The store's map from numbers 0x8000 and up to the names of properties (MS-PST 2.4.7)."""

    def __init__(self, streams: Mapping[int, bytes]) -> None:
        guids, entries, strings = (streams.get(stream, b"") for stream in (2, 3, 4))
        self._labels: dict[int, str] = {}
        for name, kind, index in struct.iter_unpack("<IHH", entries[: len(entries) // 8 * 8]):
            tag = 0x8000 + index
            if kind & 1:
                (length,) = struct.unpack_from("<I", strings, name) if name + 4 <= len(strings) else (0,)
                label = strings[name + 4 : name + 4 + length].decode("utf-16-le", "replace")
            else:
                place = ((kind >> 1) - 3) * 16
                label = _NAMED.get((guids[place : place + 16], name), "") if place >= 0 else ""
            if label:
                self._labels[tag] = label

    def label(self, tag: int) -> str | None:
        """Return what a named property is called, None where the store's map does not say."""
        return self._labels.get(tag)


def moment(written: int) -> str | None:
    """Return a FILETIME as UTC to the second; None where it cannot be a mail's date."""
    at = _datetime(written)
    return None if at is None else dates.utc(at)


def _datetime(written: int) -> datetime | None:
    try:
        return datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=written // 10)
    except OverflowError:
        return None


def _day_or_moment(written: int) -> str | None:
    """Return a date of a person: a day where it is midnight, else to the second. A birthday may be of any century."""
    at = _datetime(written)
    if at is None or not 1601 < at.year < 4500:  # 1601 and 4501 say "none"
        return None
    midnight = (at - at.replace(hour=0, minute=0, second=0, microsecond=0)) % _DAY == timedelta(0)
    return f"{at:%Y-%m-%d}" if midnight else f"{at:%Y-%m-%dT%H:%M:%SZ}"
