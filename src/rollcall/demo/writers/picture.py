"""Pictures of pages: scans, faxes and photographed screens, drawn from the same lines as a PDF and then only pixels."""

import struct
import zlib
from random import Random

import pypdfium2

from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.pdf import image_file, write_pages

Pixels = tuple[int, int, list[bytes]]  # width, height, one grey byte a pixel


def drawn(lines: list[str], dots: int, *, mono: bool, turned: int = 0) -> Pixels:
    """Return the first page of the lines as grey pixels."""
    document = pypdfium2.PdfDocument(write_pages([lines], mono=mono))
    bitmap = document[0].render(scale=dots / 72, grayscale=True, rotation=turned)
    data, step = bytes(bitmap.buffer), bitmap.stride
    rows = [data[y * step : y * step + bitmap.width] for y in range(bitmap.height)]
    return bitmap.width, bitmap.height, rows


def _worn(rng: Random, pixels: Pixels, dirt: int) -> Pixels:
    """Return the pixels with specks, and grey as copiers make white."""
    width, height, rows = pixels
    paper = rng.randint(232, 252)
    grey = bytes(min(paper, 24 + one * 230 // 255) for one in range(256))
    worn = [bytearray(row.translate(grey)) for row in rows]
    for _ in range(dirt):
        x, y = rng.randrange(width - 3), rng.randrange(height - 2)
        for dy in range(rng.randint(1, 2)):
            worn[y + dy][x : x + 2] = bytes((rng.randint(60, 190),)) * 2
    return width, height, [bytes(row) for row in worn]


def png(pixels: Pixels, *, bits: int = 8) -> bytes:
    """Return the pixels as a PNG of eight grey bits, or of one as a fax has it."""
    width, height, rows = pixels
    if bits == 1:
        black = bytes(ord("0") if one < 150 else ord("1") for one in range(256))
        pad = b"0" * (-width % 8)
        rows = [int(row.translate(black) + pad, 2).to_bytes((width + 7) // 8, "big") for row in rows]
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\x00" + row for row in rows), 6)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + tag + part + struct.pack(">I", zlib.crc32(tag + part))
        for tag, part in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )


def write_picture(rng: Random, name: str, lines: list[str], facts: list[Fact], *, mono: bool) -> Made:
    """Return a scan (grey, perhaps on its side), a fax (black and white) or a scanned PDF without text."""
    way = rng.choice(("scan", "scan", "fax", "scanned_pdf", "turned"))
    pixels = drawn(lines[:60], 110 if way != "fax" else 100, mono=mono, turned=90 if way == "turned" else 0)
    pixels = _worn(rng, pixels, rng.randint(20, 160))
    facts = all_at(facts, "picture")
    if way == "scanned_pdf":
        width, height, rows = pixels
        data = image_file(width, height, b"".join(rows))
        return Made("picture", way, f"{name}.pdf", "application/pdf", data, facts)
    data = png(pixels, bits=1 if way == "fax" else 8)
    return Made("picture", way, f"{name}.png", "image/png", data, facts)
