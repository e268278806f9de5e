"""A mail in RFC 822 form taken apart: headers, bodies, attachments, attached mails; and what is wrong with it.

The structure is split here, not by the standard library: it drops lines of damaged headers, stops base64 at the first
padding, recurses without bound and keeps no offsets. `tests/items/test_mime.py` holds both to the same leaves.

Rules: an outer boundary ends everything inside it; a multipart whose boundary never comes is text; text before the
first and after the last boundary is a body of its own unless it is the customary notice to old mail readers. So every
byte after the header is in some leaf.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from rollcall.items import cms, transfer
from rollcall.items.dates import mail_date, received_date
from rollcall.items.headers import (
    Fields,
    addresses,
    decode_bytes,
    decode_value,
    first,
    one_line,
    parameters,
    split_header,
)
from rollcall.items.links import host_of
from rollcall.items.message import Leaf, Message
from rollcall.items.parser import Fault, Limits
from rollcall.items.plain import unflowed
from rollcall.items.readable import Readable

_DATES = (
    "date",
    "resent-date",
    "delivery-date",
    "original-date",
    "deferred-delivery",
    "expires",
    "reply-by",
    "injection-date",
    "x-originalarrivaltime",
)
_RECIPIENTS = ("to", "cc", "bcc", "apparently-to", "resent-to", "resent-cc")
_NOTICE = re.compile(r"\A[^0-9@]{0,400}\b(?:mime|multi-?part)\b[^0-9@]{0,400}\Z", re.IGNORECASE | re.DOTALL)
_BOUNDARY_LINE = re.compile(rb"^--([^\s-][^\r\n]{0,199}?)[ \t]*\r?\n(?=[A-Za-z-]+:|\r?\n)", re.MULTILINE)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+\Z")
_META = re.compile(rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:+-]{1,40})", re.IGNORECASE)
_SIGNED = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_MESSAGES = ("message/rfc822", "message/global", "message/news")
_MOST_FAULTS = 50
_STRUCTURE = frozenset(
    ("content-type", "content-transfer-encoding", "content-disposition", "content-id", "content-location",
     "content-language", "content-length", "content-md5", "mime-version", "x-attachment-id", "x-apple-content-length",
     "x-ms-embedded-report", "lines")
)  # fmt: skip


class _Entity(msgspec.Struct, kw_only=True):
    """A part of the mail: its header, the range of its body, and where it stands."""

    fields: Fields
    start: int  # of the header
    body: int
    end: int
    path: str
    default: str = "text/plain"
    open_end: bool = False  # runs to the end of the data: what is missing there was cut off


class _Reader:
    """Takes one mail apart. `depth` counts multiparts and attached mails above it."""

    def __init__(self, data: bytes, limits: Limits, depth: int, *, whole: bool) -> None:
        self._data = data
        self._limits = limits
        self._depth = depth
        self._whole = whole  # nothing encloses this mail, so its end is the end of the data
        self.leaves: list[Leaf] = []
        self.faults: dict[Fault, None] = {}
        self._said: list[bytes] = []  # fields of parts that say more than how to read them

    def fault(self, code: str, detail: str, locator: str = "") -> None:
        """Note what is wrong; the same thing a hundred times is noted once."""
        if len(self.faults) < _MOST_FAULTS:
            self.faults[Fault(code=code, detail=detail, locator=locator)] = None

    def read(self) -> Message:
        """Return the message."""
        fields, body, damaged = split_header(self._data)
        if damaged:
            self.fault("defect", "lines of the header are no fields")
        entity = _Entity(fields=fields, start=0, body=body, end=len(self._data), path="", open_end=self._whole)
        self._entity(entity, self._depth)
        dates, sent_at, received_at = _dates(fields)
        for name, (written, utc) in dates.items():
            if utc is None and name in ("date", "received_last"):
                self.fault("bad_date", f"{name}: {'missing' if not written else 'not credible'}")
        if "date" not in dates and fields:
            self.fault("bad_date", "date: missing")
        return Message(
            header=b"\n".join((self._data[:body].rstrip(b"\r\n") if fields else b"", *self._said)).strip(b"\r\n"),
            message_id=_message_id(fields),
            subject=None if (subject := first(fields, "subject")) is None else decode_value(subject),
            sender=_sender(fields),
            recipients=tuple(
                address for name in _RECIPIENTS for key, raw in fields if key == name for address in addresses(raw)
            ),
            sent_at=sent_at,
            received_at=received_at,
            dates=dates,
            leaves=tuple(self.leaves),
            faults=tuple(self.faults),
        )

    def _entity(self, entity: _Entity, depth: int) -> None:
        media_type, given = self._media_type(entity)
        is_container = media_type.startswith("multipart/") or media_type in _MESSAGES
        if is_container and depth >= self._limits.max_mime_depth:
            self.fault("too_deep", f"more than {self._limits.max_mime_depth} levels of MIME", entity.path)
            chunks = _chunks(self._data, entity.start, entity.end, "")
            leaf = Leaf(locator=entity.path or "1", kind="attachment", media_type="message/rfc822", chunks=chunks)
            self.leaves.append(leaf)
        elif media_type.startswith("multipart/"):
            self._multipart(entity, media_type, given, depth)
        elif is_container:
            self._attached(entity, media_type, given, depth)
        elif media_type in _SIGNED and self._signed(entity, depth):
            pass
        elif media_type == "message/external-body":
            self._external(entity, given)
        else:
            self._leaf(entity, media_type, given)

    def _media_type(self, entity: _Entity) -> tuple[str, Mapping[str, str]]:
        raw = first(entity.fields, "content-type")
        if raw is None:
            return entity.default, {}
        media_type, given = parameters(raw)
        if _MEDIA_TYPE.match(media_type):
            return media_type, given
        if media_type.split("/")[0] == "multipart" or "boundary" in given:
            return "multipart/mixed", given
        if media_type not in ("", "text"):
            self.fault("defect", "content type is none", entity.path)
        return "text/plain", given

    def _multipart(self, entity: _Entity, media_type: str, given: Mapping[str, str], depth: int) -> None:
        boundary = given.get("boundary", "").rstrip().encode("utf-8", "replace")
        marks = _marks(self._data, boundary, entity.body, entity.end) if boundary else []
        if not marks and (guess := _BOUNDARY_LINE.search(self._data, entity.body, entity.end)):
            marks = _marks(self._data, guess[1].removesuffix(b"--"), entity.body, entity.end)
            self.fault("defect", "boundary is not the one announced", entity.path)
        if not marks:
            self.fault("truncated" if entity.open_end else "defect", "multipart without its parts", entity.path)
            self._text(self._data[entity.body : entity.end], "", "text/plain", entity.path or "1")
            return
        prefix = f"{entity.path}." if entity.path else ""
        self._between(entity.body, marks[0][0], f"{prefix}0")
        default = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        closed = False
        for number, (_, after, closing) in enumerate(marks, 1):
            stop = marks[number][0] if number < len(marks) else entity.end
            if closing or (closed and not self._data[after:stop].strip()):
                # Parts after a closing boundary happen: a gateway appended them. They are parts all the same.
                closed = True
                self._between(after, stop, f"{prefix}{number}")
                continue
            fields, body, damaged = split_header(self._data, after, stop)
            if damaged:
                self.fault("defect", "lines of a part's header are no fields", f"{prefix}{number}")
            last = number == len(marks)
            if last and not self._data[after:stop].strip():
                continue  # a boundary at the very end that lacks its closing dashes
            child = _Entity(
                fields=fields,
                start=after,
                body=min(body, stop),
                end=stop,
                path=f"{prefix}{number}",
                default=default,
                open_end=entity.open_end and last,
            )
            self._said += _said(fields)
            self._entity(child, depth + 1)
        if not closed:
            self.fault("truncated" if entity.open_end else "defect", "multipart without its end", entity.path)

    def _between(self, start: int, end: int, path: str) -> None:
        """Keep the text around the parts, unless it is the customary notice."""
        text = self._data[start:end]
        if text.strip() and not (len(text) < 1_000 and _NOTICE.match(text.decode("latin-1").strip())):
            self._text(text, "", "text/plain", path)

    def _attached(self, entity: _Entity, media_type: str, given: Mapping[str, str], depth: int) -> None:
        encoding = self._encoding(entity)
        raw = self._data[entity.body : entity.end]
        content = b"".join(transfer.decoded(raw, encoding)) if encoding not in transfer.IDENTITY else raw
        reader = _Reader(content.lstrip(b"\r\n"), self._limits, depth + 1, whole=entity.open_end)
        message = reader.read()
        name = self._name(entity, given)[0]
        self.leaves.append(
            Leaf(locator=entity.path or "1", kind="message", name=name, media_type=media_type, message=message)
        )

    def _signed(self, entity: _Entity, depth: int) -> bool:
        """Read the mail that an envelope of S/MIME holds in clear; say whether it was one."""
        data = b"".join(transfer.decoded(self._data[entity.body : entity.end], self._encoding(entity)))
        if depth >= self._limits.max_mime_depth or cms.kind_of(data) not in ("signed", "compressed"):
            return False
        try:
            content = cms.content(data, self._limits.max_bytes)
        except ValueError:
            return False
        if content is None or not split_header(content)[0]:
            return False
        inner = _Reader(content, self._limits, depth + 1, whole=False).read()
        path = f"{entity.path or '1'}/signed:"
        self.leaves += [msgspec.structs.replace(leaf, locator=path + leaf.locator) for leaf in inner.leaves]
        for fault in inner.faults:
            if fault.code != "bad_date":  # the date is that of the mail around it
                self.fault(fault.code, fault.detail, path + fault.locator)
        self._said.append(inner.header)
        return True

    def _external(self, entity: _Entity, given: Mapping[str, str]) -> None:
        """Note a file of which only the place was sent."""
        place = given.get("url") or given.get("site") or given.get("server") or ""
        name = one_line(given.get("name") or place.rstrip("/").rpartition("/")[2])
        host = host_of(place) or one_line(given.get("site", ""))[:200]
        self.leaves.append(Leaf(locator=entity.path or "1", kind="link", name=name, media_type=host))

    def _leaf(self, entity: _Entity, media_type: str, given: Mapping[str, str]) -> None:
        raw = self._data[entity.body : entity.end]
        encoding = self._encoding(entity)
        path = entity.path or "1"
        if media_type == "message/partial":
            self.fault("partial", "one piece of a mail that was sent in several", path)
        if entity.open_end and transfer.ends_early(raw, encoding):
            self.fault("truncated", "base64 without its end", path)
        if clear := transfer.clear_text(raw, encoding):
            self.fault("defect", "clear text inside base64", path)
            self._text(clear, "", "text/plain", f"{path}+")
        disposition, _ = parameters(first(entity.fields, "content-disposition") or b"")
        name, named = self._name(entity, given)
        if media_type in ("text/plain", "text/html") and disposition != "attachment" and not named:
            content = b"".join(transfer.decoded(raw, encoding))
            flowed = media_type == "text/plain" and given.get("format", "").lower() == "flowed"
            self._text(content, given.get("charset", ""), media_type, path, flowed=flowed)
            return
        inline = disposition == "inline" or (
            disposition != "attachment" and first(entity.fields, "content-id") is not None
        )
        self.leaves.append(
            Leaf(
                locator=path,
                kind="inline" if inline else "attachment",
                name=name,
                media_type=media_type,
                chunks=_chunks(self._data, entity.body, entity.end, encoding),
            )
        )

    def _text(self, content: bytes, charset: str, media_type: str, path: str, *, flowed: bool = False) -> None:
        """Keep a body, and files that stand uuencoded in it as attachments."""
        if not content.strip():
            return
        if b"\nend" in content and b"begin" in content:
            content = self._without_files(content, transfer.uu_blocks(content), f"{path}/uu")
        if b"=ybegin " in content:
            content = self._without_files(content, transfer.y_blocks(content), f"{path}/yenc")
        if not charset and media_type == "text/html" and (meta := _META.search(content[:4096])):
            charset = meta[1].decode("ascii", "replace")
        text, exact = decode_bytes(content, charset)
        if not exact:
            self.fault("undecodable", "characters of a body were replaced", path)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        text = unflowed(text) if flowed else text
        self.leaves.append(Leaf(locator=path, kind="body", media_type=media_type, text=text, size=len(content)))

    def _without_files(self, content: bytes, blocks: list[tuple[int, int, bytes, bytes]], path: str) -> bytes:
        """Keep the files that stand encoded in a text as attachments; return the text around them."""
        kept: list[bytes] = []
        position = 0
        for number, (start, end, name, file) in enumerate(blocks, 1):
            leaf = Leaf(
                locator=f"{path}{number}",
                kind="attachment",
                name=one_line(decode_bytes(name, None)[0]),
                media_type="application/octet-stream",
                chunks=_chunks(file, 0, len(file), ""),
            )
            self.leaves.append(leaf)
            kept.append(content[position:start])
            position = end
        kept.append(content[position:])
        return b"".join(kept)

    def _encoding(self, entity: _Entity) -> str:
        raw = first(entity.fields, "content-transfer-encoding")
        encoding = transfer.canonical(decode_value(raw)) if raw else ""
        if not transfer.known(encoding):
            self.fault("defect", "unknown transfer encoding", entity.path)
            return ""
        return encoding

    def _name(self, entity: _Entity, given: Mapping[str, str]) -> tuple[str, bool]:
        """Return the name of a part, and whether it is a file's; a description names what has no file name."""
        disposition = first(entity.fields, "content-disposition")
        name = (parameters(disposition)[1].get("filename") if disposition else None) or given.get("name")
        if name:
            return one_line(name), True
        described = first(entity.fields, "content-description")
        return (decode_value(described) if described else ""), False


