"""Mail taken apart: nothing raises, nothing is lost, and the standard library agrees where it can."""

import base64
import email
import email.policy
import re
from email.message import Message as StdMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.headers import addresses, decode_value, header_block, parameters
from rollcall.items.message import Message, fingerprint, header_text
from rollcall.items.mime import read_mail, read_mime
from rollcall.items.parser import Limits
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items.mails import ALL, MIXED, contents, sample_files, texts

LIMITS = Limits()


def codes(message: Message) -> set[str]:
    return {fault.code for fault in message.faults}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        (b"=?utf-8?b?R3LDvMOf?= =?utf-8?q?e?=", "Grüße"),
        (b"=?utf-8?b?R3LD?=\r\n =?utf-8?b?vMOfZQ==?=", "Grüße"),  # a character cut in two
        (b"Re: =?iso-8859-1?Q?M=FCller?= (x)", "Re: Müller (x)"),
        (b"=?utf-8?q?no end", "no end"),
        (b"=?utf-8?q?with blank inside?=", "with blank inside"),
        (b"=?x-unknown?q?abc?=", "abc"),
        (b"=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),  # padding missing
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        (b"=?windows-950?B?pKSk5Q==?=", "中文"),
        (b"=?ks_c_5601-1987?B?x9GxuQ==?=", "한국"),
        ("naïve".encode(), "naïve"),
        ("naïve".encode("cp1252"), "naïve"),
        (b"folded\r\n\tline", "folded line"),
        (b'\x1b$B$"$$\x1b(B', "あい"),
        (b"a\0b\x07c", "a\ufffdb\ufffdc"),
    ],
)
def test_header_values(raw: bytes, text: str) -> None:
    assert decode_value(raw) == text


@pytest.mark.parametrize(
    ("raw", "value", "name"),
    [
        (b'attachment; filename="a b.pdf"', "attachment", "a b.pdf"),
        (b"attachment; filename=a b.pdf", "attachment", "a b.pdf"),
        (b"attachment; filename*=utf-8'en'%e2%82%ac%20rates.txt", "attachment", "€ rates.txt"),
        (b"attachment; filename*0*=utf-8''%e2%82; filename*1*=%ac; filename*2=.txt", "attachment", "€.txt"),
        (b"attachment; filename*1=b.txt; filename*0=a", "attachment", "ab.txt"),
        (b'attachment; filename="=?utf-8?q?=E2=82=AC.txt?="', "attachment", "€.txt"),
        (b'attachment; filename="a\\"b.txt"', "attachment", 'a"b.txt'),
        (b'attachment\n filename="a.txt"', "attachment", "a.txt"),
        (b'; filename="a.txt"', "", "a.txt"),
        (b'attachment; filename="cut', "attachment", "cut"),
        (b"attachment; filename=caf\xe9.txt", "attachment", "café.txt"),
        (b'attachment; filename="x\0y\ny.txt"', "attachment", "x\ufffdy y.txt"),
    ],
)
def test_parameters(raw: bytes, value: str, name: str) -> None:
    found, given = parameters(raw)
    assert (found, given["filename"]) == (value, name)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a@x.example, B <b@x.example>", ("a@x.example", "B <b@x.example>")),
        (b'"Doe, Jane" <j@x.example>, (c, d) e@x.example', ('"Doe, Jane" <j@x.example>', "(c, d) e@x.example")),
        (b"=?utf-8?q?M=C3=BC=2C_A?= <m@x.example>, z@x.example", ("Mü, A <m@x.example>", "z@x.example")),
        (b"Team: a@x.example, b@x.example;", ("a@x.example", "b@x.example")),
        (b"undisclosed-recipients:;", ("undisclosed-recipients:",)),
        (b"a@x.example; b@x.example", ("a@x.example", "b@x.example")),
        (b'"broken <a@x.example>, b@x.example', ('"broken <a@x.example>', "b@x.example")),
        (b"", ()),
    ],
)
def test_addresses(raw: bytes, expected: tuple[str, ...]) -> None:
    assert addresses(raw) == expected


