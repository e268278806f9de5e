"""Reading of pictures: words with their places, whichever way the page lies; nothing leaves the process.

Only the tests of whole pictures ask the networks, and only for a few lines.
"""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.items.ocr import upright
from rollcall.items.ocr.find import Box
from rollcall.items.ocr.layout import Placed, lay_out
from rollcall.items.ocr.look import count_strokes, letter_height, scales_of, why_empty
from rollcall.items.ocr.page import Page, Seen, read_page
from rollcall.items.ocr.recognise import HEIGHT, Letter
from rollcall.items.ocr.words import words_of
from rollcall.items.parser import Fault, Limits, Text
from rollcall.items.parsers import picture
from rollcall.items.pixels import page_bytes
from rollcall.items.readable import MemoryReadable
from tests.items.drawn import drawn

CARD = ("Name: Marisol Okonkwo      DOB: 03/02/1984", "Member ID: MC883920114", "SSN: 899-45-1234")


# --- which way up --------------------------------------------------------------------------------------------------


def lines_at(angle: float, count: int = 8) -> list[Box]:
    return [Box(300, 40.0 * n, 200 + 10 * n, 20, (angle + 45) % 180 - 45, 0.9) for n in range(1, count)]


@pytest.mark.parametrize("angle", [0, 0.25, -0.25, 3.7, -5, 44, -44, 85, 90, 93.2, 130])
def test_the_angle_of_the_writing_is_found(angle: float) -> None:
    stray = [Box(5, 5, 30, 20, 80, 0.9), Box(9, 9, 300, 12, (angle + 30 + 45) % 180 - 45, 0.9)]
    found = upright.lie([*lines_at(angle), *stray])
    assert abs(upright.apart(found, angle)) <= 0.25


@given(st.floats(-45, 134.9), st.lists(st.floats(-1, 1), min_size=3, max_size=9))
def test_lines_that_differ_a_little_give_what_lies_between(angle: float, offs: list[float]) -> None:
    boxes = [Box(0, 0, 200, 20, (angle + off + 45) % 180 - 45, 0.9) for off in offs]
    assert min(offs) - 0.3 <= upright.apart(upright.lie(boxes), angle) <= max(offs) + 0.3


def test_a_page_turned_back_has_its_lines_level() -> None:
    left, right = upright.place(100, 100, 30), upright.place(100 + 86.6, 150, 30)
    assert abs(left[1] - right[1]) < 0.1
    assert right[0] > left[0]


# --- words of a line -----------------------------------------------------------------------------------------------


def strip(*inked: tuple[int, int], width: int = 400) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
    found = np.full((HEIGHT, width), 240, np.uint8)
    for start, end in inked:
        found[12:36, start:end] = 20
    return found


def letters(text: str, *at: int, width: int = 400, score: float = 0.9) -> list[Letter]:
    return [Letter(char, place / width, score) for char, place in zip(text, at, strict=True)]


@pytest.mark.parametrize(
    ("read", "inked", "words"),
    [
        (letters("ab cd", 20, 40, 55, 70, 90), [(10, 50), (60, 100)], [("ab", 10, 50), ("cd", 60, 100)]),
        (letters("abcd", 20, 40, 170, 190), [(10, 50), (160, 200)], [("ab", 10, 50), ("cd", 160, 200)]),  # a column
        (letters("abcd", 20, 40, 70, 90), [(10, 50), (60, 100)], [("abcd", 10, 100)]),  # wide type, no space read
        (letters(" ab  ", 4, 20, 40, 60, 70), [(10, 50)], [("ab", 10, 50)]),
        (letters("a:b", 20, 40, 60), [(10, 30), (38, 42), (55, 65)], [("a:", 10, 42), ("b", 55, 65)]),
        (letters("1:3", 20, 40, 60), [(10, 30), (38, 42), (48, 65)], [("1:3", 10, 65)]),
        (letters("1~3", 20, 40, 60), [(10, 65)], [("1-3", 10, 65)]),
        (letters("：", 20), [(15, 25)], [(":", 15, 25)]),
        ([], [(10, 50)], []),
    ],
)
def test_words_are_cut_at_spaces_and_columns(
    read: list[Letter], inked: list[tuple[int, int]], words: list[tuple[str, int, int]]
) -> None:
    found = words_of(read, strip(*inked))
    assert [(word.text, round(word.start * 400), round(word.end * 400)) for word in found] == words


# --- the text of a page --------------------------------------------------------------------------------------------


