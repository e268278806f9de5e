"""The steps over the whole case: the lexicon, people and their ids, and the decisions that stand."""

import contextlib
import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from rollcall.engine.orders import content_digest
from rollcall.engine.outcome import Segment
from rollcall.engine.progress import Progress
from rollcall.individuals.resolve import Resolution, resolve_loaded
from rollcall.loading import load_mentions, load_ruled
from rollcall.mentions.lexicon import build_lexicon, subjects_of
from rollcall.mentions.roles import context_role
from rollcall.mentions.taught import entries_of, taught_by
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
    to_table,
)
from rollcall.review.decisions import Reattached, Standing, reattach
from rollcall.store import Store
from rollcall.store.connection import memory_permitting, no_memory
from rollcall.tasks import OPEN, ROOTS, ROWS
from rollcall.waves import Reading

MOST_PARTITIONS = 1024
AT_ONCE = 60_000  # findings of mentions in hand as objects
LEVELS = 4  # file, mail, mail it was forwarded in, archive
_SIGNS = re.compile(r"[_.,()\[\]]+|(?<=[a-z])(?=[A-Z])")
NAMED = 2_000  # characters of a list of recipients: beyond, nobody is meant by it


def look_again(store: Store, reading: Reading, progress: Progress) -> None:
    """Make the lexicon of the case and read running text with it."""
    progress.start("learning who is staff and who stands in tables", None)
    entries = build_lexicon(
        ((sender, recipients) for _, sender, recipients, _ in _mail(reading)),
        _subjects(reading),
        [source.mailbox for source in store.ledger.sources() if source.mailbox],
    )
    numbers = entries_of(_numbers(reading))
    table = pa.concat_tables([to_table(LexiconEntry, entries), numbers]).combine_chunks()
    name = store.name("lexicon", _digest(table))
    lexicon = store.put(LexiconEntry.TABLE, name, table)
    progress.finish(f"{len(entries):,} names, {numbers.num_rows:,} numbers")
    progress.start("reading text with them", None)
    reading.look_again(lexicon, _told(reading))
    progress.finish()


def _digest(table: pa.Table) -> str:
    """Return a digest of a table's cells, made a batch at a time."""
    batches = table.to_batches(max_chunksize=AT_ONCE)
    return content_digest([content_digest(batch.to_pylist()) for batch in batches])


def _mail(reading: Reading) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Yield content, sender, recipients and time of what was sent, an order at a time."""
    for task in (ROOTS, OPEN):
        for one in reading.ended[task]:
            mail = reading.table([one], Child, ["blob_id", "sender", "recipients", "sent_at"])
            yield from zip(*(column.to_pylist() for column in mail.columns), strict=True)


def _numbers(reading: Reading) -> Iterator[pa.Table]:
    """Yield the numbers that tables and forms give to somebody, from what was read together each time."""
    for together in reading.together():
        rows = [one for one in together if one.outcome.task == ROWS]
        yield taught_by(
            reading.table(rows, Mention, ["mention_id", "kind", "name"]),
            reading.table(rows, Membership, ["mention_id", "finding_id"]),
            reading.table(
                together, Finding, ["finding_id", "element", "subtype", "issuer", "value", "confidence"]
            ),
        )  # fmt: skip


def _subjects(reading: Reading) -> set[str]:
    """Return the names of those whom tables and forms are about, from what was read together each time."""
    names: set[str] = set()
    for together in reading.together():
        rows = [one for one in together if one.outcome.task == ROWS]
        names |= subjects_of(
            reading.table(rows, Mention, ["mention_id", "is_subject", "kind", "name"]),
            reading.table(rows, Membership, ["mention_id", "finding_id"]),
            reading.table(together, Finding, ["finding_id", "element"]),
        )
    return names


def _told(reading: Reading) -> dict[str, dict[str, Any]]:
    """Return sender, recipients and time by message content; of copies that differ, the first in order."""
    told: dict[str, tuple[list[str], str]] = {}
    for blob_id, sender, recipients, sent in _mail(reading):
        if sender or recipients or sent:
            said = ([(sender or "")[:NAMED], (recipients or "")[:NAMED]], sent or "")
            told[blob_id] = min(told.get(blob_id, said), said)
    return {blob_id: {"correspondents": written, "sent": sent[:10]} for blob_id, (written, sent) in told.items()}


def resolve_people(
    store: Store, reading: Reading, run: int, progress: Progress, discovered: datetime.date | None = None
) -> None:
    """Resolve mentions to people, mint their ids, and keep who they are.

    Ages are those of the day of discovery, when letters are written; where nobody told it, of the newest mail.
    """
    progress.start("resolving people", None)
    decisions = standing_decisions(store, reading.segments()).decisions
    resolution = _resolve(store, reading, decisions, discovered or newest(_sent(reading)), _hints(reading))
    store.ledger.mint([(one.individual_id, anchor) for one, anchor in _anchors(resolution)], run)
    for alias in resolution.aliases:
        store.ledger.add_alias(
            Alias(alias_id=alias.alias_id, individual_id=alias.individual_id, run=run, why=alias.why)
        )
    for record, rows in ((Individual, resolution.individuals), (Link, resolution.links)):
        table = to_table(record, rows)
        reading.keep(store.put(record.TABLE, store.name(record.TABLE, str(run)), table))
    progress.finish(f"{len(resolution.individuals):,} people")


def _sent(reading: Reading) -> Iterator[str]:
    """Yield when everything that was sent was."""
    for task in (ROOTS, OPEN):
        for one in reading.ended[task]:
            yield from filter(None, reading.table([one], Child, ["sent_at"])["sent_at"].to_pylist())


def _hints(reading: Reading) -> dict[str, str]:
    """Return whose content a blob is, by the name of its file, else by the subject or name of what holds it."""
    names: dict[str, set[str]] = {}
    holders: dict[str, set[str]] = {}
    for task in (ROOTS, OPEN):
        for one in reading.ended[task]:
            children = reading.table([one], Child, ["blob_id", "parent_blob_id", "name", "subject"])
            for blob_id, holder, name, subject in zip(*(c.to_pylist() for c in children.columns), strict=True):
                said = (name if holder else "", subject)  # a whole mailbox is of no one kind, whatever it is called
                names.setdefault(blob_id, set()).update(filter(None, said))
                holders.setdefault(blob_id, set()).add(holder)
    return hinted_roles(names, holders)


def hinted_roles(names: Mapping[str, Collection[str]], holders: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Return the role that names speak for, by content: its own, else of what holds it; if they differ, none."""
    own = {
        blob_id: {role for name in said if (role := context_role((), plain_words(name)))}
        for blob_id, said in names.items()
    }
    found: dict[str, str] = {}
    for blob_id in names:
        level, seen = {blob_id}, set[str]()
        for _ in range(LEVELS):
            roles = {role for one in level for role in own.get(one, ())}
            if roles:
                if len(roles) == 1:
                    found[blob_id] = min(roles)
                break
            seen |= level
            level = {above for one in level for above in holders.get(one, ())} - seen
    return found


