"""Presentations (pptx, pptm, potx, ppsx): the words and tables of each slide in their order, and what goes with it.

Notes for the speaker, comments, charts and diagrams follow their slide. A slide that is not shown, and one the
presentation no longer names, is read and marked. Of masters and layouts only what is no prompt is read.
"""

import posixpath
from collections.abc import Iterator

from rollcall.items import ooxml, ooxml_text, targets
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.xml_stream import RefusedError

_OURS = ("ppt/media/", "ppt/embeddings/", "ppt/activex/", "ppt/vbaproject")
# Parts that are read, and those without a word of anybody's; a drawing of a diagram repeats its data.
_READ = (
    "ppt/presentation", "ppt/slides/", "ppt/notesslides/", "ppt/notesmasters/", "ppt/handoutmasters/", "ppt/comments",
    "ppt/slidemasters/", "ppt/slidelayouts/", "ppt/charts/", "ppt/diagrams/", "ppt/theme/", "ppt/tablestyles",
    "ppt/viewprops", "ppt/presprops", "ppt/revisioninfo", "ppt/authors", "ppt/changesinfos/",
)  # fmt: skip
# What a slide leads to, by the last word of the relation's type: (kind, label).
_BESIDE = {
    "notesslide": ("note", "notes"), "comments": ("note", "comments"), "chart": ("text", "chart"),
    "chartex": ("text", "chart"), "diagramdata": ("text", "diagram"),
}  # fmt: skip
# Parts with words that hang on no slide, each once: (start of the name, kind, label).
_LOOSE = (
    ("ppt/slides/slide", "page", "slide not in use"), ("ppt/notesslides/", "note", "notes not in use"),
    ("ppt/comments", "note", "comments"), ("ppt/diagrams/data", "text", "diagram"),
    ("ppt/charts/chart", "text", "chart"),
)  # fmt: skip
_MASTERS = ("ppt/slidemasters/", "ppt/slidelayouts/", "ppt/notesmasters/", "ppt/handoutmasters/")


_MAIN = "ppt/presentation.xml"


def looks_like(untrusted: Readable) -> bool:
    """Decide by the directory of the zip."""
    package = ooxml.opens(untrusted)
    return package is not None and package.main(_MAIN) != ""


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each slide with what goes with it, then what hangs on none, then what is embedded."""
    package = Package(untrusted, limits)
    done: set[str] = set()
    slides, fault = _slides(package)
    for number, slide in enumerate(slides, 1):
        done.add(slide)
        yield from ooxml_text.values(package, slide, "page", f"slide {number}", limits)
        for kind, target in _relations(package, slide):
            if kind in _BESIDE and target not in done:
                done.add(target)
                yield from _beside(package, target, number, *_BESIDE[kind], limits)
    if fault is not None:
        yield fault
    names = [name for name in package.names() if name.endswith(".xml") and "/_rels/" not in name]
    for start, kind, label in _LOOSE:
        for name in names:
            if name.startswith(start) and name not in done:
                done.add(name)
                yield from ooxml_text.values(package, name, kind, label, limits, hidden=True)
    yield from _masters(package, [name for name in names if name.startswith(_MASTERS)], limits)
    yield from _rest(package, names)
    yield from package.others(_OURS)
    yield from package.damage()


def _slides(package: Package) -> tuple[list[str], Fault | None]:
    """Return the slides in the order they are shown, and what kept their order from being known."""
    main, slides = package.main(_MAIN), list[str]()
    fault: Fault | None = None
    try:
        relations = package.relations(main)
        for _, element in package.elements(main, ("sldId",)):
            identifier = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            kind, target = relations.get(identifier, ("", ""))
            if kind == "slide" and target in package and target not in slides:
                slides.append(target)
    except RefusedError as error:
        fault = ooxml.refused(error)
    except BROKEN as error:
        fault = Fault(code="partial", detail=f"order of slides: {type(error).__name__}")
    return slides, fault


def _relations(package: Package, name: str) -> list[tuple[str, str]]:
    """Return (kind, target) of what a part leads to; what cannot be told is read as hanging on no slide."""
    try:
        return [pair for pair in package.relations(name).values() if pair[1] in package]
    except (*BROKEN, RefusedError):
        return []


def _beside(package: Package, name: str, number: int, kind: str, label: str, limits: Limits) -> Iterator[Yield]:
    yield from ooxml_text.values(package, name, kind, f"slide {number} {label}", limits, hidden=False)


def _masters(package: Package, names: list[str], limits: Limits) -> Iterator[Yield]:
    """Yield what stands on all slides of a kind, each line once: masters mostly repeat each other."""
    lines: dict[str, None] = {}
    for name in names:
        for value in ooxml_text.values(package, name, "note", posixpath.basename(name), limits, prompts=False):
            if isinstance(value, Text):
                lines |= dict.fromkeys(value.text.split("\n"))
            else:
                yield value
    if lines:
        yield Text(text="\n".join(lines), kind="note", label="masters", hidden=True)


def _rest(package: Package, names: list[str]) -> Iterator[Yield]:
    """Yield what the document says of itself, data no reader asks for, and where links lead."""
    try:
        yield from package.about()
        yield from package.unread(_READ)
        links = [target for name in names if name.startswith("ppt/") for _, target in package.outside(name)]
    except RefusedError as error:
        yield ooxml.refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=type(error).__name__)
    else:
        yield from targets.parts(links)


PARSER = Parser(
    name="pptx",
    version=2,
    media_types=("application/vnd.openxmlformats-officedocument.presentationml.presentation",),
    looks_like=looks_like,
    parse=parse,
)
