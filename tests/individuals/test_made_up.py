"""Names that stand for nobody."""

import pytest

from rollcall.individuals.fictional import is_made_up

from .facts import run, said


@pytest.mark.parametrize(
    "name",
    [
        "Test Zztest",
        "Zztest, Patient",
        "TRAIN ONE ZZTEST",
        "Test Patient",
        "John Doe",
        "Jane Q. Sample",
        "Doe, Jane",
        "Ima Sample",
        "Ann L Fakename",
        "Dummy, Record",
        "Mickey Mouse",
        "DUCK, DONALD",
    ],
)
def test_names_of_nobody(name: str) -> None:
    assert is_made_up(name)


@pytest.mark.parametrize(
    "name",
    [
        "Mary Doe",
        "Peter Sample",
        "John Olson",
        "Ann Testa",
        "Liz Zizzo",
        "Izzy Baker",
        "Lisa Simpson",
        "Mary Mouse",
        "",
    ],
)
def test_names_of_somebody(name: str) -> None:
    assert not is_made_up(name)


@pytest.mark.parametrize(
    ("name", "what", "expected"),
    [
        ("John Roe", {"ssn": "401451234"}, ["unresolved"]),  # somebody bears the number
        ("John Roe", {"dob": "1960-02-03", "dx": "E11.9"}, ["unresolved"]),
        ("John Roe", {}, []),
        ("Zztest, Anna", {"mrn": "7781234"}, ["unresolved"]),
        ("Zztest, Anna", {"dob": "1960-02-03", "dx": "E11.9"}, []),
    ],
)
def test_nobody_with_a_number_stays_for_a_person_to_look_at(
    name: str, what: dict[str, str], expected: list[str]
) -> None:
    assert [one.status for one in run([said("a", name, **what)]).individuals] == expected
