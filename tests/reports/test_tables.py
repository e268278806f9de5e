"""Tables as files: what a program reads back is what the table holds, and no spreadsheet runs it."""

import csv
import io
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall import model, views
from rollcall.reports import tables
from rollcall.reports.tables import WRITERS, as_csv, as_jsonl, as_parquet, as_xlsx

TABLE = pa.table(
    {
        "text": ["007", "=1+1", "+49", "-x", "@sum", "\tx", "a\nb", 'say "hi", ok', "", None],
        "n": pa.array([0, 1, -2, 3, 4, 5, 6, 7, 8, None], pa.int64()),
        "real": pa.array([0.5, -1.25, None, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        "yes": [True, False, None, True, True, True, True, True, True, True],
        "list": [["a", "é"], [], None, ["x"], ["x"], ["x"], ["x"], ["x"], ["x"], ["x"]],
    }
)


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def test_csv() -> None:
    rows = read_csv(as_csv(TABLE, "t"))
    assert [row["text"] for row in rows] == [
        "007", "'=1+1", "'+49", "'-x", "'@sum", "'\tx", "a\nb", 'say "hi", ok', "", "",
    ]  # fmt: skip
    assert rows[0] == {"text": "007", "n": "0", "real": "0.5", "yes": "true", "list": '["a", "é"]'}
    assert rows[2]["n"] == "-2", "a number is no formula"
    assert rows[2]["list"] == rows[2]["yes"] == ""


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs",))), min_size=1, max_size=5))
def test_no_csv_cell_is_a_formula_and_every_cell_comes_back(cells: list[str]) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(pa.table({"x": cells, "y": cells}), "t").decode(), newline="")))[1:]
    assert len(rows) == len(cells)
    for row, cell in zip(rows, cells, strict=True):
        assert row[0] in (cell, f"'{cell}")
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_jsonl_and_parquet_keep_types() -> None:
    lines = [json.loads(line) for line in as_jsonl(TABLE, "t").decode().splitlines()]
    assert lines == TABLE.to_pylist()
    assert pq.read_table(io.BytesIO(as_parquet(TABLE, "t"))).equals(TABLE)


def test_xlsx_keeps_text_as_text() -> None:
    data = as_xlsx(TABLE, "individuals")
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet["A"]][1:7] == ["007", "=1+1", "+49", "-x", "@sum", "\tx"]
    assert {cell.data_type for cell in sheet["A"][1:7]} == {"s"}
    assert sheet["B3"].value == 1
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_long_table_goes_on_in_the_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_XLSX_ROWS", 4)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(TABLE, "x" * 40)))
    assert [sheet.max_row for sheet in book.worksheets] == [5, 5, 3]
    assert [sheet["A1"].value for sheet in book.worksheets] == ["text"] * 3


def test_a_text_too_long_for_a_cell_is_cut_and_said_to_be() -> None:
    table = pa.table({"x": ["short", "y" * 40_000], "z": ["w" * 32_767, ""]})
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(table, "t")))
    assert book.sheetnames == ["t", "cut cells"]
    shown = book["t"]["A3"].value
    assert len(shown) == 32_767
    assert shown.startswith("yyy")
    assert shown.endswith("yy [cut here: 40,000 characters in all; csv, parquet and jsonl hold them]")
    assert book["t"]["B2"].value == "w" * 32_767
    assert [cell.value for cell in book["cut cells"][2]] == ["t", 3, "x", 40_000]
    assert len(read_csv(as_csv(table, "t"))[1]["x"]) == 40_000


@pytest.mark.parametrize("ending", WRITERS)
def test_every_table_of_the_contract_can_be_written_when_empty(ending: str) -> None:
    for name, record in views.RECORDS.items():
        written = WRITERS[ending](model.schema(record).empty_table(), name)
        assert bool(written) == (ending != ".jsonl"), "all but JSON lines carry the names of their columns"
