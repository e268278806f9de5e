"""Register what was handed over: one Source per store, its hashes taken before anything is read, and its custody.

A file is one source. A Maildir is one source. In any other folder each store (PST, OST, mbox, archive, Maildir) is a
source, and the loose files that remain are one more, known by the hash of their listing. Nothing is written, nothing
is unpacked, links are not followed.
"""

import os
import pwd
from collections.abc import Sequence
from pathlib import Path

import msgspec

from rollcall.evidence.hashing import Hashes, Progress, hash_file, hash_listing
from rollcall.evidence.kinds import containers_below, files_below, kind_of
from rollcall.evidence.owners import Mailbox, owner_of
from rollcall.model import Source, digest
from rollcall.paths import real_path, written_path
from rollcall.problems import CaseError, Exit

KINDS = ("evidence", "log", "roster", "passwords")


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A source, and what there is to say of it.

    `also_at` are further paths of the same bytes; `code` is a problem of `problems.py` or ""; `note` says what is odd
    about it without being a problem; `excluded` are the paths below a folder that are sources of their own.
    """

    source: Source
    also_at: tuple[str, ...] = ()
    code: str = ""
    detail: str = ""
    note: str = ""
    excluded: tuple[str, ...] = ()


def register(
    paths: Sequence[Path],
    kind: str,
    mailboxes: Sequence[Mailbox] = (),
    *,
    received_at: str | None = None,
    progress: Progress | None = None,
) -> list[Registered]:
    """List the sources among some paths, hashed; the same bytes under two paths are one source.

    A path that is not there is a CaseError before anything is hashed: a list made without it would look complete.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of source: {kind}")
    given = [_resolved(path) for path in paths]
    found: dict[str, Registered] = {}
    for path in given:
        for candidate, excluded in _candidates(path, kind):
            entry = _register(candidate, path, kind, mailboxes, excluded, received_at, progress)
            known = found.get(entry.source.source_id)
            if known is None:
                found[entry.source.source_id] = entry
            elif known.source.path != entry.source.path and entry.source.path not in known.also_at:
                found[entry.source.source_id] = msgspec.structs.replace(
                    known, also_at=(*known.also_at, entry.source.path)
                )
    return list(found.values())


def rehash(path: str, kind: str, progress: Progress | None = None) -> Hashes:
    """Return the hashes of a registered source as it is now; raises OSError where it cannot be read.

    `path` and `kind` are those of the Source: what they say together decides what is hashed, as when it was registered.
    """
    real = real_path(path)
    if kind == "maildir":
        return hash_listing(real, files_below(real), progress)
    if kind == "folder":
        return hash_listing(real, files_below(real, frozenset(containers_below(real))), progress)
    return hash_file(real, progress)


def _resolved(path: Path) -> Path:
    """Return the absolute path, links in what was given by hand followed."""
    try:
        resolved = path.resolve(strict=True)
        resolved.stat()
    except (FileNotFoundError, NotADirectoryError, RuntimeError):
        raise CaseError(
            f"{path} is not there. Nothing was registered, so that no list is made without it. "
            "Check the path, or leave it out, and run again.",
            Exit.USAGE,
        ) from None
    except PermissionError:
        return path.absolute()  # in a folder closed to us: a source that cannot be read
    except OSError as error:
        if error.errno is not None and not path.is_symlink() and os.path.lexists(path):
            return path.absolute()  # there, but closed to us: a source that cannot be read
        raise CaseError(
            f"{path} cannot be reached ({type(error).__name__}). Nothing was registered. Check the path and run again.",
            Exit.USAGE,
        ) from None
    return resolved


def _candidates(path: Path, kind: str) -> list[tuple[Path, list[Path]]]:
    """List the sources at a path: (path, paths below it that are sources of their own)."""
    if not _is_folder(path):
        return [(path, [])]
    if kind != "evidence":
        return [(file, []) for file in sorted(files_below(path))]
    if _kind(path) == "maildir":
        return [(path, [])]
    own = containers_below(path)
    loose = next(files_below(path, frozenset(own)), None)
    # A folder with nothing in it is registered too: that it was empty is part of what was handed over.
    return [*((file, []) for file in own), *([(path, own)] if loose is not None or not own else [])]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except PermissionError:
        return False


def _kind(path: Path) -> str:
    try:
        return kind_of(path)
    except OSError:
        return "file"


def _register(
    path: Path,
    below: Path,
    kind: str,
    mailboxes: Sequence[Mailbox],
    excluded: list[Path],
    received_at: str | None,
    progress: Progress | None,
) -> Registered:
    found = _kind(path)
    real_kind = kind if kind != "evidence" else "file" if found == "archive" else found
    code = detail = note = ""
    try:
        hashes = rehash(written_path(path), real_kind, progress)
        source_id = digest("source", hashes.sha256)
    except OSError as error:
        hashes = Hashes(size=0, sha256="", sha1="", md5="")
        # Without bytes there is nothing but the path to know it by; readable, it is a new source.
        source_id = digest("source", "unreadable", written_path(path))
        code, detail = "unreadable_source", type(error).__name__
    if hashes.unreadable:
        note = f"{len(hashes.unreadable)} files could not be opened"
    elif hashes.changed:
        note = "changed while it was hashed"
    elif not code and hashes.size == 0:
        note = "empty"
    owner = owner_of(path, below, mailboxes)
    source = Source(
        source_id=source_id,
        path=written_path(path),
        kind=real_kind,
        mailbox=owner.mailbox,
        custodian=owner.custodian,
        entity=owner.entity,
        size=hashes.size,
        sha256=hashes.sha256,
        sha1=hashes.sha1,
        md5=hashes.md5,
        received_at=received_at,
        received_from=written_path(path),
        received_by=user(),
    )
    below_it = tuple(written_path(other) for other in excluded)
    return Registered(source=source, code=code, detail=detail, note=note, excluded=below_it)


def user() -> str:
    """Return who runs this, as the system knows them; what the environment claims is no custody."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
