"""The date of death: a patient's record stays protected for fifty years after it (45 CFR 160.103)."""

from rollcall.elements.codes import headers, labelled
from rollcall.elements.dates import NUMERIC, REFERENCE_YEAR, WORDED, parse_date
from rollcall.elements.element import Element, Pattern

# "passed away at home on 3/7/19": the verb is the label, a few words may stand between.
_DIED = r"(?i:died|passed away|passed|expired|deceased|date of death)(?: [^\s.;:]+){0,4}? (?:(?i:on|of) )?"


FLAG = 0.27  # below what counts: no date is exposed
# "Deceased: Y": no date, and yet it says that somebody has died.
_YES = frozenset(("y", "yes", "true", "x", "deceased", "expired", "dead", "died", "si", "sí"))
_NO = frozenset(("n", "no", "false", "alive", "living", "0"))


def normalise(text: str, _subtype: str) -> str:
    """Return the ISO date, or "yes" or "no"; a text that is none of these stays as it is written."""
    text = " ".join(text.split())
    low = text.lower().strip(".")
    return parse_date(text, birth=True) or ("yes" if low in _YES else "no" if low in _NO else text)


def check(value: str, _subtype: str) -> str:
    """Say whether somebody whose records are in electronic mail can have died on that day."""
    if value in ("yes", "no"):
        return "flag"
    if parse_date(value) != value:
        return "no_date"
    return "valid" if 1950 <= int(value[:4]) <= REFERENCE_YEAR else "unlikely_year"


def mask(value: str) -> str:
    """Return the year alone."""
    return f"{value[:4]}-**-**" if len(value) == 10 and value[:4].isdecimal() else "*" * len(value)


ELEMENT = Element(
    id="date_of_death",
    subtypes=("date",),
    version=1,
    label="Date of death",
    group="identifier",
    patterns=(
        *(
            Pattern(regex=rf"{_DIED}(?P<value>{date})", subtype="date", confidence=0.75, labelled=0.95)
            for date in (NUMERIC, f"(?i:{WORDED})")
        ),
        Pattern(regex=r"(?i:yes|y|deceased|expired)", subtype="date", confidence=0.1, labelled=0.9, needs_label=True),
        *labelled("date", regexes=(NUMERIC, f"(?i:{WORDED})"), confidence=0.95),
    ),
    headers=headers(
        date="death date, deceased date, expired date, death, deceased, expired, died, dod, fecha fallecimiento, "
        "fecha defuncion"
    ),
    normalise=normalise,
    check=check,
    weigh={"flag": FLAG, "no_date": 0.25, "unlikely_year": 0.4},
    mask=mask,
    examples=(
        ("3/7/2019", "date", "valid"),
        ("7 Mar 2019", "date", "valid"),
        ("3/7/1719", "date", "unlikely_year"),
        ("yes", "date", "flag"),
        ("soon", "date", "no_date"),
    ),
)
