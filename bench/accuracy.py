"""How right we are: elements, links, names, columns and confidence, on text nobody trained on; appended to RESULTS.md.

    python bench/accuracy.py [--sets corpus asq presidio ewt cerec] [--cases dev:41 dev:42] [--presidio PYTHON]

`corpus` is the development share of `training/corpus`; the others are public sets kept beside the project, which are
NOT RUN where they are not there. `--cases` are hospitals made by packs (PACK:SEED), run as anybody would run them.
`--presidio` names the Python of an environment that has presidio-analyzer: it reads the same texts, side by side. What
counts as found has a confidence of at least .5. Figures come with 95 % intervals (bootstrap over documents).
"""

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import accuracy_asq
import accuracy_cases
from accuracy_reading import found_of, read
from accuracy_scores import ENOUGH, Found, Scores
from accuracy_sets import SAMPLES, Sample, asq, cerec, corpus, ewt_mail, presidio_generated
from compare import calibrate, machine

BENCH = Path(__file__).resolve().parent
SETS = ("corpus", "asq", "presidio", "ewt", "cerec")
PRESIDIO = {
    "US_SSN": "ssn", "PHONE_NUMBER": "phone", "EMAIL_ADDRESS": "email", "US_DRIVER_LICENSE": "drivers_license",
    "CREDIT_CARD": "payment_card", "US_BANK_NUMBER": "financial_account", "US_PASSPORT": "passport",
    "US_ITIN": "tax_id",
    "US_MBI": "health_insurance", "MEDICAL_LICENSE": "other_id", "IP_ADDRESS": "other_id", "US_NPI": "other_id",
}  # fmt: skip
THEIRS = 0.35  # score from which on what Presidio finds counts
LONG = 5_000  # characters of a mail when speed is measured
NAMES_ONLY = frozenset({"ewt", "cerec"})


def samples_of(which: str, given: argparse.Namespace) -> list[Sample]:
    """Return the samples of a set; nothing where it is not there."""
    if which == "corpus":
        return list(corpus(given.seed, given.passages, given.forms))
    makers: dict[str, Callable[[], Iterable[Sample]]] = {
        "presidio": presidio_generated,
        "ewt": ewt_mail,
        "cerec": cerec,
    }
    return list(makers[which]()) if SAMPLES.exists() else []


def ours(some: Sequence[Sample], which: str) -> tuple[Scores, float]:
    """Return the product's scores on a set, and its seconds."""
    scores, seconds = Scores(), 0.0
    for one in some:
        start = time.perf_counter()
        reading = read(one.texts, one.correspondents)
        seconds += time.perf_counter() - start
        found = found_of(reading, one.people, one.gold)
        if which in NAMES_ONLY:
            found = [each for each in found if each.element == "name"]
        elif which == "presidio":
            known = {each.element for sample in some for each in sample.gold}
            found = [each for each in found if each.element in known]
        scores.add(one.id, one.channel, [text for _, text in one.texts], one.gold, found)
    return scores, seconds


def linked(some: Sequence[Sample]) -> list[str]:
    """Return how well values are given to people where the values themselves are told."""
    scores = Scores()
    for one in some:
        if one.channel != "prose":
            continue
        found = found_of(read(one.texts, one.correspondents, one.gold), one.people, one.gold)
        told = [each for each in found if each.element != "name"]
        scores.add(one.id, "prose, elements told", [text for _, text in one.texts], one.gold, told)
    return [line for line in scores.links(0) if "end to end" in line or "given" in line]


def side_by_side(python: Path, texts: Iterable[tuple[str, int, str]]) -> tuple[dict[str, list[Found]], float, int]:
    """Return what Presidio finds in texts (id, part, text), its seconds, and the characters."""
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch, "in.jsonl"), Path(scratch, "out.jsonl")
        lines = [json.dumps({"id": name, "part": part, "text": text}) for name, part, text in texts]
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        subprocess.run([python, BENCH / "presidio_texts.py", source, target], check=True, capture_output=True)
        *hits, last = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    found: dict[str, list[Found]] = defaultdict(list)
    for one in hits:
        kind = PRESIDIO.get(one["type"], one["type"])
        sure = max(ENOUGH, one["score"]) if one["score"] >= THEIRS else 0.0
        found[one["id"]].append(Found(one["part"], one["start"], one["end"], kind, "", sure))
    return found, last["seconds"], last["characters"]


