"""What a task is, what it is given, and how one order is run: read entries, emit facts, commit the outcome last.

A task is a pure function of its order, its context and the code: it may be stopped at any moment and run again, twice,
or elsewhere, and its segments then have the same names and the same facts.
"""

import importlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pyarrow as pa

from rollcall import model
from rollcall.engine import guard
from rollcall.engine.messages import Stopped
from rollcall.engine.orders import CONTEXTS, ORDERS, OUTCOMES, keep_outcome
from rollcall.engine.outcome import Order, Outcome, Segment
from rollcall.store import Store

OnBeat = Callable[[int | None, str, dict[str, int]], None]  # (entry index, sealed step, counts so far)

BATCH_ROWS = 5_000  # records held as objects before they become columns
BATCH_BYTES = 8 << 20  # the same, by the text in them
SEGMENT_BYTES = 48 << 20  # estimated size on disk at which a segment is closed; the store's limit is 64 MB
TABLE_BYTES = 128 << 20  # in memory, whatever it may shrink to on disk
TOTAL_BYTES = 256 << 20  # in memory, all tables together
BEAT_SECONDS = 0.1  # between signs of life from inside one entry


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A named function over orders; its version is part of the name of everything it makes."""

    name: str
    version: int
    run: "Callable[[Work], None]"
    opens: bool = False  # it opens untrusted contents, so there must be a server of readers


def load_tasks(registry: str) -> dict[str, Task]:
    """Return the tasks of "package.module:NAME", a tuple of them, by name."""
    module, _, name = registry.partition(":")
    tasks: tuple[Task, ...] = getattr(importlib.import_module(module), name)
    return {task.name: task for task in tasks}


class Work:
    """One order in the hands of its task."""

    guarded = staticmethod(guard.guarded)
    attempt = staticmethod(guard.attempt)

    def __init__(self, store: Store, task: Task, ref: str, context_id: str, on_beat: OnBeat | None = None) -> None:
        self.store = store
        self.ref = ref
        self.context_id = context_id  # equal ids, equal contexts: what is made from one can be kept for the next order
        self.order = store.get_object(ORDERS, ref, Order)
        self.context: dict[str, Any] = store.get_object(CONTEXTS, context_id, dict) if context_id else {}
        self.index: int | None = None  # the entry in hand; see Stopped.index
        self.at_step = ""
        self.counts: Counter[str] = Counter()
        self._identity = (task.name, str(task.version), ref, context_id)
        self._emitters: dict[str, _Emitter] = {}
        self._on_beat = on_beat
        self._beaten_at = -1.0

    def entries(self) -> Iterator[dict[str, Any]]:
        """Yield the entries; a sign of life goes out before each, so that the one that kills is known."""
        for index, entry in enumerate(self.order.entries):
            self.index, self.at_step = index, ""
            self._beat()
            yield entry
        self.index, self.at_step = len(self.order.entries), ""

    def beat(self) -> None:
        """Say that work goes on; call it wherever one entry may take long."""
        if time.monotonic() - self._beaten_at >= BEAT_SECONDS:
            self._beat()

    def step(self, locator: str) -> str:
        """Begin a step inside the entry; return "" or, where it was fatal before, the code to record instead of it.

        A worker that dies inside a step costs that step only, not the whole mailbox or archive.
        """
        self.at_step = self.store.name("step", locator)
        if self.at_step in self.order.avoid:
            return self.order.avoid[self.at_step]
        self._beat()
        return ""

    def read(self, record: type[model.Record]) -> Iterator[pa.Table]:
        """Yield what the outcomes that the order reads hold of one table, a segment at a time."""
        for name in self.order.reads:
            for segment in self.store.get_object(OUTCOMES, name, Outcome).segments:
                if segment.table == record.TABLE:
                    self.beat()
                    yield self.store.get(segment.table, segment.name)

    def emit(self, record: model.Record) -> None:
        """Keep one fact."""
        emitter = self._emitters.get(record.TABLE) or self._emitter(type(record))
        emitter.add(record, self.index)

    def emit_table(self, record: type[model.Record], table: pa.Table) -> None:
        """Keep the facts of a whole table; its columns must be the record's."""
        (self._emitters.get(record.TABLE) or self._emitter(record)).add_table(table)

    def count(self, name: str, n: int = 1) -> None:
        """Add to a count of the outcome (bytes, items, rows, ...)."""
        self.counts[name] += n

    def finish(self) -> tuple[Segment, ...]:
        """Write what is still held and return all segments of the order."""
        for emitter in self._emitters.values():
            emitter.close()
        return tuple(segment for _, emitter in sorted(self._emitters.items()) for segment in emitter.segments)

    def _beat(self) -> None:
        if self._on_beat is None:
            return
        now = time.monotonic()
        full = now - self._beaten_at >= BEAT_SECONDS
        self._on_beat(self.index, self.at_step, dict(self.counts) if full else {})
        if full:
            self._beaten_at = now

    def _emitter(self, record: type[model.Record]) -> "_Emitter":
        emitter = self._emitters[record.TABLE] = _Emitter(self, record)
        return emitter

    def make_room(self) -> None:
        """Write the largest table to disk when all of them together hold too much."""
        if sum(emitter.held for emitter in self._emitters.values()) > TOTAL_BYTES:
            max(self._emitters.values(), key=lambda emitter: emitter.held).write()

    def segment_name(self, table: str, number: int) -> str:
        """Return the name of a segment of this order: the same when the order is done again."""
        return self.store.name(*self._identity, table, str(number))


