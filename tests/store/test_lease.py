import os
import re
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from rollcall.problems import CaseError, Exit
from rollcall.store import Store, create_store, lease, open_store
from rollcall.store.lease import Holder, refuses, started, this_process

from .conftest import PHRASE, open_code

HOLD = """
with store.ledger.lease("run"):
    print(os.getpid(), flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_told_who_holds_the_case_and_a_killed_one_holds_nothing(
    store: Store, child: Callable[..., "subprocess.Popen[str]"]
) -> None:
    first = child(open_code(store.key) + HOLD, store.path)
    assert first.stdout is not None
    pid = first.stdout.readline().strip()
    with pytest.raises(CaseError, match=f"process {pid} on") as caught, store.ledger.lease():
        pass
    assert caught.value.exit_code == Exit.USAGE
    assert "rollcall run" in str(caught.value)
    store.ledger.append("decision", {})  # the review goes on meanwhile
    first.send_signal(signal.SIGKILL)
    first.wait()
    holder = store.ledger.holder()
    assert holder is not None
    assert str(holder.pid) == pid
    with store.ledger.lease("gc"):
        taken = store.ledger.holder()
        assert taken is not None
        assert (taken.pid, taken.what, taken.started) == (os.getpid(), "gc", started(os.getpid()))
    assert store.ledger.holder() is None


def test_a_run_that_ends_lets_the_next_in(store: Store, child: Callable[..., "subprocess.Popen[str]"]) -> None:
    first = child(open_code(store.key) + HOLD, store.path)
    assert first.stdout is not None
    first.stdout.readline()
    first.communicate(timeout=30)
    with store.ledger.lease():
        assert first.returncode == 0


def test_it_can_be_taken_again_inside_itself(store: Store) -> None:
    with store.ledger.lease("run"), store.ledger.lease("gc"):
        holder = store.ledger.holder()
    assert holder is not None
    assert holder.what == "run"
    assert store.ledger.holder() is None


def test_another_connection_of_this_process_is_another_run(store: Store) -> None:
    with open_store(store.path, PHRASE) as other:
        with store.ledger.lease(), pytest.raises(CaseError, match="holds this case"), other.ledger.lease():
            pass
        with other.ledger.lease():
            pass


def test_a_lease_ends_with_its_block_whatever_happens(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.ledger.lease():
        raise ZeroDivisionError
    with store.ledger.lease():
        pass


def test_a_forked_child_keeps_nothing_locked(store: Store) -> None:
    reader, writer = os.pipe()
    with store.ledger.lease():
        if (pid := os.fork()) == 0:
            os.close(writer)
            os.read(reader, 1)
            os._exit(0)
    try:
        with store.ledger.lease():
            pass
    finally:
        os.close(writer)
        os.close(reader)
        os.waitpid(pid, 0)


NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ME = Holder(what="run", pid=10, started=5, boot_id="boot", host="here", since="")


@pytest.mark.parametrize(
    ("holder", "age", "refused"),
    [
        ({"pid": 11}, 0, False),  # its file lock was free, so it is dead
        ({"started": 4}, 0, False),  # a process of the same number, before
        ({"boot_id": "before"}, 0, False),  # this machine was restarted
        ({"boot_id": "theirs", "host": "there"}, 10, True),
        ({"boot_id": "theirs", "host": "there"}, -3600, True),  # their clock is ahead
        ({"boot_id": "theirs", "host": "there"}, 3600, False),
    ],
)
def test_whose_row_still_counts(holder: dict[str, object], age: int, refused: bool) -> None:
    assert refuses(msgspec.structs.replace(ME, **holder), NOW - timedelta(seconds=age), ME, NOW) is refused


@pytest.mark.parametrize(("age", "refused"), [(30, True), (3600, False)])
def test_a_holder_on_another_machine(case: Path, age: int, refused: bool) -> None:
    now = datetime.now(UTC)
    with create_store(case, PHRASE) as store:
        row = msgspec.structs.replace(this_process("run", "2026"), host="elsewhere", boot_id="other", pid=77)
        with store.ledger._database.writing() as cursor:
            beat = (now - timedelta(seconds=age)).isoformat()
            cursor.execute("insert into lease values (1, ?, ?)", (msgspec.json.encode(row).decode(), beat))
        if refused:
            with pytest.raises(CaseError, match="process 77 on elsewhere"), store.ledger.lease():
                pass
        else:
            with store.ledger.lease():
                pass


def test_the_heart_beats(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "BEAT_SECONDS", 0.01)
    with create_store(case, PHRASE) as store, store.ledger.lease():
        seen: set[str] = set()
        while len(seen) < 3:
            seen.add(store.ledger._database.rows("select heartbeat_at from lease")[0][0])
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", beat) for beat in seen)


def test_when_a_process_began() -> None:
    assert (started(os.getpid()) or 0) > 0
    assert started(2**22 + 1) is None
