"""Yields text forms: labels and values in the layouts that hospitals print, scan and paste."""

import functools
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from .cast import Cast
from .grammar import Grammar
from .marked import Marked, join
from .noise import typed
from .passage import Passage, part, told_of
from .shares import dealt

FILES = ("identifiers", "mail", "matters", "genres", "lists")
_WRITTEN = {"dr": "{doctor@dr}", "last": "{last}", "first": "{first}", "name": "{name}", "dos": "{dos_full}"}


@functools.cache
def _toml() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "forms.toml").read_text(encoding="utf-8"))


class Pair:
    """A label and its value, which may be empty."""

    def __init__(self, label: str, value: Marked) -> None:
        self.label, self.value = label, value


class Draft:
    """A form in the making: how its labels are written, and who is on it."""

    def __init__(self, name: str, share: str) -> None:
        self.rng = Random(name)  # noqa: S311
        self.share = share
        self.cast = Cast(self.rng, share)
        self.grammar = Grammar(self.cast, FILES)
        self.kind = self.rng.choice(_toml()["kinds"])
        self.who = {"p": self.cast.add(self.kind.get("role", "patient"))}
        self.case = self.rng.choice(("", "", "", "upper", "upper", "lower"))
        self.empty = self.rng.choice((0.0, 0.0, 0.08, 0.25))
        self.frames: list[str] = []

    def cased(self, label: str) -> str:
        """Return a label as this form writes them."""
        return label.upper() if self.case == "upper" else label.lower() if self.case == "lower" else label

    def label(self, field: str) -> str:
        """Return one of the words for a field."""
        own = _toml()["labels"][field]
        common = [one[1:] for one in own if one.startswith("=")]
        rest = [one for one in own if not one.startswith("=")]
        chosen = self.rng.choice(common + (dealt(rest, self.share) if rest else []))
        self.frames.append(f"label:{field}:{chosen}")
        return chosen

    def pair(self, field: str, prefix: str = "", who: dict[str, int] | None = None) -> Pair:
        """Return a field of a person."""
        who = who or self.who
        label = self.label(field)
        if prefix and not label.startswith(prefix.strip().split("'")[0]):
            label = prefix + label.removeprefix("Patient ").removeprefix("Pt ")
        blank = self.rng.random() < self.empty and field not in ("name", "last")
        value = Marked() if blank else self.grammar.write(_WRITTEN.get(field, "{" + field + "}"), who)
        return Pair(self.cased(label), value)

    def decoy(self, kind: str) -> Pair:
        """Return a field that says nothing of the kind that is sought."""
        label, _, value = self.rng.choice(_toml()["decoys"][kind]).partition("|")
        made = self.grammar.write(value, self.who) if "[ ]" not in value else Marked(value)
        return Pair(self.cased(label), made)


def _own(draft: Draft) -> list[Pair]:
    """Return the fields of the one whom the form is about, mixed with what says nothing."""
    rng, kind = draft.rng, draft.kind
    fields = [one for one in kind["fields"] if one not in ("name", "last", "first")]
    chosen = rng.sample(fields, min(len(fields), rng.randint(3, 9)))
    if rng.random() < 0.6:
        chosen.sort(key=fields.index)
    names = ["last", "first"] if rng.random() < 0.15 else ["name"]
    at = 0 if rng.random() < 0.8 else rng.randint(0, len(chosen))
    chosen[at:at] = names
    prefix = rng.choice(_toml()["sections"]["patient"]["prefixes"])
    pairs = [draft.pair(field, prefix if rng.random() < 0.5 else "") for field in chosen]
    for one in rng.sample(kind["decoys"], min(len(kind["decoys"]), rng.randint(0, 4))):
        pairs.insert(rng.randint(0, len(pairs)), draft.decoy(one))
    return pairs


def _others(draft: Draft, key: str, *, prefixed: bool) -> list[Pair]:
    """Return the fields of another person of the form."""
    section = _toml()["sections"][key]
    number = draft.cast.whose(key, draft.who["p"])
    rest = draft.rng.sample(section["fields"][1:], draft.rng.randint(1, min(4, len(section["fields"]) - 1)))
    prefix = draft.rng.choice(section["prefixes"]) if prefixed else ""
    return [draft.pair(field, prefix, {**draft.who, "p": number}) for field in ["name", *rest]]


