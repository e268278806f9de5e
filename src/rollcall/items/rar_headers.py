"""The headers of RAR archives: names, sizes and checksums of the members, in clear where they are not locked.

Written from "RAR 5.0 archive format" (rarlab.com/technote.htm) and the note on versions 1.5 to 4 that unrar comes with.
What is packed cannot be read from them; a program of the system does that.
"""

import struct
from collections.abc import Iterator

import msgspec

from rollcall.items.headers import decode_bytes, safe
from rollcall.items.readable import Readable

OLD, NEW = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\x01\0"
_MOST = 1 << 17  # bytes of one header that are looked at; names are at most 64 KiB
_OLD_FILE = struct.Struct("<IIBIIBBHI")
_UNKNOWN_SIZE = (1 << 64) - 1


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One member as its header tells it."""

    place: int  # of its header
    name: str
    size: int | None  # None where the header does not say
    crc: int | None
    folder: bool
    locked: bool
    split: bool  # begun in the volume before or goes on in the next one


class Listing(msgspec.Struct, kw_only=True):
    """All members, and what is wrong."""

    entries: list[Entry]
    locked: bool = False  # the headers themselves
    cut: bool = False  # they end before the archive says so
    more: bool = False  # members than were asked for
    volume: bool = False  # one of several


class _Broken(Exception):
    """The headers end or make no sense."""


def listing(untrusted: Readable, most: int, place: int = 0) -> Listing:
    """Return the members of an archive, at most so many, from the header at a place on."""
    found = Listing(entries=[])
    is_new = untrusted.read_at(0, len(NEW)) == NEW
    walk = _new(untrusted, found, place or len(NEW)) if is_new else _old(untrusted, found, place or len(OLD))
    try:
        for entry in walk:
            if len(found.entries) >= most:
                found.more = True
                break
            found.entries.append(entry)
    except (_Broken, struct.error, IndexError):
        found.cut = True
    return found


def _old(untrusted: Readable, found: Listing, place: int) -> Iterator[Entry]:
    while place < untrusted.size:
        head = untrusted.read_at(place, 7)
        _, kind, flags, size = struct.unpack("<HBHH", head)
        if size < 7:
            raise _Broken
        body = untrusted.read_at(place + 7, size - 7)
        if len(body) < size - 7:
            raise _Broken
        at, place = place, place + size + (int.from_bytes(body[:4], "little") if flags & 0x8000 else 0)
        if kind == 0x73:
            found.volume = bool(flags & 1)
            if flags & 0x80:
                found.locked = True
                return
        elif kind == 0x74:
            entry, more = _old_file(at, body, flags)
            place += more
            yield entry
            if place > untrusted.size:
                raise _Broken
        elif kind == 0x7B:
            return


def _old_file(place: int, body: bytes, flags: int) -> tuple[Entry, int]:
    """Return a member, and by how much its packed bytes are beyond 32 bits."""
    _, size, _, crc, _, _, _, name_length, _ = _OLD_FILE.unpack_from(body)
    at, more = _OLD_FILE.size, 0
    if flags & 0x100:
        more, high = struct.unpack_from("<II", body, at)
        more, size, at = more << 32, size | high << 32, at + 8
    raw = body[at : at + name_length]
    entry = Entry(
        place=place,
        name=_slashed(_old_name(raw, bool(flags & 0x200))),
        size=None if size in (0xFFFFFFFF, _UNKNOWN_SIZE) else size,
        crc=crc,
        folder=flags & 0xE0 == 0xE0,
        locked=bool(flags & 4),
        split=bool(flags & 3),
    )
    return entry, more


def _old_name(raw: bytes, wide: bool) -> str:
    plain, zero, packed = raw.partition(b"\0")
    if not wide or not zero:
        return decode_bytes(plain, "utf-8" if wide else None)[0]
    return _wide_name(plain, packed)


def _wide_name(plain: bytes, packed: bytes) -> str:
    """Return a name in UTF-16, of which only what differs from the plain one is kept; two bits tell how."""
    high, at = packed[0] << 8, 1
    units: list[int] = []
    flags = left = 0
    while at < len(packed):
        if not left:
            flags, left, at = packed[at], 8, at + 1
            if at >= len(packed):
                break
        left -= 2
        form, first, at = flags >> left & 3, packed[at], at + 1
        if form == 0:
            units.append(first)
        elif form == 1:
            units.append(high | first)
        elif form == 2:
            units.append(first | packed[at] << 8)
            at += 1
        else:
            shift, above = 0, 0
            if first & 0x80:
                shift, above, at = packed[at], high, at + 1
            letters = plain[len(units) : len(units) + (first & 0x7F) + 2]
            units += [above | (letter + shift & 0xFF) for letter in letters]
    return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "replace")


def _new(untrusted: Readable, found: Listing, place: int) -> Iterator[Entry]:
    while place < untrusted.size:
        start = untrusted.read_at(place, 7)
        size, at = _number(start, 4)
        begin = place + at
        if not 0 < size <= 1 << 21:
            raise _Broken
        body = untrusted.read_at(begin, min(size, _MOST))
        if begin + size > untrusted.size:
            raise _Broken
        kind, at = _number(body, 0)
        flags, at = _number(body, at)
        extra, at = _number(body, at) if flags & 1 else (0, at)
        data, at = _number(body, at) if flags & 2 else (0, at)
        header, place = place, begin + size + data
        if kind == 1:
            found.volume = bool(_number(body, at)[0] & 1)
        elif kind == 2:
            yield _new_file(header, body, at, flags, body[max(0, size - extra) :] if extra else b"")
            if place > untrusted.size:
                raise _Broken
        elif kind == 4:
            found.locked = True
            return
        elif kind == 5:
            return


def _new_file(place: int, body: bytes, at: int, flags: int, extra: bytes) -> Entry:
    told, at = _number(body, at)
    size, at = _number(body, at)
    _, at = _number(body, at)
    at += 4 if told & 2 else 0
    crc = struct.unpack_from("<I", body, at)[0] if told & 4 else None
    at += 4 if told & 4 else 0
    _, at = _number(body, at)
    _, at = _number(body, at)
    length, at = _number(body, at)
    return Entry(
        place=place,
        name=_slashed(body[at : at + length].decode("utf-8", "replace")),
        size=None if told & 8 else size,
        crc=crc,
        folder=bool(told & 1),
        locked=any(kind == 1 for kind in _extras(extra)),
        split=bool(flags & 0x18),
    )


def _extras(extra: bytes) -> Iterator[int]:
    at = 0
    while at < len(extra):
        size, at = _number(extra, at)
        if not size:
            raise _Broken
        yield _number(extra, at)[0]
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, the lowest first, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise _Broken


def _slashed(name: str) -> str:
    return safe(name.replace("\\", "/"))
