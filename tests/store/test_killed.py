"""What was acknowledged is there, and nothing is there by halves, when a process is killed in the middle of writing."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rollcall.store import Store, create_store, open_store
from rollcall.store.upkeep import gc

from .conftest import PHRASE, open_code

PUTS = """
rows = [Child(parent_blob_id="", locator=str(n), kind="file", blob_id="b", size=n) for n in range(5000)]
table = to_table(Child, rows)
for n in range(10**6):
    store.put("children", store.name(str(n % 7), str(n)), table)
    store.put_object("contexts", store.name(str(n)), {"n": n, "filler": "x" * 50000})
    print(n, flush=True)
"""
APPENDS = """
for n in range(10**6):
    seq = store.ledger.append("note", {"n": n, "text": "x" * 2000}, once=str(n))
    store.ledger.mint([(f"i{n}-{k}", f"a{k}") for k in range(200)], n)
    print(n, flush=True)
"""


def killed_after(child: Callable[..., "subprocess.Popen[str]"], code: str, case: Path, seconds: float) -> int:
    """Kill a writer in the midst of its work and return the last number it acknowledged."""
    process = child(code, case)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline()]
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest, errors = process.communicate()
    assert process.returncode == -signal.SIGKILL, errors
    return int([line for line in [*acknowledged, *rest.splitlines(keepends=True)] if line.endswith("\n")][-1])


@pytest.mark.parametrize("seconds", [0.0, 0.011, 0.037, 0.053])
def test_segments(case: Path, child: Callable[..., "subprocess.Popen[str]"], seconds: float) -> None:
    with create_store(case, PHRASE) as store:
        last = killed_after(child, open_code(store.key) + PUTS, case, seconds)
        for n in range(last + 1):
            assert store.get("children", store.name(str(n % 7), str(n))).num_rows == 5000
            assert store.get_object("contexts", store.name(str(n)), dict)["n"] == n
        for path in case.glob("*/*/*.seg"):
            store.segments.check(path.relative_to(case).as_posix())
        gc(store)
        assert not list(case.rglob(".*.tmp"))


@pytest.mark.parametrize("seconds", [0.0, 0.011, 0.037, 0.053])
def test_the_ledger(case: Path, child: Callable[..., "subprocess.Popen[str]"], seconds: float) -> None:
    with create_store(case, PHRASE) as store:
        key = store.key
    last = killed_after(child, open_code(key) + APPENDS, case, seconds)
    with open_store(case, PHRASE) as store:
        notes = [body["n"] for body in store.ledger.rows("note")]
        # One that was on disk but not yet acknowledged may follow the last; never a part of one.
        assert notes in (list(range(last + 1)), list(range(last + 2)))
        assert len(store.ledger.minted()) in (200 * (last + 1), 200 * (last + 2))
        assert store.ledger.verify() == []
        assert store.ledger.append("note", {}, once="0") < store.ledger.append("note", {"n": -1})
        assert store.ledger.verify() == []


def test_two_writers_of_one_name_leave_one_whole_segment(
    store: Store, child: Callable[..., "subprocess.Popen[str]"]
) -> None:
    code = open_code(store.key) + (
        "row = Child(parent_blob_id='', locator='x' * 99, kind=sys.argv[2], blob_id='b', size=1)\n"
        "table = to_table(Child, [row] * 3000)\n"
        "for _ in range(25): store.put('children', store.name('x'), table)\n"
    )
    writers = [child(code, store.path, kind) for kind in ("one", "two")]
    while any(writer.poll() is None for writer in writers):
        if store.has("children", store.name("x")):
            assert len(set(store.get("children", store.name("x"))["kind"].to_pylist())) == 1
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(list((store.path / "facts/children").iterdir())) == 1


def test_two_writers_of_the_ledger_lose_nothing(store: Store, child: Callable[..., "subprocess.Popen[str]"]) -> None:
    code = open_code(store.key) + "for n in range(40): store.ledger.append('note', {'n': n}, who=sys.argv[2])\n"
    writers = [child(code, store.path, who) for who in ("ann", "bob")]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
    entries = store.ledger.entries("note")
    for who in ("ann", "bob"):
        assert [entry.body["n"] for entry in entries if entry.who == who] == list(range(40))
    assert store.ledger.verify() == []
