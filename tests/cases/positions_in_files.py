"""Files that hold one made-up person each, every one in another place; one list of places, however many lines."""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping

from tests.cases.positions import Person, Plant, file, html, multi, note, part, person, picture, plain


def zipped(members: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
        archive.comment = comment
    return out.getvalue()


def changed(data: bytes, **members: bytes | tuple[bytes, bytes]) -> bytes:
    """Return an Office file with members put in ("a__b.xml" is a/b.xml), or one text of a member replaced."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    for written, value in members.items():
        name = written.replace("__", "/").replace("_DOT_", ".")
        if isinstance(value, tuple):
            assert value[0] in held[name], (name, value[0])
            held[name] = held[name].replace(*value)
        else:
            held[name] = value
    return zipped(held)


def book(change: Callable[..., None]) -> bytes:
    """Return a workbook with two sheets, changed."""
    import openpyxl

    workbook = openpyxl.Workbook()
    workbook.active.title = "List"
    workbook.active.append(["Ward", "Beds"])
    workbook.active.append(["East", 12])
    change(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def table(p: Person, workbook: object, state: str = "visible", title: str = "Census") -> None:
    sheet = workbook.create_sheet(title)  # type: ignore[attr-defined]
    sheet.append(["Patient Name", "SSN"])
    sheet.append([p.name, p.ssn])
    sheet.append(["-", "-"])
    sheet.sheet_state = state


def xlsx(p: Person, change: Callable[..., None]) -> bytes:
    return file("list.xlsx", book(lambda workbook: change(p, workbook)))


def _comment(p: Person, workbook: object) -> None:
    from openpyxl.comments import Comment

    workbook.active["A1"].comment = Comment(p.told, "Ann")  # type: ignore[attr-defined]


def _number(p: Person, workbook: object) -> None:
    sheet = workbook.create_sheet("Census")  # type: ignore[attr-defined]
    sheet.append(["Patient Name", "SSN"])
    sheet.append([p.name, int(p.ssn.replace("-", ""))])


def _float(p: Person, workbook: object) -> None:
    sheet = workbook.create_sheet("Census")  # type: ignore[attr-defined]
    sheet.append(["Patient Name", "SSN"])
    sheet.append([p.name, p.ssn.replace("-", "") + ".0"])


def _hidden_column(p: Person, workbook: object) -> None:
    table(p, workbook)
    workbook["Census"].column_dimensions["B"].hidden = True  # type: ignore[index]
    workbook["Census"].row_dimensions[2].hidden = True  # type: ignore[index]


def _page_header(p: Person, workbook: object) -> None:
    workbook.active.oddHeader.center.text = p.told  # type: ignore[attr-defined]


def _name(p: Person, workbook: object) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    workbook.defined_names["Who"] = DefinedName("Who", attr_text=f'"{p.told}"')  # type: ignore[attr-defined]


def _choice(p: Person, workbook: object) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    rule = DataValidation(type="list", formula1=f'"{p.told.replace(",", ";")}"', showErrorMessage=True)
    rule.promptTitle, rule.prompt, rule.showInputMessage = "Who", p.told, True
    workbook.active.add_data_validation(rule)  # type: ignore[attr-defined]
    rule.add("A2")


def _link(p: Person, workbook: object) -> None:
    cell = workbook.active["A5"]  # type: ignore[attr-defined]
    cell.value = "open"
    cell.hyperlink = "https://portal.example/?q=" + p.told.replace(" ", "%20")
    cell.hyperlink.tooltip = p.told


def _formula(p: Person, workbook: object) -> None:
    workbook.active["A5"] = f'="{p.told}"'  # type: ignore[attr-defined]


def _gap(p: Person, workbook: object) -> None:
    workbook.active["AA3000"] = p.told  # type: ignore[attr-defined]


def _properties(p: Person, workbook: object) -> None:
    workbook.properties.description = p.told  # type: ignore[attr-defined]


def _chartsheet(p: Person, workbook: object) -> None:
    from openpyxl.chart import BarChart, Reference

    sheet = workbook.create_chartsheet("Chart")  # type: ignore[attr-defined]
    chart = BarChart()
    chart.title = p.told
    chart.add_data(Reference(workbook.active, min_col=2, min_row=1, max_row=2), titles_from_data=True)  # type: ignore[attr-defined]
    sheet.add_chart(chart)


def _below_many(p: Person, workbook: object) -> None:
    for number in range(2_500):
        workbook.active.append([f"West {number}", number])  # type: ignore[attr-defined]
    workbook.active.append([])  # type: ignore[attr-defined]
    workbook.active.append([p.told])  # type: ignore[attr-defined]


def _after_gap(p: Person, workbook: object) -> None:
    for number in range(600):
        workbook.active.append([f"West {number}", number])  # type: ignore[attr-defined]
    for _ in range(5):
        workbook.active.append([None])  # type: ignore[attr-defined]
    workbook.active.append(["Patient Name", "SSN"])  # type: ignore[attr-defined]
    workbook.active.append([p.name, p.ssn])  # type: ignore[attr-defined]


def docx(change: Callable[..., None]) -> bytes:
    import docx as word

    document = word.Document()
    document.add_paragraph("See the record.")
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _raw(document: object, xml: str) -> None:
    """Put raw XML at the end of the body."""
    from docx.oxml import parse_xml

    document.element.body.insert(1, parse_xml(xml))  # type: ignore[attr-defined]


def word(p: Person, xml: str) -> bytes:
    return file("letter.docx", docx(lambda document: _raw(document, xml)))


def pdf(*objects: str, catalog: str = "", page: str = "", text: str = "See the record.", info: str = "") -> bytes:
    """Return a PDF of one page; objects are numbered from 6."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        f"/Resources << /Font << /F1 5 0 R >> >> {page} >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ]
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    at = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    extra = f"/Info {info}" if info else ""
    return out + f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R {extra} >>\nstartxref\n{at}\n%%EOF\n".encode()


