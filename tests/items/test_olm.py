"""OLM: mails with what is attached, contacts, events, tasks and notes, whatever their fields; damage."""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest

from rollcall.items.message import Message, fingerprint, parts
from rollcall.items.mime import read_mail
from rollcall.items.parser import Fault, Inner, Limits
from rollcall.items.parsers import PARSERS, olm
from rollcall.items.readable import MemoryReadable
from tests.corpus.make import zipped

LIMITS = Limits()
BOX = "Accounts/ann@clinic.example/com.microsoft.__Messages"
MAIL = {
    "OPFMessageCopySubject": "Your visit",
    "OPFMessageCopyMessageID": "1@clinic.example",
    "OPFMessageCopySentTime": "2024-03-04T05:06:08",
    "OPFMessageCopyBody": "Bed 4: Tindall\n",
    "OPFMessageCopyFromAddresses": [("Bo Quill", "bo@clinic.example")],
    "OPFMessageCopyToAddresses": [("Ann", "ann@home.example"), ("", "di@home.example")],
}


def people(several: list[tuple[str, str]]) -> str:
    return "".join(
        f"<emailAddress OPFContactEmailAddressName={quoteattr(name)} OPFContactEmailAddressAddress={quoteattr(at)} />"
        for name, at in several
    )


def item(kind: str, fields: dict[str, Any], more: str = "") -> str:
    inside = "".join(
        f"<{name}>{people(value) if isinstance(value, list) else escape(value)}</{name}>"
        for name, value in fields.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><{kind}s elementCount="1"><{kind}>{inside}{more}</{kind}></{kind}s>'


def attached(*entries: tuple[str, str, str]) -> str:
    inside = "".join(
        f"<messageAttachment OPFAttachmentName={quoteattr(name)} OPFAttachmentContentType={quoteattr(media)}"
        f" OPFAttachmentURL={quoteattr(url)} />"
        for name, media, url in entries
    )
    return f"<OPFMessageCopyAttachmentList>{inside}</OPFMessageCopyAttachmentList>"


def read(members: dict[str, str | bytes]) -> list[Any]:
    readable = MemoryReadable(zipped(members))
    found = list(olm.parse(readable, LIMITS))
    for value in found:
        if isinstance(value, Inner):
            again = olm.open_child(readable, value.locator, LIMITS)
            assert (again.name, again.kind) == (value.name, value.kind)
    return found


def test_a_mail_is_the_same_as_from_a_file_of_mime() -> None:
    members = {
        f"{BOX}/Sent Items/message_00001.xml": item("email", MAIL, attached(("roll.csv", "text/csv", f"{BOX}/a/1"))),
        f"{BOX}/a/1": b"1;2",
        f"{BOX}/a/unnamed.bin": b"left",
    }
    mail, left = read(members)
    assert (mail.folder, mail.folder_kind, mail.kind) == ("Sent Items", "sent", "message")
    message = mail.message
    assert message.recipients == ("Ann <ann@home.example>", "di@home.example")
    assert message.sender == "Bo Quill <bo@clinic.example>"
    assert (left.kind, left.name) == ("member", "unnamed.bin")
    mime = (
        b"Message-ID: <1@clinic.example>\nDate: Mon, 04 Mar 2024 05:06:08 +0000\nSubject: Your visit\n"
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nBed 4: Tindall\n\n"
        b"--x\nContent-Type: text/csv; name=roll.csv\n\n1;2\n--x--\n"
    )
    assert fingerprint(message) == fingerprint(read_mail(mime, LIMITS))


@pytest.mark.parametrize(
    ("kind", "fields", "expected", "lines"),
    [
        ("contact",
         {"OPFContactCopyDisplayName": "Ann Frobisher", "OPFContactCopyBirthday": "1984-03-02T00:00:00",
          "OPFContactCopyHomeStreetAddress": "12 Elm St", "OPFContactCopyUUID": "77",
          "OPFContactCopyEmailAddressList": [("", "ann@home.example")]},
         "contact",
         ["Display name: Ann Frobisher", "Birthday: 1984-03-02", "Home street address: 12 Elm St",
          "Email address list: ann@home.example"]),
        ("appointment",
         {"OPFCalendarEventCopySummary": "Biopsy, Tindall", "OPFCalendarEventCopyStartTime": "2024-03-04T15:00:00",
          "OPFCalendarEventCopyLocation": "Ward 4"},
         "appointment",
         ["Summary: Biopsy, Tindall", "Start time: 2024-03-04T15:00:00", "Location: Ward 4"]),
        ("task", {"OPFTaskCopyName": "Call Tindall", "OPFTaskCopyDueDateTime": "2024-03-04T00:00:00"}, "task",
         ["Name: Call Tindall", "Due date time: 2024-03-04"]),
        ("note", {"OPFNoteCopyTitle": "MRN0044812", "OPFNoteCopyText": "<html><p>see chart</p></html>"}, "note",
         ["Title: MRN0044812"]),
    ],
)  # fmt: skip
def test_other_items(kind: str, fields: dict[str, Any], expected: str, lines: list[str]) -> None:
    (value,) = read({"Local/com.microsoft.__Address Book/x.xml": item(kind, fields)})
    assert value.kind == value.message.kind == expected
    assert (value.message.leaves[0].text or "").split("\n") == lines
    assert value.name
    assert list(parts(value.message, LIMITS))


def test_what_is_missing_is_a_fault() -> None:
    (mail,) = read({f"{BOX}/Inbox/m.xml": item("email", MAIL, attached(("roll.csv", "text/csv", "nowhere")))})
    message: Message = mail.message
    assert [(fault.code, fault.locator) for fault in message.faults] == [("partial", "att:0")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (item("email", MAIL)[:-20], ["partial"]),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><emails/>", None),
        ("", ["partial"]),
        ("<other/>", []),
    ],
)
def test_damage(text: str, codes: list[str] | None) -> None:
    found = read({f"{BOX}/Inbox/m.xml": text})
    faults = [value.code for value in found if isinstance(value, Fault)]
    assert faults == codes if codes is not None else len(faults) == 1


def test_only_its_own_zips_are_taken() -> None:
    def names(members: dict[str, str | bytes]) -> str:
        return next(one.name for one in PARSERS if one.looks_like(MemoryReadable(zipped(members))))

    assert names({f"{BOX}/Inbox/m.xml": item("email", MAIL)}) == "olm"
    assert names({"notes/m.xml": item("email", MAIL)}) == "zip"
