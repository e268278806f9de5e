"""The inside of a PowerPoint 97-2003 presentation (MS-PPT): a tree of records, and the slides in their order.

Every save adds to the end of the stream: a directory of persistent objects says which copy of each slide is in use.
Copies that no directory names are still in the file.
"""

import struct
from collections.abc import Iterator

import msgspec

from rollcall.items import blips

SLIDE, NOTES, MASTER, HANDOUT, DOCUMENT = 1006, 1008, 1016, 4041, 1000
STORAGE, SOUND = 0x1011, 2023
_SLIDE_INFO, _NOTES_ATOM, _PERSIST, _LISTED, _USER_EDIT, _DIRECTORY = 1017, 1009, 1011, 0x0FF0, 4085, 6002
_HEADER, _CHARS, _BYTES, _OUTLINE, _STRING, _HEADERS, _COMMENT, _TAG = (
    3999, 4000, 4008, 3998, 4026, 4057, 12000, 5003,
)  # fmt: skip
_SHAPE, _GROUP, _PLACEHOLDER, _OPTIONS, _ANCHOR = 0xF004, 0xF003, 3011, 0xF122, 0xF00F
_IS_TABLE = 0x039F
_SHAPE_OPTIONS = 0xF00B
_SEALED = 0xF3D1C4DF


class Node(msgspec.Struct, frozen=True):
    """A record: what kind, and from where to where its body reaches."""

    kind: int
    instance: int
    start: int
    end: int
    is_container: bool


class Slide(msgspec.Struct):
    """A slide, or notes, as the presentation lists it."""

    number: int
    offset: int
    identifier: int
    texts: list[str]  # what the outline holds of it


class Words(msgspec.Struct):
    """What a slide says."""

    lines: list[str] = []
    tables: list[list[list[str]]] = []
    comments: list[str] = []
    is_hidden: bool = False
    slide: int = 0  # notes: the slide they belong to


def nodes(data: bytes, start: int, end: int) -> Iterator[Node]:
    """Yield the records that stand one after another; damage ends them."""
    while start + 8 <= end:
        version, kind, length = struct.unpack_from("<HHI", data, start)
        body = start + 8
        if not kind:
            return
        yield Node(kind, version >> 4, body, min(body + length, end), version & 0xF == 0xF)
        start = body + length


def walk(data: bytes, start: int, end: int) -> Iterator[tuple[int, Node]]:
    """Yield (kind of the container, record) of all records below, in order."""
    stack = [(0, nodes(data, start, end))]
    while stack:
        parent, level = stack[-1]
        node = next(level, None)
        if node is None:
            stack.pop()
            continue
        yield parent, node
        if (node.is_container or node.kind == _TAG) and len(stack) < 64:
            stack.append((node.kind, nodes(data, node.start, node.end)))


def is_sealed(current_user: bytes) -> bool:
    """Decide whether the presentation is under a password."""
    return len(current_user) >= 16 and struct.unpack_from("<I", current_user, 12)[0] == _SEALED


