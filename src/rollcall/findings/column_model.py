"""What a column most likely is where rules leave it open: a small model over its header, its content and its table.

The weights are fitted by `training/fit_columns.py` on made-up tables of hospitals that never were. It hears what the
rules hear (letters of the header, shapes of the cells, how dates and codes spread) and what they took the columns
beside this one for, and is asked only where they came to nothing or to little.
"""

import functools
import gzip
import math
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from rollcall.elements.headers import Header, words_of
from rollcall.findings.beside import is_peopled
from rollcall.findings.meaning import Meaning
from rollcall.findings.profile import Profile

_WEIGHTS = Path(__file__).parent / "data" / "columns.csv.gz"
BUCKETS = 4096  # of features; what shares one is told apart by the others
SCALE = 32.0  # weights are kept as whole numbers of this part
# What a column may be, and the element and subtype that says it; "" is nothing of a person.
CLASSES: dict[str, tuple[str, str]] = {
    "nothing": ("", ""),
    "name": ("name", "full"),
    "given": ("name", "given"),
    "family": ("name", "family"),
    "middle": ("name", "middle"),
    "other name": ("", ""),
    "birth": ("date_of_birth", "full"),
    "visit": ("date_of_service", "date"),
    "death": ("date_of_death", "date"),
    "ssn": ("ssn", "full"),
    "last4": ("ssn", "last4"),
    "record": ("medical_record_number", "mrn"),
    "account": ("patient_account_number", "bill"),
    "member": ("health_insurance", "member_id"),
    "group": ("health_insurance", "group"),
    "mbi": ("health_insurance", "mbi"),
    "medicaid": ("health_insurance", "medicaid_id"),
    "payer": ("health_insurance", "payer"),
    "licence": ("drivers_license", "licence"),
    "routing": ("financial_account", "routing"),
    "bank": ("financial_account", "account"),
    "street": ("address", "street"),
    "city": ("address", "city"),
    "state": ("address", "state"),
    "zip": ("address", "zip"),
    "phone": ("phone", "phone"),
    "email": ("email", "email"),
    "icd": ("diagnosis", "code"),
    "condition": ("diagnosis", "words"),
    "drug": ("medication", "drug"),
    "procedure": ("treatment", "procedure"),
    "clinician": ("provider", "provider"),
    "amount": ("billing_amount", "amount"),
}
_SHAPES = (
    "ssn", "last4", "four", "email", "zip", "mbi", "hicn", "icd", "icd_dotted", "five", "hcpcs", "icd_plain", "cents",
    "decimal", "amount", "code", "card", "number", "nine", "padded", "routing", "ten", "serial", "date", "phone",
    "street", "house", "located", "text", "condition", "service", "drug", "payer", "state", "alpha", "comma",
    "clinician", "full", "inverted", "suffix", "initial", "given", "family",
)  # fmt: skip
Found = Mapping[int, Meaning]


class Guess(msgspec.Struct, frozen=True):
    """What a column is taken for, and how likely that is."""

    name: str
    sure: float


def features(
    col: int,
    found: Found,
    profiles: Mapping[int, Profile],
    read: Mapping[int, Header | None],
    headers: Mapping[int, str],
) -> dict[str, float]:
    """Return what is known of a column, by name: 0 is left out."""
    profile = profiles[col]
    said = {"one": 1.0}
    said |= {f"shape {name}": round(share, 3) for name in _SHAPES if (share := profile.share(name))}
    said |= {
        "distinct": profile.distinct,
        "few": float(profile.n < 4),
        f"lengths {min(profile.lengths, 6)}": 1.0,
        "counted": float(profile.counted),
        "scattered": float(profile.scattered),
        "zeros": float(profile.zeros),
        "maker": profile.maker,
        "mixed": float(profile.mixed),
        "as given": min(1.0, profile.given / 16),
        "as family": min(1.0, profile.family / 16),
        "given over family": max(-1.0, min(1.0, (profile.given - profile.family) / 8)),
        f"long {min(24, profile.long)}": float(profile.n > 0),
        f"signs {profile.signs}": float(profile.n > 0),
    }
    said |= _dated(profile, profiles)
    said |= dict.fromkeys(_of_header(read.get(col), headers.get(col, "")), 1.0)
    said |= dict.fromkeys(_beside(col, found), 1.0)
    return {name: value for name, value in said.items() if value}


