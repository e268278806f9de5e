"""Excel workbooks: typed cells, serial dates, ids whose zeros were lost, a hidden sheet behind."""

import datetime
import io
import re
import zlib

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from rollcall.demo.grid import Cell, Grid
from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, all_at

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CREATED = datetime.datetime(2019, 1, 2, 8, 0, 0)  # noqa: DTZ001 - Excel's dates have no zone; fixed: the same bytes twice
FIRST = re.compile("(Sheet|Hoja|Blad)1")  # the sheet of a new workbook, by language
BIG = 2000  # rows, from where cells are streamed and not kept


def write_sheets(
    name: str, grids: list[Grid], hidden: int | None = None, saved: datetime.datetime | None = None
) -> Made:
    """Return a workbook of the grids, saved then; one of them may be hidden."""
    out = io.BytesIO()
    big = sum(len(grid.lines) for grid in grids) > BIG
    book = xlsxwriter.Workbook(out, {"constant_memory": True} if big else {"in_memory": True})
    book.set_properties({"created": saved or CREATED, "author": "", "comments": ""})
    formats: dict[tuple[str, bool], object] = {}
    facts: list[Fact] = []
    taken: set[str] = set()
    habit = zlib.crc32(name.encode())  # of whoever keeps this file
    for number, grid in enumerate(grids):
        title = grid.name if grid.name not in taken else f"Sheet{number + 1}"
        taken.add(title)
        sheet = book.add_worksheet(title)
        _settle(sheet, grid, habit)
        for row, line in enumerate(grid.lines):
            for col, cell in enumerate(line):
                if cell is None:
                    continue
                _write(book, sheet, row, col, cell, formats)
                spot = f"{title}!{xl_col_to_name(col)}{row + 1}"
                facts += all_at(cell.facts, spot)
        if number == hidden:
            sheet.hide()
    if habit % 2 and len(taken) == 1 and (first := FIRST.fullmatch(grids[0].name)):  # as Excel made them up to 2010
        for number in (2, 3):
            book.add_worksheet(f"{first[1]}{number}")
    book.close()
    layout = grids[0].layout + ("+hidden" if hidden is not None else "")
    return Made("sheet", layout, f"{name}.xlsx", MEDIA, out.getvalue(), facts)


def _settle(sheet: Worksheet, grid: Grid, habit: int) -> None:
    """Give a sheet what people leave in theirs: columns pulled wide, rows frozen, a line on each printed page."""
    if habit % 5 < 3:
        for col in range(max((len(line) for line in grid.lines), default=0)):
            texts = (line[col] for line in grid.lines[:200] if col < len(line) and len(line) > 1)
            sheet.set_column(col, col, min(48, max((len(one.text) for one in texts if one), default=6) + 2))
    if habit % 4 == 0:
        sheet.freeze_panes(1, 0)
    if habit % 3 == 0:
        sheet.set_header("&L&A&R&D")
        sheet.set_footer("&CPage &P of &N")


def _write(
    book: xlsxwriter.Workbook, sheet: Worksheet, row: int, col: int, cell: Cell, formats: dict[tuple[str, bool], object]
) -> None:
    key = (cell.number_format, cell.bold)
    if key not in formats:
        wanted: dict[str, object] = {"bold": True} if cell.bold else {}
        if cell.number_format:
            wanted["num_format"] = cell.number_format
        formats[key] = book.add_format(wanted) if wanted else None
    look = formats[key]
    if isinstance(cell.raw, datetime.date):
        sheet.write_datetime(row, col, datetime.datetime.combine(cell.raw, datetime.time()), look)
    elif isinstance(cell.raw, int | float):
        sheet.write_number(row, col, cell.raw, look)
    elif cell.text:
        sheet.write_string(row, col, cell.text, look)