def table_csv(p: Person, between: str = ",") -> str:
    rows = (("Patient Name", "SSN", "Ward"), (p.name, p.ssn, "East"), ("Zed Quill", "", "West"))
    return "".join(between.join(row) + "\r\n" for row in rows)


def _mbox(p: Person) -> bytes:
    return b"From a@b.example Mon Jan  6 10:00:00 2020\nFrom: a@b.example\nSubject: x\n\n" + p.told.encode() + b"\n\n"


def tnef(p: Person) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + p.told.encode("utf-16-le")


def rtf(body: str) -> bytes:
    return b"{\\rtf1\\ansi " + body.encode() + b"\\par}"


def tar(p: Person) -> bytes:
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = len(p.told)
        archive.addfile(member, io.BytesIO(p.told.encode()))
    return out.getvalue()


def gz(p: Person) -> bytes:
    import gzip

    return gzip.compress(p.told.encode(), mtime=0)


_TEXTBOX = (
    f'<w:p {_W} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox><w:txbxContent><w:p><w:r>'
    "<w:t>{}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
)
_PICTURE_TEXT = (
    f'<w:p {_W} xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:r><w:drawing>'
    '<wp:inline><wp:docPr id="1" name="Picture 1" descr="{}"/></wp:inline></w:drawing></w:r></w:p>'
)


def _part(kind: str, p: Person) -> bytes:
    told = _run(f"<w:r><w:t>{p.told}</w:t></w:r>")
    return f"<w:{kind}s {_W}><w:{kind}>{told}</w:{kind}></w:{kind}s>".encode()


def _run(inner: str) -> str:
    return f"<w:p {_W}>{inner}</w:p>"


def _unclosed(p: Person) -> bytes:
    return f'Name,SSN,Note\nAnn Lee,,"open\n{p.name},{p.ssn},x\n'.encode()


def _calendar(p: Person) -> bytes:
    return f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{p.told}\r\nEND:VEVENT\r\n".encode()


def _xml(p: Person) -> bytes:
    return f"<chart><name>{p.name}</name><ssn>{p.ssn}</ssn></chart>".encode()


