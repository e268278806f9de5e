"""A case on a real disk, and engines over it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from engine_orders import HERE, REGISTRY

from rollcall.engine.local import LocalEngine
from rollcall.store import Store, Unlock, create_store, open_with_key


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
