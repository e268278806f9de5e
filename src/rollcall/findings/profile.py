"""What the cells of a column look like: the share of each shape among a sample of them."""

import functools
import re
from collections import Counter
from collections.abc import Sequence
from string import ascii_letters

import msgspec

from rollcall.elements.address import BOX, STATE_CODES, STREET, TAIL
from rollcall.elements.clinical_words import CONDITION, DRUG, PAYER, SERVICE
from rollcall.elements.dates import excel_serial, parse_date
from rollcall.elements.health_insurance import HICN, MBI
from rollcall.elements.name_parts import SUFFIXES
from rollcall.elements.name_tables import family_weight, given_weight
from rollcall.elements.name_words import INSTITUTIONS, PLAIN
from rollcall.elements.names import looks_like_name
from rollcall.elements.phone import check as check_phone
from rollcall.elements.phone import normalise as phone_digits
from rollcall.elements.ssn import HIDDEN
from rollcall.elements.ssn import check as check_ssn

SAMPLE = 200  # distinct cells of a column that are looked at
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ssn", re.compile(r"\d{3}[- ]\d{2}[- ]\d{4}")),
    ("last4", re.compile(HIDDEN)),
    ("four", re.compile(r"\d{4}")),
    ("email", re.compile(r"<?[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,24}>?")),
    ("zip", re.compile(r"\d{5}(?:-\d{4})?")),
    ("mbi", re.compile(MBI)),
    ("hicn", re.compile(HICN)),
    ("icd", re.compile(r"(?:[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?[,;\s]*)+")),
    ("icd_dotted", re.compile(r"(?:[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}[,;\s]*)+")),
    ("five", re.compile(r"\d{5}")),
    ("hcpcs", re.compile(r"[A-EGHJ-MP-V]\d{4}|\d{4}[FTU]")),
    ("icd_plain", re.compile(r"[A-TV-Z]\d[0-9AB][0-9A-Z]{0,4}")),
    ("cents", re.compile(r"[$(-]{0,2}\d{1,3}(?:,?\d{3})*\.\d\d\)?")),
    ("decimal", re.compile(r"[$(-]{0,2}\d{1,3}(?:,?\d{3})*(?:\.\d{1,2})?\)?")),
    ("amount", re.compile(r"[$(-]*\d{1,3}(?:,\d{3})*(?:\.\d+)?\)?|-?\d+\.\d+")),
    ("code", re.compile(r"#?[A-Za-z]{0,6}[- ]?[\dA-Za-z]*\d[\dA-Za-z]*(?:[- ./][\dA-Za-z]+){0,4}")),
    ("card", re.compile(r"\d{4}(?:[- ]?\d{4}){2}[- ]?\d{1,7}|3\d{3}[- ]?\d{6}[- ]?\d{5}")),
    ("hyphened", re.compile(r"\d{3}-\d{2}-\d{4}")),
)
_PHONE = re.compile(
    r"(?:\+?1[-. ]?)?(?:\(\d{3}\)|\d{3})[-. /]*\d{3}[-. ]*\d{4}(?:\s*(?:x|ext)\.?\s*\d+)?", re.IGNORECASE
)
_STREET = re.compile(f"(?i)(?:{STREET}|{BOX})")
_HOUSE = re.compile(r"\d+[A-Za-z]?\s+\S*[A-Za-z]{2,}")
_MEDICAL = tuple(
    (name, re.compile(regex))
    for name, regex in (("condition", CONDITION), ("service", SERVICE), ("drug", DRUG), ("payer", PAYER))
)
_LOCATED = re.compile(f"(?i)(?:{BOX}|\\d+[A-Za-z]? ).*{TAIL}")
_COMMA = re.compile(r"[^\W\d_][\w'’.\- ]+, ?[^\W\d_][\w'’\-]+(?: [^\W\d_][\w.'’\-]*)?")
_CLINICIAN = re.compile(r"(?i)(?:dr\.?|doctor) \S.*|.*,? (?:m\.?d|d\.?o|np|pa-?c|rn|aprn|cnm|dpm|phd)\.?$")
_WORDS = re.compile(r"[^\W\d_][\w'’.\-]*")
# Cells of these shapes are data, never a header.
DATA = frozenset(
    ["ssn", "last4", "email", "mbi", "hicn", "date", "phone", "street", "icd", "zip", "amount", "number", "nine", "ten"]
)


