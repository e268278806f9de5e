"""A cluster of mentions to an Individual: what is shown of a person, whether they are listed, and why in words."""

import datetime
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from rollcall.elements.names import Name
from rollcall.individuals.confidence import known_of, probability
from rollcall.individuals.family import is_minor
from rollcall.individuals.fictional import is_made_up, is_of_tests
from rollcall.individuals.gather import TELLING, Shown
from rollcall.individuals.normalise import birth_date, code, parsed_name
from rollcall.model import Individual

_SUBJECT = "subject"  # the role of a mention that nothing says more of
_SECOND = "other"  # ... and of whoever is named beside the subject of a row without a word of why


class Listing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which elements list a person in which role (listing.toml)."""

    min_confidence: float
    least_evidence: float
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
        if shown.role == "provider":  # a clinician's licence number makes nobody a person of the list
            return False
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
            real = any(one.name and not is_of_tests(one.name) for one in mentions)
            return any(rules.lists(one) if real else rules.identifies(one) for one in mentions)
        return any(rules.lists(one) for one in mentions)
    return any(rules.identifies(one) for one in mentions)


def _stands_for_nobody(mentions: Sequence[Shown]) -> bool:
    named = [one.name for one in mentions if one.name]
    return bool(named) and all(map(is_made_up, named))


def individual(
    individual_id: str, mentions: Sequence[Shown], *, reasons: Sequence[str], candidates: Sequence[str], open_: bool,
    on: datetime.date | None = None, hints: Mapping[str, str] | None = None,
) -> Individual:  # fmt: skip
    """Return what the list shows of one person; mentions come in the order of their ids.

    Ages are told as of `on`; `hints` tell whose content a blob is, by what its file and mail are called.
    """
    names = _names(mentions)
    best = names[0] if names else Name()
    dob, dob_text = _birth(mentions)
    places = Counter(place for one in mentions for place in one.addresses)
    state, state_source = _state(mentions)
    fine = _roles(mentions, hints or {})
    nameless = not names
    made_up = _stands_for_nobody(mentions)
    weak = not (open_ or nameless or made_up) and _is_weak(mentions)
    open_ = open_ or made_up or weak
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
        minor=_minor(mentions, on),
        deceased=True if any(one.deceased for one in mentions) else None,
        guardian=None,
        language=None,
        roster_ids=[],
        confidence=probability(known(mentions, reasons), resolved=not (open_ or nameless)),
        candidates=list(candidates),
        why="a name that stands for nobody, as in tests and forms"
        if made_up
        else "what stands here was read with too little confidence to say that it is somebody's"
        if weak
        else _why(len(mentions), reasons, open_=open_, nameless=nameless, n_candidates=len(candidates)),
    )


def _roles(mentions: Sequence[Shown], hints: Mapping[str, str]) -> list[str]:
    """Return the fine roles; who is the subject of something that does not say as what is a patient, if nothing else.

    The evidence is a hospital's: of the people its records are about, patients are those it need not say it of.
    """
    told = {hints.get(one.blob_id, _SUBJECT) if one.role == _SUBJECT else one.role for one in mentions}
    known = told - {_SUBJECT}
    if _SUBJECT in told and not known & listing().folded.keys():
        known.add("patient")
    if len(known) > 1:
        known.discard(_SECOND)
    return sorted(known)


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


def _minor(mentions: Sequence[Shown], on: datetime.date | None) -> bool | None:
    """Say whether they are under age; None where several birth dates of theirs say different things."""
    said = {is_minor(value, on) for one in mentions for value, _ in one.dobs} - {None} if on else set()
    return said.pop() if len(said) == 1 else None


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


def _is_weak(mentions: Sequence[Shown]) -> bool:
    """Say whether all that would list somebody, taken together, is likelier misread than not."""
    rules = listing()
    missed = 1.0
    for one in mentions:
        counted = [weight for element, weight in one.elements if element in rules.sensitive | rules.of_patients]
        missed *= 1 - min(max(counted, default=0.0), 0.99)
    tells = any(birth_date(value) for one in mentions for value, _ in one.dobs) or any(map(rules.identifies, mentions))
    evidence = max(one.sure for one in mentions) * (1 - missed)
    # Two places that say it, and a number or birth date that ties them, are no slip.
    return not (tells and len(mentions) > 1) and evidence * (1.0 if tells else 0.8) < rules.least_evidence


def known(mentions: Sequence[Shown], reasons: Sequence[str]) -> dict[str, float]:
    """Return what is known of a person as numbers, for the model of confidence."""
    return known_of(mentions, [link_confidence(why) for why in reasons])


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
