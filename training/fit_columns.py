"""Fit the model that says what a column holds where rules leave it open, on made-up tables (`made_tables.py`).

    python training/fit_columns.py --tables 6000 --seed 11      writes src/rollcall/findings/data/columns.csv.gz

`bench/columns.py` measures it, on headers that are kept from fitting and on none. Weights are those of greatest
likelihood of a softmax over hashed features with a small prior towards nothing, found by Adam in a fixed order; the
same commit and seed write the same file.
"""

import argparse
import gzip
import sys
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from made_tables import MadeTable, make_table
from rollcall.findings import layouts
from rollcall.findings.column_model import BUCKETS, CLASSES, SCALE, bucket, features
from rollcall.findings.headings import cells_of

TARGET = Path(layouts.__file__).parent / "data" / "columns.csv.gz"
PRIOR = 1e-4
RATE, PASSES, BATCH = 0.02, 12, 256
Example = tuple[NDArray[np.int64], NDArray[np.float32], int]
NAMES = list(CLASSES)


def examples(table: MadeTable) -> list[tuple[dict[str, float], str]]:
    """Return what is known of each column of a table that holds anything, and what it holds."""
    headers = cells_of(0, table.headers)
    rows = [(at, cells) for at, row in enumerate(table.rows) if (cells := cells_of(0, row))]
    found, profiles, read = layouts.mapped(headers, {}, rows, ask=False)
    return [(features(col, found, profiles, read, headers), table.kinds[col]) for col in profiles if profiles[col].n]


def _unheard(said: dict[str, float], rng: Random) -> dict[str, float]:
    """Return the features, of every third column without the words of its header: nobody has seen all words."""
    if rng.random() > 0.33:
        return said
    return {name: value for name, value in said.items() if not name.startswith(("word ", "part "))}


def _numbered(said: dict[str, float], kind: str) -> Example:
    return (
        np.array([bucket(name) for name in said], np.int64),
        np.array(list(said.values()), np.float32),
        NAMES.index(kind),
    )


def fit(made: list[Example], seed: int) -> NDArray[np.float32]:
    """Return the weights, a row for each bucket."""
    weights = np.zeros((BUCKETS, len(CLASSES)), np.float32)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    order = np.random.default_rng(seed)
    step = 0
    for run in range(PASSES):
        loss = 0.0
        rate = RATE * (1 - run / PASSES)
        for batch in np.array_split(order.permutation(len(made)), max(1, len(made) // BATCH)):
            where = np.concatenate([made[i][0] for i in batch])
            value = np.concatenate([made[i][1] for i in batch])
            row = np.repeat(np.arange(len(batch)), [len(made[i][0]) for i in batch])
            total = np.zeros((len(batch), len(CLASSES)), np.float32)
            np.add.at(total, row, weights[where] * value[:, None])
            total = np.exp(total - total.max(1, keepdims=True))
            total /= total.sum(1, keepdims=True)
            kinds = np.array([made[i][2] for i in batch])
            loss -= float(np.log(total[np.arange(len(batch)), kinds] + 1e-9).sum())
            total[np.arange(len(batch)), kinds] -= 1
            slope = np.zeros_like(weights)
            np.add.at(slope, where, total[row] * value[:, None])
            slope = slope / len(batch) + PRIOR * weights
            step += 1
            first = 0.9 * first + 0.1 * slope
            second = 0.99 * second + 0.01 * slope**2
            weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        print(f"pass {run + 1}: loss {loss / len(made):.4f}", file=sys.stderr)
    return weights


def write(weights: NDArray[np.float32], target: Path) -> None:
    """Write the weights as whole numbers."""
    whole = np.rint(weights * SCALE).astype(int)
    lines = [f"{number},{','.join(map(str, row))}\n" for number, row in enumerate(whole.tolist()) if any(row)]
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as stream:
        stream.write("".join(lines).encode("ascii"))


def main() -> int:
    """Fit, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    rng = Random(args.seed)
    made = []
    for _ in range(args.tables):
        for said, kind in examples(make_table(rng, held_out=False)):
            made.append(_numbered(_unheard(said, rng), kind))
    print(f"{len(made)} columns: {Counter(NAMES[kind] for _, _, kind in made)}", file=sys.stderr)
    write(fit(made, args.seed), TARGET)
    return 0


if __name__ == "__main__":
    sys.exit(main())
