"""What columns mean that no header tells: by content, by the columns beside them, by headers cut short."""

import pytest

from rollcall.elements.headers import names_a_field, near_readings
from rollcall.findings.headings import label_pairs
from rollcall.findings.profile import check_routing, shapes_of
from rollcall.findings.tables import TableReader, interpret_table
from rollcall.findings.texts import TextReader
from rollcall.model import Column, Finding, Part

BLOB = "b" * 64


def meanings(*rows: list[str]) -> dict[int, tuple[str, str]]:
    columns, _ = interpret_table(BLOB, 0, [(index, 0, row) for index, row in enumerate(rows)], lambda value: value)
    return {one.col: (one.element, one.subtype) for one in columns if one.element}


NAMES = ["Olson, Mary", "Baker, Everett J", "Jung, Brock", "Nguyen, Thanh"]


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [
        (["3/7/1964", "11/2/1981", "5/5/2001", "9/9/1990"], ("date_of_birth", "full")),
        (["3/7/2019", "4/2/2019", "5/5/2019", "6/9/2019"], ("date_of_service", "date")),
        (["23265", "36003", "23864", "35494"], ("date_of_birth", "full")),
        (["817940265", "793654990", "602039975", "418132922"], ("ssn", "full")),
        (["479199908", "479171966", "479182776", "479178493"], ("medical_record_number", "mrn")),
        (["F41.1", "E11.9", "", "I25.10"], ("diagnosis", "code")),
        (["type 2 diabetes", "asthma", "gout", "eczema"], ("diagnosis", "words")),
        (["12 Elm St, Springdale, MN 55101", "PO Box 4, Ada, MN 55102", "", ""], ("address", "street")),
        (["lisinopril 10 mg", "Xarelto", "metformin", ""], ("medication", "drug")),
        (["99213", "D1110", "80053", "G0101"], ("treatment", "procedure")),
        (["Prairie Health Plan", "Medicare", "Prairie Health Plan", ""], ("health_insurance", "payer")),
        (["011000015", "021000021", "122105155", "091000019"], ("financial_account", "routing")),
    ],
)
@pytest.mark.parametrize("header", ["", "zxq"])
def test_content_beside_names(cells: list[str], meaning: tuple[str, str], header: str) -> None:
    head = [["Patient Name", header, "Phone"]] if header else []
    phones = ["(218) 555-0101", "(218) 555-0102", "(218) 555-0103", "(218) 555-0104"]
    rows = [list(row) for row in zip(NAMES, cells, phones, strict=True)]
    assert meanings(*head, *rows).get(1) == meaning


@pytest.mark.parametrize("cells", [["90 units", "3 boxes", "2 crates", "1 box"], ["yes", "no", "yes", "yes"]])
def test_content_that_says_nothing(cells: list[str]) -> None:
    rows = [list(row) for row in zip(NAMES, cells, ["a@b.org", "c@d.org", "e@f.org", "g@h.org"], strict=True)]
    assert 1 not in meanings(["Patient Name", "zxq", "Email"], *rows)


@pytest.mark.parametrize(
    ("codes", "meaning"),
    [
        (["SJH207931", "SJH622235", "SJH669553", "0000029"], ("medical_record_number", "mrn")),
        (["HSA-12194-34", "QMRQ154080", "100050332451", "BK060816937"], ("health_insurance", "member_id")),
        (["182.06", "1683.42", "137.90", "96.10"], ("billing_amount", "amount")),
    ],
)
def test_codes_of_one_maker_and_of_several(codes: list[str], meaning: tuple[str, str]) -> None:
    rows = [list(row) for row in zip(NAMES, codes, ["Medicare"] * 4, strict=True)]
    assert meanings(["Patient Name", "zxq", "Payer"], *rows)[1] == meaning


def test_without_people_dates_are_dates() -> None:
    assert meanings(["zxq", "qqx"], ["3/7/1964", "bolt"], ["11/2/1981", "nut"]) == {}


