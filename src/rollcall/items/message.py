"""One message, the same whether a PST, MSG, EML or mbox kept it; its fingerprint, and its parts.

The stores differ in what they keep of a mail (Received lines, boundaries, transfer encodings), so two copies are the
same content when Message-ID, date, subject, and name and hash of each leaf agree. Raw headers differ per occurrence and
are a blob of their own.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

import msgspec

from rollcall.items.headers import header_block, one_line
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Table, Text, Yield
from rollcall.items.plain import cut_before


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One body or attachment. Bodies have `text`; attachments have `chunks`; attached messages have `message`."""

    locator: str  # MIME part path "1.2", PST "att:0"
    kind: str  # body, attachment, inline, message; link: only the place of a file was sent
    name: str = ""
    media_type: str = ""  # of a body: text/plain or text/html; of a link: the host
    text: str | None = None
    size: int | None = None
    chunks: Callable[[], Iterator[bytes]] | None = None
    message: "Message | None" = None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message taken apart. `kind` is message, contact, appointment, task or note."""

    kind: str = "message"
    header: bytes = b""  # the header block as the store keeps it; b"" where it keeps none
    message_id: str | None = None
    subject: str | None = None
    sender: str | None = None
    recipients: tuple[str, ...] = ()
    sent_at: str | None = None  # UTC, to the second; None where missing or not credible
    received_at: str | None = None
    dates: dict[str, tuple[str, str | None]] = {}  # property: (as written, UTC or None)
    leaves: tuple[Leaf, ...] = ()
    faults: tuple[Fault, ...] = ()


_WORD_EDGES = " .,;:!?*_~'\"`|<>()[]{}-=+#\u2022\u00b7\u2018\u2019\u201c\u201d\u2013\u2014\u2026"


def fingerprint(message: Message) -> str:
    """Return the 64-hex-digit id of a message's content: the same from every store that kept the same content.

    It covers Message-ID (the sender only where there is none), date in UTC seconds, subject, and each leaf: bodies by
    type and text, files by name and bytes, attached messages by their own fingerprint. Blank bodies do not count, and
    leaves are sorted: a PST keeps both bodies of a mail in no order, and its attachments in one of its own.
    """
    identity = {
        "kind": message.kind,
        "id": _plain(message.message_id),
        "sender": "" if message.message_id else _plain(message.sender),
        "sent": message.sent_at or "",
        "subject": _plain(message.subject),
        "leaves": sorted(filter(None, map(_leaf_identity, message.leaves))),
    }
    canonical = json.dumps(identity, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def parts(message: Message, limits: Limits) -> Iterator[Yield]:
    """Yield the subject, the bodies, what is attached, and last what is wrong with the message.

    A plain body says the same as the HTML one in most mails. It is left out only where every word of it stands in the
    HTML bodies at least as often, so nothing is lost; the HTML then gives the text, and its tables as tables.
    """
    if message.subject:
        yield Text(text=message.subject, kind="subject")
    bodies = [leaf for leaf in message.leaves if leaf.kind == "body" and (leaf.text or "").strip()]
    words: Counter[str] = Counter()
    for leaf in bodies:
        if leaf.media_type == "text/html":
            yield from _html(leaf.text or "", limits, words)
    for leaf in bodies:
        text = leaf.text or ""
        if leaf.media_type != "text/html" and not (words and Counter(_words(text)) <= words):
            yield from _pieces(text, limits)
    yield from attachments(message)
    from rollcall.items.elsewhere import signs

    yield from signs(message)
    yield from message.faults


def parts_of(read: Callable[[], Message], limits: Limits) -> Iterator[Yield]:
    """Yield the parts of a content that is one message; a Fault where it cannot be taken apart."""
    try:
        message = read()
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail)
        return
    yield from parts(message, limits)


def attached(message: Message, locator: str) -> Inner:
    """Return what is attached at a locator."""
    for inner in attachments(message):
        if inner.locator == locator:
            return inner
    raise LookupError("nothing attached there")


def attachments(message: Message) -> Iterator[Inner]:
    """Yield what is attached: files, pictures, mails, and what is written into the markup of a body."""
    for leaf in message.leaves:
        if leaf.kind == "body":
            if leaf.media_type == "text/html" and ";base64," in (leaf.text or "").lower():
                from rollcall.items.parsers.html import without_files

                yield from without_files(leaf.text or "", f"{leaf.locator}/data:")[1]
        elif leaf.kind != "link":
            yield Inner(
                locator=leaf.locator,
                kind=leaf.kind,
                name=leaf.name,
                media_type=leaf.media_type,
                size=leaf.size,
                chunks=leaf.chunks,
                message=leaf.message,
            )


def header_text(message: Message) -> str:
    """Return the header block decoded: one field per line."""
    return header_block(message.header.replace(b"\r\n", b"\n"))


def _html(markup: str, limits: Limits, words: Counter[str]) -> Iterator[Yield]:
    """Yield what an HTML body holds, and count its words."""
    from rollcall.items.parsers.html import html_parts, without_files  # brings a library that plain mail does not need

    for value in html_parts(without_files(markup)[0], limits):
        if isinstance(value, Text):
            if not value.hidden:
                words.update(_words(value.text))
            yield from _pieces(value.text, limits, value)
        elif isinstance(value, Table):
            rows = list(value.rows)
            for _row, _col, cells in rows:
                for cell in cells:
                    words.update(_words(cell))
            yield msgspec.structs.replace(value, rows=rows)
        else:
            yield value


def _pieces(text: str, limits: Limits, like: Text | None = None) -> Iterator[Text]:
    """Yield a body, in several parts where it is longer than one may be, cut at the end of a line if there is one."""
    like = like or Text(text="", kind="body")
    start = 0
    while start < len(text):
        end = start + limits.max_text
        if end < len(text):
            end = cut_before(text, start, end)
        yield msgspec.structs.replace(like, text=text[start:end])
        start = end


def _words(text: str) -> Iterator[str]:
    """Yield the words of a text as a reader sees them, without the marks plain mail uses for bold, lists and links."""
    for word in unicodedata.normalize("NFKC", text).casefold().split():
        if bare := word.strip(_WORD_EDGES):
            yield bare


def _plain(text: str | None) -> str:
    return unicodedata.normalize("NFC", one_line(text or ""))


def _leaf_identity(leaf: Leaf) -> list[str] | None:
    """Return what a leaf adds to the fingerprint; None for a blank body."""
    if leaf.message is not None:
        return ["message", fingerprint(leaf.message)]  # its name is only its subject, which stores cut differently
    if leaf.text is not None:
        text = _canonical(leaf.text)
        return [leaf.media_type, hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()] if text else None
    if leaf.kind == "link":
        return ["link", _plain(leaf.name), leaf.media_type]
    sha = hashlib.sha256()
    for chunk in leaf.chunks() if leaf.chunks is not None else ():
        sha.update(chunk)
    return ["file", _plain(leaf.name), sha.hexdigest()]


def _canonical(text: str) -> str:
    """Return a text as NFC with LF, no blanks at the ends of lines, and no blank lines at its end."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).rstrip()
