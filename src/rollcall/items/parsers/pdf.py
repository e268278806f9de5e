"""PDF through PDFium: text and tables of each page, values of forms, notes, embedded files, pictures of text.

A page's text comes as one part, each of its tables as one more of the same label; what is in a table is not in the
text. A page that is a picture, and a scan on a page, is yielded as grey pixels for OCR.
"""

import functools
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, cast

import msgspec

from rollcall.items import targets
from rollcall.items.headers import one_line, safe
from rollcall.items.parser import Boxes, ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.passwords import find_password, refusal
from rollcall.items.pdf.about import beside_content, form_data, outline, page_names, properties, scripts
from rollcall.items.pdf.boxes import boxes_of, flat, of_lines, of_words
from rollcall.items.pdf.columns import Span
from rollcall.items.pdf.fields import Notes, notes_of, placed
from rollcall.items.pdf.glyphs import codes_of, glyphs_of
from rollcall.items.pdf.layout import Page, read_page
from rollcall.items.pdf.native import wide
from rollcall.items.pdf.pictures import Picture, pictures_of, rendered
from rollcall.items.pdf.shapes import Shapes, shapes_of
from rollcall.items.pdf.tables import Tables
from rollcall.items.pdf.words import words_of
from rollcall.items.pixels import PAGE
from rollcall.items.readable import MemoryReadable, Readable

_PASSWORD, _SECURITY = 4, 5  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_TRIES = 2_000  # passwords; the newest ciphers take milliseconds for one
_MENDED = 64 << 20  # bytes of a file that is mended in memory
_APPLE_SINGLE = b"\0\x05\x16\0"  # RFC 1740: what an old Macintosh knows of a file stands before it
# Handlers that ask a server who may read.
_MANAGED = re.compile(rb"/Filter\s{0,9}/(?:MicrosoftIRMServices|EBX_HANDLER|Adobe\.APS|FOPN_)")
_ROOT = re.compile(rb"(\d{1,9})\s+(\d{1,5})\s+obj\s*<<[^<>]{0,4000}?/Type\s*/Catalog\b")
_PICTURE = re.compile(r"page (\d{1,9})(?: picture \d{1,9})?\Z")
_FILE = re.compile(r"file:(\d{1,9})\Z")
_PINNED = re.compile(r"note:(\d{1,9}):(\d{1,9})\Z")


def looks_like(untrusted: Readable) -> bool:
    """Decide by the mark within the first kilobyte, where readers look for it, and not inside a message or a text."""
    head = untrusted.read_at(0, 1024)
    place = head.find(b"%PDF-")
    if place > 0 and head.startswith(_APPLE_SINGLE):
        return True
    return place == 0 or (place > 0 and not head[:place].strip(b"\0\t\n\f\r \xef\xbb\xbf\xff\xfe"))


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text and tables page by page, then what stands on no page, then the files inside."""
    try:
        document = opened(untrusted)
    except ContentError as error:
        mended = _mended(untrusted) if error.code == "corrupt" else None
        if mended is None:
            yield Fault(code=error.code, detail=error.detail)
            return
        document = mended
        yield Fault(code="truncated", detail="the end is missing; what could be found is read", part=True)
    reader = _Reader(untrusted, document, limits)
    try:
        count = len(document)
        silent = True
        for number in range(min(count, limits.max_pages)):
            for value in reader.page(number):
                silent = False
                yield value
        if count > limits.max_pages:
            yield Fault(code="too_large", detail=f"{count} pages, {limits.max_pages} were read")
        if count == 0:
            yield Fault(code="corrupt", detail="no page")
        if silent:
            yield from beside_content(untrusted)
        yield from targets.parts(reader.links)
        yield from properties(document, untrusted)
        yield from outline(document)
        yield from page_names(document, min(count, limits.max_pages))
        yield from scripts(document)
        yield from form_data(document, reader.entered)
        yield from reader.files()
    finally:
        reader.close()


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return one picture or file by its locator; no other page is read."""
    document = _held(cast(Hashable, untrusted))
    if match := _PICTURE.match(locator):
        return _picture(untrusted, int(match[1]) - 1, locator)
    if match := _FILE.match(locator):
        return _file(document, int(match[1]))
    if match := _PINNED.match(locator):
        return _pinned(document, int(match[1]), int(match[2]))
    raise ContentError("partial", "no such child")


