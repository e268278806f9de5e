"""Make the corpus: for each format small inputs, and beside each what a reader must find in it (`expected.toml`).

Everybody in it is made up; Social Security numbers begin with 899, which is never issued. What is expected is written
here by hand from what was put into the file, never from what a reader said. It is long because it is data. Run it from
the root of the repository:

    python tests/corpus/make.py
"""

# ruff: noqa: E501 (formats are written as they stand in files)

import base64
import ctypes
import io
import random
import zipfile
from collections.abc import Callable, Iterable
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STAMP = (2024, 3, 4, 5, 6, 8)
PEOPLE = (
    ("Okonkwo-Reyes, Marisol", "899-45-1234", date(1984, 3, 2), "MRN0044812"),
    ("Tindall, Bartholomew Q.", "899-02-0087", date(1951, 12, 30), "MRN0000917"),
    ("Vasquez Ibáñez, Eluned", "899-77-6001", date(2016, 2, 29), "MRN1200305"),
)


def case(fmt: str, name: str, ending: str, data: bytes, **expected: list[dict[str, Any]]) -> None:
    """Write one case: parts, records, inners and faults in the order a reader yields them."""
    folder = HERE / fmt / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"input.{ending}").write_bytes(data)
    lines = ["# Made by tests/corpus/make.py."]
    for kind in ("part", "record", "inner", "fault"):
        for entry in expected.get(f"{kind}s", []):
            lines += ["", f"[[{kind}]]", *(f"{key} = {_toml(value)}" for key, value in entry.items())]
    (folder / "expected.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    escaped = "".join(
        f"\\u{ord(character):04X}" if ord(character) < 32 or character in '"\\\x7f' else character
        for character in value
    )
    return f'"{escaped}"'


