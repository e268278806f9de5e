"""Fit the weights by which running text says whose a value is, on made-up mail whose truth is known.

    python training/fit_links.py --seed 1 --passages 3000 --check 600

The mail comes from `training/corpus` (its share "train"; what is checked comes from "development", which has other
clauses, label words and names). Names and values are taken where the truth has them, so only the linking is learned.
For each value the people who may be meant compete with each other and with nobody; the weights are those of greatest
likelihood with a small prior towards nothing, by Newton's method, and are written to
`src/rollcall/mentions/linking.toml`. The output is the same for the same commit and seed.
"""

import argparse
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from rollcall.elements.names import parse_name
from rollcall.mentions import clues, linking, subjects
from rollcall.mentions.layout import Layout
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.subjects import InOrder, Writers, find_subjects
from rollcall.mentions.taught import Taught
from rollcall.model import Finding, LexiconEntry, Part, Place
from training.corpus import Passage, passages

TARGET = Path(__file__).parents[1] / "src" / "rollcall" / "mentions" / "linking.toml"
PRIOR = 0.5  # variance of a weight before anything is seen is one over this
STEPS = 40
GROUPS = ("identifier", "event", "contact")
KNOWN = 0.15  # share of the numbers that the case is made to know from a table

Example = tuple[linking.Choice, list[bool]]  # who may be meant, and which of them is


def examples(passage: Passage) -> Iterator[tuple[Example, bool]]:
    """Yield each value of a passage with those who may be meant, and whether the one who is stands among them."""
    texts, people, findings, gold = _read(passage)
    links = linking.Links(texts, people, _lexicon(passage), Writers((passage.sender,)).sender)
    for text in texts:
        for choice in links.choices(text, findings[text.part.part_no]):
            owner = gold[choice.finding.finding_id]
            right = [
                owner is None
                if near is None
                else owner is not None and owner == gold.get(f"{near.subject.part_no}@{near.subject.start}")
                for near in choice.near
            ]
            yield (choice, right), any(right)


class _Told(Taught):
    """A case that knows some numbers of a passage from its tables."""

    def __init__(self, passage: Passage) -> None:
        super().__init__()
        self._told: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for text in passage.parts:
            for span in text.spans:
                value = text.text[span.start : span.end]
                if span.element not in ("name", "") and span.person is not None and _chance(passage.id + value) < KNOWN:
                    given, family = subjects.person_key(passage.persons[span.person].name)
                    self._told[span.element, value] = [(given, family)]

    def owners(self, element: str, value: str) -> list[tuple[str, str]]:
        """Return who bears a number."""
        return self._told.get((element, value), [])


def _lexicon(passage: Passage) -> Lexicon:
    """Return what a case would know: most of its staff, and a few of the people from its tables."""
    entries = []
    for one in passage.persons:
        given, family = parse_name(one.name).given, parse_name(one.name).family
        kind = (
            "staff" if one.role in ("staff", "correspondent") else "person" if one.role in ("patient", "member") else ""
        )
        if kind and given and family and _chance(passage.id + one.name) < (0.7 if kind == "staff" else 0.2):
            entries.append(LexiconEntry(kind=kind, given=given, family=family))
    return Lexicon(entries, _Told(passage))


def _chance(text: str) -> float:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32


def _read(
    passage: Passage,
) -> tuple[list[Layout], dict[int, InOrder], dict[int, list[Finding]], dict[str, int | None]]:
    order = {"subject": 0, "body": 1, "names": 2}
    texts, people, findings = [], {}, {}
    gold: dict[str, int | None] = {}
    writers = Writers((passage.sender, ", ".join(passage.recipients)))
    for told in sorted(passage.parts, key=lambda one: order.get(one.kind, 3)):
        number = len(texts)
        text = Layout(Part(blob_id="b", part_no=number, kind=told.kind, text=told.text))
        named = [one for one in told.spans if one.element == "name"]
        subjects.name_candidates = lambda _, named=named, told=told: [
            (one.start, one.end, told.text[one.start : one.end], 0.95) for one in named
        ]
        found = find_subjects(text.text, _lexicon(passage), writers)
        for one in found:
            one.part_no = number
            gold[f"{number}@{one.start}"] = next((n.person for n in named if n.start <= one.start < n.end), None)
        writer = next(
            (
                at
                for at, one in enumerate(passage.persons)
                if one.name
                and writers.sender
                and clues.may_be_one(subjects.person_key(one.name), subjects.person_key(writers.sender))
            ),
            None,
        )
        gold[f"0@{-1}"] = writer
        texts.append(text)
        people[number] = InOrder(found)
        findings[number] = []
        for at, one in enumerate(told.spans):
            if one.element in ("name", "", "provider"):
                continue
            written = told.text[one.start : one.end]
            finding = Finding(
                finding_id=f"{number}.{at}", blob_id="b", place=Place(part_no=number, start=one.start, end=one.end),
                block=None, group="", element=one.element, subtype=one.subtype, text=written, value=written,
                check="valid", confidence=0.9, why="", made_by="",
            )  # fmt: skip
            findings[number].append(finding)
            gold[finding.finding_id] = one.person
    return texts, people, findings, gold


