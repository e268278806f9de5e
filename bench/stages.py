"""Run a case on a generated mbox and say what each stage costs: MB/s, rows/s, messages/s, peak memory, bytes stored.

    python bench/stages.py --megabytes 24 --share 1                one dense mbox, figures printed
    python bench/stages.py --write                                 three dense runs and the demo, into bench/RESULTS.md
    python bench/stages.py --write --megabytes 2048 --repeat 1     the large one

A rate is per worker: what a stage went through, by the seconds its orders took. Seconds of orders are wall seconds in a
worker, so a busy machine lowers them; `CPU` is what the processes used.
"""

import argparse
import datetime
import json
import os
import platform
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from make_mbox import write_mbox
from rollcall.engine.orders import OUTCOMES
from rollcall.engine.outcome import Outcome
from rollcall.store import Unlock, open_store

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "RESULTS.md"
_HERTZ = os.sysconf("SC_CLK_TCK")
HEAD = """\
# Measured

How to read: made by `python bench/stages.py --write`, newest first; older runs stay, so that a change can be seen.
A stage's MB/s is the source's bytes by the seconds of its orders, per worker; with two workers on two free cores a run
does about twice that. `dense` is hospital mail only (every mail has people in it); `mixed` is mostly pictures by
weight, as real mailboxes are. Memory is the peak of each process. The machine is shared with others: compare ratios of
lines of one date, not seconds of different dates.
"""


class Watch:
    """Samples the memory and CPU time of a process and its children until it ends."""

    def __init__(self, pid: int) -> None:
        self.supervisor = 0  # bytes at the peak
        self.worker = 0  # of the largest
        self.cpu: dict[int, float] = {}
        self._pid = pid
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while (own := peak(self._pid)) is not None:
            self.supervisor = max(self.supervisor, own)
            pids = [self._pid, *children(self._pid)]
            for pid in pids[1:]:
                self.worker = max(self.worker, peak(pid) or 0)
            for pid in pids:
                self.cpu[pid] = max(self.cpu.get(pid, 0.0), cpu_seconds(pid))
            time.sleep(0.2)


