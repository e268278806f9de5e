"""A small case per test, with key slots that open at once."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rollcall.model import Child, to_table
from rollcall.store import Store, Unlock, create_store, keys

PHRASE = Unlock(passphrase=b"correct horse")


@pytest.fixture(autouse=True)
def _quick_slots(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "real_cost" not in request.fixturenames:
        monkeypatch.setattr(keys, "_TIME_COST", 1)
        monkeypatch.setattr(keys, "_MEMORY_KIB", 64)


@pytest.fixture
def real_cost() -> None:
    """Ask for the slots as they are made for people."""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return tmp_path / "case"


@pytest.fixture
def store(case: Path) -> Iterator[Store]:
    with create_store(case, PHRASE) as made:
        yield made


def children(*names: str) -> object:
    """Return a table of facts with these file names in it."""
    return to_table(
        Child,
        [
            Child(parent_blob_id="p", locator=str(n), kind="file", name=name, blob_id="b", size=n)
            for n, name in enumerate(names)
        ],
    )


def open_code(key: bytes) -> str:
    """Return the lines that open a case, given as the first argument, in another process."""
    return (
        "import os, sys, signal, time\nfrom pathlib import Path\n"
        "from rollcall.store import open_with_key\n"
        "from rollcall.model import Child, to_table\n"
        f"store = open_with_key(Path(sys.argv[1]), bytes.fromhex('{key.hex()}'))\n"
    )


@pytest.fixture
def child() -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start Python in another process; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
