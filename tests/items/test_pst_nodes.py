"""The second reader of Outlook stores: messages in messages, and what libpff leaves out."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypff
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.mapi import Names
from rollcall.items.message import fingerprint
from rollcall.items.parser import Fault, Inner, Limits
from rollcall.items.parsers import pst
from rollcall.items.parsers.pst_messages import Reader
from rollcall.items.pst_heap import Heap
from rollcall.items.pst_nodes import BROKEN, Nodes
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items import outlook
from tests.items.outlook import STRING8, File, Folder
from tests.items.pst_file import Attached, Item, Store
from tests.items.test_pst import MAIL

LIMITS = Limits()
ROLL = b"899-45-1234;Tindall\n" * 3_000


def reader(data: bytes) -> Reader:
    return Reader(Nodes(MemoryReadable(data)), Names({}), "cp1252", LIMITS)


def written(item: Item, **form: Any) -> bytes:
    store = Store(**form)
    store.add(0x200024, item, 100)
    return store.done()


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("substituted", [True, False])
def test_messages_in_messages(wide: bool, substituted: bool) -> None:
    inner = Item(
        MAIL | {0x1035: "<2@clinic.example>", 0x1000: (STRING8, "Müller".encode("cp1252")), 0x1013: b"<p>x</p>" * 900},
        [{0x3001: "Ann Frobisher", 0x39FE: "ann@home.example"}, {0x3001: "Di"}],
        [Attached({0x3707: "roll.csv", 0x370E: "text/csv"}, ROLL), Attached({0x3707: "a.txt"}, b"short")],
    )
    outer = Item(MAIL, [], [Attached({0x3001: "Fw"}, item=Item(MAIL, [], [Attached({}, item=inner)]))])
    found = reader(written(outer, wide=wide, substituted=substituted))
    message = found.message(found.nodes.node(0x200024))
    middle = message.leaves[1]
    assert (middle.kind, middle.name) == ("message", "Fw")
    assert middle.message is not None
    deepest = middle.message.leaves[1].message
    assert deepest is not None
    assert deepest.recipients == ("Ann Frobisher <ann@home.example>", "Di")
    plain, markup, roll, short = deepest.leaves
    assert (plain.text, markup.text) == ("Müller", "<p>x</p>" * 900)
    assert [(leaf.name, b"".join(leaf.chunks())) for leaf in (roll, short) if leaf.chunks] == [
        ("roll.csv", ROLL), ("a.txt", b"short"),
    ]  # fmt: skip
    assert not deepest.faults


def test_many_messages() -> None:
    store = Store()
    for number in range(300):
        store.add(0x200004 + 32 * number, Item(MAIL | {0x0037: f"mail {number}"}), 100 + number % 2)
    found = reader(store.done())
    assert [len(numbers) for numbers in found.nodes.messages.values()] == [150, 150]
    assert found.message(found.nodes.node(0x200004 + 32 * 299)).subject == "mail 299"
    with pytest.raises(LookupError):
        found.nodes.node(0x200005)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a function that gives the values of a stand-in store over real nodes."""
    monkeypatch.setattr(pypff, "folder", Folder)

    def values(file: File, data: bytes) -> list[Any]:
        monkeypatch.setattr(pypff, "file", lambda: file)
        readable = MemoryReadable(data)
        found = [value for shard in pst.shards(readable, LIMITS) for value in pst.open_shard(readable, shard, LIMITS)]
        for value in found:
            if isinstance(value, Inner) and value.message is not None:
                again = pst.open_child(readable, value.locator, LIMITS).message
                assert again is not None
                assert fingerprint(again) == fingerprint(value.message)
        return found

    yield values
    pst._open.clear()


def shown(values: list[Any]) -> list[tuple[str, str]]:
    return [
        (value.locator, value.folder_kind) if isinstance(value, Inner) else (value.code, value.locator)
        for value in values
        if isinstance(value, Inner | Fault)
    ]


@pytest.mark.parametrize("per_shard", [1, 2, 3, 100])
def test_what_libpff_leaves_out_is_read(opened: Any, monkeypatch: pytest.MonkeyPatch, per_shard: int) -> None:
    monkeypatch.setattr(pst, "PER_SHARD", per_shard)
    store = Store()
    for number in (4, 36, 68, 100, 132):
        store.add(number, Item(MAIL | {0x0037: f"mail {number}"}), 100)
    store.add(164, Item(MAIL), 999)  # of a folder that is gone
    listed = [outlook.Item(4, MAIL), OSError(), outlook.Item(100, MAIL), OSError()]  # 36 or 68 is not listed at all
    values = opened(File(Folder(290, None, folders=[Folder(100, "Inbox", list(listed))])), store.done())
    inners = sorted(pair for pair in shown(values) if "/" in pair[0])
    assert inners == [
        ("100/100", ""), ("100/132", ""), ("100/36", ""), ("100/4", ""), ("100/68", ""), ("orphan/164", "recoverable"),
    ]  # fmt: skip
    assert {value.code for value in values if isinstance(value, Fault)} == {"second_reader"}


