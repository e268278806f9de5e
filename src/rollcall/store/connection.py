"""DuckDB as the query engine only: in memory, spilling nothing, reaching nothing, and its settings locked."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from rollcall.engine.outcome import Segment
from rollcall.model import Record, schema
from rollcall.problems import CaseError, Exit
from rollcall.store.segments import Segments, damaged

if TYPE_CHECKING:
    import duckdb

_LEAST_MEMORY = 256 << 20
AT_ONCE = 100_000  # rows in hand as Arrow tables: about as many as DuckDB packs together
ALL = "SELECT * FROM piece"


def default_memory() -> int:
    """Return how many bytes a query may use unless told: half of what this process may have."""
    limits = [_physical()]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            text = Path(path).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdigit():
            limits.append(int(text))
    return max(_LEAST_MEMORY, min(limits) // 2)


def _physical() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def connect(memory: int | None = None, threads: int | None = None) -> "duckdb.DuckDBPyConnection":
    """Return a connection that keeps everything in memory; `memory` in bytes.

    Without a temporary folder a query that does not fit raises `duckdb.OutOfMemoryException` and writes nothing: its
    caller partitions further. External access goes off last, since it cannot be taken back, and then the settings lock.
    """
    import duckdb  # workers, which never ask, need not wait for it

    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",
        "memory_limit": f"{(memory or default_memory()) // 1024}KiB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,  # a variable of ours that is named like a table must never be read
    }
    if threads is not None:
        config["threads"] = threads
    connection = duckdb.connect(":memory:", config=config)
    # Not the first database, which cannot be packed: facts are ids and repetitions, a third of the size when packed.
    connection.execute("attach ':memory:' as facts (compress)")
    connection.execute("use facts")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def load(
    segments: Segments,
    connection: "duckdb.DuckDBPyConnection",
    listed: Iterable[Segment],
    table: str,
    record: type[Record],
    columns: list[str] | None = None,
    query: str = ALL,
) -> int:
    """Make `table` from the listed segments of `record`'s table and return how many rows it has.

    Segments of other tables are passed over, one that is listed twice counts once, and none at all make an empty table
    with the right columns. `query` says which rows of `piece` are kept.
    """
    wanted = schema(record) if columns is None else pa.schema([schema(record).field(name) for name in columns])
    names = sorted({each.name for each in listed if each.table == record.TABLE})
    pieces = (
        _as(wanted, segments.get(record.TABLE, name, columns), segments.place(record.TABLE, name)) for name in names
    )
    return fill(connection, table, wanted, pieces, query)


def fill(
    connection: "duckdb.DuckDBPyConnection", table: str, wanted: pa.Schema, pieces: Iterable[pa.Table], query: str = ALL
) -> int:
    """Make `table` from pieces of it and return how many rows it has; `query` is asked of each `piece`.

    A few pieces are in hand at a time, and what is put in is packed, so that the whole never stands beside itself.
    """
    connection.register("piece", wanted.empty_table())
    connection.execute(f'CREATE OR REPLACE TABLE "{table}" AS {query} LIMIT 0')
    for few in _few(pieces):
        connection.register("piece", few)
        connection.execute(f'INSERT INTO "{table}" {query}')
    connection.unregister("piece")
    _pack(connection)
    pa.default_memory_pool().release_unused()
    return n_rows(connection, table)


def n_rows(connection: "duckdb.DuckDBPyConnection", table: str) -> int:
    """Return how many rows a table has."""
    (n,) = connection.table(table).aggregate("count(*)").fetchall()[0]
    return int(n)


def _pack(connection: "duckdb.DuckDBPyConnection") -> None:
    import duckdb

    try:
        connection.execute("CHECKPOINT")
    except (duckdb.IOException, duckdb.FatalException) as failure:
        # There is no file that could fail: what it means is that memory ran out while packing.
        raise duckdb.OutOfMemoryException("no room for packing a table") from failure


def _few(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    for piece in pieces:
        held.append(piece)
        if sum(each.num_rows for each in held) >= AT_ONCE:
            yield pa.concat_tables(held)
            held = []
    if held:
        yield pa.concat_tables(held)


def _as(wanted: pa.Schema, piece: pa.Table, place: str) -> pa.Table:
    # A worker that opened hostile documents wrote this: neither columns nor offsets nor UTF-8 are taken on trust.
    try:
        piece.validate(full=True)
        return piece if piece.schema.equals(wanted) else piece.select(wanted.names).cast(wanted)
    except (pa.ArrowException, KeyError) as failure:
        raise damaged(place, "its columns are not those of this version") from failure


def no_memory(what: str) -> CaseError:
    """Return what is said when a step does not fit into memory however it is divided."""
    return CaseError(
        f"There is not enough memory for {what}. All finished work is safe. Give the machine more memory, or lower "
        "--workers, and run the same command again: it goes on where it stopped.",
        Exit.NO_ROOM,
    )


@contextlib.contextmanager
def memory_permitting(what: str) -> Iterator[None]:
    """Say in a sentence that memory did not suffice for a query that cannot be divided."""
    import duckdb

    try:
        yield
    except duckdb.OutOfMemoryException as failure:
        raise no_memory(what) from failure
