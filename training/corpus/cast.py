"""The people and the organisation of one passage, and what is true of them."""

import datetime
import functools
import string
import tomllib
from pathlib import Path
from random import Random

from .names import Name, draw_name, draw_tradition
from .passage import Person

_DATA = Path(__file__).parent / "data"
_MBI_LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # those that the numbers of Medicare use


@functools.cache
def words(name: str) -> tuple[str, ...]:
    """Return a list of `data/words.toml`."""
    return tuple(tomllib.loads((_DATA / "words.toml").read_text(encoding="utf-8"))[name])


@functools.cache
def shapes(name: str) -> tuple[str, ...]:
    """Return the shapes that a kind of number has."""
    return tuple(tomllib.loads((_DATA / "shapes.toml").read_text(encoding="utf-8"))[name])


def filled(rng: Random, shape: str) -> str:
    """Return a number of a shape."""
    signs = {"#": string.digits, "9": "123456789", "@": "ABCDEFGHJKLMNPRSTUVWXYZ", "*": string.digits + "ABCDEFGHJKMN"}
    return "".join(rng.choice(signs[sign]) if sign in signs else sign for sign in shape)


class Human:
    """One person: a name, and values that are drawn when first asked for and then stay."""

    def __init__(self, number: int, name: Name, sex: str, role: str, of: int | None = None, relation: str = "") -> None:
        self.number, self.name, self.sex, self.role = number, name, sex, role
        self.of, self.relation = of, relation
        self.values: dict[str, str] = {}
        self.named = 0  # how often so far
        self.style = ""  # in which the name was written first

    def person(self) -> Person:
        """Return what a passage tells of them."""
        name = self.name
        parts = (name.given, name.middle, name.family, name.suffix)
        return Person(self.role, " ".join(part for part in parts if part), self.sex, self.of, self.relation)


class Organisation:
    """A made-up hospital, clinic, plan or office: its name, its people's mail host, and the shapes of its numbers."""

    def __init__(self, rng: Random) -> None:
        self.name = f"{rng.choice(words('org_first'))} {rng.choice(words('org_last'))}"
        initials = "".join(word[0] for word in self.name.replace("'", "").split() if word[0].isalpha())
        self.short = initials if rng.random() < 0.5 else self.name.split(" ")[0].strip(".")
        self.host = (
            f"{self.name.split(' ')[0].strip('.').lower()}{rng.choice(('health', 'clinic', 'med', 'care'))}.example"
        )
        self.shape = {kind: rng.choice(shapes(kind)) for kind in ("mrn", "account", "employee", "student")}
        if rng.random() < 0.25:  # a shape of its own
            lead = filled(rng, "@" * rng.choice((0, 0, 1, 2, 3)))
            mark = rng.choice(("", "", "-", " "))
            digits = "#" * rng.randint(4, 10)
            self.shape["mrn"] = f"{lead}{mark if lead else ''}9{digits}"
        self.area = str(rng.randint(201, 989))
        self.state = rng.choice(words("states")).split("|")
        self.town = draw_town(rng)
        self.date_style = rng.choice(DATE_STYLES)
        self.phone_style = rng.choice(PHONE_STYLES)


DATE_STYLES = (
    "%m/%d/%Y", "%m/%d/%Y", "{m}/{d}/%Y", "{m}/{d}/%Y", "{m}/{d}/%y", "%m/%d/%y", "%m-%d-%Y", "{m}-{d}-%y", "%Y-%m-%d",
    "%B {d}, %Y", "%b {d}, %Y", "{d} %b %Y", "%d-%b-%Y", "%m.%d.%Y", "{m}.{d}.%y", "%b. {d}, %Y", "%B {o}, %Y",
    "%d%b%Y", "%m%d%Y", "%b {d} %Y", "%d %B %Y", "%Y/%m/%d", "%m/%d/%Y", "{m}/{d}/%Y",
)  # fmt: skip
PHONE_STYLES = (
    "({a}) {e}-{n}", "{a}-{e}-{n}", "{a}.{e}.{n}", "{a}{e}{n}", "({a}){e}-{n}", "{a}/{e}-{n}", "+1 {a} {e} {n}",
    "1-{a}-{e}-{n}", "{a} {e} {n}", "{a} {e}-{n}", "({a}) {e} - {n}",
)  # fmt: skip


