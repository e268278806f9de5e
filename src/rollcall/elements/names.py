"""Where persons are named in running text, and how their names come apart.

Two look at a text: rules over counts of names (`name_rules`) and the tagger (`tagger`), which goes by context and shape
and so knows names that no table has. What either finds is weighed with what the other says of it. Nothing is decided
here for good: each candidate has a score, and the second pass knows more.
"""

import math
import re
from collections.abc import Iterator

from rollcall.elements.name_parts import CREDENTIALS, PARTICLES, SUFFIXES, Name, parse_name
from rollcall.elements.name_rules import TOKEN, Word, ruled_names
from rollcall.elements.name_tables import family_weight, given_weight, key, male_share
from rollcall.elements.name_words import HONORIFICS, INSTITUTIONS, PLAIN
from rollcall.elements.tagger import Reading

__all__ = [
    "Name",
    "family_weight",
    "given_weight",
    "looks_like_name",
    "male_share",
    "name_candidates",
    "parse_name",
]

LOWEST = 0.3
_SURE = 0.65  # a whole name whose parts are then known alone
_REPEATED = 0.72
# Log-odds that a person is named: of the tagger's, of the rules', and always (`training/tagger/weigh.py`).
_TAGGED, _RULED, _ALWAYS = 1.0, 0.7, 1.3
_UNRULED = 0.12  # what the rules say of what they do not find, and
_UNTAGGED = 0.004  # the least that the tagger is taken to say
_CLEAR = 0.45  # from here on the tagger's borders are taken
# ", QZMW" behind a name that is not itself in capitals: what somebody may call themselves, and no part of the name.
_CREDENTIALS = re.compile(r"(?<=[a-z.])\s*,\s*(?!(?:JR|SR|I{2,3}|IV|V)\b)[A-Z][A-Za-z-]{0,2}[A-Z][A-Z-]*$")
_BETWEEN_COMMAS = re.compile(r"[^\s,](?:[^,\n]*[^\s,])?")
_AND_MORE = re.compile(r",? (?:and|&|y|e) [A-Z]|, [A-Z][a-z]+,? (?:and|&|y|e) ")
_RULED_WHOLE = 0.9  # from here on the rules' borders are taken where they are wider
_UNDERLINE = re.compile(r"(?<=[^\W\d_])_(?=[^\W\d_])")
_BETWEEN_DASHES = re.compile(r"\S(?:(?!\s[-–]\s).)*(?<=\S)", re.DOTALL)
_NO_SPACE = re.compile(r"\S+")
# "St. Jude's", "Santa Rosa Clinic": a house or a town, where no first name stands before.
_NO_PERSON = re.compile(
    r"(?:St\.?|Saint|Sainte|Mt\.?|Mount) [A-Z][^\W\d_]+"
    r"(?:['’]s\b|(?= (?:Hosp|Medical|Clinic|Health|Parish|Church|School)))"
)
# "Barrett's esophagus", "Glasgow score": what is called after somebody.
_EPONYM = re.compile(
    r"(?:(?:['’]s)?[ \t]+(?:syndrome|diseases?|disorder|esophagus|palsy|lymphoma|sarcoma|thyroiditis|phenomenon|"
    r"contracture|chorea|ataxia|dystrophy|anomaly)|[ \t]+(?:signs?|reflex|fractures?|maneuver|test|scale|score|index|"
    r"criteria|catheter|drain|stent|monitor|classification))\b",
    re.IGNORECASE,
)
_SLAB = 50_000  # characters that are read at once, to the next end of a line
_SLAB_END = 4_000  # of them in which that end is looked for


def looks_like_name(text: str) -> float:
    """Return how much a short text that stands where a name should reads like one, 0..1."""
    words = [Word(match.group(), match.start()) for match in TOKEN.finditer(text[:120]) if match.group()[0].isalpha()]
    words = [word for word in words if word.key]
    if not words or len(words) > 7 or any(c.isdigit() or c in "@/\\=?!<>{}" for c in text):
        return 0.0
    core = [w for w in words if w.key not in HONORIFICS and w.key not in SUFFIXES and w.key not in CREDENTIALS] or words
    if any(word.key in INSTITUTIONS and max(given_weight(word.text), family_weight(word.text)) < 12 for word in core):
        return 0.15
    if all(word.key in PLAIN for word in core):
        return 0.1
    known = sum(
        word.initial or word.key in PARTICLES or given_weight(word.text) >= 6 or family_weight(word.text) >= 7
        for word in core
    )
    share = known / len(core)
    plain = sum(word.key in PLAIN and given_weight(word.text) < 12 for word in core) / len(core)
    lower = 0.15 if not any(word.caps for word in words) else 0.0
    several = 0.15 if len(core) > 1 else 0.0
    return max(0.05, min(0.98, 0.3 + 0.53 * share + several - 0.5 * plain - lower))


def name_candidates(text: str) -> list[tuple[int, int, str, float]]:
    """Return (start, end, text, score) of what may name a person, in order; scores are `LOWEST` or more.

    A surname or first name alone is trusted where the same text has it in a whole name.
    """
    found: list[tuple[int, int, str, float]] = []
    known: set[str] = set()
    for low, high in _slabs(text):
        for start, end, score in _weighed(text[low:high]):
            written = text[low + start : low + end]
            if score >= _SURE and " " in written:
                known.update(key(word) for word in written.replace(",", " ").split())
            found.append((low + start, low + end, written, score))
    known -= PARTICLES | SUFFIXES
    lifted = []
    for start, end, written, score in found:
        if score < _REPEATED and " " not in written and len(written) > 2 and key(written) in known:
            score = _REPEATED
        if score >= LOWEST:
            lifted.append((start, end, written, round(min(0.97, score), 3)))
    return lifted


