"""The digest sees what the contract names and nothing that depends on key, clock or order."""

import random

import duckdb
import pytest

from rollcall import model, views
from rollcall.views.digest import digest
from tests.views.test_cases import HERE, RECORDS, build, records

WORLD = HERE / "individuals" / "one_person"


def shuffled(seed: int, **changes: list[model.Record]) -> duckdb.DuckDBPyConnection:
    given = {path.stem: records(path.stem, path) for path in WORLD.glob("*.csv") if path.stem != "expected"} | changes
    for rows in given.values():
        random.Random(seed).shuffle(rows)
    connection = duckdb.connect(config={"threads": 1})
    registers = views.Registers(sources=given.pop("registered"), minted=given.pop("minted"))
    for table, rows in given.items():
        connection.from_arrow(model.to_table(RECORDS[table], rows)).create(table)
    views.create(connection, registers)
    return connection


def test_order_of_facts_and_first_run_do_not_matter() -> None:
    plain = digest(build(WORLD))
    assert digest(shuffled(1)) == digest(shuffled(2)) == plain
    later = [views.Minted(individual_id="P", first_seen_run=9)]
    assert digest(shuffled(1, minted=later)) == plain


def test_sealed_ids_do_not_matter() -> None:
    def renamed(table: str, **changes: str) -> list[model.Record]:
        rows = []
        for row in records(table, WORLD / f"{table}.csv"):
            values = {name: getattr(row, name) for name in row.__struct_fields__}
            rows.append(RECORDS[table](**values | {"finding_id": changes.get(values["finding_id"], "z9")}))
        return rows

    names = {"f1": "z8", "f2": "z1", "f3": "a0", "f4": "b7", "f5": "b6"}
    connection = shuffled(1, findings=renamed("findings", **names), memberships=renamed("memberships", **names))
    assert digest(connection) == digest(build(WORLD))


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [("blobs", "state", "empty"), ("children", "subject", "other"), ("people", "state", "WI"), ("parts", "label", "X")],
)
def test_what_is_shown_matters(table: str, field: str, value: str) -> None:
    changed = [
        RECORDS[table](**{name: getattr(row, name) for name in row.__struct_fields__} | {field: value})
        for row in records(table, WORLD / f"{table}.csv")
    ]
    assert digest(shuffled(1, **{table: changed})) != digest(build(WORLD))


def test_confidence_is_rounded() -> None:
    nudged = [
        model.Individual(**{name: getattr(row, name) for name in row.__struct_fields__} | {"confidence": 0.9123})
        for row in records("people", WORLD / "people.csv")
        if row.individual_id == "P"
    ]
    kept = [row for row in records("people", WORLD / "people.csv") if row.individual_id != "P"]
    assert digest(shuffled(1, people=[*nudged, *kept])) == digest(build(WORLD))
