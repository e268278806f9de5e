"""Rows of tables to people: who a row speaks of, in what role, under what name."""

import msgspec
import pytest

from rollcall.mentions.rows import assemble_rows
from rollcall.model import Column, Finding, to_table

from .facts import cell, column

NAME = column(0, "Patient", "name.full", "patient")
MRN = column(1, "MRN", "medical_record_number.")
SSN = column(1, "SSN", "ssn.full")


def people(columns: list[Column], findings: list[Finding], label: str = "") -> list[tuple[int, str, str, bool]]:
    made = assemble_rows(columns, to_table(Finding, findings), {("b" * 64, 0): label})
    return [(row["row"], row["role"], row["name"], row["is_subject"]) for row in made.mentions.to_pylist()]


@pytest.mark.parametrize(
    ("columns", "cells", "label", "expected"),
    [
        pytest.param(
            [NAME, MRN],
            [(0, "name.full", "DOE, JANE", "patient"), (1, "medical_record_number.", "123", "")],
            "",
            [(1, "patient", "DOE, JANE", True)],
            id="patient and plain columns are one person",
        ),
        pytest.param(
            [
                column(0, "First", "name.given"),
                column(1, "MI", "name.middle"),
                column(2, "Last", "name.family"),
                column(3, "Sfx", "name.suffix"),
                column(4, "Salary", ""),
            ],
            [
                (0, "name.given", "Al", ""),
                (1, "name.middle", "B", ""),
                (2, "name.family", "Cey", ""),
                (3, "name.suffix", "Jr", ""),
            ],
            "",
            [(1, "employee", "Al B Cey Jr", True)],
            id="split name, payroll header",
        ),
        pytest.param(
            [column(0, "Name", "name.full"), SSN],
            [(0, "name.full", "Al Cey", ""), (1, "ssn.full", "899451234", "")],
            "Direct deposit 2019",
            [(1, "employee", "Al Cey", True)],
            id="the sheet's name says payroll",
        ),
        pytest.param(
            [column(0, "Name", "name.full"), column(1, "Member ID", "health_insurance.member_id", "member")],
            [(0, "name.full", "Al Cey", ""), (1, "health_insurance.member_id", "X1", "member")],
            "",
            [(1, "member", "Al Cey", True)],
            id="member id makes a member",
        ),
        pytest.param(
            [NAME, column(1, "Guarantor", "name.full", "guarantor"), column(2, "Guar SSN", "ssn.full", "guarantor")],
            [
                (0, "name.full", "Kid Doe", "patient"),
                (1, "name.full", "Ma Doe", "guarantor"),
                (2, "ssn.full", "899451234", "guarantor"),
            ],
            "",
            [(1, "patient", "Kid Doe", True), (1, "guarantor", "Ma Doe", True)],
            id="guarantor is a second person",
        ),
        pytest.param(
            [NAME, column(1, "Attending", "provider.", "provider")],
            [(0, "name.full", "Kid Doe", "patient"), (1, "provider.", "Dr Who", "provider")],
            "",
            [(1, "patient", "Kid Doe", True), (1, "provider", "Dr Who", False)],
            id="the clinician is no subject",
        ),
        pytest.param(
            [column(1, "SSN", "ssn.full")],
            [(1, "ssn.full", "899451234", "")],
            "",
            [(1, "subject", "", True)],
            id="no name at all",
        ),
        pytest.param(
            [
                NAME,
                column(1, "Subscriber", "name.full", "subscriber"),
                column(2, "ID", "health_insurance.member_id", "subscriber"),
            ],
            [
                (0, "name.full", "Kid Doe", "patient"),
                (1, "name.full", "Ma Doe", "subscriber"),
                (2, "health_insurance.member_id", "X1", "subscriber"),
            ],
            "",
            [(1, "subject", "Kid Doe", True), (1, "subscriber", "Ma Doe", True)],
            id="subscriber with a name is a person",
        ),
        pytest.param(
            [NAME, MRN, column(2, "ICE", "name.full")],
            [
                (0, "name.full", "Kid Doe", "patient"),
                (1, "medical_record_number.", "7", ""),
                (2, "name.full", "Ma Doe", ""),
            ],
            "",
            [(1, "patient", "Kid Doe", True), (1, "other", "Ma Doe", True)],
            id="a second whole name is somebody else",
        ),
        pytest.param(
            [column(0, "Pt Last Nm", "name.family", "patient"), column(1, "First", "name.given"), MRN],
            [(0, "name.family", "Doe", "patient"), (1, "name.given", "Kid", "")],
            "",
            [(1, "patient", "Kid Doe", True)],
            id="two columns of one name, one of them labelled",
        ),
        pytest.param(
            [column(0, "LName", "name.full"), column(1, "FST_NM", "name.given"), MRN],
            [(0, "name.partial", "POSEY", ""), (1, "name.given", "KAI", "")],
            "",
            [(1, "patient", "KAI POSEY", True)],
            id="a family name taken for a whole one",
        ),
        pytest.param(
            [],
            [(0, "name.full", "Al Cey", ""), (1, "medical_record_number.", "7", "")],
            "",
            [(1, "patient", "Al Cey", True)],
            id="no columns known",
        ),
    ],
)
def test_people_of_a_row(columns, cells, label, expected) -> None:
    assert people(columns, [cell(1, col, what, text, group) for col, what, text, group in cells], label) == expected


