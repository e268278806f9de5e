"""Workbooks: xlsx and xlsm row by row from their XML; xls, xlsb and ods through calamine, once their size is known.

Calamine lays a sheet out as one block, and a cell at the far corner makes that block larger than memory; so what it
gets is measured first. Hidden sheets are read and marked. What is embedded is listed, so that it is accounted for.
"""

import functools
import struct
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from rollcall.items import ole, ooxml, sparse
from rollcall.items.compound import Compound
from rollcall.items.ooxml import BROKEN, Package, RefusedError
from rollcall.items.parser import Fault, Limits, Parser, Table, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling
from rollcall.items.xlsx import Row, Workbook, plain_number, shown

_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
# Parts that are read, and those without a word of anybody's.
_READ = (
    "xl/workbook", "xl/worksheets/", "xl/chartsheets/", "xl/dialogsheets/", "xl/macrosheets/", "xl/intlmacrosheets/",
    "xl/sharedstrings", "xl/styles", "xl/theme/", "xl/comments", "xl/threadedcomments/", "xl/drawings/", "xl/charts/",
    "xl/pivotcache/pivotcachedefinition", "xl/calcchain", "xl/metadata", "xl/printersettings",
)  # fmt: skip
_OURS = ("xl/media/", "xl/embeddings/", "xl/activex/", "xl/vbaproject")


def _kind(untrusted: Readable) -> str:
    """Return xlsx, xlsb, ods, xls, protected or "" by the structure of the content."""
    if untrusted.read_at(0, 8) == ole.MAGIC:
        names = ole.root_names(untrusted)
        if "encryptedpackage" in names:
            return "protected"
        return "xls" if names & {"workbook", "book"} else ""
    package = ooxml.opens(untrusted)
    if package is None:
        return ""
    if "xl/workbook.bin" in package:
        return "xlsb"
    if "mimetype" in package and "content.xml" in package:
        try:
            return "ods" if b"".join(package.chunks("mimetype")).strip().startswith(_ODS) else ""
        except (*BROKEN, RefusedError):
            return ""
    return "xlsx" if _workbook(package) else ""


def _workbook(package: Package) -> str:
    """Return the name of the workbook's part, as the package's own relations have it."""
    try:
        found = [target for kind, target in package.relations("").values() if kind == "officedocument"]
    except (*BROKEN, RefusedError):
        found = []
    found += ["xl/workbook.xml"]
    return next((name for name in found if name in package and name.startswith("xl/")), "")


def looks_like(untrusted: Readable) -> bool:
    """Decide by the directory of the zip or compound file."""
    return _kind(untrusted) != ""


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each sheet as a Table, then notes on cells and text in shapes, then what is embedded."""
    kind = _kind(untrusted)
    if kind == "protected":
        yield Fault(code="encrypted", detail="Office document under a password")
    elif kind == "xlsx":
        yield from _xlsx(Package(untrusted, limits), limits)
    elif kind:
        yield from _calamine(untrusted, kind, limits)
    else:
        yield Fault(code="corrupt", detail="no workbook inside")


def _xlsx(package: Package, limits: Limits) -> Iterator[Yield]:
    try:
        workbook = Workbook(package, _workbook(package), limits.max_text * 8)
    except RefusedError as error:
        yield Fault(code="corrupt" if error.code == "partial" else error.code, detail=error.detail)
        return
    except BROKEN as error:
        yield Fault(code="corrupt", detail=f"workbook: {type(error).__name__}")
        return
    for sheet in workbook.sheets:
        aside: list[str] = []
        rows = _Rows(workbook.rows(sheet, aside), limits.max_cells)
        yield Table(rows=rows, kind="sheet", label=sheet.name, hidden=sheet.hidden)
        yield from rows.faults
        aside += _targets(package, sheet.path)
        if told := worth_telling(aside):
            yield Text(text=told, kind="note", label=sheet.name, hidden=True)
        yield from _beside(package, sheet.path, sheet.name)
    if not workbook.sheets:
        yield Fault(code="corrupt", detail="the workbook names no sheet")
    for name in package.names():
        if name.startswith("xl/pivotcache/pivotcachedefinition"):
            yield from _attempt(functools.partial(sparse.pivot_values, package, name))
    if workbook.lost_strings:
        yield Fault(code="too_large", detail=f"{workbook.lost_strings} texts of cells are over the size allowed")
    # A number in the name of a sheet, or of a range, is somebody's as often as not: a sheet for each patient.
    if told := worth_telling([*(sheet.name for sheet in workbook.sheets), *workbook.names]):
        yield Text(text=told, kind="names", hidden=True)
    yield from _attempt(package.about)
    yield from _attempt(functools.partial(package.unread, _READ))
    yield from package.others(_OURS)


def _targets(package: Package, path: str) -> list[str]:
    """Return where the links of a sheet lead, as far as it can be read."""
    try:
        return [target for kind, target in package.outside(path) if kind == "hyperlink"]
    except (*BROKEN, RefusedError):
        return []


class _Rows:
    """Rows that stop at damage and at the limit, and say so when they have been read."""

    def __init__(self, rows: Iterator[Row], most: int) -> None:
        self._rows = rows
        self._left = most
        self.faults: list[Fault] = []

    def __iter__(self) -> Iterator[Row]:
        try:
            for row in self._rows:
                self._left -= len(row[2])
                if self._left < 0:
                    self.faults.append(Fault(code="too_large", detail="more cells than allowed", part=True))
                    return
                yield row
        except RefusedError as error:
            self.faults.append(Fault(code=error.code, detail=error.detail, part=True))
        except BROKEN as error:
            self.faults.append(Fault(code="partial", detail=f"sheet: {type(error).__name__}", part=True))


def _attempt(read: Callable[[], Iterator[Text]]) -> Iterator[Yield]:
    try:
        yield from read()
    except RefusedError as error:
        yield Fault(code=error.code, detail=error.detail)
    except BROKEN as error:
        yield Fault(code="partial", detail=type(error).__name__)


def _beside(package: Package, path: str, label: str) -> Iterator[Yield]:
    """Yield the notes on a sheet's cells and the text of its shapes and charts."""
    try:
        related = sorted(package.relations(path).values())
        drawings = [target for kind, target in related if kind == "drawing"]
        related += [pair for drawing in drawings for pair in sorted(package.relations(drawing).values())]
    except (*BROKEN, RefusedError):
        yield Fault(code="partial", detail="relations of a sheet", part=True)
        return
    for kind, target in related:
        if target in package and kind in ("comments", "threadedcomment", "drawing", "chart"):
            yield from _attempt(functools.partial(sparse.notes, package, target, kind, label))


