"""A flow of text, breaks and tables, as readers of marked-up documents meet them, and how it is set into lines.

Readers push what they meet; `Flow.set` makes the text a person would have seen: spaces folded, blocks on lines of their
own, quoted passages marked "> " as in plain mail. Tables stand beside the text, each with a blank line at its place.
"""

import re
from collections import Counter
from collections.abc import Iterator

_SPACES = re.compile(r"[ \t\r\n\f]+")

BREAK, GAP, LINE, QUOTE, UNQUOTE, CELL = range(6)  # new line, blank line, forced line, quoting, next cell of a layout


class Grid:
    """Rows of a table under construction; spans are honoured within a budget."""

    def __init__(self) -> None:
        self.rows: list[list[Flow]] = []
        self.spans: list[list[tuple[int, int]]] = []
        self.holds_grid = False  # a table of data stands inside, so this one only lays out

    def add_row(self) -> None:
        """Begin a row."""
        self.rows.append([])
        self.spans.append([])

    def add_cell(self, columns: int, rows: int) -> "Flow":
        """Begin a cell that spans so many columns and rows, and return the flow of its content."""
        if not self.rows:
            self.add_row()
        cell = Flow()
        self.rows[-1].append(cell)
        self.spans[-1].append((max(1, min(columns, 1000)), max(1, min(rows, 65534))))
        return cell

    def widen(self, columns: int) -> None:
        """Say that the cell begun last spans so many columns."""
        if self.spans and self.spans[-1]:
            self.spans[-1][-1] = (max(1, min(columns, 1000)), self.spans[-1][-1][1])

    def continue_above(self) -> None:
        """Say that the cell begun last continues the one above it."""
        if self.spans and self.spans[-1]:
            self.spans[-1][-1] = (self.spans[-1][-1][0], 0)

    def spill(self, flow: "Flow") -> None:
        """Put the content of a table that only lays out into the flow around it."""
        for row in self.rows:
            flow.push(BREAK)
            # A label and its value stand side by side, even if each is a paragraph of its own.
            if all(cell.is_one_line() for cell in row):
                flow.push_literal("\t".join(text for cell in row if (text := cell.text())))
                continue
            for cell in row:
                flow.push(CELL)
                flow.push(cell)
        flow.push(BREAK)

    def cells(self) -> list[list[str]]:
        """Return the text of each cell at its place; a cell over several rows is said in each of them."""
        budget = 64 * sum(map(len, self.rows)) + 4096
        table: list[list[str]] = []
        running: dict[int, tuple[int, str]] = {}  # column -> (rows left, text)
        for flows, spans in zip(self.rows, self.spans, strict=True):
            row: list[str] = []
            for flow, (columns, rows) in zip(flows, spans, strict=True):
                budget -= _carry(row, running)
                text = flow.text()
                if rows == 0 and not text and table and len(row) < len(table[-1]):
                    text = table[-1][len(row)]
                if budget <= 0:
                    columns = rows = 1
                for offset in range(columns):
                    if rows > 1:
                        running[len(row)] = (rows - 1, "" if offset else text)
                    row.append("" if offset else text)
                budget -= columns
            budget -= _carry(row, running)
            if budget <= 0:
                running.clear()
            table.append(row)
        return table

    def is_data(self) -> bool:
        """Decide whether this is a table of data, not one that only puts things side by side."""
        if self.holds_grid or sum(width >= 2 for width in self._widths()) < 2:
            return False
        filled = [[len(text) for cell in row if (text := cell.text())] for row in self.rows]
        if sum(map(len, filled)) < 3:
            return False
        longest = max((size for row in filled for size in row), default=0)
        # One cell with most of the text is the letter itself, with a logo or a menu beside it.
        return longest <= 500 or longest * 10 <= 6 * sum(map(sum, filled))

    def _widths(self) -> Iterator[int]:
        """Yield how many cells each row shows, those that reach down from above counted."""
        reaching, ends = 0, Counter[int]()
        for number, spans in enumerate(self.spans):
            reaching -= ends.pop(number, 0)
            yield len(spans) + reaching
            for _, rows in spans:
                if rows > 1:
                    reaching += 1
                    ends[number + rows] += 1


