"""Write TNEF (winmail.dat): what `parsers/tnef.py` reads, made from properties (MS-OXTNEF)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from tests.items.outlook import encoded

MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
Name = tuple[bytes, int | str]


def tnef(
    properties: Mapping[int, Any],
    recipients: Sequence[Mapping[int, Any]] = (),
    attached: Sequence[Mapping[int, Any]] = (),
    *,
    names: Mapping[int, Name] | None = None,
    old: Sequence[tuple[int, int, bytes]] = (),
    codepage: int = 1252,
) -> bytes:
    """A message; `old` are attributes as they stand: (level, number, value)."""
    names = names or {}
    out = b"\x78\x9f\x3e\x22\1\0" + attribute(1, 0x9007, struct.pack("<II", codepage, 0))
    out += b"".join(attribute(*one) for one in old if one[0] == 1)
    if properties:
        out += attribute(1, 0x9003, _row(properties, names))
    if recipients:
        rows = b"".join(_row(one, names) for one in recipients)
        out += attribute(1, 0x9004, struct.pack("<I", len(recipients)) + rows)
    for one in attached:
        out += attribute(2, 0x9002, bytes(14)) + attribute(2, 0x9005, _row(one, names))
    return out + b"".join(attribute(*one) for one in old if one[0] == 2)


def attribute(level: int, number: int, value: bytes) -> bytes:
    """One attribute with its sum."""
    return struct.pack("<BHHI", level, number, 6, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def _row(properties: Mapping[int, Any], names: Mapping[int, Name]) -> bytes:
    out = struct.pack("<I", len(properties))
    for tag, value in properties.items():
        several = isinstance(value, list)
        kind = encoded(value[0])[0] | 0x1000 if several else encoded(value)[0]
        out += struct.pack("<HH", kind, tag)
        if tag >= 0x8000:
            out += _name(names[tag])
        items = [encoded(one)[1] for one in (value if several else [value])]
        if kind & 0xFFF in (0x1E, 0x1F, 0x102, 0xD):
            out += struct.pack("<I", len(items))
            out += b"".join(struct.pack("<I", len(item)) + item + bytes(-len(item) % 4) for item in items)
        else:
            out += b"".join(item.ljust(4, b"\0") for item in items)
    return out


def _name(name: Name) -> bytes:
    guid, called = name
    if isinstance(called, int):
        return guid + struct.pack("<II", 0, called)
    text = called.encode("utf-16-le") + b"\0\0"
    return guid + struct.pack("<II", 1, len(text)) + text + bytes(-len(text) % 4)
