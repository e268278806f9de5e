"""XML of no format known here, as programs export records: what repeats is a table, the rest "name: value" lines."""

import re
from collections.abc import Iterator
from typing import Any

from rollcall.items import charsets, ooxml, plain, xml_stream
from rollcall.items.markup import strip_tags
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.repeated import Node, parts
from rollcall.items.xml_stream import RefusedError, local

_OPENS = re.compile(r"\ufeff?\s*<(?:\?xml\b|[A-Za-z_][\w.-]*(?::[\w.-]+)?(?:\s[^<>]{0,2000}?xmlns(?::\w+)?\s*=|>\s*<))")
_HEAD = 4096
_MOST = 32 << 20  # bytes that are taken apart; of more the words are read


def looks_like(untrusted: Readable) -> bool:
    """Decide by the declaration, or by a root element with a namespace or an element inside."""
    return plain.begins(untrusted, _OPENS, _HEAD, lambda content: charsets.guess(content.read_at(0, _HEAD) or b"\0"))


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield lines and tables; of what is no proper XML its words."""
    if untrusted.size > min(limits.max_bytes, limits.max_text):
        yield Fault(code="too_large", detail="file")
        return
    if untrusted.size > _MOST:
        yield Text(text=strip_tags(charsets.decode(untrusted.read_at(0, untrusted.size))[0]))
        yield Fault(code="partial", detail="XML of this size was read as text, tables were not taken apart")
        return
    tree = _Tree()
    try:
        xml_stream.feed(untrusted.stream(), "document", tree)
    except RefusedError as error:
        if error.code == "bomb":
            yield ooxml.refused(error)
            return
        # What nobody can take apart is still text.
        yield Text(text=strip_tags(charsets.decode(untrusted.read_at(0, untrusted.size))[0]))
        yield ooxml.refused(error)
        return
    yield from parts(tree.root, limits.max_text)


class _Tree:
    """Elements as they are told, attributes among the values."""

    def __init__(self) -> None:
        self.root = Node("")
        self._open = [self.root]
        self._texts: list[list[str]] = [[]]

    def start(self, tag: str, attributes: Any) -> None:
        """Take the start of an element."""
        self._put()
        node = Node(local(tag), "", [Node(local(key), value) for key, value in attributes.items() if value.strip()])
        self._open[-1].inside.append(node)
        self._open.append(node)
        self._texts.append([])

    def end(self, tag: str) -> None:
        """Take its end."""
        node = self._open.pop()
        text = " ".join("".join(self._texts.pop()).split())
        if text and node.inside:
            node.inside.append(Node(node.name, text))
        else:
            node.text = text

    def data(self, text: str) -> None:
        """Take text."""
        self._texts[-1].append(text)

    def close(self) -> None:
        """Nothing is left to do."""

    def _put(self) -> None:
        """Keep text before an element inside in its place."""
        text = " ".join("".join(self._texts[-1]).split())
        if text:
            self._open[-1].inside.append(Node(self._open[-1].name, text))
        self._texts[-1] = []


PARSER = Parser(name="xml", version=1, media_types=("application/xml",), looks_like=looks_like, parse=parse)