# --- layouts -------------------------------------------------------------------------------------------------------

Layout = Callable[[Draft, list[Pair]], Marked]


def _said(draft: Draft, pair: Pair, mark: str) -> Marked:
    if not pair.value.text:
        return Marked(pair.label + mark.rstrip() + draft.rng.choice(("", " ________", " ", " N/A", "")))
    return join([pair.label, mark, pair.value])


def _lines(draft: Draft, pairs: list[Pair]) -> Marked:
    mark = draft.rng.choice((": ", ": ", ": ", ":", ":  ", " : ", " - ", " = ", ":\t", "\t", ":    "))
    lead = draft.rng.choice(("", "", "", "  ", "* ", "- ", "> "))
    numbered = draft.rng.random() < 0.1
    rows = [join([f"{number}. " if numbered else lead, _said(draft, one, mark)]) for number, one in enumerate(pairs, 1)]
    return join(rows, draft.rng.choice(("\n", "\n", "\n", "\n\n")))


def _several(draft: Draft, pairs: list[Pair]) -> Marked:
    """Several pairs in a line, kept apart by spaces, tabs, bars or hardly anything."""
    mark = draft.rng.choice((": ", ": ", ":", " ", "# ", ":  ", ": "))
    gap = draft.rng.choice(("    ", "   ", "  ", "\t", "\t\t", " | ", "; ", " / ", ", ", " ", "          "))
    rows, at = [], 0
    while at < len(pairs):
        count = draft.rng.randint(2, 4)
        rows.append(join([_said(draft, one, mark) for one in pairs[at : at + count]], gap))
        at += count
    return join(rows, "\n")


def _below(draft: Draft, pairs: list[Pair]) -> Marked:
    """Labels in a line, their values in the next, one under the other."""
    rows, at = [], 0
    gap = draft.rng.randint(2, 6)
    while at < len(pairs):
        some = pairs[at : at + draft.rng.randint(2, 4)]
        at += len(some)
        widths = [max(len(one.label), len(one.value.text)) + gap for one in some]
        rows.append(Marked("".join(one.label.ljust(width) for one, width in zip(some, widths, strict=True)).rstrip()))
        cells = [
            join([one.value, " " * (width - len(one.value.text))]) for one, width in zip(some, widths, strict=True)
        ]
        rows.append(join(cells))
        if draft.rng.random() < 0.3:
            rows.append(Marked(draft.rng.choice(("", "-" * sum(widths)))))
    return join(rows, "\n")


def _above(draft: Draft, pairs: list[Pair]) -> Marked:
    """Each label on a line of its own, the value below it."""
    mark = draft.rng.choice(("", "", ":"))
    numbers = draft.rng.random() < 0.3
    rows = [
        join([f"{number}. " if numbers else "", one.label + mark, "\n", one.value])
        for number, one in enumerate(pairs, 1)
    ]
    return join(rows, draft.rng.choice(("\n", "\n\n")))


