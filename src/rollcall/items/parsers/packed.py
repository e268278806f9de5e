"""One content packed by itself: gzip, bzip2, xz and lzma, Zstandard. Its child is the content unpacked.

Several streams one after another are one content, as the programs that write them mean it. A tar inside is opened in
the next round, from the content unpacked once.
"""

import bz2
import importlib
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from rollcall.items.headers import decode_bytes, one_line, safe
from rollcall.items.parser import ContentError, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

_STEP = 1 << 16
_NAME, _COMMENT, _EXTRA = 8, 16, 4  # flags of a gzip header (RFC 1952)
_MAGIC = 8  # bytes that tell a kind
_LOCATOR = "content"


def _gzip() -> Any:
    return zlib.decompressobj(31)


def _xz() -> Any:
    return lzma.LZMADecompressor()


def _zstd() -> Any:
    return _library().ZstdDecompressor()


def _library() -> Any:
    """Return the library of Zstandard: Python's own from 3.14 on."""
    return importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


_KINDS: tuple[tuple[bytes, Callable[[], Any]], ...] = (
    (b"\x1f\x8b\x08", _gzip),
    (b"BZh", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\0", _xz),
    (b"]\0\0", _xz),
    (b"\x28\xb5\x2f\xfd", _zstd),
)


def looks_like(untrusted: Readable) -> bool:
    """Say whether a stream of one of the kinds stands at the start: its first bytes must unpack."""
    maker = _maker_of(untrusted.read_at(0, _MAGIC))
    if maker is None:
        return False
    try:
        maker().decompress(untrusted.read_at(0, 1 << 12))
    except _broken():
        return False
    return True


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the content unpacked, under the name the header tells; then the header's remark."""
    name, comment = _told(untrusted)
    yield Inner(locator=_LOCATOR, kind="member", name=name, chunks=_chunks(untrusted, limits))
    if comment:
        yield Text(text=comment, kind="note", label="comment")


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the content unpacked."""
    return Inner(locator=_LOCATOR, kind="member", name=_told(untrusted)[0], chunks=_chunks(untrusted, limits))


def _maker_of(head: bytes) -> Callable[[], Any] | None:
    return next((maker for magic, maker in _KINDS if head.startswith(magic)), None)


def _broken() -> tuple[type[Exception], ...]:
    return (zlib.error, lzma.LZMAError, _library().ZstdError, OSError, EOFError, ValueError)


def _told(untrusted: Readable) -> tuple[str, str]:
    """Return (name, comment) of a gzip header."""
    head = untrusted.read_at(0, 1 << 14)
    if not head.startswith(b"\x1f\x8b\x08"):
        return "", ""
    flags, at = head[3], 10
    if flags & _EXTRA:
        at += 2 + int.from_bytes(head[at : at + 2], "little")
    told = []
    for flag in (_NAME, _COMMENT):
        end = head.find(b"\0", at) if flags & flag else -1
        told.append(one_line(safe(decode_bytes(head[at:end], None)[0])) if end >= 0 else "")
        at = end + 1 if end >= 0 else at
    return told[0].rpartition("/")[2], told[1]


def _chunks(untrusted: Readable, limits: Limits) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        maker = _maker_of(untrusted.read_at(0, _MAGIC))
        if maker is None:
            raise ContentError("corrupt", "no stream here")
        total = 0
        try:
            for chunk in _streams(untrusted, maker):
                total += len(chunk)
                if total > limits.most_from(untrusted.size):
                    raise ContentError("bomb", f"grows more than {limits.max_ratio} times")
                yield chunk
        except _broken() as error:
            raise ContentError("corrupt", type(error).__name__) from None

    return read


def _streams(untrusted: Readable, maker: Callable[[], Any]) -> Iterator[bytes]:
    """Yield what comes out of all streams; bytes behind the last that are no stream are padding."""
    unpacking, offset, held = maker(), 0, b""
    while True:
        if not held:
            held = untrusted.read_at(offset, _STEP)
            offset += len(held)
            if not held:
                break
        if unpacking.eof:
            held = held.lstrip(b"\0")
            if len(held) < _MAGIC:
                more = untrusted.read_at(offset, _MAGIC)
                offset += len(more)
                held += more
            if _maker_of(held) is not maker:
                return
            unpacking = maker()
        yield _piece(unpacking, held)
        while not unpacking.eof and (piece := _piece(unpacking, b"")):
            yield piece
        held = unpacking.unused_data if unpacking.eof else b""
    if not unpacking.eof:
        raise ContentError("truncated", "packed stream")


def _piece(unpacking: Any, data: bytes) -> bytes:
    """Return at most a step of what comes out, so that a bomb is seen while it is small."""
    if hasattr(unpacking, "unconsumed_tail"):  # zlib keeps what it has not looked at; the others do so themselves
        return bytes(unpacking.decompress(unpacking.unconsumed_tail + data, _STEP * 16))
    if data or not unpacking.needs_input:
        return bytes(unpacking.decompress(data, _STEP * 16))
    return b""


PARSER = Parser(
    name="packed",
    version=1,
    media_types=("application/gzip", "application/x-bzip2", "application/x-xz", "application/zstd"),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
)
