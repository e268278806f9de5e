"""Fit the weights by which the list says how sure it is of a person, on made-up hospitals whose truth is known.

    python training/fit_confidence.py --fit dev:31 dev:32 dev:33 dev:34 --check dev:35 test:31 test:32 --work FOLDER

Each PACK:SEED is a hospital made outside the checkout (in FOLDER, where it is kept: runs are not repeated). The product
runs on it, its list is matched with the truth as `bench/grade.py` does, and every listed person is one example: right
is a row of one person who belongs on the list. The weights are those of greatest likelihood with a small prior towards
nothing, found by Newton's method, and are written to `src/rollcall/individuals/confidence.toml`. What stands under
`--check` is graded and never fitted. The output is the same for the same commit and seeds.
"""

import argparse
import json
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from rollcall import cli
from rollcall.demo import load_truth, make_hospital
from rollcall.demo.calibration import calibrate
from rollcall.demo.matching import Index, read_rows
from rollcall.demo.shape import load_shapes
from rollcall.individuals import resolve
from rollcall.individuals.people import individual, known

TARGET = Path(__file__).parents[1] / "src" / "rollcall" / "individuals" / "confidence.toml"
PEOPLE, MESSAGES, SHAPE = 800, 300, "alomere"
PRIOR = 1.0  # variance of a weight before anything is seen is one over this
STEPS = 60
SIGNS = {"conflicts": -1, "weakest_link": -1}  # these speak against a person, all else for them


def examples(which: str, work: Path) -> list[dict[str, Any]]:
    """Return what is known of each listed person of a hospital, and whether their row is right."""
    folder = work / which.replace(":", "-")
    kept = folder / "examples.jsonl"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pack, seed = which.split(":")
        if not (folder / "truth").exists():
            make_hospital(folder, int(seed), PEOPLE, MESSAGES, pack, load_shapes()[SHAPE])
        rows = _judged(folder, _run(folder))
        kept.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]


def _run(folder: Path) -> dict[str, dict[str, float]]:
    """Run the product on a hospital; return what was known of each person when it was told how sure the list is."""
    seen: dict[str, dict[str, float]] = {}

    def noting(individual_id: str, mentions: Any, **told: Any) -> Any:
        seen[individual_id] = known(mentions, told["reasons"])
        return individual(individual_id, mentions, **told)

    key, case = folder / "key", folder / "case"
    if not key.exists():
        key.write_text(secrets.token_hex(32))
    setattr(resolve, "individual", noting)  # noqa: B010
    cli.main(["run", str(case), str(folder / "evidence"), "--key-file", str(key)])
    for table in ("individuals", "evidence"):
        target = ["--to", str(folder / f"{table}.jsonl"), "--values", "clear"]
        cli.main(["export", str(case), table, *target, "--key-file", str(key)])
    return seen


def _judged(folder: Path, seen: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    tables = [
        [json.loads(line) for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        for name in ("individuals", "evidence")
    ]
    truth = load_truth(folder / "truth")
    rows, index, made = read_rows(*tables), Index(truth), []
    for row in rows:
        index.match(row)
    for row in rows:
        person = truth.people.get(row.person)
        if person is None or person.listed != "optional":
            right = person is not None and person.listed == "yes" and not row.held
            made.append({"person": row.person or row.individual_id, "right": right, "known": seen[row.individual_id]})
    return made


def fit(held: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return the weight of each thing known; what would speak against its own meaning is left out."""
    names = list(held[0]["known"])
    while True:
        weights = _fit(held, names)
        wrong = [name for name, weight in weights.items() if weight * SIGNS.get(name, 1) < 0 and name != "always"]
        if not wrong:
            return weights
        names = [name for name in names if name not in wrong]


def _fit(held: Sequence[dict[str, Any]], names: Sequence[str]) -> dict[str, float]:
    x = np.array([[one["known"][name] for name in names] for one in held])
    y = np.array([float(one["right"]) for one in held])
    prior = np.diag([PRIOR if name != "always" else 1e-3 for name in names])
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - likely) - prior @ weights
        curve = (x * (likely * (1 - likely))[:, None]).T @ x + prior
        weights += np.linalg.solve(curve, slope)
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)}


def described(which: str, held: Sequence[dict[str, Any]], weights: dict[str, float]) -> str:
    """Return how well weights are calibrated on a hospital."""
    rows = []
    for one in held:
        score = sum(weights.get(name, 0.0) * value for name, value in one["known"].items())
        rows.append((str(one["person"]), float(1 / (1 + np.exp(-score))), bool(one["right"])))
    found = calibrate(rows, 0)
    if found is None:
        raise SystemExit(f"{which}: nobody is listed")
    right = sum(one[2] for one in rows) / len(rows)
    bins = " ".join(f"{one.said:.2f}:{one.right:.2f}({one.of})" for one in found.reliability)
    return (
        f"{which}: ECE {found.error.value:.3f} Brier {found.brier.value:.3f}, {right:.3f} right of {len(rows)}; {bins}"
    )


def main() -> None:
    """Make the examples, fit, write the weights, and print how well they are calibrated."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--fit", nargs="+", required=True, metavar="PACK:SEED")
    parser.add_argument("--check", nargs="*", default=[], metavar="PACK:SEED")
    parser.add_argument("--work", type=Path, required=True, help="a folder outside the checkout")
    given = parser.parse_args()
    held = {which: examples(which, given.work) for which in (*given.fit, *given.check)}
    weights = fit([one for which in given.fit for one in held[which]])
    lines = [
        f"# Made by training/fit_confidence.py --fit {' '.join(given.fit)}.",
        "# What each thing known of a person (individuals/confidence.py) adds to the log-odds that their row is right.",
        "[weights]",
        *(f"{name} = {weight}" for name, weight in weights.items()),
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for which, some in held.items():
        sys.stdout.write(("fitted " if which in given.fit else "checked ") + described(which, some, weights) + "\n")


if __name__ == "__main__":
    main()
