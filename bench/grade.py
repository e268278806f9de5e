"""Grade a list of people against the truth of a made-up hospital.

    python bench/grade.py --individuals people.jsonl --evidence evidence.jsonl --truth DIR/truth [--misses 30]

The two files are exports of the tables of the same names, values in clear (jsonl, csv or parquet). Names in the list of
misses are invented people's.
"""

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import msgspec

from rollcall.demo import load_truth
from rollcall.demo.grade import describe, grade


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of an exported table."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        return list(pq.read_table(path).to_pylist())
    with path.open(encoding="utf-8", newline="") as lines:
        if path.suffix == ".csv":
            return list(csv.DictReader(lines))
        return [json.loads(line) for line in lines if line.strip()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--individuals", type=Path, required=True)
    parser.add_argument("--evidence", type=Path, required=True)
    parser.add_argument("--truth", type=Path, required=True, help="the folder of truth.jsonl")
    parser.add_argument("--elements", nargs="*", help="compare element sets over these ids only")
    parser.add_argument("--misses", type=int, default=0, help="how many of the worst misses to show")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--to", type=Path, help="also write the whole grade with all misses there, outside any case")
    given = parser.parse_args()
    result = grade(
        rows_of(given.individuals),
        rows_of(given.evidence),
        load_truth(given.truth),
        elements=given.elements,
        seed=given.seed,
    )
    as_json = msgspec.json.format(msgspec.json.encode(result)).decode()
    if given.to:
        given.to.write_text(describe(result, misses=len(result.misses)) + "\n", encoding="utf-8")
    print(as_json if given.json else describe(result, misses=given.misses))


if __name__ == "__main__":
    main()