def test_a_hundred_thousand_recipients() -> None:
    people = ",\r\n ".join(f'"Person, Number {n}" <p{n}@x.example>' for n in range(100_000))
    message = read_mail(f"From: a@x.example\r\nTo: {people}\r\nSubject: s\r\n\r\nbody\r\n".encode(), LIMITS)
    assert len(message.recipients) == 100_000
    assert message.recipients[-1] == '"Person, Number 99999" <p99999@x.example>'


@pytest.mark.parametrize(
    "hostile",
    [b'"\\"' * 3_000, b"(" * 50_000, b"<" * 50_000, b"=?" * 20_000, b"=?a?q?" * 20_000, b" " * 60_000, b';a="' * 9_000],
)
def test_hostile_headers_end(hostile: bytes) -> None:
    read_mail(
        b"From: "
        + hostile
        + b"\nContent-Type: text/plain"
        + hostile
        + b"\nContent-Disposition: "
        + hostile
        + b"\n\nbody",
        LIMITS,
    )


def test_one_of_each() -> None:
    message = read_mail(MIXED, LIMITS)
    assert message.message_id == "<one@x.example>"
    assert message.subject == "Grüße"
    assert message.sent_at == "2021-03-02T15:04:05Z"
    assert message.received_at == "2021-03-02T15:04:09Z"
    assert set(message.dates) == {"date", "received_last", "received_first"}
    assert [(leaf.locator, leaf.kind, leaf.name, leaf.media_type) for leaf in message.leaves] == [
        ("1.1", "body", "", "text/plain"),
        ("1.2", "body", "", "text/html"),
        ("2", "attachment", "list.csv", "text/csv"),
        ("3", "inline", "logo.png", "image/png"),
        ("4", "message", "", "message/rfc822"),
        ("5", "attachment", "", "message/delivery-status"),
        ("6", "attachment", "", "text/calendar"),
    ]
    assert texts(message)[:2] == ["plain body é\n", "<p>html body</p>"]
    assert contents(message)["2"] == b"a,b\r\n1,2\r\n"
    inner = message.leaves[4].message
    assert inner is not None
    assert (inner.subject, inner.message_id, texts(inner)) == ("inside", "<two@x.example>", ["inner text"])
    assert not codes(message) - {"defect"}