def test_relations_point_at_the_main_subject() -> None:
    columns = [NAME, column(1, "Guarantor", "name.full", "guarantor")]
    cells = [cell(1, 0, "name.full", "Kid Doe", "patient"), cell(1, 1, "name.full", "Ma Doe", "guarantor")]
    made = assemble_rows(columns, to_table(Finding, cells))
    names = {row["mention_id"]: row["name"] for row in made.mentions.to_pylist()}
    assert [(names[r["mention_id"]], r["relation"], names[r["other_id"]]) for r in made.relations.to_pylist()] == [
        ("Ma Doe", "guarantor_of", "Kid Doe")
    ]


def test_a_clinician_is_evidence_of_the_patient_too() -> None:
    finding = cell(1, 1, "provider.", "Dr Who", "provider")
    made = assemble_rows(
        [NAME, column(1, "PCP", "provider.", "provider")],
        to_table(Finding, [cell(1, 0, "name.full", "K D", "patient"), finding]),
    )
    roles = {row["mention_id"]: row["role"] for row in made.mentions.to_pylist()}
    held = {roles[m["mention_id"]] for m in made.memberships.to_pylist() if m["finding_id"] == finding.finding_id}
    assert held == {"patient", "provider"}


def test_continuation_row_belongs_to_the_person_above() -> None:
    columns = [NAME, column(1, "Dx", "diagnosis.code")]
    cells = [
        cell(1, 0, "name.full", "Kid Doe", "patient"),
        cell(1, 1, "diagnosis.code", "E11.9"),
        cell(2, 1, "diagnosis.code", "I10"),
        cell(3, 1, "diagnosis.code", "J45"),
        cell(9, 1, "diagnosis.code", "C50"),
    ]
    made = assemble_rows(columns, to_table(Finding, cells))
    assert [row["row"] for row in made.mentions.to_pylist()] == [1, 9]
    first = made.mentions.to_pylist()[0]["mention_id"]
    assert sum(m["mention_id"] == first for m in made.memberships.to_pylist()) == 4


def test_the_second_line_of_a_record_belongs_to_the_first() -> None:
    """What stands under no column of its kind, below a named row, reaches the person above."""
    street = msgspec.structs.replace(cell(2, 0, "address.street", "12 Main St"), why="pattern")
    phone = msgspec.structs.replace(cell(2, 1, "phone.", "6055552010"), why="pattern")
    made = assemble_rows([NAME, MRN], to_table(Finding, [cell(1, 0, "name.full", "Kid Doe", "patient"), street, phone]))
    assert [(row["row"], row["name"]) for row in made.mentions.to_pylist()] == [(1, "Kid Doe")]
    assert made.memberships.num_rows == 3


def test_a_nameless_row_with_an_identifier_stands_alone() -> None:
    columns = [NAME, MRN, column(2, "Dx", "diagnosis.code")]
    cells = [
        cell(1, 0, "name.full", "Kid Doe", "patient"),
        cell(2, 1, "medical_record_number.", "9"),
        cell(2, 2, "diagnosis.code", "I10"),
    ]
    assert [row for row, *_ in people(columns, cells)] == [1, 2]


def test_every_finding_of_a_row_is_kept_and_anchors_do_not_turn_on_findings() -> None:
    columns = [NAME, MRN, SSN]
    cells = [cell(row, 0, "name.full", f"P {row}", "patient") for row in range(1, 6)]
    more = cells + [cell(row, 1, "ssn.full", f"89945123{row}") for row in range(1, 6)]
    first, second = (assemble_rows(columns, to_table(Finding, some)) for some in (cells, more))
    assert first.mentions["mention_id"].to_pylist() == second.mentions["mention_id"].to_pylist()
    assert set(second.memberships["finding_id"].to_pylist()) == {one.finding_id for one in more}


def test_order_of_findings_does_not_matter() -> None:
    cells = [cell(row, 0, "name.full", f"P {row}", "patient") for row in range(1, 6)] + [
        cell(row, 1, "medical_record_number.", str(row)) for row in range(1, 6)
    ]
    one = assemble_rows([NAME, MRN], to_table(Finding, cells))
    other = assemble_rows([MRN, NAME], to_table(Finding, cells[::-1]))
    assert one.mentions.equals(other.mentions)
    assert one.memberships.equals(other.memberships)


def test_of_two_columns_of_names_the_one_that_changes_is_who_the_rows_are_about() -> None:
    columns = [column(1, "", "name.full"), column(3, "", "name.full"), MRN]
    cells = [cell(row, 1, "name.full", "Tomas Dick") for row in range(1, 6)]
    cells += [cell(row, 3, "name.full", f"Patient N{row}") for row in range(1, 6)]
    cells += [cell(row, 2, "medical_record_number.", f"770{row}") for row in range(1, 6)]
    assert {name for _, role, name, _ in people(columns, cells) if role == "patient"} == {
        f"Patient N{n}" for n in range(1, 6)
    }
    assert {name for _, role, name, _ in people(columns, cells) if role == "other"} == {"Tomas Dick"}
