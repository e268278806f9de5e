"""What the worker believes of a child: records of known tables, of the content in hand, within its budgets."""

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec

from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.model import (
    Blob,
    Child,
    Locked,
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
from rollcall.sandbox.wire import Facts, NonsenseError, Root

TABLES: tuple[type[Record], ...] = (
    Row, Part, Words, Child, Blob, Locked, Trouble, Shard, RecordOf, RecordField, RecordRelation,
)  # fmt: skip
_DECODERS = tuple(msgspec.msgpack.Decoder(list[record]) for record in TABLES)  # type: ignore[valid-type]
_NUMBERS = tuple(
    tuple(field.name for field in msgspec.structs.fields(record) if field.type in (int, int | None))
    for record in TABLES
)
_HEX = frozenset("0123456789abcdef")
_MOST = 1 << 53
# What is said where no reader was at work, so none can have come to harm.
_NO_READER = frozenset(
    {
        "unknown_format",
        "unsupported",
        "needs_ocr",
        "not_yet_read",
        "not_followed",
        "missing_source",
        "unreadable_source",
    }
)
_STATES = frozenset({"read", "empty", "problem"})
_DETAIL = 500  # characters of a trouble's detail and locator


class ExcessError(Exception):
    """A content says more than one may: no fault of its reader, which may be as honest as the content is large."""


class Checks:
    """The checks of one content's facts."""

    def __init__(self, request: Opening | Root, limits: Limits) -> None:
        self._limits = limits
        self._root = request if isinstance(request, Root) else None
        self._blob_id = request.sha256 if isinstance(request, Root) else request.blob_id
        self._known = {self._blob_id}
        self._first_part = 0 if isinstance(request, Root) else request.shard_no * 1_000_000
        self._n_children = 0
        self._n_bytes = 0
        self.troubled = False

    def read(self, facts: Facts) -> Iterator[list[Record]]:
        """Yield the records of a frame, a run of one table at a time; raises NonsenseError at what may not be."""
        for table, raw in facts.runs:
            if not 0 <= table < len(TABLES):
                raise NonsenseError("an unknown table")
            self._n_bytes += len(raw)
            if self._n_bytes > self._limits.max_output:
                raise ExcessError(f"more than {self._limits.max_output} bytes of facts")
            try:
                records: list[Any] = _DECODERS[table].decode(raw)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                raise NonsenseError(f"no record of {TABLES[table].TABLE}") from None
            for record in records:
                self._check(record, _NUMBERS[table])
            yield records

    def _check(self, record: Any, numbers: tuple[str, ...]) -> None:
        if isinstance(record, Child):
            self._child(record)
        elif record.blob_id not in self._known:
            raise NonsenseError("a fact of another content")
        for name in numbers:
            number = getattr(record, name)
            if number is not None and not 0 <= number < _MOST:
                raise NonsenseError(f"a number out of range: {name}")
        if isinstance(record, Trouble):
            if record.code not in CODES or len(record.detail) > _DETAIL or len(record.locator) > _DETAIL:
                raise NonsenseError("a trouble of no known kind")
            self.troubled = self.troubled or (CODES[record.code].loses and record.code not in _NO_READER)
        elif isinstance(record, Blob):
            if record.state not in _STATES:
                raise NonsenseError("a state of no known kind")
        elif isinstance(record, Part) and record.part_no < self._first_part:
            raise NonsenseError("a part of another slice")

    def _child(self, child: Child) -> None:
        self._n_children += 1
        if self._n_children > self._limits.max_members:
            raise NonsenseError("more members than one content may have")
        for blob_id in (child.blob_id, child.header_blob_id):
            if blob_id is not None and not (len(blob_id) == 64 and _HEX.issuperset(blob_id)):
                raise NonsenseError("an id that is none")
        if self._root is not None:
            if (child.parent_blob_id, child.locator) != ("", self._root.source_id):
                raise NonsenseError("a fact of another content")
            self._known.add(child.blob_id)
            return
        if child.parent_blob_id != self._blob_id:
            raise NonsenseError("a fact of another content")
        # The only other content it may speak of: a child whose bytes cannot be had, named after its place.
        unreachable = hashlib.sha256(f"{self._blob_id}\x1f{child.locator}".encode()).hexdigest()
        if child.blob_id == unreachable:
            self._known.add(unreachable)
