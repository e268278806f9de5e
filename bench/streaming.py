"""Run a case on a large generated mailbox and say how its memory grows with the bytes read.

    python bench/streaming.py --megabytes 5120 --scratch /somewhere/with/room [--write]

The memory is that of all processes together, the supervisor, its workers, their servers and readers: what each shares
with others counted by its part (PSS), looked at every two seconds. A line of the curve is the most within a stage and a
tenth of the bytes. Pages that are pictures are left out (--no-ocr). The mailbox and the case are removed at the end.
"""

import argparse
import datetime
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from make_mbox import write_mbox

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "RESULTS.md"
SECONDS = 2.0
_UNITS = {"B": 1e-6, "KB": 1e-3, "MB": 1.0, "GB": 1e3}
_READ = re.compile(r"reading: ([\d.,]+) (B|KB|MB|GB)\b(?: of .* \((\d+)%\))?")


class Sample(NamedTuple):
    """What was held at one moment, MiB."""

    seconds: float
    stage: str
    megabytes: float  # read so far
    supervisor: float
    workers: float
    readers: float  # servers and their children

    @property
    def held(self) -> float:
        """Return the sum."""
        return self.supervisor + self.workers + self.readers


def pss(pid: int) -> float:
    """Return the memory of a process, what it shares counted by its part, in MiB; 0.0 where it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def below(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_reader(pid: int) -> bool:
    """Say whether a process is a server of readers or one of them."""
    try:
        return b"rollcall.sandbox" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class Watch(threading.Thread):
    """Looks at a process and all below it until it ends."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.samples: list[Sample] = []
        self.stage, self.megabytes = "start", 0.0
        self.over = threading.Event()
        self._pid, self._began = pid, time.monotonic()

    def run(self) -> None:
        """Look again and again."""
        while not self.over.wait(SECONDS):
            workers = readers = 0.0
            waiting = below(self._pid)
            while waiting:
                pid = waiting.pop()
                held = pss(pid)
                workers, readers = (workers, readers + held) if is_reader(pid) else (workers + held, readers)
                waiting += below(pid)
            seconds = time.monotonic() - self._began
            self.samples.append(Sample(seconds, self.stage, self.megabytes, pss(self._pid), workers, readers))

    def hear(self, line: str) -> None:
        """Take what the run says of itself: the stage, and how much is read."""
        name, _, rest = line.partition(":")
        if rest and name != "rollcall":
            self.stage = f"after {name}" if " in " in rest and "%" not in rest else name
        if (found := _READ.search(line)) is not None:
            self.megabytes = float(found[1].replace(",", "")) * _UNITS[found[2]]


def curve(samples: list[Sample], megabytes: float) -> list[str]:
    """Return the rows of the table: the moment of most memory in each stage and each tenth of the bytes."""
    most: dict[tuple[str, int], Sample] = {}
    for sample in samples:
        key = sample.stage, int(10 * sample.megabytes / max(1.0, megabytes))
        if key not in most or sample.held > most[key].held:
            most[key] = sample
    rows = [
        "| seconds | stage | MB read | in all MiB | supervisor | workers | readers |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {one.seconds:,.0f} | {one.stage} | {one.megabytes:,.0f} | {one.held:,.0f} | {one.supervisor:,.0f} "
        f"| {one.workers:,.0f} | {one.readers:,.0f} |"
        for one in most.values()
    ]
    return rows


def measured(source: Path, scratch: Path, workers: int, log: Path, seconds: float) -> tuple[int, float, list[Sample]]:
    """Run a new case on a source, for so long at most; return the exit code, the seconds of processor time, samples."""
    key, case = scratch / "bench.key", scratch / "case"
    key.write_text(secrets.token_hex(32))
    command = [sys.executable, "-m", "rollcall", "run", str(case), str(source), "--key-file", str(key), "--no-ocr"]
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    watch = Watch(process.pid)
    watch.start()
    end = threading.Timer(seconds, process.terminate)
    end.start()
    with log.open("a") as stream:
        for line in process.stderr or ():
            watch.hear(line)
            last = f"{watch.samples[-1].held:.0f} MiB" if watch.samples else ""
            stream.write(f"{last}\t{line}")
            stream.flush()
    _, status, usage = os.wait4(process.pid, 0)
    end.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.over.set()
    watch.join()
    return process.returncode, usage.ru_utime + usage.ru_stime, watch.samples


def main() -> int:
    """Make, run, print; exit 1 where the bound did not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--share", type=float, default=0.02, help="of the bytes, that is hospital mail (0.02)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--bound", type=int, default=2048, help="MiB in all (2048)")
    parser.add_argument("--scratch", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=600, help="after which the run is ended politely")
    parser.add_argument("--write", action="store_true", help="append to bench/RESULTS.md")
    given = parser.parse_args()
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    with tempfile.TemporaryDirectory(dir=given.scratch) as folder:
        source = Path(folder) / "large.mbox"
        with source.open("wb") as out:
            n_mails, _ = write_mbox(out, given.megabytes << 20, given.seed, given.share)
        megabytes = source.stat().st_size / 1e6
        began = time.monotonic()
        code, cpu, samples = measured(
            source, Path(folder), given.workers, given.scratch / "streaming.log", 60 * given.minutes
        )
        wall = time.monotonic() - began
    most = max(samples, key=lambda one: one.held)
    lines = [
        f"## {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC, commit {commit} (memory of a large mailbox)",
        "",
        f"`python bench/streaming.py {' '.join(sys.argv[1:])}`: {megabytes:,.0f} MB, {n_mails:,} mails, exit {code},",
        f"{wall:,.0f} s by the clock ({megabytes / wall:,.1f} MB/s), {cpu:,.0f} s of processor time,",
        f"load {os.getloadavg()[0]:.0f} at the end. At most {most.held:,.0f} MiB in all, of {given.bound:,}:",
        f"in `{most.stage}`.",
        "",
        *curve(samples, megabytes),
        "",
    ]
    print("\n".join(lines))
    if given.write:
        with RESULTS.open("a") as stream:
            stream.write("\n" + "\n".join(lines))
    return 0 if code in (0, 3) and most.held <= given.bound else 1


if __name__ == "__main__":
    sys.exit(main())
