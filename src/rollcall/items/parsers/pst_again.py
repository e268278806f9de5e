"""A store counted again by readpst, a program of the system: where it gives more items than were found, they are read.

Mails it writes have the same content as from the store itself, so those that were read are not read twice. Without the
program nothing is said: two readers of our own have been over the store.
"""

from collections.abc import Iterator

from rollcall.items.parser import ContentError, Fault, Inner, Limits, Yield
from rollcall.items.readable import Readable
from rollcall.items.unpacked import File, Unpacked, unpack

PREFIX = "readpst"  # of locators
_TOOL = "readpst"
_LARGEST = 128 << 20  # bytes of a store; what it writes is held in memory
_ITEMS = (".eml", ".vcf", ".ics")


def more(untrusted: Readable, found: int, limits: Limits) -> Iterator[Yield]:
    """Yield all that readpst gives of a store where that is more than was found, and what was missing."""
    if untrusted.size > _LARGEST:
        return
    try:
        unpacked = unpack(_TOOL, untrusted, limits)
    except ContentError:
        return
    files = [file for file in unpacked.files if file.name.endswith(_ITEMS)]
    if len(files) <= found:
        return
    yield Fault(code="partial", detail=f"{found} items were found, {_TOOL} gives {len(files)}; all of them are read")
    for file in files:
        yield _inner(unpacked, file)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return what readpst wrote under a name."""
    unpacked = unpack(_TOOL, untrusted, limits)
    return _inner(unpacked, unpacked.by_name[locator.removeprefix(f"{PREFIX}/")])


def _inner(unpacked: Unpacked, file: File) -> Inner:
    return Inner(
        locator=f"{PREFIX}/{file.name}",
        kind="message" if file.name.endswith(".eml") else "file",
        folder=file.name.rpartition("/")[0],
        size=file.size,
        chunks=lambda: unpacked.chunks(file),
    )
