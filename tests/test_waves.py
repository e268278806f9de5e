"""Waves: what kills its reader is closed in on, and only it becomes a problem."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rollcall.engine.orders import ORDERS
from rollcall.engine.outcome import Order, Outcome
from rollcall.engine.progress import Progress
from rollcall.items.parser import Limits
from rollcall.model import Child, Shard, Trouble, to_table
from rollcall.store import Store, Unlock, create_store
from rollcall.tasks import OPEN, ROOTS
from rollcall.waves import VERSIONS, Reading

FATAL = 137


class EngineWithAFatalItem:
    """Opens one store of 500 items sliced in two, whose item 137 kills whoever reads it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read: list[str] = []

    def map(self, task_name: str, refs: Iterable[str], context_id: str) -> Iterator[tuple[str, Outcome]]:
        for ref in refs:
            entry = self._store.get_object(ORDERS, ref, Order).entries[0]
            if task_name == ROOTS:
                root = Child(parent_blob_id="", locator="S1", kind="file", blob_id="box", size=9)
                rows = [self._store.put("children", "a" * 32, to_table(Child, [root]))]
            elif not entry["shard"]:
                slices = [
                    Shard(blob_id="box", shard=name, shard_no=n) for n, name in enumerate(("7:0-250", "7:250-500"))
                ]
                rows = [self._store.put("shards", "b" * 32, to_table(Shard, slices))]
            else:
                rows = []
                first, last = (int(number) for number in entry["shard"].removeprefix("7:").split("-"))
                if first <= FATAL < last:
                    yield ref, Outcome(ref=ref, task=OPEN, version=VERSIONS[OPEN], state="failed", code="crashed")
                    continue
                self.read.append(entry["shard"])
            yield ref, Outcome(ref=ref, task=task_name, version=VERSIONS[task_name], state="done", segments=tuple(rows))


def test_one_fatal_item_costs_no_other(tmp_path: Path) -> None:
    with create_store(tmp_path / "case", Unlock(key_file=b"k" * 32)) as store:
        engine = EngineWithAFatalItem(store)
        progress = Progress(sys.stderr, quiet=True)
        progress.start("reading", None)
        reading = Reading(store, engine, Limits(), progress, wave_size=4)
        assert list(reading.waves([{"source_id": "S1", "blob_id": "box"}]))[-1] == 1.0
        ranges = [tuple(map(int, name.removeprefix("7:").split("-"))) for name in engine.read]
        assert sorted(item for first, last in ranges for item in range(first, last)) == [
            item for item in range(500) if item != FATAL
        ]
        troubles = reading.table(reading.ended[OPEN], Trouble).to_pylist()
        assert [(row["blob_id"], row["code"]) for row in troubles] == [("box", "crashed")]
