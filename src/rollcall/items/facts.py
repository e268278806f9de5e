"""Turn what parsers yield into facts: parts are numbered, children hashed, text made safe to keep."""

import hashlib
from collections.abc import Iterator

import msgspec

from rollcall.items import parser
from rollcall.items.message import Message, fingerprint
from rollcall.items.parser import Boxes, ContentError, Fault, Inner, Limits, Table, Text, Yield
from rollcall.items.plain import cut_before
from rollcall.items.reach import Chain, Guard, Opener, attempt
from rollcall.items.readable import chunks_of
from rollcall.model import (
    Blob,
    Child,
    Part,
    Record,
    RecordField,
    RecordOf,
    RecordRelation,
    Row,
    Shard,
    Trouble,
    Words,
)
from rollcall.problems import CODES

PART_CHARACTERS = 1 << 20  # longer text is split at a line end
_OF_A_SIDE = 10_000  # steps of a page's width or height that places are kept in: small numbers pack well


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """A content to open. `chain` is ((parser, locator), ...) from the source: ("", source_id) comes first."""

    blob_id: str
    chain: Chain
    ancestors: tuple[str, ...] = ()  # blob ids from the source down
    shard: str = ""
    shard_no: int = 0
    name: str = ""
    media_type: str = ""
    size: int = 0
    passwords: dict[str, tuple[str, ...]] = {}  # by content on the way: what may open it
    last: bool = False  # what is behind a password is opened with those at hand, or stays a problem

    def keys(self) -> tuple[tuple[str, ...], ...]:
        """Return the passwords of each content on the way, in order."""
        return tuple(self.passwords.get(blob_id, ()) for blob_id in (*self.ancestors, self.blob_id))


