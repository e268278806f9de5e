import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from training.corpus import SHARES, Marked, Passage, Span, forms, passages
from training.corpus.forms import LAYOUTS
from training.corpus.grammar import _is_common, _options, rules
from training.corpus.marked import join
from training.corpus.names import _known
from training.corpus.noise import quoted, wrapped
from training.corpus.passage import ROLES
from training.corpus.prose import FILES, KINDS, Scene
from training.corpus.shares import SPLIT_FROM, dealt, share_of

from rollcall.elements import BY_ID

MAKERS = {"passages": passages, "forms": forms}
# What an element's text has at least, whatever was done to the text around it.
LOOKS = {
    "ssn": r"\d{4}$",
    "email": r"^\S+@\S+$",
    "phone": r"\d",
    "date_of_birth": r"\d",
    "medical_record_number": r"\d",
    "billing_amount": r"^\$",
}


def _all(share: str = "train", n: int = 40) -> list[Passage]:
    return [*passages(11, n, share), *forms(11, n, share)]


def _spans(some: list[Passage]) -> list[tuple[Passage, str, Span]]:
    return [(one, text.text, span) for one in some for text in one.parts for span in text.spans]


def _bare(text: str) -> str:
    """Return a span's text without what wrapping and quoting put into it."""
    return re.sub(r"\s*\n[>|\s]*", " ", text)


def test_spans_lie_where_they_say() -> None:
    for one, text, span in _spans(_all()):
        assert 0 <= span.start < span.end <= len(text)
        said = _bare(text[span.start : span.end])
        assert said == said.strip()
        if span.element in LOOKS:
            assert re.search(LOOKS[span.element], said.replace(" @", "@")), (one.id, span.element)
        if span.element == "name" and span.person is not None:
            whole = re.sub(r"\W", "", one.persons[span.person].name).casefold()
            words = [word for word in re.split(r"\W+", said.casefold()) if word]
            held = [word for word in words if word in whole or word[0] in whole]
            assert len(held) == len(words)
        if span.element:
            assert span.element in BY_ID
            assert not span.subtype or span.element == "name" or span.subtype in BY_ID[span.element].subtypes


def test_people_are_told_apart() -> None:
    for one in _all():
        assert {person.role for person in one.persons} <= set(ROLES)
        assert len({person.name for person in one.persons}) == len(one.persons)
        told = {span.person for _, _, span in _spans([one])} - {None}
        assert told <= set(range(len(one.persons)))
        assert all(person.of is None or 0 <= person.of < len(one.persons) for person in one.persons)


@pytest.mark.parametrize("name", sorted(MAKERS))
@pytest.mark.parametrize("share", SHARES)
def test_a_seed_repeats(name: str, share: str) -> None:
    first, again, other = (list(MAKERS[name](seed, 6, share)) for seed in (5, 5, 6))
    assert first == again
    assert first != other
    assert list(MAKERS[name](5, 4, share)) == first[:4]


def test_shares_have_no_clause_and_no_rare_name_in_common() -> None:
    train, development = (_all(share, 50) for share in ("train", "development"))
    for name in rules(*FILES):
        own, other = (_options(FILES, name, share) for share in ("train", "development"))
        common = [one for one in own if one in other and not _is_common(one)]
        assert len(common) < SPLIT_FROM  # lists too short to be dealt
    words = [
        {word.casefold() for one in some for person in one.persons for word in re.findall(r"[^\W\d_]{4,}", person.name)}
        for some in (train, development)
    ]
    assert len(words[0] & words[1]) < 0.12 * len(words[1])  # parts of double names; lists too short to be dealt


def test_made_names_are_in_no_table() -> None:
    known = _known("surnames.csv.gz") | _known("given_names.csv.gz")
    names = {word.casefold() for one in _all() for person in one.persons for word in person.name.split()}
    assert sum(name not in known for name in names) > 0.1 * len(names)


def test_every_alternative_can_be_written() -> None:
    scene = Scene("each", "all")
    for name, options in rules(*FILES).items():
        for option in options:
            if name in ("aligned", "inline"):
                continue
            scene.grammar.write(option.removeprefix("="), scene.who)


def test_there_are_hundreds_of_clauses() -> None:
    assert sum(len(options) for options in rules(*FILES).values()) > 900


def test_all_kinds_and_layouts_come_up() -> None:
    assert {one.kind for one in passages(2, 250)} == set(KINDS)
    assert {one.kind for one in forms(2, 90)} == {*LAYOUTS, "beside"}


def test_short_lists_belong_to_both_shares() -> None:
    assert dealt(("a", "b"), "train") == dealt(("a", "b"), "development") == ["a", "b"]
    many = [f"clause {number}" for number in range(100)]
    assert not set(dealt(many, "train")) & set(dealt(many, "development"))
    assert all(share_of(one) == "development" for one in dealt(many, "development"))


words = st.lists(st.text("abc ", min_size=1, max_size=9), min_size=1, max_size=12)


@given(words, st.integers(5, 40))
def test_labels_stay_on_their_words(texts: list[str], width: int) -> None:
    pieces = [Marked(text, (Span(0, len(text), "name"),)) for text in texts]
    for changed in (join(pieces, " "), wrapped(join(pieces, " "), width), quoted(wrapped(join(pieces, "\n"), width))):
        found = [changed.text[span.start : span.end] for span in changed.spans]
        bare = [re.sub(r"\n(> )?", " ", text) for text in found]
        assert len(bare) == len(texts)
        assert [one.replace(" ", "") for one in bare] == [one.replace(" ", "") for one in texts]


@given(st.text("ab ", max_size=20), st.data())
def test_edits_move_spans(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    edits = [(start, end, data.draw(st.text("xy", max_size=3))) for start, end in itertools.pairwise(cuts[::2])]
    edits = [edit for at, edit in enumerate(edits) if at % 2 == 0]
    where = data.draw(st.integers(0, len(text)))
    marked = Marked(text, (Span(where, len(text), "name"),) if where < len(text) else ())
    changed = marked.edited(edits)
    assert len(changed.text) == len(text) + sum(len(new) - (end - start) for start, end, new in edits)
    assert all(0 <= one.start < one.end <= len(changed.text) for one in changed.spans)
