"""The number of a driver's licence or state identity card: each state's own shape, so known by its label."""

from rollcall.elements.codes import CODE, CODE_WEIGHTS, SPACED_CODE, check_code, code, mask_code
from rollcall.elements.element import Element, Pattern

ELEMENT = Element(
    id="drivers_license",
    subtypes=("licence", "state_id"),
    version=1,
    label="Driver's license or state identification number",
    group="identifier",
    patterns=(
        Pattern(regex=CODE, subtype="licence", confidence=0.1, labelled=0.95, needs_label=True),
        Pattern(regex=SPACED_CODE, subtype="licence", confidence=0.1, labelled=0.96, needs_label=True),
        Pattern(regex=CODE, subtype="state_id", confidence=0.1, labelled=0.95, needs_label=True),
    ),
    headers=(
        ("driver license", "licence"),
        ("driver license number", "licence"),
        ("driver license id", "licence"),
        ("driving license", "licence"),
        ("dl", "licence"),
        ("dl number", "licence"),
        ("dl id", "licence"),
        ("license number", "licence"),
        ("license", "licence"),
        ("operator license", "licence"),
        ("licencia conducir", "licence"),
        ("licencia", "licence"),
        ("state id", "state_id"),
        ("state identification", "state_id"),
    ),
    normalise=code,
    check=check_code,
    weigh=CODE_WEIGHTS,
    mask=mask_code,
    examples=(
        ("D123-4567-8901", "licence", "unchecked"),
        ("s 530 4601 2345", "licence", "unchecked"),
        ("A1", "licence", "too_short"),
    ),
)
