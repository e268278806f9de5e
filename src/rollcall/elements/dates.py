"""Dates in the shapes hospitals write them.

No clock is read: a birth date is never later than `REFERENCE_YEAR`, which is what two-digit years turn on.
"""

import calendar
import datetime
import functools
import re
import unicodedata

REFERENCE_YEAR = 2026
_EPOCH = datetime.date(1899, 12, 30)  # day 0 of Excel's calendar, its leap-year bug of 1900 included

_MONTHS = {
    **{name.lower(): number for number, name in enumerate(calendar.month_name) if name},
    **{name.lower(): number for number, name in enumerate(calendar.month_abbr) if name},
    "sept": 9,
    **dict(zip(("enero", "febrero", "marzo", "abril", "mayo", "junio"), range(1, 7), strict=True)),
    **dict(zip(("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"), range(7, 13), strict=True)),
    "setiembre": 9,
    "ene": 1,
    "abr": 4,
    "ago": 8,
    "set": 9,
    "dic": 12,
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=lambda name: (-len(name), name))) + ")"

# Valid for RE2 and `re` alike; case is ignored by the flag in front.
NUMERIC = r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{2} \d{2} \d{4}"
WORDED = (
    rf"\d{{1,2}}(?:st|nd|rd|th)?[ .-]{{0,2}}(?:of |de )?{_MONTH}[ .,-]{{0,2}}(?:de |del )?(?:\d{{4}}|'?\d{{2}})"
    rf"|{_MONTH}[ .-]{{1,2}}\d{{1,2}}(?:st|nd|rd|th)?,? {{0,2}}(?:\d{{4}}|'\d{{2}})"
    rf"|{_MONTH}-\d{{1,2}}-\d{{2}}"
)
PACKED = r"(?:19|20)\d{6}|\d{4}(?:19|20)\d{2}"

_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?$")
_YMD = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})$")
_XYZ = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$")
_BOXED = re.compile(r"(\d{2}) (\d{2}) (\d{4})$")  # the boxes of a printed form: "02 01 1951"
_DAY_FIRST = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[ .-]*(?:of |de )?({_MONTH})[ .,-]*(?:de |del )?(\d{{4}}|'?\d{{2}})$"
)
_MONTH_FIRST = re.compile(rf"({_MONTH})[ .-]*(\d{{1,2}})(?:st|nd|rd|th)?[ ,.-]*(\d{{4}}|'?\d{{2}})$")
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun|lun|mar|mie|jue|vie|sab|dom)[a-z]*,\s+")
_MONTH_DAY = re.compile(rf"(?:({_MONTH})[ .-]*(\d{{1,2}})|(\d{{1,2}})[/-](\d{{1,2}}))(?:st|nd|rd|th)?$")


def two_digit(year: int, *, birth: bool) -> int:
    """Return the four-digit year meant by two digits: of a birth never in the future, else at most ten years ahead."""
    latest = REFERENCE_YEAR - 2000 + (0 if birth else 10)
    return year + (2000 if year <= latest else 1900)


def _year(digits: str, *, birth: bool) -> int:
    digits = digits.lstrip("'")
    return two_digit(int(digits), birth=birth) if len(digits) == 2 else int(digits)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def plain(text: str) -> str:
    """Return lower-case ASCII letters where accents stood, for names of months and weekdays."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


@functools.lru_cache(maxsize=65536)
def parse_date(text: str, *, birth: bool = False) -> str | None:
    """Return the ISO date that the whole text is, or None. Month first, unless only day first can be true."""
    text = _TIME.sub("", text.strip().rstrip(".,;")) if ":" in text else text.strip().rstrip(".,;")
    if not text.isascii():
        text = plain(text)
    if match := _XYZ.match(text) or _BOXED.match(text):
        first, second, year = int(match[1]), int(match[2]), _year(match[3], birth=birth)
        return _iso(year, first, second) or _iso(year, second, first)
    if match := _YMD.match(text):
        return _iso(int(match[1]), int(match[2]), int(match[3]))
    if len(text) == 8 and text.isdecimal():
        return (_iso(int(text[:4]), int(text[4:6]), int(text[6:])) if text[:2] in ("19", "20") else None) or _iso(
            int(text[4:]), int(text[:2]), int(text[2:4])
        )
    text = _WEEKDAY.sub("", text.lower())
    if match := _MONTH_FIRST.match(text):
        return _iso(_year(match[3], birth=birth), _MONTHS[match[1]], int(match[2]))
    if match := _DAY_FIRST.match(text):
        return _iso(_year(match[3], birth=birth), _MONTHS[match[2]], int(match[1]))
    return None


def month_day(text: str) -> str | None:
    """Return "--MM-DD" where the text is a month and a day without a year, or None."""
    match = _MONTH_DAY.match(plain(text.strip()))
    if not match:
        return None
    month, day = (_MONTHS[match[1]], int(match[2])) if match[1] else (int(match[3]), int(match[4]))
    return f"--{month:02}-{day:02}" if _iso(2000, month, day) else None


def excel_serial(text: str) -> str | None:
    """Return the ISO date of a day number as Excel keeps it (1900 to `REFERENCE_YEAR`), or None."""
    digits = text.strip().removesuffix(".0")
    if not digits.isascii() or not digits.isdecimal() or not 3 <= len(digits) <= 5:
        return None
    date = _EPOCH + datetime.timedelta(days=int(digits))
    return date.isoformat() if 1900 <= date.year <= REFERENCE_YEAR else None
