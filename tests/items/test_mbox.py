"""mbox: where mails begin and end, whatever the variant, the window or the shard."""

import mailbox
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.message import fingerprint
from rollcall.items.parser import Fault, Inner, Limits
from rollcall.items.parsers import mbox
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items.mails import MIXED, SIMPLE, sample_files, texts

LIMITS = Limits()
FROM = b"From a@x.example Tue Mar  2 10:04:05 2021\n"


def subjects(data: bytes) -> list[str | None]:
    values = mbox.parse(MemoryReadable(data), LIMITS)
    return [value.message.subject for value in values if isinstance(value, Inner) and value.message]


def mail(subject: str, body: bytes = b"text\n") -> bytes:
    return b"From: a@x.example\nSubject: " + subject.encode() + b"\n\n" + body


@pytest.mark.parametrize(
    "envelope",
    [
        b"From a@x.example Tue Mar  2 10:04:05 2021",
        b"From a@x.example Tue Mar 02 10:04 2021",
        b"From a@x.example Tue Mar  2 10:04:05 EST 2021",
        b"From a@x.example Tue Mar  2 10:04:05 2021 -0500",
        b"From a@x.example Tue, 2 Mar 2021 10:04:05 -0500",
        b"From a@x.example  2 Mar 2021 10:04:05",
        b"From - Tue Mar  2 10:04:05 2021",
        b"From - ",
        b"From MAILER-DAEMON Tue Mar  2 10:04:05 2021",
        b"From ???@??? Tue Mar 02 10:04:05 2021",
        b'From "a b"@x.example Tue Mar  2 10:04:05 2021 remote from y',
        b"From 1693@xxx Tue Mar 02 10:04:05 +0000 2021",
        b"From Tue Mar  2 10:04:05 2021",
        b"From a@x.example",
        b"From a@x.example 2021-03-02T10:04:05Z",
    ],
)
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_envelopes(envelope: bytes, end: bytes) -> None:
    data = b"".join(envelope + b"\n" + mail(name) + b"\n" for name in ("one", "two")).replace(b"\n", end)
    assert mbox.looks_like(MemoryReadable(data))
    assert subjects(data) == ["one", "two"]


@pytest.mark.parametrize(
    "body",
    [
        b"\nFrom here on we use the new form: see below\n",
        b"\nFrom the desk of Dr. Lee, Tue 10:00\nDear all: hello\n",
        b"From Monday to Friday: closed\n",
        b"\nFrom our records at 10:30 on 2 Mar\n\nmore\n",
    ],
)
def test_words_that_begin_with_from_are_no_envelope(body: bytes) -> None:
    assert subjects(FROM + mail("one", body) + b"\n" + FROM + mail("two")) == ["one", "two"]


def test_no_blank_line_before_an_envelope() -> None:
    assert subjects(FROM + mail("one") + FROM + mail("two")) == ["one", "two"]


def test_quoting_is_undone() -> None:
    data = FROM + mail("one", b">From here\n>>From there\n> From not\n")
    values = [value for value in mbox.parse(MemoryReadable(data), LIMITS) if isinstance(value, Inner)]
    assert values[0].message is not None
    assert texts(values[0].message) == ["From here\n>From there\n> From not\n"]


def test_a_length_that_fits_is_believed_and_one_that_does_not_is_not() -> None:
    body = b"an old mailbox:\n\n" + FROM + mail("inside")
    right = FROM + b"Subject: one\nContent-Length: %d\n\n" % len(body) + body + b"\n" + FROM + mail("two")
    assert subjects(right) == ["one", "two"]
    wrong = FROM + b"Subject: one\nContent-Length: %d\n\n" % (len(body) - 3) + body + b"\n" + FROM + mail("two")
    assert subjects(wrong) == ["one", "inside", "two"]
    assert subjects(FROM + b"Subject: one\nContent-Length: 99999999\n\nx\n\n" + FROM + mail("two")) == ["one", "two"]


