"""SQLite databases: each plain table with its columns, files kept in cells given out.

A database is a program of its own: views, triggers, virtual tables and functions in its schema are never run. It is
opened in memory, read-only, with an authorizer that allows nothing but reading tables that have pages of their own.
"""

import functools
import math
import sqlite3
from collections.abc import Iterator

from rollcall.items.cells import plain_number
from rollcall.items.parser import Fault, Inner, Limits, Parser, Table, Yield
from rollcall.items.readable import Readable

_MAGIC = b"SQLite format 3\0"
_MOST = 256 << 20  # bytes: the database is held in memory twice
_FILE = 64  # bytes a value must have to be a file
_ALLOWED = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ))
_STEPS = 200_000_000  # of the database's machine, for one table


def looks_like(untrusted: Readable) -> bool:
    """Decide by the header."""
    return untrusted.read_at(0, 16) == _MAGIC


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each table, then the files in its cells."""
    if untrusted.size > min(limits.max_bytes, _MOST):
        yield Fault(code="too_large", detail="database")
        return
    data = bytearray(untrusted.read_at(0, untrusted.size))
    data[18:20] = b"\1\1"  # what a log beside the file held is not there
    try:
        database = _opened(bytes(data))
        names = [
            str(name)
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
            if isinstance(name, str) and not name.startswith("sqlite_")
        ]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        yield Fault(code="corrupt", detail=f"database: {type(error).__name__}")
        return
    left = limits.max_members
    for name in names:
        files: list[bytes] = []
        rows = _Rows(database, name, files, limits)
        yield Table(rows=rows, label=name)
        if rows.fault is not None:
            yield rows.fault
        for number, content in enumerate(files[:left]):
            yield Inner(
                locator=f"{name}:{number}",
                kind="member",
                size=len(content),
                chunks=functools.partial(iter, (content,)),
            )
        left -= len(files)
    database.close()


def _opened(data: bytes) -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.deserialize(data)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(len(data), 1_000))  # no value that is stored is longer
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    database.execute("PRAGMA query_only = ON")
    database.text_factory = functools.partial(str, encoding="utf-8", errors="replace")
    database.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
    return database


class _Rows:
    """The rows of one table, its columns first; they stop at damage and at the limit, and say so."""

    def __init__(self, database: sqlite3.Connection, name: str, files: list[bytes], limits: Limits) -> None:
        self._database = database
        self._name = name.replace('"', '""')
        self._files = files
        self._left = limits.max_cells
        self.fault: Fault | None = None

    def __iter__(self) -> Iterator[tuple[int, int, list[str]]]:
        self._files.clear()
        self.fault = None
        left = self._left
        self._database.set_progress_handler(_Steps(), 1_000_000)
        try:
            found = self._database.execute(f'SELECT * FROM "{self._name}"')  # noqa: S608 (quoted; a name of the schema)
            yield 0, 0, [str(column[0]) for column in found.description]
            for number, row in enumerate(found, 1):
                left -= len(row)
                if left < 0:
                    self.fault = Fault(code="too_large", detail="more cells than allowed", part=True)
                    return
                yield number, 0, [self._shown(value) for value in row]
        except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
            self.fault = Fault(code="partial", detail=f"table: {type(error).__name__}", part=True)

    def _shown(self, value: object) -> str:
        if isinstance(value, bytes):
            if len(value) >= _FILE:
                self._files.append(value)
                return ""
            try:
                return value.decode("utf-8") if value.isascii() else value.hex()
            except UnicodeDecodeError:
                return value.hex()
        if isinstance(value, float):
            return plain_number(repr(value), value) if math.isfinite(value) else ""
        return "" if value is None else str(value)


class _Steps:
    """Ends what runs too long."""

    def __init__(self) -> None:
        self._left = _STEPS // 1_000_000

    def __call__(self) -> int:
        self._left -= 1
        return self._left < 0


PARSER = Parser(name="sqlite", version=1, media_types=("application/vnd.sqlite3",), looks_like=looks_like, parse=parse)
