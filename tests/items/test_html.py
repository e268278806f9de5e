"""HTML: reading order, what counts as a table of data, spans, quoting, and markup meant to break readers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.markup import nests_deeper, strip_tags
from rollcall.items.parser import Fault, Limits, Table, Text
from rollcall.items.parsers.html import html_parts, looks_like, parse
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()


def text(markup: str) -> str:
    return "".join(part.text for part in html_parts(markup, LIMITS) if isinstance(part, Text))


def tables(markup: str) -> list[list[list[str]]]:
    parts = html_parts(markup, LIMITS)
    return [[cells for _, _, cells in part.rows] for part in parts if isinstance(part, Table)]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p class=MsoNormal>one</p><p class=MsoNormal>two</p>", "one\ntwo"),
        ("<p style='margin:0'>one</p><p style='margin:0'>two</p>", "one\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("a <b>b</b><i>c</i>\n\n d", "a bc d"),
        ("SSN:&nbsp;&nbsp;899-45-1234", "SSN:  899-45-1234"),
        ("&lt;b&gt; &amp; &#233; &eacute;", "<b> & é é"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<ol><li>one<li>two</ol>", "1. one\n2. two"),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>three", "> one\n> > two\nthree"),
        ("x<blockquote>a<br><br>b</blockquote>", "x\n> a\n>\n> b"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("<pre>a\na\n\n\na</pre>", "a\na\n\na"),
        ("<a href='mailto:x@y.example'>write</a>", "write"),
        ("<img alt='Chart 7'>", "Chart 7"),
        ("<span style='display:none'>kept</span>", "kept"),
        ("<script>no</script><style>no</style>yes", "yes"),
        ("<!--[if mso]>no<![endif]-->yes", "yes"),
        ("<![if !vml]>yes<![endif]>", "yes"),
        ("<template><p>kept</p></template>", "kept"),
        ("<noscript>kept</noscript>", "kept"),
        ("<textarea>two\nlines</textarea>", "two\nlines"),
        ("<input value='Ann'><input type=checkbox checked>yes", "Ann [x] yes"),
        ("<table><tr><td>Name:</td><td>Ann</td></tr></table>", "Name:\tAnn"),
        ("<table><tr><td>one</td></tr><tr><td>two</td></tr></table>", "one\ntwo"),
        ("<td>cell without a table", "cell without a table"),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_text(markup: str, expected: str) -> None:
    assert text(markup) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<tr><th>A<th>B<tr><td>1<td>2", [["A", "B"], ["1", "2"]]),
        ("<tr><td>Name<td>Ann<tr><td>SSN<td>899-45-1234", [["Name", "Ann"], ["SSN", "899-45-1234"]]),
        ("<tr><td colspan=2>A<td>B<tr><td>1<td>2<td>3", [["A", "", "B"], ["1", "2", "3"]]),
        ("<tr><td rowspan=2>A<td>B<tr><td>2<tr><td>3<td>4", [["A", "B"], ["A", "2"], ["3", "4"]]),
        ("<tr><td rowspan=2 colspan=2>A<td>B<tr><td>2", [["A", "", "B"], ["A", "", "2"]]),
        ("<tr><td>A<td>B<tr><td>x<br>y<td>", [["A", "B"], ["x\ny", ""]]),
        ("<tr><td>A<td><table><tr><td>x</table><tr><td>1<td>2", [["A", "x"], ["1", "2"]]),
    ],
)
def test_table(markup: str, expected: list[list[str]]) -> None:
    assert tables(f"<table>{markup}</table>") == [expected]


def test_text_around_tables() -> None:
    markup = "before<table><tr><td>A<td>B<tr><td>1<td>2</table>after"
    assert text(markup) == "before\n\nafter"
    assert len(tables(markup)) == 1


def test_inner_table_of_data_makes_the_outer_a_layout() -> None:
    inner = "<table><tr><td>A<td>B<tr><td>1<td>2</table>"
    markup = f"<table><tr><td>menu<td>top</td></tr><tr><td>left<td>{inner}</td></tr></table>"
    assert tables(markup) == [[["A", "B"], ["1", "2"]]]
    assert text(markup) == "menu\ttop\nleft"


def test_letter_beside_a_menu_is_text() -> None:
    letter = "Dear Ann, " * 100
    markup = f"<table><tr><td>menu<td>{letter}</td></tr><tr><td>foot<td>end</td></tr></table>"
    assert tables(markup) == []
    assert letter.strip() in text(markup)


def test_spans_have_a_budget() -> None:
    row = "<tr>" + "<td colspan=1000 rowspan=65534>x" * 20
    (rows,) = tables(f"<table>{row}{'<tr><td>y<td>z' * 2000}</table>")
    assert sum(map(len, rows)) < 64 * 5000 + 100_000
    assert sum(cell == "z" for cells in rows for cell in cells) == 2000


@pytest.mark.parametrize(
    ("markup", "deep"),
    [
        ("<div>" * 50, True),
        ("<div>" * 5 + "</div>" * 5, False),
        ("<div></div>" * 100, False),
        ("<div></span>" * 50, True),
        ("<p>" * 100, False),
        ("<li>" * 100, False),
        ("<tr><td>" * 100, False),
        ("<table><tr><td>" * 50, True),
        ("<br>" * 100, False),
        ("<!--" + "<div>" * 100 + "-->", False),
        ("<script>" + "<div>" * 100 + "</script>", False),
        ("<div><b></div>" * 50, True),
        ("<table>" + "<tr><td><font>x" * 100 + "</table>", False),
        ("<a title='>'>" + "x" * 5, False),
    ],
)
def test_depth(markup: str, deep: bool) -> None:
    assert nests_deeper(markup, 20) is deep


def test_too_deep_is_read_and_named() -> None:
    parts = list(html_parts("<div>" * 5000 + "Ann<br>Bo<script>no</script>", LIMITS))
    assert [part.text for part in parts if isinstance(part, Text)] == ["Ann\nBo"]
    assert [part.code for part in parts if isinstance(part, Fault)] == ["partial"]


@pytest.mark.parametrize(
    "piece", ["<!--", "<", "<a ", "</", "<a title='", "<script>", "<table><tr><td>", "<b>", "&#", "<div\t"]
)
def test_hostile_repetition_ends(piece: str) -> None:
    markup = piece * 20_000
    assert isinstance(strip_tags(markup), str)
    assert isinstance(text(markup + "Ann"), str)


WORDS = st.lists(st.sampled_from(["Ann", "899-45-1234", "x < y", "é", "a&b"]), max_size=6)
TAGS = st.sampled_from(["div", "p", "table", "tr", "td", "b", "blockquote", "ul", "li", "pre", "span", "th", "caption"])


@st.composite
def markups(draw: st.DrawFn) -> tuple[str, list[str]]:
    pieces, words = [], []
    for number, word in enumerate(draw(WORDS)):
        tag = draw(TAGS)
        word = f"{word}{number}"
        words.append(word)
        shown = word.replace("&", "&amp;").replace("<", "&lt;")
        pieces.append(draw(st.sampled_from([f"<{tag}>{shown}</{tag}>", f"<{tag}>{shown}", f"{shown}</{tag}>"])))
    return "".join(pieces), words


@given(markups())
def test_no_word_is_lost(made: tuple[str, list[str]]) -> None:
    markup, words = made
    found = text(markup) + " ".join(cell for table in tables(markup) for row in table for cell in row)
    for word in words:
        assert word in found
        assert word in strip_tags(markup)


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        (b"<!DOCTYPE html><p>x", True),
        (b"\xef\xbb\xbf  <html>", True),
        (b"<?xml version='1.0'?><!-- x --><html xmlns='y'>", True),
        ("<html><body>é".encode("utf-16"), True),
        (b"<table><tr><td>x", True),
        (b"<clinicalDocument>", False),
        (b"<?xml version='1.0'?><feed>", False),
        (b"see <html> for more", False),
        (b"<p", False),
        (b"\0\0<html>\0\1\2\3\4\5\6\7", False),
        (b"<!---->" * 500, False),
    ],
)
def test_looks_like(data: bytes, fits: bool) -> None:
    assert looks_like(MemoryReadable(data)) is fits


def test_a_page_with_bytes_of_a_program_in_it_is_a_page() -> None:
    data = b"<HTML><HEAD>\r\n" + b"p\xc0l\x07\0\2\0\0\0" * 8 + b"</HEAD><BODY>Dear Ann</BODY></HTML>"
    assert looks_like(MemoryReadable(data))
    assert "Dear Ann" in "".join(
        value.text for value in parse(MemoryReadable(data), Limits()) if isinstance(value, Text)
    )


def test_a_charset_may_be_declared_after_pages_of_style() -> None:
    head = "<html><head><style>" + "p { margin: 0 }\n" * 1000 + '</style><meta charset="windows-1251"></head><body>'
    data = (head + "Анна Ли</body></html>").encode("cp1251")
    assert next(value.text for value in parse(MemoryReadable(data), Limits()) if isinstance(value, Text)) == "Анна Ли"
