"""What is read of a page: lines in order, columns of prose, text that is turned, hidden or drawn twice."""

# ruff: noqa: E501 (what is drawn stands as one would write it in a file)

import re
from collections.abc import Sequence

import pypdfium2 as pdfium
import pytest

from rollcall.items.parser import Limits, Table, Text
from rollcall.items.parsers import pdf
from rollcall.items.pdf.glyphs import glyphs_of
from rollcall.items.pdf.plain import plain_text
from rollcall.items.readable import MemoryReadable
from tests.items.pdf_file import pdf_file

Shown = tuple[float, float, str]  # from the left, from the bottom, text


def stream(shown: Sequence[Shown], face: str = "Helvetica", size: float = 9, before: str = "") -> bytes:
    return "\n".join(
        f"BT {before} /{face} {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET" for x, y, text in shown
    ).encode()


def page_text(content: bytes, **more: bool) -> str:
    data = pdf_file([content], 612, 792, ("Helvetica", "Courier", "Helvetica-Bold"), **more)
    values = list(pdf.parse(MemoryReadable(data), Limits()))
    assert all(isinstance(value, Text) for value in values)
    return "\n----\n".join(value.text for value in values if isinstance(value, Text))


LIST = [
    ["Name", "DOB", "Phone"],
    ["Mary Olson-Baker", "2/1/1951", "605-555-2010"],
    ["WILLIAM MOMMSEN", "", "605-555-2011"],
    ["Li Ili", "3/4/1961", ""],
]
PLACES = (20, 150, 230)


def shown_list(by_column: bool) -> list[Shown]:
    cells = [
        (col, row, (float(PLACES[col]), 300.0 - 12 * row, text))
        for row, texts in enumerate(LIST)
        for col, text in enumerate(texts)
        if text
    ]
    return [shown for _, _, shown in sorted(cells, key=lambda one: one[: 2 if by_column else 0])]


@pytest.mark.parametrize("face", ["Helvetica", "Courier"])
@pytest.mark.parametrize("by_column", [False, True], ids=["row by row", "column by column"])
def test_a_list_is_a_table(face: str, by_column: bool) -> None:
    data = pdf_file([stream(shown_list(by_column), face)], fonts=(face,))
    values = list(pdf.parse(MemoryReadable(data), Limits()))
    assert [list(value.rows) for value in values if isinstance(value, Table)] == [
        [(row, 0, texts) for row, texts in enumerate(LIST)]
    ]
    assert not [value for value in values if isinstance(value, Text)]


def test_labels_with_values_stay_text_with_their_gaps() -> None:
    lines = [("Name: Ann Frobisher", "DOB: 2/1/1951"), ("MRN: 0044812", "Sex: F"), ("Plan: Lakes", "Group: 12")]
    shown = [
        (20 + 200 * col, 300.0 - 12 * row, text) for row, texts in enumerate(lines) for col, text in enumerate(texts)
    ]
    text = page_text(stream(shown))
    assert [line.split("   ")[0] for line in text.splitlines()] == [first for first, _ in lines]
    assert len({line.index(texts[1]) for line, texts in zip(text.splitlines(), lines, strict=True)}) == 1


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ([(20, 300, "We saw Ann today."), (20, 288, "She is well.")], "We saw Ann today.\nShe is well."),
        ([(20, 288, "She is well."), (20, 300, "We saw Ann today.")], "We saw Ann today.\nShe is well."),
        ([(20, 300, "Frobisher"), (20.3, 300, "Frobisher")], "Frobisher"),
        ([(20, 300, "Ann Frobisher"), (20, 300, "Ann Frobisher"), (20, 280, "x")], "Ann Frobisher\nx"),
        ([(20, 300, "Ann"), (38, 300, "Frobisher")], "Ann Frobisher"),
        ([(20, 300 - 12 * n, "line") for n in range(3)] + [(20, 230, "next"), (20, 218, "last")],
         "line\nline\nline\n\nnext\nlast"),
        ([(20, 300, "left"), (300, 300.5, "right")], "left ~ right"),
    ],
    ids=["two lines", "drawn upwards", "bold by offset", "drawn twice", "two pieces", "a gap", "side by side"],
)  # fmt: skip
def test_text(shown: list[Shown], text: str) -> None:
    assert re.sub(" {20,}", " ~ ", page_text(stream(shown))) == text


def test_text_far_off_the_page_is_not_lost() -> None:
    far = stream([(20, 3_000_000, "Frobisher, Ann"), (20, 300, "MRN 0044812")])
    assert page_text(far).split() == ["Frobisher,", "Ann", "MRN", "0044812"]


def test_text_that_reads_leftward_stays_as_it_was_drawn() -> None:
    data = samples_of_hebrew()
    text = "".join(value.text for value in pdf.parse(MemoryReadable(data), Limits()) if isinstance(value, Text))
    assert "שלום" in text or "םולש" in text


