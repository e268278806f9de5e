"""Every real file, opened to its last depth inside and outside the sandbox: each fact compared.

The facts of a file are all records that readers make of it and of all that is in it: contents and their end states,
parts, rows, boxes of words, what is inside, records of people, troubles. Exit 0 when none differs in any of the files
listed. Pages that are pictures are compared as far as they are found, their words by the tests of the readers.
"""

import os
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):  # as workers have it
    os.environ[variable] = "1"

from tests.sandbox.reading import Confined, InProcess, everything  # noqa: E402

from rollcall.items.parser import Limits  # noqa: E402
from rollcall.model import Record  # noqa: E402
from rollcall.sandbox import rehearsal  # noqa: E402
from rollcall.sandbox.client import Sandbox  # noqa: E402
from samples import SAMPLES, listed  # noqa: E402

LIMITS = Limits()


def difference(inside: list[Record], outside: list[Record]) -> str:
    """Return in words where two lists of facts part, without a value of theirs; "" where they are the same."""
    if inside == outside:
        return ""
    place = next((number for number, pair in enumerate(zip(inside, outside, strict=False)) if pair[0] != pair[1]), -1)
    if place < 0:
        return f"{len(inside)} facts inside, {len(outside)} outside"
    names = [type(facts[place]).__name__ for facts in (inside, outside)]
    fields = [
        field
        for field in inside[place].__struct_fields__
        if getattr(inside[place], field) != getattr(outside[place], field, None)
    ]
    return f"fact {place}: {names[0]} inside, {names[1]} outside, unlike in {', '.join(fields)}"


def main() -> int:
    """Compare, and print what differs and the sums."""
    if not SAMPLES.is_dir():
        print("NOT RUN: the real files are not beside the project")
        return 1
    silent = os.dup(2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # readers in this process print what they choke on
    for name in rehearsal.AHEAD:
        rehearsal.load(name)
    sandbox = Sandbox()
    counts: Counter[str] = Counter()
    differing = 0
    began = time.process_time()
    for name in listed():
        path = Path(SAMPLES / name)
        inside = everything(Confined(sandbox, path, LIMITS))
        said = difference(inside, everything(InProcess(path, LIMITS)))
        counts.update(type(fact).__name__ for fact in inside)
        if said:
            differing += 1
            print(f"{name}: {said}", flush=True)
    sandbox.close()
    os.dup2(silent, 2)
    print(
        f"{len(listed())} files, {differing} differ; facts compared: "
        + ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
    )
    print(f"{time.process_time() - began:.0f} s of processor time of this process")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
