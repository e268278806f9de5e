"""The whole run, in order; read this first.

    register what is given -> read it in waves -> look again with what the case taught -> resolve people -> manifest

Everything here is names and counts; what is done to contents stands in the stages, how it is brought to them in
`tasks`, in which order in `waves`. A run that is broken off anywhere is simply run again.
"""

import contextlib
import datetime
import logging
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from rollcall import __version__, acquired, acquiring, layouts, model, registration, resolving, unlocking, views
from rollcall.case import Case
from rollcall.engine.local import LocalEngine
from rollcall.engine.outcome import Engine
from rollcall.engine.progress import Progress
from rollcall.items.parser import Limits
from rollcall.loading import Facts, load
from rollcall.pictures import OcrPolicy
from rollcall.problems import CODES, CaseError, Exit
from rollcall.sandbox import protection, tools
from rollcall.store import Manifest, Store
from rollcall.store.connection import memory_permitting, no_memory
from rollcall.tasks import OPEN, ROOTS
from rollcall.waves import Reading

_log = logging.getLogger(__name__)

SLICES_PER_WORKER = 8  # of one wave
KINDS = (("evidence", "sources"), ("log", "logs"), ("roster", "rosters"), ("passwords", "passwords"))


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What `rollcall run` was told."""

    sources: tuple[Path, ...] = ()
    mailboxes: tuple[acquiring.Mailbox, ...] = ()  # on servers
    logs: tuple[Path, ...] = ()
    rosters: tuple[Path, ...] = ()
    passwords: tuple[Path, ...] = ()
    discovered: str | None = None
    workers: int = 2
    engine: str = "local"
    ocr: bool = True


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How a run ended."""

    run: int
    exit_code: Exit
    account: dict[str, Any]
    people: dict[str, Any]
    n_open_problems: int
    twice: tuple[tuple[str, str], ...] = ()  # (path, path of the same bytes): given twice, read once


def run(case: Case, store: Store, request: RunRequest, progress: Progress, engine: Engine | None = None) -> RunSummary:
    """Do all that is not yet done and return how the case stands; `engine` is given by tests only."""
    if request.engine != "local":
        raise CaseError(f"--engine {request.engine} is not built in this version. Leave it out to run on this machine.")
    with store.ledger.lease("run"):
        number = _begin(case, store, request)
        _note_protection(store, number)
        given = [(kind, getattr(request, field)) for kind, field in KINDS]
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        known = registration.readable(store)
        acquiring.acquire(case, store, request.mailboxes, progress)
        twice = registration.register_sources(case, store, given, progress, now)
        sources = registration.tell_where(store)
        known = [source for source in known if source in sources]  # a mailbox that has grown is another
        changed = registration.check_sources(store, known, progress)
        limits = msgspec.convert(case.policy.limits(), Limits)
        ocr = _note_ocr(case, store, request, number)
        read = partial(_read, case, store)
        if engine is None:
            with LocalEngine(store, workers=request.workers, beat_seconds=limits.max_seconds) as local:
                reading = read(local, limits, sources, changed.codes(), number, progress, request.workers, ocr)
        else:
            reading = read(engine, limits, sources, changed.codes(), number, progress, request.workers, ocr)
        fresh = [source for source in sources if source not in known]
        troubles = changed.troubles + registration.check_sources(store, fresh, progress).troubles
        store.ledger.append("check", {"run": number, "troubles": msgspec.to_builtins(troubles)})
        resolving.resolve_people(store, reading, number, progress, case.incident.discovered_on)
        store.ledger.save_manifest(number, reading.segments(), True, reading.outcomes(), reading.contexts())
        summary = _summary(case, store, number, twice)
        counts = {"listed": summary.people["n_people"], "problems": summary.n_open_problems}
        store.ledger.end_run(number, int(summary.exit_code), counts)
        return summary


def _note_protection(store: Store, number: int) -> None:
    """Find out how well readers of untrusted content are confined here; the ledger keeps it, below full it is said."""
    found = protection.probe()
    store.ledger.append("protection", {"run": number, **msgspec.to_builtins(found)})
    if found.tier != "full":
        _log.warning("protection is %s: %s", found.tier, found.sentence())


def _note_ocr(case: Case, store: Store, request: RunRequest, number: int) -> OcrPolicy:
    """Decide what reads pages; the ledger keeps it, and a program that was asked for and is not there is said."""
    fast = case.policy.ocr_fast and tools.available("tesseract")
    policy = OcrPolicy(on=request.ocr, most=case.policy.max_ocr_pages, fast=fast)
    store.ledger.append("ocr", {"run": number, "engines": policy.engines if policy.on else []})
    if case.policy.ocr_fast and not fast:
        _log.warning("ocr_fast is set, but tesseract or bubblewrap is not installed: rapidocr reads all pages")
    return policy


