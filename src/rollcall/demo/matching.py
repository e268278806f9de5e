"""Decides which true person each listed row speaks of, and whom else it holds.

The rule. Every evidence row of an individual votes for the people of whom the truth says the same element and value in
the same mail; an identifier of the individual votes for its owner, a name with a birth date for its bearer. A vote is
worth the element's strength, shared out among all it fits (a family's address says little); where father and son of one
name stand beside each other, Jr or Sr decides. The most votes win; under one vote in all the row is nobody's. A row
*holds* somebody else as well when it carries an identifier that only the other person has, or a full name that fits the
other one and not the winner: that is a wrong merge.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from rollcall.demo.truth import Truth

STRENGTH = {
    "ssn": 3.0, "medical_record_number": 3, "patient_account_number": 3, "drivers_license": 3, "health_insurance": 2,
    "financial_account": 2, "name": 2, "date_of_birth": 2, "email": 1.5, "phone": 1, "address": 1,
}  # fmt: skip
WEAK = 0.3
OWN = frozenset(
    {"ssn", "medical_record_number", "patient_account_number", "drivers_license", "passport", "military_id"}
)
OWN_INSURANCE = frozenset({"member_id", "subscriber_id", "mbi", "hicn", "medicaid_id"})
TITLES = frozenset({"JR", "SR", "II", "III", "IV", "MR", "MS", "MRS", "DR", "MD", "DO", "RN"})
Key = tuple[str, str]


def key_of(element: str, value: str) -> str:
    """Return a value in the form in which two spellings of it are equal."""
    if element == "name":
        return name_key(value)
    if element in ("date_of_birth", "date_of_service", "date_of_death"):
        return _date_key(value)
    if element == "address":
        value = value.partition(",")[0]
    text = re.sub(r"[^0-9A-Z]", "", value.upper())
    if element == "phone":
        return text[-10:]
    return text.lstrip("0")


def name_key(name: str) -> str:
    """Return the words of a name in order of the alphabet, without initials, titles and suffixes."""
    words = re.sub(r"['’.]", "", name.upper())
    return " ".join(sorted({w for w in re.split(r"[^\w]+", words) if len(w) > 1 and w not in TITLES}))


def suffixes_of(names: Iterable[str]) -> set[str]:
    """Return what tells a father from his son of the same name."""
    words = {word for name in names for word in re.findall(r"[A-Z]+", name.upper())}
    return words & {"JR", "SR", "II", "III", "IV"}


def _date_key(value: str) -> str:
    if us := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", value.strip()):
        return f"{us[3]}-{int(us[1]):02}-{int(us[2]):02}"
    return value.strip()[:10]


class Row(msgspec.Struct):
    """One listed individual, as far as the grade needs it."""

    individual_id: str
    names: list[str]  # keys
    born: str
    own: set[Key]  # identifiers that one person has
    elements: set[str]
    said: set[tuple[str, str, str]]  # mail, element, key
    confidence: float | None
    label: str  # how a reader would call it
    person: str = ""  # whom it speaks of; "" for nobody
    held: list[str] = []  # whom it holds besides
    suffixes: set[str] = set()
    roles: set[str] = set()
    entities: set[str] = set()
    guardian: str = ""  # another row's id

    def mails(self) -> set[str]:
        """The mails its evidence stands in."""
        return {mail for mail, _, _ in self.said}


def _listed(value: Any) -> list[Any]:
    """Return a list that may be JSON text."""
    if isinstance(value, str):
        return list(json.loads(value)) if value.strip() else []
    return list(value or [])


def _is_own(element: str, subtype: str) -> bool:
    return (element in OWN and subtype != "last4") or (element == "health_insurance" and subtype in OWN_INSURANCE)


def read_rows(individuals: Iterable[Mapping[str, Any]], evidence: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Return the listed individuals with their evidence; lists may be Python's or JSON text."""
    rows: dict[str, Row] = {}
    for one in individuals:
        if str(one.get("listed", True)).lower() not in ("true", "1"):
            continue
        names = [str(name) for name in _listed(one.get("names"))]
        own = {
            (str(i["element"]), key_of(str(i["element"]), str(i["value"])))
            for i in _listed(one.get("identifiers"))
            if _is_own(str(i["element"]), str(i.get("subtype") or "full"))
        }
        confidence = one.get("confidence")
        rows[str(one["individual_id"])] = Row(
            individual_id=str(one["individual_id"]), names=[name_key(name) for name in names],
            born=_date_key(str(one.get("date_of_birth") or "")), own=own,
            elements={str(element) for element in _listed(one.get("elements"))}, said=set(),
            confidence=None if confidence in (None, "") else float(confidence),
            label=names[0] if names else "(no name)", suffixes=suffixes_of(names),
            roles={str(role) for role in _listed(one.get("roles"))},
            entities={str(entity) for entity in _listed(one.get("entities"))}, guardian=str(one.get("guardian") or ""),
        )  # fmt: skip
    for line in evidence:
        row = rows.get(str(line["individual_id"]))
        if row is None:
            continue
        element, value = str(line["element"]), str(line["value"])
        row.said.add((str(line.get("message_id") or ""), element, key_of(element, value)))
        if _is_own(element, str(line.get("subtype") or "full")):
            row.own.add((element, key_of(element, value)))
    return list(rows.values())


