"""A look at a content says what it is soon, whatever stands at its start: it comes before any limit can bind."""

import signal
from collections.abc import Iterator

import pytest

from rollcall.items.identify import fits
from rollcall.items.parsers import PARSERS
from rollcall.items.readable import MemoryReadable

SECONDS = 10  # of processor time; what is well takes thousandths
STARTS = {
    "comments": b"<?xml version='1.0'?>\n" + b"<!-- one -->\n" * 2_000 + b"<ClinicalDocument xmlns='urn:hl7-org:v3'>",
    "declarations": b"<?xml version='1.0'?>\n" * 3_000 + b"<svg>",
    "instructions": b"<?a ?>\n" * 5_000,
    "blanks": b" " * 60_000,
    "lines": b"\n" * 60_000 + b"x",
    "doctypes": b"<!DOCTYPE a>\n" * 5_000 + b"<!DOCTYPE",
    "elements open": b"<" * 60_000,
    "attributes": b"<Patient" + b" xmlns = " * 7_000,
    "braces": b"{" * 60_000,
    "brackets": b"[" * 60_000,
    "quotes": b'{"' + b'\\"' * 30_000,
    "strings": b'{"a' * 20_000,
    "commas": b"," * 60_000,
    "cells": b'"a,' * 20_000,
    "quoted cells": b'"a"",' * 12_000,
    "colons": b"a:" * 30_000,
    "folded": b"Subject: a\n" + b" b\n" * 20_000,
    "header without end": b"a" * 60_000,
    "from lines": b"From a\n" * 9_000,
    "segments": b"MSH|^~\\&|" + b"|" * 60_000,
    "interchange": b"ISA*00*" + b"*" * 60_000,
    "begins": b"BEGIN:VCARD\r\n" * 5_000,
    "parameters": b"BEGIN:VCARD\r\nTEL" + b';a="b' * 12_000,
    "groups": b"{\\rtf1" + b"{" * 60_000,
    "stars": b"*/" * 30_000,
    "dashes": b"-" * 60_000,
    "hex": b"0" * 60_000,
    "base64": b"data:a/b;base64," + b"A" * 60_000,
    "brackets of PDF": b"%PDF-1.7\n" + b"<<" * 30_000,
    "references": b"&a;" * 20_000,
    "zip heads": b"PK\x03\x04" * 16_000,
    "zip ends": b"PK\x03\x04" + b"PK\x05\x06" * 16_000,
}


class LateError(BaseException):
    """No reader may catch it."""


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise LateError

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("start", STARTS)
def test_what_it_is_is_said_soon(start: str) -> None:
    names = [parser.name for parser in fits(MemoryReadable(STARTS[start]), PARSERS)]
    assert len(names) < len(PARSERS)
