"""Columns that look like data of people and were taken for nothing: a doubt for a person to end, never silence.

A doubt is raised once for a *layout* (the words of its headers, or what its columns hold where it has none), so that
one answer is good for every workbook like it. It names columns by their letters and what they look like; no header and
no cell is repeated, for a header that was misjudged may be somebody's name.
"""

from collections.abc import Mapping

from rollcall.elements.headers import Header
from rollcall.findings.beside import is_peopled
from rollcall.findings.meaning import Meaning
from rollcall.findings.profile import Profile
from rollcall.model import digest

# What cells look like -> the shapes that say so, the least share of the cells, the least share of distinct ones.
_LOOKS: tuple[tuple[str, tuple[str, ...], float, float], ...] = (
    ("dates", ("date",), 0.6, 0.2),
    ("phone numbers", ("phone", "ten"), 0.6, 0.2),
    ("addresses", ("street", "located"), 0.6, 0.2),
    ("names", ("full", "inverted", "comma"), 0.6, 0.4),
    ("words of care", ("condition", "service", "drug", "icd_dotted"), 0.4, 0.0),
    ("numbers of a kind", ("code", "ssn", "mbi", "hicn"), 0.7, 0.6),
)
_LEAST = 3  # cells that are not blank
_SHORT = 5  # a number of fewer characters counts or grades something


def doubted(
    found: Mapping[int, Meaning],
    profiles: Mapping[int, Profile],
    read: Mapping[int, Header | None],
    nothing: frozenset[int],
) -> dict[int, str]:
    """Return what the columns look like that should be looked at.

    `nothing` are columns that are most likely of nobody. Where a table speaks of no people no column is doubted.
    """
    if not is_peopled(dict(found)):
        return {}
    doubts: dict[int, str] = {}
    for col, meaning in found.items():
        header, one = read.get(col), profiles[col]
        known = header is not None and not header.element and header.score >= 0.5
        if meaning.element or known or col in nothing or one.n < _LEAST:
            continue
        for looks, shapes, least, distinct in _LOOKS:
            short = looks == "numbers of a kind" and one.long < _SHORT
            if not short and one.distinct >= distinct and one.share(*shapes) >= least:
                doubts[col] = looks
                break
    return doubts


def layout_of(headers: Mapping[int, str], found: Mapping[int, Meaning]) -> str:
    """Return the id of a layout: the same for every table with the same words over its columns, wherever it begins."""
    words = ["".join(c for c in headers[col].lower() if c.isalnum()) for col in sorted(headers)]
    if not any(words):
        words = [f"{found[col].element}.{found[col].subtype}" for col in sorted(found)]
    return digest("layout", *words)[:12]


def letters(col: int) -> str:
    """Return a column as spreadsheets call it."""
    said = ""
    col += 1
    while col:
        col, rest = divmod(col - 1, 26)
        said = chr(65 + rest) + said
    return said


def detail_of(doubts: Mapping[int, str]) -> str:
    """Return the doubts in words, the first dozen of them."""
    named = ", ".join(f"column {letters(col)} ({doubts[col]})" for col in sorted(doubts)[:12])
    return named + (f" and {len(doubts) - 12} more" if len(doubts) > 12 else "")