def test_rare_surnames_beside_first_names() -> None:
    rows = [["Qxar", "Mary", "3/7/1964"], ["Olson", "Everett", "1/2/1985"], ["Vrbn", "Susan", "7/7/1942"]]
    found = meanings(*rows, ["Baker", "Thomas", "8/8/1971"])
    assert (found[0], found[1]) == (("name", "family"), ("name", "given"))


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("surn", ("name", "family")), ("dgnss", ("diagnosis", "words")), ("emplyr", ("", "")),
        ("xyz", ("", "")), ("ro", ("", "")),
    ],
)  # fmt: skip
def test_headers_cut_short(header: str, meaning: tuple[str, str]) -> None:
    read = {(one.element, one.subtype) for one in near_readings(header)}
    assert meaning in read if meaning[0] else not read


def test_a_header_cut_short_counts_only_with_its_content() -> None:
    rows = [["Mary", "Olson", "3/7/1964"], ["Susan", "Baker", "1/2/1985"], ["Thomas", "Jung", "7/7/1942"]]
    found = meanings(["giv", "surn", "DOB"], *rows)
    assert found == {0: ("name", "given"), 1: ("name", "family"), 2: ("date_of_birth", "full")}
    assert ("name", "family") not in meanings(["Patient", "surn"], ["Mary Olson", "44"], ["Al Jung", "45"]).values()


def test_a_header_over_two_rows_of_unknown_words() -> None:
    rows = [
        ["Name", "Pick", "Best", "Came"],
        ["served", "at", "no", "in"],
        ["Olson, Mary", "12 Elm St", "(218) 555-0101", "3/7/2019"],
        ["Baker, Everett", "9 Oak St", "(218) 555-0102", "3/8/2019"],
        ["Jung, Brock", "8 Main St", "(218) 555-0103", "3/9/2019"],
    ]
    columns, findings = interpret_table(BLOB, 0, [(index, 0, row) for index, row in enumerate(rows)], lambda v: v)
    assert {one.header_row for one in columns} == {1}
    assert min(one.place.row or 0 for one in findings) == 2


def test_two_header_rows_are_no_form() -> None:
    rows = [["Member's", "P/U", "Ride", "text", "Age", "dt"], ["Name", "at", "day", "ok", "visit", "birth"]]
    assert label_pairs([(index, dict(enumerate(row))) for index, row in enumerate(rows)]) is None


@pytest.mark.parametrize(
    ("row", "elements"),
    [
        (["Qxr Vnn", "5/17/1978", "L20.9"], {"name", "date_of_birth", "diagnosis"}),
        (["page", "2", "of 3"], set()),
    ],
)
def test_a_table_without_header_goes_on_with_the_one_before(row: list[str], elements: set[str]) -> None:
    head = [["Patient Name", "DOB", "Dx"], ["Mary Olson", "3/7/1964", "F41.1"], ["Brock Jung", "1/2/1985", "E11.9"]]
    first = TableReader(BLOB, 0, lambda value: value)
    assert [*first.feed((index, 0, one) for index, one in enumerate(head)), *first.finish()]
    second = TableReader(BLOB, 1, lambda value: value, before=first)
    facts = [*second.feed([(0, 0, row)]), *second.finish()]
    assert {one.element for one in facts if isinstance(one, Column) and one.element} == elements


def test_columns_pushed_aside_by_a_long_text() -> None:
    text = """\
Nr  Patient               MRN      Home Address           Phone       SSN
1   Santos Olson Sr       4403811  8014 Salter Ct NW Unit 7, Ada, MN 56510  2185550658  789-73-0479
2   Margaret T. Leonard   4403112  9808 Acushnet Cir, Ada, MN 56510  2185551064  753-22-9639
3   Enoch L. Leonard      4403975  7448 St. Joseph Lane NE, Halstad, MN 56548  2185551064
4   Candelaria Baker      4403324  8014 Salter Ct NW Unit 7, Ada, MN 56510  2185550659  781-73-0479
"""
    facts = TextReader(BLOB, lambda value: value).read(Part(blob_id=BLOB, part_no=0, kind="text", text=text))
    found = {(one.place.row, one.element, one.value) for one in facts if isinstance(one, Finding)}
    assert {(1, "ssn", "789730479"), (2, "ssn", "753229639"), (3, "medical_record_number", "4403975")} <= found
    assert {row for row, element, _ in found if element == "phone"} == {1, 2, 3, 4}


