"""PST: folders, kinds of items, damage counted; on a stand-in, and on real stores where they are at hand."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pypff
import pytest

from rollcall.items.message import Message, fingerprint
from rollcall.items.parser import Fault, Inner, Limits
from rollcall.items.parsers import mbox, pst
from rollcall.items.parsers.pst_folders import kind_by_name
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items.outlook import BINARY, STRING8, TIME, Attachment, File, Folder, Item, filetime

LIMITS = Limits()
SENT = 1_709_528_768  # 2024-03-04T05:06:08Z
MAIL: dict[int, Any] = {
    0x001A: "IPM.Note",
    0x0037: "\x01\x05Re: Your visit",
    0x0039: (TIME, filetime(SENT)),
    0x0E06: (TIME, filetime(SENT + 5)),
    0x3007: (TIME, filetime(-11_644_473_600)),
    0x0042: "Quill, Bo",
    0x5D02: "bo@clinic.example",
    0x1035: "<1@clinic.example>",
    0x1000: "Dear Ann\r\n",
}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a function that gives the values of a stand-in store."""
    monkeypatch.setattr(pypff, "folder", Folder)

    def values(file: File) -> list[Inner | Fault]:
        monkeypatch.setattr(pypff, "file", lambda: file)
        readable = MemoryReadable(b"!BDN")
        return [value for shard in pst.shards(readable, LIMITS) for value in pst.open_shard(readable, shard, LIMITS)]

    yield values
    pst._open.clear()


def only(values: list[Inner | Fault]) -> Message:
    (value,) = values
    assert isinstance(value, Inner)
    assert value.message is not None
    return value.message


def store(*items: Item | OSError, **more: Any) -> File:
    return File(Folder(290, None, folders=[Folder(32802, "Top", folders=[Folder(100, "Inbox", list(items), **more)])]),
                {0x35E0: (32802).to_bytes(24, "big")[:20] + (32802).to_bytes(4, "little")})  # fmt: skip


def test_a_mail(opened: Any) -> None:
    people = [{0x3001: "Ann Frobisher", 0x39FE: "ann@home.example"}, {0x3001: "front desk", 0x3003: "/o=x/cn=desk"}]
    files = [Attachment({0x3707: "list.csv", 0x370E: "text/CSV"}, b"id\n1\n")]
    (value,) = opened(store(Item(4, MAIL, people, files)))
    assert (value.locator, value.kind, value.folder, value.folder_kind) == ("100/4", "message", "Inbox", "")
    message = value.message
    assert message.subject == "Re: Your visit"
    assert message.sender == "Quill, Bo <bo@clinic.example>"
    assert message.recipients == ("Ann Frobisher <ann@home.example>", "front desk </o=x/cn=desk>")
    assert (message.sent_at, message.received_at) == ("2024-03-04T05:06:08Z", "2024-03-04T05:06:13Z")
    assert message.dates["creation"] == ("0", None)
    plain, attached = message.leaves
    assert (plain.text, plain.media_type) == ("Dear Ann\r\n", "text/plain")
    assert (attached.name, attached.media_type, attached.kind) == ("list.csv", "text/csv", "attachment")
    assert [b"".join(attached.chunks()) for _ in range(2)] == [b"id\n1\n"] * 2


