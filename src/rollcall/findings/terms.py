"""Find the terms of the catalogue in a line: one pass of an Aho-Corasick automaton, whole words only, the longest."""

import functools

import ahocorasick

from rollcall.elements.terms import Term, terms


@functools.cache
def _automaton() -> "ahocorasick.Automaton":
    made = ahocorasick.Automaton()
    for term, what in terms().items():
        made.add_word(term, (len(term), what))
    made.make_automaton()
    return made


def terms_in(line: str) -> list[tuple[int, int, Term]]:
    """Return (start, end, what) of the terms of a line, in order; of those that overlap the longest."""
    low = line.lower()
    if len(low) != len(line):  # a few letters grow in lower case; offsets would be wrong
        low = "".join(letter if len(letter) == 1 else "?" for letter in map(str.lower, line))
    found: list[tuple[int, int, Term]] = []
    for last, (length, what) in _automaton().iter(low):
        start, end = last - length + 1, last + 1
        if _stands_free(low, start, end):
            found.append((start, end, what))
    found.sort(key=lambda one: (one[0], one[0] - one[1]))
    kept: list[tuple[int, int, Term]] = []
    for one in found:
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


def _stands_free(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or before in ("@", "_", ".") or after in ("@", "_"):
        return False
    # "depression-era", "www.tricare.mil", "aetna.com"
    return not (after in (".", "-") and text[end + 1 : end + 2].isalpha())
