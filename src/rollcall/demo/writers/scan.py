"""A scanned page: a picture of rules and blots with no text in it; who is on it cannot be read without OCR."""

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 340, 440


def write_scan(rng: Random) -> bytes:
    """Return a small grey PNG that looks like a page from afar."""
    rows: list[bytes] = []
    ink: list[tuple[int, int]] = []
    for y in range(HEIGHT):
        if y % 14 == 0:
            ink = [(rng.randrange(30, 290), rng.randrange(4, 34)) for _ in range(rng.randrange(0, 9))]
        row = bytearray(b"\xf4" * WIDTH)
        if 3 <= y % 14 <= 8 and 30 < y < 410:
            for start, length in ink:
                row[start : start + length] = bytes(rng.choice((40, 70, 110)) for _ in range(length))[: WIDTH - start]
        rows.append(b"\x00" + bytes(row[:WIDTH]))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data)) for tag, data in chunks
    )
