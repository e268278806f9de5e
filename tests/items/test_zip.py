"""ZIP archives: every member is an item, and what cannot be read says why."""

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.parser import ContentError, Fault, Inner, Limits, Text, Yield
from rollcall.items.parsers import zip_
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.items.mails import sample_files

LIMITS = Limits()


def archive(*members: tuple[str, bytes], comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name), content, method)
        made.comment = comment
    return out.getvalue()


TWO = archive(("a.txt", b"alpha " * 50), ("sub/b.txt", b"beta"), ("empty/", b""), comment=b"MRN 1234")


def outcome(value: Inner) -> bytes | str:
    assert value.chunks is not None
    try:
        return b"".join(value.chunks())
    except ContentError as error:
        return error.code


def read(data: bytes, limits: Limits = LIMITS) -> tuple[dict[str, bytes | str], list[Yield]]:
    values = list(zip_.parse(MemoryReadable(data), limits))
    inners = {f"{value.folder}|{value.name}": outcome(value) for value in values if isinstance(value, Inner)}
    return inners, [value for value in values if not isinstance(value, Inner)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members(method: int) -> None:
    inners, rest = read(archive(("a.txt", b"alpha"), ("s/b.txt", b""), method=method))
    assert inners == {"|a.txt": b"alpha", "s|b.txt": b""}
    assert rest == []


def test_names_of_folders_and_the_comment_are_kept() -> None:
    _, rest = read(TWO)
    assert rest == [Text(text="empty/", kind="names"), Text(text="MRN 1234", kind="note", label="comment")]


def test_each_member_is_found_again() -> None:
    readable = MemoryReadable(TWO)
    for inner in [value for value in zip_.parse(readable, LIMITS) if isinstance(value, Inner)]:
        assert outcome(zip_.open_child(readable, inner.locator, LIMITS)) == outcome(inner)
        assert outcome(inner) == outcome(inner)  # may be read again


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        (TWO, True),
        (archive(), True),
        (TWO[:60], True),
        (archive(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"")), False),
        (archive(("a/x.xml", b""), ("[Content_Types].xml", b"<x/>")), False),
        (archive(("mimetype", b"application/epub+zip")), False),
        (b"text that holds PK\x05\x06 and then some more of it", False),
        (b"PK", False),
        (b"", False),
    ],
)
def test_which_files_are_archives(data: bytes, fits: bool) -> None:
    assert zip_.looks_like(MemoryReadable(data)) == fits


def _flagged(data: bytes, flag: int) -> bytes:
    changed = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        changed[at + offset] |= flag
    return bytes(changed)


def test_members_that_cannot_be_read_say_why() -> None:
    assert read(_flagged(TWO, 1))[0]["|a.txt"] == "encrypted"
    method = bytearray(TWO)
    method[8:10] = struct.pack("<H", 9)
    at = TWO.find(b"PK\x01\x02")
    method[at + 10 : at + 12] = struct.pack("<H", 9)
    assert read(bytes(method))[0]["|a.txt"] == "unsupported"
    damaged = bytearray(TWO)
    damaged[36] ^= 0xFF
    assert read(bytes(damaged))[0]["|a.txt"] == "corrupt"
    assert read(bytes(damaged))[0]["sub|b.txt"] == b"beta"


def test_growth_out_of_proportion() -> None:
    bomb = archive(("zeros", bytes(40 << 20)))
    inners, rest = read(bomb, Limits(max_ratio=100))
    assert inners == {}
    assert [value.code for value in rest if isinstance(value, Fault)] == ["bomb"]
    assert Text(text="zeros", kind="names") in rest
    noise = random.Random(1).randbytes(300_000)
    inners, _ = read(archive(("zeros", bytes(40 << 20)), ("noise", noise)), Limits(max_ratio=200))
    assert inners == {"|zeros": "bomb", "|noise": noise}


def test_more_members_than_allowed() -> None:
    data = archive(*((f"{n}.txt", b"x") for n in range(5)))
    inners, rest = read(data, Limits(max_members=3))
    assert len(inners) == 3
    assert [value.code for value in rest if isinstance(value, Fault)] == ["too_large"]
    assert Text(text="3.txt\n4.txt", kind="names") in rest


@pytest.mark.parametrize(
    ("charset", "name"),
    [("cp932", "患者名簿.txt"), ("gb18030", "审计需求文档.doc"), ("utf-8", "Müller.txt"), ("cp437", "Müller.txt")],
)
def test_charsets_of_names(charset: str, name: str) -> None:
    raw = name.encode(charset)
    data = archive(("x" * len(raw), b"1")).replace(b"x" * len(raw), raw)
    assert list(read(data)[0]) == [f"|{name}"]


@settings(max_examples=120, deadline=None)
@given(
    cut=st.integers(0, len(TWO)),
    flips=st.lists(st.tuples(st.integers(0, len(TWO) - 1), st.integers(1, 255)), max_size=4),
)
def test_cut_and_damaged(cut: int, flips: list[tuple[int, int]]) -> None:
    data = bytearray(TWO)
    for at, bits in flips:
        data[at] ^= bits
    readable = MemoryReadable(bytes(data[:cut]))
    zip_.looks_like(readable)
    inners, rest = read(bytes(data[:cut]))
    for name in (*inners, *(value.text for value in rest if isinstance(value, Text))):
        name.encode()


def test_what_stands_before_a_cut_is_read() -> None:
    inners, rest = read(TWO[: TWO.find(b"PK\x01\x02")])
    assert inners == {"|a.txt": b"alpha " * 50, "sub|b.txt": b"beta"}
    assert [value.code for value in rest if isinstance(value, Fault)] == ["truncated"]


def test_the_first_of_several_volumes_says_so() -> None:
    inners, rest = read(b"PK\x07\x08" + TWO[: TWO.find(b"sub/b.txt")])
    assert inners == {"|a.txt": b"alpha " * 50}
    assert [value.code for value in rest if isinstance(value, Fault)] == ["volume_missing"]


def test_the_last_of_several_volumes_names_what_lies_in_the_others() -> None:
    data = bytearray(TWO)
    end = data.rfind(b"PK\x05\x06")
    data[end + 4 : end + 8] = b"\1\0\1\0"  # the second volume
    second = data.rfind(b"sub/b.txt") - 46  # its entry in the directory
    data[second + 34 : second + 36] = b"\1\0"
    inners, _ = read(bytes(data))
    assert inners == {"|a.txt": "volume_missing", "sub|b.txt": b"beta"}


@pytest.mark.samples
def test_real_archives(samples: Path) -> None:
    files = [path for path in sample_files(samples / "archive") if zipfile.is_zipfile(path)]
    assert len(files) >= 12
    for path in files:
        values = list(zip_.parse(FileReadable(path), LIMITS))
        try:
            made = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            assert any(isinstance(value, Fault) for value in values), path.name
            continue
        with made:
            members = [info for info in made.infolist() if not info.is_dir()]
            inners = [value for value in values if isinstance(value, Inner)]
            assert len(inners) == len(members), path.name
            for info, inner in zip(members, inners, strict=True):
                found = outcome(inner)
                try:
                    assert found == made.read(info), path.name
                except (zipfile.BadZipFile, RuntimeError, EOFError):
                    assert isinstance(found, str), path.name
