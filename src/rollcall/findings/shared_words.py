"""What the headers of a table have in common, which says nothing of any one of them.

Systems put the same word before each field ("PT_NAME", "PT_DOB", "recipName", "recipDob"), and people number the
columns of a second person ("Name 2"). Read as part of a header such words mislead: "member" alone is a member's number,
"member owes" is not. What they may still tell is whose the columns are.
"""

import re
from collections.abc import Mapping

from rollcall.elements.headers import is_field_word, role_of

LEAST = 3  # headers that must begin alike
_SHARE = 0.3  # ... of all headers of the table
_LEAST_LETTERS = 3  # of a prefix that no border ends
_TAIL = re.compile(r"[\s_(#.-]*\d{1,2}\)?$")
_BORDER = re.compile(r"[\s._\-:/]+|(?<=[a-z])(?=[A-Z])")
_SIGNS = " ._-:/"


def parted(headers: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """Return, for each column whose header begins as several others do, (what is shared, what is left)."""
    bare = {col: _TAIL.sub("", text.strip()) for col, text in headers.items()}
    least = max(LEAST, round(_SHARE * len(headers)))
    found: dict[int, tuple[str, str]] = {}
    for prefix in _prefixes(bare, least):
        for col, text in bare.items():
            rest = text[len(prefix) :].strip(_SIGNS)
            if col not in found and text.lower().startswith(prefix) and rest:
                found[col] = (text[: len(prefix)].strip(_SIGNS), rest)
    return found


def roles_of(shared: Mapping[int, tuple[str, str]]) -> dict[int, str]:
    """Return whose the columns are by the words they share with others, where such words name a role."""
    return {col: role for col, (prefix, _) in shared.items() if (role := role_of(prefix))}


def _prefixes(headers: Mapping[int, str], least: int) -> list[str]:
    """Return what several headers begin with, the longest first; no word that names a field ("Date of ...")."""
    counts: dict[str, set[str]] = {}
    for text in headers.values():
        for match in _BORDER.finditer(text):
            if match.end() < len(text):
                counts.setdefault(text[: match.end()].lower(), set()).add(text.lower())
    kept = [prefix for prefix, texts in counts.items() if len(texts) >= least and not _says_something(prefix)]
    if not kept and (solid := _solid(headers, least)):
        kept = [solid]
    return sorted(kept, key=lambda prefix: (-len(prefix), prefix))


def _solid(headers: Mapping[int, str], least: int) -> str:
    """Return the letters that most headers of one case and without borders begin with ("RECIPWHO", "RECIPOWING")."""
    solid = [text.lower() for text in headers.values() if not _BORDER.search(text.strip(_SIGNS))]
    if len(solid) < max(least, 4) or len(solid) * 2 < len(headers):
        return ""
    solid.sort()
    need = -(-len(solid) * 2 // 3)
    best = ""
    for first, last in zip(solid, solid[need - 1 :], strict=False):  # sorted: what these two share all between share
        size = next(
            (i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last))
        )
        best = max(best, first[:size], key=len)
    return best if len(best) >= _LEAST_LETTERS and not _says_something(best) else ""


def _says_something(prefix: str) -> bool:
    return any(is_field_word(word) for word in re.split(r"[^a-z0-9]+", prefix) if word)