@pytest.mark.parametrize(
    ("properties", "bodies"),
    [
        ({0x1000: "plain"}, [("text/plain", "plain")]),
        ({0x1013: b"<p>\xe9</p>", 0x3FDE: 28591}, [("text/html", "<p>é</p>")]),
        ({0x1013: "<p>é</p>".encode(), 0x3FDE: 65001}, [("text/html", "<p>é</p>")]),
        ({0x1013: "<p>é</p>"}, [("text/html", "<p>é</p>")]),
        ({0x1000: (STRING8, b"caf\xe9"), 0x3FFD: 1252}, [("text/plain", "café")]),
        ({0x1000: (STRING8, "Иван".encode("cp1251")), 0x3FFD: 1251}, [("text/plain", "Иван")]),
        ({0x1000: "a", 0x1013: b"<p>a</p>"}, [("text/plain", "a"), ("text/html", "<p>a</p>")]),
        ({0x1009: rb"{\rtf1 only}"}, [("text/html", "<div>only</div>\n")]),
        ({0x1000: "a", 0x1009: rb"{\rtf1 a}"}, [("text/plain", "a")]),
        ({}, []),
    ],
)
def test_bodies(opened: Any, properties: dict[int, Any], bodies: list[tuple[str, str]]) -> None:
    bare = {tag: value for tag, value in MAIL.items() if tag != 0x1000}
    message = only(opened(store(Item(4, bare | properties))))
    assert [(leaf.media_type, leaf.text) for leaf in message.leaves] == bodies


@pytest.mark.parametrize(
    ("message_class", "kind"),
    [
        ("IPM.Note", "message"),
        ("IPM.Note.SMIME", "message"),
        ("REPORT.IPM.Note.NDR", "message"),
        ("IPM.Schedule.Meeting.Request", "message"),
        ("ipm.contact.patient", "contact"),
        ("IPM.DistList", "contact"),
        ("IPM.Appointment", "appointment"),
        ("IPM.Task", "task"),
        ("IPM.TaskRequest", "task"),
        ("IPM.StickyNote", "note"),
        ("IPM.Activity", "note"),
        ("IPM.Configuration.WorkHours", "note"),
        ("IPM.Imaging.Scan", "message"),
    ],
)
def test_kinds(opened: Any, message_class: str, kind: str) -> None:
    (value,) = opened(store(Item(4, MAIL | {0x001A: message_class})))
    assert value.kind == value.message.kind == kind


