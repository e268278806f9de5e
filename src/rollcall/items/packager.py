"""Files as the Object Packager of Windows wraps them when they are put into a document (MS-OLEDS 2.3.6, 2.2)."""

import struct

from rollcall.items import charsets

_FILE = 2  # what follows are names and the content of a file


def packaged(data: bytes) -> tuple[str, bytes] | None:
    """Return (name, content) of a wrapped file; None where the data is no such wrapping.

    `data` begins behind the length that stands first in an Ole10Native stream.
    """
    if len(data) < 8 or struct.unpack_from("<H", data)[0] != _FILE:
        return None
    label_end = data.find(b"\0", 2, 2 + 1024)
    path_end = data.find(b"\0", label_end + 1, label_end + 1026)
    if label_end < 0 or path_end < 0 or len(data) < path_end + 9:
        return None
    at = path_end + 5  # behind what kind of package it is
    (length,) = struct.unpack_from("<I", data, at)
    at += 4 + length
    if length > 4096 or len(data) < at + 4:
        return None
    (size,) = struct.unpack_from("<I", data, at)
    name = data[2:label_end] or data[label_end + 1 : path_end].replace(b"/", b"\\").rpartition(b"\\")[2]
    return charsets.decode(name)[0], data[at + 4 : at + 4 + size]


def embedded(data: bytes) -> tuple[str, bytes]:
    """Return (class, content) of an object written as OLE 1 does, as RTF keeps it; ("", data) where it is none."""
    try:
        version, kind, length = struct.unpack_from("<III", data)
        if version & 0xFFFF0000 > 0xFFFF0000 or kind != 2 or not 0 < length < 256:
            return "", data
        at, name = 12 + length, data[12 : 12 + length].rstrip(b"\0").decode("cp1252", "replace")
        for _ in range(2):  # the file it came from and the place in it
            (length,) = struct.unpack_from("<I", data, at)
            at += 4 + length
        (size,) = struct.unpack_from("<I", data, at)
    except struct.error:
        return "", data
    return name, data[at + 4 : at + 4 + size]
