import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.elements.headers import read_header, role_of
from rollcall.elements.labels import label_after, label_before


@pytest.mark.parametrize(
    ("text", "element", "subtype", "group"),
    [
        ("PT_FIRST_NM", "name", "given", "patient"),
        ("Patient's First Name", "name", "given", "patient"),
        ("patFirstName", "name", "given", "patient"),
        ("Nombre del paciente", "name", "full", "patient"),
        ("LNAME", "name", "family", ""),
        ("Apellido paterno", "name", "family", ""),
        ("Last Name, First Name", "name", "full", ""),
        ("Patient", "name", "full", "patient"),
        ("PCP", "name", "full", "provider"),
        ("Responsible Party", "name", "full", "guarantor"),
        ("Mother's Name", "name", "full", "mother"),
        ("Next of Kin", "name", "full", "emergency_contact"),
        ("Policy Holder Name", "name", "full", "subscriber"),
        ("Dependent 2 Name", "name", "full", "dependent_2"),
        ("Patient's Mother's DOB", "date_of_birth", "full", "mother"),
        ("D.O.B.", "date_of_birth", "full", ""),
        ("dateofbirth", "date_of_birth", "full", ""),
        ("Birthdate (MM/DD/YYYY)", "date_of_birth", "full", ""),
        ("Fecha de nacimiento", "date_of_birth", "full", ""),
        ("Soc. Sec. No.", "ssn", "full", ""),
        ("SSN (last 4)", "ssn", "last4", ""),
        ("Last four of SSN", "ssn", "last4", ""),
        ("Insured's SSN", "ssn", "full", "subscriber"),
        ("Medical Record Number (MRN)", "medical_record_number", "mrn", ""),
        ("Med Rec #", "medical_record_number", "mrn", ""),
        ("Número de expediente", "medical_record_number", "mrn", ""),
        ("Medicare Beneficiary Identifier", "health_insurance", "mbi", ""),
        ("Grp #", "health_insurance", "group", ""),
        ("Subscr ID", "health_insurance", "subscriber_id", ""),
        ("Insurance Company Name", "health_insurance", "payer", ""),
        ("Guar. Phone", "phone", "phone", "guarantor"),
        ("Emergency contact phone #", "phone", "phone", "emergency_contact"),
        ("E-mail", "email", "email", ""),
        ("City/State/Zip", "address", "city_state_zip", ""),
        ("Driver's Lic. No.", "drivers_license", "licence", ""),
        ("ICD-10 Code", "diagnosis", "code", ""),
        ("Acct #", "patient_account_number", "bill", ""),
        ("Admit Dt", "date_of_service", "date", ""),
        ("Mother's Maiden Name", "mothers_maiden_name", "name", ""),
    ],
)
def test_headers_nobody_listed_as_such(text, element, subtype, group):
    header = read_header(text)
    assert header is not None
    assert (header.element, header.subtype, header.group) == (element, subtype, group)
    assert header.score >= 0.85


@pytest.mark.parametrize(
    "text",
    ["Facility Name", "Employer", "Date", "Age", "Gender", "License State", "Test Name", "Fax", "Hire Date", "Status"],
)
def test_headers_that_are_nobodys(text):
    header = read_header(text)
    assert header is not None
    assert header.element == ""


@pytest.mark.parametrize(
    "text", ["Widget", "Q3 Total Widgets", "", "12", "A sentence that goes on about the patient and the name " * 3]
)
def test_no_header(text):
    header = read_header(text)
    assert header is None or header.score < 0.85 or not header.element


def test_a_word_left_over_costs():
    assert read_header("Widget Name").score < read_header("Name").score


def test_group_cells_above():
    assert read_header("Name", "Guarantor Information").group == "guarantor"
    assert read_header("Birth", "Date of").element == "date_of_birth"
    assert read_header("SSN", "Patient").group == "patient"
    assert role_of("Guarantor information") == "guarantor"


@pytest.mark.parametrize(
    ("before", "element"),
    [
        ("her SSN is ", "ssn"),
        ("record no. ending in ", "medical_record_number"),
        ("Social Security Number (SSN): ", "ssn"),
        ("patient's date of birth is ", "date_of_birth"),
        ("Name: John DOB ", "date_of_birth"),
        ("I spoke to the patient. Her Member ID: ", "health_insurance"),
        ("nacida el ", "date_of_birth"),
    ],
)
def test_labels_before_a_value(before, element):
    label = label_before(before + "1", len(before))
    assert label is not None
    assert label.header.element == element


@pytest.mark.parametrize("before", ["the quarterly report ", "order ", "in ", "", "SSN 401-45-1234 and then "])
def test_no_label_before_a_value(before):
    assert label_before(before + "1", len(before)) is None


def test_labels_behind_a_value():
    assert label_after("4455 (MRN)", 4).header.element == "medical_record_number"
    assert label_after("4455 is her MRN and", 4).header.element == "medical_record_number"
    assert label_after("4455 (see below)", 4) is None


@given(st.text(max_size=80), st.text(max_size=30))
def test_any_text_may_be_a_header(text, above):
    header = read_header(text, above)
    assert header is None or 0 < header.score <= 1
    label_before(text, len(text))
    label_after(text, 0)