def test_a_contact_is_labelled_lines(opened: Any) -> None:
    birthday = (TIME, filetime(-1_000_000_000 // 86400 * 86400))
    properties = {
        0x001A: "IPM.Contact", 0x0037: "Ann Frobisher", 0x3A06: "Ann", 0x3A42: birthday, 0x3A08: "555-0100",
        0x801F: "899-45-1234", 0x1000: "allergic", 0x3002: "SMTP", 0x3A29: "12 Elm St\r\nApt 4",
        0x0FFF: (BINARY, b"\0\1"),
    }  # fmt: skip
    lines, notes = only(opened(store(Item(4, properties)))).leaves
    assert (lines.text or "").split("\n") == [
        "Subject: Ann Frobisher",
        "Given name: Ann",
        "Business phone: 555-0100",
        "Street: 12 Elm St, Apt 4",
        "Birthday: 1938-04-24",
        "Property 0x801f: 899-45-1234",
    ]
    assert notes.text == "allergic"


def test_damage_is_counted(opened: Any) -> None:
    values = opened(
        store(Item(4, MAIL), OSError(), Item(8, MAIL, attachments=[OSError(), Attachment({}, b"x")]), listed=5)
    )
    assert [type(value).__name__ for value in values] == ["Inner", "Inner", "Fault", "Fault"]
    assert [(value.code, value.locator) for value in values if isinstance(value, Fault)] == [
        ("corrupt", "100/#1"),
        ("partial", "100"),
    ]
    message = values[1].message
    assert [(fault.code, fault.locator) for fault in message.faults] == [("partial", "att:0")]
    assert [leaf.locator for leaf in message.leaves if leaf.kind == "attachment"] == ["att:1"]


def test_attachments_that_are_no_bytes(opened: Any) -> None:
    inner = Item(9, MAIL | {0x1035: "<2@clinic.example>"})
    link = Attachment({0x3705: 7, 0x3707: "a.xlsx"}, b"")
    link.record_sets[0].entries = [entry for entry in link.record_sets[0].entries if entry.entry_type != 0x3701]
    link.record_sets[0].number_of_entries -= 1
    message = only(opened(store(Item(4, MAIL, attachments=[Attachment({}, message=inner), link]))))
    attached = message.leaves[1]
    assert (attached.kind, attached.name) == ("message", "Re: Your visit")
    assert attached.message is not None
    assert attached.message.message_id == "<2@clinic.example>"
    assert [(leaf.kind, leaf.name) for leaf in message.leaves[2:]] == [("link", "a.xlsx")]


def test_messages_in_messages_have_a_depth(opened: Any) -> None:
    item = Item(1, MAIL)
    for number in range(2, 40):
        item = Item(number, MAIL, attachments=[Attachment({}, message=item)])
    message: Message | None = only(opened(store(item)))
    depth = 0
    while message is not None and not any(fault.code == "too_deep" for fault in message.faults):
        message = message.leaves[1].message
        depth += 1
    assert message is not None
    assert depth == 16


def test_folders(opened: Any) -> None:
    def one(number: int) -> list[Item | OSError]:
        return [Item(number, MAIL)]

    bin_ = Folder(7, "Mülleimer", one(70), [Folder(8, "old", one(80))])
    top = Folder(2, "Personal", folders=[Folder(3, "Inbox", one(30)), Folder(4, "Gesendete Elemente", one(40)), bin_])
    recoverable = Folder(5, "Recoverable Items", folders=[Folder(6, "Purges", one(60))])
    file = File(
        Folder(1, None, folders=[top, recoverable]),
        {0x35E0: bytes(20) + (2).to_bytes(4, "little"), 0x35E3: bytes(20) + (7).to_bytes(4, "little")},
        orphans=[Item(90, MAIL)],
    )
    assert {value.locator: (value.folder, value.folder_kind) for value in opened(file)} == {
        "3/30": ("Inbox", ""),
        "4/40": ("Gesendete Elemente", "sent"),
        "7/70": ("Mülleimer", "deleted"),
        "8/80": ("Mülleimer/old", "deleted"),
        "6/60": ("Recoverable Items/Purges", "recoverable"),
        "orphan/90": ("(orphans)", "recoverable"),
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Éléments supprimés", "deleted"), ("SENT ITEMS", "sent"), ("Junk E-mail", "junk"), ("Boîte d’envoi", "outbox"),
     ("Drafts", "drafts"), ("Versions", "recoverable"), ("Patients", ""), ("", "")],
)  # fmt: skip
def test_folder_names(name: str, kind: str) -> None:
    assert kind_by_name(name) == kind


def test_slices_and_children(opened: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pst, "PER_SHARD", 3)
    values = opened(store(*(Item(number, MAIL) for number in range(4, 32, 4))))
    assert [value.locator for value in values] == [f"100/{number}" for number in range(4, 32, 4)]
    readable = MemoryReadable(b"!BDN")
    slices = [shard for shard in pst.shards(readable, LIMITS) if shard.startswith("100:")]
    assert slices == ["100:0-3", "100:3-6", "100:6-7"]
    assert pst.open_child(readable, "100/12", LIMITS).locator == "100/12"
    with pytest.raises(LookupError):
        pst.open_child(readable, "100/13", LIMITS)


def test_no_store_behind_the_mark() -> None:
    readable = MemoryReadable(b"!BDN\0\0\0\0SM" + bytes(600))
    assert pst.looks_like(readable)
    assert list(pst.shards(readable, LIMITS)) == ["folders"]
    assert [value.code for value in pst.parse(readable, LIMITS) if isinstance(value, Fault)] == ["corrupt"]


# --- real stores -----------------------------------------------------------------------------------------------------


def messages(path: Path) -> Iterator[Inner]:
    yield from (value for value in pst.parse(FileReadable(path), LIMITS) if isinstance(value, Inner))


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "kinds", "attachments"),
    [
        ("aspose_Outlook.pst", {"message": 14, "note": 11, "appointment": 1, "contact": 1}, 34),
        ("aspose_PersonalStorageFile.ost", {}, 0),
        ("aspose_PersonalStorageFile1.pst", {"contact": 72}, 0),
        ("aspose_test.ost", {"contact": 18}, 0),
        ("libpst_passworded.pst", {"note": 14, "contact": 2}, 0),
        ("tika_testPST.pst", {"message": 7}, 1),
        ("tika_testPST_variousBodyTypes.pst", {"message": 4}, 0),
    ],
)
def test_real_stores(samples: Path, name: str, kinds: dict[str, int], attachments: int) -> None:
    found = list(messages(samples / "pst" / name))
    assert Counter(inner.kind for inner in found) == kinds
    leaves = [leaf for inner in found if inner.message for leaf in inner.message.leaves if leaf.kind != "body"]
    assert len(leaves) == attachments
    for leaf in leaves:
        # Mails that are attached to mails are read as such, whatever libpff makes of them.
        assert (leaf.message is None) == (leaf.chunks is not None)
        assert leaf.chunks is None or sum(map(len, leaf.chunks())) == leaf.size


