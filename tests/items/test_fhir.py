"""FHIR: data types wherever they stand, references inside the content, what is refuted or a family's."""

# ruff: noqa: E501 (formats are written as they stand in files)

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.elements import BY_ID
from rollcall.items.parser import Inner, Record, Text
from rollcall.items.parsers import fhir
from rollcall.items.parsers.fhir_paths import PATHS, SYSTEMS
from rollcall.items.readable import MemoryReadable

from .people import codes, notes, people, values

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "name": [{"family": "Olson", "given": ["Mary", "Lee"], "suffix": ["Jr"]}],
}
OF = {"subject": {"reference": "Patient/p"}}


def read(*resources: Any) -> list[Any]:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}
    return list(values(fhir.PARSER, json.dumps(bundle).encode()))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"birthDate": "1984-03-07"}, ("date_of_birth.full", "1984-03-07")),
        ({"birthDate": "1984"}, ("date_of_birth.year", "1984")),
        ({"deceasedDateTime": "2024-01-05T10:00:00Z"}, ("date_of_death.date", "2024-01-05")),
        ({"telecom": [{"system": "email", "value": "m@x.org"}]}, ("email.email", "m@x.org")),
        ({"telecom": {"value": "tel:701-555-0142"}}, ("phone.phone", "701-555-0142")),
        ({"address": [{"line": ["PO Box 9"], "city": "Fargo"}]}, ("address.po_box", "PO Box 9")),
        ({"address": [{"line": ["12 Oak St", "Apt 3"]}]}, ("address.street", "12 Oak St Apt 3")),
        ({"identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "899451234"}]}, ("ssn.full", "899451234")),
        ({"identifier": [{"type": {"coding": [{"code": "SS"}]}, "value": "899451234"}]}, ("ssn.full", "899451234")),
        ({"identifier": [{"system": "urn:oid:2.16.840.1.113883.4.3.27", "value": "S1"}]}, ("drivers_license.licence", "S1")),
        ({"identifier": [{"value": "0042"}]}, ("medical_record_number.mrn", "0042")),
        ({"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", "valueString": "Hall"}]},
         ("mothers_maiden_name.name", "Hall")),
    ],
)  # fmt: skip
def test_the_patients_own_data(more: dict[str, Any], expected: tuple[str, str]) -> None:
    said = people(read({**PATIENT, **more}))["Patient/p"]
    assert {expected, ("name.full", "Olson, Mary Lee, Jr")} <= said


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        ("Condition", {"code": {"coding": [{"system": ICD, "code": "F11.20"}]}}, ("diagnosis.code", "F11.20")),
        ("Condition", {"code": {"text": "Opioid dependence"}}, ("diagnosis.words", "Opioid dependence")),
        ("Observation", {"code": {"text": "HIV test"}}, ("treatment.lab_result", "HIV test")),
        ("Observation", {"code": {"text": "Weight"}, "category": [{"coding": [{"code": "vital-signs"}]}]}, ("treatment.vital", "Weight")),
        ("MedicationRequest", {"medicationCodeableConcept": {"text": "Lipitor"}}, ("medication.drug", "Lipitor")),
        ("MedicationRequest", {"medicationReference": {"reference": "#m"},
                               "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "Suboxone"}}]},
         ("medication.drug", "Suboxone")),
        ("MedicationStatement", {"medication": {"concept": {"text": "Lipitor"}}}, ("medication.drug", "Lipitor")),
        ("Procedure", {"code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "44970", "display": "x"}]}},
         ("treatment.procedure", "44970")),
        ("Procedure", {"performedPeriod": {"start": "2024-01-02T08:00:00Z"}}, ("date_of_service.date", "2024-01-02")),
        ("Encounter", {"identifier": [{"value": "V9"}]}, ("patient_account_number.encounter", "V9")),
        ("Encounter", {"participant": [{"individual": {"reference": "Practitioner/d"}}]}, ("provider.provider", "Greg House")),
        ("Immunization", {"vaccineCode": {"text": "HepB"}, "patient": OF["subject"]}, ("medication.drug", "HepB")),
        ("AllergyIntolerance", {"code": {"text": "Penicillin"}, "patient": OF["subject"]}, ("diagnosis.words", "Penicillin")),
        ("Claim", {"total": {"value": 120.5}, "patient": OF["subject"]}, ("billing_amount.amount", "120.5")),
        ("ExplanationOfBenefit", {"item": [{"servicedDate": "2024-01-02"}], "patient": OF["subject"]},
         ("date_of_service.date", "2024-01-02")),
        ("Coverage", {"subscriberId": "M5", "beneficiary": OF["subject"]}, ("health_insurance.member_id", "M5")),
        ("Coverage", {"payor": [{"reference": "Organization/o"}], "beneficiary": OF["subject"]}, ("health_insurance.payer", "Lakes")),
        ("DiagnosticReport", {"code": {"text": "Panel"}}, ("treatment.lab_result", "Panel")),
    ],
)  # fmt: skip
def test_what_is_about_the_patient(kind: str, more: dict[str, Any], expected: tuple[str, str]) -> None:
    doctor = {"resourceType": "Practitioner", "id": "d", "name": [{"family": "House", "given": ["Greg"]}]}
    payer = {"resourceType": "Organization", "id": "o", "name": "Lakes"}
    said = people(read({"resourceType": kind, **OF, **more}, doctor, payer, PATIENT))
    assert expected in said["Patient/p"]
    assert ("name.full", "House, Greg") in said["Practitioner/d"]


