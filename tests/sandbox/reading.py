"""Read a file to its last depth, in this process or in the sandbox; to compare the two."""

import contextlib
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec

from rollcall.engine import guard
from rollcall.items import tools
from rollcall.items.facts import Opening
from rollcall.items.parser import ContentError, Fault, Limits
from rollcall.items.reach import HEADER, MESSAGE, Chain, LocalFiles, Opener, SourceRef
from rollcall.items.readable import MemoryReadable, Readable
from rollcall.items.walk import Walker
from rollcall.model import Child, Locked, Record, Shard
from rollcall.sandbox import tools as programs
from rollcall.sandbox.client import Sandbox
from rollcall.sandbox.host import Host
from rollcall.sandbox.wire import Root

PAGE = "image/x-portable-graymap"  # read by networks, which takes seconds


class Spool:
    """Keeps large contents in memory."""

    def __init__(self) -> None:
        self.kept: dict[Chain, bytes] = {}

    def find(self, chain: Chain) -> Readable | None:
        return MemoryReadable(self.kept[chain]) if chain in self.kept else None

    def begin(self, chain: Chain) -> "_Writer":
        return _Writer(self, chain)

    def keep(self, chunks: Iterator[bytes], chain: Chain) -> Readable:
        return MemoryReadable(b"".join(chunks))


class _Writer:
    def __init__(self, spool: Spool, chain: Chain) -> None:
        self._spool, self._chain, self._data = spool, chain, bytearray()

    def write(self, data: bytes) -> int:
        self._data += data
        return len(data)

    def close(self) -> None:
        self._spool.kept[self._chain] = bytes(self._data)

    def abort(self) -> None:
        self._data.clear()


class Reader(Protocol):
    """One source, and how its contents are opened."""

    def root(self, root: Root) -> Iterator[Record]: ...

    def open(self, opening: Opening) -> Iterator[Record]: ...


class InProcess:
    """Opens contents here."""

    def __init__(self, source: Path, limits: Limits) -> None:
        caught = partial(guard.guarded, on_fault=lambda code, detail: Fault(code=code, detail=detail))
        self._walker = Walker(Opener(files_of(source), limits, Spool(), caught), limits, caught)
        self._limits = limits

    def root(self, root: Root) -> Iterator[Record]:
        return self._walker.root(root.source_id, root.sha256, root.kind, root.size, root.name)

    def open(self, opening: Opening) -> Iterator[Record]:
        with running(self._limits):
            yield from self._walker.open(opening)


@contextlib.contextmanager
def running(limits: Limits, names: Collection[str] = tuple(programs.TOOLS)) -> Iterator[None]:
    """Have programs of these names run for readers in this process."""

    def run(name: str, untrusted: Readable) -> Iterator[bytes]:
        if name not in names:
            raise ContentError("needs_tool", name)
        yield from programs.run(name, untrusted.fileno(), limits, lambda: None)

    tools.offer(run)
    try:
        yield
    finally:
        tools.withdraw(run)


class Confined:
    """Opens contents in the sandbox."""

    def __init__(self, sandbox: Sandbox, source: Path, limits: Limits, beat: Callable[[], None] = lambda: None) -> None:
        self._sandbox, self._limits, self._beat = sandbox, limits, beat
        self._host = Host(files_of(source), Spool())

    def root(self, root: Root) -> Iterator[Record]:
        return self._sandbox.root(root, self._limits, self._host, self._beat)

    def open(self, opening: Opening) -> Iterator[Record]:
        return self._sandbox.open(opening, self._limits, self._host, self._beat)


def files_of(source: Path) -> LocalFiles:
    """Return the one source "s"."""
    return LocalFiles({"s": SourceRef(str(source), "folder" if source.is_dir() else "file")})


def everything(reader: Reader, pages: bool = False) -> list[Record]:
    """Return all facts of a source, whatever it holds opened once."""
    facts: list[Record] = []
    waiting: list[Opening] = []
    met: set[str] = set()

    def meet(child: Child, way: Chain, ancestors: tuple[str, ...]) -> None:
        chain = (*way, tuple(child.locator.split(":", 1))) if way else (("", "s"),)
        for blob_id, to in ((child.blob_id, chain), (child.header_blob_id, (*chain, (MESSAGE, HEADER)))):
            if blob_id and blob_id not in met and (pages or child.media_type != PAGE):
                met.add(blob_id)
                waiting.append(
                    Opening(
                        blob_id=blob_id, chain=to, ancestors=ancestors, name=child.name, media_type=child.media_type
                    )  # type: ignore[arg-type]
                )

    for fact in reader.root(Root("s", "0" * 64, "file", 0, "source")):
        facts.append(fact)
        if isinstance(fact, Child):
            meet(fact, (), ())
    for opening in waiting:
        for fact in reader.open(opening):
            facts.append(fact)
            if isinstance(fact, Child):
                meet(fact, opening.chain, (*opening.ancestors, opening.blob_id))
            elif isinstance(fact, Locked):  # no mail tells its password, and it is opened last
                waiting.append(msgspec.structs.replace(opening, last=True))
            elif isinstance(fact, Shard):
                waiting.append(
                    Opening(
                        blob_id=opening.blob_id, chain=opening.chain, ancestors=opening.ancestors,
                        shard=fact.shard, shard_no=fact.shard_no,
                    )
                )  # fmt: skip
    return facts
