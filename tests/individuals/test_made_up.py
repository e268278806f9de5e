"""Names that stand for nobody."""

import pytest

from rollcall.individuals.people import is_made_up


@pytest.mark.parametrize(
    "name",
    ["Test Zztest", "Zztest, Patient", "TRAIN ONE ZZTEST", "Test Patient", "John Doe", "Jane Q. Sample", "Doe, Jane"],
)
def test_names_of_nobody(name: str) -> None:
    assert is_made_up(name)


@pytest.mark.parametrize("name", ["Mary Doe", "Peter Sample", "John Olson", "Ann Testa", "Liz Zizzo", "Izzy Baker", ""])
def test_names_of_somebody(name: str) -> None:
    assert not is_made_up(name)
