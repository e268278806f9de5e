"""A postal address: the street or box counts; city, state and ZIP are kept for the state a person lives in."""

import re

from rollcall.elements.element import Element, Pattern

STATES = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky",
    "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan", "MN": "Minnesota",
    "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire",
    "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina", "ND": "North Dakota",
    "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island",
    "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont",
    "VA": "Virginia", "WA": "Washington", "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    "PR": "Puerto Rico", "GU": "Guam", "VI": "Virgin Islands", "AS": "American Samoa",
    "MP": "Northern Mariana Islands",
}  # fmt: skip
STATE_CODES = {**{name.upper(): code for code, name in STATES.items()}, **{code: code for code in STATES}}

_TYPES = (
    "Street|St|Avenue|Ave|Av|Boulevard|Blvd|Road|Rd|Drive|Dr|Lane|Ln|Court|Ct|Circle|Cir|Place|Pl|Terrace|Ter|Way|"
    "Parkway|Pkwy|Highway|Hwy|Trail|Trl|Square|Sq|Loop|Alley|Aly|Crossing|Xing|Pike|Plaza|Plz|Run|Row|Ridge|Point|Pt|"
    "Path|Cove|Cv|Bend|Heights|Hts|Walk|Turnpike|Tpke|Expressway|Expy|Route|Rte"
)
_WORD = r"(?:[A-Za-z0-9][A-Za-z0-9.'-]{0,24} )"
_UNIT = r"(?:,? ?(?:Apt|Apartment|Unit|Suite|Ste|Bldg|Building|Lot|Rm|Room|Fl|Floor|No|#)\.? ?#?[A-Za-z0-9-]{1,6})?"
_STATE = "|".join(sorted(STATES))
_STATE_NAME = "|".join(sorted(STATES.values()))
TAIL = rf"[A-Za-z][A-Za-z .'-]{{1,30}},? {{1,3}}(?:{_STATE}|{_STATE_NAME})\.?,? {{1,3}}\d{{5}}(?:-\d{{4}})?"
_ROAD = (
    r"(?:(?:County|State|US|U\.S\.|Old|Farm|Ranch|Township|Twp|Rural|North|South|East|West|N|S|E|W)\.? ){0,2}"
    r"(?:Road|Rd|Highway|Hwy|Route|Rte|Interstate)\.? \d{1,4}[A-Za-z]?\b"
)
# "County Road 10", "Highway 144": roads that have a number for a name.
_NUMBERED = (
    r"(?:(?:County|State|US|Old|Farm|Ranch|Township|Rural|North|South|East|West|N|S|E|W)\.? ){0,2}"
    r"(?:Road|Rd|Highway|Hwy|Route|Rte|Interstate)\.? \d{1,4}[A-Za-z]?\b"
)
STREET = (
    rf"\d{{1,6}}[A-Za-z]?(?:-\d{{1,5}}|/\d)? (?:{_NUMBERED}|{_WORD}{{1,5}}(?:{_TYPES})\b\.?)"
    rf"(?: (?:N|S|E|W|NE|NW|SE|SW)\b\.?)?{_UNIT}"
)
BOX = r"(?:P\.? ?O\.? ?Box|Post Office Box|Apartado(?: Postal)?) ?#?\d{1,7}"

_SPACE = re.compile(r"\s*[\r\n]+[>\s]*")
_BOX = re.compile(f"(?i){BOX}")
_ZIP = re.compile(r"\d{5}(?:-?\d{4})?$")


def is_box(text: str) -> bool:
    """Say whether the address is a post office box."""
    return bool(_BOX.search(text))


def normalise(text: str, subtype: str) -> str:
    """Return the address on one line; a state as its two letters; a ZIP with lost leading zeros restored."""
    text = " ".join(_SPACE.sub(", ", text.strip()).split()).rstrip(" .,;")
    if subtype == "state":
        return STATE_CODES.get(text.upper().replace(".", ""), text)
    if subtype == "zip":
        text = text.removesuffix(".0")
        if text.isdecimal() and len(text) in (3, 4):
            return text.zfill(5)
        return f"{text[:5]}-{text[5:]}" if text.isdecimal() and len(text) == 9 else text
    return text


def check(value: str, subtype: str) -> str:
    """Say whether the value can be what its subtype says."""
    if subtype == "zip":
        return "valid" if _ZIP.match(value) else "bad_form"
    if subtype == "state":
        return "valid" if value in STATES else "bad_form"
    if subtype == "street":
        return "valid" if any(c.isdigit() for c in value) else "unchecked"
    return "unchecked"


def mask(value: str) -> str:
    """Return the address with nothing but its state."""
    words = value.replace(",", " ").split()
    state = next((word for word in reversed(words) if word in STATES), "")
    return f"*** {state}".strip()


ELEMENT = Element(
    id="address",
    subtypes=("street", "po_box", "city", "state", "zip"),
    version=1,
    label="Address",
    group="contact",
    patterns=(
        Pattern(
            regex=rf"(?i:{STREET})(?:,? {{1,3}}(?i:{TAIL}))?",
            subtype="street",
            confidence=0.8,
            labelled=0.95,
        ),
        Pattern(regex=rf"(?i:{BOX})(?:,? {{1,3}}(?i:{TAIL}))?", subtype="po_box", confidence=0.85, labelled=0.95),
    ),
    headers=(
        ("address", "street"),
        ("street address", "street"),
        ("street", "street"),
        ("st address", "street"),
        ("address line", "street"),
        ("mailing address", "street"),
        ("home address", "street"),
        ("residence", "street"),
        ("domicilio", "street"),
        ("direccion", "street"),
        ("calle", "street"),
        ("po box", "po_box"),
        ("city", "city"),
        ("town", "city"),
        ("postal", "zip"),
        ("ciudad", "city"),
        ("state", "state"),
        ("st", "state"),
        ("province", "state"),
        ("estado", "state"),
        ("zip", "zip"),
        ("zip code", "zip"),
        ("postal code", "zip"),
        ("codigo postal", "zip"),
        ("city state zip", "city_state_zip"),
        ("city state", "city_state_zip"),
        ("csz", "city_state_zip"),
    ),
    normalise=normalise,
    check=check,
    weigh={"bad_form": 0.4},
    mask=mask,
    examples=(
        ("12 Oak Street", "street", "valid"),
        ("Rural route", "street", "unchecked"),
        ("minnesota", "state", "valid"),
        ("Ontario", "state", "bad_form"),
        ("2110", "zip", "valid"),
        ("1096 AB", "zip", "bad_form"),
        ("PO Box 12", "po_box", "unchecked"),
    ),
)
