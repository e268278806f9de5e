"""No pack shares a header, label, sentence, layout or surname with another one, so none can be learned from another.

Compared as a careless reader sees them: small letters and digits only for headers and labels; sentences without their
slots. Given names are shared (the common ones of the country), and words inside headers are: "birth" stands in many.
No header or label that two packs need is the same as a whole, not even `Name` or `DOB`.
"""

import functools
import itertools
import re

import pytest

from rollcall.demo.names import Namer, _common
from rollcall.demo.pack import Frame, Pack, load_pack
from rollcall.demo.spelling import bare, spelled, spellings

from .test_hospital import PACKS

PAIRS = list(itertools.combinations(sorted(PACKS), 2))


@functools.cache
def loaded(name: str) -> Pack:
    return load_pack(name, wide=True)


def headers(pack: Pack) -> set[str]:
    fields = set(pack.headers) | set(pack.spell.say)
    fields |= {f"{who}.{field}" for who in pack.spell.who for field in pack.spell.say}
    made = {bare(text) or text for field in fields for text in spellings(pack, field)}
    made |= {bare(text) for form in pack.lists for texts in form.headers.values() for text in texts}
    return made | {bare(spelled(text, "lower")) for texts in pack.groups.values() for text in texts}


def labels(pack: Pack) -> set[str]:
    of_all = [*pack.labels.values(), *(texts for form in pack.forms for texts in form.labels.values())]
    return {bare(text) for texts in of_all for text in texts}


def sentences(pack: Pack) -> set[str]:
    frames: list[Frame] = [*pack.frames, *pack.letters]
    texts = [re.split(r"[.!?\n]+", re.sub(r"\{[^}]*\}", " ", one.text)) for one in frames]
    texts += [re.split(r"[.!?\n]+", text) for talk in pack.talks for text in talk.mails]
    texts += [re.split(r"\n", re.sub(r"\{[^}]*\}", " ", one.text)) for one in pack.decoys]
    texts += [one.bodies for one in (*pack.lists, *pack.forms)]
    found = {" ".join(re.findall(r"\w+", part.casefold())) for parts in texts for part in parts}
    return {one for one in found if len(one.split()) > 3}


def layouts(pack: Pack) -> set[str]:
    return {one.id for one in (*pack.list_looks, *pack.form_looks, *pack.letter_looks)}


def surnames(pack: Pack) -> set[str]:
    names = {name.casefold() for all_of in Namer(pack.traditions).surnames.values() for name in all_of}
    return names or set(_common())


def places(pack: Pack) -> set[str]:
    org = pack.org
    return {town for town, _, _ in org.towns} | {one.name for one in pack.payers} | set(org.clients) | {org.domain}


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("what", [headers, labels, sentences, layouts, surnames, places])
def test_packs_share_nothing(what, one: str, other: str) -> None:  # type: ignore[no-untyped-def]
    assert what(loaded(one)) & what(loaded(other)) == set()


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("what", [headers, labels, sentences, layouts, surnames, places])
def test_there_is_something_to_compare(what, name: str) -> None:  # type: ignore[no-untyped-def]
    assert len(what(loaded(name))) > 9
