"""What the numbers that institutions give people have in common: their shapes, normal form and mask."""

import re

from rollcall.elements.element import Pattern

# Letters, then digits with single marks between: "00123456", "SJH-123456", "12-34-56", "E12345A". A label may stand
# right before a code ("MRN 0012"), so a space joins only groups that are long enough to be parts of one number.
CODE = (
    r"(?:[A-Za-z]{1,12}-?|[A-Za-z]{1,6}-[A-Za-z]{1,6}-?)?\d[\dA-Za-z]{0,24}"
    r"(?:[-.][A-Za-z]{0,4}\d[\dA-Za-z]{0,12}){0,4}"
)
SPACED_CODE = r"[A-Za-z]{0,3}\d{3,5}(?: \d{3,5}){1,3}"
_SEPARATORS = re.compile(r"[\s.\-–—_/#:]+")
_DIGITS = re.compile(r"\d")


def compact(text: str) -> str:
    """Return the code in capitals without spaces, dashes and dots; leading zeros stay."""
    return _SEPARATORS.sub("", text).upper()


def code(text: str, _subtype: str = "") -> str:
    """Return the normal form of a code of any subtype."""
    return compact(text.removesuffix(".0"))


def check_code(value: str, _subtype: str = "") -> str:
    """Say whether this can be a number that an institution gave: three digits or more, at most twenty characters."""
    n_digits = len(_DIGITS.findall(value))
    if n_digits < 3:
        return "too_short"
    if len(value) > 20:
        return "too_long"
    return "placeholder" if len(set(value)) == 1 or value in ("123456789", "1234567890") else "unchecked"


def mask_code(value: str) -> str:
    """Return the code with all but its last two characters hidden; short ones are hidden whole."""
    return "*" * (len(value) - 2) + value[-2:] if len(value) > 5 else "*" * len(value)


def hide(value: str) -> str:
    """Return nothing of a value whose every part tells."""
    return "*" * min(8, len(value))


def labelled(*subtypes: str, regexes: tuple[str, ...] = (CODE,), confidence: float = 0.92) -> tuple[Pattern, ...]:
    """Return patterns of shapes so common that only a label makes them count."""
    return tuple(
        Pattern(regex=regex, subtype=subtype, confidence=0.1, labelled=confidence, needs_label=True)
        for regex in regexes
        for subtype in subtypes
    )


def headers(**phrases: str) -> tuple[tuple[str, str], ...]:
    """Return (words, subtype) from "words, words" by subtype."""
    return tuple((phrase.strip(), subtype) for subtype, said in phrases.items() for phrase in said.split(","))


CODE_WEIGHTS = {"too_short": 0.2, "too_long": 0.3, "placeholder": 0.6}
