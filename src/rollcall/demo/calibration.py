"""Whether a list's confidence means what it says: of a hundred rows at .9, ninety belong there and hold nobody else."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from rollcall.demo.chance import stream
from rollcall.demo.figures import Figure, spread

BINS = 10
Judged = tuple[str, float, bool]  # document, confidence, right
Sums = dict[int, list[float]]  # bin -> confidence, right, squared error, rows


class Bin(msgspec.Struct, frozen=True):
    """The rows of one tenth of the scale: how sure they were, and how often they were right."""

    low: float
    high: float
    said: float  # mean confidence
    right: float  # share of rows that are right
    of: int


class Calibration(msgspec.Struct, frozen=True):
    """How far confidence and truth lie apart."""

    error: Figure  # expected calibration error: |said - right| averaged over the bins by their rows
    brier: Figure  # mean squared difference of confidence and truth, row by row
    reliability: list[Bin]


def calibrate(rows: Iterable[Judged], seed: int) -> Calibration | None:
    """Return how well confidence is calibrated, with intervals; None where no row says how sure it is."""
    held: dict[str, Sums] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    for cluster, confidence, right in rows:
        sums = held[cluster][min(BINS - 1, int(confidence * BINS))]
        for at, value in enumerate((confidence, right, (confidence - right) ** 2, 1)):
            sums[at] += value
    clusters = list(held.values())
    if not clusters:
        return None
    together = _joined(clusters)
    count = round(sum(one[3] for one in together.values()))
    error = spread(clusters, _error, stream(seed, "bootstrap", "calibration"))
    brier = spread(clusters, _brier, stream(seed, "bootstrap", "brier"))
    return Calibration(
        Figure(_error(clusters), *error, count),
        Figure(_brier(clusters), *brier, count),
        [
            Bin(at / BINS, (at + 1) / BINS, round(one[0] / one[3], 4), round(one[1] / one[3], 4), round(one[3]))
            for at, one in sorted(together.items())
        ],
    )


def _joined(clusters: list[Sums]) -> Sums:
    bins: Sums = defaultdict(lambda: [0, 0, 0, 0])
    for cluster in clusters:
        for number, sums in cluster.items():
            for at, value in enumerate(sums):
                bins[number][at] += value
    return bins


def _error(clusters: list[Sums]) -> float:
    bins = _joined(clusters).values()
    return sum(abs(one[0] - one[1]) for one in bins) / (sum(one[3] for one in bins) or 1)


def _brier(clusters: list[Sums]) -> float:
    bins = _joined(clusters).values()
    return sum(one[2] for one in bins) / (sum(one[3] for one in bins) or 1)
