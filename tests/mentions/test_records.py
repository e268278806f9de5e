"""Records of structured formats: a mention each, and what is written beside them is about whom the format says."""

import msgspec
import pytest

from rollcall.findings.records import findings_of_records
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.prose import assemble_text
from rollcall.mentions.records import assemble_records, given_to_owners, owners, record_id
from rollcall.mentions.rows import assemble_rows
from rollcall.model import (
    Finding,
    Membership,
    Mention,
    Part,
    RecordField,
    RecordOf,
    RecordRelation,
    Relation,
    from_table,
    to_table,
)

from .facts import BLOB, cell, column, seal, span

PATIENT, FATHER = "message 1 PID", "message 1 GT1"


def field(key: str, what: str, value: str, start: int, locator: str = "PID-5", **more: str) -> RecordField:
    element, _, subtype = what.partition(".")
    return RecordField(
        blob_id=BLOB, part_no=0, key=key, element=element, subtype=subtype, text=value, value=value, start=start,
        end=start + len(value), locator=locator, **more,
    )  # fmt: skip


def record(key: str, role: str) -> RecordOf:
    return RecordOf(blob_id=BLOB, part_no=0, key=key, role=role)


FIELDS = [
    field(PATIENT, "name.full", "OLSON, MARY", 0),
    field(PATIENT, "health_insurance.member_id", "M5512", 20, "IN1-36"),
    field(FATHER, "name.full", "OLSON, TOM", 40),
    field(FATHER, "health_insurance.member_id", "M5512", 20, "IN1-36"),
]
RECORDS = [record(PATIENT, "patient"), record(FATHER, "guarantor"), record("message 1 IN1", "subscriber")]
FOUND = list(findings_of_records(FIELDS, seal))
RELATIONS = [
    RecordRelation(blob_id=BLOB, key=FATHER, other_key=PATIENT, relation="guarantor_of"),
    RecordRelation(blob_id=BLOB, key="message 1 IN1", other_key=PATIENT, relation="subscriber_of"),
]
MADE = assemble_records(RECORDS, FIELDS, RELATIONS, FOUND)
BY_NAME = {one.name: one for one in from_table(Mention, MADE.mentions)}


def test_a_field_is_a_finding_as_it_stands() -> None:
    name, member, *_ = FOUND
    assert (name.value, name.why, name.place.locator, name.confidence) == ("Mary Olson", "record", "PID-5", 0.98)
    assert (member.text, member.place.start) == ("M5512", 20)
    assert len(FOUND) == 3  # what two records share is found once


@pytest.mark.parametrize(
    ("what", "value", "check", "confidence"),
    [
        ("ssn.full", "899451234", "valid", 0.98),
        ("ssn.full", "078-05-1120", "published_sample", 0.294),
        ("date_of_birth.full", "20310101", "future", 0.294),
        ("medical_record_number.mrn", "000000", "placeholder", 0.588),
    ],
)
def test_values_are_checked(what: str, value: str, check: str, confidence: float) -> None:
    (found,) = findings_of_records([field(PATIENT, what, value, 0)], seal)
    assert (found.check, found.confidence) == (check, confidence)


def test_what_is_refuted_stays_so() -> None:
    (found,) = findings_of_records([field(PATIENT, "diagnosis.words", "HIV", 0, polarity="negated")], seal)
    assert found.polarity == "negated"


def test_two_record_numbers_of_two_houses() -> None:
    mrn = "medical_record_number.mrn"
    fields = [field(PATIENT, mrn, "0042", at, issuer=who) for at, who in ((0, "RIV"), (9, "LAKE"))]
    assert [one.issuer for one in findings_of_records(fields, seal)] == ["RIV", "LAKE"]


def test_a_record_is_a_mention_with_its_relations() -> None:
    patient, father = BY_NAME["OLSON, MARY"], BY_NAME["OLSON, TOM"]
    assert (patient.kind, patient.role, father.role) == ("record", "patient", "guarantor")
    assert list(from_table(Relation, MADE.relations)) == [
        Relation(mention_id=father.mention_id, other_id=patient.mention_id, relation="guarantor_of")
    ]
    assert set(BY_NAME) == {"OLSON, MARY", "OLSON, TOM"}  # a record that says nothing is nobody


