"""Roles, covered entities, guardians and calibration: each damage moves its own figure and no other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rollcall.demo import Truth, load_truth, make_hospital
from rollcall.demo.agreement import guardians_of, said_of
from rollcall.demo.grade import Grade, describe, grade
from rollcall.demo.shape import load_shapes
from rollcall.demo.truth import Document, Fact, Occurrence, Relation, TruePerson

from .answer import Rows, perfect_answer

FIGURES = (
    "roles", "entities", "entities_missing", "entities_extra", "guardian_recall", "guardian_precision",
    "guardians_missing", "guardians_wrong",
)  # fmt: skip
BEST = dict.fromkeys(FIGURES, 1.0) | dict.fromkeys(
    ("entities_missing", "entities_extra", "guardians_missing", "guardians_wrong"), 0
)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """Several covered entities, many children."""
    folder = tmp_path_factory.mktemp("served")
    make_hospital(folder, 11, 260, 130, "test", load_shapes()["vendor"])
    return load_truth(folder / "truth")


def figures(result: Grade) -> dict[str, float]:
    said = {name: getattr(result.agreement, name) for name in FIGURES}
    return {name: value if isinstance(value, int) else value.value for name, value in said.items()}


def others(result: Grade) -> tuple[object, ...]:
    """All that is graded besides; none of the damages here may move it."""
    counts = (result.dropped, result.wrong_merges, result.avoidable_splits, result.staff, result.strangers)
    return (*counts, result.recall, result.precision, result.elements_exact, result.count)


@pytest.fixture(scope="module")
def perfect(truth: Truth) -> Grade:
    return grade(*perfect_answer(truth), truth)


def damaged(truth: Truth, damage: Callable[[Truth, Rows], None]) -> Grade:
    individuals, evidence = perfect_answer(truth)
    damage(truth, individuals)
    return grade(individuals, evidence, truth)


def of_one_entity(truth: Truth, individuals: Rows) -> dict[str, Any]:
    said = said_of(truth)
    return next(
        one for one in individuals
        if len(one["entities"]) == 1 and not said[one["individual_id"][2:]].mixed
    )  # fmt: skip


def foreign_entity(truth: Truth, individuals: Rows) -> None:
    of_one_entity(truth, individuals)["entities"].append("Another Clinic")


def no_entity(truth: Truth, individuals: Rows) -> None:
    of_one_entity(truth, individuals)["entities"].clear()


def wrong_entity(truth: Truth, individuals: Rows) -> None:
    of_one_entity(truth, individuals)["entities"][:] = ["Another Clinic"]


def shouted_entity(truth: Truth, individuals: Rows) -> None:
    entities = of_one_entity(truth, individuals)["entities"]
    entities[:] = [one.upper() for one in entities]


def guarded(individuals: Rows) -> dict[str, Any]:
    return next(one for one in individuals if one["guardian"])


def no_guardian(truth: Truth, individuals: Rows) -> None:
    guarded(individuals)["guardian"] = ""


def wrong_guardian(truth: Truth, individuals: Rows) -> None:
    child = guarded(individuals)
    strangers = (one["individual_id"] for one in individuals if one is not child)
    child["guardian"] = next(one for one in strangers if one != child["guardian"])


def guardian_of_a_grown_up(truth: Truth, individuals: Rows) -> None:
    every, _ = guardians_of(truth)
    one, other = [row for row in individuals if row["individual_id"][2:] not in every][:2]
    one["guardian"] = other["individual_id"]


def guardian_who_is_not_listed(truth: Truth, individuals: Rows) -> None:
    guarded(individuals)["guardian"] = "i-nobody"


def patient(individuals: Rows) -> dict[str, Any]:
    return next(one for one in individuals if one["roles"] == ["patient"])


def no_role(truth: Truth, individuals: Rows) -> None:
    patient(individuals)["roles"].clear()


def wrong_role(truth: Truth, individuals: Rows) -> None:
    patient(individuals)["roles"][:] = ["employee"]


def nobody_of_theirs(truth: Truth, individuals: Rows) -> None:
    patient(individuals)["roles"][:] = ["other"]


def one_role_more(truth: Truth, individuals: Rows) -> None:
    patient(individuals)["roles"].append("employee")


def somebodys_contact_as_well(truth: Truth, individuals: Rows) -> None:
    patient(individuals)["roles"].append("other")


def test_a_perfect_answer_agrees(perfect: Grade) -> None:
    assert figures(perfect) == BEST
    said = perfect.agreement
    assert min(said.entities.of, said.roles.of) > 100
    assert min(said.guardian_recall.of, said.guardian_precision.of) > 0
    assert {one.value for table in (said.by_role, said.by_relation) for one in table.values()} == {1.0}
    assert all(set(shown) == {role} for role, shown in said.roles_shown.items())
    assert "exactly right" in describe(perfect)


@pytest.mark.parametrize(
    ("damage", "moved"),
    [
        (foreign_entity, {"entities", "entities_extra"}),
        (no_entity, {"entities", "entities_missing"}),
        (wrong_entity, {"entities", "entities_missing", "entities_extra"}),
        (shouted_entity, set()),
        (no_guardian, {"guardian_recall", "guardians_missing"}),
        (wrong_guardian, {"guardian_recall", "guardian_precision", "guardians_wrong"}),
        (guardian_of_a_grown_up, {"guardian_precision", "guardians_wrong"}),
        (guardian_who_is_not_listed, {"guardian_recall", "guardians_missing"}),
        (no_role, {"roles"}),
        (wrong_role, {"roles"}),
        (nobody_of_theirs, {"roles"}),
        (one_role_more, {"roles"}),
        (somebodys_contact_as_well, set()),
    ],
)  # fmt: skip
def test_damage_moves_its_own_figure(
    truth: Truth, perfect: Grade, damage: Callable[[Truth, Rows], None], moved: set[str]
) -> None:
    result = damaged(truth, damage)
    got = figures(result)
    assert {name for name in FIGURES if got[name] != BEST[name]} == moved
    assert others(result) == others(perfect)
    for name in moved & {"roles", "entities"}:
        figure = getattr(result.agreement, name)
        assert round((1 - figure.value) * figure.of) == 1
        assert figure.low <= figure.value <= figure.high


@pytest.mark.parametrize(
    ("damage", "true", "shown"),
    [
        (no_role, "patient", "nothing"),
        (wrong_role, "patient", "employee"),
        (nobody_of_theirs, "patient", "other"),
        (one_role_more, "nothing", "employee"),
    ],
)
def test_a_wrong_role_stands_in_the_table(
    truth: Truth, damage: Callable[[Truth, Rows], None], true: str, shown: str
) -> None:
    assert damaged(truth, damage).agreement.roles_shown[true][shown] == 1


def test_a_case_of_one_entity_has_no_entities_to_compare(tmp_path: Path) -> None:
    truth = make_hospital(tmp_path, 11, 60, 40, "dev")
    individuals, evidence = perfect_answer(truth)
    for one in individuals:
        one["entities"] = ["Whatever"]
    result = grade(individuals, evidence, truth)
    assert (result.agreement.entities.value, result.agreement.entities.of) == (1.0, 0)
    assert "exactly right" not in describe(result)


def small(role: str, places: list[tuple[str, str]]) -> Truth:
    """A child, and somebody who stands beside it in that role with a number of their own."""
    facts = [
        Fact("P1", "patient", "name", "full", "Ann Lund", "Ann Lund", "body"),
        Fact("P1", "patient", "ssn", "full", "773010001", "773010001", "body"),
        Fact("P2", role, "name", "full", "Bo Lund", "Bo Lund", "body", of="P1"),
        Fact("P2", role, "ssn", "full", "773010002", "773010002", "body", of="P1"),
    ]
    people = {
        "P1": TruePerson("P1", ["Ann Lund"], None, [("ssn", "773010001")]),
        "P2": TruePerson("P2", ["Bo Lund"], None, [("ssn", "773010002")]),
    }
    relations = [Relation("P2", "P1", "guardian_of", places)]
    truth = Truth(people, [Document("D1", "form", "", facts, [Occurrence("<m@x>", "")])], relations)
    truth.settle()
    return truth


@pytest.mark.parametrize(
    ("role", "relation", "shown", "right"),
    [
        ("guarantor", "guarantor_of", ["other"], 1), ("guarantor", "guarantor_of", ["patient"], 0),
        ("guarantor", "guarantor_of", ["other", "patient"], 0), ("guarantor", "guarantor_of", [], 0),
        ("emergency_contact", "contact_of", ["other"], 1), ("emergency_contact", "contact_of", ["member"], 0),
        ("subscriber", "subscriber_of", ["member"], 1), ("subscriber", "subscriber_of", ["patient"], 0),
        ("subscriber", "subscriber_of", ["member", "other"], 1),
    ],
)  # fmt: skip
def test_who_stands_beside_a_patient_is_no_patient(role: str, relation: str, shown: list[str], right: int) -> None:
    truth = small(role, [])
    individuals, evidence = perfect_answer(truth)
    next(one for one in individuals if one["individual_id"] == "i-P2")["roles"] = shown
    assert grade(individuals, evidence, truth).agreement.by_relation[relation].value == right


@pytest.mark.parametrize(
    ("places", "guardian", "missing", "of"),
    [
        ([("D1", "body")], "i-P2", 0, (1, 1)), ([("D1", "body")], None, 1, (1, 0)),
        ([], None, 0, (0, 0)), ([], "i-P2", 0, (0, 1)),  # nothing says so: showing it is right all the same
    ],
)  # fmt: skip
def test_a_guardian_is_asked_for_where_something_says_so(
    places: list[tuple[str, str]], guardian: str | None, missing: int, of: tuple[int, int]
) -> None:
    truth = small("guarantor", places)
    individuals, evidence = perfect_answer(truth)
    individuals[0]["guardian"] = guardian
    result = grade(individuals, evidence, truth).agreement
    assert result.guardians_missing == missing
    assert (result.guardian_recall.of, result.guardian_precision.of) == of


def test_guardians_who_are_not_on_the_list_are_not_asked_for() -> None:
    truth = small("guarantor", [("D1", "body")])
    individuals, evidence = perfect_answer(truth)
    individuals = [one for one in individuals if one["individual_id"] == "i-P1"]
    assert grade(individuals, evidence, truth).agreement.guardian_recall.of == 0


@pytest.mark.parametrize(
    ("said", "error", "brier"),
    [((1.0, 1.0), 0, 0), ((0.7, 0.7), 0.3, 0.09), ((0.9, 0.5), 0.3, 0.13), ((0.0, 0.0), 1, 1)],
)
def test_confidence_that_says_too_little_is_seen(
    truth: Truth, said: tuple[float, float], error: float, brier: float
) -> None:
    individuals, evidence = perfect_answer(truth)
    individuals = individuals[: len(individuals) // 2 * 2]
    for number, row in enumerate(individuals):
        row["confidence"] = said[number % 2]
    result = grade(individuals, evidence, truth).calibration
    assert result is not None
    assert result.error.value == pytest.approx(error)
    assert result.brier.value == pytest.approx(brier)
    assert result.error.low <= result.error.value + 1e-9
    assert {one.said for one in result.reliability} == set(said)
    assert sum(one.of for one in result.reliability) == result.error.of == len(individuals)


def test_confidence_in_rows_that_do_not_belong_is_seen(truth: Truth) -> None:
    individuals, evidence = perfect_answer(truth)
    n = len(individuals)
    individuals += [
        {**individuals[0], "individual_id": f"i-test{number}", "names": [f"Nobody Known{number}"], "identifiers": [],
         "date_of_birth": None} for number in range(n)
    ]  # fmt: skip
    result = grade(individuals, evidence, truth).calibration
    assert result is not None
    assert result.error.value == pytest.approx(0.5)
    assert result.brier.value == pytest.approx(0.5)
    assert [(one.said, one.right, one.of) for one in result.reliability] == [(1.0, 0.5, 2 * n)]


def test_rows_without_confidence_have_no_calibration(truth: Truth) -> None:
    individuals, evidence = perfect_answer(truth)
    for row in individuals:
        row["confidence"] = None
    assert grade(individuals, evidence, truth).calibration is None
