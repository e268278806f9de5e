from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.engine.outcome import Segment
from rollcall.model import Alias, Decision, Source
from rollcall.problems import CaseError, Exit
from rollcall.store import Store, create_store, open_store

from .conftest import PHRASE, children


def source(source_id: str = "s", **fields: Any) -> Source:
    known: dict[str, Any] = dict.fromkeys(
        ("mailbox", "custodian", "entity", "received_at", "received_from", "received_by")
    )
    known |= {"path": "/evidence/hr.pst", "kind": "pst", "size": 1, "sha256": "a", "sha1": "b", "md5": "c"}
    return Source(source_id=source_id, **(known | fields))


def decision(decision_id: str, **fields: Any) -> Decision:
    known = {"decided_at": "2026-01-01T00:00:00Z", "decided_by": "ann", "kind": "confirm", "anchor": "m"}
    return Decision(decision_id=decision_id, **(known | fields))


def segment(name: str, table: str = "children") -> Segment:
    return Segment(table=table, name=name, rows=1, size=2)


def test_time_comes_from_the_clock_that_is_given(case: Path) -> None:
    moments = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=n) for n in range(100))
    with create_store(case, PHRASE, clock=lambda: next(moments)) as store:
        store.ledger.append("note", {})
        assert [entry.at for entry in store.ledger.entries()] == [
            "2026-01-01T00:00:01.000Z",
            "2026-01-01T00:00:02.000Z",
        ]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(st.text(), st.text() | st.integers(-(2**63), 2**63 - 1) | st.none() | st.lists(st.booleans()))
)
def test_a_body_comes_back_as_it_was(store: Store, body: dict[str, Any]) -> None:
    store.ledger.append("note", body, who="ann")
    last = store.ledger.entries("note")[-1]
    assert (last.body, last.who) == (body, "ann")


def test_undecodable_file_names_can_be_registered(store: Store) -> None:
    odd = source(path="/evidence/b\udcffd\n\0.pst")
    store.ledger.add_source(odd)
    assert store.ledger.sources() == [odd]
    assert store.ledger.verify() == []


def test_each_entry_is_chained_to_all_before(store: Store) -> None:
    heads = {store.ledger.head()}
    for n in range(3):
        store.ledger.append("note", {"n": n})
        heads.add(store.ledger.head())
    assert len(heads) == 4
    assert all(store.ledger.knows(head) for head in heads)
    assert all(store.ledger.knows(head[:16].upper()) for head in heads)
    assert not any(store.ledger.knows(other) for other in ("0" * 64, "", store.ledger.head()[:15], "%" * 16))
    assert store.ledger.verify() == []


def test_a_marked_entry_is_added_once(store: Store) -> None:
    first = store.ledger.append("note", {"n": 1}, once="mark")
    assert store.ledger.append("note", {"n": 2}, once="mark") == first
    assert store.ledger.rows("note") == [{"n": 1}]


def test_a_failed_transaction_leaves_nothing_and_blocks_nothing(store: Store) -> None:
    before = store.ledger.head()
    with pytest.raises(TypeError, match="unsupported"):
        store.ledger.append("note", {"not of a record": object()})
    assert store.ledger.head() == before
    store.ledger.append("note", {})


def test_sources(store: Store) -> None:
    store.ledger.add_sources([source("a"), source("b"), source("a")])
    store.ledger.add_source(source("a"))
    store.ledger.add_source(source("a", mailbox="hr@example.org"))
    assert [(each.source_id, each.mailbox) for each in store.ledger.sources()] == [("a", "hr@example.org"), ("b", None)]
    assert len(store.ledger.rows("source")) == 3  # the change too is in the book


def test_runs(store: Store) -> None:
    assert store.ledger.start_run({"workers": 2}, "0.1.0", "policy hash") == 1
    assert store.ledger.start_run({}, "0.1.0", "policy hash", who="ann") == 2
    store.ledger.end_run(2, 3, {"items": 7})
    store.ledger.end_run(2, 0)
    killed, ended = store.ledger.runs()
    assert (killed.run, killed.exit_code, killed.ended_at, killed.arguments) == (1, None, None, {"workers": 2})
    assert (ended.run, ended.exit_code, ended.counts, ended.who) == (2, 3, {"items": 7}, "ann")


def test_manifests(store: Store) -> None:
    ledger = store.ledger
    assert ledger.manifest() is None
    one, two, three = (segment(str(n)) for n in range(3))
    ledger.save_manifest(1, [one], complete=False)
    ledger.save_manifest(1, [two, one, two], complete=True, outcomes=["o"], contexts=["c"])
    ledger.save_manifest(2, [three], complete=False)
    ledger.save_manifest(2, [three, one], complete=False)
    latest, complete = ledger.manifest(), ledger.manifest(complete=True)
    assert latest is not None
    assert complete is not None
    assert (latest.run, latest.complete, latest.segments) == (2, False, (one, three))
    assert (complete.run, complete.complete, complete.segments) == (1, True, (one, two))
    assert (complete.outcomes, complete.contexts) == (("o",), ("c",))
    kept = ledger._database.rows("select seq from manifests where body is not null order by seq")
    assert kept == [(complete.seq,), (latest.seq,)]  # of the others the chain keeps the digest
    assert ledger.verify() == []


