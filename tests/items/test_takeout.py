"""The layout of a Google Takeout: mailboxes, contacts, calendars and chats in one zip, each by its own reader."""

import json

from rollcall.items.parser import Inner, Limits
from rollcall.items.parsers import PARSERS, mbox, zip_
from rollcall.items.readable import MemoryReadable
from tests.corpus.make import zipped

LIMITS = Limits()
MBOX = (
    b"From 1790@xxx Mon Mar 04 05:06:08 +0000 2024\nX-GM-THRID: 1\n"
    b"X-Gmail-Labels: =?UTF-8?Q?Archived,Patients_/_Vasquez_Ib=C3=A1=C3=B1ez?=\n"
    b"From: bo@clinic.example\nDate: Mon, 04 Mar 2024 05:06:08 +0000\nSubject: one\n\nbed 4\n\n"
    b"From 1791@xxx Mon Mar 04 05:06:09 +0000 2024\nX-Gmail-Labels: Trash\n"
    b"From: bo@clinic.example\nDate: Mon, 04 Mar 2024 05:06:08 +0000\nSubject: two\n\nbed 5\n\n"
)
CHAT = json.dumps({"messages": [{"creator": {"name": "Bo Quill"}, "text": "Tindall is in bed 4"}]})
MEMBERS = {
    "Takeout/Mail/All mail Including Spam and Trash.mbox": MBOX,
    "Takeout/Contacts/My Contacts/My Contacts.vcf": "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nEND:VCARD\r\n",
    "Takeout/Calendar/bo@clinic.example.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    "Takeout/Google Chat/Groups/DM 1/messages.json": CHAT,
}


def test_each_file_has_its_reader() -> None:
    found = {}
    for value in zip_.parse(MemoryReadable(zipped(MEMBERS)), LIMITS):
        if isinstance(value, Inner) and value.chunks is not None:
            readable = MemoryReadable(b"".join(value.chunks()))
            found[value.folder] = next(one.name for one in PARSERS if one.looks_like(readable))
    assert found == {
        "Takeout/Mail": "mbox",
        "Takeout/Contacts/My Contacts": "vcard",
        "Takeout/Calendar": "ics",
        "Takeout/Google Chat/Groups/DM 1": "json_",
    }


def test_labels_are_folders() -> None:
    found = [value for value in mbox.parse(MemoryReadable(MBOX), LIMITS) if isinstance(value, Inner)]
    assert [(value.folder, value.folder_kind) for value in found] == [
        ("Archived,Patients / Vasquez Ibáñez", "archive"),
        ("Trash", "deleted"),
    ]
