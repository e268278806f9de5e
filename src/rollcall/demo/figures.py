"""Shares with 95 % intervals: counted document by document, since people of one file are found or missed together."""

from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import TypeVar

import msgspec

from rollcall.demo.chance import stream

T = TypeVar("T")
ROUNDS = 300  # of the bootstrap


class Figure(msgspec.Struct, frozen=True):
    """A share with its 95 % interval (bootstrap over documents) and what it is a share of."""

    value: float
    low: float
    high: float
    of: int


Count = list[float]  # right, of all
Judge = Callable[[list[Count]], float]


def share(clusters: list[Count]) -> float:
    """Return a share that is best when it is all."""
    return sum(c[0] for c in clusters) / (sum(c[1] for c in clusters) or 1)


def mean(clusters: list[Count]) -> float:
    """Return the mean of the documents' shares."""
    return sum(c[0] / c[1] for c in clusters) / (len(clusters) or 1)


def rate(clusters: list[Count]) -> float:
    """Return a share that is best when it is nothing."""
    return share(clusters)


def off(clusters: list[Count]) -> float:
    """Return by how much a count is wrong, as a share of the truth."""
    return abs(share(clusters) - 1) if sum(c[1] for c in clusters) else 0.0


class Tally:
    """Counts of right and all, per document, for shares with intervals."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, Count]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))

    def add(self, name: str, cluster: str, right: float, weight: float = 1) -> None:
        """Count one case."""
        count = self.counts[name][cluster]
        count[0] += right * weight
        count[1] += weight

    def figure(self, name: str, seed: int, judge: Judge = share) -> Figure:
        """Return the share and its interval; nothing counted is a perfect share of none."""
        clusters = list(self.counts[name].values()) if name in self.counts else []
        right, total = sum(c[0] for c in clusters), sum(c[1] for c in clusters)
        if not total:
            return Figure(float(judge is share), float(judge is share), float(judge is share), 0)
        # A perfect share has no spread.
        low, high = spread(clusters, judge, stream(seed, "bootstrap", name), ROUNDS if right != total else 1)
        return Figure(judge(clusters), low, high, len(clusters) if judge is mean else round(total))

    def figures(self, prefix: str, seed: int) -> dict[str, Figure]:
        """Return the figures of all names that begin so, without the beginning."""
        names = sorted(name for name in self.counts if name.startswith(prefix))
        return {name.removeprefix(prefix): self.figure(name, seed) for name in names}


def spread(
    clusters: list[T], judge: Callable[[list[T]], float], rng: Random, rounds: int = ROUNDS
) -> tuple[float, float]:
    """Return where 95 of 100 figures lie when the clusters are drawn again."""
    found = sorted(judge(rng.choices(clusters, k=len(clusters))) for _ in range(rounds))
    return found[int(len(found) * 0.025)], found[min(len(found) - 1, int(len(found) * 0.975))]


def said(figure: Figure) -> str:
    """Return a figure as a person reads it."""
    return f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}] of {figure.of}"
