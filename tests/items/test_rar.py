"""Archives that programs unpack: RAR by its own headers and bsdtar or unar, others by bsdtar alone."""

import contextlib
import io
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items import tools
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text
from rollcall.items.parsers.archive import PARSER as ARCHIVE
from rollcall.items.parsers.rar import PARSER as RAR
from rollcall.items.readable import MemoryReadable, Readable
from rollcall.sandbox import tools as programs
from tests.items.rar_file import Member, rar4, rar5
from tests.sandbox import reading

LIMITS = Limits(max_seconds=30)
ROLL = b"Okonkwo-Reyes, Marisol;899-45-1234\n"
NAMES = "q3/Eluned Vasquez Ib\xe1\xf1ez.csv"
Archive = Callable[..., bytes]
needs = {
    name: pytest.mark.skipif(not programs.available(name), reason=f"NOT RUN: {name} or bubblewrap is not there")
    for name in ("bsdtar", "unar")
}


@pytest.fixture
def running() -> Iterator[Callable[..., None]]:
    """Have only programs of these names run, until the test ends."""
    with contextlib.ExitStack() as until:
        yield lambda *names: until.enter_context(reading.running(LIMITS, names))


def offered(run: tools.Runner) -> contextlib.ExitStack:
    """Have programs run in this way within."""
    until = contextlib.ExitStack()
    tools.offer(run)
    until.callback(tools.withdraw, run)
    return until


def members(parser: Parser, data: bytes, limits: Limits = LIMITS) -> tuple[dict[str, object], list[str], list[str]]:
    """Return the members with their bytes, or the code that says why not; other names; codes of faults."""
    readable = MemoryReadable(data)
    found: dict[str, object] = {}
    names: list[str] = []
    codes: list[str] = []
    for value in parser.parse(readable, limits):
        if isinstance(value, Inner):
            found[f"{value.folder}/{value.name}".lstrip("/")] = content(value)
            assert parser.open_child is not None
            assert content(parser.open_child(readable, value.locator, limits)) == content(value)
        elif isinstance(value, Text):
            names += value.text.splitlines()
        elif isinstance(value, Fault):
            codes.append(value.code)
    return found, names, codes


def content(inner: Inner) -> bytes | str:
    try:
        return b"".join(inner.chunks()) if inner.chunks else b""
    except ContentError as error:
        return error.code


BOTH = pytest.mark.parametrize("archive", [rar4, rar5])


@BOTH
@pytest.mark.parametrize("tool", [pytest.param(name, marks=mark) for name, mark in needs.items()])
def test_members_are_read(archive: Archive, tool: str, running: Callable[..., None]) -> None:
    running(tool)
    data = archive(Member("q3", folder=True), Member(NAMES, ROLL), Member("q3/b.txt", b"b"), Member("empty.txt"))
    assert members(RAR, data) == ({NAMES: ROLL, "q3/b.txt": b"b", "empty.txt": b""}, ["q3"], [])


@BOTH
@pytest.mark.parametrize(
    ("member", "code"),
    [
        (Member("x.csv", ROLL, locked=True), "unsupported_encryption"),
        (Member("x.csv", ROLL, split=True), "volume_missing"),
        (Member("x.csv", ROLL, crc=7), "corrupt"),
    ],
    ids=["locked", "split", "damaged"],
)
@needs["bsdtar"]
@needs["unar"]
def test_what_cannot_be_read_hides_nothing_behind_it(
    archive: Archive, member: Member, code: str, running: Callable[..., None]
) -> None:
    running("bsdtar", "unar")
    data = archive(Member("a.txt", b"before"), member, Member("z.txt", b"after"))
    assert members(RAR, data)[0] == {"a.txt": b"before", "x.csv": code, "z.txt": b"after"}


def test_members_behind_one_that_stops_the_only_program_need_the_other() -> None:
    def run(name: str, untrusted: Readable) -> Iterator[bytes]:
        if name != "bsdtar":
            raise ContentError("needs_tool", name)
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            entry = tarfile.TarInfo("a.txt")
            entry.size = 6
            archive.addfile(entry, io.BytesIO(b"before"))
        yield out.getvalue()
        raise ContentError("partial", name)

    data = rar4(Member("a.txt", b"before"), Member("x.csv", ROLL), Member("z.txt", b"after"))
    with offered(run):
        found = members(RAR, data)[0]
    assert found == {"a.txt": b"before", "x.csv": "needs_tool", "z.txt": "needs_tool"}


