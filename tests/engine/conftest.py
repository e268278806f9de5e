"""A case on a real disk and helpers to give orders in it."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rollcall.engine.local import LocalEngine
from rollcall.engine.orders import put_order
from rollcall.engine.outcome import Order, Outcome
from rollcall.model import Part, Trouble
from rollcall.store import Store, Unlock, create_store, open_with_key

HERE = Path(__file__).parent
REGISTRY = "engine_tasks:TASKS"


@pytest.fixture(scope="session")
def empty_case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """Return a case with nothing in it and its data key; making one takes time on purpose."""
    with create_store(tmp_path_factory.mktemp("empty") / "case", Unlock(key_file=b"a key of some length")) as made:
        return made.path, made.key


@pytest.fixture
def store(tmp_path: Path, empty_case: tuple[Path, bytes]) -> Iterator[Store]:
    path, key = empty_case
    shutil.copytree(path, tmp_path / "case")
    with open_with_key(tmp_path / "case", key) as made:
        yield made


@pytest.fixture
def engine(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., LocalEngine]]:
    """Return a maker of engines over the tasks of this folder; all are closed at the end."""
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    made: list[LocalEngine] = []

    def make(**limits: Any) -> LocalEngine:
        made.append(
            LocalEngine(store, **{"tasks": REGISTRY, "workers": 1, "attempts": 2, "beat_seconds": 20, **limits})
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


def entries(*names: str, **more: Any) -> list[dict[str, Any]]:
    """Return one entry for each name."""
    return [{"blob": name, **more} for name in names]


def order(store: Store, *kept: dict[str, Any], task: str = "parts", reads: Iterable[str] = ()) -> str:
    """Put an order."""
    return put_order(store, Order(task=task, entries=list(kept), reads=list(reads)))


def facts(store: Store, outcomes: Iterable[tuple[str, Outcome]]) -> list[tuple[str, str, int, str]]:
    """Return what was made as sorted rows (table, blob, part, text or code)."""
    rows = []
    for _, outcome in outcomes:
        for segment in outcome.segments:
            for row in store.get(segment.table, segment.name).to_pylist():
                said = {Part.TABLE: "text", Trouble.TABLE: "code"}[segment.table]
                rows.append((segment.table, row["blob_id"], row["part_no"], row[said]))
    return sorted(rows)


def codes(outcomes: Iterable[tuple[str, Outcome]]) -> Counter[str]:
    """Return how often each code came; "" is an order that was done."""
    return Counter(outcome.code for _, outcome in outcomes)
