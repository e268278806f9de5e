"""Make the corpus of pictures and of pages that are pictures; as `make.py`, and run like it:

python tests/corpus/make_image.py
"""

import io
import zlib

from PIL import Image, PngImagePlugin

from tests.corpus.make import case, text

WIDE, HIGH = 48, 32


def strokes(mode: str = "L", wide: int = WIDE, high: int = HIGH) -> Image.Image:
    """A picture of a few dark strokes, which is no text but is not plain either."""
    picture = Image.new("L", (wide, high), 240)
    for x in range(4, wide - 4, 6):
        for y in range(6, high - 6):
            picture.putpixel((x, y), 20 + x)
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **more: object) -> bytes:
    """The bytes of a picture file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


def page(number: int) -> dict[str, str]:
    """A page that a reader yields."""
    return {"locator": f"page {number}", "kind": "page", "name": ""}


def fault(code: str, detail: str, locator: str = "") -> dict[str, str]:
    """What could not be read."""
    return {"code": code, "detail": detail, "locator": locator}


def pictures() -> None:
    """Files of pictures, as mail carries them."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Title", "Card of Eluned Vasquez")
    data = saved(strokes("RGB"), "PNG", pnginfo=words)
    note = text("Card of Eluned Vasquez", kind="note", label="properties", hidden=True)
    case("image", "png_with_a_title", "png", data, parts=[note], inners=[page(1)])

    fax = saved(strokes("1"), "TIFF", compression="group4", save_all=True, append_images=[strokes("1", 64, 40)],
                description="Fax of two pages")  # fmt: skip
    note = text("Fax of two pages", kind="note", label="properties", hidden=True)
    case("image", "fax_of_two_pages", "tif", fax, parts=[note], inners=[page(1), page(2)])

    exif = Image.Exif()
    exif[0x0112] = 6
    case("image", "photograph_on_its_side", "jpg", saved(strokes(), "JPEG", exif=exif), inners=[page(1)])

    spacer = saved(Image.new("P", (1, 1), 0), "GIF")
    case("image", "spacer", "gif", spacer, faults=[fault("no_text", "1 x 1 pixels", "page 1")])

    whole = saved(strokes("RGB", 200, 200), "JPEG")
    cut = [fault("truncated", "what was decoded is read", "page 1")]
    case("image", "cut_short", "jpg", whole[: len(whole) * 2 // 3], inners=[page(1)], faults=cut)

    huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0"
    huge += zlib.crc32(huge[12:]).to_bytes(4, "big")
    case("image", "sixty_thousand_a_side", "png", huge + b"\0\0\0\0IDAT\x35\xaf\x06\x1e",
         faults=[fault("too_large", "60000 x 60000 pixels", "page 1")])  # fmt: skip


def pages() -> None:
    """Pages that are pixels already."""
    blank = b"P5\n40 30\n255\n" + b"\xf8" * 1200
    case("picture", "blank", "pgm", blank, faults=[fault("no_text", "one colour")])
    case("picture", "cut_short", "pgm", blank[:700], faults=[fault("truncated", "pixels are missing")])


if __name__ == "__main__":
    pictures()
    pages()
