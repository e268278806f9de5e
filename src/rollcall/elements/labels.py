"""Labels in running text: words just before a value that say what it is ("her SSN is", "record no. ending").

They are read with the same words as column headers, so whatever heads a column can also stand before a value.
"""

import functools
import re

import msgspec

from rollcall.elements import ELEMENTS
from rollcall.elements.header_words import NOISE
from rollcall.elements.headers import Header, is_known, read_words, role_of, words_of

REACH = 72  # characters before a value in which its label ends
MAX_LABEL = 7  # words
# What may stand between a label and its value.
_TRAIL = re.compile(
    r"(?i)(?:[\s:=#.\-_*'\"(\[<>~\u2022]|\?(?=\s)|,(?=\s*(?:numbers?|no|num|nbr|#)\b)|\b(?:is|was|were|are|be|es|ending|ends|starting|in|with|as|of|at|on|listed|"
    r"reads|shows|following|by|to|changed|updated|corrected|confirmed|verified|currently|now|number|no|num|nbr|the|"
    r"digits|four|last|only|el|the)\b\.?|n[o°º]\.?|#)*$"
)
_BARRIER = re.compile(r"[;|\t\r\n,)\]}?!]|:|\s[-–]\s|\s{4,}|(?<=[a-z]{3})\.\s|\d[\d/.-]*\d")
_WORD = re.compile(r"[^\W\d_][\w'’./]*|#|\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
_POINTED = re.compile(r"\b(?:[A-Za-z][./]){2,4}")  # "D.O.B.", "d/o/b": letters that are words only together
_AFTER = re.compile(
    r"\s{0,2}[(\[]\s*([A-Za-z][A-Za-z .#'/]{1,40}?)\s*[)\]]"
    r"|\s+is (?:the |his |her |their |my |your )([A-Za-z][A-Za-z ]{1,40})"
)

LOOSE = 0.8  # how far a word that only sometimes is a label is trusted
_LOOSE_LABELS = {word: (element.id, element.patterns[0].subtype) for element in ELEMENTS for word in element.labels}


_LABEL_WORDS = frozenset(_LOOSE_LABELS)


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """A label and where it stands in the line."""

    header: Header
    start: int
    end: int


@functools.lru_cache(maxsize=8192)
def read_label(text: str) -> Header | None:
    """Return what a text means as a label: each of its words must be accounted for."""
    words = words_of(text)
    if not words or len(words) > MAX_LABEL + 2:
        return None
    header = read_words(words)
    if header is not None and header.whole and header.score > LOOSE:
        return header
    rest = [word for word in words if word not in NOISE and not role_of(word)]
    if len(rest) == 1 and (found := _LOOSE_LABELS.get(rest[0])) is not None:
        element, subtype = found
        return Header(element=element, subtype=subtype, group=role_of(text), hint="", score=LOOSE, whole=True)
    return header if header is not None and header.whole else None


def label_before(line: str, end: int) -> Label | None:
    """Return the label whose value would start at `end`, or None. The longest label that ends there is taken."""
    begin = max(0, end - REACH)
    window = line[begin:end]
    # Most numbers have no label: look at the words nearby before anything thorough.
    nearby = _LETTERS.findall(window)[-6:]
    if not any(word.lower() in _LABEL_WORDS or is_known(word) for word in nearby) and not _POINTED.search(window):
        return None
    label = _ending(window)
    if label is None:
        return None
    return Label(header=label.header, start=label.start + begin, end=label.end + begin)


@functools.lru_cache(maxsize=4096)
def _ending(window: str) -> Label | None:
    trail = _TRAIL.search(window)
    tails = {len(window.rstrip()), trail.start() if trail else len(window)}
    best: Label | None = None
    # First with the fillers taken off, then with them: "last" and "number" may belong to the label itself.
    for tail in sorted(tails):
        head = window[:tail].rstrip(" :=#.-_*\"'()>\t?")
        found = _longest(head)
        if found is not None and (best is None or found.header.score > best.header.score or found.start < best.start):
            best = found
    return best


def _longest(head: str) -> Label | None:
    barriers = [match.end() for match in _BARRIER.finditer(head)]
    floor = barriers[-1] if barriers else 0
    words = list(_WORD.finditer(head, floor))[-MAX_LABEL:]
    if not words or words[-1].end() < len(head) - 1:
        return None
    for word in words:
        header = read_label(head[word.start() :])
        if header is not None:
            return Label(header=header, start=word.start(), end=len(head))
    return None


def label_after(line: str, start: int) -> Label | None:
    """Return the label that stands behind a value: "4455667 (MRN)", "4455667 is her MRN"."""
    match = _AFTER.match(line, start)
    if match is None:
        return None
    words = (match[1] or match[2]).split()
    for n_words in range(min(len(words), MAX_LABEL), 0, -1):
        header = read_label(" ".join(words[:n_words]))
        if header is not None:
            group = 1 if match[1] else 2
            return Label(header=header, start=match.start(group), end=match.end(group))
        if match[1]:
            return None
    return None
