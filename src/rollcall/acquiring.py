"""Fetch mailboxes from servers into the case, and register what was fetched as sources.

Only the supervisor does this: workers have no network. A batch is kept as soon as it is here, so a run that is broken
off goes on where it was, and a later run fetches what is new. What was fetched once stays, whatever the server shows
later.
"""

import contextlib
import datetime
import getpass
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from rollcall.acquired import KIND, Box, source_id_of
from rollcall.case import Case
from rollcall.engine.progress import Progress
from rollcall.evidence.owners import owner_of
from rollcall.evidence.register import user
from rollcall.evidence.sources import imap, imap_batches
from rollcall.evidence.sources.imap_address import Address
from rollcall.model import Source
from rollcall.problems import CaseError, Exit
from rollcall.store import Store
from rollcall.views import SourceTrouble

_log = logging.getLogger(__name__)


class Mailbox(msgspec.Struct, frozen=True, kw_only=True):
    """A mailbox to fetch, and how to be let in."""

    address: Address
    login: imap.Login


def login_for(address: Address, password_file: Path | None, token_file: Path | None, ca: Path | None) -> imap.Login:
    """Return how to be let in: from a file, else asked for on a terminal."""
    path = token_file or password_file
    if path is not None:
        try:
            secret = path.read_text("utf-8-sig").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as failure:
            raise CaseError(
                f"{path} cannot be read as text. Nothing was fetched. Check it.", Exit.KEY_NEEDED
            ) from failure
    elif sys.stdin.isatty():
        secret = getpass.getpass(f"Password of {address.user} at {address.host}: ")
    else:
        raise CaseError(
            f"{address.host} asks for a password, and there is no terminal to ask for it. Nothing was fetched. Give "
            "--imap-password-file FILE, or --imap-token-file FILE.",
            Exit.KEY_NEEDED,
        )
    if not secret or "\0" in secret:
        raise CaseError(f"No password was given for {address.user}. Nothing was fetched.", Exit.KEY_NEEDED)
    return imap.Login(secret=secret, is_token=token_file is not None, ca=ca)


def acquire(case: Case, store: Store, mailboxes: Sequence[Mailbox], progress: Progress) -> None:
    """Fetch what is new in some mailboxes and register them; the first that lets nobody in ends it before any began."""
    with contextlib.ExitStack() as open_sessions:
        sessions = [imap.Session(mailbox.address, mailbox.login) for mailbox in mailboxes]
        for session in sessions:
            open_sessions.callback(session.close)
        for session in sessions:
            _acquire(case, store, session, progress)


def _acquire(case: Case, store: Store, session: imap.Session, progress: Progress) -> None:
    name = session.address.name
    source_id = source_id_of(name)
    box = Box(store, source_id)
    one = imap_batches.Acquisition(session, box, case.policy.max_bytes, progress)
    one.run()
    if one.renewed:
        _log.warning(
            "the server has numbered %d folders of %s anew (UIDVALIDITY); they were fetched anew, and what was fetched "
            "of them before stays", len(one.renewed), session.address.host,
        )  # fmt: skip
    missed = [each for each in _missed(store).get(source_id, ()) if each.folder not in one.seen] + one.missed
    _register(case, store, session.address, box)
    store.ledger.append("imap", {"source_id": source_id, "missed": missed, "renewed": one.renewed})


def _register(case: Case, store: Store, address: Address, box: Box) -> None:
    """Make what was fetched a source, or let the source that it was grow."""
    hashes = box.seal()
    source_id = source_id_of(address.name)
    earlier = next((source for source in store.ledger.sources() if source.source_id == source_id), None)
    if earlier is not None and earlier.sha256 == hashes.sha256:
        return
    owner = owner_of(Path(address.user), Path(), case.mailboxes)
    known = (earlier.mailbox, earlier.custodian, earlier.entity) if earlier is not None else (None, None, None)
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    source = Source(
        source_id=source_id,
        path=address.name,
        kind=KIND,
        mailbox=owner.mailbox or known[0],
        custodian=owner.custodian or known[1],
        entity=owner.entity or known[2],
        size=hashes.size,
        sha256=hashes.sha256,
        sha1=hashes.sha1,
        md5=hashes.md5,
        received_at=now,
        received_from=address.host,
        received_by=user(),
    )
    store.ledger.add_sources([source])


def _missed(store: Store) -> dict[str, list[imap_batches.Missed]]:
    """Return what could not be fetched of each mailbox, by the latest attempt at each folder."""
    return {
        row["source_id"]: msgspec.convert(row["missed"], list[imap_batches.Missed]) for row in store.ledger.rows("imap")
    }


def troubles(store: Store) -> list[SourceTrouble]:
    """Return what could not be fetched, as troubles of the sources."""
    return [
        SourceTrouble(
            source_id=source_id,
            code=one.code,
            locator=one.folder if one.uid is None else f"{one.folder} UID {one.uid}",
            detail=one.detail,
        )
        for source_id, missed in sorted(_missed(store).items())
        for one in missed
    ]
