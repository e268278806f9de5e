"""The date of birth, in the shapes hospitals write dates; in running text only where it is called one."""

import re

from rollcall.elements.dates import NUMERIC, PACKED, REFERENCE_YEAR, WORDED, month_day, parse_date
from rollcall.elements.element import Element, Pattern

_NAMED = (
    r"[A-Z][A-Za-z'.-]+,? (?:[A-Z]\.? )?(?:(?:de|la|las|los|del|van|von|da|di|al|el|bin|"
    r"st\.?) ){0,3}[A-Z][A-Za-z'.-]+"
)
# A third word of the name is common; a comma and the date must follow.
_LISTED = rf"^[ \t>]*(?:[-*•]|\d{{1,3}}[.)])[ \t]*{_NAMED}(?: [A-Z][A-Za-z'.-]+){{0,2}}, "
_YEAR = re.compile(r"(?:19|20)\d{2}$")


def normalise(text: str, subtype: str) -> str:
    """Return the ISO date, the year, or "--MM-DD"; a text that is none stays as it is written."""
    text = " ".join(text.split())
    if subtype == "month_day":
        return month_day(text) or text
    return parse_date(text, birth=True) or text


def check(value: str, subtype: str) -> str:
    """Say whether somebody in the evidence can be born on that day."""
    if subtype == "month_day":
        return "unchecked" if value.startswith("--") else "no_date"
    if subtype == "year":
        return "valid" if _YEAR.match(value) and 1900 <= int(value) <= REFERENCE_YEAR else "no_date"
    if parse_date(value) != value:
        return "no_date"
    year = int(value[:4])
    if year > REFERENCE_YEAR:
        return "future"
    return "too_old" if year < 1900 else "valid"


def mask(value: str) -> str:
    """Return the date with the day and month hidden."""
    return f"{value[:4]}-**-**" if len(value) == 10 and value[:4].isdecimal() else "*" * len(value)


ELEMENT = Element(
    id="date_of_birth",
    subtypes=("full", "year", "month_day"),
    version=1,
    label="Date of birth",
    group="identifier",
    patterns=(
        # "Mary Olson (3/7/84)", "- Mary Olson, March 7, 1984: ...": a date that only tells who is meant.
        Pattern(regex=rf"{_NAMED} ?\((?P<value>{NUMERIC})\)", subtype="full", confidence=0.65, labelled=0.97),
        Pattern(regex=rf"{_NAMED} ?\((?P<value>(?i:{WORDED}))\)", subtype="full", confidence=0.65, labelled=0.97),
        Pattern(regex=rf"{_LISTED}(?P<value>{NUMERIC}) ?(?::|;| -)", subtype="full", confidence=0.6, labelled=0.97),
        Pattern(regex=rf"{_LISTED}(?P<value>(?i:{WORDED})) ?(?::|;| -)", subtype="full", confidence=0.6, labelled=0.97),
        Pattern(regex=NUMERIC, subtype="full", confidence=0.1, labelled=0.98, needs_label=True),
        Pattern(regex=f"(?i:{WORDED})", subtype="full", confidence=0.1, labelled=0.98, needs_label=True),
        Pattern(regex=PACKED, subtype="full", confidence=0.1, labelled=0.95, needs_label=True),
        Pattern(regex=r"(?:19|20)\d{2}", subtype="year", confidence=0.1, labelled=0.7, needs_label=True),
    ),
    headers=(
        ("birth date", "full"),
        ("birth", "full"),
        ("born", "full"),
        ("birthday", "full"),
        ("fecha nacimiento", "full"),
        ("nacimiento", "full"),
        ("nacio", "full"),
        ("nacido", "full"),
        ("nacida", "full"),
        ("birth year", "year"),
        ("year birth", "year"),
        ("yob", "year"),
    ),
    labels=("born", "birthday"),
    normalise=normalise,
    check=check,
    weigh={"future": 0.3, "too_old": 0.3, "no_date": 0.25},
    mask=mask,
    examples=(
        ("3/7/84", "full", "valid"),
        ("03-07-1984", "full", "valid"),
        ("7 Mar 1984", "full", "valid"),
        ("March 7, 1984", "full", "valid"),
        ("7 de marzo de 1984", "full", "valid"),
        ("19840307", "full", "valid"),
        ("1/2/2031", "full", "future"),
        ("3/7/1784", "full", "too_old"),
        ("13/13/1990", "full", "no_date"),
        ("1984", "year", "valid"),
        ("Mar 7", "month_day", "unchecked"),
    ),
)
