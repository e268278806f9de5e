"""Made-up people of many origins, so that a name can be known by its place and shape and not by a list.

First names and surnames come from the tables of the US Census Bureau: as grouped in `origins.toml`, drawn from the
whole tables (half of them from the rare end), or put together from the halves of two rare ones, which gives strings of
letters that no table has. Names of the groups that `origins.toml` holds back are never drawn, from nowhere.
"""

import csv
import gzip
import random
import tomllib
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

_HERE = Path(__file__).parent
_TABLES = Path(__file__).parents[2] / "src" / "rollcall" / "elements" / "data"
_VOWELS = frozenset("aeiouy")
_ACCENTED = str.maketrans("aeioun", "áéíóúñ")
SUFFIXES = ("Jr", "Jr.", "Sr", "Sr.", "II", "III", "IV")


@dataclass(frozen=True)
class Person:
    """A made-up person; names as one writes them, not in capitals."""

    given: str
    family: str
    middle: str
    suffix: str
    surname_first: bool
    unlisted: bool  # to be shown to the tagger as if no table knew it


class Names:
    """Draws people. With `held` only from the groups held back, else from all but these."""

    def __init__(self, rng: random.Random, *, held: str = "") -> None:
        self._rng = rng
        groups = tomllib.loads((_HERE / "origins.toml").read_text(encoding="utf-8"))
        self._held = held
        kept_back = {
            word
            for group in groups.values()
            if group.get("held")
            for word in (*group["given"].split(), *group["family"].split())
        } - {
            word
            for group in groups.values()
            if not group.get("held")
            for word in (*group["given"].split(), *group["family"].split())
        }
        self._groups = [
            {**group, "given": group["given"].split(), "family": group["family"].split()}
            for name, group in groups.items()
            if (name == held if held else not group.get("held"))
        ]
        self._given = _Table("given_names.csv.gz", kept_back)
        self._family = _Table("surnames.csv.gz", kept_back)

    def person(self) -> Person:
        """Return a person of a random kind."""
        rng = self._rng
        draw = rng.random()
        if self._held or draw < 0.36:
            return self._of_group(rng.choice(self._groups))
        if draw < 0.84:
            return self._of_tables(made=False)
        return self._of_tables(made=True)

    def _of_group(self, group: dict[str, list[str]]) -> Person:
        rng = self._rng
        shape = rng.choice(group["shapes"])
        mixed = not self._held and rng.random() < 0.25  # an American first name, a surname of elsewhere
        words: list[str] = []
        given: list[str] = []
        family: list[str] = []
        for at, mark in enumerate(shape):
            target = given if not family and mark in "gm" else family
            if mark == "g":
                target = given
                word = self._given.common(rng) if mixed else rng.choice(group["given"])
                given.append(written(word, rng))
            elif mark == "m":
                given.append(rng.choice("ABCDEFGHJKLMNPRSTVW") + rng.choice(("", ".")))
            elif mark == "f":
                word = written(rng.choice(group["family"]), rng)
                if at and shape[at - 1] == "-" and family:
                    family[-1] += word
                else:
                    family.append(word)
            elif mark == "p":
                family.append(rng.choice(group["particles"]))
            elif mark == "-" and shape[at + 1] == "f" and family:
                family[-1] += "-"
            words.append(mark)
        if "g-g" in shape and len(given) > 1:
            given = ["-".join(given)]
        family_words = " ".join(family)
        if family and rng.random() < 0.4:  # particles in capitals too: De La Cruz
            family_words = " ".join(word[:1].upper() + word[1:] for word in family)
        first = shape[0] == "f" and rng.random() < 0.8
        return self._finished(given, family_words, surname_first=first, unlisted=rng.random() < 0.3)

    def _of_tables(self, *, made: bool) -> Person:
        rng = self._rng
        if made:
            given = self._given.made(rng) if rng.random() < 0.6 else self._given.drawn(rng)
            family = self._family.made(rng)
        else:
            given, family = self._given.drawn(rng), self._family.drawn(rng)
        written_given = [written(given, rng)]
        draw = rng.random()
        if draw < 0.15:
            written_given.append(rng.choice("ABCDEFGHIJKLMNOPRSTVWZ") + rng.choice(("", ".")))
        elif draw < 0.27:
            written_given.append(written(self._given.drawn(rng), rng))
        family = written(family, rng)
        draw = rng.random()
        if draw < 0.08:
            family += " " + written(self._family.drawn(rng), rng)
        elif draw < 0.14:
            family += "-" + written(self._family.drawn(rng), rng)
        elif draw < 0.17:
            family = (
                rng.choice(("de", "De", "de la", "van", "Van", "von", "St.", "El", "Al", "La", "Le", "dos"))
                + " "
                + family
            )
        return self._finished(written_given, family, surname_first=False, unlisted=made or rng.random() < 0.2)

    def _finished(self, given: list[str], family: str, *, surname_first: bool, unlisted: bool) -> Person:
        rng = self._rng
        suffix = rng.choice(SUFFIXES) if rng.random() < 0.05 else ""
        if rng.random() < 0.04:
            family = family.translate(_ACCENTED) if rng.random() < 0.3 else family
            given = [given[0].translate(_ACCENTED), *given[1:]]
        return Person(given[0], family, " ".join(given[1:]), suffix, surname_first, unlisted)


class _Table:
    """Names with the logarithm of their count, as the package holds them."""

    def __init__(self, name: str, kept_back: set[str]) -> None:
        with gzip.open(_TABLES / name, "rt", encoding="ascii") as stream:
            rows = [(line[0], int(line[1], 36)) for line in csv.reader(stream)]
        rows = [row for row in rows if row[0] not in kept_back and len(row[0]) > 1]
        self.words = [word for word, _ in rows]
        self._weights = list(accumulate(2.0 ** (0.5 * weight) for _, weight in rows))
        self._common = [word for word, weight in rows if weight >= 16]
        self._halves = [cut for cut in (_cut(word) for word in self.words[::3]) if cut]

    def drawn(self, rng: random.Random) -> str:
        if rng.random() < 0.45:
            return rng.choice(self.words)
        return rng.choices(self.words, cum_weights=self._weights)[0]

    def common(self, rng: random.Random) -> str:
        return rng.choice(self._common)

    def made(self, rng: random.Random) -> str:
        return (rng.choice(self._halves)[0] + rng.choice(self._halves)[1])[:14]


def _cut(word: str) -> tuple[str, str] | None:
    """Return a word in two, where a vowel ends and a consonant begins, nearest the middle."""
    places = [at for at in range(2, len(word) - 1) if word[at - 1] in _VOWELS and word[at] not in _VOWELS]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - len(word) / 2))
    return word[:at], word[at:]


def written(word: str, rng: random.Random) -> str:
    """Return a name of the tables as one writes it."""
    if "-" in word:
        return "-".join(written(part, rng) for part in word.split("-"))
    if "'" in word:
        head, _, tail = word.partition("'")
        return head.capitalize() + rng.choice("'''’") + tail.capitalize()
    if word.startswith("mc") and len(word) > 4 and rng.random() < 0.8:
        return "Mc" + word[2:].capitalize()
    if word.startswith("mac") and len(word) > 6 and rng.random() < 0.3:
        return "Mac" + word[3:].capitalize()
    return word.capitalize()
