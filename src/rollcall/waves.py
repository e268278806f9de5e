"""Read the evidence in waves: each opened to its last depth, scanned, its rows put together, then the next.

A wave takes some of the slices of the containers, in random order, so what it holds is a fair sample of the whole and
an estimate can be made of it. What has ended is found by its name, so a broken run goes on where it was.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
import pyarrow as pa

from rollcall.acquired import KIND
from rollcall.engine.orders import (
    ORDERS,
    OUTCOMES,
    UNREACHED,
    content_digest,
    outcome_name,
    put_context,
    put_order,
)
from rollcall.engine.outcome import Engine, Order, Outcome, Segment
from rollcall.engine.progress import Progress
from rollcall.engine.strata import spread
from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.items.rounds import Frontier, bundles, halves
from rollcall.model import Blob, Child, Locked, Part, Record, Shard, Trouble, schema, to_table
from rollcall.pictures import OcrPolicy, Pictures, few_pages
from rollcall.store import Store
from rollcall.tasks import OCR, OPEN, PROSE, ROOTS, ROWS, SCAN, SOURCES, TASKS

VERSIONS = {task.name: task.version for task in TASKS}
Passwords = Callable[[Iterable[str]], Mapping[str, tuple[str, ...]]]  # contents behind one -> what to try, in order
SHUT = frozenset({"encrypted", "wrong_password"})  # codes of what another password may open
CHILD_COLUMNS = ["parent_blob_id", "locator", "name", "media_type", "blob_id", "size", "header_blob_id"]


class Ended(msgspec.Struct, frozen=True):
    """One order that ended: the name of its outcome, the outcome, and the segments that count."""

    name: str
    outcome: Outcome
    segments: tuple[Segment, ...]


class Reading:
    """What has been read so far, and how to read on."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        limits: Limits,
        progress: Progress,
        wave_size: int,
        ocr: OcrPolicy | None = None,
    ) -> None:
        self._store = store
        self._engine = engine
        self._progress = progress
        self._wave_size = wave_size
        self._frontier = Frontier()
        self._pending: dict[tuple[str, str], Opening] = {}  # slices not yet opened
        self._done: set[tuple[str, str]] = set()
        self._closed: Mapping[str, str] = {}  # sources that are not as registered -> why
        self._left: dict[str, str] = {}  # contents not opened for that reason
        self._pictures = Pictures(ocr or OcrPolicy())
        self._locked: dict[str, Opening] = {}  # contents behind a password
        self._growing: frozenset[str] = frozenset()  # sources that may be another size next time: opened by themselves
        self._followed: set[tuple[str, str]] = set()  # (task, name of the outcome it was made from)
        self.context = put_context(store, {"limits": msgspec.to_builtins(limits)})
        ocr = ocr or OcrPolicy()
        of_pages = msgspec.structs.replace(limits, ocr_fast=ocr.fast)
        self._of_pictures = put_context(store, {"limits": msgspec.to_builtins(of_pages), "ocr": "+".join(ocr.engines)})
        self._contexts = [self.context, self._of_pictures]
        self._kept: list[Segment] = []  # of the steps over the whole case
        self._told: Mapping[str, dict[str, Any]] = {}
        self.ended: dict[str, list[Ended]] = {task: [] for task in VERSIONS}

    # --- orders ---

    def run(self, task: str, orders: Iterable[Order], context: str) -> list[Ended]:
        """Run orders of one task and return how each ended; what failed is written down as troubles."""
        ended = self._try(task, orders, context)
        self.ended[task] += ended
        return ended

    def _try(self, task: str, orders: Iterable[Order], context: str) -> list[Ended]:
        """Run orders without counting what they made."""
        refs = (put_order(self._store, order) for order in orders)
        return [self._settled(outcome, context) for _, outcome in self._engine.map(task, refs, context)]

    def follow(self, task: str, before: str, context: str) -> None:
        """Run a task over what another one made, as far as it has not been done: content by content."""
        fresh = [one for one in self.ended[before] if (task, one.name) not in self._followed]
        self._followed.update((task, one.name) for one in fresh)
        orders = (self._order_after(task, one) for one in fresh if one.outcome.state == "done")
        self.run(task, (order for order in orders if order.entries), context)

    def _order_after(self, task: str, one: Ended) -> Order:
        order = self._store.get_object(ORDERS, one.outcome.ref, Order)
        entries = order.entries
        if task == SCAN:
            blobs = self.table([one], Part, ["blob_id"]).column("blob_id").unique().to_pylist()
            entries = [{"blob_id": blob_id} for blob_id in blobs]
        if task == PROSE:
            entries = [{**entry, **self._told.get(entry["blob_id"], {})} for entry in entries]
        return Order(task=task, entries=entries, reads=[*order.reads, one.name])

    def _settled(self, outcome: Outcome, context: str) -> Ended:
        name = outcome_name(self._store, outcome.task, outcome.version, outcome.ref, context)
        self._progress.advance(outcome.counts.get("contents" if outcome.task == OCR else "bytes", 0))
        if outcome.state != "failed":
            return Ended(name, outcome, outcome.segments)
        order = self._store.get_object(ORDERS, outcome.ref, Order)
        if outcome.task == OPEN:
            pieces = [piece for entry in order.entries for piece in halves(msgspec.convert(entry, Opening))]
            if pieces:
                self._frontier.offer_slices(pieces)
                return Ended(name, outcome, ())
        rows = [
            Trouble(blob_id=entry["blob_id"], code=outcome.code, detail=f"{outcome.task}: {outcome.detail}"[:500])
            for entry in order.entries
        ]
        segment = self._store.put(Trouble.TABLE, self._store.name("failed", name), to_table(Trouble, rows))
        return Ended(name, outcome, (segment,))

    # --- facts ---

    def table(self, ended: Iterable[Ended], record: type[Record], columns: list[str] | None = None) -> pa.Table:
        """Return one table of what these orders wrote."""
        names = sorted({each.name for one in ended for each in one.segments if each.table == record.TABLE})
        wanted = schema(record) if columns is None else pa.schema([schema(record).field(each) for each in columns])
        pieces = (self._store.get(record.TABLE, name, columns) for name in names)
        return pa.concat_tables([wanted.empty_table(), *pieces])

    def together(self) -> Iterator[list[Ended]]:
        """Yield each order that scanned with those that put together what it found: they speak of the same contents."""
        found = {one.name: [one] for one in self.ended[SCAN]}
        for task in (ROWS, PROSE):
            for one in self.ended[task]:
                order = self._store.get_object(ORDERS, one.outcome.ref, Order)
                scanned = next((name for name in order.reads if name in found), one.name)
                found.setdefault(scanned, []).append(one)
        yield from found.values()

    def segments(self) -> list[Segment]:
        """Return every segment that counts."""
        made = [segment for ended in self.ended.values() for one in ended for segment in one.segments]
        return made + self._kept

    def keep(self, segment: Segment) -> None:
        """Count a segment that a step over the whole case has made."""
        self._kept.append(segment)

    def contexts(self) -> list[str]:
        """Return the contexts that what counts was made in."""
        return [*self._contexts, self._store.name(SOURCES)]

    def outcomes(self) -> list[str]:
        """Return the names of the outcomes behind them."""
        return [one.name for ended in self.ended.values() for one in ended]

    # --- what an earlier run has done ---

    def resume(self, names: Iterable[str], roots: Iterable[dict[str, Any]] = ()) -> None:
        """Take over what the latest manifest names, as far as code and policy are the same, and `roots` have not grown.

        Of a source that has grown what it lists is listed anew; contents that were opened are not opened again.
        """
        there = [name for name in sorted(names) if self._store.has_object(OUTCOMES, name)]
        grown = self._grown(there, {root["blob_id"]: root["size"] for root in roots if root.get("kind") == KIND})
        for name in there:
            outcome = self._store.get_object(OUTCOMES, name, Outcome)
            entries = self._entries(outcome) if outcome.task in (ROOTS, OPEN) else []
            if grown and any(entry["blob_id"] in grown for entry in entries):
                continue
            context = self._of_pictures if outcome.task == OCR else self.context
            now = outcome_name(self._store, outcome.task, VERSIONS.get(outcome.task, 0), outcome.ref, context)
            # What could not be reached then may be there now, and another password; `kept_outcome` has it run again.
            if outcome.task == OPEN and any(entry["last"] for entry in entries):
                continue
            if outcome.task in (ROOTS, OPEN, OCR) and name == now and not outcome.counts.get(UNREACHED):
                ended = self._settled(outcome, context)
                self.ended[outcome.task].append(ended)
                self._note(ended, entries)

    def _grown(self, names: Iterable[str], sizes: Mapping[str, int]) -> set[str]:
        """Return the sources whose size is not what it was when they were listed, by content."""
        outcomes = (self._store.get_object(OUTCOMES, name, Outcome) for name in (names if sizes else ()))
        entries = (entry for outcome in outcomes if outcome.task == ROOTS for entry in self._entries(outcome))
        return {entry["blob_id"] for entry in entries if sizes.get(entry["blob_id"], entry["size"]) != entry["size"]}

    def _entries(self, outcome: Outcome) -> list[dict[str, Any]]:
        return self._store.get_object(ORDERS, outcome.ref, Order).entries

    def _note(self, ended: Ended, entries: list[dict[str, Any]] | None = None) -> None:
        """Tell the frontier what an order that opens things listed; `entries` are the order's, where they are known."""
        children = self.table([ended], Child, CHILD_COLUMNS)
        blobs = self.table([ended], Blob, ["blob_id", "state"])
        if ended.outcome.task == OCR:
            self._pictures.note(blobs)
        if ended.outcome.task == ROOTS:
            self._frontier.mark(blobs.column("blob_id").to_pylist())
            self._frontier.take_roots(children)
            return
        entries = entries or self._entries(ended.outcome)
        openings = [msgspec.convert(entry, Opening) for entry in entries]
        self._done.update((opening.blob_id, opening.shard) for opening in openings if opening.shard)
        self._frontier.mark(opening.blob_id for opening in openings)
        self._frontier.take(openings, children, self.table([ended], Shard), blobs)
        closed = set(self.table([ended], Locked).column("blob_id").to_pylist())
        self._locked.update((opening.blob_id, opening) for opening in openings if opening.blob_id in closed)

    # --- waves ---

    def waves(
        self,
        roots: Iterable[dict[str, Any]],
        closed: Mapping[str, str] | None = None,
        passwords: Passwords | None = None,
    ) -> Iterator[float]:
        """Read all that is not read yet; yields after each wave the share of the slices that is done.

        What is behind a password comes last, when the mail that may tell it is read; `passwords` says what to try.

        Nothing is read of the sources in `closed`, which are gone or not what they were (source -> code of the
        problem): places in them would lead astray. What is left in them is named, and read when they are back.
        """
        self._closed = closed or {}
        roots = list(roots)
        self._growing = frozenset(root["blob_id"] for root in roots if root.get("kind") == KIND)
        known = set(self.table(self.ended[ROOTS], Child, ["locator"]).column("locator").to_pylist())
        orders = [Order(task=ROOTS, entries=[root]) for root in roots if root["source_id"] not in known]
        for ended in self.run(ROOTS, orders, self.context):
            self._note(ended)
        self._open(self._frontier.next())
        yield from self._slices()
        while self._locked:
            yield from self._unlock(passwords or (lambda _: {}))
        rows = [Trouble(blob_id=blob_id, code=code) for blob_id, code in sorted(self._left.items())]
        if rows := rows + self._pictures.unread():
            name = self._store.name("left", content_digest([(row.blob_id, row.code, row.detail) for row in rows]))
            self.keep(self._store.put(Trouble.TABLE, name, to_table(Trouble, rows)))
        yield 1.0

    def _slices(self) -> Iterator[float]:
        while slices := self._next_slices():
            yield len(self._done) / (len(self._done) + len(slices) + len(self._pending))
            self._open(slices)

    def _unlock(self, passwords: Passwords) -> Iterator[float]:
        """Open what is behind a password, again as long as that brings more to try; the rest becomes problems."""
        tried: dict[str, tuple[str, ...]] = {}
        shut: dict[str, Ended] = {}
        reached = {opening.blob_id for opening in self._within_reach(list(self._locked.values()))}
        self._locked = {blob_id: one for blob_id, one in self._locked.items() if blob_id in reached}
        opened = True
        while self._locked and opened:  # what opened may tell more; else there is nothing new to try
            opened = False
            told = passwords(self._locked)
            keys = {blob_id: told.get(blob_id, ()) for blob_id in sorted(self._locked)}
            fresh = [blob_id for blob_id in keys if keys[blob_id] != tried.get(blob_id)]
            tried |= keys
            if not fresh:
                break
            orders = [Order(task=OPEN, entries=[self._with(blob_id, keys[blob_id])]) for blob_id in fresh]
            for ended in self._try(OPEN, orders, self.context):
                blob_id = self._store.get_object(ORDERS, ended.outcome.ref, Order).entries[0]["blob_id"]
                if SHUT & set(self.table([ended], Trouble, ["code"]).column("code").to_pylist()):
                    shut[blob_id] = ended
                    continue
                self._locked.pop(blob_id)
                self._count(ended)
                opened = True
            self._open(self._frontier.next())
            yield from self._slices()
        for blob_id in sorted(self._locked):
            self._count(shut[blob_id])
        self._locked.clear()
        self._open(self._frontier.next())
        yield from self._slices()

    def _with(self, blob_id: str, passwords: tuple[str, ...]) -> dict[str, Any]:
        opening = self._locked[blob_id]
        opening = msgspec.structs.replace(opening, last=True, passwords={**opening.passwords, blob_id: passwords})
        return dict(msgspec.to_builtins(opening))

    def _count(self, ended: Ended) -> None:
        self.ended[OPEN].append(ended)
        self._note(ended)

    def _next_slices(self) -> list[Opening]:
        for opening in self._within_reach(self._frontier.slices()):
            if (opening.blob_id, opening.shard) not in self._done:
                self._pending[opening.blob_id, opening.shard] = opening
        order = spread(self._pending, lambda key: self._pending[key].size, "\x1f".join)
        return [self._pending.pop(key) for key in order[: self._wave_size]]

    def _within_reach(self, openings: list[Opening]) -> list[Opening]:
        """Return the openings in sources that are as registered; the others are left for a later run."""
        reached: list[Opening] = []
        for opening in openings:
            code = self._closed.get(opening.chain[0][1])
            if code is None:
                reached.append(opening)
            else:
                self._left[opening.blob_id] = code
        return reached

    def _open(self, openings: list[Opening]) -> None:
        """Open to the last depth, pages that are pictures last; then scan and put rows together."""
        self._open_all(openings)
        while pages := self._within_reach(self._pictures.next()):
            self._read_pages(pages)
            self._open_all(self._frontier.next())
        self.follow(SCAN, OPEN, self.context)
        self.follow(SCAN, OCR, self.context)
        self.follow(ROWS, SCAN, self.context)

    def _open_all(self, openings: list[Opening]) -> None:
        while openings := self._pictures.put_aside(self._within_reach(openings)):
            alone = ([opening] for opening in openings if self._by_itself(opening))
            bundled = bundles(opening for opening in openings if not self._by_itself(opening))
            orders = [
                Order(task=OPEN, entries=[msgspec.to_builtins(opening) for opening in bundle])
                for bundle in (*alone, *bundled)
            ]
            for ended in self.run(OPEN, orders, self.context):
                self._note(ended)
            openings = self._frontier.next()

    def _by_itself(self, opening: Opening) -> bool:
        return bool(opening.shard) or opening.blob_id in self._growing

    def _read_pages(self, pages: list[Opening]) -> None:
        orders = (
            Order(task=OCR, entries=[msgspec.to_builtins(page) for page in bundle])
            for bundle in few_pages(pages, self._wave_size)
        )
        with self._progress.inside("reading pictures", len(pages), "pages"):
            for ended in self.run(OCR, orders, self._of_pictures):
                self._note(ended)

    def look_again(self, lexicon: Segment, told: Mapping[str, dict[str, Any]]) -> None:
        """Read running text with what the case has taught; `told` is what each message says of itself, by content."""
        self._kept.append(lexicon)
        self._told = told
        context = put_context(self._store, {"lexicon": lexicon.name})
        self._contexts.append(context)
        self.follow(PROSE, ROWS, context)
