"""Messages of an Outlook store read from its nodes: what libpff does not reach (see `pst_nodes`)."""

import functools
from collections.abc import Iterator

import msgspec

from rollcall.items import mapi_attachment, mapi_message
from rollcall.items.mapi import Names, Properties, Value
from rollcall.items.message import Leaf, Message
from rollcall.items.parser import Fault, Limits
from rollcall.items.pst_heap import Heap
from rollcall.items.pst_nodes import ATTACHMENT, BROKEN, Node, Nodes

_RECIPIENTS = 0x692  # the number of their table below every message
_DATA, _OBJECT = 0x3701, 0xD
_DEEPEST = 16  # messages attached to messages


class Reader(msgspec.Struct, frozen=True):
    """What it takes to read messages of one store."""

    nodes: Nodes
    names: Names
    codepage: str
    limits: Limits

    def message(self, node: Node, depth: int = 0) -> Message:
        """Return the message at a node."""
        below = self.nodes.below(node)
        properties = Properties(self._heap(node).properties(), self.codepage, self.names)
        faults: list[Fault] = []
        recipients: list[Properties] = []
        if _RECIPIENTS in below:
            try:
                rows = self._heap(below[_RECIPIENTS]).rows()
                recipients = [Properties(row, properties.codepage, self.names) for row in rows]
            except BROKEN:
                faults.append(Fault(code="partial", detail="recipients could not be read"))
        leaves: list[Leaf] = []
        for place, number in enumerate(sorted(number for number in below if number & 0x1F == ATTACHMENT)):
            locator = f"att:{place}"
            try:
                leaf = self._attachment(below[number], locator, properties.codepage, depth)
            except BROKEN as error:
                leaf = Fault(code="partial", detail=f"attachment: {type(error).__name__}", locator=locator)
            if isinstance(leaf, Fault):
                faults.append(leaf)
            else:
                leaves.append(leaf)

        return mapi_message.read(properties, recipients, tuple(leaves), tuple(faults), self.limits)

    def attached(self, message: Node, number: int, depth: int) -> Message:
        """Return the message attached to another under the number of its attachment."""
        attachment = self.nodes.below(message)[number]
        found = self._embedded(attachment, self._heap(attachment).properties())
        if found is None:
            raise LookupError("no message is attached there")
        return self.message(found, depth)

    def _attachment(self, node: Node, locator: str, codepage: str, depth: int) -> Leaf | Fault:
        heap = self._heap(node)
        values = heap.properties(leave=_DATA)
        properties = Properties(values, codepage, self.names)
        inner = self._embedded(node, heap.properties()) if properties.type_of(_DATA) == _OBJECT else None
        if inner is not None and properties.integer(0x3705) == mapi_attachment.EMBEDDED:
            if depth >= _DEEPEST:
                return Fault(code="too_deep", detail="messages attached to messages", locator=locator)
            message = self.message(inner, depth + 1)
            name = mapi_attachment.name_of(properties) or message.subject or ""
            return Leaf(locator=locator, kind="message", name=name, message=message)
        if inner is not None:
            return mapi_attachment.file(properties, locator, None, functools.partial(self.nodes.blocks, inner.data))
        if mapi_attachment.is_link(properties):
            return mapi_attachment.link(properties, locator)
        return mapi_attachment.file(properties, locator, None, functools.partial(self._content, node))

    def _content(self, node: Node) -> Iterator[bytes]:
        heap = self._heap(node)
        number = heap.number(_DATA)
        if number & 0x1F:
            yield from self.nodes.blocks(self.nodes.below(node)[number].data)
        else:
            yield heap.piece(number)

    def _embedded(self, node: Node, values: dict[int, Value]) -> Node | None:
        """Return the node of a message or object that is kept below its attachment."""
        value = values.get(_DATA)
        if value is None or value.type != _OBJECT:
            return None
        return self.nodes.below(node)[int.from_bytes(value.data[:4], "little")]

    def _heap(self, node: Node) -> Heap:
        @functools.cache
        def below() -> dict[int, Node]:
            return self.nodes.below(node)

        return Heap(self.nodes.data(node), lambda number: self.nodes.data(below()[number]))
