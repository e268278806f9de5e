"""Tables that stand beside each other in the same rows, and tables too large for anything but a straight pass."""

import sys
from typing import Any

import pytest

from rollcall.findings.side_by_side import apart, repeated
from rollcall.findings.tables import interpret_table
from rollcall.mentions.rows import assemble_rows
from rollcall.model import Finding, to_table

LEFT = [["Ana Lopez", "00650171", "3/7/1984"], ["Mary Olson", "00650172", "11/25/1957"]]
RIGHT = [["Eric Baker", "00650173", "4/5/1971"], ["Rosa Vang", "00650174", "9/9/2009"]]


def people(*rows: list[str]) -> set[tuple[str, str, frozenset[str]]]:
    columns, findings = interpret_table("b", 0, [(at, 0, row) for at, row in enumerate(rows)], lambda text: text)
    made = assemble_rows(columns, to_table(Finding, findings))
    members: dict[str, set[str]] = {}
    of = {one.finding_id: one.element for one in findings}
    for mention_id, finding_id in zip(*(made.memberships[name].to_pylist() for name in ("mention_id", "finding_id")),
                                      strict=True):  # fmt: skip
        members.setdefault(mention_id, set()).add(of[finding_id])
    return {(one["name"], one["role"], frozenset(members[one["mention_id"]])) for one in made.mentions.to_pylist()}


ELEMENTS = frozenset(("name", "medical_record_number", "date_of_birth"))
ALL = {(row[0], "patient", ELEMENTS) for row in LEFT + RIGHT}


@pytest.mark.parametrize("second", ["", " 2", "_2", " (2)", " #2"])
@pytest.mark.parametrize("words", [["Name", "MRN", "DOB"], ["goes by", "blick", "zorp"]])
def test_two_people_a_row_are_both_what_it_is_about(words: list[str], second: str) -> None:
    head = [*words, *(word + second for word in words)]
    assert people(head, *([*one, *other] for one, other in zip(LEFT, RIGHT, strict=True))) == ALL


def test_two_lists_with_an_empty_column_between_them() -> None:
    head = ["Name", "MRN", "DOB", "", "Patient", "Chart no", "Born"]
    assert people(head, *([*one, "", *other] for one, other in zip(LEFT, RIGHT, strict=True))) == ALL


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["a", "b", "a", "b"], 2),
        (["a", "b", "a 2", "b 2", "a 3", "b 3"], 3),
        (["a", "b", "c", "a"], 0),
        (["a", "a", "a", "a"], 0),
        (["a", "b"], 0),
        ([], 0),
    ],
)
def test_headers_that_come_again(headers: list[str], found: int) -> None:
    assert len(repeated(dict(enumerate(headers)))) == found


@pytest.mark.parametrize(
    ("columns", "parts"),
    [([0, 1, 2], [[0, 1, 2]]), ([0, 1, 3, 4], [[0, 1], [3, 4]]), ([0, 2, 3], [[0, 2, 3]]), ([], [])],
)
def test_stretches(columns: list[int], parts: list[list[int]]) -> None:
    assert apart(columns) == parts


def _calls(rows: list[list[str]]) -> int:
    n = 0

    def count(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal n
        n += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        interpret_table("b", 0, [(at, 0, row) for at, row in enumerate(rows)], lambda text: text)
    finally:
        sys.setprofile(None)
    return n


@pytest.mark.parametrize("gap", [1, 2])
def test_twice_the_columns_take_no_more_than_twice_the_work(gap: int) -> None:
    def wide(n: int) -> list[list[str]]:
        heads = [f"zorp {at}" if at % gap == 0 else "" for at in range(n)]
        rows = [[f"{at}{row}71" if at % gap == 0 else "" for at in range(n)] for row in range(3)]
        return [["Name", "DOB", *heads], *(["Ana Lopez", "3/7/1984", *row] for row in rows)]

    _calls(wide(800))  # what is remembered of words and cells must not count for one of them alone
    _calls(wide(1600))
    assert _calls(wide(1600)) < 2.4 * _calls(wide(800))


def test_twice_the_rows_take_no_more_than_twice_the_work() -> None:
    def long(n: int) -> list[list[str]]:
        return [["Name", "DOB", "Zorp"], *([f"Ana Lo{'pq'[at % 2]}ez", "3/7/1984", str(at)] for at in range(n))]

    _calls(long(1600))
    assert _calls(long(1600)) < 2.4 * _calls(long(800))
