"""Names of people in many traditions: from the Census tables of the package, and made ones that no table knows."""

import functools
import gzip
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path
from random import Random

from .shares import share_of

_DATA = Path(__file__).parent / "data"
_ORDER = 3  # letters that the character model looks back
_LONGEST = 13


@functools.cache
def _toml() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((_DATA / "names.toml").read_text(encoding="utf-8"))


@functools.cache
def _table(file: str) -> tuple[tuple[str, int, int], ...]:
    """Return (name, binary logarithm of its count, tenths of men) of a Census table of the package."""
    packed = resources.files("rollcall.elements").joinpath("data", file).read_bytes()
    rows = [line.split(",") for line in gzip.decompress(packed).decode().splitlines()]
    return tuple((row[0], int(row[1], 36), int(row[2]) if len(row) > 2 else 5) for row in rows)


@functools.cache
def _pool(file: str, share: str, sex: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a table that belong to a share, the common ones and the rare ones."""
    fits = {"": range(11), "F": range(4), "M": range(6, 11)}[sex]
    kept = [(name, size) for name, size, male in _table(file) if male in fits and _is_of(name, share)]
    common = tuple(name for name, size in kept if size >= 13)
    rare = tuple(name for name, size in kept if size < 13)
    return common, rare


def _is_of(name: str, share: str) -> bool:
    return share == "all" or share_of(name) == share


class _Letters:
    """A model of which letter follows which three, learned from a list of names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._next: dict[str, Counter[str]] = {}
        for name in names:
            padded = "^" * _ORDER + name + "$"
            for at in range(_ORDER, len(padded)):
                self._next.setdefault(padded[at - _ORDER : at], Counter())[padded[at]] += 1
        self.known = frozenset(names)

    def draw(self, rng: Random) -> str:
        """Return a string that reads like a name and is none of the list."""
        while True:
            text = "^" * _ORDER
            while text[-1] != "$" and len(text) < _LONGEST + _ORDER:
                after = self._next[text[-_ORDER:]]
                text += rng.choices(list(after), list(after.values()))[0]
            name = text[_ORDER:].removesuffix("$")
            if 3 <= len(name) < _LONGEST and name not in self.known:
                return name


@functools.cache
def _letters(file: str) -> _Letters:
    names = [name for name, _, _ in _table(file)]
    return _Letters(tuple(names[:: max(1, len(names) // 12_000)]))


@functools.cache
def _known(file: str) -> frozenset[str]:
    return frozenset(name for name, _, _ in _table(file))


def _made(rng: Random, file: str, share: str) -> str:
    while True:
        name = _letters(file).draw(rng)
        if name not in _known(file) and _is_of(name, share):
            return name


def spelled(name: str) -> str:
    """Return a name with capitals as people write it: the tables have none ("McDonald", "O'Brien", "DeLuca")."""
    low = name.lower()
    if low in _toml()["spelled"]["words"]:
        index = _toml()["spelled"]["words"].index(low)
        return _toml()["spelled"]["as_written"][index]
    if low.startswith("mc") and len(low) > 4:
        return "Mc" + low[2:].capitalize()
    return low.capitalize()


class Name:
    """The parts of one person's name."""

    def __init__(self, given: str, middle: str, family: str, suffix: str, nick: str, tradition: str) -> None:
        self.given, self.middle, self.family, self.suffix, self.nick = given, middle, family, suffix, nick
        self.tradition = tradition

    @property
    def full(self) -> str:
        """Given and family name in natural order."""
        return f"{self.given} {self.family}"


def _word(rng: Random, file: str, share: str, sex: str) -> str:
    common, rare = _pool(file, share, sex)
    chance = rng.random()
    if chance < 0.12:
        return spelled(_made(rng, file, share))
    return spelled(rng.choice(common if chance < 0.62 else rare))


@functools.cache
def _words(tradition: str, what: str, share: str) -> tuple[str, ...]:
    return tuple(word for word in _toml().get(tradition, {}).get(what, ()) if _is_of(word, share))


def _of_tradition(rng: Random, tradition: str, what: str, share: str) -> str:
    words = _words(tradition, what, share)
    return rng.choice(words) if words else ""


def draw_family(rng: Random, tradition: str, share: str) -> str:
    """Return a family name as a tradition has them."""
    own = _toml().get(tradition, {})
    name = _of_tradition(rng, tradition, "family", share) if rng.random() < 0.75 else ""
    name = name or _word(rng, "surnames.csv.gz", share, "")
    chance = rng.random()
    if "double" in own and chance < 0.45:
        other = _of_tradition(rng, tradition, "family", share) or _word(rng, "surnames.csv.gz", share, "")
        return f"{name}{rng.choice((' ', ' ', '-', ' y ' if tradition == 'hispanic' else ' '))}{other}"
    if own.get("particles") and chance < 0.4:
        particle = rng.choice(own["particles"])
        return particle + name if particle.endswith(("-", "'")) else f"{particle} {name}"
    if chance > 0.955:
        return f"{name}-{_word(rng, 'surnames.csv.gz', share, '')}"
    return name


def draw_given(rng: Random, tradition: str, share: str, sex: str) -> str:
    """Return a first name."""
    what = "female" if sex == "F" else "male"
    name = _of_tradition(rng, tradition, what, share) if rng.random() < 0.65 else ""
    name = name or _word(rng, "given_names.csv.gz", share, sex)
    chance = rng.random()
    if chance < 0.02:
        return f"{name}-{_word(rng, 'given_names.csv.gz', share, sex)}"
    if chance < 0.04:
        return f"{name} {rng.choice(('Jo', 'Ann', 'Lee', 'Lynn', 'Mae', 'Marie', 'Ray', 'Kay'))}"
    return name


def draw_tradition(rng: Random) -> str:
    """Return a tradition; most people of the country have names of the general tables."""
    others = [one for one in _toml() if one not in ("spelled", "nicknames", "words")]
    return "" if rng.random() < 0.5 else rng.choice(others)


def draw_name(rng: Random, share: str, sex: str, tradition: str | None = None, family: str = "") -> Name:
    """Return a person's name; `family` where they share it with another."""
    tradition = draw_tradition(rng) if tradition is None else tradition
    given = draw_given(rng, tradition, share, sex)
    if rng.random() < 0.06:  # names that are words, which only the sentence tells apart
        given = _of_tradition(rng, "words", "female" if sex == "F" else "male", share) or given
    family = family or draw_family(rng, tradition, share)
    if rng.random() < 0.04:
        family = _of_tradition(rng, "words", "family", share) or family
    middle = draw_given(rng, tradition, share, sex).split(" ")[0] if rng.random() < 0.6 else ""
    middle = "" if middle == given else middle
    suffix = rng.choice(("Jr.", "Jr", "Sr.", "III", "II", "IV")) if sex == "M" and rng.random() < 0.07 else ""
    nicks = _toml()["nicknames"].get(given.lower(), [])
    nick = rng.choice(nicks) if nicks else given[:3] if rng.random() < 0.1 else ""
    return Name(given, middle, family, suffix, nick, tradition)
