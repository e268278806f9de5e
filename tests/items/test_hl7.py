"""HL7 version 2: whose a field is, what is free text, separators and escapes of any kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.elements import BY_ID
from rollcall.items.er7 import Signs
from rollcall.items.parser import Inner, Record
from rollcall.items.parsers import hl7
from rollcall.items.parsers.hl7_fields import FIELDS, ID_TYPES

from .people import codes, named, notes, people, values

MSH = "MSH|^~\\&|A|B|C|D|20240101||ADT^A08|1|P|2.5"
PID = "PID|1||77^^^RIV^MR||OLSON^MARY^L||19840307"


def read(*lines: str) -> list[object]:
    return list(values(hl7.PARSER, "\r".join((MSH, *lines)).encode()))


def filled(segment: str, **fields: str) -> str:
    """A segment with these fields, by "f<number>"."""
    last = max(int(name[1:]) for name in fields)
    return "|".join([segment, *(fields.get(f"f{number}", "") for number in range(1, last + 1))])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (filled("PID", f3="1", f19="899451234"), ("ssn.full", "899451234")),
        (filled("PID", f3="1", f20="S123^MN^20300101"), ("drivers_license.licence", "S123")),
        (filled("PID", f3="1~2^^^X^AN"), ("patient_account_number.bill", "2")),
        (filled("PID", f3="1", f7="198403071230"), ("date_of_birth.full", "19840307")),
        (filled("PID", f3="1", f7="1984"), ("date_of_birth.year", "1984")),
        (filled("PID", f3="1", f5="O\\T\\BRIEN^MARY"), ("name.full", "O&BRIEN, MARY")),
        (filled("PID", f3="1", f5="DE LA CRUZ&DE&LA CRUZ^ANA^M^JR"), ("name.full", "DE LA CRUZ, ANA M, JR")),
        (filled("PID", f3="1", f11="PO Box 12^^Fargo^ND^58102"), ("address.po_box", "PO Box 12")),
        (filled("PID", f3="1", f13="^PRN^PH^^^701^5550142"), ("phone.phone", "7015550142")),
        (filled("PID", f3="1", f13="^NET^Internet^mary@x.org"), ("email.email", "mary@x.org")),
        (filled("PID", f3="1", f6="HALL^ANN"), ("mothers_maiden_name.name", "HALL")),
        (filled("PID", f3="1", f29="20240105"), ("date_of_death.date", "20240105")),
        (filled("PV1", f7="1234567890^HOUSE^GREG^^^^MD"), ("provider.provider", "GREG HOUSE")),
        (filled("PV1", f7="HOUSE^GREG"), ("provider.provider", "GREG HOUSE")),
        (filled("PV1", f19="V9"), ("patient_account_number.visit", "V9")),
        (filled("DG1", f3="F1120^Opioid dependence^ICD10"), ("diagnosis.code", "F1120")),
        (filled("DG1", f3="4019^Hypertension^I9"), ("diagnosis.code", "4019")),
        (filled("RXE", f2="00071015523^Lipitor 10 mg^NDC"), ("medication.drug", "Lipitor 10 mg")),
        (filled("RXA", f5="08^HepB^CVX", f3="20240101"), ("medication.drug", "HepB")),
        (filled("AL1", f3="^Penicillin"), ("diagnosis.words", "Penicillin")),
        (filled("PR1", f3="44970^Appendectomy^C4"), ("treatment.procedure", "44970")),
        (filled("FT1", f4="20240101^20240102", f11="120.50&USD"), ("billing_amount.amount", "120.50")),
        (filled("SCH", f11="^^^202401051000"), ("date_of_service.date", "20240105")),
        (filled("MRG", f1="66^^^RIV^MR"), ("medical_record_number.mrn", "66")),
        (filled("IN2", f6="1EG4-TE5-MK73"), ("health_insurance.mbi", "1EG4-TE5-MK73")),
    ],
)
def test_fields(line: str, expected: tuple[str, str]) -> None:
    first = () if line.startswith("PID") else (PID,)
    assert expected in people(read(*first, line))["message 1 PID"]


@pytest.mark.parametrize(
    ("line", "role", "relation"),
    [
        (filled("NK1", f2="OLSON^TOM", f3="SPO"), "emergency_contact", "contact_of"),
        (filled("NK1", f2="OLSON^TOM", f3="GRD^Guardian"), "emergency_contact", "guardian_of"),
        (filled("GT1", f3="OLSON^TOM", f8="19550101"), "guarantor", "guarantor_of"),
        (filled("IN1", f16="OLSON^TOM", f17="SPO"), "subscriber", "subscriber_of"),
    ],
)
def test_people_beside_the_patient(line: str, role: str, relation: str) -> None:
    record = named(read(PID, line))["OLSON, TOM"]
    assert (record.role, record.relations) == (role, ((relation, "message 1 PID"),))


@pytest.mark.parametrize(
    "line",
    [
        filled("GT1", f3="OLSON^MARY", f11="SEL", f12="899-45-1234"),
        filled("GT1", f3="Olson^Mary^", f12="899-45-1234"),
        filled("GT1", f12="899-45-1234"),
    ],
)
def test_a_guarantor_who_is_the_patient(line: str) -> None:
    said = people(read(PID, line))
    assert ("ssn.full", "899-45-1234") in said["message 1 PID"]
    assert [key for key in said if "GT1" in key] == []


def test_a_father_of_the_same_name_is_not_the_patient() -> None:
    made = read("PID|1||1||OLSON^TOM^^JR||20100101", filled("GT1", f3="OLSON^TOM^^SR", f8="19800101"))
    assert sorted(named(made)) == ["OLSON, TOM, JR", "OLSON, TOM, SR"]


def test_two_patients_in_one_message() -> None:
    said = people(read(PID, "DG1|1||I10^X^I10", "PID|2||78||HALL^ANN", "DG1|1||F32.9^Y^I10"))
    assert ("diagnosis.code", "I10") in said["message 1 PID"]
    assert ("diagnosis.code", "F32.9") in said["message 1 PID 2"]
    assert ("diagnosis.code", "I10") not in said["message 1 PID 2"]


def test_what_is_free_text_is_about_the_patient() -> None:
    made = read(
        PID, "NTE|1||drinks", "NTE|2||since 2010", "OBX|1|NM|1^K||4.1", "OBX|2|ST|X||seen by her aunt", "ZZZ|a^b"
    )
    assert notes(made) == {
        "message 1 NTE-3": "drinks\nsince 2010", "message 1 OBX-5": "seen by her aunt", "message 1 ZZZ": "ZZZ | a b",
    }  # fmt: skip
    assert {one.about for one in made if getattr(one, "kind", "") == "section"} == {"message 1 PID"}


def test_a_document_set_into_a_message() -> None:
    made = read(PID, "OBX|1|ED|1^D||A^application^pdf^Base64^" + "JVBERi0x" * 20)
    inner = next(one for one in made if isinstance(one, Inner))
    assert inner.chunks is not None
    assert b"".join(inner.chunks()) == b"%PDF-1" * 20


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"),
        ("one\\.br\\two\\.sp+1\\three", "one\ntwo\nthree"),
        ("\\H\\bold\\N\\ \\X4A6F\\", "bold Jo"),
        ("C:\\path", "C:\\path"),
    ],
)
def test_escapes(text: str, expected: str) -> None:
    assert Signs().unescape(text) == expected


def test_the_table_names_elements_of_the_catalogue() -> None:
    whats = {what for fields in FIELDS.values() for *_, what in fields if what} | set(ID_TYPES.values())
    for what in whats:
        element, _, subtype = what.partition(".")
        assert subtype in BY_ID[element].subtypes


@given(
    st.lists(
        st.sampled_from((PID, MSH, "GT1|1||A^B", "NK1", "IN1|1", "OBX|1|TX|||x y z", "|||", "PV1", "\x1c", "ZA1|x")),
        max_size=12,
    )
)
def test_segments_in_any_order(lines: list[str]) -> None:
    made = read(*lines)
    assert all(field.end > field.start for one in made if isinstance(one, Record) for field in one.fields)
    assert set(codes(made)) <= {"defect"}


@given(st.text(alphabet="|^~\\&\rPID1GT1MSH\x0bOLSON9-é\ud800", max_size=80))
def test_noise_ends(noise: str) -> None:
    values(hl7.PARSER, f"{MSH}\r{PID}\r{noise}".encode("utf-8", "surrogatepass"))
