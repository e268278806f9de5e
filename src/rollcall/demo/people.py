"""Invented people in households: couples, children, twins, fathers and sons of one name, the moved, the dead."""

import datetime
from collections.abc import Iterator
from random import Random

import msgspec

from rollcall.demo.chance import digits, letters, stream
from rollcall.demo.names import Namer, draw_given
from rollcall.demo.pack import Pack

TODAY = datetime.date(2019, 7, 1)  # ages are as of the middle of the mail's year


class Address(msgspec.Struct, frozen=True):
    """Where somebody gets their post."""

    street: str
    city: str
    state: str
    zip: str


class Person(msgspec.Struct):
    """One invented person with everything a document may say of them."""

    person_id: str
    household: int
    given: str
    middle: str
    family: str
    suffix: str
    sex: str
    born: datetime.date
    address: Address
    former: Address | None
    phone: str  # ten digits
    mobile: str
    email: str
    ssn: str
    records: dict[str, str]  # issuer -> medical record number
    account: str
    payer: str
    member: str
    group: str
    mbi: str
    medicaid: str
    licence: str
    bank: tuple[str, str]  # routing, account
    employer: str
    diagnoses: list[int]  # indexes into the pack's
    drug: int
    procedure: int
    seen_before: int  # days between a visit and the mail about it
    died_on: datetime.date | None
    guardian: str | None
    language: str
    kinds: list[str]
    maiden: str = ""  # the family name that old papers show

    @property
    def age(self) -> int:
        """Years lived by the middle of the mail's year."""
        return TODAY.year - self.born.year - ((TODAY.month, TODAY.day) < (self.born.month, self.born.day))


def _shaped(rng: Random, shape: str) -> str:
    """Fill a shape: # is a digit, @ a capital letter, the rest stands."""
    return "".join(digits(rng, 1) if c == "#" else letters(rng, 1) if c == "@" else c for c in shape)


def _ssn(number: int) -> str:
    """Return a number in the areas 773 to 899 that no other person has, in no order one could see."""
    mixed = (number * 48271663 + 70123457) % (127 * 99 * 9999)  # a permutation: the factor shares none with the range
    area, rest = mixed % 127, mixed // 127
    return f"{773 + area}{1 + rest % 99:02}{1 + rest // 99:04}"


def _mbi(rng: Random) -> str:
    """Return a Medicare Beneficiary Identifier of the right shape (no S, L, O, I, B, Z)."""
    a = "ACDEFGHJKMNPQRTUVWXY"
    return "".join(
        str(rng.randint(1, 9))
        if c == "1"
        else digits(rng, 1)
        if c == "#"
        else letters(rng, 1, a if c == "@" else a + "0123456789")
        for c in "1@*#@*#@@##"
    )


def _licence(rng: Random, state: str) -> str:
    shapes = {
        "MN": "@############",
        "ND": "@@@-##-####",
        "WI": "@###-####-####-##",
        "IA": "###@@####",
        "SD": "########",
    }
    return _shaped(rng, shapes.get(state, "@########"))


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _address(rng: Random, pack: Pack) -> Address:
    town, state, code = rng.choice(pack.org.towns)
    chance = rng.random()
    if chance < 0.07:
        street = f"{rng.choice(('PO Box', 'P.O. Box'))} {rng.randint(3, 2400)}"
    elif chance < 0.17:
        road = rng.choice(("County Road", "County Rd", "State Hwy", "Highway"))
        street = f"{rng.randint(1000, 39999)} {road} {rng.randint(2, 210)}"
    else:
        kind = rng.choice(("St", "Street", "Ave", "Avenue", "Dr", "Lane", "Ln", "Ct", "Road", "Blvd", "Cir", "Trail"))
        side = rng.choice(("", "", "", " NE", " NW", " S", " SE"))
        name = rng.choice(pack.org.streets) if rng.random() < 0.7 else _ordinal(rng.randint(2, 48))
        street = f"{rng.randint(101, 9899)} {name} {kind}{side}"
        if rng.random() < 0.14:
            street += rng.choice((" Apt ", " #", " Unit ", ", Apt. ")) + rng.choice(("2", "4B", "112", "305", "C", "7"))
    return Address(street, town, state, code)


