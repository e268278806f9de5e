"""Where mails are kept: one custodian's mbox, another's Maildir with folders; written as they come."""

import datetime
import re
from pathlib import Path
from typing import BinaryIO

import msgspec

from rollcall.demo.mail import WEEK, YEAR, Mail, date_header

FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


class Copy(msgspec.Struct, frozen=True):
    """One mail as one mailbox got it."""

    address: str  # of the mailbox
    folder: str  # Inbox, Sent, Trash
    data: bytes
    when: datetime.datetime
    read: bool
    sender: str


class Mbox:
    """A growing mbox file (mboxrd: lines that look like a separator get one `>` more)."""

    def __init__(self, folder: Path, address: str) -> None:
        self.path = folder / f"{address}.mbox"
        self.out: BinaryIO = self.path.open("wb")

    def put(self, copy: Copy) -> None:
        """Append one mail."""
        when = copy.when
        stamp = f"{WEEK[when.weekday()]} {YEAR[when.month - 1]} {when.day:>2} {when:%H:%M:%S} {when.year}"
        self.out.write(f"From {copy.sender} {stamp}\n".encode())
        self.out.write(FROM_LINE.sub(rb">\1", copy.data))
        self.out.write(b"\n" if copy.data.endswith(b"\n") else b"\n\n")

    def close(self) -> None:
        """Finish the file."""
        self.out.close()


class Maildir:
    """A Maildir++ tree; file names count up instead of naming a process and a host."""

    def __init__(self, folder: Path, address: str) -> None:
        self.path = folder / address / "Maildir"
        self.number = 0
        for place in ("", ".Sent", ".Trash"):
            for kind in ("cur", "new", "tmp"):
                (self.path / place / kind).mkdir(parents=True)

    def put(self, copy: Copy) -> None:
        """Write one mail as a file of its own."""
        self.number += 1
        base = f"{int(copy.when.replace(tzinfo=datetime.UTC).timestamp())}.M{self.number:06}P1.imap"
        place = self.path / {"Sent": ".Sent", "Trash": ".Trash"}.get(copy.folder, "")
        if copy.read:
            (place / "cur" / f"{base},S={len(copy.data)}:2,S").write_bytes(copy.data)
        else:
            (place / "new" / base).write_bytes(copy.data)

    def close(self) -> None:
        """Nothing is left open."""


def delivered(mail: Mail, core: bytes, address: str, *, sent: bool) -> bytes:
    """Return the bytes of the copy that this mailbox holds: the mail below what its delivery added."""
    if sent:
        return core
    hop = f"Received: from mx1 (10.20.0.{len(core) % 200 + 10}) by imap; {date_header(mail.when)}\n"
    return f"Return-Path: <{mail.sender[1]}>\nDelivered-To: {address}\n{hop}".encode() + core
