"""The inside of a Word 97-2003 document (MS-DOC) and of Word 6 and 95: text in its stories, with what marks each piece.

The text of a document saved fast stands in pieces all over the stream; the piece table puts them in order. Formatting
pages say which paragraphs are cells, which characters were deleted, and where pictures stand.
"""

import bisect
import re
import struct
from collections.abc import Iterator

import msgspec

from rollcall.items import charsets
from rollcall.items.compound import Compound

_WORD97 = 0xA5EC
_MAGICS = (0xA5, 0xA6)  # high byte of all versions' magics, those of the Far East (0xA697 and on) among them
_STORIES = (
    ("text", ""), ("note", "footnotes"), ("text", "header"), ("note", "macro"), ("note", "comments"),
    ("note", "endnotes"), ("text", "text box"), ("text", "text box of a header"),
)  # fmt: skip
# Operations of formatting that are looked at (MS-DOC 2.6.1, 2.6.2).
_IN_TABLE, _ROW_END, _DEPTH, _INNER_CELL, _INNER_ROW_END = 0x2416, 0x2417, 0x6649, 0x244B, 0x244C
_DELETED, _INSERTED, _PICTURE, _IS_DATA = 0x0800, 0x0801, 0x6A03, 0x0806
_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_PAGE = 512
_MARK = re.compile("[\r\x07\x0c]")


