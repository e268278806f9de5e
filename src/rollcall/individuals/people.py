"""A cluster of mentions to an Individual: what is shown of a person, whether they are listed, and why in words."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from rollcall.elements.names import Name
from rollcall.individuals.gather import TELLING, Shown
from rollcall.individuals.normalise import birth_date, code, parsed_name
from rollcall.model import Individual


class Listing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which elements list a person in which role (listing.toml)."""

    min_confidence: float
    sensitive: frozenset[str]
    of_patients: frozenset[str]
    patients: frozenset[str]
    identifying: frozenset[str]
    folded: dict[str, str]

    def lists(self, shown: Shown) -> bool:
        """Say whether what this mention holds puts its person on the list."""
        counted = self.sensitive | self.of_patients if shown.role in self.patients else self.sensitive
        return any(element in counted and weight >= self.min_confidence for element, weight in shown.elements)

    def identifies(self, shown: Shown) -> bool:
        """Say whether the mention holds a number that would name its bearer."""
        return any(element in self.identifying and weight >= self.min_confidence for element, weight in shown.elements)


@cache
def listing() -> Listing:
    """Return the rules of who is listed."""
    return msgspec.convert(tomllib.loads(Path(__file__).with_name("listing.toml").read_text(encoding="utf-8")), Listing)


def telling() -> frozenset[str]:
    """Return the elements that could join a nameless mention with another, or list whoever it speaks of."""
    return TELLING | listing().identifying


def is_listed(mentions: Iterable[Shown]) -> bool:
    """Decide whether a person is proposed at all: named with an element that counts, or known by a number alone."""
    rules = listing()
    mentions = list(mentions)
    if any(one.name for one in mentions):
        if _stands_for_nobody(mentions):
            # Some people are called John Roe, and a number is somebody's: those stay, for a person to look at.
            real = any(one.name and not _TEST.fullmatch(_plain(one.name)) for one in mentions)
            return any(rules.lists(one) if real else rules.identifies(one) for one in mentions)
        return any(rules.lists(one) for one in mentions)
    return any(rules.identifies(one) for one in mentions)


_TEST = re.compile(r"(?i)(?:.*\bzz+\w*.*|(?:.*\b)?test[ ,]+(?:patient|test)\b.*|patient[ ,]+test\b.*)")
_ANYBODY = re.compile(
    r"(?i)(?:(?:john|jane) (?:q\.? )?(?:doe|roe|public|sample|citizen)"
    r"|(?:doe|roe|public|sample|citizen), (?:john|jane)(?: q\.?)?)"
)


def _plain(name: str) -> str:
    return " ".join(name.split())


def _stands_for_nobody(mentions: Sequence[Shown]) -> bool:
    named = [one.name for one in mentions if one.name]
    return bool(named) and all(map(is_made_up, named))


def is_made_up(name: str) -> bool:
    """Say whether a name stands for nobody: "Zztest" marks test patients in record systems, "John Doe" is anybody."""
    plain = _plain(name)
    return bool(_TEST.fullmatch(plain) or _ANYBODY.fullmatch(plain))


def individual(
    individual_id: str, mentions: Sequence[Shown], *, reasons: Sequence[str], candidates: Sequence[str], open_: bool
) -> Individual:
    """Return what the list shows of one person; mentions come in the order of their ids."""
    names = _names(mentions)
    best = names[0] if names else Name()
    dob, dob_text = _birth(mentions)
    places = Counter(place for one in mentions for place in one.addresses)
    state, state_source = _state(mentions)
    fine = sorted({one.role for one in mentions})
    nameless = not names
    made_up = _stands_for_nobody(mentions)
    open_ = open_ or made_up
    return Individual(
        individual_id=individual_id,
        status="unresolved" if open_ or nameless else "proposed",
        names=[name.natural for name in names],
        given_name=best.given or None,
        middle_name=best.middle or None,
        family_name=best.family or None,
        suffix=best.suffix or None,
        date_of_birth=dob,
        date_of_birth_text=dob_text,
        identifiers=_identifiers(mentions),
        addresses=[line for (line, _), _ in sorted(places.items(), key=_most)],
        phones=_ranked(number for one in mentions for number in one.phones),
        emails=_ranked(mail for one in mentions for mail in one.emails),
        state=state,
        state_source=state_source,
        roles=sorted({listing().folded.get(role, "other") for role in fine}),
        fine_roles=fine,
        minor=None,
        deceased=True if any(one.deceased for one in mentions) else None,
        guardian=None,
        language=None,
        roster_ids=[],
        confidence=_confidence(mentions, reasons, open_=open_, nameless=nameless),
        candidates=list(candidates),
        why="a name that stands for nobody, as in tests and forms"
        if made_up
        else _why(len(mentions), reasons, open_=open_, nameless=nameless, n_candidates=len(candidates)),
    )


