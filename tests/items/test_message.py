"""The fingerprint holds on to content, and parts lose no word of it."""

import email.encoders
import email.generator
import email.header
import io
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.message import Leaf, Message, fingerprint, header_text, parts
from rollcall.items.mime import read_mail
from rollcall.items.parser import Fault, Inner, Limits, Table, Text
from tests.items.mails import MIXED

LIMITS = Limits()
BASE = Message(
    message_id="<1@x.example>",
    subject="s",
    sender="a@x.example",
    sent_at="2021-03-02T15:04:05Z",
    leaves=(
        Leaf(locator="1", kind="body", media_type="text/plain", text="one\ntwo"),
        Leaf(locator="2", kind="attachment", name="f.bin", chunks=lambda: iter([b"ab", b"c"])),
        Leaf(locator="3", kind="message", message=Message(subject="inner")),
    ),
)


def with_leaf(index: int, **change: object) -> Message:
    leaves = list(BASE.leaves)
    leaves[index] = msgspec.structs.replace(leaves[index], **change)
    return msgspec.structs.replace(BASE, leaves=tuple(leaves))


@pytest.mark.parametrize(
    "other",
    [
        msgspec.structs.replace(BASE, header=b"Received: x"),
        msgspec.structs.replace(BASE, received_at="2021-03-02T15:04:09Z"),
        msgspec.structs.replace(BASE, sender="other@x.example"),  # there is a Message-ID
        msgspec.structs.replace(BASE, subject=" s\r\n"),
        msgspec.structs.replace(BASE, leaves=tuple(reversed(BASE.leaves))),
        msgspec.structs.replace(
            BASE, leaves=(*BASE.leaves, Leaf(locator="4", kind="body", media_type="text/html", text=" \n"))
        ),
        with_leaf(0, text="one  \r\ntwo\n\n"),
        with_leaf(1, locator="att:0", chunks=lambda: iter([b"a", b"bc"])),
        with_leaf(1, kind="inline"),
        with_leaf(2, name="shown name"),
    ],
)
def test_the_same_content(other: Message) -> None:
    assert fingerprint(other) == fingerprint(BASE)


@pytest.mark.parametrize(
    "other",
    [
        msgspec.structs.replace(BASE, message_id="<2@x.example>"),
        msgspec.structs.replace(BASE, subject="t"),
        msgspec.structs.replace(BASE, sent_at=None),
        msgspec.structs.replace(BASE, kind="note"),
        msgspec.structs.replace(BASE, leaves=BASE.leaves[:2]),
        msgspec.structs.replace(BASE, leaves=(*BASE.leaves, BASE.leaves[1])),
        with_leaf(0, text="one\nthree"),
        with_leaf(0, media_type="text/html"),
        with_leaf(1, name="g.bin"),
        with_leaf(1, chunks=lambda: iter([b"abd"])),
        with_leaf(2, message=Message(subject="other")),
    ],
)
def test_other_content(other: Message) -> None:
    assert fingerprint(other) != fingerprint(BASE)


def test_the_sender_counts_without_a_message_id() -> None:
    bare = msgspec.structs.replace(BASE, message_id=None)
    assert fingerprint(bare) != fingerprint(msgspec.structs.replace(bare, sender="b@x.example"))


@settings(max_examples=60, deadline=None)
@given(
    body=st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.just("\n"), max_size=200
    ),
    attached=st.binary(max_size=300),
    style=st.tuples(st.booleans(), st.booleans(), st.booleans(), st.sampled_from([b"\n", b"\r\n"])),
)
def test_the_same_however_encoded(body: str, attached: bytes, style: tuple[bool, bool, bool, bytes]) -> None:
    assert fingerprint(read_mail(_mail(body, attached, *style), LIMITS)) == fingerprint(
        read_mail(_mail(body, attached, False, False, False, b"\n"), LIMITS)
    )


