"""Compare the product with both baselines, side by side, on a case of each pack; append the result to bench/RESULTS.md.

    python bench/compare.py [--packs dev test unseen] [--shape alomere] [--people 800] [--messages 300] [--pairs 1]

Each case is made fresh outside the checkout. The tools run in turns (product, rows, presidio, product, ...), as many
rounds as pairs are asked for, each round with a timed calibration loop before it, so that a slow machine shows. Figures
of accuracy come with 95 % intervals (bootstrap over documents); seconds are medians of the rounds.
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
import time
from importlib import metadata, resources
from pathlib import Path

import msgspec

from rollcall.demo import load_truth, make_hospital
from rollcall.demo.figures import Figure
from rollcall.demo.grade import Grade, grade
from rollcall.demo.shape import load_shapes

BENCH = Path(__file__).resolve().parent
SECTION = "## Measuring stick"
TOOLS = ("rollcall", "rows", "presidio")


class Outcome(msgspec.Struct):
    """One tool on one case."""

    pack: str
    tool: str
    grade: Grade
    seconds: float


def calibrate() -> float:
    """Return how long a fixed piece of work takes on this machine now."""
    start = time.perf_counter()
    total = 0
    for number in range(2_000_000):
        total = (total * 31 + number) & 0xFFFFFFFF
    return time.perf_counter() - start


def run_rollcall(case: Path, to: Path) -> None:
    """Run the product on a case and export its two tables, as anybody would."""
    key, command = to / "key", [str(Path(sys.executable).with_name("rollcall"))]
    key.write_text(secrets.token_hex(32))
    opened = ["--key-file", str(key)]
    made = subprocess.run([*command, "run", str(to / "case"), str(case / "evidence"), *opened], capture_output=True)
    if made.returncode not in (0, 3):
        raise SystemExit(f"rollcall run ended with exit {made.returncode}: {made.stderr.decode()[-600:]}")
    for table in ("individuals", "evidence"):
        target = ["--to", str(to / f"{table}.jsonl"), "--values", "clear"]
        done = subprocess.run([*command, "export", str(to / "case"), table, *target, *opened], capture_output=True)
        if done.returncode:
            raise SystemExit(f"rollcall export ended with exit {done.returncode}: {done.stderr.decode()[-600:]}")


def run_tool(tool: str, case: Path, to: Path) -> float:
    """Run one tool and return its seconds."""
    start = time.perf_counter()
    if tool == "rollcall":
        run_rollcall(case, to)
    else:
        script = BENCH / f"baseline_{tool}.py"
        subprocess.run([sys.executable, script, case / "evidence", "--to", to], check=True, capture_output=True)
    return time.perf_counter() - start


def read_answer(to: Path) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the two tables that a tool wrote."""
    people, evidence = (
        [json.loads(line) for line in (to / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        for name in ("individuals", "evidence")
    )
    return people, evidence


def compare(pack: str, given: argparse.Namespace, scratch: Path, loops: list[float]) -> list[Outcome]:
    """Return what each tool makes of a case of this pack."""
    shapes = load_shapes()
    case = scratch / pack
    make_hospital(case, given.seed, given.people, given.messages, pack, shapes.get(given.shape))
    truth = load_truth(case / "truth")
    seconds: dict[str, list[float]] = {tool: [] for tool in TOOLS}
    for turn in range(given.pairs):
        loops.append(calibrate())
        for tool in TOOLS:
            to = scratch / f"{pack}-{tool}-{turn}"
            to.mkdir()
            seconds[tool].append(run_tool(tool, case, to))
    return [
        Outcome(pack, tool, grade(*read_answer(scratch / f"{pack}-{tool}-0"), truth), statistics.median(seconds[tool]))
        for tool in TOOLS
    ]


def shown(figure: Figure) -> str:
    """Return a figure with its interval."""
    return f"{figure.value:.3f} [{figure.low:.2f}, {figure.high:.2f}]"


def table(outcomes: list[Outcome]) -> list[str]:
    """Return the comparison as the lines of a table."""
    lines = [
        "| pack | tool | recall | weighted recall | precision | by document | elements exact | count error "
        "| wrong merges | avoidable splits | staff | calibration | seconds |",
        "| --- " * 13 + "|",
    ]
    for one in outcomes:
        g = one.grade
        counts = (str(count) for count in (g.wrong_merges, g.avoidable_splits, g.staff))
        calibration = "-" if g.calibration is None else f"{g.calibration.error.value:.3f}"
        shares = (g.recall, g.weighted_recall, g.precision, g.documents, g.elements_exact)
        cells = [one.pack, one.tool, *map(shown, shares), f"{g.count.value:.3f}", *counts, calibration]
        cells.append(f"{one.seconds:.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def besides(outcomes: list[Outcome]) -> list[str]:
    """Return what the lists say of their people besides who they are, as the lines of a table; `-`: nothing to compare.

    No `case.toml` says here which mailbox serves whom, so the product is asked for entities it was never told.
    """
    lines = [
        "| pack | tool | roles right | guarantors shown as other | contacts shown as other | entities exact "
        "| guardian recall | guardian precision | Brier |",
        "| --- " * 9 + "|",
    ]
    for one in outcomes:
        said, calibration = one.grade.agreement, one.grade.calibration
        figures = [said.roles, said.by_relation.get("guarantor_of"), said.by_relation.get("contact_of"), said.entities]
        figures += [said.guardian_recall, said.guardian_precision, calibration.brier if calibration else None]
        cells = [f"{shown(figure)} of {figure.of}" if figure and figure.of else "-" for figure in figures]
        lines.append(f"| {one.pack} | {one.tool} | {' | '.join(cells)} |")
    return lines


def remarks(outcomes: list[Outcome]) -> list[str]:
    """Return what follows from the table: whether a case counts, and the gap between packs."""
    lines: list[str] = []
    product = {one.pack: one.grade for one in outcomes if one.tool == "rollcall"}
    lines += [
        f"The case of pack {one.pack} does not count: header words alone do well on it."
        for one in outcomes
        if one.tool == "rows" and one.grade.recall.value >= 0.85 and one.grade.precision.value >= 0.90
    ]
    for pack in [name for name in product if name != "dev" and "dev" in product]:
        gap = product["dev"].recall.value - product[pack].recall.value
        by = product["dev"].documents.value - product[pack].documents.value
        lines.append(f"Gap dev -> {pack}: {gap:+.3f} of recall, {by:+.3f} averaged over documents.")
    return lines


def machine(loops: list[float]) -> str:
    """Return on what and with what it ran."""
    commit, changed = (
        subprocess.run(["git", *words], capture_output=True, text=True, cwd=BENCH.parent, check=False).stdout.strip()
        for words in (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "src"])
    )
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("rollcall-breach", "duckdb", "pyarrow"))
    loop = f"{statistics.median(loops):.3f} s ({min(loops):.3f} to {max(loops):.3f})"
    state = f"commit {commit}{' with changes' if changed else ''}"
    return (
        f"{state}; Python {platform.python_version()}, {versions}; {os.cpu_count()} cores {platform.machine()}; "
        f"calibration loop {loop}"
    )


def append(lines: list[str], to: Path) -> None:
    """Add lines at the end of this section of the results, which others write in as well."""
    text = to.read_text(encoding="utf-8") if to.exists() else "# Results\n"
    if SECTION not in text:
        text = f"{text.rstrip()}\n\n{SECTION}\n\nMade by `python bench/compare.py`; the newest stands last.\n"
    head, _, rest = text.partition(SECTION)
    own, mark, after = rest.partition("\n## ")
    added = "\n".join(lines)
    to.write_text(f"{head}{SECTION}{own.rstrip()}\n\n{added}\n{mark}{after}", encoding="utf-8")


def main() -> None:
    known = sorted(one.name for one in resources.files("rollcall.demo").joinpath("packs").iterdir() if one.is_dir())
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--packs", nargs="+", default=known, help="all; name others to leave the unseen one closed")
    parser.add_argument("--shape", default="alomere", choices=[*sorted(load_shapes()), "demo"])
    parser.add_argument("--people", type=int, default=800)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", type=int, default=1, help="rounds; more make the seconds steadier")
    parser.add_argument("--to", type=Path, default=BENCH / "RESULTS.md")
    given = parser.parse_args()
    loops: list[float] = []
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as scratch:
        for pack in given.packs:
            outcomes += compare(pack, given, Path(scratch), loops)
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [
        f"### {day}: shape {given.shape}, {given.people} people, {given.messages} messages, seed {given.seed}",
        "",
        machine(loops),
        "",
        *table(outcomes),
        "",
        *besides(outcomes),
        "",
        *remarks(outcomes),
    ]
    print("\n".join(lines))
    append(lines, given.to)


if __name__ == "__main__":
    main()
