"""How many people there will be, from the shards read so far.

Shards are taken in random order, so those done are a sample of all. People who stood in one shard only say how many
were in none yet: the incidence-based extrapolation of Chao and Colwell (Colwell et al. 2012, J. Plant Ecology 5:3-21,
eq. 18), bounded by what the remaining shards could hold at the rate of new people seen last. The interval comes from
leaving out one shard at a time. Where few people are named very often and most once, a sample below a tenth still says
little, and the interval is wide: the tests show how often it holds the truth.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean, pvariance

import msgspec

Z = 1.96


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """People so far, the projected range, and both in words."""

    so_far: int
    low: int
    high: int
    expected: int
    sentence: str


def estimate(keys: Sequence[Iterable[str]], shards_total: int, bytes_share: float | None = None) -> Estimate:
    """Return how many different people all shards will show, from the people's keys of each shard done.

    `bytes_share` is how much of the evidence the shards done are, where shards differ in size.
    """
    sets = [frozenset(some) for some in keys]
    done = len(sets)
    seen = Counter(key for some in sets for key in some)
    so_far = len(seen)
    share = bytes_share or (done / shards_total if shards_total else 1.0)
    if done == 0:
        return _told(0, 0, 0, 0, "Nothing has been read yet.")
    if share >= 1.0 or done >= shards_total:
        return _told(so_far, so_far, so_far, so_far, f"{so_far:,} people; everything has been read.")
    ahead = done / share - done  # shards still to come, of the size of those done
    expected = _extrapolate(so_far, _counts(seen), done, ahead)
    spread = _spread(sets, seen, ahead)
    # The model's own error grows with how far one looks beyond what was read; measured in the tests.
    spread = math.hypot(spread, 0.06 * (expected - so_far))
    low, high = _interval(so_far, expected, spread)
    # People differ in how often they are mentioned, which the model does not know; new ones cannot come faster than the
    # shards read last brought them, though. The less was read, the more that bound is believed.
    bound = so_far + ahead * _counts(seen)[0] / done
    high = max(high, math.ceil(expected + (bound - expected) * (1 - share) ** 2))
    percent = f"{100 * share:.0f}" if share >= 0.01 else f"{100 * share:.1f}"
    sentence = (
        f"{so_far:,} people so far, from {percent} % of the evidence; about {low:,} to {high:,} are expected in all."
    )
    return _told(so_far, low, high, round(expected), sentence)


def _told(so_far: int, low: int, high: int, expected: int, sentence: str) -> Estimate:
    return Estimate(so_far=so_far, low=low, high=high, expected=expected, sentence=sentence)


def _counts(seen: Counter[str]) -> tuple[int, int]:
    ones = sum(count == 1 for count in seen.values())
    twos = sum(count == 2 for count in seen.values())
    return ones, twos


def _extrapolate(so_far: int, counts: tuple[int, int], done: int, ahead: float) -> float:
    """Return how many different people `ahead` more shards lead to."""
    ones, twos = counts
    if ones == 0:
        return float(so_far)
    straight = ahead * ones / done
    if twos == 0:  # nobody met twice: new people keep coming as they came
        return so_far + straight
    unseen = (done - 1) / done * ones * ones / (2 * twos)
    rate = ones / (done * unseen + ones)
    return so_far + min(unseen * (1.0 - math.pow(1.0 - rate, ahead)), straight)


def _spread(sets: Sequence[frozenset[str]], seen: Counter[str], ahead: float) -> float:
    """Return the standard error: jackknife over shards, counts adjusted instead of made anew."""
    done = len(sets)
    if done < 2:
        return float(len(seen)) / 2
    ones, twos = _counts(seen)
    without = []
    for some in sets:
        here = Counter(seen[key] for key in some)
        counts = ones - here[1] + here[2], twos - here[2] + here[3]
        without.append(_extrapolate(len(seen) - here[1], counts, done - 1, ahead + 1))
    return math.sqrt((done - 1) * pvariance(without, fmean(without)))


def _interval(so_far: int, expected: float, spread: float) -> tuple[int, int]:
    """Return a log-normal interval of what is still to come, so that it never falls below what was seen."""
    new = expected - so_far
    if new <= 0:
        return so_far, max(so_far, round(so_far + Z * spread))
    factor = math.exp(Z * math.sqrt(math.log1p((spread / new) ** 2)))
    # Near the end the factor grows out of proportion where lists bring many people at once.
    return math.floor(so_far + new / factor), math.ceil(min(so_far + new * factor, expected + 2.5 * spread))
