"""The hashes of a file or of a folder's listing, in one pass over the bytes, opened read-only."""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from rollcall.paths import written_path

_STEP = 1 << 20
Progress = Callable[[int], None]  # told how many more bytes were read


class Hashes(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies the bytes of a source. `unreadable` are the files of a folder that could not be opened."""

    size: int
    sha256: str
    sha1: str
    md5: str
    changed: bool = False  # the file changed while it was read
    unreadable: tuple[str, ...] = ()


class _Digests:
    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        # Still what other tools and courts print; they identify, they do not protect.
        self._sha1 = hashlib.sha1(usedforsecurity=False)
        self._md5 = hashlib.md5(usedforsecurity=False)
        self.size = 0

    def update(self, data: bytes) -> None:
        for digest in (self._sha256, self._sha1, self._md5):
            digest.update(data)
        self.size += len(data)

    def hashes(self, *, size: int | None = None, changed: bool = False, unreadable: tuple[str, ...] = ()) -> Hashes:
        return Hashes(
            size=self.size if size is None else size,
            sha256=self._sha256.hexdigest(),
            sha1=self._sha1.hexdigest(),
            md5=self._md5.hexdigest(),
            changed=changed,
            unreadable=unreadable,
        )


def open_read_only(path: Path) -> int:
    """Return a descriptor of a regular file, its time of access left alone where the system lets us."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe must not make us wait
    try:
        descriptor = os.open(path, flags | os.O_NOATIME)
    except PermissionError:  # O_NOATIME needs ownership
        descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor


def hash_file(path: Path, progress: Progress | None = None) -> Hashes:
    """Return the hashes of a file; raises OSError where it cannot be read."""
    digests = _Digests()
    descriptor = open_read_only(path)
    try:
        before = os.fstat(descriptor)
        while data := os.read(descriptor, _STEP):
            digests.update(data)
            if progress is not None:
                progress(len(data))
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    changed = (before.st_size, before.st_mtime_ns) != (
        after.st_size,
        after.st_mtime_ns,
    ) or digests.size != after.st_size
    return digests.hashes(changed=changed)


def hash_listing(root: Path, files: Iterable[Path], progress: Progress | None = None) -> Hashes:
    """Return the hashes of a folder's listing: path, size and SHA-256 of each file, in the order of their paths."""
    digests = _Digests()
    size = 0
    changed = False
    unreadable: list[str] = []
    for name, path in _in_order(root, files):
        try:
            hashes = hash_file(path, progress)
        except OSError:
            unreadable.append(name)
            digests.update(f"{name}\0\0unreadable\n".encode())
            continue
        size += hashes.size
        changed = changed or hashes.changed
        digests.update(f"{name}\0{hashes.size}\0{hashes.sha256}\n".encode())
    return digests.hashes(size=size, changed=changed, unreadable=tuple(unreadable))


def hash_lines(entries: Iterable[tuple[str, int, str]]) -> Hashes:
    """Return the hashes of a listing of what is no file: name, size and SHA-256 of each entry, in the order given."""
    digests = _Digests()
    size = 0
    for name, length, sha256 in entries:
        size += length
        digests.update(f"{name}\0{length}\0{sha256}\n".encode())
    return digests.hashes(size=size)


def _in_order(root: Path, files: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    yield from sorted((written_path(path.relative_to(root)), path) for path in files)
