"""Open one content and say what is in it: its parts, and what it holds inside, each with the id of its content.

Content is opened once, by hash, wherever it occurs; an `Opening` says which, and how to reach it. The walker gives ids;
parsers know nothing of them.
"""

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from rollcall.items.facts import Facts, Opening, clean, header_blob_id, message_fields
from rollcall.items.identify import type_of, unread_code
from rollcall.items.message import fingerprint, parts
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.reach import MESSAGE, Content, Guard, Opener, attempt
from rollcall.items.readable import Readable
from rollcall.model import Blob, Child, Locked, Record, Trouble

REGISTERED = ("log", "roster")  # kinds of sources no stage of this version reads


class Walker:
    """Opens contents and yields facts. `guard` turns whatever a parser raises into a Fault."""

    def __init__(self, opener: Opener, limits: Limits, guard: Guard) -> None:
        self._opener = opener
        self._limits = limits
        self._guard = guard

    def root(self, source_id: str, sha256: str, kind: str, size: int, name: str) -> Iterator[Record]:
        """Yield the one occurrence a source is; what no stage reads yet is a problem until one does."""
        child = Child(parent_blob_id="", locator=source_id, kind="file", name=clean(name), blob_id=sha256, size=size)
        if kind in REGISTERED:
            blob_id = hashlib.sha256(f"{kind}\x1f{sha256}".encode()).hexdigest()
            yield msgspec.structs.replace(child, blob_id=blob_id)
            yield Trouble(blob_id=blob_id, code="not_yet_read", detail=kind)
            yield Blob(blob_id=blob_id, media_type="", parser="", size=size, state="problem", n_parts=0, n_children=0)
            return
        if kind == "passwords":
            # Tried on what is locked, and never kept as a text: it is nothing the mailboxes held.
            blob_id = hashlib.sha256(f"{kind}\x1f{sha256}".encode()).hexdigest()
            yield msgspec.structs.replace(child, blob_id=blob_id)
            yield Blob(
                blob_id=blob_id, media_type="text/plain", parser=kind, size=size, state="read", n_parts=0, n_children=0
            )
            return
        content = attempt(self._guard, lambda: self._opener.reach((("", source_id),)))
        if isinstance(content, Content) and content.message is not None:
            yield msgspec.structs.replace(
                child,
                kind=content.message.kind,
                blob_id=fingerprint(content.message),
                header_blob_id=header_blob_id(content.message),
                **message_fields(content.message),
            )
        else:
            yield child

    def open(self, opening: Opening) -> Iterator[Record]:
        """Yield the facts of one content: Blob, Parts, Rows, Children, Shards, Troubles."""
        facts = Facts(opening, self._opener, self._limits, self._guard)
        if len(opening.chain) > self._limits.max_depth:
            yield facts.trouble(Fault(code="too_deep", detail=f"{len(opening.chain)} levels"))
            yield facts.blob("", "", 0)
            return
        content = attempt(self._guard, lambda: self._opener.reach(opening.chain, opening.keys()))
        if isinstance(content, Fault):
            yield facts.trouble(content)
            yield facts.blob("", "", opening.size)
            return
        if content.header is not None:
            yield from facts.of(Text(text=content.header, kind="header"), "")
            yield facts.blob("text/rfc822-headers", "header@1", opening.size)
        elif content.message is not None:
            for value in self._guard(parts(content.message, self._limits)):
                yield from facts.of(value, MESSAGE)
            yield from facts.names()
            yield facts.blob("message/rfc822", "message@1", opening.size)
        elif content.readable is not None:
            yield from self._bytes(content.readable, opening, facts)

    def _bytes(self, readable: Readable, opening: Opening, facts: Facts) -> Iterator[Record]:
        failed: list[Fault] = []
        tried: list[Parser] = []
        for parser in self._opener.fitting(readable):
            if parser.locked is not None and not opening.last and self._is_locked(parser, readable):
                yield Locked(blob_id=opening.blob_id)
                return
            tried.append(parser)
            faults: list[Fault] = []
            yield from self._attempt(parser, readable, opening, facts, faults)
            if facts.n_facts or not faults:
                yield from self._close(parser, facts, failed, faults)
                yield from facts.names()
                yield facts.blob(type_of(readable, parser), f"{parser.name}@{parser.version}", readable.size)
                return
            failed += faults
        if readable.size == 0 and not tried:
            yield facts.blob("application/x-empty", "", 0)
            return
        if not failed:
            media_type, code = unread_code(readable, opening.name, opening.media_type)
            detail = f"said to be {media_type}" if code == "unknown_format" else media_type
            yield facts.trouble(Fault(code=code, detail=detail))
            yield facts.blob(media_type, "", readable.size)
            return
        for fault in failed[:1]:
            yield facts.trouble(fault)
        yield facts.blob(type_of(readable, tried[0]), "", readable.size)

    def _is_locked(self, parser: Parser, readable: Readable) -> bool:
        locked = parser.locked
        return locked is not None and attempt(self._guard, lambda: locked(readable)) is True

    def _close(self, parser: Parser, facts: Facts, failed: list[Fault], faults: list[Fault]) -> Iterator[Record]:
        for fault in faults:
            yield facts.trouble(fault)
        if failed:
            # Another reader sees something else in it (the raw parts of a workbook), so the problem stays.
            yield facts.trouble(failed[0])
            yield facts.trouble(Fault(code="second_reader", detail=f"{failed[0].code}; read as {parser.name}"))

    def _attempt(
        self, parser: Parser, readable: Readable, opening: Opening, facts: Facts, faults: list[Fault]
    ) -> Iterator[Record]:
        if parser.shards is None or parser.open_shard is None:
            yield from self._values(parser.parse(readable, self._limits), parser.name, facts, faults)
        elif opening.shard:
            values = parser.open_shard(readable, opening.shard, self._limits)
            yield from self._values(values, parser.name, facts, faults)
        else:
            yield from self._sliced(parser, readable, facts, faults)

    def _sliced(self, parser: Parser, readable: Readable, facts: Facts, faults: list[Fault]) -> Iterator[Record]:
        """Yield the slices of a container, or its content at once where it is one slice only."""
        if parser.shards is None or parser.open_shard is None:
            return
        names: list[str] = []
        shards = parser.shards(readable, self._limits)

        def slicing() -> Iterator[Yield]:
            for name in shards:
                names.append(name)
                yield from ()

        faults += [value for value in self._guard(slicing()) if isinstance(value, Fault)]
        if len(names) == 1:
            yield from self._values(parser.open_shard(readable, names[0], self._limits), parser.name, facts, faults)
        for number, name in enumerate(names if len(names) > 1 else ()):
            yield facts.shard(name, number)

    def _values(self, values: Iterable[Yield], parser_name: str, facts: Facts, faults: list[Fault]) -> Iterator[Record]:
        for value in self._guard(values):
            if isinstance(value, Fault) and not value.part:
                faults.append(value)
            else:
                yield from facts.of(value, parser_name)
