"""Say how many columns of made-up tables are taken for what they hold: under headers never seen, and without any.

    python bench/columns.py --tables 200 --seed 90

The tables are those of `training/made_tables.py` with other seeds than the model was fitted on; of the words for
headers every third one was kept from fitting, and only those are used here. A number of one kind under no header often
could be of another (a record's or an account's): what nobody could tell counts as wrong all the same.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

from made_tables import MadeTable, make_table

from rollcall.findings.column_model import CLASSES
from rollcall.findings.headings import cells_of
from rollcall.findings.layouts import mapped
from rollcall.findings.meaning import Meaning

WAYS = {"headers never seen": (True, True), "headers fitted on": (False, True), "no headers": (True, False)}


def is_right(kind: str, meaning: Meaning) -> bool:
    """Say whether a column of a kind was taken for it; whose a name is, is told elsewhere."""
    element, subtype = CLASSES[kind]
    if kind == "other name":
        return meaning.element in ("name", "")
    if kind == "clinician":
        return meaning.element in ("provider", "name")
    if element == "health_insurance" and subtype in ("member_id", "medicaid_id"):
        return meaning.element == element and meaning.subtype in ("member_id", "subscriber_id", "medicaid_id")
    return element == meaning.element and (element not in ("name", "health_insurance") or subtype == meaning.subtype)


def outcome(table: MadeTable, *, ask: bool) -> list[tuple[str, Meaning]]:
    """Return what each column that holds anything is, and what it was taken for."""
    rows = [(at, cells) for at, row in enumerate(table.rows) if (cells := cells_of(0, row))]
    found, profiles, _ = mapped(cells_of(0, table.headers), {}, rows, ask=ask)
    return [(table.kinds[col], found[col]) for col in found if profiles[col].n]


def main() -> int:
    """Print the shares, and what is mistaken most."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=200)
    parser.add_argument("--seed", type=int, default=90)
    args = parser.parse_args()
    for name, (held_out, headed) in WAYS.items():
        rng = Random(args.seed)
        tables = [make_table(rng, held_out=held_out, headed=headed) for _ in range(args.tables)]
        rules, asked = ([pair for table in tables for pair in outcome(table, ask=ask)] for ask in (False, True))
        right = [sum(is_right(*pair) for pair in some) / len(some) for some in (rules, asked)]
        wrong = Counter(f"{kind} as {one.element or 'nothing'}" for kind, one in asked if not is_right(kind, one))
        print(f"{name:20} {len(asked):6,} columns: rules alone {right[0]:.3f}, with the model {right[1]:.3f}")
        print(f"{'':20} {', '.join(f'{what} {n}' for what, n in wrong.most_common(8))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
