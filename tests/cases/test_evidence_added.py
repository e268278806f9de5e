"""Evidence that comes later makes the list that all of it at once makes.

One thing may differ, and is meant to: a person keeps the id that was minted when they were met first, which in a case
made at once may be another one. So people are compared by what is known of them.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cases.conftest import Bench

pytestmark = pytest.mark.case


def _tables(bench: Bench) -> dict[str, set[str]]:
    """Return the rows of each table, people by what is known of them and not by their ids."""
    read: dict[str, list[dict[str, Any]]] = {}
    for name in ("individuals", "evidence", "items", "problems"):
        path = bench.folder / f"{name}.jsonl"
        bench("export", bench.case, name, "--to", path, "--values", "clear")
        read[name] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    known = {}
    for row in read["individuals"]:
        del row["first_seen_run"]
        individual_id = row.pop("individual_id")
        known[individual_id] = json.dumps([row["names"], row["identifiers"], row["date_of_birth"]])
    for row in read["individuals"]:
        row["candidates"] = sorted(known[one] for one in row["candidates"])
        row["guardian"] = known.get(row["guardian"])
    for row in read["evidence"]:
        row["individual_id"] = known[row["individual_id"]]
    return {name: {json.dumps(row, sort_keys=True) for row in rows} for name, rows in read.items()}


def test_evidence_that_comes_later(new_bench: Callable[[str], Bench], evidence: Path) -> None:
    stores = sorted(evidence.iterdir(), reverse=True)[:3]  # so that what comes later stands first
    assert len(stores) > 1
    at_once, later = new_bench("at_once"), new_bench("later")
    at_once.run(*stores)
    for store in stores:
        later.run(store)
    expected, found = _tables(at_once), _tables(later)
    for name, rows in expected.items():
        assert rows
        assert found[name] == rows, name
