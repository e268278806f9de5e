"""Open damaged contents in the sandbox, as many as fit into the time: `python -m tests.fuzz.run [PARSER...]`.

Seeds are the corpus and, where they are beside the project, the real files. Nothing may escape the guard: each opening
ends with the state of its content. What kills a reader or is never read to its end is a mistake of ours: it is kept in
`kept/` where it came from the corpus, and tried again by each run of the tests. RESULTS.toml has the last of each.
"""

import argparse
import datetime
import hashlib
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from rollcall.engine.guard import Died
from rollcall.items.facts import Opening
from rollcall.items.identify import fits
from rollcall.items.parser import Limits, Parser
from rollcall.items.parsers import PARSERS
from rollcall.items.readable import MemoryReadable
from rollcall.model import Blob, Locked, Record, Shard, Trouble
from rollcall.sandbox.client import Sandbox
from tests.fuzz.mutate import LARGEST, mutated
from tests.sandbox.reading import Confined

ROOT = Path(__file__).parents[2]
CORPUS, SAMPLES = ROOT / "tests" / "corpus", ROOT.parent / "shared" / "samples"
KEPT, RESULTS = Path(__file__).with_name("kept"), Path(__file__).with_name("RESULTS.toml")
LIMITS = Limits(max_seconds=60, max_work=5, max_output=256 << 20)
MOST_SLICES = 4  # of a mailbox
WRONG = ("crashed", "timed_out", "internal_error")


def seeds(parser: Parser) -> list[tuple[bytes, bool]]:
    """Return contents of a reader, and whether each is the project's own."""
    own = [next(case.parent.glob("input.*")).read_bytes() for case in (CORPUS / parser.name).glob("*/expected.toml")]
    found = [(data, True) for data in own]
    for path in sorted(SAMPLES.rglob("*")) if SAMPLES.is_dir() else ():
        if path.is_file() and path.stat().st_size <= LARGEST:
            readable = MemoryReadable(path.read_bytes())
            if next(fits(readable, PARSERS), None) is parser:
                found.append((readable.read_at(0, readable.size), False))
    return found


def opened(sandbox: Sandbox, folder: Path, data: bytes) -> tuple[str, set[str]]:
    """Open a content as a case does, its first slices too; return its end state and the codes of what went wrong."""
    (folder / "content").write_bytes(data)
    reader = Confined(sandbox, folder, LIMITS)
    opening = Opening(blob_id=hashlib.sha256(data).hexdigest(), chain=(("", "s"), ("tree", "content")), size=len(data))
    facts = list(reader.open(opening))
    if any(isinstance(fact, Locked) for fact in facts):  # no mail tells its password, and it is opened last
        opening = msgspec.structs.replace(opening, last=True)
        facts = list(reader.open(opening))
    for slice_ in [fact for fact in facts if isinstance(fact, Shard)][:MOST_SLICES]:
        part = msgspec.structs.replace(opening, shard=slice_.shard, shard_no=slice_.shard_no)
        facts += _slice(reader, part)
    states = [fact.state for fact in facts if isinstance(fact, Blob) and fact.blob_id == opening.blob_id]
    codes = {fact.code for fact in facts if isinstance(fact, Trouble)}
    return (states[-1] if states else "none"), codes


def _slice(reader: Confined, part: Opening) -> list[Record]:
    """Return the facts of a slice; where it kills its reader, the order would be done again without that reader."""
    facts: list[Record] = []
    try:
        facts += reader.open(part)
    except Died as death:
        facts.append(Trouble(blob_id=part.blob_id, code=death.code, detail=death.detail))
    return facts


def fuzz(parser: Parser, seconds: float, seed: int) -> Counter[str]:
    """Return how many contents were opened, how they ended, and the codes of what is wrong."""
    rng, found = Random(f"{parser.name} {seed}"), seeds(parser)
    counts: Counter[str] = Counter()
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as scratch:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            data, is_own = rng.choice(found)
            damaged = mutated(data, rng.choice(found)[0], rng)
            state, codes = opened(sandbox, Path(scratch), damaged)
            counts["opened"] += 1
            counts[state] += 1
            counts.update(codes & {*WRONG, "out_of_memory", "parser_failed"})
            if state == "none" or codes & set(WRONG):
                _keep(parser, damaged, is_own, sorted(codes))
    sandbox.close()
    return counts


def _keep(parser: Parser, data: bytes, is_own: bool, codes: list[str]) -> None:
    name = f"{parser.name}-{hashlib.sha256(data).hexdigest()[:12]}"
    folder = KEPT if is_own else Path(tempfile.gettempdir()) / "rollcall-fuzz"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    print(f"{name}: {', '.join(codes)}, in {folder}", flush=True)


def note(parser: Parser, seconds: float, seed: int, counts: Counter[str]) -> None:
    """Keep the last result of a reader, with its date and commit."""
    results = tomllib.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    results[parser.name] = {
        "on": str(datetime.datetime.now(datetime.UTC).date()), "commit": commit.stdout.strip(),
        "seconds": round(seconds), "seed": seed, **dict(sorted(counts.items())),
    }  # fmt: skip
    lines = ["# The last run of each reader under tests/fuzz/run.py; written by it."]
    for name, result in sorted(results.items()):
        lines.append(f"\n[{name}]")
        lines += [
            f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in result.items()
        ]
    RESULTS.write_text("\n".join(lines) + "\n")


def kept() -> Iterator[Path]:
    """Yield what once killed a reader or was never read to its end."""
    yield from sorted(path for path in KEPT.glob("*-*") if path.is_file())


def main() -> int:
    """Fuzz the readers named, or all; exit 1 when anything is wrong."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("parsers", nargs="*")
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    if unknown := set(given.parsers) - {parser.name for parser in PARSERS}:
        arguments.error(f"no such reader: {', '.join(sorted(unknown))}")
    wrong = 0
    for parser in PARSERS:
        if given.parsers and parser.name not in given.parsers:
            continue
        counts = fuzz(parser, given.seconds, given.seed)
        note(parser, given.seconds, given.seed, counts)
        wrong += counts["none"] + sum(counts[code] for code in WRONG)
        print(parser.name, dict(counts), flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
