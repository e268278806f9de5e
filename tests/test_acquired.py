"""The stored copy of a mailbox: the same whatever the order of fetching, resumable, kept through everything else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from rollcall import acquired
from rollcall.evidence.sources.imap import Folder, Mail
from rollcall.items.parser import Inner, Limits
from rollcall.items.parsers.imap import PARSER
from rollcall.model import Source
from rollcall.store import Lock, Store, Unlock, create_store, open_store
from rollcall.store.slots import rotate
from rollcall.store.upkeep import gc

KEY = b"thirty-two bytes and more of a key"
SOURCE = acquired.source_id_of("imap://ann@mail.org")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with create_store(tmp_path / "case", Unlock(key_file=KEY)) as one:
        yield one


def mail(uid: int) -> Mail:
    raw = b"From: a@b.org\r\nSubject: mail %d\r\n\r\n%s\r\n" % (uid, b"text " * uid)
    return Mail(uid=uid, received=1_709_528_768, flags=("\\Seen",), raw=raw)


def keep(box: acquired.Box, folder: str, validity: int, *uids: int) -> None:
    box.keep(Folder(raw=folder.encode(), name=folder, kind=""), validity, [mail(uid) for uid in uids])


def source_of(store: Store, box: acquired.Box) -> Source:
    hashes = box.seal()
    return Source(
        source_id=SOURCE, path="imap://ann@mail.org", kind=acquired.KIND, mailbox=None, custodian=None, entity=None,
        size=hashes.size, sha256=hashes.sha256, sha1=hashes.sha1, md5=hashes.md5, received_at=None, received_from=None,
        received_by=None,
    )  # fmt: skip


def read(store: Store, source: Source) -> list[tuple[str, bytes]]:
    content = acquired.Content(acquired.Box(store, SOURCE, acquired.sealed(store, source)))
    assert content.size == source.size
    assert content.read_at(0, content.size + 9) == b"".join(content.read_at(at, 7) for at in range(0, content.size, 7))
    inners = [value for value in PARSER.parse(content, Limits()) if isinstance(value, Inner)]
    return [(inner.locator, inner.message.header[:30]) for inner in inners if inner.message is not None]


def test_the_order_of_fetching_leaves_no_trace(tmp_path: Path) -> None:
    made = []
    for number, batches in enumerate((
        [("B", 1, 1, 2, 3), ("A", 7, 9)],
        [("A", 7, 9), ("B", 1, 3), ("B", 1, 1, 2)],
    )):  # fmt: skip
        with create_store(tmp_path / str(number), Unlock(key_file=KEY)) as store:
            box = acquired.Box(store, SOURCE)
            for folder, validity, *uids in batches:
                keep(box, folder, validity, *uids)
            source = source_of(store, box)
            made.append((source, read(store, source)))
            assert acquired.rehash(store, source).sha256 == source.sha256
    assert made[0] == made[1]
    assert [locator for locator, _ in made[0][1]] == [
        "A;UIDVALIDITY=7/;UID=9", *(f"B;UIDVALIDITY=1/;UID={uid}" for uid in (1, 2, 3))
    ]  # fmt: skip


def test_a_batch_that_was_never_finished_is_not_there(store: Store) -> None:
    box = acquired.Box(store, SOURCE)
    keep(box, "A", 1, 1, 2)
    source = source_of(store, box)
    keep(box, "A", 1, 3)
    (store.path / store.segments.object_place("mail", box.names[-1])).unlink()  # killed between the two objects
    again = acquired.Box(store, SOURCE)
    assert (set(again.uids("A", 1)), again.validity("A")) == ({1, 2}, 1)
    keep(again, "A", 1, 3, 4)
    assert len(read(store, source)) == 2, "what was sealed stays what it was"
    assert len(read(store, source_of(store, again))) == 4


def test_sweeping_and_a_new_key_leave_it(store: Store) -> None:
    box = acquired.Box(store, SOURCE)
    keep(box, "A", 1, 1, 2)
    source = source_of(store, box)
    store.ledger.add_sources([source])
    gc(store)
    before = read(store, source)
    path = store.path
    store.close()
    rotate(path, Unlock(key_file=KEY), [Lock(key_file=b"another key that is long enough")], drop_others=True)
    with open_store(path, Unlock(key_file=b"another key that is long enough")) as opened:
        assert read(opened, source) == before


@pytest.mark.parametrize("which", [0, 1])
def test_damage_is_an_unreadable_source(store: Store, which: int) -> None:
    box = acquired.Box(store, SOURCE)
    keep(box, "A", 1, 1, 2)
    source = source_of(store, box)
    place = store.path / store.segments.object_place("mail", (box.names[0], *_others(store, box))[which])
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(OSError, match="damaged"):
        acquired.rehash(store, source)


def _others(store: Store, box: acquired.Box) -> list[str]:
    """The object that holds the mails."""
    return [
        name
        for name in store.objects("mail")
        if name not in box.names and store.get_object("mail", name, object) != box.names
    ]
