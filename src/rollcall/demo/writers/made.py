"""What a writer returns: the bytes of one document and the facts in it, each with its spot."""

from collections.abc import Iterable

import msgspec

from rollcall.demo.truth import Fact


class Made(msgspec.Struct):
    """One file, ready to be attached."""

    kind: str  # of document: sheet, delimited, form, letter, ...
    layout: str
    name: str
    media: str
    data: bytes
    facts: list[Fact]


def at(fact: Fact, spot: str) -> Fact:
    """Return the fact with its spot."""
    return Fact(
        fact.person, fact.role, fact.element, fact.subtype, fact.value, fact.text, spot, fact.optional, fact.of
    )  # not structs.replace: this runs for every cell


def all_at(facts: Iterable[Fact], spot: str) -> list[Fact]:
    """Return the facts, all at one spot."""
    return [at(fact, spot) for fact in facts]