def test_an_id_is_minted_once(store: Store) -> None:
    assert store.ledger.mint([("i1", "a1"), ("i2", "a2")], 1) == {"i1": 1, "i2": 1}
    assert store.ledger.mint([("i2", "a2"), ("i3", "a3"), ("i3", "a3")], 2) == {"i2": 1, "i3": 2}
    assert store.ledger.mint([("i1", "a1")], 3) == {"i1": 1}
    assert store.ledger.mint([], 3) == {}
    assert store.ledger.minted() == {"i1": ("a1", 1), "i2": ("a2", 1), "i3": ("a3", 2)}
    assert [body["n"] for body in store.ledger.rows("minted")] == [2, 1]
    assert store.ledger.verify() == []


def test_decisions_are_never_taken_out_only_undone(store: Store) -> None:
    for decision_id in ("d1", "d2", "d1"):
        store.ledger.decide(decision(decision_id, shown=["seal"]))
    store.ledger.undo("d1", "u1", "bob", "wrong person")
    store.ledger.undo("d1", "u1", "bob", "wrong person")
    assert [(each.decision_id, each.undone_by) for each in store.ledger.decisions()] == [("d1", "u1"), ("d2", None)]
    assert [entry.who for entry in store.ledger.entries("undo")] == ["bob"]


def test_aliases_and_flags(store: Store) -> None:
    alias = Alias(alias_id="old", individual_id="new", run=1, why="merged")
    store.ledger.add_alias(alias)
    store.ledger.add_alias(alias)
    assert store.ledger.aliases() == [alias]
    for value in (["x.csv"], ["x.csv"], ["y.csv"]):
        store.ledger.remember("roster", value)
    store.ledger.remember("discovered", None)
    assert store.ledger.remembered() == {"roster": ["y.csv"], "discovered": None}
    assert len(store.ledger.rows("flag")) == 3


TAMPERINGS = {
    "changed body": ("update entries set body = '{}' where seq = 2", "entry 2 was changed"),
    "changed person": ("update entries set who = 'eve' where seq = 3", "entry 3 was changed"),
    "changed time": ("update entries set at = '' where seq = 2", "entry 2 was changed"),
    "taken out": ("delete from entries where seq = 2", "entries 2 to 2 are gone"),
    "first taken out": ("delete from entries where seq = 1", "entries 1 to 1 are gone"),
    "put in": (
        "insert into entries select 99, at, kind, who, body, null, prev, hash from entries where seq = 2",
        "gone",
    ),
    "swapped hashes": ("update entries set prev = hash where seq = 3", "does not follow"),
    "other minted id": ("update minted set anchor = 'x'", "ids minted in entry"),
    "fewer minted ids": ("delete from minted", "ids minted in entry"),
    "planted minted id": ("insert into minted values ('i9', 'a9', 1, 77)", "1 rows of minted ids"),
    "other manifest": ("update manifests set body = x'00'", "manifest of entry 4 was changed"),
    "no manifest": ("delete from manifests", "manifest of entry 4 is gone"),
    "planted manifest": ("insert into manifests values (77, 9, 1, x'00')", "1 rows of manifests"),
}


@pytest.mark.parametrize(("statement", "word"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_whatever_is_changed_behind_the_chain_shows(store: Store, statement: str, word: str) -> None:
    store.ledger.append("note", {"n": 1}, who="ann")
    store.ledger.mint([("i", "a")], 1)
    store.ledger.save_manifest(1, [segment("x")], complete=True)
    assert store.ledger.verify() == []
    with store.ledger._database.writing() as cursor:
        cursor.execute(statement)
    assert word in " / ".join(store.ledger.verify())


def test_a_book_of_another_case_does_not_pass_for_this_one(store: Store, tmp_path: Path) -> None:
    other = create_store(tmp_path / "other", PHRASE)
    rows = other.ledger._database.rows("select * from entries")
    with store.ledger._database.writing() as cursor:
        cursor.execute("delete from entries")
        cursor.executemany("insert into entries values (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    assert store.ledger.verify() == ["entry 1 does not follow the one before it"]


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(5000), bytes(range(256)) * 40])
def test_a_damaged_ledger_is_a_sentence_with_exit_8(
    case: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with create_store(case, PHRASE) as store:
        store.put("children", store.name("x"), children("a"))
    (case / "ledger.db").write_bytes(content)
    with open_store(case, PHRASE) as store, pytest.raises(CaseError) as caught:
        store.ledger.head()
    assert caught.value.exit_code == Exit.VERIFICATION
    assert "backup" in str(caught.value)
    assert capfd.readouterr() == ("", "")  # the cipher's own log stays quiet


def test_a_ledger_that_is_gone_is_not_made_anew(case: Path) -> None:
    with create_store(case, PHRASE) as store:
        store.put("children", store.name("x"), children("a"))
    (case / "ledger.db").unlink()
    with open_store(case, PHRASE) as store, pytest.raises(CaseError, match="is gone") as caught:
        store.ledger.head()
    assert caught.value.exit_code == Exit.VERIFICATION


def test_a_ledger_page_damaged_in_the_middle_is_a_sentence(case: Path) -> None:
    with create_store(case, PHRASE) as store:
        for n in range(200):
            store.ledger.append("note", {"n": n, "text": "x" * 300})
    data = bytearray((case / "ledger.db").read_bytes())
    for place in range(4096 * 3 + 100, len(data), 4096):
        data[place] ^= 1
    (case / "ledger.db").write_bytes(data)
    with open_store(case, PHRASE) as store, pytest.raises(CaseError) as caught:
        store.ledger.verify()
    assert caught.value.exit_code == Exit.VERIFICATION


def test_sorting_in_the_ledger_never_makes_a_temporary_file(store: Store) -> None:
    assert store.ledger._database.rows("pragma temp_store") == [(2,)]
    assert store.ledger._database.rows("pragma journal_mode") == [("wal",)]
    assert store.ledger._database.rows("pragma synchronous") == [(2,)]
