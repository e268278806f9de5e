"""The main process is killed: no worker outlives it, and the next run completes what is missing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_main import N_ORDERS
from engine_orders import HERE, entries, facts, order

from rollcall.engine.local import LocalEngine
from rollcall.store import Store

PATIENCE = 20  # seconds; only a failure takes that long


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.mark.parametrize(("how", "after"), [(signal.SIGKILL, 1), (signal.SIGKILL, 3), (signal.SIGINT, 2)])
def test_no_worker_is_left_and_a_second_run_completes(
    store: Store, engine: Callable[..., LocalEngine], how: signal.Signals, after: int
) -> None:
    main = subprocess.Popen(
        [sys.executable, str(HERE / "engine_main.py"), str(store.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(HERE)},
    )
    assert main.stdin is not None
    assert main.stdout is not None
    with main.stdin, main.stdout:
        main.stdin.write(store.key)
        main.stdin.close()
        pids = [[int(pid) for pid in main.stdout.readline().split()] for _ in range(after)]
        main.send_signal(how)
        main.wait(PATIENCE)
    assert len(pids[-1]) == 2
    limit = time.monotonic() + PATIENCE
    while not all(map(gone, pids[-1])) and time.monotonic() < limit:
        time.sleep(0.01)
    assert all(map(gone, pids[-1]))

    kept = len(list(store.objects("outcomes")))
    assert after <= kept < N_ORDERS
    refs = [order(store, *entries(f"{n}a", f"{n}b", n=2, sleep=0.03)) for n in range(N_ORDERS)]
    second = facts(store, engine(workers=2).map("parts", refs, ""))
    whole = [("parts", f"{n}{x}", i, f"text {i} of {n}{x}") for n in range(N_ORDERS) for x in "ab" for i in range(2)]
    assert second == whole
