"""PowerPoint 97-2003 presentations (ppt, pps, pot): slides in their order, notes, comments, tables, what is embedded.

A slide that is not shown, and an older copy that a later save left behind, is read and marked. Of masters only what is
no prompt is read.
"""

import functools
import struct
import zlib
from collections.abc import Iterable, Iterator

from rollcall.items import blips, compound, msppt, ole
from rollcall.items.compound import BROKEN, Compound
from rollcall.items.msppt import Node, Presentation, Slide, Words
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Table, Text, Yield
from rollcall.items.readable import MemoryReadable, Readable

_SPELLED = {ord("\r"): "\n", 0x0B: "\n", 0x1E: "-", **dict.fromkeys((0, 1, 2, 7, 0x1F))}


def looks_like(untrusted: Readable) -> bool:
    """Decide by the stream every presentation has at its root."""
    return "powerpoint document" in ole.root_names(untrusted)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each slide with its notes, then masters and what was left behind, then what is embedded."""
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    try:
        package = Compound(untrusted)
        user, data = package.read("Current User"), package.read("PowerPoint Document")
        if msppt.is_sealed(user) or "EncryptedSummary" in package:
            yield Fault(code="encrypted", detail="presentation under a password")
            return
        yield from _read(Presentation(data, user), data)
        if told := compound.about(package):
            yield Text(text="\n".join(told), kind="note", label="properties", hidden=True)
        yield from blips.inners(blips.pictures(package.read("Pictures")))
        yield from _embedded(data, limits)
    except BROKEN as error:
        yield Fault(code="corrupt", detail=f"presentation: {type(error).__name__}")


def _read(presentation: Presentation, data: bytes) -> Iterator[Yield]:
    said: set[str] = set()
    top = {node.start - 8: node for node in msppt.nodes(data, 0, len(data))}
    used: set[int] = set()

    def words(slide: Slide) -> Words:
        used.add(slide.offset)
        node = top.get(slide.offset)
        start, end = (node.start, node.end) if node is not None else (0, 0)
        return presentation.words(start, end, slide.texts)

    notes = [words(slide) for slide in presentation.notes]
    for slide in presentation.slides:
        label = f"slide {slide.number}"
        found = words(slide)
        yield from _told(found, "page", label, said, hidden=found.is_hidden)
        for one in notes:
            if one.slide == slide.identifier:
                yield from _told(one, "note", f"{label} notes", said)
    known = {slide.identifier for slide in presentation.slides}
    loose = [one for one in notes if one.slide not in known]
    for one in loose:
        yield from _told(one, "note", "notes", said)
    rest = [node for offset, node in top.items() if offset not in used]
    masters = [node for node in rest if node.kind in (msppt.MASTER, msppt.HANDOUT) or presentation.is_master(node)]
    yield from _rest(presentation, masters, "masters", said, prompts=False)
    left = [node for node in rest if node.kind in (msppt.SLIDE, msppt.NOTES) and node not in masters]
    yield from _rest(presentation, left, "left behind", said, prompts=True)
    # What stands in headers and footers of all slides is kept with the document.
    documents = [node for node in rest if node.kind == msppt.DOCUMENT]
    yield from _rest(presentation, documents, "document", said, prompts=True)


def _told(words: Words, kind: str, label: str, said: set[str], *, hidden: bool = False) -> Iterator[Yield]:
    lines = _lines(words.lines)
    said.update(lines)
    if lines:
        yield Text(text="\n".join(lines), kind=kind, label=label, hidden=hidden)
    for number, cells in enumerate(words.tables, 1):
        rows = [(row, 0, ["\n".join(_lines([cell])) for cell in line]) for row, line in enumerate(cells)]
        said.update(cell for _, _, line in rows for cell in line)
        yield Table(rows=rows, label=f"{label} table {number}", hidden=hidden)
    if comments := _lines(words.comments):
        yield Text(text="\n".join(comments), kind="note", label=f"{label} comments")


def _lines(texts: Iterable[str]) -> list[str]:
    return [line for text in texts for line in text.translate(_SPELLED).split("\n") if line.strip() and line != "*"]


def _rest(
    presentation: Presentation, found: list[Node], label: str, said: set[str], *, prompts: bool
) -> Iterator[Yield]:
    """Yield the lines of other records that nothing said yet, each once."""
    lines: dict[str, None] = {}
    for node in found:
        words = presentation.words(node.start, node.end, [], prompts=prompts)
        cells = [cell for table in words.tables for line in table for cell in line]
        lines |= dict.fromkeys(line for line in _lines([*words.lines, *cells, *words.comments]) if line not in said)
    if lines:
        said.update(lines)
        yield Text(text="\n".join(lines), kind="note", label=label, hidden=True)


def _embedded(data: bytes, limits: Limits) -> Iterator[Yield]:
    number = 0
    for _, node in msppt.walk(data, 0, len(data)):
        if node.kind not in (msppt.STORAGE, msppt.SOUND):
            continue
        number += 1
        if node.kind == msppt.STORAGE:
            content = functools.partial(_storage, data, node, limits)
            if _is_program(content):
                continue
        else:
            content = functools.partial(iter, (data[node.start : node.end],))
        yield Inner(locator=f"object:{number}", kind="member", chunks=content)


def _storage(data: bytes, node: Node, limits: Limits) -> Iterator[bytes]:
    """Yield an embedded compound file, unpacked."""
    if node.instance == 0:
        yield data[node.start : node.end]
        return
    packed = data[node.start + 4 : node.end]
    most = min(limits.max_bytes, limits.most_from(len(packed)))
    unpack = zlib.decompressobj()
    try:
        content = unpack.decompress(packed, most)
    except zlib.error:
        raise ContentError("corrupt", "embedded object") from None
    if not content:
        raise ContentError("corrupt", "embedded object")
    if unpack.unconsumed_tail:
        raise ContentError("bomb", "embedded object")
    yield content


def _is_program(content: functools.partial[Iterator[bytes]]) -> bool:
    """Decide whether a storage holds the macros of the presentation, which say nothing of anybody."""
    try:
        names = ole.root_names(MemoryReadable(b"".join(content())))
    except (ContentError, struct.error):
        return False
    return "vba" in names and "project" in names


PARSER = Parser(
    name="ppt", version=1, media_types=("application/vnd.ms-powerpoint",), looks_like=looks_like, parse=parse
)
