"""Health insurance: payer, member and subscriber numbers, group, Medicare and Medicaid numbers."""

import re

from rollcall.elements.codes import CODE, CODE_WEIGHTS, SPACED_CODE, check_code, code, mask_code
from rollcall.elements.element import Element, Pattern

# Medicare Beneficiary Identifier: position by position, letters without S, L, O, I, B, Z (CMS, "MBI Format", 2018).
_LETTER = "[AC-HJKMNP-RT-Yac-hjkmnp-rt-y]"
_EITHER = "[AC-HJKMNP-RT-Yac-hjkmnp-rt-y0-9]"
MBI = rf"[1-9]{_LETTER}{_EITHER}\d-?{_LETTER}{_EITHER}\d-?{_LETTER}{{2}}\d\d"
_MBI = re.compile(MBI.replace("-?", ""))
# The number before 2018: a Social Security number and a suffix for whose entitlement it is.
HICN = r"\d{3}-\d{2}-\d{4}-?(?:[A-Da-d]\d?|[EFHJKMTWefhjkmtw]\d|[TMtm])"
_HICN = re.compile(r"\d{9}[A-Z]{1,2}\d?$")


def normalise(text: str, subtype: str) -> str:
    """Return the number in capitals without separators; a payer's name stays as written."""
    return " ".join(text.split()) if subtype in ("payer", "plan") else code(text)


def check(value: str, subtype: str) -> str:
    """Say whether the value has the form its subtype prescribes."""
    if subtype == "mbi":
        return "valid" if _MBI.fullmatch(value) else "bad_form"
    if subtype == "hicn":
        return "valid" if _HICN.match(value) else "bad_form"
    return "unchecked" if subtype == "payer" else check_code(value)


def mask(value: str) -> str:
    """Return the number with its last two characters alone."""
    return mask_code(value)


ELEMENT = Element(
    id="health_insurance",
    subtypes=("payer", "member_id", "subscriber_id", "group", "mbi", "hicn", "medicaid_id"),
    version=1,
    label="Health insurance information",
    group="insurance",
    patterns=(
        Pattern(regex=MBI, subtype="mbi", confidence=0.9, labelled=0.99),
        Pattern(regex=HICN, subtype="hicn", confidence=0.75, labelled=0.97),
        # "Blue Plains Health 275196830 01": the number right behind an insurer's name.
        Pattern(
            regex=r"(?:[Hh]ealth|[Ii]nsurance|[Tt]rust|[Pp]lan|[A-Za-z]*[Cc]are|Cross|Shield|BCBS[A-Z]*|"
            r"Medicaid|Aetna|Cigna|"
            r"Humana|Anthem|UHC|Medica)(?: of (?:the )?[A-Z][a-z]+)?,? "
            r"(?P<value>[A-Z]{0,3}\d{8,12}(?: \d{2})?|\d{4} \d{4})",
            subtype="member_id",
            confidence=0.6,
            labelled=0.94,
        ),
        *(
            Pattern(regex=regex, subtype=subtype, confidence=0.1, labelled=labelled, needs_label=True)
            for regex, labelled in ((CODE, 0.93), (SPACED_CODE, 0.94))
            for subtype in ("member_id", "subscriber_id", "group", "mbi", "hicn", "medicaid_id")
        ),
    ),
    headers=(
        ("member id", "member_id"),
        ("member number", "member_id"),
        ("member", "member_id"),
        ("membership", "member_id"),
        ("membership number", "member_id"),
        ("membership id", "member_id"),
        ("enrollee id", "member_id"),
        ("beneficiary id", "member_id"),
        ("beneficiary number", "member_id"),
        ("plan member id", "member_id"),
        ("health plan id", "member_id"),
        ("health plan number", "member_id"),
        ("health plan beneficiary", "member_id"),
        ("insurance id", "member_id"),
        ("insurance number", "member_id"),
        ("insurance member id", "member_id"),
        ("insurance policy", "member_id"),
        ("insurance policy number", "member_id"),
        ("insurance policy id", "member_id"),
        ("insurance card", "member_id"),
        ("policy", "member_id"),
        ("policy number", "member_id"),
        ("policy id", "member_id"),
        ("certificate number", "member_id"),
        ("plan id", "member_id"),
        ("coverage id", "member_id"),
        ("numero poliza", "member_id"),
        ("poliza", "member_id"),
        ("id afiliado", "member_id"),
        ("numero afiliado", "member_id"),
        ("numero miembro", "member_id"),
        ("subscriber id", "subscriber_id"),
        ("subscriber number", "subscriber_id"),
        ("insured id", "subscriber_id"),
        ("insured number", "subscriber_id"),
        ("policyholder id", "subscriber_id"),
        ("contract number", "subscriber_id"),
        ("group number", "group"),
        ("group id", "group"),
        ("group policy", "group"),
        ("group", "group"),
        ("group name", "group"),
        ("insurance group", "group"),
        ("mbi", "mbi"),
        ("medicare", "mbi"),
        ("medicare id", "mbi"),
        ("medicare number", "mbi"),
        ("medicare beneficiary id", "mbi"),
        ("hicn", "hicn"),
        ("hic number", "hicn"),
        ("hic", "hicn"),
        ("health insurance claim number", "hicn"),
        ("medicaid", "medicaid_id"),
        # State programs by their own names: Medical Assistance (MN, PA, MD, WI), its Person Master Index.
        ("medical assistance number", "medicaid_id"),
        ("medical assistance id", "medicaid_id"),
        ("pmi", "medicaid_id"),
        ("medicaid id", "medicaid_id"),
        ("medicaid number", "medicaid_id"),
        ("recipient id", "medicaid_id"),
        ("client id medicaid", "medicaid_id"),
        ("payer", "payer"),
        ("payer name", "payer"),
        ("insurance", "payer"),
        ("insurance name", "payer"),
        ("insurance company", "payer"),
        ("insurance carrier", "payer"),
        ("insurance plan", "payer"),
        ("carrier", "payer"),
        ("carrier name", "payer"),
        ("health plan", "payer"),
        ("plan name", "payer"),
        ("plan", "payer"),
        ("coverage", "payer"),
        ("aseguradora", "payer"),
        ("seguro medico", "payer"),
    ),
    terms=("payers.txt",),
    term_confidence=0.4,  # "Medicare called" says little of anybody
    labels=("member", "insurance", "policy", "medicare", "medicaid", "group"),
    normalise=normalise,
    check=check,
    weigh={**CODE_WEIGHTS, "bad_form": 0.6},
    mask=mask,
    examples=(
        ("1EG4-TE5-MK73", "mbi", "valid"),
        ("1SG4-TE5-MK73", "mbi", "bad_form"),
        ("401-45-1234A", "hicn", "valid"),
        ("W1234 56789", "member_id", "unchecked"),
        ("A1", "member_id", "too_short"),
        ("Aetna PPO", "payer", "unchecked"),
    ),
)
