"""A run that is broken off anywhere and run again makes the same list; so does any number of workers."""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rollcall import pipeline
from rollcall.case import make_case
from rollcall.engine.progress import Progress
from rollcall.engine.shuffled import ShuffledEngine
from rollcall.store import Unlock, create_store
from tests.cases.conftest import Bench, children_of, wait_for

pytestmark = pytest.mark.case


def n_written(case: Path) -> int:
    """Return how many encrypted files a case holds: how far a run is, whatever the speed of the machine."""
    return sum(1 for _ in case.rglob("*.seg"))


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory, evidence: Path) -> tuple[str, int]:
    """The digest of a run with one worker that nothing disturbed, and how many files it wrote."""
    bench = Bench(tmp_path_factory.mktemp("unbroken"))
    bench.run(evidence, "--workers", "1")
    return bench.digest(), n_written(bench.case)


def test_two_workers_make_the_same_list(bench: Bench, evidence: Path, unbroken: tuple[str, int]) -> None:
    bench.run(evidence, "--workers", "2")
    assert bench.digest() == unbroken[0]
    bench.run()
    assert bench.digest() == unbroken[0]


def test_reordered_and_doubled_work_makes_the_same_list(
    bench: Bench, evidence: Path, unbroken: tuple[str, int]
) -> None:
    case = make_case(bench.case)
    with create_store(bench.case, Unlock(key_file=bench.key.read_bytes())) as store:
        engine = ShuffledEngine(store, seed=5)
        pipeline.run(case, store, pipeline.RunRequest(sources=(evidence,)), Progress(sys.stderr, quiet=True), engine)
    assert bench.digest() == unbroken[0]


@pytest.mark.parametrize("moments", [3, pytest.param(10, marks=pytest.mark.soak)])
def test_kills_of_the_main_process(bench: Bench, evidence: Path, unbroken: tuple[str, int], moments: int) -> None:
    chance = random.Random(7)
    killed = 0
    for far in sorted(chance.sample(range(unbroken[1] - 1), moments)):
        process = bench.start("run", bench.case, evidence)
        wait_for(lambda far=far, process=process: n_written(bench.case) > far or process.poll() is not None)
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed == moments
    bench.run(evidence)
    assert bench.digest() == unbroken[0]
    assert bench("verify", bench.case).returncode == 0


@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)])
def test_a_polite_stop(bench: Bench, evidence: Path, unbroken: tuple[str, int], how: signal.Signals) -> None:
    process = bench.start("run", bench.case, evidence)
    wait_for(lambda: bool(children_of(process.pid)) or process.poll() is not None)
    workers = children_of(process.pid)
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "safe to resume" in err
    assert "Traceback" not in err
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    bench.run(evidence)
    assert bench.digest() == unbroken[0]


def test_a_killed_worker(new_bench: Callable[[str], Bench], evidence: Path, unbroken: tuple[str, int]) -> None:
    bench = new_bench("worker")
    process = bench.start("run", bench.case, evidence)
    killed = 0
    while process.poll() is None and killed < 3:
        for pid in children_of(process.pid)[:1]:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        time.sleep(0.7)
    process.communicate(timeout=240)
    assert killed, "no worker was seen"
    assert process.returncode in (0, 3)
    assert bench.digest() == unbroken[0]
