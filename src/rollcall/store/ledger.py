"""The book of runs: sources, runs, manifests, decisions, minted ids; append-only and chained by hash.

Each entry's hash covers all of it and the hash before, beginning with the case's id, so nothing in the middle can be
changed, taken out or put in without the head changing; every report prints the head. Long lists (minted ids,
manifests) stand in tables beside the chain, and the chain holds their digests.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from rollcall.engine.outcome import Segment
from rollcall.model import Alias, Decision, Source
from rollcall.problems import CaseError, Exit
from rollcall.store.database import LEDGER, Database
from rollcall.store.keys import Keyring, subkey
from rollcall.store.lease import Holder, Lease
from rollcall.store.segments import FACTS

SYSTEM = "rollcall"  # who an entry is by, when no person made it

# One process, one machine's clock; stages never read it.
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time, for the ledger only."""
    return datetime.now(UTC)


_LEAST_HEAD = 16
_UNVOUCHED = {
    "minted ids": "select count(*) from minted where seq not in (select seq from entries where kind = 'minted')",
    "manifests": "select count(*) from manifests where seq not in (select seq from entries where kind = 'manifest')",
}


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the book."""

    seq: int
    at: str
    kind: str
    who: str
    body: dict[str, Any]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One `rollcall run`: what it was told, and how it ended (None while it runs, or when it was killed)."""

    run: int
    started_at: str
    who: str
    arguments: dict[str, Any]
    version: str
    policy: str  # hash of it
    ended_at: str | None = None
    exit_code: int | None = None
    counts: dict[str, int] = {}


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The segments that are current; views read exactly one manifest."""

    seq: int
    run: int
    complete: bool
    segments: tuple[Segment, ...]
    outcomes: tuple[str, ...] = ()  # names of the outcome objects that stand behind it
    contexts: tuple[str, ...] = ()


class Ledger:
    """The ledger of one case."""

    def __init__(self, folder: Path, keyring: Keyring, clock: Clock = utc_now) -> None:
        self._keyring = keyring
        self._clock = clock
        _refuse_vanished(folder)
        self._key = subkey(keyring.key, "ledger")
        self._database = Database(folder / LEDGER, tuple(subkey(key, "ledger") for key in keyring.keys))
        self._lease = Lease(folder, self._database, clock)
        self._genesis = hashlib.sha256(f"rollcall/1/ledger/{keyring.case_id}".encode()).hexdigest()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def rekey(self) -> None:
        """Put the file under the case's current data key if it stands under the former one."""
        if self._database.key != self._key:
            self._database.rekey(self._key)

    # --- the chain ---

    def append(self, kind: str, body: object, who: str = SYSTEM, once: str | None = None) -> int:
        """Add an entry and return its number; it is on disk when this returns.

        With `once`, an entry that already bears the same mark is not added again and its number is returned: a
        caller that was killed before it heard the number can repeat itself.
        """
        with self._database.writing() as cursor:
            return self._append(cursor, kind, body, who, once)

    def _append(self, cursor: Any, kind: str, body: object, who: str, once: str | None = None) -> int:
        if once is not None:
            known = cursor.execute("select seq from entries where once = ?", (once,)).fetchone()
            if known:
                return int(known[0])
        last = cursor.execute("select seq, hash from entries order by seq desc limit 1").fetchone()
        seq, prev = (last[0] + 1, last[1]) if last else (1, self._genesis)
        # The standard library's JSON keeps the stray surrogates of undecodable file names.
        text = json.dumps(msgspec.to_builtins(body), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        row = (seq, utc_text(self._clock()), kind, who, text, once, prev)
        cursor.execute("insert into entries values (?, ?, ?, ?, ?, ?, ?, ?)", (*row, _hash(row)))
        return seq

    def entries(self, kind: str | None = None) -> list[Entry]:
        """Return the entries of one kind, or all, oldest first."""
        rows = (
            self._database.rows("select seq, at, kind, who, body from entries order by seq")
            if kind is None
            else self._database.rows(
                "select seq, at, kind, who, body from entries where kind = ? order by seq", (kind,)
            )
        )
        return [Entry(seq=row[0], at=row[1], kind=row[2], who=row[3], body=json.loads(row[4])) for row in rows]

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return the bodies of the entries of one kind, oldest first."""
        return [entry.body for entry in self.entries(kind)]

    def head(self) -> str:
        """Return the hash of the last entry: what a report prints to pin down the whole book."""
        rows = self._database.rows("select hash from entries order by seq desc limit 1")
        return str(rows[0][0]) if rows else self._genesis

    def knows(self, head: str) -> bool:
        """Say whether a head that a report printed is in this book; if not, the book was rolled back or replaced.

        Its first 16 digits or more are enough.
        """
        if len(head) < _LEAST_HEAD:
            return False
        found = self._database.rows("select 1 from entries where substr(hash, 1, ?) = ?", (len(head), head.lower()))
        return bool(found) or self._genesis.startswith(head.lower())

    def verify(self) -> list[str]:
        """Return what is wrong with the chain and with the lists it vouches for, one sentence each."""
        wrong: list[str] = []
        prev, expected = self._genesis, 1
        for row in self._database.rows("select seq, at, kind, who, body, once, prev, hash from entries order by seq"):
            if row[0] != expected:
                wrong.append(f"entries {expected} to {row[0] - 1} are gone")
            if row[6] != prev:
                wrong.append(f"entry {row[0]} does not follow the one before it")
            if row[7] != _hash(row[:7]):
                wrong.append(f"entry {row[0]} was changed")
            prev, expected = row[7], row[0] + 1
            wrong += self._list_problems(row[0], row[2], row[4])
        for table, statement in _UNVOUCHED.items():
            if (n_rows := self._database.rows(statement)[0][0]) > 0:
                wrong.append(f"{n_rows} rows of {table} stand in no entry")
        return wrong

    def _list_problems(self, seq: int, kind: str, text: str) -> Iterable[str]:
        if kind == "minted":
            rows = self._database.rows(
                "select individual_id, anchor, first_seen_run from minted where seq = ? order by individual_id", (seq,)
            )
            if _digest([list(row) for row in rows]) != json.loads(text)["digest"]:
                yield f"the ids minted in entry {seq} were changed"
        if kind == "manifest":
            bodies = self._database.rows("select body from manifests where seq = ?", (seq,))
            if not bodies:
                yield f"the manifest of entry {seq} is gone"
            elif bodies[0][0] is not None and hashlib.sha256(bodies[0][0]).hexdigest() != json.loads(text)["digest"]:
                yield f"the manifest of entry {seq} was changed"

    # --- sources ---

    def add_source(self, source: Source, who: str = SYSTEM) -> None:
        """Register one source."""
        self.add_sources([source], who)

    def add_sources(self, sources: Iterable[Source], who: str = SYSTEM) -> None:
        """Register sources; the same record twice is one entry, another record of the same id takes its place."""
        with self._database.writing() as cursor:
            rows = cursor.execute("select body from entries where kind = 'source' order by seq").fetchall()
            known = {each.source_id: each for each in (msgspec.convert(json.loads(row[0]), Source) for row in rows)}
            for source in sources:
                if known.get(source.source_id) != source:
                    self._append(cursor, "source", source, who)
                    known[source.source_id] = source

    def sources(self) -> list[Source]:
        """Return the registered sources, in the order of first registration."""
        latest: dict[str, Source] = {}
        for body in self.rows("source"):
            source = msgspec.convert(body, Source)
            latest[source.source_id] = source
        return list(latest.values())

    # --- runs ---

    def start_run(self, arguments: dict[str, Any], version: str, policy: str, who: str = SYSTEM) -> int:
        """Record that a run begins and return its number, from 1."""
        with self._database.writing() as cursor:
            run = int(cursor.execute("select count(*) from entries where kind = 'run_started'").fetchone()[0]) + 1
            body = {"run": run, "arguments": arguments, "version": version, "policy": policy}
            self._append(cursor, "run_started", body, who)
            return run

    def end_run(self, run: int, exit_code: int, counts: dict[str, int] | None = None) -> None:
        """Record how a run ended."""
        self.append("run_ended", {"run": run, "exit_code": exit_code, "counts": counts or {}}, once=f"run_ended/{run}")

    def runs(self) -> list[Run]:
        """Return the runs, oldest first."""
        ended = {entry.body["run"]: entry for entry in self.entries("run_ended")}
        runs = []
        for entry in self.entries("run_started"):
            end = ended.get(entry.body["run"])
            how = {"exit_code": end.body["exit_code"], "counts": end.body["counts"], "ended_at": end.at} if end else {}
            runs.append(Run(started_at=entry.at, who=entry.who, **entry.body, **how))
        return runs

    # --- manifests ---

    def save_manifest(
        self,
        run: int,
        segments: Iterable[Segment],
        complete: bool,
        outcomes: Iterable[str] = (),
        contexts: Iterable[str] = (),
    ) -> int:
        """Record which segments are current; a partial manifest is replaced by the next one."""
        kept = sorted(set(segments), key=lambda each: (each.table, each.name))
        lists = (kept, sorted(set(outcomes)), sorted(set(contexts)))
        body = msgspec.msgpack.encode(lists)
        with self._database.writing() as cursor:
            summary = {"run": run, "complete": complete, "digest": hashlib.sha256(body).hexdigest(), "n": len(kept)}
            seq = self._append(cursor, "manifest", summary, SYSTEM)
            # Of older manifests only the digest in the chain is kept.
            cursor.execute("update manifests set body = null where complete <= ?", (int(complete),))
            cursor.execute("insert into manifests values (?, ?, ?, ?)", (seq, run, int(complete), body))
            return seq

    def manifest(self, complete: bool = False) -> Manifest | None:
        """Return the latest manifest, or the latest complete one; None before the first."""
        rows = self._database.rows(
            "select seq, run, complete, body from manifests where complete >= ? and body is not null "
            "order by seq desc limit 1",
            (int(complete),),
        )
        if not rows:
            return None
        seq, run, is_complete, body = rows[0]
        segments, outcomes, contexts = msgspec.msgpack.decode(
            body, type=tuple[tuple[Segment, ...], tuple[str, ...], tuple[str, ...]]
        )
        return Manifest(
            seq=seq, run=run, complete=bool(is_complete), segments=segments, outcomes=outcomes, contexts=contexts
        )

    # --- people ---

    def mint(self, people: Sequence[tuple[str, str]], run: int) -> dict[str, int]:
        """Mint ids for people (individual_id, anchor) and return the run in which each was first seen.

        An id that was minted before keeps its run, so that a killed run can repeat itself.
        """
        with self._database.writing() as cursor:
            known = dict(cursor.execute("select individual_id, first_seen_run from minted"))
            fresh = sorted({key: anchor for key, anchor in reversed(people) if key not in known}.items())
            if fresh:
                digest = _digest([[individual_id, anchor, run] for individual_id, anchor in fresh])
                seq = self._append(cursor, "minted", {"run": run, "n": len(fresh), "digest": digest}, SYSTEM)
                cursor.executemany("insert into minted values (?, ?, ?, ?)", [(*person, run, seq) for person in fresh])
        return {individual_id: known.get(individual_id, run) for individual_id, _ in people}

    def minted(self) -> dict[str, tuple[str, int]]:
        """Return every minted id with its anchor and the run in which it was first seen."""
        rows = self._database.rows("select individual_id, anchor, first_seen_run from minted")
        return {row[0]: (row[1], row[2]) for row in rows}

    def add_alias(self, alias: Alias) -> None:
        """Record that an id now stands for another; saying it twice is saying it once."""
        self.append("alias", alias, once=f"alias/{alias.alias_id}/{alias.individual_id}")

    def aliases(self) -> list[Alias]:
        """Return every alias, oldest first."""
        return [msgspec.convert(body, Alias) for body in self.rows("alias")]

    # --- decisions ---

    def decide(self, decision: Decision) -> None:
        """Record a ruling; the same one twice is one entry."""
        self.append("decision", decision, decision.decided_by, once=f"decision/{decision.decision_id}")

    def undo(self, decision_id: str, undo_id: str, who: str, why: str = "") -> None:
        """Record that a ruling is taken back; both stay in the book."""
        body = {"decision_id": decision_id, "undo_id": undo_id, "why": why}
        self.append("undo", body, who, once=f"undo/{undo_id}")

    def decisions(self) -> list[Decision]:
        """Return every ruling, oldest first, with what undid it."""
        undone = {body["decision_id"]: body["undo_id"] for body in self.rows("undo")}
        decisions = (msgspec.convert(body, Decision) for body in self.rows("decision"))
        return [
            msgspec.structs.replace(each, undone_by=undone[each.decision_id]) if each.decision_id in undone else each
            for each in decisions
        ]

    # --- what a run remembers ---

    def remember(self, name: str, value: object, who: str = SYSTEM) -> None:
        """Keep a flag given to `run` for the next one."""
        if name not in (known := self.remembered()) or known[name] != msgspec.to_builtins(value):
            self.append("flag", {"name": name, "value": value}, who)

    def remembered(self) -> dict[str, Any]:
        """Return the flags remembered, the latest value of each."""
        return {body["name"]: body["value"] for body in self.rows("flag")}

    # --- the lease ---

    def lease(self, what: str = "run") -> contextlib.AbstractContextManager[None]:
        """Hold the case for a block, or say who holds it (exit 2); a dead holder is taken over at once."""
        return self._lease.hold(what)

    def holder(self) -> Holder | None:
        """Return who holds the case by the lease row."""
        return self._lease.holder()


def _refuse_vanished(folder: Path) -> None:
    # An empty book made in the place of a lost one would look like a case without decisions.
    path = folder / LEDGER
    is_there = path.exists() and path.stat().st_size > 0
    if not is_there and any((folder / FACTS).glob("*/*")):
        raise CaseError(
            f"{path} is gone or empty, though the case holds facts. It holds the decisions and the book of runs. "
            "Restore it from a backup and run `rollcall verify`.",
            Exit.VERIFICATION,
        )


def utc_text(moment: datetime) -> str:
    """Return a time as the records spell it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _hash(fields: Sequence[object]) -> str:
    code = hashlib.sha256()
    for field in fields:
        data = b"-" if field is None else b"+" + str(field).encode()
        code.update(len(data).to_bytes(8, "big") + data)
    return code.hexdigest()


def _digest(rows: list[list[object]]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()
