"""Words of a part of an Office document, in the order they stand: WordprocessingML and DrawingML in one reader.

Paragraphs are lines; tables of data are Tables, nested ones too; tables that only lay out are text. What a reviewer
deleted stands apart, in its paragraph as it was before; what was inserted or only hidden stands where it stands.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from rollcall.items import ooxml, targets
from rollcall.items.flow import BREAK, LINE, Flow, Grid
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import Fault, Limits, Table, Text, Yield
from rollcall.items.unseen import worth_telling
from rollcall.items.xml_stream import RefusedError

# Elements that say something in their attributes only: choices of a form, names of fields.
_SAYING = {
    "fldSimple": ("instr",), "alias": ("val",), "tag": ("val",), "listItem": ("displayText", "value"),
    "docVar": ("name", "val"), "default": ("val",), "hyperlink": ("tooltip",), "hlinkClick": ("tooltip",),
}  # fmt: skip
# Words for who cannot see a picture, and letters drawn as one.
_PICTURED = {
    "docPr": ("title", "descr"), "cNvPr": ("title", "descr"), "imagedata": ("title",), "shape": ("alt",),
    "textpath": ("string",), "tblCaption": ("val",), "tblDescription": ("val",),
}  # fmt: skip
TAGS = (
    "p", "t", "delText", "tab", "ptab", "br", "cr", "noBreakHyphen", "softHyphen", "sym", "tbl", "tr", "tc", "gridSpan",
    "vMerge", "AlternateContent", "Fallback", "v", "pt", "comment", "cm", "text", "checked", "instrText",
    "delInstrText", "ins", "moveFrom", "sld", "sp", "ph", *_SAYING, *_PICTURED,
)  # fmt: skip
_BROKEN_LINES = frozenset(("p", "comment", "pt", "cm"))
_DEEPEST = 64  # tables in tables; what is deeper is text
_STANDING = frozenset(("ftr", "hdr"))  # placeholders of a master whose words are not a prompt


def values(
    package: Package,
    name: str,
    kind: str,
    label: str,
    limits: Limits,
    *,
    hidden: bool | None = None,
    prompts: bool = True,
) -> Iterator[Yield]:
    """Yield the text of one part, its tables, what was deleted, what is not shown, and what was wrong with it.

    `hidden` left open is decided by the part itself (a slide says that it is not shown).
    """
    yield from told(
        package.elements(name, TAGS, starts=True), name, kind, label, limits, hidden=hidden, prompts=prompts
    )


def told(
    elements: Iterable[tuple[str, Any]],
    name: str,
    kind: str,
    label: str,
    limits: Limits,
    *,
    hidden: bool | None = None,
    prompts: bool = True,
) -> Iterator[Yield]:
    """Yield the same of elements as they start and end."""
    reader = Reader(prompts=prompts)
    fault: Fault | None = None
    try:
        for event, element in elements:
            reader.take(event, element)
    except RefusedError as error:
        fault = ooxml.refused(error)
    except BROKEN as error:
        fault = Fault(code="partial", detail=f"{name}: {type(error).__name__}")
    text, grids = reader.finish().set()
    hides = reader.hides if hidden is None else hidden
    if text.strip():
        yield Text(text=text[: limits.max_text], kind=kind, label=label, hidden=hides)
    for number, grid in enumerate(grids, 1):
        rows = [(row, 0, cells) for row, cells in enumerate(grid.cells()) if cells]
        yield Table(rows=rows, label=f"{label} table {number}".strip(), hidden=hides)
    leads, aside = targets.split_fields(reader.aside())
    for what, told in (
        ("deleted", "\n".join(reader.deleted)),
        ("words for pictures", "\n".join(dict.fromkeys(reader.pictured))),
        ("not shown", worth_telling(aside)),
    ):
        if told:
            yield Text(text=told[: limits.max_text], kind="note", label=f"{label} {what}".strip(), hidden=True)
    yield from targets.parts(leads)
    if len(text) > limits.max_text:
        yield Fault(code="too_large", detail=name)
    if fault is not None:
        yield fault


class Reader:
    """Turns elements as they start and end into a flow, without recursion."""

    def __init__(self, *, prompts: bool = True) -> None:
        self._flow = Flow()
        self._grids: list[tuple[Grid, Flow]] = []  # each open table, with the flow around it
        self._too_deep = 0  # open tables beyond the depth allowed
        self._skipping = 0
        self._said = 0  # how many texts were met
        self._choices: list[int] = []  # how many before each open choice between two forms of one thing
        self._aside: list[str] = []
        self._instruction: list[str] = []  # pieces of one, cut anywhere
        self._inserted = self._moved = 0
        self._before: list[str] = []  # the paragraph in hand before the changes in it
        self._changed = False
        self._row: list[str] = []  # changed paragraphs of the row in hand
        self._prompts = prompts
        self._prompting = False
        self.deleted: list[str] = []
        self.pictured: list[str] = []
        self.hides = False

    def take(self, event: str, element: Any) -> None:
        """Take one element at its start or end."""
        local = element.tag.rpartition("}")[2]
        if local in ("AlternateContent", "Fallback"):
            self._choose(event, local)
        elif self._skipping:
            return
        elif local in ("tbl", "tr", "tc"):
            self._table(event, local, element)
        elif local in ("ins", "moveFrom"):
            self._track(local, 1 if event == "start" else -1)
        elif event == "start":
            self._start(local, element)
        else:
            self._end(local, element)

    def _choose(self, event: str, local: str) -> None:
        if local == "Fallback":
            # Says again, for old programs, what the choice before it said; unless that one said nothing.
            if self._skipping or (self._choices and self._said > self._choices[-1]):
                self._skipping += 1 if event == "start" else -1
        elif event == "start":
            self._choices.append(self._said)
        elif self._choices:
            self._choices.pop()

    def _start(self, local: str, element: Any) -> None:
        if local in _BROKEN_LINES:
            self._flow.push(BREAK)
        elif local == "sld":
            self.hides = element.get("show") in ("0", "false")
        elif local == "sp":
            self._prompting = False
        elif local == "ph":
            self._prompting = not self._prompts and element.get("type") not in _STANDING

    def aside(self) -> list[str]:
        """Return what was said and not shown."""
        return [*self._aside, " ".join("".join(self._instruction).split())]

    def _track(self, local: str, step: int) -> None:
        if local == "ins":
            self._inserted += step
        else:
            self._moved += step

    def _end(self, local: str, element: Any) -> None:
        if local == "p":
            self._end_paragraph()
        if local in ("instrText", "delInstrText"):
            self._instruction.append(element.text or "")
        elif names := _SAYING.get(local):
            self._aside += _attributes(element, names)
        elif names := _PICTURED.get(local):
            self.pictured += (" ".join(value.split()) for value in _attributes(element, names))
        elif local in ("gridSpan", "vMerge"):
            self._span(local, next((value for key, value in element.attrib.items() if key.endswith("}val")), None))
        elif local == "sp":
            self._prompting = False
        else:
            self._end_words(local, element)

    def _end_words(self, local: str, element: Any) -> None:
        if local in ("t", "delText", "v", "text"):
            # Spaces in a run are as typed; only the flow of HTML folds them.
            self._write((element.text or "").replace("\n", " "), deleted=local == "delText")
        elif local in ("tab", "ptab"):
            if not element.getparent().tag.endswith(("}tabs", "}tabLst")):  # those are settings, not characters
                self._write("\t")
        elif local in ("br", "cr"):
            self._flow.push(LINE)
            self._before.append("\n")
        elif local == "noBreakHyphen":
            self._write("-")
        elif local == "checked":
            self._write("[x] " if "0" not in element.attrib.values() else "[ ] ")
        if local in ("p", "comment", "cm", "pt", "v", "text"):
            self._flow.push(BREAK)

    def _write(self, text: str, *, deleted: bool = False) -> None:
        if not text or self._prompting:
            return
        self._said += 1
        if not self._inserted or deleted:
            self._before.append(text)
        if deleted or self._moved:
            self._changed = True
        else:
            self._flow.push_literal(text)

    def _end_paragraph(self) -> None:
        if self._instruction:
            self._aside.append(" ".join("".join(self._instruction).split()))
            self._instruction.clear()
        if self._changed:
            (self._row if self._grids else self.deleted).append("".join(self._before))
        self._changed = False
        self._before.clear()

    def _span(self, local: str, value: str | None) -> None:
        if self._grids and local == "gridSpan":
            self._grids[-1][0].widen(int(value) if value and value.isascii() and value.isdigit() else 1)
        elif self._grids and value in (None, "continue"):
            self._grids[-1][0].continue_above()

    def _table(self, event: str, local: str, element: Any) -> None:
        if self._too_deep or (local == "tbl" and event == "start" and len(self._grids) >= _DEEPEST):
            self._flow.push(BREAK)
            self._too_deep += (local == "tbl") * (1 if event == "start" else -1)
        elif local == "tbl":
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
                if element.get("vMerge") in ("1", "true"):  # in drawings every merged cell stands, empty
                    grid.continue_above()
        elif local == "tc":
            self._flow = self._grids[-1][1]
        elif self._row:
            self.deleted.append("\t".join(self._row))
            self._row.clear()

    def _close(self, grid: Grid) -> None:
        if grid.is_data():
            for outer, _ in self._grids:
                outer.holds_grid = True
            self._flow.push(grid)
        else:
            grid.spill(self._flow)

    def finish(self) -> Flow:
        """Return the flow; tables that were still open give what they had."""
        self._end_paragraph()
        while self._grids:
            grid, self._flow = self._grids.pop()
            self._close(grid)
        self.deleted += self._row
        return self._flow


def _attributes(element: Any, names: tuple[str, ...]) -> Iterator[str]:
    values = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    return (value for name in names if (value := values.get(name, "").strip()))
