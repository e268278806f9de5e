"""Measure what the sandbox costs: starting, forking, the empty round trip, and every real file against no sandbox.

    python bench/sandbox.py            figures printed
    python bench/sandbox.py --write    and into bench/RESULTS.md

Each folder of files is opened to its last depth in this process and in the sandbox, one right after the other, in turns
which is first. Pages that are pictures are left out: their seconds would hide the cost.
"""

import argparse
import datetime
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as workers have it
    os.environ[name] = "1"

from tests.sandbox.reading import Confined, InProcess, everything  # noqa: E402

from rollcall.items.facts import Opening  # noqa: E402
from rollcall.items.parser import Limits  # noqa: E402
from rollcall.sandbox import rehearsal  # noqa: E402
from rollcall.sandbox.client import MOST_OPENINGS, Sandbox  # noqa: E402

SAMPLES = ROOT.parent / "shared" / "samples"
FOLDERS = (
    "archive", "ccda", "document", "eml", "html", "ics", "image", "mbox", "msg", "pdf", "pst", "slides", "spreadsheet",
    "tnef", "x12",
)  # fmt: skip
LIMITS = Limits()
FORKS = 40


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def round_trips(sandbox: Sandbox, folder: Path) -> tuple[float, float, float]:
    """Return the seconds of a new child with its first content, of an empty one in a child that is there, and here."""
    (folder / "empty").write_bytes(b"")
    opening = Opening(blob_id="0" * 64, chain=(("", "s"),))
    first, more = [], []
    plain = InProcess(folder / "empty", LIMITS)
    for _ in range(2):
        alone = statistics.median(seconds(lambda: list(plain.open(opening))) for _ in range(MOST_OPENINGS))
    for _ in range(FORKS):
        reader = Confined(sandbox, folder / "empty", LIMITS)
        first.append(seconds(lambda reader=reader: list(reader.open(opening))))
        more += [seconds(lambda reader=reader: list(reader.open(opening))) for _ in range(MOST_OPENINGS - 2)]
        time.sleep(0.02)  # in which the server forks ahead
    return statistics.median(first), statistics.median(more), alone


def round_trip(sandbox: Sandbox) -> None:
    """Open nothing, twice with new children."""
    for _ in range(2):
        with tempfile.NamedTemporaryFile() as empty:
            list(Confined(sandbox, Path(empty.name), LIMITS).open(Opening(blob_id="0" * 64, chain=(("", "s"),))))
        time.sleep(0.05)


def processor(server: int) -> float:
    """Return the seconds of processor time of this process, and of a server with the children it has buried."""
    fields = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def real_files(sandbox: Sandbox) -> tuple[dict[str, float], dict[str, float]]:
    """Return the wall and processor seconds of each way; a folder of files is one source, as in a case."""
    ways: dict[str, Callable[[Path], object]] = {
        "open": lambda path: everything(InProcess(path, LIMITS)),
        "confined": lambda path: everything(Confined(sandbox, path, LIMITS)),
    }
    wall, spent = dict.fromkeys(ways, 0.0), dict.fromkeys(ways, 0.0)
    for place, folder in enumerate(FOLDERS):
        for way in ways if place % 2 else reversed(ways):
            before = processor(sandbox.pid)
            wall[way] += seconds(lambda way=way, folder=folder: ways[way](SAMPLES / folder))
            round_trip(sandbox)  # another source: the child of this one ends and is buried
            spent[way] += processor(sandbox.pid) - before
    return wall, spent


def main() -> int:
    """Measure and print, and write when told to."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="append to bench/RESULTS.md")
    given = parser.parse_args()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # readers in this process print what they choke on
    for name in rehearsal.AHEAD:
        rehearsal.load(name)
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "empty").write_bytes(b"")
        started = seconds(
            lambda: list(
                Confined(sandbox, Path(scratch) / "empty", LIMITS).open(Opening(blob_id="0" * 64, chain=(("", "s"),)))
            )
        )
        first, more, alone = round_trips(sandbox, Path(scratch))
    lines = [
        f"- server ready after {started:.2f} s",
        f"- a new child with its first content: {first * 1e3:.2f} ms",
        f"- an empty content in a child that is there: {more * 1e6:.0f} us ({alone * 1e6:.0f} us without sandbox)",
    ]
    if SAMPLES.is_dir():
        everything(InProcess(next((SAMPLES / "pdf").iterdir()), LIMITS))
        before = sandbox.n_forks
        wall, spent = real_files(sandbox)
        lines.append(
            f"- real files: processor seconds {spent['open']:.2f} without, {spent['confined']:.2f} with the sandbox "
            f"({spent['confined'] / spent['open'] - 1:+.1%}); wall {wall['open']:.2f} and {wall['confined']:.2f} s; "
            f"{sandbox.n_forks - before} children"
        )
    sandbox.close()
    print("\n".join(lines))
    if given.write:
        with (ROOT / "bench" / "RESULTS.md").open("a") as stream:
            stream.write(f"\n### {datetime.date.today()}: sandbox\n\n" + "\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
