"""What a program of the system unpacked of an archive: files with their names, in memory while the archive is open.

Programs write one tar for all there is, as far as they come; where they end badly, what they wrote before counts.
"""

import functools
import tarfile
import weakref
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from rollcall.items import tools
from rollcall.items.headers import safe
from rollcall.items.parser import ContentError, Fault, Limits
from rollcall.items.readable import MemoryReadable, Readable, Slice, chunks_of


class File(NamedTuple):
    """A file that came out, and the range of the tar where its bytes stand."""

    name: str
    start: int
    size: int


class Unpacked:
    """All that came out of an archive."""

    def __init__(self, tar: MemoryReadable, faults: list[Fault], most: int) -> None:
        self._tar = tar
        self.files: list[File] = []
        self.others: list[str] = []  # names of folders and links, and what links lead to
        self.faults = faults  # what went wrong; only some of what there is may have come out
        for number, entry in enumerate(_entries(tar, faults)):
            if number >= most:
                faults.append(Fault(code="too_large", detail=f"more than {most} members"))
                break
            # Of files in a folder the names begin with it: "./".
            name = safe(entry.name.removeprefix("./"))
            if entry.isreg():
                self.files.append(File(name, entry.offset_data, entry.size))
            elif name != ".":
                self.others += [name, safe(entry.linkname)] if entry.linkname else [name]

    @functools.cached_property
    def by_name(self) -> dict[str, File]:
        """The files by their names; the first of those with the same."""
        return {file.name: file for file in reversed(self.files)}

    @functools.cached_property
    def by_sum(self) -> dict[tuple[int, int], File]:
        """The files by size and CRC-32."""
        return {(file.size, self._sum(file)): file for file in self.files}

    def _sum(self, file: File) -> int:
        value = 0
        for chunk in chunks_of(self.content(file)):
            value = zlib.crc32(chunk, value)
        return value

    def content(self, file: File) -> Slice:
        """Return the bytes of a file; fewer than its size where the program broke off."""
        return Slice(self._tar, file.start, file.size)

    def chunks(self, file: File) -> Iterator[bytes]:
        """Yield the bytes of a file; ContentError where not all came out."""
        content = self.content(file)
        yield from chunks_of(content)
        if content.size < file.size:
            raise ContentError("truncated", "member of an archive")


def unpack(tool: str, untrusted: Readable, limits: Limits) -> Unpacked:
    """Return what a program makes of an archive, made once while it is open; ContentError where it makes nothing."""
    kept = _kept.setdefault(untrusted, {})
    if tool not in kept:
        try:
            kept[tool] = _unpack(tool, untrusted, limits)
        except ContentError as error:
            kept[tool] = error
    found = kept[tool]
    if isinstance(found, ContentError):
        raise ContentError(found.code, found.detail)
    return found


def _unpack(tool: str, untrusted: Readable, limits: Limits) -> Unpacked:
    if untrusted.size > limits.max_bytes:
        raise ContentError("too_large", f"{untrusted.size} bytes; {tool} is given {limits.max_bytes} at most")
    pieces: list[bytes] = []
    faults: list[Fault] = []
    try:
        pieces += tools.run(tool, untrusted)
    except ContentError as error:
        if not pieces:
            raise
        faults.append(Fault(code=error.code, detail=error.detail))
    return Unpacked(MemoryReadable(b"".join(pieces)), faults, limits.max_members)


def _entries(tar: Readable, faults: list[Fault]) -> Iterator[tarfile.TarInfo]:
    try:
        with tarfile.open(fileobj=tar.stream(), mode="r:") as archive:
            while (entry := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # or all of them are kept
                yield entry
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        if not faults:
            faults.append(Fault(code="truncated", detail=f"unpacked: {type(error).__name__}"))


_kept: "weakref.WeakKeyDictionary[Readable, dict[str, Unpacked | ContentError]]" = weakref.WeakKeyDictionary()
