"""The task that finds elements in what was opened."""

from collections.abc import Iterable, Iterator

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.engine.work import Work
from rollcall.findings.context import in_context
from rollcall.findings.records import POLARITY, findings_of_records, is_understood
from rollcall.findings.tables import TableReader
from rollcall.findings.texts import TextReader
from rollcall.model import Finding, Part, Record, RecordField, Row, from_table
from rollcall.tasks.by_content import ByContent

ROWS_AT_ONCE = 5_000


def _sheet_rows(table: pa.Table, part_no: int) -> Iterator[tuple[int, int, list[str]]]:
    for batch in table.filter(pc.equal(table["part_no"], part_no)).to_batches(max_chunksize=ROWS_AT_ONCE):
        columns = (batch["row"].to_pylist(), batch["first_col"].to_pylist(), batch["cells"].to_pylist())
        yield from zip(*columns, strict=True)


def scan_contents(work: Work) -> None:
    """Find elements in the texts and tables of contents; what a structured format says is taken over."""
    parts, rows, fields = ByContent(work, Part), ByContent(work, Row), ByContent(work, RecordField)
    seal = work.store.seal
    for entry in work.entries():
        blob_id = entry["blob_id"]
        if blob_id in fields:
            for finding in findings_of_records(from_table(RecordField, fields.of(blob_id)), seal):
                work.emit(finding)
                work.beat()
        reader = TextReader(blob_id, seal)
        sheet: TableReader | None = None
        for part in sorted(from_table(Part, parts.of(blob_id)), key=lambda one: one.part_no):
            if is_understood(part):
                continue
            if part.text is not None:
                found: Iterable[Record] = reader.read(part)
                work.count("characters", len(part.text))
            else:
                sheet = TableReader(blob_id, part.part_no, seal, before=sheet)
                found = _scan_table(sheet, part.part_no, rows.of(blob_id))
                work.count("rows", part.n_rows or 0)
            for fact in found:
                work.emit(_said_of(fact, part))
                work.beat()


def _said_of(fact: Record, part: Part) -> Record:
    """Return a finding with what its part makes of it: what stands in a family history is nobody's own."""
    if isinstance(fact, Finding) and part.kind in POLARITY:
        return msgspec.structs.replace(fact, polarity=POLARITY[part.kind])
    if isinstance(fact, Finding) and part.text is not None:
        return in_context(fact, part.text)
    return fact


def _scan_table(reader: TableReader, part_no: int, rows: pa.Table) -> Iterator[Record]:
    yield from reader.feed(_sheet_rows(rows, part_no))
    yield from reader.finish()