class Facts:
    """The facts of one content, in the making."""

    def __init__(self, opening: Opening, opener: Opener, limits: Limits, guard: Guard) -> None:
        self._guard = guard
        self._opening = opening
        self._opener = opener
        self._limits = limits
        self._part_no = opening.shard_no * 1_000_000  # slices of one content number their parts apart
        self._first_part = self._part_no
        self._names: dict[str, None] = {}
        self._pieces: list[tuple[int, str]] = []  # number and text of the parts that the text yielded last became
        self._n_children = 0
        self._lost = False
        self.n_facts = 0

    def of(self, value: Yield, parser_name: str) -> Iterator[Record]:
        """Yield the records of one value."""
        if isinstance(value, Fault):
            yield self.trouble(value)
        elif isinstance(value, Text):
            yield from self._text(value)
        elif isinstance(value, Table):
            yield from self._table(value)
        elif isinstance(value, parser.Record):
            yield from self._record(value)
        else:
            yield from self._child(value, parser_name)

    def blob(self, media_type: str, parser: str, size: int) -> Blob:
        """Return the row of the content itself; comes last, when all is known."""
        state = "problem" if self._lost else "read" if self.n_facts else "empty"
        return Blob(
            blob_id=self._opening.blob_id,
            media_type=media_type,
            parser=parser,
            size=size,
            state=state,
            n_parts=self._part_no - self._first_part,
            n_children=self._n_children,
        )

    def trouble(self, fault: Fault, blob_id: str | None = None) -> Trouble:
        """Return the row of something that could not be read."""
        if blob_id is None:
            self._lost = self._lost or CODES[fault.code].loses
        last = self._part_no - 1 if fault.part and self._part_no > self._first_part else None
        return Trouble(
            blob_id=blob_id or self._opening.blob_id,
            part_no=last,
            locator=clean(fault.locator)[:500],
            code=fault.code,
            detail=clean(fault.detail)[:500],
        )

    def shard(self, name: str, number: int) -> Shard:
        """Return the row of one slice."""
        self.n_facts += 1
        return Shard(blob_id=self._opening.blob_id, shard=name, shard_no=number)

    def names(self) -> Iterator[Record]:
        """Yield the names of what is inside as a part: they are searched like any text."""
        if self._names:
            yield from self._text(Text(text="\n".join(self._names), kind="names"))

    def _next_part(self) -> int:
        self._part_no += 1
        self.n_facts += 1
        return self._part_no - 1

    def _text(self, text: Text) -> Iterator[Record]:
        if not text.text.strip():
            return
        self._pieces = []
        for piece in split_text(clean(text.text)):
            self._pieces.append((self._part_no, piece))
            yield Part(
                blob_id=self._opening.blob_id,
                part_no=self._next_part(),
                kind=text.kind,
                label=clean(text.label),
                text=piece,
                hidden=text.hidden,
                about=clean(text.about),
            )
        if text.boxes is not None and len(self._pieces) == 1:  # no page is as long as a part may be
            yield self._words(self._pieces[0][0], text.boxes)

    def _record(self, record: parser.Record) -> Iterator[Record]:
        blob_id, key = self._opening.blob_id, clean(record.key)
        part_no = self._pieces[0][0] if self._pieces else self._first_part
        yield RecordOf(blob_id=blob_id, part_no=part_no, key=key, role=record.role)
        for field in record.fields:
            if (placed := self._placed(field)) is not None:
                part_no, start, text = placed
                yield RecordField(
                    blob_id=blob_id,
                    part_no=part_no,
                    key=key,
                    element=field.element,
                    subtype=field.subtype,
                    issuer=clean(field.issuer) if field.issuer else None,
                    polarity=field.polarity,
                    text=text,
                    value=clean(field.value) or text,
                    start=start,
                    end=start + len(text),
                    locator=clean(field.locator),
                )
        for relation, other in record.relations:
            yield RecordRelation(blob_id=blob_id, key=key, other_key=clean(other), relation=relation)

    def _placed(self, field: parser.Field) -> tuple[int, int, str] | None:
        """Return the part a field begins in, where in it, and what stands there."""
        offset = 0
        for part_no, text in self._pieces:
            if offset <= field.start < offset + len(text):
                start = field.start - offset
                return part_no, start, text[start : max(field.end - offset, start + 1)]
            offset += len(text)
        return None

    def _table(self, table: Table) -> Iterator[Record]:
        part_no = self._next_part()
        n_rows = n_cells = 0
        for row, first_col, cells in table.rows:
            n_cells += len(cells)
            if n_cells > self._limits.max_cells:
                yield self.trouble(Fault(code="too_large", detail=f"more than {self._limits.max_cells} cells"))
                break
            n_rows += 1
            yield Row(
                blob_id=self._opening.blob_id, part_no=part_no, row=row, first_col=first_col, cells=clean_cells(cells)
            )
        yield Part(
            blob_id=self._opening.blob_id,
            part_no=part_no,
            kind=table.kind,
            label=clean(table.label),
            text=None,
            n_rows=n_rows,
            hidden=table.hidden,
            about=clean(table.about),
        )
        if table.boxes is not None:
            yield self._words(part_no, table.boxes)

    def _words(self, part_no: int, boxes: Boxes) -> Words:
        fields = msgspec.structs.asdict(boxes)
        fields |= {side: [round(_OF_A_SIDE * share) for share in fields[side]] for side in ("x0", "y0", "x1", "y1")}
        return Words(blob_id=self._opening.blob_id, part_no=part_no, **fields)

    def _child(self, inner: Inner, parser_name: str) -> Iterator[Record]:
        self.n_facts += 1
        self._n_children += 1
        if self._n_children > self._limits.max_members:
            if self._n_children == self._limits.max_members + 1:
                yield self.trouble(Fault(code="too_large", detail=f"more than {self._limits.max_members} members"))
            return
        for name in (inner.folder, inner.name):
            if name.strip():
                self._names[clean(name)] = None
        identity = attempt(self._guard, lambda: self._identity(inner, (parser_name, inner.locator)))
        if isinstance(identity, Fault):
            yield from self._unreachable(inner, parser_name, identity)
            return
        message, blob_id, size = identity
        if blob_id in (*self._opening.ancestors, self._opening.blob_id):
            yield self.trouble(Fault(code="archive_loop", locator=inner.locator))
        yield Child(
            parent_blob_id=self._opening.blob_id,
            locator=f"{parser_name}:{inner.locator}",
            kind=message.kind if message else inner.kind,
            name=clean(inner.name),
            media_type=clean(inner.media_type),
            blob_id=blob_id,
            size=size,
            folder=clean(inner.folder),
            folder_kind=inner.folder_kind,
            header_blob_id=header_blob_id(message),
            **message_fields(message),
        )

    def _unreachable(self, inner: Inner, parser_name: str, fault: Fault) -> Iterator[Record]:
        """Yield an occurrence whose bytes cannot be had: it is an item all the same, and a problem."""
        blob_id = hashlib.sha256(f"{self._opening.blob_id}\x1f{parser_name}:{inner.locator}".encode()).hexdigest()
        yield Child(
            parent_blob_id=self._opening.blob_id,
            locator=f"{parser_name}:{inner.locator}",
            kind=inner.kind,
            name=clean(inner.name),
            media_type=clean(inner.media_type),
            blob_id=blob_id,
            size=inner.size or 0,
            folder=clean(inner.folder),
            folder_kind=inner.folder_kind,
        )
        yield self.trouble(fault, blob_id)
        yield Blob(
            blob_id=blob_id, media_type="", parser="", size=inner.size or 0, state="problem", n_parts=0, n_children=0
        )

    def _identity(self, inner: Inner, step: tuple[str, str]) -> tuple[Message | None, str, int]:
        """Return the message a child is (if it is one), the id of its content, and its size in bytes."""
        if inner.message is not None:
            return inner.message, fingerprint(inner.message), inner.size or len(inner.message.header)
        readable = self._opener.hold(inner, (*self._opening.chain, step))
        try:
            if readable.size > self._limits.max_bytes and not self._opener.is_store(readable):
                raise ContentError("too_large", f"{readable.size} bytes")
            content = self._opener.open_bytes(readable)
            if content.message is not None:
                return content.message, fingerprint(content.message), readable.size
            sha = hashlib.sha256()
            for chunk in chunks_of(readable):
                sha.update(chunk)
            return None, sha.hexdigest(), readable.size
        finally:
            readable.close()


