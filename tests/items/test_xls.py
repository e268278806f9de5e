"""Workbooks of old and binary ones: cells written as records come back; texts cut by records; damage ends."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items import biff
from rollcall.items.cells import reference
from rollcall.items.compound import written
from rollcall.items.parser import Fault, Limits, Table, Text, Yield
from rollcall.items.parsers import sheets
from rollcall.items.readable import MemoryReadable
from tests.corpus.make_old_office import excel, excel_text, xlsb

LIMITS = Limits()
TEXTS = st.text(st.characters(exclude_categories=("Cs",), max_codepoint=0xFFFF), min_size=1, max_size=30)


def rows(data: bytes) -> list[tuple[int, int, list[str]]]:
    return [
        row for value in sheets.parse(MemoryReadable(data), LIMITS) if isinstance(value, Table) for row in value.rows
    ]


def book(cells: bytes, shared: bytes = b"") -> bytes:
    return written({("Workbook",): excel({"S": cells}, shared)})


def cell(kind: int, row: int, column: int, body: bytes, form: int = 0) -> bytes:
    return struct.pack("<HHHHH", kind, 6 + len(body), row, column, form) + body


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 40)), TEXTS, max_size=12))
def test_labels_come_back(cells: dict[tuple[int, int], str]) -> None:
    data = book(b"".join(cell(0x204, row, column, excel_text(text)) for (row, column), text in cells.items()))
    found = {(row, first + n): text for row, first, texts in rows(data) for n, text in enumerate(texts) if text}
    assert found == cells


def test_data_of_a_chart() -> None:
    """The data sheet of a chart (MS-OGRAPH) has the oldest kinds of cells, its texts as of Excel 97."""

    def datum(kind: int, column: int, body: bytes) -> bytes:
        return struct.pack("<HHHH3s", kind, 7 + len(body), 0, column, bytes(3)) + body

    wide = "Łucja".encode("utf-16-le")
    data = datum(0x04, 0, b"\x07\0Tindall") + datum(0x04, 1, b"\x05\1" + wide) + datum(0x03, 2, struct.pack("<d", 20.4))
    stream = excel({"S": data}).replace(struct.pack("<H", 0x600), struct.pack("<H", 0x680))
    assert rows(written({("Workbook",): stream})) == [(0, 0, ["Tindall", "Łucja", "20.4"])]


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8), st.integers(9, 60))
def test_shared_texts_may_be_cut_anywhere(texts: list[str], size: int) -> None:
    """A text that a record cuts goes on in the next, which says anew how wide its characters are."""
    chunks, chunk = [], struct.pack("<II", len(texts), len(texts))
    for text in texts:
        wide = text.encode("utf-16-le")
        chunk += struct.pack("<HB", len(text), 1)
        while wide:
            room = max(0, size - len(chunk)) // 2 * 2
            chunk, wide = chunk + wide[:room], wide[room:]
            if wide:
                chunks.append(chunk)
                chunk = b"\1"
    chunks.append(chunk)
    shared = b"".join(struct.pack("<HH", 0x3C if number else 0xFC, len(one)) + one for number, one in enumerate(chunks))
    cells = b"".join(cell(0xFD, number, 0, struct.pack("<I", number)) for number in range(len(texts)))
    assert rows(book(cells, shared)) == [(number, 0, [text]) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("packed", "number"),
    [
        (0x3FF00000, 1.0),
        (1 << 2 | 2, 1.0),
        (899451234 << 2 | 2, -174290590.0),
        (123 << 2 | 3, 1.23),
        (0xFFFFFFFE, -1.0),
    ],
)
def test_short_numbers(packed: int, number: float) -> None:
    assert biff.short(packed) == number


@pytest.mark.parametrize(("row", "column", "shown"), [(0, 0, "A1"), (6, 25, "Z7"), (6, 26, "AA7"), (0, 16383, "XFD1")])
def test_places(row: int, column: int, shown: str) -> None:
    assert reference(row, column) == shown


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 30), st.integers(0, 30)), st.one_of(TEXTS, st.integers(-(10**9), 10**9)), max_size=12
    )
)
def test_binary_workbooks_come_back(cells: dict[tuple[int, int], str | int]) -> None:
    found = {(row, first + n): text for row, first, texts in rows(xlsb(cells)) for n, text in enumerate(texts) if text}
    assert found == {place: str(value) for place, value in cells.items()}


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_any_records_end(data: bytes) -> None:
    content = written({("Workbook",): excel({"S": b""})[:-4] + data})
    values: list[Yield] = []
    for value in sheets.parse(MemoryReadable(content), LIMITS):
        if isinstance(value, Table):
            list(value.rows)
        values.append(value)
    assert all(isinstance(value, (Text, Table, Fault)) for value in values)


def test_the_text_of_a_box_in_excel_95() -> None:
    box = struct.pack("<IHH", 1, 6, 1) + bytes(26) + bytes(36) + b"Call Ann Tindall, 612-555-0142" + bytes(3)
    stream = excel({"S": struct.pack("<HH", 0x5D, len(box)) + box}).replace(
        struct.pack("<HHH", 0x809, 16, 0x600), struct.pack("<HHH", 0x809, 16, 0x500)
    )
    told: list[str] = []
    for value in sheets.parse(MemoryReadable(written({("Book",): stream})), LIMITS):
        if isinstance(value, Table):
            list(value.rows)  # what stands beside the cells is found on the way
        elif isinstance(value, Text):
            told.append(value.text)
    assert "Call Ann Tindall, 612-555-0142" in told
