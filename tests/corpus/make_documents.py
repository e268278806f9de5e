"""Make the corpus of documents: slides, OpenDocument, and what else offices keep.

As in `make.py`, beside it: everybody is made up, and what is expected is written by hand from what was put in.

    python -m tests.corpus.make_documents
"""

# ruff: noqa: E501 (formats are written as they stand in files)

import struct

from tests.corpus.make import case, numbered, relations, table, text, zipped
from tests.corpus.make_old_office import packaged

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


# --- slides ----------------------------------------------------------------------------------------------------------

_DRAW = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def paragraphs(*lines: str) -> str:
    """A body of text in DrawingML."""
    inside = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return f"<p:txBody>{inside}</p:txBody>"


def make_pptx() -> None:
    """Slides with a table, a group, a merged cell, notes, a comment, a chart, a diagram; one is not shown."""
    cell = "<a:tc%s><a:txBody><a:p>%s</a:p></a:txBody></a:tc>"

    def row(*words: str) -> str:
        inside = (
            cell % (' vMerge="1"', "") if word == "^" else cell % ("", f"<a:r><a:t>{word}</a:t></a:r>")
            for word in words
        )
        return f"<a:tr>{''.join(inside)}</a:tr>"

    grid = f"<a:tbl>{row('Patient', 'Visit')}{row('Ann Frobisher', '1 May')}{row('^', '9 May')}</a:tbl>"
    first = (
        f"<p:sp>{paragraphs('Census', 'of May')}</p:sp>"
        f"<p:grpSp><p:sp>{paragraphs('boxed 899-02-0087')}</p:sp></p:grpSp>"
        f"<p:graphicFrame><a:graphic>{grid}</a:graphic></p:graphicFrame>"
        '<p:pic><p:cNvPr id="4" name="Picture 3" descr="Card of Ann Frobisher"/></p:pic>'
    )
    master = (
        f'<p:sp><p:nvPr><p:ph type="title"/></p:nvPr>{paragraphs("Click to edit")}</p:sp>'
        f'<p:sp><p:nvPr><p:ph type="ftr"/></p:nvPr>{paragraphs("Elm Clinic")}</p:sp>'
    )
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(("r1", "officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation {_DRAW}><p:sldIdLst><p:sldId id="256" r:id="b"/><p:sldId id="257" r:id="a"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(("a", "slide", "slides/slide1.xml"), ("b", "slide", "slides/slide2.xml")),
        "ppt/slides/slide2.xml": f"<p:sld {_DRAW}>{first}</p:sld>",
        "ppt/slides/_rels/slide2.xml.rels": relations(
            ("n", "notesSlide", "../notesSlides/notesSlide1.xml"), ("c", "comments", "../comments/comment1.xml"),
            ("h", "chart", "../charts/chart1.xml"), ("d", "diagramData", "../diagrams/data1.xml"),
        ),
        "ppt/slides/slide1.xml": f'<p:sld {_DRAW} show="0"><p:sp>{paragraphs("not shown MRN0044812")}</p:sp></p:sld>',
        "ppt/slides/slide9.xml": f"<p:sld {_DRAW}><p:sp>{paragraphs('left behind')}</p:sp></p:sld>",
        "ppt/notesSlides/notesSlide1.xml": f"<p:notes {_DRAW}><p:sp>{paragraphs('call Bo Quill')}</p:sp></p:notes>",
        "ppt/comments/comment1.xml": f'<p:cmLst {_DRAW}><p:cm authorId="0"><p:text>who is this</p:text></p:cm></p:cmLst>',
        "ppt/charts/chart1.xml": "<c:chart xmlns:c='urn:c'><c:cat><c:pt><c:v>Tindall</c:v></c:pt><c:pt><c:v>12</c:v></c:pt></c:cat></c:chart>",
        "ppt/diagrams/data1.xml": f"<dgm:dataModel xmlns:dgm='urn:d' {_DRAW}><dgm:pt><a:p><a:r><a:t>Head of ward</a:t></a:r></a:p></dgm:pt></dgm:dataModel>",
        "ppt/slideMasters/slideMaster1.xml": f"<p:sldMaster {_DRAW}>{master}</p:sldMaster>",
        "ppt/media/image1.png": _PNG,
    }  # fmt: skip
    case(
        "pptx", "everywhere", "pptx", zipped(parts),
        parts=[
            text("Census\nof May\nboxed 899-02-0087", kind="page", label="slide 1"),
            table(numbered([["Patient", "Visit"], ["Ann Frobisher", "1 May"], ["Ann Frobisher", "9 May"]]), label="slide 1 table 1"),
            text("Card of Ann Frobisher", kind="note", label="slide 1 words for pictures", hidden=True),
            text("call Bo Quill", kind="note", label="slide 1 notes"),
            text("who is this", kind="note", label="slide 1 comments"),
            text("Tindall\n12", label="slide 1 chart"),
            text("Head of ward", label="slide 1 diagram"),
            text("not shown MRN0044812", kind="page", label="slide 2", hidden=True),
            text("left behind", kind="page", label="slide not in use", hidden=True),
            text("Elm Clinic", kind="note", label="masters", hidden=True),
        ],
        inners=[{"locator": "ppt/media/image1.png", "kind": "inline", "name": "image1.png"}],
    )  # fmt: skip


# --- OpenDocument ----------------------------------------------------------------------------------------------------

_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "draw", "presentation", "style", "manifest")
) + ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'  # fmt: skip


