from hypothesis import given
from hypothesis import strategies as st

from rollcall.elements.blocks import blocks


def ids(text):
    return [block for _, _, block in blocks(text)]


def test_a_quoted_paragraph_is_the_same_block():
    plain = "The patient Ana Lopez\nwas seen today.\n\nRegards"
    assert ids("> The patient Ana\n> Lopez was seen today.\n>\n> Regards") == ids(plain)
    assert ids(">> The patient Ana Lopez was   seen today.\n\n  Regards") == ids(plain)


def test_case_and_words_are_kept():
    assert ids("Ana Lopez") != ids("ana lopez")
    assert ids("Ana Lopez") != ids("AnaLopez")


def test_spans():
    text = "\n\none\ntwo\n \nthree"
    assert [text[start:end] for start, end, _ in blocks(text)] == ["one\ntwo", "three"]


@given(st.text(alphabet="ab >\n\r\t\x0b\u2028", max_size=60))
def test_blocks_cover_all_that_is_not_blank(text):
    covered = 0
    for start, end, _ in blocks(text):
        assert covered <= start < end <= len(text)
        assert not text[covered:start].replace(">", "").strip()
        covered = end
    assert not text[covered:].replace(">", "").strip()