class Index:
    """The truth, to be asked who is meant."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.at: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        self.names: dict[str, set[str]] = defaultdict(set)  # person -> keys
        self.owners: dict[Key, set[str]] = defaultdict(set)
        self.born: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.staff: dict[str, str] = {}
        self.suffixes = {key: suffixes_of(one.names) for key, one in truth.people.items()}
        for document, fact in truth.facts():
            keys = {key_of(fact.element, fact.value)}
            if fact.element == "name" and fact.text:
                keys.add(name_key(fact.text))
                self.names[fact.person] |= keys
            for place in document.occurrences:
                for key in keys:
                    self.at[place.message_id, fact.element, key].add(fact.person)
        for person in truth.people.values():
            for name in person.names:
                self.names[person.person_id].add(name_key(name))
                self.born[name_key(name), person.date_of_birth or ""].add(person.person_id)
                if person.staff:
                    self.staff.setdefault(name_key(name), person.person_id)
            for element, value in person.identifiers:
                self.owners[element, key_of(element, value)].add(person.person_id)

    def match(self, row: Row) -> None:
        """Enter in the row whom it speaks of and whom it holds besides."""
        votes: dict[str, float] = defaultdict(float)
        for mail, element, key in sorted(row.said):
            _vote(votes, self.at.get((mail, element, key)), STRENGTH.get(element, WEAK))
        for pair in sorted(row.own):
            _vote(votes, self.owners.get(pair), 3.0)
        for name in row.names:
            _vote(votes, self.born.get((name, row.born)) if row.born else None, 4.0)
            for mail in sorted(row.mails()):
                _vote(votes, self.at.get((mail, "name", name)), 1.0)
        if row.suffixes:  # decides only between people for whom all else speaks alike
            for person in votes:
                votes[person] += 0.2 * bool(row.suffixes & self.suffixes[person])
        best = max(votes.items(), key=lambda vote: (vote[1], vote[0]), default=("", 0.0))
        staff = next((self.staff[name] for name in row.names if name in self.staff), "")
        row.person = best[0] if best[1] >= 1 else staff
        if row.person:
            row.held = sorted(self._others(row))

    def _others(self, row: Row) -> set[str]:
        others: set[str] = set()
        mails = row.mails()
        for pair in row.own:
            owners = self.owners.get(pair, set())
            # A subscriber's number beside a dependant's name is rightly both's.
            theirs = any(row.person in self.at.get((mail, *pair), ()) for mail in mails)
            if len(owners) == 1 and row.person not in owners and not theirs:
                others |= owners
        for name in row.names:
            if " " not in name or self._fits(name, row.person):
                continue
            there = set[str]().union(*(self.at.get((mail, "name", name), set()) for mail in mails))
            if len(there) == 1:
                others |= there
            elif not there and name in self.staff:
                others.add(self.staff[name])
        return others - {row.person}

    def _fits(self, name: str, person: str) -> bool:
        words = set(name.split())
        return any(words <= set(known.split()) or set(known.split()) <= words for known in self.names[person])


def _vote(votes: dict[str, float], people: set[str] | None, worth: float) -> None:
    for person in people or ():
        votes[person] += worth / len(people or ())


def parts_of(rows: list[Row]) -> int:
    """Return in how many parts one person's rows fall when those that plainly belong together are joined.

    Two rows belong together when they share an identifier of one's own, or a name and a birth date, and their names do
    not clash.
    """
    left = list(range(len(rows)))
    for one in range(len(rows)):
        for other in range(one):
            if left[one] != left[other] and _same(rows[one], rows[other]):
                old, new = left[one], left[other]
                left = [new if part == old else part for part in left]
    return len(set(left))


def _same(one: Row, other: Row) -> bool:
    if one.names and other.names and not _agree(one.names, other.names):
        return False
    if one.own & other.own:
        return True
    return bool(one.born) and one.born == other.born and bool(set(one.names) & set(other.names))


def _agree(ones: list[str], others: list[str]) -> bool:
    return any(set(a.split()) & set(b.split()) for a in ones for b in others)
