"""The facts that an order reads, handed out content by content.

An order reads thousands of contents of a few rows each. To turn columns into objects costs as much for one row as for
hundreds, so contents are taken in groups: as many as hold a few thousand rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rollcall.engine.work import Work
from rollcall.model import Record, schema

Entry = dict[str, Any]


class ByContent:
    """The rows of one table of an order; a content's rows stand together."""

    def __init__(self, work: Work, record: type[Record], keep: Callable[[pa.Table], pa.Table] | None = None) -> None:
        tables = (keep(table) if keep else table for table in work.read(record))
        self._table = pa.concat_tables([schema(record).empty_table(), *tables])
        self._runs: dict[str, list[tuple[int, int]]] = {}
        begin = 0
        for chunk in self._table["blob_id"].chunks:
            encoded = pc.run_end_encode(chunk)
            start = 0
            for blob_id, end in zip(encoded.values.to_pylist(), encoded.run_ends.to_pylist(), strict=True):
                self._runs.setdefault(blob_id, []).append((begin + start, end - start))
                start = end
            begin += len(chunk)

    def __contains__(self, blob_id: str) -> bool:
        return blob_id in self._runs

    def keys(self, *names: str) -> pa.Table:
        """Return the ids of the contents with these columns, a row each."""
        return self._table.select(["blob_id", *names])

    def count(self, blob_id: str) -> int:
        """Return how many rows a content has."""
        return sum(length for _, length in self._runs.get(blob_id, ()))

    def of(self, *blob_ids: str) -> pa.Table:
        """Return the rows of contents."""
        joined: list[tuple[int, int]] = []
        for run in (run for blob_id in blob_ids for run in self._runs.get(blob_id, ())):
            if joined and sum(joined[-1]) == run[0]:
                joined[-1] = (joined[-1][0], joined[-1][1] + run[1])
            else:
                joined.append(run)
        if len(joined) == 1:
            return self._table.slice(*joined[0])
        return pa.concat_tables([self._table.slice(0, 0), *(self._table.slice(*run) for run in joined)])


def groups(
    entries: Iterable[Entry], tables: Sequence[ByContent], most_rows: int = 5_000, most_contents: int = 500
) -> Iterator[list[Entry]]:
    """Yield the entries in groups that hold about so many rows; one content is never cut."""
    group: list[Entry] = []
    n_rows = 0
    for entry in entries:
        group.append(entry)
        n_rows += sum(table.count(entry["blob_id"]) for table in tables)
        if n_rows >= most_rows or len(group) >= most_contents:
            yield group
            group, n_rows = [], 0
    if group:
        yield group
