"""The case folder and `case.toml`, the only configuration; the unlocking of a case.

`case.toml` is decoded into frozen records; a misspelt key is refused with its path. It holds nothing of a patient.
Everything else in the folder is encrypted (`rollcall.store`).
"""

import datetime
import getpass
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

import msgspec

from rollcall.problems import CaseError, Exit
from rollcall.store import Unlock

SETTINGS = "case.toml"


class _Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of the tables of case.toml."""


class Head(_Settings, frozen=True, kw_only=True):
    """`[case]`."""

    name: str = ""


class Incident(_Settings, frozen=True, kw_only=True):
    """`[incident]`: the dates that start clocks. Without a discovery date there are no deadlines."""

    discovered_on: datetime.date | None = None
    detected_on: datetime.date | None = None
    determined_on: datetime.date | None = None
    contained_at: datetime.datetime | None = None
    access_standard: str | None = None


class Entity(_Settings, frozen=True, kw_only=True):
    """`[[entity]]`: a covered entity (hospital, clinic, plan)."""

    name: str
    kind: str = "provider"
    states: tuple[str, ...] = ()
    facility: str | None = None


class Mailbox(_Settings, frozen=True, kw_only=True):
    """`[[mailbox]]`: whose mailbox an address is, where the sources do not tell."""

    address: str
    custodian: str | None = None
    entity: str | None = None


class Policy(_Settings, frozen=True, kw_only=True):
    """`[policy]`: what counts, and how much one content may cost. The only place where policy stands."""

    min_confidence: float = 0.3  # from here an element counts as exposed
    evidence_confidence: float = 0.2  # from here a finding is shown as evidence
    person_confidence: float = 0.05  # from here a person is proposed; below they wait as unresolved
    # Limits of one content. Going over is a problem that is listed, never silence.
    max_bytes: int = 512 << 20
    max_text: int = 64 << 20
    max_cells: int = 20_000_000
    max_pages: int = 20_000
    max_members: int = 200_000
    max_ratio: int = 1_000
    max_depth: int = 24
    max_mime_depth: int = 64
    max_markup_depth: int = 1_000
    max_pixels: int = 100_000_000
    max_seconds: int = 300
    max_work: int = 10
    max_memory: int = 2 << 30
    max_output: int = 4 << 30
    # Of the whole case: pages given to OCR. What is over it is a problem until it is raised.
    max_ocr_pages: int | None = None
    # Whether Tesseract, where it is installed, reads pages first; what it is sure of is kept.
    ocr_fast: bool = False

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if name.startswith("max_") and value is not None and value < 1:
                raise ValueError(f"{name} is at least 1")
            if name.endswith("_confidence") and not 0 <= value <= 1:
                raise ValueError(f"{name} lies between 0 and 1")

    def limits(self) -> dict[str, int]:
        """Return the limits of one content by name, as a parser's `Limits` spells them."""
        of_case = ("max_ocr_pages",)
        names = (name for name in self.__struct_fields__ if name.startswith("max_") and name not in of_case)
        return {name: getattr(self, name) for name in names}

    def thresholds(self) -> dict[str, Any]:
        """Return the numbers views count by."""
        confidences: dict[str, Any] = {
            name: getattr(self, name) for name in self.__struct_fields__ if name.endswith("_confidence")
        }
        return confidences | {"max_depth": self.max_depth}

    def digest(self) -> str:
        """Return the hash that the ledger keeps of the policy."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


class _File(_Settings, frozen=True, kw_only=True):
    case: Head = Head()
    incident: Incident = Incident()
    entity: tuple[Entity, ...] = ()
    mailbox: tuple[Mailbox, ...] = ()
    policy: Policy = Policy()


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case folder and what its case.toml says."""

    folder: Path
    name: str
    incident: Incident
    entities: tuple[Entity, ...]
    mailboxes: tuple[Mailbox, ...]
    policy: Policy

    def mailbox(self, address: str) -> Mailbox | None:
        """Return what case.toml says of a mailbox."""
        return next((box for box in self.mailboxes if box.address.lower() == address.lower()), None)


TEMPLATE = """\
# The case, as people set it. Everything else in this folder is encrypted and made by `rollcall`.
# A misspelt key is refused. Nothing of a patient belongs in here.

[case]
name = {name}

[incident]
# The day the breach was known, or would have been with reasonable diligence. Without it there are no deadlines.
{discovered}
# detected_on = 2026-01-31
# determined_on = 2026-02-10
# contained_at = 2026-02-01T12:00:00Z
# access_standard = "acquired"

# Each covered entity: hospital, clinic, plan.
# [[entity]]
# name = "Example Hospital"
# kind = "provider"
# states = ["MN"]

# Whose mailbox an address is, where the sources do not tell.
# [[mailbox]]
# address = "desk@example.org"
# custodian = "Front desk"
# entity = "Example Hospital"

[policy]
# From this confidence an element counts as exposed, is shown as evidence, and a person is proposed.
# min_confidence = {policy.min_confidence}
# evidence_confidence = {policy.evidence_confidence}
# person_confidence = {policy.person_confidence}
# How much one content may cost; going over is a problem that is listed, never silence.
# max_bytes = {policy.max_bytes}
# max_members = {policy.max_members}
# max_depth = {policy.max_depth}
# max_seconds = {policy.max_seconds}
# Pages that are pictures take seconds each; so many are read, the others are listed as problems.
# max_ocr_pages = 5000
# Tesseract, where it is installed, reads straight pages first: sooner, but it loses some fields.
# ocr_fast = false
"""


