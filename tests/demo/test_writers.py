"""The files that are written by hand open in other people's readers, and say there what they were given."""

import datetime
import io
import posixpath
import zipfile
import zlib
from random import Random
from xml.etree import ElementTree

import docx
import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageOps

from rollcall.demo.grid import Cell, Line
from rollcall.demo.truth import Fact
from rollcall.demo.writers.archive import zip_bytes
from rollcall.demo.writers.docx import write_docx
from rollcall.demo.writers.form_page import FormPage, form_page
from rollcall.demo.writers.handwriting import Penman
from rollcall.demo.writers.pdf import ROWS, write_pdf
from rollcall.demo.writers.photo import write_photo
from rollcall.demo.writers.picture import Original, write_picture
from rollcall.demo.writers.scan import write_scan
from rollcall.demo.writers.slides import Slide, write_slides

LINES = ["Dear (Colleague)", "", "Größe \\ 2", "x" * 70]


def test_a_pdf_opens_and_its_pages_say_the_lines() -> None:
    fact = Fact("P1", "patient", "ssn", "full", "1", "1", "")
    lines = [*LINES, *(f"line {n}" for n in range(ROWS)), "last"]
    made = write_pdf("letter", "", "a", lines, [(0, fact), (len(lines) - 1, fact)], mono=True)
    document = pypdfium2.PdfDocument(made.data)
    texts = [page.get_textpage().get_text_range() for page in document]
    assert [one.spot for one in made.facts] == ["page 1", "page 2"]
    assert texts[0].startswith("Dear (Colleague)")
    assert "Größe \\ 2" in texts[0]
    assert texts[1].strip().endswith("last")


def test_a_word_file_opens_with_its_paragraphs_and_table() -> None:
    made = write_docx("form", "", "a", LINES, [], [("Name", "O'Brien & Sons <x>"), ("DOB", "1/2/1960")])
    document = docx.Document(io.BytesIO(made.data))
    assert [one.text for one in document.paragraphs][: len(LINES)] == LINES
    assert [[cell.text for cell in row.cells] for row in document.tables[0].rows] == [
        ["Name", "O'Brien & Sons <x>"],
        ["DOB", "1/2/1960"],
    ]


def test_a_scan_is_a_whole_picture() -> None:
    data = write_scan(Random(1))
    at, chunks = 8, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        assert zlib.crc32(data[at + 4 : at + 8 + size]) == int.from_bytes(data[at + 8 + size : at + 12 + size], "big")
        chunks.append(data[at + 4 : at + 8])
        at += 12 + size
    assert chunks == [b"IHDR", b"IDAT", b"IEND"]


@pytest.mark.parametrize("members", [[], [("a/b.txt", b"1")], [("x", b""), ("y", b"2" * 5000)]])
def test_the_same_members_give_the_same_archive(members: list[tuple[str, bytes]]) -> None:
    assert zip_bytes(members) == zip_bytes(list(members))


def _boxed(*, filled: bool) -> FormPage:
    pairs = [
        ("About", None),
        ("Name", "Ann O'Hara-Núñez"),
        ("Born", "3/7/1961"),
        ("Home", "12 Oak St, Apt. 4, Alder Falls"),
        ("", ""),
    ]
    return form_page(Random(2), "House", "Title", pairs, ["Signed"], filled=filled)


@pytest.mark.parametrize("filled", [True, False])
def test_a_form_in_boxes_holds_its_values_only_if_printed(filled: bool) -> None:
    page = _boxed(filled=filled)
    text = pypdfium2.PdfDocument(page.data)[0].get_textpage().get_text_range()
    assert all(one in text for one in ("House", "Title", "About", "Name", "Born", "Signed"))
    assert [value in text for value in ("Ann O'Hara-Núñez", "3/7/1961", "12 Oak St, Apt. 4, Alder Falls")] == [
        filled
    ] * 3
    assert all(box.x >= 0 and box.x + box.wide <= 612 for box in page.boxes)


def test_handwriting_leaves_ink_for_every_sign_that_forms_ask_for() -> None:
    for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz0123456789-/.,'()#:@&é":
        image = Image.new("L", (120, 80), 255)
        Penman(Random(1)).write(ImageDraw.Draw(image), 20, 60, sign, 80, 40)
        assert min(image.tobytes()) < 128, sign


SEEDS = (0, 1, 2, 5, 6)  # together all ways


def _pictured(cover: list[str], lines: int) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for seed in SEEDS:
        original = Original(["word " * 8] * lines) if seed % 2 else Original([], _boxed(filled=False))
        made = write_picture(Random(seed), "a", original, [], cover, "01/02/2019 10:11")
        found.setdefault(made.layout.partition("_hand")[0], []).append(made.data)
        assert made.media.endswith({"tif": "tiff", "jpg": "jpeg"}.get(made.name[2:], made.name[2:]))
    return found


def test_pictures_of_pages_are_faxes_of_several_pages_scans_and_scanned_files() -> None:
    found = _pictured(["FAX", "to you"], 70)
    assert found.keys() == {"fax", "scan", "turned", "scanned_pdf"}
    for data in found["fax"]:
        with Image.open(io.BytesIO(data)) as fax:
            assert (fax.format, fax.mode, fax.info["compression"] in ("group4", "tiff_lzw")) == ("TIFF", "1", True)
            assert fax.n_frames == 3  # type: ignore[attr-defined]
    assert {len(pypdfium2.PdfDocument(data)) for data in found["scanned_pdf"]} == {1, 2}


PHOTOS = (1, 3, 4)  # on its side, upright, without a note


def test_photographs_are_jpeg_and_say_which_way_is_up() -> None:
    turns: set[object] = set()
    for seed in PHOTOS:
        when = datetime.datetime(2019, 3, 7, 9, 30, tzinfo=datetime.UTC)
        original = Original([], _boxed(filled=False)) if seed % 2 else Original(["PLAN", "", "Name: A"])
        made = write_photo(Random(seed), "a", original, [], when, card=seed % 2 == 0)
        with Image.open(io.BytesIO(made.data)) as photo:
            assert (photo.format, photo.mode) == ("JPEG", "RGB")
            upright = ImageOps.exif_transpose(photo)
            turns.add(photo.getexif().get(0x0112))
            wide, high = upright.size
            if photo.getexif():
                assert (wide > high) == made.layout.startswith("photo_card")
    assert turns == {1, 6, None}


def test_a_deck_says_on_each_slide_what_it_was_given() -> None:
    fact = Fact("P1", "patient", "ssn", "full", "1", "1", "")
    table: list[Line] = [[Cell("Name", bold=True), Cell("SSN", bold=True)], [Cell("<O'Brien>"), None]]
    made = write_slides("a", [Slide("Cover", ["House"]), Slide("List", table=table, facts=[fact])])
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        names = archive.namelist()
        trees = {name: ElementTree.fromstring(archive.read(name)) for name in names}  # noqa: S314 - our own
    said = ["".join(trees[f"ppt/slides/slide{number}.xml"].itertext()) for number in (1, 2)]
    assert ("Cover" in said[0], "House" in said[0], "<O'Brien>" in said[1]) == (True, True, True)
    assert [one.spot for one in made.facts] == ["slide 2"]
    for name, tree in trees.items():  # every part that another leans on is there
        if name.endswith(".rels"):
            folder = name.replace("_rels/", "").rpartition("/")[0]
            targets = [posixpath.normpath(posixpath.join(folder, tie.attrib["Target"])) for tie in tree]
            assert set(targets) <= set(names), name