def _mail_name(given: str, family: str, born: datetime.date, number: int, rng: Random) -> str:
    g = "".join(c for c in given.lower() if c.isalpha())
    f = "".join(c for c in family.lower() if c.isalpha())
    return rng.choice((f"{g}.{f}{number % 97}", f"{g[0]}{f}{born:%y}{number % 9}", f"{f}{g[:3]}{number % 1000}"))


def _diagnoses(rng: Random, pack: Pack, sex: str, born: datetime.date) -> list[int]:
    """Return what somebody of that sex and age may have (F, M: that sex; A: grown up)."""
    age = TODAY.year - born.year
    fits = [
        n for n, (_, _, who) in enumerate(pack.diagnoses)
        if not who or (age > 30 and who in ("A", sex)) or (who == "F" and sex == "F" and age > 17)
    ]  # fmt: skip
    return rng.sample(fits, rng.choice((1, 1, 1, 2, 2, 3)))


class Census:
    """Makes households until there are enough people."""

    def __init__(self, pack: Pack, seed: int, *, prefix: str = "P", number: int = 0) -> None:
        self.pack, self.seed, self.prefix, self.number, self.household = pack, seed, prefix, number, 0
        self.earlier: Person | None = None  # somebody another household shares a name with
        self.namer = Namer(pack.traditions)

    def person(self, rng: Random, tradition: str, family: str, sex: str, born: datetime.date, home: Address) -> Person:
        """Return a new person of a household, numbers and all."""
        pack, number = self.pack, self.number
        self.number += 1
        given = self.namer.given(rng, tradition, sex)
        issuers = list(pack.org.facilities.items())
        held = issuers[:1] if rng.random() < 0.86 else issuers if rng.random() < 0.5 else issuers[-1:]
        if len(issuers) > 2:  # one of many organisations' patients; some went to two or three
            held = rng.sample(issuers, rng.choices((1, 2, 3), (80, 15, 5))[0])
        payer = rng.choice(pack.payers)
        return Person(
            person_id=f"{self.prefix}{number + 1:06}", household=self.household, given=given,
            middle=draw_given(rng, "general", sex).split()[0] if rng.random() < 0.7 else "",
            family=family, suffix="", sex=sex, born=born, address=home,
            former=_address(rng, pack) if rng.random() < 0.06 else None,
            phone=f"{pack.org.phone_area[self.household % len(pack.org.phone_area)]}555{self.household * 7 % 10000:04}",
            mobile=rng.choice(pack.org.phone_area) + "555" + digits(rng, 4),
            email=f"{_mail_name(given, family, born, number, rng)}@{rng.choice(pack.org.home_hosts)}",
            ssn=_ssn(number),
            records={issuer: _numbered(rng, shape, number) for issuer, shape in held},
            account=_numbered(rng, pack.org.account, number * 3 + 1),
            payer=payer.name, member=_shaped(rng, payer.member), group=_shaped(rng, payer.group),
            mbi="", medicaid="", licence=_licence(rng, home.state),
            bank=("0" + digits(rng, 8), digits(rng, rng.choice((8, 9, 10, 12)))),
            employer=rng.choice(pack.org.employers),
            diagnoses=_diagnoses(rng, pack, sex, born),
            drug=rng.randrange(len(pack.drugs)), procedure=rng.randrange(len(pack.procedures)),
            seen_before=rng.randint(1, 120), died_on=None, guardian=None,
            language="es" if self.namer.spanish(tradition) > 0 and rng.random() < self.namer.spanish(tradition)
            else "en", kinds=[],
        )  # fmt: skip

    def make_household(self) -> list[Person]:
        """Return the people under one roof."""
        rng = stream(self.seed, "household", self.prefix, self.household)
        tradition, family_home = self.namer.tradition(rng), _address(rng, self.pack)
        family = self.namer.family(rng, tradition)
        sex = rng.choice("FM")
        year = rng.choices((1926, 1938, 1950, 1962, 1974, 1986), (6, 14, 20, 22, 20, 18))[0] + rng.randrange(12)
        head = self.person(rng, tradition, family, sex, _day(rng, year), family_home)
        people = [head]
        if year < 1990 and rng.random() < 0.45:
            people += self._spouse(rng, tradition, head)
        if 1955 < year < 1993 and rng.random() < 0.5:
            people += self._children(rng, tradition, head)
        for person in people:
            self._finish(rng, person, head)
        self.household += 1
        return people

    def _spouse(self, rng: Random, tradition: str, head: Person) -> list[Person]:
        born = _day(rng, head.born.year + rng.randint(-4, 4))
        other = self.person(rng, tradition, head.family, "M" if head.sex == "F" else "F", born, head.address)
        # Somali, Hmong and many Spanish-speaking wives keep their fathers' names.
        own = self.namer.own.get(tradition)
        if (tradition in ("somali", "vietnamese", "hispanic") or (own and own.way)) and rng.random() < 0.7:
            other.family = self.namer.family(rng, tradition)
        return [other]

    def _children(self, rng: Random, tradition: str, head: Person) -> list[Person]:
        children: list[Person] = []
        for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
            born = _day(rng, min(2018, head.born.year + rng.randint(20, 38)))
            children.append(self.person(rng, tradition, head.family, rng.choice("FM"), born, head.address))
        if len(children) > 1 and rng.random() < 0.12:
            children[1].born = children[0].born
            children[0].kinds.append("twin")
            children[1].kinds.append("twin")
        if head.sex == "M" and children[0].sex == "M" and rng.random() < 0.3:
            children[0].given, children[0].middle = head.given, head.middle
            head.suffix, children[0].suffix = "Sr", rng.choice(("Jr", "Jr.", "II"))
            head.kinds.append("senior")
            children[0].kinds.append("junior")
        return children

    def _finish(self, rng: Random, person: Person, head: Person) -> None:
        """Give what depends on age and household: plan, guardian, death, a namesake elsewhere."""
        if person is not head and person.age < 26:
            person.payer, person.group, person.phone = head.payer, head.group, head.phone
            person.member = head.member  # the family's number, without a person's suffix
        if person.age < 18:
            person.guardian = head.person_id
            person.kinds.append("minor")
            person.email, person.licence, person.employer = "", "", ""
        if person.age >= 65 or rng.random() < 0.02:
            person.mbi = _mbi(rng)
        if rng.random() < 0.15:
            person.medicaid = digits(rng, 8)
        if person.age > 70 and rng.random() < 0.08:
            first = datetime.date.fromisoformat(self.pack.org.first_day)
            person.died_on = first - datetime.timedelta(rng.randint(2, 300))
            person.kinds.append("deceased")
        if person.former is not None:
            person.kinds.append("moved")
        if self.pack.wide and person.age > 21 and rng.random() < (0.07 if person.sex == "F" else 0.01):
            person.maiden = self.namer.family(rng, self.namer.tradition(rng))
            person.kinds.append("renamed")
        twin = self.earlier
        if twin is not None and person is head and not person.suffix and rng.random() < 0.03 and twin.sex == person.sex:
            person.given, person.family, person.middle = twin.given, twin.family, rng.choice(("", person.middle))
            person.kinds.append("same_name")
        if rng.random() < 0.05:
            self.earlier = person


