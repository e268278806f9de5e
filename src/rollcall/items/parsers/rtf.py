"""Rich Text (RTF), as Outlook, Word and old record systems write it."""

import functools
from collections.abc import Iterator

from rollcall.items import rtf
from rollcall.items.headers import safe
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.parsers.html import html_parts
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling


def looks_like(untrusted: Readable) -> bool:
    """Decide by the group every RTF is."""
    return untrusted.read_at(0, 5) == b"{\\rtf"


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text and tables, then pictures and embedded objects."""
    if untrusted.size > min(limits.max_bytes, limits.max_text):
        yield Fault(code="too_large", detail="file")
        return
    body = rtf.read(untrusted.read_at(0, untrusted.size))
    if body.media_type == "text/html":
        yield from html_parts(safe(body.text), limits, kind="text")
    elif body.text.strip():
        yield Text(text=safe(body.text))
    if notes := worth_telling(body.notes.split("\n")):
        yield Text(text=safe(notes), kind="note", label="not shown", hidden=True)
    if not body.is_whole:
        yield Fault(code="truncated", detail="a group does not close")
    for number, (kind, content) in enumerate(body.objects):
        yield Inner(
            locator=f"object:{number}",
            kind="inline" if kind == "pict" else "member",
            size=len(content),
            chunks=functools.partial(iter, (content,)),
        )


PARSER = Parser(name="rtf", version=2, media_types=("application/rtf", "text/rtf"), looks_like=looks_like, parse=parse)