def _carry(row: list[str], running: dict[int, tuple[int, str]]) -> int:
    """Fill in the cells that reach down from rows above; return how many there were."""
    carried = 0
    while (column := len(row)) in running:
        left, text = running.pop(column)
        if left > 1:
            running[column] = (left - 1, text)
        row.append(text)
        carried += 1
    return carried


class Flow:
    """What stands one after another in a body or a cell."""

    def __init__(self) -> None:
        self._tokens: list[int | str | tuple[str] | Flow | Grid] = []
        self._set: tuple[str, list[Grid]] | None = None

    def push(self, token: "int | Flow | Grid") -> None:
        """Add a break, a quotation mark, another flow or a table."""
        self._tokens.append(token)

    def push_text(self, text: str) -> None:
        """Add running text; its white space is folded."""
        self._tokens.append(_SPACES.sub(" ", text).replace("\xa0", " "))

    def push_literal(self, text: str) -> None:
        """Add text that is kept as it stands, line ends included."""
        self._tokens.append((text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "),))

    def text(self) -> str:
        """Return the text alone."""
        return self.set()[0]

    def is_one_line(self) -> bool:
        """Decide whether this is at most one line, with no table in it."""
        text, grids = self.set()
        return not grids and "\n" not in text

    def set(self) -> tuple[str, list[Grid]]:
        """Return the text in lines, and the tables in their order; nothing may be added afterwards."""
        if self._set is None:
            page, grids = _Page(), list[Grid]()
            for token in self._flat():
                if isinstance(token, Grid):
                    grids.append(token)
                    page.gap()
                elif isinstance(token, int):
                    page.mark(token)
                elif isinstance(token, tuple):
                    page.literal(token[0])
                else:
                    page.write(token)
            self._set = page.finish(), grids
        return self._set

    def _flat(self) -> Iterator[int | str | tuple[str] | Grid]:
        stack = [iter(self._tokens)]
        while stack:
            for token in stack[-1]:
                if isinstance(token, Flow):
                    stack.append(iter(token._tokens))
                    break
                yield token
            else:
                stack.pop()


class _Page:
    """Lines being set."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._depth = 0
        self._blank = True  # nothing, or a blank line, stands above
        self._open = False  # the line in hand has ink on it
        self._space = False  # a folded space waits for the next word

    def write(self, text: str) -> None:
        words = text.strip(" ")
        if not words:
            self._space = self._space or (bool(text) and self._open)
            return
        if self._open and (self._space or text[0] == " "):
            self._line.append(" ")
        self._line.append(words)
        self._open, self._space = True, text[-1] == " "

    def literal(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self._end(keep=True)
            if line:
                self._line.append(line)
                self._open = self._open or not line.isspace()

    def mark(self, token: int) -> None:
        if token == LINE:
            self._end(keep=True)
        elif token == CELL:
            if self._open:
                self._line.append("\t")
                self._space = False
        else:
            self._end(keep=False)
            if token == GAP:
                self.gap()
            elif token == QUOTE:
                self._depth += 1
            elif token == UNQUOTE:
                self._depth = max(0, self._depth - 1)

    def gap(self) -> None:
        self._end(keep=False)
        if not self._blank:
            self._lines.append("> " * min(self._depth, 50))
            self._blank = True

    def _end(self, *, keep: bool) -> None:
        if self._open or (keep and not self._blank):
            line = "".join(self._line).rstrip() if self._open else ""
            self._lines.append("> " * min(self._depth, 50) + line)
            self._blank = not line
        self._line.clear()
        self._open = self._space = False

    def finish(self) -> str:
        self._end(keep=False)
        while self._lines and not self._lines[-1].strip("> "):
            self._lines.pop()
        return "\n".join(line.rstrip() for line in self._lines)