def _slabs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the pieces in which a long text is read, so that its length costs no more than time."""
    low = 0
    while low < len(text):
        high = low + _SLAB
        if high < len(text):
            ends = (text.rfind(mark, high - _SLAB_END, high) + len(mark) for mark in ("\n\n", "\n", " "))
            high = next((end for end in ends if end > high - _SLAB_END), high)
        yield low, min(high, len(text))
        low = high


def _weighed(text: str) -> list[tuple[int, int, float]]:
    """Return (start, end, score) of what the rules or the tagger take for a name, in order and apart from another."""
    text = _UNDERLINE.sub(" ", text)  # "Mary_Hill chart.pdf"
    reading = Reading(text)
    ruled = ruled_names(text)
    found: list[tuple[int, int, float]] = []
    index = 0
    for named in reading.names:
        while index < len(ruled) and ruled[index][1] <= named.start:
            found.append(_by_rule(ruled[index], reading))
            index += 1
        beside = []
        while index < len(ruled) and ruled[index][0] < named.end:
            beside.append(ruled[index])
            index += 1
        whole = [one for one in beside if one[2] >= _RULED_WHOLE and one[0] <= named.start and named.end <= one[1]]
        if whole:
            start, end, told = whole[0]
            found.append((start, end, _together(max(named.score, reading.likely(start, end)), told)))
        elif named.score >= _CLEAR or not beside:
            told = max((score for _, _, score in beside), default=0.0)
            score = _together(named.score, told)
            found += [(start, end, score) for start, end in _borders(text, named.start, named.end)]
        else:
            found += [
                (start, end, _together(max(named.score, reading.likely(start, end)), told))
                for start, end, told in beside
            ]
    found += [_by_rule(one, reading) for one in ruled[index:]]
    return _apart(found)


def _borders(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the names in what the tagger took for one: without what stands about them, and first names told apart."""
    end = start + len(_CREDENTIALS.sub("", text[start:end]))
    unlikely = text[start:end].islower() and " " not in text[start:end] and not given_weight(text[start:end])
    if unlikely or _NO_PERSON.match(text, start) or (" " not in text[start:end] and _EPONYM.match(text, end)):
        return
    for apart in _BETWEEN_DASHES.finditer(text, start, end):
        low, high = _capitalised(text, *apart.span())
        pieces = [match for match in _BETWEEN_COMMAS.finditer(text, low, high) if key(match.group()) not in SUFFIXES]
        first_names = all(given_weight(one.group()) > family_weight(one.group()) for one in pieces[:-1])
        listed = first_names and not any(" " in one.group() for one in pieces) and _AND_MORE.match(text, high)
        if len(pieces) > 2 or (len(pieces) > 1 and listed):
            yield from (one.span() for one in pieces)
        elif low < high:
            yield low, high - (text[high - 1] == "." and _ends_sentence(text[low:high]))


def _ends_sentence(name: str) -> bool:
    """Say whether the dot behind a name is none of its own: not an initial's, nor that of "Jr."."""
    final = key(name.split()[-1])
    return len(final) > 2 and final not in SUFFIXES


def _capitalised(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without words in small letters at its ends, where other words of it have capitals."""
    words = [match.span() for match in _NO_SPACE.finditer(text, start, end)]
    large = [any(c.isupper() for c in text[low:high]) for low, high in words]
    if not any(large) or all(large):
        return start, end
    kept = [
        span
        for at, span in enumerate(words)
        if large[at] or (any(large[at + 1 :]) and (any(large[:at]) or key(text[slice(*span)]) in PARTICLES))
    ]
    first = kept[0][0]
    last = kept[-1][1]
    while text[last - 1] in ", " and last > first:
        last -= 1
    return first, last


def _by_rule(one: tuple[int, int, float], reading: Reading) -> tuple[int, int, float]:
    start, end, score = one
    return start, end, _together(reading.likely(start, end), score)


def evidence(tagged: float, ruled: float) -> tuple[float, float]:
    """Return what the tagger and the rules say, as log-odds."""
    return _logit(max(tagged, _UNTAGGED)), _logit(max(ruled, _UNRULED))


def _together(tagged: float, ruled: float) -> float:
    """Return how likely a person is named, from how likely the tagger and the rules say it is."""
    by_tagger, by_rules = evidence(tagged, ruled)
    odds = _TAGGED * by_tagger + _RULED * by_rules + _ALWAYS
    return round(1 / (1 + math.exp(-odds)), 4)


def _logit(chance: float) -> float:
    chance = min(chance, 0.998)
    return math.log(chance / (1 - chance))


def _apart(found: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Return what does not overlap with what begins before it, in order."""
    kept: list[tuple[int, int, float]] = []
    for start, end, score in sorted(found):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, score))
        elif score > kept[-1][2] and (end > kept[-1][1] or kept[-1][2] < _CLEAR):
            kept[-1] = (start, end, score)
    return kept