def text(value: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """A part of text."""
    return {"kind": kind, "text": value, **more}


def table(rows: Iterable[Iterable[Any]], kind: str = "table", **more: Any) -> dict[str, Any]:
    """A part of rows: [row, first column, [cells]]."""
    return {"kind": kind, "rows": [list(row) for row in rows], **more}


def numbered(rows: Iterable[Iterable[str]]) -> list[list[Any]]:
    """Rows one under another from the first cell."""
    return [[number, 0, list(cells)] for number, cells in enumerate(rows)]


def zipped(members: dict[str, bytes | str]) -> bytes:
    """A zip that is the same whenever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def census() -> list[list[str]]:
    """The rows several formats hold."""
    return [["Patient", "SSN", "DOB", "MRN"], *([name, ssn, dob.isoformat(), mrn] for name, ssn, dob, mrn in PEOPLE)]


# --- text ------------------------------------------------------------------------------------------------------------


def make_text() -> None:
    """Plain text in several encodings, and what only looks like a table."""
    note = "Seen today: Eluned Vasquez Ibáñez, born 29 Feb 2016.\nMother called, no change.\n"
    for name, encoding in (
        ("utf8", "utf-8"),
        ("cp1252", "cp1252"),
        ("utf16_no_mark", "utf-16-le"),
        ("utf8_mark", "utf-8-sig"),
    ):
        case("text", name, "txt", note.encode(encoding), parts=[text(note)])
    prose = "Dear Marisol,\nthank you for calling, we have moved your visit.\nPlease bring the card, and a list.\nRegards, Bart\n"
    case("text", "commas_in_prose", "txt", prose.encode(), parts=[text(prose)])


def make_delimited() -> None:
    """Tables as programs export them."""
    rows = census()

    def joined(delimiter: str, table_rows: list[list[str]] = rows, end: str = "\r\n") -> str:
        quoted = ([f'"{cell}"' if delimiter in cell or '"' in cell else cell for cell in row] for row in table_rows)
        return end.join(delimiter.join(row) for row in quoted) + end

    for name, delimiter in (
        ("comma", ","),
        ("semicolon", ";"),
        ("tab", "\t"),
        ("pipe", "|"),
        ("caret", "^"),
        ("tilde", "~"),
    ):
        case("delimited", name, "txt", joined(delimiter).encode(), parts=[table(numbered(rows))])
    case("delimited", "cp1252", "csv", joined(";").encode("cp1252"), parts=[table(numbered(rows))])
    case("delimited", "utf16", "csv", joined("\t").encode("utf-16"), parts=[table(numbered(rows))])
    case("delimited", "no_header", "csv", joined(",", rows[1:], "\n").encode(), parts=[table(numbered(rows[1:]))])
    case(
        "delimited", "preamble_and_ragged", "csv",
        ("Daily census\nRun by BQT\n\n" + joined(",", [*rows, ["Total", "3"]], "\n")).encode(),
        parts=[table([
            [0, 0, ["Daily census"]], [1, 0, ["Run by BQT"]],
            *([number, 0, row] for number, row in enumerate([*rows, ["Total", "3"]], 3)),
        ])],
    )  # fmt: skip
    stray = 'id,name,note\n1,Ann Frobisher,ok\n2,"Bo Quill,5 ft\n3,Cy Vantongeren,ok\n4,Di Osei,ok\n'
    case(
        "delimited", "stray_quote", "csv", stray.encode(),
        parts=[table(numbered([
            ["id", "name", "note"], ["1", "Ann Frobisher", "ok"], ["2", "Bo Quill", "5 ft"],
            ["3", "Cy Vantongeren", "ok"], ["4", "Di Osei", "ok"],
        ]))],
        faults=[{"code": "partial"}],
    )  # fmt: skip
    several = 'name,address\n"Ann Frobisher","12 Elm St\nApt 4"\nBo Quill,"9 ""Old"" Mill"\n'
    case(
        "delimited", "lines_in_cells", "csv", several.encode(),
        parts=[table(numbered([["name", "address"], ["Ann Frobisher", "12 Elm St\nApt 4"], ["Bo Quill", '9 "Old" Mill']]))],
    )  # fmt: skip


# --- HTML and RTF ----------------------------------------------------------------------------------------------------


def make_html() -> None:
    """A report with a table of data, a letter laid out by tables, a reply."""
    rows = census()
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:])
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    case(
        "html", "report", "html",
        (
            "<!DOCTYPE html><html><head><meta charset=utf-8><title>Census</title><style>td{color:red}</style></head><body>"
            f"<h1>Discharged in May</h1><!-- draft --><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            "<p>Ask&nbsp;<b>Bart</b>holomew &amp; co.</p><div style='display:none'>hidden 899-02-0087</div>"
            "<script>var x = 1;</script></body></html>"
        ).encode(),
        parts=[
            text("Census\n\nDischarged in May\n\nAsk Bartholomew & co.\n\nhidden 899-02-0087"),
            table(numbered(rows), label="table 1"),
        ],
    )  # fmt: skip
    case(
        "html", "spans", "html",
        (
            b"<html><table><tr><th>Patient<th colspan=2>Visits</tr><tr><td rowspan=2>Ann Frobisher<td>1 May<td>flu"
            b"<tr><td>9 May<td>well</table></html>"
        ),
        parts=[table(numbered([
            ["Patient", "Visits", ""], ["Ann Frobisher", "1 May", "flu"], ["Ann Frobisher", "9 May", "well"],
        ]), label="table 1")],
    )  # fmt: skip
    case(
        "html", "layout_and_quote", "html",
        (
            b"<html><body><table><tr><td><img alt='Clinic logo'></td></tr><tr><td>Dear Ann,<br>see below."
            b"<ul><li>card<li>list</ul></td></tr></table><blockquote>On Monday Bo wrote:<blockquote>deeper</blockquote>"
            b"</blockquote><pre>a  b\n c</pre></body></html>"
        ),
        parts=[text(
            "Clinic logo\nDear Ann,\nsee below.\n\n- card\n- list\n\n> On Monday Bo wrote:\n> > deeper\n\na  b\n c"
        )],
    )  # fmt: skip
    picture = b"\x89PNG\r\n\x1a\n" + bytes(24)
    case(
        "html", "picture_in_markup", "html",
        b"<html><p>Scan:</p><img src='data:image/png;base64," + base64.b64encode(picture) + b"'></html>",
        parts=[text("Scan:")], inners=[{"locator": "data:0", "kind": "inline"}],
    )  # fmt: skip
    case(
        "html", "too_deep", "html", b"<html>" + b"<div>" * 3000 + b"Ann Frobisher" + b"</div>" * 3000,
        parts=[text("Ann Frobisher")], faults=[{"code": "partial"}],
    )  # fmt: skip


def make_rtf() -> None:
    """RTF with a table, other alphabets, and a body that was HTML."""
    case(
        "rtf", "table", "rtf",
        (
            rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}{\info{\author X}}"
            rb"\pard Se\'f1or {\f1\'c8\'e2\'e0\'ed} \u8220?Q\u8221?\par"
            rb"\trowd\pard\intbl Patient\cell SSN\cell\row\trowd\pard\intbl Ann Frobisher\cell 899-45-1234\cell\row"
            rb"\pard end\par}"
        ),
        parts=[
            text("Señor Иван “Q”\n\nend"),
            table(numbered([["Patient", "SSN"], ["Ann Frobisher", "899-45-1234"]]), label="table 1"),
            text("author: X", kind="note", label="properties", hidden=True),
        ],
    )  # fmt: skip
    case(
        "rtf", "was_html", "rtf",
        (
            rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Dear {\*\htmltag84 <b>}"
            rb"\htmlrtf {\b \htmlrtf0 Ann{\*\htmltag92 </b>}\htmlrtf }\htmlrtf0 \htmlrtf \par}\htmlrtf0 {\*\htmltag72 </p>}}"
        ),
        parts=[text("Dear Ann")],
    )  # fmt: skip
    case(
        "rtf", "picture", "rtf", rb"{\rtf1 photo{\pict\pngblip " + (b"89504e470d0a1a0a" * 10) + b"}}",
        parts=[text("photo")], inners=[{"locator": "object:0", "kind": "inline"}],
    )  # fmt: skip


# --- Office documents ------------------------------------------------------------------------------------------------

_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*entries: tuple[str, str, str]) -> str:
    """A part of relations: (id, kind, target)."""
    inside = "".join(
        f'<Relationship Id="{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in entries
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_RELS}">{inside}</Relationships>'


def workbook(sheets: dict[str, str], **more: bytes | str) -> dict[str, bytes | str]:
    """The parts of a workbook whose sheets are given as the XML of their rows; a "!" before the name hides one."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    entries = "".join(
        f'<sheet name="{name.lstrip("!")}" sheetId="{n}" r:id="s{n}"{" state=" + chr(34) + "hidden" + chr(34) if name[0] == "!" else ""}/>'
        for n, name in enumerate(sheets, 1)
    )
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": relations(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{_OFFICE}"><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            *((f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)),
            ("t", "sharedStrings", "sharedStrings.xml"),
            ("y", "styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f"<sst {main}><si><t>Patient</t></si><si><r><t>Ann </t></r><r><t>Frobisher</t></r></si></sst>",
        "xl/styles.xml": (
            f'<styleSheet {main}><numFmts count="2"><numFmt numFmtId="164" formatCode="000\\-00\\-0000"/>'
            '<numFmt numFmtId="165" formatCode="00000"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/>'
            '<xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="165"/></cellXfs></styleSheet>'
        ),
    }
    for n, rows in enumerate(sheets.values(), 1):
        members[f"xl/worksheets/sheet{n}.xml"] = f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>"
    return members | {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()}


