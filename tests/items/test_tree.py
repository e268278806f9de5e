"""A folder as a container."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.parser import ContentError, Fault, Inner, Limits
from rollcall.items.parsers import tree
from rollcall.items.parsers.tree import PARSER, Tree, maildir_folder
from rollcall.paths import real_path, written_path

LIMITS = Limits()


def write(root: Path, *names: str | bytes) -> None:
    for name in names:
        path = root / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(name))


def read(root: Tree) -> list[Inner]:
    assert PARSER.open_shard is not None
    assert PARSER.shards is not None
    shards = list(PARSER.shards(root, LIMITS))
    return [value for shard in shards for value in PARSER.open_shard(root, shard, LIMITS) if isinstance(value, Inner)]


def test_files_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "sub/a.txt", "sub/deep/c.txt", ".DS_Store", b"caf\xe9\\.txt")
    found = {inner.locator: inner for inner in read(Tree(tmp_path))}
    assert list(found) == ["b.txt", r"caf\xe9\\.txt", "sub/a.txt", "sub/deep/c.txt"]
    assert (found["sub/deep/c.txt"].folder, found["sub/deep/c.txt"].name) == ("sub/deep", "c.txt")
    for locator, inner in found.items():
        assert inner.chunks is not None
        assert b"".join(inner.chunks()) == os.fsencode(real_path(locator))
        again = Tree(tmp_path).open(locator)
        assert again.read_at(0, again.size) == os.fsencode(real_path(locator))
        again.close()


@pytest.mark.parametrize("size", [1, 2, 100])
def test_slices_tile_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    write(tmp_path, *(f"{n}/{m}.txt" for n in range(3) for m in range(3)))
    whole = [inner.locator for inner in read(Tree(tmp_path))]
    monkeypatch.setattr(tree, "SHARD_FILES", size)
    assert [inner.locator for inner in read(Tree(tmp_path))] == whole
    assert len(whole) == 9


def test_maildir(tmp_path: Path) -> None:
    write(tmp_path, "cur/1:2,S", "new/2", "tmp/3", ".Sent/cur/4:2,", ".Sent.2019/new/5", ".Gel&APY-scht/cur/6")
    write(tmp_path, "dovecot-uidlist", "maildirsize", "notes.txt")
    (tmp_path / ".Sent" / "new").mkdir()
    found = {inner.locator: (inner.kind, inner.folder, inner.folder_kind) for inner in read(Tree(tmp_path))}
    assert found == {
        "notes.txt": ("file", "", ""),
        ".Gel&APY-scht/cur/6": ("message", "Gelöscht", ""),
        ".Sent/cur/4:2,": ("message", "Sent", "sent"),
        ".Sent.2019/new/5": ("message", "Sent/2019", "sent"),
        "cur/1:2,S": ("message", "", ""),
        "new/2": ("message", "", ""),
        "tmp/3": ("message", "", ""),
    }


def test_links_and_special_files_are_named_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "given"
    write(tmp_path, "given/a.txt", "outside.txt")
    (inside / "loop").symlink_to(inside)
    (inside / "out.txt").symlink_to(tmp_path / "outside.txt")
    os.mkfifo(inside / "pipe")
    values = list(PARSER.parse(Tree(inside), LIMITS))
    assert [value.locator for value in values if isinstance(value, Inner)] == ["a.txt"]
    faults = {value.locator: (value.code, value.detail) for value in values if isinstance(value, Fault)}
    assert faults == {
        "loop": ("not_followed", "link"),
        "out.txt": ("not_followed", "link"),
        "pipe": ("not_followed", "special file"),
    }


def test_what_is_a_source_of_its_own_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.pst", "mail/cur/1", "mail/new/2")
    left = read(Tree(tmp_path, excluded=[tmp_path / "b.pst", tmp_path / "mail"]))
    assert [inner.locator for inner in left] == ["a.txt"]


def test_a_file_that_went_away(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    inner = read(Tree(tmp_path))[0]
    (tmp_path / "a.txt").unlink()
    assert inner.chunks is not None
    with pytest.raises(ContentError):
        b"".join(inner.chunks())
    with pytest.raises(ContentError):
        Tree(tmp_path).open("a.txt")


@pytest.mark.parametrize(
    "locator", ["../x", "/etc/passwd", "a/../../x", "out/x", "out.txt", "..", ".", "", "a", "pipe"]
)
def test_locators_stay_below(tmp_path: Path, locator: str) -> None:
    write(tmp_path, "x", "in/x", "in/a/x")
    (tmp_path / "in/out").symlink_to(tmp_path)
    (tmp_path / "in/out.txt").symlink_to(tmp_path / "x")
    os.mkfifo(tmp_path / "in/pipe")
    with pytest.raises(ContentError):
        Tree(tmp_path / "in").open(locator)


@given(st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw))
def test_paths_lead_back(raw: bytes) -> None:
    path = Path(os.fsdecode(raw))
    written = written_path(path)
    written.encode()
    assert real_path(written) == path


@pytest.mark.parametrize(
    ("head", "folder"),
    [("cur", ""), (".A&-B/cur", "A&B"), ("Work/.Old/new", "Work/Old"), (".&AB-/cur", "&AB-"), ("other", None)],
)
def test_maildir_folders(head: str, folder: str | None) -> None:
    assert maildir_folder(head) == folder
