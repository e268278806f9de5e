"""Forms of PDFs: fields with values, boxes with labels, notes on pages, pinned files."""

# ruff: noqa: E501 (what is drawn stands as one would write it in a file)

from collections.abc import Callable

import pytest

from rollcall.items.parser import Inner, Limits, Table, Text, Yield
from rollcall.items.parsers import pdf
from rollcall.items.readable import MemoryReadable
from tests.items.pdf_claims import HCFA, UB04, Box, filled, printed
from tests.items.pdf_file import assembled, pdf_file


def values(data: bytes) -> list[Yield]:
    return list(pdf.parse(MemoryReadable(data), Limits()))


def texts(data: bytes) -> list[tuple[str, str, str]]:
    return [(value.kind, value.label, value.text) for value in values(data) if isinstance(value, Text)]


def widget(keys: str, rect: str = "10 10 100 30") -> bytes:
    return f"<< /Type /Annot /Subtype /Widget /Rect [{rect}] {keys} >>".encode()


def form(*annotations: bytes, content: bytes = b"", fields: str = "") -> bytes:
    names = b" ".join(b"%d 0 R" % (5 + number) for number in range(len(annotations)))
    return pdf_file(
        [content], 300, 200, page_keys=b"/Annots [%s]" % names,
        catalog_keys=b"/AcroForm << /Fields [%s] %s >>" % (names, fields.encode()), more=annotations,
    )  # fmt: skip


LABEL = b"BT /Helvetica 9 Tf 1 0 0 1 10 116 Tm (Patient name) Tj ET"
CHOICE = "/FT /Ch /T (Plan) /Opt [[(1) (Lakes Plan)] [(2) (Harbor Trust)]]"


@pytest.mark.parametrize(
    ("annotations", "content", "text"),
    [
        ([widget("/FT /Tx /T (Patient) /V (Ann Frobisher)"), widget("/FT /Tx /T (SSN) /V (899-45-1234)"),
          widget("/FT /Tx /T (Empty) /V ()")], b"", "Patient: Ann Frobisher\nSSN: 899-45-1234"),
        ([widget("/FT /Tx /T (f1) /TU (Patient's name) /V (Ann Frobisher)")], b"", "Patient's name: Ann Frobisher"),
        ([widget("/FT /Tx /T (f1) /V (Ann Frobisher)", "80 110 200 126")], LABEL, "Patient name Ann Frobisher"),
        ([widget("/FT /Tx /T (f1) /V (Ann Frobisher)", "10 96 200 112")], LABEL, "Patient name\nAnn Frobisher"),
        ([widget("/FT /Tx /T (far) /V (Bo Quill)", "10 10 60 20")], LABEL, "Patient name\nfar: Bo Quill"),
        ([widget("/FT /Tx /T (f1) /Ff 4096 /V (12 Elm\r55731 Ely)", "10 80 200 110")], LABEL,
         "Patient name\n12 Elm\n55731 Ely"),
        ([widget(f"{CHOICE} /Ff 131072 /V (2)")], b"", "Plan: Harbor Trust"),
        ([widget(f"{CHOICE} /Ff 2097152 /V [(1) (2)] /I [0 1]")], b"", "Plan: Lakes Plan, Harbor Trust"),
        ([widget("/FT /Btn /T (Smoker) /V /Yes /AS /Yes /AP << /N << /Yes 4 0 R /Off 4 0 R >> >>")], b"", "Smoker: Yes"),
        ([widget("/FT /Btn /T (Smoker) /V /Off /AS /Off /AP << /N << /Yes 4 0 R /Off 4 0 R >> >>")], b"", ""),
        ([widget("/FT /Btn /T (x) /V /Yes /AS /Yes /AP << /N << /Yes 4 0 R /Off 4 0 R >> >>", "66 114 76 124")], LABEL,
         "Patient name [x]"),
        ([widget("/FT /Btn /Ff 65536 /T (Send)")], b"", ""),
    ],
    ids=["names", "told name", "beside a label", "under a label", "far from it", "two lines", "choice", "choices", "ticked",
         "not ticked", "ticked beside a label", "button"],
)  # fmt: skip
def test_values_of_fields(annotations: list[bytes], content: bytes, text: str) -> None:
    found = texts(form(*annotations, content=content))
    lines = [" ".join(line.split()) for _, _, some in found for line in some.split("\n") if line.strip()]
    assert lines == text.splitlines()


@pytest.mark.parametrize("make", [printed, filled], ids=["printed", "filled"])
@pytest.mark.parametrize(("boxes", "title"), [(HCFA, "CLAIM"), (UB04, "UB-04")])
def test_claims_keep_labels_and_values_together(make: Callable[..., bytes], boxes: list[Box], title: str) -> None:
    data = make(boxes, title)
    lines = [line for kind, label, text in texts(data) for line in text.split("\n")]
    for box in boxes:
        if box.label and box.value:
            squeezed = [" ".join(line.split()) for line in lines]
            wanted = " ".join(f"{box.label}: {box.value}".split())
            assert wanted in squeezed or (not box.label[1:].strip() and box.value in squeezed), wanted
    cells = [cells for value in values(data) if isinstance(value, Table) for _, _, cells in value.rows]
    charges = [box.value for box in boxes if not box.label and box.value]
    assert [cell for row in cells for cell in row if cell] == charges