def presidio_rows(some: Sequence[Sample], given: argparse.Namespace) -> list[str]:
    """Return Presidio's table on a set, over the elements it knows, and both speeds on the same texts."""
    found, *_ = side_by_side(given.presidio, _texts(some))
    scores = Scores()
    known = set(PRESIDIO.values())
    if any(one.channel in ("prose", "form") for one in some):
        known -= {"phone", "email"}  # it refuses domains and exchanges that cannot be, as made-up ones are
    for one in some:
        gold = [each for each in one.gold if each.element in known or not each.element]
        hits = [each for each in found[one.id] if each.element in known]
        scores.add(one.id, f"{one.channel}, Presidio", [text for _, text in one.texts], gold, hits)
    return ["", *scores.rows(given.seed), "", *speeds(some, given.presidio)]


def _texts(some: Sequence[Sample]) -> list[tuple[str, int, str]]:
    return [(one.id, part, text) for one in some for part, (_, text) in enumerate(one.texts)]


def speeds(some: Sequence[Sample], python: Path) -> list[str]:
    """Return the speeds of both on these texts, put together to mails of some length."""
    joined, lengths = [""], 0
    for _, _, text in _texts(some):
        if len(joined[-1]) > LONG:
            joined.append("")
        joined[-1] += text + "\n\n"
        lengths += len(text) + 2
    start = time.perf_counter()
    for text in joined:
        read((("body", text),), everybody=False)  # whom nothing is said of is sought only to be graded
    mine = time.perf_counter() - start
    _, theirs, _ = side_by_side(python, [(str(at), 0, text) for at, text in enumerate(joined)])
    rates = f"ours, with names and linking, {lengths / 1e6 / mine:.3f} MB/s; Presidio, without either, "
    return [f"Speed on the same texts, one core each: {rates}{lengths / 1e6 / theirs:.3f}; ratio {theirs / mine:.1f}."]


def of_set(which: str, given: argparse.Namespace) -> list[str]:
    """Return a set's part of the report."""
    lines = ["", f"#### {which}", ""]
    if which == "asq":
        if not SAMPLES.exists():
            return [*lines, "NOT RUN: the set is not beside the project."]
        lines += accuracy_asq.measure(
            lambda _, text: found_of(read((("body", text),)), (), ()), given.seed, given.examples
        )
        if given.presidio:
            found, *_ = side_by_side(given.presidio, [(name, 0, query) for name, query, _ in asq()])
            lines += ["", "Presidio (no names; threshold .35):", ""]
            lines += accuracy_asq.measure(lambda name, _: found[name], given.seed)
        return lines
    some = samples_of(which, given)
    if not some:
        return [*lines, "NOT RUN: the set is not beside the project."]
    scores, seconds = ours(some, which)
    characters = sum(len(text) for one in some for _, text in one.texts)
    lines += [f"{len(some)} texts, {characters / 1e6:.3f} MB in {seconds:.1f} s", "", *scores.rows(given.seed), ""]
    lines += scores.links(given.seed)
    if which == "corpus":
        lines += linked(some)
    if given.presidio and which not in NAMES_ONLY:
        lines += presidio_rows(some, given)
    if given.examples:
        lines += ["", *scores.losses(20, given.examples)]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sets", nargs="*", default=list(SETS), choices=SETS)
    parser.add_argument("--cases", nargs="*", default=[], metavar="PACK:SEED", help="made-up hospitals to run on")
    parser.add_argument("--shape", default="alomere")
    parser.add_argument("--people", type=int, default=800)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--presidio", type=Path, help="Python of an environment with presidio-analyzer")
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--forms", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--examples", type=int, default=0, help="also show what is missed, so many of each; not written"
    )
    parser.add_argument("--to", type=Path, help="append the report there (bench/RESULTS.md)")
    given = parser.parse_args()
    loop = calibrate()
    lines = [line for which in given.sets for line in of_set(which, given)]
    lines += [line for case in given.cases for line in accuracy_cases.of_case(case, given)]
    others = tomllib.loads((BENCH / "published.toml").read_text(encoding="utf-8"))["figure"]
    lines += ["", "Published by others, on other texts:", ""]
    lines += [f"- {one['who']}: {one['said']} ({one['source']})" for one in others]
    day = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    head = [f"### {day}: accuracy, seed {given.seed}", "", machine([loop])]
    print("\n".join([*head, *lines]))
    if given.to:
        _append([*head, *(line for line in lines if not line.startswith("    "))], given.to)


def _append(lines: Sequence[str], to: Path) -> None:
    """Add lines at the end of this section of the results."""
    section = "## Accuracy"
    text = to.read_text(encoding="utf-8")
    if section not in text:
        text = f"{text.rstrip()}\n\n{section}\n\nMade by `python bench/accuracy.py`; the newest stands last.\n"
    head, _, rest = text.partition(section)
    own, mark, after = rest.partition("\n## ")
    to.write_text(f"{head}{section}{own.rstrip()}\n\n" + "\n".join(lines) + f"\n{mark}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
