"""Databases: tables come back, hostile schemas run nothing, damage ends."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.identify import unread_code
from rollcall.items.parser import Fault, Inner, Limits, Table
from rollcall.items.parsers import dbf, sqlite, words_only
from rollcall.items.readable import MemoryReadable
from tests.corpus import make_stored

LIMITS = Limits()
CELLS = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12),
)


def tables(parser: object, data: bytes, limits: Limits = LIMITS) -> dict[str, list[list[str]]]:
    return {
        value.label: [cells for _, _, cells in value.rows]
        for value in parser.parse(MemoryReadable(data), limits)  # type: ignore[attr-defined]
        if isinstance(value, Table)
    }


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=20))
def test_rows_of_a_database_come_back(rows: list[list[object]]) -> None:
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE t (a, b, c)")
    made.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    made.commit()
    expected = [["" if cell is None else str(cell) for cell in row] for row in rows]
    assert tables(sqlite, made.serialize()) == {"t": [["a", "b", "c"], *expected]}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
        "CREATE TABLE g (a, b AS (hex(zeroblob(900000000))))",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM t; END",
    ],
)
def test_what_a_schema_would_run_is_not_run(statement: str) -> None:
    data = make_stored.database("CREATE TABLE t (a)", "INSERT INTO t VALUES ('Ann')", statement)
    found = tables(sqlite, data)
    assert found["t"] == [["a"], ["Ann"]]
    assert "v" not in found


def test_cells_have_a_limit() -> None:
    data = make_stored.database("CREATE TABLE t (a)", *["INSERT INTO t VALUES (1)"] * 20)
    assert len(tables(sqlite, data, Limits(max_cells=5))["t"]) == 6


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_flipped_databases_end(data: st.DataObject) -> None:
    content = bytearray(make_stored.database("CREATE TABLE t (a, b)", "INSERT INTO t VALUES ('Ann', x'00')"))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(16, len(content) - 1))] = data.draw(st.integers(0, 255))
    for value in sqlite.parse(MemoryReadable(bytes(content)), LIMITS):
        if isinstance(value, Table):
            list(value.rows)
        assert isinstance(value, (Table, Fault, Inner))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.text("abcdé", min_size=1, max_size=6)), max_size=12))
def test_rows_of_dbase_come_back(rows: list[tuple[bool, str]]) -> None:
    data = make_stored.dbf([("A", "C", 6)], [(gone, [text.encode("cp1252")]) for gone, text in rows])
    found = tables(dbf, data)
    assert found[""] == [["A"], *([text] for gone, text in rows if not gone)]
    assert found.get("deleted", [["A"]])[1:] == [[text] for gone, text in rows if gone]


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_end(data: bytes) -> None:
    for content in (data, b"\x03\x7c\x03\x04" + data, b"\xffWPC" + data):
        for parser in (dbf, words_only):
            if parser.looks_like(MemoryReadable(content)):
                assert list(parser.parse(MemoryReadable(content), LIMITS))


@pytest.mark.parametrize(
    ("head", "media_type", "code"),
    [
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/x-wav", "audio_not_read"),
        (b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo", "unsupported"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4", "audio_not_read"),
        (b"\0\0\0\x20ftypisom", "video/mp4", "unsupported"),
        (b"ID3\x04", "audio/mpeg", "audio_not_read"),
        (b"\xff\xf3\x44\xc4", "audio/mpeg", "audio_not_read"),
        (b"#!AMR\n", "audio/amr", "audio_not_read"),
    ],
)
def test_recordings_have_a_code_of_their_own(head: bytes, media_type: str, code: str) -> None:
    assert unread_code(MemoryReadable(head + bytes(64)), "", "") == (media_type, code)
