"""The text of a page as it lies on the paper."""

import ctypes
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from rollcall.items.pages import laid_out

Drawn = tuple[float, float, str]  # from the left, from the bottom, text


def page_text(drawn: Sequence[Drawn], face: bytes = b"Helvetica", turned: bool = False) -> str | None:
    document: Any = pdfium.PdfDocument.new()
    page = document.new_page(600, 400)
    for left, bottom, text in drawn:
        shown = raw.FPDFPageObj_NewTextObj(document, face, 9)
        wide = ctypes.create_string_buffer((text + "\0").encode("utf-16-le"))
        raw.FPDFText_SetText(shown, ctypes.cast(wide, raw.FPDF_WIDESTRING))
        matrix = (0, 1, -1, 0) if turned else (1, 0, 0, 1)
        raw.FPDFPageObj_Transform(shown, *matrix, left, bottom)
        raw.FPDFPage_InsertObject(page, shown)
    raw.FPDFPage_GenerateContent(page)
    textpage = page.get_textpage()
    try:
        return laid_out(textpage)
    finally:
        textpage.close()
        document.close()


LIST = [
    ["Name", "DOB", "Phone"],
    ["Mary Olson-Baker", "2/1/1951", "605-555-2010"],
    ["WILLIAM MOMMSEN", "", "605-555-2011"],
    ["Li Ili", "3/4/1961", ""],
]
PLACES = (20, 150, 230)


def drawn_list(by_column: bool) -> list[Drawn]:
    cells = [
        (col, row, (float(PLACES[col]), 300.0 - 12 * row, text))
        for row, texts in enumerate(LIST)
        for col, text in enumerate(texts)
        if text
    ]
    return [drawn for _, _, drawn in sorted(cells, key=lambda one: one[: 2 if by_column else 0])]


@pytest.mark.parametrize("face", [b"Helvetica", b"Courier"])
@pytest.mark.parametrize("by_column", [False, True], ids=["row by row", "column by column"])
def test_columns_begin_at_the_same_place_in_every_line(face: bytes, by_column: bool) -> None:
    text = page_text(drawn_list(by_column), face)
    assert text is not None
    lines = text.splitlines()
    assert [line.split("  ")[0] for line in lines] == [texts[0] for texts in LIST]
    starts = [{line.index(texts[col]) for line, texts in zip(lines, LIST, strict=True) if texts[col]} for col in (1, 2)]
    assert [len(some) for some in starts] == [1, 1]


def test_words_of_a_sentence_keep_one_space() -> None:
    assert page_text([(20, 300, "We saw Ann today."), (20, 288, "She is well.")]) == "We saw Ann today.\nShe is well."


def test_a_wide_gap_between_lines_is_an_empty_line() -> None:
    lines: list[Drawn] = [(20, 300 - 12 * n, "line") for n in range(3)] + [(20, 230, "next"), (20, 218, "last")]
    assert page_text(lines) == "line\nline\nline\n\nnext\nlast"


def test_two_columns_of_prose_are_left_as_they_were_drawn() -> None:
    left = [(20.0, 300.0 - 12 * n, "and these are words that go on and on") for n in range(9)]
    right = [(300.0, 300.0 - 12 * n, "here another column of words goes on") for n in range(9)]
    assert page_text([*left, *right]) is None


def test_turned_pages_and_empty_ones_are_left() -> None:
    assert page_text([(40.0 * n, 20, "a line of text that runs up") for n in range(5)], turned=True) is None
    assert page_text([]) is None
