"""EPUB books: their pages in the order of the archive, then pictures; what they say of themselves as a note."""

from collections.abc import Iterator

from rollcall.items import charsets, ooxml
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.parsers.html import html_parts
from rollcall.items.readable import Readable
from rollcall.items.xml_stream import RefusedError, local

_PAGES = (".xhtml", ".html", ".htm")
_PASSED = ("mimetype", "meta-inf/")


def looks_like(untrusted: Readable) -> bool:
    """Decide by the member that names the format."""
    package = ooxml.opens(untrusted)
    if package is None or "meta-inf/container.xml" not in package or "mimetype" not in package:
        return False
    try:
        return b"".join(package.chunks("mimetype")).strip() == b"application/epub+zip"
    except (*BROKEN, RefusedError):
        return False


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each page, then the book's own description, then what else is inside."""
    package = Package(untrusted, limits)
    for name in package.names():
        if name.endswith(_PAGES):
            try:
                markup, whole = charsets.decode(b"".join(package.chunks(name)))
                yield from html_parts(markup, limits, kind="text")
            except RefusedError as error:
                yield ooxml.refused(error)
            except BROKEN as error:
                yield Fault(code="partial", detail=f"{name}: {type(error).__name__}")
            else:
                if not whole:
                    yield Fault(code="undecodable", detail="characters replaced", part=True)
    for name in package.names():
        if name.endswith(".opf"):
            yield from _about(package, name)
        elif not name.endswith((*_PAGES, ".css", ".ncx", ".ttf", ".otf")) and not name.startswith(_PASSED):
            yield package.inner(name)
    yield from package.damage()


def _about(package: Package, name: str) -> Iterator[Yield]:
    lines: list[str] = []
    try:
        for _, element in package.elements(name, ("title", "creator", "contributor", "subject", "description")):
            lines += [f"{local(element.tag)}: {element.text.strip()}"] if element.text and element.text.strip() else []
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=f"{name}: {type(error).__name__}")
    if lines:
        yield Text(text="\n".join(lines), kind="note", label="properties", hidden=True)


PARSER = Parser(name="epub", version=1, media_types=("application/epub+zip",), looks_like=looks_like, parse=parse)
