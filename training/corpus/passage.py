"""What the corpus yields."""

from collections.abc import Sequence

import msgspec

from .marked import Marked, Span

SHARES = ("train", "development", "all")
ROLES = (
    "patient", "member", "relative", "guarantor", "emergency_contact", "provider", "staff", "employee", "correspondent",
    "other",
)  # fmt: skip


class Person(msgspec.Struct, frozen=True):
    """Somebody of a passage."""

    role: str  # one of ROLES
    name: str  # whole, in natural order
    sex: str
    of: int | None = None  # whose relative, guarantor, contact or provider
    relation: str = ""  # mother, son, spouse, ...


class Text(msgspec.Struct, frozen=True):
    """One text of a passage: as the product's parts are called, "body", "subject" or "names" (of attachments)."""

    kind: str
    text: str
    spans: tuple[Span, ...] = ()


class Passage(msgspec.Struct, frozen=True):
    """A mail, note, letter, chat or form: its texts, and the people whom their spans are about."""

    id: str
    channel: str  # prose, form
    kind: str  # mail, thread, list, phone, letter, note, chat, portal, ...; how a form is laid out
    persons: tuple[Person, ...]
    parts: tuple[Text, ...]  # the body first
    sender: str = ""  # "Name <address>" as a header would have it
    recipients: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()  # which clauses it was put together from, so that a learner can hold them out
    language: str = "en"

    @property
    def text(self) -> str:
        """The body."""
        return self.parts[0].text

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans of the body."""
        return self.parts[0].spans


def part(kind: str, marked: Marked) -> Text:
    """Return a text of a passage."""
    order = sorted(marked.spans, key=lambda one: (one.start, one.end))
    return Text(kind, marked.text, tuple(order))


def told_of(people: Sequence[Person], parts: Sequence[Text]) -> tuple[tuple[Person, ...], tuple[Text, ...]]:
    """Return those people whom the texts speak of, and the texts with their new indices."""
    told = {one.person for text in parts for one in text.spans if one.person is not None}
    for number in sorted(told, reverse=True):  # whose mother somebody is must be there as well
        of = people[number].of
        if of is not None:
            told.add(of)
    place = {number: at for at, number in enumerate(sorted(told))}
    kept = tuple(
        msgspec.structs.replace(people[number], of=None if people[number].of is None else place.get(people[number].of))
        for number in sorted(told)
    )
    return kept, tuple(
        msgspec.structs.replace(
            text,
            spans=tuple(
                msgspec.structs.replace(one, person=None if one.person is None else place[one.person])
                for one in text.spans
            ),
        )
        for text in parts
    )
