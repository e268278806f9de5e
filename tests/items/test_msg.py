"""MSG: properties of every kind, attachments of every method, damage; the same mail as from other stores."""

import io
from email.message import EmailMessage
from pathlib import Path
from types import MappingProxyType
from typing import Any

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items import mapi
from rollcall.items.message import Message, fingerprint, parts
from rollcall.items.mime import read_mail
from rollcall.items.parser import Fault, Limits, Text
from rollcall.items.parsers import PARSERS, msg
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items.msg_file import BINARY, STRING8, TIME, Attached, Item
from tests.items.msg_file import msg as written
from tests.items.outlook import filetime

LIMITS = Limits()
SENT = 1_709_528_768  # 2024-03-04T05:06:08Z
MAIL: dict[int, Any] = {
    0x001A: "IPM.Note",
    0x0037: "Your visit",
    0x0039: (TIME, filetime(SENT)),
    0x0042: "Quill, Bo",
    0x5D02: "bo@clinic.example",
    0x1035: "<1@clinic.example>",
    0x1000: "Dear Ann\r\n",
}
ADDRESS = bytes.fromhex("0420060000000000c000000000000046")


def read(item: Item, names: Any = MappingProxyType({})) -> Message:
    return msg.read_message(MemoryReadable(written(item, names)), LIMITS)


def content(leaf: Any) -> bytes:
    return b"".join(leaf.chunks())


def test_a_mail() -> None:
    message = read(
        Item(
            MAIL,
            [{0x3001: "Ann Frobisher", 0x39FE: "ann@home.example"}, {0x3003: "desk@clinic.example"}],
            [Attached({0x3707: "list.csv", 0x370E: "text/CSV"}, b"id\n1\n" * 2000), Attached({0x3704: "A.TXT"}, b"")],
        )
    )
    assert (message.kind, message.subject, message.sender) == (
        "message", "Your visit", "Quill, Bo <bo@clinic.example>",
    )  # fmt: skip
    assert message.recipients == ("Ann Frobisher <ann@home.example>", "desk@clinic.example")
    assert message.sent_at == "2024-03-04T05:06:08Z"
    body, table, empty = message.leaves
    assert (body.text, table.name, table.media_type, table.kind) == (
        "Dear Ann\r\n",
        "list.csv",
        "text/csv",
        "attachment",
    )
    assert [content(table) for _ in range(2)] == [b"id\n1\n" * 2000] * 2
    assert (empty.name, empty.size, content(empty)) == ("A.TXT", 0, b"")
    assert message.faults == ()


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({0x1000: (STRING8, "Žaneta".encode("cp1250")), 0x3FFD: 1250}, "Žaneta"),
        ({0x1000: (STRING8, "張毓倫".encode("big5")), 0x3FDE: 950}, "張毓倫"),
        ({0x1000: (STRING8, "張毓倫".encode("big5")), 0x3FF1: 1028}, "張毓倫"),
        ({0x1000: (STRING8, "张".encode("gbk")), 0x3FF1: 2052}, "张"),
        ({0x1000: (STRING8, "Иван".encode("cp1251")), 0x3FF1: 1049}, "Иван"),
        ({0x1000: (STRING8, "Müller".encode("cp1252")), 0x3FF1: 1033}, "Müller"),
        ({0x1000: (STRING8, "Müller".encode()), 0x3FF1: 1033}, "Müller"),
        ({0x1000: (STRING8, "Müller".encode("cp1252"))}, "Müller"),
    ],
)
def test_codepages(properties: dict[int, Any], expected: str) -> None:
    assert read(Item(MAIL | properties)).leaves[0].text == expected


def test_what_is_below_has_the_codepage_of_the_message() -> None:
    name = (STRING8, "Ölçer".encode("cp1254"))
    item = Item(MAIL | {0x3FFD: 1254}, [{0x3001: name}], [Attached({0x3707: name}, b"x")])
    message = read(item)
    assert message.recipients == ("Ölçer",)
    assert message.leaves[1].name == "Ölçer"


