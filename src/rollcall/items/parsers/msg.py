"""One item of Outlook in a file (.msg, .oft): a compound file of properties (MS-OXMSG), on olefile.

Each object is a storage: a stream of its short properties, and a stream for each long one, named by tag and type.
Recipients and attachments are storages in it; an attached message is such a tree again, below its attachment.
"""

import functools
import re
import struct
from collections.abc import Iterator

import msgspec

from rollcall.items import charsets, mapi_attachment, mapi_message, ole
from rollcall.items.compound import BROKEN, Compound, Path
from rollcall.items.mapi import STRING8, Names, Properties, Value, of_items
from rollcall.items.message import Leaf, Message, attached, parts_of
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Yield
from rollcall.items.readable import Readable

_PROPERTIES = "__properties_version1.0"
_NAMES = "__nameid_version1.0"
_STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})(?:-([0-9A-F]{8}))?\Z", re.IGNORECASE)
_HEADER = {"message": 32, "embedded": 24, "other": 8}  # bytes before the first property (MS-OXMSG 2.4.1)
_FIXED = {0x2: 2, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 2, 0x14: 8, 0x40: 8}
_MULTIPLE, _OBJECT, _BINARY = 0x1000, 0xD, 0x102
_STEP = 1 << 20
_DEEPEST = 16  # messages attached to messages
# Codepage of a language where the file names none (MS-UCODEREF): by the language, the low ten bits of its number.
_OF_LANGUAGE = {
    0x01: 1256, 0x02: 1251, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932, 0x12: 949, 0x15: 1250,
    0x18: 1250, 0x19: 1251, 0x1A: 1250, 0x1B: 1250, 0x1C: 1250, 0x1E: 874, 0x1F: 1254, 0x22: 1251, 0x23: 1251,
    0x24: 1250, 0x25: 1257, 0x26: 1257, 0x27: 1257, 0x29: 1256, 0x2A: 1258, 0x2F: 1251,
}  # fmt: skip
_CHINESE = {0x0804: 936, 0x1004: 936}  # the others are traditional


def looks_like(untrusted: Readable) -> bool:
    """Decide by the stream of properties at the root."""
    return _PROPERTIES in ole.root_names(untrusted)


def read_message(untrusted: Readable, limits: Limits) -> Message:
    """Return the item that the file is."""
    if untrusted.size > limits.max_bytes:
        raise ContentError("too_large", "file")
    try:
        package = Compound(untrusted)
        names = {
            stream: package.read(_NAMES, f"__substg1.0_{stream:04X}0102") for stream in (2, 3, 4)
        }  # GUIDs, entries, strings: numbered as in a PST
        return _Reader(package, Names(names), limits).message((), "message", 0)
    except BROKEN as error:
        raise ContentError("corrupt", f"compound file: {type(error).__name__}") from None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Return the subject, the bodies, what is attached, and what is wrong, one after the other."""
    return parts_of(lambda: read_message(untrusted, limits), limits)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return what is attached at a locator."""
    return attached(read_message(untrusted, limits), locator)


class _Found(msgspec.Struct):
    """What a storage holds: its properties and the storages below it, by what they are."""

    properties: Properties
    recipients: list[Path]
    attached: list[Path]
    objects: dict[int, Path]
    n_missing: int


