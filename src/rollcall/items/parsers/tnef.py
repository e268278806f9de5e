"""TNEF (winmail.dat): a mail of Outlook inside a mail that went to other programs (MS-OXTNEF).

A run of attributes, each with a checksum. Everything of the message that matters stands in one of them as MAPI
properties; a few old ones are read for writers that knew nothing else. Attachments follow, each begun by its own mark.
"""

import functools
import struct
from collections.abc import Iterator

import msgspec

from rollcall.items import charsets, headers, mapi_attachment, mapi_message
from rollcall.items.mapi import STRING8, UNICODE, Names, Properties, Value, of_items
from rollcall.items.message import Leaf, Message, attached, parts_of
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Yield
from rollcall.items.readable import MemoryReadable, Readable

_MAGIC = b"\x78\x9f\x3e\x22"
_BROKEN = (struct.error, ValueError, LookupError)
# Attributes by number: of the message, of an attachment (MS-OXTNEF 2.1.3.2).
_SUBJECT, _BODY, _CODEPAGE, _PROPERTIES, _RECIPIENTS = 0x8004, 0x800C, 0x9007, 0x9003, 0x9004
_BEGINS, _TITLE, _DATA, _ATTACHED = 0x9002, 0x8010, 0x800F, 0x9005
_CLASS = 0x8008
_OLD_CLASSES = {"ipm.microsoft mail.note": "IPM.Note", "ipm.microsoft schedule.mtgreq": "IPM.Schedule.Meeting.Request"}
_FIXED = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_SHORT = {0x2: 2, 0xB: 2}
_LONG = (STRING8, UNICODE, 0xD, 0x102)
_MULTIPLE, _OBJECT = 0x1000, 0xD
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
_DEEPEST = 16
_MOST = 1 << 20


def looks_like(untrusted: Readable) -> bool:
    """Decide by the signature and the first attribute."""
    head = untrusted.read_at(0, 7)
    return head[:4] == _MAGIC and head[6:7] in (b"\x01", b"\x02")


def read_message(untrusted: Readable, limits: Limits) -> Message:
    """Return the message that the file is."""
    if untrusted.size > limits.max_bytes:
        raise ContentError("too_large", "file")
    return _message(untrusted.read_at(0, untrusted.size), limits, 0)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Return the subject, the bodies, what is attached, and what is wrong, one after the other."""
    return parts_of(lambda: read_message(untrusted, limits), limits)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return what is attached at a locator."""
    return attached(read_message(untrusted, limits), locator)


class _File(msgspec.Struct):
    """One attachment, from what its attributes say."""

    title: bytes = b""
    data: bytes | None = None
    values: dict[int, Value] = {}


class _Reading(msgspec.Struct):
    """A message in the reading."""

    codepage: str = "cp1252"
    values: dict[int, Value] = {}
    old: dict[int, bytes] = {}
    recipients: list[dict[int, Value]] = []
    files: list[_File] = []
    names: "_Named" = msgspec.field(default_factory=lambda: _Named())
    faults: dict[Fault, None] = {}


