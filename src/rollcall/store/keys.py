"""The keys of a case: what opens its header, and what is derived from there.

The file `header` holds one random 256-bit *data key*, wrapped once per slot: by a passphrase or a key file (argon2id)
or for an age recipient. Whoever opens any slot has the case; who opens none has noise. Everything on disk is encrypted
under subkeys of the data key.

Names of files and seals of values must outlive a change of the data key, since recorded decisions hold on to them.
They are HMACs under a second secret, the *naming key*, which is random too and kept in the header under the data key.

While a rotation is under way the header holds both data keys, each wrapped by the other, so that either set of slots
opens the case and an interrupted rotation can be finished (see rotation.py).
"""

import functools
import hashlib
import hmac
import secrets
from pathlib import Path
from typing import Any

import msgspec
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rollcall.problems import CaseError, Exit
from rollcall.store.filesystem import write_file

FORMAT = "rollcall-case"
FORMAT_VERSION = 1
HEADER = "header"

# RFC 9106, second recommended option; stored per slot, so it can be raised for new slots without breaking old ones.
_TIME_COST, _MEMORY_KIB, _LANES = 3, 1 << 16, 4
_MOST = (64, 1 << 21, 64)  # a planted header must not exhaust the machine


class Unlock(msgspec.Struct, frozen=True):
    """What a person holds to open a case; each secret is tried on the slots of its kind."""

    passphrase: bytes | None = None
    key_file: bytes | None = None  # the file's bytes, whatever they are
    age_identity: str | None = None  # "AGE-SECRET-KEY-1...", or a whole identity file

    def __repr__(self) -> str:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        return f"Unlock({', '.join(given)})"


class Lock(msgspec.Struct, frozen=True):
    """What a new slot is to be opened with: exactly one of the three."""

    passphrase: bytes | None = None
    key_file: bytes | None = None
    age_recipient: str | None = None  # "age1...": the public half; the private one need not be here

    def __repr__(self) -> str:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not None]
        return f"Lock({', '.join(given)})"


class Slot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data key, wrapped for one holder."""

    slot_id: str
    kind: str  # passphrase, key_file, age
    created_at: str
    wrapped: bytes
    salt: bytes = b""
    time_cost: int = 0
    memory_kib: int = 0
    lanes: int = 0
    recipient: str = ""


class Pending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rotation under way: the next data key, reachable from either side."""

    slots: list[Slot]
    check: str
    naming: bytes
    next_under_now: bytes
    now_under_next: bytes


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `header`, as JSON; `mac` binds all of it, so that nobody can plant a slot for the next rotation."""

    format: str = FORMAT
    format_version: int = FORMAT_VERSION
    case_id: str
    created_at: str
    slots: list[Slot]
    check: str  # tells the right data key from a wrong one
    naming: bytes
    pending: Pending | None = None
    mac: str = ""


class Keyring(msgspec.Struct, frozen=True, kw_only=True):
    """The opened keys of a case: `key` is what is written with; `former` may still be needed to read."""

    case_id: str
    key: bytes
    former: bytes | None = None
    naming: bytes

    def __repr__(self) -> str:
        return f"Keyring({self.case_id[:8]})"

    @property
    def keys(self) -> tuple[bytes, ...]:
        """Every data key that something on disk may stand under, the current one first."""
        return (self.key,) if self.former is None else (self.key, self.former)

    def by_id(self, key_id: bytes) -> bytes | None:
        """Return the data key with this id, or None when it is not of this case."""
        return next((key for key in self.keys if hmac.compare_digest(key_id_of(key), key_id)), None)

    def hmac_of(self, purpose: str, *parts: str) -> str:
        """Return 32 hex digits that stand for `parts` and tell nothing of them without the key."""
        code = hmac.new(_naming_key(self.naming, purpose), digestmod=hashlib.sha256)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            code.update(len(data).to_bytes(8, "big") + data)  # lengths, so that no two lists join to the same text
        return code.hexdigest()[:32]


def subkey(key: bytes, purpose: str, salt: bytes | None = None) -> bytes:
    """Return the 256-bit key for one purpose (segments, names, values, ledger, spool, ...)."""
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=f"rollcall/1/{purpose}".encode()).derive(key)


@functools.lru_cache(maxsize=16)  # every value found is sealed with one of a few
def _naming_key(key: bytes, purpose: str) -> bytes:
    return subkey(key, purpose)


def check_of(key: bytes) -> str:
    """Return the key-check value kept in the header."""
    return subkey(key, "check").hex()


def key_id_of(key: bytes) -> bytes:
    """Return the eight bytes by which files name the data key they stand under."""
    return subkey(key, "check")[:8]


# --- wrapping ------------------------------------------------------------------------------------------------------


def wrap(under: bytes, secret: bytes, bound_to: str) -> bytes:
    """Return a key encrypted under another one, bound to its place in the header."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(under).encrypt(nonce, secret, bound_to.encode())


