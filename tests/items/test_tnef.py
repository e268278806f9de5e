"""TNEF: properties, recipients, attachments of every kind; the old attributes; damage."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.message import Message, fingerprint, parts
from rollcall.items.mime import read_mime
from rollcall.items.parser import Limits
from rollcall.items.parsers import PARSERS, msg, tnef
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items import msg_file
from tests.items.outlook import STRING8
from tests.items.test_msg import ADDRESS, MAIL
from tests.items.tnef_file import MESSAGE, attribute
from tests.items.tnef_file import tnef as written

LIMITS = Limits()


def read(data: bytes) -> Message:
    return tnef.read_message(MemoryReadable(data), LIMITS)


def test_a_mail_is_the_same_as_from_its_own_file() -> None:
    people = [{0x3001: "Ann Frobisher", 0x39FE: "ann@home.example"}, {0x3001: "Di"}]
    roll = {0x3705: 1, 0x3707: "roll.csv", 0x370E: "text/csv", 0x3701: b"1;2"}
    message = read(written(MAIL | {0x1013: b"<p>x</p>"}, people, [roll]))
    assert message.recipients == ("Ann Frobisher <ann@home.example>", "Di")
    file = msg_file.Item(MAIL | {0x1013: b"<p>x</p>"}, people, [msg_file.Attached({0x3707: "roll.csv"}, b"1;2")])
    assert fingerprint(message) == fingerprint(msg.read_message(MemoryReadable(msg_file.msg(file)), LIMITS))
    assert not message.faults


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ({0x0070: "Rota"}, "Rota"),
        ({0x003D: "Re: ", 0x0070: "Rota"}, "Re: Rota"),
        ({0x0037: "Mine", 0x0070: "Rota"}, "Mine"),
    ],
)
def test_without_a_subject_the_topic_is_it(said: dict[int, str], subject: str) -> None:
    assert read(written({tag: value for tag, value in MAIL.items() if tag != 0x0037} | said)).subject == subject


def test_messages_in_messages() -> None:
    inner = written(MAIL | {0x0037: "inner"}, [], [{0x3705: 1, 0x3707: "a.txt", 0x3701: b"899-45-1234"}])
    attached = {0x3705: 5, 0x3001: "Fw", 0x3701: (0xD, MESSAGE + inner)}
    leaf = read(written(MAIL, [], [attached])).leaves[1]
    assert leaf.message is not None
    assert (leaf.name, leaf.message.subject, leaf.message.leaves[1].name) == ("Fw", "inner", "a.txt")


def test_messages_in_messages_have_a_depth() -> None:
    data = written(MAIL)
    for _ in range(30):
        data = written(MAIL, [], [{0x3705: 5, 0x3701: (0xD, MESSAGE + data)}])
    message: Message | None = read(data)
    depth = 0
    while message is not None and not message.faults:
        message, depth = message.leaves[1].message, depth + 1
    assert (depth, message is not None) == (16, True)


def test_objects_of_other_programs() -> None:
    (_, leaf) = read(written(MAIL, [], [{0x3705: 6, 0x3701: (0xD, bytes(16) + b"\xd0\xcf\x11\xe0")}])).leaves
    assert b"".join(leaf.chunks() if leaf.chunks else ()) == b"\xd0\xcf\x11\xe0"


def test_only_old_attributes() -> None:
    old = [
        (1, 0x8004, "Žaneta\0".encode("cp1250")), (1, 0x800C, b"899-45-1234\0"),
        (1, 0x8008, b"IPM.Microsoft Mail.Note\0"),
        (2, 0x9002, bytes(14)), (2, 0x8010, "Žaneta.txt\0".encode("cp1250")), (2, 0x800F, b"data"),
    ]  # fmt: skip
    message = read(written({}, old=old, codepage=1250))
    body, file = message.leaves
    assert (message.kind, message.subject, body.text) == ("message", "Žaneta", "899-45-1234")
    assert (file.name, b"".join(file.chunks() if file.chunks else ())) == ("Žaneta.txt", b"data")


def test_a_contact_with_named_properties() -> None:
    properties: dict[int, Any] = {0x001A: "IPM.Contact", 0x3A06: "Ann"}
    properties |= {0x8000: "ann@home.example", 0x8001: ["blue", "green"], 0x8002: 7}
    names = {0x8000: (ADDRESS, 0x8083), 0x8001: (ADDRESS, "Keywords"), 0x8002: (ADDRESS, 0x8001)}
    lines = read(written(properties, names=names)).leaves[0].text or ""
    assert lines.split("\n") == ["Given name: Ann", "Email 1: ann@home.example", "Keywords: blue", "Keywords: green"]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (written(MAIL)[:-20], ["truncated", "partial"]),
        (written(MAIL) + attribute(1, 0x9003, b"\xff\xff\xff\xff\x99\x99"), ["partial"]),
        (written(MAIL) + b"\7" * 40, ["corrupt"]),
        (written(MAIL)[:-1] + b"\x99", ["defect"]),
        (b"\x78\x9f\x3e\x22\0\0\1", []),
    ],
)
def test_damage(data: bytes, codes: list[str]) -> None:
    readable = MemoryReadable(data)
    assert tnef.looks_like(readable)
    assert [fault.code for fault in read(data).faults] == codes


def test_the_reader_is_found() -> None:
    assert next(one.name for one in PARSERS if one.looks_like(MemoryReadable(written(MAIL)))) == "tnef"


kinds = st.sampled_from([STRING8, 0x1F, 0x102, 0xD, 0x3, 0xB, 0x40, 0x101F, 0x1003, 0x1102, 0x1, 0x99])


@given(st.lists(st.tuples(kinds, st.integers(0, 0xFFFF), st.binary(max_size=30)), max_size=6), st.integers(0, 8))
def test_garbage(rows: list[tuple[int, int, bytes]], count: int) -> None:
    row = count.to_bytes(4, "little")
    row += b"".join(kind.to_bytes(2, "little") + tag.to_bytes(2, "little") + data for kind, tag, data in rows)
    message = read(written(MAIL) + attribute(1, 0x9003, row) + attribute(1, 0x9004, row) + attribute(2, 0x9005, row))
    assert list(parts(message, LIMITS))


def shown(message: Message) -> list[Any]:
    """What is attached: names and sizes, and that of what is in it."""
    return [
        (leaf.name, shown(leaf.message) if leaf.message else sum(map(len, leaf.chunks() if leaf.chunks else ())))
        for leaf in message.leaves
        if leaf.kind != "body"
    ]


@pytest.mark.samples
def test_a_real_file(samples: Path) -> None:
    readable = FileReadable(samples / "tnef" / "tika_testWINMAIL.dat")
    message = tnef.read_message(readable, LIMITS)
    assert "Five files from Hell!" in (message.leaves[0].text or "")
    assert shown(message) == [
        ("quick.doc", 19968), ("quick.html", 428), ("quick.pdf", 18638), ("quick.txt", 235), ("quick.xml", 143),
    ]  # fmt: skip
    assert not message.faults
    readable.close()


@pytest.mark.samples
def test_a_real_mail(samples: Path) -> None:
    outer = read_mime(FileReadable(samples / "tnef" / "aspose_tnefEml1.eml"), LIMITS)
    (packed,) = (leaf for leaf in outer.leaves if leaf.name == "winmail.dat")
    message = read(b"".join(packed.chunks() if packed.chunks else ()))
    assert message.sender == "Sender Name <from@domain.com>"
    assert shown(message) == [
        ("1.jpg", 5276), ("Embedded MSG.msg", [("image001.jpg", 5276)]), ("image001.jpg", 5276),
    ]  # fmt: skip
    assert not message.faults