def _begin(case: Case, store: Store, request: RunRequest) -> int:
    """Record that a run begins, and remember what it was told."""
    arguments = msgspec.to_builtins(
        msgspec.structs.replace(request, sources=(), mailboxes=(), logs=(), rosters=(), passwords=())
    )
    for name in ("discovered", "ocr"):
        if arguments[name] is not None:
            store.ledger.remember(name, arguments[name])
    return store.ledger.start_run(arguments, __version__, case.policy.digest())


def _read(
    case: Case,
    store: Store,
    engine: Engine,
    limits: Limits,
    sources: list[model.Source],
    changed: dict[str, str],
    number: int,
    progress: Progress,
    workers: int,
    ocr: OcrPolicy,
) -> Reading:
    """Read what is not read yet, a manifest after each wave, then look again at running text."""
    reading = Reading(store, engine, limits, progress, wave_size=workers * SLICES_PER_WORKER, ocr=ocr)
    # What is no longer as it was registered is not read further: locators would lead astray.
    roots = [_root(source) for source in sources if source.source_id not in changed]
    if (manifest := store.ledger.manifest()) is not None:
        reading.resume(manifest.outcomes, roots)
    progress.start("reading", sum(source.size for source in sources), "bytes")
    for share in reading.waves(roots, changed, partial(unlocking.gather, store, reading)):
        store.ledger.append("wave", {"run": number, "share": round(share, 4)})
        if share < 1:
            store.ledger.save_manifest(number, reading.segments(), False, reading.outcomes(), reading.contexts())
    progress.finish()
    children = reading.table([*reading.ended[ROOTS], *reading.ended[OPEN]], model.Child, layouts.COLUMNS)
    registration.tell_mailboxes(store, children)
    layouts.tell(store, children, case.mailboxes)
    del children
    resolving.look_again(store, reading, progress)
    return reading


def _root(source: model.Source) -> dict[str, Any]:
    name = source.path.rpartition("/")[2]
    told = ("maildir", "folder", "log", "roster", "passwords", acquired.KIND)
    # A mailbox on a server grows: it is known by what it is, so that its mails keep their ids.
    blob_id = acquired.blob_id_of(source.source_id) if source.kind == acquired.KIND else source.sha256
    return {
        "source_id": source.source_id,
        "sha256": blob_id,
        "blob_id": blob_id,
        "kind": source.kind if source.kind in told else "file",
        "size": source.size,
        "name": name,
    }


# --- what a case shows ---------------------------------------------------------------------------------------------


def shown_manifest(store: Store) -> Manifest | None:
    """Return the manifest that views read: the latest complete one, else what a first run has so far."""
    return store.ledger.manifest(complete=True) or store.ledger.manifest()


def connect(case: Case, store: Store, facts: Facts = Facts.WHOLE) -> duckdb.DuckDBPyConnection:
    """Return a connection with facts of the shown manifest and every view over them; texts and rows left out."""
    manifest = shown_manifest(store)
    segments = manifest.segments if manifest else ()
    checks = store.ledger.rows("check")
    troubles = msgspec.convert(checks[-1]["troubles"] if checks else [], list[views.SourceTrouble])
    standing = resolving.standing_decisions(store, segments)
    registers = views.Registers(
        sources=store.ledger.sources(),
        source_troubles=[*registration.unreadable(store), *acquiring.troubles(store), *troubles],
        decisions=standing.decisions,
        orphaned=standing.orphans,
        aliases=store.ledger.aliases(),
        inside=layouts.owners(store),
        minted=[views.Minted(individual_id=one, first_seen_run=run) for one, (_, run) in store.ledger.minted().items()],
    )
    # Nobody should mask with the values of some findings only.
    without = frozenset({"known_values"} if facts is Facts.COUNTED else ())
    thresholds = msgspec.convert(case.policy.thresholds(), views.Thresholds)
    more = 1
    while more <= resolving.MOST_PARTITIONS:
        connection = store.connect()
        try:
            load(store, connection, segments, facts)
            views.create(connection, registers, thresholds, without, more)
        except duckdb.OutOfMemoryException:
            connection.close()
            more *= 4
        else:
            return connection
    raise no_memory("showing the case")


def progress(store: Store) -> float:
    """Return the share of the slices that the shown manifest covers."""
    manifest = shown_manifest(store)
    if manifest is None or manifest.complete:
        return float(manifest is not None)
    return float(store.ledger.rows("wave")[-1]["share"])


def _summary(case: Case, store: Store, number: int, twice: list[tuple[str, str]]) -> RunSummary:
    with (
        contextlib.closing(connect(case, store, Facts.COUNTED)) as connection,
        memory_permitting("counting who is on the list"),
    ):
        account = views.one(connection, "accounting")
        people = views.one(connection, "headline")
        problems = views.rows(connection, "problems").to_pylist()
    n_open = sum(row["state"] == "open" and CODES[row["code"]].loses for row in problems)
    if account["n_read"] + account["n_empty"] == 0:
        code = Exit.NOTHING_OPENED
    else:
        code = Exit.OPEN_PROBLEMS if n_open or account["difference"] else Exit.DONE
    return RunSummary(
        run=number, exit_code=code, account=account, people=people, n_open_problems=n_open, twice=tuple(twice)
    )
