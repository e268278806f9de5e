"""A person's name taken apart, as in "DE LA CRUZ, MARIA E JR", "Dr. Nguyen Van Anh" or "O'Neil-Smith, J.".

A comma decides first (family name before it), then particles that belong to the family name (de la, van, bin), then the
counts of first names and surnames, then position.
"""

import re

import msgspec

from rollcall.elements.name_tables import family_weight, given_weight

PREFIXES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "doctor",
        "prof",
        "professor",
        "rev",
        "reverend",
        "fr",
        "sr",
        "sra",
        "srta",
        "don",
        "dona",
        "sir",
        "hon",
        "sgt",
        "capt",
        "lt",
        "col",
        "maj",
    ]
)
SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "v", "esq"])
CREDENTIALS = frozenset(
    [
        "md",
        "do",
        "rn",
        "lpn",
        "lvn",
        "np",
        "pa",
        "pac",
        "phd",
        "pharmd",
        "dds",
        "dmd",
        "dpm",
        "od",
        "dc",
        "cna",
        "crna",
        "cnm",
        "lcsw",
        "lmft",
        "msw",
        "mph",
        "mba",
        "facp",
        "facs",
        "fnp",
        "aprn",
        "arnp",
        "rph",
        "dpt",
        "pt",
        "ot",
        "otr",
        "slp",
        "cma",
        "rma",
        "bsn",
        "msn",
        "dnp",
        "ma",
        "ms",
        "bs",
        "rhia",
        "rhit",
        "cpc",
        "cpa",
        "jd",
    ]
)
PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "des",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "bin",
        "ibn",
        "al",
        "el",
        "abu",
        "st",
        "san",
        "santa",
        "mac",
        "mc",
        "della",
        "delle",
        "degli",
        "af",
        "av",
        "zu",
        "zum",
        "af",
        "ap",
    ]
)
_WORD = re.compile(r"[^\W\d_][^\s,;()\"]*|\"[^\"]+\"|\([^)]+\)|,|[^\W\d_]")


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """The pieces of one name, as written but for the case of names in capitals. Any may be empty."""

    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""
    prefix: str = ""
    credentials: str = ""
    preferred: str = ""  # what stood in quotes or brackets

    @property
    def natural(self) -> str:
        """The name in the order one says it, without titles."""
        return " ".join(part for part in (self.given, self.middle, self.family, self.suffix) if part)

    @property
    def full(self) -> bool:
        """Whether both a given and a family name are there."""
        return bool(self.given and self.family)


def _bare(word: str) -> str:
    return word.strip(".'’").replace(".", "").lower()


def tidy(word: str) -> str:
    """Return a word in capitals as names are written; mixed case is the writer's own and kept."""
    if not (word.isupper() and len(word) > 1) or (len(word) <= 2 and "." in word):
        return word
    pieces = re.split(r"([-'’ ])", word.lower())
    text = "".join(piece[:1].upper() + piece[1:] for piece in pieces)
    if text.startswith("Mc") and len(text) > 4:
        text = "Mc" + text[2].upper() + text[3:]
    return text


def _join(words: list[str]) -> str:
    return " ".join(
        tidy(word) if _bare(word) not in PARTICLES or not word.isupper() else word.lower() for word in words
    )


def _take_suffixes(words: list[str], taken: dict[str, list[str]], *, comma: bool) -> list[str]:
    """Move suffixes and credentials off the end. Two letters that are also a given name need the comma before them."""
    while len(words) > 1 or (comma and words):
        bare = _bare(words[-1])
        if bare in SUFFIXES and not (bare == "v" and not comma):
            taken["suffix"].insert(0, words.pop())
        elif (
            bare in CREDENTIALS
            and (comma or words[-1].replace(".", "").isupper())
            and not (bare in ("do", "ma") and not comma)
        ):
            taken["credentials"].insert(0, words.pop())
        else:
            break
    return words


def _split_natural(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return (given, middle, family) of words in natural order."""
    if len(words) == 1:
        # A lone word is a family name only where the lists say so clearly.
        return ([], [], words) if family_weight(words[0]) > given_weight(words[0]) + 2 else (words, [], [])
    for index in range(1, len(words)):
        if _bare(words[index]) in PARTICLES and index < len(words) - 1 and not _is_initial(words[index]):
            return words[:1], words[1:index], words[index:]
    if len(words) == 2:
        # "Nguyen Anh", "Garcia Maria": only where both words say the reverse.
        first, second = words
        reverse = family_weight(first) - given_weight(first), given_weight(second) - family_weight(second)
        if min(reverse) >= 5 and not _is_initial(second):
            return [second], [], [first]
        if _is_initial(second) and given_weight(first) < 5 <= family_weight(first):
            return [second], [], [first]
        return [first], [], [second]
    given, family = words[:1], words[-1:]
    middle = words[1:-1]
    # A second surname ("Maria Lopez Garcia"): the last middle word is a surname and hardly ever a first name.
    if middle and not _is_initial(middle[-1]) and family_weight(middle[-1]) > given_weight(middle[-1]) + 4:
        family = [middle.pop(), *family]
    return given, middle, family


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1


def parse_name(text: str) -> Name:
    """Return the parts of a name as it is written; a text that is no name gives what best fits."""
    preferred = ""
    words: list[str] = []
    for match in _WORD.finditer(text[:200]):
        token = match.group()
        if token[0] in '"(':
            preferred = preferred or token.strip('"()').strip()
        else:
            words.append(token)
    groups: list[list[str]] = [[]]
    for word in words:
        if word == ",":
            groups.append([])
        else:
            groups[-1].append(word)
    groups = [group for group in groups if group]
    if not groups:
        return Name(preferred=tidy(preferred))
    taken: dict[str, list[str]] = {"suffix": [], "credentials": [], "prefix": []}
    while len(groups) > 1 and all(_bare(word) in SUFFIXES | CREDENTIALS for word in groups[-1]):
        _take_suffixes(groups[-1], taken, comma=True)
        groups = [group for group in groups if group]
    while (
        groups[0]
        and len(groups[0]) + len(groups) > 2
        and _bare(groups[0][0]) in PREFIXES
        and not _is_initial(groups[0][0])
    ):
        taken["prefix"].append(groups[0].pop(0))
    groups = [group for group in groups if group]
    if len(groups) > 1:
        family = _take_suffixes(groups[0], taken, comma=False)
        rest = [word for group in groups[1:] for word in group]
        while len(rest) > 1 and _bare(rest[0]) in PREFIXES and not _is_initial(rest[0]):
            taken["prefix"].append(rest.pop(0))
        rest = _take_suffixes(rest, taken, comma=False)
        if rest and _bare(rest[-1]) in PREFIXES and len(rest) > 1:
            taken["prefix"].append(rest.pop())
        given, middle = rest[:1], rest[1:]
    elif groups:
        given, middle, family = _split_natural(_take_suffixes(groups[0], taken, comma=False))
    else:
        given, middle, family = [], [], []
    return Name(
        given=_join(given),
        middle=_join(middle),
        family=_join(family),
        suffix=" ".join(taken["suffix"]),
        prefix=" ".join(taken["prefix"]),
        credentials=" ".join(taken["credentials"]),
        preferred=tidy(preferred),
    )
