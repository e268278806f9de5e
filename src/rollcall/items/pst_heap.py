"""Properties and tables of an Outlook store (MS-PST 2.3), kept in a heap of small pieces over the blocks of a node."""

import struct
from collections.abc import Iterator
from typing import Protocol

from rollcall.items.mapi import Value

_PROPERTIES, _TABLE, _TREE = 0xBC, 0x7C, 0xB5
_INLINE = {0x2: 2, 0x3: 4, 0x4: 4, 0xA: 4, 0xB: 1}
_MOST = 1 << 20


class Below(Protocol):
    """Gives the bytes of a node below, block by block."""

    def __call__(self, number: int) -> list[bytes]:
        """Return the blocks; LookupError where there is no such node."""
        ...


class Heap:
    """A heap over blocks. What is too long for it stands in nodes below."""

    def __init__(self, blocks: list[bytes], below: Below) -> None:
        if not blocks:
            raise ValueError("an empty heap")
        self._blocks = blocks
        self._below = below
        _, signature, self.kind, self._root = struct.unpack_from("<HBBI", blocks[0])
        if signature != 0xEC:
            raise ValueError("no heap")

    def piece(self, number: int) -> bytes:
        """Return one piece."""
        if not number:
            return b""
        block = self._blocks[number >> 16]
        (directory,) = struct.unpack_from("<H", block)
        (count,) = struct.unpack_from("<H", block, directory)
        place = number >> 5 & 0x7FF
        if number & 0x1F or not 0 < place <= count:
            raise ValueError("no such piece")
        start, end = struct.unpack_from("<HH", block, directory + 2 + 2 * place)
        return block[start:end]

    def long(self, number: int) -> bytes:
        """Return what stands in a piece or, where the number is a node's, below."""
        return b"".join(self._below(number)) if number & 0x1F else self.piece(number)

    def properties(self, leave: int = 0) -> dict[int, Value]:
        """Return the properties a node holds; what cannot be had of one is missing, and `leave` has no bytes."""
        found: dict[int, Value] = {}
        for tag, type_, entry in self._entries():
            number = int.from_bytes(entry, "little")
            value = b"" if tag == leave and type_ not in _INLINE else self._value(type_, number, entry)
            if value is not None:
                found.setdefault(tag, Value(type_, value))
        return found

    def number(self, wanted: int) -> int:
        """Return where the bytes of a property are; 0 where it has none."""
        return next((int.from_bytes(entry, "little") for tag, _, entry in self._entries() if tag == wanted), 0)

    def _entries(self) -> Iterator[tuple[int, int, bytes]]:
        if self.kind != _PROPERTIES:
            raise ValueError("no properties")
        for key, entry in self._tree(self._root):
            yield int.from_bytes(key, "little"), int.from_bytes(entry[:2], "little"), entry[2:6]

    def rows(self) -> Iterator[dict[int, Value]]:
        """Yield the rows of a table."""
        if self.kind != _TABLE:
            raise ValueError("no table")
        table = self.piece(self._root)
        count = table[1]
        ends = struct.unpack_from("<4H", table, 2)
        index, rows = struct.unpack_from("<II", table, 10)
        columns = [struct.unpack_from("<HHHBB", table, 22 + 8 * place) for place in range(count)]
        size = ends[3]
        if not rows or not size:
            return
        blocks = self._below(rows) if rows & 0x1F else [self.piece(rows)]
        per_block = max(1, len(blocks[0]) // size)
        for _, place in self._tree(index):
            number = int.from_bytes(place, "little")
            block = blocks[number // per_block] if number // per_block < len(blocks) else b""
            row = block[number % per_block * size : (number % per_block + 1) * size]
            if len(row) == size:
                yield dict(self._cells(row, columns, row[ends[2] :]))

    def _cells(
        self, row: bytes, columns: list[tuple[int, int, int, int, int]], present: bytes
    ) -> Iterator[tuple[int, Value]]:
        for type_, tag, offset, width, bit in columns:
            if bit // 8 < len(present) and present[bit // 8] >> (7 - bit % 8) & 1:
                cell = row[offset : offset + width]
                value = (
                    cell if width == 8 or type_ in _INLINE else self._value(type_, int.from_bytes(cell, "little"), cell)
                )
                if value is not None:
                    yield tag, Value(type_, value)

    def _value(self, type_: int, number: int, inline: bytes) -> bytes | None:
        if type_ in _INLINE:
            return inline[: _INLINE[type_]]
        try:
            return self.long(number)
        except (LookupError, ValueError, EOFError):
            return None

    def _tree(self, number: int) -> Iterator[tuple[bytes, bytes]]:
        """Yield (key, entry) of a tree in the heap, in the order of the keys."""
        kind, n_key, n_entry, levels, root = struct.unpack_from("<BBBBI", self.piece(number))
        if kind != _TREE or not n_key:
            raise ValueError("no tree")
        pending, seen = [(root, levels)] if root else [], 0
        while pending:
            place, level = pending.pop()
            piece = self.piece(place)
            width = n_key + (4 if level else n_entry)
            seen += len(piece) // width
            if seen > _MOST:
                raise ValueError("a tree without end")
            entries = [piece[at : at + width] for at in range(0, len(piece) - width + 1, width)]
            if level:
                pending += [(int.from_bytes(entry[n_key:], "little"), level - 1) for entry in reversed(entries)]
            else:
                yield from ((entry[:n_key], entry[n_key:]) for entry in entries)
