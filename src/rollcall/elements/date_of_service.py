"""When something was done for a patient: visits, admissions, claims; never the date of the mail itself."""

from rollcall.elements.codes import headers, labelled
from rollcall.elements.dates import NUMERIC, REFERENCE_YEAR, WORDED, parse_date
from rollcall.elements.element import Element, Pattern

_DONE = (
    r"(?i:seen|seeing|saw|visited|visit|admitted|admission|discharged|discharge|surgery|procedure|appointment|appt|"
    r"service|delivered|treated|scheduled|operated|presented|hospitali[sz]ed|referred|rescheduled|cancel(?:l)?ed|"
    r"no[- ]show(?:ed)?|evaluated|evaluation|examined|exam|diagnosed|consulted|consultation|consult|underwent|"
    r"transferred|readmitted|follow(?:ed)?[- ]up|encounter|x-?rays?|scan|imaging|biopsy|bloodwork|lab ?work|labs|"
    r"drawn|collected|injured|under (?:my|our) care|will return|reviewed|checked)"
)
# "Dr." ends no sentence; the name of a hospital and a town may stand between the verb and the date.
_BETWEEN = r"(?: (?:(?i:dr|st|mr|mrs|ms|med|pt|hosp|univ|ctr|vs|w)\.|[^\s.;:?!]+)){0,9}"
_ON = r"(?:on|for|from|of|dated)(?: (?i:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?)?"


def normalise(text: str, _subtype: str) -> str:
    """Return the ISO date; a text that is none stays as it is written."""
    text = " ".join(text.split())
    return parse_date(text) or text


def check(value: str, _subtype: str) -> str:
    """Say whether it is a day on which a hospital with electronic mail can have done something."""
    if parse_date(value) != value:
        return "no_date"
    return "valid" if 1950 <= int(value[:4]) <= REFERENCE_YEAR + 10 else "unlikely_year"


def mask(value: str) -> str:
    """Return the year alone."""
    return f"{value[:4]}-**-**" if len(value) == 10 and value[:4].isdecimal() else "*" * len(value)


ELEMENT = Element(
    id="date_of_service",
    subtypes=("date",),
    version=3,
    label="Date of service",
    group="health",
    patterns=(
        *labelled("date", regexes=(NUMERIC, f"(?i:{WORDED})")),
        *(
            # "seeing Mary Olson on 11/29/18": the verb is the label, a name and a place may stand between.
            Pattern(
                regex=rf"{_DONE}{_BETWEEN},? {_ON} (?P<value>{date})",
                subtype="date", confidence=0.6, labelled=0.92,
            )
            for date in (NUMERIC, f"(?i:{WORDED})")
        ),
    ),
    headers=headers(
        date="service date, dos, visit date, admission date, admit date, admit, discharge date, discharge, "
        "appointment date, encounter date, procedure date, surgery date, treatment date, claim date, seen date, "
        "last seen, last visit, from date service, service from, service thru, collection date, specimen date, "
        "exam date, study date, injury date, "
        "fecha servicio, fecha visita, fecha cita, fecha ingreso, fecha alta"
    ),
    labels=("bill", "visit", "seen", "appointment", "surgery",
            "procedure", "admitted", "discharged", "scheduled", "coming", "admit", "service"),
    normalise=normalise,
    check=check,
    weigh={"no_date": 0.4, "unlikely_year": 0.4},
    mask=mask,
    examples=(
        ("11/29/18", "date", "valid"),
        ("2018-11-29", "date", "valid"),
        ("Nov 29, 2018", "date", "valid"),
        ("3/7/1784", "date", "unlikely_year"),
        ("next week", "date", "no_date"),
    ),
)  # fmt: skip
