"""Invented names of several traditions, from the word lists in `data/`."""

import functools
from importlib import resources
from random import Random

from rollcall.demo.chance import weighted

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


NICKNAMES = {
    "Robert": "Bob", "William": "Bill", "Elizabeth": "Liz", "Margaret": "Peggy", "Katherine": "Kathy", "James": "Jim",
    "Richard": "Dick", "Thomas": "Tom", "Patricia": "Patty", "Michael": "Mike", "Jennifer": "Jen", "Deborah": "Deb",
    "Christopher": "Chris", "Joseph": "Joe", "Steven": "Steve", "Daniel": "Dan", "Susan": "Sue", "Barbara": "Barb",
    "Anthony": "Tony", "Charles": "Chuck", "Edward": "Ed", "Gerald": "Jerry", "Judith": "Judy", "Kenneth": "Ken",
    "Lawrence": "Larry", "Nicholas": "Nick", "Pamela": "Pam", "Rebecca": "Becky", "Ronald": "Ron", "Samuel": "Sam",
    "Theodore": "Ted", "Timothy": "Tim", "Victoria": "Vicki", "Francisco": "Paco", "Dolores": "Lola",
}  # fmt: skip
