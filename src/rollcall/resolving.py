"""The steps over the whole case: the lexicon, people and their ids, and the decisions that stand."""

from collections.abc import Iterable
from importlib.resources import files

import duckdb
import pyarrow as pa

from rollcall.engine.orders import content_digest
from rollcall.engine.progress import Progress
from rollcall.individuals.resolve import Resolution, resolve
from rollcall.mentions.lexicon import build_lexicon
from rollcall.model import (
    Alias,
    Child,
    Decision,
    Finding,
    Individual,
    LexiconEntry,
    Link,
    Membership,
    Mention,
    Record,
    Relation,
    to_table,
)
from rollcall.review.decisions import Reattached, Standing, reattach
from rollcall.store import Store
from rollcall.store.connection import no_memory
from rollcall.tasks import OPEN, PROSE, ROOTS, ROWS, SCAN
from rollcall.waves import Reading

MOST_PARTITIONS = 1024
AT_ONCE = 60_000  # findings of mentions in hand as objects
# What resolving and re-attaching decisions look at; the rest would only fill memory.
_NEEDED: dict[type[Record], list[str] | None] = {
    Mention: ["mention_id", "blob_id", "role", "is_subject", "name", "confidence"],
    Membership: ["mention_id", "finding_id", "confidence", "alternative_of"],
    Finding: [
        "finding_id", "blob_id", "element", "subtype", "issuer", "polarity", "text", "value", "check", "confidence",
        "part_no", "start",
    ],
    Relation: None,
}  # fmt: skip
NAMED = 2_000  # characters of a list of recipients: beyond, nobody is meant by it


def look_again(store: Store, reading: Reading, progress: Progress) -> None:
    """Make the lexicon of the case and read running text with it."""
    progress.start("learning who is staff and who stands in tables", None)
    opened = [*reading.ended[ROOTS], *reading.ended[OPEN]]
    mail = reading.table(opened, Child, ["blob_id", "kind", "sender", "recipients"])
    entries = build_lexicon(
        zip(mail["sender"].to_pylist(), mail["recipients"].to_pylist(), strict=True),
        reading.table(reading.ended[ROWS], Mention, ["mention_id", "is_subject", "kind", "name"]),
        reading.table(reading.ended[ROWS], Membership, ["mention_id", "finding_id"]),
        reading.table(reading.ended[SCAN], Finding, ["finding_id", "element"]),
        [source.mailbox for source in store.ledger.sources() if source.mailbox],
    )
    table = to_table(LexiconEntry, entries)
    name = store.name("lexicon", content_digest(table.to_pylist()))
    lexicon = store.put(LexiconEntry.TABLE, name, table)
    progress.finish(f"{table.num_rows:,} names")
    progress.start("reading text with them", None)
    reading.look_again(lexicon, _correspondents(mail))
    progress.finish()


def _correspondents(mail: pa.Table) -> dict[str, list[str]]:
    """Return sender and recipients by message content; of copies that differ, the first in order."""
    told: dict[str, list[str]] = {}
    for row in mail.to_pylist():
        if row["sender"] or row["recipients"]:
            written = [(row["sender"] or "")[:NAMED], (row["recipients"] or "")[:NAMED]]
            told[row["blob_id"]] = min(told.get(row["blob_id"], written), written)
    return told


def resolve_people(store: Store, reading: Reading, run: int, progress: Progress) -> None:
    """Resolve mentions to people, mint their ids, and keep who they are."""
    progress.start("resolving people", None)
    first, again = reading.ended[ROWS], reading.ended[PROSE]
    tables: dict[type[Record], pa.Table] = {
        record: reading.table([*first, *again, *(reading.ended[SCAN] if record is Finding else ())], record, columns)
        for record, columns in _NEEDED.items()
    }
    resolution = _resolve(store, tables, _decisions(store, tables))
    store.ledger.mint([(one.individual_id, anchor) for one, anchor in _anchors(resolution)], run)
    for alias in resolution.aliases:
        store.ledger.add_alias(
            Alias(alias_id=alias.alias_id, individual_id=alias.individual_id, run=run, why=alias.why)
        )
    for record, rows in ((Individual, resolution.individuals), (Link, resolution.links)):
        table = to_table(record, rows)
        reading.keep(store.put(record.TABLE, store.name(record.TABLE, str(run)), table))
    progress.finish(f"{len(resolution.individuals):,} people")


def _decisions(store: Store, tables: dict[type[Record], pa.Table]) -> list[Decision]:
    """Return the decisions that hold, at their places in the facts of this run."""
    connection = store.connect()
    try:
        for record in (Mention, Membership, Finding):
            connection.register(record.TABLE, tables[record])
        return standing_decisions(store, connection).decisions
    finally:
        connection.close()


def _anchors(resolution: Resolution) -> Iterable[tuple[Individual, str]]:
    smallest: dict[str, str] = {}
    for link in resolution.links:
        known = smallest.get(link.individual_id, link.mention_id)
        smallest[link.individual_id] = min(known, link.mention_id)
    return ((one, smallest[one.individual_id]) for one in resolution.individuals)


def _resolve(store: Store, tables: dict[type[Record], pa.Table], decisions: list[Decision]) -> Resolution:
    """Resolve in as many partitions as memory asks for."""
    minted = {anchor: individual_id for individual_id, (anchor, _) in _by_age(store)}
    n_partitions = 1 << (tables[Membership].num_rows // AT_ONCE).bit_length()
    while n_partitions <= MOST_PARTITIONS:
        connection = store.connect()
        try:
            return resolve(
                tables[Mention],
                tables[Membership],
                tables[Finding],
                tables[Relation],
                decisions,
                minted,
                n_partitions,
                connection,
            )
        except (duckdb.OutOfMemoryException, MemoryError):
            n_partitions *= 2
        finally:
            connection.close()
    raise no_memory("resolving people")


def _by_age(store: Store) -> list[tuple[str, tuple[str, int]]]:
    """Return the minted ids, the oldest first."""
    return sorted(store.ledger.minted().items(), key=lambda item: (item[1][1], item[0]))


def standing_decisions(store: Store, connection: duckdb.DuckDBPyConnection) -> Reattached:
    """Return the decisions that hold, at their places in the facts of a connection, and those whose place is gone."""
    decisions = store.ledger.decisions()
    blobs = {one.blob_id for one in decisions} | {one.other_blob_id for one in decisions}
    ruled = pa.table({"blob_id": pa.array(sorted(blob for blob in blobs if blob), pa.string())})
    connection.register("ruled", ruled)
    query = files("rollcall.review").joinpath("standing.sql").read_text("utf-8")
    rows = connection.sql(query).to_arrow_table().to_pylist() if ruled.num_rows else []
    connection.unregister("ruled")
    shown: dict[tuple[str, str, str], set[str]] = {}
    own: dict[tuple[str, str, str], str] = {}
    for row in rows:
        key = (row["kind"], row["anchor"], row["blob_id"])
        sealed = store.seal(row["value"])
        shown.setdefault(key, set()).add(sealed)
        if row["own"]:
            own[key] = sealed
    standing = [
        Standing(anchor=key[1], kind=key[0], blob_id=key[2], sealed=frozenset(shown[key]), own=own.get(key))
        for key in sorted(shown)
    ]
    return reattach(decisions, standing)
