"""Who may run on a case: one process at a time, and a dead one never stands in the way.

The proof that a holder lives is a lock of the kernel on the file `lease`, which ends with its process however that
dies. The ledger's lease row says who holds it, for the sentence and for the one case that a lock cannot decide: a disk
that two machines reach. There a holder counts as alive while its heartbeat is fresh.
"""

import contextlib
import fcntl
import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from rollcall.problems import CaseError
from rollcall.store.database import Database
from rollcall.store.filesystem import writing

LEASE = "lease"
BEAT_SECONDS = 20.0
STALE_AFTER = timedelta(minutes=3)

_HELD: set[tuple[int, str]] = set()  # (process, lease file); a forked child finds its parent's here, under another pid


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds a case, precisely enough to tell it from a later process of the same number."""

    what: str  # run, rotate, gc
    pid: int
    started: int  # clock ticks since boot, of /proc/<pid>/stat: tells a process from a later one of its number
    boot_id: str
    host: str
    since: str


def this_process(what: str, at: str) -> Holder:
    """Return this process as a holder."""
    return Holder(
        what=what, pid=os.getpid(), started=started(os.getpid()) or 0, boot_id=_boot_id(), host=socket.gethostname(),
        since=at,
    )  # fmt: skip


def started(pid: int) -> int | None:
    """Return when a process began, in ticks since boot; None where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    # The second field is the program's name in parentheses and may itself hold blanks and parentheses.
    return int(stat.rpartition(")")[2].split()[19])


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def refuses(holder: Holder, heartbeat_at: datetime, me: Holder, now: datetime) -> bool:
    """Say whether a holder whose file lock is free still keeps us out.

    On this machine the free lock has proved it dead; after a restart it cannot live either. Elsewhere only its
    heartbeat speaks; one from the future is fresh, since clocks differ.
    """
    return holder.boot_id != me.boot_id and holder.host != me.host and now - heartbeat_at < STALE_AFTER


def _held(holder: Holder) -> CaseError:
    return CaseError(
        f"Another `rollcall {holder.what}` holds this case: process {holder.pid} on {holder.host}, since "
        f"{holder.since}. Nothing was changed. Wait until it has ended, or end it, and run again."
    )


class Lease:
    """The right to run on one case; taken again inside itself it costs nothing."""

    def __init__(self, folder: Path, database: Database, clock: Callable[[], datetime]) -> None:
        self._path = folder / LEASE
        self._database = database
        self._clock = clock
        self._depth = 0

    @contextlib.contextmanager
    def hold(self, what: str) -> Iterator[None]:
        """Hold the case for the block, or say who holds it."""
        if self._depth == 0:
            descriptor = self._take(what)
            quit_beating = threading.Event()
            beating = threading.Thread(target=self._beat_until, args=(quit_beating,), name="lease", daemon=True)
            beating.start()
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                quit_beating.set()
                beating.join()
                self._release(descriptor)

    def holder(self) -> Holder | None:
        """Return who holds the case by its row, dead or alive; None when nobody does."""
        rows = self._database.rows("select holder from lease")
        return msgspec.json.decode(rows[0][0], type=Holder) if rows else None

    def _take(self, what: str) -> int:
        now = self._clock()
        me = this_process(what, _text(now))
        mine = (os.getpid(), os.path.realpath(self._path))
        # The kernel's lock keeps out other processes only, and closing any descriptor of the file would let go of it.
        if mine in _HELD:
            raise _held(self.holder() or me)
        with writing(self._path), contextlib.ExitStack() as undo:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            undo.callback(os.close, descriptor)
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError) as failure:
                raise _held(self.holder() or me) from failure
            with self._database.writing() as cursor:
                for row in cursor.execute("select holder, heartbeat_at from lease").fetchall():
                    holder = msgspec.json.decode(row[0], type=Holder)
                    if refuses(holder, datetime.fromisoformat(row[1]), me, now):
                        raise _held(holder)
                cursor.execute(
                    "insert or replace into lease values (1, ?, ?)", (msgspec.json.encode(me).decode(), _text(now))
                )
            undo.pop_all()
        _HELD.add(mine)
        return descriptor

    def _release(self, descriptor: int) -> None:
        # On a full disk the row stays; without the lock it keeps nobody out.
        try:
            with contextlib.suppress(CaseError), self._database.writing() as cursor:
                cursor.execute("delete from lease")
        finally:
            _HELD.discard((os.getpid(), os.path.realpath(self._path)))
            os.close(descriptor)

    def _beat_until(self, quit_beating: threading.Event) -> None:
        while not quit_beating.wait(BEAT_SECONDS):
            # A beat that a busy or full disk refuses is not worth ending a run for: the lock still holds here.
            with contextlib.suppress(CaseError), self._database.writing() as cursor:
                cursor.execute("update lease set heartbeat_at = ?", (_text(self._clock()),))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
