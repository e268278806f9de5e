import errno
import os
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rollcall.problems import CaseError, Exit
from rollcall.store import Store, create_store, open_store
from rollcall.store.filesystem import is_network, mount_type, write_file

from .conftest import PHRASE, children, open_code

ROOT = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
MOUNTS = (
    ROOT
    + "30 22 0:40 / /mnt/share rw,relatime shared:2 master:1 - nfs4 server:/export rw,vers=4.2\n"
    + "31 22 0:41 / /mnt/with\\040blank rw - cifs //server/share rw\n"
    + "32 30 8:2 / /mnt/share/local rw - xfs /dev/sdb1 rw\n"
    + "33 22 0:42 / /mnt/twice rw - nfs server:/a rw\n"
    + "34 22 8:3 / /mnt/twice rw - btrfs /dev/sdc1 rw\n"
    + "35 22 0:43 / /home/ann/far rw - fuse.sshfs ann@server: rw\n"
    + "a line that is none\n"
)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/home/ann/case", "ext4"),
        ("/mnt/share", "nfs4"),
        ("/mnt/share/case", "nfs4"),
        ("/mnt/share2/case", "ext4"),
        ("/mnt/with blank/case", "cifs"),
        ("/mnt/share/local/case", "xfs"),
        ("/mnt/twice/case", "btrfs"),
        ("/home/ann/far/case", "fuse.sshfs"),
    ],
)
def test_the_deepest_and_latest_mount_decides(path: str, kind: str) -> None:
    assert mount_type(Path(path), MOUNTS) == kind


def test_an_unreadable_table_says_nothing() -> None:
    assert mount_type(Path("/x"), "") == ""


@pytest.mark.parametrize(
    ("kind", "network"),
    [
        *(
            (kind, True)
            for kind in ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre")
        ),
        *((f"fuse.{helper}", True) for helper in ("sshfs", "s3fs", "rclone", "glusterfs", "gcsfuse")),
        *((kind, False) for kind in ("ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuseblk", "fuse.ntfs-3g", "")),
    ],
)
def test_what_counts_as_network(kind: str, network: bool) -> None:
    assert is_network(kind) is network


def test_a_case_on_a_network_file_system_is_refused(case: Path) -> None:
    far = f"{ROOT}30 22 0:40 / {case.parent} rw - nfs4 server:/export rw\n"
    with pytest.raises(CaseError, match="nfs4") as caught:
        create_store(case, PHRASE, mountinfo=far)
    assert caught.value.exit_code == Exit.NO_ROOM
    assert not case.exists()
    create_store(case, PHRASE, mountinfo=ROOT).close()
    with pytest.raises(CaseError, match="local disk"):
        open_store(case, PHRASE, mountinfo=far)


def test_a_link_does_not_hide_the_network(case: Path, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    case.symlink_to(tmp_path / "far")
    far = f"{ROOT}30 22 0:40 / {tmp_path / 'far'} rw - nfs server:/export rw\n"
    with pytest.raises(CaseError, match="nfs"):
        create_store(case, PHRASE, mountinfo=far)


# --- a disk that refuses ---


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("call", ["open", "write", "fsync"])
def test_what_the_disk_refuses_is_a_sentence_and_the_old_file_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    store.put("children", store.name("x"), children("old"))
    real = getattr(os, call)

    def refuse(first: object, *rest: object, **named: object) -> object:
        if call == "open" and not str(first).endswith(".tmp"):
            return real(first, *rest, **named)
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(CaseError, match=r"safe|synced") as caught:
            store.put("children", store.name("x"), children("new"))
    assert caught.value.exit_code == Exit.NO_ROOM
    assert "run" in str(caught.value)
    assert store.get("children", store.name("x"))["name"].to_pylist() == ["old"]
    assert [path.suffix for path in (store.path / "facts/children").iterdir()] == [".seg"]


def test_a_refusal_of_another_kind_stays_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EBADF, "bad descriptor")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="bad descriptor"):
        store.put("children", store.name("x"), children("new"))


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, view: real(descriptor, view[:7]))
    assert write_file(tmp_path / "file", b"0123456789" * 3, b"end") == 33
    assert (tmp_path / "file").read_bytes() == b"0123456789" * 3 + b"end"
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_the_file_is_synced_before_its_rename_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    real_sync, real_rename = os.fsync, Path.rename

    def sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        real_sync(descriptor)

    def rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return real_rename(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "rename", rename)
    write_file(tmp_path / "file", b"content")
    assert steps == ["file", "rename", "folder"]


