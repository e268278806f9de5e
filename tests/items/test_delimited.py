"""Delimited text: what is a table and what is not, and that no cell is lost whatever the quotes do."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.parser import Fault, Limits, Table
from rollcall.items.parsers import delimited
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()


def rows(data: bytes) -> list[list[str]]:
    (table,) = (value for value in delimited.parse(MemoryReadable(data), LIMITS) if isinstance(value, Table))
    return [cells for _, _, cells in table.rows]


def faults(data: bytes) -> list[str]:
    found = []
    for value in delimited.parse(MemoryReadable(data), LIMITS):
        if isinstance(value, Table):
            list(value.rows)
        elif isinstance(value, Fault):
            found.append(value.code)
    return found


@pytest.mark.parametrize(
    ("written", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("name;dob\nAnn, B;1984\nBo, C;1990\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b|c\n1||3\n", "|"),
        ("a^b\n1^2\n3^4", "^"),
        ("a~b\n1~2\n3~4", "~"),
        ("sep=;\na;b\n1;2\n", ";"),
        ("Report\n\nAll patients\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", ","),
        ("a,b,c,d,e\n1,2,3,4,5\n1,2,3\n1,2,3,4\n1,2,3,4,5\n", ","),
        ('"Frobisher, Ann",1\n"Quill, Bo",2\n"Osei, Di",3\n', ","),
        ("Frobisher,Ann,12 Elm St,Duluth,MN\nQuill,Bo,9 Old Mill,Bemidji,MN\n", ","),
        ("id, name, ssn\n1, Ann Frobisher, 899-45-1234\n2, Bo Quill, 899-02-0087\n", ","),
        ("a,b\n" + "".join(f"{n},text {n}\n" for n in range(500)), ","),
    ],
)
def test_tables(written: str, delimiter: str) -> None:
    found = delimited.sniff(written.splitlines(keepends=True))
    assert found is not None
    assert found.delimiter == delimiter
    assert delimited.looks_like(MemoryReadable(written.encode()))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "one line, with a comma",
        "Dear Ann,\n\nthank you for the card.\nSee you soon,\nBo\n",
        "He came, he saw.\nShe left, then came back.\nThey met, at last, in May.\n",
        "a b c\nd e f\n",
        '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n',
        "<a>x, y</a>\n<b>z, w</b>\n",
        "Name: Ann\nSSN: 899-45-1234\nDOB: 3/2/1984\n",
        "----------|----------\n",
        "\tindented\n\tmore\n\tagain\n",
        "To whom it may concern,\nMarisol was seen on Monday, 4 March.\nShe is well.\nYours,\nBo Quill, MD\n",
    ],
)
def test_no_tables(written: str) -> None:
    assert delimited.sniff(written.splitlines(keepends=True)) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('a,b\n"1,2\n3,4\n5,6\n', [["a", "b"], ["1", "2"], ["3", "4"], ["5", "6"]]),
        ('a,b\n1,"2\n', [["a", "b"], ["1", "2"]]),
        ('a,b\n1,5" pipe\n2,6" pipe\n', [["a", "b"], ["1", '5" pipe'], ["2", '6" pipe']]),
        ('a,b\n1,"x ""y"" z"\n', [["a", "b"], ["1", 'x "y" z']]),
        ('a,b\n1,"two\nlines"\n3,4\n', [["a", "b"], ["1", "two\nlines"], ["3", "4"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2\r3,4", [["a", "b"], ["1", "2"], ["3", "4"]]),
        ("a,b\n1,\x002\n" + "3,4\n" * 15, [["a", "b"], ["1", "2"], *[["3", "4"]] * 15]),
        ("a,b\n1,2,3,4\n5\n6,7\n8,9\n1,1\n2,2\n3,3\n1,2\n3,4\n",
         [["a", "b"], ["1", "2", "3", "4"], ["5"], ["6", "7"], ["8", "9"], ["1", "1"], ["2", "2"], ["3", "3"],
          ["1", "2"], ["3", "4"]]),
    ],
)  # fmt: skip
def test_rows(written: str, expected: list[list[str]]) -> None:
    assert rows(written.encode()) == expected


def test_unclosed_quotes_are_named_once() -> None:
    written = "id,note\n" + "".join(f'{number},"open {number}\n' for number in range(5_000))
    found = rows(written.encode())
    assert sum(f"open {number}" in "".join(map("".join, found)) for number in range(0, 5_000, 250)) == 20
    assert faults(written.encode()) == ["partial"]


def test_huge_field() -> None:
    note = "x" * 3_000_000
    assert rows(f'a,b\n1,"{note}"\n2,3\n4,5\n'.encode())[1] == ["1", note]


def test_places_count_blank_lines() -> None:
    (table,) = (v for v in delimited.parse(MemoryReadable(b"a,b\n\n1,2\n3,4\n"), LIMITS) if isinstance(v, Table))
    assert [row for row, _, _ in table.rows] == [0, 2, 3]


CELLS = st.text(alphabet='ab1 ,"\n;é', max_size=6).map(lambda cell: cell.replace("\r", ""))


@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["x", "yy", "899-45-1234"])), min_size=4, max_size=12))
def test_well_formed_text_is_read_as_written(table: list[tuple[str, ...]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    lines = [line + "\n" for line in buffer.getvalue().split("\n")[:-1]]
    found = [fields for fields, closed in delimited.records(lines, delimited.Dialect(",", 3)) if closed]
    assert found == [list(row) for row in table]


@given(st.text(alphabet='ab1,"\n', max_size=80))
def test_nothing_but_quotes_is_dropped(written: str) -> None:
    lines = written.splitlines(keepends=True)
    found = "".join("".join(fields) for fields, _ in delimited.records(lines, delimited.Dialect(",", 2)))
    assert found.replace('"', "").replace("\n", "").replace(",", "") == written.replace('"', "").replace(
        "\n", ""
    ).replace(",", "")
