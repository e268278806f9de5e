"""Values to what can be compared: names in parts and their short forms, dates, numbers with issuer, addresses, phones.

Nothing here decides who is who. Raw values stay in the findings; what is lost here (accents, case, dashes) is lost for
comparison only.
"""

import functools
import re
import unicodedata
from pathlib import Path

import msgspec

from rollcall.elements.address import STATE_CODES, STATES
from rollcall.elements.name_parts import PARTICLES
from rollcall.elements.names import Name, given_weight, parse_name

_NOT_CODE = re.compile(r"[^0-9A-Z]")
_NOT_DIGIT = re.compile(r"\D")
_WORD = re.compile(r"[0-9a-z]+")
_PERSON_SUFFIX = re.compile(r"[-\s/_.*](\d{1,2})$")  # XWV123456789-01: which person of the contract
_ISO = re.compile(r"\d{4}-\d\d-\d\d$")
_STATE_ZIP = re.compile(r"(,\s*)?\b([A-Za-z]{2})\.?,?(?:\s+(\d{5})(?:-?\d{4})?)?\s*$")
_ZIP = re.compile(r"\b(\d{5})(?:-\d{4})?\s*$")
STREET_WORDS = frozenset(("NE", "CT"))  # states that are also a direction and a court
_BOX = re.compile(r"\b(?:p\s*o|post\s+office)\s+box\s+#?\s*([0-9a-z]+)")
_DIRECTIONS = frozenset(
    ("n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west", "apt", "unit", "suite")
)
_SUFFIXES = {"junior": "jr", "senior": "sr", "2nd": "ii", "3rd": "iii", "4th": "iv"}


class PersonName(msgspec.Struct, frozen=True, array_like=True, order=True):
    """A name for comparison: lower case letters alone; family names of several words keep their spaces."""

    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""


