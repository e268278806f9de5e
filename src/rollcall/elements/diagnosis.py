"""A diagnosis: a code of ICD-10-CM, of ICD-9-CM where it is called one, or a condition in words."""

import re

from rollcall.elements.element import Element, Pattern
from rollcall.elements.icd import ICD9, is_icd9, is_issued

_CODE = re.compile(r"[A-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?$")
_SHAPE = r"[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}"


def normalise(text: str, subtype: str) -> str:
    """Return the code in capitals with its dot after the third character; words in lower case."""
    text = " ".join(text.split())
    if subtype != "code":
        return text.lower()
    if is_icd9(text.upper()):
        return text.upper()
    bare = text.upper().replace(".", "").replace(" ", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def check(value: str, subtype: str) -> str:
    """Say whether the value is a code of ICD-10-CM, or has its form or that of ICD-9-CM."""
    if subtype != "code" or is_icd9(value):
        return "unchecked"
    return "valid" if is_issued(value) else "unlisted" if _CODE.match(value) else "bad_form"


def mask(value: str) -> str:
    """Hide all of it: even the chapter tells."""
    return "*" * min(8, len(value))


ELEMENT = Element(
    id="diagnosis",
    subtypes=("code", "words", "substance_use", "mental_health", "hiv", "reproductive"),
    version=2,
    label="Diagnosis",
    group="health",
    patterns=(
        Pattern(regex=_SHAPE, subtype="code", confidence=0.7, labelled=0.97),
        Pattern(
            regex=r"[A-TV-Z]\d[0-9AB][0-9A-Z]{0,4}", subtype="code", confidence=0.1, labelled=0.9, needs_label=True
        ),
        Pattern(regex=ICD9, subtype="code", confidence=0.1, labelled=0.85, needs_label=True),
    ),
    headers=(
        ("diagnosis", "words"),
        ("diagnosis code", "code"),
        ("diagnosis description", "words"),
        ("primary diagnosis", "words"),
        ("admitting diagnosis", "words"),
        ("discharge diagnosis", "words"),
        ("condition", "words"),
        ("medical condition", "words"),
        ("problem list", "words"),
        ("chief complaint", "words"),
        ("reason visit", "words"),
        ("icd", "code"),
        ("icd code", "code"),
        ("icd cm", "code"),
        ("icd diagnosis", "code"),
        ("diagnostico", "words"),
        ("codigo diagnostico", "code"),
    ),
    terms=("conditions.txt",),
    normalise=normalise,
    check=check,
    weigh={"bad_form": 0.4, "unlisted": 0.6},
    mask=mask,
    examples=(
        ("E11.9", "code", "valid"),
        ("f1120", "code", "valid"),
        ("I10", "code", "valid"),
        ("250.02", "code", "unchecked"),
        ("Q99.99", "code", "unlisted"),
        ("11.9E", "code", "bad_form"),
        ("Type 2 diabetes", "words", "unchecked"),
    ),
)
