"""The number of a driver's licence or state identity card: by its label, or by a shape that nothing else has.

Each state numbers in its own way (`SHAPES`); many are plain digits, so that the shape alone says something only where
it is long and mixed. Under a label a number that no state gives is kept and less sure.
"""

import functools
import re

from rollcall.elements.codes import SPACED_CODE, check_code, code, headers, labelled, mask_code
from rollcall.elements.element import Element, Pattern

# State -> the shapes of its numbers without separators: A is a letter, 9 a digit, * either; older forms still in use
# included. From the tables that motor vehicle administrators and insurers publish of licence formats.
SHAPES: dict[str, str] = {
    "AL": "99999999 9999999", "AK": "9999999 999999 99999", "AZ": "A99999999 999999999", "AR": "999999999 99999999",
    "CA": "A9999999", "CO": "999999999 A99999 AA9999", "CT": "999999999", "DE": "9999999 999999 99999",
    "DC": "9999999 999999999", "FL": "A999999999999", "GA": "999999999 99999999 9999999", "HI": "A99999999 999999999",
    "ID": "AA999999A 999999999", "IL": "A99999999999 A999999999999", "IN": "9999999999 A999999999 999999999",
    "IA": "999999999 999AA9999", "KS": "A9A9A A99999999 999999999", "KY": "A99999999 A999999999 999999999",
    "LA": "999999999 99999999", "ME": "9999999 9999999A 99999999", "MD": "A999999999999",
    "MA": "A99999999 999999999 AA9999999", "MI": "A999999999999 A9999999999", "MN": "A999999999999", "MS": "999999999",
    "MO": "A999999999 A99999999 A9999999 A999999 999999999 999A999999 99999999AA 999999999A",
    "MT": "9999999999999 999999999 A99999999", "NE": "A99999999 A9999999", "NV": "9999999999 999999999999 X99999999",
    "NH": "99AAA99999 99AAA999999 AAA99999999", "NJ": "A99999999999999", "NM": "999999999 99999999",
    "NY": "999999999 A9999999 A999999999999999999", "NC": "999999999999 99999999 9999999",
    "ND": "AAA999999 999999999", "OH": "AA999999 A9999999 99999999", "OK": "A999999999 999999999",
    "OR": "9999999 A999999 999999999", "PA": "99999999", "RI": "9999999 99999999 A999999", "SC": "99999999999 "
    "9999999999",
    "SD": "9999999999 99999999 999999999", "TN": "999999999 99999999 9999999", "TX": "99999999 9999999",
    "UT": "9999999999 999999999 99999999", "VT": "99999999 9999999A", "VA": "A99999999 A999999999 999999999",
    "WA": "AAAAAAA99999 AAAAA999**9 AAAAA999*** WDL*********", "WV": "9999999 A999999 AA99999", "WI": "A9999999999999",
    "WY": "9999999999 999999999", "PR": "9999999", "GU": "A99999999999999",
}  # fmt: skip
# Written as only a licence is: the groups of Florida, Maryland, Michigan, Minnesota, Illinois, Wisconsin, New Jersey.
GROUPED = (
    r"[A-Z]\d{3}-\d{3}-\d{2}-\d{3}-\d|[A-Z]-\d{3}-\d{3}-\d{3}-\d{3}|[A-Z] \d{3} \d{3} \d{3} \d{3}|"
    r"[A-Z]\d{3}-\d{4}-\d{4}-\d{2}|"
    r"[A-Z]\d{3}-\d{4}-\d{4}|[A-Z]\d{4}[- ]\d{5}[- ]\d{5}|[A-Z]\d{3}-\d{3}-\d{3}-\d{3}"
)
_SIGNS = {"A": "[A-Z]", "9": r"\d", "*": "[A-Z0-9]"}


@functools.cache
def shape_of(state: str) -> re.Pattern[str]:
    """Return what numbers of a state ("MN") look like, or of any state ("")."""
    said = SHAPES[state] if state else " ".join(SHAPES.values())
    shapes = dict.fromkeys(said.split())
    return re.compile("|".join("".join(_SIGNS.get(sign, sign) for sign in shape) for shape in shapes))


def check(value: str, _subtype: str) -> str:
    """Say whether any state numbers so."""
    if shape_of("").fullmatch(value):
        return "unchecked"
    said = check_code(value)
    return "no_state_form" if said == "unchecked" else said


ELEMENT = Element(
    id="drivers_license",
    subtypes=("licence", "state_id"),
    version=2,
    label="Driver's license or state identification number",
    group="identifier",
    patterns=(
        *labelled("licence", "state_id", confidence=0.95),
        *labelled("licence", regexes=(SPACED_CODE,), confidence=0.96),
        Pattern(regex=GROUPED, subtype="licence", confidence=0.55, labelled=0.97),
    ),
    headers=headers(
        licence="driver license, driver license number, driver license id, driving license, dl, dl number, dl id, "
        "license number, license, operator license, licencia conducir, licencia",
        state_id="state id, state identification, state id card",
    ),
    normalise=code,
    check=check,
    weigh={"too_short": 0.2, "too_long": 0.3, "placeholder": 0.6, "no_state_form": 0.85},
    mask=mask_code,
    examples=(
        ("D123-4567-8901", "licence", "unchecked"),
        ("s 530 4601 2345", "licence", "unchecked"),
        ("WDLABCD456DG", "licence", "unchecked"),
        ("ABCD12345678901", "licence", "no_state_form"),
        ("A1", "licence", "too_short"),
    ),
)
