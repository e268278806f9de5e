import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.elements.dates import excel_serial, month_day, parse_date


@pytest.mark.parametrize(
    "text",
    [
        "3/7/84", "03-07-1984", "3.7.1984", "7 Mar 1984", "07-MAR-84", "March 7, 1984", "Mar. 7th, 1984", "1984-03-07",
        "1984/3/7", "19840307", "03071984", "1984-03-07 00:00:00", "3/7/1984 12:00:00 AM", "7 de marzo de 1984",
        "7th of March 1984", "Mar 7 '84",
    ],
)  # fmt: skip
def test_shapes_of_one_day(text):
    assert parse_date(text, birth=True) == "1984-03-07"


@pytest.mark.parametrize(
    ("text", "birth", "expected"),
    [
        ("3/7/27", True, "1927-03-07"),  # nobody is born in the future
        ("3/7/26", True, "2026-03-07"),
        ("3/7/27", False, "2027-03-07"),
        ("25/12/1980", True, "1980-12-25"),
        ("2/29/2023", True, None),
        ("13/13/1990", True, None),
        ("123-45-6789", True, None),
        ("", True, None),
        ("March", True, None),
    ],
)
def test_edges(text, birth, expected):
    assert parse_date(text, birth=birth) == expected


def test_day_numbers_of_excel():
    assert excel_serial("30748") == "1984-03-07"
    assert excel_serial("30748.0") == "1984-03-07"
    assert excel_serial("99999") is None
    assert excel_serial("12") is None


def test_days_without_a_year():
    assert month_day("Mar 7") == month_day("3/7") == "--03-07"
    assert month_day("13/40") is None


@given(st.dates())
def test_every_day_survives_iso(day):
    assert parse_date(day.isoformat()) == day.isoformat()


@given(st.text(max_size=30))
def test_any_text(text):
    parse_date(text)
    excel_serial(text)
    month_day(text)
