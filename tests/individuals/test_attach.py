"""A mention by name alone goes to the only bearer of the name, unless the name is so common that others must be."""

import pytest

from .facts import Said, run, said

GIVEN = ("Anna", "Jan", "Ewa", "Piotr", "Zofia", "Adam", "Maria", "Karol")
FAMILY = ("Nowak", "Lis", "Wilk", "Mazur", "Krol", "Duda", "Wrona", "Zajac")


def crowd() -> list[Said]:
    """Everybody but one bears a first and a family name that many bear; no two bear the same."""
    made = [
        said(f"{given} {family}", f"{given} {family}", dob=f"19{50 + a}-0{1 + b}-11", mrn=f"7{a}{b}01")
        for a, given in enumerate(GIVEN)
        for b, family in enumerate(FAMILY)
    ]
    return [*made, said("rare", "Thelonius Quackenbush", dob="1971-02-03", mrn="889901")]


@pytest.mark.parametrize(
    ("name", "blob", "status"),
    [
        ("Thelonius Quackenbush", "", "proposed"),
        ("Jan Nowak", "", "unresolved"),
        ("Jan Nowak", "blob-Jan Nowak", "proposed"),  # named in the same content
    ],
)
def test_how_common_a_name_is(name: str, blob: str, status: str) -> None:
    crowded = crowd()
    found = run([*crowded, said("weak", name, blob=blob, dx="E11.9")])
    assert [one.status for one in found.individuals if one.status == "unresolved"] == (
        ["unresolved"] if status == "unresolved" else []
    )
    assert len(found.individuals) == len(crowded) + (status == "unresolved")


def test_the_unresolved_one_names_who_may_be_meant() -> None:
    found = run([*crowd(), said("weak", "Jan Nowak", dx="E11.9")])
    open_ = next(one for one in found.individuals if one.status == "unresolved")
    meant = next(one for one in found.individuals if "Jan Nowak" in one.names and one.status != "unresolved")
    assert open_.candidates == [meant.individual_id]
