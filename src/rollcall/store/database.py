"""The SQLCipher file under the ledger: how it is opened, its short transactions, and what its refusals mean."""

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from rollcall.problems import CaseError, Exit
from rollcall.store.filesystem import TMP_SUFFIX, explained, failing, no_room, read_only, sync_folder

LEDGER = "ledger.db"
BUSY_SECONDS = 30.0

_SCHEMA = """
create table if not exists entries (
  seq integer primary key, at text not null, kind text not null, who text not null, body text not null,
  once text unique, prev text not null, hash text not null);
create index if not exists entries_by_kind on entries (kind, seq);
create table if not exists minted (
  individual_id text primary key, anchor text not null, first_seen_run integer not null, seq integer not null);
create index if not exists minted_by_seq on minted (seq, individual_id);
create table if not exists manifests (
  seq integer primary key, run integer not null, complete integer not null, body blob);
create table if not exists lease (
  only_one integer primary key check (only_one = 1), holder text not null, heartbeat_at text not null);
"""

_COPIED = (
    ("select * from entries", "insert into entries values (?, ?, ?, ?, ?, ?, ?, ?)"),
    ("select * from minted", "insert into minted values (?, ?, ?, ?)"),
    ("select * from manifests", "insert into manifests values (?, ?, ?, ?)"),
    ("select * from lease", "insert into lease values (?, ?, ?)"),
)


class Database:
    """One connection to the ledger's file, safe to use from several threads, one at a time."""

    def __init__(self, path: Path, keys: tuple[bytes, ...]) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection, self.key = self._open(keys)
        self._inode = path.stat().st_ino

    def _open(self, keys: tuple[bytes, ...]) -> tuple[Any, bytes]:
        with translated(self.path):
            if not self.path.exists():
                _make_private(self.path)
        for key in keys:
            with translated(self.path), contextlib.ExitStack() as undo:
                connection = connect(self.path, key)
                undo.callback(connection.close)
                if _prepare(connection):
                    undo.pop_all()
                    return connection, key
        raise damaged(self.path)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        """Yield a cursor inside one short transaction that is on disk when the block has ended."""
        with self._lock, translated(self.path):
            self._connection.execute("begin immediate")
            with contextlib.ExitStack() as undo:
                undo.callback(self._roll_back)
                # A rotated ledger is another file; what is written to the old one would be lost.
                if self.path.stat().st_ino != self._inode:
                    raise CaseError(
                        "The case's key was changed while this program had it open; the last step was not recorded. "
                        "Open the case again and repeat it."
                    )
                yield self._connection
                self._connection.execute("commit")
                undo.pop_all()

    def _roll_back(self) -> None:
        with contextlib.suppress(dbapi2.Error):  # the disk's refusal may have ended the transaction already
            self._connection.execute("rollback")

    def rows(self, statement: str, values: tuple[object, ...] = ()) -> list[Any]:
        """Return the rows of a query."""
        with self._lock, translated(self.path):
            found: list[Any] = self._connection.execute(statement, values).fetchall()
            return found

    def rekey(self, key: bytes) -> None:
        """Put the ledger under another key, in one step: a copy under the new key takes the file's place.

        SQLite's log belongs to the file's name, not to the file, so it must be folded in and gone before the copy is
        renamed; that needs every other program off the ledger, and none can come in while we hold it exclusively.
        """
        with self._lock, translated(self.path):
            self._connection.execute("pragma journal_mode = delete")
            self._connection.execute("begin exclusive")
            try:
                self._copy_under(key)
            finally:
                self._connection.execute("rollback")
            self._connection.close()
            self._connection, self.key = self._open((key,))
            self._inode = self.path.stat().st_ino

    def _copy_under(self, key: bytes) -> None:
        tmp = self.path.with_name(f".{secrets.token_hex(8)}{TMP_SUFFIX}")
        _make_private(tmp)
        try:
            self._fill(tmp, key)
            tmp.rename(self.path)
        finally:
            tmp.unlink(missing_ok=True)
        sync_folder(self.path.parent)

    def _fill(self, tmp: Path, key: bytes) -> None:
        copy = connect(tmp, key)
        try:
            copy.execute("pragma synchronous = full")
            copy.executescript("begin immediate;" + _SCHEMA)
            for read, write in _COPIED:
                copy.executemany(write, self._connection.execute(read))
            copy.execute("commit")
        finally:
            copy.close()

    def close(self) -> None:
        """Close the connection; the last one folds the write-ahead log into the file."""
        with self._lock:
            self._connection.close()


def connect(path: Path, key: bytes) -> Any:
    """Return a connection that speaks the case's cipher; a wrong key shows at the first statement only."""
    connection = dbapi2.connect(str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("pragma cipher_log_level = none")  # what it would print on stderr, we say in a sentence
    connection.execute(f"pragma key = \"x'{key.hex()}'\"")
    # Sorting in memory: a temporary file would hold rows outside the case's own files.
    connection.execute("pragma temp_store = memory")
    return connection


def _prepare(connection: Any) -> bool:
    """Say whether the key fits, and set the connection up."""
    try:
        mode = connection.execute("pragma journal_mode").fetchone()[0]
    except dbapi2.DatabaseError as failure:
        if getattr(failure, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
            return False
        raise
    if mode != "wal":
        connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")
    if not connection.execute("select 1 from sqlite_master where name = 'lease'").fetchone():
        connection.executescript("begin immediate;" + _SCHEMA + "commit;")
    return True


def _make_private(path: Path) -> None:
    # SQLite takes the mode of its side files from the main one.
    path.touch(mode=0o600, exist_ok=True)


def damaged(path: Path) -> CaseError:
    """Return what is said of a ledger that cannot be read."""
    return CaseError(
        f"{path} cannot be read: it is damaged, or it belongs to another case. It holds the decisions and the book of "
        "runs. Restore it (with its -wal file) from a backup; the evidence itself is untouched.",
        Exit.VERIFICATION,
    )


_MEANINGS = {
    sqlite3.SQLITE_FULL: no_room,
    sqlite3.SQLITE_READONLY: read_only,
    sqlite3.SQLITE_CANTOPEN: read_only,
    sqlite3.SQLITE_PERM: read_only,
    sqlite3.SQLITE_IOERR: failing,
    sqlite3.SQLITE_CORRUPT: damaged,
}


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what the database refuses for the disk's sake into a sentence with its exit code."""
    try:
        yield
    except dbapi2.DatabaseError as failure:
        code = getattr(failure, "sqlite_errorcode", 0) & 0xFF  # the low byte is the kind, the rest is detail
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise CaseError(
                f"{path} is busy: another program has been writing to it for {BUSY_SECONDS:.0f} seconds. "
                "Nothing was changed. Wait until it has ended, or end it, and run again."
            ) from failure
        if code in _MEANINGS:
            raise _MEANINGS[code](path) from failure
        raise
    except OSError as failure:
        raise explained(failure, path) from failure