def test_attached_messages_hold_what_is_attached_to_them() -> None:
    inner = Item(MAIL | {0x1035: "<2@clinic.example>"}, [{0x3001: "Di"}], [Attached({0x3707: "roll.csv"}, b"1;2")])
    outer = Item(MAIL, [], [Attached({}, item=Item(MAIL | {0x0037: "Fw"}, [], [Attached({}, item=inner)]))])
    attached = read(outer).leaves[1]
    assert (attached.kind, attached.name) == ("message", "Fw")
    assert attached.message is not None
    deepest = attached.message.leaves[1].message
    assert deepest is not None
    assert (deepest.message_id, deepest.recipients) == ("<2@clinic.example>", ("Di",))
    assert content(deepest.leaves[1]) == b"1;2"


def test_messages_in_messages_have_a_depth() -> None:
    item = Item(MAIL)
    for _ in range(20):
        item = Item(MAIL, [], [Attached({}, item=item)])
    message: Message | None = read(item)
    depth = 0
    while message is not None and not message.faults:
        message, depth = message.leaves[1].message, depth + 1
    assert message is not None
    assert (depth, [fault.code for fault in message.faults]) == (16, ["too_deep"])


def test_objects_become_files_of_their_own() -> None:
    streams = {("\x01Ole10Native",): b"\0\0\0\0packed", ("Sub", "Data"): b"d" * 5000}
    leaf = read(Item(MAIL, [], [Attached({0x3001: "Picture"}, streams=streams)])).leaves[1]
    with olefile.OleFileIO(io.BytesIO(content(leaf))) as package:
        assert sorted(package.listdir()) == [["\x01Ole10Native"], ["Sub", "Data"]]
        assert package.openstream(["Sub", "Data"]).read() == b"d" * 5000


def test_links_are_named_and_counted() -> None:
    url = "https://hospital-my.sharepoint.com/personal/bo/Documents/roll.xlsx"
    message = read(Item(MAIL, [], [Attached({0x3705: 7, 0x3707: "Tindall B.xlsx", 0x370D: url})]))
    values = list(parts(message, LIMITS))
    assert [value.text for value in values if isinstance(value, Text) and value.kind == "names"] == ["Tindall B.xlsx"]
    assert [(value.code, value.detail) for value in values if isinstance(value, Fault)] == [
        ("linked_not_included", "hospital-my.sharepoint.com")
    ]