def opened(untrusted: Readable) -> Any:
    """Return the document; raise ContentError where no password at hand opens it, or where it is none."""
    found: list[Any] = []

    def opens(password: str | None) -> bool:
        import pypdfium2 as pdfium

        try:
            document = pdfium.PdfDocument(untrusted.stream(), password=password)
        except pdfium.PdfiumError as error:
            code = getattr(error, "err_code", None)
            if code == _PASSWORD:
                return False
            raise ContentError(_why(untrusted, code), "document could not be opened") from None
        if document.get_formtype() not in (None, 0):
            document.init_forms()
        found.append(document)
        return True

    if not opens(None) and find_password(untrusted, opens, _TRIES) is None:
        raise ContentError(refusal(untrusted), "document could not be opened")
    return found[0]


def _why(untrusted: Readable, code: int | None) -> str:
    """Return the code of a document no password would open."""
    if code != _SECURITY:
        return "corrupt"
    managed = _MANAGED.search(untrusted.read_at(0, min(untrusted.size, _MENDED)))
    return "rights_managed" if managed else "unsupported_encryption"


def _mended(untrusted: Readable) -> Any:
    """Return a document whose end is missing, told where it begins; None where that cannot be found either."""
    if untrusted.size > _MENDED:
        return None
    data = untrusted.read_at(0, untrusted.size)
    root = _ROOT.search(data)
    if root is None:
        return None
    try:
        return opened(MemoryReadable(b"%s\ntrailer\n<< /Root %s %s R >>\n" % (data, root[1], root[2])))
    except ContentError:
        return None


def _locked(untrusted: Readable) -> bool:
    import pypdfium2 as pdfium

    try:
        pdfium.PdfDocument(untrusted.stream()).close()
    except pdfium.PdfiumError as error:
        return getattr(error, "err_code", None) == _PASSWORD
    return False


@functools.lru_cache(maxsize=1)
def _held(untrusted: Hashable) -> Any:
    """Return the document a child was asked of last: its other children mostly follow, and some take long to open."""
    try:
        return opened(cast(Readable, untrusted))
    except ContentError:
        if (mended := _mended(cast(Readable, untrusted))) is None:
            raise
        return mended


class _Reader:
    """Reads one document in order of pages."""

    def __init__(self, untrusted: Readable, document: Any, limits: Limits) -> None:
        self._untrusted = untrusted
        self._document = document
        self._limits = limits
        self._tables = Tables()
        self._pinned: list[tuple[int, int]] = []
        self.links: dict[str, None] = {}  # where they lead
        self._open = True
        self.entered: set[str] = set()

    def close(self) -> None:
        """Let go of the document."""
        self._open = False
        self._document.close()

    def page(self, number: int) -> Iterator[Yield]:
        """Yield what one page holds; a faulty one is a fault of its own."""
        import pypdfium2 as pdfium

        label = str(number + 1)
        locator = f"page {label}"
        try:
            page = self._document[number]
        except pdfium.PdfiumError:
            yield Fault(code="partial", detail="page could not be loaded", locator=locator)
            return
        try:
            textpage = page.get_textpage()
        except pdfium.PdfiumError:
            page.close()
            yield Fault(code="partial", detail="page could not be read", locator=locator)
            return
        try:
            yield from self._content(page, textpage, number)
        finally:
            textpage.close()
            page.close()

    def _content(self, page: Any, textpage: Any, number: int) -> Iterator[Yield]:
        label, limit = str(number + 1), self._limits.max_text
        shapes = shapes_of(page)
        notes = notes_of(self._document, page)
        found, named = self._read(textpage, shapes, notes, self._tables.before(number))
        text = "\n".join(part for part in (_clean(found.text), *named) if part)
        if text.strip():
            yield Text(text=text[:limit], kind="page", label=label, boxes=_boxes(page, text[:limit], found))
        if len(text) > limit:
            yield Fault(code="too_large", detail="text of a page", locator=f"page {label}", part=True)
        if shapes.cut:
            yield Fault(code="partial", detail="more is drawn than is looked at", locator=f"page {label}", part=True)
        for table in found.tables:
            told = self._tables.table(number, table.columns, table.rows)
            yield msgspec.structs.replace(told, boxes=boxes_of(page, of_words(flat(told.rows), found.words)))
        if notes.texts:
            yield Text(text="\n".join(notes.texts), kind="note", label=label)
        self._pinned += [(number, place) for place in notes.files]
        self.links |= dict.fromkeys(notes.links)
        if shapes.images or shapes.outlines:
            yield from self._pictures(page, textpage, number, shapes, found)

    def _read(self, textpage: Any, shapes: Shapes, notes: Notes, known: Sequence[Span]) -> tuple[Page, list[str]]:
        if not notes.entries:
            return read_page(textpage, shapes, (), known), []
        self.entered.update(one_line(entry.value) for entry in notes.entries)
        words, named = placed(notes.entries, words_of(glyphs_of(textpage)))
        return read_page(textpage, shapes, words, known), [one_line(line) for line in named]

    def _pictures(self, page: Any, textpage: Any, number: int, shapes: Shapes, found: Page) -> Iterator[Yield]:
        count = textpage.count_chars()
        unmapped = int((codes_of(textpage, count) == 0).sum()) if count else 0
        words = found.words or (words_of(glyphs_of(textpage)) if shapes.images and count else [])
        n_chars = sum(map(len, found.text.split())) or sum(len(word.text) for word in words)
        for picture in pictures_of(number, page.get_size(), shapes, words, n_chars, unmapped):
            yield _picture(self._untrusted, number, picture.locator, functools.partial(self._pixels, page, picture))

    def _pixels(self, page: Any, picture: Picture) -> bytes | None:
        """Return the pixels while the page is open; None later."""
        return rendered(page, picture) if self._open and page.raw else None

    def files(self) -> Iterator[Yield]:
        """Yield the files inside, and those pinned to pages."""
        for place in range(self._document.count_attachments()):
            yield from _tried(functools.partial(_file, self._document, place))
        for number, place in self._pinned:
            yield from _tried(functools.partial(_pinned, self._document, number, place))


