"""Reach a content again by its chain of locators from the source; nothing is kept in clear between rounds.

A chain is ((parser, locator), ...): ("", source_id) comes first, and each further step names the parser that listed
the child and the locator it gave. What lies on the way to the last content stays open: the next is mostly a neighbour.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

import msgspec

from rollcall.items.identify import fits
from rollcall.items.message import Message, attachments, header_text
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Yield
from rollcall.items.parsers import PARSERS
from rollcall.items.parsers.tree import PARSER as TREE
from rollcall.items.parsers.tree import Tree
from rollcall.items.passwords import Keyed
from rollcall.items.readable import FileReadable, MemoryReadable, Readable
from rollcall.paths import real_path

HEADER = "#header"  # the locator of a message occurrence's raw headers
MESSAGE = "message"  # stands for a parser where a store has taken the message apart already
IN_MEMORY = 64 << 20  # bytes; larger contents of archives are spooled

Chain = tuple[tuple[str, str], ...]
Guard = Callable[[Iterable[Yield]], Iterator[Yield]]  # turns whatever a parser raises into a Fault
_Step = tuple[tuple[str, str], tuple[tuple[str, ...], ...]]  # (parser, locator), with the passwords of the content
T = TypeVar("T")


def attempt(guard: Guard, action: Callable[[], T]) -> T | Fault:
    """Return what the action returns, or a Fault for what it raised."""
    result: list[T | Fault] = []

    def run() -> Iterator[Yield]:
        try:
            result.append(action())
        except ContentError as error:
            result.append(Fault(code=error.code, detail=error.detail))
        yield from ()

    result += [value for value in guard(run()) if isinstance(value, Fault)]
    return result[0]


class Spool(Protocol):
    """Keeps large contents of archives encrypted outside memory, by the chain that leads to them."""

    def keep(self, chunks: Iterable[bytes], chain: Chain) -> Readable:
        """Write the content unless it is there, and open it."""
        ...


class Files(Protocol):
    """Opens sources: files, or folders in a file's stead."""

    def open(self, source_id: str) -> Readable:
        """Return the content of a source; ContentError where it cannot be had."""
        ...


class SourceRef(msgspec.Struct, frozen=True):
    """Where a source lies, and whether it is a file or a kind of folder."""

    path: str  # as model.written_path spells it
    kind: str
    excluded: tuple[str, ...] = ()  # what lies in a folder and is a source of its own; of what was fetched, its batches


class LocalFiles:
    """Sources on the disks of this machine."""

    def __init__(self, sources: Mapping[str, SourceRef]) -> None:
        self._sources = sources

    def open(self, source_id: str) -> Readable:
        """Return the content of a source."""
        ref = self._sources[source_id]
        path = real_path(ref.path)
        if ref.kind in ("maildir", "folder"):
            return Tree(path, [real_path(other) for other in ref.excluded])
        try:
            return FileReadable(path)
        except FileNotFoundError:
            raise ContentError("missing_source", "") from None
        except OSError as error:
            raise ContentError("unreadable_source", type(error).__name__) from None


class Content(msgspec.Struct):
    """A content in hand: bytes (or a folder, in their stead), a message taken apart, or the raw headers of one."""

    readable: Readable | None = None
    message: Message | None = None
    header: str | None = None

    def close(self) -> None:
        """Let go of descriptors."""
        if self.readable is not None:
            self.readable.close()


def _up_to(most: int | None, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes of a content; ContentError where there are more than `most`."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if most is not None and total > most:
            raise ContentError("too_large", f"more than {most} bytes")
        yield chunk


class Opener:
    """Reaches contents by their chains, keeping open what lies on the way to the last one."""

    def __init__(
        self, files: Files, limits: Limits, spool: Spool, guard: Guard, parsers: Sequence[Parser] = PARSERS
    ) -> None:
        self._files = files
        self._parsers = parsers
        self._limits = limits
        self._spool = spool
        self._guard = guard
        self._held: list[tuple[_Step, Content]] = []

    def reach(self, chain: Chain, keys: Sequence[tuple[str, ...]] = ()) -> Content:
        """Return the content at the end of a chain; it stays open until a chain leads elsewhere.

        `keys` are the passwords that may open each content on the way, in order.
        """
        way = [(step, tuple(keys[at : at + 1])) for at, step in enumerate(chain)]
        shared = 0
        while shared < min(len(self._held), len(way)) and self._held[shared][0] == way[shared]:
            shared += 1
        while len(self._held) > shared:
            self._held.pop()[1].close()
        for step, passwords in way[shared:]:
            if self._held:
                content = self._step(chain[: len(self._held) + 1])
            else:
                content = self.open_bytes(self._files.open(step[1]))
            if any(passwords) and content.readable is not None:
                content = Content(readable=Keyed(content.readable, passwords[0]), message=content.message)
            self._held.append(((step, passwords), content))
        return self._held[-1][1]

    def close(self) -> None:
        """Let go of everything."""
        while self._held:
            self._held.pop()[1].close()

    def _step(self, chain: Chain) -> Content:
        parent = self._held[-1][1]
        parser_name, locator = chain[-1]
        if parent.message is not None and locator == HEADER:
            return Content(header=header_text(parent.message))
        if isinstance(parent.readable, Tree):
            return self.open_bytes(parent.readable.open(locator))
        inner = self._find(parent, parser_name, locator)
        if inner.message is not None:
            return Content(message=inner.message)
        return self.open_bytes(self.hold(inner, chain))

    def _find(self, parent: Content, parser_name: str, locator: str) -> Inner:
        found: Iterable[Yield]
        if parent.message is not None:
            found = attachments(parent.message)
        else:
            readable = parent.readable
            if readable is None:
                raise ContentError("partial", "no such child")
            parser = next(parser for parser in self._parsers if parser.name == parser_name)
            if parser.open_child is not None:
                return parser.open_child(readable, locator, self._limits)
            found = parser.parse(readable, self._limits)
        for value in found:
            if isinstance(value, Inner) and value.locator == locator:
                return value
        raise ContentError("partial", "no such child")

    def hold(self, inner: Inner, chain: Chain) -> Readable:
        """Return the bytes of a child as a content: in memory, or spooled under its chain when they are large.

        Only a store may be larger than one content may be, and is known by its head; nothing else is unpacked further.
        """
        if inner.chunks is None:
            raise ContentError("partial", "no content")
        chunks = inner.chunks()
        kept: list[bytes] = []
        size = 0
        for chunk in chunks:
            kept.append(chunk)
            size += len(chunk)
            if size > IN_MEMORY:
                break
        else:
            return MemoryReadable(b"".join(kept))
        most = None if self.is_store(MemoryReadable(b"".join(kept))) else self._limits.max_bytes
        return self._spool.keep(_up_to(most, itertools.chain(kept, chunks)), chain)

    def is_store(self, readable: Readable) -> bool:
        """Say whether a content is read slice by slice, however large it is."""
        return any(True for _ in fits(readable, [parser for parser in self._parsers if parser.shards is not None]))

    def open_bytes(self, readable: Readable) -> Content:
        """Return bytes as a message where they are one (an .eml in a folder, a zip or a mail), else as they are."""
        first = next(self.fitting(readable), None)
        read = first.read_message if first else None
        if read is not None:
            message = attempt(self._guard, lambda: read(readable, self._limits))
            if isinstance(message, Message):
                return Content(message=message, readable=readable)
        return Content(readable=readable)

    def fitting(self, readable: Readable) -> Iterator[Parser]:
        """Yield the parsers that fit a content, most specific first."""
        return iter((TREE,)) if isinstance(readable, Tree) else fits(readable, self._parsers)