class _Named:
    """Numbers given to the named properties of a file, and what they are called: as the map of a PST has it."""

    def __init__(self) -> None:
        self._tags: dict[tuple[bytes, int | str], int] = {}

    def tag(self, guid: bytes, name: int | str) -> int:
        """Return the number of a name."""
        return self._tags.setdefault((guid, name), 0x8000 + len(self._tags) % 0x7FFF)

    def names(self) -> Names:
        """Return the map."""
        guids, entries, strings = bytearray(), bytearray(), bytearray()
        for (guid, name), tag in self._tags.items():
            if isinstance(name, str):
                text = name.encode("utf-16-le", "replace")
                entries += struct.pack("<IHH", len(strings), 1, tag - 0x8000)
                strings += struct.pack("<I", len(text)) + text
            else:
                place = (len(guids) // 16 + 3) << 1
                if place < 1 << 16:
                    entries += struct.pack("<IHH", name, place, tag - 0x8000)
                    guids += guid
        return Names({2: bytes(guids), 3: bytes(entries), 4: bytes(strings)})


def _message(data: bytes, limits: Limits, depth: int) -> Message:
    reading = _Reading()
    for level, number, value in _attributes(data, reading.faults):
        try:
            _take(reading, level, number, value)
        except _BROKEN as error:
            detail = f"attribute {number:04x}: {type(error).__name__}"
            reading.faults[Fault(code="partial", detail=detail)] = None
    values = reading.values
    for number, tag in ((_SUBJECT, 0x0037), (_BODY, 0x1000), (_CLASS, 0x001A)):
        if number in reading.old and tag not in values:
            values[tag] = Value(STRING8, reading.old[number])
    if (written := values.get(0x001A)) is not None and written.type == STRING8:
        old = written.data.rstrip(b"\0").decode("latin-1").lower()
        values[0x001A] = Value(STRING8, _OLD_CLASSES.get(old, old).encode("latin-1"))
    values.setdefault(0x001A, Value(STRING8, b"IPM.Note"))
    names = reading.names.names()
    properties = Properties(values, reading.codepage, names)
    recipients = [Properties(row, properties.codepage, names) for row in reading.recipients]
    leaves: list[Leaf] = []
    for place, file in enumerate(reading.files):
        leaf = _leaf(file, f"att:{place}", Properties(file.values, properties.codepage, names), limits, depth)
        if isinstance(leaf, Fault):
            reading.faults[leaf] = None
        else:
            leaves.append(leaf)

    return mapi_message.read(properties, recipients, tuple(leaves), tuple(reading.faults), limits)


def _attributes(data: bytes, faults: dict[Fault, None]) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, number, value) of each attribute; the sum behind it is checked."""
    position = 6
    while position + 9 <= len(data):
        level, number, _, length = struct.unpack_from("<BHHI", data, position)
        start = position + 9
        if level not in (1, 2):
            faults[Fault(code="corrupt", detail="bytes that are no attribute")] = None
            return
        value = data[start : start + length]
        if len(value) < length:
            faults[Fault(code="truncated", detail=f"attribute {number:04x}")] = None
        elif int.from_bytes(data[start + length : start + length + 2], "little") != sum(value) & 0xFFFF:
            faults[Fault(code="defect", detail=f"sum of attribute {number:04x}")] = None
        yield level, number, value
        position = start + length + 2


def _take(reading: _Reading, level: int, number: int, value: bytes) -> None:
    if number == _CODEPAGE and len(value) >= 4:
        reading.codepage = charsets.of_codepage(int.from_bytes(value[:4], "little")) or reading.codepage
    elif number == _PROPERTIES:
        reading.values |= _row(value, 0, reading.names)[0]
    elif number == _RECIPIENTS:
        (count,) = struct.unpack_from("<I", value)
        position = 4
        for _ in range(min(count, _MOST)):
            row, position = _row(value, position, reading.names)
            reading.recipients.append(row)
    elif level == 1:
        reading.old.setdefault(number, value)
    elif number == _BEGINS or not reading.files:
        reading.files.append(_File())
    if level == 2 and reading.files:
        file = reading.files[-1]
        if number == _TITLE:
            file.title = value
        elif number == _DATA:
            file.data = value
        elif number == _ATTACHED:
            file.values = _row(value, 0, reading.names)[0]


def _row(data: bytes, position: int, names: _Named) -> tuple[dict[int, Value], int]:
    """Return the properties that stand at a place (MS-OXTNEF 2.1.3.4), and where they end."""
    (count,) = struct.unpack_from("<I", data, position)
    position += 4
    found: dict[int, Value] = {}
    for _ in range(min(count, _MOST)):
        type_, tag = struct.unpack_from("<HH", data, position)
        position += 4
        if tag >= 0x8000:
            tag, position = _named(data, position, names)
        plain = type_ & ~_MULTIPLE
        several = bool(type_ & _MULTIPLE)
        values: list[bytes] = []
        if plain in _FIXED:
            number = 1
            if several:
                (number,) = struct.unpack_from("<I", data, position)
                position += 4
            for _ in range(min(number, _MOST)):
                size = _FIXED[plain]
                if position + size > len(data):
                    raise ValueError("ends early")
                values.append(data[position : position + _SHORT.get(plain, size)])
                position += size
            found[tag] = Value(type_, b"".join(values))
            continue
        if plain not in _LONG:
            raise ValueError("a type that is not known")
        (number,) = struct.unpack_from("<I", data, position)
        position += 4
        for _ in range(min(number, _MOST)):
            (length,) = struct.unpack_from("<I", data, position)
            if position + 4 + length > len(data):
                raise ValueError("ends early")
            values.append(data[position + 4 : position + 4 + length])
            position += 4 + length + -length % 4
        found[tag] = Value(type_, of_items(values) if several else b"".join(values[:1]))
    return found, position


def _named(data: bytes, position: int, names: _Named) -> tuple[int, int]:
    guid, kind = data[position : position + 16], struct.unpack_from("<I", data, position + 16)[0]
    (number,) = struct.unpack_from("<I", data, position + 20)
    if kind == 0:
        return names.tag(guid, number), position + 24
    text = data[position + 24 : position + 24 + number].decode("utf-16-le", "replace").rstrip("\0")
    return names.tag(guid, text), position + 24 + number + -number % 4


def _leaf(file: _File, locator: str, properties: Properties, limits: Limits, depth: int) -> Leaf | Fault:
    kept = properties.binary(0x3701)
    if properties.type_of(0x3701) == _OBJECT and kept is not None:
        identifier, kept = kept[:16], kept[16:]  # an interface of Windows, then what it gives
        if identifier == _MESSAGE and looks_like(MemoryReadable(kept)):
            if depth >= _DEEPEST:
                return Fault(code="too_deep", detail="messages attached to messages", locator=locator)
            message = _message(kept, limits, depth + 1)
            name = mapi_attachment.name_of(properties) or message.subject or ""
            return Leaf(locator=locator, kind="message", name=name, message=message)
    data = file.data if file.data is not None and not kept else kept
    if data is None:
        if mapi_attachment.is_link(properties):
            return mapi_attachment.link(properties, locator)
        data = b""
    leaf = mapi_attachment.file(properties, locator, len(data), functools.partial(iter, (data,)))
    if leaf.name:
        return leaf
    title = charsets.decode(file.title, properties.codepage)[0].rstrip("\0")
    return msgspec.structs.replace(leaf, name=headers.one_line(title))


PARSER = Parser(
    name="tnef",
    version=1,
    media_types=("application/ms-tnef",),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
    read_message=read_message,
)