def plain_words(name: str) -> str:
    """Return the name of a file as words: "W2-Forms_2019.xlsx" is about W2 forms."""
    return _SIGNS.sub(" ", name)


def newest(moments: Iterable[str]) -> datetime.date | None:
    """Return the last day of the latest times, but for one in a hundred: clocks go wrong, and junk comes from 2038."""
    days = sorted(moment[:10] for moment in moments)
    return datetime.date.fromisoformat(days[-1 - len(days) // 100]) if days else None


def _anchors(resolution: Resolution) -> Iterable[tuple[Individual, str]]:
    smallest: dict[str, str] = {}
    for link in resolution.links:
        known = smallest.get(link.individual_id, link.mention_id)
        smallest[link.individual_id] = min(known, link.mention_id)
    return ((one, smallest[one.individual_id]) for one in resolution.individuals)


def _resolve(
    store: Store, reading: Reading, decisions: list[Decision], on: datetime.date | None, hints: dict[str, str]
) -> Resolution:
    """Resolve in as many partitions as memory asks for."""
    minted = {anchor: individual_id for individual_id, (anchor, _) in _by_age(store)}
    ruled = {anchor for one in decisions for anchor in (one.anchor, one.other_anchor) if anchor}
    more = 1
    while more <= MOST_PARTITIONS:
        connection = store.connect()
        try:
            n_memberships, relations = load_mentions(store, connection, reading, ruled)
            n_partitions = more << (n_memberships // AT_ONCE).bit_length()
            return resolve_loaded(connection, relations, decisions, minted, n_partitions, on, hints)
        except (duckdb.OutOfMemoryException, MemoryError):
            more *= 2
        finally:
            connection.close()
    raise no_memory("resolving people")


def _by_age(store: Store) -> list[tuple[str, tuple[str, int]]]:
    """Return the minted ids, the oldest first."""
    return sorted(store.ledger.minted().items(), key=lambda item: (item[1][1], item[0]))


def standing_decisions(store: Store, segments: Iterable[Segment]) -> Reattached:
    """Return the decisions that hold, at their places in the facts of these segments, and those whose place is gone."""
    decisions = store.ledger.decisions()
    blobs = {one.blob_id for one in decisions} | {one.other_blob_id for one in decisions}
    rows = _standing(store, segments, {blob for blob in blobs if blob})
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


def _standing(store: Store, segments: Iterable[Segment], blobs: set[str]) -> list[dict[str, Any]]:
    if not blobs:
        return []
    with (
        contextlib.closing(store.connect()) as connection,
        memory_permitting("finding the places of decisions"),
    ):
        load_ruled(store, connection, segments, blobs)
        query = files("rollcall.review").joinpath("standing.sql").read_text("utf-8")
        rows: list[dict[str, Any]] = connection.sql(query).to_arrow_table().to_pylist()
    return rows
