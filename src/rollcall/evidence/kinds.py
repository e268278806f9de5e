"""What a given file or folder is, from its structure: a store that is a source of its own, or a loose file.

Only as much as registering needs; `items` looks closer, and reads whatever it finds whatever the kind says.
"""

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from rollcall.evidence.hashing import open_read_only

CONTAINERS = ("pst", "ost", "mbox", "zip", "archive")
_HEAD = 1 << 13
_ONE_MAIL = 4 << 20
_ARCHIVES = (
    (0, b"7z\xbc\xaf\x27\x1c"),
    (0, b"Rar!\x1a\x07"),
    (0, b"\x1f\x8b\x08"),
    (257, b"ustar"),
    (0, b"MSCF\0\0\0\0"),
)
_DOCUMENTS = frozenset(("[content_types].xml", "mimetype"))
_ENVELOPE = re.compile(
    rb"(?:\xef\xbb\xbf)?[\r\n]*From [^\r\n]{0,500}(?:\d{1,2}:\d{2}|@|- *)[^\r\n]{0,200}\r?\n(?:[!-9;-~]+[ \t]*:|\r?\n)"
)
_MAIL = re.compile(
    rb"(?:[!-9;-~]{1,80}[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*){0,60}?"
    rb"(?:received|return-path|message-id|mime-version|from|date|subject)[ \t]*:[^\n]*\n",
    re.IGNORECASE,
)


def kind_of(path: Path) -> str:
    """Say what a file or folder is: maildir, folder, one of CONTAINERS, eml or file; raises OSError if unreadable."""
    if path.is_dir():
        return "maildir" if is_maildir(path) else "folder"
    descriptor = open_read_only(path)
    try:
        head = os.pread(descriptor, _HEAD, 0)
        start = os.pread(descriptor, _ONE_MAIL, 0) if _ENVELOPE.match(head) else b""
    finally:
        os.close(descriptor)
    if head.startswith(b"!BDN"):
        return "ost" if head[8:10] == b"SO" else "pst"
    if start:
        # Some programs leave the envelope line on single mails; a small file with only one is no mailbox.
        return "eml" if len(start) < _ONE_MAIL and b"\nFrom " not in start else "mbox"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "file" if _is_document(path) else "zip"
    if any(head.startswith(magic, offset) for offset, magic in _ARCHIVES):
        return "archive"
    return "eml" if _MAIL.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()) else "file"


def is_maildir(folder: Path) -> bool:
    """Say whether a folder is a Maildir: `cur` and `new` inside; one that is closed to us is not known to be."""
    try:
        return all((folder / name).is_dir() and not (folder / name).is_symlink() for name in ("cur", "new"))
    except PermissionError:
        return False


def files_below(folder: Path, leave_out: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Yield each file below a folder; links are not followed, so no folder is met twice."""
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            entries = sorted(os.scandir(current), key=lambda entry: os.fsencode(entry.name))
        except OSError:
            yield current  # named among the unreadable by whoever reads it
            continue
        for entry in entries:
            path = Path(entry.path)
            if path in leave_out:
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(path)
            elif not entry.is_symlink():
                yield path


def containers_below(folder: Path) -> list[Path]:
    """List what stands in a plain folder and is a source of its own: Maildirs, mailboxes, archives."""
    found: list[Path] = []
    pending = [folder]
    while pending:
        try:
            entries = sorted(os.scandir(pending.pop()), key=lambda entry: os.fsencode(entry.name))
        except OSError:
            continue
        for entry in entries:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if is_maildir(path):
                    found.append(path)
                else:
                    pending.append(path)
            elif not entry.is_symlink() and _is_container(path):
                found.append(path)
    return sorted(found)


def _is_container(path: Path) -> bool:
    try:
        return kind_of(path) in CONTAINERS
    except OSError:
        return False


def _is_document(path: Path) -> bool:
    """Say whether a zip is an Office document; one without a readable directory counts as an archive."""
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            return any(info.filename.lower() in _DOCUMENTS for info in archive.infolist()[:2_000])
    except (zipfile.BadZipFile, OSError, ValueError, LookupError, NotImplementedError, OverflowError):
        return False
