"""What bounds memory changes nothing on the list; and what is said when memory is out."""

import contextlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rollcall import pipeline, views
from rollcall.case import Case, open_case
from rollcall.individuals.resolve import resolve_loaded
from rollcall.loading import Facts
from rollcall.problems import CaseError, Exit
from rollcall.store import Store, Unlock, open_store
from rollcall.store import connection as connections
from rollcall.views.digest import digest
from tests.cases.conftest import Bench

pytestmark = pytest.mark.case

STOCK = "item,shelf,diagnosis code,count\n" + "".join(f"valve {n},E{n % 10}1,E11.9,{n}\n" for n in range(200))


def test_leaving_out_what_is_nobodys_changes_nothing(
    bench: Bench, evidence: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = tmp_path / "stock.csv"
    stock.write_text(STOCK)
    bench.run(evidence, stock)
    case = open_case(bench.case)
    unlock = Unlock(passphrase=None, key_file=bench.key.read_bytes().strip(), age_identity=None)
    with open_store(case.folder, unlock) as store:
        with contextlib.closing(pipeline.connect(case, store, Facts.WHOLE)) as connection:
            whole = digest(connection)
            nameless = connection.sql("SELECT count(*) FROM mentions WHERE kind = 'row' AND name = ''").fetchall()[0][0]
            found = resolve_loaded(connection, connection.table("relations").to_arrow_table())
            kept = connection.table("people").order("individual_id").to_arrow_table().to_pylist()
            values = set(connection.table("known_values").fetchall())
        assert nameless >= 200, "no line of stock became a mention"
        # What needs more than these tables (the day, the names of files) is left aside.
        aside = ("minor", "guardian", "roles", "fine_roles")
        again = [msgspec.to_builtins(one) for one in found.individuals]
        assert _without(aside, again) == _without(aside, kept)
        for at_once in (100_000, 100):
            monkeypatch.setattr(views, "AT_ONCE", at_once)
            monkeypatch.setattr(connections, "AT_ONCE", at_once)
            with contextlib.closing(pipeline.connect(case, store, Facts.COUNTED)) as connection:
                assert digest(connection) == whole
            with contextlib.closing(pipeline.connect(case, store, Facts.SHOWN)) as connection:
                assert set(connection.table("known_values").fetchall()) == values
                evidence_rows = views.rows(connection, "evidence")
                assert evidence_rows["individual_id"].to_pylist() == sorted(evidence_rows["individual_id"].to_pylist())
        _runs_out(case, store, monkeypatch)


def _without(names: tuple[str, ...], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def _runs_out(case: Case, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "connect", lambda: connections.connect(memory=2 << 20, threads=1))
    with pytest.raises(CaseError, match="not enough memory for showing the case") as caught:
        pipeline.connect(case, store, Facts.WHOLE)
    assert caught.value.exit_code == Exit.NO_ROOM
