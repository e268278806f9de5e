"""`rollcall digest`: one number that two cases share exactly when they show the same list.

It covers individuals, evidence, items and problems, without the number of the run that first saw a person: no id in
these tables depends on the case's key, a clock, chance, or the number or order of runs.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import duckdb
import msgspec

from rollcall import views

COVERED = ("individuals", "evidence", "items", "problems")
_LEFT_OUT = frozenset({"first_seen_run"})
_PLACES = 4  # of a confidence
_ENCODER = msgspec.json.Encoder(order="sorted")


def lines(connection: "duckdb.DuckDBPyConnection", table: str) -> Iterator[bytes]:
    """Yield the canonical JSON lines of one table, sorted as bytes."""
    # Sorted after encoding: where a table has no id, equal lines may come in any order and nothing else decides.
    yield from sorted(
        _ENCODER.encode({name: _plain(value) for name, value in row.items() if name not in _LEFT_OUT}) + b"\n"
        for batch in views.batches(connection, table)
        for row in batch.to_pylist()
    )


def digest(connection: "duckdb.DuckDBPyConnection") -> str:
    """Return the SHA-256 over the canonical lines of the covered tables."""
    sha = hashlib.sha256()
    for table in COVERED:
        sha.update(table.encode() + b"\n")
        for line in lines(connection, table):
            sha.update(line)
    return sha.hexdigest()


def _plain(value: Any) -> Any:
    return round(value, _PLACES) if isinstance(value, float) else value
