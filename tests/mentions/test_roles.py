"""What a person is to the hospital: by what stands together, by words, by what a file and its mail are called."""

import pytest

from rollcall.mentions.roles import cast, context_role
from rollcall.resolving import hinted_roles, newest, plain_words

MEMBER_ID = ("health_insurance", "member_id")
PAYER = ("health_insurance", "payer")
VISIT = ("date_of_service", "")
SSN = ("ssn", "full")


@pytest.mark.parametrize(
    ("elements", "words", "role"),
    [
        ([SSN], "", ""),
        ([("medical_record_number", ""), MEMBER_ID], "", "patient"),
        ([MEMBER_ID], "", ""),  # every hospital asks its patients for it
        ([MEMBER_ID, ("provider", "provider")], "ACO attribution", "member"),
        ([SSN], "lipid panel", ""),
        ([SSN], "PCP panel 2019", "member"),
        ([("financial_account", "routing"), SSN], "", "employee"),
        ([("financial_account", "account"), SSN], "", ""),
        ([PAYER], "", ""),
        ([MEMBER_ID, VISIT], "", "patient"),
        ([MEMBER_ID, VISIT], "Eligibility 2019", "member"),
        ([SSN, VISIT], "Coverage", "patient"),
        ([SSN], "Coverage", "member"),
        ([SSN, MEMBER_ID], "Open enrollment", "employee"),
        ([SSN], "W-4 outstanding", "employee"),
        ([SSN], "Discharges", "patient"),
    ],
)
def test_context(elements: list[tuple[str, str]], words: str, role: str) -> None:
    assert context_role(elements, words) == role


@pytest.mark.parametrize(
    ("group", "relation"),
    [
        ("guardian", "guardian_of"),
        ("parent", "parent_of"),
        ("mother", "parent_of"),
        ("father", "parent_of"),
        ("guarantor", "guarantor_of"),
        ("emergency_contact", "contact_of"),
        ("provider", None),
    ],
)
def test_relations(group: str, relation: str | None) -> None:
    assert cast({group, ""}, {group: {"full"}, "": {"full"}}, [], "").relation(group) == relation


@pytest.mark.parametrize(
    ("names", "holders", "expected"),
    [
        pytest.param({"f": {"direct_deposit.xlsx"}}, {}, {"f": "employee"}, id="the file's own name"),
        pytest.param({"f": {"list.csv"}, "m": {"eligibility file"}}, {"f": {"m"}}, {"f": "member", "m": "member"},
                     id="the subject of its mail"),
        pytest.param({"f": {"payroll.csv"}, "m": {"patients"}}, {"f": {"m"}}, {"f": "employee", "m": "patient"},
                     id="the nearest decides"),
        pytest.param({"f": {"a.csv"}, "m": {"payroll"}, "n": {"patients"}}, {"f": {"m", "n"}},
                     {"m": "employee", "n": "patient"}, id="two mails that differ"),
        pytest.param({"f": {"a.csv"}, "m": {"b"}}, {"f": {"m"}, "m": {"f"}}, {}, id="holders in a ring"),
    ],
)  # fmt: skip
def test_hints(names: dict[str, set[str]], holders: dict[str, set[str]], expected: dict[str, str]) -> None:
    assert hinted_roles(names, holders) == expected


def test_names_of_files_are_words() -> None:
    assert plain_words("NewHires_2019.(final).xlsx").split() == ["New", "Hires", "2019", "final", "xlsx"]


def test_the_newest_day_forgives_a_wrong_clock() -> None:
    days = [f"2019-03-{day:02}T10:00:00Z" for day in range(1, 29)] * 5
    assert str(newest([*days, "2038-01-19T03:14:07Z"])) == "2019-03-28"
    assert str(newest(["2019-03-01T00:00:00Z"])) == "2019-03-01"
    assert newest([]) is None


@pytest.mark.parametrize(
    ("group", "elements", "words", "role"),
    [
        ("patient", [MEMBER_ID], "", "subject"),  # what its file is called decides, else a patient
        ("patient", [MEMBER_ID], "attribution Q1", "member"),
        ("patient", [MEMBER_ID, VISIT], "attribution Q1", "patient"),
        ("patient", [SSN], "", "patient"),
        ("member", [VISIT], "", "member"),
        ("member", [("financial_account", "routing"), SSN], "", "employee"),
        ("member", [VISIT], "PARTICIPANT_NAME", "patient"),
    ],
)
def test_main_role(group: str, elements: list[tuple[str, str]], words: str, role: str) -> None:
    assert cast([group], {group: {"full"}}, elements, words).role("") == role


def test_a_column_of_initials_names_nobody() -> None:
    made = cast({"", "employee", "patient"}, {"employee": {"full"}, "": {"middle"}}, [SSN], "New hires")
    assert (made.fold("employee"), made.fold("patient"), made.fold("", "name"), made.role("")) == (
        "",
        "",
        "",
        "employee",
    )
