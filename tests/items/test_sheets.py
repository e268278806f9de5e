"""Workbooks: values as the program shows them, places, and workbooks made to fill memory."""

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items import cells, ole
from rollcall.items.parser import Fault, Inner, Limits, Table, Text, Yield
from rollcall.items.parsers import sheets
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus.make import workbook, zipped

LIMITS = Limits()


def values(data: bytes, limits: Limits = LIMITS) -> list[Yield]:
    return [
        Table(rows=list(value.rows), label=value.label, hidden=value.hidden) if isinstance(value, Table) else value
        for value in sheets.parse(MemoryReadable(data), limits)
    ]


def rows(data: bytes) -> list[tuple[int, int, list[str]]]:
    return [row for value in values(data) if isinstance(value, Table) for row in value.rows]


def codes(data: bytes, limits: Limits = LIMITS) -> list[str]:
    return [value.code for value in values(data, limits) if isinstance(value, Fault)]


def written(value: object, number_format: str | None = None) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet().write(0, 0, value, book.add_format({"num_format": number_format}) if number_format else None)
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (12345678, "000-00-0000", "012-34-5678"),
        (12345678, "000\\-00\\-0000", "012-34-5678"),
        (12345678, '000"-"00"-"0000', "012-34-5678"),
        (899451234, "000-00-0000", "899-45-1234"),
        (1234, "00000", "01234"),
        (44812, '"MRN"0000000', "MRN0044812"),
        (5550100, "[<=9999999]000-0000;(000) 000-0000", "555-0100"),
        (2185550100, "[<=9999999]000-0000;(000) 000-0000", "(218) 555-0100"),
        (12345678, "000-00-0000;;;@", "012-34-5678"),
        (899451234, "###-##-####", "899-45-1234"),
        (2185550100, "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "(218) 555-0100"),
        (5550100, "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####", "555-0100"),
        (1234, "##0", "1234"),
        (7, "#", "7"),
        (12.5, "0.00", "12.5"),
        (1200, "#,##0", "1200"),
        (0.25, "0%", "0.25"),
        (30743, "mm/dd/yyyy", "1984-03-02"),
        (30743, "d-mmm-yy", "1984-03-02"),
        (30743, "[$-409]mmmm d, yyyy", "1984-03-02"),
        (30743.5, "yyyy-mm-dd hh:mm", "1984-03-02 12:00:00"),
        (0.5, "hh:mm", "12:00:00"),
        (30743, '"day" 0', "30743"),
        (1, None, "1"),
        (1.0, None, "1"),
        (-3, None, "-3"),
        (0, None, "0"),
        (0.1 + 0.2, None, "0.3"),
        (1e21, None, "1e+21"),
        (123456789012, None, "123456789012"),
        (True, None, "TRUE"),
        ("0123", None, "0123"),
        (" x ", None, " x "),
        ("a\nb", None, "a\nb"),
    ],
)
def test_shown(value: object, number_format: str | None, shown: str) -> None:
    assert rows(written(value, number_format)) == [(0, 0, [shown])]


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (43831, "2020-01-01")]
)
def test_days_before_the_day_that_never_was(number: int, shown: str) -> None:
    assert rows(written(number, "yyyy-mm-dd")) == [(0, 0, [shown])]


def test_made_by_another_program() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C7"], sheet["D7"], sheet["E7"], sheet["F7"] = "Ann", date(1984, 3, 2), datetime(2024, 3, 4, 5, 6, 8), "=1+1"
    sheet.merge_cells("C9:D9")
    sheet["C9"] = "wide"
    book.create_sheet("Old").sheet_state = "veryHidden"
    book["Old"]["A1"] = "x"
    buffer = io.BytesIO()
    book.save(buffer)
    found = [value for value in values(buffer.getvalue()) if isinstance(value, Table)]
    assert found[0].rows == [(6, 2, ["Ann", "1984-03-02", "2024-03-04 05:06:08"]), (8, 2, ["wide"])]
    assert [(value.label, value.hidden) for value in found] == [("Sheet", False), ("Old", True)]


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>", [(0, 0, ["1", "2"]), (1, 0, ["3"])]),
        ('<row r="5"><c r="C5"><f>1+1</f><v>2</v></c></row>', [(4, 2, ["2"])]),
        ('<row r="1"><c r="A1" t="e"><v>#N/A</v></c><c r="B1" t="s"><v>99</v></c></row>', [(0, 0, ["#N/A"])]),
        ('<row r="1"><c r="A1" s="77"><v>1</v></c></row>', [(0, 0, ["1"])]),
        ('<row r="1"><c r="A1" t="d"><v>1984-03-02</v></c></row>', [(0, 0, ["1984-03-02"])]),
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>',
         [(1, 0, ["1"]), (2, 0, ["2"])]),
        ('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>', [(0, 0, ["1"])]),
        ('<row r="1"><c r="A1" t="inlineStr"><is><r><t>Ann</t></r><r><t> F</t></r><rPh><t>no</t></rPh></is></c></row>',
         [(0, 0, ["Ann F"])]),
        ('<row r="1"><c r="A1" t="str"><v>a_x000D_b</v></c></row>', [(0, 0, ["a\rb"])]),
        ('<row r="1"/><row r="3"><c r="A3"/></row>', []),
    ],
)  # fmt: skip
def test_cells(sheet: str, expected: list[tuple[int, int, list[str]]]) -> None:
    assert rows(zipped(workbook({"S": sheet}))) == expected


def test_broken_xml_keeps_what_stood_before() -> None:
    data = zipped(workbook({"S": '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c'}))
    assert rows(data) == [(0, 0, ["1"])]
    assert codes(data) == ["partial"]