def _dated(profile: Profile, profiles: Mapping[int, Profile]) -> dict[str, float]:
    """Return how old the dates are beside the newest ones of the table, and how far they spread."""
    if not profile.years:
        return {}
    newest = max(one.years[-1] for one in profiles.values() if one.years)
    age = newest - profile.years[len(profile.years) // 2]
    spread = profile.years[-1] - profile.years[0]
    return {
        f"age {min(9, age // 6)}": 1.0,
        f"spread {min(8, spread // 6)}": 1.0,
        f"years {min(3, spread)}": 1.0,
        "coming": float(profile.years[-1] >= newest),
    }


def _of_header(header: Header | None, text: str) -> Iterator[str]:
    """Yield what a header says: what it was read as, its words, and the letters they are made of."""
    if not text.strip():
        yield "no header"
        return
    if header is not None:
        yield f"read {header.element} {header.subtype} {int(header.score * 4)}"
        yield f"group {header.group}"
    else:
        yield "not read"
    for word in words_of(text)[:9]:
        yield f"word {word}"
        padded = f"^{word}$"
        yield from (f"part {padded[at : at + size]}" for size in (3, 4) for at in range(len(padded) - size + 1))


def _beside(col: int, found: Found) -> Iterator[str]:
    """Yield what this column and the others of the table were taken for."""
    own = found[col]
    yield f"own {own.element} {own.subtype} {own.why} {int(own.confidence * 4)}"
    order = sorted(found)
    at = order.index(col)
    for step, name in ((-1, "left"), (1, "right")):
        near = found[order[at + step]] if 0 <= at + step < len(order) else None
        yield f"{name} {near.element} {near.subtype}" if near else f"{name} end"
    yield f"place {min(at, 3)}"
    for one in {
        f"{meaning.element} {meaning.subtype} {bool(meaning.group)}" for meaning in found.values() if meaning is not own
    }:
        yield f"has {one}"


def bucket(name: str) -> int:
    """Return the number of the weight of a feature."""
    return zlib.crc32(name.encode()) % BUCKETS


@functools.cache
def _weights() -> NDArray[np.float32]:
    table = np.zeros((BUCKETS, len(CLASSES)), np.float32)
    with gzip.open(_WEIGHTS, "rt", encoding="ascii") as stream:
        for line in stream:
            number, _, values = line.partition(",")
            table[int(number)] = np.array(values.split(","), np.float32) / SCALE
    return table


def guess(said: Mapping[str, float]) -> Guess:
    """Return what a column with these features is taken for."""
    weights = _weights()
    total = np.zeros(len(CLASSES), np.float32)
    for name, value in said.items():
        total += weights[bucket(name)] * np.float32(value)
    best = int(total.argmax())
    rest = math.fsum(math.exp(float(one - total[best])) for one in total)
    return Guess(list(CLASSES)[best], round(1 / rest, 4))


_OPEN = 0.5  # how likely a guess must be where nothing else speaks
_CLASH = 0.7  # ... and where content has been taken for something else
_KNOWN = 0.95  # ... and where the header is known to be none of a person
_OVER = 0.95  # ... and where the header says otherwise
_FAINT = 0.5  # a meaning no surer than this is no more than a guess itself
_NAMELY = ("full", "inverted", "comma", "given", "family", "initial")
_LEAST_NAMELY = 0.3  # of a column's cells read as names, if it is to hold some
_WIDEST = 300  # columns of a table that is asked about: each is heard beside all others
_NOBODY = 0.9  # how likely "nothing" must be for a column to be passed over without a word
_PLAIN = 0.9  # one surer than this is not asked about


def guessed(
    found: Found,
    profiles: Mapping[int, Profile],
    read: Mapping[int, Header | None],
    headers: Mapping[int, str],
    whose: Mapping[int, str],
) -> dict[int, Meaning]:
    """Return the meanings with the guesses for columns that rules leave open, where a guess is likely enough."""
    after = dict(found)
    if len(found) > _WIDEST:
        return after
    for col, meaning in found.items():
        if not profiles[col].n or (meaning.element and meaning.confidence > _PLAIN):
            continue
        header = read.get(col)
        best = guess(features(col, found, profiles, read, headers))
        element, subtype = CLASSES[best.name]
        if (
            best.name == "nothing"
            and best.sure >= _NOBODY
            and meaning.why == "content"
            and meaning.confidence <= _FAINT
        ):
            after[col] = Meaning()  # codes of rooms look like somebody's numbers
        if not element or best.sure < _least(meaning, header) or _alike(meaning, element, subtype):
            continue
        if element == "name" and profiles[col].share(*_NAMELY) < _LEAST_NAMELY:
            continue
        if element == "provider" and not any(one.element == "name" for at, one in found.items() if at != col):
            continue  # where nobody else is named the clinicians are whom the table lists
        confidence = round(0.6 * best.sure, 3)
        group = meaning.group or (header.group if header is not None else "") or whose.get(col, "")
        group = "" if element == "provider" else group
        after[col] = Meaning(element=element, subtype=subtype, group=group, confidence=confidence, why="content")
    return after if is_peopled(after) else dict(found)


def of_nobody(
    found: Found, profiles: Mapping[int, Profile], read: Mapping[int, Header | None], headers: Mapping[int, str]
) -> frozenset[int]:
    """Return the columns that nothing speaks for and that are likely to be of nobody."""
    if len(found) > _WIDEST:
        return frozenset()
    still_open = [col for col, meaning in found.items() if not meaning.element and profiles[col].n]
    guesses = {col: guess(features(col, found, profiles, read, headers)) for col in still_open}
    return frozenset(col for col, one in guesses.items() if one.name == "nothing" and one.sure >= _NOBODY)


def _least(meaning: Meaning, header: Header | None) -> float:
    """Return how likely a guess must be to stand in a meaning's place."""
    if not meaning.element:
        return _KNOWN if header is not None and not header.element and header.score >= 0.5 else _OPEN
    return _CLASH if meaning.why == "content" or meaning.confidence <= _FAINT else _OVER


def _alike(meaning: Meaning, element: str, subtype: str) -> bool:
    """Say whether a guess says nothing new: the same element, and of a name the same part of it."""
    return meaning.element == element and (element not in ("name", "address") or meaning.subtype == subtype)
