"""A diagnosis: an ICD-10-CM code by its shape, or the words of a column or field that is headed as one."""

import re

from rollcall.elements.element import Element, Pattern

_CODE = re.compile(r"[A-TV-Z]\d[0-9AB](?:\.?[0-9A-Z]{1,4})?$")
_SHAPE = r"[A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}"


def normalise(text: str, subtype: str) -> str:
    """Return the code in capitals with its dot after the third character; words in lower case."""
    text = " ".join(text.split())
    if subtype != "code":
        return text.lower()
    bare = text.upper().replace(".", "").replace(" ", "")
    return f"{bare[:3]}.{bare[3:]}" if len(bare) > 3 else bare


def check(value: str, subtype: str) -> str:
    """Say whether the value has the shape of a code."""
    if subtype != "code":
        return "unchecked"
    return "valid" if _CODE.match(value) else "bad_form"


def mask(value: str) -> str:
    """Hide all of it: even the chapter tells."""
    return "*" * min(8, len(value))


ELEMENT = Element(
    id="diagnosis",
    subtypes=("code", "words", "substance_use", "mental_health", "hiv", "reproductive"),
    version=1,
    label="Diagnosis",
    group="health",
    patterns=(
        Pattern(regex=_SHAPE, subtype="code", confidence=0.7, labelled=0.97),
        Pattern(
            regex=r"[A-TV-Z]\d[0-9AB][0-9A-Z]{0,4}", subtype="code", confidence=0.1, labelled=0.9, needs_label=True
        ),
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
    normalise=normalise,
    check=check,
    weigh={"bad_form": 0.4},
    mask=mask,
    examples=(
        ("E11.9", "code", "valid"),
        ("f1120", "code", "valid"),
        ("I10", "code", "valid"),
        ("U2.1", "code", "bad_form"),
        ("Type 2 diabetes", "words", "unchecked"),
    ),
)
