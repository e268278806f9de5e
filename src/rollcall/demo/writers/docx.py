"""Word documents, written by hand: paragraphs, and forms as tables of two columns."""

from html import escape

from rollcall.demo.grid import Grid
from rollcall.demo.truth import Fact
from rollcall.demo.writers.archive import OFFICE, zip_bytes
from rollcall.demo.writers.made import Made, all_at

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
    ' Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_RULES = (
    "<w:tblPr><w:tblBorders>"
    + "".join(f'<w:{one} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for one in _SIDES)
    + "</w:tblBorders></w:tblPr>"
)

Pair = tuple[str, str | None]


def _paragraph(line: str, *, title: bool = False) -> str:
    """One paragraph, its text cut into two runs as Word's spelling marks do."""
    look = '<w:rPr><w:b/><w:sz w:val="28"/></w:rPr>' if title else ""
    cut = len(line) // 2 if len(line) > 20 else len(line)
    runs = "".join(
        f'<w:r>{look}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (line[:cut], line[cut:]) if part
    )
    return f"<w:p>{runs}</w:p>"


def _table(pairs: list[Pair]) -> str:
    cells = [[f"<w:tc><w:tcPr/>{_paragraph(cell or '')}</w:tc>" for cell in pair] for pair in pairs]
    rows = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
    return f"<w:tbl>{_RULES}{rows}</w:tbl>"


def write_docx_list(name: str, grid: Grid) -> Made:
    """Return a list as a table in a Word file, rows of one cell as paragraphs above and between."""
    parts: list[str] = []
    rows: list[str] = []
    width = max((len(line) for line in grid.lines), default=1)

    def close() -> None:
        if rows:
            parts.append(f"<w:tbl>{_RULES}{''.join(rows)}</w:tbl><w:p/>")
            rows.clear()

    for line in grid.lines:
        texts = [cell.text if cell else "" for cell in line]
        if len(texts) < 2 and width > 1:
            close()
            parts.append(_paragraph(" ".join(texts)))
        else:
            padded = texts + [""] * (width - len(texts))
            rows.append("<w:tr>" + "".join(f"<w:tc><w:tcPr/>{_paragraph(one)}</w:tc>" for one in padded) + "</w:tr>")
    close()
    facts = [fact for line in grid.lines for cell in line if cell for fact in cell.facts]
    return Made("list_docx", grid.layout, f"{name}.docx", MEDIA, _file("".join(parts)), all_at(facts, "body"))


def _file(content: str) -> bytes:
    document = (
        f'{_HEAD}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{content}'
        "<w:sectPr/></w:body></w:document>"
    )
    members = [("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document)]
    return zip_bytes(((member, text.encode()) for member, text in members), OFFICE)


def write_docx(
    kind: str, layout: str, name: str, lines: list[str], facts: list[Fact], pairs: list[Pair] | None = None
) -> Made:
    """Return a Word file of the lines, then the pairs as a table where there are any."""
    content = (
        "".join(_paragraph(line, title=n == 0) for n, line in enumerate(lines))
        + (_table(pairs) if pairs else "")
        + "<w:p/>"
    )
    return Made(kind, layout, f"{name}.docx", MEDIA, _file(content), all_at(facts, "body"))
