"""Where printed text stands: each character of a page and of its tables lies inside the box that is told for it."""

import random

import pytest

from rollcall.items.parser import Boxes, Limits, Table, Text
from rollcall.items.parsers import pdf
from rollcall.items.pdf.boxes import flat, of_words
from rollcall.items.pdf.words import Word
from rollcall.items.readable import MemoryReadable
from tests.items.pdf_file import pdf_file

LIMITS = Limits()
LETTER = (b"BT /F1 11 Tf 72 700 Td (Dear Ann Frobisher,) Tj 0 -20 Td (your MRN is 0044812 since May.) Tj "
          b"0 -20 Td (Regards) Tj ET")  # fmt: skip
ROWS = [("Name", "MRN", "Born"), *((f"Ann{n} Ott", f"004{n}81", f"19{n}1-02-0{n}") for n in range(1, 8))]
SHEET = b" ".join(
    b"BT /F1 10 Tf %d %d Td (%s) Tj ET" % (72 + 150 * col, 700 - 18 * row, cell.encode())
    for row, cells in enumerate(ROWS)
    for col, cell in enumerate(cells)
)


def parts(data: bytes) -> list[tuple[str, Boxes]]:
    """Return each text or table of the pages as one text, with its boxes."""
    values = [one for one in pdf.parse(MemoryReadable(data), LIMITS) if isinstance(one, (Text, Table))]
    told = [(one.text if isinstance(one, Text) else flat(one.rows), one.boxes) for one in values]
    return [(text, boxes) for text, boxes in told if boxes is not None]


def place_of(text: str, boxes: Boxes, value: str) -> tuple[float, float, float, float]:
    """Return the box of the stretch that holds a value."""
    at = text.index(value)
    places = zip(boxes.starts, boxes.ends, boxes.x0, boxes.y0, boxes.x1, boxes.y1, strict=True)
    return next(box for start, end, *box in places if start <= at and at + len(value) <= end)  # type: ignore[misc]


def test_a_letter() -> None:
    ((text, boxes),) = parts(pdf_file([LETTER]))
    x0, y0, x1, y1 = place_of(text, boxes, "0044812")
    assert x0 == pytest.approx(72 / 612, abs=0.01)
    assert y0 < 1 - 680 / 792 < y1 + 0.01
    assert y1 - y0 < 0.03
    assert x1 < 0.5
    assert boxes.scores == []
    assert len(boxes.starts) == 3


def test_a_table() -> None:
    ((text, boxes),) = parts(pdf_file([SHEET]))
    for row, cells in enumerate(ROWS):
        for col, cell in enumerate(cells):
            x0, y0, x1, y1 = place_of(text, boxes, cell)
            assert x0 == pytest.approx((72 + 150 * col) / 612, abs=0.01)
            assert y0 < 1 - (703 - 18 * row) / 792 < y1
            assert x1 - x0 < 150 / 612


@pytest.mark.parametrize(("turned", "left", "top"), [(90, 680 / 792, 72 / 612), (180, None, 680 / 792)])
def test_a_page_that_is_shown_turned(turned: int, left: float | None, top: float) -> None:
    ((text, boxes),) = parts(pdf_file([LETTER], page_keys=b"/Rotate %d" % turned))
    box = place_of(text, boxes, "0044812")
    assert box[1] == pytest.approx(top, abs=0.02)
    if left is not None:
        assert box[0] == pytest.approx(left, abs=0.02)


def test_equal_words_have_places_of_their_own() -> None:
    words = [Word(10.0 * n, 10.0 * n + 5, 0.0, 10.0, word, n, n) for n, word in enumerate(["a", "b", "a", "b", "a"])]
    apart = [word._replace(bottom=-20.0 * n) for n, word in enumerate(words)]
    found = list(of_words("a b a b a", apart))
    assert [one.bottom for one in found] == [0.0, -20.0, -40.0, -60.0, -80.0]


@pytest.mark.parametrize("seed", range(5))
def test_any_words_in_any_order_are_found(seed: int) -> None:
    chance = random.Random(seed)
    names = ["".join(chance.choices("abc", k=chance.randint(1, 4))) for _ in range(60)]
    words = [
        Word(50.0 * (n % 6), 50.0 * (n % 6) + 20, -15.0 * (n // 6), 10.0, name, n, n) for n, name in enumerate(names)
    ]
    chance.shuffle(names)
    text = " ".join(names)
    found = list(of_words(text, words))
    covered = "".join(text[one.start : one.end] for one in found)
    assert len(covered.replace(" ", "")) >= 0.9 * len(text.replace(" ", ""))