class _Emitter:
    """Facts of one table on their way to segments."""

    def __init__(self, work: Work, record: type[model.Record]) -> None:
        self.segments: list[Segment] = []
        self.held = 0  # bytes of the columns not yet written
        self._work = work
        self._record = record
        self._schema = model.schema(record)
        self._texts = [field.name for field in msgspec.structs.fields(record) if _is_text(field.type)]
        self._batch: list[model.Record] = []
        self._batch_bytes = 0
        self._entries: list[int | None] = []  # which entry each record of the batch came from
        self._tables: list[pa.Table] = []
        self._shrinks_to = 1.0  # size on disk / in memory, as the last segment had it

    def add(self, record: model.Record, entry: int | None) -> None:
        self._batch.append(record)
        self._entries.append(entry)
        for name in self._texts:
            value = getattr(record, name)
            if value:
                self._batch_bytes += len(value) if isinstance(value, str) else sum(map(len, value))
        if len(self._batch) >= BATCH_ROWS or self._batch_bytes >= BATCH_BYTES:
            self._convert()

    def add_table(self, table: pa.Table) -> None:
        self._convert()
        self._hold(table.select(self._schema.names).cast(self._schema))

    def close(self) -> None:
        self._convert()
        self.write()

    def write(self) -> None:
        """Put what is held into one segment."""
        if not self._tables:
            return
        self._work.beat()
        table = pa.concat_tables(self._tables)
        name = self._work.segment_name(self._record.TABLE, len(self.segments))
        segment = self._work.store.put(self._record.TABLE, name, table)
        self._shrinks_to = max(segment.size / max(self.held, 1), 0.01)
        self.segments.append(segment)
        self._tables, self.held = [], 0

    def _convert(self) -> None:
        if not self._batch:
            return
        try:
            table = model.to_table(self._record, self._batch)
        except (ValueError, TypeError, OverflowError, pa.ArrowException):
            self._blame()
            raise
        self._batch, self._entries, self._batch_bytes = [], [], 0
        self._hold(table)

    def _blame(self) -> None:
        # Records are converted long after their entry was in hand; an entry must not pay for another's bad fact.
        for record, entry in zip(self._batch, self._entries, strict=True):
            try:
                model.to_table(self._record, [record])
            except (ValueError, TypeError, OverflowError, pa.ArrowException):
                self._work.index, self._work.at_step = entry, ""
                return

    def _hold(self, table: pa.Table) -> None:
        room = self._room()
        if table.nbytes > room and table.num_rows > 1:
            # One table can be larger than any segment may be: cut it by rows, on the average of their size.
            rows = max(1, table.num_rows * room // table.nbytes)
            for start in range(0, table.num_rows, rows):
                self._keep(table.slice(start, rows))
        elif table.num_rows:
            self._keep(table)

    def _keep(self, table: pa.Table) -> None:
        if self._tables and self.held + table.nbytes > self._room():
            self.write()
        self._tables.append(table)
        self.held += table.nbytes
        self._work.make_room()

    def _room(self) -> int:
        return min(TABLE_BYTES, int(SEGMENT_BYTES / self._shrinks_to))


def _is_text(annotation: Any) -> bool:
    return annotation in (str, str | None, list[str])


def run_order(
    store: Store, tasks: dict[str, Task], ref: str, context_id: str, on_beat: OnBeat | None = None
) -> Outcome | Stopped:
    """Run one order in this process and commit its outcome, or say at which entry it stopped and why."""
    work: list[Work] = []
    started = time.monotonic()

    def run() -> Outcome | Stopped:
        task = tasks[store.get_object(ORDERS, ref, Order).task]
        work.append(Work(store, task, ref, context_id, on_beat))
        try:
            task.run(work[0])
        except guard.Died as death:
            return Stopped(
                index=work[0].index, step=work[0].at_step, code=death.code, detail=death.detail, certain=death.certain
            )
        outcome = Outcome(
            ref=ref,
            task=task.name,
            version=task.version,
            state="done",
            segments=work[0].finish(),
            counts=dict(work[0].counts),
            seconds=round(time.monotonic() - started, 3),
        )
        return keep_outcome(store, outcome, context_id)

    def stop(code: str, detail: str) -> Outcome | Stopped:
        index, step = (work[0].index, work[0].at_step) if work else (None, "")
        return Stopped(index=index, step=step, code=code, detail=detail)

    return guard.attempt_order(run, stop)
