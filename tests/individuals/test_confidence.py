"""How sure the list is of a person: more that speaks for them never lowers it, contradictions do."""

import pyarrow as pa
import pytest

from rollcall.individuals.confidence import UNRESOLVED, known_of, probability
from rollcall.individuals.people import known, link_confidence
from rollcall.individuals.resolve import resolve

from .facts import Said, facts, run, said

BARE = {"always": 1.0, "record": 0.0, "row": 0.0, "form": 0.0, "whole_name": 0.0, "birth_date": 0.0, "conflicts": 0.0}
BARE["weakest_link"] = 0.0


@pytest.mark.parametrize("name", ["record", "row", "form", "whole_name", "birth_date"])
def test_what_speaks_for_a_person(name: str) -> None:
    assert probability(BARE | {name: 1.0}, resolved=True) > probability(BARE, resolved=True)


@pytest.mark.parametrize("name", ["conflicts", "weakest_link"])
def test_what_speaks_against(name: str) -> None:
    assert probability(BARE | {name: 0.5}, resolved=True) < probability(BARE, resolved=True)


def test_who_is_unresolved_is_half_as_sure() -> None:
    sure = probability(BARE, resolved=True)
    assert probability(BARE, resolved=False) == pytest.approx(sure * UNRESOLVED, abs=1e-4)


def test_the_least_that_is_known_of_nobody() -> None:
    assert set(known_of([], [])) == set(BARE)
    assert set(known([], [])) == set(BARE)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        pytest.param(said("a", "Ann Hill", ssn="401-45-1234"), said("a", "A Hill", ssn="401-45-1234"), id="whole name"),
        pytest.param(
            said("a", "Ann Hill", ssn="401-45-1234", dob="1980-01-01"),
            said("a", "Ann Hill", ssn="401-45-1234"),
            id="birth date",
        ),
        pytest.param(
            said("a", "Ann Hill", ssn="401-45-1234"),
            said("a", "Ann Hill", ssn=["401-45-1234", "401-45-9999"]),
            id="two Social Security numbers",
        ),
        pytest.param(
            said("a", "Ann Hill", mrn="7", dob="1980-01-01"),
            said("a", "Ann Hill", mrn="7", dob=["1980-01-01", "2001-02-03"]),
            id="two birth dates",
        ),
    ],
)
def test_people(more: Said, less: Said) -> None:
    ((sure,), (doubtful,)) = (run([one]).individuals for one in (more, less))
    assert sure.confidence > doubtful.confidence


def test_sure_rows_are_sure() -> None:
    (one,) = run([said("a", "Ann Hill", phone="612-555-0100", dx="E11.9")]).individuals
    assert one.confidence > 0.9


def test_many_contradictions_do_not_hide_a_whole_person_in_a_row() -> None:
    ssns, births = ["401-45-1234", "401-45-9999"], ["1980-01-01", "2001-02-03"]
    (one,) = run([said("a", "Ann Hill", ssn=ssns, dob=births, mbi=["1EG4TE5MK73", "1EG4TE5MK72"])]).individuals
    assert one.confidence > 0.05  # the threshold under which nobody is proposed


@pytest.mark.parametrize(("why", "least"), [("ruled: same", 1.0), ("share ssn and name", 0.99), ("stands alone", 0.97)])
def test_links(why: str, least: float) -> None:
    assert link_confidence(why) >= least


@pytest.mark.parametrize(("confidence", "status"), [(0.31, "unresolved"), (0.95, "proposed")])
def test_what_was_hardly_read_lists_nobody(confidence: float, status: str) -> None:
    made = facts([said("a", "Minnie Hill", mrn="X1193541")])
    column = made.findings.schema.get_field_index("confidence")
    read = made.findings.set_column(column, "confidence", pa.array([confidence] * made.findings.num_rows))
    found = resolve(made.mentions, made.memberships, read, made.relations)
    assert [one.status for one in found.individuals] == [status]
