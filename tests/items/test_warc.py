"""Web archives: pages come out as they were shown, however they were sent; what ends early is told."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.parser import ContentError, Fault, Inner, Limits
from rollcall.items.parsers import PARSERS, warc
from rollcall.items.readable import MemoryReadable
from tests.corpus.make_archives import answer
from tests.corpus.make_archives import warc as archive

LIMITS = Limits()
PAGE = b"<p>Ann Frobisher</p>" * 30
CHUNKED = b"%x;x=1\r\n%s\r\n5\r\nhello\r\n0\r\n\r\n" % (len(PAGE), PAGE)
SENT = {
    "plain": (answer(PAGE), PAGE),
    "packed": (answer(gzip.compress(PAGE), "Content-Encoding: gzip"), PAGE),
    "deflated": (answer(zlib.compress(PAGE), "Content-Encoding: deflate"), PAGE),
    "said to be packed": (answer(PAGE, "Content-Encoding: gzip"), PAGE),
    "in chunks": (answer(CHUNKED, "Transfer-Encoding: chunked"), PAGE + b"hello"),
    "joined already": (answer(PAGE, "Transfer-Encoding: chunked"), PAGE),
    "no answer of HTTP": (PAGE, PAGE),
}


def pages(data: bytes) -> list[bytes | str]:
    found: list[bytes | str] = []
    readable = MemoryReadable(data)
    for value in warc.parse(readable, LIMITS):
        if isinstance(value, Inner) and value.chunks is not None:
            try:
                found.append(b"".join(value.chunks()))
                again = warc.open_child(readable, value.locator, LIMITS)
                assert again.chunks is not None
                assert b"".join(again.chunks()) == found[-1]
            except ContentError as error:
                found.append(error.code)
    return found


@pytest.mark.parametrize("way", SENT)
def test_a_page(way: str) -> None:
    sent, page = SENT[way]
    data = archive(("response", "https://x.example/a/b.html", sent))
    assert next(one.name for one in PARSERS if one.looks_like(MemoryReadable(data))) == "warc"
    assert pages(data) == [page]


def test_the_form_before_it() -> None:
    first = b"filedesc://x.arc 0.0.0.0 20200101000000 text/plain 3\nabc\n"
    record = b"http://x.example/b.html 10.0.0.1 20200101000000 text/html %d\n%s\n" % (len(answer(PAGE)), answer(PAGE))
    assert pages(first + record) == [PAGE]


def test_what_ends_early_is_told() -> None:
    data = archive(("response", "https://x.example/", answer(PAGE)))[:-40]
    assert [value.code for value in warc.parse(MemoryReadable(data), LIMITS) if isinstance(value, Fault)] == [
        "truncated"
    ]


@given(st.integers(0, 600), st.lists(st.tuples(st.integers(0, 599), st.integers(0, 255)), max_size=4))
@settings(max_examples=80, deadline=None)
def test_damage(cut: int, changes: list[tuple[int, int]]) -> None:
    data = bytearray(
        archive(("response", "https://x.example/a", SENT["packed"][0]), ("request", "x", SENT["plain"][0]))
    )
    for at, value in changes:
        data[at % len(data)] = value
    pages(bytes(data[: len(data) - cut]))