@BOTH
@pytest.mark.parametrize(
    ("more", "names", "codes"),
    [
        ({}, ["q3", NAMES], ["needs_tool"]),
        ({"locked": True}, [], ["unsupported_encryption"]),
    ],
    ids=["clear", "locked"],
)
def test_without_a_program_names_are_read(
    archive: Archive, more: dict[str, bool], names: list[str], codes: list[str]
) -> None:
    data = archive(Member("q3", folder=True), Member(NAMES, ROLL), **more)
    assert members(RAR, data) == ({}, names, codes)


@BOTH
@needs["bsdtar"]
def test_one_volume_of_several_says_so(archive: Archive, running: Callable[..., None]) -> None:
    running("bsdtar", "unar")
    found, _, codes = members(RAR, archive(Member("a.txt", b"a"), volume=True))
    assert (list(found), codes) == (["a.txt"], ["volume_missing"])


@BOTH
def test_more_than_allowed_is_said(archive: Archive, running: Callable[..., None]) -> None:
    data = archive(*(Member(f"{number}.txt") for number in range(5)))
    found, _, codes = members(RAR, data, Limits(max_members=3))
    assert (len(found), codes) == (3, ["too_large"])


@BOTH
def test_what_would_grow_beyond_reason_is_not_unpacked(archive: Archive) -> None:
    data = bytearray(archive(Member("a.txt", bytes(17 << 20))))
    at = data.rindex(bytes(17 << 20)) if archive is rar4 else data.index(b"a.txt") + 5
    cut = bytes(data[:at]) + bytes(64)
    found, names, codes = members(RAR, cut)
    assert (found, names, codes) == ({}, ["a.txt"], ["bomb"])


@BOTH
@given(place=st.integers(0, 200), byte=st.integers(0, 255), cut=st.booleans())
def test_damage_is_survived(archive: Archive, place: int, byte: int, cut: bool) -> None:
    data = bytearray(archive(Member("q3", folder=True), Member(NAMES, ROLL), Member("b.txt", b"b", locked=True)))
    data[place % len(data)] = byte
    damaged = bytes(data[:place] if cut else data)
    for value in RAR.parse(MemoryReadable(damaged), LIMITS):
        assert isinstance(value, (Inner, Text, Fault))


FORMATS = ("cpio", "newc", "iso9660", "xar")


def made(form: str, folder: Path) -> bytes:
    (folder / "b.csv").write_bytes(ROLL)
    done = subprocess.run(
        ["bsdtar", "-cf", "-", f"--format={form}", "b.csv"], cwd=folder, capture_output=True, check=True
    )
    return done.stdout


@needs["bsdtar"]
@pytest.mark.parametrize("form", FORMATS)
def test_other_archives(form: str, tmp_path: Path, running: Callable[..., None]) -> None:
    running("bsdtar")
    data = made(form, tmp_path)
    assert ARCHIVE.looks_like(MemoryReadable(data))
    assert members(ARCHIVE, data) == ({"b.csv": ROLL}, [], [])


@needs["bsdtar"]
def test_an_archive_that_ends_early(tmp_path: Path, running: Callable[..., None]) -> None:
    running("bsdtar")
    found, _, codes = members(ARCHIVE, made("newc", tmp_path)[:150])
    assert codes
    assert set(found.values()) <= {ROLL, "truncated"}


@pytest.mark.parametrize(
    "data",
    [b"070701 is a number", b"07070112345678;and;more;text", b"!<arch>\n", b"", b"MSCF is a name", b"Rar! he said"],
)
def test_texts_are_no_archives(data: bytes) -> None:
    assert not ARCHIVE.looks_like(MemoryReadable(data))
    assert not RAR.looks_like(MemoryReadable(data))


def test_a_program_is_asked_once_for_all_members() -> None:
    asked: list[str] = []

    def run(name: str, untrusted: Readable) -> Iterator[bytes]:
        asked.append(name)
        raise ContentError("partial", name)
        yield b""

    with offered(run):
        found, _, codes = members(RAR, rar5(*(Member(f"{number}.txt", b"x") for number in range(20))))
    assert (found, codes) == ({}, ["partial"])
    assert asked == ["bsdtar", "unar"]
