"""The grader: a perfect answer is perfect, and each kind of damage moves its own figure and nothing else."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rollcall.demo import Truth, make_hospital
from rollcall.demo.grade import Bar, Grade, describe, grade, load_bar, passes, severity_of
from rollcall.demo.matching import key_of
from rollcall.demo.truth import Document, Fact, Occurrence, TruePerson

from .answer import Rows, perfect_answer

# What went wrong, each under its own name.
OWN = (
    "dropped", "merged_away", "wrong_merges", "avoidable_splits", "unavoidable_splits", "staff", "unaffected",
    "strangers", "elements_wrong",
)  # fmt: skip
# What is a sum of those.
SUMS = ("recall", "precision", "count_error")


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    return make_hospital(tmp_path_factory.mktemp("graded"), 11, 240, 120, "dev")


def figures(result: Grade) -> dict[str, float]:
    wrong = round((1 - result.elements_exact.value) * result.elements_exact.of)
    return {
        **{name: getattr(result, name) for name in OWN if name != "elements_wrong"},
        "elements_wrong": wrong,
        "recall": result.recall.value,
        "precision": result.precision.value,
        "count_error": result.count_error,
        "staff_rate": result.staff_listed.value,
        "merge_rate": result.merged_rows.value,
        "split_rate": result.split_people.value,
        "weighted": result.weighted_recall.value,
    }


def rows_about(evidence: Rows, individual_id: str) -> Rows:
    return [line for line in evidence if line["individual_id"] == individual_id]


def plain_people(individuals: Rows) -> Rows:
    """Rows of people with a number of their own, a name and a birth date."""
    return [
        one
        for one in individuals
        if one["names"] and one["date_of_birth"] and any(i["element"] == "ssn" for i in one["identifiers"])
    ]


def drop(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    individuals.remove(plain_people(individuals)[0])


def unlist(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    plain_people(individuals)[0]["listed"] = False


def merge(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    # The first with one of another family name.
    one, *others = plain_people(individuals)
    other = next(row for row in others if not set(row["names"][0].split()) & set(one["names"][0].split()))
    individuals.remove(other)
    for field in ("names", "identifiers"):
        one[field] = one[field] + other[field]
    one["elements"] = sorted({*one["elements"], *other["elements"]})
    for line in rows_about(evidence, other["individual_id"]):
        line["individual_id"] = one["individual_id"]


def split(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    one = plain_people(individuals)[0]
    individuals.append({**copy.deepcopy(one), "individual_id": "i-second"})
    evidence += [{**line, "individual_id": "i-second"} for line in rows_about(evidence, one["individual_id"])]


def split_without_sharing(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    one = plain_people(individuals)[0]
    individuals.append({**one, "individual_id": "i-second", "identifiers": [], "date_of_birth": None})
    lines = [
        line for line in rows_about(evidence, one["individual_id"]) if line["element"] in ("name", "date_of_birth")
    ]
    evidence += [{**line, "individual_id": "i-second"} for line in lines]


def wrong_element(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    plain_people(individuals)[0]["elements"].append("passport")


def missing_element(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    plain_people(individuals)[0]["elements"].remove("ssn")


def add_staff(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    staff = next(one for one in truth.people.values() if one.staff and one.listed == "no")
    individuals.append(_row("i-staff", staff.names[0], ["phone"]))
    evidence.append(_line("i-staff", "phone", "3205550123"))


def add_stranger(truth: Truth, individuals: Rows, evidence: Rows) -> None:
    individuals.append(_row("i-test", "Patient One Zztest", ["ssn"]))
    evidence.append(_line("i-test", "ssn", "123456789"))


def _row(individual_id: str, name: str, elements: list[str]) -> dict[str, Any]:
    return {
        "individual_id": individual_id, "listed": True, "names": [name], "identifiers": [], "date_of_birth": None,
        "elements": elements, "confidence": 1.0,
    }  # fmt: skip


def _line(individual_id: str, element: str, value: str) -> dict[str, Any]:
    return {
        "individual_id": individual_id, "element": element, "subtype": "full", "value": value,
        "message_id": "<nowhere@x>", "path": "", "place": "body 1-9",
    }  # fmt: skip


Damage = Callable[[Truth, Rows, Rows], None]


def test_a_perfect_answer_is_perfect(truth: Truth) -> None:
    result = grade(*perfect_answer(truth), truth)
    right = {
        "recall": 1,
        "precision": 1,
        "count_error": 0,
        "staff_rate": 0,
        "merge_rate": 0,
        "split_rate": 0,
        "weighted": 1,
    }
    assert figures(result) == dict.fromkeys(OWN, 0) | right
    assert result.calibration is not None
    assert (result.calibration.error.value, result.calibration.brier.value) == (0, 0)
    assert [(one.said, one.right) for one in result.calibration.reliability] == [(1, 1)]
    assert (result.count.value, result.documents.value) == (0, 1)
    tables = (
        result.by_severity,
        result.by_element_recall,
        result.by_kind,
        result.by_layout,
        result.by_places,
        result.by_element,
        result.by_element_precision,
    )
    assert {figure.value for table in tables for figure in table.values()} == {1.0}
    assert (result.recall.low, result.recall.high, result.document_recall) == (1, 1, 1)
    assert result.misses == []
    assert passes(result, load_bar())


@pytest.mark.parametrize(
    ("damage", "moved", "sums"),
    [
        (drop, {"dropped": 1}, {"recall", "count_error"}),
        (unlist, {"dropped": 1}, {"recall", "count_error"}),
        (merge, {"wrong_merges": 1, "merged_away": 1}, {"recall", "count_error"}),
        (split, {"avoidable_splits": 1}, {"count_error"}),
        (split_without_sharing, {"unavoidable_splits": 1}, {"count_error"}),
        (wrong_element, {"elements_wrong": 1}, set()),
        (missing_element, {"elements_wrong": 1}, set()),
        (add_staff, {"staff": 1}, {"precision", "count_error"}),
        (add_stranger, {"strangers": 1}, {"precision", "count_error"}),
    ],
)  # fmt: skip
def test_damage_moves_its_own_figure(truth: Truth, damage: Damage, moved: dict[str, int], sums: set[str]) -> None:
    perfect = figures(grade(*perfect_answer(truth), truth))
    individuals, evidence = perfect_answer(truth)
    damage(truth, individuals, evidence)
    result = grade(individuals, evidence, truth)
    got = figures(result)
    assert {name: got[name] for name in OWN if got[name] != perfect[name]} == moved
    assert {name for name in SUMS if got[name] != perfect[name]} == sums
    if sums - {"count_error"}:
        assert result.misses


@pytest.mark.parametrize(
    ("damage", "moved"),
    [
        (drop, {"weighted"}), (merge, {"merge_rate", "weighted"}), (split, {"split_rate"}),
        (split_without_sharing, set()), (wrong_element, set()), (add_staff, {"staff_rate"}), (add_stranger, set()),
    ],
)  # fmt: skip
def test_damage_moves_its_own_rate(truth: Truth, damage: Damage, moved: set[str]) -> None:
    perfect = figures(grade(*perfect_answer(truth), truth))
    individuals, evidence = perfect_answer(truth)
    damage(truth, individuals, evidence)
    got = figures(grade(individuals, evidence, truth))
    assert {
        name for name in ("staff_rate", "merge_rate", "split_rate", "weighted") if got[name] != perfect[name]
    } == moved


def test_a_miss_with_a_number_weighs_more(truth: Truth) -> None:
    weighed: dict[str, float] = {}
    for severity in ("ssn", "neither"):
        individuals, evidence = perfect_answer(truth)
        person = next(one for one in truth.people.values() if one.listed == "yes" and severity_of(one) == severity)
        individuals = [one for one in individuals if one["individual_id"] != f"i-{person.person_id}"]
        result = grade(individuals, evidence, truth)
        weighed[severity] = 1 - result.weighted_recall.value
        assert result.by_severity[severity].value < 1
        assert (
            result.by_severity[severity].low <= result.by_severity[severity].value <= result.by_severity[severity].high
        )
    assert weighed["ssn"] == pytest.approx(3 * weighed["neither"])


def test_one_huge_file_does_not_decide_the_documents(truth: Truth) -> None:
    individuals, evidence = perfect_answer(truth)
    largest = max(truth.documents, key=lambda one: len({fact.person for fact in one.facts}))
    mails = {place.message_id for place in largest.occurrences}
    evidence = [line for line in evidence if line["message_id"] not in mails]
    result = grade(individuals, evidence, truth)
    assert 0.95 < result.documents.value < 1
    assert result.documents.low <= result.documents.value <= result.documents.high


def test_rows_as_json_text_grade_the_same(truth: Truth) -> None:
    individuals, evidence = perfect_answer(truth)
    split(truth, individuals, evidence)
    as_text = [
        {name: json.dumps(value) if isinstance(value, list) else str(value) for name, value in row.items()}
        for row in individuals
    ]
    for row in as_text:
        row["date_of_birth"] = "" if row["date_of_birth"] == "None" else row["date_of_birth"]
    assert grade(as_text, evidence, truth) == grade(individuals, evidence, truth)


def test_half_the_people_give_an_interval_around_a_half(truth: Truth) -> None:
    individuals, evidence = perfect_answer(truth)
    result = grade(individuals[::2], evidence, truth)
    assert result.recall.low < result.recall.value < result.recall.high
    assert result.recall.value == pytest.approx(0.5, abs=0.01)
    assert result.precision.value == 1
    assert result == grade(individuals[::2], evidence, truth)  # the bootstrap is seeded


def test_a_whole_document_missed_leads_the_misses(truth: Truth) -> None:
    individuals, evidence = perfect_answer(truth)
    largest = max(truth.documents, key=lambda one: len({fact.person for fact in one.facts}))
    gone = {f"i-{fact.person}" for fact in largest.facts}
    result = grade([one for one in individuals if one["individual_id"] not in gone], evidence, truth)
    assert largest.occurrences[0].message_id in result.misses[0]
    assert "worst misses" in describe(result, misses=3)
    assert not any(person.names[0] in describe(result) for person in truth.people.values())


def test_only_some_elements_compared(truth: Truth) -> None:
    individuals, evidence = perfect_answer(truth)
    for row in individuals:
        row["elements"] = [one for one in row["elements"] if one != "provider"]
    assert grade(individuals, evidence, truth).elements_exact.value < 1
    assert grade(individuals, evidence, truth, elements={"ssn", "diagnosis"}).elements_exact.value == 1


def test_nothing_listed(truth: Truth) -> None:
    result = grade([], [], truth)
    assert (result.recall.value, result.dropped, result.n_listed) == (0, result.n_true, 0)
    assert not passes(result, load_bar())


@pytest.mark.parametrize(
    ("role", "element", "optional", "listed"),
    [
        ("patient", "name", False, "no"), ("patient", "phone", False, "yes"), ("member", "date_of_birth", False, "yes"),
        ("employee", "ssn", False, "yes"), ("guarantor", "phone", False, "no"), ("guarantor", "ssn", False, "yes"),
        ("guarantor", "date_of_birth", False, "optional"), ("patient", "ssn", True, "optional"),
        ("emergency_contact", "phone", False, "no"), ("subscriber", "health_insurance", False, "yes"),
    ],
)  # fmt: skip
def test_who_belongs_on_the_list(role: str, element: str, optional: bool, listed: str) -> None:
    fact = Fact("P1", role, element, "", "x", "x", "body", optional)
    person = TruePerson("P1", ["A B"], None, [])
    small = Truth({"P1": person}, [Document("D1", "prose", "", [fact], [Occurrence("<m@x>", "")])])
    small.settle()
    assert person.listed == listed


@pytest.mark.parametrize(
    ("element", "one", "other"),
    [
        ("ssn", "899-45-1234", "899451234"), ("medical_record_number", "00123456", "123456"),
        ("name", "O'Brien, Mary K.", "MARY OBRIEN"), ("name", "Nguyen Jr, Van", "Van Nguyen"),
        ("date_of_birth", "3/7/1961", "1961-03-07"), ("phone", "+1 (320) 555-0142", "320-555-0142"),
        ("address", "12 Oak St, Vinje, MN 56326", "12 OAK ST"), ("diagnosis", "E11.9", "e119"),
    ],
)  # fmt: skip
def test_two_spellings_of_one_value(element: str, one: str, other: str) -> None:
    assert key_of(element, one) == key_of(element, other)


def test_the_bar_is_only_ever_raised() -> None:
    bar = load_bar()
    assert bar.person_recall >= 0.95
    assert bar.precision >= 0.98
    assert isinstance(bar, Bar)


def test_the_command_line_grades_exports(truth: Truth, tmp_path: Path) -> None:
    import subprocess
    import sys

    individuals, evidence = perfect_answer(truth)
    for name, rows in (("individuals", individuals), ("evidence", evidence)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    truth.write(tmp_path / "truth")
    script = Path(__file__).parents[2] / "bench" / "grade.py"
    arguments = ["--individuals", "individuals.jsonl", "--evidence", "evidence.jsonl", "--truth", "truth", "--json"]
    done = subprocess.run(
        [sys.executable, script, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["recall"]["value"] == 1
