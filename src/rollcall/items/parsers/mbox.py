"""mbox: mails one after another, each under a line that begins "From "; as Thunderbird, Takeout and servers keep them.

No two programs agree where a mail ends. A line "From " begins the next mail where it looks like an envelope (an
address or "-", and a date) and a header follows; a Content-Length is believed only where it leads exactly to such a
line or to the end. The file is scanned in windows, never held; shards begin at mails, found in one pass from the start,
so that no choice of size changes what a mail is.
"""

import re
from collections.abc import Iterator

import msgspec

from rollcall.items.headers import decode_value, first, one_line, split_header
from rollcall.items.message import Message
from rollcall.items.mime import read_mail
from rollcall.items.parser import Fault, Inner, Limits, Parser, Yield
from rollcall.items.readable import Readable, Slice, chunks_of

SHARD_BYTES = 64 << 20
SHARD_MESSAGES = 2_000
_WINDOW = 1 << 20
_LOOK = 1 << 13  # of a mail's start, for its envelope and header
_MONTHS = rb"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_WEEKDAY = rb"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?[ \t]+"
# "Mon Jun  1 10:00:00 2009", a zone before or after the year, day before month, seconds missing, or as RFC 822 has it.
_ENVELOPE = re.compile(
    rb"From (?:[^\r\n]{0,400}?[ \t])?"
    rb"(?:" + _WEEKDAY + rb"(?:" + _MONTHS + rb"[a-z]*[ \t]+\d{1,2}|\d{1,2}[ \t-]+" + _MONTHS + rb"[a-z]*)"
    rb"|\d{1,2}[ \t-]+" + _MONTHS + rb"[a-z]*[ \t-]+\d{2,4})"
    rb"[^\r\n]{0,80}\d{1,2}[:.]\d{2}[^\r\n]{0,80}\r?(?:\n|\Z)|"
    rb"From [^\r\n]{0,400}?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[^\r\n]{0,40}\r?(?:\n|\Z)",
    re.IGNORECASE,
)
_PLAIN = re.compile(rb"From (?:-|[^\s@]+@[^\s@]+|MAILER-DAEMON|\?\?\?@\?\?\?)[ \t]*\r?\n")
_HEADER = re.compile(rb"(?:[!-9;-~]{1,100}[ \t]*:|>From )")
_LENGTH = re.compile(rb"^Content-Length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_FOLDER_FIELD = re.compile(rb"^x-(?:gmail-labels|folder)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_KINDS = (
    ("sent", "sent"),
    ("trash", "deleted"),
    ("deleted", "deleted"),
    ("spam", "junk"),
    ("junk", "junk"),
    ("draft", "drafts"),
    ("outbox", "outbox"),
    ("archive", "archive"),
)


def looks_like(untrusted: Readable) -> bool:
    """Say whether the file starts with an envelope line and the header of a mail."""
    start = untrusted.read_at(0, _LOOK)
    begin = len(start) - len(start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"))
    return _begins(start, begin, blank_before=True)


def shards(untrusted: Readable, limits: Limits) -> Iterator[str]:
    """Yield slices "start-end" of about 64 MB or 2,000 mails, each from the start of one mail to that of another."""
    start, count = 0, 0
    for offset, length in _messages(untrusted, 0):
        if count and (count >= SHARD_MESSAGES or offset + length - start > SHARD_BYTES):
            yield f"{start}-{offset}"
            start, count = offset, 0
        count += 1
    if untrusted.size > start:
        yield f"{start}-{untrusted.size}"


def open_shard(untrusted: Readable, shard: str, limits: Limits) -> Iterator[Yield]:
    """Yield the mails that begin in a slice."""
    start, _, end = shard.partition("-")
    for offset, length in _messages(untrusted, int(start)):
        if offset >= int(end):
            return
        yield from _read(untrusted, offset, length, limits)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield every mail."""
    yield from open_shard(untrusted, f"0-{untrusted.size}", limits)


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the mail at "offset:length"."""
    offset, _, length = locator.partition(":")
    for value in _read(untrusted, int(offset), int(length), limits):
        if isinstance(value, Inner):
            return value
    raise LookupError("no mail at this place")


def _read(untrusted: Readable, offset: int, length: int, limits: Limits) -> Iterator[Yield]:
    """Yield the mail in a range, or what stands there instead of one."""
    locator = f"{offset}:{length}"
    raw = untrusted.read_at(offset, min(length, limits.max_bytes))
    if not raw.startswith(b"From "):
        if raw.strip(b"\r\n\t \xef\xbb\xbf\0"):
            content = Slice(untrusted, offset, length)
            yield Inner(locator=locator, kind="file", size=length, chunks=lambda: chunks_of(content))
            yield Fault(code="defect", detail="bytes before the first mail", locator=locator)
        return
    raw = raw[raw.find(b"\n") + 1 or len(raw) :]
    raw = raw[:-2] if raw.endswith(b"\n\r\n") else raw[:-1] if raw.endswith(b"\n\n") else raw
    message = read_mail(_QUOTED.sub(rb"\1", raw), limits)
    if length > limits.max_bytes:
        fault = Fault(code="too_large", detail=f"{length} bytes; the first {limits.max_bytes} were read")
        message = msgspec.structs.replace(message, faults=(*message.faults, fault))
    folder = _labels(message)
    yield Inner(
        locator=locator, kind="message", size=length, folder=folder, folder_kind=_folder_kind(folder), message=message
    )


def _labels(message: Message) -> str:
    """Return the folder a mail was in where its header says so: Google's export keeps labels there."""
    if not _FOLDER_FIELD.search(message.header):
        return ""
    fields, _, _ = split_header(message.header)
    labels = first(fields, "x-gmail-labels") or first(fields, "x-folder")
    return one_line(decode_value(labels)) if labels else ""


def _folder_kind(folder: str) -> str:
    names = [name.strip().lower() for name in folder.replace("\\", ",").replace("/", ",").split(",")]
    return next((kind for word, kind in _KINDS if any(name.startswith(word) for name in names)), "")


def _messages(untrusted: Readable, start: int) -> Iterator[tuple[int, int]]:
    """Yield (offset, length) of each mail from `start`, which is the file's start or a mail's; the ranges tile it."""
    offset = start
    while offset < untrusted.size:
        end = _next(untrusted, offset)
        yield offset, end - offset
        offset = end


def _next(untrusted: Readable, offset: int) -> int:
    """Return where the mail at an offset ends."""
    head = untrusted.read_at(offset, _LOOK)
    if _begins(head, 0, blank_before=True) and (end := _by_length(untrusted, offset, head)) is not None:
        return end
    position, size = offset, min(_WINDOW, _LOOK)  # most mails are short, so the window grows
    while position < untrusted.size:
        window = untrusted.read_at(position, size + _LOOK)
        last = position + len(window) >= untrusted.size
        limit = len(window) if last else size
        at = window.find(b"\nFrom ", 2 if position > offset else 0, limit + 5)
        while 0 <= at < limit:
            found = position + at + 1
            blank = window[max(0, at - 2) : at].endswith((b"\n", b"\n\r")) if at else True
            if _begins(window, at + 1, blank_before=blank):
                return found
            at = window.find(b"\nFrom ", at + 1, limit + 5)
        if last:
            break
        position += size - 2  # so that the line before a separator is seen in the window of the separator
        size = min(2 * size, _WINDOW)
    return untrusted.size


def _begins(window: bytes, at: int, *, blank_before: bool) -> bool:
    """Decide whether a mail begins at this line of a window."""
    if not window.startswith(b"From ", at):
        return False
    dated = _ENVELOPE.match(window, at)
    if dated is None and (not blank_before or _PLAIN.match(window, at) is None):
        return False
    line_end = window.find(b"\n", at) + 1 or len(window)
    following = window[line_end : line_end + 120]
    if _HEADER.match(following):
        return True
    # A mail without any header, or a file cut after the envelope; a date alone, in running text, is neither.
    return dated is not None and blank_before and (not following or following.startswith((b"\n", b"\r\n")))


def _by_length(untrusted: Readable, offset: int, head: bytes) -> int | None:
    """Return where Content-Length says the mail ends, if another begins just there or the file ends."""
    found = re.search(rb"\r?\n\r?\n", head)
    if found is None or (stated := _LENGTH.search(head, 0, found.start() + 1)) is None:
        return None
    end = offset + found.end() + int(stated[1])
    if end > untrusted.size:
        return None
    after = untrusted.read_at(end, _LOOK)
    gap = len(after) - len(after.lstrip(b"\r\n"))
    if gap > 4:
        return None
    if end + gap >= untrusted.size:
        return untrusted.size
    before = untrusted.read_at(end - 1, 1) if not gap else b"\n"
    return end + gap if before == b"\n" and _begins(after, gap, blank_before=True) else None


PARSER = Parser(
    name="mbox",
    version=1,
    media_types=("application/mbox",),
    looks_like=looks_like,
    parse=parse,
    shards=shards,
    open_shard=open_shard,
    open_child=open_child,
)
