"""Tables of PDFs: every cell at its place, with rules and without, over pages, with merged cells."""

# ruff: noqa: E501 (what is drawn stands as one would write it in a file)

from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rollcall.items.parser import Limits, Table, Text
from rollcall.items.parsers import pdf
from rollcall.items.pdf.ruled import lattices
from rollcall.items.pdf.shapes import Rule, Shapes
from rollcall.items.pdf.tables import Tables, has_header, is_table, without_rules
from rollcall.items.readable import MemoryReadable
from tests.items.pdf_drawn import OPEN, RULED, Style, draw, random_style, random_table
from tests.items.pdf_file import pdf_file


def tables(data: bytes) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    found = []
    for value in pdf.parse(MemoryReadable(data), Limits()):
        if isinstance(value, Table):
            assert value.kind == "page"
            rows = [(row, [" ".join(cell.split()) for cell in cells]) for row, _, cells in value.rows]
            found.append((value.label, rows))
    return found


def texts(data: bytes) -> list[str]:
    return [value.text for value in pdf.parse(MemoryReadable(data), Limits()) if isinstance(value, Text)]


ROWS = [
    ["Patient Name", "SSN", "Date of Birth", "Street Address", "Balance"],
    ["Frobisher, Ann", "899-45-1234", "02/01/1951", "12 Elm Street, Minneapolis, MN 55401", "1,204.50"],
    ["Okonkwo-Reyes, Marisol", "899-02-0087", "", "1183 County Road 12 West, St. Paul, MN 55101", "0.75"],
    ["Bo Quill", "", "12/30/1984", "", "88,000.00"],
    ["Vasquez, Eluned", "899-77-6001", "02/29/2016", "9 Mill Road, Ely, MN 55731", ""],
    ["Xu Li", "899-10-4477", "11/04/1970", "7 N 4th Ave, Ely, MN 55731", "12.00"],
]
ALIGN = ["left", "left", "center", "left", "right"]


@pytest.mark.parametrize("rules", [*RULED, *OPEN])
@pytest.mark.parametrize("face", ["Times-Roman", "Courier"])
def test_every_cell_stands_at_its_place(rules: str, face: str) -> None:
    data = draw(ROWS, ALIGN, Style(rules=rules, face=face, title="Patients of May")).data
    assert tables(data) == [("1", list(enumerate(ROWS)))]
    assert [text.split("\n\n")[0] for text in texts(data)] == ["Patients of May"]
    assert " ".join(texts(data)).split() == ["Patients", "of", "May", "Page", "1"]


@pytest.mark.parametrize("rules", ["boxes", "none"])
@pytest.mark.parametrize("again", [True, False], ids=["header on each page", "header once"])
def test_a_table_over_pages_is_one(rules: str, again: bool) -> None:
    body = [[f"{name} {number}", *rest] for number in range(30) for name, *rest in ROWS[1:]]
    drawn = draw([ROWS[0], *body], ALIGN, Style(rules=rules, again=again))
    found = tables(drawn.data)
    assert [label for label, _ in found] == [str(page + 1) for page in range(len(drawn.pages))]
    assert len(drawn.pages) > 3
    assert [rows[0] for _, rows in found] == [(0, ROWS[0])] * len(found)
    assert [row for _, rows in found for row in rows[1:]] == list(enumerate(body, 1))


@pytest.mark.parametrize("turned", [True, False])
@pytest.mark.parametrize("seed", range(900, 903))
@pytest.mark.parametrize("rules", [RULED, OPEN], ids=["ruled", "open"])
def test_drawn_tables(rules: tuple[str, ...], seed: int, turned: bool) -> None:
    rng = Random(seed)
    rows, align, _ = random_table(rng, 12)
    style = random_style(rng, rules)
    drawn = draw(rows, align, Style(rules=style.rules, face=style.face, gap=3.0, turned=turned))
    assert [cells for _, found in tables(drawn.data) for _, cells in found] == rows


