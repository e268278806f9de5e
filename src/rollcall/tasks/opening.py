"""The tasks that open contents: what each source is, then round by round what is in it."""

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from rollcall.engine.orders import UNREACHED
from rollcall.engine.work import Work
from rollcall.items.facts import Opening
from rollcall.items.parser import Fault, Limits
from rollcall.items.reach import Opener, SourceRef
from rollcall.items.readable import Readable
from rollcall.items.walk import Walker
from rollcall.model import Blob, Child, Record, Shard, Trouble
from rollcall.store import Store

SOURCES = "sources"  # the object that says where each source lies now; not part of what an outcome depends on


class _CaseSpool:
    """Large contents of archives, kept encrypted under the case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, chunks: Iterable[bytes], name: str) -> Readable:
        """Write the content under `name` unless it is there, and open it."""
        hidden = self._store.name("spool", name)
        if not self._store.has_spool(hidden):
            with self._store.spool(hidden) as writer:
                for chunk in chunks:
                    writer.write(chunk)
        return self._store.open_spool(hidden)


def _walker(work: Work) -> tuple[Walker, Opener]:
    limits = msgspec.convert(work.context["limits"], Limits)
    places = work.store.get_object("contexts", work.store.name(SOURCES), dict[str, tuple[str, str, tuple[str, ...]]])
    sources = {source_id: SourceRef(*place) for source_id, place in places.items()}
    guard = partial(work.guarded, on_fault=lambda code, detail: Fault(code=code, detail=detail))
    opener = Opener(sources, limits, _CaseSpool(work.store), guard)
    return Walker(opener, limits, guard), opener


def _keep(work: Work, facts: Iterator[Record]) -> None:
    for fact in facts:
        work.emit(fact)
        work.beat()
        _note_unreached(work, fact)


def _note_unreached(work: Work, fact: Record) -> None:
    """Count what a disk or a person may bring back, so that it is tried again."""
    if isinstance(fact, Trouble) and fact.code in ("missing_source", "unreadable_source"):
        work.count(UNREACHED)


def list_roots(work: Work) -> None:
    """Say what each source is: a mailbox, a folder, a message, another file."""
    walker, opener = _walker(work)
    for entry in work.entries():
        root = {name: value for name, value in entry.items() if name != "blob_id"}
        _keep(work, walker.root(**root))
    opener.close()


def open_contents(work: Work) -> None:
    """Open contents: parts, rows, what is inside, troubles."""
    walker, opener = _walker(work)
    for entry in work.entries():
        opening = msgspec.convert(entry, Opening)
        n_bytes, sliced = 0, False
        for fact in walker.open(opening):
            work.emit(fact)
            work.beat()
            _note_unreached(work, fact)
            if isinstance(fact, Child) and len(opening.chain) == 1:
                n_bytes += fact.size
                work.count("messages", fact.kind == "message")
            elif isinstance(fact, Shard):
                sliced = True
            elif isinstance(fact, Blob) and len(opening.chain) == 1 and not (opening.shard or sliced):
                n_bytes = max(n_bytes, fact.size)
        work.count("contents")
        work.count("bytes", n_bytes)
    opener.close()