def draw_town(rng: Random) -> str:
    """Return a town."""
    return rng.choice(words("towns_first")) + rng.choice(words("towns_last"))


def show_date(day: datetime.date, style: str) -> str:
    """Return a date in a style."""
    ending = "th" if 10 < day.day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
    plain = style.replace("{m}", str(day.month)).replace("{d}", str(day.day)).replace("{o}", f"{day.day}{ending}")
    return day.strftime(plain)


class Cast:
    """Everybody of one passage, made when first asked for: "p" the one it is about, "q" another, "mother" p's, ..."""

    def __init__(self, rng: Random, share: str) -> None:
        self.rng, self.share = rng, share
        self.house = Organisation(rng)
        self.other = Organisation(rng)
        self.people: list[Human] = []
        self.today = datetime.date(2018, 1, 1) + datetime.timedelta(days=rng.randrange(365 * 8))
        self._by_key: dict[tuple[int, str], int] = {}

    def add(self, role: str, of: int | None = None, relation: str = "", sex: str = "", family: str = "") -> int:
        """Bring in somebody new; return their index."""
        rng = self.rng
        sex = sex or rng.choice("FM")
        tradition = self.people[of].name.tradition if of is not None and family else draw_tradition(rng)
        name = draw_name(rng, self.share, sex, tradition, family)
        while any(name.full == one.name.full for one in self.people):
            name = draw_name(rng, self.share, sex, tradition, family)
        self.people.append(Human(len(self.people), name, sex, role, of, relation))
        return len(self.people) - 1

    def whose(self, key: str, of: int) -> int:
        """Return somebody who stands in a relation to a person: `key` is one of RELATIVES or OTHERS."""
        if (of, key) not in self._by_key:
            self._by_key[of, key] = self._relative(key, of)
        return self._by_key[of, key]

    def _relative(self, key: str, of: int) -> int:
        about = self.people[of]
        if key in RELATIVES:
            role, sex = RELATIVES[key]
            sex = self.rng.choice("FM") if sex == "?" else sex or ("F" if about.sex == "M" else "M")
            family = about.name.family if self.rng.random() < 0.65 else ""
            return self.add(role, of, key, sex, family)
        return self.add(OTHERS[key], of if key in ("dr", "pcp") else None, "provider" if key in ("dr", "pcp") else "")


# key -> (role, sex; "" the other one than theirs, "?" either)
RELATIVES = {
    "mother": ("relative", "F"), "father": ("relative", "M"), "son": ("relative", "M"), "daughter": ("relative", "F"),
    "spouse": ("relative", ""), "sister": ("relative", "F"), "brother": ("relative", "M"),
    "guarantor": ("guarantor", ""), "subscriber": ("guarantor", ""), "contact": ("emergency_contact", ""),
    "grandmother": ("relative", "F"), "child": ("relative", "?"), "guardian": ("relative", "F"),
}  # fmt: skip
OTHERS = {
    "dr": "provider", "pcp": "provider", "nurse": "staff", "staff": "staff", "clerk": "staff", "boss": "staff",
    "lawyer": "other", "caller": "other",
}  # fmt: skip


def mbi(rng: Random) -> str:
    """Return a Medicare beneficiary number."""
    digit, letter = string.digits, _MBI_LETTERS
    either = digit + letter
    signs = ("123456789", letter, either, digit, letter, either, digit, letter, letter, digit, digit)
    return "".join(rng.choice(one) for one in signs)
