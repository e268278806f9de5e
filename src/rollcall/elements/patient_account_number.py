"""Numbers that the business office gives: of a visit, an encounter, a claim, a bill, a guarantor's account."""

from rollcall.elements.codes import CODE_WEIGHTS, SPACED_CODE, check_code, code, headers, labelled, mask_code
from rollcall.elements.element import Element

ELEMENT = Element(
    id="patient_account_number",
    subtypes=("visit", "encounter", "claim", "bill", "guarantor_account"),
    version=2,
    label="Patient account number",
    group="health",
    patterns=(
        *labelled("bill", "visit", "encounter", "claim", "guarantor_account"),
        *labelled("bill", "claim", regexes=(SPACED_CODE,), confidence=0.9),
    ),
    headers=headers(
        visit="visit id, visit number, visit, case number, appointment id, admission number, admission id",
        encounter="encounter, encounter number, encounter id, csn, har, fin, fin number, hospital account record",
        claim="claim, claim number, claim id, icn, dcn, claim control number, prior authorization number, "
        "authorization number, referral number, prescription number",
        bill="account, account number, patient account, account id, invoice number, bill number, statement number, "
        "hospital account number, invoice, statement",
        guarantor_account="guarantor account, guarantor number, guarantor id",
    ),
    normalise=code,
    check=check_code,
    weigh=CODE_WEIGHTS,
    mask=mask_code,
    examples=(
        ("H00012345678", "bill", "unchecked"),
        ("100 2345 678", "encounter", "unchecked"),
        ("12", "claim", "too_short"),
        ("0000000", "visit", "placeholder"),
    ),
)