def test_references_by_url_and_contained_people() -> None:
    bundle = {"resourceType": "Bundle", "entry": [
        {"fullUrl": "urn:uuid:1", "resource": {**PATIENT, "id": "a"}},
        {"resource": {"resourceType": "Condition", "subject": {"reference": "urn:uuid:1"}, "code": {"text": "one"}}},
        {"resource": {"resourceType": "Condition", "subject": {"reference": "https://x/fhir/Patient/a"}, "code": {"text": "two"}}},
        {"resource": {"resourceType": "Condition", "id": "c", "subject": {"reference": "#in"}, "code": {"text": "three"},
                      "contained": [{"resourceType": "Patient", "id": "in", "name": {"text": "Ann Hall"}}]}},
    ]}  # fmt: skip
    said = people(values(fhir.PARSER, json.dumps(bundle).encode()))
    assert {value for what, value in said["Patient/a"] if what == "diagnosis.words"} == {"one", "two"}
    assert said["Condition/c#in"] == {("name.full", "Ann Hall"), ("diagnosis.words", "three")}


@pytest.mark.parametrize(
    ("resource", "key", "role", "relation"),
    [
        ({"resourceType": "RelatedPerson", "id": "r", "patient": {"reference": "Patient/p"}, "name": [{"text": "Tom"}],
          "relationship": [{"coding": [{"code": "GUARD"}]}]}, "RelatedPerson/r", "emergency_contact", "guardian_of"),
        ({"resourceType": "Coverage", "beneficiary": {"reference": "Patient/p"}, "subscriberId": "M5",
          "subscriber": {"reference": "RelatedPerson/r"}}, "RelatedPerson/r", "subscriber", "subscriber_of"),
        ({**PATIENT, "contact": [{"name": {"text": "Tom Hall"}}]}, "Patient/p contact 1", "emergency_contact", "contact_of"),
    ],
)  # fmt: skip
def test_who_is_what_to_whom(resource: dict[str, Any], key: str, role: str, relation: str) -> None:
    record = next(one for one in read(resource, PATIENT) if isinstance(one, Record) and one.key == key)
    assert (record.role, record.relations) == (role, ((relation, "Patient/p"),))


@pytest.mark.parametrize(
    "status", [{"verificationStatus": {"coding": [{"code": "refuted"}]}}, {"status": "entered-in-error"}]
)
def test_what_is_refuted(status: dict[str, Any]) -> None:
    record = next(
        one
        for one in read({"resourceType": "Condition", **OF, **status, "code": {"text": "HIV"}})
        if isinstance(one, Record)
    )
    assert [field.polarity for field in record.fields] == ["negated"]


def test_free_text_files_and_what_nobody_knows() -> None:
    made = read(
        {**PATIENT, "text": {"status": "additional", "div": "<div>Lives <b>alone</b></div>"}},
        {"resourceType": "DocumentReference", **OF, "content": [{"attachment": {"contentType": "text/plain", "data": "aGVsbG8=", "title": "a.txt"}}]},
        {"resourceType": "CarePlan", **OF, "title": "Methadone"},
        {"resourceType": "FamilyMemberHistory", "patient": OF["subject"], "condition": [{"code": {"text": "Gout"}}]},
    )  # fmt: skip
    assert notes(made)["entry 1 Patient.text"].split() == ["Lives", "alone"]
    assert "Methadone" in notes(made)["entry 3 CarePlan"]
    inner = next(one for one in made if isinstance(one, Inner))
    assert inner.chunks is not None
    assert (inner.name, b"".join(inner.chunks())) == ("a.txt", b"hello")
    family = next(one for one in made if isinstance(one, Text) and one.kind == "family_history")
    assert (family.about, "Gout" in family.text) == ("", True)


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        (b'{"resourceType": "Patient"}', True),
        (b'{"id": "x", "meta": {"a": [1]}, "resourceType": "Patient"}', True),
        (b'\xef\xbb\xbf [{"resourceType":"Patient"}]', True),
        (b'{"a": {"resourceType": "Patient"}}', False),
        (b'{"resourceType": 5}', False),
        (b'{"text": "resourceType: "}', False),
        (b'<?xml version="1.0"?><!-- x --><Bundle xmlns="http://hl7.org/fhir"/>', True),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', False),
        (b"", False),
    ],
)
def test_looks_like(data: bytes, fits: bool) -> None:
    assert fhir.looks_like(MemoryReadable(data)) is fits


def test_what_breaks_off_is_left_to_the_next_reader() -> None:
    made = values(fhir.PARSER, json.dumps(PATIENT).encode()[:-9])
    assert codes(made) == ["corrupt"]
    assert len(made) == 1


def test_the_tables_name_elements_of_the_catalogue() -> None:
    for what in {what for _, what in PATHS.values() if what} | set(SYSTEMS.values()):
        element, _, subtype = what.partition(".")
        assert subtype in BY_ID[element].subtypes


NAMES = st.sampled_from(("resourceType", "name", "subject", "reference", "code", "coding", "identifier", "value", "contact", "contained",
                         "entry", "text", "div", "period", "telecom", "id", "display", "data", "attachment", "content"))  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(("Patient", "Condition", "Bundle", "#p", "Patient/p", "x y z", "")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(
    st.sampled_from(("Patient", "Condition", "Coverage", "Claim", "Observation", "Nobody", "RelatedPerson")),
    st.dictionaries(NAMES, VALUES),
)
def test_values_of_any_shape(kind: str, more: dict[str, Any]) -> None:
    read({**more, "resourceType": kind})


def test_each_contract_is_said_once_of_its_subscriber() -> None:
    one = {
        "resourceType": "Coverage",
        "beneficiary": OF["subject"],
        "subscriber": {"reference": "RelatedPerson/r"},
        "subscriberId": "M5",
    }
    holder = next(each for each in read(*[one] * 30) if isinstance(each, Record) and each.key == "RelatedPerson/r")
    assert len(holder.fields) == 30
