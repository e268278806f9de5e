"""Whether a condition is this person's, by the words around it."""

import pytest

from rollcall.findings.context import polarity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She has [diabetes].", "asserted"),
        ("No [diabetes].", "negated"),
        ("denies chest pain or [asthma], worried", "negated"),
        ("negative for [HIV] in May", "negated"),
        ("[pneumonia] was ruled out on Monday", "negated"),
        ("no rash, but has [psoriasis]", "asserted"),
        ("no change in her [asthma]", "asserted"),
        ("third no show. He has [eczema]", "asserted"),
        ("Sister has [diabetes], she does not.", "family"),
        ("family history of [breast cancer]", "family"),
        ("mother had [breast cancer]", "family"),
        ("Her mother Ann Olson has [asthma]", "asserted"),
        ("mother called to say he has [asthma]", "asserted"),
        ("here for [colon cancer] screening", "hypothetical"),
        ("screening for [depression]", "hypothetical"),
        ("come back if [cellulitis] spreads", "hypothetical"),
        ("She was denied coverage. [Lupus] is active.", "asserted"),
        ("admitted for [PTSD]", "asserted"),
        ("niega [asma]", "negated"),
        ("No. [Lupus] it is", "asserted"),
    ],
)
def test_polarity(text: str, expected: str) -> None:
    start, end = text.index("["), text.index("]") - 1
    assert polarity(text.replace("[", "").replace("]", ""), start, end) == expected


def test_a_long_text_is_looked_at_near_the_place_only() -> None:
    text = "no " + "word " * 200_000 + "asthma"
    assert polarity(text, len(text) - 6, len(text)) == "asserted"
