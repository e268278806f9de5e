"""Columns that look like people's data and stay without a meaning are said, once for a layout, and without a value."""

import pytest

from rollcall.findings.doubts import letters
from rollcall.findings.tables import TableReader
from rollcall.model import Column, Trouble

NAMES = ["Ana Lopez", "Mary Olson", "Eric Baker", "Rosa Vang", "Karen Weber"]
CODES = ["QX-10/22.7", "QX-18/31.2", "ZX-44/90.1", "ZY-71/05.6", "QW-20/47.9"]
STOCK = ["gauze", "gloves", "tape", "mask", "gown"]


def doubts(*rows: list[str], first_col: int = 0) -> list[Trouble]:
    reader = TableReader("b", 0, lambda text: text)
    facts = [*reader.feed((at, first_col, row) for at, row in enumerate(rows)), *reader.finish()]
    return [one for one in facts if isinstance(one, Trouble)]


def table(header: list[str], *columns: list[str]) -> list[list[str]]:
    return [header, *map(list, zip(*columns, strict=True))]


def test_codes_beside_names_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollcall.findings.layouts.guessed", lambda found, *_: found)
    monkeypatch.setattr("rollcall.findings.layouts.of_nobody", lambda *_: frozenset())
    records, plans = [f"0065017{at}" for at in range(5)], [f"XZA8202{at}4411" for at in range(5)]
    (one,) = doubts(*table(["Patient Name", "MRN", "Policy number", "Zorp"], NAMES, records, plans, CODES))
    assert (one.code, one.detail) == ("unmapped_columns", "column D (numbers of a kind)")
    assert not any(word in one.detail + one.locator for word in ("Zorp", "Lopez", "QX"))


@pytest.mark.parametrize(
    "rows",
    [
        table(["Part", "Zorp"], STOCK, CODES),  # nobody in it
        table(["Patient Name", "DOB", "Room"], NAMES, ["3/7/1984"] * 5, ["412-1", "413-2", "414-1", "415-1", "416-2"]),
        table(["Patient Name", "DOB", "Zorp"], NAMES, ["3/7/1984"] * 5, STOCK),
    ],
)
def test_what_is_no_doubt(rows: list[list[str]]) -> None:
    assert doubts(*rows) == []


def test_one_layout_wherever_the_table_begins_and_however_its_headers_are_written() -> None:
    def layouts(*headers: str, first_col: int = 0) -> set[str]:
        reader = TableReader("b", 0, lambda text: text)
        rows = table(list(headers), NAMES, ["3/7/1984"] * 5)
        facts = [*reader.feed((at, first_col, row) for at, row in enumerate(rows)), *reader.finish()]
        return {one.layout for one in facts if isinstance(one, Column)}

    assert len(layouts("Name", "DOB")) == 1
    assert layouts("Name", "DOB") == layouts("NAME ", "D.O.B.", first_col=3)
    assert layouts("Name", "DOB") != layouts("Name", "Birth date")


@pytest.mark.parametrize(("col", "said"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_as_spreadsheets_call_them(col: int, said: str) -> None:
    assert letters(col) == said