@pytest.mark.parametrize(("digits", "right"), [("021000021", True), ("021000022", False), ("000000000", False)])
def test_routing_numbers(digits: str, right: bool) -> None:
    assert check_routing(digits) == right


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("metoprolol", "drug"), ("atorvastatin", "drug"), ("Blue Cross", "payer"), ("OLSON, MARY K", "comma"),
        ("12 Elm St, Ada, MN 56510", "located"), ("D1110", "hcpcs"), ("4111 1111 1111 1111", "card"),
    ],
)  # fmt: skip
def test_shapes(text: str, shape: str) -> None:
    assert shape in shapes_of(text)


@pytest.mark.parametrize(
    ("text", "is_field"),
    [
        ("Member's Name", True), ("Birth m/d/y", True), ("Name as on card", True), ("Fecha de nacimiento", True),
        ("Mary Olson", False), ("Grant Chart", False), ("Olson, Mary", False), ("Nguyen Thi Date", False),
    ],
)  # fmt: skip
def test_headers_among_names(text: str, is_field: bool) -> None:
    assert names_a_field(text) == is_field


def read_text(text: str) -> set[tuple[str, str]]:
    facts = TextReader(BLOB, lambda value: value).read(Part(blob_id=BLOB, part_no=0, kind="body", text=text))
    return {(one.element, one.text) for one in facts if isinstance(one, Finding) and one.confidence >= 0.4}


@pytest.mark.parametrize(
    "first",
    [
        "Who is this about: Qxar, Mary K", "[YOUR FULL SELF] Qxar, Mary K", "You (print) __Qxar, Mary K______",
        "You .......... Qxar, Mary K", "1. you: Qxar, Mary K",
    ],
)  # fmt: skip
def test_the_name_on_a_form_under_an_unknown_label(first: str) -> None:
    rest = "DOB: 3/7/1964\nSSN: 789-73-0479\nSomebody else: Olson, Ann\n"
    assert {text for element, text in read_text(f"{first}\n{rest}") if element == "name"} == {"Qxar, Mary K"}


@pytest.mark.parametrize(
    "text",
    ["Color: Dark Green\nDOB: 3/7/1964\nSSN: 789-73-0479", "Who: Olson, Ann\nPlease call.\n",
     "Patient: Baker, Al\nWho: Olson, Ann\nDOB: 3/7/1964\nSSN: 789-73-0479"],
)  # fmt: skip
def test_no_other_names_under_unknown_labels(text: str) -> None:
    assert {one for element, one in read_text(text) if element == "name"} <= {"Baker, Al"}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("[BIRTH (M/D/Y)] 03/07/1964", ("date_of_birth", "03/07/1964")),
        ("PATIENT'S NAME (Last Name, First Name, Middle Initial): OLSON, MARY, K", ("name", "OLSON, MARY, K")),
        ("1a. INSURED'S I.D. NUMBER (For Program in Item 1): W44556677", ("health_insurance", "W44556677")),
        ("Social (if you have one): 879250991", ("ssn", "879250991")),
        ("3. PATIENT'S BIRTH DATE: 02 01 1951", ("date_of_birth", "02 01 1951")),
        ("Patient name __Al T____________ rest", ("name", "Al T")),
        ("Patient's birthday __10/11/1936______", ("date_of_birth", "10/11/1936")),
    ],
)
def test_labels_of_printed_forms(line: str, found: tuple[str, str]) -> None:
    assert found in read_text(line + "\n")


def test_a_form_in_two_columns_with_labels_half_known() -> None:
    rows = [
        ["Person", ""],
        ["Who is it", "Qxar, Mary K"],
        ["Birth (m/d/y)", "3/7/1964"],
        ["Social (if any)", "789730479"],
        ["Wishes", "none at all"],
    ]
    _, findings = interpret_table(BLOB, 0, [(index, 0, row) for index, row in enumerate(rows)], lambda value: value)
    found = {(one.element, one.value) for one in findings}
    assert {("name", "Mary K Qxar"), ("date_of_birth", "1964-03-07"), ("ssn", "789730479")} <= found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("March 3, 2019\nMary Olson\n12 Elm St\nAda, MN 56510\n", {"Mary Olson"}),
        ("Mary Olson (file 44)\n12 Elm St\n", {"Mary Olson"}),
        ("Springfield Clinic\n12 Elm St\n", set()),
        ("Mary Olson\n\n12 Elm St\n", set()),
        ("Mary Olson\nsends it to 12 Elm St\n", set()),
    ],
)
def test_whom_a_letter_is_addressed_to(text: str, names: set[str]) -> None:
    assert {one for element, one in read_text(text) if element == "name"} == names
