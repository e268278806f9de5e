"""The task that finds elements in what was opened."""

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from rollcall.engine.work import Work
from rollcall.findings.tables import TableReader
from rollcall.findings.texts import TextReader
from rollcall.model import Part, Record, Row, from_table
from rollcall.tasks.by_content import ByContent

ROWS_AT_ONCE = 5_000


def _sheet_rows(table: pa.Table, part_no: int) -> Iterator[tuple[int, int, list[str]]]:
    for batch in table.filter(pc.equal(table["part_no"], part_no)).to_batches(max_chunksize=ROWS_AT_ONCE):
        columns = (batch["row"].to_pylist(), batch["first_col"].to_pylist(), batch["cells"].to_pylist())
        yield from zip(*columns, strict=True)


def scan_contents(work: Work) -> None:
    """Find elements in the texts and tables of contents."""
    parts, rows = ByContent(work, Part), ByContent(work, Row)
    seal = work.store.seal
    for entry in work.entries():
        blob_id = entry["blob_id"]
        reader = TextReader(blob_id, seal)
        for part in sorted(from_table(Part, parts.of(blob_id)), key=lambda one: one.part_no):
            if part.text is not None:
                found: Iterable[Record] = reader.read(part)
                work.count("characters", len(part.text))
            else:
                found = _scan_table(blob_id, part.part_no, rows.of(blob_id), seal)
                work.count("rows", part.n_rows or 0)
            for fact in found:
                work.emit(fact)
                work.beat()


def _scan_table(blob_id: str, part_no: int, rows: pa.Table, seal: Callable[[str], str]) -> Iterator[Record]:
    reader = TableReader(blob_id, part_no, seal)
    yield from reader.feed(_sheet_rows(rows, part_no))
    yield from reader.finish()
