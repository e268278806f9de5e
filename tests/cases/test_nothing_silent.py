"""A person planted in every place of a mail or of a file is found, or the place has an open problem: never silence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cases import planted
from tests.cases.conftest import Bench

pytestmark = pytest.mark.case

# Nobody reads these, and the case says so.
PROBLEMS = {
    "txt, binary tail", "garbage", "xlsx, row that is damaged", "mail kept elsewhere",
}  # fmt: skip
# The number is found and stands open as a person without a name: the cell holds a sentence, not a field.
NAMELESS = {
    "csv, comment lines", "xlsx, formula without a value", "xlsx, far cell", "xlsx, below 2,500 rows",
}  # fmt: skip


class Outcome:
    """What a case says of the planted people."""

    def __init__(self, people: dict[str, planted.Person], tables: dict[str, list[dict[str, Any]]]) -> None:
        self.people = people
        self.values = {row["value"] for row in tables["findings"] if row["element"] == "ssn"}
        self.named: set[tuple[str, str]] = set()
        self.known: set[str] = set()
        for row in tables["individuals"]:
            for number in _listed(row["identifiers"]):
                if number["element"] == "ssn":
                    self.known.add(number["value"])
                    self.named |= {(name, number["value"]) for name in _listed(row["names"])}
        self.open = {row["message_id"] for row in tables["problems"] if row["state"] == "open"}


def _listed(value: Any) -> list[Any]:
    return json.loads(value) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("planted")
    evidence = folder / "evidence"
    evidence.mkdir()
    people = planted.write(evidence)
    bench = Bench(folder)
    bench.run(evidence, expect=3)
    assert bench.json("status")["account"]["difference"] == 0
    return Outcome(people, {name: _table(bench, name) for name in ("findings", "individuals", "problems")})


def _table(bench: Bench, name: str) -> list[dict[str, Any]]:
    path = bench.folder / f"{name}.jsonl"
    bench("export", bench.case, name, "--to", path, "--values", "clear")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _where(outcome: Outcome, said: Callable[[planted.Person, str], bool]) -> set[str]:
    pairs = zip(planted.PLANTS, outcome.people.items(), strict=True)
    return {place for place, (message_id, who) in pairs if said(who, message_id)}


def test_nothing_is_lost_in_silence(outcome: Outcome) -> None:
    assert not _where(
        outcome, lambda who, mail: who.digits not in outcome.values and mail not in outcome.open
    )  # neither found nor a problem


def test_what_is_not_read_is_what_is_known_not_to_be(outcome: Outcome) -> None:
    assert _where(outcome, lambda who, _: who.digits not in outcome.values) == PROBLEMS


def test_every_number_found_is_somebodys(outcome: Outcome) -> None:
    assert not _where(outcome, lambda who, _: who.digits in outcome.values and who.digits not in outcome.known)


def test_numbers_have_the_right_name(outcome: Outcome) -> None:
    nameless = _where(
        outcome, lambda who, _: who.digits in outcome.values and (who.name, who.digits) not in outcome.named
    )
    assert nameless == NAMELESS
    mixed = {(name, number) for name, number in outcome.named if number in {p.digits for p in outcome.people.values()}}
    assert mixed <= {(who.name, who.digits) for who in outcome.people.values()}


def test_the_planted_people_are_different(tmp_path: Path) -> None:
    people = list(planted.write(tmp_path).values())
    assert len({who.name for who in people}) == len({who.digits for who in people}) == len(people)
