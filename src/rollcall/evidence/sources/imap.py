"""A mailbox on an IMAP server, fetched folder by folder and never changed: the one file that speaks to a network.

RFC 3501 (IMAP4rev1), RFC 6154 (folders for special use), RFC 4616 (PLAIN), and XOAUTH2 for bearer tokens. Folders are
opened with EXAMINE and mails fetched with BODY.PEEK[], so no flag is set and nothing is moved. What a server says is
believed no further than that it is what it said: lines and literals are bounded, and a connection that drops or talks
nonsense is made again a few times, then what is left becomes a counted problem.
"""

import datetime
import imaplib
import re
import ssl
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import msgspec

from rollcall.evidence.sources.imap_address import Address
from rollcall.paths import from_utf7
from rollcall.problems import CaseError, Exit

T = TypeVar("T")

_PATIENCE = 60.0  # seconds without a byte
_MOST_SAID = 1 << 30  # bytes of one answer
_KINDS = {
    b"\\trash": "deleted", b"\\junk": "junk", b"\\sent": "sent", b"\\drafts": "drafts", b"\\archive": "archive",
    b"\\all": "archive",
}  # fmt: skip
_LISTED = re.compile(rb'\(([^)]*)\) (?:"\\?(.)"|NIL) (.*)', re.DOTALL)
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_UID, _SIZE = re.compile(rb"\bUID (\d{1,10})\b"), re.compile(rb"\bRFC822\.SIZE (\d{1,15})\b")
_FLAGS, _DATE = re.compile(rb"\bFLAGS \(([^)]*)\)"), re.compile(rb'\bINTERNALDATE "([^"]{1,60})"')
_BODY = re.compile(rb'\bBODY\[\] (NIL|"(?:[^"\\]|\\.)*")', re.DOTALL)  # short ones need no literal
# What the standard library raises at a connection that breaks or a server that talks nonsense.
_BROKEN = (imaplib.IMAP4.error, OSError, ValueError, TypeError, AttributeError)


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """How to be let in: a password or a bearer token, and whose certificates count beside those of the system."""

    secret: str
    is_token: bool = False
    ca: Path | None = None

    def __repr__(self) -> str:
        return "Login()"


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of the server: the name as the protocol has it, as it is shown, and what it is for."""

    raw: bytes
    name: str
    kind: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail as the server gave it."""

    uid: int
    received: int | None  # INTERNALDATE, seconds of UTC
    flags: tuple[str, ...]
    raw: bytes


class DroppedError(Exception):
    """The connection is gone."""


class AwayError(DroppedError):
    """And no other can be made."""


class RefusedError(Exception):
    """The server does not give a folder; says why."""


# --- the connection ------------------------------------------------------------------------------------------------


class _Plain(imaplib.IMAP4):
    """A connection that believes no length it is told: a literal is read piece by piece, and counted."""

    said = 0

    def read(self, size: int) -> bytes:
        pieces = []
        self._count(size)
        while size > 0:
            if not (piece := super().read(min(size, 1 << 20))):
                raise self.abort("cut short")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def readline(self) -> bytes:
        line: bytes = super().readline()
        self._count(len(line))
        return line

    def _count(self, n: int) -> None:
        self.said += n
        if self.said > _MOST_SAID:
            raise self.abort("an answer without end")


class _Tls(_Plain, imaplib.IMAP4_SSL):
    """The same, encrypted from its first byte."""


def _connect(address: Address, login: Login) -> _Plain:
    """Return a connection that is let in; a CaseError says what is in the way."""
    try:
        context = ssl.create_default_context(cafile=login.ca)
    except (OSError, ValueError):
        raise CaseError(f"--imap-ca {login.ca} holds no certificate that can be read. Nothing was fetched.") from None
    try:
        if address.tls:
            imap: _Plain = _Tls(address.host, address.port, ssl_context=context, timeout=_PATIENCE)
        else:
            imap = _Plain(address.host, address.port, timeout=_PATIENCE)
            if not address.is_here or login.ca is not None:
                if "STARTTLS" not in imap.capabilities:
                    fail(address, "it offers no encryption (STARTTLS). Give imaps:// if it has a port for it")
                imap.starttls(context)
    except _BROKEN as error:
        fail(address, _why_not(error))
    _log_in(imap, address, login)
    return imap


def fail(address: Address, why: str) -> NoReturn:
    """Say why a mailbox cannot be fetched, with what to do."""
    raise CaseError(
        f"{address.host}, port {address.port}: {why}, and run the same command again. Nothing was fetched.",
        Exit.NOTHING_OPENED,
    )