@pytest.mark.parametrize(
    "name", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(name: str, encoding: str) -> None:
    members = workbook({"S": '<row r="1"><c r="A1"><v>1</v></c></row>'})
    members[name] = ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + str(members[name])).encode(encoding)
    assert codes(zipped(members)) == ["bomb"]


def test_cells_have_a_limit() -> None:
    data = zipped(workbook({"S": "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 101))}))
    assert codes(data, Limits(max_cells=50)) == ["too_large"]
    assert len(next(value for value in values(data, Limits(max_cells=50)) if isinstance(value, Table)).rows) == 50  # type: ignore[arg-type]


def test_zip_bomb_is_refused() -> None:
    assert codes(zipped(workbook({"S": " " * (40 << 20)})), Limits(max_ratio=10)) == ["bomb"]


def test_a_pivot_table_remembers() -> None:
    members = workbook({"S": ""})
    members["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        '<pivotCacheDefinition><cacheFields><cacheField name="Patient"><sharedItems><s v="Ann Frobisher"/><s v="Bo"/>'
        "</sharedItems></cacheField></cacheFields></pivotCacheDefinition>"
    )
    (note,) = (value for value in values(zipped(members)) if isinstance(value, Text))
    assert (note.text, note.hidden) == ("Patient: Ann Frobisher; Bo", True)


def test_no_workbook() -> None:
    for data in (
        b"",
        b"PK",
        zipped({"a.txt": "x"}),
        ole.MAGIC + bytes(600),
        zipped({"mimetype": "text/x", "content.xml": ""}),
    ):
        assert sheets.looks_like(MemoryReadable(data)) is False


def test_columns() -> None:
    assert [cells.column_of(letters) for letters in ("A", "Z", "AA", "XFD", "")] == [0, 25, 26, 16383, -1]


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "n_rows", "found"),
    [
        ("tika_test-columnar.xls", 12, []),
        ("tika_test-columnar.xlsx", 12, []),
        ("tika_test-columnar.xlsb", 12, []),
        ("tika_testEXCEL_embeded.xlsx", 8, []),
        ("tika_testEXCEL_protected_passtika.xls", 0, ["encrypted"]),
        ("tika_testEXCEL.xlsb", 1, []),
        ("tika_testEXCEL_embeded.xls", 8, []),
        ("tika_testEXCEL_4.xls", 145, []),
        ("tika_testEXCEL_5.xls", 18, []),
    ],
)
def test_real_workbooks(samples: Path, name: str, n_rows: int, found: list[str]) -> None:
    readable = FileReadable(samples / "spreadsheet" / name)
    assert sheets.looks_like(readable)
    counted, faults = 0, []
    for value in sheets.parse(readable, LIMITS):
        if isinstance(value, Table):
            counted += len(list(value.rows))
        elif isinstance(value, Fault):
            faults.append(value.code)
        elif isinstance(value, Inner):
            assert value.chunks is not None
            assert sum(map(len, value.chunks())) == (value.size or sum(map(len, value.chunks())))
    assert (counted, faults) == (n_rows, found)


@pytest.mark.samples
def test_three_formats_hold_the_same_rows(samples: Path) -> None:
    found = []
    for ending in ("xls", "xlsx", "xlsb"):
        data = (samples / "spreadsheet" / f"tika_test-columnar.{ending}").read_bytes()
        found.append([(row, cells) for row, _, cells in rows(data)])
    assert found[0] == found[1] == found[2]


CELLS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=20),
    st.integers(-(10**14), 10**14),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
)
GRIDS = st.dictionaries(st.tuples(st.integers(0, 60), st.integers(0, 40)), CELLS, max_size=15)


def as_shown(value: object) -> str:
    return str(value).upper() if isinstance(value, bool) else str(value)


def found_in(data: bytes) -> dict[tuple[int, int], str]:
    return {(row, first + n): text for row, first, cells in rows(data) for n, text in enumerate(cells) if text}


@settings(max_examples=30, deadline=None)
@given(GRIDS)
def test_cells_of_one_program_come_back(grid: dict[tuple[int, int], object]) -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "mm/dd/yyyy"})
    for (row, column), value in grid.items():
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        else:
            sheet.write(row, column, value, *([day] if isinstance(value, date) else []))
    book.close()
    assert found_in(buffer.getvalue()) == {place: as_shown(value) for place, value in grid.items() if as_shown(value)}


@settings(max_examples=30, deadline=None)
@given(GRIDS)
def test_cells_of_another_program_come_back(grid: dict[tuple[int, int], object]) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for (row, column), value in grid.items():
        cell = sheet.cell(row + 1, column + 1)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    assert found_in(buffer.getvalue()) == {place: as_shown(value) for place, value in grid.items()}


def test_notes_shapes_headers_and_hidden_rows_are_read() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("Census")
    sheet.write_comment("C7", "ask Ann")
    sheet.insert_textbox("B2", "boxed 899-02-0087")
    sheet.set_header("&LElm Clinic&RPage &P")
    sheet.write("A1", "hidden row")
    sheet.set_row(0, None, None, {"hidden": True})
    sheet.write("F2", "hidden column")
    sheet.set_column("F:F", None, None, {"hidden": True})
    sheet.merge_range("A3:D3", "merged")
    book.define_name("Frobisher", "=Census!$A$1")
    book.close()
    found = values(buffer.getvalue())
    table = next(value for value in found if isinstance(value, Table))
    assert table.rows == [(0, 0, ["hidden row"]), (1, 5, ["hidden column"]), (2, 0, ["merged"])]
    texts = {value.label: value.text for value in found if isinstance(value, Text)}
    assert texts["Census printed page"] == "Elm Clinic Page"
    notes = [value.text for value in found if isinstance(value, Text) and value.label == "Census"]
    assert "C7: ask Ann" in notes
    assert "boxed 899-02-0087" in notes
