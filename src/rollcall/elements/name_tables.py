"""How common a word is as a first name and as a surname, by the counts of the US Census Bureau (`data/NOTICE.txt`).

Values are binary logarithms of the counts, 0 for a word that is in neither list. Surnames of every origin that are
borne by 150 people or more are in it, and still many are not: absence proves nothing.
"""

import functools
import gzip
import unicodedata
from collections.abc import Iterator
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@functools.cache
def _given() -> dict[str, tuple[int, int]]:
    names, weights, male = _columns("given_names.csv.gz", 3)
    return dict(zip(names, zip(_numbers(weights), _numbers(male), strict=True), strict=True))


@functools.cache
def _family() -> dict[str, int]:
    names, weights = _columns("surnames.csv.gz", 2)
    return dict(zip(names, _numbers(weights), strict=True))


def _columns(name: str, count: int) -> list[list[str]]:
    """Return the columns of a list; each worker of a run loads it, so no line is looked at by itself."""
    with gzip.open(_DATA / name, "rt", encoding="ascii") as stream:
        cells = stream.read().rstrip("\n").replace("\n", ",").split(",")
    return [cells[column::count] for column in range(count)]


def _numbers(written: list[str]) -> Iterator[int]:
    """Yield numbers of base 36, of which there are few."""
    known = {one: int(one, 36) for one in set(written)}
    return map(known.__getitem__, written)


@functools.lru_cache(maxsize=65536)
def key(word: str) -> str:
    """Return the word as the lists spell it: lower case, no accents, apostrophes or dots."""
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return "".join(c for c in word.lower() if c.isalpha())


def given_weight(word: str) -> int:
    """Return the order of magnitude of people with this first name; of a hyphened one, its rarer half."""
    if "-" in word:
        return min((given_weight(part) for part in word.split("-") if part), default=0)
    return _given().get(key(word), (0, 0))[0]


def family_weight(word: str) -> int:
    """Return the order of magnitude of people with this surname; of a hyphened one, its rarer half."""
    if "-" in word:
        return min((family_weight(part) for part in word.split("-") if part), default=0)
    return _family().get(key(word), 0)


def male_share(word: str) -> float | None:
    """Return the share of men among people with this first name, to a tenth, or None where it is not known."""
    found = _given().get(key(word))
    return None if found is None else found[1] / 9
