"""Invented names of several traditions, from the word lists in `data/`."""

import functools
from importlib import resources
from random import Random

from rollcall.demo.chance import weighted
from rollcall.demo.pack import Tradition

TRADITIONS = {
    "general": 0.70, "hispanic": 0.11, "hmong": 0.04, "somali": 0.04, "vietnamese": 0.03, "asian": 0.05, "slavic": 0.03,
}  # fmt: skip


@functools.cache
def _lines(name: str) -> list[list[str]]:
    text = resources.files("rollcall.demo").joinpath("data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@functools.cache
def _surnames(tradition: str) -> list[str]:
    return [row[1] for row in _lines("surnames.txt") if row[0] == tradition]


@functools.cache
def _first_names(tradition: str, sex: str) -> list[str]:
    return [row[2] for row in _lines("first_names.txt") if row[0] == tradition and row[1] in (sex.lower(), "x")]


def draw_tradition(rng: Random) -> str:
    """Return the naming tradition of a household."""
    return weighted(rng, TRADITIONS)


def draw_family(rng: Random, tradition: str) -> str:
    """Return a family name: two surnames, hyphens and particles as the tradition has them."""
    name = rng.choice(_surnames(tradition))
    chance = rng.random()
    if tradition == "hispanic" and chance < 0.25:
        return f"{name} {rng.choice(_surnames(tradition))}"
    if tradition in ("general", "hispanic") and chance > 0.965:
        return f"{name}-{rng.choice(_surnames('general'))}"
    return name


def draw_given(rng: Random, tradition: str, sex: str) -> str:
    """Return a first name; now and then a double one, or one of the country's common names."""
    source = tradition if rng.random() < 0.75 else "general"
    name = rng.choice(_first_names(source, sex))
    if source == "general" and rng.random() < 0.015:
        return f"{name} {rng.choice(('Jo', 'Lynn', 'Ann', 'Lee', 'Mae'))}"
    return name


class Namer:
    """Draws names of one pack: of the traditions it brings along, or of the common lists."""

    def __init__(self, traditions: list[Tradition]) -> None:
        self.own = {one.name: one for one in traditions}
        # A pack shares no surname with the common lists.
        self.surnames = {
            one.name: [name for name in dict.fromkeys(one.surnames) if not _is_common(name)] for one in traditions
        }

    def tradition(self, rng: Random) -> str:
        """Return the naming tradition of a household."""
        if not self.own:
            return draw_tradition(rng)
        return weighted(rng, {name: one.share for name, one in self.own.items()})

    def spanish(self, tradition: str) -> float:
        """Return the share of those of a tradition who write and are written to in Spanish."""
        own = self.own.get(tradition)
        return own.spanish if own is not None and own.spanish else 0.3 if tradition == "hispanic" else 0.0

    def family(self, rng: Random, tradition: str) -> str:
        """Return a family name as the tradition has them."""
        own = self.own.get(tradition)
        if own is None:
            return draw_family(rng, tradition)
        name = self._one(rng, own)
        if own.way == "double" and rng.random() < 0.7:
            return f"{name} {self._one(rng, own)}"
        if own.way == "patronym" and rng.random() < 0.6:
            return f"{rng.choice(own.male)} {name}"
        if own.particles and rng.random() < 0.3:
            particle = rng.choice(own.particles)
            return f"{particle}{name}" if particle.endswith(("-", "'")) else f"{particle} {name}"
        return f"{name}-{self._one(rng, own)}" if rng.random() < 0.03 else name

    def _one(self, rng: Random, own: Tradition) -> str:
        if own.starts and rng.random() < 0.4:
            name = rng.choice(own.starts) + rng.choice(own.ends)
            return name if not _is_common(name) else rng.choice(self.surnames[own.name])
        return rng.choice(self.surnames[own.name])

    def given(self, rng: Random, tradition: str, sex: str) -> str:
        """Return a first name of the tradition, or one of the country's common names."""
        own = self.own.get(tradition)
        if own is None:
            return draw_given(rng, tradition, sex)
        if rng.random() < 0.35:
            return draw_given(rng, "general", sex)
        return rng.choice(own.female if sex == "F" else own.male)


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(name.casefold() for tradition in TRADITIONS for name in _surnames(tradition))


def _is_common(name: str) -> bool:
    return name.casefold() in _common()


NICKNAMES = {
    "Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "Margaret": "Peggy", "Katherine": "Kathy", "James": "Jim",
    "Richard": "Dick", "Thomas": "Tom", "Patricia": "Patty", "Michael": "Mike", "Jennifer": "Jen", "Deborah": "Deb",
    "Christopher": "Chris", "Joseph": "Joe", "Steven": "Steve", "Daniel": "Dan", "Susan": "Sue", "Barbara": "Barb",
    "Anthony": "Tony", "Charles": "Chuck", "Edward": "Ed", "Gerald": "Jerry", "Judith": "Judy", "Kenneth": "Ken",
    "Lawrence": "Larry", "Nicholas": "Nick", "Pamela": "Pam", "Rebecca": "Becky", "Ronald": "Ron", "Samuel": "Sam",
    "Theodore": "Ted", "Timothy": "Tim", "Victoria": "Vicki", "Francisco": "Paco", "Dolores": "Lola",
}  # fmt: skip
