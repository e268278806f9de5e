"""Write the nodes of an Outlook store (MS-PST 2.2 and 2.3): messages in messages, as `pst_nodes` reads them."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from rollcall.items.pst_nodes import _SUBSTITUTED
from tests.items.outlook import encoded

_STORED = bytes(_SUBSTITUTED.index(number) for number in range(256))
_PER_HEAP = 3_500  # bytes; longer values stand in nodes of their own


class Attached(msgspec.Struct):
    """An attachment: bytes, or an item."""

    properties: Mapping[int, Any] = {}
    data: bytes = b""
    item: "Item | None" = None


class Item(msgspec.Struct):
    """A message."""

    properties: Mapping[int, Any]
    recipients: Sequence[Mapping[int, Any]] = ()
    attached: Sequence[Attached] = ()


class Store:
    """A store in the making. `wide` is the form of 2003 and later."""

    def __init__(self, *, wide: bool = True, substituted: bool = True, largest: int = 8_000) -> None:
        self._wide, self._substituted, self._largest = wide, substituted, largest
        self._file = bytearray(1024)
        self._blocks: list[tuple[int, int, int]] = []
        self._nodes: list[tuple[int, int, int, int]] = []
        self._q, self._p = ("Q", "<Q") if wide else ("I", "<I")

    def add(self, number: int, item: Item, parent: int) -> None:
        """Put a message into a folder."""
        self._nodes.append((number, *self._item(item), parent))

    def done(self) -> bytes:
        """The store."""
        width = 8 if self._wide else 4
        node = (lambda n: struct.pack("<QQQI4x", *n)) if self._wide else (lambda n: struct.pack("<IIII", *n))
        block = (lambda b: struct.pack("<QQHxxxxxx", *b)) if self._wide else (lambda b: struct.pack("<IIHxx", *b))
        roots = [
            self._tree([(one[0], form(one)) for one in sorted(entries)])
            for entries, form in ((self._nodes, node), (self._blocks, block))
        ]
        head = self._file
        head[:12] = b"!BDN\0\0\0\0SM" + struct.pack("<H", 23 if self._wide else 14)
        end, place, cipher = (184, 216, 513) if self._wide else (168, 184, 461)
        head[end : end + width] = len(self._file).to_bytes(width, "little")
        for number, root in enumerate(roots):
            at = place + number * 2 * width
            head[at : at + 2 * width] = struct.pack(f"<{2}{self._q}", 1, root)
        head[cipher] = self._substituted
        return bytes(head)

    def _tree(self, entries: list[tuple[int, bytes]]) -> int:
        level = 0
        while True:
            size = len(entries[0][1]) if entries else 16
            fit = (488 if self._wide else 496) // size
            pages = [entries[at : at + fit] for at in range(0, len(entries), fit)] or [[]]
            upper = []
            for page in pages:
                body = b"".join(data for _, data in page).ljust(488 if self._wide else 496, b"\0")
                place = self._append((body + bytes((len(page), fit, size, level))).ljust(512, b"\0"))
                key = page[0][0] if page else 0
                upper.append((key, struct.pack(f"<3{self._q}", key, 2, place)))
            if len(upper) == 1:
                return place
            entries, level = upper, level + 1

    def _append(self, data: bytes) -> int:
        place = len(self._file)
        self._file += data.ljust(-(-len(data) // 64) * 64, b"\0")
        return place

    def _block(self, data: bytes, *, inner: bool = False) -> int:
        number = (len(self._blocks) + 1) * 4 + 2 * inner
        stored = data.translate(_STORED) if self._substituted and not inner else data
        self._blocks.append((number, self._append(stored), len(data)))
        return number

    def _data(self, data: bytes) -> int:
        """Write bytes, over several blocks where they are long; some under two levels of lists."""
        if len(data) <= self._largest:
            return self._block(data)
        pieces = [self._block(data[at : at + self._largest]) for at in range(0, len(data), self._largest)]
        for level in (1, 2):
            head = struct.pack("<BBHI", 1, level, len(pieces), len(data))
            pieces = [self._block(head + struct.pack(f"<{len(pieces)}{self._q}", *pieces), inner=True)]
        return pieces[0]

    def _below(self, nodes: dict[int, tuple[int, int]]) -> int:
        if not nodes:
            return 0
        pad = bytes(4 if self._wide else 0)
        entries = b"".join(struct.pack(f"<3{self._q}", number, *nodes[number]) for number in sorted(nodes))
        leaf = self._block(struct.pack("<BBH", 2, 0, len(nodes)) + pad + entries, inner=True)
        upper = struct.pack(f"<2{self._q}", min(nodes), leaf)
        return self._block(struct.pack("<BBH", 2, 1, 1) + pad + upper, inner=True)

    def _item(self, item: Item) -> tuple[int, int]:
        below: dict[int, tuple[int, int]] = {}
        if item.recipients:
            below[0x692] = self._table(item.recipients)
        for place, attached in enumerate(item.attached):
            inside: dict[int, tuple[int, int]] = {}
            properties: dict[int, Any] = {0x3705: 5 if attached.item else 1, **attached.properties}
            if attached.item is not None:
                inside[0x2004] = self._item(attached.item)
                properties[0x3701] = (0xD, struct.pack("<II", 0x2004, 0))
            else:
                properties[0x3701] = attached.data
            below[0x8025 + 32 * place] = self._node(properties, inside)
        return self._node(dict(item.properties), below)

    def _node(self, properties: dict[int, Any], below: dict[int, tuple[int, int]]) -> tuple[int, int]:
        pieces: list[bytes] = [b"", b""]  # the tree's head and its entries
        entries = b""
        for tag in sorted(properties):
            type_, data = encoded(properties[tag])
            if type_ in (0x2, 0x3, 0xB):
                number = int.from_bytes(data, "little")
            elif len(data) > _PER_HEAP:
                number = 0x1F + 32 * (len(below) + 900)
                below[number] = (self._data(data), 0)
            else:
                pieces.append(data)
                number = len(pieces) << 5 if data else 0
            entries += struct.pack("<HHI", tag, type_, number & 0xFFFFFFFF)
        pieces[:2] = [struct.pack("<BBBBI", 0xB5, 2, 6, 0, 2 << 5), entries]
        return self._data(_heap(0xBC, pieces)), self._below(below)

    def _table(self, rows: Sequence[Mapping[int, Any]]) -> tuple[int, int]:
        tags = sorted({tag for row in rows for tag in row})
        pieces: list[bytes] = [b"", b"", b"", b""]  # the table, the head of its index, the index, the rows
        matrix = b""
        for number, row in enumerate(rows):
            cells, present = struct.pack("<I", number), 0x80
            for place, tag in enumerate(tags, 1):
                data = encoded(row[tag])[1] if tag in row else b""
                pieces.append(data)
                cells += struct.pack("<I", len(pieces) << 5 if tag in row else 0)
                present |= 0x80 >> place if tag in row else 0
            matrix += cells + bytes((present,))
        end = 4 + 4 * len(tags)
        columns = struct.pack("<HHHBB", 0x3, 0x67F2, 0, 4, 0)
        for place, tag in enumerate(tags, 1):
            kind = next(encoded(row[tag])[0] for row in rows if tag in row)
            columns += struct.pack("<HHHBB", kind, tag, 4 * place, 4, place)
        index = b"".join(struct.pack("<II" if self._wide else "<IH", number, number) for number in range(len(rows)))
        head = struct.pack("<BB4HIII", 0x7C, len(tags) + 1, end, end, end, end + 1, 2 << 5, 4 << 5, 0)
        pieces[:4] = [head + columns, struct.pack("<BBBBI", 0xB5, 4, 4 if self._wide else 2, 0, 3 << 5), index, matrix]
        return self._data(_heap(0x7C, pieces)), 0


def _heap(kind: int, pieces: list[bytes]) -> bytes:
    places, body = [12], b""
    for piece in pieces:
        body += piece
        places.append(12 + len(body))
    directory = 12 + len(body)
    head = struct.pack("<HBBI4x", directory, 0xEC, kind, 1 << 5)
    return head + body + struct.pack(f"<HH{len(places)}H", len(pieces), 0, *places)
