"""Cells of an xlsx workbook as Excel shows them.

Read row by row from the XML, so a sheet costs what stands in it: a cell at the far corner costs one cell.
"""

import math
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from rollcall.items.cells import (
    EPOCH,
    EPOCH_1904,
    PLAIN,
    Aside,
    Row,
    Style,
    column_of,
    number_shown,
    pieces,
    printed,
    style,
)
from rollcall.items.ooxml import Package

_QUOTED = re.compile(r'"([^"]*)"')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SHEETS = ("worksheet", "chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet")
# What stands beside the cells of a sheet: on the printed page, in choices and prompts of cells, behind links.
_ASIDE = (
    "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter", "dataValidation", "hyperlink",
)  # fmt: skip
_BLANKS = " \t\r\n"
_DIGITS = "0123456789"


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of a workbook."""

    name: str
    path: str
    hidden: bool


class Workbook:
    """The parts of a workbook that its sheets share."""

    def __init__(self, package: Package, path: str, most_text: int) -> None:
        self._package = package
        self.sheets: list[Sheet] = []
        self.names: list[str] = []  # "name: what it stands for"
        self.lost_strings = 0  # of the shared ones, over the size allowed
        self._epoch = EPOCH
        relations = package.relations(path)
        for _, element in package.elements(path, ("sheet", "workbookPr", "definedName")):
            if element.tag.endswith("definedName"):
                self.names.append(
                    f"{element.get('name', '')}: {element.text or ''} {element.get('comment', '')}".strip()
                )
                continue
            if element.tag.endswith("workbookPr"):
                if element.get("date1904") in ("1", "true"):
                    self._epoch = EPOCH_1904
                continue
            identifier = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            kind, target = relations.get(identifier, ("", ""))
            if kind in _SHEETS and target in package:
                self.sheets.append(Sheet(element.get("name", ""), target, element.get("state", "visible") != "visible"))
        named = {sheet.path for sheet in self.sheets}
        # What a damaged workbook, or one made by hand, no longer names is in the file all the same.
        self.sheets += [
            Sheet("", name, hidden=True)
            for name in package.names()
            if self.sheets and name.startswith("xl/worksheets/sheet") and name.endswith(".xml") and name not in named
        ]
        by_kind = dict(relations.values())
        self.strings = self._shared(by_kind.get("sharedstrings", ""), most_text)
        codes = self._codes(by_kind.get("styles", ""))
        self._styles = {str(place): style(code) for place, code in enumerate(codes)}

    def _shared(self, path: str, most_text: int) -> list[str]:
        strings: list[str] = []
        if path in self._package:
            for _, element in self._package.elements(path, ("si",)):
                text = _text(element)
                most_text -= len(text)
                self.lost_strings += most_text < 0
                strings.append(text if most_text >= 0 else "")
        return strings

    def _codes(self, path: str) -> list[int | str]:
        """Return the number format of each cell style: the number of a built-in one, or its code."""
        custom: dict[str, str] = {}
        styles: list[int | str] = []
        if path in self._package:
            for _, element in self._package.elements(path, ("numFmt", "cellXfs")):
                if element.tag.endswith("numFmt"):
                    custom[element.get("numFmtId", "")] = element.get("formatCode", "")
                    continue
                for style in element.iterchildren("{*}xf"):
                    number = style.get("numFmtId", "0")
                    styles.append(custom.get(number, int(number) if number.isascii() and number.isdigit() else 0))
        return styles

    def rows(self, sheet: Sheet, aside: Aside) -> Iterator[Row]:
        """Yield the rows of a sheet, empty ones left out, parts of a row far apart as rows of their own.

        What else the sheet says is added to `aside` on the way.
        """
        above = -1
        for _, element in self._package.elements(sheet.path, ("row", *_ASIDE)):
            if not element.tag.endswith("}row"):
                _put_aside(element, aside)
                continue
            number = element.get("r", "")
            row = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) < 1 << 31 else above + 1
            row = max(row, above + 1)
            above = row
            yield from pieces(row, self._cells(element))

    def _cells(self, element: Any) -> Iterator[tuple[int, str]]:
        # A list of patients has a million cells: what is looked up for each is looked up once.
        last, styles, string, number = -1, self._styles, self._string, self._number
        for cell in element:
            last += 1
            get = cell.get
            column = column_of(get("r", "").rstrip(_DIGITS))
            if last < column < 1 << 15:
                last = column
            if not len(cell):
                continue
            kind = get("t", "n")
            if kind == "inlineStr":
                inline = next(cell.iterchildren("{*}is"), None)
                text = "" if inline is None else _text(inline)
            elif not (text := _written(cell)):
                continue
            elif kind == "n":
                place = get("s")
                text = number(text, styles.get(place, PLAIN) if place else PLAIN)
            elif kind == "s":
                text = string(text)
            elif kind == "b":
                text = "TRUE" if text == "1" else "FALSE"
            else:
                text = _unescape(text)
            if text:
                yield last, text

    def _string(self, written: str) -> str:
        place = int(written) if written.isascii() and written.isdigit() else -1
        return self.strings[place] if 0 <= place < len(self.strings) else ""

    def _number(self, written: str, form: Style) -> str:
        if form is PLAIN and len(written) <= 15 and written.isdigit() and (written[0] != "0" or written == "0"):
            return written
        try:
            number = float(written)
        except ValueError:
            return written
        return number_shown(written, number, form, self._epoch) if math.isfinite(number) else written


def _written(cell: Any) -> str:
    """Return what a cell's value is written as; a formula stands before its value, or alone."""
    child = cell[-1]
    if (written := child.text) and child.tag.endswith("}v") and (written := written.strip(_BLANKS)):
        return str(written)
    formula = ""
    for child in reversed(cell):
        if child.tag.endswith("}v") and (written := (child.text or "").strip(_BLANKS)):
            return written
        if child.tag.endswith("}f"):
            formula = (child.text or "").strip(_BLANKS)
    # Nobody has worked it out yet; its texts are what it would show.
    return " ".join(text for text in _QUOTED.findall(formula) if text)


def _put_aside(element: Any, aside: Aside) -> None:
    """Put down what a header or footer of the page, the choices of a cell or a link say."""
    local = element.tag.rpartition("}")[2]
    if local == "dataValidation":
        aside.unseen += (
            text for name in ("promptTitle", "prompt", "errorTitle", "error") if (text := element.get(name))
        )
        aside.unseen += (child.text for child in element if child.text and '"' in child.text)
    elif local == "hyperlink":
        aside.unseen += (text for name in ("display", "tooltip", "location") if (text := element.get(name)))
    elif text := printed(element.text or ""):
        aside.printed.append(text)


def _text(element: Any) -> str:
    """Return the text of a string, its runs joined, the reading aids of Japanese left out."""
    if len(element) == 1 and (only := element[0]).tag.endswith("}t"):
        return _unescape(only.text or "")
    pieces: list[str] = []
    for part in element.iter("{*}t"):
        parent = part.getparent()
        if part.text and (parent is None or not parent.tag.endswith("}rPh")):
            pieces.append(part.text)
    return _unescape("".join(pieces))


def _unescape(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPE.sub(
        lambda match: chr(int(match[1], 16)) if int(match[1], 16) not in range(0xD800, 0xE000) else "", text
    )
