"""What the label of a form asks for, judged by its words where no known label fits as a whole.

`labels.py` knows labels of which each word is accounted for. Forms word the same question in many ways ("Home is at",
"Who pays the bill", "Number on your card"); here each word and pair of words speaks for kinds of value and for whose
name it may be, and `findings/asking.py` weighs that with the value itself. The words stand in `data/asked.toml`.
"""

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from importlib.resources import files

import msgspec

from rollcall.elements.headers import words_of

SURE, FAIR = 2.0, 1.0
_MAX_LABEL = 90  # characters
_HINT = re.compile(r"\([^()]*\)?")
_TOKEN = re.compile(r"[a-z0-9]+")
_SMALL_WORDS = frozenset(
    ["the", "a", "an", "of", "on", "at", "is", "your", "our", "you", "de", "del", "la", "el", "do", "da"]
)
_LOOKALIKES = str.maketrans("01358|!", "oleseil")  # what a reader of pictures takes letters for
_LONG = 6  # letters from which a word is known with one letter wrong; with twice as many less three, two


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    sure: list[str] = []
    fair: list[str] = []


class _Asked(msgspec.Struct, forbid_unknown_fields=True):
    kind: dict[str, _Words]
    role: dict[str, _Words]


class Asking(msgspec.Struct, frozen=True):
    """What a label's words speak for: kinds of value, and whose name; `SURE` outweighs `FAIR`."""

    kinds: Mapping[str, float]
    roles: Mapping[str, float]


@functools.cache
def _phrases() -> tuple[dict[str, tuple[tuple[frozenset[str], str, bool, float], ...]], frozenset[str]]:
    """Return the phrases by one of their words (words, name, whether it is a kind, weight), and all words."""
    raw = tomllib.loads(files("rollcall.elements").joinpath("data/asked.toml").read_text(encoding="utf-8"))
    asked = msgspec.convert(raw, _Asked)
    by_word: dict[str, list[tuple[frozenset[str], str, bool, float]]] = {}
    for is_kind, table in ((True, asked.kind), (False, asked.role)):
        for name, words in table.items():
            for phrases, weight in ((words.sure, SURE), (words.fair, FAIR)):
                for phrase in phrases:
                    held = frozenset(phrase.split()) - (_SMALL_WORDS if " " in phrase else frozenset())
                    for word in held:
                        by_word.setdefault(word, []).append((held, name, is_kind, weight))
    return {word: tuple(some) for word, some in by_word.items()}, frozenset(by_word)


def _far(one: str, other: str, most: int) -> bool:
    """Say whether two words differ in more than `most` letters put in, left out or exchanged."""
    if abs(len(one) - len(other)) > most:
        return True
    before = list(range(len(other) + 1))
    for row, a in enumerate(one, 1):
        now = [row]
        for col, b in enumerate(other, 1):
            now.append(min(before[col] + 1, now[-1] + 1, before[col - 1] + (a != b)))
        if min(now) > most:
            return True
        before = now
    return before[-1] > most


def _cuts(word: str, most: int) -> set[str]:
    """Return the word and all that is left of it when up to `most` letters are left out."""
    found = last = {word}
    for _ in range(most):
        last = {one[:at] + one[at + 1 :] for one in last for at in range(len(one))}
        found = found | last
    return found


@functools.cache
def _cut_vocabulary() -> dict[str, list[str]]:
    """Return the words by what is left of them: two words that differ in few letters share what is left of both."""
    made: dict[str, list[str]] = {}
    for word in sorted(_phrases()[1]):
        if len(word) >= _LONG - 1:
            for cut in _cuts(word, 2):
                made.setdefault(cut, []).append(word)
    return made


@functools.lru_cache(maxsize=8192)
def _known(word: str) -> str:
    """Return the word of the list that is meant, however badly it was read; the word itself where none is."""
    _, vocabulary = _phrases()
    if word in vocabulary:
        return word
    if len(word) > 3 and word.endswith("s") and word[:-1] in vocabulary:
        return word[:-1]
    plain = word.translate(_LOOKALIKES) if not word.isdecimal() else word
    for again in (plain, plain.replace("l", "i"), plain.replace("rn", "m")):
        if again in vocabulary:
            return again
    if len(plain) < _LONG:
        return word
    most = 2 if len(plain) >= 2 * _LONG - 3 else 1
    alike = {known for cut in _cuts(plain, most) for known in _cut_vocabulary().get(cut, ())}
    near = sorted(known for known in alike if not _far(plain, known, most))
    return near[0] if len(near) == 1 else word


@functools.lru_cache(maxsize=16384)
def label_words(label: str) -> tuple[str, ...]:
    """Return the words of a label, as written and as headers spell them out; hints in brackets are left out."""
    text = "".join(c for c in unicodedata.normalize("NFKD", label[:_MAX_LABEL]) if not unicodedata.combining(c))
    text = text.lower().replace("'s", "").replace("’s", "").replace(".", " " if ". " in text else "")
    words = _TOKEN.findall(_HINT.sub(" ", text)) or _TOKEN.findall(text)
    found = [_known(word) for word in words]
    return tuple(dict.fromkeys([*found, *words_of(_HINT.sub(" ", label[:_MAX_LABEL]))]))


@functools.lru_cache(maxsize=8192)
def asked(label: str) -> Asking:
    """Return what a label's words speak for."""
    words = label_words(label)
    by_word, _ = _phrases()
    present = frozenset(words)
    kinds: dict[str, float] = {}
    roles: dict[str, float] = {}
    for word in sorted(present):
        for held, name, is_kind, weight in by_word.get(word, ()):
            if held <= present:
                table = kinds if is_kind else roles
                # A phrase of several words says more than each of them.
                table[name] = max(table.get(name, 0.0), weight + 0.25 * (len(held) - 1))
    return Asking(kinds, roles)


def ends_in_words(label: str) -> bool:
    """Say whether the last word of a label is one that forms ask with."""
    words = label_words(label.split()[-1]) if label.split() else ()
    return any(word in _phrases()[1] for word in words)
