"""Whether what is said of a condition is said of this person: denied, a relative's, or only thought of.

Rules over trigger words (context.toml), within the clause. A finding keeps its place and its value; only its polarity
says that it does not count.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import msgspec

from rollcall.model import Finding

_LOOKED = 160  # characters on each side
_CLAUSE = re.compile(r"[.!?;](?:\s|$)|\n\s*\n|\n(?=[\s>]*(?:[-*•]|\d{1,2}[.)])\s)|\s[-–—]{1,2}\s")
_WORD = re.compile(r"\S+")
# A screening code or a vaccine is given whatever the outcome; a code is what was billed or recorded.
ELEMENTS = frozenset(("diagnosis",))


class _Side(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    before: list[str]
    after: list[str]
    relatives: list[str] = []
    has: list[str] = []


class _Triggers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reach: int
    never: list[str]
    ends: list[str]
    negated: _Side
    family: _Side
    hypothetical: _Side


class _Rules(msgspec.Struct, frozen=True):
    """The triggers compiled: (polarity, forward, backward), pseudo-triggers and what ends a scope."""

    sides: tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]
    never: re.Pattern[str]
    ends: re.Pattern[str]
    reach: int


def _any(words: list[str], more: str = "") -> re.Pattern[str]:
    told = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda one: (-len(one), one)))
    return re.compile(rf"(?<![\w'-])(?:{told}{more})(?![\w-])", re.IGNORECASE)


@cache
def _rules() -> _Rules:
    text = Path(__file__).with_name("context.toml").read_text(encoding="utf-8")
    given = msgspec.convert(tomllib.loads(text), _Triggers)
    sides = []
    for name in ("family", "negated", "hypothetical"):
        side: _Side = getattr(given, name)
        more = ""
        if side.relatives:
            relatives, has = ("|".join(map(re.escape, some)) for some in (side.relatives, side.has))
            more = rf"|(?:{relatives})\s+(?:also\s+|both\s+)?(?:{has})"
        sides.append((name, _any(side.before, more), _any(side.after)))
    return _Rules(tuple(sides), _any(given.never), _any(given.ends), given.reach)


def polarity(text: str, start: int, end: int) -> str:
    """Return "asserted", "negated", "family" or "hypothetical" for a condition at a place of a text."""
    rules = _rules()
    lead = text[max(0, start - _LOOKED) : start]
    lead = lead[max((one.end() for one in _CLAUSE.finditer(lead)), default=0) :]
    lead = rules.never.sub(lambda match: "~" * len(match[0]), lead)
    lead = lead[max((one.end() for one in rules.ends.finditer(lead)), default=0) :]
    tail = text[end : end + _LOOKED]
    stop = min((one.start() for one in (_CLAUSE.search(tail), rules.ends.search(tail)) if one), default=len(tail))
    tail = tail[:stop]
    for name, before, after in rules.sides:
        for match in before.finditer(lead):
            if len(_WORD.findall(lead, match.end())) <= rules.reach:
                return name
        found = after.search(tail)
        if found and len(_WORD.findall(tail[: found.start()])) <= 3:
            return name
    return "asserted"


def in_context(finding: Finding, text: str) -> Finding:
    """Return a finding of a text with its polarity; only conditions are denied or somebody else's."""
    place = finding.place
    if finding.element not in ELEMENTS or place.start is None or place.end is None or place.row is not None:
        return finding
    if finding.why == "record" or finding.why.startswith("header"):
        return finding
    return msgspec.structs.replace(finding, polarity=polarity(text, place.start, place.end))
