"""Workbooks: xlsx and xlsm, xlsb, and xls from Excel 2 to 2003, row by row from their records.

A sheet costs what stands in it: a cell at the far corner costs one cell. Hidden sheets, rows and columns are read.
Notes, shapes, charts, page headers and what is embedded follow their sheet.
"""

import functools
from collections.abc import Iterator

from rollcall.items import biff, blips, compound, ole, ooxml, ooxml_text, sheet_notes, targets, xlsb, xlsx
from rollcall.items.cells import Aside, Row
from rollcall.items.checked_rows import CheckedRows
from rollcall.items.compound import Compound
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import Fault, Inner, Limits, Parser, Table, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling
from rollcall.items.xml_stream import RefusedError

# How the stream of a workbook begins in the versions that were no compound file yet.
_BEFORE_OLE = (b"\x09\0\x04\0", b"\x09\2\x06\0", b"\x09\4\x06\0", b"\x09\x08\x08\0\0\5", b"\x09\x08\x10\0\0\6")
# Parts that are read, and those without a word of anybody's.
_READ = (
    "xl/workbook", "xl/worksheets/", "xl/chartsheets/", "xl/dialogsheets/", "xl/macrosheets/", "xl/intlmacrosheets/",
    "xl/sharedstrings", "xl/styles", "xl/theme/", "xl/comments", "xl/threadedcomments/", "xl/drawings/", "xl/charts/",
    "xl/diagrams/",
    "xl/pivotcache/pivotcachedefinition", "xl/calcchain", "xl/metadata", "xl/printersettings",
)  # fmt: skip
_MAIN = "xl/workbook.xml"
_OURS = ("xl/media/", "xl/embeddings/", "xl/activex/", "xl/vbaproject")


def _kind(untrusted: Readable) -> str:
    """Return xlsx, xlsb, xls or "" by the structure of the content."""
    head = untrusted.read_at(0, 8)
    if head == ole.MAGIC:
        return "xls" if ole.root_names(untrusted) & {"workbook", "book"} else ""
    if head.startswith(_BEFORE_OLE):
        return "xls"
    package = ooxml.opens(untrusted)
    if package is None:
        return ""
    if "xl/workbook.bin" in package:
        return "xlsb"
    return "xlsx" if package.main(_MAIN) else ""


