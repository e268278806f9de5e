import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.findings.tables import TableReader, interpret_table
from rollcall.model import Column


def seal(value):
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def rows_of(text):
    return [(i, 0, [c.strip() for c in line.split("|")]) for i, line in enumerate(text.strip("\n").split("\n"))]


def read(text):
    return interpret_table("b", 0, rows_of(text), seal)


def mapped(text):
    return [(c.table, c.col, c.element, c.subtype, c.group) for c in read(text)[0]]


PLAIN = """
Patient list 2023

Name|MRN|SSN|DOB|Phone|Facility Name|Notes
LOPEZ, ANA M|00123|401-45-1234|3/7/84|612-555-0111|Mercy|call SSN 402-11-3344
SMITH, JOHN|00124|401451235|1950-01-02|6125550112|Mercy|
NGUYEN, THI|00125|1451235|30748|N/A|Mercy|x
"""


def test_headers_below_a_title():
    assert mapped(PLAIN) == [
        (0, 0, "name", "full", ""),
        (0, 1, "medical_record_number", "mrn", ""),
        (0, 2, "ssn", "full", ""),
        (0, 3, "date_of_birth", "full", ""),
        (0, 4, "phone", "phone", ""),
        (0, 5, "", "", ""),
        (0, 6, "", "", ""),
    ]


def test_values_of_cells():
    columns, findings = read(PLAIN)
    assert columns[0].header_row == 2
    assert (columns[0].first_row, columns[0].last_row) == (3, 5)
    values = {(f.place.row, f.place.col): (f.value, f.check) for f in findings}
    assert values[3, 0] == ("Ana M Lopez", "valid")
    assert values[5, 2] == ("001451235", "padded")
    assert values[5, 3] == ("1984-03-07", "valid")
    assert values[3, 6] == ("402113344", "valid")
    assert (5, 4) not in values
    note = next(f for f in findings if f.place.col == 6)
    assert note.text == "402-11-3344"


def test_group_row_above():
    text = """
Patient|||Guarantor||
Last Name|First Name|DOB|Name|SSN|Phone
Lopez|Ana|3/7/84|Bob Lopez|401-45-1234|612-555-0111
Smith|Joe|3/7/54|Ann Smith|401-45-1235|612-555-0112
"""
    assert [(element, group) for _, _, element, _, group in mapped(text)] == [
        ("name", "patient"),
        ("name", "patient"),
        ("date_of_birth", "patient"),
        ("name", "guarantor"),
        ("ssn", "guarantor"),
        ("phone", "guarantor"),
    ]


def test_header_broken_over_two_rows():
    text = """
Date of|Social|Last|First|Med Rec
Birth|Security|Name|Name|No
3/7/84|401-45-1234|Lopez|Ana|123456
3/7/85|401-45-1235|Smith|Joe|123457
"""
    assert [(element, subtype) for _, _, element, subtype, _ in mapped(text)] == [
        ("date_of_birth", "full"),
        ("ssn", "full"),
        ("name", "family"),
        ("name", "given"),
        ("medical_record_number", "mrn"),
    ]


def test_no_header_at_all():
    text = """
Ana Lopez|3/7/1984|401-45-1234|00123456|Minneapolis|MN|55401
John Smith|3/7/1950|401-45-1235|00123457|St Paul|MN|55402
Thi Nguyen|3/7/2004|401-45-1236|00123458|Duluth|MN|55403
Joe Miller|3/7/1974|401-45-1237|00123459|Duluth|MN|55404
"""
    columns, findings = read(text)
    assert {c.why for c in columns} == {"content"}
    assert [c.element for c in columns] == [
        "name", "date_of_birth", "ssn", "medical_record_number", "address", "address", "address",
    ]  # fmt: skip
    assert len(findings) == 28


def test_content_overrules_a_lying_header():
    columns, _ = read("ID|Phone\n12345|401-45-1234\n12346|401-45-1235\n12347|402-45-1235")
    assert (columns[1].element, columns[1].why) == ("ssn", "content")


def test_a_header_without_support_is_kept_at_lower_confidence():
    good, _ = read("Name|MRN\nAna Lopez|12345\nJoe Smith|12346")
    poor, _ = read("Name|MRN\nAna Lopez|pending A\nJoe Smith|lost B")
    assert poor[1].element == "medical_record_number"
    assert poor[1].confidence < 0.5 < good[1].confidence


