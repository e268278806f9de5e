"""A child: confined before it sees a byte, it opens contents with the readers of `items` and streams what they hold.

It holds no key and no path. What it needs beyond the content it asks its worker for: the source's descriptor, the
files of a folder, a place for what is too large for memory.
"""

import gc
import itertools
import mmap
import os
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, BinaryIO, NoReturn, TypeVar

import msgspec

from rollcall.engine import guard
from rollcall.items import tools
from rollcall.items.facts import Opening
from rollcall.items.message import Message
from rollcall.items.parser import ContentError, Fault, Limits, Parser, Yield
from rollcall.items.parsers import PARSERS
from rollcall.items.parsers.tree import Tree
from rollcall.items.reach import Chain, Opener
from rollcall.items.readable import FileReadable, Readable, Slice, chunks_of
from rollcall.items.walk import Walker
from rollcall.model import Part, Record, Row
from rollcall.paths import real_path
from rollcall.sandbox import confine, wire
from rollcall.sandbox.checks import TABLES

_NUMBERS = {record: number for number, record in enumerate(TABLES)}
_BATCH_CHARACTERS = 1 << 18
_BATCH_SECONDS = 0.2
_RECORD = 200  # characters that a record counts for beyond its text
_KEPT_PIECES = 8
_ENCODER = msgspec.msgpack.Encoder()
T = TypeVar("T")


def begin(sock: socket.socket, mouth: int, page: mmap.mmap, server: int) -> NoReturn:
    """Become a child, right after the fork, and end the process when the worker hangs up."""
    status = 1
    try:
        confine.die_with(server)
        theirs = sock.detach()
        null = os.open(os.devnull, os.O_RDWR)
        for standard, descriptor in enumerate((null, null, mouth)):
            os.dup2(descriptor, standard)
        os.dup2(theirs, 3)
        os.closerange(4, 1 << 16)
        gc.enable()
        Child(wire.Channel.of(3, takes_descriptors=True), page).serve()
        status = 0
    except (wire.ClosedError, wire.SilenceError):
        status = 0
    finally:
        os._exit(status)