class Refused(Exception):
    """The document is not read; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Marks(msgspec.Struct, frozen=True):
    """How a paragraph ends."""

    depth: int = 0  # of tables around it
    ends_cell: bool = False
    ends_row: bool = False


class Paragraph(msgspec.Struct):
    """The characters of a paragraph, its mark the last of them, and what was deleted or inserted in it."""

    first: int
    text: str
    marks: Marks | None  # None where no formatting says
    deleted: list[tuple[int, int]]
    inserted: list[tuple[int, int]]


class Story(msgspec.Struct, frozen=True):
    """A run of characters of a kind: the body, all footnotes, all headers, ..."""

    kind: str
    label: str
    first: int
    last: int


class Document:
    """The text of a document by character positions."""

    def __init__(self, compound: Compound | None, main: bytes, most_text: int) -> None:
        self._main = main
        magic, version, flags = struct.unpack_from("<HH6xH", main)
        if magic >> 8 not in _MAGICS:
            raise Refused("corrupt")
        self.is_modern = magic == _WORD97 and version >= 0xC0
        if flags & 0x100:
            raise Refused("encrypted")
        if self.is_modern:
            if compound is None:
                raise Refused("corrupt")
            self._table = compound.read("1Table" if flags & 0x200 else "0Table") or compound.read("1Table", "0Table")
            counts = struct.unpack_from("<8i", main, 0x4C)
            self._pieces = self._read_pieces(*self._located(33))
        else:
            self._table = main
            counts = struct.unpack_from("<8i", main, 0x34)
            pieces = struct.unpack_from("<II", main, 0x160) if flags & 0x4 and len(main) > 0x168 else (0, 0)
            self._pieces = self._read_pieces(*pieces) if pieces[1] else []
        if not self._pieces:
            start, end = struct.unpack_from("<II", main, 0x18)
            self._pieces = [(0, max(0, min(end, len(main)) - start), start, 1)]
        self._starts = [piece[0] for piece in self._pieces]
        if self._pieces[-1][1] > min(most_text, len(main) * 8):
            raise Refused("too_large")
        self._encoding = self._codepage()
        self.text = "".join(map(self._decoded, self._pieces))
        self.stories = list(self._divided(counts))
        self._paragraphs = self._formatted(13) if self.is_modern else []
        self._characters = self._formatted(12) if self.is_modern else []
        self._paragraph_starts = [run[0] for run in self._paragraphs]

    def _codepage(self) -> str:
        if self.is_modern:
            return "cp1252"
        (language,) = struct.unpack_from("<H", self._main, 6)
        return charsets.of_codepage(_CODEPAGES.get(language & 0x3FF, 1252)) or "cp1252"

    def _located(self, place: int) -> tuple[int, int]:
        """Return (offset, length) in the table stream of one of the document's tables."""
        offset, length = struct.unpack_from("<II", self._main, 0x9A + 8 * place)
        return offset, length

    def table(self, place: int) -> bytes:
        """Return one of the document's tables, by its number in the header; b"" in Word 6 and 95."""
        if not self.is_modern:
            return b""
        offset, length = self._located(place)
        return self._table[offset : offset + length]

    def _read_pieces(self, offset: int, length: int) -> list[tuple[int, int, int, int]]:
        """Return (first character, behind the last, offset in the stream, bytes a character) of each piece."""
        data = self._table[offset : offset + length]
        at = 0
        while at + 3 <= len(data) and data[at] == 1:
            at += 3 + struct.unpack_from("<H", data, at + 1)[0]
        if at + 5 > len(data) or data[at] != 2:
            return []
        (size,) = struct.unpack_from("<I", data, at + 1)
        data = data[at + 5 : at + 5 + size]
        count = (len(data) - 4) // 12
        found: list[tuple[int, int, int, int]] = []
        for number in range(count):
            first, last = struct.unpack_from("<II", data, 4 * number)
            (where,) = struct.unpack_from("<I", data, 4 * (count + 1) + 8 * number + 2)
            if last <= first or (found and first < found[-1][1]):
                continue
            packed = where & 0x40000000 or not self.is_modern
            start = (where & 0x3FFFFFFF) // 2 if packed and self.is_modern else where & 0x3FFFFFFF
            found.append((first, last, start, 1 if packed else 2))
        return found

    def _decoded(self, piece: tuple[int, int, int, int]) -> str:
        first, last, start, width = piece
        data = self._main[start : start + (last - first) * width]
        if width == 1:
            text = data.decode(self._encoding, "replace") if self._encoding != "cp1252" else _western(data)
        else:
            # Each unit stays one character, so that positions hold; pairs are joined when text is given out.
            text = "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) // 2 * 2])))
        return text.ljust(last - first, "\0")[: last - first]

    def _divided(self, counts: tuple[int, ...]) -> Iterator[Story]:
        at = 0
        for (kind, label), count in zip(_STORIES, counts, strict=True):
            if 0 < count <= len(self.text) - at:
                yield Story(kind, label, at, at + count)
                at += count
        if at < len(self.text) and self.text[at:].strip("\r\0 \x07"):
            yield Story("text", "" if not at else "behind the end", at, len(self.text))

    def _formatted(self, place: int) -> list[tuple[int, int, bytes]]:
        """Return (first byte, behind the last, operations) of each run that pages of formatting describe."""
        data = self.table(place)
        count = (len(data) - 4) // 8
        pages: dict[int, None] = {}
        for number in range(count):
            pages[struct.unpack_from("<I", data, 4 * (count + 1) + 4 * number)[0] & 0x3FFFFF] = None
        runs: list[tuple[int, int, bytes]] = []
        for number in pages:
            page = self._main[number * _PAGE : (number + 1) * _PAGE]
            if len(page) == _PAGE:
                runs += _runs(page, is_paragraphs=place == 13)
        return sorted(runs, key=lambda run: run[:2])

    def paragraphs(self, story: Story) -> Iterator[Paragraph]:
        """Yield the paragraphs of a story."""
        deleted, inserted = self._changed(_DELETED), self._changed(_INSERTED)
        at, text = story.first, self.text
        while at < story.last:
            found = _MARK.search(text, at, story.last)
            end = found.start() if found else story.last - 1
            yield Paragraph(
                at, text[at : end + 1], self._marks(end), _within(deleted, at, end + 1), _within(inserted, at, end + 1)
            )
            at = end + 1

    def _marks(self, at: int) -> Marks | None:
        if not self._paragraphs:
            return None
        first, _, start, width = self._pieces[max(0, bisect.bisect_right(self._starts, at) - 1)]
        where = start + (at - first) * width
        place = bisect.bisect_right(self._paragraph_starts, where) - 1
        if place < 0 or where >= self._paragraphs[place][1]:
            return None
        depth, ends_row, inner_cell, inner_row = 0, False, False, False
        for operation, operand in _operations(self._paragraphs[place][2]):
            value = int.from_bytes(operand, "little")
            if operation == _IN_TABLE:
                depth = max(depth, value & 1)
            elif operation == _DEPTH:
                depth = min(value, 64) if value < 1 << 31 else depth
            elif operation == _ROW_END:
                ends_row = bool(value)
            elif operation == _INNER_CELL:
                inner_cell = bool(value)
            elif operation == _INNER_ROW_END:
                inner_row = bool(value)
        return Marks(depth, inner_cell or self.text[at] == "\x07", ends_row or inner_row)

    def _changed(self, operation: int) -> list[tuple[int, int]]:
        """Return the character ranges that formatting marks so, in order."""
        runs = [
            run
            for run in self._characters
            if any(one == operation and operand[:1] == b"\1" for one, operand in _operations(run[2]))
        ]
        starts = [run[0] for run in runs]
        found: list[tuple[int, int]] = []
        for first, last, start, width in self._pieces if runs else ():
            end = start + (last - first) * width
            for place in range(max(0, bisect.bisect_right(starts, start) - 1), len(runs)):
                if runs[place][0] >= end:
                    break
                low, high = max(start, runs[place][0]), min(end, runs[place][1])
                if low < high:
                    found.append((first + (low - start) // width, first + (high - start + width - 1) // width))
        return sorted(found)

    def pictured(self) -> Iterator[int]:
        """Yield where in the data stream the pictures in the text stand, in the order of their formatting."""
        for _, _, operations in self._characters:
            told = dict(_operations(operations))
            if _PICTURE in told and told.get(_IS_DATA, b"\0")[:1] != b"\1" and len(told[_PICTURE]) == 4:
                yield int.from_bytes(told[_PICTURE], "little")


def _western(data: bytes) -> str:
    return data.decode("cp1252", "replace") if b"\x81" not in data else charsets.decode(data, "cp1252")[0]


def _within(ranges: list[tuple[int, int]], first: int, last: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for low, high in ranges[max(0, bisect.bisect_right(ranges, (first, 1 << 62)) - 1) :]:
        if low >= last:
            break
        if high > first:
            found.append((max(low, first), min(high, last)))
    return found


def _runs(page: bytes, *, is_paragraphs: bool) -> Iterator[tuple[int, int, bytes]]:
    """Yield the runs of one page: of paragraphs (MS-DOC 2.9.175) or of characters (2.9.33)."""
    count = page[511]
    size = 13 if is_paragraphs else 1
    if 4 * (count + 1) + size * count > 511:
        return
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        at = page[4 * (count + 1) + size * number] * 2
        operations = b""
        if at and not is_paragraphs:
            operations = page[at + 1 : at + 1 + page[at]]
        elif at:
            length = page[at] * 2 - 1 if page[at] else page[at + 1] * 2 if at < 510 else 0
            body = at + (1 if page[at] else 2)
            operations = page[body + 2 : body + max(0, length)]  # the style's number stands first
        yield bounds[number], bounds[number + 1], operations


def _operations(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(data):
        (operation,) = struct.unpack_from("<H", data, at)
        at += 2
        size = _SIZES[operation >> 13]
        if not size:
            if operation == 0xD608:  # the definition of a table counts in two bytes
                size = int.from_bytes(data[at : at + 2], "little") + 1
            else:
                size = data[at] + 1 if at < len(data) else 1
        yield operation, data[at : at + size]
        at += size


# Primary language -> codepage, where it is not Western.
_CODEPAGES = {
    0x01: 1256, 0x02: 1251, 0x04: 936, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932, 0x12: 949,
    0x15: 1250, 0x18: 1250, 0x19: 1251, 0x1A: 1250, 0x1B: 1250, 0x1E: 874, 0x1F: 1254, 0x22: 1251, 0x23: 1251,
    0x24: 1250, 0x25: 1257, 0x26: 1257, 0x27: 1257, 0x29: 1256, 0x2A: 1258, 0x2F: 1251,
}  # fmt: skip