def _most(item: tuple[Any, int]) -> tuple[int, Any]:
    return -item[1], item[0]


def _ranked(values: Iterable[str]) -> list[str]:
    return [value for value, _ in sorted(Counter(values).items(), key=_most)]


def _names(mentions: Sequence[Shown]) -> list[Name]:
    """Return the different names, the most complete first, then the most frequent."""
    written = Counter((one.name, one.given, one.middle, one.family, one.suffix) for one in mentions)
    counted: Counter[Name] = Counter()
    for parts, count in written.items():
        counted[_name(*parts)] += count
    counted.pop(Name(), None)
    whole: dict[str, tuple[Name, int]] = {}
    for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0].natural)):
        key = name.natural.lower().replace(".", "")
        kept = whole.get(key)
        whole[key] = (kept[0], kept[1] + count) if kept else (name, count)

    def rank(item: tuple[Name, int]) -> tuple[Any, ...]:
        name, count = item
        return (not name.full, len(name.given) < 2, -len(name.middle), not name.suffix, -count, name.natural)

    return [name for name, _ in sorted(whole.values(), key=rank)]


def _name(text: str, given: str, middle: str, family: str, suffix: str) -> Name:
    parsed = parsed_name(f"{family}, {given} {middle}".strip() if given and family else text)
    return Name(
        given=parsed.given,
        middle=parsed.middle,
        family=parsed.family,
        suffix=parsed.suffix or (suffix if given and family else ""),
    )


def _birth(mentions: Sequence[Shown]) -> tuple[str | None, str | None]:
    counted = Counter(value for one in mentions for value, _ in one.dobs)
    ranked = sorted(counted.items(), key=lambda item: (not birth_date(item[0]), -item[1], item[0]))
    if not ranked:
        return None, None
    best = ranked[0][0]
    text = min(text for one in mentions for value, text in one.dobs if value == best)
    return birth_date(best) or None, text


def _identifiers(mentions: Sequence[Shown]) -> list[dict[str, str | None]]:
    rows = {
        (element, subtype, issuer, value if element == "ssn" else code(value))
        for one in mentions
        for element, subtype, issuer, value in one.identifiers
    }
    return [
        {"element": element, "subtype": subtype, "issuer": issuer or None, "value": value}
        for element, subtype, issuer, value in sorted(rows)
    ]


def _state(mentions: Sequence[Shown]) -> tuple[str | None, str | None]:
    states = _ranked(state for one in mentions for _, state in one.addresses if state)
    if states:
        return states[0], "address"
    licences = _ranked(one.licence_state for one in mentions if one.licence_state)
    return (licences[0], "drivers_license") if licences else (None, None)


def link_confidence(why: str) -> float:
    """Return how sure it is that a mention joined for this reason is of the person."""
    for start, confidence in _REASONS:
        if why.startswith(start):
            return confidence
    return 0.9


_REASONS = (
    ("ruled", 1.0),
    ("share", 0.99),
    ("same name and birth", 0.985),
    ("same name", 0.95),
    ("like name", 0.94),
    ("same first name", 0.92),
    ("bears", 0.95),
    ("shares", 0.9),
    ("the only person of that name in", 0.7),
    ("the only person", 0.8),
    ("the same name", 0.7),
    ("unresolved", 0.5),
    ("stands alone", 0.97),
)


def _confidence(mentions: Sequence[Shown], reasons: Sequence[str], *, open_: bool, nameless: bool) -> float:
    rules = listing()
    listed = [
        max((weight for element, weight in one.elements if element in rules.sensitive | rules.of_patients), default=0.0)
        for one in mentions
    ]
    missed = 1.0
    for weight in listed:
        missed *= 1 - min(weight, 0.99)
    sure = max(one.sure for one in mentions) * (1 - missed)
    known = any(birth_date(value) for one in mentions for value, _ in one.dobs) or any(
        rules.identifies(one) for one in mentions
    )
    if open_ or nameless:
        sure *= 0.5
    elif not known:
        sure *= 0.8
    elif len(mentions) > 1:
        sure = 1 - (1 - sure) * 0.5
    return round(min(sure, 0.999), 4)


def _why(n: int, reasons: Sequence[str], *, open_: bool, nameless: bool, n_candidates: int) -> str:
    told = f"{n} mention{'s' if n > 1 else ''}"
    if n > 1 and reasons:
        told += ": " + ", ".join(
            f"{why} ({count})" for why, count in sorted(Counter(reasons).items(), key=_most) if why
        )
    if open_ and n_candidates:
        told += f"; may be one of {n_candidates} others, nothing says which"
    elif nameless:
        told += "; a number without a name that belongs to nobody known"
    elif open_:
        told += "; too little of the name to say who"
    return told