WORD = st.text("abcdefgXYZ0123456789-.,/", min_size=1, max_size=12)
CELL = st.one_of(st.just(""), st.lists(WORD, min_size=1, max_size=4).map(" ".join))


@st.composite
def grids(draw_one: st.DrawFn) -> list[list[str]]:
    width = draw_one(st.integers(2, 6))
    rows = draw_one(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=2, max_size=9))
    return [[cell or "x" for cell in rows[0]], *rows[1:]]


@settings(max_examples=25, deadline=None)
@given(rows=grids(), rules=st.sampled_from(RULED), pad=st.sampled_from([2.0, 4.0]), middle=st.booleans())
def test_any_ruled_table_comes_back(rows: list[list[str]], rules: str, pad: float, middle: bool) -> None:
    filled = [row for row in rows if any(row)]
    assume(len(filled) > 1 and sum(bool(cell) for row in filled for cell in row) > 2)
    data = draw(rows, ["left"] * len(rows[0]), Style(rules=rules, pad=pad, middle=middle)).data
    found = [cells for _, some in tables(data) for _, cells in some]
    # A line that ends in a hyphen goes on without a space: names and numbers are broken there.
    assert [_unbroken(row) for row in found] == [_unbroken(row) for row in filled]


def _unbroken(row: list[str]) -> list[str]:
    return [cell.replace("- ", "-") for cell in row]


BOX = "{} {} {} {} re S"
MERGED = "\n".join([
    "BT /Helvetica 9 Tf 1 0 0 1 40 684 Tm (Discharged in May) Tj ET", BOX.format(36, 680, 300, 14),
    "BT /Helvetica 9 Tf 1 0 0 1 40 670 Tm (Unit) Tj 1 0 0 1 140 670 Tm (Patient) Tj 1 0 0 1 240 670 Tm (MRN) Tj ET",
    BOX.format(36, 666, 100, 14), BOX.format(136, 666, 100, 14), BOX.format(236, 666, 100, 14),
    "BT /Helvetica 9 Tf 1 0 0 1 40 642 Tm (4 West) Tj ET", BOX.format(36, 638, 100, 28),
    "BT /Helvetica 9 Tf 1 0 0 1 140 656 Tm (Ann) Tj 1 0 0 1 240 656 Tm (44) Tj ET",
    BOX.format(136, 652, 100, 14), BOX.format(236, 652, 100, 14),
    "BT /Helvetica 9 Tf 1 0 0 1 140 642 Tm (Bo) Tj 1 0 0 1 240 642 Tm (45) Tj ET",
    BOX.format(136, 638, 100, 14), BOX.format(236, 638, 100, 14),
    "BT /Helvetica 9 Tf 1 0 0 1 40 628 Tm (5 East) Tj 1 0 0 1 140 628 Tm (Cy) Tj 1 0 0 1 240 628 Tm (46) Tj ET",
    BOX.format(36, 624, 100, 14), BOX.format(136, 624, 100, 14), BOX.format(236, 624, 100, 14),
])  # fmt: skip


def test_cells_over_rows_and_columns() -> None:
    assert tables(pdf_file([MERGED.encode()])) == [
        ("1", list(enumerate([
            ["Discharged in May", "", ""], ["Unit", "Patient", "MRN"], ["4 West", "Ann", "44"], ["4 West", "Bo", "45"],
            ["5 East", "Cy", "46"],
        ])))
    ]  # fmt: skip


def test_lists_inside_cells_are_rows() -> None:
    """Rules around the heads and between columns only, as printed lists have them."""
    names, numbers = ["Ann Ek", "Bo Quill", "Cy Li", "Di Osei", "Xu"], ["44812", "44813", "9", "10", "11"]
    ops = [BOX.format(36 + 150 * col, 700, 150, 14) for col in (0, 1)]
    ops += [BOX.format(36 + 150 * col, 640, 150, 60) for col in (0, 1)]
    ops += [shown(40 + 150 * col, 704, head) for col, head in enumerate(("Name", "MRN"))]
    for row, cells in enumerate(zip(names, numbers, strict=True)):
        ops += [shown(40 + 150 * col, 690 - 11 * row, text) for col, text in enumerate(cells)]
    rows = [["Name", "MRN"], *map(list, zip(names, numbers, strict=True))]
    assert tables(pdf_file(["\n".join(ops).encode()])) == [("1", list(enumerate(rows)))]


