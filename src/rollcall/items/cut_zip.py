"""A zip that ends early, without the directory at its end: made anew of the members that stand before the cut.

The last member gives as much as is there of it. What members say of their lengths is believed only where it fits.
"""

import io
import struct
import zipfile
import zlib

from rollcall.items.readable import Readable

_LOCAL = struct.Struct("<4s5H3L2H")
_MOST = 256 << 20  # bytes of all members together, unpacked
_STEP = 1 << 16
_DESCRIBED = 8  # flag: lengths stand behind the member


def mended(untrusted: Readable, most: int) -> io.BytesIO | None:
    """Return a zip of what stands before the cut, None where no member does; at most so many bytes are unpacked."""
    out = io.BytesIO()
    left = min(_MOST, most)
    offset = count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while (head := untrusted.read_at(offset, _LOCAL.size)).startswith(b"PK\x03\x04") and len(head) == _LOCAL.size:
            _, _, flags, method, _, _, _, packed, _, name_length, extra = _LOCAL.unpack(head)
            name = untrusted.read_at(offset + _LOCAL.size, name_length).decode("utf-8", "replace")
            offset += _LOCAL.size + name_length + extra
            if method == zipfile.ZIP_DEFLATED and not flags & 1:
                content, used = _inflated(untrusted, offset, left)
                offset += used
            elif method == zipfile.ZIP_STORED and not flags & (1 | _DESCRIBED):
                content = untrusted.read_at(offset, min(packed, left))
                offset += packed
            else:
                break
            left -= len(content)
            if name and not name.endswith("/"):
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
                count += 1
            if left <= 0 or count > 10_000:
                break
            if flags & _DESCRIBED:
                offset += 16 if untrusted.read_at(offset, 4) == b"PK\x07\x08" else 12
    return out if count else None


def _inflated(untrusted: Readable, offset: int, most: int) -> tuple[bytes, int]:
    """Return a member unpacked, as much as is there, and how many packed bytes that were."""
    unpack = zlib.decompressobj(-15)
    found = bytearray()
    used = 0
    while not unpack.eof and len(found) < most and (data := untrusted.read_at(offset + used, _STEP)):
        try:
            found += unpack.decompress(data, most - len(found))
        except zlib.error:
            return bytes(found), used
        used += len(data) - len(unpack.unused_data) - len(unpack.unconsumed_tail)
    return bytes(found), used
