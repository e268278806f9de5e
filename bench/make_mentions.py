"""Make mentions of invented people with known truth, as the tables that the resolver reads.

    from make_mentions import make
    made = make(seed=11, n_people=209_048)

Each mention is a row, a claim, a letter, a mail or a payroll line about somebody: some of their particulars, written as
such papers write them. Hard cases are mixed in: nicknames, slips, initials, maiden names, fathers and sons of one name,
twins, namesakes born the same day, people who moved, numbers of several hospitals, the family's number without the
person's part, shared phones, numbers read badly by OCR, rows shifted so that they bear their neighbour's number,
clinicians and organisations who are nobody on the list. Settings follow `resolve_store_scale` (section A), and go
beyond it; the seeds reported are never those that weights are tuned on.
"""

import datetime
from collections.abc import Iterator
from random import Random

import msgspec
import pyarrow as pa

from rollcall.demo.names import NICKNAMES
from rollcall.demo.pack import load_pack
from rollcall.demo.people import Person, make_people
from rollcall.model import Finding, Membership, Mention, Relation, schema

CHUNK = 100_000  # mentions in hand as Python objects

# kind -> share of mentions; probability of each field being there; kind of mention, role
KINDS: dict[str, tuple[float, dict[str, float]]] = {
    "roster": (
        0.42, {"ssn": 0.25, "mrn": 0.55, "member": 0.45, "dob": 0.9, "address": 0.6, "phone": 0.5, "email": 0.2},
    ),
    "claim": (0.22, {"ssn": 0.05, "mrn": 0.2, "member": 0.85, "dob": 0.75, "account": 0.4}),
    "letter": (0.16, {"address": 0.95, "mrn": 0.3, "member": 0.15, "dob": 0.2, "account": 0.2}),
    "mail": (0.14, {"mrn": 0.3, "dob": 0.3, "phone": 0.25, "ssn_last4": 0.05, "email": 0.1}),
    "payroll": (0.06, {"ssn": 0.7, "dob": 0.4, "address": 0.3, "licence": 0.1}),
}  # fmt: skip
SHAPE = {"roster": ("row", "patient"), "claim": ("row", "member"), "letter": ("form", "patient"),
         "mail": ("prose", "subject"), "payroll": ("row", "employee")}  # fmt: skip
ORGANISATIONS = ("Clinic", "Pharmacy", "Dental", "Associates", "Hospital")
Field = tuple[str, str, str | None, str]  # element, subtype, issuer, as written
_LOOKS_LIKE = {"0": "8O", "1": "7l", "2": "Z7", "3": "8", "5": "S6", "6": "5b", "8": "3B", "9": "4"}


class Made(msgspec.Struct):
    """Mentions with their findings, and whose each is ("" for people who belong on no list)."""

    mentions: pa.Table
    memberships: pa.Table
    findings: pa.Table
    relations: pa.Table
    truth: dict[str, str]
    people: list[Person]


def make(seed: int, n_people: int, mean: float = 4.8, noise: float = 0.02) -> Made:
    """Return about `mean` mentions of each of `n_people` people, and `noise` as many of others."""
    people = [one for household in make_people(load_pack("dev"), seed, n_people) for one in household]
    _namesakes(people, Random(f"{seed}|namesakes"))
    rows = _Rows()
    for one, other, number in _places(people, seed, mean):
        rows.write(one, other, Random(f"{seed}|{number}"), number)
    for number in range(int(noise * n_people * mean)):
        rows.write_stranger(Random(f"{seed}|stranger|{number}"), people, number)
    return rows.made(people)


