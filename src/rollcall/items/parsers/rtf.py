"""Rich Text (RTF), as Outlook, Word and old record systems write it."""

import functools
from collections.abc import Iterator

import msgspec

from rollcall.items import packager, rtf, targets
from rollcall.items.headers import safe
from rollcall.items.parser import Fault, Inner, Limits, Parser, Table, Text, Yield
from rollcall.items.parsers.html import html_parts
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling


def looks_like(untrusted: Readable) -> bool:
    """Decide by the group every RTF is."""
    return untrusted.read_at(0, 5) == b"{\\rtf"


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text and tables, headers, footers and notes apart, then pictures and embedded objects."""
    if untrusted.size > min(limits.max_bytes, limits.max_text):
        yield Fault(code="too_large", detail="file")
        return
    body = rtf.read(untrusted.read_at(0, untrusted.size))
    if body.media_type == "text/html":
        yield from html_parts(safe(body.text), limits, kind="text")
    elif body.text.strip():
        yield Text(text=safe(body.text))
    for kind, told in body.apart:
        yield from _apart(kind, told, limits)
    if body.deleted:
        yield Text(text=safe(body.deleted), kind="note", label="deleted", hidden=True)
    leads, notes = targets.split_fields(safe(body.notes).split("\n"))
    if told := worth_telling(notes):
        yield Text(text=told, kind="note", label="not shown", hidden=True)
    if body.about:
        yield Text(text=safe(body.about), kind="note", label="properties", hidden=True)
    yield from targets.parts(leads)
    if not body.is_whole:
        yield Fault(code="truncated", detail="a group does not close")
    for number, (kind, content) in enumerate(body.objects):
        name = ""
        if kind == "objdata":
            program, content = packager.embedded(content)
            if program == "Package":
                name, content = packager.packaged(content) or ("", content)
        yield Inner(
            locator=f"object:{number}",
            kind="inline" if kind == "pict" else "member",
            name=name,
            size=len(content),
            chunks=functools.partial(iter, (content,)),
        )


def _apart(kind: str, told: str, limits: Limits) -> Iterator[Yield]:
    """Yield what has a place of its own on the page, under the name of that place."""
    for value in html_parts(safe(told), limits, kind="text" if kind in ("header", "footer") else "note"):
        if isinstance(value, (Text, Table)):
            yield msgspec.structs.replace(value, label=f"{kind} {value.label}".strip())
        else:
            yield value


PARSER = Parser(name="rtf", version=4, media_types=("application/rtf", "text/rtf"), looks_like=looks_like, parse=parse)
