"""Tar archives (POSIX ustar and pax, GNU), read in place: each member is a range of the archive."""

import tarfile
from collections.abc import Callable, Iterator

from rollcall.items.headers import safe
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable, Slice, chunks_of

_BLOCK = 512


def looks_like(untrusted: Readable) -> bool:
    """Say whether the first block is a header whose checksum is right; old archives have no other sign."""
    block = untrusted.read_at(0, _BLOCK)
    if len(block) < _BLOCK or block[:1] == b"\0":
        return False
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each file; then the names of what is no file, and what is wrong."""
    others: list[str] = []
    faults: list[Fault] = []
    number = -1
    for number, member in enumerate(_members(untrusted, faults)):
        name = safe(member.name)
        if number >= limits.max_members:
            faults.append(Fault(code="too_large", detail=f"more than {limits.max_members} members"))
            break
        if member.isreg():
            yield _inner(untrusted, f"{member.offset} {name}", member, name)
            continue
        others.append(name)
        if member.issym() or member.islnk():
            # What it leads to stands in the archive as a file of its own, or outside it.
            others.append(safe(member.linkname))
        elif not member.isdir():
            faults.append(Fault(code="not_followed", detail="special file", locator=f"{member.offset}"))
    if others:
        yield Text(text="\n".join(others), kind="names")
    yield from faults


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the file of a locator, "offset name"."""
    offset, _, name = locator.partition(" ")
    stream = untrusted.stream()
    stream.seek(int(offset))
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        member = archive.next()
        if member is None:
            raise ContentError("corrupt", "no member here")
        return _inner(untrusted, locator, member, name)


def _members(untrusted: Readable, faults: list[Fault]) -> Iterator[tarfile.TarInfo]:
    try:
        with tarfile.open(fileobj=untrusted.stream(), mode="r:") as archive:
            while (member := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # or all of them are kept
                yield member
            end = archive.offset
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        faults.append(Fault(code="truncated", detail=type(error).__name__))
        return
    # Two empty blocks end an archive; without them it was cut, or its tail is no header.
    if untrusted.read_at(end, _BLOCK).strip(b"\0") or (end > untrusted.size):
        faults.append(Fault(code="truncated", detail=f"ends at {end} of {untrusted.size} bytes"))


def _inner(untrusted: Readable, locator: str, member: tarfile.TarInfo, name: str) -> Inner:
    folder, _, last = name.rpartition("/")
    return Inner(
        locator=locator,
        kind="member",
        name=last,
        folder=folder,
        size=member.size,
        chunks=_chunks(untrusted, member),
    )


def _chunks(untrusted: Readable, member: tarfile.TarInfo) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        if member.sparse is not None:
            raise ContentError("unsupported", "sparse file in a tar")
        content = Slice(untrusted, member.offset_data, member.size)
        yield from chunks_of(content)
        if content.size < member.size:
            raise ContentError("truncated", "member of a tar")

    return read


PARSER = Parser(
    name="tar",
    version=1,
    media_types=("application/x-tar",),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
)