def _calamine(untrusted: Readable, kind: str, limits: Limits) -> Iterator[Yield]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    if kind != "xls" and (fault := _measured(untrusted, kind, limits)) is not None:
        yield fault
        return
    try:
        with _Panics():
            workbook = CalamineWorkbook.from_filelike(untrusted.stream())
    except PasswordError:
        yield Fault(code="encrypted", detail="workbook under a password")
        return
    except (CalamineError, OSError, ValueError) as error:
        if kind == "xls" and _has_filepass(untrusted):
            yield Fault(code="encrypted", detail="workbook under a password")
        elif isinstance(error, _GaveUpError):
            yield Fault(code="unsupported", detail=f"{kind} with a structure its reader does not know")
        else:
            yield Fault(code="corrupt", detail=f"workbook: {type(error).__name__}")
        return
    for place, about in enumerate(workbook.sheets_metadata):
        if about.typ not in (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet):
            continue
        try:
            with _Panics():
                sheet = workbook.get_sheet_by_index(place)
        except PasswordError:
            yield Fault(code="encrypted", detail="sheet under a password")
            continue
        except (CalamineError, OSError, ValueError) as error:
            yield Fault(code="partial", detail=f"sheet {place + 1}: {type(error).__name__}")
            continue
        rows = _Rows(_laid_out(sheet), limits.max_cells)
        hidden = about.visible != SheetVisibleEnum.Visible
        yield Table(rows=rows, kind="sheet", label=about.name, hidden=hidden)
        yield from rows.faults
    if kind == "xls":
        if any(name.startswith(("mbd", "lnk")) for name in ole.root_names(untrusted)):
            yield Fault(code="unsupported", detail="objects embedded in the workbook")
    else:
        package = Package(untrusted, limits)
        yield from package.others((*_OURS, "pictures/", "object "))


class _GaveUpError(ValueError):
    """The library met what it did not expect: that says nothing of damage."""


class _Panics:
    """Turns a panic of the library, which is no Exception of Python's, into one."""

    def __enter__(self) -> None:
        """Nothing is needed."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if kind is not None and kind.__name__ == "PanicException":
            raise _GaveUpError from None


def _measured(untrusted: Readable, kind: str, limits: Limits) -> Fault | None:
    """Return a Fault for a workbook that would fill more cells than allowed once laid out."""
    try:
        package = Package(untrusted, limits)
        if kind == "ods" and _is_sealed(package):
            return Fault(code="encrypted", detail="workbook under a password")
        if package.too_many:
            return Fault(code="too_large", detail="members")
        measure = sparse.measure_ods if kind == "ods" else sparse.measure_xlsb
        if measure(package) > limits.max_cells:
            return Fault(code="too_large", detail="a cell so far out that the sheet would fill memory")
    except RefusedError as error:
        return ooxml.refused(error)
    except BROKEN as error:
        return Fault(code="corrupt", detail=f"workbook: {type(error).__name__}")
    return None


def _has_filepass(untrusted: Readable) -> bool:
    """Decide whether an xls begins, as one under a password does, with FILEPASS soon after its first record."""
    package = Compound(untrusted)
    head = (package.read("Workbook") or package.read("Book"))[:4096]
    position = 0
    while position + 4 <= len(head):
        kind, size = struct.unpack_from("<HH", head, position)
        if kind == 0x2F:
            return True
        position += 4 + size
    return False


def _is_sealed(package: Package) -> bool:
    if "meta-inf/manifest.xml" not in package:
        return False
    return any(True for _ in package.elements("meta-inf/manifest.xml", ("encryption-data",)))


def _laid_out(sheet: Any) -> Iterator[Row]:
    start = sheet.start
    if start is None:
        return
    first_row, first_column = start
    for number, row in enumerate(sheet.to_python(skip_empty_area=True)):
        cells = [_shown(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        lead = next((place for place, cell in enumerate(cells) if cell), len(cells))
        if lead < len(cells):
            yield first_row + number, first_column + lead, cells[lead:]


def _shown(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return plain_number(repr(value), float(value))
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else ""


PARSER = Parser(
    name="sheets",
    version=2,
    media_types=(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    looks_like=looks_like,
    parse=parse,
)
