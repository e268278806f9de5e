"""What a child may ask of its worker, and only for the content in hand.

That is the source's descriptor or the listing and the files of its folder, and a place for large contents that lie on
the way to it or in it.
"""

import contextlib
import itertools
import os
from collections.abc import Callable, Generator, Iterator
from typing import Protocol

from rollcall.items.parser import ContentError, Limits
from rollcall.items.parsers.tree import PARSER as TREE
from rollcall.items.parsers.tree import Tree
from rollcall.items.reach import Chain, Files
from rollcall.items.readable import Readable
from rollcall.paths import written_path
from rollcall.sandbox import tools, wire

_ENTRIES = 500  # of a folder, said at once


class Writer(Protocol):
    """A spooled content being written."""

    def write(self, data: bytes) -> int:
        """Add bytes."""
        ...

    def close(self) -> None:
        """Keep the content."""
        ...

    def abort(self) -> None:
        """Forget the content."""
        ...


class SpoolStore(Protocol):
    """Keeps contents too large for memory."""

    def find(self, chain: Chain) -> Readable | None:
        """Return the content a chain leads to, if it is kept."""
        ...

    def begin(self, chain: Chain) -> Writer:
        """Return where to write it."""
        ...


class Host:
    """Answers what children of one order ask."""

    def __init__(self, files: Files, spool: SpoolStore) -> None:
        self._files = files
        self._spool = spool
        self._chain: Chain = ()
        self._source: tuple[str, Readable] | None = None
        self._entries: Iterator[tuple[str, int, str]] | None = None
        self._spooled: list[Readable] = []
        self._writing: tuple[Chain, Writer] | None = None
        self._limits = Limits()
        self._beat: Callable[[], None] = lambda: None
        self._given = -1  # a descriptor of the file handed over last
        self._tool: Iterator[bytes] | None = None

    def turn_to(self, chain: Chain, limits: Limits | None = None, beat: Callable[[], None] = lambda: None) -> None:
        """Begin with a content: what was going on for the one before ends, what is open stays."""
        self._chain = chain
        self._limits, self._beat = limits or self._limits, beat
        self._entries = None
        self._stop_writing()
        self._stop_tool()

    def close(self) -> None:
        """Let go of everything; a child that is started next asks anew."""
        self.turn_to(())
        if self._source is not None:
            self._source[1].close()
            self._source = None
        while self._spooled:
            self._spooled.pop().close()
        if self._given >= 0:
            os.close(self._given)
            self._given = -1

    def answer(self, question: wire.FromChild, child: wire.Channel) -> None:
        """Do what a child asks for; raises NonsenseError at what it may not."""
        try:
            match question:
                case wire.AskSource():
                    self._give(self._open_source(), child)
                case wire.AskEntries():
                    child.send(self._list())
                case wire.AskEntry(locator):
                    self._give_entry(locator, child)
                case wire.AskSpool(chain):
                    child.send(self._keep(chain))
                case wire.Spooling(data):
                    self._write(data, child)
                case wire.AskBytes(spooled, number):
                    child.send(wire.Data(self._piece(spooled, number)))
                case wire.AskTool(name, of_file):
                    child.send(self._start(name, of_file))
                case wire.AskMore() if self._tool is not None:
                    child.send(wire.Data(next(self._tool, b"")))
                case _:
                    raise wire.NonsenseError("out of turn")
        except ContentError as error:
            child.send(wire.Refused(error.code, error.detail))

    def _open_source(self) -> Readable:
        source_id = self._chain[0][1]
        if self._source is None or self._source[0] != source_id:
            if self._source is not None:
                self._source[1].close()
                self._source = None
            self._source = source_id, self._files.open(source_id)
        return self._source[1]

    def _give(self, readable: Readable, child: wire.Channel) -> None:
        if isinstance(readable, Tree):
            child.send(wire.Folder(readable.kind))
            return
        try:
            descriptor = readable.fileno()
        except OSError:  # kept in the case, encrypted: it is handed over piece by piece
            child.send(self._kept(readable))
        else:
            if self._given >= 0:
                os.close(self._given)
            self._given = os.dup(descriptor)
            child.send(wire.File(), (descriptor,))

    def _folder(self) -> Tree:
        source = self._open_source()
        if not isinstance(source, Tree):
            raise wire.NonsenseError("the source is no folder")
        return source

    def _list(self) -> wire.Entries:
        if self._entries is None:
            self._entries = self._folder().files()
        entries = [(written_path(path), size, wrong) for path, size, wrong in itertools.islice(self._entries, _ENTRIES)]
        more = len(entries) == _ENTRIES
        if not more:
            self._entries = None
        return wire.Entries(entries, more)

    def _give_entry(self, locator: str, child: wire.Channel) -> None:
        if len(self._chain) > 1 and self._chain[1] != (TREE.name, locator):
            raise wire.NonsenseError("a file of another content")
        with contextlib.closing(self._folder().open(locator)) as readable:
            self._give(readable, child)

    def _keep(self, chain: Chain) -> wire.Message:
        inside = len(chain) == len(self._chain) + 1 and chain[:-1] == self._chain
        if not (inside or chain == self._chain[: len(chain)]):
            raise wire.NonsenseError("a place of another content")
        self._stop_writing()  # what the reader was keeping broke off
        if (kept := self._spool.find(chain)) is not None:
            return self._kept(kept)
        self._writing = chain, self._spool.begin(chain)
        return wire.Wanted()

    def _write(self, data: bytes, child: wire.Channel) -> None:
        if self._writing is None or len(data) > wire.PIECE:
            raise wire.NonsenseError("nothing was to be kept")
        chain, writer = self._writing
        if data:
            writer.write(data)
            return
        writer.close()
        self._writing = None
        if isinstance(writer, _Memory):
            child.send(wire.Data(next(self._run(writer), b"")))
            return
        kept = self._spool.find(chain)
        if kept is None:
            raise ContentError("partial", "not kept")
        child.send(self._kept(kept))

    def _kept(self, readable: Readable) -> wire.Kept:
        self._spooled.append(readable)
        return wire.Kept(len(self._spooled) - 1, readable.size)

    def _piece(self, spooled: int, number: int) -> bytes:
        if not 0 <= spooled < len(self._spooled) or not 0 <= number < 1 << 40:
            raise wire.NonsenseError("nothing is kept there")
        return self._spooled[spooled].read_at(number * wire.PIECE, wire.PIECE)

    def _start(self, name: str, of_file: bool) -> wire.Message:
        self._stop_tool()
        if not tools.available(name):
            raise ContentError("needs_tool", name[:40])
        if of_file and self._given >= 0:
            self._tool = tools.run(name, self._given, self._limits, self._beat)
            return wire.Data(next(self._tool, b""))
        self._stop_writing()
        self._writing = self._chain, _Memory(name, self._limits.max_bytes)
        return wire.Wanted()

    def _run(self, content: "_Memory") -> Iterator[bytes]:
        def run() -> Iterator[bytes]:
            try:
                yield from tools.run(content.tool, content.descriptor, self._limits, self._beat)
            finally:
                content.abort()

        self._tool = run()
        return self._tool

    def _stop_tool(self) -> None:
        if isinstance(self._tool, Generator):
            self._tool.close()
        self._tool = None

    def _stop_writing(self) -> None:
        if self._writing is not None:
            self._writing[1].abort()
            self._writing = None


class _Memory:
    """A content for a program, in memory only."""

    def __init__(self, tool: str, most: int) -> None:
        self.tool = tool
        self.descriptor = os.memfd_create("content", os.MFD_CLOEXEC)
        self._left = most

    def write(self, data: bytes) -> int:
        self._left -= len(data)
        if self._left < 0:
            raise wire.NonsenseError("more for a program than a content may have")
        return os.write(self.descriptor, data)

    def close(self) -> None:
        os.lseek(self.descriptor, 0, os.SEEK_SET)

    def abort(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
