"""Measure reading of pictures: fields exactly right, seconds a page, and what is rightly and wrongly called empty.

    python bench/ocr.py --pack test --seed 4 --pages 60            # figures, as bench/RESULTS.md has them
    python bench/ocr.py --pack dev --seed 1 --pages 24 --to DIR    # and the pages with mistakes, to be looked at
    python bench/ocr.py --fast                                     # with and without the fast tier (Tesseract)

Pages are drawn by the demo's writers from a pack's forms, cards and lists, then harmed as scanners, fax machines and
cameras do. A field is right when it stands in the text as it stands on the page, blanks and line ends set aside.
"""

import argparse
import datetime
import io
import math
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from rollcall.demo.cast import Cast
from rollcall.demo.compose import written
from rollcall.demo.grid import ListMaker
from rollcall.demo.pack import load_pack
from rollcall.demo.paper import fitting_forms, insurance_card, make_form
from rollcall.demo.people import make_people
from rollcall.demo.truth import Fact
from rollcall.demo.writers.delimited import columns_of
from rollcall.demo.writers.form_page import form_page
from rollcall.demo.writers.pdf import write_pages
from rollcall.demo.writers.photo import write_photo
from rollcall.demo.writers.picture import Original, write_picture
from rollcall.items import tools
from rollcall.items.ocr.fast import read_fast
from rollcall.items.ocr.models import load_all
from rollcall.items.ocr.page import read_page
from rollcall.items.parser import Limits
from rollcall.items.plates import upright_grey
from rollcall.items.readable import Readable
from rollcall.sandbox import tools as programs

KINDS = ("face_sheet", "boxes", "card", "fax", "list", "photo_card", "photo_form")
FONTS = (b"/Helvetica", b"/Times-Roman", b"/Helvetica-Bold", b"/Times-Bold")


class Sheet(NamedTuple):
    """One picture, what was done to it, and the fields that stand on it."""

    kind: str
    harm: str
    image: Image.Image
    wanted: list[str]


def squeezed(text: str) -> str:
    return "".join(text.split())


def on_page(facts: list[Fact], lines: list[str]) -> list[str]:
    """Return the fields that are really on the first page: some were cut, or are of another way to say it."""
    text = squeezed("\n".join(lines))
    return [fact.text for fact in facts if len(squeezed(fact.text)) > 1 and squeezed(fact.text) in text]


def render(pdf: bytes, dots: int) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].render(scale=dots / 72, grayscale=True).to_pil().convert("L")


def text_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].get_textpage().get_text_range().splitlines()


def harmed(rng: Random, image: Image.Image) -> tuple[str, Image.Image]:
    """Return the page as a scanner leaves it, and what was done to it in words."""
    done = []
    if rng.random() < 0.7:
        angle = round(rng.uniform(-5, 5), 2)
        image = image.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=rng.randint(225, 255))
        done.append(f"skew {angle}")
    if rng.random() < 0.3:
        radius = round(rng.uniform(0.3, 0.8) * min(image.size) / 1200, 2)
        image = image.filter(ImageFilter.GaussianBlur(radius))
        done.append(f"blur {radius}")
    if rng.random() < 0.6:
        sigma = rng.randint(4, 22)
        grain = np.random.default_rng(rng.randrange(1 << 30)).normal(0, sigma, (image.height, image.width))
        image = Image.fromarray(np.clip(np.asarray(image, np.float32) * 0.94 + 6 + grain, 0, 255).astype(np.uint8))
        done.append(f"noise {sigma}")
    turn = rng.choices((0, 180, 90, 270), (6, 2, 1, 1))[0]
    if turn:
        image = image.rotate(turn, expand=True)
        done.append(f"turned {turn}")
    if rng.random() < 0.6:
        quality = rng.randint(25, 80)
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
        image = Image.open(out)
        done.append(f"jpeg {quality}")
    return ", ".join(done) or "clean", image


