"""Bring facts before a query a segment at a time, and only those that the step or command looks at.

Most of what is found in a case is nobody's: codes in stock lists, dates in calendars. What is nobody's stays on disk,
so that a step over the whole case needs memory for people, not for pages.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.engine.outcome import Segment
from rollcall.individuals.people import telling
from rollcall.model import (
    FACTS,
    Blob,
    Child,
    Finding,
    Individual,
    Link,
    Membership,
    Mention,
    Part,
    Record,
    RecordField,
    RecordOf,
    RecordRelation,
    Relation,
    Row,
    Shard,
    Trouble,
    Words,
    schema,
)
from rollcall.store import Store
from rollcall.store.connection import fill, n_rows
from rollcall.tasks import PROSE, ROWS, SCAN
from rollcall.waves import Ended, Reading

_RESOLVED: dict[type[Record], list[str]] = {
    Mention: ["mention_id", "blob_id", "role", "is_subject", "name", "confidence", "kind"],
    Membership: ["mention_id", "finding_id", "confidence", "alternative_of"],
    Finding: [
        "finding_id", "element", "subtype", "issuer", "polarity", "text", "value", "check", "confidence", "part_no",
        "start",
    ],
}  # fmt: skip
_NOT_SHOWN: dict[type[Record], frozenset[str]] = {  # no view looks at these
    Part: frozenset({"text"}),
    Child: frozenset({"media_type", "sender", "recipients", "dates"}),
}
_NOT_COUNTED = frozenset({"group", "issuer", "text", "made_by", "table", "x0", "y0", "x1", "y1", "rotation", "score"})


class Facts(Enum):
    """How much a command asks of a case."""

    WHOLE = "every fact"
    SHOWN = "what the list rests on, and every value that must be masked wherever it stands"
    COUNTED = "what the list rests on"


def load(store: Store, connection: duckdb.DuckDBPyConnection, segments: Iterable[Segment], facts: Facts) -> None:
    """Make the tables of facts that views are made of."""
    listed = list(segments)
    if facts is Facts.WHOLE:
        for record in FACTS:
            if record not in (Row, Shard, Words, RecordOf, RecordField, RecordRelation):  # no view looks at these
                store.load(connection, listed, record.TABLE, record, _columns(record))
        return
    for record in (Individual, Link, Child, Blob, Trouble):
        store.load(connection, listed, record.TABLE, record, _columns(record))
    for record in (Mention, Membership):
        theirs = "SELECT * FROM piece WHERE mention_id IN (SELECT mention_id FROM links)"
        store.load(connection, listed, record.TABLE, record, query=theirs)
    theirs = "SELECT * FROM piece WHERE finding_id IN (SELECT finding_id FROM memberships)"
    columns = [name for name in schema(Finding).names if name not in _NOT_COUNTED]
    store.load(connection, listed, Finding.TABLE, Finding, columns, theirs)
    near = "SELECT * FROM piece WHERE blob_id IN (SELECT blob_id FROM findings)"
    store.load(connection, listed, Part.TABLE, Part, _columns(Part), near)
    # Where any finding stands, somebody's or not, and what it reads: a little of each is what a view needs of the rest.
    store.load(connection, listed, "found_in", Finding, ["blob_id", "block"], "SELECT DISTINCT * FROM piece")
    if facts is Facts.SHOWN:
        values = "SELECT DISTINCT unnest([value, text]) AS value FROM piece WHERE element <> 'name'"
        store.load(connection, listed, "known_values", Finding, ["element", "value", "text"], values)


def _columns(record: type[Record]) -> list[str]:
    return [name for name in schema(record).names if name not in _NOT_SHOWN.get(record, ())]


def load_ruled(
    store: Store, connection: duckdb.DuckDBPyConnection, segments: Iterable[Segment], blobs: Iterable[str]
) -> None:
    """Make the tables of facts that stand in some contents (`ruled`), and what belongs to the mentions in them."""
    listed = list(segments)
    connection.register("ruled", pa.table({"blob_id": pa.array(sorted(blobs), pa.string())}))
    ruled = "SELECT * FROM piece WHERE blob_id IN (SELECT blob_id FROM ruled)"
    store.load(connection, listed, Mention.TABLE, Mention, _RESOLVED[Mention], ruled)
    theirs = "SELECT * FROM piece WHERE mention_id IN (SELECT mention_id FROM mentions)"
    store.load(connection, listed, Membership.TABLE, Membership, _RESOLVED[Membership], theirs)
    both = """SELECT * FROM piece
        WHERE blob_id IN (SELECT blob_id FROM ruled) OR finding_id IN (SELECT finding_id FROM memberships)"""
    store.load(connection, listed, Finding.TABLE, Finding, ["finding_id", "blob_id", "value"], both)


def load_mentions(
    store: Store, connection: duckdb.DuckDBPyConnection, reading: Reading, ruled: Iterable[str]
) -> tuple[int, pa.Table]:
    """Make the tables that people are resolved from; return how many memberships there are, and the relations.

    A mention that names nobody and holds nothing that could tell one person from another (a line of a stock list whose
    shelf reads like a diagnosis) can be joined with nobody and would list nobody; it is left out unless `ruled` on.
    """
    kept = pa.array(sorted(ruled), pa.string())
    tells = pa.array(sorted(telling()), pa.string())
    for record in (Mention, Membership):
        wanted = pa.schema([schema(record).field(name) for name in _RESOLVED[record]])
        fill(connection, record.TABLE, wanted, (each[record] for each in _people(reading, tells, kept)))
    read = [one for task in (SCAN, ROWS, PROSE) for one in reading.ended[task]]
    theirs = "SELECT * FROM piece WHERE finding_id IN (SELECT finding_id FROM memberships)"
    segments = [segment for one in read for segment in one.segments]
    store.load(connection, segments, Finding.TABLE, Finding, _RESOLVED[Finding], theirs)
    return n_rows(connection, Membership.TABLE), reading.table(read, Relation)


def _people(reading: Reading, tells: pa.Array, kept: pa.Array) -> Iterator[dict[type[Record], pa.Table]]:
    """Yield mentions and memberships of what was read together, without those of nobody."""
    for together in reading.together():
        mentions = reading.table(together, Mention, _RESOLVED[Mention])
        memberships = reading.table(together, Membership, _RESOLVED[Membership])
        named = pc.not_equal(mentions["name"], "")
        if not pc.all(named).as_py():
            told = _told(reading, together, memberships, tells)
            ids = mentions["mention_id"]
            somebody = pc.or_(named, pc.or_(pc.is_in(ids, told), pc.is_in(ids, kept)))
            mentions = mentions.filter(somebody)
            memberships = memberships.filter(pc.is_in(memberships["mention_id"], _one(mentions["mention_id"])))
        yield {Mention: mentions, Membership: memberships}


def _told(reading: Reading, together: list[Ended], memberships: pa.Table, tells: pa.Array) -> pa.Array:
    """Return the mentions that hold a telling finding, or one of which it is not known."""
    findings = reading.table(together, Finding, ["finding_id", "element"])
    dull = findings.filter(pc.invert(pc.is_in(findings["element"], tells)))["finding_id"]
    return _one(memberships.filter(pc.invert(pc.is_in(memberships["finding_id"], _one(dull))))["mention_id"])


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
