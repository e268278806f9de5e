"""Delimited text: exports of any delimiter and encoding, with or without a header, with whatever stands above it.

Whether text is a table is decided by its first lines: the same number of fields in most of them, filled, and short.
Nothing is dropped: ragged rows are kept, and a row whose quotes do not close is split at its delimiters and named.
"""

import collections
import csv
import itertools
import re
from collections.abc import Iterable, Iterator

import msgspec

from rollcall.items import plain
from rollcall.items.parser import Fault, Limits, Parser, Table, Yield
from rollcall.items.readable import Readable

DELIMITERS = ("\t", "|", ";", ",", "^", "~", "\x1f", "\x01")
_SAMPLE_LINES = 200
_SAMPLE_SIZE = 1 << 17
_PREAMBLE = 25  # lines that may stand above a table: a title, a date, who ran the report
_LONGEST_RECORD = 100  # lines; a quote open for longer was never meant to be
_HINT = re.compile(r"\ufeff?\"?sep=([^\w\s\"]|\t)\"?\s*\Z", re.IGNORECASE)
_SENTENCE = re.compile(r"[a-z][a-z][.!?](?:\s|$)")  # of fixed length: a cell may be megabytes of letters


class Dialect(msgspec.Struct, frozen=True):
    """How the fields of a text are told apart."""

    delimiter: str
    columns: int