@functools.lru_cache(maxsize=32768)
def shapes_of(text: str) -> frozenset[str]:
    """Return the names of all shapes that a cell has."""
    text = text.strip()
    if len(text) > 80:
        return frozenset(("text",))
    if not any(c.isdigit() for c in text):
        return _wordy(text)
    found = {name for name, shape in _SHAPES if shape.fullmatch(text)}
    bare = text.removesuffix(".0")
    if bare.isdecimal() and bare.isascii():
        found |= _number(bare)
    if len(text) >= 6 and parse_date(text, birth=True):
        found.add("date")
    if (
        len(text) >= 10
        and not bare.isdecimal()
        and _PHONE.fullmatch(text)
        and check_phone(phone_digits(text, ""), "") == "valid"
    ):
        found.add("phone")
    if _STREET.match(text):
        found.add("street")
    if _HOUSE.match(text):
        found.add("house")
    if _LOCATED.fullmatch(text):
        found.add("located")
    if "code" in found and sum(c.isdigit() for c in text) < 3:
        found.discard("code")
    if len(text.split()) >= 6:
        found.add("text")
    if " " in text:
        found |= _medical(text)
    return frozenset(found)


def _medical(text: str) -> set[str]:
    """Return which words of medicine a text is made of."""
    return {name for name, shape in _MEDICAL if shape.fullmatch(text)}


def _number(digits: str) -> set[str]:
    found = {"number"}
    if len(digits) in (7, 8, 9) and check_ssn(digits.zfill(9), "full") == "valid":
        found.add("nine" if len(digits) == 9 else "padded")
    if len(digits) == 9 and digits[0] in "0123" and check_routing(digits):
        found.add("routing")
    if len(digits) == 10 and check_phone(digits, "") == "valid":
        found.add("ten")
    if excel_serial(digits):
        found.add("serial")
    return found


