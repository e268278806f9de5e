"""Word 97-2003, 95, 6 and 2 documents (doc, dot): body, notes, headers, comments and text boxes, tables as tables.

What a reviewer deleted is a hidden part of its own; what fields say and do not show is kept beside. Pictures and
embedded documents are given out as they were before they were put in.
"""

import functools
import struct
from collections.abc import Iterator

from rollcall.items import blips, compound, ole, targets
from rollcall.items.compound import BROKEN, Compound
from rollcall.items.flow import BREAK, LINE, Flow, Grid
from rollcall.items.msdoc import Document, Marks, Paragraph, Refused, Story
from rollcall.items.parser import Fault, Inner, Limits, Parser, Table, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling

_WORD2 = b"\xdb\xa5"
_DROPPED = dict.fromkeys(
    map(ord, "\0\x01\x02\x03\x04\x05\x06\x08\x0e\x0f\x10\x11\x12\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1f")
)
_SPELLED = {0x0B: "\n", 0x0C: "\n", 0x1E: "-", 0x0D: "", 0x07: ""}
_TRANSLATION = {**_DROPPED, **_SPELLED}
_DRAWINGS = 50  # number of the table that holds the drawing group


def looks_like(untrusted: Readable) -> bool:
    """Decide by the stream every such document has at its root, or by the header of Word 2."""
    if untrusted.read_at(0, 2) == _WORD2:
        return len(untrusted.read_at(0, 0x180)) == 0x180 and untrusted.read_at(2, 2) in (b"\x2d\0", b"\x2c\0")
    return "worddocument" in ole.root_names(untrusted)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each story's text and tables, then what the document says of itself, then what is embedded."""
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    package: Compound | None = None
    try:
        if untrusted.read_at(0, 2) == _WORD2:
            main = untrusted.read_at(0, untrusted.size)
        else:
            package = Compound(untrusted)
            main = package.read("WordDocument")
        document = Document(package, main, limits.max_text)
    except Refused as error:
        yield Fault(code=error.code, detail="Word document")
        return
    except BROKEN as error:
        yield Fault(code="corrupt", detail=f"Word document: {type(error).__name__}")
        return
    try:
        for story in document.stories:
            yield from _story(document, story)
        if package is not None:
            yield from _beside(document, package, main)
    except BROKEN as error:
        yield Fault(code="partial", detail=f"Word document: {type(error).__name__}")


def _beside(document: Document, package: Compound, main: bytes) -> Iterator[Yield]:
    if told := compound.about(package):
        yield Text(text="\n".join(told), kind="note", label="properties", hidden=True)
    if "\tDRMContent" in package:
        yield Fault(code="rights_managed", detail="only what Word shows instead was read")
    if lettered := [text for text in dict.fromkeys(blips.drawn(document.table(_DRAWINGS))) if text.strip()]:
        yield Text(text=_joined("\n".join(lettered)), kind="note", label="words for pictures", hidden=True)
    yield from blips.inners(_pictures(document, package, main))
    yield from embedded(package, ("ObjectPool",))


def embedded(package: Compound, path: tuple[str, ...]) -> Iterator[Yield]:
    """Yield the documents embedded under a storage, each as a file of its own."""
    for one in package.under(*path):
        if package.is_storage(one):
            yield Inner(locator="/".join(one), kind="member", chunks=functools.partial(_rebuilt, package, one), name="")


def _rebuilt(package: Compound, path: tuple[str, ...]) -> Iterator[bytes]:
    yield package.rebuilt(path)


def _story(document: Document, story: Story) -> Iterator[Yield]:
    reader = _Reader()
    for paragraph in _with_tables(list(document.paragraphs(story))):
        reader.take(paragraph)
    text, grids = reader.finish().set()
    if text.strip():
        yield Text(text=_joined(text), kind=story.kind, label=story.label)
    for number, grid in enumerate(grids, 1):
        rows = [(row, 0, [_joined(cell) for cell in cells]) for row, cells in enumerate(grid.cells()) if cells]
        yield Table(rows=rows, label=f"{story.label} table {number}".strip())
    leads, aside = targets.split_fields(reader.aside)
    for what, told in (("deleted", "\n".join(reader.deleted)), ("not shown", worth_telling(aside))):
        if told.strip():
            yield Text(text=_joined(told), kind="note", label=f"{story.label} {what}".strip(), hidden=True)
    yield from targets.parts(leads)


