"""One page put together: its text in reading order, and its tables.

What stands in the cells of a table of data is in the table and not in the text; all else is in the text. Boxes of a
form, columns of prose, titles and notes are text.
"""

from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

import msgspec

from rollcall.items.pdf.cells import bands, fill, form_text, frames_text, table_rows
from rollcall.items.pdf.columns import Block, Span, find_blocks, split_line
from rollcall.items.pdf.flows import prose_columns
from rollcall.items.pdf.glyphs import Glyphs, directions, glyphs_of
from rollcall.items.pdf.plain import Placed, plain_text
from rollcall.items.pdf.rows import rows_of
from rollcall.items.pdf.ruled import lattices, merged
from rollcall.items.pdf.shapes import Rule, Shapes
from rollcall.items.pdf.tables import is_table, same_columns, without_rules
from rollcall.items.pdf.words import ENTERED, Line, Word, letter_width, line_of, lines_of, slanted_text, words_of
from rollcall.items.pdf.written import usual_pitch, written

_RIGHT_TO_LEFT = range(0x590, 0x900)
_Known = Sequence[Span] | None  # columns of a table the page may go on with; None where no table is looked for


class Found(msgspec.Struct):
    """A table on a page: its columns' places, and its cells row by row."""

    top: float
    columns: list[Span]
    rows: list[list[str]]


class Page(msgspec.Struct):
    """What is written on a page."""

    text: str
    tables: list[Found]
    words: list[Word]  # of the main direction, as they stand on the page
    lines: list[Placed] = []  # of a page of running text


class _Block(msgspec.Struct):
    """Text that stands together, by the height of its first line."""

    top: float
    text: str


def read_page(textpage: Any, shapes: Shapes, entered: Sequence[Word] = (), known: Sequence[Span] = ()) -> Page:
    """Return the text and tables of a page; `entered` are values put into its form, at their places.

    `known` are the columns of a table that the page may go on with.
    """
    if not entered and shapes.n_paths <= 3:
        plain = plain_text(textpage)
        if plain is not None:
            return Page(plain[0], [], [], plain[1])
    glyphs = glyphs_of(textpage)
    if glyphs.n_lost or _reads_leftward(glyphs):
        return Page(_as_drawn(textpage, entered), [], [])
    texts: list[str] = []
    tables: list[Found] = []
    words: list[Word] = []
    for number, group in enumerate(directions(textpage, glyphs)):
        if group.slanted:
            texts.append(slanted_text(group))
            continue
        some = words_of(group)
        if not number and not group.turned:
            words = [*some, *entered]
        main = not number
        everything = [*some, *_numbered(entered)] if main else some
        turned = shapes.turned(group.turned)
        text, found = _laid_out(everything, letter_width(group), turned, known if main else None)
        texts.append(text)
        tables += found
    if not texts and entered:
        texts = ["\n".join(line.text for line in lines_of(entered))]
    return Page("\n\n".join(text for text in texts if text), tables, words)


def _numbered(entered: Iterable[Word]) -> list[Word]:
    return [word._replace(first=ENTERED + 8 * index, last=ENTERED + 8 * index) for index, word in enumerate(entered)]


def _reads_leftward(glyphs: Glyphs) -> bool:
    low, high = _RIGHT_TO_LEFT.start, _RIGHT_TO_LEFT.stop
    return bool(((glyphs.code >= low) & (glyphs.code < high)).sum() * 4 > len(glyphs))


def _as_drawn(textpage: Any, entered: Sequence[Word]) -> str:
    text = textpage.get_text_range(0, textpage.count_chars()).replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join([text, *(word.text for word in entered)])