def looks_like(untrusted: Readable) -> bool:
    """Decide by the directory of the zip or compound file."""
    return _kind(untrusted) != ""


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each sheet as a Table, then notes on cells and text in shapes, then what is embedded."""
    kind = _kind(untrusted)
    if kind == "xlsx":
        yield from _xlsx(Package(untrusted, limits), limits)
    elif kind == "xlsb":
        yield from _xlsb(Package(untrusted, limits), limits)
    elif kind == "xls":
        yield from _xls(untrusted, limits)
    else:
        yield Fault(code="corrupt", detail="no workbook inside")


def _xls(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    package: Compound | None = None
    try:
        if untrusted.read_at(0, 8) == ole.MAGIC:
            package = Compound(untrusted)
            data = package.read("Workbook") or package.read("Book")
        else:
            data = untrusted.read_at(0, untrusted.size)
        workbook = biff.Workbook(data, limits.max_text * 8)
    except compound.BROKEN as error:
        yield Fault(code="corrupt", detail=f"workbook: {type(error).__name__}")
        return
    if workbook.is_sealed:
        yield Fault(code="encrypted", detail="workbook under a password")
        return
    for sheet in workbook.sheets:
        yield from _sheet_of_old(workbook, sheet, limits)
    if workbook.lost_texts:
        yield Fault(code="too_large", detail=f"{workbook.lost_texts} texts of cells are over the size allowed")
    if told := worth_telling([*(sheet.name for sheet in workbook.sheets), *workbook.names]):
        yield Text(text=told, kind="names", hidden=True)
    yield from blips.inners(blips.pictures(b"".join(workbook.pictures)))
    if package is not None:
        try:
            yield from _inside(package)
        except compound.BROKEN as error:
            yield Fault(code="partial", detail=f"beside the workbook: {type(error).__name__}")


def _sheet_of_old(workbook: biff.Workbook, sheet: biff.Sheet, limits: Limits) -> Iterator[Yield]:
    rows = CheckedRows(workbook.rows(sheet), limits.max_cells)
    yield Table(rows=rows, kind="sheet", label=sheet.name, hidden=sheet.hidden)
    yield from rows.faults
    if sheet.is_cut:
        yield Fault(code="truncated", detail="the workbook ends inside a sheet", part=True)
    for lines, label in ((sheet.notes, ""), (sheet.shapes, "shapes")):
        if lines:
            yield Text(text="\n".join(lines), kind="note", label=f"{sheet.name} {label}".strip())
    yield from _aside(sheet.aside, sheet.name)


def _inside(package: Compound) -> Iterator[Yield]:
    """Yield what a workbook of old says of itself, what its pivot tables remember, and what is embedded."""
    if told := compound.about(package):
        yield Text(text="\n".join(told), kind="note", label="properties", hidden=True)
    remembered = [text for path in package.under("_SX_DB_CUR") for text in biff.cached(package.read(*path))]
    if remembered:
        yield Text(text="\n".join(dict.fromkeys(remembered)), kind="note", label="pivot cache", hidden=True)
    for path in package.under():
        if package.is_storage(path) and path[0].upper().startswith(("MBD", "LNK")):
            yield Inner(locator=path[0], kind="member", chunks=functools.partial(_rebuilt, package, path))


def _rebuilt(package: Compound, path: tuple[str, ...]) -> Iterator[bytes]:
    yield package.rebuilt(path)


def _xlsx(package: Package, limits: Limits) -> Iterator[Yield]:
    try:
        workbook = xlsx.Workbook(package, package.main(_MAIN), limits.max_text * 8)
    except RefusedError as error:
        yield Fault(code="corrupt" if error.code == "partial" else error.code, detail=error.detail)
        return
    except BROKEN as error:
        yield Fault(code="corrupt", detail=f"workbook: {type(error).__name__}")
        return
    for sheet in workbook.sheets:
        aside = Aside()
        yield from _sheet(package, sheet, workbook.rows(sheet, aside), aside, limits)
    if not workbook.sheets:
        yield Fault(code="corrupt", detail="the workbook names no sheet")
    for name in package.names():
        if name.startswith("xl/pivotcache/pivotcachedefinition"):
            yield from ooxml.attempted(functools.partial(sheet_notes.pivot_values, package, name))
    yield from _after(package, workbook.lost_strings, [*(sheet.name for sheet in workbook.sheets), *workbook.names])


def _sheet(
    package: Package, sheet: xlsx.Sheet | xlsb.Sheet, rows: Iterator[Row], aside: Aside, limits: Limits
) -> Iterator[Yield]:
    """Yield the cells of a sheet, and what stands beside them: `aside` is filled while the rows are read."""
    checked = CheckedRows(rows, limits.max_cells)
    yield Table(rows=checked, kind="sheet", label=sheet.name, hidden=sheet.hidden)
    yield from checked.faults
    aside.links += _targets(package, sheet.path)
    yield from _aside(aside, sheet.name)
    yield from _beside(package, sheet.path, sheet.name, limits)


def _aside(aside: Aside, label: str) -> Iterator[Yield]:
    if told := "\n".join(filter(None, dict.fromkeys(aside.printed))):
        yield Text(text=told, kind="note", label=f"{label} printed page".strip())
    if told := worth_telling(aside.unseen):
        yield Text(text=told, kind="note", label=label, hidden=True)
    yield from targets.parts(aside.links)


def _targets(package: Package, path: str) -> list[str]:
    """Return where the links of a sheet lead, as far as it can be read."""
    try:
        drawings = [target for kind, target in _related(package, path) if kind == "drawing"]
        return [target for name in (path, *drawings) for kind, target in package.outside(name) if kind == "hyperlink"]
    except (*BROKEN, RefusedError):
        return []


def _related(package: Package, path: str) -> list[tuple[str, str]]:
    """Return (kind, name) of the parts a part leads to; where that cannot be read they are listed as unread."""
    try:
        return sorted(pair for pair in package.relations(path).values() if pair[1] in package)
    except (*BROKEN, RefusedError):
        return []


def _beside(package: Package, path: str, label: str, limits: Limits) -> Iterator[Yield]:
    """Yield the notes on a sheet's cells and the text of its shapes and charts."""
    related = _related(package, path)
    drawings = [target for kind, target in related if kind == "drawing"]
    related += [pair for drawing in drawings for pair in _related(package, drawing)]
    for kind, target in related:
        if kind in ("comments", "threadedcomment") and target.endswith(".xml"):
            yield from ooxml.attempted(functools.partial(sheet_notes.notes, package, target, label))
        elif kind in ("drawing", "chart", "chartex", "diagramdata"):
            yield from ooxml_text.values(package, target, "note", label, limits, hidden=False)


def _xlsb(package: Package, limits: Limits) -> Iterator[Yield]:
    try:
        workbook = xlsb.Workbook(package, "xl/workbook.bin", limits.max_text * 8)
    except RefusedError as error:
        yield Fault(code="corrupt" if error.code == "partial" else error.code, detail=error.detail)
        return
    except BROKEN as error:
        yield Fault(code="corrupt", detail=f"workbook: {type(error).__name__}")
        return
    for sheet in workbook.sheets:
        aside = Aside()
        yield from _sheet(package, sheet, workbook.rows(sheet, aside), aside, limits)
        for kind, target in _related(package, sheet.path):
            if kind == "comments" and target.endswith(".bin"):
                yield from ooxml.attempted(functools.partial(_noted, workbook, target, sheet.name))
    yield from _after(package, workbook.lost_strings, [*(sheet.name for sheet in workbook.sheets), *workbook.names])


def _noted(workbook: xlsb.Workbook, target: str, label: str) -> Iterator[Text]:
    if lines := list(workbook.notes(target)):
        yield Text(text="\n".join(lines), kind="note", label=label)


def _after(package: Package, lost_strings: int, names: list[str]) -> Iterator[Yield]:
    """Yield what follows the sheets of a workbook that is a zip."""
    if lost_strings:
        yield Fault(code="too_large", detail=f"{lost_strings} texts of cells are over the size allowed")
    # A number in the name of a sheet, or of a range, is somebody's as often as not: a sheet for each patient.
    if told := worth_telling(names):
        yield Text(text=told, kind="names", hidden=True)
    yield from ooxml.attempted(package.about)
    yield from ooxml.attempted(functools.partial(package.unread, _READ))
    yield from package.others(_OURS)
    yield from package.damage()


PARSER = Parser(
    name="sheets",
    version=5,
    media_types=(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    ),
    looks_like=looks_like,
    parse=parse,
)
