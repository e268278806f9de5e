r"""A folder as a container: loose files, or a Maildir with its folders.

It is no file, so it is not among `PARSERS`: the walker opens it for sources of that kind. Links are not followed, so
nothing outside is read and no loop is possible; what is no regular file is named as a Fault. Locators are paths below
the folder, with bytes that are no UTF-8 written as `\xff` and a backslash doubled, so that they lead back.
"""

import io
import os
import re
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Yield
from rollcall.items.readable import FileReadable, Readable, chunks_of, open_to_read
from rollcall.paths import from_utf7, real_path, written_path

SHARD_FILES = 2_000
SHARD_BYTES = 64 << 20
_MAIL_FOLDERS = ("cur", "new", "tmp")
# What servers keep beside the mails in a Maildir, and systems in any folder; it holds no mail.
_CONTROL = re.compile(
    r"dovecot[.-].*|dovecot-.*|courier.*|maildirsize|maildirfolder|subscriptions|\.DS_Store|Thumbs\.db|desktop\.ini",
    re.IGNORECASE,
)
_KINDS = {
    "sent": "sent", "sent items": "sent", "sent messages": "sent", "sent mail": "sent",
    "trash": "deleted", "deleted": "deleted", "deleted items": "deleted", "deleted messages": "deleted",
    "junk": "junk", "spam": "junk", "junk e-mail": "junk", "junk email": "junk", "bulk mail": "junk",
    "drafts": "drafts", "outbox": "outbox", "archive": "archive", "archives": "archive", "all mail": "archive",
}  # fmt: skip
_LINK, _SPECIAL = _ELSEWHERE = ("link", "special file")


class Tree:
    """A folder of the evidence. `excluded` are paths below it that are sources of their own."""

    def __init__(self, root: Path, excluded: Collection[Path] = ()) -> None:
        self.root = root
        self.kind = "maildir" if is_maildir(root) else "folder"
        self._excluded = frozenset(os.fspath(path) for path in excluded)
        self.size = 0

    def files(self) -> Iterator[tuple[str, int, str]]:
        """Yield (relative path, size, what is wrong) of every entry that is no folder, in a fixed order."""
        pending = [""]
        while pending:
            below = pending.pop()
            folder = os.path.join(self.root, below)  # noqa: PTH118 - names may be no text pathlib could join back
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: os.fsencode(entry.name))
            except OSError as error:
                yield below or ".", 0, f"folder: {type(error).__name__}"
                continue
            folders: list[str] = []
            for entry in entries:
                path = f"{below}/{entry.name}" if below else entry.name
                if entry.path in self._excluded:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                    continue
                yield self._entry(entry, path)
            pending += reversed(folders)

    def _entry(self, entry: "os.DirEntry[str]", path: str) -> tuple[str, int, str]:
        try:
            state = entry.stat(follow_symlinks=False)
        except OSError as error:
            return path, 0, type(error).__name__
        if stat.S_ISREG(state.st_mode):
            return path, state.st_size, ""
        return path, state.st_size, _LINK if stat.S_ISLNK(state.st_mode) else _SPECIAL

    def open(self, locator: str) -> Readable:
        """Return the content of the file at a locator."""
        try:
            return FileReadable(_open_below(self.root, os.fspath(real_path(locator))))
        except FileNotFoundError:
            raise ContentError("missing_source", "file in a folder") from None
        except OSError as error:
            raise ContentError("unreadable_source", type(error).__name__) from None

    def inner(self, path: str, size: int) -> Inner:
        """Return the file at a relative path."""
        head, _, name = path.rpartition("/")
        kind, folder = "file", written_path(head)
        if self.kind == "maildir" and (mail := maildir_folder(head)) is not None:
            kind, folder = "message", mail
        return Inner(
            locator=written_path(path),
            kind=kind,
            name=written_path(name),
            folder=folder,
            folder_kind=folder_kind(folder),
            size=size,
            chunks=lambda: self._chunks(written_path(path)),
        )

    def _chunks(self, locator: str) -> Iterator[bytes]:
        readable = self.open(locator)
        try:
            yield from chunks_of(readable)
        finally:
            readable.close()

    # What follows lets a folder stand where a content stands; it has no bytes of its own.

    def read_at(self, offset: int, length: int) -> bytes:
        """Return nothing: a folder has no bytes."""
        return b""

    def stream(self) -> BinaryIO:
        """Return an empty stream."""
        return io.BytesIO()

    def fileno(self) -> int:
        """A folder has no descriptor."""
        raise OSError("a folder has no descriptor")

    def close(self) -> None:
        """Nothing is held."""