def _laid_out(words: Sequence[Word], unit: float, shapes: Shapes, known: _Known) -> tuple[str, list[Found]]:
    """Return the text and tables of words of one direction; no table is looked for where `known` is None."""
    unit = unit or 0.4 * max((word.height for word in words), default=10.0)
    found: list[Found] = []
    blocks: list[_Block] = []
    free = list(words)
    if known is not None and len(shapes.upright) > 1:
        free = _ruled(words, unit, shapes, found, blocks)
    columns = prose_columns(free) if known is not None else None
    if columns is None:
        cuts = [*(block.top for block in blocks), *(table.top for table in found)]
        blocks += _sheet(free, unit, shapes, found, cuts, known)
        blocks.sort(key=lambda one: -one.top)
    else:
        for part in (columns.above, *columns.columns, columns.below):
            blocks += _sheet(part, unit, shapes, found, (), known)
    found.sort(key=lambda one: -one.top)
    return "\n\n".join(block.text for block in blocks if block.text.strip()), found


def _sheet(
    words: Sequence[Word], unit: float, shapes: Shapes, found: list[Found], cuts: Sequence[float], known: _Known
) -> Iterator[_Block]:
    lines = lines_of(words)
    if lines:
        yield from _columns(_Sheet(lines, unit, shapes.across, cuts), found, known)


def _ruled(words: Sequence[Word], unit: float, shapes: Shapes, found: list[Found], blocks: list[_Block]) -> list[Word]:
    """Add the tables and forms that rules draw; return the words outside."""
    grids, free = fill(list(lattices(shapes)), words)
    for grid in grids:
        if frames_text(grid):
            free += [word for some in grid.words.values() for word in some]
            continue
        lattice = grid.lattice
        for first, end, is_data in bands(grid):
            top = lattice.ys[first]
            columns, rows = table_rows(grid, first, end, unit) if is_data else ([], [])
            if len(rows) > 1:
                found.append(Found(top, columns, without_rules(rows)))
            else:
                blocks.append(_Block(top, form_text(grid, first, end, unit)))
    return free


def _columns(sheet: "_Sheet", found: list[Found], known: _Known) -> Iterator[_Block]:
    """Yield the lines in stretches; tables among them are added to those found, columns of prose follow each other."""
    lines, done = sheet.lines, 0
    for block in find_blocks(lines, sheet.unit, known) if known is not None else ():
        if block.first < done:
            continue
        text = _prose(sheet, block) if block.prose else None
        if text is None:
            rows = without_rules(rows_of(lines, block, sheet.rules, sheet.unit))
            if not is_table(rows, goes_on=same_columns(known or (), block.columns, len(block.columns))):
                continue
            found.append(Found(lines[block.first].bottom, block.columns, rows))
        yield from sheet.blocks(done, block.first)
        if text is not None:
            yield _Block(lines[block.first].bottom, text)
        done = block.end
    yield from sheet.blocks(done, len(lines))


class _Sheet:
    """Lines that stand over, beside and under each other, to be written as they lie."""

    def __init__(self, lines: Sequence[Line], unit: float, rules: Sequence[Rule], cuts: Sequence[float]) -> None:
        self.lines, self.unit, self._across = lines, unit, rules
        self._cuts = sorted(-cut for cut in cuts)  # heights at which something else stands
        self._margin = min(line.words[0].left for line in lines)
        self._pitch = usual_pitch(lines)

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules across, each whole."""
        return merged(self._across)

    def blocks(self, first: int, end: int) -> Iterator[_Block]:
        """Yield the text of some lines, parted where something else stands between them."""
        for _, some in groupby(self.lines[first:end], key=lambda line: bisect(self._cuts, -line.bottom)):
            part = list(some)
            yield _Block(part[0].bottom, written(part, self.unit, self._margin, self._pitch))

    def alone(self, lines: Sequence[Line]) -> str:
        """Return lines that have a margin of their own."""
        return written(lines, self.unit, min(line.words[0].left for line in lines), self._pitch)


def _prose(sheet: _Sheet, block: Block) -> str:
    """Return columns of prose one after the other; a line across them ends what stands above it."""
    texts: list[str] = []
    columns: dict[int, list[Line]] = {}

    def close() -> None:
        texts.extend(sheet.alone(columns[col]) for col in sorted(columns))
        columns.clear()

    for index in range(block.first, block.end):
        if index in block.across:
            close()
            texts.append(sheet.lines[index].text)
        else:
            for col, words in split_line(sheet.lines[index], block.columns).items():
                columns.setdefault(col, []).append(line_of(words))
    close()
    return "\n\n".join(texts)
