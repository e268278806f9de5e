import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from rollcall.problems import CaseError, Exit
from rollcall.store import Lock, Unlock, create_store, database, keys, open_store, open_with_key, slots
from rollcall.store.upkeep import verify

from .conftest import PHRASE, children

IDENTITY = pyrage.x25519.Identity.generate()
AGE = Unlock(age_identity=f"# made for a test\n{IDENTITY}\n")
ALL = Unlock(passphrase=b"p", key_file=bytes(range(256)), age_identity=str(IDENTITY))


@pytest.mark.parametrize(
    "unlock",
    [
        Unlock(passphrase=b"p"),
        Unlock(key_file=bytes(range(256))),
        AGE,
        ALL,
        Unlock(passphrase=b"wrong", key_file=bytes(range(256))),
    ],
)
def test_each_slot_opens_the_same_case(case: Path, unlock: Unlock) -> None:
    made = create_store(case, ALL)
    assert open_store(case, unlock).key == made.key
    assert [slot.kind for slot in slots.slots(case)] == ["passphrase", "key_file", "age"]


@pytest.mark.parametrize(
    ("unlock", "word"),
    [
        (Unlock(), "locked"),
        (Unlock(passphrase=b""), "locked"),
        (Unlock(passphrase=b"Correct horse"), "does not open"),
        (Unlock(passphrase=b"correct horse\n"), "does not open"),
        (Unlock(key_file=b"correct horse"), "does not open"),  # the right secret in the wrong kind of slot
        (Unlock(age_identity=str(pyrage.x25519.Identity.generate())), "does not open"),
        (Unlock(age_identity="AGE-SECRET-KEY-1NONSENSE"), "not an age identity"),
    ],
)
def test_a_wrong_key_is_a_sentence_with_exit_5(case: Path, unlock: Unlock, word: str) -> None:
    create_store(case, PHRASE, [Lock(age_recipient=str(IDENTITY.to_public()))])
    with pytest.raises(CaseError, match=word) as caught:
        open_store(case, unlock)
    assert caught.value.exit_code == Exit.KEY_NEEDED


def test_a_wrong_data_key_opens_nothing(case: Path) -> None:
    create_store(case, PHRASE)
    with pytest.raises(CaseError) as caught:
        open_with_key(case, bytes(32))
    assert caught.value.exit_code == Exit.KEY_NEEDED


@pytest.mark.parametrize(
    ("unlock", "locks", "exit_code"),
    [
        (Unlock(), [], Exit.KEY_NEEDED),
        (Unlock(passphrase=b""), [], Exit.USAGE),
        (Unlock(), [Lock(key_file=b"")], Exit.USAGE),
        (PHRASE, [Lock(age_recipient="age1nonsense")], Exit.USAGE),
    ],
)
def test_a_case_is_not_made_with_a_lock_that_protects_nothing(
    case: Path, unlock: Unlock, locks: list[Lock], exit_code: Exit
) -> None:
    with pytest.raises(CaseError) as caught:
        create_store(case, unlock, locks)
    assert caught.value.exit_code == exit_code
    assert not case.exists()


@pytest.mark.parametrize("lock", [Lock(), Lock(passphrase=b"a", key_file=b"b")])
def test_a_slot_has_one_secret(lock: Lock) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        keys.make_slot(lock, bytes(32), "case", "now")


def change(case: Path, **fields: object) -> None:
    path = case / "header"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


@pytest.mark.parametrize(
    ("fields", "exit_code", "word"),
    [
        ({"format_version": 2}, Exit.USAGE, "newer"),
        ({"format_version": 99, "unheard_of": 1}, Exit.USAGE, "newer"),
        ({"format_version": "1"}, Exit.VERIFICATION, "damaged"),
        ({"format": "other"}, Exit.VERIFICATION, "damaged"),
        ({"case_id": "0" * 32}, Exit.KEY_NEEDED, "does not open"),  # slots are bound to their case
        ({"created_at": "2001-01-01T00:00:00Z"}, Exit.VERIFICATION, "without the key"),
        ({"unheard_of": 1}, Exit.VERIFICATION, "damaged"),
        ({"slots": []}, Exit.KEY_NEEDED, "does not open"),
    ],
)
def test_a_header_of_another_version_or_hand(case: Path, fields: dict[str, object], exit_code: Exit, word: str) -> None:
    create_store(case, PHRASE).close()
    change(case, **fields)
    with pytest.raises(CaseError, match=word) as caught:
        open_store(case, PHRASE)
    assert caught.value.exit_code == exit_code