NUMBERS = itertools.count(1000)


def placed(text: str, left: float, y: float, slope: float = 0.0, line: int | None = None) -> Placed:
    right = left + 10 * len(text)
    return Placed(text, left, right, left + 5, right - 5, y, 14, slope, next(NUMBERS) if line is None else line)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([placed("world", 60, 10), placed("Hello", 0, 10)], "Hello world"),
        ([placed("Name:", 0, 10), placed("Ann", 60, 11), placed("DOB:", 300, 10)], "Name: Ann" + " " * 21 + "DOB:"),
        ([placed("one", 0, 10), placed("two", 0, 30), placed("three", 0, 50), placed("x", 0, 150)],
         "one\ntwo\nthree\n\nx"),
        # A photograph: the line falls to the right by more than a line's height.
        ([placed("left", 0, 10, 0.05), placed("right", 700, 45, 0.05), placed("under", 0, 35, 0.05)],
         "left" + " " * 66 + "right\nunder"),
        # Thin letters of a typewriter face leave room beside them; two spaces are a column.
        ([placed("all", 0, 10), Placed("i1l", 46, 64, 45, 65, 10, 14, 0, 9), placed("x", 90, 10)], "all i1l  x"),
        # One line as it was read stays one, however askew.
        ([placed("Port", 0, 10, 0, 1), placed("Alvah", 50, 22, 0, 1), placed("MA", 300, 20)],
         "Port Alvah" + " " * 20 + "MA"),
        ([], ""),
    ],
)  # fmt: skip
def test_words_go_to_lines_and_keep_their_columns(words: list[Placed], text: str) -> None:
    laid = lay_out(words)
    assert laid.text == text
    assert all(laid.text.startswith(words[number].text, start) for number, start in laid.starts)


def test_two_columns_of_sentences_are_read_one_after_the_other() -> None:
    left = [
        [placed(word, 60 * n, 20 * row) for n, word in enumerate(("aaaa", "bbbb", "cccc", "dddd"))] for row in range(6)
    ]
    right = [
        [placed(word, 400 + 60 * n, 20 * row) for n, word in enumerate(("eeee", "ffff", "gggg", "hhhh"))]
        for row in range(6)
    ]
    lines = lay_out([word for row in (*left, *right) for word in row]).text.split("\n")
    assert [line.split()[0] for line in lines] == ["aaaa"] * 6 + ["eeee"] * 6


@given(st.lists(st.tuples(st.text("abc:", min_size=1, max_size=9), st.floats(0, 900), st.floats(0, 900)), max_size=30))
def test_no_word_is_lost_in_layout(words: list[tuple[str, float, float]]) -> None:
    laid = lay_out([placed(text, left, y) for text, left, y in words])
    assert sorted(laid.text.split()) == sorted(text for text, _, _ in words)
    assert sorted(number for number, _ in laid.starts) == list(range(len(words)))


# --- a cheap look --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grey", "why"),
    [
        (np.zeros((1, 1), np.uint8), "1 x 1 pixels"),
        (np.full((90, 90), 200, np.uint8), "one colour"),
        (np.tile(np.linspace(0, 255, 90, dtype=np.uint8), (90, 1)), ""),
    ],
)
def test_a_look_calls_empty_only_what_is(grey: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]", why: str) -> None:
    assert why_empty(grey) == why


@pytest.mark.parametrize("dots", [100, 200, 300])
def test_letters_are_measured_whatever_the_scan(dots: int) -> None:
    height = letter_height(drawn(CARD, dots))
    assert 0.06 * dots < height < 0.14 * dots
    assert count_strokes(drawn(CARD, dots)) > 30


def test_a_large_sheet_is_looked_at_smaller() -> None:
    huge = np.tile(drawn(CARD, 100), (30, 10))
    scales = scales_of(huge)
    assert all(huge.size * scale**2 < 4_100_000 for scale in scales)
    closer = scales_of(drawn(CARD, 200))
    assert len(closer) == 3
    assert closer[1] > closer[0] > closer[2]


# --- whole pictures ------------------------------------------------------------------------------------------------


def said(page: Page) -> str:
    return " ".join(page.text.split())


