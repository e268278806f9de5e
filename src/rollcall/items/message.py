"""One message, the same whether a PST, MSG, EML or mbox kept it; its fingerprint, and its parts.

The stores differ in what they keep of a mail (Received lines, boundaries, transfer encodings), so two copies are the
same content when Message-ID, date, subject, and name and hash of each leaf agree. Raw headers differ per occurrence and
are a blob of their own.
"""

from collections.abc import Callable, Iterator

import msgspec

from rollcall.items.parser import Fault


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One body or attachment. Bodies have `text`; attachments have `chunks`; attached messages have `message`."""

    locator: str  # MIME part path "1.2", PST "att:0"
    kind: str  # body, attachment, inline, message
    name: str = ""
    media_type: str = ""  # of a body: text/plain or text/html
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
