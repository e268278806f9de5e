"""Which names stand for nobody: those of test patients, of forms and handbooks, and of figures of stories.

The words are data (fictional.toml). Real people are called Sample or Roe, so a surname of anybody counts only beside a
given name of anybody, and whoever bears a number of their own stays for a person to look at.
"""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from rollcall.elements.names import parse_name

_WORD = re.compile(r"[a-z]+")
_PATIENT_TEST = re.compile(r"\b(?:patient[ ,]+test|test[ ,]+patient)\b")


class _Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    tests: frozenset[str]
    begins: tuple[str, ...]
    anybody: frozenset[str]
    given: frozenset[str]
    figures: frozenset[str]


@cache
def _words() -> _Words:
    text = Path(__file__).with_name("fictional.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Words)


@lru_cache(maxsize=65536)
def is_of_tests(name: str) -> bool:
    """Say whether a name is made for tests: "Zztest, Ann", "Test Patient", "Epic L Fakename"."""
    words, plain = _words(), " ".join(name.split()).lower()
    found = _WORD.findall(plain)
    marked = any(word in words.tests or word.startswith(words.begins) for word in found)
    return len(found) > 1 and (marked or bool(_PATIENT_TEST.search(plain)))


@lru_cache(maxsize=65536)
def is_made_up(name: str) -> bool:
    """Say whether a name stands for nobody: of tests, of anybody ("John Q. Public"), or of a figure of a story."""
    if is_of_tests(name):
        return True
    words, parsed = _words(), parse_name(name)
    given, family = parsed.given.lower(), parsed.family.lower()
    return (family in words.anybody and given in words.given) or f"{given} {family}" in words.figures
