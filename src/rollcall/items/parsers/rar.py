"""RAR archives, versions 1.5 to 5: members are named by the archive's own headers, and unpacked by bsdtar or unar.

Both are programs of the system; where neither may be run, the names are read all the same and the archive ends as
`needs_tool`. A member is known among what a program unpacked by its size and checksum, so it does not matter how the
program writes names. Neither program takes a password but on its command line, where others see it: none is told.
"""

from collections.abc import Callable, Iterator

from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.rar_headers import NEW, OLD, Entry, listing
from rollcall.items.readable import Readable
from rollcall.items.unpacked import File, Unpacked, unpack

_TOOLS = ("bsdtar", "unar")  # the second goes on behind a member that it cannot read


def looks_like(untrusted: Readable) -> bool:
    """Say whether the signature stands at the start."""
    return untrusted.read_at(0, len(NEW)) == NEW or untrusted.read_at(0, len(OLD)) == OLD


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each member; then the names of folders, and what is wrong."""
    found = listing(untrusted, limits.max_members)
    if found.locked:
        yield Fault(code="unsupported_encryption", detail="list of a rar")
        return
    names = [entry.name for entry in found.entries if entry.folder]
    unpacked = sum(entry.size or 0 for entry in found.entries)
    lacking = _tool_lacking(untrusted, limits) if any(map(_is_readable, found.entries)) else None
    if unpacked > limits.most_from(untrusted.size):
        lacking = Fault(code="bomb", detail=f"{unpacked} bytes in {untrusted.size}")
    if lacking is not None:
        names = [entry.name for entry in found.entries]
        yield Text(text="\n".join(names), kind="names")
        yield lacking
        return
    for entry in found.entries:
        if not entry.folder:
            yield _member(untrusted, entry, limits)
    if names:
        yield Text(text="\n".join(names), kind="names")
    if found.more:
        yield Fault(code="too_large", detail=f"more than {limits.max_members} members")
    if found.cut or found.volume:
        yield Fault(code="volume_missing") if found.volume else Fault(code="truncated", detail="headers end early")


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the member of a locator, "place of its header, name"."""
    place = int(locator.partition(" ")[0])
    return _member(untrusted, listing(untrusted, 1, place).entries[0], limits)


def _is_readable(entry: Entry) -> bool:
    return not (entry.folder or entry.locked or entry.split) and entry.size != 0


def _tool_lacking(untrusted: Readable, limits: Limits) -> Fault | None:
    """Say what stands in the way of every program; None where one of them made something of the archive."""
    refused: list[Fault] = []
    for tool in _TOOLS:
        try:
            unpack(tool, untrusted, limits)
        except ContentError as error:
            refused.append(Fault(code=error.code, detail=error.detail))
        else:
            return None
    # A program that is there and fails says more than one that is missing.
    return next((fault for fault in refused if fault.code != "needs_tool"), Fault(code="needs_tool", detail="bsdtar"))


def _missing(untrusted: Readable, limits: Limits) -> str:
    """Return the name of a program that is not there; "" where all are."""
    for tool in _TOOLS:
        try:
            unpack(tool, untrusted, limits)
        except ContentError as error:
            if error.code == "needs_tool":
                return tool
    return ""


def _member(untrusted: Readable, entry: Entry, limits: Limits) -> Inner:
    folder, _, last = entry.name.rpartition("/")
    return Inner(
        locator=f"{entry.place} {entry.name}",
        kind="member",
        name=last,
        folder=folder,
        size=entry.size,
        chunks=_chunks(untrusted, entry, limits),
    )


def _chunks(untrusted: Readable, entry: Entry, limits: Limits) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        if entry.locked:
            raise ContentError("unsupported_encryption", "member of a rar")
        if entry.size == 0:
            return
        if entry.split:
            raise ContentError("volume_missing", "goes on in another volume")
        found = _found(untrusted, entry, limits)
        if found is None:
            # The first program stops at what it cannot read; the second may be the one that is not there.
            lacking = _missing(untrusted, limits)
            raise ContentError(*(("needs_tool", lacking) if lacking else ("corrupt", "member of a rar")))
        unpacked, file, is_whole = found
        yield from unpacked.chunks(file)
        if not is_whole:
            raise ContentError("corrupt", "checksum of a member of a rar")

    return read


def _found(untrusted: Readable, entry: Entry, limits: Limits) -> tuple[Unpacked, File, bool] | None:
    """Return the file that is a member, and whether its checksum is right: if any, one where it is."""
    damaged = None
    for tool in _TOOLS:
        try:
            unpacked = unpack(tool, untrusted, limits)
        except ContentError:
            continue
        if entry.crc is not None and entry.size is not None:
            if (file := unpacked.by_sum.get((entry.size, entry.crc))) is not None:
                return unpacked, file, True
        elif (file := unpacked.by_name.get(entry.name)) is not None:
            return unpacked, file, True
        if damaged is None and (file := unpacked.by_name.get(entry.name)) is not None:
            damaged = unpacked, file, False
    return damaged


PARSER = Parser(
    name="rar",
    version=2,
    media_types=("application/vnd.rar",),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
)