def fits(person: Person, who: str) -> bool:
    """Say whether a passage for that kind of person can be about this one."""
    return {
        "": True,
        "F": person.sex == "F" and 15 < person.age < 46,
        "adult": person.age > 17,
        "died": person.died_on is not None,
        "worker": 17 < person.age < 68 and person.employer[:1].isupper(),
        "child": person.age < 18,
        "newborn": person.age < 2,
        "mother": person.sex == "F" and 17 < person.age < 50,
        "spanish": person.language == "es",
        "pupil": 3 < person.age < 19,
        "woman over 40": person.sex == "F" and person.age > 40,
        "over 45": person.age > 45,
    }[who]


def _numbered(rng: Random, shape: str, number: int) -> str:
    """Fill a shape so that no two people share a number: its last digits come from the person's own."""
    width = shape.count("#")
    count = f"{(number * 617921 + 104729) % 10**width:0{width}}"
    each = iter(count)
    return "".join(next(each) if c == "#" else letters(rng, 1) if c == "@" else c for c in shape)


def _day(rng: Random, year: int) -> datetime.date:
    return datetime.date(year, 1, 1) + datetime.timedelta(rng.randrange(365))


def make_people(pack: Pack, seed: int, count: int) -> Iterator[list[Person]]:
    """Yield households until there are that many people; the last one may be cut."""
    census = Census(pack, seed)
    made = 0
    while made < count:
        household = census.make_household()[: count - made]
        made += len(household)
        yield household