def test_a_planted_recipient_is_noticed_before_a_rotation_could_serve_it(case: Path) -> None:
    create_store(case, PHRASE).close()
    theirs = keys.make_slot(Lock(age_recipient=str(IDENTITY.to_public())), bytes(32), "x", "t")
    header = json.loads((case / "header").read_text())
    planted = dict(header["slots"][0], kind="age", slot_id="feed", recipient=theirs.recipient)
    change(case, slots=[*header["slots"], planted])
    with pytest.raises(CaseError, match="without the key"):
        slots.rotate(case, PHRASE)


@pytest.mark.parametrize("costs", [(0, 64, 4), (1, 1 << 40, 4), (10**9, 64, 4), (1, 64, 10**6)])
def test_a_planted_slot_cannot_exhaust_the_machine(case: Path, costs: tuple[int, int, int]) -> None:
    create_store(case, PHRASE).close()
    slot = json.loads((case / "header").read_text())["slots"][0]
    change(case, slots=[dict(slot, **dict(zip(("time_cost", "memory_kib", "lanes"), costs, strict=True)))])
    with pytest.raises(CaseError, match="impossible work"):
        open_store(case, PHRASE)


@pytest.mark.parametrize("cut", [0, 1, 50, 300, -2])
def test_a_cut_header_is_damaged_not_a_traceback(case: Path, cut: int) -> None:
    create_store(case, PHRASE).close()
    path = case / "header"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(CaseError, match="damaged") as caught:
        open_store(case, PHRASE)
    assert caught.value.exit_code == Exit.VERIFICATION


def test_there_is_no_case_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(CaseError, match="no case") as caught:
            open_store(path, PHRASE)
        assert caught.value.exit_code == Exit.USAGE


def test_a_case_is_never_made_over_another(case: Path) -> None:
    with create_store(case, PHRASE) as store:
        store.put("children", store.name("x"), children("a"))
    with pytest.raises(CaseError, match="a case already"):
        create_store(case, PHRASE)
    (case / "header").rename(case / "elsewhere")
    with pytest.raises(CaseError, match="unreadable for ever"):
        create_store(case, PHRASE)


def test_names_and_seals_tell_cases_apart_and_parts_too(tmp_path: Path) -> None:
    one, other = (create_store(tmp_path / name, PHRASE) for name in ("one", "other"))
    assert one.name("a", "bc") != one.name("ab", "c")
    assert one.name("a") != one.seal("a")
    assert one.name("a") != other.name("a")
    assert one.seal("899-45-1234") != other.seal("899-45-1234")
    assert one.name("\udcff") == one.name("\udcff")  # undecodable file names have names too
    assert len(one.name("a")) == 32


@pytest.mark.usefixtures("real_cost")
def test_the_stored_cost_is_the_recommended_one(case: Path) -> None:
    create_store(case, PHRASE).close()
    (slot,) = slots.slots(case)
    assert (slot.time_cost, slot.memory_kib, slot.lanes) == (3, 65536, 4)
    open_store(case, PHRASE).close()


def test_secrets_are_not_printed() -> None:
    for thing in (
        Unlock(passphrase=b"hush"),
        Lock(key_file=b"hush"),
        keys.Keyring(case_id="c" * 32, key=b"hush", naming=b"hush"),
    ):
        assert "hush" not in repr(thing)


# --- slots ---


def test_slots_are_added_and_removed_but_never_the_last(case: Path) -> None:
    create_store(case, PHRASE).close()
    first = slots.slots(case)[0]
    second = slots.add_slot(case, PHRASE, Lock(key_file=b"\0bytes\n"))
    slots.remove_slot(case, PHRASE, first.slot_id)
    with pytest.raises(CaseError, match="does not open"):
        open_store(case, PHRASE)
    with pytest.raises(CaseError, match="last slot"):
        slots.remove_slot(case, Unlock(key_file=b"\0bytes\n"), second.slot_id)
    with pytest.raises(CaseError, match="no slot"):
        slots.remove_slot(case, Unlock(key_file=b"\0bytes\n"), "nope")
    with open_store(case, Unlock(key_file=b"\0bytes\n")) as store:
        assert [entry.kind for entry in store.ledger.entries()] == ["case", "key_slot_added", "key_slot_removed"]


def filled(case: Path, unlock: Unlock) -> tuple[list[object], bytes]:
    with create_store(case, unlock) as store:
        segments = [store.put("children", store.name(str(n)), children(f"name {n}")) for n in range(3)]
        store.put_object("contexts", store.name("context"), {"k": "v"})
        store.ledger.save_manifest(1, segments, complete=True, contexts=[store.name("context")])
        store.ledger.mint([("i", "a")], 1)
        with store.spool(store.name("big")) as writer:
            writer.write(b"x" * 100)
        return segments, store.key


