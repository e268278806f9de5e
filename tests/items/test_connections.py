"""What a workbook's connections say stands in attributes only."""

from rollcall.items.parser import Limits, Text
from rollcall.items.parsers import sheets
from rollcall.items.readable import MemoryReadable
from tests.corpus.make import zipped
from tests.items.test_targets import BOOK, SHEET, relations

CONNECTIONS = (
    f'<connections xmlns="{SHEET}"><connection id="1" name="Roll" description="Births of 03/02/1984 for Ann Tindall" '
    'refreshedVersion="6"><dbPr connection="Provider=SQL;User ID=bo;Password=Heron 88 41" command="x"/></connection>'
    "</connections>"
)


def test_they_are_read() -> None:
    data = zipped({
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData/></worksheet>',
        "xl/connections.xml": CONNECTIONS,
    })  # fmt: skip
    notes = [value.text for value in sheets.parse(MemoryReadable(data), Limits()) if isinstance(value, Text)]
    assert notes == [
        "connection: Provider=SQL;User ID=bo;Password=Heron 88 41\ndescription: Births of 03/02/1984 for Ann Tindall"
    ]