def _said(fields: Fields) -> Iterator[bytes]:
    """Yield the fields of a part that hold more than how to read it: a description, a second name, what is foreign."""
    disposition = first(fields, "content-disposition")
    file_name = parameters(disposition)[1].get("filename") if disposition else None
    for name, raw in fields:
        if name == "content-type":
            other = parameters(raw)[1].get("name")
            if other and file_name and one_line(other) != one_line(file_name):
                yield b"Content-Description: " + other.encode("utf-8", "replace")
        elif name not in _STRUCTURE:
            yield name.encode("ascii") + b":" + raw.rstrip(b"\r\n")


def _marks(data: bytes, boundary: bytes, start: int, end: int) -> list[tuple[int, int, bool]]:
    """List the boundary lines of a range: (where the part before ends, where the next begins, closing)."""
    found: list[tuple[int, int, bool]] = []
    line = b"--" + boundary
    position = start
    while (at := data.find(line, position, end)) >= 0:
        position = at + len(line)
        if at > start and data[at - 1 : at] != b"\n":
            continue
        line_end = data.find(b"\n", position, end) + 1 or end
        rest = data[position:line_end].rstrip()
        if rest not in (b"", b"--"):
            continue  # another boundary that begins with this one
        before = at
        if before > start:
            before -= 2 if data[at - 2 : at] == b"\r\n" and at - 2 >= start else 1
        found.append((max(before, start), line_end, rest == b"--"))
        position = line_end
    return found


