"""Names in running text by rules over counts of names.

A word that is known as a first name or surname beside another capitalised word, a title, or a cue. Institutions,
streets, months and plain words are held against it. Nothing is decided here for good: `names` weighs what is found
here with what the tagger says.
"""

import re
from collections.abc import Iterator

from rollcall.elements.name_parts import CREDENTIALS, PARTICLES, SUFFIXES
from rollcall.elements.name_tables import family_weight, given_weight, key
from rollcall.elements.name_words import CUES, HONORIFICS, INSTITUTIONS, PLACE_STARTS, PLACES, PLAIN, STRONG_CUES

TOKEN = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?|\d+|[^\w\s]|\n")
_GAP = re.compile(r"[ \t\u00a0]{1,2}|\s?\n[>\s]{0,6}(?=\S)")
_END = frozenset(".!?:;\n>•-*|")
# What follows only a person's name: what the person is known by.
_IDENTIFIED = re.compile(
    r"(?i)(?:'s)?[ ,]{0,3}\(?(?:(?:dob|d\.o\.b|ssn|soc sec|mrn|date of birth|birth ?date|born|acct|account|"
    r"member id)\b|"
    r"(?<=\()(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{6,10})\))"
)
# Who types without capitals types names so too: two words where a sentence begins, or behind a mark.
_SMALL = re.compile(
    r"(?:^|(?<=[\n>])|(?<=[:;,.!?-] )|(?<=\bpt )|(?<=\bfor ))(?!(?:pt|pts|re|patient|for|dr) )"
    r"([a-z]{2,14}) (?:[a-z]\.? )?([a-z]{3,14})\b(?!')"
)


class Word:
    """One token and what is known of it."""

    __slots__ = ("caps", "end", "family", "given", "initial", "key", "start", "text")

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
        self.key = key(text)
        self.caps = text[0].isupper()
        self.initial = len(self.key) == 1
        self.given = given_weight(text) if self.caps else 0
        self.family = family_weight(text) if self.caps else 0


def _runs(text: str) -> Iterator[tuple[list[Word], str, str, bool]]:
    """Yield (capitalised words in a row, word before, second word before, whether a sentence begins with them)."""
    run: list[Word] = []
    before, before2, opens = "", "", True
    last, last2, fresh = "", "", True
    for match in TOKEN.finditer(text):
        piece = match.group()
        word = Word(piece, match.start()) if piece[0].isalpha() else None
        if run and word is not None and _GAP.fullmatch(text, run[-1].end, match.start()):
            short = len(run[-1].key) < 4 and (run[-1].initial or run[-1].key in HONORIFICS or run[-1].key in SUFFIXES)
            ended = run[-1].text.endswith(".") and not short
            if not ended and (word.caps or (word.key in PARTICLES and len(word.key) > 1)):
                run.append(word)
                continue
        if run:
            yield run, before, before2, opens
            last2, last, fresh = last or "", run[-1].text, False
            run = []
        if word is not None and word.caps:
            run, before, before2, opens = [word], last, last2, fresh
        elif piece == ".":
            last2, last, fresh = last, piece, True
        else:
            if word is not None or piece not in "'\"":
                last2, last = last, piece
            fresh = piece in _END or (fresh and piece in "\"'(")
    if run:
        yield run, before, before2, opens


def _trim(run: list[Word]) -> tuple[list[Word], str]:
    """Return the run without plain words, titles and letters at its ends, and the title taken off."""
    title = ""
    for index in range(len(run) - 2, 0, -1):
        word = run[index]
        if word.key in PLAIN and word.given < 10 and not word.initial and len(word.key) > 2:
            run = run[index + 1 :]  # "Vice President Ana Lopez": the name stands behind the office
            break
    while run:
        first = run[0]
        if first.key in HONORIFICS:
            title = first.key
        elif (
            not (first.key in PLAIN and (len(run) == 1 or first.given < 13 or run[1].key in PLAIN))
            and first.key not in CUES
        ):
            break
        run = run[1:]
    while run:
        final = run[-1]
        if (
            final.key in PARTICLES
            or final.key in HONORIFICS
            or _is_label(final, run[0])
            or (final.key in CREDENTIALS and final.text.isupper())
            or (final.key in PLAIN and len(run) > 1 and not (run[0].given >= 9 and len(run) == 2))
        ):
            run = run[:-1]
        elif len(run) == 1 and (final.key in PLAIN or final.initial):
            run = []
        else:
            break
    return run, title


def _is_label(final: Word, first: Word) -> bool:
    """Say whether the last word is an abbreviation in capitals behind a name in small letters: "Mary Olson SSN"."""
    capitals = final.text.isupper() and 1 < len(final.key) <= 4 and not first.text.isupper()
    return capitals and final.family < 9 and final.key not in SUFFIXES


def _lone(word: Word, bonus: float, *, titled: bool, opens: bool) -> float:
    """Return the score of a single word."""
    if titled:
        return 0.85 if word.family or word.given else 0.7
    if len(word.key) < 3:
        return 0.0
    if (word.key in PLACES or (word.text.isupper() and len(word.text) < 6)) and bonus < 0.2:
        return 0.1
    strength = max(word.given - 2, 0 if opens else word.family - 4)
    return min(0.8, 0.1 + 0.04 * strength - (0.08 if opens else 0) + bonus) if strength > 3 else bonus


