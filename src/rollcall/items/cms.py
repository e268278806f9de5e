"""Signed, compressed and encrypted envelopes (CMS, RFC 5652): which of them bytes are, and what the open ones hold.

Only the way to the content is walked. Signatures are not checked: what was sent is read whoever signed it. Mail
programs write lengths that are known only at the end (BER), and cut the content into pieces; both are taken.
"""

import base64
import binascii
import re
import zlib

_OID, _OCTETS, _SEQUENCE, _EXPLICIT = 0x06, 0x04, 0x30, 0xA0
_CONSTRUCTED = 0x20
_PKCS7 = bytes.fromhex("2a864886f70d0107")
_KINDS = {
    _PKCS7 + b"\x02": "signed",
    _PKCS7 + b"\x03": "encrypted",
    _PKCS7 + b"\x04": "encrypted",  # signed and enveloped
    _PKCS7 + b"\x06": "encrypted",
    bytes.fromhex("2a864886f70d0109100109"): "compressed",
    bytes.fromhex("2a864886f70d0109100117"): "encrypted",
}
_ARMOUR = re.compile(rb"\A\s*-----BEGIN (?:PKCS7|CMS)-----\s*([A-Za-z0-9+/=\s]+)")
_BASE64 = re.compile(rb"\A\s*(MI[A-Za-z0-9+/=\s]{60,})\Z")
_HEAD = 256
_DEEPEST = 32
_MOST_PIECES = 1 << 20

Element = tuple[int, int, int, int]  # tag, where the content begins and ends, where the next element begins


def kind_of(head: bytes) -> str:
    """Return signed, compressed or encrypted; "" of what is no such envelope. The first bytes are enough."""
    head = unarmoured(head)[:_HEAD]
    try:
        tag, start, _ = _header(head, 0)
        inner, first, last = _header(head, start)
    except (IndexError, ValueError):
        return ""
    if tag != _SEQUENCE or inner != _OID or last is None:
        return ""
    return _KINDS.get(head[first:last], "")


def unarmoured(data: bytes) -> bytes:
    """Return the envelope itself where it is written as text."""
    match = _ARMOUR.match(data) or (_BASE64.match(data) if data[:8].lstrip().startswith(b"MI") else None)
    if match is None:
        return data
    letters = b"".join(match[1].split())
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4])
    except binascii.Error:
        return data


def content(data: bytes, limit: int) -> bytes | None:
    """Return what a signed or compressed envelope holds, None where it is a signature alone; ValueError if damaged."""
    data = unarmoured(data)
    kind = kind_of(data)
    try:
        outer = _element(data, 0, len(data))
        wrapped = _child(data, outer, _EXPLICIT)
        body = None if wrapped is None else _child(data, wrapped, _SEQUENCE)
        held = None if body is None else _child(data, body, _SEQUENCE, last=kind == "compressed")
        if held is None:
            raise ValueError("no envelope")
        explicit = _child(data, held, _EXPLICIT)
        if explicit is None:
            return None
        octets = _octets(data, _element(data, explicit[1], explicit[2]))
    except IndexError:
        raise ValueError("ends early") from None
    if kind != "compressed":
        return octets
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(octets, limit)
    except zlib.error:
        raise ValueError("cannot be unpacked") from None
    if unpacker.unconsumed_tail:
        raise ValueError("too large")
    return unpacked


def _octets(data: bytes, element: Element) -> bytes:
    """Return the bytes of a string, its pieces joined; an element of another type is content as it stands."""
    tag, start, end, _ = element
    if tag == _OCTETS:
        return data[start:end]
    if tag != _OCTETS | _CONSTRUCTED:
        return data[start:end]
    pieces: list[bytes] = []
    pending = [(start, end, 0)]
    while pending:
        start, end, depth = pending.pop()
        if depth > _DEEPEST:
            raise ValueError("too deep")
        while start < end:
            tag, first, last, after = _element(data, start, end)
            if tag == _OCTETS | _CONSTRUCTED:
                pending += [(after, end, depth), (first, last, depth + 1)]
                break
            if tag == _OCTETS:
                pieces.append(data[first:last])
            start = after
            if len(pieces) > _MOST_PIECES:
                raise ValueError("too many pieces")
    return b"".join(pieces)


def _child(data: bytes, parent: Element, wanted: int, *, last: bool = False) -> Element | None:
    """Return the first (or last) element of a tag directly inside another."""
    position, end = parent[1], parent[2]
    found = None
    while position < end:
        element = _element(data, position, end)
        if element[0] == wanted and (found is None or last):
            found = element
            if not last:
                break
        position = element[3]
    return found


def _element(data: bytes, position: int, limit: int) -> Element:
    """Return the element at a position; one without a length ends where its closing mark is."""
    tag, start, end = _header(data, position)
    if end is not None:
        # A file that was cut has content up to its end.
        return tag, start, min(end, limit), min(end, limit)
    depth, place = 1, start
    while place < limit:
        if data[place : place + 2] == b"\0\0":
            depth -= 1
            if not depth:
                return tag, start, place, place + 2
            place += 2
            continue
        _, inner, close = _header(data, place)
        if close is None:
            depth += 1
            place = inner
        else:
            place = close
    return tag, start, limit, limit


def _header(data: bytes, position: int) -> tuple[int, int, int | None]:
    """Return the tag, where the content begins, and where it ends: None where only a mark says so."""
    tag, length = data[position], data[position + 1]
    start = position + 2
    if tag & 0x1F == 0x1F:
        raise ValueError("a tag of several bytes")
    if length < 0x80:
        return tag, start, start + length
    if length == 0x80:
        return tag, start, None
    count = length & 0x7F
    if count > 8:
        raise ValueError("a length that cannot be")
    data[start + count - 1]
    return tag, start + count, start + count + int.from_bytes(data[start : start + count], "big")
