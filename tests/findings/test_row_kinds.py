"""Headers that stand over several rows or begin alike, and rows of a table that are none of its records."""

import pytest

from rollcall.findings.shared_words import parted
from rollcall.findings.tables import interpret_table

PEOPLE = [("Ana Lopez", "3/7/1984", "612-555-0111"), ("Mary Olson", "11/25/1957", "612-555-0122"),
          ("Eric Baker", "4/5/1971", "612-555-0133"), ("Rosa Vang", "9/9/2009", "612-555-0144")]  # fmt: skip


def read(*rows: list[str]) -> tuple[dict[int, str], set[tuple[int, str, str]]]:
    """Return what the columns of the first table are, and (row, element, text) of what was found."""
    columns, findings = interpret_table("b", 0, [(at, 0, row) for at, row in enumerate(rows)], lambda text: text)
    meant = {one.col: one.element for one in columns if one.table == 0}
    return meant, {(one.place.row, one.element, one.text) for one in findings}


@pytest.mark.parametrize(
    ("headers", "rest"),
    [
        (["Ptcpt Who", "Ptcpt Born", "Ptcpt Call"], ["Who", "Born", "Call"]),
        (["recip.who", "recip.born", "recip.call", "site"], ["who", "born", "call", None]),
        (["MBRWHO", "MBRBORN", "MBRCALL", "MBROWES"], ["WHO", "BORN", "CALL", "OWES"]),
        (["zzName", "zzBorn", "zzCall 2"], ["Name", "Born", "Call"]),
        (["Date of birth", "Date of visit", "Date of death"], [None, None, None]),
        (["First name", "Last name", "DOB"], [None, None, None]),
        (["Who", "Who", "Who"], [None, None, None]),
        ([], []),
    ],
)
def test_what_headers_share(headers, rest):
    found = parted(dict(enumerate(headers)))
    assert [found[col][1] if col in found else None for col in range(len(headers))] == rest


def test_a_word_before_each_header_is_no_part_of_it():
    rows = [["participant_called", "participant_born", "participant_owes"],
            *([name, born, f"{at}17.20"] for at, (name, born, _) in enumerate(PEOPLE, 1))]  # fmt: skip
    assert read(*rows)[0] == {0: "name", 1: "date_of_birth", 2: "billing_amount"}


def test_a_header_broken_over_two_rows_with_a_word_that_comes_again():
    rows = [["Ptcpt", "Ptcpt", "Ptcpt"], ["Name/title:", "Born On:", "Ring:"], *map(list, PEOPLE)]
    assert read(*rows)[0] == {0: "name", 1: "date_of_birth", 2: "phone"}


def test_lines_under_a_record_have_a_header_of_their_own():
    rows = [["Surname", "First", "DOB", "Phone"], ["", "Svc day", "Coded", "Billed"]]
    for name, born, phone in PEOPLE:
        rows += [[*reversed(name.split()), born, phone], ["", "1/12/2019", "E11.9", "99213"]]
    _, found = read(*rows)
    assert {(2, "name", "Lopez"), (3, "date_of_service", "1/12/2019"), (3, "diagnosis", "E11.9")} <= found
    assert (3, "treatment", "99213") in found
    assert not {one for one in found if one[0] == 3 and one[1] == "name"}


def test_a_lone_cell_heads_a_group():
    rows = [["Name", "DOB", "Phone"], ["JETHRO SOWLE"], *map(list, PEOPLE[:2]), ["Seen by Eric Baker"],
            *map(list, PEOPLE[2:])]  # fmt: skip
    _, found = read(*rows)
    assert {row for row, element, _ in found if element == "name"} == {2, 3, 5, 6}


def test_an_address_on_the_line_below_is_no_name():
    rows = [["Name", "DOB", "Phone", "MRN", "Balance"]]
    for at, (name, born, phone) in enumerate(PEOPLE):
        rows += [[name, born, phone, f"0065017{at}", "12.50"], ["12 Oak Street, Alder Falls, MN 56311", phone]]
    meant, found = read(*rows)
    assert meant[0] == "name"
    assert (2, "address", "12 Oak Street, Alder Falls, MN 56311") in found
    assert not {one for one in found if one[0] == 2 and one[1] == "name"}


@pytest.mark.parametrize("rule", ["-----", "~~~~", "____", "=== ===", "....."])
def test_a_line_of_rules_is_no_part_of_a_table(rule):
    rows = [["Who", "Born", "Ring"], [rule, rule, rule], *map(list, PEOPLE)]
    assert read(*rows)[0] == {0: "name", 1: "date_of_birth", 2: "phone"}


def test_what_a_list_was_asked_for_is_no_header():
    rows = [["Criteria", "Site: all sites"], ["Who", "Born", "Ring", "Owes"],
            *([*one, "14.20"] for one in PEOPLE)]  # fmt: skip
    assert read(*rows)[0] == {0: "name", 1: "date_of_birth", 2: "phone", 3: "billing_amount"}


def test_first_words_of_columns_over_a_header_are_no_groups() -> None:
    rows = [["", "dt", "Plan", "", "", "Legal"], ["stt", "brth", "nr.", "F/M", "Sur", "1st"],
            *([state, born, f"XZA82021{at}4411", "F", *reversed(name.split())] for at, (state, (name, born, _))
              in enumerate(zip(["MN", "WI", "MN", "SD"], PEOPLE, strict=True)))]  # fmt: skip
    assert read(*rows)[0] == {0: "address", 1: "date_of_birth", 2: "health_insurance", 3: "", 4: "name", 5: "name"}