def make_sheets() -> None:
    """Workbooks: formats that carry digits, sheets that hide, cells far out, notes, files inside."""
    rows = (
        '<row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3" t="inlineStr"><is><t>SSN</t></is></c><c r="E3" t="str"><v>Born</v></c></row>'
        '<row r="4"><c r="B4" t="s"><v>1</v></c><c r="C4" s="1"><v>8990087</v></c><c r="D4" s="4"><v>1234</v></c>'
        '<c r="E4" s="2"><v>30743</v></c><c r="F4" s="3"><v>30743.5</v></c><c r="G4" t="b"><v>1</v></c>'
        '<c r="H4"><v>12.0</v></c><c r="I4"><v>0.30000000000000004</v></c><c r="J4"><v>123456789012345678</v></c></row>'
    )
    members = workbook({"Census": rows, "!Old": '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'})
    members["xl/worksheets/_rels/sheet1.xml.rels"] = relations(("c", "comments", "../comments1.xml"))
    members["xl/comments1.xml"] = (
        "<comments><commentList><comment ref='C4'><text><t>ask Ann</t></text></comment></commentList></comments>"
    )
    members["xl/embeddings/letter.txt"] = "Dear Ann"
    case(
        "sheets", "formats", "xlsx", zipped(members),
        parts=[
            table([
                [2, 1, ["Patient", "SSN", "", "Born"]],
                [3, 1, ["Ann Frobisher", "008-99-0087", "01234", "1984-03-02", "1984-03-02 12:00:00", "TRUE", "12", "0.3",
                        "123456789012345680"]],
            ], kind="sheet", label="Census"),
            text("C4: ask Ann", kind="note", label="Census"),
            table([[0, 0, ["Ann Frobisher"]]], kind="sheet", label="Old", hidden=True),
        ],
        inners=[{"locator": "xl/embeddings/letter.txt", "kind": "member", "name": "letter.txt"}],
    )  # fmt: skip
    far = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="XFD1" t="s"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'
    )
    case(
        "sheets", "far_corner", "xlsx", zipped(workbook({"S": far})),
        parts=[table([[0, 0, ["Patient"]], [0, 16383, ["Ann Frobisher"]], [1048575, 16383, ["7"]]], kind="sheet", label="S")],
    )  # fmt: skip
    laughs = workbook({"S": ""})
    laughs["xl/sharedStrings.xml"] = '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>'
    case("sheets", "entities", "xlsx", zipped(laughs), faults=[{"code": "bomb"}])


