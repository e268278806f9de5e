"""Word of old: whatever pieces a text is stored in, it is read in order; damage ends; the real ones are read."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.compound import BROKEN, Compound, written
from rollcall.items.parser import Fault, Inner, Limits, Table, Text
from rollcall.items.parsers import doc
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus.make_old_office import word97

LIMITS = Limits()
WORDS = st.text(st.characters(codec="cp1252", exclude_categories=("Cc", "Zs", "Cf")), min_size=1, max_size=40)


def read(data: bytes) -> list[object]:
    return list(doc.parse(MemoryReadable(data), LIMITS))


@settings(max_examples=40, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8))
def test_pieces_come_in_order(pieces: list[str]) -> None:
    whole = "".join(pieces)
    data = word97([*pieces, "\r"], [len(whole) + 1, *[0] * 7], {}, [])
    assert [value.text for value in read(data) if isinstance(value, Text)] == [whole]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("a\x0bb\r", "a\nb"),
        ("899\x1e45\x1e1234\r", "899-45-1234"),
        ("\x13 DATE \x141 May\x15 x\r", "1 May x"),
        ("\x13 IF \x13 PAGE \x143\x15 \x14yes\x15\r", "yes"),
        ("a\x01\x08b\r", "ab"),
        ("one\rtwo\x0cthree\r", "one\ntwo\nthree"),
        ("Ann\x07Bo\x07\x07", "Ann\tBo"),
        ("", ""),
    ],
)
def test_marks(body: str, shown: str) -> None:
    data = word97([body or "\r"], [len(body or "\r"), *[0] * 7], {}, [])
    assert "|".join(value.text for value in read(data) if isinstance(value, Text) and not value.hidden) == shown


def test_pieces_that_repeat_one_text_without_end_are_refused() -> None:
    # Every piece may point at the same bytes: 64 kilobytes would become gigabytes.
    data = word97(["x" * 100, "y"], [1 << 30, *[0] * 7], {}, [])
    package = Compound(MemoryReadable(data))
    table = bytearray(package.read("1Table"))
    table[5:17] = b"".join(number.to_bytes(4, "little") for number in (0, 1 << 28, 1 << 29))
    data = written({("WordDocument",): package.read("WordDocument"), ("1Table",): bytes(table)})
    assert [value.code for value in read(data) if isinstance(value, Fault)] == ["too_large"]


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(
        st.lists(st.sampled_from(["a", "bb", "Ccc", "\x01Ole", "d"]), min_size=1, max_size=3).map(tuple),
        st.sampled_from([b"", b"x", b"y" * 4095, b"z" * 4096, b"w" * 70_000]),
        max_size=12,
    )
)
def test_storages_are_written_and_read_back(streams: dict[tuple[str, ...], bytes]) -> None:
    kept = {path: data for path, data in streams.items() if not any(path[:n] in streams for n in range(1, len(path)))}
    package = Compound(MemoryReadable(written({("top", *path): data for path, data in kept.items()})))
    inner = Compound(MemoryReadable(package.rebuilt(("top",)))) if kept else None
    for path, data in kept.items():
        assert package.read("top", *path) == data
        assert inner is not None
        assert inner.read(*path) == data


def test_large_storages_use_large_sectors() -> None:
    data = {("big",): b"x" * (8 << 20), ("small",): b"y"}
    package = Compound(MemoryReadable(written(data)))
    assert (len(package.read("big")), package.read("small")) == (8 << 20, b"y")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_flipped_bytes_end_in_a_fault_or_text(data: st.DataObject) -> None:
    content = bytearray(word97(["Dear Ann\r", "x\x07y\x07\x07"], [14, *[0] * 7], {8: b"\x03\x24\0"}, [(0, 4)]))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        values = read(bytes(content))
    except BROKEN:
        return  # the guard makes a problem of it
    assert all(isinstance(value, (Text, Table, Fault, Inner)) for value in values)


@pytest.mark.samples
def test_real_documents(samples: Path) -> None:
    counted = 0
    for path in sorted((samples / "document").glob("*.doc")):
        readable = FileReadable(path)
        if not doc.looks_like(readable):
            continue
        values = list(doc.parse(readable, LIMITS))
        faults = [value.code for value in values if isinstance(value, Fault)]
        sealed = "encrypted" if "passtika" in path.name else "rights_managed" if "drm" in path.name else ""
        assert faults == ([sealed] if sealed else [])
        assert "encrypted" in faults or any(isinstance(value, Text) for value in values)
        for inner in (value for value in values if isinstance(value, Inner)):
            assert inner.chunks is not None
            assert b"".join(inner.chunks())
        counted += 1
    assert counted > 30