def unwrap(under: bytes, wrapped: bytes, bound_to: str) -> bytes | None:
    """Return the wrapped key, or None when `under` is not the right one."""
    try:
        return AESGCM(under).decrypt(wrapped[:12], wrapped[12:], bound_to.encode())
    except (InvalidTag, ValueError):
        return None


def _stretched(secret: bytes, slot: Slot) -> bytes:
    asked = (slot.time_cost, slot.memory_kib, slot.lanes)
    if len(slot.salt) < 16 or not all(0 < cost <= most for cost, most in zip(asked, _MOST, strict=True)):
        raise _damaged("its key slot asks for impossible work")
    return hash_secret_raw(secret, slot.salt, slot.time_cost, slot.memory_kib, slot.lanes, 32, Type.ID)


def _place(case_id: str, slot: Slot) -> str:
    return f"{case_id}/{slot.slot_id}/{slot.kind}"


def make_slot(lock: Lock, key: bytes, case_id: str, at: str) -> Slot:
    """Return a new slot that opens to `key`; a lock of no or several kinds is refused."""
    given = [name for name in lock.__struct_fields__ if getattr(lock, name) is not None]
    if len(given) != 1:
        raise ValueError("a slot is opened by exactly one of passphrase, key file and age recipient")
    slot_id = secrets.token_hex(4)
    if lock.age_recipient is not None:
        import pyrage

        recipient = lock.age_recipient.strip()
        try:
            sealed = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(recipient)])
        except pyrage.RecipientError as failure:
            raise CaseError("That is not an age recipient. It begins with `age1`; `age-keygen` prints it.") from failure
        return Slot(slot_id=slot_id, kind="age", created_at=at, wrapped=sealed, recipient=recipient)
    secret = lock.passphrase if lock.passphrase is not None else lock.key_file
    if not secret:
        raise CaseError("The passphrase or key file is empty, so it would protect nothing. Give another one.")
    slot = Slot(
        slot_id=slot_id, kind=given[0], created_at=at, wrapped=b"", salt=secrets.token_bytes(16),
        time_cost=_TIME_COST, memory_kib=_MEMORY_KIB, lanes=_LANES,
    )  # fmt: skip
    wrapped = wrap(_stretched(secret, slot), key, _place(case_id, slot))
    return msgspec.structs.replace(slot, wrapped=wrapped)


def _open_slot(slot: Slot, unlock: Unlock, case_id: str) -> bytes | None:
    if slot.kind == "age":
        return _open_age(slot, unlock.age_identity) if unlock.age_identity else None
    secret = {"passphrase": unlock.passphrase, "key_file": unlock.key_file}.get(slot.kind)
    return unwrap(_stretched(secret, slot), slot.wrapped, _place(case_id, slot)) if secret else None


def lock_again(slot: Slot, unlock: Unlock, case_id: str) -> Lock | None:
    """Return the lock of a slot, to wrap another key with; None when its secret is not at hand."""
    if slot.kind == "age":
        return Lock(age_recipient=slot.recipient)
    if _open_slot(slot, unlock, case_id) is None:
        return None
    is_phrase = slot.kind == "passphrase"
    return Lock(passphrase=unlock.passphrase) if is_phrase else Lock(key_file=unlock.key_file)


def age_identities(text: str) -> list[Any]:
    """Return the identities of an age identity file, comments left out."""
    import pyrage

    lines = [line.strip() for line in text.splitlines()]
    try:
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as failure:
        raise CaseError(
            "That is not an age identity. It begins with `AGE-SECRET-KEY-1`; `age-keygen` makes one.", Exit.KEY_NEEDED
        ) from failure


def _open_age(slot: Slot, identity: str) -> bytes | None:
    import pyrage

    try:
        key: bytes = pyrage.decrypt(slot.wrapped, age_identities(identity))
    except pyrage.DecryptError:
        return None
    return key


def locks_of(unlock: Unlock) -> list[Lock]:
    """Return the locks that the secrets of `unlock` would open, for a new case or a rotated key."""
    locks = []
    if unlock.passphrase is not None:
        locks.append(Lock(passphrase=unlock.passphrase))
    if unlock.key_file is not None:
        locks.append(Lock(key_file=unlock.key_file))
    if unlock.age_identity is not None:
        locks += [Lock(age_recipient=str(each.to_public())) for each in age_identities(unlock.age_identity)]
    return locks


# --- the header file -----------------------------------------------------------------------------------------------


def _damaged(why: str) -> CaseError:
    return CaseError(
        f"The case's header is damaged: {why}. Without it nothing in the case can be read. "
        "Restore the file `header` from a backup, then run `rollcall verify`.",
        Exit.VERIFICATION,
    )


def _mac(header: Header, key: bytes) -> str:
    plain = msgspec.json.encode(msgspec.structs.replace(header, mac=""), order="deterministic")
    return hmac.new(subkey(key, "header"), plain, hashlib.sha256).hexdigest()


