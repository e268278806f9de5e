"""Numbers of the Internal Revenue Service: of a taxpayer without a Social Security number, of a business, a PIN."""

import re

from rollcall.elements.codes import headers, labelled
from rollcall.elements.element import Element, Pattern

# Fourth and fifth digit of an ITIN (IRS, Publication 1915); 93 is that of adoptees (ATIN).
_ITIN_GROUPS = r"(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])"
ITIN = rf"9\d{{2}}[- ]{_ITIN_GROUPS}[- ]\d{{4}}"
_ITIN = re.compile(ITIN.replace("[- ]", ""))
_ATIN = re.compile(r"9\d\d93\d{4}")
# Campuses and the internet have had these first two digits (IRS, "How EINs are assigned and valid EIN prefixes").
_EIN_PREFIXES = frozenset(
    f"{number:02}"
    for number in (*range(1, 7), *range(10, 17), *range(20, 28), *range(30, 49), *range(50, 69), *range(71, 78),
                   *range(80, 89), *range(90, 96), 98, 99)
)  # fmt: skip
_NOT_DIGIT = re.compile(r"\D")


def normalise(text: str, _subtype: str) -> str:
    """Return the digits."""
    return _NOT_DIGIT.sub("", text.strip().removesuffix(".0"))


def check(digits: str, subtype: str) -> str:
    """Say whether the number is one that the IRS gives out."""
    if len(digits) != (6 if subtype == "ip_pin" else 9):
        return "wrong_length"
    if subtype == "ip_pin":
        return "unchecked"
    if subtype == "ein":
        return "valid" if digits[:2] in _EIN_PREFIXES else "never_issued"
    # "Taxpayer ID" heads Social Security numbers as well: what cannot be an ITIN is kept and less sure.
    return "valid" if _ITIN.fullmatch(digits) or _ATIN.fullmatch(digits) else "never_issued"


def mask(value: str) -> str:
    """Return the number with its last four digits alone; a PIN is hidden whole."""
    return f"***-**-{value[-4:]}" if len(value) == 9 else "*" * len(value)


ELEMENT = Element(
    id="tax_id",
    subtypes=("itin", "ein", "ip_pin"),
    version=1,
    label="Taxpayer identification number",
    group="identifier",
    patterns=(
        Pattern(regex=ITIN, subtype="itin", confidence=0.85, labelled=0.98),
        *labelled("itin", regexes=(r"9\d{8}",), confidence=0.95),
        # A business's, unless something says that it is a person's; below what counts as exposed.
        *labelled("ein", regexes=(r"\d{2}-\d{7}", r"\d{9}"), confidence=0.28),
        *labelled("ip_pin", regexes=(r"\d{6}",)),
    ),
    headers=headers(
        itin="itin, tax id, taxpayer id, tin, atin",
        ein="ein, fein, employer id number",
        ip_pin="ip pin, identity protection pin",
    ),
    normalise=normalise,
    check=check,
    weigh={"never_issued": 0.5, "wrong_length": 0.3},
    mask=mask,
    examples=(
        ("912-70-1234", "itin", "valid"),
        ("912931234", "itin", "valid"),
        ("912-49-1234", "itin", "never_issued"),
        ("41-0123456", "ein", "valid"),
        ("07-0123456", "ein", "never_issued"),
        ("123456", "ip_pin", "unchecked"),
        ("12345", "ip_pin", "wrong_length"),
    ),
)