def sheets(pack_name: str, seed: int, count: int) -> Iterator[Sheet]:
    """Yield pages of all kinds in turn."""
    pack = load_pack(pack_name, wide=True)
    rng = Random(seed)
    cast = Cast(pack, seed, list(make_people(pack, seed, 4 * count)))
    people = [cast.people[key] for key in cast.homes]
    noon = datetime.datetime.combine(cast.today, datetime.time(12))
    for number in range(count):
        kind, person, dots = KINDS[number % len(KINDS)], people[number], rng.choice((100, 150, 200, 200, 300))
        form = rng.choice(fitting_forms(pack, person))
        pairs, paper = make_form(rng, cast, form, person)
        lines = [cast.house, "", *(part for line in paper.lines for part in written(line, 92))][:58]
        facts = paper.facts
        if kind in ("card", "photo_card"):
            lines, facts = insurance_card(rng, cast, person)
        if kind == "list":
            some = rng.sample(people, rng.randint(8, 30))
            grid = ListMaker(rng, cast, rng.choice(pack.lists), some, stored_typed=False).make("titled")
            lines = columns_of(grid, cap=60)[:44]
            facts = [fact for line in grid.lines for cell in line if cell for fact in cell.facts]
        if kind in ("photo_card", "photo_form"):
            made = write_photo(rng, "x", Original(lines), facts, noon, card=kind == "photo_card")
            yield Sheet(kind, made.layout, Image.open(io.BytesIO(made.data)), on_page(facts, lines))
        elif kind == "fax":
            image, way = _fax(rng, lines, facts)
            yield Sheet(kind, way, image, on_page(facts, lines))
        else:
            if kind == "boxes":
                pdf = form_page(rng, cast.house, form.title, pairs, pack.words["signed"], filled=True).data
                lines = text_of(pdf)
            else:
                wide = kind == "list" and max(map(len, lines)) > 104
                pdf = write_pages([lines], mono=kind == "list" or rng.random() < 0.3, landscape=wide)
            if kind != "list":
                pdf = pdf.replace(b"/Helvetica ", rng.choice(FONTS) + b" ")
            image = render(pdf, max(dots, 150) if kind in ("list", "boxes") else dots)
            if kind == "card":
                image = image.crop(
                    (0, dots // 3, round(4.2 * dots), dots // 3 + round((0.5 + len(lines) / 5.5) * dots))
                )
            harm, image = harmed(rng, image)
            yield Sheet(kind, f"{dots} dpi, {harm}", image, on_page(facts, lines))


def _fax(rng: Random, lines: list[str], facts: list[Fact]) -> tuple[Image.Image, str]:
    while True:
        made = write_picture(rng, "x", Original(lines), facts, [], "05/02/2019 09:14   555-0100   Page")
        if made.media == "image/tiff":
            image = Image.open(io.BytesIO(made.data))
            return image, f"{made.layout} {image.size} {image.info.get('compression')} {image.info.get('dpi')}"


def textless(seed: int, count: int) -> Iterator[tuple[str, Image.Image]]:
    """Yield pictures without a letter on them: logos, signatures, photographs, bars, borders."""
    rng = Random(seed)
    for number in range(count):
        kind = ("logo", "signature", "photograph", "banner", "icon", "rules", "noise")[number % 7]
        wide, high = rng.randint(40, 420), rng.randint(30, 260)
        image = Image.new("RGB", (wide, high), rng.choice(("white", "#f4f4f0", "#103a5c")))
        draw = ImageDraw.Draw(image)
        colour = tuple(rng.randrange(256) for _ in range(3))
        if kind == "logo":
            for _ in range(rng.randint(1, 4)):
                x, y, size = rng.randrange(wide), rng.randrange(high), rng.randint(10, 90)
                shape = rng.choice((draw.ellipse, draw.rectangle))
                shape((x, y, x + size, y + size), fill=tuple(rng.randrange(256) for _ in range(3)))
            draw.polygon([(rng.randrange(wide), rng.randrange(high)) for _ in range(3)], fill=colour)
        elif kind == "signature":
            steps = [t / 4 for t in range(240)]
            swing, bow = rng.uniform(1, 2), rng.uniform(0.5, 0.9)
            points = [
                (wide * (0.1 + 0.8 * t / 60) + 12 * math.sin(t * swing), high * (0.5 + 0.3 * math.sin(t * bow)))
                for t in steps
            ]
            draw.line(points, fill=(20, 20, 90), width=rng.randint(1, 3))
        elif kind in ("photograph", "noise"):
            small = np.random.default_rng(rng.randrange(1 << 30)).integers(0, 255, (7, 9, 3), dtype=np.uint8)
            image = Image.fromarray(small).resize((wide * 2, high * 2), Image.Resampling.BICUBIC)
            if kind == "noise":
                image = Image.effect_noise((wide, high), 60)
        elif kind == "banner":
            for x in range(wide):
                draw.line((x, 0, x, high), fill=(x * 255 // wide, 80, 160))
        elif kind == "icon":
            image = Image.new("RGBA", (rng.randint(9, 40),) * 2, (0, 0, 0, 0))
            ImageDraw.Draw(image).ellipse((2, 2, image.width - 2, image.height - 2), fill=(*colour, 255))
        else:
            for y in range(8, high, rng.randint(9, 40)):
                draw.line((4, y, wide - 4, y), fill="black", width=rng.randint(1, 3))
        yield kind, image


class FastTier:
    """What changes where Tesseract reads first: fields right, and seconds by the clock, as it runs apart from us."""

    def __init__(self) -> None:
        tools.offer(self._run)
        self._seconds = 0.0
        self._pages = self._kept = self._fields = self._wrong = self._wrong_kept = self._alone_kept = 0

    @staticmethod
    def _run(name: str, untrusted: Readable) -> Iterator[bytes]:
        yield from programs.run(name, untrusted.fileno(), Limits(), lambda: None)

    def read(self, sheet: Sheet, grey: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]", wrong: int) -> None:
        """Read a page of which the networks alone have so many fields wrong."""
        before = time.monotonic()
        page = read_fast(grey)
        self._seconds += time.monotonic() - before
        self._pages += 1
        self._fields += len(sheet.wanted)
        if page is None:
            self._wrong += wrong
            return
        text = squeezed(page.text)
        lost = [field for field in sheet.wanted if squeezed(field) not in text]
        self._kept += 1
        self._wrong += len(lost)
        self._wrong_kept += len(lost)
        self._alone_kept += wrong
        print(f"    kept {sheet.kind} {lost or ''}", flush=True)

    def tell(self, seconds: float) -> None:
        """Print it; `seconds` is what the networks took for all pages."""
        right = self._fields - self._wrong
        print(
            f"\nFast tier: kept on {self._kept} of {self._pages} pages; fields right with it {right} of {self._fields} "
            f"({100 * right / max(1, self._fields):.1f} %); on the pages it kept {self._wrong_kept} wrong, "
            f"{self._alone_kept} by the networks; {self._seconds / max(1, self._pages):.2f} s a page by the clock, "
            f"{seconds / max(1, self._pages):.2f} CPU s by the networks."
        )


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--pack", default="test")
    parse.add_argument("--seed", type=int, default=4)
    parse.add_argument("--pages", type=int, default=60)
    parse.add_argument("--empty", type=int, default=42, help="pictures without text")
    parse.add_argument("--fast", action="store_true", help="read each page by the fast tier too")
    parse.add_argument("--to", type=Path, help="folder for the pages with mistakes")
    asked = parse.parse_args()
    load_all()
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    pages: Counter[str] = Counter()
    seconds: dict[str, float] = defaultdict(float)
    false_empty = unsure = 0
    tier = FastTier() if asked.fast else None
    for number, sheet in enumerate(sheets(asked.pack, asked.seed, asked.pages)):
        grey = upright_grey(sheet.image)
        started = time.process_time()
        page = read_page(grey)
        seconds[sheet.kind] += time.process_time() - started
        text = squeezed(page.text)
        wrong = [field for field in sheet.wanted if squeezed(field) not in text]
        if tier is not None:
            tier.read(sheet, grey, len(wrong))
        pages[sheet.kind] += 1
        right[sheet.kind] += len(sheet.wanted) - len(wrong)
        wanted[sheet.kind] += len(sheet.wanted)
        false_empty += not page.text and not page.n_unread
        unsure += page.n_unsure
        if wrong and asked.to:
            asked.to.mkdir(parents=True, exist_ok=True)
            name = f"{number:03}_{sheet.kind}"
            Image.fromarray(grey).save(asked.to / f"{name}.png")
            told = f"{sheet.harm}\nturned {page.turned}, skew {page.skew}\n{wrong}\n\n{page.text}\n"
            (asked.to / f"{name}.txt").write_text(told)
        share = f"{len(sheet.wanted) - len(wrong)}/{len(sheet.wanted)}"
        print(f"{number:3} {sheet.kind:11} {share} {sheet.harm} {wrong or ''}", flush=True)
    print("\n| kind | pages | fields right | of | share | CPU s a page |\n|---|---|---|---|---|---|")
    for kind in (*KINDS, "all"):
        of, ok, n, took = (
            (sum(one.values()) if kind == "all" else one[kind]) for one in (wanted, right, pages, seconds)
        )
        print(f"| {kind} | {n} | {ok} | {of} | {100 * ok / max(1, of):.1f} % | {took / max(1, n):.2f} |")
    print(f"\nFalse empty: {false_empty}; words below the score that a person should look at: {unsure}.")
    if tier is not None:
        tier.tell(sum(seconds.values()))
    empty: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    started = time.process_time()
    for kind, image in textless(asked.seed, asked.empty):
        page = read_page(upright_grey(image))
        kinds[kind] += 1
        empty[kind] += not page.text and not page.n_unread
    took = (time.process_time() - started) / max(1, asked.empty)
    told = ", ".join(f"{kind} {empty[kind]} of {kinds[kind]}" for kind in kinds)
    print(f"Without text, called empty: {sum(empty.values())} of {asked.empty} ({told}); {took:.2f} CPU s each.")
    print(f"Memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB.")


if __name__ == "__main__":
    main()
