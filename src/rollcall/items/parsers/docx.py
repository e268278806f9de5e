"""Word documents (docx, docm, dotx): everything with words in it, read from the XML in the order it stands.

The body, headers, footers, notes, comments and text boxes are parts of their own. What a reviewer deleted or a writer
hid is kept: it was in the file. Tables of data are Tables, nested ones too; tables that only lay out are text.
"""

from collections.abc import Iterator
from typing import Any

from rollcall.items import ooxml
from rollcall.items.flow import BREAK, LINE, Flow, Grid
from rollcall.items.ooxml import BROKEN, Package, RefusedError
from rollcall.items.parser import Fault, Limits, Parser, Table, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling

_OURS = ("word/media/", "word/embeddings/", "word/activex/", "word/afchunk", "word/vbaproject")
# (start of the part's name, kind, label); the body first.
_PARTS = (
    ("word/document", "text", ""),
    ("word/header", "text", "header"),
    ("word/footer", "text", "footer"),
    ("word/footnotes", "note", "footnotes"),
    ("word/endnotes", "note", "endnotes"),
    ("word/comments", "note", "comments"),
    ("word/glossary/document", "text", "building blocks"),
    ("word/diagrams/data", "text", "diagram"),
    ("word/charts/chart", "text", "chart"),
)
# Elements that say something in their attributes only: choices of a form, words for who cannot see a picture.
_SAYING = {
    "fldSimple": ("instr",), "docPr": ("name", "title", "descr"), "cNvPr": ("title", "descr"), "alias": ("val",),
    "tag": ("val",), "listItem": ("displayText", "value"), "docVar": ("name", "val"), "default": ("val",),
    "hyperlink": ("tooltip",), "imagedata": ("title",), "shape": ("alt",),
}  # fmt: skip
# Parts that are read, and those without a word of anybody's.
_READ = (
    "word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes", "word/comments", "word/glossary/",
    "word/diagrams/", "word/charts/", "word/styles", "word/settings", "word/websettings", "word/fonttable",
    "word/numbering", "word/theme/", "word/people", "word/stylewitheffects",
)  # fmt: skip
_TAGS = (
    "p", "t", "delText", "tab", "ptab", "br", "cr", "noBreakHyphen", "softHyphen", "sym", "tbl", "tr", "tc", "gridSpan",
    "vMerge", "Fallback", "v", "pt", "comment", "checked", "instrText", "delInstrText", *_SAYING,
)  # fmt: skip


def _main(package: Package) -> str:
    try:
        found = [target for kind, target in package.relations("").values() if kind == "officedocument"]
    except (*BROKEN, RefusedError):
        found = []
    return next((name for name in (*found, "word/document.xml") if name in package and name.startswith("word/")), "")


def looks_like(untrusted: Readable) -> bool:
    """Decide by the directory of the zip."""
    package = ooxml.opens(untrusted)
    return package is not None and _main(package) != ""


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each part's text and tables, then what is embedded."""
    package = Package(untrusted, limits)
    main = _main(package)
    names = [name for name in package.names() if name.endswith(".xml") and "/_rels/" not in name]
    for start, kind, label in _PARTS:
        chosen = [main] if start == "word/document" else sorted(name for name in names if name.startswith(start))
        for name in chosen:
            yield from _part(package, name, kind, label, limits)
    try:
        yield from package.about()
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=type(error).__name__)
    try:
        yield from package.unread(_READ)
        links = [target for name in names if name.startswith("word/") for _, target in package.outside(name)]
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=type(error).__name__)
    else:
        if told := worth_telling(links):
            yield Text(text=told, kind="note", label="links", hidden=True)
    yield from package.others(_OURS)