@pytest.mark.parametrize(
    ("raw", "expected", "fault"),
    [
        # the boundary announced never comes
        (b'Content-Type: multipart/mixed; boundary="X"\n\nall of this\nis text', ["all of this\nis text"], "truncated"),
        # another boundary comes
        (
            b'Content-Type: multipart/mixed; boundary="X"\n\n--Y\nContent-Type: text/plain\n\none\n--Y\n\ntwo\n--Y--\n',
            ["one", "two"],
            "defect",
        ),
        # cut inside a part
        (b'Content-Type: multipart/mixed; boundary="X"\n\n--X\n\none\n--X\n\ntw', ["one", "tw"], "truncated"),
        # an outer boundary ends an inner multipart
        (
            b'Content-Type: multipart/mixed; boundary="X"\n\n--X\nContent-Type: multipart/mixed; boundary="XX"\n\n'
            b"--XX\n\none\n--X\n\ntwo\n--X--\n",
            ["one", "two"],
            "defect",
        ),
        # text before, after and beyond the parts
        (
            b'Content-Type: multipart/mixed; boundary="X"\n\nMRN 1234\n--X\n\none\n--X--\nMRN 99\n--X\n\nlate\n--X--\n',
            ["MRN 1234", "one", "MRN 99", "late"],
            None,
        ),
        # the customary notice is no text
        (
            b'Content-Type: multipart/mixed; boundary="X"\n\nThis is a message in MIME format.\n--X\n\none\n--X--\n',
            ["one"],
            None,
        ),
        # a broken line inside the header does not end it
        (b"From: a@x.example\nquite broken\nSubject: s\nTo: b@x.example\n\nbody", ["body"], "defect"),
        # no header at all
        (b"just some text: with a colon\nmore", ["just some text: with a colon\nmore"], "defect"),
        (b"Content-Transfer-Encoding: base64\n\nb25l\nb25\n", ["oneon"], "truncated"),
        # two runs of base64, each with its padding
        (b"Content-Transfer-Encoding: base64\n\nb25lIA==\ndHdv\n", ["one two"], None),
        # a list server's footer under base64
        (
            b"Content-Transfer-Encoding: base64\n\nb25lIHR3bw==\n____________\nsent by the list: list@x.example\n",
            ["____________\nsent by the list: list@x.example", "one two"],
            "defect",
        ),
        (b"Content-Transfer-Encoding: Quoted Printable;\n\na=20b=\nc", ["a bc"], None),
        (b"Content-Transfer-Encoding: strange\n\nabc", ["abc"], "defect"),
        (b"Content-Type: text/plain; charset=utf-8\n\n\xff\xfe\xfa caf\xe9 \x81", None, None),
        (b"Content-Type: text/plain; charset=us-ascii\n\ncaf\xc3\xa9", ["café"], None),
        (b"Content-Type: text/plain; charset=x-unknown\n\ncaf\xe9", ["café"], None),
        (b"Content-Type: text/plain; charset=iso-8859-8-i\n\n\xf9\xec\xe5\xed", ["שלום"], None),
        (b"Content-Type: text/plain; charset=utf-7\n\n+2AA-", ["\ufffd"], None),
        (
            b"Content-Type: text/html\n\n<meta charset=windows-1251>\xcf\xf0\xe8",
            ["<meta charset=windows-1251>При"],
            None,
        ),
        (b"Content-Type: nonsense\n\nabc", ["abc"], "defect"),
        (b"Subject: s\r\rold Mac\r", ["old Mac\n"], None),
        (b"", [], None),
        (b"\n\n\n", [], None),
    ],
)
def test_damaged_mail(raw: bytes, expected: list[str] | None, fault: str | None) -> None:
    message = read_mail(raw, LIMITS)
    if expected is not None:
        assert [text.rstrip("\n") for text in texts(message)] == [text.rstrip("\n") for text in expected]
    if fault is not None:
        assert fault in codes(message)
    for text in texts(message):
        text.encode()


def test_uuencoded_files_inside_text() -> None:
    block = b"begin 644 list.csv\n+:&5L;&\\@=V]R;&0 \nend\n"
    message = read_mail(b"Subject: s\n\nbefore\n" + block + b"after\n", LIMITS)
    assert contents(message) == {"1/uu1": b"hello world"}
    assert texts(message) == ["before\nafter\n"]
    whole = read_mail(
        b"Content-Type: application/octet-stream; name=x\nContent-Transfer-Encoding: x-uuencode\n\n" + block, LIMITS
    )
    assert contents(whole) == {"1": b"hello world"}


def test_an_attached_mail_in_base64_is_the_same_mail() -> None:
    head = b"Subject: s\nContent-Type: message/rfc822\n"
    clear = read_mail(head + b"\n" + MIXED, LIMITS)
    coded = read_mail(head + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(MIXED), LIMITS)
    assert coded.leaves[0].message is not None
    assert coded.leaves[0].message.message_id == "<one@x.example>"
    assert fingerprint(coded) == fingerprint(clear)


def test_deep_mime_is_cut_and_kept() -> None:
    depth = 3_000
    head = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    message = read_mail(head + b"\nthe text\n", LIMITS)
    assert "too_deep" in codes(message)
    assert any(content.endswith(b"the text\n") for content in contents(message).values())
    nested = b"Content-Type: message/rfc822\n\n" * depth + b"Subject: s\n\nthe text\n"
    found: Message | None = read_mail(nested, LIMITS)
    n = 0
    while found is not None and found.leaves and found.leaves[0].message is not None:
        found, n = found.leaves[0].message, n + 1
    assert n == LIMITS.max_mime_depth
    assert found is not None
    assert contents(found)["1"].endswith(b"the text\n")


