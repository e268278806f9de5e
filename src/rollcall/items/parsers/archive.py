"""Archives that only a program of the system unpacks here: cabinets, cpio, LHA, ISO 9660, xar.

Without bsdtar and bubblewrap they end as `needs_tool`.
"""

import re
from collections.abc import Iterator

from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unpacked import File, Unpacked, unpack

_TOOL = "bsdtar"
_START = re.compile(rb"MSCF\0{4}|..-lh[0-9dsx]-|xar!\0.\0\x01|07070[12][0-9A-Fa-f]{104}|070707[0-7]{70}", re.DOTALL)
_ISO, _ISO_AT = b"CD001", (0x8001, 0x8801, 0x9001)


def looks_like(untrusted: Readable) -> bool:
    """Say whether the signature of one of the kinds stands where it must."""
    if _START.match(untrusted.read_at(0, 110)):
        return True
    return any(untrusted.read_at(place, len(_ISO)) == _ISO for place in _ISO_AT)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each file; then the names of folders and links, and what is wrong."""
    try:
        unpacked = unpack(_TOOL, untrusted, limits)
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail)
        return
    for number, file in enumerate(unpacked.files):
        yield _member(unpacked, number, file)
    if unpacked.others:
        yield Text(text="\n".join(unpacked.others), kind="names")
    if not unpacked.files and not unpacked.others and not unpacked.faults:
        yield Fault(code="corrupt", detail="nothing came out")
    yield from unpacked.faults


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the file of a locator, "index name"."""
    unpacked = unpack(_TOOL, untrusted, limits)
    number = int(locator.partition(" ")[0])
    return _member(unpacked, number, unpacked.files[number])


def _member(unpacked: Unpacked, number: int, file: File) -> Inner:
    folder, _, last = file.name.rpartition("/")
    return Inner(
        locator=f"{number} {file.name}",
        kind="member",
        name=last,
        folder=folder,
        size=file.size,
        chunks=lambda: unpacked.chunks(file),
    )


PARSER = Parser(
    name="archive",
    version=1,
    media_types=(
        "application/vnd.ms-cab-compressed",
        "application/x-iso9660-image",
        "application/x-cpio",
        "application/x-lzh-compressed",
        "application/x-xar",
    ),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
)
