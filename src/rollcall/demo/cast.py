"""Who is who: all invented people, those who live with them, and the staff."""

import datetime
from random import Random

import msgspec

from rollcall.demo.chance import digits, stream
from rollcall.demo.pack import Pack
from rollcall.demo.people import Census, Person
from rollcall.demo.show import Style, draw_style, show_phone
from rollcall.demo.truth import TruePerson


class Staff(msgspec.Struct):
    """Somebody who works there and writes mail; their private data stand only in what HR keeps."""

    person: Person
    title: str
    credential: str
    department: str
    phone: str
    email: str
    sign: str  # how they sign: full, short, phone, none

    @property
    def name(self) -> str:
        """First and last name as the mail system shows it."""
        return f"{self.person.given} {self.person.family}"


class Cast:
    """Everybody of one hospital."""

    def __init__(self, pack: Pack, seed: int, households: list[list[Person]], mailboxes: int = 2) -> None:
        self.pack = pack
        self.today = datetime.date.fromisoformat(pack.org.first_day)  # the day of the mail being written
        self.saved: datetime.datetime | None = None  # its files; the small demo has one time for all
        self.entity = ""  # the covered entity that the mail being written is about, where there are several
        self.people = {person.person_id: person for household in households for person in household}
        self.homes = {person.person_id: household for household in households for person in household}
        self.staff = _make_staff(pack, seed, min(400, 24 + len(self.people) // 100), mailboxes)
        self.people |= {one.person.person_id: one.person for one in self.staff}
        doctors = [one for one in self.staff if one.credential in ("MD", "DO", "DNP", "PA-C")]
        self.doctors = [f"{one.person.given} {one.person.family}" for one in doctors]

    @property
    def dated(self) -> datetime.date | None:
        """The day that titles and file names go by; the small demo keeps to its one year."""
        return self.today if self.pack.wide else None

    @property
    def house(self) -> str:
        """Whose paper it is: the covered entity's, or the organisation's own."""
        return self.entity or self.pack.org.name

    def style(self, rng: Random, *, prose: bool = False) -> Style:
        """Return one writer's habits; who writes for an entity shows its record numbers."""
        style = draw_style(rng, self.pack, self.today, prose=prose)
        if self.entity:
            style.issuer = self.entity
        return style

    def other(self, person: Person, who: str, rng: Random) -> Person | None:
        """Return the guarantor, subscriber or contact of a person; adults mostly answer for themselves."""
        home = self.homes.get(person.person_id, [person])
        if who == "guarantor":
            return self.people.get(person.guardian or person.person_id, person)
        if who == "subscriber":
            return home[0] if person.age < 26 or rng.random() < 0.3 else person
        adults = [one for one in home if one is not person and one.age >= 18]
        return rng.choice(adults) if adults else None

    def true_people(self) -> dict[str, TruePerson]:
        """Return everybody as the truth knows them, nothing planted yet."""
        staff = {one.person.person_id for one in self.staff}
        return {person_id: _true(person, person_id in staff) for person_id, person in self.people.items()}


def _true(person: Person, staff: bool) -> TruePerson:
    parts = (person.given, person.middle, person.family, person.suffix)
    short = (person.given, person.family, person.suffix)
    names = [" ".join(part for part in way if part) for way in (parts, short)]
    if person.maiden:
        names.append(f"{person.given} {person.maiden}")
    identifiers = [
        ("ssn", person.ssn),
        *(("medical_record_number", value) for value in person.records.values()),
        ("patient_account_number", person.account),
        ("health_insurance", person.member),
        ("health_insurance", person.mbi),
        ("health_insurance", person.medicaid),
        ("drivers_license", person.licence),
        ("financial_account", person.bank[1]),
    ]
    return TruePerson(
        person_id=person.person_id,
        names=list(dict.fromkeys(names)),
        date_of_birth=person.born.isoformat(),
        identifiers=[(element, value) for element, value in identifiers if value],
        staff=staff,
        kinds=list(person.kinds),
    )


def _make_staff(pack: Pack, seed: int, count: int, mailboxes: int) -> list[Staff]:
    census = Census(pack, seed, prefix="S", number=600_000)  # numbers that no patient gets
    rng = stream(seed, "staff")
    staff: list[Staff] = []
    taken: set[str] = set()
    while len(staff) < count:
        person = census.make_household()[0]
        handle = f"{person.given[0]}{person.family}".lower()
        handle = "".join(c for c in handle if c.isalpha())
        if not 23 <= person.age <= 66 or handle in taken:
            continue
        taken.add(handle)
        title, credential = pack.titles[len(staff) % len(pack.titles)]
        homes = pack.org.custodians
        department = homes[len(staff) % len(homes)] if len(staff) < mailboxes else rng.choice(pack.org.departments)
        phone = show_phone(f"{pack.org.phone_area[0]}5550{digits(rng, 3)}", rng.choice(("dash", "dot", "paren")))
        sign = rng.choice(("full", "full", "full", "short", "phone", "none"))
        person.kinds, person.guardian = [], None
        staff.append(Staff(person, title, credential, department, phone, f"{handle}@{pack.org.domain}", sign))
    return staff
