"""Running text as the tagger of names sees it: tokens, and what each word looks like as a row of small numbers.

A row says what a word is in itself: its letters, beginnings and ends, its shape, how common it is as a first name and
as a surname, and which word lists it is in. Nothing of its neighbours goes in, so a word's row is made once. Training
(`training/tagger`) and use share this file: what it makes must not change without training anew.
"""

import re
import unicodedata
from collections.abc import Sequence
from zlib import crc32

from rollcall.elements.name_parts import CREDENTIALS, PARTICLES, SUFFIXES
from rollcall.elements.name_tables import family_weight, given_weight
from rollcall.elements.name_words import CUES, HONORIFICS, INSTITUTIONS, PLACES, PLAIN

BUCKETS = 1 << 15  # rows of the table of vectors that the numbers point to; row 0 is nothing
TRIGRAMS = 8
WORD, GIVEN, FAMILY = 0, 1, 2  # places in a row that training blanks at random
SLOTS = 14 + TRIGRAMS
LONGEST = 40  # characters of a word that are looked at
BREAK, BLANK = "\n", "\n\n"  # the end of a line, and an empty line

# An empty line, a line end (with the marks of quoting that follow), mail and web addresses, words, numbers, signs.
_TOKEN = re.compile(
    r"(?P<blank>[ \t>\r]{0,40}\n(?:[ \t>\r]{0,40}\n)+[ \t>]{0,40})|(?P<line>[ \t\r]{0,40}\n[ \t>]{0,40})"
    r"|(?P<mail>[^\s<>()\[\],;:\"'@]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}|(?:https?://|www\.)\S{1,512})"
    r"|(?P<word>[^\W_]+(?:['’`\u0300-\u036f](?!(?:s|t|re|ll|ve|d|m)\b)[^\W_]+)*)"
    r"|(?P<tail>['’](?:s|t|re|ll|ve|d|m)\b)|(?P<sign>([^\w\s]|_)\7*)",
    re.IGNORECASE,
)
_LISTS = (HONORIFICS, CREDENTIALS, PARTICLES, SUFFIXES, INSTITUTIONS, PLAIN, CUES, PLACES)
_SIGNS = str.maketrans({"’": "'", "`": "'", "–": "-", "—": "-", "“": '"', "”": '"', "•": "*", "·": "*"})


def tokens(text: str) -> tuple[list[str], list[int], list[int]]:
    """Return the tokens of a text with the character offsets where each begins and ends."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            words.append(match.group())
        elif kind == "line":
            words.append(BREAK)
        elif kind == "blank":
            words.append(BLANK)
        elif kind == "mail":
            words.append("@")
        else:
            words.append(match.group()[:4].translate(_SIGNS))
        starts.append(match.start())
        ends.append(match.end())
    return words, starts, ends


def _plain_letters(word: str) -> str:
    """Return a word in lower case without accents."""
    lower = word.translate(_SIGNS).lower()
    if lower.isascii():
        return lower
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def _shape(word: str) -> str:
    if word.isdigit():
        return f"9{min(len(word), 6)}"
    if not word[0].isalnum():
        return "sign"
    if any(c.isdigit() for c in word):
        return "a9" if word[0].isalpha() else "9a"
    if len(word) == 1:
        return "X" if word.isupper() else "x"
    if word.isupper():
        return f"XX{min(len(word), 5)}"
    if word.islower():
        return "xx"
    if word[0].isupper():
        return "Xx" if word[1:].islower() else "XxX"
    return "xX" if any(c.isupper() for c in word) else "other"


def row(word: str) -> list[int]:
    """Return the `SLOTS` numbers of one token, each 0 (nothing) or a row of the table of vectors."""
    word = word[:LONGEST]
    lower = _plain_letters(word)
    numbers = [_bucket(0, lower if not word.isdigit() else "9" * len(word))]
    wordlike = word[:1].isalpha()
    if wordlike:
        bare = lower.replace("'", "")
        listed = sum(1 << index for index, some in enumerate(_LISTS) if bare in some)
        numbers += [_bucket(1, str(given_weight(word))), _bucket(2, str(family_weight(word)))]
        numbers += [_bucket(3, str(listed)), _bucket(4, str(min(len(word), 12)))]
        numbers += [_bucket(5 + n, lower[:n]) if len(lower) >= n else 0 for n in (1, 2, 3, 4)]
        numbers += [_bucket(10 + n, lower[-n:]) if len(lower) >= n else 0 for n in (1, 2, 3, 4)]
    else:
        numbers += [0] * 12
    numbers.append(_bucket(15, _shape(word)))
    if wordlike and len(lower) > 2:
        framed = f"^{lower}$"
        some = [_bucket(16, framed[at : at + 3]) for at in range(len(framed) - 2)][:TRIGRAMS]
        numbers += some
    return numbers + [0] * (SLOTS - len(numbers))


def unlisted(numbers: Sequence[int]) -> list[int]:
    """Return a row as it would be, were the word in neither table of names. For training."""
    changed = list(numbers)
    changed[GIVEN], changed[FAMILY] = _bucket(1, "0"), _bucket(2, "0")
    return changed


def digest_of_rows() -> int:
    """Return a number that changes when words are seen in another way than before, and training is due again."""
    words = ("Maria", "O'Neill", "garcía", "MRN", "Will", "xyooj", "3-4", "12345", "A1C", "Hospital", BREAK, "--", "de")
    return crc32(repr([row(word) for word in words]).encode())


def _bucket(slot: int, text: str) -> int:
    return 1 + crc32(f"{slot}:{text}".encode()) % (BUCKETS - 1)
