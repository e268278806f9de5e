"""PDF: pages, forms and notes, pictures, files inside, and documents made to do harm."""

import ctypes
from pathlib import Path
from typing import Any

import pytest

from rollcall.items.parser import Fault, Inner, Limits, Text
from rollcall.items.parsers import pdf
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus import make

LIMITS = Limits()


def text_at(raw: Any, document: Any, page: Any, line: str, top: int) -> None:
    shown = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 12)
    wide = ctypes.create_string_buffer((line + "\0").encode("utf-16-le"))
    raw.FPDFText_SetText(shown, ctypes.cast(wide, raw.FPDF_WIDESTRING))
    raw.FPDFPageObj_Transform(shown, 1, 0, 0, 1, 20, top)
    raw.FPDFPage_InsertObject(page, shown)


def texts(data: bytes, limits: Limits = LIMITS) -> list[tuple[str, str, str]]:
    found = pdf.parse(MemoryReadable(data), limits)
    return [(value.kind, value.label, value.text) for value in found if isinstance(value, Text)]


def codes(data: bytes, limits: Limits = LIMITS) -> list[str]:
    return [value.code for value in pdf.parse(MemoryReadable(data), limits) if isinstance(value, Fault)]


def test_lines_and_pages() -> None:
    def build(raw: Any, document: Any, page: Any) -> None:
        text_at(raw, document, page, "Name   SSN", 150)
        text_at(raw, document, page, "Ann Frobisher   899-45-1234", 130)
        second = document.new_page(300, 200)
        text_at(raw, document, second, "second", 150)
        raw.FPDFPage_GenerateContent(second)

    data = make.pdf(build)
    assert [(kind, label) for kind, label, _ in texts(data)] == [("page", "1"), ("page", "2")]
    first, second = texts(data)[0][2].split("\n")
    assert first.split() == ["Name", "SSN"]
    assert second.split() == ["Ann", "Frobisher", "899-45-1234"]
    assert codes(data, Limits(max_pages=1)) == ["too_large"]


def test_a_blank_page_is_no_picture() -> None:
    data = make.pdf(lambda raw, document, page: None)
    assert (texts(data), codes(data)) == ([], [])


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        (b"%PDF-1.4\n", True),
        (b"\xef\xbb\xbf%PDF-1.4\n", True),
        (b"\r\n\r\n%PDF-1.4\n", True),
        (b"see %PDF-1.4", False),
        (b"From: x\n\n%PDF-1.4", False),
        (b"", False),
    ],
)
def test_looks_like(data: bytes, fits: bool) -> None:
    assert pdf.looks_like(MemoryReadable(data)) is fits


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "found", "n_files", "word"),
    [
        ("tika_testPDF.pdf", [], 0, "Tika"),
        ("tika_testOCR.pdf", [], 1, ""),
        ("tika_testUnicodePassword.pdf", ["encrypted"], 0, ""),
        ("tika_testPDF_deeplyEmbeddedAttachments.pdf", [], 20, ""),
        ("tika_testPDFPackage.pdf", [], 2, ""),
        ("tika_testComment.pdf", [], 0, ""),
        ("tika_testPDF_jpeg2000.pdf", [], 1, ""),
        ("tika_testPDFFileEmbInAnnotation.pdf", [], 1, ""),
        ("tika_testPDF_XFA_govdocs1_258578.pdf", [], 0, ""),
        ("tika_testPDF_acroform3.pdf", [], 0, ""),
    ],
)
def test_real_documents(samples: Path, name: str, found: list[str], n_files: int, word: str) -> None:
    values = list(pdf.parse(FileReadable(samples / "pdf" / name), LIMITS))
    assert [value.code for value in values if isinstance(value, Fault)] == found
    assert sum(isinstance(value, Inner) for value in values) == n_files
    assert word in "".join(value.text for value in values if isinstance(value, Text))
