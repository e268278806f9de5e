"""What a column header or a form label means: element, subtype and whose.

Headers are compared by their words, never as strings: "PT_FIRST_NM", "Patient's First Name", "patFirstName" and
"Nombre del paciente" are sets of known words in any order. A phrase of an element fits when all of its words stand in
the header; what is left over costs, unless it is a role ("guarantor") or says nothing ("number").
"""

import functools
import re
import unicodedata

import msgspec

from rollcall.elements import ELEMENTS
from rollcall.elements.header_words import IN_TABLES, NOISE, OTHERS, PAIRS, ROLES, SPELLINGS

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_INITIALS = re.compile(r"\b(?:[A-Za-z][./] ?){1,4}[A-Za-z]\b\.?")
_LAST4 = re.compile(r"(?i)\b(?:last|final|ending|ultimos)[\s_-]*(?:4|four|cuatro)\b")
_HINT = re.compile(r"\([^()]*\)?")
_FIRST = re.compile(r"(?i)\b1st\b")
_TOKEN = re.compile(r"[a-z]+|\d+|#")
MAX_WORDS = 9
NEAR = 0.8  # how far a header is trusted that had to be guessed from abbreviations
_FIELD_WORDS = frozenset(
    (
        "name",
        "surname",
        "nombre",
        "apellido",
        "birth",
        "date",
        "fecha",
        "number",
        "phone",
        "address",
        "diagnosis",
        "insurance",
    )
)
_DATE = frozenset(("date",))
_VOWELS = re.compile(r"(?<!^)[aeiou]")
MAX_LENGTH = 72


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of a header. `element` "" is a header known to be none of ours ("Facility name")."""

    element: str
    subtype: str
    group: str  # whose: "", "patient", "guarantor", "mother", "dependent_2", ...
    hint: str  # a role the element's own words hold: "member" of "Member ID"; whose only where others are so headed
    score: float  # 1.0: every word is accounted for
    whole: bool  # no word is left over: fit to be a label in running text


_LETTERS = re.compile(r"[A-Za-z]+")
# "Name (L,F,M)": in which order the parts stand is no part of what the column is.
_ORDER_OF_NAME = re.compile(r"(?i)\(\s*[lfm](?:\s*[,/ ]\s*[lfm]i?){1,2}\s*\)")


def _spellings() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for line in SPELLINGS.splitlines():
        canonical, _, spellings = line.partition(" = ")
        words = tuple(canonical.split())
        for spelling in spellings.split():
            table[spelling.replace("-", "")] = words
    return table


_SPELLINGS = _spellings()
_ROLE_OF = {word: (rank, role) for rank, (role, words) in enumerate(ROLES) for word in words.split()}


class _Phrase(msgspec.Struct, frozen=True, kw_only=True):
    words: frozenset[str]
    element: str
    subtype: str


def _canonical(word: str) -> tuple[str, ...]:
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    if (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith("ss")
        and (word[:-1] in _VOCABULARY or word[:-1] in _SPELLINGS)
    ):
        return _canonical(word[:-1])
    return (word,)


def _spelled(phrase: str) -> frozenset[str]:
    return frozenset(canonical for word in phrase.split() for canonical in _SPELLINGS.get(word, (word,)))


def _phrases() -> tuple[_Phrase, ...]:
    made = [
        _Phrase(words=_spelled(phrase), element=element.id, subtype=subtype)
        for element in ELEMENTS
        for phrase, subtype in element.headers
    ]
    made += [_Phrase(words=_spelled(phrase), element="", subtype="") for phrase in OTHERS if phrase]
    return tuple(made)


_PHRASES = _phrases()
_BEARERS = {(element.id, subtype): group for element in ELEMENTS for subtype, group in element.bearers.items()}
_VOCABULARY = frozenset(word for phrase in _PHRASES for word in phrase.words) | frozenset(_ROLE_OF) | NOISE
_BY_WORD: dict[str, tuple[_Phrase, ...]] = {
    word: tuple(phrase for phrase in _PHRASES if word in phrase.words) for word in _VOCABULARY
}
_KNOWN = (_VOCABULARY | frozenset(_SPELLINGS)) - {
    "the",
    "of",
    "a",
    "an",
    "and",
    "or",
    "s",
    "is",
    "to",
    "in",
    "on",
    "at",
    "for",
}
_LONG_WORDS = frozenset(word for word in _VOCABULARY | frozenset(_SPELLINGS) if word.isalpha() and len(word) > 4)
# What a run of letters without a border may be cut into: "dateofbirth", "patfirstnm".
_PIECES = frozenset(word for word in _VOCABULARY | frozenset(_SPELLINGS) if word.isalpha() and len(word) > 1)


@functools.lru_cache(maxsize=4096)
def _cut(word: str) -> tuple[str, ...] | None:
    """Return the fewest known words that a run of letters is made of, or None."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end):
            before, piece = best[start], word[start:end]
            if before is None or piece not in _PIECES:
                continue
            # Two-letter pieces make sense of any word; one of them per header word is enough.
            if len(piece) == 2 and any(len(other) == 2 for other in before):
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = (*before, piece)
    found = best[len(word)]
    return found if found and len(found) > 1 and max(map(len, found)) > 2 else None