def is_maildir(folder: Path) -> bool:
    """Say whether a folder is a Maildir: `cur` and `new` inside."""
    return all((folder / name).is_dir() and not (folder / name).is_symlink() for name in ("cur", "new"))


def maildir_folder(head: str) -> str | None:
    """Return the mail folder of a path inside a Maildir, "" for the inbox; None where no mail is kept."""
    above, _, last = head.rpartition("/")
    if last not in _MAIL_FOLDERS:
        return None
    names: list[str] = []
    for piece in filter(None, above.split("/")):
        # Maildir++ writes ".Sent.2019" for the folder 2019 in Sent; others nest plain folders.
        names += [from_utf7(name) for name in piece.split(".") if name] if piece.startswith(".") else [from_utf7(piece)]
    return written_path("/".join(names))


def folder_kind(folder: str) -> str:
    """Say what a mail folder is for, from its name or that of a folder above it."""
    for name in reversed(folder.lower().split("/")):
        if kind := _KINDS.get(name):
            return kind
    return ""


def _open_below(root: Path, path: str) -> int:
    """Return a descriptor of a regular file below a folder; nothing on the way may be a link."""
    *above, name = path.split("/")
    if not name or ".." in above or "" in above or name in (".", ".."):
        raise FileNotFoundError
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for each in above:
            inner = open_to_read(each, os.O_DIRECTORY | os.O_NOFOLLOW, folder)
            os.close(folder)
            folder = inner
        descriptor = open_to_read(name, os.O_NOFOLLOW | os.O_NONBLOCK, folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError("not a regular file")
    return descriptor


def _listed(tree: Tree) -> Iterator[tuple[str, int, str]]:
    """Yield (relative path, size, what is wrong) of what counts."""
    for path, size, wrong in tree.files():
        if not _CONTROL.fullmatch(path.rpartition("/")[2]):
            yield path, size, wrong


def shards(untrusted: Readable, limits: Limits) -> Iterator[str]:
    """Yield slices "first-end" of the listing, of about 64 MB or 2,000 files."""
    start = size = 0
    for number, (_, length, _) in enumerate(_listed(cast(Tree, untrusted))):
        if number > start and (number - start >= SHARD_FILES or size + length > SHARD_BYTES):
            yield f"{start}-{number}"
            start, size = number, 0
        size += length
    yield f"{start}-"


def open_shard(untrusted: Readable, shard: str, limits: Limits) -> Iterator[Yield]:
    """Yield the files of a slice."""
    tree = cast(Tree, untrusted)
    start, _, end = shard.partition("-")
    for number, (path, size, wrong) in enumerate(_listed(tree)):
        if number < int(start):
            continue
        if end and number >= int(end):
            return
        if wrong:
            code = "not_followed" if wrong in _ELSEWHERE else "unreadable_source"
            yield Fault(code=code, detail=wrong, locator=written_path(path))
        else:
            yield tree.inner(path, size)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield every file."""
    yield from open_shard(untrusted, "0-", limits)


PARSER = Parser(
    name="tree",
    version=2,
    media_types=("inode/directory",),
    looks_like=lambda untrusted: isinstance(untrusted, Tree),
    parse=parse,
    shards=shards,
    open_shard=open_shard,
)
