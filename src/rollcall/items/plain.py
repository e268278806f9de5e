"""Plain text of any length, decoded a block at a time, each block ending where a line ends."""

import codecs
import re
from collections.abc import Callable, Iterator

from rollcall.items import charsets
from rollcall.items.readable import Readable

_BLOCK = 1 << 20
_LONGEST = 1 << 22  # bytes of one line held together; beyond, it is cut
_CONTROLS = bytes(sorted(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")))


def cut_before(text: str, start: int, end: int) -> int:
    """Return where to cut a text that may not go on beyond `end`: after a line, else a sentence, else a word.

    Words that belong together stand near each other, so a cut inside a line keeps away from its middle; where there is
    no blank at all the cut is made at the end.
    """
    for mark in ("\n", ". ", " "):
        if (cut := text.rfind(mark, start, end) + len(mark)) > max(start, end - (end - start) // 2) and cut <= end:
            return cut
    return end


def encoding_of(untrusted: Readable) -> str | None:
    """Return the encoding of a content that is text from its beginning to its end, None where it is not."""
    head = untrusted.read_at(0, 1 << 16)
    encoding = charsets.guess(head) if head else None
    if encoding is None or encoding.startswith(("utf-16", "utf-32")) or untrusted.size <= len(head):
        return encoding
    # A script with a program behind it opens like text; a look further in tells.
    for offset in (untrusted.size // 2, max(0, untrusted.size - 4096)):
        sample = untrusted.read_at(offset, 4096)
        if len(sample.translate(None, _CONTROLS)) < len(sample) * 0.9:
            return None
    return encoding


def begins(
    untrusted: Readable,
    pattern: re.Pattern[str],
    size: int = 512,
    encoding_of: Callable[[Readable], str | None] = encoding_of,
) -> bool:
    """Say whether a content is text whose first characters a pattern matches; a byte order mark does not count."""
    encoding = encoding_of(untrusted)
    if encoding is None:
        return False
    return pattern.match(untrusted.read_at(0, size).decode(encoding, "replace").lstrip("\ufeff")) is not None


def blocks(untrusted: Readable, encoding: str) -> Iterator[tuple[str, bool]]:
    """Yield (text, whether each byte stood for a character); line ends stay as they are."""
    wide = encoding.startswith(("utf-16", "utf-32"))
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    stream = untrusted.stream()
    carry = b""
    while data := stream.read(_BLOCK):
        if wide:
            text = decoder.decode(data)
            yield text, "\ufffd" not in text
            continue
        data = carry + data
        cut = data.rfind(b"\n") + 1
        if not cut and len(data) > _LONGEST:
            cut = len(data) - 4  # keeps a character of several bytes in one piece
            while cut < len(data) and data[cut] & 0xC0 == 0x80:
                cut += 1
        carry = data[cut:]
        if cut:
            yield _decode(data[:cut], encoding)
    if wide:
        text = decoder.decode(b"", final=True)
        if text:
            yield text, False
    elif carry:
        yield _decode(carry, encoding)


def _decode(data: bytes, encoding: str) -> tuple[str, bool]:
    """Decode one block; a block in another encoding than the first one is read in its own."""
    if encoding == "utf-8-sig":
        encoding = "utf-8"
        data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(encoding), True
    except (UnicodeError, ValueError):
        return charsets.decode(data, None if encoding == "utf-8" else encoding)


def lines(untrusted: Readable, encoding: str, notes: set[str]) -> Iterator[str]:
    """Yield lines, whatever ends them (LF, CR LF, CR); adds "undecodable" to `notes` where bytes were replaced."""
    carry = ""
    for text, whole in blocks(untrusted, encoding):
        if not whole:
            notes.add("undecodable")
        text = carry + text
        held = "\r" if text.endswith("\r") else ""  # the LF that belongs to it may come with the next block
        text = text.removesuffix("\r").replace("\r\n", "\n").replace("\r", "\n")
        *full, carry = text.split("\n")
        carry += held
        for line in full:
            yield line + "\n"
        if len(carry) > _LONGEST:
            yield carry
            carry = ""
    if carry:
        yield carry.replace("\r", "\n")


def unflowed(text: str) -> str:
    """Return a text of format=flowed (RFC 3676) with its lines joined: what was cut for the way is one line again."""
    lines: list[str] = []
    open_mark: str | None = None  # of quotation, where the line before goes on
    for line in text.split("\n"):
        bare = line.lstrip(">")
        mark = line[: len(line) - len(bare)]
        bare = bare.removeprefix(" ")
        if open_mark == mark and bare != "-- ":
            lines[-1] += bare
        else:
            lines.append(f"{mark} {bare}" if mark else bare)
        open_mark = mark if bare.endswith(" ") and bare != "-- " else None
    return "\n".join(lines)
