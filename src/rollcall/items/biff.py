"""The inside of an xls workbook, Excel 2 to 2003 (MS-XLS, and BIFF 2 to 5 before it): records, and cells from them.

A workbook is a stream of records: first what all sheets share, then each sheet. What a sheet holds costs what its
records cost, wherever its cells stand.
"""

import math
import struct
from collections.abc import Iterator

import msgspec

from rollcall.items import charsets, salvage
from rollcall.items.cells import (
    EPOCH,
    EPOCH_1904,
    PLAIN,
    Aside,
    Row,
    Style,
    number_shown,
    pieces,
    printed,
    reference,
    style,
)
from rollcall.items.unseen import may_tell

_EOF, _CONTINUE, _FILEPASS, _CODEPAGE, _DATES, _SHEET, _TEXTS, _NAME, _PICTURES = (
    0x0A, 0x3C, 0x2F, 0x42, 0x22, 0x85, 0xFC, 0x18, 0xEB,
)  # fmt: skip
_BEGINS = {0x09: 2, 0x209: 3, 0x409: 4, 0x809: 5}  # the version for its kind of record; 8 says so itself
_FORMATS, _STYLES = (0x1E, 0x41E), (0x43, 0x243, 0x443, 0xE0)
_FORMULAS, _RESULTS, _LABELS = (0x06, 0x206, 0x406), (0x07, 0x207), (0x04, 0x204, 0xD6)
_NUMBERS, _BOOLEANS = (0x03, 0x203), (0x05, 0x205)
_OLDEST = (0x03, 0x04, 0x05)  # of Excel 2; the data of a chart (MS-OGRAPH) stands in them to this day
_INTEGER, _INDEXED, _SHORT, _SHORTS, _NOTE, _OBJECT, _SHAPE_TEXT = 0x02, 0xFD, 0x27E, 0xBD, 0x1C, 0x5D, 0x1B6
_PRINTED, _CHART_TEXT, _LINK, _CHOICE, _CACHED = (0x14, 0x15), 0x100D, 0x1B8, 0x1BE, 0xCD
_BESIDE = (_NOTE, _OBJECT, _SHAPE_TEXT, *_PRINTED, _LINK, _CHOICE)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class Record(msgspec.Struct, frozen=True):
    """A record and those that continue it."""

    kind: int
    at: int
    chunks: list[bytes]

    @property
    def data(self) -> bytes:
        """Return the bytes of the record itself, without what continues it."""
        return self.chunks[0]


class Sheet(msgspec.Struct):
    """A sheet of the workbook and what was read beside its cells."""

    name: str
    at: int
    hidden: bool
    notes: list[str] = []
    shapes: list[str] = []
    aside: Aside = msgspec.field(default_factory=Aside)
    is_cut: bool = False
    marked: dict[int, tuple[int, int]] = {}  # cells with a note, by the number of its shape
    drawn: dict[int, str] = {}  # texts of shapes, by their number
    shape: int = 0  # the one in hand


def records(data: bytes, at: int = 0) -> Iterator[Record]:
    """Yield the records, each with those that continue it."""
    found: Record | None = None
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + length]
        if kind == _CONTINUE and found is not None:
            found.chunks.append(body)
        else:
            if found is not None:
                yield found
            found = Record(kind, at, [body])
        at += 4 + length
    if found is not None:
        yield found


