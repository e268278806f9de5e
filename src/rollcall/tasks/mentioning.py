"""The tasks that put findings together: rows and forms first, then running text with what the case has taught."""

import functools
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from rollcall.engine.work import Work
from rollcall.mentions.assembled import Assembled
from rollcall.mentions.documents import assemble_document
from rollcall.mentions.forms import assemble_forms, is_labelled
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.prose import assemble_text
from rollcall.mentions.records import assemble_records, given_to_owners, owners
from rollcall.mentions.rows import assemble_windows
from rollcall.mentions.taught import Taught
from rollcall.model import (
    Column,
    Finding,
    LexiconEntry,
    Membership,
    Mention,
    Part,
    RecordField,
    RecordOf,
    RecordRelation,
    from_table,
    schema,
)
from rollcall.store import Store
from rollcall.tasks.by_content import ByContent, Entry, groups

_Key = tuple[str, int]  # blob, part
Spoken = TypeVar("Spoken", Part, Finding)


def put_rows_together(work: Work) -> None:
    """Say which findings of a record, a row or a form speak of one person."""
    parts, columns, findings = ByContent(work, Part), ByContent(work, Column), ByContent(work, Finding)
    records = [ByContent(work, kind) for kind in (RecordOf, RecordField, RecordRelation)]
    for group in groups(_held(work.entries(), findings), (findings, parts)):
        given = _take_over(work, group, records, findings)
        _put_together(work, group, parts, columns, findings, given)


def _held(entries: Iterable[Entry], findings: ByContent) -> Iterable[Entry]:
    return (entry for entry in entries if entry["blob_id"] in findings)


def _take_over(work: Work, group: Sequence[Entry], records: Sequence[ByContent], findings: ByContent) -> list[pa.Array]:
    """Put down the people that structured formats name; return which findings are theirs."""
    blob_ids = [entry["blob_id"] for entry in group if entry["blob_id"] in records[0]]
    if not blob_ids:
        return []
    people, fields, relations = (held.of(*blob_ids) for held in records)
    made = assemble_records(
        from_table(RecordOf, people),
        from_table(RecordField, fields),
        from_table(RecordRelation, relations),
        from_table(Finding, findings.of(*blob_ids)),
    )
    _emit(work, made)
    work.beat()
    return list(made.memberships["finding_id"].chunks)


def _put_together(
    work: Work, group: Sequence[Entry], parts: ByContent, columns: ByContent, findings: ByContent, given: list[pa.Array]
) -> None:
    blob_ids = [entry["blob_id"] for entry in group]
    found, held = findings.of(*blob_ids), parts.of(*blob_ids)
    if given:
        found = found.filter(pc.invert(pc.is_in(found["finding_id"], pa.chunked_array(given))))
    labels = _by_part(held.select(["blob_id", "part_no", "label"]))
    owned = owners(from_table(Part, held.filter(pc.not_equal(held["about"], ""))))
    taken: list[pa.Array] = []
    for rows in assemble_windows(from_table(Column, columns.of(*blob_ids)), found, labels):
        rows = given_to_owners(rows, owned)
        _emit(work, rows)
        taken += rows.memberships["finding_id"].chunks
        work.beat()
    if taken:
        found = found.filter(pc.invert(pc.is_in(found["finding_id"], pa.chunked_array(taken))))
    rest: dict[_Key, list[Finding]] = {}
    for finding in from_table(Finding, found):
        rest.setdefault((finding.blob_id, finding.place.part_no), []).append(finding)
    texts = _by_part(held.select(["blob_id", "part_no", "text"]))
    kinds = _by_part(held.select(["blob_id", "part_no", "kind"]))
    mails = {blob_id for (blob_id, _), kind in kinds.items() if kind == "body"}
    documents: dict[str, list[_Key]] = {}
    for key, some in rest.items():
        if any(is_labelled(finding) for finding in some):
            documents.setdefault(key[0], []).append(key)
    for blob_id, keys in documents.items():
        pieces = [assemble_forms(rest[key], texts[key], labels[key]) for key in keys]
        if len(keys) > 1 and blob_id not in mails:
            known = {finding.finding_id: finding for key in keys for finding in rest[key]}
            pieces = [assemble_document(pieces, known)]
        for made in pieces:
            _emit(work, given_to_owners(made, owned))
        work.beat()


def _by_part(table: pa.Table) -> dict[_Key, str]:
    return {(blob_id, part_no): value for blob_id, part_no, value in zip(*table.to_pydict().values(), strict=True)}


def _emit(work: Work, made: Assembled) -> None:
    for record in made.records():
        work.emit(record)
    for kind, table in made.tables:
        work.emit_table(kind, table)


def read_prose(work: Work) -> None:
    """Say whom running text speaks of, with what the case has taught about staff and people."""
    parts = ByContent(work, Part, lambda table: table.filter(pc.is_valid(table["text"])))
    findings, mentions = ByContent(work, Finding, partial(_of_texts, parts.keys("part_no"))), ByContent(work, Mention)
    memberships = pa.concat_tables([schema(Membership).empty_table(), *work.read(Membership)])
    lexicon = _lexicon(work.store, work.context["lexicon"])
    with_text = (entry for entry in work.entries() if entry["blob_id"] in parts)
    for group in groups(with_text, (parts, findings)):
        blob_ids = [entry["blob_id"] for entry in group]
        texts = _each(from_table(Part, parts.of(*blob_ids)))
        found = findings.of(*blob_ids)
        known = _each(from_table(Finding, found))
        first = _first_pass(found, mentions.of(*blob_ids), memberships)
        for entry in group:
            blob_id = entry["blob_id"]
            told, sent = entry.get("correspondents", ()), entry.get("sent", "")
            found_here = known.get(blob_id, ())
            made = assemble_text(texts[blob_id], found_here, lexicon, told, work.store.seal, first, sent)
            _emit(work, made)
            work.beat()


@functools.lru_cache(maxsize=1)
def _lexicon(store: Store, name: str) -> Lexicon:
    """Return the lexicon of the case made ready; a worker makes it ready once, not for each order."""
    entries = store.get(LexiconEntry.TABLE, name)
    people = entries.filter(pc.is_in(entries["kind"], pa.array(["person", "staff"])))
    return Lexicon(list(from_table(LexiconEntry, people)), Taught(entries))


def _of_texts(texts: pa.Table, findings: pa.Table) -> pa.Table:
    """Return what was found in texts; what stands in the cells of a large table concerns no text."""
    order = pa.array(range(findings.num_rows), pa.int64())
    keys = findings.select(texts.column_names).append_column("order", order)
    kept = keys.join(texts, texts.column_names, join_type="left semi", use_threads=False)["order"]
    return findings.take(kept.take(pc.sort_indices(kept)))


def _first_pass(found: pa.Table, mentions: pa.Table, memberships: pa.Table) -> dict[str, Mention]:
    """Return the record that each of these findings is of already."""
    tied = memberships.filter(pc.is_in(memberships["finding_id"], found["finding_id"].combine_chunks()))
    held = mentions.filter(pc.is_in(mentions["mention_id"], tied["mention_id"].combine_chunks()))
    records = {mention.mention_id: mention for mention in from_table(Mention, held)}
    pairs = zip(tied["finding_id"].to_pylist(), tied["mention_id"].to_pylist(), strict=True)
    return {finding_id: records[mention_id] for finding_id, mention_id in pairs}


def _each(records: Iterable[Spoken]) -> dict[str, list[Spoken]]:
    by_blob: dict[str, list[Spoken]] = {}
    for record in records:
        by_blob.setdefault(record.blob_id, []).append(record)
    return by_blob
