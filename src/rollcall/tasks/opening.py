"""The tasks that open contents: what each source is, then round by round what is in it.

Contents are opened in the sandbox; here they are asked for, and what is said of them is kept.
"""

import functools
import itertools
from collections.abc import Iterator, Mapping

import msgspec

from rollcall import acquired
from rollcall.engine.guard import Died
from rollcall.engine.orders import UNREACHED
from rollcall.engine.work import Work
from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.items.reach import Chain, LocalFiles, SourceRef
from rollcall.items.readable import Readable
from rollcall.model import Blob, Child, Record, Shard, Trouble, digest
from rollcall.sandbox import answering, client, wire
from rollcall.sandbox.host import Host, Writer
from rollcall.sandbox.rehearsal import AHEAD, PICTURES
from rollcall.store import Store

SOURCES = "sources"  # the object that says where each source lies now; not part of what an outcome depends on
# What was not there for the moment: a source, a program of the system.
_MAY_COME = ("missing_source", "unreadable_source", "needs_tool")


class _Sources(LocalFiles):
    """Sources on the disks of this machine, and those that were fetched into the case."""

    def __init__(self, store: Store, sources: Mapping[str, SourceRef]) -> None:
        super().__init__(sources)
        self._store = store
        self._contents: dict[str, acquired.Content] = {}  # opened for every child anew, and long to list
        self._fetched = {source_id: ref for source_id, ref in sources.items() if ref.kind == acquired.KIND}

    def open(self, source_id: str) -> Readable:
        """Return the content of a source."""
        ref = self._fetched.get(source_id)
        if ref is None:
            return super().open(source_id)
        if source_id not in self._contents:
            self._contents[source_id] = acquired.Content(acquired.Box(self._store, source_id, ref.excluded))
        return self._contents[source_id]


class _CaseSpool:
    """Large contents of archives, kept encrypted under the case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, chain: Chain) -> Readable | None:
        """Return the content a chain leads to, if it is kept."""
        name = self._name(chain)
        return self._store.open_spool(name) if self._store.has_spool(name) else None

    def begin(self, chain: Chain) -> Writer:
        """Return where to write it."""
        return self._store.spool(self._name(chain))

    def _name(self, chain: Chain) -> str:
        return self._store.name("spool", digest("spool", *itertools.chain(*chain)))


class _Reader:
    """Has the contents of one order opened."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._limits = msgspec.convert(work.context["limits"], Limits)
        places = work.store.get_object(
            "contexts", work.store.name(SOURCES), dict[str, tuple[str, str, tuple[str, ...]]]
        )
        self._host = _host(work.store, tuple(sorted(places.items())))
        self._sandbox = _sandbox(PICTURES if "ocr" in work.context else ())
        # Readers that died of an order so late that it had to be done again.
        sealed = {work.store.name("step", name): name for name in client.NAMES} if work.order.avoid else {}
        self._avoid = {sealed[step]: code for step, code in work.order.avoid.items() if step in sealed}

    def root(self, source_id: str, sha256: str, kind: str, size: int, name: str) -> Iterator[Record]:
        """Yield the one occurrence a source is."""
        root = wire.Root(source_id, sha256, kind, size, name)
        return self._kept(self._sandbox.root(root, self._limits, self._host, self._work.beat))

    def open(self, opening: Opening) -> Iterator[Record]:
        """Yield the facts of a content; they are kept."""
        return self._kept(self._sandbox.open(opening, self._limits, self._host, self._work.beat, self._avoid))

    def _kept(self, facts: Iterator[Record]) -> Iterator[Record]:
        work = self._work
        try:
            for fact in facts:
                work.emit(fact)
                work.beat()
                if isinstance(fact, Trouble) and fact.code in _MAY_COME:
                    work.count(UNREACHED)  # a disk or a person may bring it, so it is tried again
                yield fact
        except Died as death:
            work.step(death.step)  # so that it is done again without this reader
            raise


@functools.cache
def _sandbox(more: tuple[str, ...]) -> client.Sandbox:
    """Return the sandbox of this process whose children have loaded this too; it ends with the process."""
    server = _server()
    return client.Sandbox((*AHEAD, *more)) if server is None else client.Sandbox(more, server)


@functools.cache
def _server() -> wire.Channel | None:
    """Return where the server of a run answers this worker, None where it was started without one."""
    descriptor = answering.descriptor()
    return None if descriptor is None else wire.Channel.of(descriptor, takes_descriptors=True)


@functools.lru_cache(maxsize=1)
def _host(store: Store, places: tuple[tuple[str, tuple[str, str, tuple[str, ...]]], ...]) -> Host:
    """Return what children may ask, the same from order to order, so that they can be kept."""
    return Host(_Sources(store, {source_id: SourceRef(*place) for source_id, place in places}), _CaseSpool(store))


def list_roots(work: Work) -> None:
    """Say what each source is: a mailbox, a folder, a message, another file."""
    reader = _Reader(work)
    for entry in work.entries():
        for _ in reader.root(**{name: value for name, value in entry.items() if name != "blob_id"}):
            pass


def open_contents(work: Work) -> None:
    """Open contents: parts, rows, what is inside, troubles."""
    reader = _Reader(work)
    for entry in work.entries():
        opening = msgspec.convert(entry, Opening)
        n_bytes, sliced = 0, False
        for fact in reader.open(opening):
            if isinstance(fact, Child) and len(opening.chain) == 1:
                n_bytes += fact.size
                work.count("messages", fact.kind == "message")
            elif isinstance(fact, Shard):
                sliced = True
            elif isinstance(fact, Blob) and len(opening.chain) == 1 and not (opening.shard or sliced):
                n_bytes = max(n_bytes, fact.size)
        work.count("contents")
        work.count("bytes", n_bytes)
