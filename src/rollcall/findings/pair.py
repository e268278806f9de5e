"""A pair of a form: a label and its value, as they stand in the text."""

import functools
import re

import msgspec

from rollcall.elements.asked import SURE, asked, ends_in_words
from rollcall.elements.headers import role_of
from rollcall.elements.labels import read_label

MAX_LABEL = 56  # characters
OTHERS = frozenset(
    (
        "guarantor",
        "subscriber",
        "emergency_contact",
        "guardian",
        "parent",
        "mother",
        "father",
        "spouse",
        "provider",
        "sender",
        "dependent",
    )
)  # whose data forms ask for besides those of whom they are about
_NEVER_HEADS = frozenset(("provider", "sender"))
_WORDS, _MAX_WORDS = 12, 7  # words of a text looked at, and of a label
_VALUE_STARTS = re.compile(r"[#(]?\d|[A-Z]{1,5}-?\d")
# "WHO IS THIS ABOUT Olson, Mary": the capitals end where the value begins.
_CAPITALS = re.compile(r"(?:[A-Z][A-Z'./#&-]+[ \t]+){2,8}(?:\([^()]{1,24}\)[ \t]*)?(?=[A-Z][a-z]|\d)")
_MOST_WORDS = 8
_DIGIT = re.compile(r"\d")
_HINT = re.compile(r"\([^()]{0,48}\)")


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """A label and its value, as they stand; `start` and `end` are characters of the whole text."""

    line: int
    label: str
    value: str
    start: int
    end: int
    style: str
    section: str = ""


class Line(msgspec.Struct, frozen=True):
    """A line of the text."""

    offset: int
    text: str

    @property
    def bare(self) -> str:
        """The line without what quotes and spaces it."""
        return self.text.strip(" \t>")


def is_label(text: str) -> bool:
    """Say whether a text could be a question: short, of words, hardly any digits."""
    text = text.strip()
    return 2 <= len(text) <= MAX_LABEL and text[0].isalpha() and _asks(text)


@functools.lru_cache(maxsize=16384)
def _asks(text: str) -> bool:
    bare = _HINT.sub(" ", text) if "(" in text else text
    return len(bare.split()) <= _MOST_WORDS and len(_DIGIT.findall(bare)) <= 2 and bare.rstrip()[-1:] not in ",;!"


@functools.lru_cache(maxsize=16384)
def knows(text: str) -> bool:
    """Say whether words of a label are such as forms ask with."""
    said = asked(text)
    if any(weight >= SURE for weight in (*said.kinds.values(), *said.roles.values())):
        return True
    header = read_label(text)
    return header is not None and header.score >= 0.85


def whose_head(text: str) -> str:
    """Return whose part of a form a head begins, where that is not the main person's: "Next of kin", "SPOUSE"."""
    said = asked(text).roles
    role = role_of(text)
    if role not in OTHERS:
        best = max(sorted(said), key=lambda one: said[one], default="")
        role = best if said.get(best, 0.0) >= SURE else ""
    shared = said.get("patient", 0.0) >= SURE  # "Patient or guardian"
    return role if role in OTHERS - _NEVER_HEADS and not shared else ""


def pair_at(line: Line, number: int, span: tuple[int, int], label: str, style: str) -> Pair:
    """Return the pair whose value lies in a span of the line, without blanks and rules around it."""
    start, end = span
    text = line.text[start:end]
    start += len(text) - len(text.lstrip(" \t_.*"))
    end -= len(text) - len(text.rstrip(" \t_*"))
    end = max(start, end)
    return Pair(
        line=number, label=label.strip(" \t*_:"), value=line.text[start:end],
        start=line.offset + start, end=line.offset + end, style=style,
    )  # fmt: skip


def split_label(text: str) -> int | None:
    """Return where the value begins in "Birth date 1/2/1980" or "Who is this about Olson, Mary"; None without a label.

    A value begins with its digits; else with the capitalised word behind the longest label whose last word is known.
    """
    words = list(re.finditer(r"\S+", text))[:_WORDS]
    value = next((index for index, word in enumerate(words) if index and _VALUE_STARTS.match(word.group())), None)
    if value is not None:
        label = text[: words[value].start()]
        if is_label(label) and knows(label):
            return words[value].start()
    capitals = _CAPITALS.match(text)
    if capitals is not None and is_label(capitals.group()):
        return capitals.end()
    if is_label(text) and ends_in_words(text):
        return None  # a label to its end
    for count in range(min(len(words) - 1, _MAX_WORDS), 0, -1):
        label = text[: words[count - 1].end()]
        if words[count].group()[0].isupper() and is_label(label) and ends_in_words(label) and knows(label):
            return words[count].start()
    return None