def open_case(folder: Path) -> Case:
    """Return the case in a folder, its case.toml checked."""
    path = folder / SETTINGS
    if not folder.exists():
        raise CaseError(f"{folder} is not there. Check the path; `rollcall run {folder} SOURCE` makes a case.")
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as failure:
        raise CaseError(f"{folder} is not a case: it has no {SETTINGS}. Check the path.") from failure
    except NotADirectoryError as failure:
        raise CaseError(f"{folder} is a file, not a case folder. Check the path.") from failure
    except UnicodeDecodeError as failure:
        raise CaseError(f"{path} is not UTF-8 text. Save it as UTF-8 and try again.") from failure
    except PermissionError as failure:
        raise CaseError(f"{path} cannot be read by this user. Use the account that made the case.") from failure
    try:
        settings = msgspec.toml.decode(text, type=_File)
    except msgspec.ValidationError as failure:
        raise CaseError(f"{path}: {failure}. Nothing was done; correct it and try again.") from failure
    except msgspec.DecodeError as failure:
        raise CaseError(f"{path} is not valid TOML: {failure}. Nothing was done.") from failure
    return Case(
        folder=folder,
        name=settings.case.name or folder.name,
        incident=settings.incident,
        entities=settings.entity,
        mailboxes=settings.mailbox,
        policy=settings.policy,
    )


def make_case(folder: Path, discovered: datetime.date | None = None) -> Case:
    """Make the folder and its case.toml, and return the case; a folder that holds other things is refused."""
    if folder.is_dir() and any(folder.iterdir()):
        raise CaseError(
            f"{folder} holds other files and is not a case. Nothing was changed. Name a new or an empty folder."
        )
    if folder.exists() and not folder.is_dir():
        raise CaseError(f"{folder} is a file. Name a new or an empty folder for the case.")
    if not folder.parent.is_dir():
        raise CaseError(f"{folder.parent} is not there, so no case can be made in it. Make that folder first.")
    name = msgspec.json.encode(folder.name.encode("utf-8", "replace").decode()).decode()
    day = f"discovered_on = {discovered.isoformat()}" if discovered else "# discovered_on = 2026-02-01"
    text = TEMPLATE.format(name=name, discovered=day, policy=Policy())
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(folder / SETTINGS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError as failure:
        raise CaseError(
            f"{folder} cannot be written: {failure.strerror}. Nothing was read. Choose another disk.",
            Exit.NO_ROOM,
        ) from failure
    return open_case(folder)


def day(text: str) -> datetime.date:
    """Return the date a person gave on the command line."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as failure:
        raise CaseError(f"{text!r} is not a date. Write it as YYYY-MM-DD.") from failure


def unlock_from(key_file: Path | None, *, new: bool = False) -> Unlock:
    """Return the secret that opens a case: from a file, else asked for on a terminal.

    A file that holds an age identity opens age slots and key-file slots alike.
    """
    if key_file is not None:
        secret = read_secret(key_file)
        text = secret.decode("utf-8", "replace")
        if any(line.startswith("AGE-SECRET-KEY-1") for line in text.splitlines()):
            return Unlock(age_identity=text)
        return Unlock(key_file=secret)
    return Unlock(passphrase=ask_passphrase("Passphrase of the case", twice=new))


def read_secret(path: Path) -> bytes:
    """Return the bytes of a key file; an empty or missing one is refused."""
    try:
        secret = path.read_bytes()
    except OSError as failure:
        raise CaseError(
            f"The key file {path} cannot be read ({failure.strerror}). The case stays locked. Check the path.",
            Exit.KEY_NEEDED,
        ) from failure
    if not secret:
        raise CaseError(f"The key file {path} is empty, so it protects nothing. Name another.", Exit.KEY_NEEDED)
    return secret


def ask_passphrase(prompt: str, *, twice: bool = False) -> bytes:
    """Return a passphrase typed on the terminal; where there is none a key file is needed."""
    if not sys.stdin.isatty():
        raise CaseError(
            "The case is locked and there is no terminal to ask for its passphrase. Give --key-file FILE.",
            Exit.KEY_NEEDED,
        )
    phrase = getpass.getpass(f"{prompt}: ").encode()
    if not phrase:
        raise CaseError("No passphrase was given. The case stays locked.", Exit.KEY_NEEDED)
    if twice and getpass.getpass(f"{prompt}, once more: ").encode() != phrase:
        raise CaseError("The two passphrases differ. Nothing was made; try again.", Exit.KEY_NEEDED)
    return phrase
