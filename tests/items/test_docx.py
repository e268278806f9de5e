"""Word: text where it stands, tables and nested tables, what was deleted or hidden, and the real documents."""

import io
from pathlib import Path

import docx as python_docx
import pytest

from rollcall.items.parser import Fault, Limits, Table, Text
from rollcall.items.parsers import docx
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus.make import zipped

LIMITS = Limits()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(body: str, **more: str) -> bytes:
    parts = {f"word/{name}.xml": f"<w:x {W}>{inside}</w:x>" for name, inside in more.items()}
    return zipped({"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>", **parts})


def text(data: bytes) -> str:
    values = docx.parse(MemoryReadable(data), LIMITS)
    return "|".join(value.text for value in values if isinstance(value, Text))


def tables(data: bytes) -> list[list[list[str]]]:
    values = docx.parse(MemoryReadable(data), LIMITS)
    return [[cells for _, _, cells in value.rows] for value in values if isinstance(value, Table)]


def p(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def table(*rows: list[str]) -> str:
    inside = ("<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in row) + "</w:tr>" for row in rows)
    return "<w:tbl>" + "".join(inside) + "</w:tbl>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("one") + p("two"), "one\ntwo"),
        (p("one") + "<w:p/>" + p("two"), "one\ntwo"),
        ("<w:p><w:r><w:t>Fro</w:t></w:r><w:r><w:t>bisher</w:t></w:r></w:p>", "Frobisher"),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>", "a\tb"),
        ("<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r></w:p>", "a"),
        ("<w:p><w:r><w:t>899</w:t><w:noBreakHyphen/><w:t>45</w:t></w:r></w:p>", "899-45"),
        ("<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>", "gone"),
        ("<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>", "new"),
        ("<w:p><w:r><w:instrText>HYPERLINK</w:instrText></w:r></w:p>", ""),
        ("<w:sdt><w:sdtContent>" + p("control") + "</w:sdtContent></w:sdt>", "control"),
        (table([p("Name:"), p("Ann")]), "Name:\tAnn"),
    ],
)
def test_text(body: str, expected: str) -> None:
    assert text(document(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (table([p("A"), p("B")], [p("1"), p("2")]), [[["A", "B"], ["1", "2"]]]),
        (table([p("A") + p("a"), p("B")], [p("1"), "<w:p/>"]), [[["A\na", "B"], ["1", ""]]]),
        (
            table(["<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + p("A"), p("B")], [p("1"), p("2"), p("3")]),
            [[["A", "", "B"], ["1", "2", "3"]]],
        ),
        (
            table([p("menu"), table([p("A"), p("B")], [p("1"), p("2")])], [p("x"), p("y")]),
            [[["A", "B"], ["1", "2"]]],
        ),
        ("<w:p><w:r>" + table([p("A"), p("B")], [p("1"), p("2")]) + "</w:r></w:p>", [[["A", "B"], ["1", "2"]]]),
    ],
)
def test_tables(body: str, expected: list[list[list[str]]]) -> None:
    assert tables(document(body)) == expected


def test_parts_of_their_own() -> None:
    data = document(p("body"), header2=p("head"), footer1=p("foot"), endnotes=p("end"), comments=p("note"))
    values = [value for value in docx.parse(MemoryReadable(data), LIMITS) if isinstance(value, Text)]
    assert [(value.text, value.kind, value.label) for value in values] == [
        ("body", "text", ""),
        ("head", "text", "header"),
        ("foot", "text", "footer"),
        ("end", "note", "endnotes"),
        ("note", "note", "comments"),
    ]


def test_made_by_another_program() -> None:
    made = python_docx.Document()
    made.core_properties.title = "Census"
    made.add_heading("Discharged")
    made.add_paragraph("Ann Frobisher, 899-45-1234")
    grid = made.add_table(2, 2)
    for cell, words in zip(
        (cell for row in grid.rows for cell in row.cells), ("Patient", "SSN", "Ann", "1"), strict=True
    ):
        cell.text = words
    made.sections[0].header.paragraphs[0].text = "MRN0044812"
    buffer = io.BytesIO()
    made.save(buffer)
    assert tables(buffer.getvalue()) == [[["Patient", "SSN"], ["Ann", "1"]]]
    assert text(buffer.getvalue()).startswith("Discharged\nAnn Frobisher, 899-45-1234|MRN0044812")
    assert "title: Census" in text(buffer.getvalue())


def test_properties_under_their_names() -> None:
    """The manager stands apart from the author, what somebody added under the name they gave it."""
    told = "<Application>Writer</Application><Manager>Ann Frobisher</Manager><Company>Heron House</Company>"
    made = zipped({
        "word/document.xml": f"<w:document {W}>{p('x')}</w:document>",
        "docProps/app.xml": f'<Properties xmlns="urn:x">{told}</Properties>',
        "docProps/custom.xml": '<P xmlns="urn:x"><property name="MRN"><lpwstr>0044812</lpwstr></property></P>',
    })  # fmt: skip
    assert text(made) == "x|MRN: 0044812\nManager: Ann Frobisher\nCompany: Heron House"


@pytest.mark.parametrize(("depth", "is_read"), [(1_000, True), (200_000, False)])
def test_deep_nesting_ends(depth: int, is_read: bool) -> None:
    data = document("<w:sdt>" * depth + p("deep") + "</w:sdt>" * depth)
    faults = [value.code for value in docx.parse(MemoryReadable(data), LIMITS) if isinstance(value, Fault)]
    assert (text(data), faults) == (("deep", []) if is_read else ("", ["partial"]))


def test_broken_off_and_entities() -> None:
    cut = zipped({"word/document.xml": f"<w:document {W}><w:body>{p('kept')}<w:p"})
    assert text(cut) == "kept"
    laughs = zipped({"word/document.xml": f'<!DOCTYPE x [<!ENTITY a "b">]><w:document {W}>{p("&a;")}</w:document>'})
    for data, code in ((cut, "partial"), (laughs, "bomb")):
        assert [value.code for value in docx.parse(MemoryReadable(data), LIMITS) if isinstance(value, Fault)] == [code]


@pytest.mark.samples
def test_real_documents(samples: Path) -> None:
    """Every word that stands in a document's body is read; python-docx gives it for comparison."""
    counted = 0
    for path in sorted((samples / "document").glob("*.docx")):
        readable = FileReadable(path)
        if not docx.looks_like(readable):
            continue
        values = list(docx.parse(readable, LIMITS))
        assert not [value for value in values if isinstance(value, Fault)]
        found = " ".join(
            value.text if isinstance(value, Text) else " ".join(cell for _, _, cells in value.rows for cell in cells)
            for value in values
            if isinstance(value, (Text, Table))
        )
        squeezed = "".join(found.split())
        try:
            paragraphs = python_docx.Document(str(path)).paragraphs
        except (KeyError, ValueError, AttributeError):
            continue  # it refuses some that are read here
        for paragraph in paragraphs:
            for run in paragraph.runs:
                assert "".join(run.text.split()) in squeezed
        counted += 1
    assert counted > 40


@pytest.mark.parametrize(
    ("body", "shown", "hidden"),
    [
        ("<w:p><w:r><w:t>a</w:t></w:r><w:del><w:r><w:delText>b</w:delText></w:r></w:del></w:p>", "a", ["ab"]),
        (
            "<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>",
            "new",
            ["old"],
        ),
        ("<w:p><w:moveFrom><w:r><w:t>went</w:t></w:r></w:moveFrom></w:p>" + p("x"), "x", ["went"]),
        (
            table([p("Ann"), "<w:p><w:r><w:delText>1</w:delText></w:r></w:p>"], [p("Bo"), p("2")], [p("Cy"), p("3")]),
            "",
            ["1"],
        ),
    ],
)
def test_what_was_deleted_stands_apart(body: str, shown: str, hidden: list[str]) -> None:
    values = [value for value in docx.parse(MemoryReadable(document(body)), LIMITS) if isinstance(value, Text)]
    assert "".join(value.text for value in values if not value.hidden) == shown
    assert [value.text for value in values if value.hidden] == hidden


def test_either_form_of_a_choice_is_said_once() -> None:
    mc = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    for choice, fallback, expected in (("new", "old", "new"), ("", "old", "old"), ("new", "", "new")):
        inside = f"<mc:Choice>{p(choice)}</mc:Choice><mc:Fallback>{p(fallback)}</mc:Fallback>"
        assert text(document(f"<mc:AlternateContent {mc}>{inside}</mc:AlternateContent>")) == expected


def test_words_for_pictures_are_kept() -> None:
    body = p("x") + "<w:p><w:r><wp:docPr xmlns:wp='urn:w' id='1' name='P' descr='Ann Frobisher'/></w:r></w:p>"
    assert text(document(body)) == "x|Ann Frobisher"


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_document_that_ends_early_gives_what_is_there(share: float) -> None:
    lines = [f"line {number} of the letter" for number in range(4000)]
    whole = document("".join(map(p, lines)))
    values = list(docx.parse(MemoryReadable(whole[: int(len(whole) * share)]), LIMITS))
    found = text(whole[: int(len(whole) * share)]).split("\n")
    assert docx.looks_like(MemoryReadable(whole[: int(len(whole) * share)]))
    assert found[: len(found) - 1] == lines[: len(found) - 1]
    assert len(found) > 100
    assert "truncated" in {value.code for value in values if isinstance(value, Fault)}
