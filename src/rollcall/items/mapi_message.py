"""A message, contact, appointment, task or note out of MAPI properties, whichever store kept them.

Bodies are taken in the order of what is nearest to what was sent: plain and HTML as they stand; the RTF only where it
holds what neither of them does. What is no message becomes labelled lines, so that every value is searched.
"""

import html
import re
from collections.abc import Callable, Sequence

from rollcall.items import charsets, headers, rtf, rtf_packed
from rollcall.items.mapi import BINARY, Properties
from rollcall.items.message import Leaf, Message
from rollcall.items.parser import Fault, Limits

_KINDS = (
    ("ipm.contact", "contact"),
    ("ipm.abperson", "contact"),
    ("ipm.distlist", "contact"),
    ("ipm.appointment", "appointment"),
    ("ipm.ole.class.{00061055", "appointment"),  # an exception to a recurring appointment
    ("ipm.task", "task"),
    ("ipm.stickynote", "note"),
    ("ipm.activity", "note"),  # the journal
)
_DATES = {
    0x0039: "client_submit",
    0x0E06: "delivery",
    0x3007: "creation",
    0x3008: "modification",
    0x000F: "deferred_delivery",
    0x0015: "expiry",
    0x0048: "reply",
    0x1080: "read",
    0x668F: "deletion",
}
_PREFIX = re.compile(r"\A\x01.", re.DOTALL)


def kind_of(message_class: str | None) -> str:
    """Return message, contact, appointment, task or note for a class such as IPM.Contact.Patient."""
    name = (message_class or "").lower()
    return next((kind for prefix, kind in _KINDS if name.startswith(prefix)), "message")


def read(
    properties: Properties,
    recipients: Sequence[Properties],
    attachments: tuple[Leaf, ...],
    faults: tuple[Fault, ...],
    limits: Limits,
    unpacked_rtf: Callable[[], bytes | None] = lambda: None,
) -> Message:
    """Return the message that properties spell; `faults` are those of its recipients and attachments.

    `unpacked_rtf` may know the RTF body; else it is unpacked here.
    """
    kind = kind_of(properties.text(0x001A))
    # A store written by a program of its own may have no class; a folder's settings have one but are no message.
    if kind == "message" and not _is_mail(properties):
        kind = "note"
    bodies, body_faults = _bodies(
        properties,
        lambda: unpacked_rtf() or rtf_packed.unpack(properties.binary(0x1009) or b"", limits.max_text) or None,
        limits,
    )
    header = properties.text(0x007D)
    dates = {name: written for tag, name in _DATES.items() if (written := properties.time(tag))}
    submitted, delivered = dates.get("client_submit"), dates.get("delivery")
    faults = (*faults, *body_faults)
    if kind == "message" and submitted is not None and submitted[1] is None:
        faults = (*faults, Fault(code="bad_date", detail="client submit time cannot be true"))
    name = (properties.text(0x001A) or "").lower()
    if kind != "message" or name.startswith(("ipm.schedule", "ipm.taskrequest", "report.")):
        bodies = (_lines(properties, recipients), *bodies)
    return Message(
        kind=kind,
        header=header.encode("utf-8", "replace") if header else b"",
        message_id=properties.text(0x1035) or _header_id(header),
        subject=_subject(properties),
        sender=_correspondent(properties, 0x0042, (0x5D02, 0x5D01), 0x0065)
        or _correspondent(properties, 0x0C1A, (0x5D01,), 0x0C1F),
        recipients=tuple(found for one in recipients if (found := _recipient(one))) or _display(properties),
        sent_at=submitted[1] if submitted else _header_date(header),
        received_at=delivered[1] if delivered else None,
        dates=dates,
        leaves=bodies + attachments,
        faults=faults,
    )


def _is_mail(properties: Properties) -> bool:
    name = (properties.text(0x001A) or "").lower()
    if name.startswith(
        ("ipm.note", "report.", "ipm.schedule", "ipm.post", "ipm.document", "ipm.sharing", "ipm.recall")
    ):
        return True
    return any(tag in properties for tag in (0x007D, 0x0039, 0x0E06)) and not name.startswith(
        ("ipm.configuration", "ipm.microsoft", "ipm.rule", "ipm.messagemanager")
    )


def _subject(properties: Properties) -> str | None:
    """Return the subject without the mark of where "Re: " ends that Outlook puts before it."""
    written = properties.text(0x0037)
    if written is None:
        # The topic of the conversation is the subject of its first message: mail from Exchange may have no other here.
        prefix, normal = properties.text(0x003D), properties.text(0x0E1D) or properties.text(0x0070)
        return headers.one_line(f"{prefix or ''}{normal or ''}") or None
    return headers.one_line(_PREFIX.sub("", written)) or None


