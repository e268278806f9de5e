"""A telephone number of the North American plan: ten digits."""

import re

from rollcall.elements.element import Element, Pattern

_EXTENSION = re.compile(r"(?i)\s*(?:ext|extension|x)\.?\s*\d{1,6}$")
_NOT_DIGIT = re.compile(r"\D")
_COUNTRY = r"(?:\+?1[-. ]{0,2})?"


def normalise(text: str, _subtype: str) -> str:
    """Return ten digits: without country code and extension."""
    digits = _NOT_DIGIT.sub("", _EXTENSION.sub("", text.strip().removesuffix(".0")))
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def check(digits: str, _subtype: str) -> str:
    """Say whether the numbering plan allows it: area and exchange start with 2 to 9, neither is a service code."""
    if len(digits) != 10:
        return "wrong_length"
    if digits[0] in "01" or digits[3] in "01" or digits[1:3] == "11" or digits[4:6] == "11":
        return "not_dialable"
    return "valid"


def mask(value: str) -> str:
    """Return the number with its last four digits alone."""
    return f"***-***-{value[-4:]}"


ELEMENT = Element(
    id="phone",
    subtypes=("phone",),
    version=1,
    label="Telephone number",
    group="contact",
    patterns=(
        Pattern(
            regex=rf"{_COUNTRY}\(\d{{3}}\)[-. /]{{0,2}}\d{{3}}[-. ]{{1,3}}\d{{4}}",
            subtype="phone",
            confidence=0.95,
            labelled=0.98,
        ),
        Pattern(regex=rf"{_COUNTRY}\d{{3}}[-./ ]\d{{3}}[-. ]\d{{4}}", subtype="phone", confidence=0.85, labelled=0.98),
        Pattern(regex=r"\+1\d{10}", subtype="phone", confidence=0.9, labelled=0.98),
        Pattern(regex=r"1?\d{10}", subtype="phone", confidence=0.1, labelled=0.93, needs_label=True),
    ),
    headers=(
        ("phone", "phone"),
        ("phone number", "phone"),
        ("home phone", "phone"),
        ("work phone", "phone"),
        ("cell phone", "phone"),
        ("cell", "phone"),
        ("mobile", "phone"),
        ("mobile phone", "phone"),
        ("contact number", "phone"),
        ("emergency number", "phone"),
        ("telefono", "phone"),
        ("celular", "phone"),
        ("numero telefono", "phone"),
    ),
    labels=("call", "phone", "cell"),
    normalise=normalise,
    check=check,
    weigh={"not_dialable": 0.6, "wrong_length": 0.3},
    mask=mask,
    examples=(
        ("(612) 555-0142", "phone", "valid"),
        ("+1 612.555.0142", "phone", "valid"),
        ("612-555-0142 x12", "phone", "valid"),
        ("112-555-0142", "phone", "not_dialable"),
        ("555-0142", "phone", "wrong_length"),
    ),
)
