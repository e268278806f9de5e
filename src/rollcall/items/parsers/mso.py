"""Embedded objects of a mail written with Word (oledata.mso): a packed compound file, a storage for each."""

import functools
import zlib
from collections.abc import Iterator

from rollcall.items.parser import Fault, Inner, Limits, Parser, Yield
from rollcall.items.readable import Readable

_MAGIC = b"ActiveMime\0\0"
_STARTS = 50  # of the packed data in a file that is named at its start; in others it stands behind its length
_COMPOUND = b"\xd0\xcf\x11\xe0"


def looks_like(untrusted: Readable) -> bool:
    """Decide by the name at the start, else by what comes out behind a length."""
    head = untrusted.read_at(0, 256)
    if head.startswith(_MAGIC):
        return True
    if head[4:5] != b"\x78":
        return False
    try:
        return zlib.decompressobj().decompress(head[4:], len(_COMPOUND)) == _COMPOUND
    except zlib.error:
        return False


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the compound file."""
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    data = untrusted.read_at(0, untrusted.size)
    unpacker = zlib.decompressobj()
    most = min(limits.max_bytes, limits.most_from(len(data)))
    try:
        content = unpacker.decompress(data[_STARTS if data.startswith(_MAGIC) else 4 :], most)
    except zlib.error:
        yield Fault(code="corrupt", detail="packed objects")
        return
    yield Inner(locator="content", kind="member", size=len(content), chunks=functools.partial(iter, (content,)))
    if unpacker.unconsumed_tail:
        yield Fault(code="bomb", detail="packed objects")
    elif not unpacker.eof:
        yield Fault(code="truncated", detail="packed objects")


PARSER = Parser(name="mso", version=1, media_types=("application/x-mso",), looks_like=looks_like, parse=parse)
