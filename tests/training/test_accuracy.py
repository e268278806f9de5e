import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "bench"))

from accuracy_reading import found_of, read
from accuracy_scores import Found, Gold, Scores, trimmed

TEXT = "Ann Lund (MRN 4471), Bo Ek (MRN 9912)."
GOLD = (
    Gold(0, 0, 8, "name", "full", 0),
    Gold(0, 14, 18, "medical_record_number", "", 0),
    Gold(0, 21, 26, "name", "full", 1),
    Gold(0, 32, 36, "medical_record_number", "", 1),
)
PEOPLE = ("Ann Lund", "Bo Ek")


def _rows(found: list[Found], gold: tuple[Gold, ...] = GOLD) -> dict[str, list[str]]:
    scores = Scores()
    scores.add("d", "prose", [TEXT], gold, found)
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in scores.rows(1)[2:]]
    return {row[1]: row[2:] for row in cells}


def test_what_stands_where_it_should_is_exact() -> None:
    rows = _rows([Found(0, 14, 18, "medical_record_number"), Found(0, 31, 36, "medical_record_number")])
    assert rows["medical_record_number"][:5] == ["2", "2", "1.000", "1.000", "1.000"]
    assert rows["name"][:4] == ["2", "0", "0.000", "0.000"]


@pytest.mark.parametrize(
    ("found", "exact", "overlap"),
    [
        (Found(0, 14, 16, "medical_record_number"), "0.000", "1.000"),
        (Found(0, 14, 18, "ssn"), "0.000", "0.000"),
        (Found(0, 14, 18, "medical_record_number", confidence=0.4), "0.000", "0.000"),
        (Found(1, 14, 18, "medical_record_number"), "0.000", "0.000"),
    ],
)
def test_how_near_is_near_enough(found: Found, exact: str, overlap: str) -> None:
    scores = Scores()
    scores.add("d", "prose", [TEXT, TEXT], GOLD[1:2], [found])
    row = next(line for line in scores.rows(1) if "medical_record_number" in line).split("|")
    assert (row[6].strip(), row[9].strip()) == (exact, overlap)


def test_a_decoy_is_no_error_where_it_is_what_it_looks_like() -> None:
    office = (Gold(0, 14, 18, "", "phone"),)
    assert "phone" not in _rows([Found(0, 14, 18, "phone")], office)
    assert _rows([Found(0, 14, 18, "ssn")], office)["ssn"][1] == "1"


def test_links_are_counted_over_what_belongs_to_somebody() -> None:
    scores = Scores()
    found = [
        Found(0, 14, 18, "medical_record_number", owner=0, tie=0.9),
        Found(0, 32, 36, "medical_record_number", owner=0, tie=0.9),
    ]
    scores.add("d", "prose", [TEXT], GOLD, found)
    assert any(line.startswith("- link accuracy end to end, prose: 0.500") for line in scores.links(1))


def test_the_product_is_read_and_its_people_are_known_again() -> None:
    found = found_of(read((("body", TEXT),)), PEOPLE, GOLD)
    numbers = [one for one in found if one.element == "medical_record_number"]
    assert [(one.start, one.owner) for one in numbers] == [(14, 0), (32, 1)]
    told = found_of(read((("body", TEXT),), (), GOLD), PEOPLE, GOLD)
    assert [one.owner for one in told if one.element == "medical_record_number"] == [0, 1]


@pytest.mark.parametrize(
    ("text", "kept"), [(" 4471, ", "4471"), ('("4471")', "4471"), ("4471", "4471"), ("...", "...")]
)
def test_points_at_the_ends_do_not_count(text: str, kept: str) -> None:
    one = trimmed(text, Gold(0, 0, len(text), "ssn"))
    assert text[one.start : one.end] == kept