def shown(x: float, y: float, text: str) -> str:
    return f"BT /Helvetica 9 Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET"


def test_a_text_that_runs_over_its_cell_stays_in_it() -> None:
    rows = [["Name", "Note", "Room"], ["Ann Frobisher", "", "4"], ["Bo", "x", "5"]]
    ops = []
    for row, cells in enumerate(rows):
        for col, text in enumerate(cells):
            ops.append(BOX.format(36 + 50 * col, 700 - 14 * row, 50, 14))
            ops.append(f"BT /Helvetica 9 Tf 1 0 0 1 {38 + 50 * col} {704 - 14 * row} Tm ({text}) Tj ET")
    assert tables(pdf_file(["\n".join(ops).encode()])) == [("1", list(enumerate(rows)))]


@pytest.mark.parametrize(
    ("rows", "is_one"),
    [
        ([["Name", "DOB", "SSN"], ["Ann", "1/2/51", "1"], ["Bo", "1/3/51", "2"]], True),
        ([["Name", "DOB"], ["Ann", "1/2/51"], ["Bo", "1/3/51"]], False),
        ([["Name:", "Ann", "x"], ["DOB: 1/2/51", "y", "z"], ["SSN: 1", "a", "b"]], False),
        ([["a", "", "", ""], ["", "b", "", ""], ["", "", "c", ""], ["d", "", "", ""]], False),
        ([["Ann", "1", "x"], ["12 Elm", "", ""], ["Bo", "2", "y"], ["9 Oak", "", ""], ["Cy", "3", "z"], ["4 Fir", "", ""],
          ["Di", "4", "z"], ["5 Fir", "", ""]], False),
    ],
    ids=["three columns", "too few", "labels", "sparse", "records of two lines"],
)  # fmt: skip
def test_what_is_a_table(rows: list[list[str]], is_one: bool) -> None:
    assert is_table(rows) is is_one


def test_lines_made_of_characters_are_no_rows() -> None:
    assert without_rules([["Name", "SSN"], ["------", "==="], ["", ""], ["Ann ......", "-"]]) == [
        ["Name", "SSN"], ["", ""], ["Ann", "-"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "headed"),
    [
        ([["Name", "DOB"], ["Ann", "1/2/51"]], True),
        ([["Name", "Address 2"], ["Ann", "12 Elm"]], True),
        ([["Ann", "1/2/51"], ["Bo", "1/3/51"]], False),
        ([["Ann", "Frobisher"], ["Bo", "Quill"]], False),
        ([["Name", "DOB"]], False),
    ],
)
def test_has_header(rows: list[list[str]], headed: bool) -> None:
    assert has_header(rows) is headed


def test_another_table_on_the_next_page_begins_anew() -> None:
    known = Tables()
    spans = [(0.0, 50.0), (60.0, 90.0)]
    first = known.table(0, spans, [["Name", "DOB"], ["Ann", "1/2/51"]])
    other = known.table(1, [(0.0, 90.0), (100.0, 120.0)], [["Bo", "1/3/51"], ["Cy", "1/4/51"]])
    assert [row for row, _, _ in first.rows] == [0, 1]
    assert list(other.rows) == [(0, 0, ["Bo", "1/3/51"]), (1, 0, ["Cy", "1/4/51"])]


def test_rules_that_part_nothing_are_no_grid() -> None:
    frame = Shapes(across=[Rule(0, 0, 100), Rule(50, 0, 100)], upright=[Rule(0, 0, 50), Rule(100, 0, 50)])
    assert list(lattices(frame)) == []
    halved = Shapes(across=frame.across, upright=[*frame.upright, Rule(40.0, 0.5, 49.5)])
    (lattice,) = lattices(halved)
    assert lattice.cell.tolist() == [[0, 1]]
