"""Rich Text (RTF), as Outlook, Word and old record systems write it."""

import functools
import re
from collections.abc import Iterator

from rollcall.items import rtf
from rollcall.items.headers import safe
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.parsers.html import html_parts
from rollcall.items.readable import Readable

# Pictures and objects are hexadecimal digits after a few control words, up to the end of their group.
_INSIDE = re.compile(rb"\\(pict|objdata)\b((?:\\[a-z]+-?\d* ?|\{[^{}]{0,500}\}|[ \r\n])*+)([0-9A-Fa-f\s]{64,}+)")


def looks_like(untrusted: Readable) -> bool:
    """Decide by the group every RTF is."""
    return untrusted.read_at(0, 5) == b"{\\rtf"


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text and tables, then pictures and embedded objects."""
    if untrusted.size > min(limits.max_bytes, limits.max_text):
        yield Fault(code="too_large", detail="file")
        return
    data = untrusted.read_at(0, untrusted.size)
    inside: list[Inner] = []
    for number, match in enumerate(_INSIDE.finditer(data)):
        content = _unhex(match[3])
        kind = "inline" if match[1] == b"pict" else "member"
        inside.append(
            Inner(
                locator=f"object:{number}",
                kind=kind,
                size=len(content),
                chunks=functools.partial(iter, (content,)),
            )
        )
    body = rtf.read(_INSIDE.sub(b"", data))
    if body.media_type == "text/html":
        yield from html_parts(safe(body.text), limits, kind="text")
    elif body.text.strip():
        yield Text(text=safe(body.text))
    if not data.rstrip(b"\0 \r\n").endswith(b"}"):
        yield Fault(code="truncated", detail="the last group does not close")
    yield from inside


def _unhex(digits: bytes) -> bytes:
    kept = b"".join(digits.split())
    return bytes.fromhex(kept[: len(kept) // 2 * 2].decode("ascii"))


PARSER = Parser(name="rtf", version=1, media_types=("application/rtf", "text/rtf"), looks_like=looks_like, parse=parse)
