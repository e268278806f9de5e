import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.findings.normalise import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("401‑45–1234", "401-45-1234"),
        ("４０１-45", "401-45"),
        ("a\u00a0b\u2003c", "a b c"),
        ("SS\u00adN\u200b:", "SSN:"),
        ("O’Neil “x”", 'O\'Neil "x"'),
        ("ﬁle", "file"),
        ("José", "José"),
        ("\ud800x", "\ufffdx"),
    ],
)
def test_forms(text, expected):
    assert normalise(text).text == expected


MIXED = st.text(alphabet=st.sampled_from("a1- é\u200b\u00adﬁ４‑\u00a0\n’\U0001d7d8"), max_size=60) | st.text(
    max_size=60
)


@given(MIXED)
def test_offsets_map_back(text):
    normal = normalise(text)
    pieces = [normalise(char).text for char in text]
    assert normal.text == "".join(pieces)
    position = 0
    for index, piece in enumerate(pieces):
        if piece:
            assert normal.span(position, position + len(piece)) == (index, index + 1)
        position += len(piece)


@given(MIXED)
def test_normal_text_is_final(text):
    once = normalise(text).text
    assert normalise(once).text == once
