"""Each view, given one CSV per input table, shows exactly the rows of `expected.csv` (in its columns, in any order)."""

import csv
import json
import typing
from pathlib import Path

import duckdb
import pytest

from rollcall import model, views

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expected.csv"))
RECORDS = {
    record.TABLE: record
    for record in (*model.FACTS, *model.TABLES, views.Minted, views.SourceTrouble)
    if record.TABLE not in {"sources", "items", "problems", "individuals", "evidence"}
} | {"registered": model.Source}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cell(text: str | None, annotation: object) -> object:
    """Return what a CSV cell stands for; a cell left empty is null where null is allowed, else the empty value."""
    optional = type(None) in typing.get_args(annotation)
    kind = next((option for option in typing.get_args(annotation) if option is not type(None)), annotation)
    kind = kind if optional else annotation
    if not text:
        if optional:
            return None
        return {str: "", int: 0, float: 0.0, bool: False}.get(kind, [])
    if kind is str:
        return text
    return json.loads(text)


def records(table: str, path: Path) -> list[model.Record]:
    record = RECORDS[table]
    hints = {name: kind for name, kind in typing.get_type_hints(record).items() if name != "TABLE"}
    made = []
    for row in read(path):
        place = hints.get("place") is model.Place
        unknown = set(row) - set(hints) - (set(model.Place.__struct_fields__) if place else set())
        assert not unknown, f"{path}: {unknown}"
        values = {name: cell(row.get(name), kind) for name, kind in hints.items() if kind is not model.Place}
        if place:
            spots = typing.get_type_hints(model.Place)
            values["place"] = model.Place(**{name: cell(row.get(name), kind) for name, kind in spots.items()})
        made.append(record(**values))
    return made


def build(folder: Path, thresholds: views.Thresholds | None = None) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(config={"threads": 1})
    given = {path.stem: records(path.stem, path) for path in folder.glob("*.csv") if path.stem != "expected"}
    registers = views.Registers(
        sources=given.pop("registered", []),
        source_troubles=given.pop("source_troubles", []),
        decisions=given.pop("decisions", []),
        orphaned=given.pop("orphaned_decisions", []),
        aliases=given.pop("aliases", []),
        minted=given.pop("minted", []),
    )
    for table, rows in given.items():
        connection.from_arrow(model.to_table(RECORDS[table], rows)).create(table)
    limits = folder / "thresholds.json"
    if limits.exists():
        thresholds = views.Thresholds(**json.loads(limits.read_text()))
    views.create(connection, registers, thresholds)
    return connection


def shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return json.dumps(value)
    return str(value)


@pytest.mark.parametrize("folder", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_view(folder: Path) -> None:
    view = folder.parent.name
    expected = read(folder / "expected.csv")
    columns = expected[0].keys() if expected else ()
    with build(folder) as connection:
        rows = connection.table(view).to_arrow_table().to_pylist()
    actual = [{name: shown(row[name]) for name in columns} for row in rows]
    assert sorted(map(_key, actual)) == sorted(map(_key, expected))


def _key(row: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(row.items())
