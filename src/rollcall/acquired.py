"""Mailboxes that were fetched from a server, as they stand in the case, encrypted.

There are batches of mail, which are added and never changed, and sealed states, which say of which batches a source
consists. A batch is two objects: the mails, and then a line about each of them; one whose lines are missing was never
finished and is fetched again. Workers read a sealed state as one content, in the order of folder and UID whatever the
order of fetching, so that the same mails make the same list.
"""

import bisect
import errno
import hashlib
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from rollcall.evidence.hashing import Hashes, hash_lines
from rollcall.items.parsers.imap import FLAGS, Folder, Mail, directory, locator_of
from rollcall.items.readable import Slice
from rollcall.model import Source, digest
from rollcall.problems import CaseError
from rollcall.store import Store

if TYPE_CHECKING:
    from rollcall.evidence.sources import imap

KIND = "imap"
_OBJECTS = "mail"
_OPEN_BATCHES = 2  # whose mails are held in memory


class _Line(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a mail."""

    uid: int
    received: int | None
    flags: tuple[str, ...]
    size: int
    sha256: str


class _Batch(msgspec.Struct, frozen=True, array_like=True):
    """Mails of one folder that were fetched together; `mails` is the name of the object that holds them."""

    folder: str
    kind: str
    validity: int
    mails: str
    lines: tuple[_Line, ...]


def source_id_of(name: str) -> str:
    """Return the id of the mailbox of this name: it stays the same while the mailbox grows."""
    return digest("source", KIND, name)


def blob_id_of(source_id: str) -> str:
    """Return the id of a mailbox as a content: it stays the same too, or its mails would be others when it grows."""
    return hashlib.sha256(f"{KIND}\x1f{source_id}".encode()).hexdigest()


class Box:
    """The batches of a mailbox: all there are, to be added to, or those of a sealed state."""

    def __init__(self, store: Store, source_id: str, names: Sequence[str] | None = None) -> None:
        self._store = store
        self._source_id = source_id
        self.names: list[str] = list(names if names is not None else self._there())
        self._batches = [store.get_object(_OBJECTS, name, _Batch) for name in self.names]
        self._uids: dict[tuple[str, int], set[int]] = defaultdict(set)
        self._validities: dict[str, int] = {}
        for batch in self._batches:
            self._note(batch)

    # --- adding: imap.Kept ---

    def validity(self, folder: str) -> int | None:
        """Return the UIDVALIDITY under which a folder was fetched last."""
        return self._validities.get(folder)

    def uids(self, folder: str, validity: int) -> Collection[int]:
        """Return the mails there are of a folder."""
        return self._uids[folder, validity]

    def keep(self, folder: "imap.Folder", validity: int, mails: "Sequence[imap.Mail]") -> None:
        """Add a batch."""
        name = self._name("mails", str(len(self.names)))
        lines = tuple(
            _Line(mail.uid, mail.received, mail.flags, len(mail.raw), hashlib.sha256(mail.raw).hexdigest())
            for mail in mails
        )
        batch = _Batch(folder.name, folder.kind, validity, name, lines)
        self._store.put_object(_OBJECTS, name, [mail.raw for mail in mails])
        self.names.append(self._name("lines", str(len(self.names))))
        self._store.put_object(_OBJECTS, self.names[-1], batch)
        self._batches.append(batch)
        self._note(batch)

    def seal(self) -> Hashes:
        """Make what there is a state that a source may name by its hash, and return the hashes."""
        hashes = Content(self).hashes
        self._store.put_object(_OBJECTS, self._name("state", hashes.sha256), self.names)
        return hashes

    # --- reading ---

    def check(self, advance: Callable[[int], None]) -> None:
        """Read every mail again; raises OSError where one is not what it was."""
        for number, batch in enumerate(self._batches):
            for line, raw in zip(batch.lines, self.mails(number), strict=True):
                if hashlib.sha256(raw).hexdigest() != line.sha256:
                    raise OSError(errno.EIO, "the stored copy is damaged")
                advance(len(raw))

    def mails(self, number: int) -> list[bytes]:
        """Return the mails of a batch."""
        return self._store.get_object(_OBJECTS, self._batches[number].mails, list[bytes])

    def listing(self) -> Iterator[tuple[Folder, Sequence[tuple[_Line, tuple[int, int]]]]]:
        """Yield each folder with its mails in order: what is known of one, and where it is (batch, place in it)."""
        kinds = {batch.folder: batch.kind for batch in self._batches}  # the latest word of the server counts
        first = 0
        for (name, validity), group in itertools.groupby(
            self._in_order(), key=lambda one: (one[0].folder, one[0].validity)
        ):
            mails = [(line, place) for _, line, place in group]
            yield Folder(name=name, kind=kinds[name], validity=validity, first=first, n=len(mails)), mails
            first += len(mails)

    def _in_order(self) -> list[tuple[_Batch, _Line, tuple[int, int]]]:
        mails = [
            (batch, line, (number, place))
            for number, batch in enumerate(self._batches)
            for place, line in enumerate(batch.lines)
        ]
        return sorted(mails, key=lambda one: (one[0].folder, one[0].validity, one[1].uid))

    def _there(self) -> Iterator[str]:
        for number in itertools.count():
            name = self._name("lines", str(number))
            if not self._store.has_object(_OBJECTS, name):
                return
            yield name

    def _name(self, what: str, which: str) -> str:
        return self._store.name(KIND, self._source_id, what, which)

    def _note(self, batch: _Batch) -> None:
        self._uids[batch.folder, batch.validity].update(line.uid for line in batch.lines)
        self._validities[batch.folder] = batch.validity


class Content:
    """A mailbox as one content: what `items.parsers.imap` reads.

    `hashes` are those of the listing of its mails; their size is that of the content.
    """

    def __init__(self, box: Box) -> None:
        self._box = box
        folders, mails = [], []
        lines: list[tuple[str, int, str]] = []
        self._places: list[tuple[int, int]] = []
        self._offsets: list[int] = []
        offset = 0
        for folder, listed in box.listing():
            folders.append(folder)
            for line, place in listed:
                mails.append(Mail(line.uid, line.received, _bits(line.flags), offset, line.size))
                lines.append((locator_of(folder.name, folder.validity, line.uid), line.size, line.sha256))
                self._places.append(place)
                self._offsets.append(offset)
                offset += line.size
        hashes = hash_lines(lines)
        self._head = directory(hashes.sha256, folders, mails)
        self._held: dict[int, list[bytes]] = {}
        self.size = len(self._head) + offset
        self.hashes = msgspec.structs.replace(hashes, size=self.size)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        end = min(self.size, offset + max(0, length)) - len(self._head)
        pieces = [self._head[offset : offset + length]]
        offset = max(0, offset - len(self._head))
        at = max(0, bisect.bisect_right(self._offsets, offset) - 1)
        while offset < end:
            within = offset - self._offsets[at]
            piece = self._mail(at)[within : within + end - offset]
            pieces.append(piece)
            offset += len(piece)
            at += 1
        return b"".join(pieces)

    def stream(self) -> BinaryIO:
        """Return a stream over the content."""
        return Slice(self, 0, self.size).stream()

    def fileno(self) -> int:
        """There is no descriptor of the content in clear."""
        raise OSError("an encrypted content has no descriptor")

    def close(self) -> None:
        """Forget what was decrypted."""
        self._held.clear()

    def _mail(self, at: int) -> bytes:
        number, place = self._places[at]
        if number not in self._held:
            while len(self._held) >= _OPEN_BATCHES:
                self._held.pop(next(iter(self._held)))
            self._held[number] = self._box.mails(number)
        return self._held[number][place]


def sealed(store: Store, source: Source) -> Sequence[str]:
    """Return the names of the batches a source consists of."""
    return store.get_object(_OBJECTS, store.name(KIND, source.source_id, "state", source.sha256), list[str])


def rehash(store: Store, source: Source, advance: Callable[[int], None] = lambda _: None) -> Hashes:
    """Return the hashes of the stored copy as it is now; raises OSError where it cannot be read."""
    try:
        box = Box(store, source.source_id, sealed(store, source))
        box.check(advance)
    except CaseError as damage:
        raise OSError(errno.EIO, "the stored copy is damaged") from damage
    return Content(box).hashes


def _bits(flags: Collection[str]) -> int:
    """Return the flags of the standard as a number; others are kept with the mail and tell a reader nothing."""
    lowered = {flag.lower() for flag in flags}
    return sum(1 << number for number, flag in enumerate(FLAGS) if flag in lowered)
