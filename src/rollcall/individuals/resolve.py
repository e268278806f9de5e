"""Decide which mentions are one person. A pure function of mentions, decisions and the ids minted before.

First those that can stand for a person by themselves are put together along their evidence (clusters.py), then the
weak ones are given to whom they fit (attach.py). Numbers are given to mentions in the order of their ids, so that
neither the order of the input nor the number of partitions changes anything.
"""

import datetime
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.individuals.attach import Attachments
from rollcall.individuals.clusters import Clusters, Refused, Summary
from rollcall.individuals.family import with_guardians
from rollcall.individuals.gather import ALONE, Profile, Shown, gather
from rollcall.individuals.pairs import Decoder, Edge, blocks, candidate_pairs, compare
from rollcall.individuals.people import individual, is_listed, link_confidence
from rollcall.model import Decision, Individual, Link, digest


class AliasOf(msgspec.Struct, frozen=True, order=True):
    """An id that used to stand for a person, and the one that does now."""

    alias_id: str
    individual_id: str
    why: str


class Resolution(msgspec.Struct, frozen=True):
    """Who there is."""

    individuals: list[Individual]
    links: list[Link]
    aliases: list[AliasOf]
    refused: list[Refused]  # pairs that share something and were kept apart
    counts: dict[str, int]


def resolve(
    mentions: pa.Table, memberships: pa.Table, findings: pa.Table, relations: pa.Table,
    decisions: Sequence[Decision] = (), minted: Mapping[str, str] | None = None, n_partitions: int = 1,
    connection: duckdb.DuckDBPyConnection | None = None, on: datetime.date | None = None,
    hints: Mapping[str, str] | None = None,
) -> Resolution:  # fmt: skip
    """Return the people that mentions speak of.

    `decisions` are those that hold, with anchors that exist (review.decisions re-attaches them); `minted` maps a
    mention to the id that was minted with it, the oldest first. A number that one person has joins mentions only where
    the names agree; a person of whom nothing is known that would list anybody is not returned at all.
    Without a day (`on`) nobody is known to be a minor.
    """
    own = connection is None
    connection = connection or duckdb.connect(":memory:", config={"temp_directory": ""})
    try:
        for name, table in (("mentions", mentions), ("memberships", memberships), ("findings", findings)):
            connection.register(name, table)
        return resolve_loaded(connection, relations, decisions, minted, n_partitions, on, hints)
    finally:
        for name in ("mentions", "memberships", "findings"):
            connection.unregister(name)
        if own:
            connection.close()


def resolve_loaded(
    connection: duckdb.DuckDBPyConnection, relations: pa.Table, decisions: Sequence[Decision] = (),
    minted: Mapping[str, str] | None = None, n_partitions: int = 1, on: datetime.date | None = None,
    hints: Mapping[str, str] | None = None,
) -> Resolution:  # fmt: skip
    """Return the people of the tables `mentions`, `memberships` and `findings` of a connection."""
    held = _Held.read(connection, n_partitions, decisions)
    clusters, attached = _cluster(held, decisions, n_partitions)
    return _Output(held, clusters, attached, dict(minted or {}), on, dict(hints or {})).result(relations)


