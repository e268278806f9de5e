"""A mailbox as it was fetched from an IMAP server and is kept in the case: a directory of its mails, then the mails.

    magic, state (16 hex), length of the folders, number of mails
    folders   msgpack: name, what it is for, UIDVALIDITY, its first mail, how many; in the order of their names
    mails     of each: UID, INTERNALDATE, flags, offset, size; in the order of folder and UID
    bytes     of the mails, one after another

A mail is found by folder, UIDVALIDITY and UID, which stay when the mailbox grows. `state` differs from one state of the
mailbox to the next, and so do its slices: what was read of another state is not taken for this one.
"""

import bisect
import datetime
import struct
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from rollcall.items.mime import read_mail
from rollcall.items.parser import Fault, Inner, Limits, Parser, Yield
from rollcall.items.parsers.tree import folder_kind
from rollcall.items.readable import Readable

SHARD_MAILS = 2_000
SHARD_BYTES = 64 << 20
FLAGS = ("\\seen", "\\answered", "\\flagged", "\\deleted", "\\draft")
_DELETED = 1 << FLAGS.index("\\deleted")
_MAGIC = b"RCIMAP\x00\x01"
_HEAD = struct.Struct(">8s16sII")
_MAIL = struct.Struct(">IqHQQ")
_NO_DATE = -(1 << 63)
_AT_ONCE = 4_096  # entries of the directory


class Folder(msgspec.Struct, frozen=True, kw_only=True, array_like=True, forbid_unknown_fields=True):
    """A folder of the mailbox, and which of its mails are in it."""

    name: str
    kind: str
    validity: int
    first: int
    n: int


class Mail(msgspec.Struct, frozen=True):
    """A line of the directory. `offset` counts from the first byte of the first mail."""

    uid: int
    received: int | None  # seconds of UTC
    flags: int
    offset: int
    size: int


def locator_of(folder: str, validity: int, uid: int) -> str:
    """Return what a mail is called in the mailbox, as an IMAP URL ends (RFC 5092)."""
    return f"{folder};UIDVALIDITY={validity}/;UID={uid}"


def directory(state: str, folders: Sequence[Folder], mails: Iterable[Mail]) -> bytes:
    """Return what stands before the bytes of the mails."""
    named = msgspec.msgpack.encode(folders)
    lines = [
        _MAIL.pack(mail.uid, _NO_DATE if mail.received is None else mail.received, mail.flags, mail.offset, mail.size)
        for mail in mails
    ]
    return b"".join((_HEAD.pack(_MAGIC, state[:16].encode(), len(named), len(lines)), named, *lines))


class _Directory:
    """The directory of a mailbox; lines are read when they are asked for."""

    def __init__(self, untrusted: Readable) -> None:
        self._untrusted = untrusted
        magic, state, length, self.n = _HEAD.unpack(untrusted.read_at(0, _HEAD.size))
        self._lines = _HEAD.size + length
        self._data = self._lines + self.n * _MAIL.size
        if magic != _MAGIC or self._data > untrusted.size:
            raise ValueError("the directory is cut short")
        self.state = state.decode("ascii")
        self.folders = msgspec.msgpack.decode(untrusted.read_at(_HEAD.size, length), type=tuple[Folder, ...])

    def mails(self, first: int, last: int) -> Iterator[Mail]:
        """Yield the mails of a range; they lie one after another, so that no byte is read as two mails."""
        end = sum(self._numbers(first - 1)[3:]) if first else 0
        for start in range(first, last, _AT_ONCE):
            n = min(_AT_ONCE, last - start)
            block = self._untrusted.read_at(self._lines + start * _MAIL.size, n * _MAIL.size)
            for uid, received, flags, offset, size in _MAIL.iter_unpack(block):
                if offset != end or self._data + offset + size > self._untrusted.size:
                    raise ValueError("the directory does not fit the mails")
                end = offset + size
                yield Mail(uid, None if received == _NO_DATE else received, flags, offset, size)

    def uid(self, number: int) -> int:
        """Return the UID of a mail."""
        return self._numbers(number)[0]

    def raw(self, mail: Mail, most: int) -> bytes:
        """Return the bytes of a mail."""
        return self._untrusted.read_at(self._data + mail.offset, min(mail.size, most))

    def _numbers(self, number: int) -> tuple[int, int, int, int, int]:
        return _MAIL.unpack(self._untrusted.read_at(self._lines + number * _MAIL.size, _MAIL.size))


def looks_like(untrusted: Readable) -> bool:
    """Say whether it begins as a mailbox is kept."""
    return untrusted.size >= _HEAD.size and untrusted.read_at(0, len(_MAGIC)) == _MAGIC


def shards(untrusted: Readable, limits: Limits) -> Iterator[str]:
    """Yield slices "state:first-last" of about 64 MB or 2,000 mails."""
    box = _Directory(untrusted)
    start = size = 0
    for number, mail in enumerate(box.mails(0, box.n)):
        if number > start and (number - start >= SHARD_MAILS or size + mail.size > SHARD_BYTES):
            yield f"{box.state}:{start}-{number}"
            start, size = number, 0
        size += mail.size
    if box.n:
        yield f"{box.state}:{start}-{box.n}"


def open_shard(untrusted: Readable, shard: str, limits: Limits) -> Iterator[Yield]:
    """Yield the mails of a slice."""
    box = _Directory(untrusted)
    first, last = map(int, shard.rpartition(":")[2].split("-"))
    starts = [folder.first for folder in box.folders]
    for number, mail in enumerate(box.mails(first, last), first):
        yield _read(box, box.folders[bisect.bisect_right(starts, number) - 1], mail, limits)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield every mail."""
    for shard in shards(untrusted, limits):
        yield from open_shard(untrusted, shard, limits)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the mail with a UID in a folder."""
    box = _Directory(untrusted)
    uid = int(locator.rpartition("=")[2])
    for folder in box.folders:
        if locator == locator_of(folder.name, folder.validity, uid):
            numbers = range(folder.first, folder.first + folder.n)
            at = bisect.bisect_left(numbers, uid, key=box.uid)
            if at < folder.n and box.uid(numbers[at]) == uid:
                return _read(box, folder, next(box.mails(numbers[at], numbers[at] + 1)), limits)
    raise LookupError("no mail of this number")


def _read(box: _Directory, folder: Folder, mail: Mail, limits: Limits) -> Inner:
    message = read_mail(box.raw(mail, limits.max_bytes), limits)
    if mail.size > limits.max_bytes:
        fault = Fault(code="too_large", detail=f"{mail.size} bytes; the first {limits.max_bytes} were read")
        message = msgspec.structs.replace(message, faults=(*message.faults, fault))
    if message.received_at is None and mail.received is not None:
        message = msgspec.structs.replace(message, received_at=_utc(mail.received))
    kind = "deleted" if mail.flags & _DELETED else folder.kind or folder_kind(folder.name)
    locator = locator_of(folder.name, folder.validity, mail.uid)
    return Inner(locator=locator, kind="message", size=mail.size, folder=folder.name, folder_kind=kind, message=message)


def _utc(seconds: int) -> str | None:
    try:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


PARSER = Parser(
    name="imap",
    version=1,
    media_types=("application/vnd.rollcall.imap",),
    looks_like=looks_like,
    parse=parse,
    shards=shards,
    open_shard=open_shard,
    open_child=open_child,
)