def _joined(text: str) -> str:
    """Return text whose characters beyond the first 65,536 are whole again."""
    if text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _with_tables(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs with cells and rows marked; where no formatting says, an empty cell ends a row."""
    if any(one.marks is not None for one in paragraphs):
        return paragraphs
    cells = [place for place, one in enumerate(paragraphs) if one.text.endswith("\x07")]
    start = 0
    while start < len(cells):
        end = start + 1
        # Some lines between two cells belong to the later one; more of them are text between two tables.
        while end < len(cells) and cells[end] - cells[end - 1] <= (
            3 if paragraphs[cells[end - 1]].text != "\x07" else 1
        ):
            end += 1
        run = cells[start:end]
        width = _width([paragraphs[place].text == "\x07" for place in run])
        for number, place in enumerate(run):
            paragraphs[place].marks = Marks(1, True, number % width == width - 1)
        for place in range(run[0], run[-1]):
            if paragraphs[place].marks is None:
                paragraphs[place].marks = Marks(1)
        start = end
    return paragraphs


def _width(empty: list[bool]) -> int:
    """Return after how many cell marks a row ends: each row's last is empty, whatever else is."""
    for width in range(2, min(len(empty), 64) + 1):
        if len(empty) % width == 0 and all(empty[width - 1 :: width]):
            return width
    return max(2, len(empty))


class _Reader:
    """Turns paragraphs into a flow, tables into grids."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._open: list[tuple[Grid, Flow]] = []  # each open table, with the flow around it
        self._in_row: list[bool] = []
        self._in_cell: list[bool] = []
        self._fields: list[bool] = []  # of each open field, whether its result has begun
        self._instruction: list[str] = []
        self._row: list[str] = []
        self.aside: list[str] = []
        self.deleted: list[str] = []

    def take(self, paragraph: Paragraph) -> None:
        """Take one paragraph."""
        marks = paragraph.marks or Marks()
        self._nest(marks.depth)
        if marks.depth and not marks.ends_row and not self._in_cell[-1]:
            if not self._in_row[-1]:
                self._open[-1][0].add_row()
                self._in_row[-1] = True
            self._flow = self._open[-1][0].add_cell(1, 1)
            self._in_cell[-1] = True
        self._write(paragraph)
        if marks.depth and marks.ends_row:
            self._in_row[-1] = self._in_cell[-1] = False
            self._flow = self._open[-1][1]
            if self._row:
                self.deleted.append("\t".join(self._row))
                self._row.clear()
        elif marks.depth and marks.ends_cell:
            self._in_cell[-1] = False
        else:
            self._flow.push(BREAK)

    def _nest(self, depth: int) -> None:
        while len(self._open) > depth:
            self._close()
        while len(self._open) < depth:
            self._flow.push(BREAK)
            self._open.append((Grid(), self._flow))
            self._in_row.append(False)
            self._in_cell.append(False)
            if len(self._open) < depth:
                self._flow = self._open[-1][0].add_cell(1, 1)
                self._in_row[-1] = self._in_cell[-1] = True

    def _write(self, paragraph: Paragraph) -> None:
        gone = _drop(paragraph.text, paragraph.first, paragraph.deleted)
        for line_number, line in enumerate(self._shown(gone).split("\n")):
            if line_number:
                self._flow.push(LINE)
            if line:
                self._flow.push_literal(line)
        if paragraph.deleted:
            before = _drop(paragraph.text, paragraph.first, paragraph.inserted).translate(_MARKLESS)
            (self._row if self._open else self.deleted).append(before)

    def _shown(self, text: str) -> str:
        """Return what is shown of a text with fields in it: of a field its result, not its instruction."""
        if not self._fields and "\x13" not in text:
            return text.translate(_TRANSLATION)
        pieces: list[str] = []
        for character in text:
            if character == "\x13":
                self._fields.append(False)
            elif character == "\x14" and self._fields:
                self._fields[-1] = True
                self._told()
            elif character == "\x15" and self._fields:
                self._fields.pop()
                self._told()
            elif self._fields and not all(self._fields):
                self._instruction.append(character)
            else:
                pieces.append(character)
        return "".join(pieces).translate(_TRANSLATION)

    def _told(self) -> None:
        if told := " ".join("".join(self._instruction).translate(_TRANSLATION).split()):
            self.aside.append(told)
        self._instruction.clear()

    def _close(self) -> None:
        grid, self._flow = self._open.pop()
        self._in_row.pop()
        self._in_cell.pop()
        if grid.is_data():
            for outer, _ in self._open:
                outer.holds_grid = True
            self._flow.push(grid)
        else:
            grid.spill(self._flow)

    def finish(self) -> Flow:
        """Return the flow; what was still open gives what it had."""
        self._nest(0)
        self._told()
        self.deleted += self._row
        return self._flow


_MARKLESS = {**_TRANSLATION, 0x13: " ", 0x14: " ", 0x15: " "}


def _drop(text: str, first: int, ranges: list[tuple[int, int]]) -> str:
    """Return the text without these ranges of character positions, its mark kept."""
    if not ranges:
        return text
    pieces, at = list[str](), 0
    for low, high in ranges:
        pieces.append(text[at : low - first])
        at = max(at, high - first)
    return "".join(pieces) + text[at:]


def _pictures(document: Document, package: Compound, main: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the pictures in the text, then those that float."""
    data = package.read("Data")
    for at in document.pictured():
        if at + 68 <= len(data):
            length, header, kind = struct.unpack_from("<IHH", data, at)
            start = at + header + (1 + data[at + header] if kind == 0x66 and at + header < len(data) else 0)
            yield from blips.pictures(data, start, at + length)
    group = document.table(_DRAWINGS)
    yield from blips.pictures(group)
    for offset in blips.delayed(group):
        if offset + 8 <= len(main):
            (length,) = struct.unpack_from("<I", main, offset + 4)
            yield from blips.pictures(main, offset, offset + 8 + length)


PARSER = Parser(name="doc", version=3, media_types=("application/msword",), looks_like=looks_like, parse=parse)