class Workbook:
    """What the sheets of a workbook share."""

    def __init__(self, data: bytes, most_text: int) -> None:
        self._data = data
        self.version = 8
        self.is_sealed = False
        self.lost_texts = 0
        self.sheets: list[Sheet] = []
        self.names: list[str] = []
        self.pictures: list[bytes] = []
        self._encoding = "cp1252"
        self._epoch = EPOCH
        self._texts: list[str] = []
        self._most_text = most_text
        codes: dict[int, str] = {}
        styles: list[int] = []
        for record in records(data):
            if record.kind in _BEGINS:
                self._begin(record)
            elif record.kind == _EOF:
                break
            elif record.kind == _FILEPASS:
                self.is_sealed = True
                return
            elif record.kind in _FORMATS:
                self._format(record, codes)
            elif record.kind in _STYLES:
                styles.append(self._style_number(record))
            else:
                self._shared(record)
        self._styles = [self._form(number, codes) for number in styles]
        self._forms = {number: self._form(number, codes) for number in codes} if self.version == 2 else {}
        if not self.sheets:
            self.sheets = [Sheet("", 0, hidden=False)]

    def _begin(self, record: Record) -> None:
        self.version = _BEGINS[record.kind]
        if self.version == 5 and record.data[1:2] == b"\6":  # 6.00 of Excel, 6.80 of charts
            self.version = 8

    def _shared(self, record: Record) -> None:
        data = record.data
        if record.kind == _CODEPAGE and len(data) >= 2:
            self._encoding = charsets.of_codepage(struct.unpack_from("<H", data)[0]) or "cp1252"
        elif record.kind == _DATES and data[:1] == b"\1":
            self._epoch = EPOCH_1904
        elif record.kind == _SHEET and len(data) >= 7:
            at, state, kind = struct.unpack_from("<IBB", data)
            name = _Characters([data[6:]]).text(1) if self.version == 8 else self._bytes(data[7 : 7 + data[6]])
            if kind != 6:  # a module of macros
                self.sheets.append(Sheet(name, at, hidden=bool(state & 3)))
        elif record.kind == _TEXTS:
            self._texts = list(self._read_texts(record))
        elif record.kind == _NAME and self.version == 8 and len(data) > 15:
            self.names.append(_Characters([data[14:]]).characters(data[3]))
        elif record.kind == _PICTURES:
            self.pictures += record.chunks

    def _bytes(self, data: bytes) -> str:
        return data.decode(self._encoding, "replace")

    def _format(self, record: Record, codes: dict[int, str]) -> None:
        data = record.data
        if self.version < 4:
            codes[len(codes)] = self._bytes(data[1 : 1 + data[0]]) if data else ""
        elif len(data) > 3:
            (number,) = struct.unpack_from("<H", data)
            number = len(codes) if self.version == 4 else number
            is_wide = self.version == 8
            codes[number] = _Characters([data[2:]]).text(2) if is_wide else self._bytes(data[3 : 3 + data[2]])

    def _style_number(self, record: Record) -> int:
        data = record.data
        if self.version >= 5:
            return int.from_bytes(data[2:4], "little")
        return data[1] if len(data) > 1 else 0

    def _form(self, number: int, codes: dict[int, str]) -> Style:
        return style(codes.get(number, number))

    def _read_texts(self, record: Record) -> Iterator[str]:
        characters = _Characters(record.chunks)
        characters.skip(8)
        left = self._most_text
        while not characters.is_done():
            text = characters.rich()
            left -= len(text)
            self.lost_texts += left < 0
            yield text if left >= 0 else ""

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Yield the rows of a sheet in their order; what stands beside its cells is put down in the sheet."""
        found: dict[int, dict[int, str]] = {}
        for row, column, text in self._cells(sheet):
            if text:
                found.setdefault(row, {})[column] = text
        for row in sorted(found):
            yield from pieces(row, iter(sorted(found[row].items())))

    def _cells(self, sheet: Sheet) -> Iterator[tuple[int, int, str]]:
        depth, waiting = 0, (0, 0)
        for record in records(self._data, sheet.at):
            kind = record.kind
            if kind in _BEGINS:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    break
            elif depth > 1:  # a chart drawn on the sheet, with a copy of the values it shows
                sheet.shapes += self._charted(record)
            elif kind in _RESULTS:
                yield *waiting, self._string(record)
            elif kind in _BESIDE:
                self._beside(record, sheet)
            else:
                for row, column, text in self._values(record):
                    waiting = (row, column)
                    yield row, column, text
        else:
            sheet.is_cut = True
        for number, (row, column) in sheet.marked.items():
            sheet.notes.append(f"{reference(row, column)}: {sheet.drawn.pop(number, '')}")
        sheet.shapes += (text for text in sheet.drawn.values() if text.strip())

    def _values(self, record: Record) -> Iterator[tuple[int, int, str]]:
        """Yield (row, column, text) of the cells a record holds."""
        kind, data = record.kind, record.data
        if len(data) < 7:
            return
        row, column, form = struct.unpack_from("<HHH", data)
        # The oldest kinds have three bytes of looks where later ones have the number of a style.
        start = 7 if self.version == 2 or kind in _OLDEST else 6
        form = 0 if kind in _OLDEST and self.version != 2 else form
        if kind == _SHORTS:
            for place in range((len(data) - 6) // 6):
                form, packed = struct.unpack_from("<HI", data, 4 + 6 * place)
                yield row, column + place, self._number(short(packed), form)
        elif kind == _SHORT and len(data) >= 10:
            yield row, column, self._number(short(struct.unpack_from("<I", data, 6)[0]), form)
        elif kind in _NUMBERS and len(data) >= start + 8:
            yield row, column, self._number(struct.unpack_from("<d", data, start)[0], form)
        elif kind == _INTEGER and self.version == 2 and len(data) >= 9:
            yield row, column, self._number(struct.unpack_from("<H", data, 7)[0], form)
        elif kind == _INDEXED and len(data) >= 10:
            (place,) = struct.unpack_from("<I", data, 6)
            yield row, column, self._texts[place] if place < len(self._texts) else ""
        elif kind in _LABELS:
            yield row, column, self._label(record)
        elif kind in _BOOLEANS and len(data) >= start + 2:
            yield row, column, truth(data[start], is_error=data[start + 1])
        elif kind in _FORMULAS and len(data) >= start + 8:
            yield row, column, self._result(data[start : start + 8], form)

    def _number(self, number: float, form: int) -> str:
        if self.version == 2:
            shown = self._forms.get(form >> 8 & 0x3F, PLAIN)
        else:
            shown = self._styles[form] if form < len(self._styles) else PLAIN
        return number_shown(repr(number), number, shown, self._epoch) if math.isfinite(number) else ""

    def _result(self, result: bytes, form: int) -> str:
        if result[6:] != b"\xff\xff":
            return self._number(struct.unpack("<d", result)[0], form)
        return truth(result[2], is_error=result[0] == 2) if result[0] in (1, 2) else ""

    def _label(self, record: Record) -> str:
        data = record.data
        if self.version == 8 and record.kind in _OLDEST:
            return _Characters([data[7:]]).text(1)
        if self.version == 8:
            return _Characters([data[6:], *record.chunks[1:]]).text(2)
        if self.version == 2 or record.kind in _OLDEST:
            return self._bytes(data[8 : 8 + data[7]]) if len(data) > 7 else ""
        return self._bytes(data[8 : 8 + int.from_bytes(data[6:8], "little")])

    def _string(self, record: Record) -> str:
        """Return the text a formula gave."""
        if self.version == 8:
            return _Characters(record.chunks).text(2)
        size = 1 if self.version == 2 else 2
        data = b"".join(record.chunks)
        return self._bytes(data[size : size + int.from_bytes(data[:size], "little")])

    def _drawn(self, record: Record) -> str:
        if self.version != 8:
            return ""
        (count,) = struct.unpack_from("<H", record.data, 10)
        return _Characters(record.chunks[1:]).characters(count) if len(record.chunks) > 1 else ""

    def _charted(self, record: Record) -> Iterator[str]:
        if record.kind == _CHART_TEXT and len(record.data) > 3:
            data = record.data[2:]
            yield _Characters([data]).text(1) if self.version == 8 else self._bytes(data[1 : 1 + data[0]])
        elif record.kind in _LABELS and len(record.data) > 8:
            yield self._label(record)

    def _beside(self, record: Record, sheet: Sheet) -> None:
        """Put down what is no cell: notes, texts of shapes, page headers, choices and links."""
        kind, data = record.kind, record.data
        if kind == _OBJECT and len(data) >= 8:
            (sheet.shape,) = struct.unpack_from("<H", data, 6)
            if self.version == 5:  # Excel 95 keeps the text of a box behind its looks
                sheet.shapes += (text for text in salvage.runs(b"".join(record.chunks)[34:]) if may_tell(text))
        elif kind == _SHAPE_TEXT and len(data) >= 12:
            sheet.drawn[sheet.shape] = self._drawn(record)
        elif kind == _NOTE and len(data) >= 8:
            self._note(data, sheet)
        elif kind in _PRINTED and data:
            text = _Characters(record.chunks).text(2) if self.version == 8 else self._bytes(data[1:])
            sheet.aside.printed.append(printed(text))
        elif kind == _LINK:
            sheet.aside.links += salvage.runs(data[24:])
        elif kind == _CHOICE:
            sheet.aside.unseen += salvage.runs(data)

    def _note(self, data: bytes, sheet: Sheet) -> None:
        row, column, _, number = struct.unpack_from("<HHHH", data)
        if self.version == 8:
            sheet.marked[number] = (row, column)
        elif row == 0xFFFF and sheet.notes:  # the text goes on
            sheet.notes[-1] += self._bytes(data[6:])
        else:
            sheet.notes.append(f"{reference(row, column)}: {self._bytes(data[6:])}")


class _Characters:
    """Texts of Excel 97 and later, which may be cut anywhere by a record that continues them."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks
        self._chunk = 0
        self._at = 0

    def is_done(self) -> bool:
        while self._chunk < len(self._chunks) and self._at >= len(self._chunks[self._chunk]):
            self._chunk, self._at = self._chunk + 1, 0
        return self._chunk >= len(self._chunks)

    def skip(self, count: int) -> None:
        while count > 0 and not self.is_done():
            step = min(count, len(self._chunks[self._chunk]) - self._at)
            self._at += step
            count -= step

    def _take(self, count: int) -> int:
        value = 0
        for place in range(count):
            if not self.is_done():
                value |= self._chunks[self._chunk][self._at] << 8 * place
                self._at += 1
        return value

    def text(self, size: int) -> str:
        """Return a text whose length is written in `size` bytes."""
        return self.characters(self._take(size))

    def rich(self) -> str:
        """Return a text of the table all cells share, what says how it looks passed over."""
        count, flags = self._take(2), self._take(1)
        runs = self._take(2) if flags & 8 else 0
        extra = self._take(4) if flags & 4 else 0
        text = self._characters(count, flags)
        self.skip(4 * runs + extra)
        return text

    def characters(self, count: int) -> str:
        """Return so many characters, what they are made of said first."""
        return self._characters(count, self._take(1))

    def _characters(self, count: int, flags: int) -> str:
        found: list[str] = []
        while count > 0 and self._chunk < len(self._chunks):
            width = 1 + (flags & 1)
            chunk = self._chunks[self._chunk]
            step = min(count, (len(chunk) - self._at) // width)
            data = chunk[self._at : self._at + step * width]
            found.append(data.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            count -= step
            self._at += step * width
            if count > 0:
                self._chunk, self._at = self._chunk + 1, 0
                flags = self._take(1)  # said anew where the text goes on
        return "".join(found)


def cached(data: bytes) -> Iterator[str]:
    """Yield the texts a pivot table remembers."""
    for record in records(data):
        if record.kind == _CACHED:
            yield _Characters(record.chunks).text(2)


def short(value: int) -> float:
    """Return the number a short form stands for: the upper bits of one, or an integer, perhaps of hundredths."""
    if value & 2:
        number = float((value >> 2) - (1 << 30 if value & 0x80000000 else 0))
    else:
        (number,) = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", value & 0xFFFFFFFC))
    return number / 100 if value & 1 else number


def truth(value: int, *, is_error: int) -> str:
    """Return a truth or an error as it is shown."""
    return _ERRORS.get(value, "#ERROR") if is_error else "TRUE" if value else "FALSE"
