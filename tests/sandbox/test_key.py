"""The key of a case is in the memory of its workers and of nobody who has to do with content."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from rollcall.store import Unlock, open_store
from tests.cases.conftest import Bench, children_of, wait_for

pytestmark = pytest.mark.case
MAIL = b"From desk@clinic.org Mon Mar  2 10:00:00 2026\nSubject: list\nMessage-ID: <%d@x>\n\nMRN 44718230\n\n"


def holds(pid: int, key: bytes) -> bool:
    """Return whether a process has these bytes in memory; where the system refuses the look, nobody can have them."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                span, rights, *_ = line.split()
                start, end = (int(each, 16) for each in span.split("-"))
                if "r" in rights and "[v" not in line and end - start < 1 << 30:
                    memory.seek(start)
                    if key in memory.read(end - start):
                        return True
    except (PermissionError, ProcessLookupError, FileNotFoundError):
        return False
    return False


def below(pids: list[int]) -> list[int]:
    return [child for pid in pids for child in children_of(pid)]


def is_server(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return b"rollcall.sandbox.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def stopped(pids: list[int]) -> list[int]:
    """Return those of the processes that are there, and move no more."""
    there = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
            there.append(pid)
    return there


def test_servers_and_children_do_not_hold_the_key(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    evidence = tmp_path / "desk.mbox"
    evidence.write_bytes(b"".join(MAIL % number for number in range(5_000)))
    process = bench.start("run", bench.case, evidence)
    wait_for(lambda: any(is_server(pid) and len(children_of(pid)) > 1 for pid in children_of(process.pid)))
    started = stopped([process.pid, *children_of(process.pid)])[1:]
    servers = [pid for pid in started if is_server(pid)]
    workers = [pid for pid in started if pid not in servers]
    children = stopped(below(servers))
    try:
        with open_store(bench.case, Unlock(key_file=bench.key.read_bytes())) as store:
            key = store.key
        assert children
        assert len(servers) == 1
        assert not [pid for pid in (*servers, *children) if holds(pid, key)]
        if os.geteuid() == 0:  # or the look would prove nothing
            assert any(holds(worker, key) for worker in workers)
    finally:
        process.kill()
        for pid in (*workers, *servers, *children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        process.communicate()
