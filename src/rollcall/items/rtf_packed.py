"""Rich Text as Outlook packs the body of a message (MS-OXRTFCP)."""

import struct

_PRESET = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def unpack(packed: bytes, limit: int) -> bytes:
    """Return the RTF of a compressed body; one that ends early gives what stands before its end."""
    if packed.startswith(b"{\\rtf"):
        return packed[:limit]
    if len(packed) < 16:
        return b""
    size, kind = struct.unpack_from("<4xII", packed)
    size = min(size, limit)
    if kind == 0x414C454D:  # "MELA": stored
        return packed[16 : 16 + size]
    if kind != 0x75465A4C:  # "LZFu"
        return b""
    # Positions in the 4,096-byte dictionary are those of the output behind the preset text, so no ring is needed.
    output, preset = bytearray(_PRESET), len(_PRESET)
    position, end = 16, len(packed)
    while position < end and len(output) < size + preset:
        control = packed[position]
        position += 1
        for bit in range(8):
            if not control >> bit & 1:
                output += packed[position : position + 1]
                position += 1
                continue
            if position + 1 >= end:
                return bytes(output[preset:])
            pair = packed[position] << 8 | packed[position + 1]
            position += 2
            distance = (len(output) - (pair >> 4)) % 4096
            if not distance:  # a reference to the place of writing ends the text
                return bytes(output[preset : preset + size])
            _copy(output, distance, (pair & 15) + 2)
    return bytes(output[preset : preset + size])


def _copy(output: bytearray, distance: int, length: int) -> None:
    start = len(output) - distance
    if start < 0:
        output += b" " * length
    elif distance >= length:
        output += output[start : start + length]
    else:
        output += (output[start:] * length)[:length]