def _mail(body: str, attached: bytes, quoted: bool, boundary: bool, folded: bool, end: bytes) -> bytes:
    text = MIMEText("", "plain", "utf-8")
    del text["Content-Transfer-Encoding"]
    text.set_payload(body.encode())
    (email.encoders.encode_quopri if quoted else email.encoders.encode_base64)(text)
    mail = MIMEMultipart(boundary="another=_one" if boundary else None)
    mail["Message-ID"] = "<1@x.example>"
    mail["Date"] = "Tue, 2 Mar 2021 15:04:05 +0000" if folded else "Tue, 2 Mar 2021 10:04:05 -0500"
    mail["Subject"] = email.header.Header(
        "a rather long subject, Grüße and more of it " * 3, maxlinelen=40 if folded else 75
    )
    mail.attach(text)
    mail.attach(MIMEApplication(attached, Name="a.bin"))
    out = io.BytesIO()
    email.generator.BytesGenerator(out, maxheaderlen=0).flatten(mail, linesep=end.decode())
    return out.getvalue()


def _bodies(*bodies: tuple[str, str]) -> list[object]:
    leaves = tuple(
        Leaf(locator=str(n), kind="body", media_type=media_type, text=text)
        for n, (media_type, text) in enumerate(bodies)
    )
    return list(parts(Message(leaves=leaves), LIMITS))


TABLE = (
    "<p>See:</p><table border=1><tr><th>Name</th><th>MRN</th></tr><tr><td>Ann Lee</td><td>1234</td></tr>"
    "<tr><td>Bo Day</td><td>5678</td></tr></table>"
)


def test_one_text_where_both_bodies_say_the_same() -> None:
    found = _bodies(
        ("text/plain", "Hello *there*,\n> SSN 899-45-1234\n"),
        ("text/html", "<p>Hello <b>there</b>,</p>SSN 899-45-1234"),
    )
    assert [type(value) for value in found] == [Text]


@pytest.mark.parametrize("plain", ["Hello there, SSN 899-45-1234", "Hello there there", "Hello there\nand more"])
def test_both_texts_where_the_plain_one_says_more(plain: str) -> None:
    found = _bodies(("text/plain", plain), ("text/html", "<p>Hello there, 899 45 1234</p>"))
    assert [value.text for value in found if isinstance(value, Text)][-1] == plain
    assert len(found) == 2


def test_tables_of_html_stay_tables() -> None:
    found = _bodies(("text/plain", "See:\nName MRN\nAnn Lee 1234\nBo Day 5678"), ("text/html", TABLE))
    tables = [list(value.rows) for value in found if isinstance(value, Table)]
    assert [cells for _, _, cells in tables[0]] == [["Name", "MRN"], ["Ann Lee", "1234"], ["Bo Day", "5678"]]
    texts = [value.text for value in found if isinstance(value, Text)]
    assert not any("Name MRN" in text for text in texts)


def test_order_of_parts() -> None:
    found = list(parts(read_mail(MIXED, LIMITS), LIMITS))
    assert isinstance(found[0], Text)
    assert found[0].kind == "subject"
    kinds = [type(value) for value in found]
    assert kinds == sorted(kinds, key=[Text, Inner, Fault].index)
    assert [value.locator for value in found if isinstance(value, Inner)] == ["2", "3", "4", "5", "6"]


def test_long_bodies_become_several_parts() -> None:
    text = "line of text\n" * 100
    leaf = Leaf(locator="1", kind="body", media_type="text/plain", text=text)
    pieces = [value.text for value in parts(Message(leaves=(leaf,)), Limits(max_text=100)) if isinstance(value, Text)]
    assert "".join(pieces) == text
    assert all(len(piece) <= 100 and piece.endswith("\n") for piece in pieces)


def test_header_text_is_one_field_a_line() -> None:
    message = Message(header=b"Subject: =?utf-8?q?=C3=A9?=\r\n more\r\nTo: a@x.example")
    assert header_text(message) == "Subject: é more\nTo: a@x.example"