def opendocument(kind: str, body: str, styles: str = "", **more: bytes | str) -> bytes:
    """A package whose body is given as XML; names of more members have "__" for "/" and "_dot_" for "."."""
    kind = f"application/vnd.oasis.opendocument.{kind}"
    members: dict[str, bytes | str] = {
        "mimetype": kind,
        "META-INF/manifest.xml": f'<manifest:manifest {_ODF}><manifest:file-entry manifest:full-path="/"/></manifest:manifest>',
        "content.xml": f"<office:document-content {_ODF}>{styles}<office:body>{body}</office:body></office:document-content>",
    }
    return zipped(members | {name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()})


def make_odf() -> None:
    """A text with a table, a note, a comment, something deleted; sheets; slides, one not shown; a flat one; a sealed one."""

    def cell(words: str, more: str = "") -> str:
        return f'<table:table-cell office:value-type="string"{more}><text:p>{words}</text:p></table:table-cell>'

    def row(*cells: str, more: str = "") -> str:
        return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"

    grid = (
        "<table:table>" + row(cell("Patient"), cell("Visit"))
        + row(cell("Ann Frobisher", ' table:number-rows-spanned="2"'), cell("1 May")) + row("<table:covered-table-cell/>", cell("9 May"))
        + "</table:table>"
    )  # fmt: skip
    body = (
        "<office:text><text:tracked-changes><text:changed-region><text:deletion><office:change-info><dc:creator>Bo</dc:creator>"
        "</office:change-info><text:p>struck out</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>Dear <text:span>Ann</text:span>,<text:s text:c='2'/>see<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>see chart</text:p></text:note-body></text:note> below<office:annotation><dc:creator>Bo Quill</dc:creator>"
        "<dc:date>2024</dc:date><text:p>call her</text:p></office:annotation>.</text:p>"
        f"{grid}<text:p><draw:frame><draw:text-box><text:p>boxed 899-02-0087</text:p></draw:text-box><svg:desc>her card</svg:desc></draw:frame>end</text:p>"
        "</office:text>"
    )
    styles = f"<office:document-styles {_ODF}><style:header><text:p>MRN0044812</text:p></style:header></office:document-styles>"
    inside = f"<office:document-content {_ODF}><office:body><text:p>of the object</text:p></office:body></office:document-content>"
    data = opendocument(
        "text", body, styles_dot_xml=styles, **{"Object 1__content_dot_xml": inside, "Pictures__a_dot_png": _PNG}
    )
    rows = [["Patient", "Visit"], ["Ann Frobisher", "1 May"], ["Ann Frobisher", "9 May"]]
    case(
        "odf", "text", "odt", data,
        parts=[
            text("Dear Ann,  see below.\n\nboxed 899-02-0087\nend"),
            table(numbered(rows), label="table 1"),
            text("struck out", kind="note", label="deleted", hidden=True),
            text("see chart", kind="note", label="notes"),
            text("Bo Quill\ncall her", kind="note", label="comments"),
            text("her card", kind="note", label="words for pictures", hidden=True),
            text("MRN0044812", label="header"),
            text("of the object", label="object 1"),
        ],
        inners=[{"locator": "Pictures/a.png", "kind": "inline", "name": "a.png"}],
    )  # fmt: skip
    hiding = (
        '<office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
        '<style:style style:name="p"><style:drawing-page-properties presentation:visibility="hidden"/></style:style></office:automatic-styles>'
    )
    noted = cell("Ann Frobisher").replace(
        "<text:p>", "<office:annotation><text:p>ask her</text:p></office:annotation><text:p>", 1
    )
    born = '<table:table-cell office:value-type="date" office:date-value="1984-03-02"><text:p>3/2/84</text:p></table:table-cell>'
    far = row(
        '<table:table-cell table:number-columns-repeated="16000"/>', cell("far", ' table:number-columns-repeated="2"')
    )
    sheet = (
        '<office:spreadsheet><table:table table:name="Census">' + row(cell("Patient"), cell("Born")) + row(noted, born)
        + row("<table:table-cell/>", more=' table:number-rows-repeated="900000"') + far
        + '</table:table><table:table table:name="Old" table:style-name="h">' + row(cell("Bo Quill"), more=' table:number-rows-repeated="2"')
        + "</table:table></office:spreadsheet>"
    )  # fmt: skip
    sheets = [
        table([[0, 0, ["Patient", "Born"]], [1, 0, ["Ann Frobisher", "1984-03-02"]], [900002, 16000, ["far", "far"]]], kind="sheet", label="Census"),
        text("A2: ask her", kind="note", label="Census"),
        table(numbered([["Bo Quill"], ["Bo Quill"]]), kind="sheet", label="Old", hidden=True),
    ]  # fmt: skip
    case("odf", "sheets", "ods", opendocument("spreadsheet", sheet, hiding), parts=sheets)
    slides = (
        "<office:presentation><draw:page><draw:frame><draw:text-box><text:p>Census</text:p></draw:text-box></draw:frame>"
        "<presentation:notes><text:p>call Bo Quill</text:p></presentation:notes></draw:page>"
        '<draw:page draw:style-name="p"><text:p>not shown MRN0044812</text:p></draw:page></office:presentation>'
    )
    case(
        "odf", "slides", "odp", opendocument("presentation", slides, hiding),
        parts=[
            text("Census", kind="page", label="slide 1"),
            text("call Bo Quill", kind="note", label="slide 1 notes"),
            text("not shown MRN0044812", kind="page", label="slide 2", hidden=True),
        ],
    )  # fmt: skip
    flat = (
        f'<?xml version="1.0"?><office:document {_ODF} office:mimetype="application/vnd.oasis.opendocument.text"><office:body><office:text>'
        "<text:p>Dear Ann</text:p><draw:image><office:binary-data>iVBORw0KGgoAAAAA</office:binary-data></draw:image></office:text></office:body></office:document>"
    )
    case(
        "odf", "flat", "fodt", flat.encode(), parts=[text("Dear Ann")], inners=[{"locator": "binary:0", "kind": "inline"}]
    )  # fmt: skip
    flat = flat.replace("document.text", "document.spreadsheet")
    flat = flat[: flat.index("<office:body>")] + hiding + f"<office:body>{sheet}</office:body></office:document>"
    case("odf", "flat_sheets", "fods", flat.encode(), parts=sheets)
    sealed = f"<manifest:manifest {_ODF}><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    data = zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": sealed, "content.xml": b"\1\2"}
    )
    case("locked_odf", "unknown_cipher", "odt", data, faults=[{"code": "unsupported_encryption"}])


