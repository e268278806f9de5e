"""Photographs of a form or a card on a desk, as telephones make them: colour, askew, unevenly lit, grainy; JPEG."""

import datetime
import io
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.picture import Original

Colour = tuple[int, int, int]
DESKS: tuple[Colour, ...] = (
    (122, 88, 58),
    (70, 62, 58),
    (168, 150, 128),
    (96, 104, 112),
    (40, 40, 44),
    (188, 186, 180),
)
CARDS: tuple[Colour, ...] = ((22, 78, 140), (0, 110, 96), (150, 30, 44), (226, 120, 20), (84, 60, 130), (30, 120, 60))
CAMERAS = (
    ("Apple", "iPhone 8"),
    ("Apple", "iPhone XR"),
    ("samsung", "SM-G960U"),
    ("Google", "Pixel 3"),
    ("LGE", "LM-X410"),
)
TURNS = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}  # stored so


def _card(rng: Random, page: Image.Image, lines: int, dots: int) -> Image.Image:
    """Return the upper left of a page as a card: a band in the plan's colour, round corners."""
    wide = round(4.2 * dots)
    high = max(round((0.45 + lines * 12.2 / 72) * dots), round(wide * 0.6))
    grey = page.crop((0, round(0.3 * dots), wide, round(0.3 * dots) + high))
    colour = rng.choice(CARDS)
    card = ImageOps.colorize(grey, rng.choice(((20, 20, 24), colour)), (250, 250, rng.randint(236, 250)))
    band = Image.new("RGB", card.size, (255, 255, 255))
    pale = tuple(255 - (255 - one) * 2 // 5 for one in colour)
    ImageDraw.Draw(band).rectangle((0, 0, wide, round(0.42 * dots)), fill=pale)
    return ImageChops.multiply(card, band)


def _laid(rng: Random, page: Image.Image, *, card: bool) -> Image.Image:
    """Return the page on a desk as a camera sees it that is held at an angle: no edge is parallel to another."""
    wide, high = page.size
    corners = [
        (x * wide + sx * wide * rng.uniform(0.01, 0.09), y * high + sy * high * rng.uniform(0.01, 0.09))
        for x, y, sx, sy in ((0, 0, -1, -1), (0, 1, -1, 1), (1, 1, 1, 1), (1, 0, 1, -1))
    ]
    size = (round(wide * 1.12), round(high * 1.12))
    quad = tuple(part for corner in corners for part in corner)
    mask = Image.new("L", page.size, 255)
    if card:
        mask = Image.new("L", page.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, wide - 1, high - 1), wide // 24, fill=255)
    way, fine = Image.Transform.QUAD, Image.Resampling.BILINEAR
    seen, shape = page.transform(size, way, quad, fine), mask.transform(size, way, quad, fine)
    desk = Image.new("RGB", size, rng.choice(DESKS))
    soft = shape.resize((size[0] // 8, size[1] // 8)).filter(ImageFilter.GaussianBlur(1.2)).resize(size)
    shadow = ImageChops.offset(soft, rng.randint(4, 14), rng.randint(4, 14))
    desk = Image.composite(desk.point([one // 2 for one in range(256)] * 3), desk, shadow)
    return Image.composite(seen, desk, shape)


def _lit(rng: Random, image: Image.Image) -> Image.Image:
    """Return the picture with light that falls off from one spot, warm or cold, and the grain of a small camera."""
    x, y, weak = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.9), rng.uniform(0.25, 0.55)
    light = Image.new("L", (24, 24))
    light.putdata([
        round(250 * (1 - weak * min(1.0, ((col / 24 - x) ** 2 + (row / 24 - y) ** 2) ** 0.5)))
        for row in range(24) for col in range(24)
    ])  # fmt: skip
    smooth = light.resize(image.size, Image.Resampling.BICUBIC)
    warm = rng.uniform(0.84, 1.0)
    tint = Image.merge("RGB", (smooth, smooth.point([round(one * (1 + warm) / 2) for one in range(256)]),
                               smooth.point([round(one * warm) for one in range(256)])))  # fmt: skip
    image = ImageChops.multiply(image, tint).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.1)))
    grain = rng.randint(8, 26)
    noise = Image.frombytes("L", image.size, rng.randbytes(image.width * image.height))
    noise = noise.point([one * grain // 256 for one in range(256)])
    return ImageChops.add(image, Image.merge("RGB", (noise, noise, noise)), 1, -grain // 2)


def _saved(rng: Random, image: Image.Image, when: datetime.datetime) -> tuple[bytes, str]:
    """Return the file: often stored on its side with a note of which way is up; some programs strip the note."""
    turn = rng.choice((1, 1, 6, 6, 8, 3))
    told = rng.random() < 0.8
    image = image.transpose(TURNS[turn]) if turn != 1 else image
    exif = Image.Exif()
    if told:
        maker, model = rng.choice(CAMERAS)
        taken = f"{when - datetime.timedelta(minutes=rng.randint(2, 50)):%Y:%m:%d %H:%M:%S}"
        exif[0x0112], exif[0x010F], exif[0x0110], exif[0x0132] = turn, maker, model, taken
    out = io.BytesIO()
    image.save(out, "JPEG", quality=rng.choice((45, 60, 75, 85)), exif=exif)
    return out.getvalue(), "_turned" if turn != 1 and not told else ""


def write_photo(
    rng: Random, name: str, original: Original, facts: list[Fact], when: datetime.datetime, *, card: bool
) -> Made:
    """Return the photograph of a form on a desk, or of a card."""
    dots = 170 if card else 150
    page = original.drawn(rng, dots, mono=not card)[0]
    if card:
        sheet = _card(rng, page, len(original.pages[0]), dots)
    else:
        sheet = ImageOps.colorize(page, (24, 24, 34), (250, 248, rng.randint(228, 250)))
    data, turned = _saved(rng, _lit(rng, _laid(rng, sheet, card=card)), when)
    layout = f"photo_{'card' if card else 'form'}{'_hand' if original.form else ''}{turned}"
    ending = rng.choice(("jpg", "jpg", "jpeg", "JPG"))
    return Made("picture", layout, f"{name}.{ending}", "image/jpeg", data, all_at(facts, "picture"))
