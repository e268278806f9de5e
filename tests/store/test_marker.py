"""Values of people that are kept in every way there is stand in clear nowhere: not in the case, not beside it."""

import base64
import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from rollcall.model import Alias, Decision, Finding, Place, Row, to_table
from rollcall.store import Lock, Store, create_store, open_store, slots
from rollcall.store.upkeep import verify

from .conftest import PHRASE
from .test_ledger import source

MARKERS = ("Zebulon Quartermain", "899-47-6318", "hr.quartermain@example.org")
EVERYWHERE = ("/dev/shm", "/var/tmp")


def forms(marker: str) -> list[bytes]:
    plain = marker.encode()
    return [plain, marker.encode("utf-16-le"), plain.hex().encode(), base64.b64encode(plain)[:-4], plain[::-1]]


def found(*folders: Path) -> list[tuple[str, str]]:
    hits = []
    for path in {path for folder in folders for path in folder.rglob("*")}:
        data = b""
        with contextlib.suppress(OSError):  # a folder, or gone meanwhile: others write to the shared ones too
            data = path.read_bytes()
        names = str(path).encode()
        hits += [(path.name, marker) for marker in MARKERS for form in forms(marker) if form in data or form in names]
    return hits


def use(store: Store) -> None:
    name, number, address = MARKERS
    finding: dict[str, Any] = dict.fromkeys(("blob_id", "group", "subtype", "check", "why", "made_by"), "x")
    finding |= {"finding_id": store.seal(number), "place": Place(part_no=0), "block": None, "element": "ssn"}
    row = Row(blob_id="b", part_no=0, row=0, first_col=0, cells=[name, number, address])
    told = Finding(text=number, value=number, confidence=1.0, **finding)
    segments = [
        store.put("rows", store.name(number), to_table(Row, [row] * 500)),
        store.put("findings", store.name(name), to_table(Finding, [told])),
    ]
    for kind in ("orders", "outcomes", "contexts"):
        store.put_object(kind, store.name(kind, address), {"names": list(MARKERS)})
    with store.spool(store.name(name)) as writer:
        writer.write(f"{MARKERS} ".encode() * 50_000)
    left_open = store.spool(store.name(number))
    left_open.write(f"{MARKERS} ".encode() * 50_000)
    book = store.ledger
    with book.lease(address):
        run = book.start_run({"roster": name}, "0.1", address)
        book.add_source(source(path=f"/evidence/{name}.pst", mailbox=address, custodian=number))
        book.mint([(number, name)], run)
        book.add_alias(Alias(alias_id=number, individual_id=name, run=run, why=address))
        book.decide(
            Decision(decision_id="d", decided_at="t", decided_by=address, kind="exclude", anchor="m", why=number)
        )
        book.remember("roster", name)
        for n in range(300):
            book.append("note", {"n": n, "text": f"{MARKERS}"})
        book.save_manifest(run, segments, complete=True)
    connection = store.connect(memory=128 << 20)
    store.load(connection, segments, "rows", Row)
    connection.execute("create table t as select *, unnest(cells) as cell from rows, range(50) order by cell, range")
    assert connection.execute("select count(*) from t where cell = ?", [number]).fetchone() == (25000,)


def test_markers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, temp, here = (tmp_path / name for name in ("home", "temp", "here"))
    for folder in (home, temp, here):
        folder.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(here)
    shared = [Path(folder) for folder in EVERYWHERE if os.access(folder, os.R_OK)]
    with create_store(tmp_path / "case", PHRASE) as store:
        use(store)
        assert (tmp_path / "case/ledger.db-wal").stat().st_size > 100_000  # not yet folded in: it is looked at too
        assert found(tmp_path, *shared) == []
        key = store.key
    assert found(tmp_path, *shared) == []
    slots.rotate(tmp_path / "case", PHRASE, [Lock(key_file=MARKERS[0].encode())])
    assert found(tmp_path, *shared) == []
    with open_store(tmp_path / "case", PHRASE) as store:
        assert [each for each in verify(store) if each.fails] == []
        keys = [key, store.key, PHRASE.passphrase or b""]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [each for each in keys for data in files if each in data or each.hex().encode() in data]


def test_the_search_would_see_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 5000 + MARKERS[1].encode() + b"y")
    (tmp_path / "b").write_text(MARKERS[0].encode().hex())
    assert sorted(found(tmp_path)) == [("a", MARKERS[1]), ("b", MARKERS[0])]
