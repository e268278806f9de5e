"""Make a hospital of any size: evidence and truth, the same bytes for the same seed.

python bench/make_case.py --people 50000 --messages 10000 --seed 7 --pack dev --to /somewhere/outside/a/case
"""

import argparse
from collections import Counter
from pathlib import Path

from rollcall.demo import make_hospital


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=800)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pack", default="dev")
    parser.add_argument("--to", type=Path, required=True, help="a folder without evidence/ in it")
    given = parser.parse_args()
    if (given.to / "evidence").exists():
        parser.error(f"{given.to} already holds evidence; give another folder")
    truth = make_hospital(given.to, given.seed, given.people, given.messages, given.pack)
    kinds = Counter(document.kind for document in truth.documents)
    listed = Counter(person.listed for person in truth.people.values())
    print(f"{given.to}: {dict(listed)} people, {len(truth.documents)} documents, {sum(1 for _ in truth.facts())} facts")
    print("  " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


if __name__ == "__main__":
    main()
