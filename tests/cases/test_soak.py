"""Long runs: a mailbox of two gigabytes in bounded memory, and a run that is killed again and again (make soak)."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cases.conftest import Bench, children_of

pytestmark = [pytest.mark.case, pytest.mark.soak]

STAGES = Path(__file__).parents[2] / "bench" / "stages.py"
MEGABYTES = 2_048
MOST_MEMORY = 1 << 30  # of any one process
KILLS = 40


def test_two_gigabytes_stream_within_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, STAGES, "--megabytes", str(MEGABYTES), "--repeat", "1", "--scratch", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    (figures,) = json.loads(done.stderr.splitlines()[-1])
    print(done.stdout)
    assert figures["source"] >= MEGABYTES << 20
    assert figures["tasks"]["items.open"]["messages"] > 10_000
    assert figures["supervisor"] <= MOST_MEMORY
    assert figures["worker"] <= MOST_MEMORY


def test_forty_kills_of_whoever_is_there(new_bench: Callable[[str], Bench], evidence: Path) -> None:
    whole, broken = new_bench("whole"), new_bench("broken")
    whole.run(evidence)
    chance = random.Random(11)
    kills = 0
    while kills < KILLS:
        process = broken.start("run", broken.case, evidence)
        time.sleep(chance.uniform(0.1, 3.0))
        worker = chance.random() < 0.5 and children_of(process.pid)
        if process.poll() is None:
            os.kill(chance.choice(worker) if worker else process.pid, signal.SIGKILL)
            kills += 1
        if worker:
            time.sleep(chance.uniform(0.1, 1.0))
            process.kill()
        process.communicate()
    broken.run(evidence)
    assert broken.digest() == whole.digest()
