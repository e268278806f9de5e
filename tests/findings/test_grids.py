"""Tables that a text shows only by its layout."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.findings.grids import find_grids, numbered, reads_as_form
from rollcall.findings.texts import TextReader
from rollcall.model import Column, Finding, Part

LIST = """\
ADMISSIONS, JUNE
Ward 3

Last           First    DOB         Cert No         SSN
OLSON          MARY     02/10/1951  8116 5986       899-45-1234
VAN DER BERG   JOHN     11/02/1972                  899-45-2345
Provider: Smith
LEE            ANN      01/30/2001  XZA801044746    899-45-3456
SMITH          PETER    12/12/1990

Total          4
"""
LIST_GOING_ON = """\
BAKER          TOM      02/10/1961  8116 5986       899-45-4567
MILLER         SUE      11/02/1982  XZA801044746    899-45-5678
"""
TABS = "Name\tDOB\tMRN\nMary Olson\t2/1/1951\t00123456\nJohn Berg\t\t00123457\nAnn Lee\t3/4/1961\t\n"
BARS = "| Name       | DOB      | MRN      |\n|---|---|---|\n"
BARS += "| Mary Olson | 2/1/1951 | 00123456 |\n| John Berg  |  | 00123457 |\n"
TWO_LINES = """\
Procedure                                    Surgeon           Patient          Date
chest x-ray 2 views                          Dr. Smith         Olson, Mary      06/12/2018
9209 Rosewood Road, Springfield, MN 56244    (605) 555-2009
EKG                                          Brown             Berg, John       06/13/2018
12 Main Street, Springfield, MN 56244        (605) 555-2010
knee replacement                             Dr. Smith         Lee, Ann         06/13/2018
14 Main Street, Springfield, MN 56244        (605) 555-2011
"""
FORM = """\
Name:      Mary Olson      DOB:  2/1/1951
Address:   12 Main Street  MRN:  00123456
Phone:     605-555-2010    SSN:  899-45-1234
"""
PROSE = """\
Thank you for the call.  I will be out on Friday.
We spoke of the budget.  It is late again.
See you in the morning.  The room is booked.
Bring the slides.  All of them, please, in one file.
"""


def cells(text: str) -> list[list[str]]:
    return [row.cells for grid in find_grids(numbered(text)) for row in grid.rows]


def read(*texts: str) -> list[list[Column | Finding]]:
    reader = TextReader("b" * 64, lambda value: value)
    return [
        list(reader.read(Part(blob_id="b" * 64, part_no=number, kind="page", label=str(number + 1), text=text)))
        for number, text in enumerate(texts)
    ]


def by_row(facts: list[Column | Finding]) -> dict[int | None, set[tuple[str, str]]]:
    found: dict[int | None, set[tuple[str, str]]] = {}
    for one in facts:
        if isinstance(one, Finding):
            found.setdefault(one.place.row, set()).add((one.element, one.text))
    return found


def test_lines_in_columns_are_rows_and_titles_and_sums_are_not() -> None:
    assert cells(LIST) == [
        ["Last", "First", "DOB", "Cert No", "SSN"],
        ["OLSON", "MARY", "02/10/1951", "8116 5986", "899-45-1234"],
        ["VAN DER BERG", "JOHN", "11/02/1972", "", "899-45-2345"],
        ["LEE", "ANN", "01/30/2001", "XZA801044746", "899-45-3456"],
        ["SMITH", "PETER", "12/12/1990", "", ""],
    ]


@pytest.mark.parametrize("text", [TABS, BARS, TABS.replace("\n", "\n> ")], ids=["tabs", "bars", "quoted"])
def test_cells_parted_by_marks_keep_their_places(text: str) -> None:
    rows = cells(text)
    assert [row[0] for row in rows] == ["Name", "Mary Olson", "John Berg", *(["Ann Lee"] if "|" not in text else [])]
    assert rows[2][:3] == ["John Berg", "", "00123457"]


def test_quoted_lists_are_lists() -> None:
    assert cells("".join(f"> {line}\n" for line in LIST.splitlines()))[1][:2] == ["OLSON", "MARY"]


def test_one_line_too_long_for_its_column_does_not_close_the_gutter() -> None:
    lines = [f"NAME{n:02}          ANN      01/30/20{n:02}" for n in range(20)]
    lines[7] = "A VERY LONG NAME THAT RUNS ON  01/30/2001"
    assert sum(row[1:] == ["ANN", f"01/30/20{n:02}"] for n, row in enumerate(cells("\n".join(lines)))) >= 7
    assert len(cells("\n".join(lines))) == 19


@pytest.mark.parametrize("text", [PROSE, "", "one\ntwo\n", "a  b\nc  d\n"], ids=["prose", "empty", "lines", "two rows"])
def test_running_text_is_no_table(text: str) -> None:
    assert not any(isinstance(one, Column) for one in read(text)[0])


def test_labels_with_values_are_left_to_the_reading_of_forms() -> None:
    assert all(reads_as_form(grid) for grid in find_grids(numbered(FORM)))
    assert ("ssn", "899-45-1234") in by_row(read(FORM)[0])[None]


def test_a_row_speaks_of_one_person_and_places_are_characters_of_the_text() -> None:
    facts = read(LIST)[0]
    rows = by_row(facts)
    assert rows[4] >= {("name", "OLSON"), ("name", "MARY"), ("date_of_birth", "02/10/1951"), ("ssn", "899-45-1234")}
    assert rows[7] >= {("name", "LEE"), ("ssn", "899-45-3456")}
    for one in facts:
        if isinstance(one, Finding):
            assert LIST[one.place.start : one.place.end] == one.text
    assert len({one.finding_id for one in facts if isinstance(one, Finding)}) == sum(
        isinstance(one, Finding) for one in facts
    )


def test_a_page_without_header_goes_on_under_the_one_before() -> None:
    _, second = read(LIST, LIST_GOING_ON)
    assert by_row(second)[0] >= {("name", "BAKER"), ("name", "TOM"), ("date_of_birth", "02/10/1961")}
    headers = {one.col: one.header for one in second if isinstance(one, Column)}
    assert headers == {0: "Last", 1: "First", 2: "DOB", 3: "Cert No", 4: "SSN"}


def test_the_second_line_of_a_record_belongs_to_its_row() -> None:
    rows = by_row(read(TWO_LINES)[0])
    assert rows[1] >= {("name", "Olson, Mary"), ("phone", "(605) 555-2009")}
    assert {text for element, text in rows[5] if element == "phone"} == {"(605) 555-2011"}
    assert None not in rows


@given(st.lists(st.text(alphabet="ab1 \t|>:-\u2003é", max_size=40), max_size=12))
def test_any_text_is_read(lines: list[str]) -> None:
    text = "\n".join(lines)
    for grid in find_grids(numbered(text)):
        for row in grid.rows:
            assert len(row.spans) <= len(grid.columns)
            assert any(row.cells)
    read(text)


def test_texts_too_long_for_their_columns_push_the_rest_to_the_right() -> None:
    heads = f"{'called':<16}{'pick-up':<10}{'ring':<14}{'day':<12}memo"
    lines = ["Criteria  all sites", heads]
    for name, memo in (("Lopez, Ana", ""), ("Olson, Mary", "came in"), ("Baker, Eric", ""), ("Vang, Rosa", "late")):
        lines.append(f"{name:<16}12 Oak Street, Alder Falls, MN 56311  612-555-0111  3/7/2019    {memo}".rstrip())
    (grid,) = find_grids(numbered("\n".join(lines)))
    assert [row.cells[2:4] for row in grid.rows[-4:]] == [["612-555-0111", "3/7/2019"]] * 4