@functools.lru_cache(maxsize=16384)
def is_known(word: str) -> bool:
    """Say whether a single word could stand in a header at all; a quick answer before the thorough one."""
    low = word.lower()
    return low in _KNOWN or low.removesuffix("s") in _KNOWN or (4 < len(low) < 25 and _cut(low) is not None)


def _uncameled(word: re.Match[str]) -> str:
    """Return a word with borders where its case changes, unless it is known as it stands ("FName", "LName")."""
    return word.group() if word.group().lower() in _SPELLINGS else _CAMEL.sub(" ", word.group())


@functools.lru_cache(maxsize=16384)
def words_of(text: str) -> tuple[str, ...]:
    """Return the header's words in canonical spelling, in order; numbers are words of digits."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = text.replace("’", "'").replace("'s ", " ").replace("'", "")
    text = _FIRST.sub("first", text)
    text = _LAST4.sub(" lastfour ", text)
    text = _INITIALS.sub(lambda match: re.sub(r"[./ ]", "", match.group()), text)
    text = _LETTERS.sub(_uncameled, _ORDER_OF_NAME.sub(" ", text).replace("_", " ")).lower()
    found: list[str] = []
    for word in _TOKEN.findall(text):
        if word == "lastfour":
            found.append("last4")
        elif word in _VOCABULARY or word in _SPELLINGS or not word.isalpha():
            found.extend(_canonical(word))
        elif (canonical := _canonical(word)) != (word,):
            found.extend(canonical)
        elif len(word) > 4 and (pieces := _cut(word)):
            found.extend(part for piece in pieces for part in _canonical(piece))
        else:
            found.append(word)
        if pair := PAIRS.get((found[-2], found[-1])) if len(found) > 1 else None:
            found[-2:] = [pair]
    return tuple(found)


def _role(words: tuple[str, ...], used: frozenset[str]) -> str:
    """Return the role that the words not `used` name, numbered where a second such person is meant."""
    ranked = min(
        ((*_ROLE_OF[word], index) for index, word in enumerate(words) if word in _ROLE_OF and word not in used),
        default=None,
    )
    if ranked is None:
        return ""
    _, role, index = ranked
    after = words[index + 1] if index + 1 < len(words) else ""
    return f"{role}_{after}" if after.isdecimal() and 2 <= int(after[:3]) <= 20 else role


def role_of(text: str) -> str:
    """Return whose person a text speaks of ("Guarantor information" -> "guarantor"), "" where none is named."""
    return _role(words_of(text[:200]), frozenset())


def _score(phrase: _Phrase, words: tuple[str, ...]) -> float:
    left = [word for word in dict.fromkeys(words) if word not in phrase.words and not word.isdecimal()]
    cost = 0.0
    for word in left:
        if word in _ROLE_OF:
            continue
        if word in NOISE:
            cost += 0.01
        elif any(other.element == phrase.element and phrase.element for other in _BY_WORD.get(word, ())):
            cost += 0.04  # "Medical record number (MRN)" says it twice
        else:
            cost += 0.18 if word in _VOCABULARY else 0.25
    vague = 0.45 if phrase.words <= NOISE else 1.0
    return max(0.1, 1.0 - cost) * vague


@functools.lru_cache(maxsize=16384)
def read_words(words: tuple[str, ...]) -> Header | None:
    """Return the best reading of canonical words, or None where no phrase fits."""
    present = frozenset(words)
    fitting = {phrase for word in present for phrase in _BY_WORD.get(word, ()) if phrase.words <= present}
    if not fitting:
        return _lone_role(words)

    def rank(phrase: _Phrase) -> tuple[int, int, int, int]:
        said = phrase.words - NOISE
        # "Patient passport #" is the number of a passport, not of a patient: the role only says whose.
        return (-len(said), -len(said - frozenset(_ROLE_OF)), -len(phrase.words), _order(phrase))

    best = min(fitting, key=rank)
    left = {word for word in words if word not in best.words and not word.isdecimal()} - NOISE - frozenset(_ROLE_OF)
    if left and (best.words <= frozenset(_ROLE_OF) or best.words == _DATE):
        return None  # "member owes" is no number of a member, and "natal date" may be any date
    score = _score(best, words)
    group = _role(words, best.words) or _BEARERS.get((best.element, best.subtype), "")
    hint = _role(words, frozenset()) if not group else ""
    return Header(
        element=best.element,
        subtype=best.subtype,
        group=group,
        hint=hint,
        score=round(score, 3),
        whole=score > 0.85 or (best.words <= NOISE and score > 0.4),
    )


def is_field_word(word: str) -> bool:
    """Say whether a word by itself tells what a column holds, rather than whose it is or nothing."""
    return any(one in _BY_WORD and one not in _ROLE_OF and one not in NOISE for one in _canonical(word.lower()))


def _lone_role(words: tuple[str, ...]) -> Header | None:
    """A header that is nothing but a role ("Guarantor", "PCP") means that person's name."""
    group = _role(words, frozenset())
    if not group or not all(word in _ROLE_OF or word in NOISE or word.isdecimal() for word in words):
        return None
    return Header(element="name", subtype="full", group=group, hint="", score=0.88, whole=True)