def test_date_not_credible_is_kept_as_written() -> None:
    message = read_mail(b"Date: 1 Jan 1601 00:00:00 +0000\nSubject: s\n\nx", LIMITS)
    assert message.sent_at is None
    assert message.dates["date"] == ("1 Jan 1601 00:00:00 +0000", None)
    assert "bad_date" in codes(message)


def test_header_blob_is_decoded_and_raw() -> None:
    message = read_mail(MIXED, LIMITS)
    assert message.header.startswith(b"Received: from c")
    assert "Subject: Grüße" in header_text(message).splitlines()
    assert header_block(b"A: b\n c\nbroken\nD:\n") == "A: b c\nbroken\nD:"


def test_too_large_reads_the_start() -> None:
    data = b"Subject: s\n\n" + b"x" * 5_000
    message = read_mime(MemoryReadable(data), Limits(max_bytes=1_000))
    assert "too_large" in codes(message)
    assert len(texts(message)[0]) == 1_000 - 12


@pytest.mark.parametrize("raw", ALL)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_cut_anywhere(raw: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(raw)))
    message = read_mail(raw[:cut], LIMITS)
    contents(message)
    for text in (*texts(message), message.subject or "", message.sender or "", *message.recipients):
        text.encode()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                b"--b",
                b"--",
                b"\n",
                b"\r\n",
                b":",
                b"Content-Type: multipart/mixed; boundary=b",
                b"Content-Type: message/rfc822",
                b"Content-Transfer-Encoding: base64",
                b"\xff",
                b"=?utf-8?q?",
                b"?=",
                b"begin 644 a",
                b"end",
                b"Zm9v",
                b"=",
                b'"',
                b"\0",
                b"From ",
            ]
        ),
        max_size=40,
    )
)
def test_garbage_never_raises(pieces: list[bytes]) -> None:
    message = read_mail(b"".join(pieces), LIMITS)
    contents(message)
    header_text(message)
    for text in texts(message):
        text.encode()


@given(st.binary(max_size=300))
def test_base64_agrees_with_the_library(content: bytes) -> None:
    encoded = base64.encodebytes(content)
    raw = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n" + encoded
    assert contents(read_mail(raw, LIMITS)).get("1", b"") == content


# --- real files ------------------------------------------------------------------------------------------------------


def standard_leaves(message: StdMessage) -> list[bytes]:
    """The leaves with content, as the standard library finds them; the notices it splits up are left to it."""
    if message.is_multipart():
        payload = message.get_payload()
        assert isinstance(payload, list)
        return [leaf for part in payload for leaf in standard_leaves(part)]
    content = message.get_payload(decode=True)
    return [content] if isinstance(content, bytes) and content.strip() else []


def own_leaves(message: Message) -> list[bytes]:
    found: list[bytes] = []
    for leaf in message.leaves:
        if leaf.message is not None:
            found += own_leaves(leaf.message)
        elif leaf.text is not None:
            found.append(leaf.text.encode())
        elif leaf.chunks is not None:
            found.append(b"".join(leaf.chunks()))
    return [leaf for leaf in found if leaf.strip()]


@pytest.mark.samples
def test_real_mails_keep_every_leaf(samples: Path) -> None:
    files = sample_files(samples / "eml")
    assert len(files) > 100
    for path in files:
        message = read_mime(FileReadable(path), LIMITS)
        parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.compat32)
        standard, own = standard_leaves(parsed), own_leaves(message)
        assert own or not standard, path.name
        if any(part.defects for part in parsed.walk()) or "malformed" in path.name:
            continue  # damaged mail is taken further apart here; its leaves are not comparable
        everything = words(b"\n".join((message.header, *own)))
        for leaf in standard:
            assert not words(leaf) - everything, path.name
        if parsed.get_content_type() != "multipart/report":
            assert len(own) >= len(standard), path.name


def words(content: bytes) -> set[bytes]:
    """Texts differ in charset and line ends; their words in ASCII do not."""
    return set(re.findall(rb"[A-Za-z0-9]{4,}", content))