def samples_of_hebrew() -> bytes:
    """A page of Hebrew letters, in a font that names them by a table of its own."""
    table = b"1 begincodespacerange <00> <FF> endcodespacerange 4 beginbfchar <41> <05E9> <42> <05DC> <43> <05D5> <44> <05DD> endbfchar"
    cmap = b"/CIDInit /ProcSet findresource begin begincmap %s endcmap end" % table
    return pdf_file(
        [b"BT /H 12 Tf 1 0 0 1 40 300 Tm (ABCD) Tj ET"],
        page_keys=b"/Resources << /Font << /H 5 0 R >> >>",
        more=[
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(cmap), cmap),
        ],
    )


def test_invisible_text_is_read() -> None:
    assert page_text(stream([(20, 300, "Ann Frobisher")], before="3 Tr")) == "Ann Frobisher"


PROSE = [
    "the patient was seen today and said that", "the pain had gone since we met in March and",
    "that she sleeps well now, so we agreed on a", "visit in two weeks with her sister present,",
    "who takes care of the house and the dog. She", "asked for a copy of the letter to be sent.",
]  # fmt: skip
MORE = [line.replace("the", "a").upper() for line in PROSE]


@pytest.mark.parametrize("drop", [0.0, 5.0], ids=["same heights", "other heights"])
def test_columns_of_prose_follow_each_other(drop: float) -> None:
    shown = [(36.0, 700.0 - 12 * n, line) for n, line in enumerate(PROSE)]
    shown += [(320.0, 700.0 - drop - 12 * n, line) for n, line in enumerate(MORE)]
    title = [(200.0, 740.0, "Two columns under one title")]
    text = page_text(stream([*title, *shown, (280.0, 20.0, "Page 1 of 1")]))
    assert text.split() == " ".join(["Two columns under one title", *PROSE, *MORE, "Page 1 of 1"]).split()


def test_a_page_on_its_side_is_read_upright() -> None:
    assert page_text(stream([(20, 300, "We saw Ann today."), (20, 288, "She is well.")]), turned=True) == (
        "We saw Ann today.\nShe is well."
    )


@pytest.mark.parametrize("turn", ["0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"])
def test_turned_text_beside_the_rest_is_said_after_it(turn: str) -> None:
    other = f"BT /Helvetica 9 Tf {turn} 500 400 Tm (Frobisher, Ann  MRN 0044812) Tj ET".encode()
    text = page_text(other + b"\n" + stream([(20, 700.0 - 12 * n, line) for n, line in enumerate(PROSE)]))
    assert " ".join(text.split()) == " ".join([*PROSE, "Frobisher, Ann MRN 0044812"])


def test_a_watermark_does_not_cut_lines() -> None:
    mark = b"BT /Helvetica 60 Tf 0.7 0.7 -0.7 0.7 100 100 Tm (CONFIDENTIAL) Tj ET\n"
    text = page_text(mark + stream([(20, 700.0 - 12 * n, line) for n, line in enumerate(PROSE)]))
    assert text.splitlines()[: len(PROSE)] == PROSE
    assert text.splitlines()[-1] == "CONFIDENTIAL"


@pytest.mark.parametrize(
    ("shown", "plain"),
    [
        ([(36.0, 700.0 - 12 * n, line) for n, line in enumerate(PROSE)], True),
        ([(36.0, 700.0, "Name: Ann"), (300.0, 700.0, "DOB: 2/1/1951")], False),
        ([(36.0, 700.0, "Name: Ann          DOB: 2/1/1951"), (36.0, 688.0, "x")], False),
        ([(36.0, 600.0, "second"), (36.0, 700.0, "first")], False),
    ],
    ids=["prose", "beside", "spaces within", "upwards"],
)
def test_boxes_are_only_made_where_there_is_more_to_see(shown: list[Shown], plain: bool) -> None:
    page = pdfium.PdfDocument(pdf_file([stream(shown)]))[0]
    textpage = page.get_textpage()
    assert (plain_text(textpage) is not None) is plain
    assert len(glyphs_of(textpage)) == sum(len(text.replace(" ", "")) for _, _, text in shown)


def test_nested_parts_of_a_page_are_read() -> None:
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 600 700] /Matrix [1 0 0 1 0 %d] %s /Length %d >>\nstream\n%s\nendstream"
    inner = stream([(20, 300, "deep inside")])
    grid = b"0 0 200 40 re 0 20 200 20 re 100 0 100 40 re S " + stream(
        [(5, 25, "a1"), (105, 25, "b2"), (5, 5, "c3"), (105, 5, "d4")]
    )
    keys = b"/Resources << /Font 3 0 R /XObject << /G 6 0 R >> >>"
    outer = b"q /G Do Q " + inner
    data = pdf_file(
        [b"/F Do"],
        page_keys=b"/Resources << /Font 3 0 R /XObject << /F 5 0 R >> >>",
        more=[form % (50, keys, len(outer), outer), form % (100, b"/Resources << /Font 3 0 R >>", len(grid), grid)],
    )  # fmt: skip
    values = list(pdf.parse(MemoryReadable(data), Limits()))
    assert [value.text for value in values if isinstance(value, Text)] == ["deep inside"]
    assert [[cells for _, _, cells in value.rows] for value in values if isinstance(value, Table)] == [
        [["a1", "b2"], ["c3", "d4"]]
    ]
