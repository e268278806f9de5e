"""Cells of an xlsx workbook as Excel shows them: numbers by their format as far as it hides or adds digits, dates ISO.

Read row by row from the XML, so a sheet costs what stands in it: a cell at the far corner costs one cell. Leading zeros
that only the format shows (000-00-0000 on a Social Security number typed as a number) are part of the value.
"""

import functools
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from rollcall.items.ooxml import Package

Row = tuple[int, int, list[str]]

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")
_LITERALS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_QUOTED = re.compile(r'"([^"]*)"')
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_BUILT_IN_TIMES = frozenset((18, 19, 20, 21, 45, 46, 47))
_WIDEST_GAP = 256  # empty cells in one row; a wider gap splits the row
_PLAIN = ("", "")
_SHEETS = ("worksheet", "chartsheet", "dialogsheet", "xlmacrosheet", "xlintlmacrosheet")
# What stands beside the cells of a sheet: on the printed page, in choices and prompts of cells, behind links.
_ASIDE = (
    "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter", "dataValidation", "hyperlink",
)  # fmt: skip
_PRINTED = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d{1,3} ?|[A-Z&+-])')
_BLANKS = " \t\r\n"


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
        self._epoch = datetime(1899, 12, 30)  # noqa: DTZ001 (a sheet's dates have no zone)
        relations = package.relations(path)
        for _, element in package.elements(path, ("sheet", "workbookPr", "definedName")):
            if element.tag.endswith("definedName"):
                self.names.append(
                    f"{element.get('name', '')}: {element.text or ''} {element.get('comment', '')}".strip()
                )
                continue
            if element.tag.endswith("workbookPr"):
                if element.get("date1904") in ("1", "true"):
                    self._epoch = datetime(1904, 1, 1)  # noqa: DTZ001
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
        self._styles = {str(place): _format(code) for place, code in enumerate(codes)}

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

    def rows(self, sheet: Sheet, aside: list[str]) -> Iterator[Row]:
        """Yield the rows of a sheet, empty ones left out, parts of a row far apart as rows of their own.

        What else the sheet says is added to `aside` on the way.
        """
        above = -1
        for _, element in self._package.elements(sheet.path, ("row", *_ASIDE)):
            if not element.tag.endswith("}row"):
                aside += _aside(element)
                continue
            number = element.get("r", "")
            row = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number) < 1 << 31 else above + 1
            row = max(row, above + 1)
            above = row
            yield from _pieces(row, self._cells(element))

    def _cells(self, element: Any) -> Iterator[tuple[int, str]]:
        last = -1
        for cell in element:
            column = column_of(cell.get("r", "").rstrip("0123456789"))
            if column <= last or column >= 1 << 15:
                column = last + 1
            last = column
            if len(cell) and (text := self._value(cell)):
                yield column, text

    def _value(self, cell: Any) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = next(cell.iterchildren("{*}is"), None)
            return "" if inline is None else _text(inline)
        written = _written(cell)
        if not written:
            return ""
        if kind == "n":
            place = cell.get("s")
            return self._number(written, self._styles.get(place, _PLAIN) if place else _PLAIN)
        if kind == "s":
            return self._string(written)
        if kind == "b":
            return "TRUE" if written == "1" else "FALSE"
        return _unescape(written)

    def _string(self, written: str) -> str:
        place = int(written) if written.isascii() and written.isdigit() else -1
        return self.strings[place] if 0 <= place < len(self.strings) else ""

    def _number(self, written: str, style: tuple[str, str]) -> str:
        kind, code = style
        if not kind and len(written) <= 15 and written.isdigit() and (written[0] != "0" or written == "0"):
            return written
        try:
            number = float(written)
        except ValueError:
            return written
        if kind in ("date", "time"):
            return self._moment(number, kind) or plain_number(written, number)
        if kind == "mask":
            return masked(number, code)
        return plain_number(written, number)

    def _moment(self, number: float, kind: str) -> str | None:
        # Serial 60 is 29 February 1900, which never was; days before it are off by one.
        days = number + 1 if 0 < number < 60 and self._epoch.year == 1899 else number
        try:
            at = self._epoch + timedelta(seconds=round(days * 86400))
        except (OverflowError, ValueError):
            return None
        return at.strftime("%H:%M:%S") if kind == "time" and 0 <= number < 1 else shown(at)


