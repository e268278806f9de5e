"""The work that engines hand to workers, by name: read facts, call a stage's pure functions, keep what they say.

Stages know nothing of the store and the store nothing of stages; they meet here. A change of what a task writes needs
a new version of the task, or earlier outcomes are taken for current.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.byblob import ByBlob
from rollcall.engine.orders import UNREACHED
from rollcall.engine.work import Task, Work
from rollcall.findings.tables import TableReader
from rollcall.findings.texts import TextReader
from rollcall.items.facts import Opening
from rollcall.items.parser import Fault, Limits
from rollcall.items.reach import Opener, SourceRef
from rollcall.items.readable import Readable
from rollcall.items.walk import Walker
from rollcall.mentioning import put_rows_together, read_prose
from rollcall.model import (
    Blob,
    Child,
    Part,
    Record,
    Row,
    Shard,
    Trouble,
    from_table,
)
from rollcall.store import Store

ROOTS, OPEN, SCAN, ROWS, PROSE = "items.roots", "items.open", "findings.scan", "mentions.rows", "mentions.prose"
ROWS_AT_ONCE = 5_000
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


def _sheet_rows(table: pa.Table, part_no: int) -> Iterator[tuple[int, int, list[str]]]:
    for batch in table.filter(pc.equal(table["part_no"], part_no)).to_batches(max_chunksize=ROWS_AT_ONCE):
        columns = (batch["row"].to_pylist(), batch["first_col"].to_pylist(), batch["cells"].to_pylist())
        yield from zip(*columns, strict=True)


def scan_contents(work: Work) -> None:
    """Find elements in the texts and tables of contents."""
    parts, rows = ByBlob(work, Part), ByBlob(work, Row)
    seal = work.store.seal
    for entry in work.entries():
        blob_id = entry["blob_id"]
        reader = TextReader(blob_id, seal)
        for part in sorted(from_table(Part, parts.of(blob_id)), key=lambda one: one.part_no):
            if part.text is not None:
                found: Iterable[Record] = reader.read(part)
                work.count("characters", len(part.text))
            else:
                found = _scan_table(blob_id, part.part_no, rows.of(blob_id), seal)
                work.count("rows", part.n_rows or 0)
            for fact in found:
                work.emit(fact)
                work.beat()


def _scan_table(blob_id: str, part_no: int, rows: pa.Table, seal: Callable[[str], str]) -> Iterator[Record]:
    reader = TableReader(blob_id, part_no, seal)
    yield from reader.feed(_sheet_rows(rows, part_no))
    yield from reader.finish()


TASKS = (
    Task(name=ROOTS, version=1, run=list_roots),
    Task(name=OPEN, version=3, run=open_contents),
    Task(name=SCAN, version=3, run=scan_contents),
    Task(name=ROWS, version=2, run=put_rows_together),
    Task(name=PROSE, version=3, run=read_prose),
)