class _Held:
    """What is kept in memory of all mentions: packed bytes and numbers."""

    def __init__(self) -> None:
        self.profiles: list[bytes] = []  # different ones, in the order of their smallest mention
        self.smallest: list[str] = []
        self.shown: list[bytes] = []  # per mention
        self.blobs = array("L")  # per mention, numbered
        self.mentions_of: list[list[int]] = []  # profile -> mentions
        self.number: dict[str, int] = {}  # ruled mention -> profile
        self.profile_of = Decoder(self.profiles)
        self._shown = msgspec.msgpack.Decoder(Shown).decode

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection, n_partitions: int, decisions: Iterable[Decision]) -> "_Held":
        """Read all mentions."""
        held = cls()
        ruled = frozenset(
            anchor
            for one in decisions
            if one.kind in ("must_link", "cannot_link")
            for anchor in (one.anchor, one.other_anchor)
            if anchor
        )
        not_this = frozenset(one.anchor for one in decisions if one.kind == "not_this")
        encode = msgspec.msgpack.Encoder().encode
        numbers: dict[bytes, int] = {}
        blobs: dict[str, int] = {}
        for profile, shown in gather(connection, n_partitions, not_this, ruled):
            packed = encode(profile)
            # Two mentions of which nothing at all is known have nothing in common.
            if not _tells(profile):
                packed = encode(msgspec.structs.replace(profile, apart=shown.mention_id))
            number = numbers.setdefault(packed, len(held.profiles))
            if number == len(held.profiles):
                held.profiles.append(packed)
                held.smallest.append(shown.mention_id)
                held.mentions_of.append([])
            held.mentions_of[number].append(len(held.shown))
            held.shown.append(encode(shown))
            held.blobs.append(blobs.setdefault(shown.blob_id, len(blobs)))
            if shown.mention_id in ruled:
                held.number[shown.mention_id] = number
        return held

    def shown_of(self, cluster: Summary) -> list[Shown]:
        """Return the mentions of a cluster, in the order of their ids."""
        indices = sorted(index for profile in cluster.profiles for index in self.mentions_of[profile])
        return [self._shown(self.shown[index]) for index in indices]

    def contents(self, cluster: Summary) -> frozenset[int]:
        """Return the blobs that a cluster's mentions stand in."""
        return frozenset(self.blobs[index] for profile in cluster.profiles for index in self.mentions_of[profile])

    def alone(self, index: int) -> bool:
        """Say whether a profile is compared with nobody."""
        return self.profile_of(index).apart.startswith(ALONE)


def _tells(profile: Profile) -> bool:
    return profile.named or profile.unique or bool(profile.members or profile.last4)


def _cluster(held: _Held, decisions: Sequence[Decision], n_partitions: int) -> tuple[Clusters, Attachments]:
    decode = held.profile_of
    must, cannot = _constraints(held, decisions)
    clusters = Clusters(decode, held.smallest, cannot)
    clusters.must_join(must)
    strong = bytearray(decode(index).strong for index in range(len(held.profiles)))
    edges = _edges(held, strong, n_partitions, clusters)

    def why(one: int, other: int) -> Edge:
        return compare(decode(one), decode(other))

    for level in (2, 0):  # both can stand for a person; neither can
        clusters.agglomerate(((one, other) for _, one, other in edges.ordered(level)), why)
    attached = Attachments(clusters, held.alone, held.contents)
    attached.run(edges.ordered(1))
    return clusters, attached


def _constraints(held: _Held, decisions: Iterable[Decision]) -> tuple[list[tuple[int, int]], dict[int, frozenset[int]]]:
    must: list[tuple[int, int]] = []
    cannot: dict[int, frozenset[int]] = {}
    for decision in decisions:
        one, other = held.number.get(decision.anchor), held.number.get(decision.other_anchor or "")
        if one is None or other is None or one == other:
            continue
        if decision.kind == "must_link":
            must.append((one, other))
        elif decision.kind == "cannot_link":
            cannot[one] = cannot.get(one, frozenset()) | {other}
            cannot[other] = cannot.get(other, frozenset()) | {one}
    return must, cannot


class _Edges:
    """Edges as columns of numbers: level (how many of the two can stand for a person), weight, one, other."""

    def __init__(self) -> None:
        self._columns = (array("L"), array("L"), array("L"), array("L"))

    def add(self, *row: int) -> None:
        """Add one edge."""
        for column, value in zip(self._columns, row, strict=True):
            column.append(value)

    def ordered(self, level: int) -> Iterator[tuple[int, int, int]]:
        """Yield (weight, one, other) of a level, the strongest first, ties in the order of the mentions."""
        table = pa.table(
            [pa.array(memoryview(column), type=pa.uint64()) for column in self._columns],
            names=["level", "weight", "one", "other"],
        )
        mask = pc.equal(table["level"], level)
        order = [("weight", "descending"), ("one", "ascending"), ("other", "ascending")]
        for batch in table.filter(mask).sort_by(order).to_batches(max_chunksize=65_536):
            yield from zip(*(batch[name].to_pylist() for name in ("weight", "one", "other")), strict=True)


