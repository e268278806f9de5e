"""How well people's names are found in running text: the tagger, the rules, and both as the product weighs them.

    python bench/tagger.py --labelled ../shared/samples/labelled [--speed]

Reads the labelled sets in place (`training/tagger/real.py`); the share-alike set (EWT) is measured and never trained
on. Made-up texts are of frames, clauses and groups of names that training holds back. A name is right when both its
ends are, a final dot aside; touched is the share of names that something found overlaps with.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "training" / "tagger")]

import real  # noqa: E402
from made import Doc, Maker, frames, of_corpus  # noqa: E402
from names import Names  # noqa: E402

from rollcall.elements.name_rules import ruled_names  # noqa: E402
from rollcall.elements.names import name_candidates  # noqa: E402
from rollcall.elements.tagger import Reading  # noqa: E402

GROUPS = ("khmer", "haitian", "ethiopian", "georgian_armenian")
LEAST = 0.5


def by_tagger(text: str) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in Reading(text).names if one.score >= LEAST]


def by_rules(text: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end, score in ruled_names(text) if score >= LEAST]


def by_both(text: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end, _, score in name_candidates(text) if score >= LEAST]


WAYS: dict[str, Callable[[str], list[tuple[int, int]]]] = {"rules": by_rules, "tagger": by_tagger, "both": by_both}


def sets(labelled: Path) -> dict[str, list[Doc]]:
    """Return the texts to measure on, by what they are."""
    ewt = next((labelled / "uner_en_ewt_dev").iterdir())
    rng = random.Random(99)
    lines = frames(held=True)
    named = [line for line in lines if "{P}" in line or "{I}" in line]
    people = Names(rng)
    held = {}
    for group in GROUPS:
        maker = Maker(rng, named, Names(rng, held=group), people)
        held[group] = [maker.doc() for _ in range(200)]
    return {
        "EWT dev, e-mail": real.uner(ewt, "email"),
        "EWT dev, rest": [
            doc for genre in ("answers", "newsgroup", "reviews", "weblog") for doc in real.uner(ewt, genre)
        ],
        "ASQ-PHI dev": real.asq(next((labelled / "asq_phi_dev").iterdir())),
        "corpus, development share": [doc for doc in of_corpus(77, 400, "development") if doc.text],
        **{f"held-out names: {group}": docs for group, docs in held.items()},
    }


def measured(docs: list[Doc], find: Callable[[str], list[tuple[int, int]]]) -> tuple[float, float, float, float, int]:
    """Return (precision, recall, F1, share of names touched, names)."""
    right = gold = said = touched = 0
    for doc in docs:
        wanted = {_bare(doc.text, start, end) for start, end, label in doc.spans if label in "PS"}
        found = {_bare(doc.text, start, end) for start, end in find(doc.text)}
        right, gold, said = right + len(wanted & found), gold + len(wanted), said + len(found)
        touched += sum(any(start < b and a < end for a, b in found) for start, end in wanted)
    precision, recall = right / max(1, said), right / max(1, gold)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return precision, recall, f1, touched / max(1, gold), gold


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    return start, end - text[start:end].endswith(".")


def speed(docs: list[Doc]) -> tuple[float, float]:
    """Return MB of text a second of CPU time that the tagger reads: with words new to it, and with words met before."""
    texts = [doc.text for doc in docs]
    Reading(texts[0])
    took = []
    for _ in range(2):
        began = time.process_time()
        for text in texts:
            Reading(text)
        took.append(time.process_time() - began)
    size = sum(map(len, texts)) / 1e6
    return size / took[0], size / took[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--labelled", type=Path, required=True)
    parser.add_argument("--speed", action="store_true")
    given = parser.parse_args()
    held = sets(given.labelled)
    print("| set | names | way | P | R | F1 | touched |\n|---|---|---|---|---|---|---|")
    for name, docs in held.items():
        for way, find in WAYS.items():
            p, r, f1, touched, gold = measured(docs, find)
            print(f"| {name} | {gold} | {way} | {p:.3f} | {r:.3f} | {f1:.3f} | {touched:.3f} |")
    if given.speed:
        threads = [real.cerec(path) for path in sorted((given.labelled / "cerec_seed_train").iterdir())]
        new, met = speed(threads)
        print(
            f"tagger, tokenising included, mail threads: {new:.2f} MB/s with new words, {met:.2f} with words met before"
        )


if __name__ == "__main__":
    main()