def whole(case: Path, unlock: Unlock, segments: list[object]) -> bool:
    with open_store(case, unlock) as store:
        assert store.ledger.manifest().segments == tuple(sorted(segments, key=lambda each: each.name))
        assert store.ledger.minted() == {"i": ("a", 1)}
        assert store.name("0") in {each.name for each in segments}
        assert store.get_object("contexts", store.name("context"), dict) == {"k": "v"}
        return verify(store) == []


def test_rotation_puts_everything_under_another_key_and_keeps_every_name(case: Path) -> None:
    unlock = Unlock(passphrase=b"p", age_identity=str(IDENTITY))
    segments, old = filled(case, unlock)
    done = slots.rotate(case, unlock, [Lock(key_file=b"third")])
    assert [slot.kind for slot in done.slots] == ["passphrase", "age", "key_file"]
    assert (done.dropped, done.n_files) == ((), 4)
    for each in (Unlock(passphrase=b"p"), AGE, Unlock(key_file=b"third")):
        assert whole(case, each, segments)
    with pytest.raises(CaseError, match="does not open"):
        open_with_key(case, old)
    header = keys.read_header(case)
    assert header.pending is None
    stale = keys.Keyring(case_id=header.case_id, key=old, naming=bytes(32))
    for each in segments:
        with pytest.raises(CaseError, match="another case"):
            keys_segments(case, stale).get("children", each.name)
    with pytest.raises(CaseError, match="cannot be read"):
        keys_ledger(case, stale)


def keys_segments(case: Path, keyring: keys.Keyring) -> object:
    from rollcall.store.segments import Segments

    return Segments(case, keyring)


def keys_ledger(case: Path, keyring: keys.Keyring) -> object:
    from rollcall.store.ledger import Ledger

    return Ledger(case, keyring)


def test_rotation_drops_a_slot_only_when_told(case: Path) -> None:
    segments, _ = filled(case, ALL)
    with pytest.raises(CaseError, match="key file"):
        slots.rotate(case, Unlock(passphrase=b"p"))
    assert whole(case, Unlock(key_file=bytes(range(256))), segments)
    done = slots.rotate(case, Unlock(passphrase=b"p"), drop_others=True)
    assert [slot.kind for slot in done.dropped] == ["key_file"]
    assert whole(case, AGE, segments)
    with pytest.raises(CaseError, match="does not open"):
        open_store(case, Unlock(key_file=bytes(range(256))))


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do the work in another process that dies at its n-th touch of the disk; say whether it came to its end."""
    if (pid := os.fork()) == 0:
        left = step

        def counted(call: Callable[..., object]) -> Callable[..., object]:
            def wrapped(*arguments: object, **named: object) -> object:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return call(*arguments, **named)

            return wrapped

        for owner, name in ((os, "fsync"), (Path, "rename"), (Path, "unlink"), (database, "connect")):
            setattr(owner, name, counted(getattr(owner, name)))
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert status in (0, signal.SIGKILL), status
    return status == 0


def test_a_rotation_killed_anywhere_leaves_a_whole_case_and_can_be_finished(case: Path) -> None:
    old, new = Unlock(passphrase=b"p"), Unlock(key_file=b"new")
    segments, _ = filled(case, old)
    interrupted = 0
    for step in range(1, 100, 3):
        copy = case.with_name(f"case{step}")
        shutil.copytree(case, copy)
        ended = killed_at(step, lambda copy=copy: slots.rotate(copy, old, [Lock(key_file=b"new")]))
        assert whole(copy, old, segments), step
        if keys.read_header(copy).pending is not None:
            interrupted += 1
            assert whole(copy, new, segments)
            with pytest.raises(CaseError, match="interrupted"):
                slots.add_slot(copy, old, Lock(key_file=b"x"))
            slots.rotate(copy, new if step % 2 else old)
            assert keys.read_header(copy).pending is None
            assert whole(copy, new, segments)
            assert whole(copy, old, segments)
        if ended:
            break
    assert ended
    assert interrupted >= 5


def test_a_rotation_waits_for_every_other_program_to_be_off_the_ledger(case: Path) -> None:
    create_store(case, PHRASE).close()
    with open_store(case, PHRASE) as stale:
        stale.ledger.append("note", {})
        with pytest.raises(CaseError, match="busy"):
            patient(case)
        stale.ledger.append("note", {})


def test_a_book_that_was_replaced_under_a_connection_takes_no_more_entries(case: Path) -> None:
    with create_store(case, PHRASE) as stale:
        shutil.copy(case / "ledger.db", case / "copy")
        (case / "copy").rename(case / "ledger.db")
        with pytest.raises(CaseError, match="Open the case again"):
            stale.ledger.append("note", {})
        assert stale.ledger.rows("note") == []


def patient(case: Path) -> None:
    database.BUSY_SECONDS, kept = 0.2, database.BUSY_SECONDS
    try:
        slots.rotate(case, PHRASE)
    finally:
        database.BUSY_SECONDS = kept
