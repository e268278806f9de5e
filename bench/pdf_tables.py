"""Share of the cells of drawn PDF tables that are read as they were written, with rules and without.

Tables are random: columns, alignments, faces, breaks in cells, pages. Seeds of the report (--first 10000) are not those
the reader was built with. Exit 0 when ruled tables reach 99.5 % and those without rules 98 %.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.items.pdf_drawn import OPEN, RULED, Drawn, Style, draw, random_style, random_table  # noqa: E402

from rollcall.items.parser import Limits, Table  # noqa: E402
from rollcall.items.parsers import pdf  # noqa: E402
from rollcall.items.readable import MemoryReadable  # noqa: E402

GOOD = {"ruled": 0.995, "open": 0.98}


def main() -> int:
    """Draw, read, count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--first", type=int, default=10_000, help="first seed")
    parser.add_argument("--tables", type=int, default=200, help="tables of each kind")
    parser.add_argument("--show", action="store_true", help="print the tables that were not read whole")
    given = parser.parse_args()
    good = True
    for kind, rules in (("ruled", RULED), ("open", OPEN)):
        right = total = 0
        by_rule: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for seed in range(given.first, given.first + given.tables):
            drawn, style = drawn_for(seed, rules)
            hit, n = score(drawn)
            right, total = right + hit, total + n
            by_rule[style.rules][0] += hit
            by_rule[style.rules][1] += n
            if given.show and hit < n:
                print(f"  {kind} {seed}: {hit}/{n} {style}")
        shown = ", ".join(f"{rule} {hit / n:.2%}" for rule, (hit, n) in sorted(by_rule.items()))
        print(f"{kind}: {given.tables} tables, {total} cells, {right / total:.3%} right ({shown})")
        good = good and right >= GOOD[kind] * total
    return 0 if good else 1


def drawn_for(seed: int, rules: tuple[str, ...]) -> tuple[Drawn, Style]:
    """Return the table of a seed."""
    rng = Random(seed)
    rows, align, _ = random_table(rng, rng.choice((4, 8, 15, 30, 60, 120)))
    style = random_style(rng, rules)
    return draw(rows, align, style), style


def score(drawn: Drawn) -> tuple[int, int]:
    """Return how many filled cells stand at their place, and how many there are."""
    found = read(drawn.data)
    right = total = 0
    for number, rows in enumerate(drawn.pages):
        here = found.get(number + 1, [])
        for row in rows:
            total += sum(bool(cell) for cell in row)
            right += max((_same(row, other) for other in here), default=0)
    return right, total


def _same(row: list[str], other: list[str]) -> int:
    if len(other) != len(row) or any(not a and b for a, b in zip(row, other, strict=True)):
        return 0
    return sum(bool(a) and a == b for a, b in zip(row, other, strict=True))


def read(data: bytes) -> dict[int, list[list[str]]]:
    """Return the rows of tables by page, white space folded."""
    found: dict[int, list[list[str]]] = {}
    for value in pdf.parse(MemoryReadable(data), Limits()):
        if isinstance(value, Table):
            rows = [[" ".join(cell.split()) for cell in cells] for _, _, cells in value.rows]
            found.setdefault(int(value.label), []).extend(rows)
    return found


if __name__ == "__main__":
    sys.exit(main())