class Presentation:
    """The slides of a presentation, as its last save has them."""

    def __init__(self, data: bytes, current_user: bytes) -> None:
        self._data = data
        self._offsets = self._persistent(current_user)
        self.slides: list[Slide] = []
        self.notes: list[Slide] = []
        offset = self._offsets.get(self._document, -1)
        documents = [node for node in nodes(data, 0, len(data)) if node.kind == DOCUMENT]
        document = next((node for node in documents if node.start == offset + 8), documents[-1] if documents else None)
        if document is not None:
            for node in nodes(data, document.start, document.end):
                if node.kind == _LISTED:
                    self._list(node)

    def _persistent(self, current_user: bytes) -> dict[int, int]:
        """Return where each persistent object stands, the newest copy of it."""
        found: dict[int, int] = {}
        self._document = 1
        if len(current_user) < 20:
            return found
        (at,) = struct.unpack_from("<I", current_user, 16)
        seen: set[int] = set()
        while at and at not in seen and at + 36 <= len(self._data) and len(seen) < 10_000:
            seen.add(at)
            # The edit: header, last slide, version, the edit before, its directory, which object the document is.
            kind, last, directory, document = struct.unpack_from("<2xH4x8xIII", self._data, at)
            if kind != _USER_EDIT:
                break
            if len(seen) == 1:
                self._document = document
            for identifier, offset in self._directory(directory):
                found.setdefault(identifier, offset)
            at = last
        return found

    def _directory(self, at: int) -> Iterator[tuple[int, int]]:
        node = next(nodes(self._data, at, len(self._data)), None)
        if node is None or node.kind != _DIRECTORY:
            return
        place = node.start
        while place + 4 <= node.end:
            (entry,) = struct.unpack_from("<I", self._data, place)
            place += 4
            for number in range(min(entry >> 20, (node.end - place) // 4)):
                yield (entry & 0xFFFFF) + number, struct.unpack_from("<I", self._data, place + 4 * number)[0]
            place += 4 * (entry >> 20)

    def _list(self, listed: Node) -> None:
        into = {0: self.slides, 2: self.notes}.get(listed.instance)
        if into is None:
            return
        for node in nodes(self._data, listed.start, listed.end):
            if node.kind == _PERSIST and node.end - node.start >= 16:
                reference, _, _, identifier = struct.unpack_from("<IIiI", self._data, node.start)
                into.append(Slide(len(into) + 1, self._offsets.get(reference, -1), identifier, []))
            elif into and node.kind == _HEADER:
                into[-1].texts.append("")
            elif into and into[-1].texts and node.kind in (_CHARS, _BYTES):
                into[-1].texts[-1] = self._text(node)

    def _text(self, node: Node) -> str:
        data = self._data[node.start : node.end]
        return data.decode("latin-1" if node.kind == _BYTES else "utf-16-le", "replace")

    def is_master(self, node: Node) -> bool:
        """Decide whether these are the notes that all notes are modelled on: they belong to no slide."""
        told = (one for one in nodes(self._data, node.start, node.end) if one.kind == _NOTES_ATOM)
        return node.kind == NOTES and any(self._data[one.start : one.start + 4] == bytes(4) for one in told)

    def words(self, start: int, end: int, outline: list[str], *, prompts: bool = True) -> Words:
        """Return what the records of a slide say; `outline` is what is kept of it elsewhere."""
        found = Words()
        used: set[int] = set()
        placeholder, skip_to = False, -1
        for parent, node in walk(self._data, start, end):
            if node.start < skip_to:
                continue
            if node.kind == _GROUP and (table := self._table(node, outline, used)):
                found.tables.append(table)
                skip_to = node.end
            elif node.kind == _SHAPE:
                placeholder = False
            elif node.kind == _PLACEHOLDER:
                placeholder = not prompts
            elif (text := self._said(node, outline, used)) is not None:
                found.lines += [] if placeholder else [text]
            elif node.kind == _SHAPE_OPTIONS:
                found.lines += blips.lettered(self._data, node.start, node.end, node.instance)
            elif node.kind == _STRING and parent == _COMMENT and node.instance < 2:
                found.comments.append(self._text(node))
            elif node.kind == _STRING and parent == _HEADERS:
                found.lines.append(self._text(node))
            elif node.kind == _SLIDE_INFO and node.end - node.start >= 12:
                found.is_hidden = bool(struct.unpack_from("<H", self._data, node.start + 10)[0] & 4)
            elif node.kind == _NOTES_ATOM and node.end - node.start >= 4:
                (found.slide,) = struct.unpack_from("<I", self._data, node.start)
        found.lines += (text for number, text in enumerate(outline) if number not in used and text.strip())
        return found

    def _said(self, node: Node, outline: list[str], used: set[int]) -> str | None:
        if node.kind in (_CHARS, _BYTES):
            return self._text(node)
        if node.kind == _OUTLINE and node.end - node.start >= 4:
            number = int.from_bytes(self._data[node.start : node.start + 4], "little")
            if number < len(outline) and number not in used:
                used.add(number)
                return outline[number]
        return None

    def _table(self, group: Node, outline: list[str], used: set[int]) -> list[list[str]] | None:
        """Return the cells of a group of shapes that is a table, by where they stand; None where it is none."""
        shapes = [node for node in nodes(self._data, group.start, group.end) if node.kind == _SHAPE]
        if len(shapes) < 3 or not self._is_table(shapes[0]):
            return None
        cells: dict[tuple[int, int], str] = {}
        for shape in shapes[1:]:
            place, texts = (0, 0), list[str]()
            for _, node in walk(self._data, shape.start, shape.end):
                if node.kind == _ANCHOR and node.end - node.start >= 16:
                    left, top = struct.unpack_from("<ii", self._data, node.start)
                    place = (top, left)
                elif (text := self._said(node, outline, used)) is not None:
                    texts.append(text)
            if texts:  # lines between cells are shapes of the group too
                cells[place] = "\n".join(filter(None, (cells.get(place, ""), *texts)))
        columns = {left: number for number, left in enumerate(sorted({left for _, left in cells}))}
        rows = sorted({top for top, _ in cells})
        if len(rows) * len(columns) > 16 * len(cells) + 64:
            return None
        table = {top: [""] * len(columns) for top in rows}
        for (top, left), text in cells.items():
            table[top][columns[left]] = text
        return [table[top] for top in rows]

    def _is_table(self, shape: Node) -> bool:
        for node in nodes(self._data, shape.start, shape.end):
            if node.kind == _OPTIONS:
                for number in range(min(node.instance, (node.end - node.start) // 6)):
                    name, value = struct.unpack_from("<HI", self._data, node.start + 6 * number)
                    if name & 0x3FFF == _IS_TABLE:
                        return bool(value & 1)
        return False
