"""Tables as files: CSV, XLSX, Parquet, JSON lines.

Each writer returns the bytes; nothing passes through a scratch file.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_XLSX_ROWS = 1_048_575  # of a sheet, below its header
_XLSX_CELL = 32_767
_CUT = " [cut here: {:,} characters in all; csv, parquet and jsonl hold them]"


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _flat(value: Any) -> Any:
    """Return a cell as text files hold it: lists as JSON text, truth as true and false, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _defused(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: evidence is written by strangers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def as_csv(table: pa.Table, name: str) -> bytes:
    """Return the table as CSV in UTF-8."""
    target = io.BytesIO()
    text = io.TextIOWrapper(target, "utf-8", "replace", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.column_names)
    for row in _rows(table):
        writer.writerow([_defused(_flat(value)) for value in row.values()])
    text.flush()
    return target.getvalue()


def as_jsonl(table: pa.Table, name: str) -> bytes:
    """Return the table as one JSON object a line."""
    target = io.BytesIO()
    for row in _rows(table):
        target.write(f"{json.dumps(row, ensure_ascii=False, default=str)}\n".encode("utf-8", "replace"))
    return target.getvalue()


def as_parquet(table: pa.Table, name: str) -> bytes:
    """Return the table as Parquet."""
    import pyarrow.parquet as pq

    target = io.BytesIO()
    pq.write_table(table, target, compression="zstd")
    return target.getvalue()


def as_xlsx(table: pa.Table, name: str) -> bytes:
    """Return the table as a workbook; what one sheet cannot hold goes on in the next.

    A text longer than a cell may be ends with a mark, and a last sheet lists such cells.
    """
    import xlsxwriter

    target = io.BytesIO()
    options = {
        "in_memory": True,  # the library's scratch files would hold the values in clear
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        sheet, line = None, 0
        cut: list[tuple[str, int, str, int]] = []
        for row in _rows(table) if table.num_rows else iter(()):
            if sheet is None or line > _XLSX_ROWS:
                sheet, line = _sheet(book, name, table.column_names, bold), 1
            for column, value in enumerate(row.values()):
                if n_characters := _write_cell(sheet, line, column, _flat(value)):
                    cut.append((sheet.get_name(), line + 1, table.column_names[column], n_characters))
            line += 1
        if sheet is None:
            _sheet(book, name, table.column_names, bold)
        if cut:
            sheet = _sheet(book, "cut cells", ["sheet", "row", "column", "characters"], bold, "cut cells")
            for line, cells in enumerate(cut, 1):
                sheet.write_row(line, 0, cells)
    return target.getvalue()


def _sheet(book: Any, name: str, columns: list[str], bold: Any, title: str = "") -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(title or (name[:28] if number == 1 else f"{name[:25]} {number}"))
    sheet.freeze_panes(1, 0)
    for column, head in enumerate(columns):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, max(12, min(40, len(head) + 4)))
    return sheet


def _write_cell(sheet: Any, line: int, column: int, value: Any) -> int:
    """Write one cell; return how long its text was where it had to be cut, else 0."""
    if not isinstance(value, str):
        sheet.write_number(line, column, value)
        return 0
    whole = len(value)
    if whole > _XLSX_CELL:
        mark = _CUT.format(whole)
        value = value[: _XLSX_CELL - len(mark)] + mark
    if value:
        sheet.write_string(line, column, value)
    return whole if whole > _XLSX_CELL else 0


WRITERS: dict[str, Callable[[pa.Table, str], bytes]] = {
    ".csv": as_csv,
    ".xlsx": as_xlsx,
    ".parquet": as_parquet,
    ".jsonl": as_jsonl,
}