def test_a_card_is_read_on_its_head_with_the_place_of_each_word() -> None:
    upright_page = drawn(CARD, 150)
    page = read_page(np.ascontiguousarray(upright_page[::-1, ::-1]))
    assert said(page) == "Name: Marisol Okonkwo DOB: 03/02/1984 Member ID: MC883920114 SSN: 899-45-1234"
    assert (page.turned, page.n_unread, page.empty) == (180, 0, "")
    assert abs(page.skew) < 0.3
    first, last = page.words[0], page.words[-1]
    assert page.text[first.start : first.end] == "Name:"
    assert page.text[last.start : last.end] == "899-45-1234"
    assert (first.x0, first.y0) > (last.x0, last.y0)  # as the picture lies: on its head
    assert all(0 <= word.x0 < word.x1 <= 1 and 0 <= word.y0 < word.y1 <= 1 for word in page.words)


def test_a_page_on_its_side_and_askew_is_a_part_with_boxes() -> None:
    import cv2

    level = drawn(CARD, 150)
    high, wide = level.shape
    askew = cv2.warpAffine(level, cv2.getRotationMatrix2D((wide / 2, high / 2), 3, 1), (wide, high), borderValue=255)
    values = list(picture.parse(MemoryReadable(page_bytes(np.ascontiguousarray(np.rot90(askew)))), Limits()))
    (text,) = values
    assert isinstance(text, Text)
    assert "SSN: 899-45-1234" in text.text
    assert text.boxes is not None
    assert (text.boxes.turned, round(text.boxes.skew)) == (90, -3)
    assert len(text.boxes.starts) == len(text.boxes.scores) == len(text.text.split())


@pytest.mark.parametrize(
    ("n_words", "n_unsure", "n_unread", "empty", "codes"),
    [
        (40, 0, 0, "", []),
        (40, 3, 0, "", ["few_low_scores"]),
        (40, 4, 0, "", ["low_score"]),
        (40, 0, 1, "", ["few_low_scores"]),
        (40, 2, 1, "", ["low_score"]),
        (0, 0, 1, "", ["low_score", "few_letters"]),
        (0, 0, 0, "no line of text found", ["no_text"]),
    ],
)
def test_how_much_doubt_makes_a_person_look(
    monkeypatch: pytest.MonkeyPatch, n_words: int, n_unsure: int, n_unread: int, empty: str, codes: list[str]
) -> None:
    words = tuple(Seen(3 * n, 3 * n + 2, 0.1, 0.1, 0.2, 0.2, 0.9) for n in range(n_words))
    page = Page("ab " * n_words, words, 0, 0.0, n_unsure, n_unread, empty)
    monkeypatch.setattr(picture, "read_page", lambda grey: page)
    values = list(picture.parse(MemoryReadable(page_bytes(np.zeros((9, 9), np.uint8))), Limits()))
    assert [value.code for value in values if isinstance(value, Fault)] == codes


def test_what_cannot_be_made_out_is_a_problem_and_never_empty() -> None:
    rng = np.random.default_rng(3)
    small = drawn(CARD, 60)
    scrawl = np.clip(small.astype(int) + rng.normal(0, 40, small.shape), 0, 255).astype(np.uint8)
    values = list(picture.parse(MemoryReadable(page_bytes(scrawl)), Limits()))
    assert any(isinstance(value, Text) or (isinstance(value, Fault) and value.code == "low_score") for value in values)
    assert not any(isinstance(value, Fault) and value.code == "no_text" for value in values)


GUARDED = """
import sys, os
import numpy as np
from rollcall.items.ocr.models import load_all
from rollcall.items.ocr.page import read_page
from tests.items.drawn import drawn
page = drawn(("Ann Tindall 1951",), 120)
def refuse(event, arguments):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system", "_thread.start_new_thread"):
        raise SystemExit(f"not allowed: {event}")
    if event == "open" and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise SystemExit("not allowed: writing")
sys.addaudithook(refuse)
load_all()
print(read_page(page).text)
"""


def test_no_network_no_file_no_process_and_no_thread() -> None:
    done = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Ann Tindall 1951\n"


# --- logos and signatures ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "side", "sparse"),
    [
        (("Mrcy", "Heolth"), 0.2, True),
        (("Mrcy", "Heolth"), 0.7, False),  # letters fill it: a label
        (("bed", "4"), 0.2, False),
        (("J.", "Tindall", "born", "in", "May", "or", "so"), 0.1, False),
    ],
)
def test_what_may_be_a_logo(words: tuple[str, ...], side: float, sparse: bool) -> None:
    seen = tuple(Seen(0, len(word), 0.1, 0.1, 0.1 + side, 0.1 + side, 0.3) for word in words)
    assert picture._is_sparse(Page(text=" ".join(words), words=seen, n_unsure=len(words))) is sparse