def _namesakes(people: list[Person], rng: Random) -> None:
    """Give some the name and the birth date of somebody in another household."""
    for _ in range(len(people) // 4000):
        one, other = rng.sample(people, 2)
        if one.household != other.household and one.sex == other.sex:
            one.given, one.family, one.born, one.suffix = other.given, other.family, other.born, other.suffix


def _places(people: list[Person], seed: int, mean: float) -> Iterator[tuple[Person, Person, int]]:
    """Yield who is mentioned where, beside whom, in an order that mixes people."""
    rng = Random(f"{seed}|places")
    order = [index for index in range(len(people)) for _ in range(_times(rng, mean))]
    rng.shuffle(order)
    for number, index in enumerate(order):
        yield people[index], people[order[number - 1]], number


def _times(rng: Random, mean: float) -> int:
    times = 1
    while times < 60 and rng.random() > 1 / mean:
        times += 1
    return times


class _Rows:
    """The three tables being written, column by column."""

    def __init__(self) -> None:
        self.truth: dict[str, str] = {}
        self._mentions: list[tuple[object, ...]] = []
        self._members: list[tuple[str, str]] = []
        self._findings: list[tuple[object, ...]] = []
        self._done: dict[str, list[pa.Table]] = {"mentions": [], "memberships": [], "findings": []}

    def write(self, one: Person, beside: Person, rng: Random, number: int) -> None:
        """Write a mention of somebody; now and then with a number of whom stands beside them."""
        kind = rng.choices(list(KINDS), [share for share, _ in KINDS.values()])[0]
        there = {field for field, chance in KINDS[kind][1].items() if rng.random() < chance}
        found = [("name", part, None, text) for part, text in _name(one, kind, rng).items() if text]
        name = _written(found, rng)
        shifted = beside if rng.random() < 0.0005 else one
        found += [each for field in sorted(there) for each in _field(field, one, shifted, rng)]
        self._add(one.person_id, kind, name, found, number)

    def write_stranger(self, rng: Random, people: list[Person], number: int) -> None:
        """Write a mention of a clinician, or of an organisation that a reader took for somebody."""
        like = rng.choice(people)
        if rng.random() < 0.5:
            name, role = f"{like.given} {like.family} MD", "provider"
        else:
            name, role = f"{like.family} {rng.choice(ORGANISATIONS)}", "other"
        phone = ("phone", "", None, rng.choice(people).phone)
        self._add("", "mail", name, [("name", "full", None, name), phone], -1 - number, role)

    def _add(self, person: str, kind: str, name: str, found: list[Field], number: int, role: str = "") -> None:
        # Ids of which no two are near each other: sorted by them, the people are well mixed.
        mention_id = f"{number % 2**64 * 0x9E3779B97F4A7C15 % 2**64:016x}{number % 2**64:016x}"
        shape, own = SHAPE[kind]
        role = role or own
        self.truth[mention_id] = person
        self._mentions.append((mention_id, f"{number // 40:032x}", number, shape, role, role != "provider", name))
        for ordinal, (element, subtype, issuer, text) in enumerate(found):
            finding_id = f"{mention_id}{ordinal:02x}"
            value = text.lower() if element in ("name", "email") else text
            self._findings.append((finding_id, f"{number // 40:032x}", number, element, subtype, issuer, text, value))
            self._members.append((mention_id, finding_id))
        if len(self._mentions) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        m, f, s = (list(zip(*rows, strict=True)) for rows in (self._mentions, self._findings, self._members))
        self._done["mentions"].append(_table(Mention, len(m[0]), {
            "mention_id": m[0], "blob_id": m[1], "row": m[2], "kind": m[3], "role": m[4], "is_subject": m[5],
            "name": m[6], "confidence": 0.95,
        }))  # fmt: skip
        self._done["findings"].append(_table(Finding, len(f[0]), {
            "finding_id": f[0], "blob_id": f[1], "row": f[2], "element": f[3], "subtype": f[4], "issuer": f[5],
            "text": f[6], "value": f[7], "check": "valid", "polarity": "asserted", "confidence": 0.95,
        }))  # fmt: skip
        self._done["memberships"].append(
            _table(Membership, len(s[0]), {"mention_id": s[0], "finding_id": s[1], "confidence": 0.95})
        )
        self._mentions, self._members, self._findings = [], [], []

    def made(self, people: list[Person]) -> Made:
        """Return everything that was written."""
        if self._mentions:
            self._flush()
        whole = {name: pa.concat_tables(tables) for name, tables in self._done.items()}
        return Made(**whole, relations=schema(Relation).empty_table(), truth=self.truth, people=people)


def _table(record: type, n: int, given: dict[str, object]) -> pa.Table:
    """Return a table of a record class: columns as given, one value for all, or what stands for nothing."""
    target = schema(record)
    columns = []
    for field in target:
        value = given.get(field.name)
        if isinstance(value, tuple):
            columns.append(pa.array(value, type=field.type))
        elif value is not None:
            columns.append(pa.repeat(pa.scalar(value, field.type), n))
        elif field.nullable:
            columns.append(pa.nulls(n, field.type))
        else:
            columns.append(pa.repeat(pa.scalar("" if pa.types.is_string(field.type) else 0, field.type), n))
    return pa.Table.from_arrays(columns, schema=target)


# --- how papers write somebody -------------------------------------------------------------------------------------


def _name(one: Person, kind: str, rng: Random) -> dict[str, str]:
    given, family, middle, suffix = one.given, one.family, one.middle, one.suffix
    chance = rng.random()
    if chance < 0.07:
        given = NICKNAMES.get(given, given)
    elif chance < 0.10 and kind != "payroll":
        given = given[0]
    if one.maiden and rng.random() < 0.35:
        family = one.maiden
    given = _slip(given, rng) if rng.random() < 0.025 else given
    family = _slip(family, rng) if rng.random() < 0.025 else family
    if rng.random() < 0.004:
        given, family = family, given
    middle = "" if rng.random() < 0.5 else middle[:1] if rng.random() < 0.6 else middle
    suffix = suffix if rng.random() < 0.7 else ""
    if rng.random() < 0.3:
        given, middle, family = given.upper(), middle.upper(), family.upper()
    return {"given": given, "middle": middle, "family": family, "suffix": suffix}


def _written(found: list[Field], rng: Random) -> str:
    parts = {part: text for _, part, _, text in found}
    first = " ".join(filter(None, (parts.get("given"), parts.get("middle"))))
    last = " ".join(filter(None, (parts.get("family"), parts.get("suffix"))))
    return f"{last}, {first}" if rng.random() < 0.45 else f"{first} {last}"


def _field(field: str, one: Person, shifted: Person, rng: Random) -> list[Field]:
    """Return the findings of one field, with the slips such fields have; `shifted` is whose row the numbers are of."""
    if field == "ssn":
        return [("ssn", "full", None, _bad_digit(shifted.ssn, rng, 0.006))]
    if field == "ssn_last4":
        return [("ssn", "last4", None, one.ssn[-4:])]
    if field == "mrn":
        issuer, record = rng.choice(sorted(shifted.records.items()))
        return [("medical_record_number", "", issuer if rng.random() < 0.6 else None, _bad_digit(record, rng, 0.006))]
    if field == "member":
        payer = one.payer if rng.random() < 0.5 else None
        return [("health_insurance", "member_id", payer, _bad_digit(one.member, rng, 0.006))]
    if field == "account":
        return [("patient_account_number", "", None, _bad_digit(one.account, rng, 0.004))]
    if field == "licence":
        return [("drivers_license", "", one.address.state, one.licence)] if one.licence else []
    if field == "dob":
        return [("date_of_birth", "", None, _birth(one.born, rng))]
    if field == "address":
        home = one.former if one.former is not None and rng.random() < 0.5 else one.address
        return [("address", "street", None, home.street), ("address", "city", None, home.city),
                ("address", "state", None, home.state), ("address", "zip", None, home.zip)]  # fmt: skip
    if field == "phone":
        return [("phone", "", None, one.phone if rng.random() < 0.55 else one.mobile)]
    return [("email", "", None, one.email)] if one.email else []


def _birth(born: datetime.date, rng: Random) -> str:
    chance = rng.random()
    if chance < 0.008 and born.day <= 12:
        return datetime.date(born.year, born.day, born.month).isoformat()
    if chance < 0.02:
        return (born + datetime.timedelta(rng.choice((-365, -10, -1, 1, 10, 365)))).isoformat()
    return born.isoformat()


def _slip(word: str, rng: Random) -> str:
    if len(word) < 4:
        return word
    at = rng.randrange(1, len(word) - 1)
    return rng.choice((
        word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at] + word[at:], word[:at] + rng.choice("aeionrst") + word[at + 1 :],
    ))  # fmt: skip


def _bad_digit(number: str, rng: Random, chance: float) -> str:
    """Return a number as typed or read: now and then a digit wrong, or one that OCR took for another."""
    if not number or rng.random() >= chance:
        return number
    at = rng.randrange(len(number))
    return number[:at] + rng.choice(_LOOKS_LIKE.get(number[at], "4")) + number[at + 1 :]
