"""Make a hospital of any size: evidence, roster and truth, the same bytes for the same seed.

    python bench/make_case.py --people 49351 --shape alomere --seed 7 --pack dev --to /somewhere/outside/a/case

A shape (src/rollcall/demo/shapes.toml) says which mailboxes in which stores, what is written how often, how people
crowd. Without one the small hospital of `rollcall demo` is made. --messages is worked out from the shape unless given.
"""

import argparse
import resource
import time
from collections import Counter
from pathlib import Path

from rollcall.demo import make_hospital
from rollcall.demo.shape import load_shapes


def main() -> None:
    shapes = load_shapes()
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=800)
    parser.add_argument("--messages", type=int)
    parser.add_argument("--shape", choices=sorted(shapes))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pack", default="dev")
    parser.add_argument("--to", type=Path, required=True, help="a folder without evidence/ in it")
    given = parser.parse_args()
    if (given.to / "evidence").exists():
        parser.error(f"{given.to} already holds evidence; give another folder")
    shape = shapes[given.shape] if given.shape else None
    messages = given.messages or (shape.n_messages(given.people) if shape else 300)
    start = time.monotonic()
    truth = make_hospital(given.to, given.seed, given.people, messages, given.pack, shape)
    listed = Counter(person.listed for person in truth.people.values())
    size = sum(file.stat().st_size for file in (given.to / "evidence").rglob("*") if file.is_file())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{given.to}: {dict(listed)} people, {messages} messages, {size / 1e6:.0f} MB, "
        f"in {time.monotonic() - start:.0f} s, at most {memory} MB of memory"
    )


if __name__ == "__main__":
    main()
