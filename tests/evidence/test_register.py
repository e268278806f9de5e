"""Sources: what counts as one, its hashes, whose it is, and what can go wrong."""

import hashlib
import os
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from rollcall.evidence.kinds import containers_below, kind_of
from rollcall.evidence.owners import Owner, owner_of
from rollcall.evidence.register import KINDS, register, rehash
from rollcall.model import digest
from rollcall.problems import CaseError, Exit

MAIL = b"From: a@x.example\nSubject: s\n\nbody\n"
MBOX = (b"From a@x.example Tue Mar  2 10:04:05 2021\n" + MAIL + b"\n") * 2


class Row(NamedTuple):
    address: str
    custodian: str | None = None
    entity: str | None = None
    path: str | None = None


def make(root: Path) -> None:
    (root / "deep").mkdir(parents=True)
    (root / "a.pst").write_bytes(b"!BDN" + bytes(4) + b"SM" + bytes(500))
    (root / "deep" / "b.ost").write_bytes(b"!BDN" + bytes(4) + b"SO" + bytes(500))
    (root / "deep" / "Inbox").write_bytes(MBOX)
    with zipfile.ZipFile(root / "c.zip", "w") as archive:
        archive.writestr("x.txt", "x")
    with zipfile.ZipFile(root / "sheet.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    (root / "one.eml").write_bytes(MAIL)
    (root / "single").write_bytes(MBOX[: len(MBOX) // 2])
    (root / "note.txt").write_bytes(b"words")
    for name in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new"):
        (root / "Maildir" / name).mkdir(parents=True)
    (root / "Maildir" / "cur" / "1").write_bytes(MAIL)


def test_a_folder_holds_its_stores_and_the_rest(tmp_path: Path) -> None:
    make(tmp_path)
    found = register([tmp_path], "evidence", received_at="2026-01-01T00:00:00Z")
    kinds = {os.path.relpath(entry.source.path, tmp_path): entry.source.kind for entry in found}
    assert kinds == {
        "Maildir": "maildir",
        "a.pst": "pst",
        "c.zip": "zip",
        "deep/Inbox": "mbox",
        "deep/b.ost": "ost",
        ".": "folder",
    }
    folder = found[-1]
    assert sorted(os.path.relpath(path, tmp_path) for path in folder.excluded) == sorted(set(kinds) - {"."})
    assert folder.source.size == sum(
        (tmp_path / name).stat().st_size for name in ("sheet.xlsx", "one.eml", "single", "note.txt")
    )
    assert {entry.source.received_at for entry in found} == {"2026-01-01T00:00:00Z"}
    assert all(entry.source.received_from == entry.source.path and entry.source.received_by for entry in found)


def test_hashes_and_ids(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 3_000_000)
    steps: list[int] = []
    entry = register([path], "evidence", progress=steps.append)[0]
    content = path.read_bytes()
    source = entry.source
    assert (source.size, source.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert source.sha1 == hashlib.sha1(content, usedforsecurity=False).hexdigest()
    assert source.md5 == hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert source.source_id == digest("source", source.sha256)
    assert sum(steps) == len(content)


def test_rehash_sees_each_change(tmp_path: Path) -> None:
    make(tmp_path)
    found = register([tmp_path], "evidence")
    for entry in found:
        assert rehash(entry.source.path, entry.source.kind).sha256 == entry.source.sha256
    (tmp_path / "note.txt").write_bytes(b"other")
    (tmp_path / "Maildir" / "cur" / "2").write_bytes(MAIL)
    changed = {e.source.kind for e in found if rehash(e.source.path, e.source.kind).sha256 != e.source.sha256}
    assert changed == {"folder", "maildir"}


def test_the_same_bytes_twice_are_one_source(tmp_path: Path) -> None:
    for name in ("a.pst", "copy.pst"):
        (tmp_path / name).write_bytes(b"!BDN" + bytes(600))
    found = register([tmp_path / "a.pst", tmp_path / "copy.pst", tmp_path / "a.pst"], "evidence")
    assert [entry.source.path for entry in found] == [str(tmp_path / "a.pst")]
    assert found[0].also_at == (str(tmp_path / "copy.pst"),)


def test_a_missing_path_stops_before_anything(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    for name in ("missing", "a/below", "dangling", "round"):
        steps: list[int] = []
        with pytest.raises(CaseError) as caught:
            register([tmp_path / "a", tmp_path / name], "evidence", progress=steps.append)
        assert caught.value.exit_code == Exit.USAGE
        assert steps == []


def test_what_cannot_be_read_is_a_source_with_a_problem(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    entry = register([tmp_path / "pipe"], "evidence")[0]
    assert (entry.code, entry.source.sha256) == ("unreadable_source", "")
    with pytest.raises(OSError, match="regular"):
        rehash(entry.source.path, entry.source.kind)


def test_an_empty_file_and_an_empty_folder_are_noted(tmp_path: Path) -> None:
    (tmp_path / "empty.pst").touch()
    (tmp_path / "folder").mkdir()
    entries = register([tmp_path / "empty.pst"], "evidence") + register([tmp_path / "folder"], "evidence")
    assert [(entry.note, entry.code) for entry in entries] == [("empty", ""), ("empty", "")]


def test_links_inside_a_folder_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path / "given")
    (tmp_path / "given" / "loop").symlink_to(tmp_path / "given")
    (tmp_path / "given" / "link.pst").symlink_to(tmp_path / "given" / "a.pst")
    assert len(register([tmp_path / "given"], "evidence")) == 6


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "evidence"])
def test_other_kinds_are_files_as_they_are(tmp_path: Path, kind: str) -> None:
    make(tmp_path)
    found = register([tmp_path / "deep"], kind)
    assert [(Path(entry.source.path).name, entry.source.kind) for entry in found] == [
        ("Inbox", kind),
        ("b.ost", kind),
    ]
    assert rehash(found[0].source.path, kind).sha256 == found[0].source.sha256


def test_names_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9")
    path.mkdir()
    (path / os.fsdecode(b"\xff.txt")).write_bytes(b"x")
    for entry in register([path], "evidence"):
        entry.source.path.encode()
        assert rehash(entry.source.path, entry.source.kind).sha256 == entry.source.sha256


def test_a_listing_does_not_depend_on_where_it_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make(tmp_path / name)
    first, second = (register([tmp_path / name], "evidence")[-1].source.sha256 for name in ("one", "two"))
    assert first == second


@pytest.mark.parametrize(
    ("data", "kind"),
    [(MBOX, "mbox"), (MBOX[: len(MBOX) // 2], "eml"), (MAIL, "eml"), (b"words: a\n", "file"), (b"", "file"),
     (b"7z\xbc\xaf\x27\x1c", "archive"), (b"PK\x03\x04 cut", "zip"), (b"From now on: words\n", "file")],
)  # fmt: skip
def test_kinds(tmp_path: Path, data: bytes, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert kind_of(path) == kind
    assert (containers_below(tmp_path) == [path]) == (kind in ("mbox", "zip", "archive"))


ROWS = (
    Row("ann.lee@clinic.example", "Ann Lee", "North Clinic"),
    Row("hr@clinic.example", "HR desk", path="exports/17*.pst"),
)


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        (
            "g/ann.lee@clinic.example.pst",
            Owner(mailbox="ann.lee@clinic.example", custodian="Ann Lee", entity="North Clinic"),
        ),
        (
            "g/Ann.Lee@Clinic.example/Inbox",
            Owner(mailbox="ann.lee@clinic.example", custodian="Ann Lee", entity="North Clinic"),
        ),
        (
            "g/Backup Lee, Ann 2021.pst",
            Owner(mailbox="ann.lee@clinic.example", custodian="Ann Lee", entity="North Clinic"),
        ),
        ("g/ann.lee.pst", Owner(mailbox="ann.lee@clinic.example", custodian="Ann Lee", entity="North Clinic")),
        ("g/exports/17_a.pst", Owner(mailbox="hr@clinic.example", custodian="HR desk")),
        ("g/bo@other.example.mbox", Owner(mailbox="bo@other.example")),
        ("g/Exchange/bo@other.example.001.pst", Owner(mailbox="bo@other.example")),
        ("g/Exchange/bo@other.example.Primary.pst", Owner(mailbox="bo@other.example")),
        ("g/Exchange/bo@other.example.MainArchive_002.pst", Owner(mailbox="bo@other.example")),
        ("g/Bo Day.pst", Owner(custodian="Bo Day")),
        ("g/Deleted Items.pst", Owner()),
        ("g/x.pst", Owner()),
    ],
)
def test_whose_it_is(path: str, owner: Owner) -> None:
    assert owner_of(Path("/") / path, Path("/g"), ROWS) == owner


def test_folders_above_what_was_given_say_nothing() -> None:
    assert owner_of(Path("/home/bo@other.example/g/x.pst"), Path("/home/bo@other.example/g"), ()) == Owner()
