"""Words of an OpenDocument (ODF 1.3), from the events of its XML: text, slides and drawings, told in one pass.

Notes, annotations and what a reviewer deleted are diverted to texts of their own. Tables of data are Tables; white
space is folded as the format says.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from rollcall.items.flow import BREAK, LINE, Flow, Grid
from rollcall.items.parser import Table, Text
from rollcall.items.xml_stream import attribute, local

# Where the words of an element go that do not stand in the running text: (kind, label, hidden).
_DIVERTED = {
    "note": ("note", "notes", False), "annotation": ("note", "comments", False),
    "deletion": ("note", "deleted", True), "notes": ("note", "notes", False),
    "title": ("note", "words for pictures", True), "desc": ("note", "words for pictures", True),
    "header": ("text", "header", False), "footer": ("text", "footer", False),
    "header-left": ("text", "header", False), "footer-left": ("text", "footer", False),
    "header-first": ("text", "header", False), "footer-first": ("text", "footer", False),
    "hidden-text": ("note", "not shown", True), "hidden-paragraph": ("note", "not shown", True),
}  # fmt: skip
_PARAGRAPHS = frozenset(("p", "h"))
_SAID = frozenset(("p", "h", "title", "desc", "creator", "hidden-text"))  # elements whose text is text
_SILENT = frozenset(("change-info", "note-citation", "binary-data", "date-string", "script", "ruby-text"))
# Fields of forms and choices say it in attributes.
_VALUES = frozenset((
    "textarea", "textarea-field", "combobox", "listbox", "option", "item", "checkbox", "radio", "fixed-text", "button",
    "formatted-text", "value", "text-field", "label", "drop-down", "text-input", "user-field-decl",
))  # fmt: skip
_VALUE_NAMES = ("label", "value", "current-value", "string-value", "title")
_MOST_REPEATED = 256
_MOST_AGAIN = 20_000  # empty places that repeats may make in one document
_DEEPEST = 64  # tables in tables; what is deeper is text


class _Diverted(msgspec.Struct):
    tag: str
    kind: str
    label: str
    hidden: bool
    flow: Flow
    around: Flow


class Words:
    """What an XML parser tells of a document, and the parts made of it."""

    def __init__(self, *, pages: str = "slide") -> None:
        self._flow = Flow()
        self._pages = pages
        self._page = 0
        self._page_hidden = False
        self._said = 0  # open elements whose text counts
        self._silent = 0
        self._diverted: list[_Diverted] = []
        self._grids: list[tuple[Grid, Flow, list[int]]] = []  # each table, the flow around it, repeats of open cells
        self._too_deep = 0  # open tables beyond the depth allowed
        self._again = _MOST_AGAIN
        self._hiding: set[str] = set()  # styles of pages that are not shown
        self._style = ""
        self._values: list[str] = []
        self._found: list[Text | Table] = []
        self.links: list[str] = []  # where they lead
        self._beside: dict[tuple[str, str, bool], list[str]] = {}

    def start(self, tag: str, attributes: Any) -> None:
        """Take the start of an element."""
        name = local(tag)
        # The day of a comment is told by Dublin Core; a date in the text is one of its words.
        if self._silent or name in _SILENT or (name == "date" and "purl.org/dc/" in tag):
            self._silent += 1
            return
        if name in _SAID:
            self._said += 1
        if name in _DIVERTED:
            self._divert(name)
        elif name in _PARAGRAPHS:
            self._flow.push(BREAK)
        elif name in ("table", "table-row", "table-cell"):
            self._table(name, attributes)
        elif name == "s":
            count = attribute(attributes, "c", "1")
            self._flow.push_literal(" " * min(int(count) if count.isdigit() and len(count) < 5 else 1, 1000))
        elif name == "tab":
            self._flow.push_literal("\t")
        elif name == "line-break":
            self._flow.push(LINE)
        else:
            self._other(name, attributes)

    def _other(self, name: str, attributes: Any) -> None:
        if name == "page":
            self._end_page()
            self._page += 1
            self._page_hidden = attribute(attributes, "style-name") in self._hiding
        elif name == "style":
            self._style = attribute(attributes, "name")
        elif name == "drawing-page-properties" and attribute(attributes, "visibility") == "hidden":
            self._hiding.add(self._style)
        elif name == "a":
            self.links.append(attribute(attributes, "href"))
        elif name in _VALUES:
            self._values += (value for key in _VALUE_NAMES if (value := attribute(attributes, key)))

    def end(self, tag: str) -> None:
        """Take its end."""
        name = local(tag)
        if self._silent:
            self._silent -= 1
            return
        if name in _SAID:
            self._said -= 1
        if name in _DIVERTED and self._diverted and self._diverted[-1].tag == name:
            self._undivert()
        elif name in _PARAGRAPHS or name == "creator":
            self._flow.push(BREAK)
        elif name == "page":
            self._end_page()
        elif name in ("table", "table-cell") and self._grids:
            self._end_table(name)

    def _end_table(self, name: str) -> None:
        if self._too_deep:
            self._too_deep -= name == "table"
        elif name == "table":
            grid, self._flow, _ = self._grids.pop()
            self._close(grid)
        else:
            grid, self._flow, repeats = self._grids[-1]
            again = min(repeats.pop() - 1 if repeats else 0, self._again)
            self._again -= again
            for _ in range(again):
                grid.add_cell(1, 1)

    def data(self, text: str) -> None:
        """Take text."""
        if self._said > 0 and not self._silent:
            self._flow.push_text(text)

    def close(self) -> None:
        """Nothing is left to do: what is broken off has no end either."""

    def _divert(self, name: str) -> None:
        kind, label, hidden = _DIVERTED[name]
        self._diverted.append(_Diverted(name, kind, label, hidden, Flow(), self._flow))
        self._flow = self._diverted[-1].flow

    def _undivert(self) -> None:
        one = self._diverted.pop()
        self._flow = one.around
        label = f"{self._pages} {self._page} {one.label}" if self._page else one.label
        self._tell(one.kind, label, one.flow, hidden=one.hidden)

    def _tell(self, kind: str, label: str, flow: Flow, *, hidden: bool) -> None:
        text, grids = flow.set()
        if text.strip():
            self._beside.setdefault((kind, label, hidden), []).append(text)
        self._found += _tables(grids, label, hidden=hidden)

    def _table(self, name: str, attributes: Any) -> None:
        if self._too_deep or (name == "table" and len(self._grids) >= _DEEPEST):
            self._flow.push(BREAK)
            self._too_deep += name == "table"
        elif name == "table":
            self._flow.push(BREAK)
            self._grids.append((Grid(), self._flow, []))
        elif not self._grids:
            return
        elif name == "table-row":
            self._grids[-1][0].add_row()
        else:
            grid, _, repeats = self._grids[-1]
            columns, rows, again = (
                _count(attributes, key)
                for key in ("number-columns-spanned", "number-rows-spanned", "number-columns-repeated")
            )
            repeats.append(min(again, _MOST_REPEATED))
            self._flow = grid.add_cell(columns, rows)

    def _close(self, grid: Grid) -> None:
        if grid.is_data():
            for outer, _, _ in self._grids:
                outer.holds_grid = True
            self._flow.push(grid)
        else:
            grid.spill(self._flow)

    def _end_page(self) -> None:
        if self._page and not self._diverted and not self._grids:
            self._emit("page", f"{self._pages} {self._page}", hidden=self._page_hidden)

    def _emit(self, kind: str, label: str, *, hidden: bool) -> None:
        text, grids = self._flow.set()
        self._flow = Flow()
        if text.strip():
            self._found.append(Text(text=text, kind=kind, label=label, hidden=hidden))
        self._found += _tables(grids, label, hidden=hidden)
        self._found += self._told()

    def _told(self) -> Iterator[Text]:
        for (kind, label, hidden), texts in self._beside.items():
            yield Text(text="\n".join(texts), kind=kind, label=label, hidden=hidden)
        self._beside = {}

    def parts(self, label: str = "", *, hidden: bool = False) -> list[Text | Table]:
        """Return the parts of what was told; what was still open gives what it had."""
        while self._diverted:
            self._undivert()
        while self._grids:
            grid, self._flow, _ = self._grids.pop()
            self._close(grid)
        self._emit("text", label, hidden=hidden)
        if self._values:
            values = "\n".join(dict.fromkeys(self._values))
            self._found.append(Text(text=values, kind="note", label="values of fields", hidden=True))
        return self._found


def _tables(grids: list[Grid], label: str, *, hidden: bool) -> Iterator[Table]:
    for number, grid in enumerate(grids, 1):
        rows = [(row, 0, cells) for row, cells in enumerate(grid.cells()) if any(cells)]
        yield Table(rows=rows, label=f"{label} table {number}".strip(), hidden=hidden)


def _count(attributes: Any, name: str) -> int:
    value = attribute(attributes, name, "1")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 1
