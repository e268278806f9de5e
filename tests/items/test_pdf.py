"""PDF: pages, forms and notes, pictures, files inside, and documents made to do harm."""

import ctypes
from pathlib import Path
from typing import Any

import pytest

from rollcall.items.parser import Fault, Inner, Limits, Text
from rollcall.items.parsers import pdf
from rollcall.items.passwords import Keyed
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus import make
from tests.items.pdf_file import assembled, pdf_file

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
        (b"\0\5\x16\0" + b"\0\2" + bytes(16) + b"\0\1" + b"\0\0\0\1\0\0\0\x2a\0\0\0\x09letter" + b"%PDF-1.4\n", True),
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


LINE = b"BT /Helvetica 9 Tf 1 0 0 1 20 100 Tm (%s) Tj ET"
OBJECTS = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [%s] /Count %d >>"]
FONT = b"/Resources << /Font << /Helvetica << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> %s >>"


def page(contents: int, more: bytes = b"") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents %d 0 R %s >>" % (contents, FONT % more)


def stream(content: bytes, keys: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), keys, content)


def read_words(data: bytes) -> str:
    return " ".join(text for _, _, text in texts(data))


def test_a_faulty_page_does_not_lose_the_others() -> None:
    objects = [
        OBJECTS[0], OBJECTS[1] % (b"3 0 R 5 0 R 7 0 R", 3), page(4), stream(LINE % b"first"), b"(no page)",
        b"null", page(8), stream(LINE % b"third"),
    ]  # fmt: skip
    data = assembled(objects)
    assert [(label, text) for _, label, text in texts(data)] == [("1", "first"), ("3", "third")]
    assert codes(data) == ["partial"]


def test_parts_of_a_page_that_hold_themselves_end() -> None:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << /XObject << /F 5 0 R >> >>"
    objects = [
        OBJECTS[0], OBJECTS[1] % (b"3 0 R", 1), page(4, b"/XObject << /F 5 0 R >>"),
        stream(LINE % b"outside" + b" /F Do"), stream(b"0 0 50 50 re f /F Do", form),
    ]  # fmt: skip
    assert read_words(assembled(objects)) == "outside"


def test_page_trees_that_hold_themselves_end() -> None:
    objects = [
        OBJECTS[0], OBJECTS[1] % (b"3 0 R 2 0 R", 2), page(4), stream(LINE % b"once"),
    ]  # fmt: skip
    assert "once" in read_words(assembled(objects))
    assert set(codes(assembled(objects))) <= {"partial"}


def test_a_broken_table_of_places_is_made_anew() -> None:
    data = assembled([OBJECTS[0], OBJECTS[1] % (b"3 0 R", 1), page(4), stream(LINE % b"found again")])
    cut = data[: data.rindex(b"xref\n0")]
    assert (read_words(cut), codes(cut)) == ("found again", ["truncated"])
    moved = data.replace(b"startxref\n", b"startxref\n9")
    assert (read_words(moved), codes(moved)) == ("found again", [])


def test_more_pages_are_told_than_there_are() -> None:
    data = assembled([OBJECTS[0], OBJECTS[1] % (b"3 0 R", 900_000_000), page(4), stream(LINE % b"one")])
    assert read_words(data) == "one"
    assert set(codes(data, Limits(max_pages=50))) <= {"partial", "too_large"}


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "passwords", "code"),
    [
        ("tika_testPassword4Spaces.pdf", (), "encrypted"),
        ("tika_testPassword4Spaces.pdf", ("wrong",), "wrong_password"),
        ("tika_testPassword4Spaces.pdf", ("wrong", "    "), ""),
        ("tika_testPDF_no_extract_no_accessibility_owner_empty.pdf", (), ""),
    ],
)
def test_passwords(samples: Path, name: str, passwords: tuple[str, ...], code: str) -> None:
    readable = Keyed(FileReadable(samples / "pdf" / name), passwords)
    values = list(pdf.parse(readable, LIMITS))
    assert [value.code for value in values if isinstance(value, Fault)] == ([code] if code else [])
    assert bool([value for value in values if isinstance(value, Text)]) is not bool(code)
    assert pdf.PARSER.locked is not None
    assert pdf.PARSER.locked(readable) is ("empty" not in name)


@pytest.mark.parametrize(
    ("handler", "code"),
    [(b"MicrosoftIRMServices", "rights_managed"), (b"Acme.Lock", "unsupported_encryption")],
)
def test_what_no_password_opens_says_why(handler: bytes, code: str) -> None:
    lock = b"<< /Filter /%s /V 4 /Length 128 >>" % handler
    file = pdf_file([b""], more=[lock]).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R /ID [<00> <00>]")
    assert [value.code for value in pdf.parse(MemoryReadable(file), Limits()) if isinstance(value, Fault)] == [code]
