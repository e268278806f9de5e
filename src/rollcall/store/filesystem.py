"""Whether a case can be kept on this disk, and writes that are there wholly or not at all.

A case is refused on a network file system: locks and renames are not to be relied on there, and two machines could
write one case. Every file of a case is written beside its place under a random name, synced, and renamed, so a
process that is killed leaves either the old file or the new one, and at most a `.tmp` that `gc` removes.
"""

import contextlib
import errno
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from rollcall.problems import CaseError, Exit

TMP_SUFFIX = ".tmp"

NETWORK_TYPES = frozenset({
    "9p", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fhgfs", "gfs", "gfs2", "glusterfs", "gpfs",
    "lustre", "ncpfs", "nfs", "nfs3", "nfs4", "nfsd", "ocfs2", "orangefs", "panfs", "pvfs2", "smb2", "smb3", "smbfs",
    "vboxsf", "vmhgfs",
})  # fmt: skip
# FUSE names its helper after the dot; these helpers speak to another machine.
NETWORK_HELPERS = frozenset({
    "beegfs", "ceph", "ceph-fuse", "cifs", "davfs", "davfs2", "gcsfuse", "geesefs", "glusterfs", "goofys", "grpcfuse",
    "httpfs", "httpdirfs", "juicefs", "moosefs", "mfs", "nfs", "osxfs", "rclone", "s3fs", "s3ql", "seaweedfs", "smb",
    "smbnetfs", "sshfs", "vmhgfs-fuse", "webdav",
})  # fmt: skip

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_NO_LOCKS = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP})


def mount_type(path: Path, mountinfo: str) -> str:
    """Return the file-system type under a path, as the kernel's mount table names it; "" where it does not tell."""
    resolved = os.path.realpath(path)
    best, found = -1, ""
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if not separator or len(fields) < 5:
            continue
        # The table writes space, tab, newline and backslash as octal.
        point = re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[4])
        inside = point == "/" or resolved == point or resolved.startswith(point + "/")
        if inside and len(point) >= best:  # a later mount on the same point hides the earlier one
            best, found = len(point), kinds[0]
    return found


def is_network(kind: str) -> bool:
    """Say whether a file-system type keeps its files on another machine."""
    helper = kind.partition(".")[2]
    return kind in NETWORK_TYPES or (kind.startswith("fuse.") and helper in NETWORK_HELPERS)


def refuse_network(path: Path, mountinfo: str | None = None) -> None:
    """Refuse a case that would stand on a network file system; `mountinfo` is the kernel's table unless given."""
    if mountinfo is None:
        try:
            mountinfo = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:  # not Linux, or /proc is hidden: nothing can be said, so nothing is refused
            return
    kind = mount_type(path, mountinfo)
    if is_network(kind):
        raise CaseError(
            f"{path} is on a network file system ({kind}), where locks and renames cannot be relied on. "
            "Nothing was written. Put the case on a local disk; the mailboxes may stay where they are.",
            Exit.NO_ROOM,
        )


@contextlib.contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn a full, read-only or failing disk into a sentence with exit code 6."""
    try:
        yield
    except OSError as failure:
        raise explained(failure, path) from failure


def explained(failure: OSError, path: Path) -> Exception:
    """Return the `CaseError` that says what a disk's refusal means, or the failure itself where it is another."""
    if failure.errno in _FULL:
        return no_room(path)
    if failure.errno in _CLOSED:
        return read_only(path)
    if failure.errno == errno.EIO:
        return failing(path)
    if failure.errno in _NO_LOCKS:
        return CaseError(
            f"The file system under {path} has no locks, so nothing would keep two programs off one case. Nothing was "
            "written. Put the case on another local disk.",
            Exit.NO_ROOM,
        )
    return failure


def no_room(path: Path) -> CaseError:
    """Return what is said when the disk is full."""
    return CaseError(
        f"No room left on the disk (or in the quota) for {path}. All finished work is safe; nothing half-written is "
        "used. Free some space and run the same command again: it goes on where it stopped.",
        Exit.NO_ROOM,
    )


def failing(path: Path) -> CaseError:
    """Return what is said when the disk refuses a write for another reason."""
    return CaseError(
        f"The disk that holds {path} refuses a write: it is full beyond a limit, or failing. What was acknowledged "
        "before is written and synced. Check the disk, then run `rollcall verify` and the same command again.",
        Exit.NO_ROOM,
    )


def read_only(path: Path) -> CaseError:
    """Return what is said when the disk or folder cannot be written."""
    return CaseError(
        f"{path} cannot be written: the disk is mounted read-only, or this user has no right to write there. "
        "What is in the case is safe and unchanged. Make it writable (or copy the case) and run again.",
        Exit.NO_ROOM,
    )


def make_folder(path: Path) -> None:
    """Make a folder of the case that only its owner can enter."""
    with writing(path):
        path.mkdir(mode=0o700, exist_ok=True)


def sync_folder(path: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, *pieces: bytes, only_new: bool = False) -> int:
    """Put a file in its place in one step and return its size; with `only_new`, never over another one."""
    tmp = path.with_name(f".{secrets.token_hex(8)}{TMP_SUFFIX}")
    with writing(path):
        try:
            size = _write_synced(tmp, pieces)
            if only_new:
                os.link(tmp, path)
            else:
                tmp.rename(path)
        finally:
            tmp.unlink(missing_ok=True)
        sync_folder(path.parent)
    return size


def _write_synced(path: Path, pieces: tuple[bytes, ...]) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    size = 0
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                written = os.write(descriptor, view)
                size += written
                view = view[written:]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return size