# --- RTF -------------------------------------------------------------------------------------------------------------


def make_rtf() -> None:
    """What has a place of its own on the page, what was deleted, a file put in by the packager of Windows."""
    name = b"Package\0"
    put = struct.pack("<III", 0x501, 2, len(name)) + name + bytes(8)
    inside = packaged(b"Frobisher.txt", b"Dear Ann")[4:]
    put += struct.pack("<I", len(inside)) + inside
    case(
        "rtf", "apart", "rtf",
        (
            rb"{\rtf1{\header MRN0044812\par}Seen{\footnote see chart} to{\*\annotation call her}day.\par"
            rb"{\deleted struck out\par}{\object\objemb{\*\objdata " + put.hex().encode() + b"}}}"
        ),
        parts=[
            text("Seen today."), text("MRN0044812", label="header"), text("see chart", kind="note", label="footnotes"),
            text("call her", kind="note", label="comments"), text("struck out", kind="note", label="deleted", hidden=True),
        ],
        inners=[{"locator": "object:0", "kind": "member", "name": "Frobisher.txt"}],
    )  # fmt: skip


# --- XML and JSON ----------------------------------------------------------------------------------------------------


def make_xml() -> None:
    """Records that repeat, with values at several depths and in attributes; a text with marks in it; a broken one."""
    records = (
        '<?xml version="1.0"?><export made="2024-03-04"><site>Elm Clinic</site>'
        '<patient mrn="MRN0044812"><name><given>Ann</given><family>Frobisher</family></name><visit>1 May</visit><visit>9 May</visit></patient>'
        "<patient><name><given>Bo</given><family>Quill</family></name><ssn>899-45-1234</ssn></patient></export>"
    )
    rows = [
        ["mrn", "name given", "name family", "visit", "ssn"], ["MRN0044812", "Ann", "Frobisher", "1 May; 9 May"],
        ["", "Bo", "Quill", "", "899-45-1234"],
    ]  # fmt: skip
    case(
        "xml", "records", "xml", records.encode(),
        parts=[text("made: 2024-03-04\nsite: Elm Clinic"), table(numbered(rows), label="export/patient")],
    )  # fmt: skip
    case(
        "xml",
        "mixed",
        "xml",
        b"<?xml version='1.0'?><letter>Dear <who>Ann</who>, see</letter>",
        parts=[text("letter: Dear\nwho: Ann\nletter: , see")],
    )
    case(
        "xml",
        "broken",
        "xml",
        b"<?xml version='1.0'?><list><name>Ann Frobisher</name><c>",
        parts=[text("Ann Frobisher")],
        faults=[{"code": "partial"}],
    )
    case(
        "xml",
        "entities",
        "xml",
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        faults=[{"code": "bomb"}],
    )


