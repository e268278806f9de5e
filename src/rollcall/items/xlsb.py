"""Cells of a binary workbook, xlsb (MS-XLSB): the parts of an xlsx, each a run of records."""

import math
import posixpath
import struct
from collections.abc import Iterator
from typing import IO

import msgspec

from rollcall.items.biff import short, truth
from rollcall.items.cells import EPOCH, EPOCH_1904, PLAIN, Aside, Row, number_shown, pieces, printed, reference, style
from rollcall.items.ooxml import Package
from rollcall.items.xml_stream import RefusedError

_ROW, _LAST_CELL, _TEXT_ITEM, _FORMAT, _STYLE, _BOOK, _SHEET = 0, 62, 19, 44, 47, 153, 156
_STYLES_BEGIN, _STYLES_END, _PRINTED, _LINK, _NOTE, _NOTE_TEXT = 617, 618, 479, 494, 635, 637


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of the workbook."""

    name: str
    path: str
    hidden: bool


def records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (type, data) of the records of a part (MS-XLSB 2.1.4)."""
    while first := stream.read(1):
        kind = first[0]
        if kind & 0x80:
            second = stream.read(1)
            kind = (kind & 0x7F) | (second[0] & 0x7F) << 7 if second else kind
        size = shift = 0
        for _ in range(4):
            byte = stream.read(1)
            if not byte:
                return
            size |= (byte[0] & 0x7F) << shift
            shift += 7
            if not byte[0] & 0x80:
                break
        data = stream.read(size)
        if len(data) < size:
            raise RefusedError("truncated", "a part ends inside a record")
        yield kind, data


class Workbook:
    """The parts of a binary workbook that its sheets share."""

    def __init__(self, package: Package, path: str, most_text: int) -> None:
        self._package = package
        self.sheets: list[Sheet] = []
        self.names: list[str] = []
        self.lost_strings = 0
        self._epoch = EPOCH
        relations = package.relations(path)
        for kind, data in self._records(path):
            if kind == _BOOK and data[:1] and data[0] & 1:
                self._epoch = EPOCH_1904
            elif kind == _SHEET and len(data) >= 12:
                identifier, at = _wide(data, 8)
                name, _ = _wide(data, at)
                target = relations.get(identifier, ("", ""))[1]
                # A relation may be missing where a program was careless; sheets are then named by number.
                target = target or posixpath.join(
                    posixpath.dirname(path), f"worksheets/sheet{len(self.sheets) + 1}.bin"
                )
                if target in package:
                    self.sheets.append(Sheet(name, target, hidden=data[:4] != bytes(4)))
        by_kind = dict(relations.values())
        self._strings: list[str] = []
        for kind, data in self._records(by_kind.get("sharedstrings", "")):
            if kind == _TEXT_ITEM:
                text, _ = _wide(data, 1)
                most_text -= len(text)
                self.lost_strings += most_text < 0
                self._strings.append(text if most_text >= 0 else "")
        self._styles = list(self._forms(by_kind.get("styles", "")))

    def _records(self, path: str) -> Iterator[tuple[int, bytes]]:
        if path in self._package:
            with self._package.open(path) as stream:
                yield from records(stream)

    def _forms(self, path: str) -> Iterator[tuple[str, str]]:
        codes: dict[int, str] = {}
        of_cells = False
        for kind, data in self._records(path):
            if kind == _FORMAT and len(data) >= 6:
                codes[struct.unpack_from("<H", data)[0]] = _wide(data, 2)[0]
            elif kind in (_STYLES_BEGIN, _STYLES_END):
                of_cells = kind == _STYLES_BEGIN
            elif kind == _STYLE and of_cells and len(data) >= 4:
                (number,) = struct.unpack_from("<H", data, 2)
                yield style(codes.get(number, number))

    def rows(self, sheet: Sheet, aside: Aside) -> Iterator[Row]:
        """Yield the rows of a sheet; what else it says is added to `aside` on the way."""
        row, cells = 0, list[tuple[int, str]]()
        last = -1
        for kind, data in self._records(sheet.path):
            if kind == _ROW and len(data) >= 4:
                yield from pieces(row, iter(cells))
                cells = []
                row = max(struct.unpack_from("<I", data)[0], row + (last >= 0))
                last = 0
            elif (1 <= kind <= 11 or kind == _LAST_CELL) and len(data) > 8:
                column, form = struct.unpack_from("<II", data)
                if (
                    column < 1 << 15
                    and (not cells or column > cells[-1][0])
                    and (text := self._value(kind, data, form))
                ):
                    cells.append((column, text))
            elif kind == _PRINTED:
                aside.printed += map(printed, _said(data, 2))
            elif kind == _LINK:
                aside.unseen += _said(data, 16)
        yield from pieces(row, iter(cells))

    def _value(self, kind: int, data: bytes, form: int) -> str:
        if kind in (6, 8):
            return _wide(data, 8)[0]
        if kind == _LAST_CELL:
            return _wide(data, 9)[0]
        if kind in (3, 11) or kind in (4, 10):
            return truth(data[8], is_error=kind in (3, 11))
        if kind == 7:
            place = int.from_bytes(data[8:12], "little")
            return self._strings[place] if place < len(self._strings) else ""
        if kind == 2 and len(data) >= 12:
            return self._number(short(int.from_bytes(data[8:12], "little")), form & 0xFFFFFF)
        if kind in (5, 9) and len(data) >= 16:
            return self._number(struct.unpack_from("<d", data, 8)[0], form & 0xFFFFFF)
        return ""

    def _number(self, number: float, form: int) -> str:
        shown = self._styles[form] if form < len(self._styles) else PLAIN
        return number_shown(repr(number), number, shown, self._epoch) if math.isfinite(number) else ""

    def notes(self, path: str) -> Iterator[str]:
        """Yield the notes on cells of a part of notes."""
        place = ""
        for kind, data in self._records(path):
            if kind == _NOTE and len(data) >= 20:
                row, _, column = struct.unpack_from("<III", data, 4)
                place = reference(row, column)
            elif kind == _NOTE_TEXT:
                yield f"{place}: {_wide(data, 1)[0]}"


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """Return a text and where it ends; a length of all ones is none."""
    if at + 4 > len(data):
        return "", len(data)
    (count,) = struct.unpack_from("<I", data, at)
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = min(at + 4 + 2 * count, len(data))
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _said(data: bytes, at: int) -> Iterator[str]:
    while at < len(data):
        text, at = _wide(data, at)
        if text:
            yield text