@pytest.mark.parametrize("per_shard", [1, 2, 3, 100])
def test_what_nobody_reads_is_counted_once(opened: Any, monkeypatch: pytest.MonkeyPatch, per_shard: int) -> None:
    monkeypatch.setattr(pst, "PER_SHARD", per_shard)
    store = Store()
    for number in (4, 68):
        store.add(number, Item(MAIL), 100)
    listed = [OSError(), outlook.Item(4, MAIL), OSError(), OSError(), outlook.Item(100, MAIL), OSError()]
    values = opened(File(Folder(290, None, folders=[Folder(100, "Inbox", list(listed))])), store.done())
    assert sorted(pair for pair in shown(values) if pair[0] != "second_reader") == [
        ("100/100", ""), ("100/4", ""), ("100/68", ""),
        ("corrupt", "100/#0"), ("corrupt", "100/#3"), ("corrupt", "100/#5"),
    ]  # fmt: skip


def test_a_folder_that_is_listed_empty(opened: Any) -> None:
    store = Store()
    for number in (4, 36):
        store.add(number, Item(MAIL), 100)
    values = opened(File(Folder(290, None, folders=[Folder(100, "Inbox", [])])), store.done())
    assert shown(values) == [("100/4", ""), ("100/36", ""), ("second_reader", "100")]


def test_a_message_libpff_hands_over_as_a_block(opened: Any) -> None:
    store = Store()
    inner = Item(MAIL | {0x0037: "inner"}, [], [Attached({0x3707: "roll.csv"}, ROLL)])
    store.add(4, Item(MAIL, [], [Attached({}, item=inner)]), 100)
    block = outlook.Attachment({0x3705: 5, 0x3001: "inner"}, b"\0\0\xec\xbc")
    block.identifier = 0x8025
    item = outlook.Item(4, MAIL, attachments=[block])
    (value,) = opened(File(Folder(290, None, folders=[Folder(100, "Inbox", [item])])), store.done())
    attached = value.message.leaves[1]
    assert attached.message.subject == "inner"
    assert b"".join(attached.message.leaves[1].chunks()) == ROLL


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_raises_what_is_expected(data: st.DataObject) -> None:
    whole = bytearray(DAMAGED)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(1024, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(whole), len(whole) // 2]))
    try:
        found = reader(bytes(whole[:cut]))
        list(found.nodes.messages)
        message = found.message(found.nodes.node(0x200024))
        for leaf in message.leaves:
            list(leaf.chunks() if leaf.chunks else ())
    except BROKEN:
        pass


DAMAGED = written(
    Item(MAIL, [{0x3001: "Ann"}], [Attached({0x3707: "a"}, b"x" * 9_000), Attached({}, item=Item(MAIL))]),
    substituted=False, largest=2_000,
)  # fmt: skip


@given(st.binary(max_size=300), st.sampled_from([b"\xbc", b"\x7c"]))
def test_any_heap(data: bytes, kind: bytes) -> None:
    try:
        heap = Heap([data[:2] + b"\xec" + kind + data[2:]], lambda number: [data])
        heap.properties() if kind == b"\xbc" else list(heap.rows())
    except BROKEN:
        pass


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "n_messages"),
    [
        ("aspose_Outlook.pst", 27),
        ("aspose_PersonalStorageFile.ost", 0),
        ("aspose_PersonalStorageFile1.pst", 72),
        ("aspose_test.ost", 18),
        ("libpst_passworded.pst", 16),
        ("tika_testPST.pst", 7),
        ("tika_testPST_variousBodyTypes.pst", 4),
    ],
)
def test_both_readers_agree(samples: Path, name: str, n_messages: int) -> None:
    """Every message of a real store, read from its nodes, is the one that libpff gives."""
    readable = FileReadable(samples / "pst" / name)
    first = {value.locator: value for value in pst.parse(readable, LIMITS) if isinstance(value, Inner)}
    store = pst._store(readable)
    found = store.reader(LIMITS)
    assert found is not None
    numbers = {f"{parent}/{one}": one for parent, several in found.nodes.messages.items() for one in several}
    assert len(first) == len(numbers) == n_messages
    for locator, number in numbers.items():
        mine, theirs = found.message(found.nodes.node(number)), first[locator].message
        assert theirs is not None
        assert fingerprint(mine) == fingerprint(theirs)
        assert mine.recipients == theirs.recipients
        assert not theirs.faults
    readable.close()
