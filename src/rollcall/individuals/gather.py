"""From facts to what the resolver compares: one Profile per mention, and what of it will be shown.

Mentions come in the order of their ids, a range at a time, so that memory is bounded by the range and every number
given to a mention here is the same whatever the order or the partition of the input.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from rollcall.individuals.normalise import (
    Address,
    PersonName,
    address,
    birth_date,
    code,
    email,
    member_base,
    person_name,
    phone,
    read_name,
)

_SQL = Path(__file__).with_name("mention_facts.sql").read_text(encoding="utf-8")

# Numbers that were printed in pamphlets or put in to fill a field say nothing of who bears them.
_EMPTY_CHECKS = frozenset({"published_sample", "never_issued", "placeholder", "wrong_length", "too_short"})
_OWN_NUMBERS = frozenset({"drivers_license", "passport", "military_id", "tax_id", "patient_account_number"})
_PERSONAL_INSURANCE = frozenset({"mbi", "hicn", "medicaid_id"})
_SHOWN_NUMBERS = _OWN_NUMBERS | {
    "ssn", "medical_record_number", "health_insurance", "other_id", "payment_card", "financial_account",
}  # fmt: skip
ALONE = "~"  # marks the profile of a clinician or sender who is only named: it is compared with nobody
SHORTEST = 3  # "5" under "Account" is a count, not a number anybody has
MIN_WEIGHT = 0.4  # findings below it, second readings of a span among them, do not speak for identity


class Profile(msgspec.Struct, frozen=True, array_like=True):
    """What a mention says of who somebody is. Equal profiles are one to the resolver."""

    name: PersonName
    dobs: tuple[str, ...] = ()
    ssns: tuple[str, ...] = ()
    last4: tuple[str, ...] = ()
    mrns: tuple[tuple[str, str], ...] = ()  # issuer ("" unknown), value
    members: tuple[tuple[str, str], ...] = ()  # base, suffix of the person
    others: tuple[str, ...] = ()  # "element:issuer:value"
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # street keys
    zips: tuple[str, ...] = ()
    apart: str = ""  # keeps profiles from being taken as one: the blob of a weak one, the id of one under a decision

    @property
    def unique(self) -> bool:
        """Whether it bears a number that one person has."""
        return bool(self.ssns or self.mrns or self.others or any(suffix for _, suffix in self.members))

    @property
    def full_name(self) -> bool:
        """Whether first name (more than an initial) and family name are known."""
        return len(self.name.given) > 1 and bool(self.name.family)

    @property
    def named(self) -> bool:
        """Whether any of the name is known."""
        return bool(self.name.given or self.name.family)

    @property
    def strong(self) -> bool:
        """Whether it can stand for a person by itself: a name with a number of its own, or with the birth date."""
        return (self.named and self.unique) or (self.full_name and bool(self.dobs))


class Shown(msgspec.Struct, frozen=True, array_like=True):
    """What of a mention the list will show."""

    mention_id: str
    blob_id: str
    role: str
    sure: float
    kind: str
    name: str
    given: str
    middle: str
    family: str
    suffix: str
    dobs: tuple[tuple[str, str], ...]  # value, as written
    identifiers: tuple[tuple[str, str, str, str], ...]  # element, subtype, issuer, value
    addresses: tuple[tuple[str, str], ...]  # line, state
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    licence_state: str
    deceased: bool
    elements: tuple[tuple[str, float], ...]  # what may list the person, and how sure


def ranges(n: int) -> Iterator[tuple[str, str]]:
    """Yield `n` half-open ranges of mention ids that together hold all."""
    bounds = [f"{16**6 * index // n:06x}" for index in range(n)]
    yield from zip(["", *bounds[1:]], [*bounds[1:], "g"], strict=True)


def gather(
    connection: duckdb.DuckDBPyConnection, n_partitions: int, not_this: frozenset[str], ruled: frozenset[str]
) -> Iterator[tuple[Profile, Shown]]:
    """Yield the profile of every mention, in the order of their ids.

    The connection has the tables `mentions`, `memberships` and `findings`. Findings in `not_this` were ruled out by a
    person; mentions in `ruled` stand under a decision and are compared one by one.
    """
    for low, high in ranges(n_partitions):
        found = connection.sql(_SQL, params={"low": low, "high": high, "not_this": sorted(not_this)}).to_arrow_table()
        columns = [column.to_pylist() for column in found.columns]
        for mention_id, rows in groupby(zip(*columns, strict=True), key=itemgetter(0)):
            yield _read(list(rows), pinned=mention_id in ruled)


def _read(rows: list[tuple[Any, ...]], *, pinned: bool) -> tuple[Profile, Shown]:
    mention_id, blob_id, role, is_subject, name, sure, kind = rows[0][:7]
    seen = _Seen()
    for row in rows:
        if row[7] is not None:
            seen.add(*row[7:])
    pieces = seen.name
    if pieces.get("given") and pieces.get("family"):
        parts = (pieces["given"], pieces.get("middle", ""), pieces["family"], pieces.get("suffix", ""))
        known = person_name(*parts)
    else:
        known = read_name(name)
        parts = ("", "", "", "")
    places = [address(seen.place)] if seen.place else []
    places += [address({"full": line}) for line in seen.lines]
    weak = blob_id if is_subject else ALONE + mention_id
    return (
        _profile(known, seen, places, apart=mention_id if pinned else "", weak=weak),
        Shown(
            mention_id, blob_id, role, sure, kind, name, *parts,
            dobs=tuple(seen.dobs.items()),
            identifiers=tuple(sorted(seen.identifiers)),
            addresses=tuple((place.line, place.state) for place in places if place.key or place.state),
            phones=tuple(sorted(seen.phones)),
            emails=tuple(sorted(seen.emails)),
            licence_state=seen.licence_state,
            deceased=seen.deceased,
            elements=tuple(sorted(seen.elements.items())),
        ),
    )  # fmt: skip


def _profile(known: PersonName, seen: "_Seen", places: list[Address], *, apart: str, weak: str) -> Profile:
    profile = Profile(
        name=known,
        dobs=tuple(sorted(value for value in seen.dobs if birth_date(value))),
        ssns=tuple(sorted(seen.ssns)),
        last4=tuple(sorted(seen.last4)),
        mrns=tuple(sorted(seen.mrns)),
        members=tuple(sorted(seen.members)),
        others=tuple(sorted(seen.others)),
        phones=tuple(sorted(seen.phones)),
        emails=tuple(sorted(seen.emails)),
        places=tuple(sorted({place.key for place in places if place.key})),
        zips=tuple(sorted({place.zip for place in places if place.zip})),
        apart=apart,
    )
    # A name and no more says little; which content it stands in is then part of the evidence.
    if apart or profile.unique or profile.dobs or profile.members or profile.last4:
        return profile
    return msgspec.structs.replace(profile, apart=weak)


class _Seen:
    """The findings of one mention, sorted out."""

    def __init__(self) -> None:
        self.name: dict[str, str] = {}
        self.dobs: dict[str, str] = {}
        self.ssns: set[str] = set()
        self.last4: set[str] = set()
        self.mrns: set[tuple[str, str]] = set()
        self.members: set[tuple[str, str]] = set()
        self.others: set[str] = set()
        self.phones: set[str] = set()
        self.emails: set[str] = set()
        self.place: dict[str, str] = {}
        self.lines: list[str] = []
        self.identifiers: set[tuple[str, str, str, str]] = set()
        self.licence_state = ""
        self.deceased = False
        self.elements: dict[str, float] = {}

    def add(
        self, element: str, subtype: str, issuer: str | None, polarity: str, text: str, value: str, checked: str,
        weight: float,
    ) -> None:  # fmt: skip
        """Take one finding in."""
        if polarity != "asserted" or (element in _SHOWN_NUMBERS and len(code(value)) < SHORTEST):
            return
        if element == "date_of_death" and checked == "flag":
            self.deceased = self.deceased or value == "yes"
            return
        if element != "name" and (element != "address" or subtype not in ("city", "state", "zip")):
            self.elements[element] = max(self.elements.get(element, 0.0), round(weight, 4))
        if element in _SHOWN_NUMBERS and subtype not in ("payer", "group", "routing"):
            self.identifiers.add((element, subtype, issuer or "", value))
        reader = _READERS.get(element)
        if reader and weight >= MIN_WEIGHT:
            reader(self, subtype, issuer or "", text, value, checked not in _EMPTY_CHECKS)

    def add_name(self, subtype: str, _issuer: str, text: str, _value: str, _good: bool) -> None:
        self.name.setdefault(subtype, text.strip())

    def add_dob(self, _subtype: str, _issuer: str, text: str, value: str, _good: bool) -> None:
        self.dobs.setdefault(value, text)

    def add_ssn(self, subtype: str, _issuer: str, _text: str, value: str, good: bool) -> None:
        if good and subtype == "last4":
            self.last4.add(value)
        elif good:
            self.ssns.add(value)

    def add_mrn(self, _subtype: str, issuer: str, _text: str, value: str, good: bool) -> None:
        if good and value:
            self.mrns.add((issuer.lower(), code(value)))

    def add_insurance(self, subtype: str, issuer: str, text: str, value: str, good: bool) -> None:
        if not good or subtype in ("payer", "group"):
            return
        if subtype in _PERSONAL_INSURANCE:
            self.others.add(f"{subtype}::{code(value)}")
        else:
            self.members.add(member_base(value, text))

    def add_phone(self, _subtype: str, _issuer: str, _text: str, value: str, _good: bool) -> None:
        if digits := phone(value):
            self.phones.add(digits)

    def add_email(self, _subtype: str, _issuer: str, _text: str, value: str, _good: bool) -> None:
        if written := email(value):
            self.emails.add(written)

    def add_address(self, subtype: str, _issuer: str, _text: str, value: str, _good: bool) -> None:
        if subtype in ("street", "po_box", "full") and subtype in self.place:
            self.lines.append(value)
        else:
            self.place.setdefault(subtype, value)

    def add_licence(self, _subtype: str, issuer: str, _text: str, value: str, good: bool) -> None:
        self.add_own("drivers_license", issuer, value, good=good)
        if len(issuer) == 2:
            self.licence_state = issuer.upper()

    def add_own(self, element: str, issuer: str, value: str, *, good: bool) -> None:
        """Take a number in that belongs to one person."""
        if good and code(value):
            self.others.add(f"{element}:{issuer.lower()}:{code(value)}")

    def add_death(self, _subtype: str, _issuer: str, _text: str, _value: str, _good: bool) -> None:
        self.deceased = True


def _own(element: str) -> Any:
    def add(seen: _Seen, subtype: str, issuer: str, _text: str, value: str, good: bool) -> None:
        seen.add_own(element, issuer, value, good=good and subtype != "guarantor_account")  # a family's

    return add


_READERS: dict[str, Any] = {
    **{element: _own(element) for element in sorted(_OWN_NUMBERS)},
    "name": _Seen.add_name,
    "date_of_birth": _Seen.add_dob,
    "ssn": _Seen.add_ssn,
    "medical_record_number": _Seen.add_mrn,
    "health_insurance": _Seen.add_insurance,
    "phone": _Seen.add_phone,
    "email": _Seen.add_email,
    "address": _Seen.add_address,
    "drivers_license": _Seen.add_licence,
    "date_of_death": _Seen.add_death,
}
TELLING = frozenset(_READERS) | _SHOWN_NUMBERS  # all that a Profile is made of
