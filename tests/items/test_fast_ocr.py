"""Pages read by Tesseract first: kept only where nothing can have been missed."""

from collections.abc import Iterator

import numpy as np
import pytest

from rollcall.items.ocr.fast import FEWEST, is_certain, missed, read_fast, words_in
from rollcall.items.parser import ContentError, Fault, Limits
from rollcall.items.parsers import picture
from rollcall.items.pixels import page_bytes
from rollcall.items.readable import MemoryReadable, Readable
from rollcall.pictures import OcrPolicy
from rollcall.sandbox import tools as programs
from tests.items.drawn import drawn
from tests.items.test_rar import offered
from tests.sandbox.reading import running

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
LINES = (
    "Name: Marisol Okonkwo     DOB: 03/02/1984",
    "Member ID: MC883920114    Group: 4471",
    "Allergies: none known to the patient",
    "Seen for a routine visit and a flu shot",
)


def row(text: str, score: float = 96.0, left: int = 10, wide: int = 80, high: int = 20, level: int = 5) -> str:
    return f"{level}\t1\t1\t1\t1\t1\t{left}\t10\t{wide}\t{high}\t{score}\t{text}"


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        ([row("Name:"), row("Okonkwo", left=100)], ["Name:", "Okonkwo"]),
        ([row("line", level=4), row(" "), "5\t1\tcut", ""], []),
    ],
)
def test_words_of_a_table(rows: list[str], texts: list[str]) -> None:
    assert [word.text for word in words_in("\n".join([HEAD, *rows]))] == texts


MANY = [row("Okonkwo")] * FEWEST


@pytest.mark.parametrize(
    ("rows", "certain"),
    [
        (MANY, True),
        (MANY[1:], False),
        ([*MANY, row("Reyes", 79)], False),
        ([row("Okonkwo", 90)] * FEWEST, False),
        ([*MANY, row("Reyes", high=90)], False),
        ([*MANY, row("I", wide=5, high=20)], True),
    ],
    ids=["sure", "few", "one unsure", "not sure on average", "on its side", "a thin letter"],
)
def test_when_it_is_certain(rows: list[str], certain: bool) -> None:
    assert is_certain(words_in("\n".join(rows))) is certain


def test_letters_outside_words_are_missed() -> None:
    grey = drawn(LINES, 150)
    high, wide = grey.shape
    assert missed(grey, words_in(row("all", left=0, wide=wide, high=high))) < 0.01
    assert missed(grey, words_in(row("half", left=0, wide=wide // 2, high=high))) > 0.2
    assert missed(255 - grey, []) > 0.9
    assert missed(np.full((90, 90), 255, np.uint8), []) == 0.0


@pytest.mark.skipif(not programs.available("tesseract"), reason="NOT RUN: tesseract or bubblewrap is not there")
def test_a_plain_page_is_read_with_places() -> None:
    grey = drawn(LINES, 150)
    with running(Limits(), ["tesseract"]):
        page = read_fast(grey)
    assert page is not None
    assert "".join(page.text.split()) == "".join("".join(LINES).split())
    assert all(
        page.text[word.start : word.end].strip() and word.x0 < word.x1 and word.y0 < word.y1 for word in page.words
    )


def test_where_the_program_fails_another_reads() -> None:
    def run(name: str, untrusted: Readable) -> Iterator[bytes]:
        yield HEAD.encode()
        raise ContentError("partial", name)

    with offered(run):
        assert read_fast(drawn(LINES, 150)) is None
    assert read_fast(drawn(LINES, 150)) is None


@pytest.mark.parametrize(("fast", "asked"), [(False, []), (True, ["tesseract"])])
def test_it_is_asked_where_the_case_says_so(fast: bool, asked: list[str]) -> None:
    names: list[str] = []

    def run(name: str, untrusted: Readable) -> Iterator[bytes]:
        names.append(name)
        yield HEAD.encode()

    page = MemoryReadable(page_bytes(np.full((60, 90), 255, np.uint8)))
    with offered(run):
        values = list(picture.parse(page, Limits(ocr_fast=fast)))
    assert names == asked
    assert [value.code for value in values if isinstance(value, Fault)] == ["no_text"]


@pytest.mark.parametrize(("fast", "engines"), [(False, ["rapidocr"]), (True, ["tesseract", "rapidocr"])])
def test_what_reads_is_told(fast: bool, engines: list[str]) -> None:
    assert OcrPolicy(fast=fast).engines == engines
