"""What stands beside a name or in an unheaded column, and says by its form what it is."""

import pytest

from rollcall.elements.names import name_candidates
from rollcall.findings.profile import shapes_of
from rollcall.findings.texts import TextReader
from rollcall.model import Column, Finding, Part


def read(text: str) -> set[tuple[str, str]]:
    reader = TextReader("b" * 64, lambda value: value)
    facts = reader.read(Part(blob_id="b" * 64, part_no=0, kind="body", text=text))
    return {(one.element, one.text) for one in facts if isinstance(one, Finding) and one.confidence >= 0.4}


def columns(text: str) -> dict[int, str]:
    reader = TextReader("b" * 64, lambda value: value)
    facts = reader.read(Part(blob_id="b" * 64, part_no=0, kind="page", text=text))
    return {one.col: one.element for one in facts if isinstance(one, Column)}


@pytest.mark.parametrize(
    ("text", "element", "value"),
    [
        ("Mary Olson (11/25/1957) called again", "date_of_birth", "11/25/1957"),
        ("Maria de la Cruz (4/5/71). The pills", "date_of_birth", "4/5/71"),
        ("- Mary Olson, October 8, 2004: coverage ended", "date_of_birth", "October 8, 2004"),
        ("Mary Olson (00650177) is coming", "medical_record_number", "00650177"),
        ("Mary Olson, acct 402679615", "patient_account_number", "402679615"),
        ("called about the bill for 9/8/2018", "date_of_service", "9/8/2018"),
        ("last seen April 18, 2019", "date_of_service", "April 18, 2019"),
        ("refill levothyroxine 75 mcg please", "medication", "levothyroxine 75 mcg"),
        ("denied x-ray (CPT 71046)", "treatment", "71046"),
        ("Procedure: knee replacement", "treatment", "knee replacement"),
        ("Direct deposit: routing 080814368, account 44328233.", "financial_account", "080814368"),
    ],
)
def test_values_in_sentences(text: str, element: str, value: str) -> None:
    assert (element, value) in read(text)


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("Admitted (11/25/2018) by ambulance", "date_of_birth"),
        ("Invoice 4711 (00650177) is due", "medical_record_number"),
        ("Springfield Clinic, October 8, 2004", "date_of_birth"),
        ("the budget grew by 75 in 2018", "medication"),
    ],
)
def test_values_that_are_no_ones(text: str, element: str) -> None:
    assert element not in {found for found, _ in read(text)}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mary H. Olson SSN 864-66-7776", "Mary H. Olson"),
        ("Everett Baker's DL is", "Everett Baker"),
        ("pt Bay Olson dob 10/24/1958 asks", "Bay Olson"),
        ("re: mary olson dob 1/1/1947", "mary olson"),
        ("stanley baker wants the refund", "stanley baker"),
    ],
)
def test_names_by_what_stands_beside_them(text: str, name: str) -> None:
    assert [(found, score >= 0.5) for _, _, found, score in name_candidates(text)] == [(name, True)]


@pytest.mark.parametrize("text", ["please call back", "the old system will may run", "records and forms are here"])
def test_small_words_are_no_names(text: str) -> None:
    assert name_candidates(text) == []


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("type 2 diabetes", "condition"), ("GERD", "condition"), ("major depressive disorder", "condition"),
        ("arthritis of right knee", "condition"), ("chest x-ray 2 views", "service"), ("colonoscopy", "service"),
        ("MRI brain w/o contrast", "service"), ("gabapentin 300 mg TID", "drug"), ("Dr. Olson", "clinician"),
        ("Mary Olson, MD", "clinician"),
    ],
)  # fmt: skip
def test_words_of_medicine(text: str, shape: str) -> None:
    assert shape in shapes_of(text)


@pytest.mark.parametrize("text", ["Mary Olson", "Springfield", "12 Main Street", "Blue Shield", "Retired"])
def test_words_of_no_medicine(text: str) -> None:
    assert not shapes_of(text) & {"condition", "service", "drug", "clinician"}


def test_a_list_without_headers_is_read_by_its_content() -> None:
    rows = [
        ("Mary Olson", "426059993", "175.59", "2185552247", "sepsis", "Dr. Baker"),
        ("John Berg", "462000031", "63.07", "2185550315", "asthma", "Baker"),
        ("Ann Lee", "408344106", "264.11", "7015550406", "GERD", "Ann Smith, MD"),
        ("Peter Smith", "448408351", "677.74", "6055550400", "hypertension", "Smith"),
    ]
    text = "\n".join("".join(f"{cell:<16}" for cell in row).rstrip() for row in rows)
    assert columns(text) == {
        0: "name", 1: "medical_record_number", 2: "billing_amount", 3: "phone", 4: "diagnosis", 5: "provider",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("Member: Ann Lee    ID: XZA811067329    Group: 4711", "health_insurance"),
        ("Plan Name: Partners Health\nID #: 6626 2785", "health_insurance"),
        ("approved by Blue Plains Health 275196830 01 today", "health_insurance"),
        ("Patient: Ann Lee    ID: 00123456", "medical_record_number"),
    ],
)
def test_an_id_is_the_insurers_where_insurance_is_spoken_of(text: str, element: str) -> None:
    found = {one for one, value in read(text) if sum(map(str.isdigit, value)) > 5}
    assert found == {element}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Re: OLSON, MARY N\nBirth date: 7/8/1955", True), ("RE: Mary B. Olson\nDOB: 7/21/45", True),
        ("Re: Budget meeting", False), ("Re: Lab results", False),
    ],
)  # fmt: skip
def test_a_letter_is_about_whom_its_heading_names(text: str, named: bool) -> None:
    assert ("name" in {element for element, _ in read(text)}) is named


def test_a_name_ends_before_an_insurer() -> None:
    assert ("name", "Brock Olson") in read("Pt: Brock Olson, Lakes Employers Trust ID 327107080 01")
    assert ("name", "Olson, Brock") in read("Pt: Olson, Brock")