def _score(run: list[Word], title: str, cues: tuple[str, str], *, opens: bool, identified: bool = False) -> float:
    words = [word for word in run if word.key not in SUFFIXES]
    if not words:
        return 0.0
    cue = cues[0].lower().rstrip(".")
    if cue in (":", ",", "-", "(", "#"):
        cue = cues[1].lower().rstrip(".")
    cue = key(cue)
    bonus = 0.3 if title else 0.22 if cue in STRONG_CUES else 0.08 if cue in CUES else 0.0
    institutions = sum(word.key in INSTITUTIONS for word in words)
    if identified and len(words) > 1 and words[0].given >= 6 and words[-1].key not in INSTITUTIONS:
        bonus, institutions = max(bonus, 0.25), 0
    if institutions and not (title and institutions < len(words)):
        return 0.0 if words[0].given < 13 or words[-1].key in INSTITUTIONS else 0.25
    if len(words) == 1:
        return _lone(words[0], bonus, titled=bool(title), opens=opens)
    return _several(words, bonus)


def _several(words: list[Word], bonus: float) -> float:
    """Return the score of two words or more."""
    first, final = words[0], words[-1]
    given = first.given if not first.initial else 9
    family = final.family if not final.initial else 9
    if first.initial and final.initial:
        return 0.0
    if len(words) == 2 and (first.key in PLACE_STARTS or (first.key in PLACES and final.key in PLACES)) and not bonus:
        return 0.2
    reverse = min(first.family, final.given) > 0 and first.family > given
    score = 0.1 + min(given, 14) * 0.032 + min(family, 14) * 0.027
    if given >= 7 and family >= 7:
        score += 0.12
    elif first.family >= 11 and not final.family and final.key not in PLAIN and not first.given >= first.family:
        score = max(score, 0.55)  # family name first, and a given name that no list knows
    if reverse:
        score += 0.05
    if any(word.key in PLAIN for word in words):
        score -= 0.12
    if len(words) > 3:
        score -= 0.1 * (len(words) - 3)
    if all(word.text.isupper() and len(word.text) > 1 for word in words):
        score -= 0.05
    return min(0.97, max(0.0, score + bonus))


def _inverted(text: str, run: list[Word], following: list[Word] | None) -> bool:
    """Say whether two runs are "LAST, FIRST M": one or two words, comma, words of which the first is a first name."""
    if not following or len(run) > 3 or len(following) > 4:
        return False
    between = text[run[-1].end : following[0].start]
    return (
        between in (", ", ",")
        and run[-1].family >= 6
        and following[0].given >= 8
        and run[-1].family >= run[-1].given
        and run[-1].key not in PLAIN | INSTITUTIONS
        and (len(run) == 1 or run[0].key in PARTICLES or run[0].family > run[0].given)
    )


def ruled_names(text: str) -> list[tuple[int, int, float]]:
    """Return (start, end, score) of what the rules do not rule out, in order; some of it may overlap."""
    return sorted((*_spans(text), *_small(text)))


def _spans(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield (start, end, score) of every capitalised run that is not ruled out outright, in order."""
    runs = list(_runs(text))
    index = 0
    while index < len(runs):
        run, before, before2, opens = runs[index]
        index += 1
        words, title = _trim(run)
        if not words:
            continue
        following = _trim(runs[index][0])[0] if index < len(runs) else None
        if _inverted(text, words, following) and following:
            score = max(0.8, _score([*following[:1], *words[-1:]], title, (before, before2), opens=opens))
            end = following[-1]
            index += 1
        else:
            end = words[-1]
            identified = _IDENTIFIED.match(text, end.end) is not None
            score = _score(words, title, (before, before2), opens=opens, identified=identified)
        if _street(text, words[0].start, end.text):
            continue
        start, stop = words[0].start, end.end
        written = text[start:stop]
        if written.endswith(".") and len(end.key) > 1 and end.key not in SUFFIXES:
            stop -= 1
        elif written.lower().endswith(("'s", "’s")):
            stop -= 2
        if stop > start:
            yield start, stop, score


def _small(text: str) -> Iterator[tuple[int, int, float]]:
    """Yield (start, end, score) of names without capitals: a common first name and a surname, neither a plain word."""
    for match in _SMALL.finditer(text):
        first, last = key(match[1]), key(match[2])
        if {first, last} & (PLAIN | INSTITUTIONS | CUES):
            continue
        given, family = given_weight(match[1]), family_weight(match[2])
        identified = _IDENTIFIED.match(text, match.end()) is not None
        if (given >= 12 and family >= 9) or (identified and given >= 8 and family >= 6):
            yield match.start(1), match.end(), 0.75 if identified else 0.55


def _street(text: str, start: int, last: str) -> bool:
    """Say whether a house number stands before and a kind of street is the last word."""
    return key(last) in INSTITUTIONS and bool(re.search(r"\d\s+$", text[max(0, start - 8) : start]))
