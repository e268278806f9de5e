"""XML a piece at a time, from a stream: elements that are emptied once they were looked at, or events told to a target.

XML of a document never has a document type; one that declares entities is refused, so none is ever expanded.
"""

import re
from collections.abc import Iterator
from typing import IO, Any, Protocol

from rollcall.items.parser import ContentError

_CHUNK = 1 << 18
# A document type with declarations of its own; one that only names where its rules stand declares nothing here.
_DECLARES = re.compile(rb"<!DOCTYPE[^>]*\[|<!ENTITY|\0?<\0!\0D\0O")


class RefusedError(ContentError):
    """A part that is not read; `code` says why."""


class Target(Protocol):
    """What is told of starts, ends and text; names are written "{namespace}local"."""

    def start(self, tag: str, attributes: Any) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """It ends."""

    def data(self, text: str) -> None:
        """Text stands here, perhaps one of several pieces."""

    def close(self) -> None:
        """The document ends."""


def local(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def attribute(attributes: Any, name: str, default: str = "") -> str:
    """Return an attribute by its local name."""
    if (value := attributes.get(name)) is not None:
        return str(value)
    return next((value for key, value in attributes.items() if key.endswith("}" + name)), default)


def elements(stream: IO[bytes], name: str, tags: tuple[str, ...], *, starts: bool = False) -> Iterator[tuple[str, Any]]:
    """Yield (event, element) of these local names as they end (and start), emptied once they were looked at.

    Damage ends the part quietly: what stood before it was yielded. `RefusedError` says so afterwards.
    """
    from lxml import etree

    context = etree.iterparse(
        _NoDoctype(stream),
        events=("start", "end") if starts else ("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in context:
            yield event, element
            if event == "end":
                element.clear(keep_tail=False)
                while element.getprevious() is not None and (parent := element.getparent()) is not None:
                    del parent[0]
    except etree.XMLSyntaxError:
        raise RefusedError("partial", f"{name}: the XML is broken off or not well formed") from None


def feed(stream: IO[bytes], name: str, target: Target) -> None:
    """Tell a target what a document holds, in order; damage raises `RefusedError` behind what stood before it."""
    from lxml import etree

    guarded = _NoDoctype(stream)
    parser = etree.XMLParser(
        target=target,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        while data := guarded.read(_CHUNK):
            parser.feed(data)
        parser.close()
    except etree.XMLSyntaxError:
        raise RefusedError("partial", f"{name}: the XML is broken off or not well formed") from None


class _NoDoctype:
    """XML that may not declare entities; a document type would have to stand before the first element."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._head = True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        if self._head:
            self._head = False
            data += self._stream.read(4096)
            if _DECLARES.search(data):
                raise RefusedError("bomb", "the XML declares entities")
        return data
