import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from rollcall.engine.outcome import Segment
from rollcall.model import FACTS, Child, Row, schema, to_table
from rollcall.problems import CaseError, Exit
from rollcall.store import Store
from rollcall.store.connection import default_memory, no_memory

from .conftest import children


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '{folder}/out.csv'",
        "copy (select 1) to '{folder}/out.parquet' (format parquet)",
        "select * from read_csv('{folder}/in.csv')",
        "select * from '{folder}/in.csv'",
        "select * from read_text('{folder}/in.csv')",
        "select * from glob('{folder}/*')",
        "attach '{folder}/other.db'",
        "export database '{folder}/all'",
        "install httpfs",
        "load httpfs",
        "select * from read_csv('https://example.org/x.csv')",
        "set temp_directory = '{folder}'",
        "set enable_external_access = true",
        "set autoinstall_known_extensions = true",
        "set lock_configuration = false",
        "set memory_limit = '1TB'",
        "create persistent secret s (type s3)",
    ],
)
def test_it_reaches_nothing_outside(store: Store, tmp_path: Path, statement: str) -> None:
    (tmp_path / "in.csv").write_text("a\n1\n")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(duckdb.Error):
        store.connect().execute(statement.format(folder=tmp_path)).fetchall()
    assert sorted(tmp_path.rglob("*")) == before


def test_variables_of_ours_are_no_tables(store: Store) -> None:
    hidden = pa.table({"n": [1]})
    with pytest.raises(duckdb.CatalogException):
        store.connect().execute("select * from hidden")
    assert hidden.num_rows == 1


def test_views_and_variables_work(store: Store) -> None:
    segment = store.put("children", store.name("x"), children("a", "b"))
    connection = store.connect(threads=1)
    store.load(connection, [segment], "children", Child)
    connection.execute("set variable wanted = 'b'")
    connection.execute("create view v as select name from children where name = getvariable('wanted')")
    assert connection.execute("select * from v").fetchall() == [("b",)]


def test_a_big_sort_stops_and_spills_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "TMPDIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    before = set(tmp_path.rglob("*"))
    connection = store.connect(memory=64 << 20, threads=2)
    with pytest.raises(duckdb.OutOfMemoryException):
        connection.execute(
            "create table t as select md5(i::varchar) || '899-45-1234' as m from range(3000000) r(i) order by m"
        )
    assert set(tmp_path.rglob("*")) == before
    assert connection.execute("select 1").fetchall() == [(1,)]


def test_segments_of_one_table_are_joined_and_count_once(store: Store) -> None:
    one = store.put("children", store.name("1"), children("a", "b"))
    two = store.put("children", store.name("2"), children("c"))
    other = store.put("rows", store.name("1"), to_table(Row, []))
    connection = store.connect()
    assert store.load(connection, [one, two, other, one], "everything", Child) == 3
    assert connection.execute("select name from everything order by 1").fetchall() == [("a",), ("b",), ("c",)]
    assert store.load(connection, [one, two], "names", Child, ["name"]) == 3
    assert connection.execute("select * from names order by 1 limit 1").fetchall() == [("a",)]


@pytest.mark.parametrize("record", FACTS, ids=lambda record: record.TABLE)
def test_a_table_of_nothing_has_its_columns(store: Store, record: type) -> None:
    connection = store.connect()
    assert store.load(connection, [], record.TABLE, record) == 0
    described = connection.execute(f"describe {record.TABLE}").fetchall()
    assert [row[0] for row in described] == schema(record).names


def test_columns_of_the_same_meaning_are_fitted(store: Store) -> None:
    table = children("a")
    loose = table.select(list(reversed(table.schema.names))).cast(
        pa.schema(
            [
                field.with_type(pa.large_string()) if pa.types.is_string(field.type) else field
                for field in reversed(list(table.schema))
            ]
        )
    )
    segment = store.put("children", store.name("x"), loose)
    connection = store.connect()
    assert store.load(connection, [segment], "children", Child) == 1
    assert [row[0] for row in connection.execute("describe children").fetchall()] == schema(Child).names


def bad_utf8() -> pa.Table:
    table = children("aaaa")
    bad = pa.StringArray.from_buffers(1, pa.py_buffer(b"\0\0\0\0\4\0\0\0"), pa.py_buffer(b"\xff\xfe\xff\xfe"))
    return table.set_column(table.schema.get_field_index("name"), "name", bad)


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"n": [1]}),
        children("a").drop_columns(["size"]),
        children("a").set_column(6, "size", pa.array(["many"])),
        bad_utf8(),
    ],
)
def test_what_a_worker_wrote_is_not_trusted(store: Store, table: pa.Table) -> None:
    segment = store.put("children", store.name("x"), table)
    with pytest.raises(CaseError, match="not those of this version") as caught:
        store.load(store.connect(), [segment], "children", Child)
    assert caught.value.exit_code == Exit.VERIFICATION


def test_a_missing_segment_ends_the_load(store: Store) -> None:
    with pytest.raises(CaseError, match="not there"):
        store.load(store.connect(), [Segment(table="children", name="0" * 32, rows=1, size=1)], "children", Child)


def test_memory_is_bounded_unless_told() -> None:
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 256 << 20 <= default_memory() <= max(256 << 20, physical // 2)
    assert no_memory("the people").exit_code == Exit.NO_ROOM
