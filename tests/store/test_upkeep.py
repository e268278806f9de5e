import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rollcall.engine.outcome import Order, Outcome, Segment
from rollcall.problems import CaseError
from rollcall.store import Store, create_store
from rollcall.store.upkeep import Swept, gc, verify

from .conftest import PHRASE, children
from .test_ledger import source


def ran(store: Store, *refs: str) -> list[Segment]:
    """Leave behind what orders of a run leave: order, segment, outcome."""
    segments = []
    for ref in refs:
        order = store.name("order", ref)
        store.put_object("orders", order, Order(task="t", entries=[]))
        segment = store.put("children", store.name(ref), children(ref))
        outcome = Outcome(ref=order, task="t", version=1, state="done", segments=(segment,))
        store.put_object("outcomes", store.name(ref), outcome)
        segments.append(segment)
    return segments


def finished(store: Store, *refs: str, complete: bool = True) -> None:
    store.put_object("contexts", store.name("context"), {})
    segments = ran(store, *refs)
    store.ledger.save_manifest(1, segments, complete, outcomes=map(store.name, refs), contexts=[store.name("context")])


def kinds(store: Store, **named: object) -> list[str]:
    return [each.kind for each in verify(store, **named)]


def test_a_finished_case_has_nothing_to_sweep(store: Store) -> None:
    finished(store, "a", "b")
    assert gc(store) == Swept()
    assert verify(store) == []


def test_what_no_manifest_needs_goes(store: Store) -> None:
    ran(store, "old")
    finished(store, "a")
    store.put_object("contexts", store.name("old"), {})
    (store.path / "facts/children/.0123.tmp").write_bytes(b"xx")
    (store.path / ".0123.tmp-journal").write_bytes(b"x")
    with store.spool(store.name("s")) as writer:
        writer.write(b"abc")
    store.spool(store.name("unfinished"))
    assert set(kinds(store)) == {"leftover"}
    assert not any(each.fails for each in verify(store))
    before = sum(path.stat().st_size for path in store.path.rglob("*.seg"))
    scratch = sum(path.stat().st_size for path in (store.path / "spool").iterdir()) + 3
    swept = gc(store)
    after = sum(path.stat().st_size for path in store.path.rglob("*.seg"))
    assert (swept.n_segments, swept.n_objects, swept.n_scratch) == (1, 3, 4)
    assert swept.n_bytes == before - after + scratch
    assert verify(store) == []
    assert store.get("children", store.name("a")).num_rows == 1


def test_an_unfinished_run_keeps_the_work_it_has_done(store: Store) -> None:
    finished(store, "a")
    ran(store, "b", "c")
    store.ledger.save_manifest(2, [], complete=False)
    store.put("children", store.name("no outcome"), children("x"))
    swept = gc(store)
    assert (swept.n_segments, swept.n_objects) == (1, 0)
    for ref in "abc":
        assert store.has("children", store.name(ref))
        assert store.has_object("outcomes", store.name(ref))


def test_an_order_that_was_split_stays_while_its_parts_count(store: Store) -> None:
    finished(store, "a", "b")
    for ref, parts in (("whole", ("half", "other half")), ("half", ("a", "b")), ("old", ("older",))):
        name, order = store.name(ref), store.name("order", ref)
        store.put_object("orders", order, Order(task="t", entries=[]))
        split = Outcome(
            ref=order, task="t", version=1, state="split", parts=tuple(store.name("order", part) for part in parts)
        )
        store.put_object("outcomes", name, split)
    assert kinds(store) == ["leftover", "leftover"]
    assert gc(store).n_objects == 2
    assert store.has_object("outcomes", store.name("whole"))
    assert store.has_object("orders", store.name("order", "half"))
    assert not store.has_object("outcomes", store.name("old"))
    assert verify(store) == []


def test_before_the_first_manifest_finished_work_stays(store: Store) -> None:
    ran(store, "a")
    assert gc(store) == Swept()


def test_it_sweeps_nothing_from_under_a_run(store: Store) -> None:
    from rollcall.store import open_store

    with (
        open_store(store.path, PHRASE) as other,
        other.ledger.lease(),
        pytest.raises(CaseError, match="holds this case"),
    ):
        gc(store)


def target(store: Store) -> Path:
    return store.path / "facts/children" / f"{store.name('a')}.seg"


def foreign(store: Store) -> None:
    with create_store(store.path.with_name("other"), PHRASE) as other:
        ran(other, "z")
        shutil.copy(other.path / "facts/children" / f"{other.name('z')}.seg", store.path / "facts/children")


CHANGES: dict[str, tuple[Callable[[Store], object], list[str]]] = {
    "nothing": (lambda store: None, []),
    "segment gone": (lambda store: target(store).unlink(), ["missing"]),
    "outcome gone": (
        lambda store: (store.path / "objects/outcomes" / f"{store.name('a')}.seg").unlink(),
        ["missing", "leftover"],  # and nothing needs its order now
    ),
    "order gone": (lambda store: (store.path / "objects/orders" / f"{store.name('order', 'a')}.seg").unlink(), []),
    "segment cut": (lambda store: os.truncate(target(store), 99), ["damaged"]),
    "segment of other rows": (lambda store: store.put("children", store.name("a"), children("x", "y")), ["damaged"]),
    "segments swapped": (
        lambda store: shutil.copy(target(store), target(store).with_name(f"{store.name('b')}.seg")),
        ["damaged"],
    ),
    "foreign segment": (foreign, ["foreign"]),
    "old segment": (lambda store: store.put("children", store.name("c"), children("x")), ["leftover"]),
    "planted file": (lambda store: (target(store).with_name("planted.seg")).write_bytes(b"x"), ["foreign"]),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_the_folder_is_held_against_the_manifest(
    store: Store, change: Callable[[Store], object], expected: list[str]
) -> None:
    finished(store, "a", "b")
    change(store)
    found = verify(store)
    assert [each.kind for each in found] == expected
    assert all(each.fails for each in found if each.kind != "leftover")


def test_the_chain_is_verified_and_a_rolled_back_book_shows(store: Store) -> None:
    finished(store, "a")
    printed = store.ledger.head()
    assert kinds(store, heads=[printed]) == []
    assert kinds(store, heads=["0" * 64]) == ["chain"]
    with store.ledger._database.writing() as cursor:
        cursor.execute("update entries set who = 'eve' where seq = 1")
    assert kinds(store) == ["chain"]


def rehash(path: str, kind: str) -> str:
    if kind == "forbidden":
        raise PermissionError(path)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"as registered", "file", []),
        (b"changed", "file", ["source_changed"]),
        (None, "file", ["source_missing"]),
        (b"as registered", "forbidden", ["source_unreadable"]),
    ],
)
def test_originals_are_hashed_again(
    store: Store, tmp_path: Path, content: bytes | None, kind: str, expected: list[str]
) -> None:
    path = tmp_path / "source"
    if content is not None:
        path.write_bytes(content)
    sha256 = hashlib.sha256(b"as registered").hexdigest()
    store.ledger.add_source(source(path=str(path), kind=kind, sha256=sha256))
    assert kinds(store, rehash=rehash) == expected
    assert kinds(store) == []
