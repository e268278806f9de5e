"""Which files are mails, and their children by path."""

from pathlib import Path

import pytest

from rollcall.items.parser import Inner, Limits
from rollcall.items.parsers.eml import PARSER, looks_like, open_child
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items.mails import ALL, MIXED, sample_files

LIMITS = Limits()


@pytest.mark.parametrize(
    "data",
    [
        *ALL,
        b"\xef\xbb\xbf" + MIXED,
        b"\r\n\r\n" + MIXED,
        b"From a@x.example Tue Mar  2 10:04:05 2021\n" + MIXED,
        b"Received: by x; date\nSubject: s\n\n",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n",
        b"Message-ID: <1@x.example>\r\nX-Mailer: y\r\n\r\n",
        b"From: a@x.example\nTo: " + b"b@x.example, " * 9000 + b"c@x.example\nSubject: s\n\nhello\n",
    ],
)
def test_mails(data: bytes) -> None:
    assert looks_like(MemoryReadable(data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Name: Ann Lee\nDOB: 1/2/1970\nMRN: 12345\n\nnotes",
        b"To: the file\nSubject: call with patient\nDate: today\n\nShe said ...",
        b"To do:\n- one\n",
        b"http://x.example/ is: a link\n",
        b"From here on: nothing\n",
        b"Date,From,To\n2021-01-01,a@x.example,b@x.example\n",
        b"<html><head></head></html>",
        b'{"From": "a@x.example"}',
    ],
)
def test_other_texts(data: bytes) -> None:
    assert not looks_like(MemoryReadable(data))


def test_each_child_is_found_again_by_its_path() -> None:
    readable = MemoryReadable(MIXED)
    inners = [value for value in PARSER.parse(readable, LIMITS) if isinstance(value, Inner)]
    assert len(inners) == 5
    for inner in inners:
        again = open_child(readable, inner.locator, LIMITS)
        assert (again.kind, again.name, again.media_type) == (inner.kind, inner.name, inner.media_type)
        if inner.chunks is not None:
            assert again.chunks is not None
            assert b"".join(again.chunks()) == b"".join(inner.chunks())
    with pytest.raises(LookupError):
        open_child(readable, "9", LIMITS)


@pytest.mark.samples
def test_real_mails_look_like_mail(samples: Path) -> None:
    files = sample_files(samples / "eml")
    odd = {path.name for path in files if not looks_like(FileReadable(path))}
    # Two of a mail library's own fixtures: a lone subject, and a header of which one line is a field.
    assert odd <= {"mail_bad_encoded_subject.eml", "mail_example13.eml"}
    for path in files:
        assert list(PARSER.parse(FileReadable(path), LIMITS)), path.name
