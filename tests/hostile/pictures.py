"""Pictures of absurd size, or with more frames than anybody looks at."""

import struct
import zlib

from tests.hostile.archives import zeros


def png(wide: int, high: int, packed: bytes) -> bytes:
    """A PNG of one bit a point."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", wide, high, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def huge_png() -> bytes:
    """60,000 by 60,000 points, 430 MB unpacked."""
    return png(60_000, 60_000, b"\x78\x9c" + zeros(430 << 20))


def tall_png() -> bytes:
    """One by two billion points."""
    return png(1, 0x7FFFFFFF, b"\x78\x9c" + zeros(16 << 20))


def png_text_bomb() -> bytes:
    """A comment that unpacks to a gigabyte."""
    data = b"Comment\0\0\x78\x9c" + zeros(1 << 30)
    chunk = struct.pack(">L", len(data)) + b"zTXt" + data + struct.pack(">L", zlib.crc32(b"zTXt" + data))
    small = png(40, 40, zlib.compress(bytes(6 * 40)))
    return small[:33] + chunk + small[33:]


def tiff(entries: list[tuple[int, int, int, int]], following: int) -> bytes:
    """A directory of a picture, and where the next is said to be."""
    packed = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + packed + struct.pack("<L", following)


SMALL = [(256, 4, 1, 40), (257, 4, 1, 40), (258, 3, 1, 1), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8),
         (278, 4, 1, 40), (279, 4, 1, 200)]  # fmt: skip


def many_frames() -> bytes:
    """A TIFF of half a million directories that all show the same few points."""
    size = len(tiff(SMALL, 0))
    start, count = 208, 500_000
    frames = [tiff(SMALL, start + (number + 1) * size) for number in range(count)]
    return b"II*\0" + struct.pack("<L", start) + bytes(200) + b"".join(frames) + tiff(SMALL, 0)


def frames_loop() -> bytes:
    """A TIFF whose directory is followed by itself."""
    return b"II*\0" + struct.pack("<L", 208) + bytes(200) + tiff(SMALL, 208)


def huge_tiff() -> bytes:
    """A TIFF of four billion lines, its strips nowhere."""
    wide = [(256, 4, 1, 0xFFFFFFFF), (257, 4, 1, 0xFFFFFFFF), *SMALL[2:5], (273, 4, 0x3FFFFFFF, 8), *SMALL[6:]]
    return b"II*\0" + struct.pack("<L", 208) + bytes(200) + tiff(wide, 0)


def gif() -> bytes:
    """Ten thousand frames of 65,535 by 65,535 points with nothing in them."""
    size = struct.pack("<HH", 65_535, 65_535)
    frame = b"!\xf9\4\0\1\0\0\0," + bytes(4) + size + b"\0\2\2L\1\0"
    return b"GIF89a" + size + b"\x80\0\0" + bytes(3) + b"\xff" * 3 + frame * 10_000 + b";"


def bmp() -> bytes:
    """Two billion points in each direction."""
    return b"BM" + struct.pack("<LHHL", 1 << 20, 0, 0, 54) + struct.pack(
        "<LllHHLLllLL", 40, 0x7FFFFFFF, -0x7FFFFFFF, 1, 24, 0, 0, 1, 1, 0, 0
    ) + bytes(4096)  # fmt: skip


def jpeg() -> bytes:
    """A JPEG of 65,500 by 65,500 points that ends before its first."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 65_500, 65_500, 1) + b"\1\x11\0"
    table = b"\xff\xdb" + struct.pack(">HB", 67, 0) + b"\1" * 64
    huffman = b"".join(b"\xff\xc4" + struct.pack(">HB", 20, kind) + b"\1" + bytes(15) + b"\0" for kind in (0, 16))
    return b"\xff\xd8" + table + frame + huffman + b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\1\0\0\x3f\0" + b"\0" * 64


def svg_laughs() -> bytes:
    """A drawing of a billion laughs."""
    from tests.hostile.documents import LAUGHS

    return LAUGHS % b"svg" + b'<svg xmlns="http://www.w3.org/2000/svg"><text>&i;</text></svg>'


def emf() -> bytes:
    """A metafile whose records are said to have no length, and whose picture is said to be endless."""
    head = struct.pack("<LL", 1, 88) + struct.pack("<8l", *([0] * 8)) + b" EMF" + struct.pack(
        "<LLLHHLLL", 0x10000, 1 << 31, 1 << 31, 1, 0, 0, 0, 0
    )  # fmt: skip
    return head.ljust(88, b"\0") + struct.pack("<LL", 84, 0) + struct.pack("<LL", 81, 0xFFFFFFF0) + bytes(64)
