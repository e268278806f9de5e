"""The number by which the armed forces know somebody: ten digits since 2011, a service number before 1974."""

import re

from rollcall.elements.codes import code, headers, labelled, mask_code
from rollcall.elements.element import Element

_EDIPI = re.compile(r"[1-9]\d{9}")
_SERVICE = re.compile(r"(?:[A-Z]{1,2})?\d{6,8}")


def check(value: str, _subtype: str) -> str:
    """Say whether it is a number of the Department of Defense (EDIPI), or an old service number."""
    if _EDIPI.fullmatch(value):
        return "valid"
    return "unchecked" if _SERVICE.fullmatch(value) else "bad_form"


ELEMENT = Element(
    id="military_id",
    subtypes=("military_id",),
    version=1,
    label="Military identification number",
    group="identifier",
    patterns=labelled("military_id", regexes=(r"\d{10}", r"[A-Za-z]{0,2} ?\d{6,8}"), confidence=0.94),
    headers=headers(
        military_id="military id, military id number, dod id, dod id number, dodid, edipi, service number, cac id, "
        "department defense id, veteran id, va id"
    ),
    normalise=code,
    check=check,
    weigh={"bad_form": 0.4},
    mask=mask_code,
    examples=(
        ("1234567890", "military_id", "valid"),
        ("US 55123456", "military_id", "unchecked"),
        ("12", "military_id", "bad_form"),
    ),
)