def read_after(shared: str, rest: str, above: str = "") -> Header | None:
    """Return what a header means that begins as the others of its table do.

    What is left of it decides, or where that says nothing alone ("Member" + "ID") the whole.
    """
    own = read_column(rest, above)
    if own is not None and own.score >= 0.5:
        return own if own.group or not own.element else msgspec.structs.replace(own, group=role_of(shared))
    said = [word for word in words_of(rest) if word not in NOISE and not word.isdecimal()]
    return own if said else read_column(f"{shared} {rest}", above) or own


def _order(phrase: _Phrase) -> int:
    return _PHRASES.index(phrase)


def read_header(text: str, above: str = "") -> Header | None:
    """Return what a header cell means, with the text of the group cell above it, or None where nothing fits."""
    if len(text) > MAX_LENGTH or len(above) > MAX_LENGTH:
        return None
    words = words_of(text)
    if not words or len(words) > MAX_WORDS:
        return None
    own = read_words(words)
    if "(" in text and (own is None or own.score < 0.85) and (bare := _HINT.sub(" ", text).strip()) and bare != text:
        said = read_words(words_of(bare))  # "Birth (m/d/y)", "Social (if you have one)"
        own = said if said is not None and (own is None or said.score > own.score) else own
    if not above.strip():
        return own
    joined = read_words(words_of(above)[:MAX_WORDS] + words)
    clear = own is not None and bool(own.element) and own.score >= 0.85  # "Member ID" under "Patient" stays one
    if own is not None and own.element and (clear or joined is None or not joined.element or joined.score < own.score):
        return msgspec.structs.replace(own, group=own.group or role_of(above))
    return joined or own


@functools.lru_cache(maxsize=4096)
def names_a_field(text: str) -> bool:
    """Say whether a text is a header that strayed among values: "Member's Name", "Birth m/d/y"."""
    if not _FIELD_WORDS & set(words_of(text[:MAX_LENGTH])):
        return False
    header = read_header(text)
    return header is not None and bool(header.element) and header.score >= 0.5


@functools.lru_cache(maxsize=4096)
def _longer(word: str) -> tuple[str, ...]:
    """Return the words of headers that a cut or voweless one may stand for: "surn" is a surname, "gndr" a gender."""
    if not word.isalpha() or word in _VOCABULARY or len(word) < 3:
        return ()
    longer = {known for known in _LONG_WORDS if len(known) > len(word) and known.startswith(word)}
    if len(word) >= 4:
        bones = _VOWELS.sub("", word)
        longer |= {known for known in _LONG_WORDS if known[0] == word[0] and _VOWELS.sub("", known) == bones}
    return tuple(sorted({" ".join(_canonical(known)) for known in longer}))


@functools.lru_cache(maxsize=4096)
def near_readings(text: str, above: str = "") -> tuple[Header, ...]:
    """Return what a column's header may mean where one of its words is an abbreviation nobody listed, less sure.

    Only the column's content can tell which of them it is, if any.
    """
    words = words_of(text) if len(text) <= MAX_LENGTH else ()
    unknown = [index for index, word in enumerate(words) if _longer(word)]
    if len(unknown) != 1 or len(words) > MAX_WORDS:
        return ()
    at = unknown[0]
    found: dict[tuple[str, str], Header] = {}
    for word in _longer(words[at]):
        said = (*words[:at], *word.split(), *words[at + 1 :])
        header = read_words((*words_of(above)[:MAX_WORDS], *said))
        if header is not None and header.element and header.score >= 0.6:
            score = round(min(NEAR, header.score), 3)
            found.setdefault(
                (header.element, header.subtype), msgspec.structs.replace(header, score=score, whole=False)
            )
    return tuple(found.values())


def read_column(text: str, above: str = "") -> Header | None:
    """Return what the header of a column means: as `read_header`, and where that knows nothing, what tables say."""
    found = read_header(text, above)
    if found is not None and found.element and found.score >= 0.75:
        return found
    if text.strip() in ("$", "$$"):
        return Header(element="billing_amount", subtype="amount", group="", hint="", score=0.8, whole=False)
    words = words_of(text) if len(text) <= MAX_LENGTH else ()
    meant = IN_TABLES.get(" ".join(word for word in words if word not in NOISE and word not in _ROLE_OF))
    if meant is None:
        return found
    group = _role(words, frozenset())
    return Header(element=meant[0], subtype=meant[1], group=group, hint="", score=0.85, whole=False)