def _correspondent(properties: Properties, name: int, exact: tuple[int, ...], other: int) -> str | None:
    address = next((found for tag in exact if (found := properties.text(tag))), None) or properties.text(other)
    return _joined(properties.text(name), address)


def _recipient(properties: Properties) -> str | None:
    address = properties.text(0x39FE) or properties.text(0x3003)
    return _joined(properties.text(0x3001) or properties.text(0x5FF6), address)


def _joined(name: str | None, address: str | None) -> str | None:
    name, address = headers.one_line(name or ""), headers.one_line(address or "")
    if not address or name == address:
        return name or None
    return f"{name} <{address}>" if name else address


def _display(properties: Properties) -> tuple[str, ...]:
    """Return the recipients as the message's own list of names has them, where the table of recipients is gone."""
    shown = (properties.text(tag) for tag in (0x0E04, 0x0E03, 0x0E02))
    return tuple(name for names in shown if names for part in names.split(";") if (name := headers.one_line(part)))


def _header_fields(header: str | None) -> headers.Fields:
    data = (header or "").replace("\r\n", "\n").encode("utf-8", "replace")
    return headers.split_header(data)[0]


def _header_id(header: str | None) -> str | None:
    value = headers.first(_header_fields(header), "message-id") if header else None
    return headers.decode_value(value) or None if value else None


def _header_date(header: str | None) -> str | None:
    from rollcall.items.dates import mail_date

    value = headers.first(_header_fields(header), "date") if header else None
    return mail_date(headers.decode_value(value)) if value else None


def _lines(properties: Properties, recipients: Sequence[Properties]) -> Leaf:
    lines = properties.lines()
    lines += [f"Participant: {found}" for one in recipients if (found := _recipient(one))]
    told = (one.text(0x0C1B) or one.text(0x1001) for one in recipients)  # why a mail did not reach somebody
    lines += [f"Report: {' '.join(text.split())}" for text in told if text]
    return Leaf(locator="body:properties", kind="body", media_type="text/plain", text="\n".join(lines))


def _bodies(
    properties: Properties, unpack_rtf: Callable[[], bytes | None], limits: Limits
) -> tuple[tuple[Leaf, ...], tuple[Fault, ...]]:
    leaves: list[Leaf] = []
    faults: list[Fault] = []
    plain, markup = properties.text(0x1000), None
    if 0x1013 in properties:
        markup, whole = _html(properties)
        if not whole:
            faults.append(Fault(code="undecodable", detail="HTML body", locator="body:html"))
    if plain and plain.strip():
        leaves.append(_body("plain", "text/plain", plain))
    if markup and markup.strip():
        leaves.append(_body("html", "text/html", markup))
    elif 0x1009 in properties:
        rich, fault = _rich(unpack_rtf, limits)
        if fault is not None:
            # The plain body says all the RTF does, so only where there is none something may be missing.
            faults += [] if leaves else [fault]
        elif rich is not None and (not leaves or (rich.media_type == "text/html" and _has_table(rich.text))):
            leaves.append(_body("rtf", rich.media_type, rich.whole))
    return tuple(leaves), tuple(faults)


def _body(name: str, media_type: str, text: str) -> Leaf:
    return Leaf(locator=f"body:{name}", kind="body", media_type=media_type, text=headers.safe(text.rstrip("\0")))


def _has_table(markup: str) -> bool:
    return "<table" in markup.lower()


def _html(properties: Properties) -> tuple[str, bool]:
    if properties.type_of(0x1013) != BINARY:
        return properties.text(0x1013) or "", True
    codepage = properties.integer(0x3FDE)
    declared = charsets.of_codepage(codepage) if codepage else None
    return charsets.decode((properties.binary(0x1013) or b"").rstrip(b"\0"), declared)


def _rich(unpack_rtf: Callable[[], bytes | None], limits: Limits) -> tuple[rtf.RichText | None, Fault | None]:
    data = unpack_rtf()
    if not data:
        return None, Fault(code="partial", detail="RTF body could not be unpacked", locator="body:rtf")
    if len(data) > limits.max_text:
        return None, Fault(code="too_large", detail="RTF body", locator="body:rtf")
    rich = rtf.read(data.rstrip(b"\0"))
    text = html.unescape(re.sub(r"<[^>]*>", "", rich.whole)) if rich.media_type == "text/html" else rich.text
    return (rich if text.strip() else None), None