def peak(pid: int) -> int | None:
    """Return the most memory a process held so far, None where it has ended."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return None


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _HERTZ


def measure(source: Path, scratch: Path, workers: int) -> dict[str, Any]:
    """Run a new case on a source and return its figures."""
    key = scratch / "bench.key"
    key.write_text(secrets.token_hex(32))
    case = scratch / f"case-{secrets.token_hex(4)}"
    command = [sys.executable, "-m", "rollcall", "run", str(case), str(source), "--key-file", str(key)]
    began = time.monotonic()
    stages: dict[str, float] = {}
    process = subprocess.Popen(
        [*command, "--workers", str(workers)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    watch = Watch(process.pid)
    last = began
    for line in process.stderr or ():
        name, _, rest = line.partition(":")
        if " in " in rest and name != "rollcall":
            now = time.monotonic()
            stages[name], last = stages.get(name, 0.0) + now - last, now
    code = process.wait()
    if code not in (0, 3):
        raise SystemExit(f"the run ended with exit {code}")
    wall = time.monotonic() - began
    figures = outcomes(case, key)
    n_source = source.stat().st_size if source.is_file() else folder_size(source)
    return {
        "source": n_source,
        "wall": wall,
        "steps": stages,
        "after": time.monotonic() - last,
        "tasks": figures,
        "stored": folder_size(case),
        "supervisor": watch.supervisor,
        "worker": watch.worker,
        "cpu": sum(watch.cpu.values()),
    }


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def outcomes(case: Path, key: Path) -> dict[str, dict[str, float]]:
    """Return by task: seconds of its orders, how many, and what they counted."""
    with open_store(case, Unlock(passphrase=None, key_file=key.read_bytes().strip(), age_identity=None)) as store:
        found: dict[str, Counter[str]] = {}
        for name in store.objects(OUTCOMES):
            outcome = store.get_object(OUTCOMES, name, Outcome)
            counts = found.setdefault(outcome.task, Counter())
            counts.update(outcome.counts)
            counts["orders"] += 1
            counts["milliseconds"] += round(outcome.seconds * 1000)
            counts["facts"] += sum(segment.rows for segment in outcome.segments)
    return {task: {**counts, "seconds": counts["milliseconds"] / 1000} for task, counts in sorted(found.items())}


def described(name: str, runs: list[dict[str, Any]], workers: int) -> list[str]:
    """Return the lines on one source: medians of its runs."""
    one = runs[0]

    def median(*path: str) -> float:
        values = []
        for run in runs:
            value: Any = run
            for step in path:
                value = value.get(step, 0.0)
            values.append(float(value))
        return statistics.median(values)

    megabytes = one["source"] / 1e6
    tasks = one["tasks"]
    messages = tasks["items.open"].get("messages", 0)
    lines = [
        f"### {name}: {megabytes:,.1f} MB, {messages:,.0f} messages, {workers} workers, median of {len(runs)}",
        "",
        "| stage | seconds | MB/s | messages/s | facts/s | of it |",
        "|---|---|---|---|---|---|",
    ]
    for task, counts in tasks.items():
        seconds = median("tasks", task, "seconds") or 0.001
        also = [f"{counts[what]:,.0f} {what}" for what in ("contents", "characters", "rows") if counts.get(what)]
        lines.append(
            f"| {task} | {seconds:,.1f} | {megabytes / seconds:,.1f} | {messages / seconds:,.0f} "
            f"| {counts['facts'] / seconds:,.0f} | {', '.join(also)} |"
        )
    for step in one["steps"]:
        seconds = median("steps", step)
        lines.append(f"| whole: {step} | {seconds:,.1f} | {megabytes / max(seconds, 0.001):,.1f} | | | |")
    lines.append(f"| whole: views and status | {median('after'):,.1f} | | | | |")
    wall = median("wall")
    lines += [
        "",
        f"Whole run {wall:,.1f} s wall ({megabytes / wall:,.2f} MB/s, {messages / wall:,.0f} messages/s), "
        f"{median('cpu'):,.1f} s CPU. Peak memory: supervisor {median('supervisor') / 2**20:,.0f} MiB, largest worker "
        f"{median('worker') / 2**20:,.0f} MiB. Stored {median('stored') / 1e6:,.1f} MB = "
        f"{median('stored') / one['source']:.3f} of the source.",
        "",
    ]
    return lines


def machine() -> str:
    """Return the machine in one line."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} x {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {load:.1f} at the start"
    )


def demo_seconds() -> float:
    """Return how long `rollcall demo` takes, from nothing to its grade."""
    with tempfile.TemporaryDirectory() as scratch:
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "rollcall", "demo", str(Path(scratch) / "demo")],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return time.monotonic() - began


def written(lines: list[str]) -> None:
    """Put a new entry on top of the history."""
    old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else HEAD
    _, _, history = old.partition("\n## ")
    entry = "\n".join(lines).rstrip() + "\n"
    RESULTS.write_text(HEAD + "\n" + entry + (f"\n## {history}" if history else ""), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=24)
    parser.add_argument("--share", type=float, help="of hospital mail (1 up to 64 MB, else 0.05)")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="add the figures to bench/RESULTS.md")
    parser.add_argument("--scratch", type=Path, help="where to work; a temporary folder otherwise")
    given = parser.parse_args()
    share = given.share if given.share is not None else 1.0 if given.megabytes <= 64 else 0.05
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    now = datetime.datetime.now(datetime.UTC)
    given_words = " ".join(sys.argv[1:])
    lines = [
        f"## {now:%Y-%m-%d %H:%M} UTC, commit {commit}",
        "",
        f"`python bench/stages.py {given_words}` on {machine()}.",
        "",
    ]
    with tempfile.TemporaryDirectory(dir=given.scratch) as folder:
        source = Path(folder) / "bench.mbox"
        with source.open("wb") as out:
            write_mbox(out, given.megabytes << 20, given.seed, share)
        runs = [measure(source, Path(folder), given.workers) for _ in range(given.repeat)]
    name = "dense" if share == 1 else f"mixed ({share:.0%} of the bytes hospital mail)"
    lines += described(name, runs, given.workers)
    if given.write and share == 1:
        lines += [f"`rollcall demo`: {demo_seconds():.1f} s wall.", ""]
    print("\n".join(lines))
    print(json.dumps(msgspec.to_builtins(runs)), file=sys.stderr)
    if given.write:
        written(lines)


if __name__ == "__main__":
    main()
