import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.findings.normalise import normalise
from rollcall.findings.patterns import bounded, fewest_digits, gates, hits
from rollcall.findings.scan import scan_text
from rollcall.model import Part


def seal(value):
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def scan(text, kind="body"):
    return scan_text(Part(blob_id="b", part_no=0, kind=kind, text=text), "b", seal)


def seen(text, kind="body"):
    return [(f.element, f.subtype, f.value) for f in scan(text, kind) if f.confidence >= 0.5]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SSN 401-45-1234", [("ssn", "full", "401451234")]),
        ("her social is 401451234.", [("ssn", "full", "401451234")]),
        ("ＳＳＮ：４０１‑45‑1234", [("ssn", "full", "401451234")]),
        ("last 4 of SSN 7788", [("ssn", "last4", "7788")]),
        ("xxx-xx-9911", [("ssn", "last4", "9911")]),
        ("DOB 3/7/84", [("date_of_birth", "full", "1984-03-07")]),
        ("born on March 7, 1984 in Duluth", [("date_of_birth", "full", "1984-03-07")]),
        ("Fecha de nacimiento: 7 de marzo de 1984", [("date_of_birth", "full", "1984-03-07")]),
        ("the visit on 3/7/2024", [("date_of_service", "date", "2024-03-07")]),
        ("Ann Lund - D.O.B. 31 Oct 1993", [("date_of_birth", "full", "1993-10-31")]),
        ("Ann Lund, d/o/b 4/12/1961, is here", [("date_of_birth", "full", "1961-04-12")]),
        ("Patient Passport #: 556901231", [("passport", "passport", "556901231")]),
        ("dob? 4/12/1961", [("date_of_birth", "full", "1961-04-12")]),
        ("her S.S.N. 401-45-1234", [("ssn", "full", "401451234")]),
        ("showed a driver's license, number S530460123", [("drivers_license", "licence", "S530460123")]),
        (
            "VIN 1M8GDM9AXKP042788, plate 8HXE564",
            [("other_id", "vehicle", "1M8GDM9AXKP042788"), ("other_id", "vehicle", "8HXE564")],
        ),
        ("device serial SN77120 was implanted", [("other_id", "device", "SN77120")]),
        ("user is alund, password Maple77", [("credentials", "password", "Maple77")]),
        ("MRN 00123456", [("medical_record_number", "mrn", "00123456")]),
        ("(MRN: SJH-123456)", [("medical_record_number", "mrn", "SJH123456")]),
        ("MRN-0012345", [("medical_record_number", "mrn", "0012345")]),
        ("4455667 (MRN)", [("medical_record_number", "mrn", "4455667")]),
        ("Member ID: W1234 56789", [("health_insurance", "member_id", "W123456789")]),
        ("MBI 1EG4-TE5-MK73", [("health_insurance", "mbi", "1EG4TE5MK73")]),
        ("call (612) 555-0142", [("phone", "phone", "6125550142")]),
        ("ana@mail.org", [("email", "email", "ana@mail.org")]),
        ("12 Oak Street, Duluth, MN 55802", [("address", "street", "12 Oak Street, Duluth, MN 55802")]),
        ("Driver's License: D123-4567-8901", [("drivers_license", "licence", "D12345678901")]),
        ("assessed with E11.9 today", [("diagnosis", "code", "E11.9")]),
        ("order 123456789, 192.168.1.1, $1,234.56", []),
        ("Patient Name: LOPEZ, ANA M", [("name", "full", "Ana M Lopez")]),
        ("Guarantor: John Lopez", [("name", "full", "John Lopez")]),
        ("Insurance: Aetna PPO", [("health_insurance", "payer", "Aetna PPO")]),
        ("Name: N/A   SSN:", []),
    ],
)
def test_one_line(text, expected):
    assert seen(text) == expected


def test_labels_lower_and_raise():
    texts = ("401-45-1234", "SSN 401-45-1234", "Claim # 401-45-1234")
    plain, labelled, other = (next(one.confidence for one in scan(text) if one.element == "ssn") for text in texts)
    assert other < plain < labelled


def test_a_failed_check_lowers_and_never_drops():
    good, bad = scan("SSN 401-45-1234")[0], scan("SSN 900-45-1234")[0]
    assert bad.check == "never_issued"
    assert 0 < bad.confidence < good.confidence


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("last seen at Dr. Smith's office in Chicago on December 1st, 2023", "2023-12-01"),
        ("presented at St. Mary's, Duluth, on 4/12/2019", "2019-04-12"),
        ("her x-rays from 4/12/2019 are on the server", "2019-04-12"),
        ("scheduled for hernia repair on Friday 4/12/2019", "2019-04-12"),
        ("The lease was signed on 4/12/2019", ""),
        ("He was seen. The lease was signed on 4/12/2019", ""),
    ],
)
def test_a_date_behind_what_was_done(text, day):
    found = [(one.value, one.confidence) for one in scan(text) if one.element == "date_of_service"]
    assert [value for value, confidence in found if confidence >= 0.5] == ([day] if day else [])


@pytest.mark.parametrize(
    "text",
    [
        "Date of birth:\n3/7/1984",
        "Date of Birth\n  3/7/1984",
        "DOB ........ 3/7/1984",
        "Name             DOB\nJohn Smith       3/7/1984",
        "DOB | MRN\n3/7/1984 | 445566",
    ],
)
def test_layouts(text):
    assert ("date_of_birth", "full", "1984-03-07") in seen(text)