@functools.lru_cache(maxsize=1 << 17)
def letters(text: str) -> str:
    """Return lower-case letters without accents; a dash becomes a space, everything else goes."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    lowered = text.lower().replace("-", " ")
    return " ".join("".join(c for c in word if c.isalpha()) for word in lowered.split()).strip()


def _family(text: str) -> str:
    words: list[str] = []
    glue = False
    for word in letters(text).split():
        if glue:
            words[-1] += word
        else:
            words.append(word)
        glue = word in PARTICLES and len(word) > 1
    return " ".join(words)


@functools.lru_cache(maxsize=1 << 16)
def person_name(given: str, middle: str, family: str, suffix: str) -> PersonName:
    """Return the comparable form of a name whose parts are known."""
    suffix = letters(suffix).replace(" ", "") if not any(c.isdigit() for c in suffix) else suffix.strip().lower()
    return PersonName(
        given=letters(given).replace(" ", ""),
        middle=letters(middle).replace(" ", ""),
        family=_family(family),
        suffix=_SUFFIXES.get(suffix, suffix),
    )


@functools.lru_cache(maxsize=1 << 17)
def parsed_name(text: str) -> Name:
    """Return a name as written in its parts; asked for once to compare and once to show."""
    return parse_name(text)


@functools.lru_cache(maxsize=1 << 16)
def read_name(text: str) -> PersonName:
    """Return the comparable form of a name as written."""
    if not text.strip():
        return PersonName()
    parsed = parsed_name(text)
    if parsed.prefix and parsed.given and not parsed.family:  # "Mr. Carter"
        return person_name("", parsed.middle, parsed.given, parsed.suffix)
    return person_name(parsed.given, parsed.middle, parsed.family, parsed.suffix)


@functools.cache
def _nicknames() -> dict[str, frozenset[str]]:
    formal: dict[str, set[str]] = {}
    path = Path(__file__).with_name("nicknames.txt")
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, shorts = line.partition(":")
            for short in shorts.split():
                formal.setdefault(short, set()).add(name)
    return {short: frozenset({short, *names}) for short, names in formal.items()}


@functools.lru_cache(maxsize=1 << 16)
def forms(given: str) -> frozenset[str]:
    """Return the formal names a first name may stand for, and itself."""
    return _nicknames().get(given) or frozenset((given,))


@functools.lru_cache(maxsize=1 << 18)
def given_level(one: str, other: str) -> str:
    """Say how two first names agree: same, nickname, initial, typo, clash, or unknown where one is missing."""
    if not one or not other:
        return "unknown"
    if one == other:
        return "same"
    if len(one) == 1 or len(other) == 1:
        if one[0] == other[0]:
            return "initial"
        return "initial" if any(form[0] == other[0] for form in forms(one)) and len(other) == 1 else "clash"
    if one in forms(other) or other in forms(one):
        return "nickname"
    if forms(one) & forms(other):  # Liz and Beth: one person only where a number says so
        return "typo"
    # Two names that people really bear are two people (Gina and Tina are twins); a name nobody bears is a slip.
    return "typo" if min(len(one), len(other)) >= 4 and edits(one, other) == 1 and _is_slip(one, other) else "clash"


def _is_slip(one: str, other: str) -> bool:
    rarer, commoner = sorted((given_weight(one), given_weight(other)))
    return rarer < 13 and commoner - rarer >= 7  # weights are binary logarithms of how many bear the name


@functools.lru_cache(maxsize=1 << 18)
def family_level(one: str, other: str) -> str:
    """Say how two family names agree: same, part (one of a double name), typo, clash, or unknown."""
    if not one or not other:
        return "unknown"
    if one == other:
        return "same"
    words, others = one.split(), other.split()
    if set(words) <= set(others) or set(others) <= set(words):
        return "part"
    joined, other_joined = "".join(words), "".join(others)
    if joined == other_joined:
        return "same"
    if min(len(joined), len(other_joined)) >= 4 and edits(joined, other_joined) == 1:
        return "typo"
    return "clash"


def edits(one: str, other: str, most: int = 2) -> int:
    """Return how many slips of the pen lie between two texts (a swap of neighbours is one), `most` + 1 if more."""
    if one == other:
        return 0
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        following = [i]
        for j, another in enumerate(other, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > most:
            return most + 1
        before, row = row, following
    return min(row[-1], most + 1)


@functools.lru_cache(maxsize=1 << 16)
def near_dates(one: str, other: str) -> bool:
    """Say whether two birth dates may be one miswritten: at most two digits apart, or day and month swapped."""
    if (one[:4], one[5:7], one[8:]) == (other[:4], other[8:], other[5:7]):
        return True
    return sum(a != b for a, b in zip(one, other, strict=False)) <= 2


def birth_date(value: str) -> str:
    """Return a full ISO date, or "" where the value is only part of one."""
    return value if _ISO.match(value) else ""


def code(value: str) -> str:
    """Return a number of any institution in capitals without separators, leading zeros kept."""
    return _NOT_CODE.sub("", value.upper())


def member_base(value: str, text: str) -> tuple[str, str]:
    """Return a member number without the digits that say which person of the contract, and those digits."""
    whole = code(value)
    match = _PERSON_SUFFIX.search(text.strip())
    if match and whole.endswith(match[1]) and len(whole) - len(match[1]) >= 6:
        return whole[: -len(match[1])], match[1].zfill(2)
    return whole, ""


def phone(value: str) -> str:
    """Return ten digits, or "" where the value is no number of this country."""
    digits = _NOT_DIGIT.sub("", value)
    if len(digits) > 10 and digits.startswith("1"):
        digits = digits[1:]
    return digits[:10] if len(digits) >= 10 else ""


def email(value: str) -> str:
    """Return the address in lower case."""
    return value.strip().lower() if "@" in value else ""


class Address(msgspec.Struct, frozen=True):
    """One address of a mention, put together from its cells or read from running text."""

    line: str = ""  # "street, city, ST zip"
    key: str = ""  # number and street name, for comparison; "" without a street
    zip: str = ""
    state: str = ""


def address(parts: dict[str, str]) -> Address:
    """Return one address from its parts (street, city, state, zip) or from the one text (full, street) holding all."""
    street = parts.get("full") or parts.get("street") or parts.get("po_box", "")
    if parts.get("full") and parts.get("street"):
        street = parts["street"]
    city, state, zip_code = parts.get("city", ""), parts.get("state", ""), parts.get("zip", "")
    tail = _STATE_ZIP.search(street)
    if tail and not _is_state(tail):
        tail = None
    if tail and not state:
        state = tail[2]
    state = STATE_CODES.get(state.upper(), "")
    found = _ZIP.search(street)
    zip_key = zip_code[:5] or (found[1] if found else "")
    line = street
    if not tail:
        last = " ".join(piece for piece in (parts.get("state", ""), zip_code) if piece)
        line = ", ".join(piece for piece in (street, city, last) if piece)
    return Address(line=line, key=_street_key(street), zip=zip_key, state=state)


def _is_state(tail: re.Match[str]) -> bool:
    """Say whether two letters at the end of an address are a state: "12 Main St NW 55401" names none."""
    comma, letters, zip_code = tail[1], tail[2], tail[3]
    if letters.upper() in STREET_WORDS and not comma:
        return False
    return letters.upper() in STATES and (letters.isupper() or bool(zip_code))


@functools.lru_cache(maxsize=1 << 16)
def _street_key(street: str) -> str:
    lowered = street.lower().replace(".", " ")
    box = _BOX.search(lowered)
    if box:
        return f"box {box[1]}"
    words = _WORD.findall(lowered)
    number = next((index for index, word in enumerate(words) if word[0].isdigit()), None)
    if number is None:
        return ""
    named = [word for word in words[number + 1 :] if word not in _DIRECTIONS]
    return f"{words[number]} {named[0]}" if named else ""
