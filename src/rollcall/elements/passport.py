"""The number of a passport: nine digits, or since 2021 a letter and eight; other countries have their own."""

import re

from rollcall.elements.codes import code, headers, labelled, mask_code
from rollcall.elements.element import Element

_UNITED_STATES = re.compile(r"[A-Z]?\d{8,9}")
_ANY = re.compile(
    r"(?=.*\d{3})[A-Z0-9]{6,12}"
)  # machine-readable zone has room for nine (ICAO 9303-4); some add a check


def check(value: str, _subtype: str) -> str:
    """Say whether the United States number so, or another country might."""
    if len(value) == 9 and _UNITED_STATES.fullmatch(value):
        return "valid"
    return "unchecked" if _ANY.fullmatch(value) else "bad_form"


ELEMENT = Element(
    id="passport",
    subtypes=("passport",),
    version=1,
    label="Passport number",
    group="identifier",
    patterns=labelled(
        "passport", regexes=(r"[A-Za-z]{0,3}\d{5,9}[A-Za-z]?", r"[A-Za-z]{1,2} \d{6,8}"), confidence=0.94
    ),
    headers=headers(
        passport="passport, passport number, passport id, passport card, passport book number, pasaporte, "
        "numero pasaporte"
    ),
    normalise=code,
    check=check,
    weigh={"bad_form": 0.4},
    mask=mask_code,
    examples=(
        ("512345678", "passport", "valid"),
        ("a12345678", "passport", "valid"),
        ("GH 1234567", "passport", "unchecked"),
        ("1234", "passport", "bad_form"),
    ),
)