class _Reader:
    def __init__(self, package: Compound, names: Names, limits: Limits) -> None:
        self._package = package
        self._names = names
        self._limits = limits

    def message(self, path: Path, kind: str, depth: int, codepage: str = "") -> Message:
        """Return the message in a storage."""
        found = self._object(path, kind, codepage)
        own = found.properties
        faults: list[Fault] = []
        if found.n_missing:
            faults.append(Fault(code="partial", detail=f"{found.n_missing} properties are announced and not there"))
        recipients = [self._object(place, "other", own.codepage).properties for place in found.recipients]
        leaves: list[Leaf] = []
        for number, place in enumerate(found.attached):
            locator = f"att:{number}"
            try:
                leaf = self._attachment(place, locator, depth, own.codepage)
            except BROKEN as error:
                leaf = Fault(code="partial", detail=f"attachment: {type(error).__name__}", locator=locator)
            if isinstance(leaf, Fault):
                faults.append(leaf)
            else:
                leaves.append(leaf)

        return mapi_message.read(own, recipients, tuple(leaves), tuple(faults), self._limits)

    def _attachment(self, path: Path, locator: str, depth: int, codepage: str) -> Leaf | Fault:
        found = self._object(path, "other", codepage)
        inner = found.objects.get(0x3701)
        if inner is not None and (*inner, _PROPERTIES) in self._package:
            if depth >= _DEEPEST:
                return Fault(code="too_deep", detail="messages attached to messages", locator=locator)
            message = self.message(inner, "embedded", depth + 1, codepage)
            name = mapi_attachment.name_of(found.properties)
            return Leaf(locator=locator, kind="message", name=name or message.subject or "", message=message)
        if inner is not None:
            chunks = functools.partial(_storage, self._package, inner)
            return mapi_attachment.file(found.properties, locator, None, chunks)
        data = (*path, f"__substg1.0_3701{_BINARY:04X}")
        if data not in self._package:
            if mapi_attachment.is_link(found.properties):
                return mapi_attachment.link(found.properties, locator)
            if 0x3701 in found.properties:
                return Fault(code="partial", detail="attachment without its content", locator=locator)
        return mapi_attachment.file(
            found.properties, locator, self._package.size(*data), functools.partial(_stream, self._package, data)
        )

    def _object(self, path: Path, kind: str, codepage: str) -> _Found:
        values: dict[int, Value] = {}
        announced = dict(_short(self._package.read(*path, _PROPERTIES)[_HEADER[kind] :], values))
        multiple: dict[tuple[int, int], dict[int, bytes]] = {}
        recipients: list[Path] = []
        attached: list[Path] = []
        objects: dict[int, Path] = {}
        for place in self._package.under(*path):
            name = place[-1]
            if (match := _STREAM.match(name)) is not None:
                tag, type_ = int(match[1], 16), int(match[2], 16)
                announced.pop(tag, None)
                if type_ == _OBJECT:
                    objects[tag] = place
                elif match[3] is not None:
                    multiple.setdefault((tag, type_), {})[int(match[3], 16)] = self._package.read(*place)
                elif tag == 0x3701:
                    values[tag] = Value(type_, b"")  # an attachment is read when it is asked for
                elif not (type_ & _MULTIPLE and type_ & ~_MULTIPLE not in _FIXED):
                    values.setdefault(tag, Value(type_, self._package.read(*place)))
            elif name.lower().startswith("__recip_version1.0_"):
                recipients.append(place)
            elif name.lower().startswith("__attach_version1.0_"):
                attached.append(place)
        for (tag, type_), found in multiple.items():
            values.setdefault(tag, Value(type_, of_items([found[number] for number in sorted(found)])))
        # Of some types nothing is ever kept here, and an empty list has no stream.
        n_missing = sum(type_ in (STRING8, 0x1F, _BINARY) for type_ in announced.values())
        return _Found(
            properties=Properties(values, codepage or _codepage(values), self._names),
            recipients=recipients,
            attached=attached,
            objects=objects,
            n_missing=n_missing,
        )


def _short(stream: bytes, values: dict[int, Value]) -> Iterator[tuple[int, int]]:
    """Take in the properties that stand in the stream itself; yield (tag, type) of those that have a stream."""
    for type_, tag, _flags, value in struct.iter_unpack("<HHI8s", stream[: len(stream) // 16 * 16]):
        if type_ in _FIXED:
            values[tag] = Value(type_, value[: _FIXED[type_]])
        elif int.from_bytes(value[:4], "little"):  # the length; what is empty needs no stream
            yield tag, type_


def _codepage(values: dict[int, Value]) -> str:
    """Return what the narrow texts of a file are in that names no codepage: by its language, else by what they hold."""
    if 0x3FF1 in values:
        language = int.from_bytes(values[0x3FF1].data[:2], "little")
        number = _OF_LANGUAGE.get(language & 0x3FF) or (_CHINESE.get(language, 950) if language & 0x3FF == 4 else 1252)
        return charsets.of_codepage(number) or "cp1252"
    return charsets.guess(b" ".join(value.data for value in values.values() if value.type == STRING8)) or "cp1252"


def _storage(package: Compound, path: Path) -> Iterator[bytes]:
    yield package.rebuilt(path)


def _stream(package: Compound, path: Path) -> Iterator[bytes]:
    data = package.read(*path)
    if len(data) < package.size(*path):
        raise ContentError("truncated", "attachment")
    for start in range(0, len(data), _STEP):
        yield data[start : start + _STEP]


PARSER = Parser(
    name="msg",
    version=1,
    media_types=("application/vnd.ms-outlook",),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
    read_message=read_message,
)
