"""What is attached to a message, out of MAPI properties: files, and links to files that are elsewhere."""

from collections.abc import Callable, Iterator

from rollcall.items import headers
from rollcall.items.links import host_of
from rollcall.items.mapi import Properties
from rollcall.items.message import Leaf

EMBEDDED, OLE = 5, 6  # methods: a message, an object of another program (MS-OXCMSG 2.2.2.9)
_BY_REFERENCE = (2, 3, 4, 7)
_DATA, _URL = 0x3701, 0x370D


def name_of(properties: Properties) -> str:
    """Return what the file is called: its long name, its short one, what is shown for it."""
    names = (properties.text(tag) for tag in (0x3707, 0x3704, 0x3001, 0x370D, 0x370B))
    return headers.one_line(next((name for name in names if name), ""))


def is_link(properties: Properties) -> bool:
    """Decide whether only the place of a file was sent."""
    return properties.integer(0x3705) in _BY_REFERENCE and _DATA not in properties


def link(properties: Properties, locator: str) -> Leaf:
    """Return the leaf of a file that was not sent: its name, and the host it is on as far as that is told."""
    host = next((host for tag in (_URL, 0x3708, 0x8009) if (host := host_of(properties.text(tag) or ""))), "")
    return Leaf(locator=locator, kind="link", name=name_of(properties), media_type=host)


def file(properties: Properties, locator: str, size: int | None, chunks: Callable[[], Iterator[bytes]]) -> Leaf:
    """Return the leaf of a file that was sent with the message."""
    shown = bool(properties.integer(0x7FFE)) or bool((properties.integer(0x3714) or 0) & 4)
    return Leaf(
        locator=locator,
        kind="inline" if shown else "attachment",
        name=name_of(properties),
        media_type=(properties.text(0x370E) or "").lower(),
        size=size,
        chunks=chunks,
    )
