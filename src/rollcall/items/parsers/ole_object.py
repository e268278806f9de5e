"""Embedded objects and other OLE compound files: the file or document inside, else the words that stand in them.

Whatever was put into an old document comes as such a file: a packaged file of any kind, a PDF, a newer Office document.
Of a kind no reader takes apart (Visio, Publisher and Works of old among them) the runs of text are given out, and a
fault says that it was no more than that.
"""

import functools
from collections.abc import Iterator

from rollcall.items import compound, ole, packager, salvage
from rollcall.items.compound import BROKEN, Compound, Path
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

# Streams that hold the content as it was before it was embedded.
_CONTENT = ("package", "contents", "embeddedodf")
# How it is to be shown, and what programs note for themselves.
_SETTINGS = (
    "\x01ole", "\x01compobj", "\x02olepres", "\x03", "\x05summaryinformation", "\x05documentsummaryinformation",
    "\x06dataspaces", "vba", "project", "macros", "_vba_project_cur", "equation native",
)  # fmt: skip
_PICTURE = "\x03EPRINT"
_DOCUMENTS = frozenset(("worddocument", "workbook", "book", "powerpoint document", "__properties_version1.0"))
_MOST_TEXT = 4 << 20


def looks_like(untrusted: Readable) -> bool:
    """Decide by the directory; of documents that have readers of their own only those speak."""
    return ole.has_directory(untrusted) and not ole.root_names(untrusted) & _DOCUMENTS


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield what is inside; where nothing in it is known, the words that stand in it and a fault."""
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    try:
        yield from _read(Compound(untrusted))
    except BROKEN as error:
        yield Fault(code="corrupt", detail=f"compound file: {type(error).__name__}")


def _read(package: Compound) -> Iterator[Yield]:
    if "EncryptedPackage" in package:
        yield Fault(code="encrypted", detail="Office document under a password")
        return
    if told := compound.about(package):
        yield Text(text="\n".join(told), kind="note", label="properties", hidden=True)
    unknown: list[Path] = []
    holds = False
    for path in package.under():
        name = path[0].lower()
        if name == "\x01ole10native":
            holds = True
            yield _native(package, path)
        elif name in _CONTENT and package.read(*path):
            holds = True
            yield _inner(path[0], "", package.read(*path))
        elif package.is_storage(path) and not name.startswith(_SETTINGS):
            holds = True
            yield Inner(locator=path[0], kind="member", chunks=functools.partial(_storage, package, path))
        elif not name.startswith(_SETTINGS) and package.read(*path):
            unknown.append(path)
    if not holds and not unknown and (picture := package.read(_PICTURE)):
        yield _inner(_PICTURE, "", picture)  # of an object that is only linked
    lines: dict[str, None] = {}
    for path in unknown:
        lines |= dict.fromkeys(salvage.runs(package.read(*path)[:_MOST_TEXT]))
    if lines:
        yield Text(text="\n".join(lines)[:_MOST_TEXT], kind="note", label="words found", hidden=True)
    if unknown:
        names = ", ".join(sorted(path[0].strip("\1\2\3\5") for path in unknown)[:8])
        yield Fault(code="unsupported", detail=f"compound file with {names}")


def _native(package: Compound, path: Path) -> Inner:
    data = package.read(*path)[4:]
    name, content = packager.packaged(data) or ("", data)
    return _inner(path[0], name, content)


def _inner(locator: str, name: str, content: bytes) -> Inner:
    return Inner(
        locator=locator.strip("\1\3"),
        kind="member",
        name=name,
        size=len(content),
        chunks=functools.partial(iter, (content,)),
    )


def _storage(package: Compound, path: Path) -> Iterator[bytes]:
    yield package.rebuilt(path)


PARSER = Parser(
    name="ole_object", version=1, media_types=("application/x-ole-storage",), looks_like=looks_like, parse=parse
)