def test_headers_of_unknown_words():
    assert mapped("Foo|Bar\nAna Lopez|401-45-1234\nJoe Smith|401-45-1235\nSue Black|401-45-1237")[1][2] == "ssn"


def test_stacked_tables():
    text = """
Name|DOB
Ana Lopez|3/7/1984
Joe Smith|3/7/1985

Employees
Employee|SSN (last 4)
Bob Jones|1234
Ann Lee|0034
"""
    columns, findings = read(text)
    assert [(c.table, c.col, c.element, c.subtype) for c in columns] == [
        (0, 0, "name", "full"),
        (0, 1, "date_of_birth", "full"),
        (1, 0, "name", "full"),
        (1, 1, "ssn", "last4"),
    ]
    assert [f.value for f in findings if f.element == "ssn"] == ["1234", "0034"]


def test_printed_pages_repeat_the_header():
    text = "Name|DOB\n" + "Ana Lopez|3/7/1984\nName|DOB\nJoe Smith|3/7/1985"
    columns, findings = read(text)
    assert len(columns) == 2
    assert [f.value for f in findings] == ["Ana Lopez", "1984-03-07", "Joe Smith", "1985-03-07"]


def test_a_form_on_a_sheet():
    text = """
Patient Name:|Ana Lopez||
DOB|3/7/1984|MRN:|123456
Address|12 Oak Street, Minneapolis, MN 55401
Guarantor Name|Bob Lopez
SSN|401-45-1234
"""
    columns, findings = read(text)
    assert not any(c.element for c in columns)
    assert [(f.element, f.group, f.value) for f in findings] == [
        ("name", "patient", "Ana Lopez"),
        ("date_of_birth", "", "1984-03-07"),
        ("medical_record_number", "", "123456"),
        ("address", "", "12 Oak Street, Minneapolis, MN 55401"),
        ("name", "guarantor", "Bob Lopez"),
        ("ssn", "", "401451234"),
    ]
    assert {f.why for f in findings} == {"form"}


def test_two_values_in_one_cell():
    _, findings = read("Name|Phone\nAna Lopez|612-555-0111 / 612-555-0112\nJoe Smith|612-555-0113")
    assert [f.value for f in findings if f.element == "phone"] == ["6125550111", "6125550112", "6125550113"]


def test_city_state_zip_in_one_cell():
    _, findings = read("Name|City, State, Zip\nAna Lopez|St Paul, MN 55101\nJoe Smith|Duluth, MN 55802")
    assert [(f.subtype, f.value) for f in findings if f.place.row == 1][1:] == [
        ("city", "St Paul"),
        ("state", "MN"),
        ("zip", "55101"),
    ]


def test_slices_do_not_matter():
    lines = ["Name|MRN|DOB"] + [f"Ana Lopez|{100000 + i}|3/7/{1930 + i % 80}" for i in range(1200)]
    rows = rows_of("\n".join(lines))
    reader = TableReader("b", 0, seal)
    facts = [fact for start in range(0, len(rows), 97) for fact in reader.feed(rows[start : start + 97])]
    facts += reader.finish()
    columns, findings = interpret_table("b", 0, rows, seal)
    assert [f for f in facts if not isinstance(f, Column)] == findings
    assert [f for f in facts if isinstance(f, Column)] == columns
    assert len(findings) == 3600
    assert columns[0].last_row == 1200


CELLS = st.sampled_from(
    [
        "",
        "Name",
        "SSN",
        "DOB",
        "401-45-1234",
        "3/7/84",
        "Ana Lopez",
        "MRN:",
        "00123",
        "N/A",
        "Patient",
        "x",
        "612-555-0111",
    ]
) | st.text(max_size=12)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.lists(CELLS, max_size=6)), max_size=14))
def test_any_table(steps):
    row, rows = -1, []
    for step, cells in steps:
        row += step
        rows.append((row, 0, cells))
    columns, findings = interpret_table("b", 0, rows, seal)
    assert (columns, findings) == interpret_table("b", 0, rows, seal)
    cells_at = {(r, col): text for r, _, cells in rows for col, text in enumerate(cells)}
    for one in findings:
        text = cells_at[one.place.row, one.place.col]
        assert text[one.place.start : one.place.end] == one.text
    assert len({one.finding_id for one in findings}) == len(findings)


@pytest.mark.parametrize("rows", [[], [(0, 0, [])], [(5, 3, ["", " "])]])
def test_nothing(rows):
    assert interpret_table("b", 0, rows, seal) == ([], [])