def _why_not(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"its certificate cannot be trusted ({error.verify_message}). If it is the server's own, get the "
            "certificate (or that of who signed it) from who runs the server, add --imap-ca FILE"
        )
    if isinstance(error, ssl.SSLError):
        return "it does not speak TLS there. Check scheme and port (imaps:// is 993, imap:// is 143)"
    known = {
        "gaierror": "no host of this name is known. Check the name",
        "ConnectionRefusedError": "it refuses connections. Check host and port (imaps:// is 993, imap:// is 143)",
        "TimeoutError": "it does not answer. Check host, port and firewall",
    }
    return known.get(type(error).__name__, f"it does not answer as a mail server ({type(error).__name__}). Check it")


def _log_in(imap: imaplib.IMAP4, address: Address, login: Login) -> None:
    plain = f"\0{address.user}\0{login.secret}"
    bearer = f"user={address.user}\1auth=Bearer {login.secret}\1\1"
    try:
        if login.is_token or "AUTH=PLAIN" in imap.capabilities:
            # A server that refuses a token says why, and waits for an empty line before it says NO.
            answers = iter([(bearer if login.is_token else plain).encode()])
            imap.authenticate("XOAUTH2" if login.is_token else "PLAIN", lambda _: next(answers, b""))
        else:
            user = address.user.replace("\\", "\\\\").replace('"', '\\"')
            imap.login(f'"{user}"', login.secret)
    except (imaplib.IMAP4.abort, OSError):
        fail(address, "it closed the connection at the login. Wait a little")
    except (imaplib.IMAP4.error, UnicodeEncodeError):
        what, option = ("token", "--imap-token-file") if login.is_token else ("password", "--imap-password-file")
        raise CaseError(
            f"{address.host} does not let {address.user} in with this {what}. Nothing was fetched. Check user and "
            f"{what} ({option} FILE); where a second factor is asked for, make a password for this application.",
            Exit.KEY_NEEDED,
        ) from None


def _is_answer(error: Exception) -> bool:
    """Say whether what was raised is a server's NO or BAD, after which the connection goes on."""
    return isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)


class Session:
    """A mailbox that is logged in to, read-only; a connection that was lost is made again when it is next needed."""

    def __init__(self, address: Address, login: Login) -> None:
        self.address = address
        self._login = login
        self._imap: _Plain | None = _connect(address, login)
        self._in: tuple[bytes, int] | None = None  # the folder that is open, and its UIDVALIDITY

    def folders(self) -> list[Folder]:
        """Return the folders that can hold mail, sorted: all, or the one that was asked for and those below it."""
        found = [folder for folder in map(_folder, self._talk(lambda imap: imap.list()[1])) if folder is not None]
        wanted = self.address.folder
        names = (wanted.casefold(), f"{wanted}/".casefold())
        chosen = [
            one
            for one in found
            if not wanted or one.name.casefold() == names[0] or one.name.casefold().startswith(names[1])
        ]
        if wanted and not chosen:
            raise CaseError(
                f"{self.address.host} has no folder {wanted!r} for {self.address.user}. Nothing was fetched. It has "
                f"{len(found)}: leave the folder out to fetch them all, or correct its name (Folder/Subfolder).",
                Exit.NOTHING_OPENED,
            )
        return sorted(chosen, key=lambda folder: folder.name)

    def examine(self, folder: Folder) -> tuple[int, int]:
        """Open a folder read-only and return its UIDVALIDITY and how many mails it holds."""
        quoted = b'"' + folder.raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'
        if re.search(rb"[\x00-\x1f\x7f]", folder.raw):
            raise RefusedError("its name cannot be said")
        self._in = None

        def select(imap: imaplib.IMAP4) -> tuple[int, int] | None:
            status, counted = imap.select(quoted, readonly=True)  # type: ignore[arg-type]
            if status != "OK":
                return None
            said = imap.response("UIDVALIDITY")[1][0]
            return int(said or 0), int(counted[0] or 0)

        if (found := self._talk(select)) is None:
            raise RefusedError("the server does not open it")
        self._in = folder.raw, found[0]
        return found

    def sizes(self) -> dict[int, int]:
        """Return UID and size of each mail of the open folder, as the server says it."""
        sizes = {}
        for line in self._talk(lambda imap: imap.uid("FETCH", "1:*", "(UID RFC822.SIZE)")[1]):
            if isinstance(line, bytes) and (uid := _UID.search(line)) and (size := _SIZE.search(line)):
                sizes[int(uid[1])] = int(size[1])
        return sizes

    def reopen(self, folder: Folder, validity: int) -> None:
        """See that a folder is open, and is the one that was listed."""
        if self._in != (folder.raw, validity) and self.examine(folder)[0] != validity:
            raise RefusedError("the server numbered its mails anew meanwhile")

    def fetch(self, uids: Sequence[int]) -> tuple[list[Mail], bool]:
        """Return mails of the open folder, and whether the server said all it had to say of them."""
        imap = self._imap
        if imap is None:
            return [], False
        imap.said = 0
        whole = True
        said: list[Any] = []
        try:
            status, said = imap.uid("FETCH", _ranges(uids), "(UID FLAGS INTERNALDATE BODY.PEEK[])")
            if status != "OK":
                said = imap.response("FETCH")[1]
        except _BROKEN as error:
            whole = _is_answer(error)
            said = imap.response("FETCH")[1]  # what came before the connection broke
            if not whole:
                self.drop()
        return list(_mails(said, frozenset(uids))), whole

    def drop(self) -> None:
        """Forget the connection."""
        imap, self._imap, self._in = self._imap, None, None
        if imap is not None:
            try:
                imap.shutdown()
            except OSError:
                return

    def close(self) -> None:
        """Say good-bye."""
        if self._imap is not None:
            try:
                self._imap.logout()
            except _BROKEN:
                self.drop()
            self._imap = None

    def _talk(self, action: Callable[[imaplib.IMAP4], T]) -> T:
        try:
            if self._imap is None:
                self._imap = _connect(self.address, self._login)
        except CaseError as error:
            raise AwayError from error
        self._imap.said = 0
        try:
            return action(self._imap)
        except _BROKEN as error:
            if _is_answer(error):
                raise RefusedError("the server refuses it") from error
            self.drop()
            raise DroppedError from error