def new_header(locks: list[Lock], at: str) -> tuple[Header, Keyring]:
    """Return the header of a new case and its keys."""
    if not locks:
        raise CaseError("A new case needs a passphrase, a key file or an age recipient.", Exit.KEY_NEEDED)
    case_id, key, naming = secrets.token_hex(16), secrets.token_bytes(32), secrets.token_bytes(32)
    header = Header(
        case_id=case_id,
        created_at=at,
        slots=[make_slot(lock, key, case_id, at) for lock in locks],
        check=check_of(key),
        naming=wrap(key, naming, f"{case_id}/naming"),
    )
    return header, Keyring(case_id=case_id, key=key, naming=naming)


def write_header(path: Path, header: Header, key: bytes, only_new: bool = False) -> None:
    """Write the header in one step; `key` is the data key its check value stands for."""
    sealed = msgspec.structs.replace(header, mac=_mac(header, key))
    data = msgspec.json.format(msgspec.json.encode(sealed), indent=1)
    write_file(path / HEADER, data + b"\n", only_new=only_new)


def read_header(path: Path) -> Header:
    """Return the header of the case in this folder, or say why there is none that this version can open."""
    try:
        data = (path / HEADER).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as failure:
        raise CaseError(
            f"There is no case at {path}: the file `header` is not there. Check the path; `rollcall run` makes a case."
        ) from failure
    except PermissionError as failure:
        raise CaseError(f"{path} cannot be read by this user. Use the account that made the case.") from failure
    try:
        loose = msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as failure:
        raise _damaged("it is not JSON") from failure
    version = loose.get("format_version")
    if loose.get("format") != FORMAT or not isinstance(version, int):
        raise _damaged("it does not say that it is a case")
    if version > FORMAT_VERSION:
        raise CaseError(
            f"{path} was made by a newer Rollcall (case format {version}; this one reads up to {FORMAT_VERSION}). "
            "Nothing was touched. Install the newer version and run again.",
            Exit.USAGE,
        )
    try:
        return msgspec.json.decode(data, type=Header)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as failure:
        raise _damaged("a field is missing or of the wrong kind") from failure


def with_next_key(header: Header, now: Keyring, locks: list[Lock], at: str) -> Header:
    """Return the header with a new data key pending, which either set of slots reaches."""
    case_id, later = header.case_id, secrets.token_bytes(32)
    pending = Pending(
        slots=[make_slot(lock, later, case_id, at) for lock in locks],
        check=check_of(later),
        naming=wrap(later, now.naming, f"{case_id}/naming"),
        next_under_now=wrap(now.key, later, f"{case_id}/next"),
        now_under_next=wrap(later, now.key, f"{case_id}/now"),
    )
    return msgspec.structs.replace(header, pending=pending)


def open_header(header: Header, unlock: Unlock) -> Keyring:
    """Return the keys that the given secrets open, or say that a key is needed or is not the right one."""
    kinds = ", ".join(sorted({slot.kind.replace("_", " ") for slot in header.slots}))
    if not (unlock.passphrase or unlock.key_file or unlock.age_identity):
        raise CaseError(f"This case is locked. Give its key; it has slots for: {kinds}.", Exit.KEY_NEEDED)
    for slot in [*(header.pending.slots if header.pending else ()), *header.slots]:
        key = _open_slot(slot, unlock, header.case_id)
        if key is not None:
            return keyring(header, key)
    raise CaseError(
        f"The key does not open this case. Nothing was touched. It has slots for: {kinds}. "
        "Check which passphrase or key file belongs to it.",
        Exit.KEY_NEEDED,
    )


def keyring(header: Header, key: bytes) -> Keyring:
    """Return the keys reachable from one data key; the header's own seal is checked here."""
    now, later, pending = key, None, header.pending
    if check_of(key) != header.check:
        if pending is None or check_of(key) != pending.check:
            raise CaseError("The key does not open this case. Nothing was touched.", Exit.KEY_NEEDED)
        reached = unwrap(key, pending.now_under_next, f"{header.case_id}/now")
        if reached is None or check_of(reached) != header.check:
            raise _damaged("the two keys of an unfinished rotation do not fit")
        now, later = reached, key
    elif pending is not None:
        later = unwrap(key, pending.next_under_now, f"{header.case_id}/next")
        if later is None or check_of(later) != pending.check:
            raise _damaged("the two keys of an unfinished rotation do not fit")
    if not hmac.compare_digest(_mac(header, now), header.mac):
        raise _damaged("somebody changed it without the key")
    naming = unwrap(now, header.naming, f"{header.case_id}/naming")
    if naming is None:
        raise _damaged("the naming key does not open")
    if later is None:
        return Keyring(case_id=header.case_id, key=now, naming=naming)
    return Keyring(case_id=header.case_id, key=later, former=now, naming=naming)
