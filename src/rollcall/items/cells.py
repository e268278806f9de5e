"""What cells of a workbook show: numbers by their format as far as it hides or adds digits, dates ISO; and their rows.

Leading zeros that only the format shows (000-00-0000 on a Social Security number typed as a number) are part of the
value, and so are the dashes and brackets of a telephone number.
"""

import functools
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

Row = tuple[int, int, list[str]]
Style = tuple[str, str]  # "date", "time", "mask" or "", and the mask

PLAIN: Style = ("", "")


class Aside(msgspec.Struct):
    """What a sheet says beside its cells: on the printed page, in choices and prompts, and where links lead."""

    printed: list[str] = []
    unseen: list[str] = []
    links: list[str] = []  # where they lead


EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (a sheet's dates have no zone)
EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")
_LITERALS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]|_.|\*.')
_PLACES = re.compile(r"[0#?]")
_BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_BUILT_IN_TIMES = frozenset((18, 19, 20, 21, 45, 46, 47))
_WIDEST_GAP = 256  # empty cells in one row; a wider gap splits the row


_PRINTED_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-F]{6}|\d{1,3} ?|[A-Z&+-])')


def printed(code: str) -> str:
    """Return the words of a page header or footer, what says how they look left out."""
    return " ".join(_PRINTED_CODES.sub(" ", code).split())


def number_shown(written: str, number: float, form: Style, epoch: datetime) -> str:
    """Return a number as its format shows it; `written` is how the file has it."""
    kind, mask = form
    if kind in ("date", "time"):
        return _moment(number, kind, epoch) or plain_number(written, number)
    if kind == "mask":
        return masked(number, mask)
    return plain_number(written, number)


@functools.lru_cache(1 << 14)
def _moment(number: float, kind: str, epoch: datetime) -> str | None:
    # Serial 60 is 29 February 1900, which never was; days before it are off by one.
    days = number + 1 if 0 < number < 60 and epoch.year == 1899 else number
    try:
        at = epoch + timedelta(seconds=round(days * 86400))
    except (OverflowError, ValueError):
        return None
    return at.strftime("%H:%M:%S") if kind == "time" and 0 <= number < 1 else shown(at)


@functools.lru_cache(1 << 15)
def column_of(letters: str) -> int:
    """Return the column of letters, "A" being 0 and no letters -1."""
    column = 0
    for letter in letters.upper()[:8]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def place_of(reference: str) -> tuple[int, int] | None:
    """Return (row, column) of a reference such as C7."""
    match = _REFERENCE.match(reference)
    return (int(match[2]) - 1, column_of(match[1])) if match else None


def shown(at: datetime) -> str:
    """Return a date as ISO text, with the time only where it is not midnight."""
    # strftime leaves out leading zeros of years before 1000 on some systems.
    day = f"{at.year:04d}-{at.month:02d}-{at.day:02d}"
    return day if (at.hour, at.minute, at.second) == (0, 0, 0) else f"{day} {at:%H:%M:%S}"


def plain_number(written: str, number: float) -> str:
    """Return a number without the traces of how computers keep it: 12.0 is 12, 0.30000000000000004 is 0.3."""
    if number != number or number in (float("inf"), float("-inf")):
        return written
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    if "e" not in written.lower() and len(written.lstrip("-").replace(".", "").lstrip("0")) <= 15:
        return written
    text = f"{number:.15g}"
    return f"{number:f}".rstrip("0").rstrip(".") if "e" in text and 1e-9 < abs(number) < 1e21 else text


def masked(number: float, mask: str) -> str:
    """Return a number in a format made of zeros and separators: 12345678 in 000-00-0000 is 012-34-5678."""
    digits = str(abs(round(number)))
    # A telephone number has two masks, [<=9999999]000-0000;(000) 000-0000: the first with room for it is meant.
    masks = mask.split(";")
    mask = next((one for one in masks if len(_PLACES.findall(one)) >= len(digits)), masks[-1])
    result: list[str] = []
    for character in reversed(mask):
        if character in "0#?":
            # A place of "#" shows a digit where there is one, a place of "0" always.
            result.append(digits[-1] if digits else "0" if character == "0" else "")
            digits = digits[:-1]
        else:
            result.append(character)
    return ("-" if number < 0 else "") + digits + "".join(reversed(result))


@functools.lru_cache(4096)
def style(code: int | str) -> Style:
    """Return what a number format does; a number is that of a built-in one."""
    if isinstance(code, int):
        return ("date", "") if code in _BUILT_IN_DATES else ("time", "") if code in _BUILT_IN_TIMES else PLAIN
    sections = code.split(";")
    first = ";".join(sections[:2]) if code.startswith("[<=") else sections[0]
    bare = _LITERALS.sub("", first).strip()
    spelled = _LITERALS.sub(lambda match: match[1] or match[2] or "", first).strip()
    letters = re.sub(r"general|am/pm|a/p|e[+-]", "", bare, flags=re.IGNORECASE).lower()
    if re.search(r"[dy]", letters) or (re.search(r"m", letters) and not re.search(r"[hs]", letters)):
        return "date", ""
    if re.search(r"[hs]", letters):
        return "time", ""
    places = len(_PLACES.findall(bare))
    if places >= 2 and re.fullmatch(r"[0#?\-\s()/;]+", bare) and re.fullmatch(r"[^@%.,]+", spelled):
        return ("mask", spelled) if "0" in bare or len(spelled) > places else PLAIN
    return PLAIN


def pieces(row: int, cells: Iterator[tuple[int, str]]) -> Iterator[Row]:
    """Yield the cells of a row, its parts far apart as rows of their own."""
    first, following, texts = 0, -1, list[str]()
    for column, text in cells:
        if column != following:
            gap = column - following
            if texts and gap > _WIDEST_GAP:
                yield row, first, texts
                texts = []
            if texts:
                texts.extend([""] * gap)
            else:
                first = column
        texts.append(text)
        following = column + 1
    if texts:
        yield row, first, texts


def reference(row: int, column: int) -> str:
    """Return a place as the program shows it, C7."""
    letters = ""
    column += 1
    while column > 0:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
