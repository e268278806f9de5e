"""What markup holds and does not show."""

import pytest

from rollcall.items.unseen import unseen, worth_telling


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>Ann 899-45-1234</p>", ""),
        ("<!-- Ann Lee 899-45-1234 -->", "Ann Lee 899-45-1234"),
        ("<!--[if mso]><p>Ann Lee 899-45-1234</p><![endif]-->", "Ann Lee 899-45-1234"),
        ("<!-- Ann Lee 899-45-1234", "Ann Lee 899-45-1234"),
        ("<![CDATA[Ann Lee 899-45-1234]]>", "Ann Lee 899-45-1234"),
        ('<a title="Ann Lee" data-ssn="899-45-1234">', "Ann Lee\nssn: 899-45-1234"),
        ("<a title='Ann Lee, 899-45-1234'>", "Ann Lee, 899-45-1234"),
        ('<a href="https://x.example/?who=Ann+Lee&ssn=899-45-1234">', "who: Ann Lee\nssn: 899-45-1234"),
        ('<a href="https://x.example/?id=12345678901&utm=a9f81">', ""),
        ('<iframe srcdoc="&lt;p&gt;Ann Lee 899-45-1234">', "Ann Lee 899-45-1234"),
        ('<script>{"name": "Ann", "ssn": "899-45-1234"}</script>', '{"name": "Ann", "ssn": "899-45-1234"}'),
        ("<script>var version = 1234567;</script>", ""),
        ("<!--[if gte mso 9]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><![endif]-->", ""),
        ('<meta name="viewport" content="width=device-width, initial-scale=1">', ""),
        ('<span title="good morning all">', ""),  # words alone tell of nobody
    ],
)
def test_what_is_kept(markup: str, expected: str) -> None:
    assert unseen(markup) == expected


@pytest.mark.parametrize("piece", ["<!--", "<![CDATA[", "<script>", " title=", " title='", ' value="', " title = "])
def test_markup_made_to_be_slow_is_read(piece: str) -> None:
    assert unseen(piece * 100_000) == ""


def test_lines_are_told_once() -> None:
    assert worth_telling(["Ann Lee 899-45-1234"] * 2) == "Ann Lee 899-45-1234"
