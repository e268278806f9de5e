"""Which characters bytes stand for, when nobody says or the one who says is wrong.

Order: byte order mark, what was declared, UTF-8, UTF-16 without a mark, then a guess: Western (cp1252) where few bytes
are above ASCII, as in American records, and a statistical guess where many are.
"""

import codecs
import functools
import re
from collections import Counter

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 16
_FEW = 32  # bytes above ASCII; of fewer no statistics can be made
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")))
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
# Names in the wild that Python spells otherwise, and declarations that by custom mean a superset.
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi": "cp1252",
    "x-unknown": "",
    "unknown-8bit": "",
    "default": "",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "big5": "big5hkscs",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "unicode-1-1-utf-7": "utf-7",
    "cp-850": "cp850",
}


@functools.lru_cache(maxsize=256)
def codec(name: str | None) -> str | None:
    """Return Python's name of a declared charset, or None where it names no charset of text."""
    if not name:
        return None
    plain = name.strip().strip("\"'").lower().replace("_", "-")
    plain = _ALIASES.get(plain, _ALIASES.get(plain.replace("-", "_"), plain))
    if match := re.fullmatch(r"(?:x-)?(?:windows|cp|ibm|ms)-?(\d{3,5})", plain):
        return of_codepage(int(match[1]))
    try:
        found = codecs.lookup(plain)
    except (LookupError, ValueError):
        return None
    return found.name if found._is_text_encoding else None


def of_codepage(number: int) -> str | None:
    """Return Python's name of a Windows codepage."""
    special = {
        65001: "utf-8",
        65000: "utf-7",
        1200: "utf-16-le",
        1201: "utf-16-be",
        20127: "cp1252",
        28591: "cp1252",
        936: "gb18030",
        54936: "gb18030",
        950: "big5hkscs",
        10000: "mac_roman",
        20866: "koi8-r",
        21866: "koi8-u",
        50220: "iso2022_jp",
        50221: "iso2022_jp",
        50222: "iso2022_jp",
        50225: "iso2022_kr",
        51932: "euc_jp",
        51949: "euc_kr",
        38598: "iso8859_8",
    }
    if number in special:
        return special[number]
    if 28592 <= number <= 28606:
        return f"iso8859_{number - 28590}"
    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return None


def guess(data: bytes) -> str | None:
    """Return the encoding a sample of text seems to be in, or None where it is no text."""
    return _guess(data[:_SAMPLE])


@functools.lru_cache(maxsize=4)  # every reader of some kind of text asks it of the same bytes
def _guess(sample: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample and (wide := _wide(sample)):
        return wide
    if len(sample.translate(None, _CONTROLS)) < len(sample) * 0.98:
        return None
    if _is_utf8(sample):
        return "utf-8"
    high = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    if high < _FEW or (high * 5 < len(sample) and not _NOT_CP1252.search(sample)):
        return "cp1252"
    return _statistical(sample) or "cp1252"


def decode(data: bytes, declared: str | None = None) -> tuple[str, bool]:
    """Return the text of bytes, and whether each byte stood for a character in the encoding chosen."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict_or_replaced(data, encoding)
    name = codec(declared)
    # A declared single-byte charset fits anything, so UTF-8 that is right throughout is believed before it.
    for encoding in dict.fromkeys((*(("utf-8",) if name in (None, "cp1252") else ()), name or "utf-8", "utf-8")):
        try:
            text = data.decode(encoding)
        except (UnicodeError, ValueError):
            continue
        if "\0" not in text or encoding != "utf-8":
            return text, True
        break
    return _strict_or_replaced(data, guess(data) or name or "cp1252")


def _strict_or_replaced(data: bytes, encoding: str) -> tuple[str, bool]:
    try:
        return data.decode(encoding), True
    except (UnicodeError, ValueError):
        pass
    if encoding in ("utf-8", "utf-8-sig"):
        return _line_by_line(data.removeprefix(codecs.BOM_UTF8))
    if encoding == "cp1252" and not _NOT_CP1252.search(data.translate(None, b"\x81\x8d\x8f\x90\x9d")):
        # The five bytes cp1252 leaves open are control characters in Latin-1; no byte is lost that way.
        return "".join(
            piece.decode("latin-1" if _NOT_CP1252.match(piece) else "cp1252")
            for piece in re.split(rb"([\x81\x8d\x8f\x90\x9d])", data)
        ), True
    return data.decode(encoding, "replace"), False


def _line_by_line(data: bytes) -> tuple[str, bool]:
    """Decode what is UTF-8 in most places: lines that are not are taken for Western text, as old programs append."""
    pieces: list[str] = []
    whole = True
    for line in data.splitlines(keepends=True):
        try:
            pieces.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            replaced = line.decode("utf-8", "replace")
            if replaced.isascii() or any(character > "\x7f" and character != "\ufffd" for character in replaced):
                pieces.append(replaced)
                whole = False
            else:
                pieces.append(_strict_or_replaced(line, "cp1252")[0])
    return "".join(pieces), whole


def _is_utf8(sample: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    # A sample may end inside a character, but only where other characters show that it is one.
    return sample.isascii() or not text.isascii()


def _wide(sample: bytes) -> str | None:
    """Return the byte order of UTF-16 without a mark: in Western text every other byte is NUL."""
    pairs = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # Other alphabets: one half of each pair names the block of characters, and a text stays within two or three.
    if pairs >= 16:
        for first, encoding in ((0, "utf-16-le"), (1, "utf-16-be")):
            letters, blocks = sample[first::2], sample[1 - first :: 2]
            varied = len(set(letters))
            if varied > 8 and len(set(blocks)) * 2 < varied:
                named = Counter(blocks)
                if sum(count for _, count in named.most_common(3)) >= pairs * 0.95:
                    return encoding
    if odd * 10 >= pairs * 4 and even * 20 <= pairs:
        return "utf-16-le"
    if even * 10 >= pairs * 4 and odd * 20 <= pairs:
        return "utf-16-be"
    return None


def _statistical(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: 1 << 14]).best()
    return best.encoding if best is not None else None