def test_a_contact_is_labelled_lines() -> None:
    item = Item(
        {0x001A: "IPM.Contact", 0x3A06: "Ann", 0x3A42: (TIME, filetime(-1_000_000_000 // 86400 * 86400)),
         0x8000: "ann@home.example", 0x8001: "899-45-1234", 0x8002: ["blue", "green"]},
    )  # fmt: skip
    names = {0x8000: (ADDRESS, 0x8083), 0x8001: "SSN", 0x8002: "Keywords"}
    assert (read(item, names).leaves[0].text or "").split("\n") == [
        "Given name: Ann",
        "Birthday: 1938-04-24",
        "Email 1: ann@home.example",
        "SSN: 899-45-1234",
        "Keywords: blue",
        "Keywords: green",
    ]


@pytest.mark.parametrize("flags", [0x0000, 0x8000])
def test_members_of_a_list(flags: int) -> None:
    words = "Ann Frobisher\0SMTP\0ann@home.example\0"
    entry = bytes(4) + bytes.fromhex("812b1fa4bea310199d6e00dd010f5402") + b"\0\0" + flags.to_bytes(2, "little")
    entry += words.encode("utf-16-le" if flags else "cp1252")
    item = Item({0x001A: "IPM.DistList", 0x8000: [entry, b"other"]})
    assert "Member: Ann Frobisher <ann@home.example>" in (read(item, {0x8000: (ADDRESS, 0x8054)}).leaves[0].text or "")


def test_reports_say_who_did_not_get_the_mail() -> None:
    item = Item(
        {0x001A: "REPORT.IPM.Note.NDR", 0x1001: "did not reach", 0x0C1B: "x"},
        [{0x3001: "Ann Frobisher", 0x0C1B: "550 unknown user"}],
    )
    text = "\n".join(leaf.text or "" for leaf in read(item).leaves)
    assert "did not reach" in text
    assert "550 unknown user" in text


def test_meeting_requests_say_where_and_who() -> None:
    meeting = bytes.fromhex("0220060000000000c000000000000046")
    item = Item(MAIL | {0x001A: "IPM.Schedule.Meeting.Request", 0x8000: "Ward 4, bed of Tindall"})
    texts = [leaf.text or "" for leaf in read(item, {0x8000: (meeting, 0x8208)}).leaves]
    assert any("Location: Ward 4, bed of Tindall" in text for text in texts)


def test_the_same_mail_from_a_file_of_mime() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Quill, Bo <bo@clinic.example>", "ann@home.example", "Your visit"
    mail["Date"], mail["Message-ID"] = "Mon, 04 Mar 2024 05:06:08 +0000", "<1@clinic.example>"
    mail.set_content("Dear Ann\r\n")
    mail.add_alternative("<p>Dear Ann</p>", subtype="html")
    mail.add_attachment(b"id\n", "text", "csv", filename="list.csv")
    item = Item(MAIL | {0x1013: b"<p>Dear Ann</p>", 0x3FDE: 65001}, [], [Attached({0x3707: "list.csv"}, b"id\n")])
    assert fingerprint(read(item)) == fingerprint(read_mail(mail.as_bytes(), LIMITS))


@pytest.mark.parametrize(
    ("property_type", "faults"),
    [(0x1F, [("partial", "1 properties are announced and not there")]), (0x101F, []), (0x3, [])],
)
def test_a_property_without_its_stream(property_type: int, faults: list[tuple[str, str]]) -> None:
    from rollcall.items.compound import written as compound

    entry = property_type.to_bytes(2, "little") + b"\x37\x00" + b"\6\0\0\0" + b"\x14\0\0\0" + bytes(4)
    data = compound({("__properties_version1.0",): bytes(32) + entry})
    message = msg.read_message(MemoryReadable(data), LIMITS)
    assert [(fault.code, fault.detail) for fault in message.faults] == faults


@pytest.mark.parametrize("cut", [600, 1500, 3000, 5000])
def test_a_file_cut_short(cut: int) -> None:
    data = written(Item(MAIL, [], [Attached({0x3707: "a"}, b"x" * 9000)]))[:cut]
    values = list(msg.parse(MemoryReadable(data), LIMITS))
    assert values
    for value in values:
        if getattr(value, "chunks", None):
            with pytest.raises(Exception, match=r"truncated|incomplete"):
                list(value.chunks())  # type: ignore[union-attr]


def test_a_mail_to_thousands_is_read_at_once() -> None:
    people = [{0x3001: f"Person {number}", 0x39FE: f"p{number}@home.example"} for number in range(1500)]
    assert len(read(Item(MAIL, people)).recipients) == 1500


def test_no_other_file_is_taken_for_one() -> None:
    from rollcall.items.compound import written as compound

    nested = compound({("ObjectPool", "_1", "__properties_version1.0"): bytes(32), ("WordDocument",): b"x"})
    assert not msg.looks_like(MemoryReadable(nested))
    assert next(parser.name for parser in PARSERS if parser.looks_like(MemoryReadable(written(Item(MAIL))))) == "msg"


values = st.one_of(st.text(max_size=40), st.binary(max_size=40), st.integers(-(2**31), 2**31 - 1), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(0x100, 0xFFFF).filter(lambda tag: tag != 0x3701), values, max_size=12))
def test_whatever_the_properties(properties: dict[int, Any]) -> None:
    message = read(Item(properties, [properties], [Attached(properties, b"x")]))
    assert len(fingerprint(message)) == 64
    list(parts(message, LIMITS))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([0x1F, STRING8, BINARY, 0x101F, 0x1102, TIME, 0x3, 0xB]))
def test_whatever_a_property_holds(data: bytes, kind: int) -> None:
    properties = mapi.Properties({0x3A06: mapi.Value(kind, data), 0x8005: mapi.Value(kind, data)})
    assert all(isinstance(line, str) for line in properties.lines())
    list(mapi.items(data))


@given(st.lists(st.binary(max_size=20), max_size=10))
def test_items_come_back(several: list[bytes]) -> None:
    assert list(mapi.items(mapi.of_items(several))) == several