def test_what_is_shared_belongs_to_both() -> None:
    members = {(one.mention_id, one.finding_id) for one in from_table(Membership, MADE.memberships)}
    assert {(one.mention_id, FOUND[1].finding_id) for one in BY_NAME.values()} <= members


def test_the_anchor_does_not_turn_on_what_was_found() -> None:
    made = assemble_records(RECORDS[:1], FIELDS[:1], (), FOUND[:1])
    assert [one.mention_id for one in from_table(Mention, made.mentions)] == [BY_NAME["OLSON, MARY"].mention_id]


NOTE = "Diagnosed with F11.20 in May.\nHer brother Bob Hall has I10, SSN 899-22-3344.\nCall 701-555-0199"


def said(about: str) -> dict[str, list[tuple[str, str | None]]]:
    """Value -> the names it was given to, with whose alternative it is, in a note about a record."""
    parts = [
        Part(blob_id=BLOB, part_no=0, kind="record", text="OLSON^MARY " * 6),
        Part(blob_id=BLOB, part_no=1, kind="section", label="NTE", text=NOTE, about=about),
    ]
    loose = [span(NOTE, value, what, part=1) for value, what in
             (("F11.20", "diagnosis.code"), ("I10", "diagnosis.code"), ("899-22-3344", "ssn.full"),
              ("701-555-0199", "phone.phone"))]  # fmt: skip
    record_of = {FOUND[0].finding_id: BY_NAME["OLSON, MARY"]}
    made = assemble_text(parts, [*FOUND[:1], *loose], Lexicon([]), (), seal, record_of)
    names = {one.mention_id: one.name for one in from_table(Mention, made.mentions)} | {
        one.mention_id: one.name for one in BY_NAME.values()
    }
    values = {one.finding_id: one.value for one in loose}
    given: dict[str, list[tuple[str, str | None]]] = {}
    for one in from_table(Membership, made.memberships):
        if one.finding_id in values:
            given.setdefault(values[one.finding_id], []).append((names[one.mention_id], one.alternative_of))
    return given


def test_a_note_is_about_its_patient() -> None:
    given = said(PATIENT)
    assert given["F11.20"] == [("OLSON, MARY", None)]
    assert ("OLSON, MARY", None) in given["I10"]
    assert ("Bob Hall", None) in given["899-22-3344"]  # a number beside another's name is not hers
    assert "OLSON, MARY" not in dict(given["701-555-0199"])  # numbers to call are of whom one may call


def test_without_a_record_a_note_names_whom_it_names() -> None:
    assert ("OLSON, MARY", None) not in said("")["I10"]


def test_rows_without_a_name_are_of_whom_their_table_is_about() -> None:
    columns = [column(0, "Problem", "diagnosis.words"), column(1, "Code", "diagnosis.code")]
    found: list[Finding] = [cell(1, 0, "diagnosis.words", "HIV"), cell(1, 1, "diagnosis.code", "B20")]
    rows = assemble_rows(columns, to_table(Finding, found))
    owned = owners([Part(blob_id=BLOB, part_no=0, kind="table", n_rows=2, about=PATIENT)])
    assert owned == {(BLOB, 0): record_id(BLOB, PATIENT)}
    made = given_to_owners(rows, owned)
    assert list(from_table(Mention, made.mentions)) == []
    assert {one.mention_id for one in from_table(Membership, made.memberships)} == {record_id(BLOB, PATIENT)}
    assert given_to_owners(rows, {}) is rows


def test_named_rows_stay_themselves() -> None:
    columns = [column(0, "Name", "name.full"), column(1, "Code", "diagnosis.code")]
    found = [cell(1, 0, "name.full", "Ann Hall"), cell(1, 1, "diagnosis.code", "B20")]
    rows = assemble_rows(columns, to_table(Finding, found))
    made = given_to_owners(rows, {(BLOB, 0): record_id(BLOB, PATIENT)})
    assert [one.name for one in from_table(Mention, made.mentions)] == ["Ann Hall"]


def test_structs_take_no_unknown_field() -> None:
    with pytest.raises(msgspec.ValidationError):
        RecordOf.of({"blob_id": "a", "part_no": 0, "key": "k", "role": "patient", "name": "x"})
