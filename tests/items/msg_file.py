"""Write items of Outlook as files (.msg): what `parsers/msg.py` reads, made from properties (MS-OXMSG)."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rollcall.items.compound import Path, written

UNICODE, STRING8, INTEGER, BOOLEAN, TIME, BINARY, OBJECT = 0x1F, 0x1E, 0x3, 0xB, 0x40, 0x102, 0xD


class Attached(msgspec.Struct):
    """One attachment: bytes, an item (properties), or the streams of an object of another program."""

    properties: Mapping[int, Any] = {}
    data: bytes | None = None
    item: "Item | None" = None
    streams: Mapping[Path, bytes] | None = None


class Item(msgspec.Struct):
    """A message or what Outlook keeps as one. Values: text, int, bool, bytes, a list of texts, or (type, bytes)."""

    properties: Mapping[int, Any]
    recipients: Sequence[Mapping[int, Any]] = ()
    attached: Sequence[Attached] = ()


def msg(item: Item, names: Mapping[int, str | tuple[bytes, int]] = {}) -> bytes:
    """The file of an item; `names` are the named properties: a text, or (GUID, number)."""
    streams: dict[Path, bytes] = {}
    guids, entries, strings = bytearray(), bytearray(), bytearray()
    for tag, name in names.items():
        if isinstance(name, str):
            text = name.encode("utf-16-le")
            entries += struct.pack("<IHH", len(strings), 5, tag - 0x8000)
            strings += struct.pack("<I", len(text)) + text + bytes(-len(text) % 4)
        else:
            entries += struct.pack("<IHH", name[1], (len(guids) // 16 + 3) << 1, tag - 0x8000)
            guids += name[0]
    for number, data in ((2, guids), (3, entries), (4, strings)):
        streams["__nameid_version1.0", f"__substg1.0_{number:04X}0102"] = bytes(data)
    _item(streams, (), item, 32)
    return written(streams)


def _item(streams: dict[Path, bytes], path: Path, item: Item, header: int) -> None:
    _object(streams, path, item.properties, header)
    for number, properties in enumerate(item.recipients):
        _object(streams, (*path, f"__recip_version1.0_#{number:08X}"), properties, 8)
    for number, attached in enumerate(item.attached):
        place = (*path, f"__attach_version1.0_#{number:08X}")
        method = 5 if attached.item else 6 if attached.streams else 1
        properties = {0x3705: method, **attached.properties}
        if attached.data is not None:
            properties[0x3701] = attached.data
        _object(streams, place, properties, 8)
        if attached.item is not None:
            _item(streams, (*place, "__substg1.0_3701000D"), attached.item, 24)
        for name, data in (attached.streams or {}).items():
            streams[(*place, "__substg1.0_3701000D", *name)] = data


def _object(streams: dict[Path, bytes], path: Path, properties: Mapping[int, Any], header: int) -> None:
    table = bytearray(header)
    for tag, value in properties.items():
        kind, data = _encoded(value)
        if isinstance(data, list):
            lengths = b"".join(struct.pack("<I", len(one)) for one in data)
            streams[(*path, f"__substg1.0_{tag:04X}{kind:04X}")] = lengths
            for number, one in enumerate(data):
                streams[(*path, f"__substg1.0_{tag:04X}{kind:04X}-{number:08X}")] = one
            table += struct.pack("<HHIII", kind, tag, 6, len(lengths), 0)
        elif kind in (INTEGER, BOOLEAN, TIME):
            table += struct.pack("<HHI", kind, tag, 6) + data.ljust(8, b"\0")
        else:
            streams[(*path, f"__substg1.0_{tag:04X}{kind:04X}")] = data
            table += struct.pack("<HHIII", kind, tag, 6, len(data), 0)
    streams[(*path, "__properties_version1.0")] = bytes(table)


def _encoded(value: Any) -> tuple[int, Any]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, bool):
        return BOOLEAN, struct.pack("<H", value)
    if isinstance(value, int):
        return INTEGER, struct.pack("<i", value)
    if isinstance(value, bytes):
        return BINARY, value
    if isinstance(value, list):
        return 0x1000 | (BINARY if isinstance(value[0], bytes) else UNICODE), [_encoded(one)[1] for one in value]
    return UNICODE, str(value).encode("utf-16-le")