def test_several_fields_on_one_line():
    found = seen("Patient Name: LOPEZ, ANA M      DOB: 03/07/1984    MRN: 445566")
    assert [element for element, _, _ in found] == ["name", "date_of_birth", "medical_record_number"]


def test_groups_come_from_labels():
    found = {f.element: f.group for f in scan("Guarantor SSN: 402-11-2233  Emergency contact phone: 612-555-0199")}
    assert found == {"ssn": "guarantor", "phone": "emergency_contact"}


def test_an_address_goes_on_in_the_next_line():
    assert seen("Address: 12 Oak Street Apt 4\n   Minneapolis, MN 55401") == [
        ("address", "street", "12 Oak Street Apt 4, Minneapolis, MN 55401")
    ]


def test_header_blocks_are_read_where_people_write():
    text = "From: A <a@b.org>\nSubject: MRN 123456\n SSN 401-45-1234\nX-Id: 401-45-9999\nMessage-ID: <x@y.org>\n"
    assert seen(text, "header") == [("medical_record_number", "mrn", "123456"), ("ssn", "full", "401451234")]


@pytest.mark.parametrize(
    ("line", "is_read"),
    [
        ("X-Note: Patient Ana Lopez, SSN 401-45-1234", True),
        ("X-Patient-SSN: 401-45-1234", True),
        ('To: "Ana Lopez, SSN 401-45-1234" <a@b.org>', True),
        ("Organization: Clinic of Ana Lopez, SSN 401-45-1234", True),
        ("X-Id: 401-45-1234", False),
        ("X-MS-Exchange-Note: SSN 401-45-1234", False),
        ("Received: by host SSN 401-45-1234", False),
        ("To: SSN-401-45-1234@b.org", False),
    ],
)
def test_fields_of_a_header_that_somebody_wrote(line, is_read):
    assert [value for element, _, value in seen(f"Date: x\n{line}\n", "header") if element == "ssn"] == [
        "401451234"
    ] * is_read


def test_quoting_keeps_the_block():
    plain, quoted = scan("The SSN is 401-45-1234\nfor Ana"), scan("Hi\n\n> The SSN is 401-45-1234 for\n> Ana")
    assert plain[0].block == quoted[0].block


def test_equal_values_have_ids_of_their_own():
    ids = [f.finding_id for f in scan("SSN 401-45-1234 and SSN 401-45-1234")]
    assert len(set(ids)) == len(ids) == 2


PIECES = st.sampled_from(
    ["SSN ", "401-45-1234", "DOB: ", "3/7/84", "\n", "   ", "\t", "MRN", "#", "００12", "Name: ", "LOPEZ, ANA",
     " | ", "> ",
     "\u200b", "é", "12 Oak St", "\n\n", "a@b.org", "Address:", "E11.9", "=", "....", "\r\n", "\u2028", "ﬁ"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120) | st.lists(PIECES, max_size=14).map("".join))
def test_any_text(text):
    found = scan(text)
    assert found == scan(text)
    for one in found:
        assert 0 <= one.place.start < one.place.end <= len(text)
        assert text[one.place.start : one.place.end] == one.text
        assert 0 <= one.confidence <= 1
    assert len({one.finding_id for one in found}) == len(found)


@pytest.mark.parametrize(
    "text", ["1" * 50_000, "a1-" * 20_000, "1 " * 30_000, "A" * 50_000, ": " * 20_000, "12 Oak " * 8_000, "@" * 9_000]
)
def test_long_lines_end(text):
    scan(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.sampled_from(["1", "A", "-", " ", "Oak", "St", "5551234567"]), max_size=14).map("".join))
def test_the_gates_lose_nothing(text):
    line = normalise(text).text.replace("\n", " ")
    found = {(shape.regex.pattern, start, end) for shape, start, end in hits(line)}
    for shape in gates().shapes:
        position = 0
        while (match := shape.regex.search(line, position)) is not None:
            if match.end() > match.start() and bounded(line, *match.span()):
                assert (shape.regex.pattern, *match.span(shape.group)) in found
                position = match.end()
            else:
                position = match.start() + 1


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES | st.sampled_from(["1", "A", "-", " ", "Oak", "5551234567"]), max_size=10).map("".join))
def test_what_begins_inside_a_word_is_no_match_anyway(text):
    line = normalise(text).text.replace("\n", " ")
    for shape in gates().shapes:
        for match in re.finditer(shape.regex.pattern.removeprefix(r"(?<![^\W_])"), line):
            inside = match.start() > 0 and line[match.start() - 1].isalnum()
            assert not (inside and bounded(line, *match.span()))


@pytest.mark.parametrize(
    ("regex", "fewest"),
    [
        (r"\d{3}-\d{2}-\d{4}", 9),
        (r"(?:1|ab)?[0-9]{2,5}x", 2),
        (r"(?i:on|of)", 0),
        (r"[A-Z0-9]{9}", 0),
        (r"19|2\d|a3", 1),
    ],
)
def test_fewest_digits(regex, fewest):
    assert fewest_digits(regex) == fewest