class Child:
    """Answers requests one after the other; what lies on the way to a content stays open for the next."""

    def __init__(self, channel: wire.Channel, page: mmap.mmap) -> None:
        self._channel = channel
        self._page = page
        self._limits = Limits()
        self._avoid: dict[str, str] = {}
        on_fault: guard.OnFault[Fault] = lambda code, detail: Fault(code=code, detail=detail)  # noqa: E731
        self._guard = partial(guard.guarded, on_fault=on_fault)
        tools.offer(partial(_tool, self))
        self._walker: tuple[tuple[dict[str, str], int], Walker, Opener] | None = None

    def serve(self) -> None:
        """Answer until the worker hangs up."""
        while True:
            match self._receive():
                case wire.Begin(limits):
                    self._limits = limits
                    confine.confine(limits)
                case wire.Open(opening, avoid):
                    self._answer(partial(self._open, opening, avoid))
                case wire.Root() as root:
                    self._answer(partial(self._root, root))

    def ask(self, question: wire.Message) -> wire.ToChild:
        """Return the worker's answer; ContentError when it refuses."""
        self._channel.send(question)
        answer = self._receive()
        if isinstance(answer, wire.Refused):
            raise ContentError(answer.code, answer.detail)
        return answer

    def file(self, question: wire.Message) -> Readable:
        """Return the file that the worker hands over."""
        answer = self.ask(question)
        if isinstance(answer, wire.Folder):
            return _Folder(self, answer.kind)
        if isinstance(answer, wire.Kept):
            return _Spooled(self, answer)
        return FileReadable(self._channel.descriptors.pop())

    def say(self, message: wire.Message) -> None:
        """Tell the worker something that needs no answer."""
        self._channel.send(message)

    def _receive(self) -> wire.ToChild:
        return wire.TO_CHILD.decode(self._channel.receive())

    def _readers(self, avoid: dict[str, str], size: int) -> Walker:
        unlike = (avoid, size if avoid else 0)
        if self._walker is None or self._walker[0] != unlike:
            if self._walker is not None:
                self._walker[2].close()
            parsers = [
                _dead(parser, avoid[parser.name], size)
                if parser.name in avoid
                else _announced(parser, self._page, number)
                for number, parser in enumerate(PARSERS, start=1)
            ]
            opener = Opener(_Sources(self), self._limits, _Spool(self), self._guard, parsers)
            self._walker = (unlike, Walker(opener, self._limits, self._guard), opener)
        return self._walker[1]

    def _open(self, opening: Opening, avoid: dict[str, str]) -> Iterator[Record]:
        return self._readers(avoid, opening.size).open(opening)

    def _root(self, root: wire.Root) -> Iterator[Record]:
        return self._readers(root.avoid, root.size).root(root.source_id, root.sha256, root.kind, root.size, root.name)

    def _answer(self, facts: Callable[[], Iterator[Record]]) -> None:
        last: list[wire.Facts] = []

        def run() -> wire.Message:
            last.extend(self._stream(facts()))
            return wire.Ended()

        ended = guard.attempt(run, lambda code, detail: wire.Failed(code, detail), "internal_error")
        if last:  # in one breath: to wake the worker costs more than to write
            self._channel.send(last[0], then=ended)
        else:
            self._channel.send(ended)

    def _stream(self, facts: Iterable[Record]) -> Iterator[wire.Facts]:
        """Say the facts in batches, and soon: a batch is the sign that work goes on. The last is yielded, not said."""
        batch: list[Record] = []
        characters, said_at = 0, time.monotonic()
        for fact in facts:
            batch.append(fact)
            characters += _RECORD
            if isinstance(fact, Row):
                characters += sum(map(len, fact.cells))
            elif isinstance(fact, Part):
                characters += len(fact.text or "")
            if characters >= _BATCH_CHARACTERS or time.monotonic() - said_at >= _BATCH_SECONDS:
                self._channel.send(_batched(batch))
                batch, characters, said_at = [], 0, time.monotonic()
        if batch:
            yield _batched(batch)


def _batched(batch: list[Record]) -> wire.Facts:
    """Return records as a message."""
    return wire.Facts(
        [
            (_NUMBERS[kind], msgspec.Raw(_ENCODER.encode(list(records))))
            for kind, records in itertools.groupby(batch, type)
        ]
    )


def _dead(parser: Parser, code: str, size: int) -> Parser:
    """Return a reader that has died of the content of this size, perhaps of a look at it: it only says so of that one.

    What lies on the way to the content it reads as ever; 0 is any size.
    """

    def is_it(untrusted: Readable) -> bool:
        return size in (0, untrusted.size)

    def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
        if is_it(untrusted):
            yield Fault(code=code, detail=f"reader: {parser.name}")
        else:
            yield from parser.parse(untrusted, limits)

    def read_message(untrusted: Readable, limits: Limits) -> Message:
        if is_it(untrusted) or parser.read_message is None:
            raise ContentError(code)
        return parser.read_message(untrusted, limits)

    return msgspec.structs.replace(
        parser,
        looks_like=lambda untrusted: is_it(untrusted) or parser.looks_like(untrusted),
        parse=parse,
        shards=None,
        open_shard=None,
        locked=None,
        read_message=None if parser.read_message is None else read_message,
    )