def _written(cell: Any) -> str:
    """Return what a cell's value is written as; a formula stands before its value, or alone."""
    formula = ""
    for child in reversed(cell):
        if child.tag.endswith("}v") and (written := (child.text or "").strip(_BLANKS)):
            return written
        if child.tag.endswith("}f"):
            formula = (child.text or "").strip(_BLANKS)
    # Nobody has worked it out yet; its texts are what it would show.
    return " ".join(text for text in _QUOTED.findall(formula) if text)


def _aside(element: Any) -> Iterator[str]:
    """Yield what a header or footer of the page, the choices of a cell or a link say."""
    local = element.tag.rpartition("}")[2]
    if local == "dataValidation":
        yield from (text for name in ("promptTitle", "prompt", "errorTitle", "error") if (text := element.get(name)))
        yield from (child.text for child in element if child.text and '"' in child.text)
    elif local == "hyperlink":
        yield from (text for name in ("display", "tooltip", "location") if (text := element.get(name)))
    else:
        yield " ".join(_PRINTED.sub(" ", element.text or "").split())


@functools.lru_cache(1 << 15)
def column_of(letters: str) -> int:
    """Return the column of letters, "A" being 0 and no letters -1."""
    column = 0
    for letter in letters.upper()[:8]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def place_of(reference: str) -> tuple[int, int] | None:
    """Return (row, column) of a reference such as C7."""
    match = _REFERENCE.match(reference)
    return (int(match[2]) - 1, column_of(match[1])) if match else None


def shown(at: datetime) -> str:
    """Return a date as ISO text, with the time only where it is not midnight."""
    # strftime leaves out leading zeros of years before 1000 on some systems.
    day = f"{at.year:04d}-{at.month:02d}-{at.day:02d}"
    return day if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{day} {at:%H:%M:%S}"


def plain_number(written: str, number: float) -> str:
    """Return a number without the traces of how computers keep it: 12.0 is 12, 0.30000000000000004 is 0.3."""
    if number != number or number in (float("inf"), float("-inf")):
        return written
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    if "e" not in written.lower() and len(written.lstrip("-").replace(".", "").lstrip("0")) <= 15:
        return written
    text = f"{number:.15g}"
    return f"{number:f}".rstrip("0").rstrip(".") if "e" in text and 1e-9 < abs(number) < 1e21 else text


def masked(number: float, mask: str) -> str:
    """Return a number in a format made of zeros and separators: 12345678 in 000-00-0000 is 012-34-5678."""
    digits = str(abs(round(number)))
    # A telephone number has two masks, [<=9999999]000-0000;(000) 000-0000: the first with room for it is meant.
    masks = mask.split(";")
    mask = next((one for one in masks if one.count("0") >= len(digits)), masks[-1])
    digits = digits.rjust(mask.count("0"), "0")
    result: list[str] = []
    for character in reversed(mask):
        if character == "0":
            result.append(digits[-1])
            digits = digits[:-1]
        else:
            result.append(character)
    return ("-" if number < 0 else "") + digits + "".join(reversed(result))


def _format(code: int | str) -> tuple[str, str]:
    """Return what a number format does: ("date" or "time" or "mask" or "", the mask)."""
    if isinstance(code, int):
        return ("date", "") if code in _BUILT_IN_DATES else ("time", "") if code in _BUILT_IN_TIMES else ("", "")
    sections = code.split(";")
    first = ";".join(sections[:2]) if code.startswith("[<=") else sections[0]
    bare = _LITERALS.sub("", first).strip()
    spelled = _LITERALS.sub(lambda match: match[1] or match[2] or "", first).strip()
    letters = re.sub(r"general|am/pm|a/p|e[+-]", "", bare, flags=re.IGNORECASE).lower()
    if re.search(r"[dy]", letters) or (re.search(r"m", letters) and not re.search(r"[hs]", letters)):
        return "date", ""
    if re.search(r"[hs]", letters):
        return "time", ""
    if bare.count("0") >= 2 and re.fullmatch(r"[0\-\s()/;]+", bare) and re.fullmatch(r"[^#?@%.,]+", spelled):
        return "mask", spelled
    return "", ""


def _text(element: Any) -> str:
    """Return the text of a string, its runs joined, the reading aids of Japanese left out."""
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


def _pieces(row: int, cells: Iterator[tuple[int, str]]) -> Iterator[Row]:
    first, texts = 0, list[str]()
    for column, text in cells:
        gap = column - first - len(texts)
        if texts and gap > _WIDEST_GAP:
            yield row, first, texts
            texts = []
        if not texts:
            first, gap = column, 0
        texts.extend([""] * gap)
        texts.append(text)
    if texts:
        yield row, first, texts
