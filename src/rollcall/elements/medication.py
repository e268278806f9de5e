"""A medicine: by its dose, by its name (data/drugs.txt), or by its National Drug Code."""

import re

from rollcall.elements.clinical_words import DOSE
from rollcall.elements.codes import headers, hide
from rollcall.elements.element import Element, Pattern

# Labeler, product, package: ten digits as 4-4-2, 5-3-2 or 5-4-1; eleven as 5-4-2 on claims (FDA, 21 CFR 207.33).
NDC = r"\d{5}-\d{4}-\d{1,2}|\d{5}-\d{3}-\d{2}|\d{4}-\d{4}-\d{2}"
_NDC = re.compile(NDC)


def normalise(text: str, _subtype: str) -> str:
    """Return the words or the code on one line."""
    return " ".join(text.split())


def check(value: str, subtype: str) -> str:
    """Say whether a code has the form of one; a name may be anything with letters."""
    if subtype == "ndc":
        return "valid" if _NDC.fullmatch(value) or (value.isdecimal() and len(value) in (10, 11)) else "bad_form"
    return "unchecked" if sum(map(str.isalpha, value)) >= 3 else "no_name"


ELEMENT = Element(
    id="medication",
    subtypes=("drug", "ndc"),
    version=2,
    label="Medication",
    group="health",
    # The dose says that the word before it is a drug.
    patterns=(
        Pattern(regex=rf"[A-Za-z][a-z]{{3,}} {DOSE}", subtype="drug", confidence=0.7, labelled=0.9),
        Pattern(regex=rf"[A-Z]{{4,}} {DOSE}", subtype="drug", confidence=0.7, labelled=0.9),
        Pattern(
            regex=r"(?i:taking|takes|refill of|refill for|prescribed) (?P<value>[A-Z][a-z]{4,})",
            subtype="drug", confidence=0.5, labelled=0.8,
        ),
        Pattern(regex=NDC, subtype="ndc", confidence=0.6, labelled=0.95),
        Pattern(regex=r"\d{10,11}", subtype="ndc", confidence=0.1, labelled=0.9, needs_label=True),
    ),
    headers=headers(
        drug="medication, drug, drug name, medication name, prescription, medicamento, medicina",
        ndc="ndc, ndc number, national drug code, drug code",
    ),
    terms=("drugs.txt",),
    term_confidence=0.6,
    normalise=normalise,
    check=check,
    weigh={"bad_form": 0.4, "no_name": 0.4},
    mask=hide,
    examples=(
        ("lisinopril 10 mg", "drug", "unchecked"),
        ("0002-8215-01", "ndc", "valid"),
        ("00002821501", "ndc", "valid"),
        ("12-34", "ndc", "bad_form"),
        ("10", "drug", "no_name"),
    ),
)  # fmt: skip
