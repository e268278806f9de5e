"""Pictures of pages: scans, faxes of several pages and scanned PDFs, drawn from a PDF and then only pixels."""

import io
from random import Random

import pypdfium2
from PIL import Image, ImageDraw

from rollcall.demo.truth import Fact
from rollcall.demo.writers.form_page import HIGH, FormPage
from rollcall.demo.writers.handwriting import Penman
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.pdf import image_file, write_pages

FAX = (1728, 2156)  # dots of a page at 204 x 196 to the inch (ITU-T T.4, fine)
ROWS = 60  # lines of a page


class Original:
    """What lies on the glass: pages of lines, or a form that somebody filled in by hand."""

    def __init__(self, lines: list[str], form: FormPage | None = None) -> None:
        self.form = form
        self.wide = max((len(line) for line in lines), default=0) > 104  # then the page is turned
        rows = ROWS if not self.wide else 44
        self.pages = [lines[at : at + rows] for at in range(0, max(1, len(lines)), rows)]

    def drawn(self, rng: Random, dots: int, *, mono: bool = True) -> list[Image.Image]:
        """Return its pages in grey."""
        data = self.form.data if self.form else write_pages(self.pages, mono=mono, landscape=self.wide)
        with pypdfium2.PdfDocument(data) as document:
            images = [page.render(scale=dots / 72, grayscale=True).to_pil().convert("L") for page in document]
        if self.form:
            _fill_in(rng, images[0], self.form, dots / 72)
        return images


def _fill_in(rng: Random, image: Image.Image, form: FormPage, scale: float) -> None:
    """Write what the boxes hold as a hand does, a little off the line."""
    pen, draw = Penman(rng), ImageDraw.Draw(image)
    for box in form.boxes:
        x = (box.x + rng.uniform(4, 12)) * scale
        y = (box.y + HIGH - rng.uniform(3.5, 6.5)) * scale
        pen.write(draw, x, y, box.value, (box.wide - 16) * scale, rng.uniform(9, 11) * scale)


def _worn(rng: Random, image: Image.Image, dirt: int, paper: int) -> Image.Image:
    """Return the page as glass and feeder leave it: askew, a dark edge, holes, specks, ink that is not black."""
    image = image.point([min(paper, 24 + one * 230 // 255) for one in range(256)])
    image = image.rotate(rng.gauss(0, 0.7), Image.Resampling.BICUBIC, fillcolor=paper)
    draw, (width, height) = ImageDraw.Draw(image), image.size
    for _ in range(dirt):
        x, y, size = rng.randrange(width), rng.randrange(height), rng.choice((1, 1, 1, 2, 3))
        draw.ellipse((x, y, x + size, y + rng.choice((1, size))), fill=rng.randint(60, 190))
    if rng.random() < 0.35:  # the lid was open
        edge, depth = rng.choice((0, width)), rng.randint(6, 40)
        draw.line((edge, 0, edge + rng.randint(-depth, depth), height), fill=rng.randint(30, 120), width=depth)
    if rng.random() < 0.2:  # punched
        radius = width // 68
        for share in (0.13, 0.5, 0.87):
            draw.ellipse((radius * 2, share * height, radius * 4, share * height + 2 * radius), fill=70)
    return image


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _faxed(rng: Random, pages: list[Image.Image], head: str) -> bytes:
    """Return the pages as a fax server stores them: one TIFF, black and white, a line above each that tells the way."""
    total, ready = len(pages), []
    coarse = rng.random() < 0.3  # the standard resolution: half the lines
    for number, page in enumerate(pages, 1):
        if page.width > page.height:
            page = page.transpose(Image.Transpose.ROTATE_90)
        page = page.resize(FAX, Image.Resampling.BILINEAR)
        page.paste(Image.new("L", (FAX[0], 48), 255), (0, 0))
        line = Original([f"{head}   P. {number}/{total}"]).drawn(rng, 170)[0].crop((100, 75, 1420, 110))
        page.paste(line.resize((FAX[0] - 80, 44)), (60, 2))
        if coarse:
            page = page.resize((FAX[0], FAX[1] // 2), Image.Resampling.BILINEAR)
        ready.append(page.point([0 if one < 148 else 255 for one in range(256)]).convert("1"))
    out = io.BytesIO()
    way = rng.choice(("group4", "group4", "tiff_lzw"))
    ready[0].save(
        out, "TIFF", save_all=True, append_images=ready[1:], compression=way, dpi=(204, 98 if coarse else 196)
    )
    return out.getvalue()


def write_picture(rng: Random, name: str, original: Original, facts: list[Fact], cover: list[str], head: str) -> Made:
    """Return a scan (grey, perhaps on its side), a scanned PDF without text, or a fax with its cover sheet."""
    one_page = original.form is not None or len(original.pages) == 1
    way = rng.choice(("scan", "scan", "fax", "scanned_pdf", "turned") if one_page else ("fax", "scanned_pdf"))
    dots = 200 if way == "fax" else rng.choice((130, 150, 200))
    pages = original.drawn(rng, dots)
    facts = all_at(facts, "picture")
    layout = f"{way}{'_hand' if original.form else ''}"
    paper, dirt = rng.randint(232, 252), rng.randint(20, 160)
    if way == "fax":
        if cover:
            pages = Original(cover).drawn(rng, dots, mono=False) + pages
        pages = [_worn(rng, page, dirt // 2, 255) for page in pages]
        return Made("picture", layout, f"{name}.tif", "image/tiff", _faxed(rng, pages, head), facts)
    pages = [_worn(rng, page, dirt, paper) for page in pages]
    if way == "scanned_pdf":
        data = image_file([(*page.size, _jpeg(page, 60)) for page in pages])
        return Made("picture", layout, f"{name}.pdf", "application/pdf", data, facts)
    page = pages[0].transpose(Image.Transpose.ROTATE_270) if way == "turned" else pages[0]
    if rng.random() < 0.5:
        return Made("picture", layout, f"{name}.jpg", "image/jpeg", _jpeg(page, rng.choice((50, 65, 80))), facts)
    out = io.BytesIO()
    page.save(out, "PNG")
    return Made("picture", layout, f"{name}.png", "image/png", out.getvalue(), facts)
