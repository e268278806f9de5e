"""Who can open a case: adding and removing key slots, and changing the data key itself.

Removing a slot shuts out who has only that secret; who once opened the case may have kept the data key. *Rotation* is
the answer to that: everything is encrypted anew under a new data key. It goes in steps, each of which can be repeated:

1. the header gets the new key and its slots as *pending*; from here on either set of slots opens the case;
2. the ledger and then each segment is put under the new key, one rename each;
3. the header forgets the old key.

A rotation that was killed in between is finished by calling `rotate` again.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from rollcall.problems import CaseError, Exit
from rollcall.store import keys
from rollcall.store.filesystem import refuse_network
from rollcall.store.keys import Header, Keyring, Lock, Slot, Unlock
from rollcall.store.ledger import Clock, Ledger, utc_now, utc_text
from rollcall.store.segments import FACTS, OBJECTS, SUFFIX, Segments
from rollcall.store.spool import SPOOL


class Rotated(msgspec.Struct, frozen=True, kw_only=True):
    """What a rotation did."""

    slots: tuple[Slot, ...]
    dropped: tuple[Slot, ...]  # their secrets were not given, so they do not open the case any more
    n_files: int
    n_bytes: int


def slots(path: Path) -> list[Slot]:
    """Return the slots of a case; no key is needed to see them."""
    header = keys.read_header(path)
    return [*header.slots, *(header.pending.slots if header.pending else ())]


def add_slot(path: Path, unlock: Unlock, lock: Lock, clock: Clock = utc_now) -> Slot:
    """Let another secret open the case and return its slot."""
    keyring, ledger = _opened(path, unlock, clock)
    try:
        with ledger.lease("key"):
            header = _settled(path)
            slot = keys.make_slot(lock, keyring.key, header.case_id, utc_text(clock()))
            keys.write_header(path, _with(header, [*header.slots, slot]), keyring.key)
            ledger.append("key_slot_added", {"slot_id": slot.slot_id, "kind": slot.kind})
    finally:
        ledger.close()
    return slot


def remove_slot(path: Path, unlock: Unlock, slot_id: str, clock: Clock = utc_now) -> None:
    """Let a slot's secret open the case no more; the last slot stays."""
    keyring, ledger = _opened(path, unlock, clock)
    try:
        with ledger.lease("key"):
            header = _settled(path)
            kept = [slot for slot in header.slots if slot.slot_id != slot_id]
            if len(kept) == len(header.slots):
                known = ", ".join(f"{slot.slot_id} ({slot.kind.replace('_', ' ')})" for slot in header.slots)
                raise CaseError(f"The case has no slot {slot_id}. It has: {known}. Nothing was changed.")
            if not kept:
                raise CaseError(
                    "That is the last slot; without it nobody could open the case again. Nothing was changed. "
                    "Add another slot first."
                )
            keys.write_header(path, _with(header, kept), keyring.key)
            ledger.append("key_slot_removed", {"slot_id": slot_id})
    finally:
        ledger.close()


def rotate(
    path: Path, unlock: Unlock, locks: Sequence[Lock] = (), drop_others: bool = False, clock: Clock = utc_now
) -> Rotated:
    """Put the whole case under a new data key, or finish a rotation that was interrupted.

    Secrets in `unlock` that open a slot now get one under the new key, age recipients are carried over, and `locks`
    are added. Slots whose secret is not given cannot be carried over: they are refused, or with `drop_others` dropped.
    """
    _, ledger = _opened(path, unlock, clock)
    try:
        with ledger.lease("key"):
            dropped = _staged(path, unlock, locks, drop_others, utc_text(clock()))
    finally:
        ledger.close()
    keyring, ledger = _opened(path, unlock, clock)
    try:
        with ledger.lease("key"):
            header = keys.read_header(path)
            if header.pending is None or keyring.former is None:
                raise CaseError("Another program has finished the change of the key meanwhile. Nothing is left to do.")
            ledger.rekey()
            n_files, n_bytes = _rewritten(path, keyring)
            pending = header.pending
            settled = msgspec.structs.replace(
                header, slots=pending.slots, check=pending.check, naming=pending.naming, pending=None
            )
            keys.write_header(path, settled, keyring.key)
            ledger.append("key_rotated", {"slots": [slot.slot_id for slot in settled.slots], "n_files": n_files})
    finally:
        ledger.close()
    return Rotated(slots=tuple(settled.slots), dropped=tuple(dropped), n_files=n_files, n_bytes=n_bytes)


def _opened(path: Path, unlock: Unlock, clock: Clock) -> tuple[Keyring, Ledger]:
    refuse_network(path)
    keyring = keys.open_header(keys.read_header(path), unlock)
    return keyring, Ledger(path, keyring, clock)


def _settled(path: Path) -> Header:
    header = keys.read_header(path)
    if header.pending is not None:
        raise CaseError("A change of the case's key was interrupted. Finish it with `rollcall key rotate` first.")
    return header


def _with(header: Header, kept: list[Slot]) -> Header:
    return msgspec.structs.replace(header, slots=kept)


def _staged(path: Path, unlock: Unlock, locks: Sequence[Lock], drop_others: bool, at: str) -> list[Slot]:
    header = keys.read_header(path)
    if header.pending is not None:
        return []
    now = keys.open_header(header, unlock)
    carried, others = [], []
    for slot in header.slots:
        if (lock := keys.lock_again(slot, unlock, header.case_id)) is not None:
            carried.append(lock)
        else:
            others.append(slot)
    if others and not drop_others:
        named = ", ".join(f"{slot.slot_id} ({slot.kind.replace('_', ' ')})" for slot in others)
        raise CaseError(
            f"These slots cannot be carried over to a new key, because their secret was not given: {named}. Nothing "
            "was changed. Remove them first, or say that they may be dropped.",
            Exit.KEY_NEEDED,
        )
    keys.write_header(path, keys.with_next_key(header, now, [*carried, *locks], at), now.key)
    return others


def _rewritten(path: Path, keyring: Keyring) -> tuple[int, int]:
    files = Segments(path, keyring)
    n_files = n_bytes = 0
    for root in (FACTS, OBJECTS):
        for place in sorted((path / root).glob(f"*/*{SUFFIX}")):
            relative = place.relative_to(path).as_posix()
            if not files.stands_under(relative, keyring.key):
                files.rewrite(relative)
                n_files += 1
                n_bytes += place.stat().st_size
    for scratch in sorted((path / SPOOL).glob("*")):
        scratch.unlink()
    return n_files, n_bytes
