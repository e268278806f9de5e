"""What is fetched of a mailbox on a server, and in which order: folder by folder, in batches, what is not kept yet.

Whatever fails is noted and the rest goes on: a folder, a mail that is gone or too large, a connection. One that breaks
is made again a few times; where it breaks at one mail again and again, that mail is left out.
"""

import time
from collections.abc import Callable, Collection, Sequence
from typing import Protocol, TypeVar

import msgspec

from rollcall.evidence.sources.imap import AwayError, DroppedError, Folder, Mail, RefusedError, Session, fail

T = TypeVar("T")

BATCH_BYTES = 32 << 20  # of mail that is fetched at once, and kept before the next
BATCH_MAILS = 1_000
PAUSES = (1.0, 2.0)  # seconds before a connection is made again
_MOST_LOST = 10  # mails at which the connection broke, each twice; then the server is left alone


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be fetched: a mail, or (without UID) a folder or all of it."""

    folder: str
    uid: int | None = None
    code: str = "not_fetched"
    detail: str


class Kept(Protocol):
    """Keeps what is fetched; what it has is not fetched again."""

    def validity(self, folder: str) -> int | None:
        """Return the UIDVALIDITY under which a folder was fetched last."""
        ...

    def uids(self, folder: str, validity: int) -> Collection[int]:
        """Return the mails it has of a folder."""
        ...

    def keep(self, folder: Folder, validity: int, mails: Sequence[Mail]) -> None:
        """Keep mails of a folder; on disk when this returns."""
        ...


class Progress(Protocol):
    """Is told how far it is."""

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage."""
        ...

    def advance(self, n: int) -> None:
        """Add what was done."""
        ...

    def finish(self) -> None:
        """End a stage."""
        ...


class Acquisition:
    """Fetches what is not kept yet.

    `missed` is what could not be had, `renewed` the folders that were numbered anew, `seen` those that were tried.
    """

    def __init__(self, session: Session, kept: Kept, most: int, progress: Progress) -> None:
        self._session = session
        self._kept = kept
        self._most = most  # bytes of one mail
        self._progress = progress
        self._gone = False
        self._n_lost = 0
        self.missed: list[Missed] = []
        self.renewed: list[str] = []
        self.seen: list[str] = []

    def run(self) -> None:
        """Fetch, folder by folder; what fails is noted and the rest goes on."""
        try:
            folders = self._steadily(self._session.folders)
        except DroppedError:
            fail(self._session.address, "the connection breaks while folders are listed. Check the server")
        except RefusedError:
            fail(self._session.address, "it does not list its folders. Check the server")
        self._progress.start("listing mail", len(folders), "folders")
        plans = []
        for folder in folders:
            self.seen.append(folder.name)
            plans.append((folder, *self._listed(folder)))
            self._progress.advance(1)
        self._progress.finish()
        self._progress.start("fetching mail", sum(sum(sizes.values()) for _, _, sizes in plans), "bytes")
        for folder, validity, sizes in plans:
            self._fetch(folder, validity, sizes)
        self._progress.finish()

    def _listed(self, folder: Folder) -> tuple[int, dict[int, int]]:
        """Return the UIDVALIDITY of a folder, and UID and size of each mail to fetch."""
        try:
            (validity, n), sizes = self._steadily(lambda: (self._session.examine(folder), self._session.sizes()))
        except RefusedError as error:
            self.missed.append(Missed(folder=folder.name, detail=str(error)))
            return 0, {}
        except DroppedError:
            self.missed.append(Missed(folder=folder.name, detail="the connection broke before its mails were listed"))
            return 0, {}
        if len(sizes) < n:
            self.missed.append(Missed(folder=folder.name, detail=f"{n - len(sizes)} of {n} mails were not listed"))
        if self._kept.validity(folder.name) not in (None, validity):
            self.renewed.append(folder.name)
        have = self._kept.uids(folder.name, validity)
        wanted = {uid: size for uid, size in sorted(sizes.items()) if uid not in have}
        for uid in [uid for uid, size in wanted.items() if size > self._most]:
            detail = f"{wanted.pop(uid)} bytes"
            self.missed.append(Missed(folder=folder.name, uid=uid, code="too_large", detail=detail))
        return validity, wanted

    def _fetch(self, folder: Folder, validity: int, sizes: dict[int, int]) -> None:
        waiting, alone = list(sizes), False
        while waiting:
            batch = waiting[:1] if alone else _first(waiting, sizes)
            try:
                self._steadily(lambda: self._session.reopen(folder, validity))
            except (DroppedError, RefusedError) as error:
                why = str(error) or "the connection broke"
                self.missed.append(Missed(folder=folder.name, detail=f"{len(waiting)} mails: {why}"))
                return
            mails, whole = self._session.fetch(batch)
            if mails:
                self._kept.keep(folder, validity, mails)
            came = {mail.uid for mail in mails}
            self._progress.advance(sum(sizes[uid] for uid in came))
            left = [uid for uid in batch if uid not in came]
            if whole or (alone and left):
                why = "no longer there when it was fetched" if whole else "the connection breaks whenever it is fetched"
                self.missed += [Missed(folder=folder.name, uid=uid, detail=why) for uid in left]
                self._lost(not whole)
                left, alone = [], False
            else:
                alone = not came
            waiting[: len(batch)] = left

    def _steadily(self, action: Callable[[], T]) -> T:
        """Do something, again after a pause when the connection drops; a server that stays away is left alone."""
        for pause in (*PAUSES, None):
            try:
                if self._gone:
                    raise AwayError
                return action()
            except DroppedError as error:
                if pause is None or self._gone:
                    self._gone = isinstance(error, AwayError)
                    self._lost(True)
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    def _lost(self, lost: bool) -> None:
        """Count what the connection broke at."""
        self._n_lost += lost
        self._gone = self._gone or self._n_lost >= _MOST_LOST


def _first(waiting: Sequence[int], sizes: dict[int, int]) -> list[int]:
    """Return the mails to fetch next: about as many bytes as may be lost when the connection breaks."""
    batch: list[int] = []
    total = 0
    for uid in waiting[:BATCH_MAILS]:
        if batch and total + sizes[uid] > BATCH_BYTES:
            break
        batch.append(uid)
        total += sizes[uid]
    return batch
