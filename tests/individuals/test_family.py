"""Who is a minor, and who is written to in a child's place."""

import datetime

import pytest

from rollcall.individuals.family import is_minor
from rollcall.individuals.resolve import resolve
from rollcall.model import Relation, to_table

from .facts import Said, facts, mention_id, said

ON = datetime.date(2020, 6, 15)
CHILD = said("child", "Ann Hill", mrn="1001", dob="2010-03-01")
GROWN = said("grown", "Ann Hill", mrn="1001", dob="1980-03-01")
MOTHER = said("mother", "Mary Hill", role="other", ssn="401-45-1234", dob="1984-01-01")
PAYER = said("payer", "Carl Hill", role="guarantor", ssn="401-45-9999", dob="1982-01-01")
AGELESS = said("ageless", "Ann Hill", mrn="1001")
TEEN = said("teen", "Kim Hill", role="other", ssn="401-45-7777", dob="2005-01-01")


@pytest.mark.parametrize(
    ("born", "minor"),
    [
        ("2002-06-16", True),
        ("2002-06-15", False),
        ("2020-06-01", True),
        ("2001", False),
        ("2003", True),
        ("2002", None),
        ("06-15", None),
        ("", None),
    ],
)
def test_who_is_under_age(born: str, minor: bool | None) -> None:
    assert is_minor(born, ON) is minor


@pytest.mark.parametrize(
    ("people", "relations", "guardian"),
    [
        pytest.param([CHILD, MOTHER], [("mother", "guardian_of", "child")], "mother", id="guardian"),
        pytest.param([GROWN, MOTHER], [("mother", "guardian_of", "grown")], "mother", id="an adult's guardian"),
        pytest.param([CHILD, MOTHER], [("mother", "parent_of", "child")], "mother", id="a child's mother"),
        pytest.param([GROWN, MOTHER], [("mother", "parent_of", "grown")], None, id="an adult's mother"),
        pytest.param([CHILD, PAYER], [("payer", "guarantor_of", "child")], "payer", id="who pays for a child"),
        pytest.param([GROWN, PAYER], [("payer", "guarantor_of", "grown")], None, id="who pays for an adult"),
        pytest.param([AGELESS, PAYER], [("payer", "guarantor_of", "ageless")], "payer", id="adults pay for themselves"),
        pytest.param([AGELESS, PAYER], [("ageless", "dependent_of", "payer")], None, id="spouses depend on plans too"),
        pytest.param([CHILD, PAYER], [("child", "dependent_of", "payer")], "payer", id="whose plan it is"),
        pytest.param([CHILD, PAYER], [("payer", "contact_of", "child")], None, id="a contact is no guardian"),
        pytest.param([CHILD, TEEN], [("teen", "parent_of", "child")], None, id="a minor guards nobody"),
        pytest.param(
            [CHILD, PAYER, MOTHER],
            [("payer", "guarantor_of", "child"), ("mother", "parent_of", "child")],
            "mother",
            id="the plainest word decides",
        ),
    ],
)
def test_guardians(people: list[Said], relations: list[tuple[str, str, str]], guardian: str | None) -> None:
    made = facts(people)
    related = [
        Relation(mention_id=mention_id(one), other_id=mention_id(other), relation=relation)
        for one, relation, other in relations
    ]
    found = resolve(made.mentions, made.memberships, made.findings, to_table(Relation, related), on=ON)
    person = {link.mention_id: link.individual_id for link in found.links}
    (child,) = [one for one in found.individuals if "Ann" in one.names[0]]
    assert child.guardian == (person[mention_id(guardian)] if guardian else None)
    assert child.minor is {"child": True, "grown": False}.get(people[0].key)


def test_birth_dates_that_disagree_tell_no_age() -> None:
    made = facts([said("a", "Ann Hill", mrn="1001", dob=["2010-03-01", "1980-03-01"])])
    found = resolve(made.mentions, made.memberships, made.findings, made.relations, on=ON)
    assert [one.minor for one in found.individuals] == [None]


@pytest.mark.parametrize(
    ("roles", "hints", "shown"),
    [
        (["subject"], {}, ["patient"]),
        (["subject"], {"blob-0": "employee"}, ["employee"]),
        (["subject", "employee"], {}, ["employee"]),
        (["subject", "guarantor"], {}, ["other", "patient"]),
        (["guarantor"], {"blob-0": "patient"}, ["other"]),
        (["patient"], {"blob-0": "employee"}, ["patient"]),
        (["subject", "subject"], {"blob-1": "member"}, ["member"]),
    ],
)
def test_roles_of_whom_nothing_says_what_they_are(roles: list[str], hints: dict[str, str], shown: list[str]) -> None:
    told = [said(str(n), "Ann Hill", role=role, ssn="401-45-1234") for n, role in enumerate(roles)]
    made = facts(told)
    found = resolve(made.mentions, made.memberships, made.findings, made.relations, hints=hints)
    assert [one.roles for one in found.individuals] == [shown]
