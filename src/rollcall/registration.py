"""Bring sources into the ledger, and see that they are still what they were when they were registered."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall import acquired
from rollcall.case import Case
from rollcall.engine.orders import CONTEXTS
from rollcall.engine.progress import Progress
from rollcall.evidence.hashing import Hashes
from rollcall.evidence.owners import mailbox_of_mail
from rollcall.evidence.register import Registered, register, rehash
from rollcall.model import Source
from rollcall.paths import real_path
from rollcall.problems import CaseError
from rollcall.store import Store
from rollcall.tasks import SOURCES
from rollcall.views import SourceTrouble

UNHASHED = "unreadable_source"
MAILBOXES = ("pst", "ost", "mbox", "maildir", acquired.KIND)  # kinds that are one person's mail


def register_sources(
    case: Case, store: Store, given: Iterable[tuple[str, Sequence[Path]]], progress: Progress, received_at: str
) -> list[tuple[str, str]]:
    """Register what is given, as (kind, paths); return (path, path of the same bytes) of what was there already."""
    known = {source.source_id: source for source in store.ledger.sources()}
    twice: list[tuple[str, str]] = []
    for kind, paths in given:
        if not paths:
            continue
        for path in paths:
            refuse_overlap(path, case.folder)
        progress.start("hashing", None, "bytes")
        found = register(paths, kind, case.mailboxes, received_at=received_at, progress=progress.advance)
        progress.finish()
        for one in found:
            twice += [(path, one.source.path) for path in one.also_at]
            earlier = known.get(one.source.source_id)
            if earlier is not None and earlier.path != one.source.path and os.path.lexists(real_path(earlier.path)):
                twice.append((one.source.path, earlier.path))
                continue
            if earlier is not None and earlier.path == one.source.path:
                continue
            known[one.source.source_id] = one.source
            store.ledger.add_sources([one.source])
            _note(store, one)
    for pair in twice:
        store.ledger.append("same_source", {"path": pair[0], "same_as": pair[1]}, once=f"same_source/{pair[0]}")
    return twice


def refuse_overlap(path: Path, folder: Path) -> None:
    """Refuse evidence inside the case, and a case inside the evidence: it would be read as evidence of itself."""
    given, case = path.resolve(), folder.resolve()
    if given.is_relative_to(case):
        raise CaseError(f"{path} lies inside the case, which is no place for evidence. Move it out and run again.")
    if case.is_relative_to(given):
        raise CaseError(
            f"The case {folder} lies inside {path}, so it would be read as evidence of itself. Put the case beside the "
            "evidence, not into it, and run again."
        )


def _note(store: Store, one: Registered) -> None:
    body = {"source_id": one.source.source_id, "excluded": list(one.excluded), "note": one.note}
    store.ledger.append("source_note", {**body, "code": one.code, "detail": one.detail})


def readable(store: Store) -> list[Source]:
    """Return the registered sources that could be read when they were registered."""
    return [source for source in store.ledger.sources() if source.sha256]


def tell_where(store: Store) -> list[Source]:
    """Write down for the workers where each source lies now, and return those that can be read."""
    excluded = {row["source_id"]: row["excluded"] for row in store.ledger.rows("source_note")}
    sources = readable(store)
    more = {source.source_id: acquired.sealed(store, source) for source in sources if source.kind == acquired.KIND}
    places = {
        source.source_id: (source.path, source.kind, more.get(source.source_id, excluded.get(source.source_id, [])))
        for source in sources
    }
    store.put_object(CONTEXTS, store.name(SOURCES), places)
    return sources


def rehash_source(store: Store, source: Source, advance: Callable[[int], None] = lambda _: None) -> Hashes:
    """Return the hashes of a source as it is now; raises OSError where it cannot be read."""
    if source.kind == acquired.KIND:
        return acquired.rehash(store, source, advance)
    return rehash(source.path, source.kind, advance)


class Check(msgspec.Struct, frozen=True):
    """What is wrong with sources as a whole."""

    troubles: list[SourceTrouble]

    def codes(self) -> dict[str, str]:
        """Return the sources concerned, each with the code of its problem."""
        return {trouble.source_id: trouble.code for trouble in self.troubles}


def check_sources(store: Store, sources: Sequence[Source], progress: Progress) -> Check:
    """Hash sources again and return those that are gone or not what they were."""
    troubles: list[SourceTrouble] = []
    if not sources:
        return Check(troubles)
    progress.start("checking that sources are unchanged", None, "bytes")
    for source in sources:
        code, detail = UNHASHED, ""
        try:
            now = rehash_source(store, source, progress.advance)
            code = "" if now.sha256 == source.sha256 else "changed_source"
        except FileNotFoundError:
            code = "missing_source"
        except OSError as error:
            detail = type(error).__name__
        if code:
            troubles.append(SourceTrouble(source_id=source.source_id, code=code, detail=detail))
    progress.finish()
    return Check(troubles)


def unreadable(store: Store) -> list[SourceTrouble]:
    """Return the sources that could not even be hashed when they were registered."""
    known = {source.source_id for source in store.ledger.sources() if not source.sha256}
    notes = {row["source_id"]: row for row in store.ledger.rows("source_note")}
    return [
        SourceTrouble(source_id=source_id, code=notes[source_id]["code"], detail=notes[source_id]["detail"])
        for source_id in sorted(known)
    ]


def tell_mailboxes(store: Store, mail: pa.Table) -> None:
    """Note whose mailboxes those sources are whose path did not tell, from the occurrences of mail in them."""
    unknown = {source.source_id: source for source in store.ledger.sources() if source.mailbox is None}
    roots = mail.filter(pc.equal(mail["parent_blob_id"], "")).to_pylist()
    for source_id, blob_id in sorted((row["locator"], row["blob_id"]) for row in roots):
        source = unknown.get(source_id)
        if source is None or source.kind not in MAILBOXES:
            continue
        held = mail.filter(pc.equal(mail["parent_blob_id"], blob_id))
        written = zip(held["sender"].to_pylist(), held["recipients"].to_pylist(), strict=True)
        mailbox = mailbox_of_mail((sender or "", to or "") for sender, to in written if sender or to)
        if mailbox is not None:
            store.ledger.add_sources([msgspec.structs.replace(source, mailbox=mailbox)])
