"""Pages of PDFs that are pictures: which are, and that their pixels come out upright, once and again."""

# ruff: noqa: E501 (what is drawn stands as one would write it in a file)

import zlib

import numpy as np
import pytest

from rollcall.items.parser import ContentError, Fault, Inner, Limits, Text
from rollcall.items.parsers import pdf
from rollcall.items.pixels import PAGE, page_pixels
from rollcall.items.readable import MemoryReadable
from tests.items.pdf_file import pdf_file

GREY = zlib.compress(bytes(range(0, 250, 5)) * 40)
IMAGE = (
    b"<< /Type /XObject /Subtype /Image /Width 50 /Height 40 /ColorSpace /DeviceGray /BitsPerComponent 8"
    b" /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(GREY), GREY)
)
KEYS = b"/Resources << /Font 3 0 R /XObject << /Im 5 0 R >> >>"
PROSE = b"".join(
    b"BT /Helvetica 9 Tf 1 0 0 1 40 %d Tm (words that were written by somebody on this page) Tj ET " % y
    for y in range(400, 780, 12)
)
FULL = b"q 612 0 0 792 0 0 cm /Im Do Q "
CARD = b"q 244 0 0 153 50 60 cm /Im Do Q "
LABEL = b"q 180 0 0 54 50 60 cm /Im Do Q "
LOGO = b"q 80 0 0 40 500 740 cm /Im Do Q "
STRIPS = b"".join(b"q 612 0 0 40 0 %d cm /Im Do Q " % y for y in range(0, 792, 40))
STAMP = b"BT /Helvetica 9 Tf 1 0 0 1 40 20 Tm (page 7 of 9) Tj ET "
FAX = b"BT /Helvetica 9 Tf 1 0 0 1 40 780 Tm (FROM: Lakes Clinic  218 555 0142  NOV 6 2019  P. 1/3) Tj ET "
LETTERS = b"".join(
    b"%d %d m %d %d %d %d %d %d c f " % (x, 700, x, 712, x + 8, 712, x + 8, 700) for x in range(40, 500, 10)
)
RULES = b"".join(b"40 %d m 500 %d l S " % (y, y) for y in range(100, 700, 9))


def values(content: bytes, **more: bool) -> list[object]:
    return list(pdf.parse(MemoryReadable(pdf_file([content], page_keys=KEYS, more=[IMAGE], **more)), Limits()))


def pasted(subtype: bytes, content: bytes = b"") -> list[str]:
    stamp = (
        b"<< /Type /Annot /Subtype /%s /Rect [100 300 400 500] /AP << /N 7 0 R >> >>" % subtype,
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << /XObject << /Fm 8 0 R >> >> /Length 6 >>"
        b"\nstream\n/Fm Do\nendstream",
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << /XObject << /Im 5 0 R >> >> /Length 29 >>"
        b"\nstream\nq 300 0 0 200 0 0 cm /Im Do Q\nendstream",
    )
    file = pdf_file([content], page_keys=KEYS + b" /Annots [6 0 R]", more=[IMAGE, *stamp])
    return [value.locator for value in pdf.parse(MemoryReadable(file), Limits()) if isinstance(value, Inner)]


def test_what_is_pasted_on_a_page_as_a_picture_is_one() -> None:
    assert pasted(b"Stamp") == pasted(b"RichMedia") == ["page 1"]
    assert pasted(b"Stamp", PROSE) == []  # it lies on text that is read


def shape(inner: Inner) -> tuple[int, int]:
    pixels = page_pixels(MemoryReadable(b"".join(inner.chunks() if inner.chunks else ())))
    assert pixels is not None
    return pixels.shape[1], pixels.shape[0]


@pytest.mark.parametrize(
    ("content", "locators"),
    [
        (FULL, ["page 1"]),
        (FULL + STAMP, ["page 1"]),
        (FULL + FAX, ["page 1"]),
        (STRIPS, ["page 1"]),
        (FULL + PROSE, []),
        (FULL + PROSE.replace(b"BT", b"BT 3 Tr"), []),
        (CARD + PROSE, ["page 1 picture 1"]),
        (CARD + STAMP, ["page 1"]),
        (LABEL + PROSE, ["page 1 picture 1"]),
        (LOGO + PROSE, []),
        (PROSE, []),
        (LETTERS, ["page 1"]),
        (LETTERS + PROSE, []),
        (RULES, []),
        (b"", []),
    ],
    ids=["scan", "scan with a stamp", "fax with its line", "strips", "letterhead", "scan with its text", "card in a letter",
         "card", "label", "logo", "letter", "outlines", "letter with drawings", "ruled paper", "empty"],
)  # fmt: skip
def test_what_is_a_picture(content: bytes, locators: list[str]) -> None:
    found = values(content)
    assert not [value for value in found if isinstance(value, Fault)]
    inners = [value for value in found if isinstance(value, Inner)]
    assert [(one.locator, one.kind, one.media_type) for one in inners] == [(one, "page", PAGE) for one in locators]


def test_pixels_are_the_same_again_and_upright() -> None:
    data = pdf_file([FULL, PROSE + CARD], page_keys=KEYS, more=[IMAGE])
    inners = [value for value in pdf.parse(MemoryReadable(data), Limits()) if isinstance(value, Inner)]
    first = [b"".join(one.chunks() if one.chunks else ()) for one in inners]  # when the document is closed
    again = [pdf.open_child(MemoryReadable(data), one.locator, Limits()) for one in inners]
    assert [b"".join(one.chunks() if one.chunks else ()) for one in again] == first
    assert [one.locator for one in inners] == ["page 1", "page 2 picture 1"]
    assert [shape(one) for one in again] == [(1700, 2200), (677, 424)]
    while_open = [
        b"".join(value.chunks() if value.chunks else ())
        for value in pdf.parse(MemoryReadable(data), Limits())
        if isinstance(value, Inner)
    ]
    assert while_open == first


def test_a_page_on_its_side_is_rendered_as_it_is_shown() -> None:
    (upright,) = [value for value in values(FULL) if isinstance(value, Inner)]
    (turned,) = [value for value in values(FULL, turned=True) if isinstance(value, Inner)]
    one = page_pixels(MemoryReadable(b"".join(upright.chunks() if upright.chunks else ())))
    other = page_pixels(MemoryReadable(b"".join(turned.chunks() if turned.chunks else ())))
    assert one is not None
    assert other is not None
    assert one.shape == other.shape
    assert np.abs(one.astype(int) - other.astype(int)).mean() < 3


def test_a_page_of_absurd_size_is_kept_small() -> None:
    data = pdf_file([b"q 14400 0 0 14400 0 0 cm /Im Do Q"], 14400, 14400, page_keys=KEYS, more=[IMAGE])
    (inner,) = [value for value in pdf.parse(MemoryReadable(data), Limits()) if isinstance(value, Inner)]
    wide, high = shape(inner)
    assert wide * high <= 25_100_000


@pytest.mark.parametrize("locator", ["page 9", "page 0", "page x", "file:3", "note:0:7", "note:5:0", ""])
def test_what_is_not_there_says_so(locator: str) -> None:
    data = pdf_file([FULL], page_keys=KEYS, more=[IMAGE])
    with pytest.raises(ContentError) as error:
        list((pdf.open_child(MemoryReadable(data), locator, Limits()).chunks or iter)())
    assert error.value.code == "partial"


def test_text_of_a_scanned_page_is_kept() -> None:
    (text,) = [value for value in values(FULL + PROSE.replace(b"BT", b"BT 3 Tr")) if isinstance(value, Text)]
    assert text.text.count("written by somebody") == 32
