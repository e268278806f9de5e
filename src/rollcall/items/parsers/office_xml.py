"""Office documents in one XML file: Word 2003 XML, flat OPC, and XML Spreadsheet 2003, which many systems export.

They often carry the ending .doc or .xls. What is written into them in base64 is given out.
"""

import functools
import math
from collections.abc import Iterator
from typing import Any

from rollcall.items import ooxml, ooxml_text, xml_stream
from rollcall.items.cells import EPOCH, PLAIN, Row, Style, number_shown, pieces, reference, style
from rollcall.items.checked_rows import CheckedRows
from rollcall.items.parser import Fault, Limits, Parser, Table, Text, Yield
from rollcall.items.parsers.html import embedded
from rollcall.items.readable import Readable
from rollcall.items.xml_stream import attribute, local

_WORD = (
    b"http://schemas.microsoft.com/office/word/2003/wordml",
    b"http://schemas.microsoft.com/office/2006/xmlPackage",
)
_SHEETS = b"urn:schemas-microsoft-com:office:spreadsheet"
_MOST_COLUMNS = 1 << 14


def looks_like(untrusted: Readable) -> bool:
    """Decide by the namespace of the root element."""
    head = untrusted.read_at(0, 4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"<") or b"<html" in head[:1024].lower():
        return False
    return any(name in head for name in _WORD) or (_SHEETS in head and b"Workbook" in head)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text and tables, or the sheets, then what is embedded."""
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    if _SHEETS in untrusted.read_at(0, 4096) and b"Workbook" in untrusted.read_at(0, 4096):
        yield from ooxml.attempted(functools.partial(_sheets, untrusted, limits), "XML")
        return
    elements = xml_stream.elements(untrusted.stream(), "document", ooxml_text.TAGS, starts=True)
    yield from ooxml_text.told(elements, "document", "text", "", limits)
    yield from ooxml.attempted(functools.partial(_binaries, untrusted), "XML")


def _binaries(untrusted: Readable) -> Iterator[Yield]:
    found = xml_stream.elements(untrusted.stream(), "document", ("binData", "binaryData"))
    for number, (_, element) in enumerate(found):
        if element.text and element.text.strip():
            yield embedded(f"binary:{number}", "", element.text)


def _sheets(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    tags = ("Style", "Worksheet", "Row")
    elements = xml_stream.elements(untrusted.stream(), "workbook", tags, starts=True)
    forms: dict[str, Style] = {}
    for event, element in elements:
        if local(element.tag) == "Style" and event == "end":
            codes = [attribute(one.attrib, "Format") for one in element if local(one.tag) == "NumberFormat"]
            forms[attribute(element.attrib, "ID")] = style(codes[0]) if codes and codes[0] else PLAIN
        elif local(element.tag) == "Worksheet" and event == "start":
            notes: list[str] = []
            rows = CheckedRows(_rows(elements, forms, notes), limits.max_cells)
            label = attribute(element.attrib, "Name")
            yield Table(rows=rows, kind="sheet", label=label)
            yield from rows.faults
            if notes:
                yield Text(text="\n".join(notes), kind="note", label=label)


def _rows(elements: Iterator[Any], forms: dict[str, Style], notes: list[str]) -> Iterator[Row]:
    """Yield the rows until the sheet ends."""
    number = -1
    for event, element in elements:
        name = local(element.tag)
        if name == "Worksheet" and event == "end":
            return
        if name == "Row" and event == "end":
            number = max(_index(element, number + 1), number + 1)
            yield from pieces(number, _cells(element, number, forms, notes))


def _cells(row: Any, number: int, forms: dict[str, Style], notes: list[str]) -> Iterator[tuple[int, str]]:
    column = -1
    for cell in row:
        if local(cell.tag) != "Cell":
            continue
        column = max(_index(cell, column + 1), column + 1)
        if column >= _MOST_COLUMNS:
            return
        form = forms.get(attribute(cell.attrib, "StyleID"), PLAIN)
        for one in cell:
            if local(one.tag) == "Data" and (text := _shown(one, form)):
                yield column, text
            elif local(one.tag) == "Comment" and (text := " ".join("".join(one.itertext()).split())):
                notes.append(f"{reference(number, column)}: {text}")
        across = attribute(cell.attrib, "MergeAcross", "0")
        column += int(across) if across.isdigit() and len(across) < 6 else 0


def _index(element: Any, otherwise: int) -> int:
    written = attribute(element.attrib, "Index")
    return int(written) - 1 if written.isascii() and written.isdigit() and 0 < len(written) < 9 else otherwise


def _shown(data: Any, form: Style) -> str:
    text = "".join(data.itertext())
    kind = attribute(data.attrib, "Type")
    if kind == "DateTime":
        return text.removesuffix(".000").replace("T", " ").removesuffix(" 00:00:00")
    if kind == "Boolean":
        return "TRUE" if text.strip() == "1" else "FALSE"
    if kind == "Number":
        try:
            number = float(text)
        except ValueError:
            return text
        return number_shown(text.strip(), number, form, EPOCH) if math.isfinite(number) else text
    return text


PARSER = Parser(
    name="office_xml",
    version=1,
    media_types=("application/vnd.ms-word.2003-xml", "application/vnd.ms-excel.2003-xml"),
    looks_like=looks_like,
    parse=parse,
)