def _boxes(page: Any, text: str, found: Page) -> Boxes | None:
    """Return where the text of a page stands on it, as far as reading it has told."""
    return boxes_of(page, of_lines(text, found.lines) if found.lines else of_words(text, found.words))


def _clean(text: str) -> str:
    return "\n".join(line.rstrip() for line in safe(text).split("\n")).strip("\n")


def _tried(make: Callable[[], Inner]) -> Iterator[Yield]:
    try:
        yield make()
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail)


# --- children ---------------------------------------------------------------------------------------------------------


def _picture(untrusted: Readable, number: int, locator: str, now: Any = None) -> Inner:
    def chunks() -> Iterator[bytes]:
        pixels = now() if now is not None else None
        yield pixels if pixels is not None else _rendered_again(untrusted, number, locator)

    return Inner(locator=locator, kind="page", media_type=PAGE, chunks=chunks)


def _rendered_again(untrusted: Readable, number: int, locator: str) -> bytes:
    import pypdfium2 as pdfium

    try:
        document = _held(cast(Hashable, untrusted))
        page = document[number]
        try:
            textpage = page.get_textpage()
            shapes = shapes_of(page)
            words = words_of(glyphs_of(textpage))
            n_chars = sum(len(word.text) for word in words)
            found = pictures_of(number, page.get_size(), shapes, words, n_chars)
            box = next((one.box for one in found if one.locator == locator), None)
            return rendered(page, Picture(locator, box))
        finally:
            page.close()
    except (pdfium.PdfiumError, IndexError, KeyError):
        raise ContentError("partial", "page could not be rendered") from None


def _file(document: Any, place: int) -> Inner:
    import pypdfium2 as pdfium

    try:
        return _attached(document.get_attachment(place), f"file:{place}")
    except (pdfium.PdfiumError, IndexError):
        raise ContentError("partial", "embedded file") from None


def _pinned(document: Any, number: int, place: int) -> Inner:
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    try:
        page = document[number]
        annotation = raw.FPDFPage_GetAnnot(page, place)
        try:
            file = raw.FPDFAnnot_GetFileAttachment(annotation) if annotation else None
            if not file:
                raise ContentError("partial", "file pinned to a page")
            return _attached(pdfium.PdfAttachment(file, document), f"note:{number}:{place}")
        finally:
            if annotation:
                raw.FPDFPage_CloseAnnot(annotation)
            page.close()
    except (pdfium.PdfiumError, IndexError):
        raise ContentError("partial", "file pinned to a page") from None


def _attached(attachment: Any, locator: str) -> Inner:
    import pypdfium2.raw as raw

    name, data = one_line(wide(raw.FPDFAttachment_GetName, attachment)), bytes(attachment.get_data())
    chunks: Iterable[bytes] = (data,)
    return Inner(locator=locator, kind="member", name=name, size=len(data), chunks=functools.partial(iter, chunks))


PARSER = Parser(
    name="pdf",
    version=5,
    media_types=("application/pdf",),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
    locked=_locked,
)
