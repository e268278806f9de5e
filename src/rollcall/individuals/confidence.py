"""How likely it is that a person of the list is one real person who belongs there.

A logistic model of what is known of them. Its weights (confidence.toml) come from made-up hospitals whose truth is
known: `training/fit_confidence.py` makes them, fits, and writes the file.
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from rollcall.individuals.gather import Shown
from rollcall.individuals.normalise import birth_date, code

UNRESOLVED = 0.5  # of what a clear case would have: one of several people, or nobody who can be named
_MOST = 2  # conflicts beyond which more tell nothing new
_SINGLE = frozenset((("ssn", "full"), ("health_insurance", "mbi"), ("drivers_license", "licence")))
_CEILING = 0.999


class _Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    weights: dict[str, float]


@cache
def _weights() -> Mapping[str, float]:
    text = Path(__file__).with_name("confidence.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Model).weights


def known_of(mentions: Sequence[Shown], reasons: Sequence[float]) -> dict[str, float]:
    """Return what is known of a person, as numbers of about one; `reasons` are how sure each mention's link is.

    What was tried and told nothing more, on hospitals that were not fitted: how many mentions and contents there are,
    how sure the findings and mentions are by themselves, identifying numbers, addresses and phones.
    """
    kinds = {one.kind for one in mentions}
    return {
        "always": 1.0,
        "record": float("record" in kinds),
        "row": float("row" in kinds),
        "form": float("form" in kinds),
        "whole_name": float(any(_is_whole(one) for one in mentions)),
        "birth_date": float(any(birth_date(value) for one in mentions for value, _ in one.dobs)),
        "conflicts": math.log2(1 + min(_conflicts(mentions), _MOST)),
        "weakest_link": 1.0 - min(reasons, default=1.0),
    }


def _conflicts(mentions: Sequence[Shown]) -> int:
    """Return of how many things they have several of which a person has one."""
    values: dict[tuple[str, str, str], set[str]] = {}
    for one in mentions:
        for element, subtype, issuer, value in one.identifiers:
            if (element, subtype) in _SINGLE:
                values.setdefault((element, subtype, issuer), set()).add(code(value))
        for value, _ in one.dobs:
            if birth_date(value):
                values.setdefault(("date_of_birth", "", ""), set()).add(value)
    return sum(len(some) > 1 for some in values.values())


def _is_whole(one: Shown) -> bool:
    """Say whether a mention names first and family name, neither of them by a letter."""
    parts = [one.given, one.family] if one.given and one.family else one.name.replace(",", " ").split()
    return sum(len(part.rstrip(".")) > 1 for part in parts) > 1


def probability(known: Mapping[str, float], *, resolved: bool) -> float:
    """Return the probability, to four places."""
    likely = 1 / (1 + math.exp(-sum(weight * known[name] for name, weight in _weights().items())))
    return round(min(likely * (1.0 if resolved else UNRESOLVED), _CEILING), 4)