def _edges(held: _Held, strong: bytearray, n_partitions: int, clusters: Clusters) -> _Edges:
    edges = _Edges()
    decode = held.profile_of
    for groups in blocks(held.profiles, n_partitions, decode):
        seen: set[int] = set()
        for group in groups:
            for one, other in candidate_pairs(group, held.profiles):
                pair = one * len(held.profiles) + other
                if pair in seen:
                    continue
                seen.add(pair)
                edge = compare(decode(one), decode(other))
                if edge.weight:
                    edges.add(strong[one] + strong[other], edge.weight, one, other)
                elif edge.clash:
                    clusters.refuse(held.smallest[one], held.smallest[other], edge.clash)
    return edges


class _Output:
    """Clusters to individuals with ids, links and aliases."""

    def __init__(
        self, held: _Held, clusters: Clusters, attached: Attachments, minted: dict[str, str],
        on: datetime.date | None, hints: dict[str, str],
    ) -> None:  # fmt: skip
        self._held = held
        self._clusters = clusters
        self._attached = attached
        self._minted = minted
        self._on = on
        self._hints = hints
        self._age = {individual_id: age for age, individual_id in enumerate(dict.fromkeys(minted.values()))}

    def result(self, relations: pa.Table) -> Resolution:
        """Return everything, sorted by id."""
        open_ = {id(self._clusters.of(index)): rest for index, rest in self._attached.candidates.items()}
        kept: dict[int, tuple[Summary, str]] = {}
        aliases: list[AliasOf] = []
        total = unlisted = 0
        for cluster in self._clusters.all():
            total += 1
            mentions = self._held.shown_of(cluster)
            if not is_listed(mentions):
                unlisted += len(mentions)
                continue
            individual_id, older = self._identify([one.mention_id for one in mentions])
            kept[id(cluster)] = cluster, individual_id
            aliases += [AliasOf(alias, individual_id, "its mentions are now this person's") for alias in older]
        individuals: list[Individual] = []
        links: list[Link] = []
        for key, (cluster, individual_id) in kept.items():
            ids = sorted({kept[near][1] for near in self._near(open_.get(key, ())) if near in kept} - {individual_id})
            # Candidates who are not on the list themselves leave this mention the only trace of a person.
            unresolved = key in open_ and (bool(ids) or not cluster.full_name)
            person, linked = self._person(cluster, individual_id, ids, open_=unresolved)
            individuals.append(person)
            links += linked
        person_of = {one.mention_id: one.individual_id for one in links}
        return Resolution(
            individuals=sorted(with_guardians(individuals, relations, person_of), key=lambda one: one.individual_id),
            links=sorted(links, key=lambda one: (one.individual_id, one.mention_id)),
            aliases=sorted(aliases),
            refused=sorted(self._clusters.refused),
            counts={"clusters": total, "mentions": len(self._held.shown), "mentions_of_nobody_listed": unlisted},
        )

    def _near(self, indices: Iterable[int]) -> set[int]:
        return {id(self._clusters.of(index)) for index in indices}

    def _identify(self, mention_ids: list[str]) -> tuple[str, list[str]]:
        """Return the person's id, and the other ids minted with their mentions."""
        known = sorted(
            {self._minted[one] for one in mention_ids if one in self._minted}, key=lambda one: self._age[one]
        )
        if known:
            return known[0], known[1:]
        return digest("individual", mention_ids[0]), []

    def _person(
        self, cluster: Summary, individual_id: str, candidates: list[str], *, open_: bool
    ) -> tuple[Individual, list[Link]]:
        held, why = self._held, self._clusters.why
        rows = sorted((index, profile) for profile in cluster.profiles for index in held.mentions_of[profile])
        mentions = held.shown_of(cluster)
        alone = "unresolved: candidates are listed" if open_ else "stands alone"
        reasons = [why.get(profile) or ("same particulars" if len(rows) > 1 else alone) for _, profile in rows]
        links = [
            Link(
                individual_id=individual_id,
                mention_id=one.mention_id,
                confidence=0.5 if open_ else round(link_confidence(reason) * one.sure, 4),
                why=alone if open_ else reason,
            )
            for one, reason in zip(mentions, reasons, strict=True)
        ]
        person = individual(
            individual_id, mentions, reasons=reasons, candidates=candidates, open_=open_, on=self._on, hints=self._hints
        )
        return person, links