NOTE = b"<< /Type /Annot /Subtype /%s /Rect [10 10 30 30] /Contents (%s) >>"


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (NOTE % (b"Text", b"call Ann Frobisher"), "call Ann Frobisher"),
        (NOTE % (b"FreeText", b"MRN 0044812"), "MRN 0044812"),
        (NOTE % (b"Highlight", b"this one"), "this one"),
        (b"<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /A << /S /URI /URI (https://x.example/?dob=1951-02-01&n=Ann) >> >>",
         "dob=1951-02-01"),
        (b"<< /Type /Annot /Subtype /Link /Rect [1 1 9 9] /A << /S /URI /URI (https://x.example/) >> >>", None),
    ],
    ids=["note", "free text", "highlight", "link that tells", "link"],
)  # fmt: skip
def test_notes(annotation: bytes, text: str | None) -> None:
    data = pdf_file([b""], page_keys=b"/Annots [5 0 R]", more=[annotation])
    label = "links" if b"/URI" in annotation else "1"
    assert texts(data) == ([("note", label, text)] if text else [])


def test_a_pinned_file_is_a_child() -> None:
    data = pdf_file(
        [b"", b""], page_keys=b"/Annots [5 0 R]",
        more=[
            b"<< /Type /Annot /Subtype /FileAttachment /Rect [1 1 9 9] /Contents (the list) /FS 6 0 R >>",
            b"<< /Type /Filespec /F (list.csv) /UF (list.csv) /EF << /F 7 0 R >> >>",
            b"<< /Type /EmbeddedFile /Length 8 >>\nstream\nid,name\n\nendstream",
        ],
    )  # fmt: skip
    inner = [value for value in values(data) if isinstance(value, Inner)]
    assert [(one.locator, one.kind, one.name, b"".join(one.chunks() if one.chunks else ())) for one in inner] == [
        ("note:0:0", "member", "list.csv", b"id,name\n"),
        ("note:1:0", "member", "list.csv", b"id,name\n"),
    ]
    again = pdf.open_child(MemoryReadable(data), "note:1:0", Limits())
    assert b"".join(again.chunks() if again.chunks else ()) == b"id,name\n"
    assert texts(data) == [("note", "1", "the list"), ("note", "2", "the list")]


XFA = b"""<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/">
<xfa:data><form1><PatientName>Ann Frobisher</PatientName><SSN>899-45-1234</SSN><Empty/></form1></xfa:data>
</xfa:datasets></xdp:xdp>"""


def test_data_of_an_xfa_form() -> None:
    keys = b"/AcroForm << /Fields [] /XFA [(datasets) 5 0 R] >>"
    data = pdf_file([b""], catalog_keys=keys, more=[b"<< /Length %d >>\nstream\n%s\nendstream" % (len(XFA), XFA)])
    assert texts(data) == [("note", "form data", "PatientName: Ann Frobisher\nSSN: 899-45-1234")]


def test_properties_outline_and_metadata() -> None:
    packet = (
        b'<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r" xmlns:dc="d"><rdf:Description>'
        b"<dc:title><rdf:Alt><rdf:li>Census of May</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Bo Quill</rdf:li>"
        b"</rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R /Metadata 6 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>", b"<< /Type /Outlines /First 5 0 R /Last 5 0 R /Count 1 >>",
        b"<< /Title (Frobisher, Ann 02/01/1951) /Parent 4 0 R /Dest [3 0 R /Fit] >>",
        b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(packet), packet),
    ]  # fmt: skip
    assert texts(assembled(objects)) == [
        ("note", "properties", "Title: Census of May\nCreator: Bo Quill"),
        ("note", "outline", "Frobisher, Ann 02/01/1951"),
    ]


def test_what_is_said_beside_an_empty_page_is_told() -> None:
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /Rect [9 9 99 99] /T (Sig1) /TU (Jane \\(Lee\\) signs here) >>"
    silent = pdf_file([b""], page_keys=b"/Annots [5 0 R]", more=[field])
    spoken = pdf_file([b"BT /Helvetica 9 Tf 9 700 Td (Dear Ann) Tj ET"], page_keys=b"/Annots [5 0 R]", more=[field])
    for file, expected in ((silent, ["Jane (Lee) signs here"]), (spoken, ["Dear Ann"])):
        found = [one.text for one in pdf.parse(MemoryReadable(file), Limits()) if isinstance(one, Text)]
        assert found == expected