def check_routing(digits: str) -> bool:
    """Say whether nine digits are a bank's routing number by its check digit (American Bankers Association)."""
    return (
        digits.strip("0") != ""
        and sum(int(d) * weight for d, weight in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0
    )


def reads_as_name(text: str) -> bool:
    """Say whether a text that a form keeps apart is a whole name: by its words, or by its comma."""
    shapes = shapes_of(text)
    return bool(shapes & {"full", "comma"}) and not shapes & {"condition", "service", "drug", "payer", "text"}


def _wordy(text: str) -> frozenset[str]:
    found: set[str] = set()
    words = _WORDS.findall(text)
    if "@" in text:
        found.add("email")
    if text.upper().replace(".", "") in STATE_CODES and (len(text) > 3 or text.isupper()):
        found.add("state")
    if not words:
        return frozenset(found)
    if len(words) >= 6:
        found.add("text")
    if all(c.isalpha() or c in " .,'’-()\"&/" for c in text):
        found.add("alpha")
    found |= _medical(text)
    if _COMMA.fullmatch(text) and words[-1].upper() not in STATE_CODES:
        found.add("comma")
    if _CLINICIAN.fullmatch(text):
        found.add("clinician")
    if len(words) <= 5:
        found |= _nominal(text, words)
    return frozenset(found)


def _nominal(text: str, words: list[str]) -> set[str]:
    """Return what a few words without digits say about names."""
    found: set[str] = set()
    if len(words) == 1:
        bare = words[0].rstrip(".")
        if bare.lower() in SUFFIXES:
            found.add("suffix")
        if len(bare) == 1:
            found.add("initial")
    elif looks_like_name(text) >= 0.75:
        found.add("full")
        if "," in text:
            found.add("inverted")
    if len(words) <= 2 and words[0][0].isupper() and words[0].lower() not in INSTITUTIONS:
        plain = words[0].lower() in PLAIN
        if given_weight(words[0]) >= (12 if plain else 7):
            found.add("given")
        if family_weight(words[-1]) >= (14 if plain else 8):
            found.add("family")
    return found


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """A column in numbers."""

    n: int  # cells that are not blank
    kinds: dict[frozenset[str], int]  # sets of shapes -> distinct cells that have them
    distinct: float  # distinct cells / cells
    years: tuple[int, ...]  # of the dates in it, sorted
    serials: tuple[int, ...]  # years of the numbers in it, were they day numbers of a spreadsheet
    lengths: int  # how many different lengths
    counted: bool  # numbers that mostly begin with one digit, as those of one counter do and Social Security's do not
    scattered: bool  # numbers that begin in many ways, as those of no counter and no one place do
    zeros: bool  # some are filled up with zeros on the left
    maker: float  # share of the codes with the most common form: letters in front, and how many characters
    mixed: bool  # codes of several forms: of digits alone and with letters before, or of very different lengths
    long: int  # characters of a cell, in the middle
    signs: str  # the signs in most cells, letters, digits and blanks aside: "-" of 12-345, "/" of 1/2/19
    given: float  # mean weight of single words as first names
    family: float  # ... and as surnames

    def share(self, *names: str) -> float:
        """Return the share of the cells looked at that have any of the shapes."""
        wanted = frozenset(names)
        n = sum(self.kinds.values())
        return sum(count for shapes, count in self.kinds.items() if shapes & wanted) / n if n else 0.0

    @property
    def birthlike(self) -> bool:
        """Whether the dates spread over lifetimes, as birth dates do and visits do not."""
        if len(self.years) < 3:
            return False
        middle = self.years[len(self.years) // 2]
        return self.years[-1] - self.years[0] >= 25 and middle <= 2012 and self.years[-1] <= 2026


def _counted(cells: Sequence[str]) -> bool:
    """Say whether most numbers begin with the same digit."""
    first = Counter(text.strip()[:1] for text in cells)
    return bool(first) and max(first.values()) > 0.8 * len(cells)


def _scattered(cells: Sequence[str]) -> bool:
    """Say whether numbers begin with many different pairs of digits."""
    first = Counter(text.strip()[:2] for text in cells)
    return len(cells) >= 3 and max(first.values()) * 2 <= len(cells) + 1 and len(first) >= min(3, len(cells))


def _maker(cells: Sequence[str]) -> float:
    """Return the share of the most common form of code among cells."""
    forms = Counter((text[: len(text) - len(text.lstrip(ascii_letters))], len(text)) for text in map(str.strip, cells))
    return max(forms.values()) / len(cells) if cells else 0.0


def _mixed(cells: Sequence[str]) -> bool:
    """Say whether codes come in forms of several makers: letters in front of some of them, and several lengths."""
    lettered = sum(text.strip()[:1].isalpha() for text in cells)
    lengths = {sum(map(str.isalnum, text)) for text in cells}
    return 0 < lettered < len(cells) and len(lengths) > 1


def _signs(cells: Sequence[str]) -> str:
    """Return the signs that most cells have."""
    kinds = Counter("".join(sorted({c for c in text if not c.isalnum() and not c.isspace()})) for text in cells)
    return min(kinds, key=lambda kind: (-kinds[kind], kind))[:3] if kinds else ""


def profile(cells: Sequence[str]) -> Profile:
    """Return the profile of a column's cells; blank ones are left out by the caller."""
    kinds: Counter[frozenset[str]] = Counter()
    years: list[int] = []
    serials: list[int] = []
    given = family = n_words = 0
    unique = list(dict.fromkeys(cells))[:SAMPLE]
    for text in unique:
        shapes = shapes_of(text)
        kinds[shapes] += 1
        if "date" in shapes and (iso := parse_date(text.strip(), birth=True)):
            years.append(int(iso[:4]))
        if "serial" in shapes and "five" in shapes and (iso := excel_serial(text)):
            serials.append(int(iso[:4]))
        if "alpha" in shapes and " " not in text.strip():
            given += given_weight(text)
            family += family_weight(text)
            n_words += 1
    return Profile(
        n=len(cells),
        kinds=dict(kinds),
        distinct=len(set(cells)) / max(1, len(cells)),
        years=tuple(sorted(years)),
        serials=tuple(sorted(serials)),
        lengths=len({len(text.strip()) for text in unique}),
        counted=_counted(unique),
        scattered=_scattered(unique),
        zeros=sum(text.strip().startswith("00") for text in unique) * 5 > len(unique),
        maker=_maker(unique),
        mixed=_mixed(unique),
        long=sorted(map(len, unique))[len(unique) // 2] if unique else 0,
        signs=_signs(unique),
        given=given / max(1, n_words),
        family=family / max(1, n_words),
    )
