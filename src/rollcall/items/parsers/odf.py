"""OpenDocument (odt, ods, odp, odg, templates, and the flat form in one XML file) and what OpenOffice 1 wrote.

Text, notes, annotations, deletions, headers and footers, slides with their notes, sheets with hidden ones marked;
embedded objects are read where they stand, pictures and files are given out.
"""

from collections.abc import Iterator

from rollcall.items import ooxml, targets, xml_stream
from rollcall.items.odf_sheets import TAGS, Sheets
from rollcall.items.odf_text import Words
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.parsers.html import embedded
from rollcall.items.readable import Readable
from rollcall.items.xml_stream import RefusedError

_KINDS = (b"application/vnd.oasis.opendocument.", b"application/vnd.sun.xml.")
_FLAT = (b"urn:oasis:names:tc:opendocument:xmlns:office", b"http://openoffice.org/2000/office")
# Members that hold settings, or show what another holds.
_PASSED = (
    "mimetype", "meta-inf/", "thumbnails/", "configurations", "settings.xml", "meta.xml", "content.xml", "styles.xml",
    "manifest.rdf", "layout-cache", "objectreplacements/", "basic/", "scripts/", "dialogs/", "fonts/", "accelerator/",
)  # fmt: skip


def _kind(package: Package) -> bytes:
    if "mimetype" not in package or "content.xml" not in package:
        return b""
    try:
        kind = b"".join(package.chunks("mimetype")).strip()
    except (*BROKEN, RefusedError):
        return b""
    return kind if kind.startswith(_KINDS) else b""


def _is_flat(untrusted: Readable) -> bool:
    head = untrusted.read_at(0, 4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and b"<office:document" in head and any(name in head for name in _FLAT)


def looks_like(untrusted: Readable) -> bool:
    """Decide by the member that names the format, or the root element of the flat form."""
    package = ooxml.opens(untrusted)
    return _kind(package) != b"" if package is not None else _is_flat(untrusted)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text or sheets, headers and footers, embedded objects, then pictures and files."""
    if untrusted.read_at(0, 2) != b"PK":
        yield from _flat(untrusted, limits)
        return
    package = Package(untrusted, limits)
    yield from ooxml.attempted(lambda: _package(package, limits), "OpenDocument")
    yield from package.damage()


def _package(package: Package, limits: Limits) -> Iterator[Yield]:
    if "meta-inf/manifest.xml" in package and any(
        True for _ in package.elements("meta-inf/manifest.xml", ("encryption-data",))
    ):
        yield Fault(code="encrypted", detail="OpenDocument under a password")
        return
    kind = _kind(package)
    if b"spreadsheet" in kind or kind.endswith(b".calc"):
        yield from ooxml.attempted(
            lambda: Sheets(package.elements("content.xml", TAGS, starts=True), limits).parts(), "OpenDocument"
        )
    else:
        yield from _words(package, "content.xml", "")
    if "styles.xml" in package:
        yield from _words(package, "styles.xml", "masters", hidden=True)
    for name in package.names():
        if name.endswith("/content.xml"):
            yield from _words(package, name, name.removesuffix("/content.xml"))
    if "meta.xml" in package:
        yield from ooxml.attempted(lambda: _about(package.elements("meta.xml", ("*",))), "OpenDocument")
    for name in package.names():
        if not name.startswith(_PASSED) and not name.endswith((".xml", ".rdf")):
            yield package.inner(name)


def _words(package: Package, name: str, label: str, *, hidden: bool = False) -> Iterator[Yield]:
    words = Words()
    fault: Fault | None = None
    try:
        package.feed(name, words)
    except RefusedError as error:
        fault = ooxml.refused(error)
    except BROKEN as error:
        fault = Fault(code="partial", detail=f"{name}: {type(error).__name__}")
    yield from words.parts(label, hidden=hidden)
    yield from targets.parts(words.links)
    if fault is not None:
        yield fault


def _about(elements: Iterator[tuple[str, object]]) -> Iterator[Text]:
    lines: list[str] = []
    for _, element in elements:
        name, text = xml_stream.local(element.tag), (element.text or "").strip()  # type: ignore[attr-defined]
        if text and name not in (
            "generator",
            "date",
            "creation-date",
            "editing-cycles",
            "editing-duration",
            "print-date",
        ):
            lines.append(f"{name}: {text}")
    if lines:
        yield Text(text="\n".join(lines), kind="note", label="properties", hidden=True)


def _flat(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    head = untrusted.read_at(0, 4096)
    if b"opendocument.spreadsheet" in head:
        sheets = Sheets(xml_stream.elements(untrusted.stream(), "document", TAGS, starts=True), limits)
        yield from ooxml.attempted(sheets.parts, "OpenDocument")
    else:
        words = Words()
        fault: Fault | None = None
        try:
            xml_stream.feed(untrusted.stream(), "document", words)
        except RefusedError as error:
            fault = ooxml.refused(error)
        yield from words.parts()
        yield from targets.parts(words.links)
        if fault is not None:
            yield fault
    yield from ooxml.attempted(lambda: _pictures(untrusted), "OpenDocument")


def _pictures(untrusted: Readable) -> Iterator[Inner]:
    """Yield the pictures and files written into the flat form."""
    for number, (_, element) in enumerate(xml_stream.elements(untrusted.stream(), "document", ("binary-data",))):
        if element.text and element.text.strip():
            yield embedded(f"binary:{number}", "", element.text)


PARSER = Parser(
    name="odf",
    version=2,
    media_types=(
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.graphics",
    ),
    looks_like=looks_like,
    parse=parse,
)
