"""What a parser is: one file in `parsers/`, one constant `PARSER`, one line in the folder's `__init__`.

A parser is given an open `Readable` and `Limits` and yields what it finds. It knows nothing of ids, hashes, store or
logging; it may raise anything: `engine/guard.py` turns that into a Trouble, and the walker tries the next parser that
fits.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from rollcall.items.readable import Readable

if TYPE_CHECKING:
    from rollcall.items.message import Message


FREE = 16 << 20  # bytes that may come out of anything, however small it is packed


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much one content may cost. Set in case.toml `[policy]`; going over is a Problem, never silence."""

    max_bytes: int = 512 << 20  # of one content once decoded; stores inside archives are spooled and not bound by it
    max_text: int = 64 << 20  # characters of one part
    max_cells: int = 20_000_000  # of one sheet
    max_pages: int = 20_000
    max_members: int = 200_000  # of one archive
    max_ratio: int = 1_000  # unpacked / packed, beyond FREE
    max_depth: int = 24  # containers in containers
    max_mime_depth: int = 64
    max_markup_depth: int = 1_000
    max_pixels: int = 100_000_000  # of one picture or page
    max_seconds: int = 300  # without a sign of progress
    max_work: int = 10  # seconds of processor time without one; a large content has more, a page for OCR much more
    max_memory: int = 2 << 30  # address space of a reader, beyond that of its libraries
    max_output: int = 4 << 30  # bytes of facts of one content
    ocr_fast: bool = False  # pages are given to Tesseract first

    def most_from(self, packed: int) -> int:
        """Return how many bytes may come out of so many that are packed; more is a bomb."""
        return max(FREE, self.max_ratio * packed)


class Boxes(msgspec.Struct, frozen=True, kw_only=True):
    """Where the words of a text stand on its page, a list entry each; as `model.Words` keeps them."""

    starts: list[int]  # characters of the text; of a table, of its cells with tabs between and a line for each row
    ends: list[int]
    x0: list[float]  # 0..1, as the picture lies
    y0: list[float]
    x1: list[float]
    y1: list[float]
    scores: list[float]  # how sure each was read; none where nothing was guessed
    turned: int = 0  # degrees clockwise that the picture must be turned by to be read: 0, 90, 180, 270
    skew: float = 0.0  # degrees it is askew then


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A run of text one would point at. Becomes a Part.

    A part of kind "record" was understood: of what stands in it only the fields of its Records are taken, and nothing
    is looked for. What is written freely in the same content is yielded beside it, `about` its person.
    """

    text: str
    kind: str = "text"  # subject, body, header, page, note, text, names, record, section, family_history
    label: str = ""
    hidden: bool = False
    about: str = ""  # key of the Record whose person it speaks of
    boxes: Boxes | None = None  # of its words, where it stands on a page


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows as the user's program shows them: (absolute row, column of the first cell, cells), rows ascending."""

    rows: Iterable[tuple[int, int, list[str]]]
    kind: str = "table"  # sheet, table
    label: str = ""
    hidden: bool = False
    about: str = ""  # key of the Record whose person all rows speak of
    boxes: Boxes | None = None  # of the words in its cells, where it stands on a page


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled value of a person: characters `start` to `end` of the text yielded last."""

    element: str
    subtype: str
    start: int
    end: int
    locator: str  # where, as the format says it: "message 3 PID-19", "segment 57 NM109", "Patient.name"
    value: str = ""  # as one would write it, where the format takes it apart or codes it; else what stands there
    issuer: str | None = None
    polarity: str = "asserted"  # asserted, negated, family, hypothetical


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One person's labelled fields in the text yielded last; taken over as they are, nothing is guessed.

    What a later text says of the same person is yielded as a Record of the same key.
    """

    key: str  # what the content calls the person: "message 3 PID", "Patient/17"
    role: str  # patient, subscriber, dependent, guarantor, provider, emergency_contact, employee, correspondent, ...
    fields: tuple[Field, ...]
    relations: tuple[tuple[str, str], ...] = ()  # (guarantor_of, subscriber_of, contact_of, guardian_of; other's key)


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """What is broken inside. `detail` says where and what, in the format's words, never a value of a person."""

    code: str
    detail: str = ""
    locator: str = ""
    part: bool = False  # belongs to the part yielded last


class Inner(msgspec.Struct, frozen=True, kw_only=True):
    """Something inside a container: bytes to be identified, or a message already taken apart by its store."""

    locator: str
    kind: str  # message, attachment, inline, member, file, store, page, contact, appointment, task, note
    name: str = ""
    media_type: str = ""  # as declared; only a hint
    folder: str = ""
    folder_kind: str = ""
    size: int | None = None  # of the bytes, where the container says so before reading
    chunks: Callable[[], Iterator[bytes]] | None = None  # the bytes, in order; may be called again
    message: "Message | None" = None


class ContentError(Exception):
    """Raised by `chunks` where the bytes cannot be had: says which Fault that is. `detail` as in a Fault."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


Yield = Text | Table | Record | Inner | Fault


class Parser(msgspec.Struct, frozen=True, kw_only=True):
    """One format.

    Leaves have `parse` alone. Containers may add `shards` (slices of about 64 MB or 2,000 messages, each a name of at
    most 200 characters that `open_shard` understands) and `open_child`, which re-reads one child by its locator
    without walking the rest.
    """

    name: str
    version: int
    media_types: tuple[str, ...]
    looks_like: Callable[[Readable], bool]  # reads structure, never a byte string somewhere inside
    parse: Callable[[Readable, Limits], Iterator[Yield]]
    shards: Callable[[Readable, Limits], Iterator[str]] | None = None
    open_shard: Callable[[Readable, str, Limits], Iterator[Yield]] | None = None
    open_child: Callable[[Readable, str, Limits], Inner] | None = None
    read_message: "Callable[[Readable, Limits], Message] | None" = None  # formats whose content is one message
    locked: Callable[[Readable], bool] | None = None  # behind a password: kept back until passwords are gathered
