"""Image files: every frame a page of grey pixels, upright; what is plain is empty; what is damaged is told."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rollcall.items.parser import Fault, Inner, Limits, Text, Yield
from rollcall.items.parsers import image
from rollcall.items.pixels import PAGE, page_pixels
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
WIDE, HIGH = 60, 40


def drawing(mode: str = "L", ink: int = 0, paper: int = 255) -> Image.Image:
    """An L in the upper left, so that every way of turning it looks different."""
    picture = Image.new("L", (WIDE, HIGH), paper)
    picture.paste(ink, (5, 5, 9, 25))
    picture.paste(ink, (5, 21, 20, 25))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **more: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


def read(data: bytes, limits: Limits = LIMITS) -> list[Yield]:
    return list(image.parse(MemoryReadable(data), limits))


def pixels(value: Yield) -> "np.ndarray[Any, Any]":
    assert isinstance(value, Inner)
    assert value.chunks is not None
    assert (value.kind, value.media_type) == ("page", PAGE)
    grey = page_pixels(MemoryReadable(b"".join(value.chunks())))
    assert grey is not None
    return grey


def is_l(grey: "np.ndarray[Any, Any]") -> bool:
    """Whether the L stands upright, dark on light, where it was drawn."""
    dark = grey < 128
    return grey.shape == (HIGH, WIDE) and bool(
        dark[8:20, 6].all() and dark[23, 6:18].all() and not dark[8:18, 14:].any()
    )


@pytest.mark.parametrize(
    ("kind", "mode", "more"),
    [
        ("PNG", "L", {}),
        ("PNG", "1", {}),
        ("PNG", "P", {}),
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("JPEG", "RGB", {"quality": 95}),
        ("JPEG", "CMYK", {"quality": 95}),
        ("JPEG", "RGB", {"quality": 95, "progressive": True}),
        ("TIFF", "1", {"compression": "group3"}),
        ("TIFF", "1", {"compression": "group4"}),
        ("TIFF", "L", {"compression": "tiff_lzw"}),
        ("TIFF", "RGB", {"compression": "jpeg", "quality": 95}),
        ("TIFF", "L", {"compression": "packbits"}),
        ("BMP", "RGB", {}),
        ("GIF", "P", {}),
        ("WEBP", "RGB", {"lossless": True}),
        ("WEBP", "RGB", {"quality": 90}),
        ("JPEG2000", "L", {}),
        ("AVIF", "RGB", {"quality": 95}),
        ("PPM", "RGB", {}),
    ],
)
def test_every_kind_becomes_the_same_page(kind: str, mode: str, more: dict[str, Any]) -> None:
    data = saved(drawing(mode), kind, **more)
    assert image.looks_like(MemoryReadable(data))
    (page,) = [value for value in read(data) if not isinstance(value, Text)]
    assert is_l(pixels(page))
    again = image.open_child(MemoryReadable(data), "page 1", LIMITS)
    assert (pixels(again) == pixels(page)).all()


@pytest.mark.parametrize("way", range(1, 9))
def test_a_photograph_stands_as_the_camera_was_held(way: int) -> None:
    stored = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 6: "ROTATE_90",
              7: "TRANSVERSE", 8: "ROTATE_270"}  # fmt: skip
    picture = drawing()
    if way > 1:
        picture = picture.transpose(Image.Transpose[stored[way]])
    exif = Image.Exif()
    exif[0x0112] = way
    for kind, more in (("JPEG", {"quality": 95}), ("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True})):
        (page,) = read(saved(picture, kind, exif=exif, **more))
        assert is_l(pixels(page)), kind


def test_equal_pages_of_different_files_are_one_content() -> None:
    pages = [b"".join(one.chunks()) for kind in ("PNG", "TIFF", "BMP") for one in read(saved(drawing(), kind))]  # type: ignore[union-attr, misc]
    assert len(pages) == 3
    assert len(set(pages)) == 1


def test_every_page_of_a_fax() -> None:
    more = [drawing("1"), Image.new("1", (30, 30), 1), drawing("1")]
    found = read(saved(drawing("1"), "TIFF", save_all=True, append_images=more, compression="group4"))
    assert [value.locator for value in found if isinstance(value, Inner)] == ["page 1", "page 2", "page 4"]
    assert [(value.code, value.locator) for value in found if isinstance(value, Fault)] == [("no_text", "page 3")]


def test_pixels_of_a_coarse_fax_are_squared() -> None:
    half = drawing().resize((WIDE, HIGH // 2)).convert("1")
    (page,) = read(saved(half, "TIFF", compression="group4", dpi=(204, 98)))
    grey = pixels(page)
    assert grey.shape == (round(HIGH // 2 * 204 / 98), WIDE)


@pytest.mark.parametrize(("ink", "alpha_paper"), [(0, 255), (255, 0), (250, 10)])
def test_letters_on_nothing_are_seen_whatever_their_colour(ink: int, alpha_paper: int) -> None:
    clear = Image.new("RGBA", (WIDE, HIGH), (alpha_paper,) * 3 + (0,))
    clear.paste((ink, ink, ink, 255), (5, 5, 9, 25))
    (page,) = read(saved(clear, "PNG"))
    grey = pixels(page).astype(int)
    assert abs(int(grey[10, 6]) - int(grey[30, 50])) > 100


def test_colours_of_one_lightness_are_told_apart() -> None:
    picture = Image.new("RGB", (WIDE, HIGH), (0, 118, 0))
    picture.paste((230, 0, 0), (5, 5, 9, 25))
    (page,) = read(saved(picture, "PNG"))
    grey = pixels(page).astype(int)
    assert abs(int(grey[10, 6]) - int(grey[30, 50])) > 100


def test_sixteen_bits_keep_their_contrast() -> None:
    deep = Image.fromarray(np.asarray(drawing()).astype(np.uint16) * 16)  # as a scanner of twelve bits has it
    (page,) = read(saved(deep, "PNG"))
    assert is_l(pixels(page))


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (Image.new("L", (1, 1), 0), "1 x 1 pixels"),
        (Image.new("RGB", (600, 7), (3, 9, 200)), "600 x 7 pixels"),
        (Image.new("RGB", (300, 200), (3, 9, 200)), "one colour"),
        (Image.new("RGBA", (300, 200), (3, 9, 200, 0)), "one colour"),
    ],
)
def test_what_can_hold_no_word_is_empty_and_says_why(picture: Image.Image, why: str) -> None:
    (fault,) = read(saved(picture, "PNG"))
    assert isinstance(fault, Fault)
    assert (fault.code, fault.detail) == ("no_text", why)


def png_of(wide: int, high: int) -> bytes:
    """The head of a PNG of that size, and hardly any pixels."""
    head = b"IHDR" + struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in (head, data, b"IEND")
    )


@pytest.mark.parametrize(("wide", "high"), [(60_000, 60_000), (1, 2_000_000_000), (100_001, 1_000)])
def test_a_bomb_ends_at_its_head(wide: int, high: int) -> None:
    (fault,) = read(png_of(wide, high))
    assert isinstance(fault, Fault)
    assert fault.code in ("too_large", "corrupt")


def test_a_moving_picture_has_an_end() -> None:
    frames = [drawing().transpose(Image.Transpose.ROTATE_180) if n % 2 else drawing() for n in range(60)]
    found = read(saved(frames[0], "GIF", save_all=True, append_images=frames[1:], optimize=False))
    assert sum(isinstance(value, Inner) for value in found) == image._MOST_FRAMES
    assert [value.code for value in found if isinstance(value, Fault)] == ["too_large"]


def test_words_beside_the_pixels() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Ward 3, Bartholomew Tindall"
    exif[0x9C9B] = "Wrist band\0".encode("utf-16-le")
    xmp = b"<x:xmpmeta><dc:title><rdf:Alt><rdf:li>Card of M. Reyes</rdf:li></rdf:Alt></dc:title></x:xmpmeta>"
    found = read(saved(drawing(), "JPEG", exif=exif, xmp=xmp, comment=b"seen by triage"))
    (note,) = [value for value in found if isinstance(value, Text)]
    assert note.hidden
    assert note.text.split("\n") == ["seen by triage", "Ward 3, Bartholomew Tindall", "Wrist band", "Card of M. Reyes"]


def test_heic_says_what_it_needs() -> None:
    found = read(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    assert [(value.code, value.detail) for value in found if isinstance(value, Fault)] in (
        [("needs_tool", "pillow-heif")],
        [("corrupt", "head of the picture: UnidentifiedImageError")],  # where the package is installed
    )


def test_what_was_cut_short_is_read_as_far_as_it_goes() -> None:
    picture = Image.effect_noise((300, 300), 80)
    whole = saved(picture, "JPEG")
    page, fault = read(whole[: len(whole) // 2])
    assert isinstance(fault, Fault)
    assert fault.code == "truncated"
    rows = pixels(page)
    assert (np.abs(rows[:60].astype(int) - np.asarray(picture)[:60].astype(int)) < 90).mean() > 0.9


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP", "PPM"]), st.data())
def test_garbage_ends_in_a_fault_or_a_page(kind: str, data: st.DataObject) -> None:
    whole = bytearray(saved(drawing("RGB"), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    if image.looks_like(MemoryReadable(cut)):
        for value in read(cut):
            assert isinstance(value, (Inner, Fault, Text))


def test_formats_are_told_by_structure() -> None:
    assert not image.looks_like(MemoryReadable(b"BM is short for something"))
    assert not image.looks_like(MemoryReadable(b"P5 is a road"))
    assert not image.looks_like(MemoryReadable(b"P5\n40 30\n255\n" + bytes(1200)))  # pixels already
    assert image.looks_like(MemoryReadable(b"P5 40 30 255\n" + bytes(1200)))
