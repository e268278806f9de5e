"""The unseen pack by itself: its facts stand where the truth says, its bytes repeat, its names fit the data."""

import csv
from importlib import resources
from pathlib import Path

import pytest

from rollcall.demo import load_truth, make_hospital
from rollcall.demo.grid import Cell, Line
from rollcall.demo.looks import dress
from rollcall.demo.pack import Look, load_pack
from rollcall.demo.shape import load_shapes

from .reading import Content, messages, plain, read, unpacked
from .test_hospital import hashes, missing

SHAPES = load_shapes()


@pytest.mark.parametrize(
    ("shape", "seed", "people", "mails"), [(None, 5, 240, 100), ("plan", 3, 240, 110), ("clinic", 8, 200, 120)]
)
def test_every_fact_of_the_unseen_pack_stands_at_its_places(
    tmp_path: Path, shape: str | None, seed: int, people: int, mails: int
) -> None:
    make_hospital(tmp_path, seed, people, mails, "unseen", SHAPES[shape] if shape else None)
    unpacked(tmp_path)
    truth = load_truth(tmp_path / "truth")
    found: dict[tuple[str, str], Content] = {}
    for message in messages(tmp_path):
        read(message, found)
    for content in found.values():  # what is quoted or paged may be broken anywhere
        if "body" in content:
            content["body"] = plain(content["body"].replace("> ", " "))
    assert [line for one in truth.documents if not one.locked for line in missing(one, found)] == []
    patients = [one for one in truth.people.values() if not one.staff]
    assert len(patients) == people
    # Those in files of a lost password are optional.
    assert sum(one.listed == "no" and "relative" not in one.kinds for one in patients) == 0


@pytest.mark.parametrize("shape", [None, "vendor"])
def test_the_unseen_pack_gives_the_same_bytes_for_the_same_seed(tmp_path: Path, shape: str | None) -> None:
    for name in ("a", "b"):
        make_hospital(tmp_path / name, 7, 100, 90, "unseen", SHAPES[shape] if shape else None)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_given_names_of_the_unseen_pack_are_those_of_the_public_lists() -> None:
    text = resources.files("rollcall.demo").joinpath("data", "first_names.txt").read_text(encoding="utf-8")
    known = {row[2] for row in csv.reader(text.splitlines(), delimiter="\t") if len(row) == 3}
    drawn = {name for one in load_pack("unseen").traditions for name in (*one.female, *one.male)}
    assert drawn <= known


def test_a_number_of_somebody_whom_nothing_there_names_may_be_called_anybodys(tmp_path: Path) -> None:
    make_hospital(tmp_path, 5, 240, 110, "unseen", SHAPES["plan"])
    unnamed = 0
    for document in load_truth(tmp_path / "truth").documents:
        named = {(fact.person, fact.spot) for fact in document.facts if fact.element == "name"}
        others = [fact for fact in document.facts if fact.of and (fact.person, fact.spot) not in named]
        assert all(fact.optional for fact in others)
        unnamed += len(others)
    assert unnamed


def test_running_numbers_end_where_the_people_do() -> None:
    lines: list[Line] = [
        [Cell("Nm", bold=True), Cell("Bd", bold=True)],
        [Cell("A"), Cell("1")],
        [],
        [Cell("ppl"), Cell("1")],
    ]
    look = Look("any", "plain", counted="No.")
    assert [len(line) for line in dress(look, lines)] == [3, 3, 0, 2]


def test_a_header_of_two_rows_is_ruled_below_both() -> None:
    lines: list[Line] = [[Cell(text, bold=True) for text in row] for row in (("Pol", "Birth"), ("no", "dt"))]
    ruled = dress(Look("any", "split_header", ruled="-"), [*lines, [Cell("A"), Cell("1")]])
    assert [line[0].text for line in ruled if line[0]] == ["Pol", "no", "---", "A"]
