"""Outlook for Mac archives (.olm): a zip with a file of XML for each mail, and one for all contacts, events or notes.

Fields are elements "OPF<what>Copy<name>"; whatever they are called, each value of a contact, event, task or note
becomes a line, so that fields nobody has listed are read too. Attachments are members of the zip that the XML names.
"""

import functools
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from rollcall.items import dates, headers
from rollcall.items.message import Leaf, Message
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.parsers import zip_
from rollcall.items.parsers.pst_folders import kind_by_name
from rollcall.items.readable import Readable
from rollcall.items.xml import child, children, local, text_of
from rollcall.items.xml_stream import attribute, elements

_MARK = "com.microsoft.__"
_KINDS = {
    "email": "message", "contact": "contact", "group": "contact", "appointment": "appointment", "task": "task",
    "note": "note",
}  # fmt: skip
_FIELD = re.compile(r"\AOPF(?:[A-Z][a-z]+){1,2}?(?:Copy|Get|Set)(?=[A-Z])(?:Set)?")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|\d+|[a-z]+")
_MIDNIGHT = re.compile(r"\A(\d{4}-\d\d-\d\d)T00:00:00(?:\.0+)?Z?\Z")
_TAGS = re.compile(r"<(?:html|body|div|p|span|br|table)\b", re.IGNORECASE)
# What the program notes for itself, and what stands in a message's own fields.
_TECHNICAL = re.compile(
    r"(?:UUID|ModDate|ModifiedTime|CreationDate|Is[A-Z]\w*|Has[A-Z]\w*|Reminder\w*|Category\w*|TimeZone|Priority"
    r"|FreeBusyStatus|DefaultEmailAddress|AccountUID\w*|ContactImage)\Z"
)
_DATE_FIELDS = {"client_submit": "SentTime", "delivery": "ReceivedTime", "modification": "ModDate"}