# Of each real file, looked at by hand: kind, subject begins, names or sizes of what is attached.
HAND: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "aspose_AddVotingButtonToExistingMessage": ("message", "creating an outlook", ()),
    "aspose_Contact": ("contact", "FirstName LastName", ()),
    "aspose_EmbeddedImage": ("message", "This is an email", ("",)),
    "aspose_EmbeddedImage1": ("message", "This is an email", ("",)),
    "aspose_MSG file with RTF Formatting": ("message", "MSG file with RTF", ("OLE Package",)),
    "aspose_MapiMsgWithPoll": ("message", "Flagged message", ()),
    "aspose_MapiNote": ("note", "Blue color note", ()),
    "aspose_MapiTask": ("task", "To Do", ()),
    "aspose_Meeting with Recurring Occurrences": ("message", "Meeting with Recurring", ()),
    "aspose_Message": ("message", "New message created", ()),
    "aspose_Message2": ("message", "test mail", ("License.txt",)),
    "aspose_MsgHeaders": ("message", "test mail", ()),
    "aspose_MsgWithAtt": ("message", "Test", ("attachment_1.doc",)),
    "aspose_New-Draft": ("message", "New message created", ()),
    "aspose_NewGroup": ("contact", "NewGroup", ()),
    "aspose_Note": ("note", "Pink color note", ()),
    "aspose_NoteMessage": ("note", "Yellow color note", ()),
    "aspose_Test Meeting": ("appointment", "Test Meeting", ()),
    "aspose_WithEmbeddedMsg": ("message", "Subj", ("Weekly report",)),
    "aspose_appointment-draft": ("appointment", "", ()),
    "aspose_contact": ("contact", "Test User 1", ()),
    "aspose_failed": ("message", "Undeliverable: test subj", ("details.txt", "test subj (1.42 КБ)")),
    "aspose_message": ("message", "creating an outlook", ()),
    "aspose_message1": ("message", "creating an outlook", ()),
    "aspose_messageMapi": ("message", "creating an outlook", ()),
    "aspose_messageWithEmbeddedEML": ("message", "Message with", ("image001.wmz", "image002.png", "oledata.mso")),
    "aspose_task": ("task", "TASK-34759", ()),
    "tika_test-outlook": ("message", "Microsoft Outlook Express 6", ()),
    "tika_test-outlook2003": ("message", "Welcome", (*(f"{number}.jpg" for number in (*range(1, 11), 12)),)),
    "tika_testMSG": ("message", "MIME registry use cases", ()),
    "tika_testMSG_Appointment": ("appointment", "Quick brown fox", ()),
    "tika_testMSG_Contact": ("contact", "Quick Brown Fox Jr", ()),
    "tika_testMSG_Post": ("message", "QuickBrownFox", ()),
    "tika_testMSG_StickyNote": ("note", "This is a note about", ()),
    "tika_testMSG_Task": ("task", "Must jump over", ()),
    "tika_testMSG_att_doc": ("message", "test pièce jointe 1", ("test-unicode.doc", "pj1.txt")),
    "tika_testMSG_att_msg": ("message", "test email", ("Test Attachment", "smbprn.00009008.KdcPjl.pdf")),
    "tika_testMSG_chinese": ("message", "Alfresco MSG format testing ( MSG 格式測試 )", ()),
    "tika_testMSG_forwarded": ("message", "FW: Testing", ()),
}


@pytest.mark.samples
@pytest.mark.parametrize("name", sorted(HAND))
def test_real_files(samples: Path, name: str) -> None:
    readable = FileReadable(samples / "msg" / f"{name}.msg")
    message = msg.read_message(readable, LIMITS)
    kind, subject, attached = HAND[name]
    assert message.kind == kind
    assert (message.subject or "").startswith(subject)
    assert tuple(leaf.name for leaf in message.leaves if leaf.kind != "body") == attached
    assert not message.faults
    readable.close()


@pytest.mark.samples
def test_every_real_file_is_in_the_table(samples: Path) -> None:
    assert {path.stem for path in (samples / "msg").iterdir()} == set(HAND)
