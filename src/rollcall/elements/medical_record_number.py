"""The medical record number: any institution's own shape, so it is known by its label or its column."""

import re

from rollcall.elements.codes import CODE, CODE_WEIGHTS, SPACED_CODE, check_code, code, mask_code
from rollcall.elements.element import Element, Pattern

# "MRN0012" and "MR 0012" carry their label; "MR7749215306" in one piece is how a hospital writes its numbers.
_LABEL = re.compile(r"(?i)^\s*(?:mrn\s*[-#:]?|(?:mr|med\s?rec)(?:\s+|\s*[-#:]))\s*(?=\d)")


def normalise(text: str, subtype: str) -> str:
    """Return the number in capitals without separators, leading zeros kept, a label written into it left out."""
    return code(_LABEL.sub("", text), subtype)


ELEMENT = Element(
    id="medical_record_number",
    subtypes=("mrn",),
    version=1,
    label="Medical record number",
    group="health",
    patterns=(
        # "Mary Olson (00123456)": the number that tells which Mary Olson.
        Pattern(
            regex=r"[A-Z][A-Za-z'.-]+,? (?:[A-Z]\.? )?[A-Z][A-Za-z'.-]+ ?\((?P<value>\d{6,10})\)",
            subtype="mrn",
            confidence=0.6,
            labelled=0.95,
        ),
        Pattern(regex=CODE, subtype="mrn", confidence=0.1, labelled=0.95, needs_label=True),
        Pattern(regex=SPACED_CODE, subtype="mrn", confidence=0.1, labelled=0.96, needs_label=True),
    ),
    headers=(
        ("mrn", "mrn"),
        ("medical record", "mrn"),
        ("medical record id", "mrn"),
        ("medical number", "mrn"),
        ("medical id", "mrn"),
        ("mr number", "mrn"),
        ("mr", "mrn"),
        ("emr", "mrn"),
        ("ehr", "mrn"),
        ("chart", "mrn"),
        ("chart id", "mrn"),
        ("health record", "mrn"),
        ("hrn", "mrn"),
        ("hospital record", "mrn"),
        ("hospital number", "mrn"),
        ("unit number", "mrn"),
        ("patient id", "mrn"),
        ("patient number", "mrn"),
        ("patient record", "mrn"),
        ("epic id", "mrn"),
        ("mpi", "mrn"),
        ("empi", "mrn"),
        ("record number", "mrn"),
        ("record id", "mrn"),
        ("expediente", "mrn"),
        ("historia clinica", "mrn"),
        ("registro medico", "mrn"),
        ("id paciente", "mrn"),
        ("id", "mrn"),
    ),
    labels=("record", "chart"),
    normalise=normalise,
    check=check_code,
    weigh=CODE_WEIGHTS,
    mask=mask_code,
    examples=(
        ("00-123-456", "mrn", "unchecked"),
        ("sjh-123456", "mrn", "unchecked"),
        ("MRN-0012345", "mrn", "unchecked"),
        ("12", "mrn", "too_short"),
        ("000000", "mrn", "placeholder"),
    ),
)
