"""Sweeping a case of what no manifest needs, and holding it against its manifest, its chain and its originals."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from rollcall.engine.outcome import Outcome, Segment
from rollcall.problems import CaseError
from rollcall.store import Store
from rollcall.store.filesystem import TMP_SUFFIX, writing
from rollcall.store.ledger import Manifest
from rollcall.store.segments import FACTS, OBJECTS, SUFFIX
from rollcall.store.spool import SPOOL

# (path, kind) of a source -> its SHA-256; raises OSError when it cannot be read. The evidence stage knows how.
Rehash = Callable[[str, str], str]


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """What `gc` removed."""

    n_segments: int = 0
    n_objects: int = 0
    n_scratch: int = 0  # files left half-written, and spooled contents
    n_bytes: int = 0


class Discrepancy(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not as the case says. A leftover does no harm; everything else fails the verification.

    Kinds: missing, damaged, leftover, foreign (in the folder); chain; source_missing, source_changed,
    source_unreadable.
    """

    kind: str
    subject: str  # place in the case folder, or id of a source
    detail: str

    @property
    def fails(self) -> bool:
        """Say whether the case cannot be relied on while this stands."""
        return self.kind != "leftover"


def _places(store: Store, root: str) -> set[str]:
    return {each.relative_to(store.path).as_posix() for each in (store.path / root).glob(f"*/*{SUFFIX}")}


def _current(store: Store) -> list[Manifest]:
    latest, complete = store.ledger.manifest(), store.ledger.manifest(complete=True)
    return list({manifest.seq: manifest for manifest in (latest, complete) if manifest}.values())


def _outcomes(store: Store) -> dict[str, Outcome]:
    """Return the outcomes that open, by name; what does not open is `verify`'s to report."""
    outcomes = {}
    for name in store.objects("outcomes"):
        with contextlib.suppress(CaseError):
            outcomes[name] = store.get_object("outcomes", name, Outcome)
    return outcomes


def _needed(store: Store) -> set[str]:
    """Return the places that the current manifests, and the outcomes behind them, stand on."""
    manifests, outcomes = _current(store), _outcomes(store)
    names = {name for manifest in manifests for name in manifest.outcomes}
    contexts = {name for manifest in manifests for name in manifest.contexts}
    orders: set[str] = set()
    latest = store.ledger.manifest()
    if latest is None or not latest.complete:
        # A run is unfinished: every order that ended is work it will not have to do again.
        names |= set(outcomes)
        contexts |= set(store.objects("contexts"))
        orders |= set(store.objects("orders"))
    orders |= {outcomes[name].ref for name in names if name in outcomes}
    # No manifest names an order that was split; its parts do, and without it a later run would begin with the whole.
    while split := {name for name, each in outcomes.items() if name not in names and orders.intersection(each.parts)}:
        names |= split
        orders |= {outcomes[name].ref for name in split}
    segments: set[Segment] = {segment for manifest in manifests for segment in manifest.segments}
    segments.update(segment for name in names if name in outcomes for segment in outcomes[name].segments)
    mail = store.objects("mail")  # evidence that was fetched stands nowhere else
    kinds = (("outcomes", names), ("orders", orders), ("contexts", contexts), ("mail", mail))
    return {store.segments.object_place(kind, name) for kind, several in kinds for name in several} | {
        store.segments.place(segment.table, segment.name) for segment in segments
    }


def gc(store: Store) -> Swept:
    """Delete what no current manifest needs, half-written files and spooled contents; say how much that was.

    Holds the lease, since what looks left over may be what a run is writing. Of an unfinished run all finished work
    stays.
    """
    with store.ledger.lease("gc"):
        needed = _needed(store)
        segments = sorted(_places(store, FACTS) - needed)
        objects = sorted(_places(store, OBJECTS) - needed)
        scratch = sorted(each.relative_to(store.path).as_posix() for each in _scratch(store.path))
        n_bytes = 0
        for place in [*segments, *objects, *scratch]:
            target = store.path / place
            with writing(target):
                n_bytes += target.stat().st_size
                target.unlink()
        swept = Swept(n_segments=len(segments), n_objects=len(objects), n_scratch=len(scratch), n_bytes=n_bytes)
        store.ledger.append("gc", swept)
    return swept


def _scratch(case: Path) -> Iterator[Path]:
    # The journal of a half-made ledger copy is named after it.
    yield from case.glob(f".*{TMP_SUFFIX}*")
    for root in (FACTS, OBJECTS):
        yield from (case / root).glob(f"*/.*{TMP_SUFFIX}")
    yield from (each for each in (case / SPOOL).glob("*") if each.is_file())


def verify(store: Store, rehash: Rehash | None = None, heads: Iterable[str] = ()) -> list[Discrepancy]:
    """Return all that is not as the case says: folder against manifest, the chain, and with `rehash` the originals.

    `heads` are chain heads that earlier reports printed: a book that does not know one was rolled back or replaced.
    """
    found = list(_folder(store))
    found += [Discrepancy(kind="chain", subject="ledger.db", detail=detail) for detail in store.ledger.verify()]
    found += [
        Discrepancy(kind="chain", subject="ledger.db", detail=f"the head {head} that a report printed is not in it")
        for head in heads
        if not store.ledger.knows(head)
    ]
    if rehash is not None:
        found += _originals(store, rehash)
    return found


def _folder(store: Store) -> Iterator[Discrepancy]:
    listed: dict[str, Segment | None] = {}
    for manifest in _current(store):
        listed |= {store.segments.place(each.table, each.name): each for each in manifest.segments}
        listed |= {store.segments.object_place("outcomes", name): None for name in manifest.outcomes}
        listed |= {store.segments.object_place("contexts", name): None for name in manifest.contexts}
    needed = _needed(store)
    there = _places(store, FACTS) | _places(store, OBJECTS)
    for place in sorted(set(listed) - there):
        yield Discrepancy(kind="missing", subject=place, detail="the manifest lists it, the folder does not hold it")
    for place in sorted(there):
        segment = listed.get(place)
        n_rows = None
        try:
            if segment is None:
                store.segments.check(place)
            else:
                n_rows = store.segments.n_rows(place)
        except CaseError as failure:
            kind = "damaged" if place in listed or place in needed else "foreign"
            yield Discrepancy(kind=kind, subject=place, detail=str(failure))
            continue
        if segment is not None and n_rows != segment.rows:
            detail = f"it holds {n_rows} rows, the manifest says {segment.rows}"
            yield Discrepancy(kind="damaged", subject=place, detail=detail)
        if place not in listed and place not in needed:
            detail = "no manifest lists it; `rollcall gc` removes what is not needed"
            yield Discrepancy(kind="leftover", subject=place, detail=detail)


def _originals(store: Store, rehash: Rehash) -> Iterator[Discrepancy]:
    for source in store.ledger.sources():
        try:
            actual = rehash(source.path, source.kind)
        except (FileNotFoundError, NotADirectoryError):
            yield Discrepancy(kind="source_missing", subject=source.source_id, detail=f"{source.path} is not there")
        except OSError as failure:
            detail = f"{source.path} could not be read ({type(failure).__name__})"
            yield Discrepancy(kind="source_unreadable", subject=source.source_id, detail=detail)
        else:
            if actual != source.sha256:
                detail = f"{source.path} is not what was registered: another SHA-256"
                yield Discrepancy(kind="source_changed", subject=source.source_id, detail=detail)
