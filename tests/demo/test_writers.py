"""The files that are written by hand open in other people's readers, and say there what they were given."""

import io
import zlib
from random import Random

import docx
import pypdfium2
import pytest

from rollcall.demo.truth import Fact
from rollcall.demo.writers.archive import zip_bytes
from rollcall.demo.writers.docx import write_docx
from rollcall.demo.writers.pdf import ROWS, write_pdf
from rollcall.demo.writers.scan import write_scan

LINES = ["Dear (Colleague)", "", "Größe \\ 2", "x" * 70]


def test_a_pdf_opens_and_its_pages_say_the_lines() -> None:
    fact = Fact("P1", "patient", "ssn", "full", "1", "1", "")
    lines = [*LINES, *(f"line {n}" for n in range(ROWS)), "last"]
    made = write_pdf("letter", "", "a", lines, [(0, fact), (len(lines) - 1, fact)], mono=True)
    document = pypdfium2.PdfDocument(made.data)
    texts = [page.get_textpage().get_text_range() for page in document]
    assert [one.spot for one in made.facts] == ["page 1", "page 2"]
    assert texts[0].startswith("Dear (Colleague)")
    assert "Größe \\ 2" in texts[0]
    assert texts[1].strip().endswith("last")


def test_a_word_file_opens_with_its_paragraphs_and_table() -> None:
    made = write_docx("form", "", "a", LINES, [], [("Name", "O'Brien & Sons <x>"), ("DOB", "1/2/1960")])
    document = docx.Document(io.BytesIO(made.data))
    assert [one.text for one in document.paragraphs][: len(LINES)] == LINES
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Name", "O'Brien & Sons <x>"],
        ["DOB", "1/2/1960"],
    ]


def test_a_scan_is_a_whole_picture() -> None:
    data = write_scan(Random(1))
    at, chunks = 8, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        assert zlib.crc32(data[at + 4 : at + 8 + size]) == int.from_bytes(data[at + 8 + size : at + 12 + size], "big")
        chunks.append(data[at + 4 : at + 8])
        at += 12 + size
    assert chunks == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize("members", [[], [("a/b.txt", b"1")], [("x", b""), ("y", b"2" * 5000)]])
def test_the_same_members_give_the_same_archive(members: list[tuple[str, bytes]]) -> None:
    assert zip_bytes(members) == zip_bytes(list(members))
