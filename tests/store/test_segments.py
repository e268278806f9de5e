import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rollcall.model import FACTS, Child, Finding, Place, from_table, schema, to_table
from rollcall.problems import CaseError, Exit
from rollcall.store import Store, create_store, open_with_key
from rollcall.store.segments import MOST_BYTES

from .conftest import PHRASE, children

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=30)
CHILDREN = st.lists(
    st.builds(
        Child,
        parent_blob_id=TEXT,
        locator=TEXT,
        kind=TEXT,
        name=TEXT,
        blob_id=TEXT,
        size=st.integers(0, 2**63 - 1),
        subject=st.none() | TEXT,
    ),
    max_size=8,
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOW
@given(rows=CHILDREN)
def test_what_is_put_is_got(store: Store, rows: list[Child]) -> None:
    segment = store.put("children", store.name("x"), to_table(Child, rows))
    assert list(from_table(Child, store.get("children", segment.name))) == rows
    assert segment.rows == len(rows)
    assert segment.size == (store.path / "facts/children" / f"{segment.name}.seg").stat().st_size


@SLOW
@given(value=VALUES)
def test_an_object_comes_back_as_it_was(store: Store, value: object) -> None:
    store.put_object("contexts", store.name("x"), {"value": value})
    assert store.get_object("contexts", store.name("x"), dict) == {"value": value}


@pytest.mark.parametrize("record", FACTS, ids=lambda record: record.TABLE)
def test_every_table_of_facts_can_be_kept_empty(store: Store, record: type) -> None:
    name = store.name("empty")
    store.put(record.TABLE, name, to_table(record, []))
    assert store.get(record.TABLE, name).schema.equals(schema(record))


def test_places_are_kept(store: Store) -> None:
    finding = Finding(
        finding_id="f", blob_id="b", place=Place(part_no=1, row=2, col=0, x0=0.5), block=None, group="", element="ssn",
        subtype="full", text="899-45-1234", value="899451234", check="valid", confidence=0.9,
        why="header", made_by="ssn@1",
    )  # fmt: skip
    store.put("findings", store.name("f"), to_table(Finding, [finding]))
    assert list(from_table(Finding, store.get("findings", store.name("f")))) == [finding]
    assert store.get("findings", store.name("f"), ["value"]).to_pydict() == {"value": ["899451234"]}


def test_the_same_name_is_written_over_and_counts_once(store: Store) -> None:
    store.put("children", store.name("x"), children("first"))
    store.put("children", store.name("x"), children("second"))
    assert store.get("children", store.name("x"))["name"].to_pylist() == ["second"]
    assert len(list((store.path / "facts/children").iterdir())) == 1


def test_presence_and_listing(store: Store) -> None:
    name = store.name("x")
    assert (store.has("children", name), store.has_object("orders", name), list(store.objects("orders"))) == (
        False,
        False,
        [],
    )
    store.put("children", name, children("a"))
    store.put_object("orders", name, [])
    assert (store.has("children", name), store.has_object("orders", name)) == (True, True)
    assert list(store.objects("orders")) == [name]


def test_no_two_writings_look_alike(store: Store) -> None:
    path = store.path / "facts/children" / f"{store.name('x')}.seg"
    seen = set()
    for _ in range(3):
        store.put("children", store.name("x"), children("a"))
        seen.add(path.read_bytes()[16:])
    assert len(seen) == 3


def flip(place: int) -> Callable[[Path, Path], None]:
    def change(path: Path, _: Path) -> None:
        data = bytearray(path.read_bytes())
        data[place] ^= 1
        path.write_bytes(data)

    return change


def cut(length: int) -> Callable[[Path, Path], None]:
    return lambda path, _: path.write_bytes(path.read_bytes()[:length])


DAMAGES: dict[str, Callable[[Path, Path], object]] = {
    "first byte": flip(0),
    "key id": flip(9),
    "salt": flip(20),
    "nonce": flip(50),
    "content": flip(200),
    "tag": flip(-1),
    "empty": cut(0),
    "cut in the head": cut(30),
    "cut after the head": cut(60),
    "cut by one byte": cut(-1),
    "longer": lambda path, _: path.write_bytes(path.read_bytes() + b"\0"),
    "other content": lambda path, _: path.write_bytes(os.urandom(5000)),
    "a plain table": lambda path, _: path.write_bytes(b"PAR1" * 100),
    "gone": lambda path, _: path.unlink(),
    "swapped with another": lambda path, other: shutil.copy(other, path),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_segment_is_named_and_never_read(store: Store, damage: Callable[[Path, Path], object]) -> None:
    name, other = store.name("x"), store.name("y")
    for each in (name, other):
        store.put("children", each, children(each))
    folder = store.path / "facts/children"
    damage(folder / f"{name}.seg", folder / f"{other}.seg")
    with pytest.raises(CaseError, match=f"facts/children/{name}") as caught:
        store.get("children", name)
    assert caught.value.exit_code == Exit.VERIFICATION
    assert "rollcall verify" in str(caught.value)
    assert store.get("children", other).num_rows == 1


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("facts/children", "facts/blobs"),  # another table
        ("objects/orders", "objects/outcomes"),  # another kind
        ("objects/orders", "facts/orders"),  # an object for a table
    ],
)
def test_a_file_does_not_open_in_another_place(store: Store, source: str, target: str) -> None:
    name = store.name("x")
    store.put("children", name, children("a"))
    store.put_object("orders", name, {})
    (store.path / target).mkdir(exist_ok=True)
    shutil.copy(store.path / source / f"{name}.seg", store.path / target)
    with pytest.raises(CaseError, match="place of another"):
        store.segments.check(f"{target}/{name}.seg")