def _announced(parser: Parser, page: mmap.mmap, number: int) -> Parser:
    """Return a reader whose number stands on the shared page while it is at work."""

    def call(function: Callable[..., T]) -> Callable[..., T]:
        def called(*arguments: object) -> T:
            before, page[0] = page[0], number
            try:
                return function(*arguments)
            finally:
                page[0] = before

        return called

    def walk(function: Callable[..., Iterable[T]]) -> Callable[..., Iterator[T]]:
        def walked(*arguments: object) -> Iterator[T]:
            page[0] = number
            for value in function(*arguments):
                yield value
                page[0] = number  # others may have looked at what was yielded

        return walked

    ways: dict[str, Callable[[Callable[..., Any]], Callable[..., Any]]] = {
        "looks_like": call,
        "open_child": call,
        "read_message": call,
        "parse": walk,
        "shards": walk,
        "open_shard": walk,
    }
    there = {name: way(getattr(parser, name)) for name, way in ways.items() if getattr(parser, name) is not None}
    return msgspec.structs.replace(parser, **there)


def _tool(child: Child, name: str, untrusted: Readable) -> Iterator[bytes]:
    """Yield what a program makes of a content; the worker runs it."""
    answer = child.ask(wire.AskTool(name, isinstance(untrusted, FileReadable)))
    if isinstance(answer, wire.Wanted):
        for piece in chunks_of(untrusted, wire.PIECE):
            child.say(wire.Spooling(piece))
        answer = child.ask(wire.Spooling(b""))
    while isinstance(answer, wire.Data) and answer.data:
        yield answer.data
        answer = child.ask(wire.AskMore())


class _Sources:
    """The one source of the content in hand, by the worker's grace."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def open(self, source_id: str) -> Readable:
        return self._child.file(wire.AskSource())


class _Folder(Tree):
    """A folder that the worker lists, and opens the files of."""

    def __init__(self, child: Child, kind: str) -> None:
        self._child = child
        self.kind = kind
        self.size = 0

    def files(self) -> Iterator[tuple[str, int, str]]:
        more = True
        while more:
            answer = self._child.ask(wire.AskEntries())
            if not isinstance(answer, wire.Entries):
                raise wire.NonsenseError
            yield from ((os.fspath(real_path(path)), size, wrong) for path, size, wrong in answer.entries)
            more = answer.more

    def open(self, locator: str) -> Readable:
        return self._child.file(wire.AskEntry(locator))


class _Spool:
    """Contents too large for memory, kept by the worker."""

    def __init__(self, child: Child) -> None:
        self._child = child

    def keep(self, chunks: Iterable[bytes], chain: Chain) -> Readable:
        answer = self._child.ask(wire.AskSpool(chain))
        if isinstance(answer, wire.Wanted):
            for chunk in chunks:
                for start in range(0, len(chunk), wire.PIECE):
                    self._child.say(wire.Spooling(chunk[start : start + wire.PIECE]))
            answer = self._child.ask(wire.Spooling(b""))
        if not isinstance(answer, wire.Kept):
            raise wire.NonsenseError
        return _Spooled(self._child, answer)


class _Spooled:
    """A spooled content, read through the worker a piece at a time."""

    def __init__(self, child: Child, kept: wire.Kept) -> None:
        self._child = child
        self._kept = kept
        self._pieces: OrderedDict[int, bytes] = OrderedDict()
        self.size = kept.size

    def read_at(self, offset: int, length: int) -> bytes:
        end = min(self.size, offset + max(0, length))
        found = []
        while offset < end:
            number, within = divmod(offset, wire.PIECE)
            piece = self._piece(number)[within : within + end - offset]
            if not piece:
                raise EOFError("a spooled content ends early")
            found.append(piece)
            offset += len(piece)
        return b"".join(found)

    def stream(self) -> BinaryIO:
        return Slice(self, 0, self.size).stream()

    def fileno(self) -> int:
        raise OSError("a spooled content has no descriptor")

    def close(self) -> None:
        self._pieces.clear()

    def _piece(self, number: int) -> bytes:
        if number in self._pieces:
            self._pieces.move_to_end(number)
            return self._pieces[number]
        answer = self._child.ask(wire.AskBytes(self._kept.number, number))
        if not isinstance(answer, wire.Data):
            raise wire.NonsenseError
        self._pieces[number] = answer.data
        if len(self._pieces) > _KEPT_PIECES:
            self._pieces.popitem(last=False)
        return answer.data
