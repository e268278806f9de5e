"""A form that comes apart into several parts."""

import msgspec
import pytest

from rollcall.mentions.documents import assemble_document
from rollcall.mentions.forms import assemble_forms
from rollcall.model import Finding, Membership, Mention, from_table

from .facts import cell


def of_part(part_no: int, *found: Finding) -> list[Finding]:
    return [
        msgspec.structs.replace(
            one, finding_id=f"{part_no} {one.finding_id}", place=msgspec.structs.replace(one.place, part_no=part_no)
        )
        for one in found
    ]


def owners_of(*parts: list[Finding]) -> dict[str, set[str]]:
    known = {one.finding_id: one for some in parts for one in some}
    made = assemble_document([assemble_forms(some) for some in parts], known)
    names = {one.mention_id: one.name for one in from_table(Mention, made.mentions)}
    held: dict[str, set[str]] = {}
    for one in from_table(Membership, made.memberships):
        held.setdefault(names[one.mention_id], set()).add(known[one.finding_id].value)
    return held


NAME = cell(0, 1, "name.full", "Mary Olson", "patient", why="form")
BORN = cell(1, 1, "date_of_birth.full", "1964-03-07", why="form")
CODE = cell(6, 1, "diagnosis.code", "E11.9", why="form")
DRUG = cell(7, 1, "medication.drug", "lisinopril", why="form")


def test_later_tables_are_of_whom_the_first_names() -> None:
    held = owners_of(of_part(0, NAME, BORN), of_part(1, CODE), of_part(2, DRUG))
    assert held == {"Mary Olson": {"Mary Olson", "1964-03-07", "E11.9", "lisinopril"}}


@pytest.mark.parametrize(
    "other",
    [
        [cell(6, 1, "date_of_birth.full", "1970-01-02", why="form"), CODE],
        [cell(5, 1, "name.full", "Carl Baker", "patient", why="form"), CODE],
    ],
    ids=["born on another day", "another name"],
)
def test_what_is_said_of_somebody_else_stays(other: list[Finding]) -> None:
    held = owners_of(of_part(0, NAME, BORN), of_part(1, *other))
    assert "E11.9" not in held["Mary Olson"]
