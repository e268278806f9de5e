"""Word documents (docx, docm, dotx): everything with words in it, read from the XML in the order it stands.

The body, headers, footers, notes and comments are parts of their own. What a reviewer deleted is a hidden part, what a
writer only hid stands where it stands: it was in the file.
"""

from collections.abc import Iterator

from rollcall.items import ooxml, ooxml_text, targets
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import Fault, Limits, Parser, Yield
from rollcall.items.readable import Readable
from rollcall.items.xml_stream import RefusedError

_OURS = ("word/media/", "word/embeddings/", "word/activex/", "word/afchunk", "word/vbaproject")
# (start of the part's name, kind, label); the body first.
_PARTS = (
    ("word/document", "text", ""),
    ("word/header", "text", "header"),
    ("word/footer", "text", "footer"),
    ("word/footnotes", "note", "footnotes"),
    ("word/endnotes", "note", "endnotes"),
    ("word/comments", "note", "comments"),
    ("word/glossary/document", "text", "building blocks"),
    ("word/diagrams/data", "text", "diagram"),
    ("word/charts/chart", "text", "chart"),
)
# Parts that are read, and those without a word of anybody's.
_READ = (
    "word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes", "word/comments", "word/glossary/",
    "word/diagrams/", "word/charts/", "word/styles", "word/settings", "word/websettings", "word/fonttable",
    "word/numbering", "word/theme/", "word/people", "word/stylewitheffects",
)  # fmt: skip


_MAIN = "word/document.xml"


def looks_like(untrusted: Readable) -> bool:
    """Decide by the directory of the zip."""
    package = ooxml.opens(untrusted)
    return package is not None and package.main(_MAIN) != ""


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each part's text and tables, then what is embedded."""
    package = Package(untrusted, limits)
    main = package.main(_MAIN)
    names = [name for name in package.names() if name.endswith(".xml") and "/_rels/" not in name]
    for start, kind, label in _PARTS:
        chosen = [main] if start == "word/document" else sorted(name for name in names if name.startswith(start))
        for name in chosen:
            yield from ooxml_text.values(package, name, kind, label, limits)
    try:
        yield from package.about()
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=type(error).__name__)
    try:
        yield from package.unread(_READ)
        links = [target for name in names if name.startswith("word/") for _, target in package.outside(name)]
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=type(error).__name__)
    else:
        yield from targets.parts(links)
    yield from package.others(_OURS)
    yield from package.damage()


PARSER = Parser(
    name="docx",
    version=4,
    media_types=("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    looks_like=looks_like,
    parse=parse,
)
