"""Dates of mail headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.dates import mail_date, received_date


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("Tue, 9 Jun 2009 23:58:45 -0400", "2009-06-10T03:58:45Z"),
        ("Tue, 9 Jun 2009 23:58:45 -0400 (EDT)", "2009-06-10T03:58:45Z"),
        ("Mon Jun 01 10:00:00 2009", "2009-06-01T10:00:00Z"),
        ("Tue Jun  9 23:58:45 EDT 2009", "2009-06-10T03:58:45Z"),
        ("2009-06-01T10:00:00.123Z", "2009-06-01T10:00:00Z"),
        ("2009-06-01 10:00:00+02:00", "2009-06-01T08:00:00Z"),
        ("22 Jul 99 10:00 EST", "1999-07-22T15:00:00Z"),
        ("1 Jan 49 01:02:03 +0000", "2049-01-01T01:02:03Z"),
        ("30 Jun 2012 23:59:60 +0000", "2012-06-30T23:59:59Z"),
        ("9 Jun 2009 10:00:00 +9999", "2009-06-09T10:00:00Z"),
        ("1 Jan 1601 00:00:00 +0000", None),
        ("Wed, 31 Dec 1969 23:59:59 +0000", None),
        ("1 Jan 1979 10:00:00 +0000", None),
        ("1 Jan 1980 10:00:00 +0000", "1980-01-01T10:00:00Z"),
        ("1 Jan 2099 10:00:00 +0000", None),
        ("1 Jan 9999 10:00:00 +0000", None),
        ("31 Feb 2009 10:00:00 +0000", None),
        ("1 Jan 2009 25:00:00 +0000", None),
        ("yesterday", None),
        ("", None),
        ("0", None),
        ("9" * 5_000, None),
    ],
)
def test_what_is_credible_becomes_utc(written: str, utc: str | None) -> None:
    assert mail_date(written) == utc


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("from a by b; Wed, 23 Feb 2005 17:51:49 -0500", ("Wed, 23 Feb 2005 17:51:49 -0500", "2005-02-23T22:51:49Z")),
        (
            "by x (userid 1) id 0F8; Wed, 23 Feb 2005 16:16:17 -0600",
            ("Wed, 23 Feb 2005 16:16:17 -0600", "2005-02-23T22:16:17Z"),
        ),
        ("by x id 0F8 Wed, 23 Feb 2005 16:16:17 -0600", ("Wed, 23 Feb 2005 16:16:17 -0600", "2005-02-23T22:16:17Z")),
        ("from xxx by xxx; date", ("date", None)),
        ("", ("", None)),
    ],
)
def test_received(written: str, expected: tuple[str, str | None]) -> None:
    assert received_date(written) == expected


@given(st.text(max_size=80))
def test_never_raises(written: str) -> None:
    assert mail_date(written) is None or str(mail_date(written)).endswith("Z")
    received_date(written)
