"""What columns mean where their headers are rare words, wrong, or stand under lines that are no headers."""

import pytest

from rollcall.elements.headers import read_column, read_header
from rollcall.findings.headings import label_pairs
from rollcall.findings.tables import interpret_table
from rollcall.model import Column

PEOPLE = [
    ["OLSON, MARY", "2/10/1951", "00123456"],
    ["BERG, JOHN", "11/2/1972", "00123457"],
    ["LEE, ANN", "1/30/2001", "00123458"],
    ["SMITH, PETER", "12/12/1990", "00123459"],
    ["BAKER, TOM", "2/10/1961", "00123460"],
]


def columns_of(*rows: list[str]) -> dict[int, tuple[str, str, str]]:
    numbered = [(number, 0, row) for number, row in enumerate(rows)]
    columns, _ = interpret_table("b" * 64, 0, numbered, lambda value: value)
    return {one.col: (one.element, one.subtype, one.group) for one in columns if isinstance(one, Column)}


@pytest.mark.parametrize(
    ("text", "element", "subtype"),
    [
        ("Cert No", "health_insurance", "member_id"),
        ("CONTRACT", "health_insurance", "member_id"),
        ("MA #", "health_insurance", "medicaid_id"),
        ("MA/PMI", "health_insurance", "medicaid_id"),
        ("HRN", "medical_record_number", "mrn"),
        ("Record", "medical_record_number", "mrn"),
        ("Problem", "diagnosis", "words"),
        ("Total Chgs", "billing_amount", "amount"),
        ("$", "billing_amount", "amount"),
        ("Ordered", "treatment", "procedure"),
        ("Appt", "date_of_service", "date"),
        ("From Date", "date_of_service", "date"),
        ("Expired", "date_of_death", "date"),
        ("Postal", "address", "zip"),
        ("NAME (L,F,M)", "name", "full"),
        ("LName", "name", "family"),
        ("FName", "name", "given"),
        ("B-Day", "date_of_birth", "full"),
    ],
)
def test_headers_of_lists(text: str, element: str, subtype: str) -> None:
    header = read_column(text)
    assert header is not None
    assert (header.element, header.subtype) == (element, subtype)


@pytest.mark.parametrize("text", ["Contract", "Record", "Problem", "Test", "Order", "Reason"])
def test_what_only_a_column_says_is_no_label_in_text(text: str) -> None:
    header = read_header(text)
    assert header is None or not header.element or not header.whole


@pytest.mark.parametrize(
    ("text", "group"),
    [("ICE", "emergency_contact"), ("EC Phone", "emergency_contact"), ("Resp Party SS#", "guarantor")],
)
def test_whose_a_column_is(text: str, group: str) -> None:
    header = read_header(text)
    assert header is not None
    assert header.group == group


def test_content_counts_where_nothing_in_the_column_is_what_its_header_says() -> None:
    found = columns_of(["Patient/DOB ref", "Birth", "MRN"], *PEOPLE)
    assert found[0] == ("name", "full", "")


def test_a_tax_number_of_the_form_of_a_social_security_number_is_one() -> None:
    rows = [[name, f"{n + 211}-45-12{n:02}"] for n, (name, _, _) in enumerate(PEOPLE)]
    assert columns_of(["Name", "Tax ID"], *rows)[1][:2] == ("ssn", "full")


def test_lines_that_a_report_prints_over_a_header_say_nothing_of_the_columns() -> None:
    found = columns_of(
        ["Eligibility roster"], ["User", "BATCH"], ["Surname", "First", "DOB"],
        *([*name.split(", "), dob] for name, dob, _ in PEOPLE),
    )  # fmt: skip
    assert found == {0: ("name", "family", ""), 1: ("name", "given", ""), 2: ("date_of_birth", "full", "")}


def test_a_row_that_says_whose_the_columns_are_is_heard() -> None:
    found = columns_of(
        ["Patient", "", "Guarantor", ""], ["Name", "DOB", "Name", "DOB"],
        *([name, dob, "BROWN, CARL", "1/1/1950"] for name, dob, _ in PEOPLE),
    )  # fmt: skip
    assert [found[col][2] for col in range(4)] == ["patient", "patient", "guarantor", "guarantor"]


