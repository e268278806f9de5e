"""Counts what was found against what is there: by element, exact and overlapping, with intervals over documents."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import msgspec

from rollcall.demo.calibration import calibrate
from rollcall.demo.chance import stream
from rollcall.demo.figures import Figure, Tally, said, spread

ENOUGH = 0.5  # confidence from which on something counts as found
_EDGE = re.compile(r"^[\s\"'(\[]+|[\s\"').,;:\]]+$")


class Gold(msgspec.Struct, frozen=True):
    """What stands at a place; an element of "" is a decoy."""

    part: int
    start: int
    end: int
    element: str
    subtype: str = ""
    person: int | None = None
    polarity: str = "asserted"


class Found(msgspec.Struct, frozen=True):
    """What a tool says stands at a place, and of whom."""

    part: int
    start: int
    end: int
    element: str
    subtype: str = ""
    confidence: float = 1.0
    owner: int | None = None  # index of the gold person it was given to; -1: somebody else
    tie: float = 0.0  # how sure that it is theirs


class Scores:
    """Grows document by document."""

    def __init__(self) -> None:
        self.counts: dict[tuple[str, str, str], dict[str, list[float]]] = defaultdict(dict)
        self.shares = Tally()
        self.sure: list[tuple[str, float, bool]] = []
        self.tied: list[tuple[str, float, bool]] = []
        self.wrong: dict[tuple[str, str], int] = defaultdict(int)
        self.missed: dict[tuple[str, str], list[str]] = defaultdict(list)

    def _count(self, channel: str, kind: str, how: str, document: str, at: int) -> None:
        self.counts[channel, kind, how].setdefault(document, [0, 0, 0])[at] += 1  # right, there, found

    def add(
        self, document: str, channel: str, texts: Sequence[str], gold: Sequence[Gold], found: Iterable[Found]
    ) -> None:
        """Take in one document."""
        kept = [trimmed(texts[one.part], one) for one in found if one.confidence >= ENOUGH]
        there = [trimmed(texts[one.part], one) for one in gold if one.element and one.polarity == "asserted"]
        # What is said of another, denied or only feared is found rightly too; it is not asked for here.
        other = [one for one in gold if not one.element or one.polarity != "asserted"]
        for how, same in (("exact", _exact), ("overlap", _overlap)):
            right = paired(there, kept, same)
            for one in there:
                self._count(channel, one.element, how, document, 1)
            for at, one in enumerate(kept):
                if at not in right and any(_excused(one, decoy) for decoy in other):
                    continue
                self._count(channel, one.element, how, document, 2)
                if at in right:
                    self._count(channel, one.element, how, document, 0)
                if how == "overlap":
                    self.sure.append((document, one.confidence, at in right))
                    if at not in right:
                        under = next((each for each in gold if _touch(one, each)), None)
                        what = "nothing" if under is None else under.element or f"a decoy ({under.subtype})"
                        self.wrong[one.element, what] += 1
            if how == "overlap":
                self._links(document, channel, there, kept, right)
                held = set(right.values())
                for at, one in enumerate(there):
                    if at not in held:
                        line = texts[one.part][max(0, one.start - 45) : one.end + 15].replace("\n", " / ")
                        self.missed[channel, one.element].append(line)

    def _links(
        self, document: str, channel: str, there: Sequence[Gold], kept: Sequence[Found], right: dict[int, int]
    ) -> None:
        by_gold = {gold: at for at, gold in right.items()}
        for number, one in enumerate(there):
            if one.person is None or one.element == "name":
                continue
            at = by_gold.get(number)
            hit = at is not None and kept[at].owner == one.person
            self.shares.add(f"end to end, {channel}", document, hit)
            if at is not None:
                self.shares.add(f"of what was found, {channel}", document, hit)
                if kept[at].owner is not None:
                    self.shares.add(f"of what was given to somebody, {channel}", document, hit)
                    self.tied.append((document, kept[at].tie, hit))

    def rows(self, seed: int, how: Sequence[str] = ("exact", "overlap")) -> list[str]:
        """Return precision, recall and F1 by channel and element as lines of a table."""
        lines = [
            "| channel | element | there | found | "
            + " | ".join(f"P {one} | R {one} | F1 {one}" for one in how)
            + " |",
            "| --- " * (4 + 3 * len(how)) + "|",
        ]
        for channel in sorted({key[0] for key in self.counts}):
            kinds = sorted({key[1] for key in self.counts if key[0] == channel})
            for kind in [*kinds, "all"]:
                cells = [channel, kind]
                for number, one in enumerate(how):
                    clusters = self._clusters(channel, kinds if kind == "all" else [kind], one)
                    if not number:
                        cells += [str(round(sum(c[at] for c in clusters))) for at in (1, 2)]
                    for judge in (_precision, _recall, _f1):
                        cells.append(_shown(clusters, judge, seed, wide=kind == "all"))
                lines.append(f"| {' | '.join(cells)} |")
        return lines

    def _clusters(self, channel: str, kinds: Sequence[str], how: str) -> list[list[float]]:
        sums: dict[str, list[float]] = {}
        for kind in kinds:
            for document, counts in self.counts.get((channel, kind, how), {}).items():
                held = sums.setdefault(document, [0, 0, 0])
                for at, value in enumerate(counts):
                    held[at] += value
        return list(sums.values())

    def links(self, seed: int) -> list[str]:
        """Return how often a value was given to the right person, and how far confidence can be believed."""
        lines = [
            f"- link accuracy {name}: {said(self.shares.figure(name, seed))}" for name in sorted(self.shares.counts)
        ]
        for name, judged in (("elements", self.sure), ("links", self.tied)):
            made = calibrate(judged, seed)
            if made is not None:
                lines.append(f"- calibration of {name}: ECE {said(made.error)}, Brier {made.brier.value:.3f}")
        return lines

    def losses(self, most: int, examples: int = 0) -> list[str]:
        """Return what was found wrongly most often, and what was missed."""
        wrong = sorted(self.wrong.items(), key=lambda one: -one[1])[:most]
        lines = [f"- wrongly {found}: {count} on {what}" for (found, what), count in wrong]
        missed = sorted(self.missed.items(), key=lambda one: -len(one[1]))[:most]
        for (channel, element), some in missed:
            lines.append(f"- missed {element} in {channel}: {len(some)}")
            lines += [f"    {line}" for line in some[:: max(1, len(some) // max(1, examples))][:examples]]
        return lines


def trimmed(text: str, one: "Gold | Found") -> "Gold | Found":
    """Return a span without white space, quotes, brackets and points at its ends."""
    piece = text[one.start : one.end]
    bare = _EDGE.sub("", piece)
    lead = piece.find(bare) if bare else 0
    if not bare or bare == piece:
        return one
    return msgspec.structs.replace(one, start=one.start + lead, end=one.start + lead + len(bare))


def paired(there: Sequence[Gold], found: Sequence[Found], same: Callable[[Gold, Found], bool]) -> dict[int, int]:
    """Return which found one stands for which that is there, each once; the better placed first."""
    pairs = [
        (abs(gold.start - one.start) + abs(gold.end - one.end), at, number)
        for number, gold in enumerate(there)
        for at, one in enumerate(found)
        if gold.part == one.part and gold.element == one.element and same(gold, one)
    ]
    right: dict[int, int] = {}
    taken: set[int] = set()
    for _, at, number in sorted(pairs):
        if at not in right and number not in taken:
            right[at] = number
            taken.add(number)
    return right


def _exact(gold: Gold, one: Found) -> bool:
    return gold.start == one.start and gold.end == one.end


def _overlap(gold: Gold, one: Found) -> bool:
    return gold.start < one.end and one.start < gold.end


def _touch(one: Found, gold: Gold) -> bool:
    return gold.part == one.part and _overlap(gold, one)


def _excused(one: Found, gold: Gold) -> bool:
    """Say whether what was found is there, though nobody's: an office's telephone, a denied diagnosis."""
    return _touch(one, gold) and one.element in (gold.element, gold.subtype)


def _precision(clusters: list[list[float]]) -> float:
    return sum(c[0] for c in clusters) / (sum(c[2] for c in clusters) or 1)


def _recall(clusters: list[list[float]]) -> float:
    return sum(c[0] for c in clusters) / (sum(c[1] for c in clusters) or 1)


def _f1(clusters: list[list[float]]) -> float:
    return 2 * sum(c[0] for c in clusters) / (sum(c[1] + c[2] for c in clusters) or 1)


def _shown(clusters: list[list[float]], judge: Callable[[list[list[float]]], float], seed: int, *, wide: bool) -> str:
    if not clusters:
        return "-"
    value = judge(clusters)
    if not wide:
        return f"{value:.3f}"
    low, high = spread(clusters, judge, stream(seed, "bootstrap", judge.__name__))
    return f"{value:.3f} [{low:.2f}, {high:.2f}]"


def share_line(name: str, figure: Figure) -> str:
    """Return a share as a line of a list."""
    return f"- {name}: {said(figure)}"
