"""A made crowd with its truth: households, twins, Jr and Sr, namesakes, shared contracts, slips of the pen.

Written for these tests alone: names are drawn as often as people bear them, every number comes from the seed.
"""

import gzip
import random
from functools import cache
from pathlib import Path

import msgspec

import rollcall.elements

from .facts import Said, said

DATA = Path(rollcall.elements.__file__).parent / "data"


@cache
def _names(file: str) -> tuple[list[str], list[int]]:
    """The thousand commonest names of a list of the US Census, with about how many people bear each."""
    with gzip.open(DATA / file, "rt", encoding="ascii") as stream:
        rows = sorted(((int(line.split(",")[1], 36), line.split(",")[0]) for line in stream), reverse=True)[:1000]
    return [name.title() for _, name in rows], [2**weight for weight, _ in rows]


def _given(rng: random.Random) -> str:
    return rng.choices(*_names("given_names.csv.gz"))[0]


SHORT = {
    "Robert": "Bob",
    "William": "Bill",
    "Elizabeth": "Liz",
    "Michael": "Mike",
    "Jennifer": "Jen",
    "James": "Jim",
    "Richard": "Rick",
    "Thomas": "Tom",
    "Patricia": "Pat",
    "Deborah": "Debbie",
    "Edward": "Ed",
}
STREETS = [
    "Main",
    "Oak",
    "Pine",
    "Maple",
    "Cedar",
    "Elm",
    "Lake",
    "Hill",
    "Park",
    "Washington",
    "River",
    "Sunset",
    "Church",
    "Spring",
    "Mill",
]


class Person(msgspec.Struct):
    key: int
    given: str
    middle: str
    family: str
    suffix: str
    dob: str
    ssn: str
    mrn: str
    member: str
    street: str
    zip: str
    phone: str


def _dob(rng: random.Random, low: int, high: int) -> str:
    return f"{rng.randint(low, high)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _household(rng: random.Random, people: list[Person]) -> None:
    family = rng.choices(*_names("surnames.csv.gz"))[0]
    contract, street = f"X{rng.randint(10**8, 10**9 - 1)}", f"{rng.randint(1, 999)} {rng.choice(STREETS)} St"
    zip_code, phone = f"{rng.randint(10000, 99999)}", f"612{rng.randint(2000000, 9999999)}"
    parent = _dob(rng, 1950, 1975)
    size = rng.choice((1, 1, 2, 3, 4, 5))
    twins = size >= 4 and rng.random() < 0.3
    born = _dob(rng, 1990, 2015)
    father = _given(rng)
    for position in range(size):
        given, suffix, dob = _given(rng), "", _dob(rng, 1950, 1975) if position < 2 else _dob(rng, 1990, 2015)
        if position == 0:
            given, dob = father, parent
        if position == 2 and rng.random() < 0.1:
            given, suffix = father, rng.choice(("Jr", ""))
        if twins and position >= size - 2:
            dob = born
        people.append(
            Person(
                len(people),
                given,
                rng.choice("ABCDEFGHJKLMNPRSTW"),
                family,
                suffix,
                dob,
                f"{rng.randint(101, 665)}{rng.randint(1, 99):02}{rng.randint(1, 9999):04}",
                f"{rng.randint(10**6, 10**7)}",
                f"{contract}",
                street,
                zip_code,
                phone if rng.random() < 0.55 else f"612{rng.randint(2000000, 9999999)}",
            )
        )


def _slip(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1) if len(word) > 3 else 0
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if len(word) > 3 else word


def _name(rng: random.Random, person: Person) -> str:
    given, family, middle = person.given, person.family, person.middle if rng.random() < 0.4 else ""
    if rng.random() < 0.07:
        given = SHORT.get(given, given)
    if rng.random() < 0.02:
        given = _slip(rng, given)
    if rng.random() < 0.02:
        family = _slip(rng, family)
    if rng.random() < 0.02:
        given = given[0]
    suffix = person.suffix if rng.random() < 0.7 else ""
    if rng.random() < 0.45:
        return " ".join(f"{family.upper()}{' ' + suffix if suffix else ''}, {given.upper()} {middle}".split())
    return " ".join(f"{given} {middle} {family} {suffix}".split())


FIELDS = {  # kind of place -> how often each field stands in it
    "roster": {"dob": 0.95, "mrn": 0.7, "ssn": 0.5, "member": 0.4, "street": 0.7, "phone": 0.5},
    "claim": {"dob": 0.8, "member": 0.9, "ssn": 0.1, "dx": 1.0},
    "letter": {"dob": 0.3, "mrn": 0.3, "street": 0.8, "dx": 0.6},
    "mail": {"dob": 0.15, "mrn": 0.2, "phone": 0.2, "dx": 0.7},
    "payroll": {"ssn": 0.95, "street": 0.5, "dob": 0.4},
}


def _mention(rng: random.Random, person: Person, key: str) -> Said:
    kind = rng.choices(list(FIELDS), (42, 22, 16, 14, 6))[0]
    facts: dict[str, str | list[str]] = {}
    for field, often in FIELDS[kind].items():
        if rng.random() < often:
            facts[field] = "E11.9" if field == "dx" else getattr(person, field)
    if "street" in facts:
        facts["zip"] = person.zip
    if "dob" in facts and rng.random() < 0.02:
        year, month, day = str(facts["dob"]).split("-")
        facts["dob"] = f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{int(day) % 9 + 10}"
    if "ssn" in facts and rng.random() < 0.005:
        digits = str(facts["ssn"])
        facts["ssn"] = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    if not facts:
        facts["dx"] = "I10"
    return said(key, _name(rng, person), role="employee" if kind == "payroll" else "patient", **facts)


def crowd(n: int, seed: int) -> tuple[dict[str, int], list[Said]]:
    """Return (mention key -> person, mentions) of about `n` people, three mentions each in the middle."""
    rng = random.Random(seed)
    people: list[Person] = []
    while len(people) < n:
        _household(rng, people)
    truth: dict[str, int] = {}
    mentions: list[Said] = []
    for person in people:
        for _ in range(min(40, 1 + int(rng.expovariate(1 / 3.5)))):
            key = f"{len(mentions)}"
            truth[key] = person.key
            mentions.append(_mention(rng, person, key))
    for _ in range(len(mentions) // 2000):  # a row that slipped: another row's number
        one, other = rng.choice(mentions), rng.choice(mentions)
        if "ssn" in one.facts and "ssn" in other.facts:
            one.facts["ssn"] = other.facts["ssn"]
    return truth, mentions