FILES: Mapping[str, Plant] = {
    "csv": lambda p: file("list.csv", table_csv(p).encode(), "text/csv"),
    "csv, utf-16": lambda p: file("list.csv", table_csv(p, "\t").encode("utf-16"), "text/csv"),
    "csv, quote that does not close": lambda p: file("l.csv", _unclosed(p)),
    "csv, comment lines": lambda p: file("l.csv", f"# {p.told}\r\n{table_csv(person(900))}".encode()),
    "csv, behind the table": lambda p: file("l.csv", f"{table_csv(person(901))}\r\n\r\nNote: {p.told}\r\n".encode()),
    "csv, header only": lambda p: file("l.csv", f"{p.name},{p.ssn}\r\n".encode()),
    "txt": lambda p: file("note.txt", p.told.encode()),
    "txt, no ending": lambda p: file("note", p.told.encode()),
    "txt, fixed width": lambda p: file("n.txt", f"{'NAME':30}{'SSN':12}\r\n{p.name:30}{p.ssn:12}\r\n".encode()),
    "txt, binary tail": lambda p: file("n.dat", p.told.encode() + b"\n" + bytes(range(256)) * 40),
    "txt, control characters": lambda p: file("n.prn", b"\x1b&l0O\n" + p.told.encode() + b"\x0c"),
    "txt called pdf": lambda p: file("n.pdf", p.told.encode(), "application/pdf"),
    "html file": lambda p: file("n.html", f"<html><body><p>{p.told}</p></body></html>".encode(), "text/html"),
    "html file, comment": lambda p: file("n.html", f"<html><body><!-- {p.told} -->see</body></html>".encode()),
    "html file, script": lambda p: file("n.html", f"<html><script>var a = '{p.told}';</script></html>".encode()),
    "mhtml": lambda p: file("page.mht", b"From: <saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + html(p.told)),
    "eml file": lambda p: file("m.eml", b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n" + plain(p.told)),
    "mbox file": lambda p: file("old.mbox", _mbox(p)),
    "calendar": lambda p: file("a.ics", _calendar(p)),
    "calendar as a body": lambda p: multi(
        note(),
        part(f"BEGIN:VCALENDAR\r\nSUMMARY:{p.told}\r\nEND:VCALENDAR", "text/calendar; method=REQUEST"),
        kind="alternative",
    ),
    "card": lambda p: file("a.vcf", f"BEGIN:VCARD\r\nFN:{p.name}\r\nNOTE:SSN {p.ssn}\r\nEND:VCARD\r\n".encode()),
    "json": lambda p: file("a.json", f'{{"patient": "{p.name}", "ssn": "{p.ssn}"}}'.encode()),
    "xml": lambda p: file("a.xml", b"<?xml version='1.0'?>" + _xml(p)),
    "xml without its first line": lambda p: file("b.xml", _xml(p)),
    "hl7": lambda p: file("a.hl7", f"MSH|^~\\&|A\rPID|1||1||{p.name}||||||||||||||{p.ssn}\r".encode()),
    "winmail": lambda p: file("winmail.dat", tnef(p), "application/ms-tnef"),
    "picture": lambda p: file("scan.png", picture(p), "image/png"),
    "drawing": lambda p: file("a.svg", f"<svg xmlns='http://www.w3.org/2000/svg'><text>{p.told}</text></svg>".encode()),
    "gzip": lambda p: file("a.txt.gz", gz(p)),
    "tar": lambda p: file("a.tar", tar(p)),
    "garbage": lambda p: file("a.bin", b"\x01\xfe\x00" + p.told.encode("utf-16-be") + bytes(range(200))),
    "zip, member": lambda p: file("a.zip", zipped({"in/a.txt": p.told.encode()})),
    "zip, name of a member": lambda p: file("a.zip", zipped({f"in/{p.told}.txt": b"see"})),
    "zip, name of a folder": lambda p: file("a.zip", zipped({f"{p.told}/": b"", "b.txt": b"see"})),
    "zip, name of an empty member": lambda p: file("a.zip", zipped({f"{p.told}.txt": b""})),
    "zip, comment": lambda p: file("a.zip", zipped({"a.txt": b"see"}, p.told.encode())),
    "zip in a zip": lambda p: file("a.zip", zipped({"b.zip": zipped({"c.txt": p.told.encode()})})),
    "zip, damaged member": lambda p: file(
        "a.zip", zipped({"a.txt": p.told.encode() * 3}).replace(zlib.compress(b"")[:0] or b"\x8b", b"\x8c", 1)
    ),
    "zip, same name twice": lambda p: file("a.zip", twice(p)),
    "zip cut off": lambda p: file("a.zip", zipped({"a.txt": p.told.encode(), "b.txt": b"see " * 50})[:-60]),
    "zip behind a program": lambda p: file("a.exe", b"MZ" + bytes(64) + zipped({"a.txt": p.told.encode()})),
    "xlsx, cell": lambda p: xlsx(p, table),
    "xlsx, number": lambda p: xlsx(p, _number),
    "xlsx, number as text with .0": lambda p: xlsx(p, _float),
    "xlsx, hidden sheet": lambda p: xlsx(p, lambda q, w: table(q, w, "hidden")),
    "xlsx, very hidden sheet": lambda p: xlsx(p, lambda q, w: table(q, w, "veryHidden")),
    "xlsx, hidden row and column": lambda p: xlsx(p, _hidden_column),
    "xlsx, comment": lambda p: xlsx(p, _comment),
    "xlsx, header of the page": lambda p: xlsx(p, _page_header),
    "xlsx, defined name": lambda p: xlsx(p, _name),
    "xlsx, choices of a cell": lambda p: xlsx(p, _choice),
    "xlsx, link": lambda p: xlsx(p, _link),
    "xlsx, formula without a value": lambda p: xlsx(p, _formula),
    "xlsx, far cell": lambda p: xlsx(p, _gap),
    "xlsx, properties": lambda p: xlsx(p, _properties),
    "xlsx, chart": lambda p: xlsx(p, _chartsheet),
    "xlsx, below 2,500 rows": lambda p: xlsx(p, _below_many),
    "xlsx, after a gap": lambda p: xlsx(p, _after_gap),
    "xlsx, name of a sheet": lambda p: xlsx(p, lambda q, w: w.create_sheet(f"{q.name} {q.ssn}")),
    "xlsx, sheet nobody names": lambda p: file(
        "o.xlsx",
        changed(
            book(lambda w: table(p, w)),
            xl__workbook_DOT_xml=(
                b'name="Census" sheetId="2" state="visible" r:id="rId2"',
                b'name="Census" sheetId="2" r:id="none"',
            ),
        ),
    ),
    "xlsx, custom xml": lambda p: file(
        "c.xlsx", changed(book(lambda w: None), customXml__item1_DOT_xml=f"<a>{p.told}</a>".encode())
    ),
    "xlsx, row that is damaged": lambda p: file(
        "d.xlsx", changed(book(lambda w: table(p, w)), xl__worksheets__sheet2_DOT_xml=(b"</row>", b"</rwo>"))
    ),
    "docx, body": lambda p: file("l.docx", docx(lambda d: d.add_paragraph(p.told))),
    "docx, table": lambda p: file("l.docx", docx(lambda d: d.add_table(1, 1).cell(0, 0).add_paragraph(p.told))),
    "docx, header": lambda p: file("l.docx", docx(lambda d: d.sections[0].header.paragraphs[0].add_run(p.told))),
    "docx, footer of the first page": lambda p: file(
        "l.docx", docx(lambda d: d.sections[0].first_page_footer.paragraphs[0].add_run(p.told))
    ),
    "docx, footnote": lambda p: file(
        "f.docx",
        changed(
            docx(lambda d: None),
            word__footnotes_DOT_xml=_part("footnote", p),
        ),
    ),
    "docx, comment": lambda p: file(
        "c.docx",
        changed(
            docx(lambda d: None),
            word__comments_DOT_xml=_part("comment", p),
        ),
    ),
    "docx, text box": lambda p: word(p, _TEXTBOX.format(p.told)),
    "docx, deleted text": lambda p: word(p, _run(f"<w:del><w:r><w:delText>{p.told}</w:delText></w:r></w:del>")),
    "docx, inserted text": lambda p: word(p, _run(f"<w:ins><w:r><w:t>{p.told}</w:t></w:r></w:ins>")),
    "docx, hidden text": lambda p: word(p, _run(f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>{p.told}</w:t></w:r>")),
    "docx, field": lambda p: word(
        p, _run(f'<w:r><w:instrText> MERGEFIELD "{p.told}" </w:instrText></w:r><w:r><w:t>see</w:t></w:r>')
    ),
    "docx, simple field": lambda p: word(
        p, _run(f'<w:fldSimple w:instr="QUOTE &quot;{p.told}&quot;"><w:r><w:t>see</w:t></w:r></w:fldSimple>')
    ),
    "docx, content control": lambda p: word(
        p,
        f'<w:sdt {_W}><w:sdtPr><w:alias w:val="{p.told}"/><w:dropDownList><w:listItem w:displayText="x" '
        'w:value="y"/></w:dropDownList></w:sdtPr><w:sdtContent><w:p><w:r><w:t>see</w:t></w:r></w:p></w:sdtContent>'
        "</w:sdt>",
    ),
    "docx, words of a picture": lambda p: word(p, _PICTURE_TEXT.format(p.told)),
    "docx, properties": lambda p: file("l.docx", docx(lambda d: setattr(d.core_properties, "comments", p.told))),
    "docx, custom xml": lambda p: file(
        "l.docx", changed(docx(lambda d: None), customXml__item1_DOT_xml=f"<a>{p.told}</a>".encode())
    ),
    "docx, embedded workbook": lambda p: file(
        "l.docx", changed(docx(lambda d: None), word__embeddings__a_DOT_xlsx=book(lambda w: table(p, w)))
    ),
    "docx, embedded html": lambda p: file(
        "l.docx", changed(docx(lambda d: None), word__afchunk1_DOT_htm=f"<html><p>{p.told}</p></html>".encode())
    ),
    "docx, cut off": lambda p: file(
        "l.docx", changed(docx(lambda d: d.add_paragraph(p.told)), word__document_DOT_xml=(b"</w:body>", b"<w:body>"))
    ),
    "pptx": lambda p: file(
        "s.pptx",
        zipped(
            {
                "[Content_Types].xml": b"<Types/>",
                "ppt/presentation.xml": b"<p/>",
                "ppt/slides/slide1.xml": f"<p xmlns:a='a'><a:t>{p.told}</a:t></p>".encode(),
            }
        ),
    ),
    "odt": lambda p: file(
        "s.odt",
        zipped(
            {
                "mimetype": b"application/vnd.oasis.opendocument.text",
                "content.xml": f"<o><p>{p.told}</p></o>".encode(),
            }
        ),
    ),
    "pdf, page": lambda p: file("a.pdf", pdf(text=p.told)),
    "pdf, field of a form": lambda p: file(
        "a.pdf",
        pdf(
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Who) /V ({p.told}) /Rect [1 1 99 20] >>",
            catalog="/AcroForm << /Fields [6 0 R] >>",
            page="/Annots [6 0 R]",
        ),
    ),
    "pdf, note": lambda p: file(
        "a.pdf", pdf(f"<< /Type /Annot /Subtype /Text /Contents ({p.told}) /Rect [1 1 9 9] >>", page="/Annots [6 0 R]")
    ),
    "pdf, properties": lambda p: file("a.pdf", pdf(f"<< /Title (x) /Subject ({p.told}) >>", info="6 0 R")),
    "pdf, outline": lambda p: file(
        "a.pdf",
        pdf(
            "<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
            f"<< /Title ({p.told}) /Parent 6 0 R /Dest [3 0 R /Fit] >>",
            catalog="/Outlines 6 0 R",
        ),
    ),
    "pdf, file inside": lambda p: file(
        "a.pdf",
        pdf(
            "<< /Type /Filespec /F (a.txt) /UF (a.txt) /EF << /F 7 0 R >> >>",
            f"<< /Type /EmbeddedFile /Length {len(p.told)} >>\nstream\n{p.told}\nendstream",
            catalog="/Names << /EmbeddedFiles << /Names [(a.txt) 6 0 R] >> >>",
        ),
    ),
    "pdf, form of its own (XFA)": lambda p: file(
        "a.pdf",
        pdf(
            f"<< /Length {len(p.told) + 7} >>\nstream\n<a>{p.told}</a>\nendstream",
            catalog="/AcroForm << /Fields [] /XFA 6 0 R >>",
        ),
    ),
    "pdf, link": lambda p: file(
        "a.pdf",
        pdf(
            f"<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /A << /S /URI /URI (https://x/?a={p.told}) >> >>",
            page="/Annots [6 0 R]",
        ),
    ),
    "rtf, body": lambda p: file("a.rtf", rtf(p.told)),
    "rtf, hidden text": lambda p: file("a.rtf", rtf("see {\\v " + p.told + "}")),
    "rtf, header": lambda p: file("a.rtf", rtf("{\\header " + p.told + "}see")),
    "rtf, footnote": lambda p: file("a.rtf", rtf("see{\\footnote " + p.told + "}")),
    "rtf, annotation": lambda p: file("a.rtf", rtf("see{\\*\\annotation " + p.told + "}")),
    "rtf, properties": lambda p: file("a.rtf", rtf("{\\info{\\title x}{\\subject " + p.told + "}}see")),
    "rtf, field": lambda p: file("a.rtf", rtf('{\\field{\\*\\fldinst QUOTE "' + p.told + '"}{\\fldrslt see}}')),
    "rtf, deleted text": lambda p: file("a.rtf", rtf("see {\\deleted " + p.told + "}")),
    "rtf, form field": lambda p: file("a.rtf", rtf("see {\\*\\formfield{\\*\\ffdeftext " + p.told + "}}")),
}


def twice(p: Person) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr("a.txt", p.told)
            archive.writestr("a.txt", "see")
    return out.getvalue()
