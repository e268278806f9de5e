"""Dates of mail headers: what is credible becomes UTC, everything is kept as written."""

import datetime
import email.utils
import re

# Clocks of mail servers that lost their battery say 1970, FILETIME zero says 1601; a mail of 2099 was sent by nobody.
EARLIEST = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
LATEST = datetime.datetime(2079, 12, 31, 23, 59, 59, tzinfo=datetime.UTC)

_ISO = re.compile(
    r"\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*\Z",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})\Z")
_TAIL = re.compile(r"(?:[A-Z][a-z]{2},?\s+)?\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?[^;]{0,40}\Z")
_LONGEST = 200  # characters; a date is shorter, a hostile header is not


def utc(moment: datetime.datetime) -> str | None:
    """Return a moment as UTC text to the second; None where it cannot be when a mail was sent."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    try:
        moment = moment.astimezone(datetime.UTC)
    except (OverflowError, ValueError):
        return None
    if not EARLIEST <= moment <= LATEST:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def mail_date(written: str) -> str | None:
    """Return the UTC of a date as a header writes it; None where it is unreadable or not credible."""
    written = written.strip()
    if not written or len(written) > _LONGEST:
        return None
    moment = _from_mail(written) if (iso := _ISO.match(written)) is None else _from_iso(iso)
    return None if moment is None else utc(moment)


def received_date(written: str) -> tuple[str, str | None]:
    """Return the date at the end of a Received header, as written and in UTC."""
    tail = written.rpartition(";")[2].strip()
    if not tail or len(tail) > _LONGEST or (found := mail_date(tail)) is None:
        end = _TAIL.search(written[-_LONGEST:])
        if end is None:
            return tail[-_LONGEST:], None
        return end[0].strip(), mail_date(end[0])
    return tail, found


def _from_mail(written: str) -> datetime.datetime | None:
    """Read the forms of RFC 822 and its successors, and the one of C's asctime."""
    try:
        fields = email.utils.parsedate_tz(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None  # the library's own complaints about hostile dates
    if fields is None:
        return None
    year, month, day, hour, minute, second, *_rest, offset = fields
    # A written century is the sender's; two digits follow RFC 5322 4.3, which the library does not quite.
    if 1900 < year < 2100 and not re.search(rf"\b{year}\b", written):
        year = year % 100 + (2000 if year % 100 < 50 else 1900)
    return _moment((year, month, day, hour, minute, second), offset or 0)


def _from_iso(match: re.Match[str]) -> datetime.datetime | None:
    numbers = tuple(int(group or 0) for group in match.groups()[:6])
    offset = 0
    if (zone := _OFFSET.match(match[7] or "")) is not None:
        offset = (int(zone[2]) * 60 + int(zone[3])) * 60 * (-1 if zone[1] == "-" else 1)
    return _moment(numbers, offset)


def _moment(numbers: tuple[int, ...], offset: int) -> datetime.datetime | None:
    """Put a moment together; a leap second is the second before it."""
    year, month, day, hour, minute, second = numbers
    if abs(offset) > 24 * 3600:
        offset = 0  # no place on Earth; the clock time alone is the best there is
    try:
        local = datetime.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=datetime.UTC)
        return local - datetime.timedelta(seconds=offset)
    except (ValueError, OverflowError):
        return None