def _chunks(data: bytes, start: int, end: int, encoding: str) -> Callable[[], Iterator[bytes]]:
    return lambda: transfer.decoded(data[start:end], encoding)


def _message_id(fields: Fields) -> str | None:
    raw = first(fields, "message-id")
    return decode_value(raw) or None if raw is not None else None


def _sender(fields: Fields) -> str | None:
    for name in ("from", "sender", "resent-from", "return-path"):
        raw = first(fields, name)
        if raw is not None and (found := ", ".join(addresses(raw))):
            return found
    return None


def _dates(fields: Fields) -> tuple[dict[str, tuple[str, str | None]], str | None, str | None]:
    """Return each date as written and in UTC, when the mail was sent, and when it was received."""
    dates: dict[str, tuple[str, str | None]] = {}
    for name in _DATES:
        if (raw := first(fields, name)) is not None:
            written = decode_value(raw)[:200]
            dates[name.replace("-", "_")] = (written, mail_date(written))
    received = [raw for name, raw in fields if name == "received"]
    if received:
        dates["received_last"] = received_date(decode_value(received[0]))
        if len(received) > 1:
            dates["received_first"] = received_date(decode_value(received[-1]))
    sent_at = dates.get("date", ("", None))[1]
    received_at = dates.get("received_last", dates.get("delivery_date", ("", None)))[1]
    return dates, sent_at, received_at


def read_mail(data: bytes, limits: Limits, *, whole: bool = True) -> Message:
    """Return the message that some bytes are; `whole` says that their end should be the message's own."""
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")  # old Macintosh
    return _Reader(data, limits, 0, whole=whole).read()


def read_mime(readable: Readable, limits: Limits) -> Message:
    """Return the message a file is; never raises, whatever the bytes."""
    message = read_mail(readable.read_at(0, limits.max_bytes), limits)
    if readable.size > limits.max_bytes:
        fault = Fault(code="too_large", detail=f"more than {limits.max_bytes} bytes; the start was read")
        message = msgspec.structs.replace(message, faults=(*message.faults, fault))
    return message