def make_docx() -> None:
    """A Word document with something everywhere a word can stand."""
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

    def paragraph(*runs: str) -> str:
        return "<w:p>" + "".join(f"<w:r>{run}</w:r>" for run in runs) + "</w:p>"

    def words(value: str, *, deleted: bool = False) -> str:
        tag = "delText" if deleted else "t"
        return f'<w:{tag} xml:space="preserve">{value}</w:{tag}>'

    def cells(*values: str, extra: str = "") -> str:
        inside = "".join(
            f"<w:tc><w:tcPr>{extra}</w:tcPr>{paragraph(words(value)) if value else '<w:p/>'}</w:tc>" for value in values
        )
        return f"<w:tr>{inside}</w:tr>"

    box = (
        '<mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice><w:txbxContent>' + paragraph(words("boxed 899-02-0087"))
        + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>" + paragraph(words("boxed 899-02-0087"))
        + "</w:txbxContent></mc:Fallback></mc:AlternateContent>"
    )  # fmt: skip
    merged = (
        "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc><w:tc>" + paragraph(words("9 May")) + "</w:tc></w:tr>"
    )
    body = (
        paragraph(words("Dear "), "<w:tab/>" + words("Ann"), "<w:br/>" + words("second line"))
        + f"<w:p><w:del><w:r>{words('struck out', deleted=True)}</w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr>{words(' hidden')}</w:r></w:p>"
        + "<w:tbl>" + cells("Patient", "Visit") + cells("Ann Frobisher", "1 May") + merged + "</w:tbl>"
        + paragraph(box) + paragraph(words("end"))
    )  # fmt: skip
    case(
        "docx", "everywhere", "docx",
        zipped({
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r1", "officeDocument", "word/document.xml")),
            "word/document.xml": f"<w:document {word}><w:body>{body}</w:body></w:document>",
            "word/header1.xml": f"<w:hdr {word}>{paragraph(words('MRN0044812'))}</w:hdr>",
            "word/footnotes.xml": f"<w:footnotes {word}><w:footnote>{paragraph(words('see chart'))}</w:footnote></w:footnotes>",
            "word/comments.xml": f"<w:comments {word}><w:comment>{paragraph(words('call her'))}</w:comment></w:comments>",
            "word/media/image1.png": b"\x89PNG\r\n\x1a\n" + bytes(16),
        }),
        parts=[
            text("Dear \tAnn\nsecond line\n hidden\n\nboxed 899-02-0087\nend"),
            table(numbered([["Patient", "Visit"], ["Ann Frobisher", "1 May"], ["Ann Frobisher", "9 May"]]), label="table 1"),
            text("struck out hidden", kind="note", label="deleted", hidden=True),
            text("MRN0044812", label="header"),
            text("see chart", kind="note", label="footnotes"),
            text("call her", kind="note", label="comments"),
        ],
        inners=[{"locator": "word/media/image1.png", "kind": "inline", "name": "image1.png"}],
    )  # fmt: skip


# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf(build: Callable[[Any, Any, Any], None]) -> bytes:
    """A PDF of one page that `build(raw, document, page)` puts something on."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    document = pdfium.PdfDocument.new()
    page = document.new_page(300, 200)
    build(raw, document, page)
    raw.FPDFPage_GenerateContent(page)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_pdf() -> None:
    """A page of text with a file inside, a page that is a picture, something that is no PDF after its first line."""

    def written(raw: Any, document: Any, page: Any) -> None:
        for number, line in enumerate(("Patient: Ann Frobisher", "SSN: 899-45-1234")):
            shown = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 12)
            wide = ctypes.create_string_buffer((line + "\0").encode("utf-16-le"))
            raw.FPDFText_SetText(shown, ctypes.cast(wide, raw.FPDF_WIDESTRING))
            raw.FPDFPageObj_Transform(shown, 1, 0, 0, 1, 20, 150 - 20 * number)
            raw.FPDFPage_InsertObject(page, shown)
        document.new_attachment("letter.txt").set_data(b"Dear Ann")

    case(
        "pdf", "text", "pdf", pdf(written),
        parts=[text("Patient: Ann Frobisher\nSSN: 899-45-1234", kind="page", label="1")],
        inners=[{"locator": "file:0", "kind": "member", "name": "letter.txt"}],
    )  # fmt: skip

    def pictured(raw: Any, document: Any, page: Any) -> None:
        import pypdfium2 as pdfium

        bitmap = pdfium.PdfBitmap.new_native(8, 8, raw.FPDFBitmap_BGR)
        bitmap.fill_rect((200, 10, 10, 255), 0, 0, 8, 8)
        image = pdfium.PdfImage.new(document)
        image.set_bitmap(bitmap)
        image.set_matrix(pdfium.PdfMatrix().scale(100, 100))
        page.insert_obj(image)

    case("pdf", "picture", "pdf", pdf(pictured), inners=[{"locator": "page 1", "kind": "page"}])
    case("pdf", "damaged", "pdf", b"%PDF-1.7\n" + b"not really\n" * 20, faults=[{"code": "corrupt"}])


# --- mail and archives -----------------------------------------------------------------------------------------------


def make_stores() -> None:
    """A store of Outlook that is none behind its mark; what one holds is tested on real stores and on a stand-in."""
    noise = random.Random(20191106).randbytes(2048)
    case("pst", "damaged", "pst", b"!BDN" + b"\0\0\0\0" + b"SM" + b"\x17\0" + noise, faults=[{"code": "corrupt"}])


def mail() -> bytes:
    """A mail with a body and a file."""
    message = EmailMessage()
    message["From"] = "Bo Quill <bo@clinic.example>"
    message["To"] = "Ann Frobisher <ann@home.example>"
    message["Date"] = "Mon, 04 Mar 2024 05:06:08 +0000"
    message["Subject"] = "Your visit"
    message["Message-ID"] = "<1@clinic.example>"
    message.set_content("Dear Ann,\nsee the list.\n")
    message.add_attachment(b"id,name\n1,Ann Frobisher\n", maintype="text", subtype="csv", filename="list.csv")
    message.set_boundary("edge")
    return message.as_bytes()


def make_mail() -> None:
    """One mail as a file, the same in an mbox, and in a zip."""
    parts = [text("Your visit", kind="subject"), text("Dear Ann,\nsee the list.\n", kind="body")]
    case("eml", "attachment", "eml", mail(), parts=parts, inners=[{"kind": "attachment", "name": "list.csv"}])
    envelope = b"From bo@clinic.example Mon Mar  4 05:06:08 2024\n"
    case("mbox", "two", "mbox", (envelope + mail() + b"\n") * 2, inners=[{"kind": "message"}, {"kind": "message"}])
    case(
        "zip", "nested", "zip", zipped({"a/mail.eml": mail(), "inner.zip": zipped({"x.txt": "Ann Frobisher"})}),
        inners=[{"kind": "member", "name": "mail.eml"}, {"kind": "member", "name": "inner.zip"}],
    )  # fmt: skip


if __name__ == "__main__":
    for make in (
        make_text,
        make_delimited,
        make_html,
        make_rtf,
        make_sheets,
        make_docx,
        make_pdf,
        make_stores,
        make_mail,
    ):
        make()