def looks_like(untrusted: Readable) -> bool:
    """Decide by the folders of the zip."""
    if not untrusted.read_at(0, 4).startswith(b"PK\x03\x04"):
        return False
    archive = zip_.open_archive(untrusted)
    return archive is not None and any(f"/{_MARK}" in info.filename for info in archive.infolist()[:5_000])


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each mail, contact, event, task and note; then the files no mail names, and the folders' names."""
    try:
        store = _Store.of(untrusted, limits)
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail)
        return
    if (fault := zip_.growth(store.archive.infolist(), untrusted.size, limits)) is not None:
        yield Text(text="\n".join(store.names), kind="names")
        yield fault
        return
    for index, name in enumerate(store.names):
        if name.lower().endswith(".xml"):
            yield from _items(store, index)
    for index, name in enumerate(store.names):
        is_read = name.lower().endswith(".xml") or name.endswith("/") or name in store.named
        if not is_read:
            yield zip_.member(untrusted, store.archive, index, name, limits)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the item "member#place", or the member "number name"."""
    if "#" not in locator.partition(" ")[0]:
        return zip_.open_child(untrusted, locator, limits)
    index = int(locator.partition("#")[0])
    for value in _items(_Store.of(untrusted, limits), index):
        if isinstance(value, Inner) and value.locator == locator:
            return value
    raise LookupError("no such item")


class _Store(msgspec.Struct):
    """An open archive."""

    readable: Readable
    archive: zipfile.ZipFile
    names: list[str]
    places: dict[str, int]
    limits: Limits
    named: set[str] = set()  # members that a mail names as its attachments

    @classmethod
    def of(cls, untrusted: Readable, limits: Limits) -> "_Store":
        """Return the open archive of a content, kept between calls: its directory may be long."""
        if (held := _held.get(id(untrusted))) is None:
            _held.clear()
            held = _held[id(untrusted)] = cls._open(untrusted, limits)
        return held

    @classmethod
    def _open(cls, untrusted: Readable, limits: Limits) -> "_Store":
        archive = zip_.open_archive(untrusted)
        if archive is None:
            raise ContentError("corrupt", "no directory of members")
        names = zip_.names_of(archive.infolist())
        return cls(untrusted, archive, names, {name: index for index, name in enumerate(names)}, limits)

    def member(self, index: int) -> Inner:
        """Return a member by its number."""
        return zip_.member(self.readable, self.archive, index, self.names[index], self.limits)


_held: dict[int, _Store] = {}


def _items(store: _Store, index: int) -> Iterator[Yield]:
    """Yield the items of one file of XML."""
    found = store.member(index)
    folder = store.names[index].partition(_MARK)[2].rpartition("/")[0].partition("/")[2]
    kind = next(filter(None, (kind_by_name(name) for name in reversed(folder.split("/")))), "")
    if (found.size or 0) > store.limits.max_bytes:
        yield Fault(code="too_large", detail="a file of items", locator=str(index))
        return
    try:
        data = b"".join(found.chunks() if found.chunks is not None else ())
        for number, (_, element) in enumerate(elements(io.BytesIO(data), "items", tuple(_KINDS))):
            message = _message(store, element, _KINDS[local(element)])
            yield Inner(
                locator=f"{index}#{number}",
                kind=message.kind,
                name=message.subject or "",
                folder=folder,
                folder_kind=kind,
                message=message,
            )
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail, locator=str(index))


def _message(store: _Store, element: Any, kind: str) -> Message:
    fields: dict[str, Any] = {}
    for field in children(element):
        fields.setdefault(_FIELD.sub("", local(field)), field)
    faults: list[Fault] = []
    leaves = [*_bodies(fields, kind), *_attached(store, fields, faults)]
    if kind != "message":
        text = "\n".join(_lines(element))
        leaves.insert(0, Leaf(locator="body:fields", kind="body", media_type="text/plain", text=text))
    written = {
        name: (text, _utc(text)) for name, field in _DATE_FIELDS.items() if (text := text_of(fields.get(field)).strip())
    }
    names = ("Subject", "DisplayName", "Summary", "Title", "Name")
    subject = next((text for name in names if (text := headers.one_line(text_of(fields.get(name))))), None)
    identifier = headers.one_line(text_of(fields.get("MessageID")))
    source = text_of(fields.get("Source"))
    recipients = [one for name in ("ToAddresses", "CCAddresses", "BCCAddresses") for one in _people(fields.get(name))]
    senders = [one for name in ("FromAddresses", "SenderAddress") for one in _people(fields.get(name))]
    return Message(
        kind=kind,
        header=source.encode("utf-8", "replace"),
        message_id=(identifier if "<" in identifier else f"<{identifier}>") if identifier else None,
        subject=subject,
        sender=senders[0] if senders else None,
        recipients=tuple(recipients),
        sent_at=written.get("client_submit", ("", None))[1],
        received_at=written.get("delivery", ("", None))[1],
        dates=written,
        leaves=tuple(leaves),
        faults=tuple(faults),
    )


def _bodies(fields: dict[str, Any], kind: str) -> Iterator[Leaf]:
    names = ("Body", "HTMLBody") if kind == "message" else ("Notes", "NotesPlain", "Description", "Text", "Body")
    for name in names:
        text = headers.safe(text_of(fields.get(name)))
        if text.strip():
            markup = name == "HTMLBody" or _TAGS.search(text) is not None
            media_type = "text/html" if markup else "text/plain"
            yield Leaf(locator=f"body:{name.lower()}", kind="body", media_type=media_type, text=text)


def _attached(store: _Store, fields: dict[str, Any], faults: list[Fault]) -> Iterator[Leaf]:
    listed = [one for name in ("AttachmentList", "Attachments") for one in children(fields.get(name))]
    for place, entry in enumerate(listed):
        locator = f"att:{place}"
        name = headers.one_line(attribute(entry.attrib, "OPFAttachmentName"))
        url = attribute(entry.attrib, "OPFAttachmentURL")
        if (index := store.places.get(url.lstrip("/"))) is None:
            faults.append(Fault(code="partial", detail="attachment without its content", locator=locator))
            continue
        store.named.add(store.names[index])
        inline = bool(attribute(entry.attrib, "OPFAttachmentContentID"))
        yield Leaf(
            locator=locator,
            kind="inline" if inline else "attachment",
            name=name,
            media_type=attribute(entry.attrib, "OPFAttachmentContentType").lower(),
            size=store.archive.infolist()[index].file_size,
            chunks=functools.partial(_content, store, index),
        )
    meeting = text_of(fields.get("MeetingData")).strip().lstrip("/")
    if (index := store.places.get(meeting)) is not None:
        store.named.add(meeting)
        chunks = functools.partial(_content, store, index)
        yield Leaf(locator="meeting", kind="attachment", media_type="text/calendar", chunks=chunks)


def _content(store: _Store, index: int) -> Iterator[bytes]:
    chunks = store.member(index).chunks
    if chunks is not None:
        yield from chunks()


def _people(field: Any) -> Iterator[str]:
    """Yield "name <address>" of each correspondent of a field."""
    for entry in children(field):
        name = headers.one_line(attribute(entry.attrib, "OPFContactEmailAddressName"))
        address = headers.one_line(attribute(entry.attrib, "OPFContactEmailAddressAddress"))
        if name or address:
            yield f"{name} <{address}>" if name and address and name != address else name or address


def _lines(element: Any) -> Iterator[str]:
    """Yield each value of an item as "label: value"."""
    for field in children(element):
        name = _FIELD.sub("", local(field))
        if _TECHNICAL.search(name) or child(field, "messageAttachment") is not None:
            continue
        label = " ".join(_WORD.findall(name)).capitalize() or name
        value = " ".join((field.text or "").split())
        if value and not _TAGS.search(value):
            day = _MIDNIGHT.match(value)
            yield f"{label}: {day[1] if day else value}"
        for inner in field.iter():
            said = dict.fromkeys(
                " ".join(str(text).split())
                for key, text in inner.attrib.items()
                if key.endswith(("Address", "Name", "Number", "Value"))
            )
            if told := " ".join(one for one in said if one):
                yield f"{label}: {told}"


def _utc(text: str) -> str | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return dates.utc(at if at.tzinfo is not None else at.replace(tzinfo=UTC))


PARSER = Parser(
    name="olm", version=1, media_types=("application/vnd.ms-outlook-olm",), looks_like=looks_like, parse=parse,
    open_child=open_child, locked=zip_.locked,
)  # fmt: skip