def as_mail(message: Message) -> bytes:
    """A message of a store as a mail system would have sent it."""
    bodies = MIMEMultipart("alternative")
    mail = MIMEMultipart("mixed")
    for leaf in message.leaves:
        if leaf.kind == "body":
            bodies.attach(MIMEText(leaf.text or "", leaf.media_type.partition("/")[2], "utf-8"))
    mail.attach(bodies)
    for leaf in message.leaves:
        if leaf.message is not None:
            mail.attach(MIMEMessage(message_from_bytes(as_mail(leaf.message))))
        elif leaf.chunks is not None:
            part = MIMEApplication(b"".join(leaf.chunks()))
            part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", leaf.name))
            mail.attach(part)
    if message.sent_at:
        mail["Date"] = format_datetime(datetime.fromisoformat(message.sent_at))
    for name, value in (("Message-ID", message.message_id), ("Subject", message.subject), ("From", message.sender)):
        if value:
            mail[name] = value if value.isascii() else Header(value, "utf-8").encode()
    return mail.as_bytes()


@pytest.mark.samples
def test_same_mail_from_a_store_and_from_a_file(samples: Path) -> None:
    stored = [
        inner.message
        for path in sorted(samples.joinpath("pst").iterdir())
        for inner in messages(path)
        if inner.message is not None and inner.message.kind == "message"
    ]
    envelope = b"From MAILER-DAEMON Mon Mar  4 05:06:08 2024\n"
    lines = (line for message in stored for line in (envelope + as_mail(message) + b"\n\n").splitlines(keepends=True))
    written = b"".join(b">" + line if line.startswith(b"From ") and line != envelope else line for line in lines)
    readable = MemoryReadable(written)
    assert mbox.PARSER.looks_like(readable)
    again = [value.message for value in mbox.PARSER.parse(readable, LIMITS) if isinstance(value, Inner)]
    assert len(again) == len(stored)
    pairs = [(one, other) for one, other in zip(stored, again, strict=True) if other is not None]
    same = sum(fingerprint(one) == fingerprint(other) for one, other in pairs)
    print(f"{same} the same, {len(pairs) - same} rewritten by a store")
    assert (same, len(pairs) - same) == (25, 0)


@pytest.mark.parametrize(
    ("version", "promised", "missing"),
    [(23, 900, 388), (36, 900, 388), (15, 900, 388), (14, 512, 0), (23, 100, 0), (23, 1 << 60, 0)],
)
def test_a_store_that_was_cut_short_says_how_much_is_missing(version: int, promised: int, missing: int) -> None:
    head = bytearray(512)
    head[:12] = b"!BDN\0\0\0\0SM" + version.to_bytes(2, "little")
    place, width = (184, 8) if version >= 23 else (168, 4)
    head[place : place + width] = (promised % (1 << 8 * width)).to_bytes(width, "little")
    assert pst._missing(MemoryReadable(bytes(head))) == missing
    codes = [value.code for value in pst.parse(MemoryReadable(bytes(head)), LIMITS) if isinstance(value, Fault)]
    assert codes == ["truncated" if missing else "corrupt"]
