"""Find how much the tagger and the rules each count where the product looks for names (`elements/names.py`).

    python training/tagger/weigh.py

Every name that either finds in the development shares (clauses, frames and names that nothing was trained on) is one
example: right where it overlaps with a name that is there. Prints the weights of greatest likelihood, with a small
prior towards nothing, and how often they are right.
"""

import random
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1]), str(HERE.parents[1] / "src")]

import made  # noqa: E402
from names import Names  # noqa: E402

from rollcall.elements import names as weighed  # noqa: E402
from rollcall.elements.name_rules import ruled_names  # noqa: E402
from rollcall.elements.tagger import Reading  # noqa: E402


def running(docs: list[made.Doc]) -> tuple[np.ndarray, np.ndarray]:
    """Return what is known of each name found in running text, and whether it is one."""
    known, right = [], []
    for doc in docs:
        wanted = [(start, end) for start, end, label in doc.spans if label in "PS"]
        reading, ruled = Reading(doc.text), ruled_names(doc.text)
        for one in reading.names:
            told = [score for start, end, score in ruled if start < one.end and end > one.start]
            known.append(weighed.evidence(one.score, max(told, default=0.0)))
            right.append(any(start < one.end and end > one.start for start, end in wanted))
        for begin, stop, score in ruled:
            if not any(begin < one.end and stop > one.start for one in reading.names):
                known.append(weighed.evidence(reading.likely(begin, stop), score))
                right.append(any(start < stop and end > begin for start, end in wanted))
    return np.array(known), np.array(right, float)


def fit(known: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return the weights of what is known, the last of what is always so."""
    x = np.column_stack([known, np.ones(len(known))])
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        likely = 1 / (1 + np.exp(-x @ weights))
        weights += np.linalg.solve((x * (likely * (1 - likely))[:, None]).T @ x + 0.1 * np.eye(len(weights)), x.T @ (right - likely))
    said = 1 / (1 + np.exp(-x @ weights))
    for low, high in ((0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.97), (0.97, 1.01)):
        some = (said >= low) & (said < high)
        if some.any():
            sys.stdout.write(f"  said {said[some].mean():.2f}: right {right[some].mean():.2f} of {some.sum()}\n")
    return weights


def main() -> None:
    """Fit."""
    rng = random.Random(4)
    lines = made.frames(held=True)
    docs = [doc for doc in made.of_corpus(78, 700, "development") if doc.text]
    for group in ("", "khmer", "haitian", "ethiopian"):
        maker = made.Maker(rng, lines, Names(rng, held=group), Names(rng))
        docs += [maker.doc() for _ in range(200)]
    known, right = running(docs)
    sys.stdout.write(f"{len(right)} examples, {right.mean():.2f} right\n")
    tagged, ruled, always = fit(known, right)
    sys.stdout.write(f"tagged {tagged:.2f} ruled {ruled:.2f} always {always:.2f}\n")


if __name__ == "__main__":
    main()
