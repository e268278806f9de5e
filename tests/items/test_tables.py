"""Tables of documents: every cell comes back at its place, whichever format wrote it."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.parser import Limits, Parser, Table
from rollcall.items.parsers import doc, docx, html, odf, pptx, rtf
from rollcall.items.readable import MemoryReadable
from tests.corpus.make import zipped
from tests.corpus.make_documents import opendocument
from tests.corpus.make_old_office import word97

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORDS = st.text("abcdefgäéñ0123456789-", min_size=1, max_size=12)
GRIDS = st.integers(2, 6).flatmap(
    lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=2, max_size=8)
)
Grid = list[list[str]]


def nested(grid: Grid, cell: str, row: str, table: str) -> str:
    return table % "".join(row % "".join(cell % word for word in line) for line in grid)


def as_docx(grid: Grid) -> bytes:
    cell = "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>"
    body = nested(grid, cell, "<w:tr>%s</w:tr>", "<w:tbl>%s</w:tbl>")
    return zipped({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"})


def as_pptx(grid: Grid) -> bytes:
    cell = "<a:tc><a:txBody><a:p><a:r><a:t>%s</a:t></a:r></a:p></a:txBody></a:tc>"
    body = nested(grid, cell, "<a:tr>%s</a:tr>", "<a:tbl>%s</a:tbl>")
    return zipped({
        "ppt/presentation.xml": "<p:presentation xmlns:p='urn:p'/>",
        "ppt/slides/slide1.xml": f"<p:sld xmlns:p='urn:p' xmlns:a='urn:a'>{body}</p:sld>",
    })  # fmt: skip


def as_odt(grid: Grid) -> bytes:
    cell = "<table:table-cell><text:p>%s</text:p></table:table-cell>"
    body = nested(grid, cell, "<table:table-row>%s</table:table-row>", "<table:table>%s</table:table>")
    return opendocument("text", f"<office:text>{body}</office:text>")


def as_html(grid: Grid) -> bytes:
    return nested(grid, "<td>%s</td>", "<tr>%s</tr>", "<html><meta charset=utf-8><table>%s</table></html>").encode()


def as_rtf(grid: Grid) -> bytes:
    return nested(grid, "%s\\cell ", "\\trowd\\intbl %s\\row ", "{\\rtf1\\ansi\\ansicpg1252 %s}").encode("cp1252")


def as_doc(grid: Grid) -> bytes:
    text, marks = "", {}
    for line in grid:
        for word in (*line, None):
            text += (word or "") + "\x07"
            marks[len(text) - 1] = b"\x16\x24\x01" + (b"\x17\x24\x01" if word is None else b"")
    return word97([text], [len(text), *[0] * 7], marks, [])


@pytest.mark.parametrize(
    ("parser", "write"),
    [
        (docx.PARSER, as_docx), (pptx.PARSER, as_pptx), (odf.PARSER, as_odt), (html.PARSER, as_html),
        (rtf.PARSER, as_rtf), (doc.PARSER, as_doc),
    ],
    ids=lambda value: getattr(value, "name", ""),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
@given(grid=GRIDS)
def test_every_cell_comes_back(parser: Parser, write: Callable[[Grid], bytes], grid: Grid) -> None:
    if parser is doc.PARSER:
        grid = [line[:3] for line in grid[:2]]  # the page of formatting made for tests has no room for more
    (table,) = (value for value in parser.parse(MemoryReadable(write(grid)), Limits()) if isinstance(value, Table))
    assert [cells for _, _, cells in table.rows] == grid
