"""Prints some of the corpus, labels in brackets: `python -m training.corpus passages --seed 1 --n 5`."""

import argparse
import sys

from . import SHARES, forms, passages
from .passage import Text


def shown(text: Text) -> str:
    """Return a text with its labels."""
    marks = []
    for one in text.spans:
        whose = "" if one.person is None else f" {one.person}"
        kind = f"{one.element or '-'}{'.' + one.subtype if one.subtype else ''}"
        marks += [
            (one.start, 1, "["),
            (one.end, 0, f"|{kind}{whose}{'' if one.polarity == 'asserted' else ' ' + one.polarity}]"),
        ]
    made, at = [], 0
    for place, _, mark in sorted(marks, key=lambda mark: (mark[0], mark[1])):
        made += [text.text[at:place], mark]
        at = place
    return "".join(made) + text.text[at:]


def main() -> None:
    """Print passages or forms."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("passages", "forms"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--n", type=int, default=5)
    parser.add_argument("--share", choices=SHARES, default="train")
    given = parser.parse_args()
    for one in {"passages": passages, "forms": forms}[given.what](given.seed, given.n, given.share):
        people = "; ".join(f"{number} {person.name} ({person.role})" for number, person in enumerate(one.persons))
        texts = [f"--- {text.kind}\n{shown(text)}" for text in one.parts]
        sys.stdout.write("\n".join([f"=== {one.id} {one.kind} from {one.sender}", f"    {people}", *texts, ""]))


if __name__ == "__main__":
    main()