# --- what servers say ----------------------------------------------------------------------------------------------


def _folder(line: Any) -> Folder | None:
    """Return the folder a line of LIST speaks of; None for one that only holds others."""
    start, name = line if isinstance(line, tuple) else (line, None)
    found = _LISTED.match(start or b"")
    if found is None:
        return None
    flags = found[1].lower().split()
    if b"\\noselect" in flags or b"\\nonexistent" in flags:
        return None
    if name is None:
        quoted = _QUOTED.fullmatch(found[3])
        name = re.sub(rb"\\(.)", rb"\1", quoted[1]) if quoted else found[3]
    shown = from_utf7(name.decode("utf-8", "replace"))
    if found[2]:
        shown = shown.replace(found[2].decode("latin-1"), "/")
    kind = next((_KINDS[flag] for flag in flags if flag in _KINDS), "")
    return Folder(raw=name, name=shown, kind=kind)


def _mails(said: Sequence[Any], wanted: Collection[int]) -> Iterator[Mail]:
    """Yield the mails in what a FETCH was answered with: pairs of a line and the literal after it, and plain lines."""
    for at, one in enumerate(said):
        line, raw = one if isinstance(one, tuple) else (one or b"", None)
        if raw is None:
            if (short := _BODY.search(line)) is None:
                continue
            raw = b"" if short[1] == b"NIL" else re.sub(rb"\\(.)", rb"\1", short[1][1:-1], flags=re.DOTALL)
        elif at + 1 < len(said) and isinstance(said[at + 1], bytes):
            line += b" " + said[at + 1]  # some servers say flags and UID after the body
        uid = _UID.search(line)
        if uid is None or int(uid[1]) not in wanted:
            continue
        flags, date = _FLAGS.search(line), _DATE.search(line)
        yield Mail(
            uid=int(uid[1]),
            received=_seconds(date[1]) if date else None,
            flags=tuple(flags[1].decode("utf-8", "replace").split()) if flags else (),
            raw=raw,
        )


def _seconds(written: bytes) -> int | None:
    try:
        return int(datetime.datetime.strptime(written.decode().strip(), "%d-%b-%Y %H:%M:%S %z").timestamp())
    except (ValueError, OverflowError):
        return None


def _ranges(uids: Sequence[int]) -> str:
    """Return ascending UIDs as the protocol writes a set of them."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and runs[-1][1] == uid - 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(first) if first == last else f"{first}:{last}" for first, last in runs)
