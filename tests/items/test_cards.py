"""Address cards and calendars: lines folded and escaped in every way, several in a file, what is attached."""

# ruff: noqa: E501 (formats are written as they stand in files)

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.content_lines import read, unfold
from rollcall.items.parser import Inner, Text
from rollcall.items.parsers import ics, vcard

from .people import codes, notes, people, values


def card(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCARD", "VERSION:3.0", "FN:Mary Olson", *lines, "END:VCARD", "")).encode()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("TEL;TYPE=HOME:701-555-0142", ("phone.phone", "701-555-0142")),
        ("item1.EMAIL;type=pref:m@x.org", ("email.email", "m@x.org")),
        ("ADR;TYPE=HOME:;;12 Oak St\\, Apt 3;Fargo;ND;58102;USA", ("address.street", "12 Oak St, Apt 3")),
        ("ADR:PO Box 9;;;Fargo;ND;58102;", ("address.po_box", "PO Box 9")),
        ("BDAY:19840307", ("date_of_birth.full", "1984-03-07")),
        ("BDAY;VALUE=date:1984-03-07T00:00:00Z", ("date_of_birth.full", "1984-03-07")),
        ("BDAY:1984", ("date_of_birth.year", "1984")),
        ("TEL;HOME:tel:+1-701-555-0142", ("phone.phone", "+1-701-555-0142")),
        ("EMAIL;ENCODING=QUOTED-PRINTABLE:m=40x.org", ("email.email", "m@x.org")),
    ],
)
def test_fields_of_a_card(line: str, expected: tuple[str, str]) -> None:
    assert people(values(vcard.PARSER, card(line)))["card 1"] >= {expected, ("name.full", "Mary Olson")}


def test_several_cards_notes_and_photographs() -> None:
    photo = base64.b64encode(b"\x89PNG made up").decode()
    data = card("NOTE:MRN 0042\\nsees Greg", f"PHOTO;ENCODING=b;TYPE=PNG:{photo[:8]}\r\n {photo[8:]}") + card(
        "X-SSN:899-45-1234"
    )
    found = values(vcard.PARSER, data)
    assert set(people(found)) == {"card 1", "card 2"}
    assert notes(found) == {"card 1 NOTE": "MRN 0042\nsees Greg", "card 2 X-SSN": "899-45-1234"}
    (inner,) = (one for one in found if isinstance(one, Inner))
    assert inner.chunks is not None
    assert b"".join(inner.chunks()) == b"\x89PNG made up"


def test_the_name_of_a_card_is_its_parts() -> None:
    data = b"BEGIN:VCARD\nN:de la Cruz;Ana;Maria;Dr.;Jr.\nFN:Dr. Ana Cruz\nEND:VCARD\n"
    assert people(values(vcard.PARSER, data))["card 1"] == {("name.full", "de la Cruz, Ana Maria, Jr.")}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("NOTE:a", " b", "\tc"), "abc"),
        (("NOTE:a\\, b\\; c\\\\d\\ne",), "a, b; c\\d\ne"),
        (('NOTE;X="a:b;c":d',), "d"),
        (("NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:caf=C3=A9 =", "au lait"), "café au lait"),
    ],
)
def test_lines(lines: tuple[str, ...], expected: str) -> None:
    (whole,) = unfold(lines)
    line = read(whole)
    assert line is not None
    assert (line.name, line.text) == ("NOTE", expected)


def event(*lines: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR")).encode()


def texts(data: bytes) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in values(ics.PARSER, data) if isinstance(one, Text)]


def test_an_appointment() -> None:
    assert texts(event(
        "UID:1", "SUMMARY:Mary Olson\\, intake", "DESCRIPTION:DOB 3/7/84\\nMRN 0042", "LOCATION:Room 4", "X-ALT-DESC:<p>DOB 3/7/84</p><p>MRN 0042</p>",
        'ATTENDEE;CN="House, Greg";RSVP=TRUE:mailto:g@x.org', "ORGANIZER:MAILTO:d@x.org", "X-PATIENT-SSN:899-45-1234",
    )) == [
        ("subject", "Mary Olson, intake"), ("body", "DOB 3/7/84\nMRN 0042\n\nRoom 4\n\n899-45-1234"),
        ("header", "To: House, Greg <g@x.org>\nFrom:  <d@x.org>"),
    ]  # fmt: skip


def test_what_is_attached_and_what_breaks_off() -> None:
    data = event("SUMMARY:a", "ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=text/plain:aGVsbG8=", "ATTACH:https://x/y")
    found = values(ics.PARSER, data[:-30])
    (inner,) = (one for one in found if isinstance(one, Inner))
    assert inner.chunks is not None
    assert (b"".join(inner.chunks()), codes(found)) == (b"hello", ["truncated"])


@given(
    st.lists(
        st.sampled_from(
            (
                "BEGIN:VCARD",
                "END:VCARD",
                "BEGIN:VEVENT",
                "END:VEVENT",
                "N:a;b",
                "TEL:7015550142",
                " x",
                "no line",
                "PHOTO;ENCODING=b:!",
                "=",
                "",
            )
        ),
        max_size=14,
    )
)
def test_lines_in_any_order(lines: list[str]) -> None:
    for parser, start in ((vcard.PARSER, "BEGIN:VCARD"), (ics.PARSER, "BEGIN:VCALENDAR")):
        values(parser, "\n".join((start, *lines)).encode())