def header_blob_id(message: Message | None) -> str | None:
    """Return the id of the raw headers of an occurrence, which are a content of their own."""
    return hashlib.sha256(message.header).hexdigest() if message and message.header else None


def message_fields(message: Message | None) -> dict[str, str | None]:
    """Return what an occurrence of a message says of itself, by field of Child."""
    if message is None:
        return {}
    dates = msgspec.json.encode(message.dates).decode() if message.dates else None
    fields = {
        "message_id": message.message_id,
        "subject": message.subject,
        "sender": message.sender,
        "recipients": ", ".join(message.recipients) or None,
        "sent_at": message.sent_at,
        "received_at": message.received_at,
        "dates": dates,
    }
    return {name: None if value is None else clean(value) for name, value in fields.items()}


def clean(text: str) -> str:
    """Return the text with what UTF-8 cannot carry replaced by U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def clean_cells(cells: list[str]) -> list[str]:
    """Return the cells of a row, each clean."""
    return cells if all(map(str.isascii, cells)) else [clean(cell) for cell in cells]


def split_text(text: str) -> Iterator[str]:
    """Yield the text in pieces of at most about a million characters, cut where a line ends, or at least a word."""
    start = 0
    while len(text) - start > PART_CHARACTERS:
        cut = cut_before(text, start, start + PART_CHARACTERS)
        yield text[start:cut]
        start = cut
    yield text[start:]
