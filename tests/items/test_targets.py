"""Links of documents: whom they reach, which files they name, and which of those are kept elsewhere."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.parser import Fault, Limits, Text
from rollcall.items.parsers import docx, odf, pptx, rtf, sheets
from rollcall.items.readable import MemoryReadable
from rollcall.items.targets import parts, split_fields
from tests.corpus.make import zipped
from tests.items.pdf_file import pdf_file

CLOUD = "https://mercy.sharepoint.com/sites/billing/Shared%20Documents/Tindall%20chart.pdf?web=1"
TOLD = [
    (["mailto:ann.tindall@home.example"], "mailto:ann.tindall@home.example", []),
    (["MAILTO:a@b.example?subject=Chart%20of%20Ann%20Tindall"], "MAILTO:a@b.example subject=Chart of Ann Tindall", []),
    (["tel:+1-555-010-4477"], "tel:+1-555-010-4477", []),
    (["file:///\\\\srv01\\charts\\Tindall_B.docx"], "Tindall_B.docx", []),
    (["https://x.example/chart?dob=1951-02-01&n=Ann"], "dob=1951-02-01", []),
    (["https://www.example.org/", "https://www.example.org/about.html", "#_Toc1"], "", []),
    ([CLOUD, CLOUD], "Tindall chart.pdf", ["mercy.sharepoint.com"]),
    (["file:///C:/Program%20Files/Templates/Letter.dotx", "script.exe"], "", []),
    (["https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fmercy.box.com%2Fs%2Fab12&data=05"], "",
     ["mercy.box.com"]),
]  # fmt: skip


@pytest.mark.parametrize(("targets", "text", "hosts"), TOLD)
def test_what_targets_tell(targets: list[str], text: str, hosts: list[str]) -> None:
    found = list(parts(targets))
    assert [value.text for value in found if isinstance(value, Text) and value.label == "links"] == [text] * bool(text)
    assert [value.detail for value in found if isinstance(value, Fault)] == hosts
    assert all(value.code == "linked_not_included" for value in found if isinstance(value, Fault))


@pytest.mark.parametrize(
    ("instruction", "target"),
    [
        ('HYPERLINK "mailto:a@b.example" \\o "tip"', "mailto:a@b.example"),
        ('HYPERLINK \\l "top"', "top"),
        ('LINK Excel.Sheet.12 "C:\\\\rolls\\\\may.xlsx" "A!R1C1"', "C:\\rolls\\may.xlsx"),
        ("HYPERLINK http://x.example/a", "http://x.example/a"),
    ],
)
def test_targets_of_fields(instruction: str, target: str) -> None:
    assert split_fields([instruction])[0] == [target]


@given(st.lists(st.text(max_size=200), max_size=20))
@settings(max_examples=60, deadline=None)
def test_any_target_is_looked_at(targets: list[str]) -> None:
    list(parts(targets))


RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGES = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    one = f'<Relationship Id="r1" Type="{RELATION}/{kind}" Target="{target}"{mode}/>'
    return f'<Relationships xmlns="{PACKAGES}">{one}</Relationships>'


def office(main: str, content: str, extra: dict[str, str] | None = None) -> bytes:
    folder, _, name = main.rpartition("/")
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations("officeDocument", main),
        main: content,
        f"{folder}/_rels/{name}.rels": relations("hyperlink", CLOUD, outside=True),
    }
    return zipped({**members, **(extra or {})})


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
BOOK = f'<workbook xmlns="{SHEET}"><sheets><sheet name="a" r:id="r1" xmlns:r="{RELATION}"/></sheets></workbook>'


def workbook() -> bytes:
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData/></worksheet>',
        "xl/worksheets/_rels/sheet1.xml.rels": relations("hyperlink", CLOUD, outside=True),
    })  # fmt: skip


def text_document() -> bytes:
    out = io.BytesIO()
    names = 'xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:x="http://www.w3.org/1999/xlink"'
    words = 'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml", f'<o:document {names} {words}><t:p><t:a x:href="{CLOUD}">it</t:a></t:p></o:document>'
        )
    return out.getvalue()


LINK = b"<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /A << /S /URI /URI (%s) >> >>" % CLOUD.encode()
DOCUMENTS = {
    "docx": (docx, office("word/document.xml", f'<w:document xmlns:w="{WORD}"/>')),
    "docx field": (docx, zipped({
        "_rels/.rels": relations("officeDocument", "word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:p><w:r><w:instrText>HYPERLINK "{CLOUD}"</w:instrText>'
        "</w:r></w:p></w:document>",
    })),
    "pptx": (pptx, office("ppt/presentation.xml", "<p/>")),
    "xlsx": (sheets, workbook()),
    "odt": (odf, text_document()),
    "rtf": (rtf, b'{\\rtf1{\\field{\\*\\fldinst HYPERLINK "%s"}{\\fldrslt it}}}' % CLOUD.encode()),
}  # fmt: skip


@pytest.mark.parametrize("which", DOCUMENTS)
def test_files_that_documents_only_link_to_are_counted(which: str) -> None:
    module, data = DOCUMENTS[which]
    found = list(module.parse(MemoryReadable(data), Limits()))
    assert [(value.code, value.detail) for value in found if isinstance(value, Fault)] == [
        ("linked_not_included", "mercy.sharepoint.com")
    ]
    assert "Tindall chart.pdf" in [value.text for value in found if isinstance(value, Text) and value.kind == "names"]


def test_of_a_pdf_too() -> None:
    from rollcall.items.parsers import pdf

    found = list(pdf.parse(MemoryReadable(pdf_file([b""], page_keys=b"/Annots [5 0 R]", more=[LINK])), Limits()))
    assert [value.detail for value in found if isinstance(value, Fault)] == ["mercy.sharepoint.com"]


def test_rtf_says_who_wrote_it() -> None:
    data = b"{\\rtf1{\\info{\\title Chart}{\\author Ann Tindall}{\\*\\company Mercy}{\\creatim\\yr2020}}text}"
    found = [value for value in rtf.parse(MemoryReadable(data), Limits()) if isinstance(value, Text)]
    assert [value.text for value in found if value.label == "properties"] == [
        "title: Chart\nauthor: Ann Tindall\ncompany: Mercy"
    ]
