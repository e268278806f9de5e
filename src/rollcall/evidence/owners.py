"""Whose mailbox a source is: from the case's own table, else from its path, else from the mail in it."""

import fnmatch
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Protocol

import msgspec

ADDRESS = re.compile(r"[\w.+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_TO_SOME = 2_000  # characters of recipients: a mail to thousands says nothing of whose it is
# Exports add which part of a mailbox a file is ("ann@x.org.Primary.001.pst").
_ENDINGS = re.compile(
    r"(?:[._-](?:primary|main|(?:main|online)?archive|recoverable(?:items)?|\d{1,4}))*\.(?:pst|ost|mbox|mbx|zip|eml|msg|7z|rar|gz|tgz|tar|olm)$",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"[A-Z][a-z'\u00c0-\u024f]+(?:[ ._-]+[A-Z]\.?)?(?:[ ._-]+(?:[A-Z][a-z'\u00c0-\u024f]+|[A-Z]{2,})){1,2}\Z"
)
_NOT_A_NAME = frozenset((
    "inbox", "backup", "export", "exports", "mailbox", "mail", "archive", "outlook", "personal", "folders", "data",
    "file", "files", "sent", "items", "deleted", "all", "messages", "exchange", "takeout", "case", "evidence", "copy",
    "new", "old", "final", "primary", "recoverable", "shared", "documents", "desktop", "downloads", "health", "clinic",
    "hospital", "medical", "center", "billing", "results", "test", "sample",
))  # fmt: skip


class Mailbox(Protocol):
    """A row of the case's table of mailboxes. A `path` too, where it has one, is a pattern such as "exports/ann*"."""

    @property
    def address(self) -> str:
        """The mailbox."""

    @property
    def custodian(self) -> str | None:
        """Whose it is."""

    @property
    def entity(self) -> str | None:
        """The covered entity it belongs to."""


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a source is, as far as is known."""

    mailbox: str | None = None
    custodian: str | None = None
    entity: str | None = None


def owner_of(path: PurePath, below: PurePath, mailboxes: Sequence[Mailbox]) -> Owner:
    """Decide whose mailbox a path is; names of folders count down from `below`, what was given to register."""
    written = path.as_posix()
    names = [path.name]
    for parent in path.parents:
        if below != parent and below not in parent.parents:
            break
        names.append(parent.name)
    for row in mailboxes:
        pattern = getattr(row, "path", None)
        if pattern and (fnmatch.fnmatch(written, pattern) or fnmatch.fnmatch(written, f"*/{pattern}")):
            return _from(row)
    for name in names:  # the nearest name tells most
        found = [address.lower().strip(".'") for address in ADDRESS.findall(_ENDINGS.sub("", name))]
        for address in found:
            known = next((row for row in mailboxes if row.address.lower() == address), None)
            return _from(known) if known is not None else Owner(mailbox=address, custodian=_name(name))
        words = _words(name)
        for row in mailboxes:
            local = row.address.partition("@")[0].lower()
            if (row.custodian and _words(row.custodian) <= words) or (
                local and _ENDINGS.sub("", name).lower() == local
            ):
                return _from(row)
    return Owner(custodian=next((guess for name in names[:2] if (guess := _name(name))), None))


def _from(row: Mailbox) -> Owner:
    return Owner(mailbox=row.address.lower() or None, custodian=row.custodian, entity=row.entity)


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in re.split(r"[\W_]+", name.lower()) if word) or frozenset(("",))


def _name(name: str) -> str | None:
    """Return the person a file seems to be named for: two or three capitalised words, none of them an office word."""
    bare = ADDRESS.sub("", _ENDINGS.sub("", name)).strip(" _-.()[]")
    if not _NAME.match(bare) or _words(bare) & _NOT_A_NAME:
        return None
    return re.sub(r"[ ._-]+", " ", bare)


def mailbox_of_mail(correspondence: Iterable[tuple[str, str]]) -> str | None:
    """Return the address that nearly every mail is from or to: whose mailbox it must be, where no path says so.

    Half of the mails is asked for, since much comes by lists that name nobody; two addresses that are as frequent
    (somebody and their assistant) leave it open.
    """
    total = 0
    seen: Counter[str] = Counter()
    for sender, recipients in correspondence:
        total += 1
        seen.update({address.lower() for address in ADDRESS.findall(f"{sender} {recipients[:_TO_SOME]}")})
    first, second = [*seen.most_common(2), ("", 0), ("", 0)][:2]
    if first[1] >= max(3, total / 2) and first[1] > second[1] * 1.2:
        return first[0]
    return None
