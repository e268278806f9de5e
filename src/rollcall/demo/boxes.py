"""Where mails are kept: one custodian's mbox, another's Maildir with folders; written as they come."""

import datetime
import re
import shutil
import zipfile
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


class EmlFolder:
    """Mails saved one by one into folders, named by number and subject as such tools do."""

    def __init__(self, folder: Path, address: str) -> None:
        self.path = folder / f"{address} export"
        self.number = 0
        for place in ("Inbox", "Sent Items", "Deleted Items"):
            (self.path / place).mkdir(parents=True)

    def put(self, copy: Copy) -> None:
        """Write one mail as a file of its own, lines ending as Windows ends them."""
        self.number += 1
        place = {"Sent": "Sent Items", "Trash": "Deleted Items"}.get(copy.folder, "Inbox")
        name = f"{copy.when:%Y%m%d}_{self.number:05}.eml"
        (self.path / place / name).write_bytes(copy.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))

    def close(self) -> None:
        """Nothing is left open."""


class Zipped:
    """A store that is put into one archive when it is finished, as it was sent to us."""

    def __init__(self, box: "Box", packed: datetime.datetime) -> None:
        self.box, self.packed = box, packed

    def put(self, copy: Copy) -> None:
        """Write one mail into the store."""
        self.box.put(copy)

    def close(self) -> None:
        """Pack the store and leave only the archive."""
        self.box.close()
        path = self.box.path
        top = path.parent if path.name == "Maildir" else path
        target = top.with_name(f"{top.name}.zip")
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(top.rglob("*")) if top.is_dir() else [top]:
                self._add(archive, file, str(file.relative_to(top.parent)))
        shutil.rmtree(top) if top.is_dir() else top.unlink()

    def _add(self, archive: zipfile.ZipFile, file: Path, name: str) -> None:
        entry = zipfile.ZipInfo(f"{name}/" if file.is_dir() else name, self.packed.timetuple()[:6])
        entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
        if file.is_dir():
            archive.writestr(entry, b"")
            return
        with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 1 << 20)


Box = Mbox | Maildir | EmlFolder
STORES: dict[str, type[Mbox] | type[Maildir] | type[EmlFolder]] = {
    "mbox": Mbox,
    "maildir": Maildir,
    "eml": EmlFolder,
}


def make_box(store: str, folder: Path, address: str, packed: datetime.datetime) -> "Box | Zipped":
    """Return an empty mailbox of that kind; `.zip` behind the kind means that it is packed in the end, on that day."""
    kind, _, ending = store.partition(".")
    box = STORES[kind](folder, address)
    return Zipped(box, packed) if ending else box


def delivered(mail: Mail, core: bytes, address: str, *, sent: bool) -> bytes:
    """Return the bytes of the copy that this mailbox holds: the mail below what its delivery added."""
    if sent:
        return core
    hop = f"Received: from mx1 (10.20.0.{len(core) % 200 + 10}) by imap; {date_header(mail.when, mail.zone)}\n"
    return f"Return-Path: <{mail.sender[1]}>\nDelivered-To: {address}\n{hop}".encode() + core