def _part(package: Package, name: str, kind: str, label: str, limits: Limits) -> Iterator[Yield]:
    reader = _Reader()
    fault: Fault | None = None
    try:
        for event, element in package.elements(name, _TAGS, starts=True):
            reader.take(event, element)
    except RefusedError as error:
        fault = ooxml.refused(error)
    except BROKEN as error:
        fault = Fault(code="partial", detail=f"{name}: {type(error).__name__}")
    text, grids = reader.finish().set()
    aside = worth_telling(reader.aside())
    if text.strip():
        yield Text(text=text[: limits.max_text], kind=kind, label=label)
    for number, grid in enumerate(grids, 1):
        rows = [(row, 0, cells) for row, cells in enumerate(grid.cells()) if cells]
        yield Table(rows=rows, label=f"{label} table {number}".strip())
    if aside:
        yield Text(text=aside[: limits.max_text], kind="note", label=f"{label} not shown".strip(), hidden=True)
    if len(text) > limits.max_text:
        yield Fault(code="too_large", detail=name)
    if fault is not None:
        yield fault


class _Reader:
    """Turns elements as they start and end into a flow, without recursion."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._grids: list[tuple[Grid, Flow]] = []  # each open table, with the flow around it
        self._skipping = 0
        self._aside: list[str] = []
        self._instruction: list[str] = []  # pieces of one, cut anywhere

    def take(self, event: str, element: Any) -> None:
        """Take one element at its start or end."""
        local = element.tag.rpartition("}")[2]
        if local == "Fallback":  # says again, for old programs, what the choice before it said
            self._skipping += 1 if event == "start" else -1
        elif self._skipping:
            return
        elif local in ("tbl", "tr", "tc"):
            self._table(event, local)
        elif event == "end":
            self._end(local, element)
        elif local in ("p", "comment", "pt"):
            self._flow.push(BREAK)

    def aside(self) -> list[str]:
        """Return what was said and not shown."""
        return [*self._aside, " ".join("".join(self._instruction).split())]

    def _end(self, local: str, element: Any) -> None:
        flow = self._flow
        if local in ("instrText", "delInstrText"):
            self._instruction.append(element.text or "")
            return
        if local == "p" and self._instruction:
            self._aside.append(" ".join("".join(self._instruction).split()))
            self._instruction.clear()
        if said := _SAYING.get(local):
            values = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
            self._aside += [values[name] for name in said if values.get(name)]
        if local in ("t", "delText", "v"):
            # Spaces in a run are as typed; only the flow of HTML folds them.
            flow.push_literal((element.text or "").replace("\n", " "))
        if local in ("p", "comment", "pt", "v"):
            flow.push(BREAK)
        elif local in ("tab", "ptab"):
            if not element.getparent().tag.endswith("}tabs"):  # those are settings, not characters
                flow.push_literal("\t")
        elif local in ("br", "cr"):
            flow.push(LINE)
        elif local == "noBreakHyphen":
            flow.push_literal("-")
        elif local in ("gridSpan", "vMerge"):
            self._span(local, next((value for key, value in element.attrib.items() if key.endswith("}val")), None))
        elif local == "checked":
            flow.push_literal("[x] " if "0" not in element.attrib.values() else "[ ] ")

    def _span(self, local: str, value: str | None) -> None:
        if self._grids and local == "gridSpan":
            self._grids[-1][0].widen(int(value) if value and value.isascii() and value.isdigit() else 1)
        elif self._grids and value in (None, "continue"):
            self._grids[-1][0].continue_above()

    def _table(self, event: str, local: str) -> None:
        if local == "tbl":
            if event == "start":
                self._flow.push(BREAK)
                self._grids.append((Grid(), self._flow))
            elif self._grids:
                grid, self._flow = self._grids.pop()
                self._close(grid)
        elif not self._grids:
            self._flow.push(BREAK)
        elif event == "start":
            grid, _ = self._grids[-1]
            if local == "tr":
                grid.add_row()
            else:
                self._flow = grid.add_cell(1, 1)
        elif local == "tc":
            self._flow = self._grids[-1][1]

    def _close(self, grid: Grid) -> None:
        if grid.is_data():
            for outer, _ in self._grids:
                outer.holds_grid = True
            self._flow.push(grid)
        else:
            grid.spill(self._flow)

    def finish(self) -> Flow:
        """Return the flow; tables that were still open give what they had."""
        while self._grids:
            grid, self._flow = self._grids.pop()
            self._close(grid)
        return self._flow


PARSER = Parser(
    name="docx",
    version=2,
    media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    looks_like=looks_like,
    parse=parse,
)
