"""Visio drawings (vsdx, vsdm, vstx): the text of the shapes on each page, comments, and what is embedded."""

import posixpath
from collections.abc import Iterator

from rollcall.items import ooxml
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.xml_stream import RefusedError

_MAIN = "visio/document.xml"
_OURS = ("visio/media/", "visio/embeddings/", "visio/vbaproject")
_READ = (
    "visio/document", "visio/pages/", "visio/masters/", "visio/comments", "visio/windows", "visio/theme/",
    "visio/data/", "visio/validation",
)  # fmt: skip


def looks_like(untrusted: Readable) -> bool:
    """Decide by the directory of the zip."""
    package = ooxml.opens(untrusted)
    return package is not None and _MAIN in package


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text of each page, of masters, comments and data behind shapes, then what is embedded."""
    package = Package(untrusted, limits)
    names = [name for name in package.names() if name.endswith(".xml") and "/_rels/" not in name]
    for start, tags, kind, label, hidden in (
        ("visio/pages/page", ("Text",), "page", "page", False),
        ("visio/comments", ("CommentEntry",), "note", "comments", False),
        ("visio/masters/master", ("Text",), "note", "masters", True),
        ("visio/data/", ("Row", "row"), "note", "data", True),
    ):
        for number, name in enumerate((name for name in names if name.startswith(start)), 1):
            shown = f"{label} {posixpath.basename(name)[4:-4] or number}" if kind == "page" else label
            yield from _texts(package, name, tags, kind, shown, hidden=hidden)
    try:
        yield from package.about()
        yield from package.unread(_READ)
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=type(error).__name__)
    yield from package.others(_OURS)
    yield from package.damage()


def _texts(
    package: Package, name: str, tags: tuple[str, ...], kind: str, label: str, *, hidden: bool
) -> Iterator[Yield]:
    lines: list[str] = []
    try:
        for _, element in package.elements(name, tags):
            told = [*element.attrib.values(), "".join(element.itertext())] if "row" in tags else element.itertext()
            text = (" " if "row" in tags else "").join(told).strip()
            lines += [text] if text else []
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=f"{name}: {type(error).__name__}")
    if lines:
        yield Text(text="\n".join(lines), kind=kind, label=label, hidden=hidden)


PARSER = Parser(
    name="vsdx", version=1, media_types=("application/vnd.ms-visio.drawing",), looks_like=looks_like, parse=parse
)
