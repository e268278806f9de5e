"""Who is a child, and who is to be written to in a child's place.

Whoever is called a guardian is one, also an adult's. A parent, and whoever answers for a bill in somebody's place, is a
guardian unless the other is known to be of age: adults answer for themselves. The holder of a plan is one of a known
minor only, for spouses depend on plans too. The plainest word decides, then the number of places that say so; of two
parents named as often either is one.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.individuals.normalise import birth_date
from rollcall.model import Individual

OF_AGE = 18
# What one is to the other, the plainest first, and of whom that makes a guardian: of minors (True), of those whose age
# nothing tells (None), of adults (False).
_GUARDING: dict[str, tuple[bool | None, ...]] = {
    "guardian_of": (True, None, False),
    "parent_of": (True, None),
    "guarantor_of": (True, None),
    "subscriber_of": (True,),
}
_REVERSED = {"dependent_of": "subscriber_of"}  # said of the child, not of the grown-up


def is_minor(born: str, on: datetime.date) -> bool | None:
    """Say whether somebody born then is under age on a day; None where the birth date does not tell."""
    whole = birth_date(born)
    if whole:
        year, month, day = map(int, whole.split("-"))
        return on.year - year - ((on.month, on.day) < (month, day)) < OF_AGE
    if len(born) == 4 and born.isdigit():
        years = on.year - int(born)
        return None if years == OF_AGE else years < OF_AGE
    return None


def with_guardians(people: Sequence[Individual], relations: pa.Table, person_of: Mapping[str, str]) -> list[Individual]:
    """Return the people with their guardians; `person_of` says whose a mention is."""
    known = {one.individual_id: one for one in people}
    said: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for relation, child, adult in _told(relations, person_of):
        if child != adult and _may_guard(relation, known[child], known[adult]):
            said[child][relation][adult] += 1
    found = {child: _chosen(by_relation) for child, by_relation in said.items()}
    return [
        msgspec.structs.replace(one, guardian=found[one.individual_id]) if found.get(one.individual_id) else one
        for one in people
    ]


def _told(relations: pa.Table, person_of: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Yield what is said: the relation, the individual who may be a child, and who may be the guardian."""
    wanted = pc.is_in(relations["relation"], pa.array([*_GUARDING, *_REVERSED]))
    held = relations.filter(wanted)
    for one, other, relation in zip(
        *(held[name].to_pylist() for name in ("mention_id", "other_id", "relation")), strict=True
    ):
        adult, child = (other, one) if relation in _REVERSED else (one, other)
        if adult in person_of and child in person_of:
            yield _REVERSED.get(relation, relation), person_of[child], person_of[adult]


def _may_guard(relation: str, child: Individual, adult: Individual) -> bool:
    if adult.minor or adult.deceased:
        return False
    return child.minor in _GUARDING[relation]


def _chosen(by_relation: Mapping[str, Counter[str]]) -> str | None:
    for relation in _GUARDING:
        if counted := by_relation.get(relation):
            return min(counted, key=lambda one: (-counted[one], one))
    return None