def fit(held: Sequence[Example]) -> dict[str, float]:
    """Return the weight of each feature for one group of elements."""
    names = sorted({name for choice, _ in held for found in choice.found for name in found})
    index = {name: at for at, name in enumerate(names)}
    sizes = np.array([len(choice.found) for choice, _ in held])
    x = np.zeros((int(sizes.sum()), len(names)))
    y = np.zeros(int(sizes.sum()))
    row = 0
    for choice, right in held:
        for found, good in zip(choice.found, right, strict=True):
            for name, value in found.items():
                x[row, index[name]] = value
            y[row] = good / sum(right)
            row += 1
    of = np.repeat(np.arange(len(held)), sizes)
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        scores = x @ weights
        scores -= np.maximum.reduceat(scores, np.concatenate([[0], sizes.cumsum()[:-1]]))[of]
        odds = np.exp(scores)
        likely = odds / np.bincount(of, odds)[of]
        slope = x.T @ (y - likely) - PRIOR * weights
        means = np.zeros((len(held), len(names)))
        np.add.at(means, of, x * likely[:, None])
        curve = (x * likely[:, None]).T @ x - means.T @ means + PRIOR * np.eye(len(names))
        step = np.linalg.solve(curve, slope)
        weights += step * min(1.0, 2.0 / max(1e-9, float(np.abs(step).max())))
    return {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True) if abs(weight) >= 0.02}


def gathered(seed: int, n: int, share: str) -> tuple[list[Example], int]:
    """Return the examples of a share of the corpus, and how many values have their person nowhere in reach."""
    held, lost = [], 0
    for passage in passages(seed, n, share):
        for example, there in examples(passage):
            if there:
                held.append(example)
            else:
                lost += 1
    return held, lost


def accuracy(seed: int, n: int, share: str) -> str:
    """Return how often values are given to the right person, by group, with all constraints."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    sure: list[tuple[float, bool]] = []
    for passage in passages(seed, n, share):
        texts, people, findings, gold = _read(passage)
        links = linking.Links(texts, people, _lexicon(passage), Writers((passage.sender,)).sender)
        for text in texts:
            choices = links.choices(text, findings[text.part.part_no])
            for choice, link in zip(choices, linking.assign(choices), strict=True):
                owner = gold[choice.finding.finding_id]
                subject = link.subject
                given = None if subject is None else gold.get(f"{subject.part_no}@{subject.start}")
                good = given == owner and (subject is not None or owner is None)
                for name in (linking.group_of(choice.finding.element), "all", choice.finding.element):
                    total[name] += 1
                    right[name] += good
                sure.append((link.confidence, good))
    edges = np.linspace(0, 1, 11)
    error = 0.0
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        inside = [(said, good) for said, good in sure if low < said <= high]
        if inside:
            error += abs(sum(s for s, _ in inside) - sum(g for _, g in inside)) / len(sure)
    lines = [f"{name}: {right[name] / total[name]:.4f} of {total[name]}" for name in sorted(total)]
    return f"{share}, seed {seed}: link accuracy\n  " + "\n  ".join(lines) + f"\n  calibration error {error:.4f}"


def main() -> None:
    """Fit, write the weights, and print how well they do."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--passages", type=int, default=3000)
    parser.add_argument("--check", type=int, default=600, help="passages of the development share")
    given = parser.parse_args()
    held, lost = gathered(given.seed, given.passages, "train")
    model = {group: fit([one for one in held if linking.group_of(one[0].finding.element) == group]) for group in GROUPS}
    lines = [
        f"# Made by training/fit_links.py --seed {given.seed} --passages {given.passages}.",
        "# What each feature of a person and a value (mentions/clues.py) adds to the log-odds that it is theirs.",
    ]
    for group, weights in model.items():
        lines += ["", f"[{group}]", *(f"{name} = {weight}" for name, weight in weights.items())]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    linking.weights.cache_clear()
    sys.stdout.write(f"{len(held)} values, {lost} more with their person out of reach\n")
    sys.stdout.write(accuracy(given.seed + 1, given.check, "train") + "\n")
    sys.stdout.write(accuracy(given.seed + 1, given.check, "development") + "\n")


if __name__ == "__main__":
    main()
