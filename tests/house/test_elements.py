"""Rules of the house over every element of the catalogue."""

import re

import pytest
import re2

from rollcall.elements import BY_ID, ELEMENTS
from rollcall.elements.headers import read_header

CONTRACT = [
    "name",
    "address",
    "phone",
    "email",
    "date_of_birth",
    "date_of_death",
    "ssn",
    "tax_id",
    "drivers_license",
    "passport",
    "military_id",
    "other_id",
    "financial_account",
    "payment_card",
    "credentials",
    "medical_record_number",
    "patient_account_number",
    "health_insurance",
    "benefit_election",
    "diagnosis",
    "treatment",
    "medication",
    "date_of_service",
    "provider",
    "billing_amount",
    "tax_form",
    "vital_record",
    "mothers_maiden_name",
    "work_evaluation",
    "biometric",
    "photo",
    "genetic",
]
GOOD = {"valid", "unchecked"}


def test_ids_are_those_of_the_contract():
    assert sorted(BY_ID) == sorted(CONTRACT)
    assert len(ELEMENTS) == len(BY_ID)


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.id)
def test_every_element_has_label_group_subtypes_and_mask(element):
    assert element.label
    assert element.group in {"identity", "identifier", "contact", "health", "insurance", "financial", "other"}
    assert element.subtypes
    assert element.mask is not None
    assert element.version >= 1


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.id)
def test_built_elements_have_examples_on_both_sides(element):
    results = {expected for _, _, expected in element.examples}
    assert results & GOOD
    assert results - GOOD


@pytest.mark.parametrize(
    ("element", "text", "subtype", "expected"),
    [(element, *example) for element in ELEMENTS for example in element.examples],
    ids=lambda value: value if isinstance(value, str) else value.id,
)
def test_example(element, text, subtype, expected):
    value = element.normalise(text, subtype)
    assert element.check(value, subtype) == expected
    assert element.normalise(value, subtype) == value, "normal forms are final"


@pytest.mark.parametrize("element", [e for e in ELEMENTS if e.id != "name"], ids=lambda element: element.id)
def test_masks_hide_the_value(element):
    for text, subtype, _ in element.examples:
        value = element.normalise(text, subtype)
        if len(value) > 4 and subtype not in ("state", "payer"):
            shown = element.mask(value)
            assert value.lower() not in shown.lower()
            assert sum(c.isalnum() for c in shown) <= 5


@pytest.mark.parametrize(
    "regex",
    sorted({pattern.regex for element in ELEMENTS for pattern in element.patterns}),
    ids=lambda regex: regex[:30],
)
def test_patterns_are_valid_for_both_engines(regex):
    re.compile(regex)
    re2.compile(regex)


@pytest.mark.parametrize(
    ("element", "phrase", "subtype"),
    [(element, phrase, subtype) for element in ELEMENTS for phrase, subtype in element.headers],
    ids=lambda value: value if isinstance(value, str) else value.id,
)
def test_header_words_read_back(element, phrase, subtype):
    header = read_header(phrase)
    assert header is not None
    assert (header.element, header.subtype) == (element.id, subtype)
