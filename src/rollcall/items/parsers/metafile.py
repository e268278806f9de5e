"""Windows metafiles (EMF, EMF+, WMF): the words drawn in them, and the bitmaps they hold (MS-EMF, MS-EMFPLUS, MS-WMF).

They are the pictures old Office shows of what is embedded, and how charts and drawings are pasted. Words drawn as lines
of their letters are not found; a bitmap is given out as a picture of its own.
"""

import functools
import struct
from collections.abc import Iterator

from rollcall.items import charsets
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

_PLACEABLE = b"\xd7\xcd\xc6\x9a"
_COMMENT, _TEXT_A, _TEXT_W, _POLY_A, _POLY_W, _SMALL = 70, 83, 84, 96, 97, 108
# Records of EMF with a bitmap: where the offsets and sizes of its header and its bits stand.
_BITMAPS = {76: 84, 77: 84, 78: 84, 79: 84, 80: 48, 81: 48}
_PLUS, _DRAW_STRING = b"EMF+", 0x401C
_W_TEXT, _W_EXTENDED, _W_BITMAPS = 0x0521, 0x0A32, {0x0940: 16, 0x0B41: 20, 0x0F43: 22}
_LEAST = 32  # pixels a picture of words is wide and high at the least


def looks_like(untrusted: Readable) -> bool:
    """Decide by the first record."""
    head = untrusted.read_at(0, 44)
    return (len(head) == 44 and head[:4] == b"\1\0\0\0" and head[40:44] == b" EMF") or _is_wmf(head)


def _is_wmf(head: bytes) -> bool:
    head = head[22:] if head.startswith(_PLACEABLE) else head
    return len(head) >= 18 and head[:4] in (b"\1\0\x09\0", b"\2\0\x09\0") and head[4:6] in (b"\0\1", b"\0\3")


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the words in the order they are drawn, then bitmaps."""
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    data = untrusted.read_at(0, untrusted.size)
    words: list[str] = []
    pictures: list[bytes] = []
    whole = _enhanced(data, words, pictures) if data[40:44] == b" EMF" else _windows(data, words, pictures)
    if text := "\n".join(line for word in words if (line := word.replace("\0", "").rstrip()).strip()):
        yield Text(text=text[: limits.max_text])
    for number, picture in enumerate(dict.fromkeys(pictures)):
        yield Inner(
            locator=f"bitmap:{number}", kind="inline", size=len(picture), chunks=functools.partial(iter, (picture,))
        )
    if not whole:
        yield Fault(code="truncated", detail="metafile")


def _enhanced(data: bytes, words: list[str], pictures: list[bytes]) -> bool:
    """Add the words and bitmaps of an EMF; decide whether it ends as it should."""
    at = 0
    before: tuple[int, ...] = ()
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if kind == 14:
            return True
        if size < 8 or at + size > len(data):
            return False
        record = data[at : at + size]
        try:
            if kind in (_TEXT_A, _TEXT_W):
                place = struct.unpack_from("<iiii16xi", record, 8)
                _continue(words, _drawn(record, 36, wide=kind == _TEXT_W), before, place)
                before = place
            elif kind in (_POLY_A, _POLY_W):
                (count,) = struct.unpack_from("<I", record, 36)
                words += (_drawn(record, 40 + 40 * n, wide=kind == _POLY_W) for n in range(min(count, size // 40)))
            elif kind == _SMALL:
                count, options = struct.unpack_from("<II", record, 16)
                start = 36 if options & 0x100 else 52
                narrow = bool(options & 0x200)
                words.append(_decoded(record[start : start + count * (1 if narrow else 2)], wide=not narrow))
            elif kind in _BITMAPS:
                header, header_size, bits, bits_size = struct.unpack_from("<4I", record, _BITMAPS[kind])
                _keep(record[header : header + header_size], record[bits : bits + bits_size], pictures)
            elif kind == _COMMENT and record[12:16] == _PLUS:
                _plus(record[16:], words)
        except struct.error:
            return False
        at += size
    return False


def _continue(words: list[str], text: str, before: tuple[int, ...], place: tuple[int, ...]) -> None:
    """Add text to the line in hand or begin another; letters drawn one by one are words again.

    Places are the box around what was drawn and, last, the line it stands on.
    """
    if not words or not before or before[4] != place[4] or place[0] > place[2] or before[0] > before[2]:
        words.append(text)
        return
    height, gap = place[3] - place[1] + 1, place[0] - before[2]
    words[-1] += ("" if gap * 4 <= height else " " if gap <= height else "\t") + text


def _drawn(record: bytes, at: int, *, wide: bool) -> str:
    count, offset = struct.unpack_from("<8xII", record, at)
    return _decoded(record[offset : offset + count * (2 if wide else 1)], wide=wide)


def _decoded(data: bytes, *, wide: bool) -> str:
    return data.decode("utf-16-le", "replace") if wide else charsets.decode(data)[0]


def _plus(data: bytes, words: list[str]) -> None:
    """Add the words of EMF+ records, which repeat nothing where the file has no records of the older form."""
    at = 0
    while at + 12 <= len(data):
        kind, size, length = struct.unpack_from("<H2xII", data, at)
        if size < 12:
            return
        if kind == _DRAW_STRING and at + 40 <= len(data):
            (count,) = struct.unpack_from("<I", data, at + 20)
            told = _decoded(data[at + 40 : at + 40 + 2 * min(count, length)], wide=True)
            words += [told] if told not in words[-8:] else []
        at += size


def _windows(data: bytes, words: list[str], pictures: list[bytes]) -> bool:
    """Add the words and bitmaps of a WMF; decide whether it ends as it should."""
    at = (22 if data.startswith(_PLACEABLE) else 0) + 18
    while at + 6 <= len(data):
        size, kind = struct.unpack_from("<IH", data, at)
        if kind == 0:
            return True
        if size < 3:
            return False
        record = data[at + 6 : at + 2 * size]
        if kind == _W_TEXT and len(record) >= 2:
            (count,) = struct.unpack_from("<H", record)
            words.append(_decoded(record[2 : 2 + count], wide=False))
        elif kind == _W_EXTENDED and len(record) >= 8:
            count, options = struct.unpack_from("<4xHH", record)
            start = 16 if options & 6 else 8
            words.append(_decoded(record[start : start + count], wide=False))
        elif kind in _W_BITMAPS:
            content = record[_W_BITMAPS[kind] :]
            if len(content) >= 40:
                header = _header_size(content)
                _keep(content[:header], content[header:], pictures)
        at += 2 * size
    return False


def _header_size(bitmap: bytes) -> int:
    size, bits, used = struct.unpack_from("<I10xH16xI", bitmap)
    return int(size + 4 * min(used or (1 << bits if bits <= 8 else 0), 256))


def _keep(header: bytes, bits: bytes, pictures: list[bytes]) -> None:
    if len(header) < 40 or not bits:
        return
    width, height = struct.unpack_from("<ii", header, 4)
    if width >= _LEAST and abs(height) >= _LEAST:
        offset = 14 + len(header)
        pictures.append(b"BM" + struct.pack("<IHHI", offset + len(bits), 0, 0, offset) + header + bits)


PARSER = Parser(name="metafile", version=1, media_types=("image/emf", "image/wmf"), looks_like=looks_like, parse=parse)