def test_a_segment_of_another_case_is_foreign(store: Store, tmp_path: Path) -> None:
    other = create_store(tmp_path / "other", PHRASE)
    store.put("children", store.name("x"), children("mine"))
    other.put("children", store.name("x"), children("theirs"))
    shutil.copytree(other.path / "facts", store.path / "facts", dirs_exist_ok=True)
    with pytest.raises(CaseError, match="another case") as caught:
        store.get("children", store.name("x"))
    assert caught.value.exit_code == Exit.VERIFICATION


class Wanted(msgspec.Struct):
    number: int


@pytest.mark.parametrize("value", [{"number": "three"}, [1], {}, "text"])
def test_an_object_of_another_shape_is_refused(store: Store, value: object) -> None:
    store.put_object("orders", store.name("x"), value)
    with pytest.raises(CaseError, match="does not hold what it should"):
        store.get_object("orders", store.name("x"), Wanted)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ("children", "census.xlsx"),
        ("children", "../../x"),
        ("children", ""),
        ("../x", "0" * 32),
        ("children", "0" * 31),
    ],
)
def test_a_file_name_that_could_tell_or_climb_is_refused(store: Store, table: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"Store\.name|plain word"):
        store.put(table, name, children("a"))


def test_only_known_kinds_of_objects(store: Store) -> None:
    with pytest.raises(ValueError, match="orders"):
        store.put_object("secrets", store.name("x"), {})


def test_a_segment_out_of_all_proportion_is_a_bug_of_its_writer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollcall.store.segments.MOST_BYTES", 1000)
    assert MOST_BYTES > 64 << 20
    with pytest.raises(ValueError, match="begun a new one"):
        store.put("children", store.name("x"), children(os.urandom(5000).hex()))


def test_everything_belongs_to_its_owner_alone(store: Store) -> None:
    old = os.umask(0)
    try:
        store.put("children", store.name("x"), children("a"))
        store.put_object("orders", store.name("x"), {})
        with store.spool(store.name("x")) as writer:
            writer.write(b"x")
        store.ledger.append("note", {})
        with store.ledger.lease():
            modes = {path: path.stat().st_mode & 0o777 for path in [store.path, *store.path.rglob("*")]}
    finally:
        os.umask(old)
    assert {path.name for path in modes} >= {"header", "ledger.db", "ledger.db-wal", "lease", "spool", "facts"}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_a_worker_needs_no_more_than_the_key(store: Store) -> None:
    store.put("children", store.name("x"), children("a"))
    with open_with_key(store.path, store.key) as worker:
        assert worker.get("children", worker.name("x")).num_rows == 1
        assert worker.seal("v") == store.seal("v")


def test_tables_of_sql_fit_too(store: Store) -> None:
    table = pa.table({"n": pa.array([1, 2], pa.int64())})
    store.put("anything", store.name("x"), table)
    assert store.get("anything", store.name("x")).equals(table)