def _dotted(draft: Draft, pairs: list[Pair]) -> Marked:
    sign = draft.rng.choice((".", ".", "_", " .", "-"))
    width = max(len(one.label) for one in pairs) + draft.rng.randint(3, 12)
    return join(
        [join([one.label, " ", sign * ((width - len(one.label)) // len(sign)), " ", one.value]) for one in pairs], "\n"
    )


def _underlined(draft: Draft, pairs: list[Pair]) -> Marked:
    """Values written over the blanks of a printed form."""
    rows, at = [], 0
    mark = draft.rng.choice((": ", " ", ":", ": "))
    while at < len(pairs):
        some = pairs[at : at + draft.rng.choice((1, 1, 2, 3))]
        at += len(some)
        before, after = "_" * draft.rng.randint(1, 5), "_" * draft.rng.randint(2, 12)
        rows.append(join([join([one.label, mark, before, one.value, after]) for one in some], "  "))
    return join(rows, "\n")


def _boxes(draft: Draft, pairs: list[Pair]) -> Marked:
    """Cells between bars, as pasted tables and drawn boxes come out."""
    rows, at = [], 0
    mark = draft.rng.choice((": ", ": ", " | ", " "))
    rule = draft.rng.choice(("", "+" + "-" * 60 + "+", "=" * 62))
    while at < len(pairs):
        some = pairs[at : at + draft.rng.randint(1, 3)]
        at += len(some)
        rows.append(join(["| ", join([join([one.label, mark, one.value]) for one in some], " | "), " |"]))
        if rule:
            rows.append(Marked(rule))
    return join(rows, "\n")


def _padded(draft: Draft, pairs: list[Pair]) -> Marked:
    """Labels without a colon, the values in a column."""
    width = max(len(one.label) for one in pairs) + draft.rng.randint(2, 8)
    return join([join([one.label.ljust(width), one.value]) for one in pairs], "\n")


def _run_on(draft: Draft, pairs: list[Pair]) -> Marked:
    """Everything in one line, as forms read from a picture or pasted into a note come out."""
    mark = draft.rng.choice((": ", " ", ":", " "))
    return join([_said(draft, one, mark) for one in pairs], draft.rng.choice((" ", " ", "  ", "; ")))


LAYOUTS: dict[str, Layout] = {
    "lines": _lines, "several": _several, "below": _below, "above": _above, "dotted": _dotted,
    "underlined": _underlined, "boxes": _boxes, "padded": _padded, "run_on": _run_on,
}  # fmt: skip
_WEIGHTS = {"lines": 4, "several": 5, "below": 3, "above": 2, "run_on": 1}


def _beside(draft: Draft, left: list[Pair], right: list[Pair]) -> Marked:
    """Two people side by side."""
    mark = draft.rng.choice((": ", " "))
    rows = []
    first = [_said(draft, one, mark) for one in left]
    second = [_said(draft, one, mark) for one in right]
    width = max(len(one.text) for one in first) + draft.rng.randint(3, 8)
    for at in range(max(len(first), len(second))):
        one = first[at] if at < len(first) else Marked()
        other = second[at] if at < len(second) else Marked()
        rows.append(join([one, " " * (width - len(one.text)), other]))
    return join(rows, "\n")


def _heading(draft: Draft, key: str) -> str:
    heading: str = draft.rng.choice(_toml()["sections"][key]["headings"])
    dressed = ("{}", "{}", "{}:", "--- {} ---", "*** {} ***", "[{}]", "{}\n----------", "== {} ==")
    return draft.rng.choice(dressed).format(draft.cased(heading)) if heading else ""


def forms(seed: int, n: int, share: str = "train") -> Iterator[Passage]:
    """Yield `n` forms of a share; the same seed yields the same."""
    for number in range(n):
        yield _form(f"{share}:forms:{seed}:{number}", share)


def _form(name: str, share: str) -> Passage:
    draft = Draft(name, share)
    rng = draft.rng
    weights = [_WEIGHTS.get(layout, 2) for layout in LAYOUTS]
    layout = rng.choices(list(LAYOUTS), weights)[0]
    own = _own(draft)
    keys = rng.sample(
        draft.kind["others"], rng.choice((0, 1, 1, 2)) if len(draft.kind["others"]) > 1 else rng.choice((0, 1))
    )
    title = rng.choice(draft.kind["titles"])
    pieces: list[Marked | str] = []
    if title and rng.random() < 0.8:
        pieces.append(join([draft.grammar.write("{org}", draft.who), "\n", title]) if rng.random() < 0.5 else title)
    if len(keys) == 1 and rng.random() < 0.2:
        layout = "beside"
        other = _others(draft, keys[0], prefixed=True)
        pieces.append(_beside(draft, own, other))
    else:
        heading = _heading(draft, "patient") if rng.random() < 0.5 or keys else ""
        body = LAYOUTS[layout](draft, own)
        pieces.append(join([heading, "\n", body]) if heading else body)
        for key in keys:
            prefixed = rng.random() < 0.45
            more = LAYOUTS[layout](draft, _others(draft, key, prefixed=prefixed))
            pieces.append(more if prefixed and rng.random() < 0.6 else join([_heading(draft, key), "\n", more]))
    body = join(pieces, rng.choice(("\n", "\n\n")))
    if rng.random() < 0.1:
        body = typed(rng, body, 0.04)
    chance = rng.random()
    body = body.cased(upper=True) if chance < 0.08 else body
    persons, parts = told_of([one.person() for one in draft.cast.people], [part("body", body)])
    return Passage(id=name, channel="form", kind=layout, persons=persons, parts=parts, frames=tuple(draft.frames))