def test_a_clinician_beside_a_patient_is_a_fact_about_the_patient() -> None:
    rows = [[*row[:2], "Dr. Brown"] for row in PEOPLE]
    assert columns_of(["Patient", "DOB", "PCP"], *rows)[2][:2] == ("provider", "provider")


def test_clinicians_by_themselves_are_names() -> None:
    rows = [["Carl Brown, MD", f"605-555-20{n:02}"] for n in range(5)]
    assert columns_of(["Provider", "Phone"], *rows)[0][0] == "name"


def test_a_header_of_labels_side_by_side_makes_a_table_however_its_rows_read() -> None:
    header = ["PATIENT NAME", "ADDRESS1", "CITY", "ST", "ZIP", "D.O.B.", "SURGEON", "RECORD"]
    rows = [["Olson, Mary", "12 Main St", "Springfield", "MN", "56361", "1991-03-29", "Brown", "00550510"]] * 3
    assert label_pairs([(n, dict(enumerate(row))) for n, row in enumerate([header, *rows])]) is None


def test_codes_of_several_insurers_are_members_numbers_and_of_one_form_record_numbers() -> None:
    numbers = ["28306082800", "XZA839304249", "3649 7607", "NMK391584261", "737788083 01"]
    rows = [[*name.split(", "), dob, number] for (name, dob, _), number in zip(PEOPLE, numbers, strict=True)]
    assert columns_of(*rows)[3][:2] == ("health_insurance", "member_id")
    rows = [[*name.split(", "), dob, number] for name, dob, number in PEOPLE]
    assert columns_of(*rows)[3][:2] == ("medical_record_number", "mrn")


def test_a_clear_header_is_not_changed_by_the_words_over_it() -> None:
    header = read_header("Member ID", "Patient")
    assert header is not None
    assert (header.element, header.subtype) == ("health_insurance", "member_id")


def test_nine_digits_that_begin_alike_are_no_social_security_numbers() -> None:
    spread = [f"{area}45{n:04}" for n, area in enumerate((211, 350, 478, 501, 622, 744) * 3, start=1)]
    alike = [f"4{n:02}453{n:03}" for n in range(18)]
    names = [f"OLSON, {first}" for first in ("MARY", "ANN", "JOHN", "PETER", "CARL", "LISA") * 3]
    assert columns_of(*([name, number] for name, number in zip(names, spread, strict=True)))[1][0] == "ssn"
    assert columns_of(*([name, number] for name, number in zip(names, alike, strict=True)))[1][0] != "ssn"


def test_a_persons_tax_id_given_out_by_social_security_is_its_number() -> None:
    rows = [[name, f"{n + 211}45120{n}"] for n, (name, _, _) in enumerate(PEOPLE)]
    assert columns_of(["Name", "Tax ID"], *rows)[1][:2] == ("ssn", "full")


def test_record_numbers_are_filled_with_zeros_and_accounts_are_not() -> None:
    rows = [[name, number, f"4{n}7130970"] for n, (name, _, number) in enumerate(PEOPLE)]
    found = columns_of(*rows)
    assert (found[1][0], found[2][0]) == ("medical_record_number", "patient_account_number")


def test_columns_under_words_nobody_knows_are_read_by_their_content() -> None:
    rows = [
        [name, f"2019-0{n + 1}-1{n}", number, f"4{n}7130970", f"{n + 3}5.{n}9"]
        for n, (name, _, number) in enumerate(PEOPLE)
    ]
    found = columns_of(["Qwert", "Zuiop", "Asdfg", "Hjklo", "Yxcvb"], *rows)
    assert {col: element for col, (element, _, _) in found.items()} == {
        0: "name",
        1: "date_of_service",
        2: "medical_record_number",
        3: "patient_account_number",
        4: "billing_amount",
    }


def test_a_header_that_names_something_else_keeps_its_numbers_out() -> None:
    rows = [[name, dob, f"4{n}7130970"] for n, (name, dob, _) in enumerate(PEOPLE)]
    assert columns_of(["Patient", "DOB", "Tracking Number"], *rows)[2][0] == ""


def test_a_table_of_people_names_them_somewhere() -> None:
    rows = [[name, dob] for name, dob, _ in PEOPLE]
    assert columns_of(["Employer name", "DOB"], *rows)[0][0] == "name"
