"""A small case with facts made by hand: two mails with one zip with one sheet, one person on the list."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rollcall import cli, model
from rollcall.case import make_case
from rollcall.store import Unlock, create_store, keys
from tests.views.test_cases import HERE, RECORDS, records

WORLD = HERE / "evidence" / "strongest_occurrence"
MENTIONS = {name: model.digest(name) for name in ("r6", "p1", "h1")}
Rollcall = Callable[..., int]


def renamed(row: Any) -> model.Record:
    """Return the row with ids as long as real ones, so that their beginnings can be given."""
    longer = {}
    if "finding_id" in row.__struct_fields__:
        longer["finding_id"] = f"finding-{row.finding_id}"
    if "mention_id" in row.__struct_fields__:
        longer["mention_id"] = MENTIONS[row.mention_id]
    return msgspec.structs.replace(row, **longer)


def mention(mention_id: str, blob_id: str, kind: str, name: str, **more: Any) -> model.Mention:
    """Return a mention."""
    fields = {"part_no": 0, "row": None, "block": None, "ordinal": 0, "role": "patient", "is_subject": True, **more}
    return model.Mention(mention_id=mention_id, blob_id=blob_id, kind=kind, name=name, confidence=1.0, why="", **fields)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case folder; its key lies beside it as `my.key`."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(keys, "_MEMORY_KIB", 64)  # the stretching of keys is tested with the store
    key = home / "my.key"
    key.write_bytes(b"a secret of any bytes")
    case = make_case(home / "case")
    given = {path.stem: records(path.stem, path) for path in WORLD.glob("*.csv") if path.stem != "expected"}
    for table, rows in given.items():
        given[table] = [renamed(row) for row in rows]
    given["mentions"] = [
        mention(MENTIONS["r6"], "book", "row", "Ann Lee", row=6),
        mention(MENTIONS["p1"], "mail1", "prose", "A. Lee", block="B"),
        mention(MENTIONS["h1"], "head1", "prose", "Bob Ray"),
    ]
    troubles = [model.Trouble(blob_id="zip", code="encrypted", detail="AES")]
    with create_store(case.folder, Unlock(key_file=key.read_bytes())) as store:
        monkeypatch.undo()
        run = store.ledger.start_run({}, "0", case.policy.digest())
        store.ledger.add_sources(msgspec.structs.replace(one, sha256="0" * 64) for one in given.pop("registered"))
        segments = [
            store.put(table, store.name("test", table), model.to_table(RECORDS[table], rows))
            for table, rows in {**given, "troubles": troubles}.items()
        ]
        store.ledger.mint([("P", MENTIONS["r6"]), ("Q", MENTIONS["h1"])], run)
        store.ledger.save_manifest(run, segments, complete=True)
        store.ledger.end_run(run, 3)
    return case.folder


@pytest.fixture
def rollcall(folder: Path) -> Rollcall:
    """Run a command on the case with its key."""

    def run(command: str, *more: str, key: str = "my.key") -> int:
        return cli.main([command, str(folder), *more, "--key-file", str(folder.parent / key)])

    return run
