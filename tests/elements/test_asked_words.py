"""Words of labels that were read badly: what is looked up is what comparing with every word would find."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.elements import asked

VOCABULARY = sorted(word for word in asked._phrases()[1] if len(word) >= asked._LONG - 1)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(VOCABULARY), st.data(), st.sampled_from([1, 2]))
def test_what_is_near_is_found_by_what_is_left(word: str, data: st.DataObject, most: int) -> None:
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(word)))
        word = word[:at] + data.draw(st.sampled_from(["", "e", "rn"])) + word[at + data.draw(st.integers(0, 1)) :]
    near = {known for known in VOCABULARY if not asked._far(word, known, most)}
    alike = {known for cut in asked._cuts(word, most) for known in asked._cut_vocabulary().get(cut, ())}
    assert near <= alike
