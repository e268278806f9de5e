"""MIME beyond bodies and files: encoded files in text, flowed lines, files elsewhere, reports, calendars, ciphers."""

import pytest

from rollcall.items import plain, transfer
from rollcall.items.message import Message, attachments, parts
from rollcall.items.mime import read_mail
from rollcall.items.parser import Fault, Limits, Text

LIMITS = Limits()
HEAD = b"From: bo@x.example\nDate: Mon, 04 Mar 2024 05:06:08 +0000\n"


def read(rest: bytes) -> Message:
    return read_mail(HEAD + rest, LIMITS)


@pytest.mark.parametrize("data", [b"roll of ward 4", bytes(range(214)), b"899-45-1234"])
def test_y_encoded_files(data: bytes) -> None:
    coded = bytearray()
    for byte in data:
        letter = (byte + 42) % 256
        coded += bytes((61, (letter + 64) % 256)) if letter in (0, 10, 13, 61) else bytes((letter,))
    text = b"see\n=ybegin line=128 size=%d name=roll of Tindall.csv\n%s\n=yend size=1\nbye\n" % (
        len(data),
        bytes(coded),
    )
    ((_, _, name, content),) = transfer.y_blocks(text)
    assert (name, content) == (b"roll of Tindall.csv", data)
    file, body = read(b"\n" + text).leaves
    assert (body.text, file.name) == ("see\nbye\n", "roll of Tindall.csv")


@pytest.mark.parametrize(
    "data", [b"=ybegin size=1 name=x\nabc", b"=ybegin name=x\n=yend", b"=ybegin size=1 name=\n=\n=yend"]
)
def test_broken_y_encoding(data: bytes) -> None:
    assert transfer.y_blocks(data) in ([], [(0, len(data), b"", b"")])


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Ann \nFrobisher\nnext", "Ann Frobisher\nnext"),
        ("> Ann \n> Frobisher\n>> deep", "> Ann Frobisher\n>> deep"),
        ("> Ann \nmine", "> Ann \nmine"),
        ("-- \nBo Quill", "-- \nBo Quill"),
        (" From me", "From me"),
        ("", ""),
    ],
)
def test_flowed(text: str, joined: str) -> None:
    assert plain.unflowed(text) == joined


def test_flowed_mail() -> None:
    (body,) = read(b"Content-Type: text/plain; format=flowed\n\nMarisol \nOkonkwo-Reyes\n").leaves
    assert body.text == "Marisol Okonkwo-Reyes\n"


def test_a_file_that_is_elsewhere() -> None:
    message = read(
        b'Content-Type: message/external-body; access-type=URL; url="https://files.x.example/a/Tindall.pdf"\n\n'
        b"Content-Type: application/pdf\n\n"
    )
    assert not list(attachments(message))
    values = list(parts(message, LIMITS))
    assert [value.text for value in values if isinstance(value, Text)] == ["Tindall.pdf"]
    assert [(value.code, value.detail) for value in values if isinstance(value, Fault)] == [
        ("linked_not_included", "files.x.example")
    ]


def test_a_piece_of_a_mail() -> None:
    message = read(b"Content-Type: message/partial; id=x; number=2; total=3\n\n899-45-1234\n")
    assert [fault.code for fault in message.faults] == ["partial"]
    assert [leaf.kind for leaf in message.leaves] == ["attachment"]


@pytest.mark.parametrize(
    ("types", "kinds"),
    [
        (("text/plain", "message/delivery-status", "message/rfc822"), ["body", "attachment", "message"]),
        (("text/plain", "message/delivery-status", "text/rfc822-headers"), ["body", "attachment", "attachment"]),
        (("text/plain", "message/feedback-report", "message/rfc822"), ["body", "attachment", "message"]),
        (("text/plain", "text/calendar"), ["body", "attachment"]),
        (("application/pgp-encrypted", "application/octet-stream"), ["attachment", "attachment"]),
    ],
)
def test_reports_and_calendars_are_kept(types: tuple[str, ...], kinds: list[str]) -> None:
    to = "To: Ann <ann@x.example>"
    pieces = "".join(f"--x\nContent-Type: {one}\n\n{to}\n\n{number}\n" for number, one in enumerate(types))
    message = read(f"Content-Type: multipart/report; boundary=x\n\n{pieces}--x--\n".encode())
    assert [leaf.kind for leaf in message.leaves] == kinds
