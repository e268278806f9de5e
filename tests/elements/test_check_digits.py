"""Check digits: published examples hold, and one wrong digit shows."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rollcall.elements import check_digits

PUBLISHED = [
    (check_digits.luhn, "4539578763621486"),
    (check_digits.npi, "1234567893"),
    (check_digits.dea, "AB1234563"),
    (check_digits.routing, "021000021"),
    (check_digits.routing, "111000025"),
    (check_digits.iban, "GB82WEST12345698765432"),
    (check_digits.vin, "1M8GDM9AXKP042788"),
    (check_digits.vin, "11111111111111111"),
    (check_digits.gtin, "00844588003288"),
]
LENIENT = (check_digits.vin, check_digits.dea)  # twice 0 and twice 5 end alike; letters and digits share values


@pytest.mark.parametrize(("check", "number"), PUBLISHED)
def test_published_numbers_hold(check: Callable[[str], bool], number: str) -> None:
    assert check(number)


@pytest.mark.parametrize(("check", "number"), PUBLISHED)
def test_another_length_or_alphabet_does_not(check: Callable[[str], bool], number: str) -> None:
    assert not check(number[:-1] + "%")
    assert not check("")
    if check is not check_digits.luhn:
        assert not check(number + "0" * 20)


@pytest.mark.parametrize(("check", "number"), [one for one in PUBLISHED if one[0] not in LENIENT])
@given(data=st.data())
def test_one_wrong_digit_shows(check: Callable[[str], bool], number: str, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from([index for index, sign in enumerate(number) if sign.isdigit()]))
    other = data.draw(st.sampled_from("0123456789"))
    assume(other != number[at])
    assert not check(number[:at] + other + number[at + 1 :])


@given(st.text(max_size=24))
def test_no_text_breaks_them(text: str) -> None:
    for check, _ in PUBLISHED:
        assert check(text) in (True, False)