class _Lines:
    """Lines for the csv reader, with those of the record in hand kept, so that they can be put back."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: collections.deque[str] = collections.deque()
        self.taken: list[str] = []
        self.most = _LONGEST_RECORD
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= self.most:
            raise StopIteration
        if self._again:
            line = self._again.popleft()
        else:
            try:
                line = next(self._source)
            except StopIteration:
                self.ended = True
                raise
        line = line.replace("\0", "")
        self.taken.append(line)
        return line

    def put_back(self) -> str:
        """Return the first line taken and put back the others."""
        first, *rest = self.taken
        self._again.extendleft(reversed(rest))
        self.taken = []
        return first


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip('"') for cell in line.rstrip("\r\n").split(delimiter)]


def records(lines: Iterable[str], dialect: Dialect) -> Iterator[tuple[list[str], bool]]:
    """Yield (fields, whether its quotes closed) of every record, blank lines as no fields."""
    csv.field_size_limit(1 << 30)
    source = _Lines(iter(lines))
    broken = 0
    reader = csv.reader(source, delimiter=dialect.delimiter)
    while True:
        source.taken = []
        source.ended = False
        fields = next(reader, None)
        if not source.taken:
            if fields is None:
                return
            continue
        if len(source.taken) > 1 and not _closes(source, fields, dialect):
            broken += 1
            if broken > 50:
                source.most = 3  # quotes mean nothing in this text
            yield _split(source.put_back(), dialect.delimiter), False
            reader = csv.reader(source, delimiter=dialect.delimiter)
            continue
        unclosed = fields is None or (source.ended and _is_open(source.taken[0], dialect.delimiter))
        yield _split(source.taken[0], dialect.delimiter) if unclosed else fields or [], not unclosed
        if unclosed:
            reader = csv.reader(source, delimiter=dialect.delimiter)


def _closes(source: _Lines, fields: list[str] | None, dialect: Dialect) -> bool:
    """Decide whether a record over several lines is one, and not rows swallowed by a stray quote."""
    if fields is None or source.ended or len(source.taken) >= source.most:
        return False
    try:
        next(csv.reader(source.taken, delimiter=dialect.delimiter, strict=True))
    except csv.Error:
        return False  # text goes on behind a closing quote: it closed nothing
    first = len(_split(source.taken[0], dialect.delimiter))
    return len(fields) == dialect.columns or first != dialect.columns


def _is_open(line: str, delimiter: str) -> bool:
    """Decide whether a quote that opens a field of this line stays open at its end."""
    position = 0
    while position < len(line):
        if line[position] != '"':
            position = line.find(delimiter, position) + 1 or len(line)
            continue
        close = line.find('"', position + 1)
        while close >= 0 and line.startswith('""', close):
            close = line.find('"', close + 2)
        if close < 0:
            return True
        position = line.find(delimiter, close) + 1 or len(line)
    return False


def sniff(lines: list[str]) -> Dialect | None:
    """Return how the first lines of a text are delimited, None where they are no table."""
    if lines and (hint := _HINT.match(lines[0])):
        body = [fields for fields, _ in records(lines[1:], Dialect(hint[1], 0))]
        return Dialect(hint[1], max((len(fields) for fields in body), default=1))
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2 or sum(line.lstrip()[:1] in "{<[" for line in filled) * 2 > len(filled):
        return None
    best: tuple[float, Dialect] | None = None
    for delimiter in DELIMITERS:
        if sum(delimiter in line for line in filled) * 2 < len(filled) - _PREAMBLE or delimiter not in "".join(filled):
            continue
        found = _judge([fields for fields, _ in records(lines, Dialect(delimiter, 0)) if any(fields)], delimiter)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    return best[1] if best else None


def _judge(table: list[list[str]], delimiter: str) -> tuple[float, Dialect] | None:
    """Return how well rows agree on a number of columns, None where they do not."""
    counts = collections.Counter(len(row) for row in table if len(row) > 1)
    if not counts:
        return None
    columns, _ = max(counts.items(), key=lambda entry: (entry[1], entry[0]))
    start = next(place for place, row in enumerate(table) if len(row) == columns)
    body = table[start:]
    agreeing = [row for row in body if len(row) == columns]
    share = len(agreeing) / len(body)
    # Programs leave out trailing empty fields, so rows that are only a little short speak for a wide table too.
    near = sum(columns >= len(row) >= columns * 0.6 for row in body) / len(body) if columns >= 5 else share
    if start > _PREAMBLE or max(share, near - 0.1) < 0.8 or len(agreeing) < 2 or start > len(body):
        return None
    if delimiter in ",;" and not _is_tabular(agreeing, columns):
        return None
    if delimiter in "\t|^~" and not _is_filled(agreeing, columns):
        return None
    return max(share, near) + min(columns, 20) / 100, Dialect(delimiter, columns)


def _is_filled(rows: list[list[str]], columns: int) -> bool:
    """Decide whether at least two columns hold something, so that a drawn line or an indent is no table."""
    used = [sum(bool(row[column].strip()) for row in rows) for column in range(columns)]
    return sum(count * 3 >= len(rows) or count >= 2 for count in used) >= 2


def _is_tabular(rows: list[list[str]], columns: int) -> bool:
    """Decide whether fields between commas are values and not pieces of sentences."""
    if not _is_filled(rows, columns):
        return False
    cells = [cell for row in rows for cell in row if cell.strip()]
    words = sum(len(cell.split()) for cell in cells) / len(cells)
    later = [cell for row in rows for cell in row[1:] if cell.strip()]
    spaced_share = sum(cell.startswith(" ") for cell in later) / max(1, len(later))
    sentences = sum(bool(_SENTENCE.search(row[-1])) for row in rows) / len(rows)
    if spaced_share > 0.8 and (words > 3 or sentences > 0.3 or columns == 2):
        return columns > 3 and words <= 3
    return words <= 8 and (columns > 2 or len(rows) > 2 or words <= 3) and sentences <= 0.6


def _sample(untrusted: Readable, encoding: str) -> list[str]:
    lines: list[str] = []
    size = 0
    for line in itertools.islice(plain.lines(untrusted, encoding, set()), _SAMPLE_LINES):
        lines.append(line)
        size += len(line)
        if size > _SAMPLE_SIZE:
            break
    return lines


def looks_like(untrusted: Readable) -> bool:
    """Decide by the first 200 lines."""
    encoding = plain.encoding_of(untrusted)
    return encoding is not None and sniff(_sample(untrusted, encoding)) is not None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the whole text as one table, what stands above the table as rows of it; then what was wrong with it."""
    encoding = plain.encoding_of(untrusted)
    dialect = sniff(_sample(untrusted, encoding)) if encoding else None
    if encoding is None or dialect is None:
        yield Fault(code="unknown_format", detail="no delimiter agrees with the lines")
        return
    notes: set[str] = set()
    broken: list[int] = []

    def rows() -> Iterator[tuple[int, int, list[str]]]:
        broken.clear()
        for number, (fields, closed) in enumerate(records(plain.lines(untrusted, encoding, notes), dialect)):
            if not closed:
                broken.append(number)
            if any(fields):
                yield number, 0, fields

    yield Table(rows=rows())
    if broken:
        places = ", ".join(str(number + 1) for number in broken[:20])
        yield Fault(code="partial", detail=f"{len(broken)} rows with a quote that does not close: {places}", part=True)
    if "undecodable" in notes:
        yield Fault(code="undecodable", detail="characters replaced", part=True)


PARSER = Parser(
    name="delimited",
    version=1,
    media_types=("text/csv", "text/tab-separated-values"),
    looks_like=looks_like,
    parse=parse,
)
