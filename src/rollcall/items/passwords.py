"""Passwords: what a text may be telling as one, and the trying of them on a content that is closed.

People send a locked file in one mail and its password in another, in their own words and any language. So nothing here
knows sentences: what stands behind a word like "password", or looks like nothing one would write for any other reason,
is a candidate; the cipher itself says which one was right.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from rollcall.items.readable import Readable

# Words that announce a password, in the languages hospital staff write; and what one does with it.
_CUES = (
    r"pass[\s-]?(?:words?|codes?|phrases?|wds?|keys?)|\bp/?w(?:or)?ds?\b|\bpw\b|\bpass\b|\bpins?\b|\bcodes?\b|\bkeys?\b"
    r"|contrase\w+|\bclave\b|\bsenha\b|mot de passe|kennwort|passwort|mật khẩu|lo ?sin"
    r"|\b(?:un)?lock\w*|\b(?:de|en)crypt\w*|\bprotected\b|\bopens?\b|\babr\w+|\b(?:ouvr|öffn)\w+"
)
CUE = re.compile(_CUES, re.IGNORECASE)
# The part of them that is used for little else: worth a look wherever it stands.
ANNOUNCED = re.compile(
    r"pass[\s-]?(?:word|code|phrase)|\bpw\b|\bpwd\b|contrase|kennwort|passwort|mot de passe", re.IGNORECASE
)
_HINT = re.compile(r"\b(?:last|final|[uú]ltim[oa]s)\s+(?:4|four|cuatro)\b|\b4[\s-]digit", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”«»`‘’']([^\"“”«»`‘’'\n]{3,64})[\"“”«»`‘’']|<([^<>\s]{4,64})>|\[([^\[\]\n]{4,64})\]")
_NEXT = re.compile(
    r"\s*(?:[:=→–-]+>?|\bis\b|\bare\b|\bwas\b|\bes\b|\bist\b|\best\b|\bé\b|\bwith\b|\bcon\b)\s*(\S.{0,80})"
)
_SPLIT = re.compile(r"\s+")
_EDGES = ".,;:!?)]}>\"'”’»*_`"
_FRONT = "([{<\"'“‘«*_`"
_ADDRESS = re.compile(r"https?:|www\.|@[\w-]+\.\w|^\w+\.(?:com|org|net|gov|edu)\b", re.IGNORECASE)
_DATE = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_SOCIAL = re.compile(r"\b\d{3}-\d{2}-(\d{4})\b")
_FEW_WORDS = 1_500  # characters of a mail that is about little else
_ENDING = re.compile(r"(?:\.(?=\d*[A-Za-z])[A-Za-z0-9]{1,5}){1,2}\Z")
_PARTS = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"[^\W\d_]?[^\W\dA-Z_]+|[A-Z]+(?![a-z])|\d+")
_IN_NAME = re.compile(r"(?:pass(?:word|code|phrase|wd)?|pwd?|kennwort|clave|key)(?:is)?", re.IGNORECASE)
_SHORTEST, _LONGEST = 3, 64


def candidates(text: str) -> Iterator[str]:
    """Yield what may be a password in a text, the likeliest first; some are said twice."""
    lines = text.splitlines()
    behind: list[str] = []
    around: list[str] = []
    for number, line in enumerate(lines):
        if not CUE.search(line):
            continue
        near = [line, *lines[number + 1 : number + 4]]
        behind += [found for cue in CUE.finditer(line) for found in _behind(line[cue.end() :])]
        around += [token for one in near for token in _tokens(one, strict=False)]
    for lined in lines if behind or len(text) <= _FEW_WORDS else ():
        for found in _QUOTED.finditer(lined):
            yield from _variants(next(filter(None, found.groups())))
    yield from behind
    yield from sorted(around, key=_plainness)
    if len(text) <= _FEW_WORDS:
        yield from (token for line in lines for token in _tokens(line, strict=True))


def of_name(name: str) -> Iterator[str]:
    """Yield what the name of a file may tell as a password: what stands behind "pass", the name, its words, pairs."""
    stem = _ENDING.sub("", name.strip())
    words = list(_PARTS.finditer(stem))
    pieces = [word[0] for word in words]
    behind = [piece[cue.end() :] for piece in pieces if (cue := _IN_NAME.match(piece))]
    behind += [stem[word.end() + 1 :] for word in words if _IN_NAME.fullmatch(word[0])]
    humps = [hump for piece in pieces for hump in _HUMP.findall(piece)]
    together = [stem[words[at].start() : words[at + 1].end()] for at in range(len(words) - 1)]
    found = [*behind, stem, *pieces, *humps, *together, name.strip()]
    lower = [one.lower() for one in found]
    yield from (one for one in dict.fromkeys([*found, *lower]) if _SHORTEST <= len(one) <= _LONGEST)


def hinted(text: str) -> Iterator[str]:
    """Yield what a hint at four digits or a date may mean: those that stand in the text, then any four digits."""
    for match in _DATE.finditer(text):
        month, day, year = match[1].zfill(2), match[2].zfill(2), match[3]
        long = year if len(year) == 4 else ("19" if int(year) > 30 else "20") + year
        yield from (month + day + long, month + day + long[2:], match[0], long + month + day, month + day)
    yield from _SOCIAL.findall(text)
    if _HINT.search(text):
        yield from (f"{number:04}" for number in range(10_000))


def _behind(rest: str) -> Iterator[str]:
    """Yield what a separator or a verb sets behind a cue: one word, and the whole of a short phrase."""
    match = _NEXT.search(rest[:160])
    if match is not None:
        words = _SPLIT.split(match[1].strip())
        yield from _variants(words[0])
        if 1 < len(words) <= 6:
            yield from _variants(match[1].strip())
    if words := rest.split(maxsplit=1):
        yield from _variants(words[0])


def _tokens(line: str, *, strict: bool) -> Iterator[str]:
    for token in _SPLIT.split(line.strip()):
        for variant in _variants(token):
            if not strict or _looks_made_up(variant):
                yield variant


def _variants(token: str) -> Iterator[str]:
    """Yield a token without the signs of the sentence around it, and as it stands: "!" may be part of it."""
    token = token.strip().lstrip(_FRONT)
    for one in dict.fromkeys((token.rstrip(_EDGES), token.rstrip(".,;:"), token)):
        if _SHORTEST <= len(one) <= _LONGEST and not _ADDRESS.search(one):
            yield one


def _looks_made_up(token: str) -> bool:
    """Decide whether a token is no ordinary word: digits or signs among letters, or capitals inside it."""
    body = token.strip(_EDGES + _FRONT)
    letters, digits = any(map(str.isalpha, body)), any(map(str.isdigit, body))
    signs = any(not character.isalnum() and character not in "-'’/" for character in body)
    return len(body) >= 4 and ((letters and digits) or signs or (digits and body.isdigit()) or _humps(body))


def _humps(body: str) -> bool:
    return any(a.islower() and b.isupper() for a, b in itertools.pairwise(body))


def _plainness(token: str) -> int:
    return 0 if _looks_made_up(token) else 1


class Keyed:
    """A content with the passwords that may open it; the one that did comes first the next time."""

    def __init__(self, readable: Readable, passwords: tuple[str, ...]) -> None:
        self._readable = readable
        self.passwords = list(passwords)
        self.size = readable.size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return self._readable.read_at(offset, length)

    def stream(self) -> BinaryIO:
        """Return a stream over the bytes."""
        return self._readable.stream()

    def fileno(self) -> int:
        """Return the descriptor of the content itself."""
        return self._readable.fileno()

    def close(self) -> None:
        """Let go of the content."""
        self._readable.close()


def passwords_for(readable: Readable) -> list[str]:
    """Return the passwords to try on a content, the likeliest first; none where it was opened without any."""
    return readable.passwords if isinstance(readable, Keyed) else []


def find_password(readable: Readable, opens: Callable[[str], bool], tries: int) -> str | None:
    """Return the first password that opens a content, or None; at most so many are tried."""
    passwords = passwords_for(readable)
    for number, password in enumerate(passwords[:tries]):
        if opens(password):
            passwords.insert(0, passwords.pop(number))
            return password
    return None


def refusal(readable: Readable) -> str:
    """Return the code of what stays closed: passwords were tried and none fits, or there was none to try."""
    return "wrong_password" if passwords_for(readable) else "encrypted"