def make_json() -> None:
    """Objects in a list, lists in a list, lines of objects."""
    rows = [["mrn", "name given", "visits"], ["MRN0044812", "Ann", "1 May; 9 May"], ["0012", "Bo"]]
    one = '{"mrn": "MRN0044812", "name": {"given": "Ann"}, "visits": ["1 May", "9 May"], "paid": null}'
    other = '{"mrn": "0012", "name": {"given": "Bo"}}'
    case(
        "json_", "records", "json", f'{{"site": "Elm Clinic", "open": true, "patients": [{one}, {other}]}}'.encode(),
        parts=[text("site: Elm Clinic\nopen: true"), table(numbered(rows), label="patients")],
    )  # fmt: skip
    case("json_", "lines", "ndjson", f"{one}\n{other}\n".encode(), parts=[table(numbered(rows))])
    lists = '[["Patient", "SSN"], ["Ann Frobisher", 899451234.50]]'
    cells = [["1", "2"], ["Patient", "SSN"], ["Ann Frobisher", "899451234.50"]]
    case("json_", "lists", "json", lists.encode(), parts=[table(numbered(cells))])


def make_office_xml() -> None:
    """Word 2003 XML with a table and a picture; XML Spreadsheet 2003 with formats, gaps, a note."""
    cell = "<w:tc><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:tc>"
    grid = "".join(f"<w:tr>{cell % a}{cell % b}</w:tr>" for a, b in (("Patient", "Visit"), ("Ann Frobisher", "1 May")))
    word = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">'
        f"<w:body><w:p><w:r><w:t>Dear Ann</w:t></w:r></w:p><w:tbl>{grid}</w:tbl><w:binData>iVBORw0KGgoAAAAA</w:binData></w:body></w:wordDocument>"
    )
    case(
        "office_xml", "word", "doc", word.encode(),
        parts=[text("Dear Ann"), table(numbered([["Patient", "Visit"], ["Ann Frobisher", "1 May"]]), label="table 1")],
        inners=[{"locator": "binary:0", "kind": "inline"}],
    )  # fmt: skip
    data = '<Cell%s><Data ss:Type="%s">%s</Data>%s</Cell>'
    sheet = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        '<Styles><Style ss:ID="s1"><NumberFormat ss:Format="000\\-00\\-0000"/></Style></Styles><Worksheet ss:Name="Census"><Table>'
        f"<Row>{data % ('', 'String', 'Patient', '')}{data % (' ss:Index=' + chr(34) + '3' + chr(34), 'String', 'Born', '')}</Row>"
        f"<Row ss:Index='4'>{data % ('', 'String', '<B>Ann</B> Frobisher', '<Comment><Data>ask her</Data></Comment>')}"
        f"{data % (' ss:StyleID=' + chr(34) + 's1' + chr(34), 'Number', '8990087', '')}{data % ('', 'DateTime', '1984-03-02T00:00:00.000', '')}</Row>"
        "</Table></Worksheet></Workbook>"
    )
    case(
        "office_xml", "sheet", "xls", sheet.encode(),
        parts=[
            table([[0, 0, ["Patient", "", "Born"]], [3, 0, ["Ann Frobisher", "008-99-0087", "1984-03-02"]]], kind="sheet", label="Census"),
            text("A4: ask her", kind="note", label="Census"),
        ],
    )  # fmt: skip


MAKERS = (make_pptx, make_odf, make_rtf, make_xml, make_json, make_office_xml)

if __name__ == "__main__":
    for make in MAKERS:
        make()
