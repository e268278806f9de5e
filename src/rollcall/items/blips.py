"""Pictures as OfficeArt keeps them in doc, xls and ppt files (MS-ODRAW 2.2.23), each as a file of its own kind."""

import functools
import struct
import zlib
from collections.abc import Iterator

from rollcall.items.parser import Inner

_FBSE, _FIRST, _LAST = 0xF007, 0xF01A, 0xF02A
_METAFILES = {0xF01A: "emf", 0xF01B: "wmf", 0xF01C: "pict"}
_BITMAPS = {0xF01D: "jpg", 0xF01E: "png", 0xF01F: "bmp", 0xF029: "tif", 0xF02A: "jpg"}
_OPTIONS, _LETTERED = 0xF00B, (0x00C0, 0x0381)  # what WordArt says, how a picture is described (MS-ODRAW 2.3)
_MOST = 64 << 20  # bytes a packed metafile may grow to


def pictures(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield (ending, bytes) of the pictures in a run of records; damage ends it."""
    at, end = start, len(data) if end is None else min(end, len(data))
    while at + 8 <= end:
        version, kind, length = struct.unpack_from("<HHI", data, at)
        body = at + 8
        if kind < 0xF000:
            return
        if kind == _FBSE and body + 36 <= end:
            # The picture stands behind the entry's own fields and its name, or elsewhere, with a length of 0 here.
            at = body + 36 + data[body + 33] if length > 36 + data[body + 33] else body + length
        elif version & 0xF == 0xF:
            at = body
        else:
            if _FIRST <= kind <= _LAST and (found := _picture(kind, version >> 4, data[body : body + length])):
                yield found
            at = body + length


def delayed(data: bytes) -> Iterator[int]:
    """Yield where the pictures of a drawing group stand that are kept in another stream."""
    at = 0
    while at + 8 <= len(data):
        version, kind, length = struct.unpack_from("<HHI", data, at)
        if kind < 0xF000:
            return
        if kind == _FBSE and length >= 36 and at + 44 <= len(data):
            size, _, offset = struct.unpack_from("<III", data, at + 8 + 20)
            if size and offset != 0xFFFFFFFF and length == 36 + data[at + 8 + 33]:
                yield offset
        at += 8 if version & 0xF == 0xF else 8 + length


def lettered(data: bytes, start: int, end: int, count: int) -> Iterator[str]:
    """Yield what so many properties of a shape say in letters: WordArt, and the description of a picture."""
    at = start + 6 * count
    for place in range(start, min(at, end - 5), 6):
        name, length = struct.unpack_from("<HI", data, place)
        if name & 0x8000:
            if name & 0x3FFF in _LETTERED:
                yield data[at : min(at + length, end)].decode("utf-16-le", "replace").rstrip("\0")
            at += length


def drawn(data: bytes) -> Iterator[str]:
    """Yield the same of all shapes in the drawings of a document, a byte before each of which says whose they are."""
    at = 0
    while at + 8 <= len(data):
        version, kind, length = struct.unpack_from("<HHI", data, at)
        if kind < 0xF000:
            at += 1
            continue
        body = at + 8
        if kind == _OPTIONS:
            yield from lettered(data, body, min(body + length, len(data)), version >> 4)
        at = body if version & 0xF == 0xF else body + length


def _picture(kind: int, instance: int, body: bytes) -> tuple[str, bytes] | None:
    at = 32 if instance & 1 else 16  # one or two digests stand first
    if kind in _METAFILES:
        if len(body) < at + 34:
            return None
        size, packed = struct.unpack_from("<I28xB", body, at)
        content = body[at + 34 :]
        if packed == 0:
            unpack = zlib.decompressobj()
            try:
                content = unpack.decompress(content, min(size + 1024, _MOST))
            except zlib.error:
                return None
        return _METAFILES[kind], content
    ending = _BITMAPS.get(kind)
    content = body[at + 1 :]
    if ending is None or not content:
        return None
    return ending, _with_header(content) if ending == "bmp" else content


def _with_header(content: bytes) -> bytes:
    """Return a bitmap as a file: what is kept lacks the first 14 bytes."""
    if len(content) < 40:
        return content
    header, bits, used = struct.unpack_from("<I10xH16xI", content)
    colours = used or (1 << bits if bits <= 8 else 0)
    return b"BM" + struct.pack("<IHHI", 14 + len(content), 0, 0, 14 + header + 4 * colours) + content


def inners(found: Iterator[tuple[str, bytes]]) -> Iterator[Inner]:
    """Yield each different picture once, as something inside."""
    seen: set[bytes] = set()
    for ending, content in found:
        if content not in seen:
            seen.add(content)
            number = len(seen)
            yield Inner(
                locator=f"picture:{number}",
                kind="inline",
                name=f"picture{number}.{ending}",
                size=len(content),
                chunks=functools.partial(iter, (content,)),
            )