def test_a_mailbox_cut_short() -> None:
    data = FROM + SIMPLE + b"\n" + FROM + MIXED[: len(MIXED) - 60]
    values = [value for value in mbox.parse(MemoryReadable(data), LIMITS) if isinstance(value, Inner)]
    assert values[1].message is not None
    assert "truncated" in {fault.code for fault in values[1].message.faults}


def test_bytes_before_the_first_mail_are_kept() -> None:
    values = list(mbox.parse(MemoryReadable(b"MRN 1234\n\n" + FROM + SIMPLE), LIMITS))
    first = values[0]
    assert isinstance(first, Inner)
    assert first.chunks is not None
    assert b"".join(first.chunks()).strip() == b"MRN 1234"
    assert isinstance(values[1], Fault)
    assert isinstance(values[2], Inner)
    assert list(mbox.parse(MemoryReadable(b""), LIMITS)) == []
    assert list(mbox.shards(MemoryReadable(b""), LIMITS)) == []


def test_google_labels_are_the_folder() -> None:
    data = FROM + b"X-Gmail-Labels: =?utf-8?q?Sent,Caf=C3=A9?=\n" + SIMPLE
    value = next(mbox.parse(MemoryReadable(data), LIMITS))
    assert isinstance(value, Inner)
    assert (value.folder, value.folder_kind) == ("Sent,Café", "sent")


@settings(max_examples=60, deadline=None)
@given(
    mails=st.lists(
        st.tuples(
            st.sampled_from([SIMPLE, MIXED, b"Subject: x\n\n", mail("q", b"a\n\nFrom b\n>From c\n")]),
            st.integers(0, 99),
        ),
        min_size=1,
        max_size=12,
    ),
    n=st.integers(1, 5),
    size=st.sampled_from([1, 500, 3_000]),
    window=st.sampled_from([64, 300, 1 << 20]),
)
def test_splitting_joined_mails_gives_the_same_mails(
    mails: list[tuple[bytes, int]], n: int, size: int, window: int
) -> None:
    contents = [b"X-Number: %d\n" % number + raw for raw, number in mails]
    data = b"".join(FROM + raw.replace(b"\n>From ", b"\n>>From ") + b"\n" for raw in contents)
    readable = MemoryReadable(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mbox, "SHARD_MESSAGES", n)
        patch.setattr(mbox, "SHARD_BYTES", size)
        patch.setattr(mbox, "_WINDOW", window)
        shards = list(mbox.shards(readable, LIMITS))
        values = [value for shard in shards for value in mbox.open_shard(readable, shard, LIMITS)]
    inners = [value for value in values if isinstance(value, Inner)]
    expected = [fingerprint(mbox.read_mail(raw, LIMITS)) for raw in contents]
    assert [fingerprint(inner.message) for inner in inners if inner.message] == expected
    assert [inner.locator for inner in mbox.parse(readable, LIMITS) if isinstance(inner, Inner)] == [
        inner.locator for inner in inners
    ]
    again = mbox.open_child(readable, inners[-1].locator, LIMITS)
    assert again.message is not None
    assert fingerprint(again.message) == expected[-1]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2 * len(MIXED)), st.binary(max_size=30))
def test_cut_and_damaged(cut: int, noise: bytes) -> None:
    data = (FROM + MIXED + b"\n" + FROM + MIXED)[:cut] + noise
    ranges = [
        value.locator.split(":") for value in mbox.parse(MemoryReadable(data), LIMITS) if isinstance(value, Inner)
    ]
    assert all(int(offset) + int(length) <= len(data) for offset, length in ranges)


@pytest.mark.samples
def test_real_mailboxes(samples: Path) -> None:
    files = sample_files(samples / "mbox")
    assert len(files) >= 10
    for path in files:
        inners = [value for value in mbox.parse(FileReadable(path), LIMITS) if isinstance(value, Inner)]
        assert len(inners) == len(mailbox.mbox(path)), path.name
        assert all(inner.message is not None for inner in inners)