def test_a_file_that_must_be_new_never_goes_over_another(tmp_path: Path) -> None:
    write_file(tmp_path / "file", b"one", only_new=True)
    with pytest.raises(FileExistsError):
        write_file(tmp_path / "file", b"two", only_new=True)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"one"


# Root may write anywhere, so the child gives up what makes it so; for others it changes nothing.
POWERLESS = """
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
assert libc.capset(struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6)) == 0
"""
TRY = """
from rollcall.problems import CaseError
def tried(call):
    try:
        call()
    except CaseError as refused:
        print(int(refused.exit_code), refused)
    else:
        print("done")
"""
PUT_AND_APPEND = """
tried(lambda: store.put("children", store.name("y"), to_table(Child, [])))
tried(lambda: store.spool(store.name("z")))
tried(lambda: store.ledger.append("note", {}))
tried(lambda: store.ledger.lease().__enter__())
print(store.get("children", store.name("x")).num_rows)
"""


def test_a_folder_that_cannot_be_written(case: Path, child: Callable[..., "subprocess.Popen[str]"]) -> None:
    with create_store(case, PHRASE) as store:
        store.put("children", store.name("x"), children("a"))
        key = store.key
    folders = [case, *(path for path in case.rglob("*") if path.is_dir())]
    files = [path for path in case.rglob("*") if path.is_file()]
    for path in [*files, *folders]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        output, errors = child(POWERLESS + open_code(key) + TRY + PUT_AND_APPEND, case).communicate(timeout=60)
    finally:
        for path in [*folders, *files]:
            path.chmod(0o700 if path.is_dir() else 0o600)
    lines = output.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["6", "6", "6", "6", "1"], errors
    assert all("cannot be written" in line for line in lines[:4])


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
big = Child(parent_blob_id="", locator=os.urandom(90000).hex(), kind="file", blob_id="b", size=1)
tried(lambda: store.put("children", store.name("y"), to_table(Child, [big])))
writer = store.spool(store.name("z"))
tried(lambda: writer.write(bytes(3 << 20)))
tried(lambda: [store.ledger.append("note", {"n": n, "text": "x" * 900}) for n in range(1000)])
print(store.get("children", store.name("x")).num_rows)
"""


def test_a_disk_with_a_limit(case: Path, child: Callable[..., "subprocess.Popen[str]"]) -> None:
    with create_store(case, PHRASE) as store:
        store.put("children", store.name("x"), children("a"))
        key = store.key
    output, errors = child(open_code(key) + TRY + LIMITED, case).communicate(timeout=60)
    assert [line.split(" ")[0] for line in output.splitlines()] == ["6", "6", "6", "1"], errors
    with open_store(case, PHRASE) as store:
        notes = [body["n"] for body in store.ledger.rows("note")]
        assert notes == list(range(len(notes)))
        assert notes
        assert store.ledger.verify() == []
        assert not store.has("children", store.name("y"))
    assert not list(case.rglob(".*.tmp"))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A disk of 2 MB; None where this user may not mount one (the limit above then stands in for it)."""
    point = tmp_path / "disk"
    point.mkdir()
    mounted = (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", point], capture_output=True).returncode == 0
    )
    yield point if mounted else None
    if mounted:
        subprocess.run(["umount", "-l", point], check=True)


def test_a_full_disk(small_disk: Path | None) -> None:
    if small_disk is None:
        return
    with create_store(small_disk / "case", PHRASE) as store:
        (small_disk / "in the way").write_bytes(bytes(300_000))
        kept = noted = 0

        def put_on() -> None:
            nonlocal kept
            for kept in range(1000):
                store.put("children", store.name(str(kept)), children(os.urandom(40000).hex()))

        def fill_up() -> None:
            with (small_disk / "filler").open("wb", buffering=0) as filler:
                while True:
                    filler.write(b"x" * 4096)

        def note_on() -> None:
            nonlocal noted
            for noted in range(2000):
                store.ledger.append("note", {"n": noted, "text": "x" * 500})

        with pytest.raises(CaseError, match="No room left") as caught:
            put_on()
        assert caught.value.exit_code == Exit.NO_ROOM
        with pytest.raises(OSError, match="No space left"):
            fill_up()
        with pytest.raises(CaseError) as caught:
            note_on()
        assert caught.value.exit_code == Exit.NO_ROOM
        (small_disk / "in the way").unlink()
        assert kept > 5
        for n in range(kept):
            assert store.get("children", store.name(str(n))).num_rows == 1
        assert [body["n"] for body in store.ledger.rows("note")] == list(range(noted))
        store.ledger.append("note", {"n": noted})
        assert store.ledger.verify() == []
        assert not list((small_disk / "case").rglob(".*.tmp"))
