"""One mail in a file (.eml), as programs save and servers keep it."""

import re
from collections.abc import Iterator

from rollcall.items.headers import split_header
from rollcall.items.message import attached, parts_of
from rollcall.items.mime import read_mime
from rollcall.items.parser import Inner, Limits, Parser, Yield
from rollcall.items.readable import Readable

_START = 1 << 16
# One of these stands in each mail a person or server wrote; of the others many texts have some.
_TELLING = frozenset(
    ("received", "return-path", "message-id", "mime-version", "delivered-to", "dkim-signature", "x-mailer",
     "in-reply-to", "references", "content-transfer-encoding", "x-originating-ip", "received-spf", "arc-seal")
)  # fmt: skip
_USUAL = frozenset(("from", "to", "cc", "bcc", "date", "subject", "sender", "reply-to", "content-type", "resent-from"))
_ADDRESS = re.compile(rb"[\w.+-]@[\w-]|<[^>]*@[^>]*>")
_MEDIA = re.compile(rb"\s*(?:text|multipart|message|application|image|audio|video)/[\w.+-]+\s*(?:;|\Z)", re.IGNORECASE)


def looks_like(untrusted: Readable) -> bool:
    """Say whether the file starts with the header of a mail: fields only, of which some are a mail's own."""
    start = untrusted.read_at(0, _START).removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ")
    if b"\n" not in start:
        start = start.replace(b"\r", b"\n")
    fields, end, _ = split_header(start)
    names = {name for name, _ in fields}
    # A note may begin "To: ...", "Subject: ...": a mail's sender is an address, and its content type is one.
    telling = len(names & _TELLING)
    sender = any(name in ("from", "sender", "return-path", "to") and _ADDRESS.search(raw) for name, raw in fields)
    typed = any(name == "content-type" and _MEDIA.match(raw) for name, raw in fields)
    usual = len(names & _USUAL)
    if sender and usual >= 2 and end == len(start) and untrusted.size > _START:
        return True  # fields only as far as we look: thousands of recipients, and what tells comes after them
    return (telling >= 1 and (usual >= 1 or telling >= 2)) or (sender and usual >= 3) or typed


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Return the subject, the bodies, what is attached, and what is wrong, one after the other."""
    return parts_of(lambda: read_mime(untrusted, limits), limits)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return what stands at a MIME part path."""
    return attached(read_mime(untrusted, limits), locator)


PARSER = Parser(
    name="eml",
    version=1,
    media_types=("message/rfc822",),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
    read_message=read_mime,
)
