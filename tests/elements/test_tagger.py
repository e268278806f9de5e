import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.elements import tagger
from rollcall.elements.names import name_candidates
from rollcall.elements.tagger import MARGIN, PIECE, Reading
from rollcall.elements.tagger_words import BLANK, BREAK, BUCKETS, SLOTS, row, tokens

LETTERS = "Hi Dana,\n\nPlease call Maria Lopez-Garcia (DOB 1/2/80) about the MRI.\n\nThanks,\nWill Grant, RN"
TEXTS = (
    LETTERS,
    "pt tou xiong called again, wants metformin",
    "OKAFOR, CHIDI M JR  MRN 448213",
    "Mercy General Hospital\n1420 Grant Ave, Madison",
    "",
    "Fadumo Warsame Jama was seen by Dr. O'Neill. " * 40,
    "Ngozi and her mother, Abena Owusu, share one phone.",
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Please call Qorsho Dhuuxulow about her ride.", ["Qorsho Dhuuxulow"]),
        ("Patient Pazelle Tchwenko, MRN 88231, was discharged.", ["Pazelle Tchwenko"]),
        ("Spoke with Nhia Xyooj and her husband Tou.", ["Nhia Xyooj", "Tou"]),
        ("Dr. Price saw May Grant on 3/4/2019.", ["Price", "May Grant"]),
        ("Subject: RE: TAVAREZ-BRANDAO, LUCINDA P / 88213", ["TAVAREZ-BRANDAO, LUCINDA P"]),
        ("Will you be in the office on Monday? May I call you?", []),
        ("Grant funding for Cardiology ends in June.", []),
        ("History of Crohn's disease; takes Humira and Lipitor.", []),
        ("Harvard Pilgrim and Blue Cross denied the claim.", []),
    ],
)
def test_names_by_context(text, named):
    assert [text[one.start : one.end] for one in Reading(text).names if one.score >= 0.5] == named


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(len(TEXTS))), st.sets(st.integers(0, len(TEXTS) - 1)))
def test_a_text_is_read_by_itself(order, again):
    alone = {index: _fresh(TEXTS[index]) for index in range(len(TEXTS))}
    assert {index: Reading(TEXTS[index]).names for index in order} == alone
    assert {index: Reading(TEXTS[index]).names for index in again} == {index: alone[index] for index in again}


_ALONE: dict[str, list[tagger.Named]] = {}


def _fresh(text):
    """Return what a process finds that reads nothing else."""
    if text not in _ALONE:
        tagger._model.cache_clear()
        _ALONE[text] = Reading(text).names
    return _ALONE[text]


def test_where_a_piece_ends_changes_nothing():
    line = "Please call Maria Lopez-Garcia about the new card.\n"
    words = len(tokens(line)[0])
    lines = 2 * PIECE // words + 3
    names = Reading(line * lines).names
    assert [(one.start % len(line), one.end % len(line)) for one in names] == [(12, 30)] * lines
    middle = {one.score for one in names[2:-2]}
    assert max(middle) - min(middle) <= 0.0002  # the same sums in another order of adding
    assert words < MARGIN


@settings(deadline=None)
@given(st.text(alphabet="Aa b'-,.\n>@9é\u0301_ß", max_size=120))
def test_any_text(text):
    words, starts, ends = tokens(text)
    assert all(a < b for a, b in zip(starts, ends, strict=True))
    assert all(b <= a for b, a in zip(ends, starts[1:], strict=False))
    assert all(len(row(word)) == SLOTS and 0 <= min(row(word)) <= max(row(word)) < BUCKETS for word in words)
    last = 0
    for one in Reading(text).names:
        assert last <= one.start < one.end <= len(text)
        assert 0 < one.score <= 1
        last = one.end


def test_tokens():
    assert tokens("> Hi O'Neil,\n> \n> Ng's x.y@z.com\n\tA1")[0] == (
        [">", "Hi", "O'Neil", ",", BLANK, "Ng", "'s", "@", BREAK, "A1"]
    )


def test_words_are_seen_as_in_training():
    tagger._model().verify()


def test_long_texts_are_read_in_slabs():
    line = "Please call Maria Lopez-Garcia about the new card.\n"
    found = name_candidates(line * 2500)
    assert {(start % len(line), end % len(line)) for start, end, _, _ in found} == {(12, 30)}
    assert len(found) == 2500
