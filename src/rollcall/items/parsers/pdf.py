"""PDF through PDFium: the text of each page, the values of form fields and the notes put on it, embedded files.

A page without text but with a picture is named, so that it is looked at or read by OCR. Lines and columns stand as the
page sets them; a filled form's values are not part of the page's text and are added as "field: value".
"""

import ctypes
import functools
import html
import re
import urllib.parse
from collections.abc import Callable, Iterator
from typing import Any

from rollcall.items.headers import one_line, safe
from rollcall.items.pages import laid_out
from rollcall.items.parser import Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling

_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SECURITY = 5
_NOTES = frozenset((1, 3, 9, 10, 11, 12, 13))  # subtypes of annotations that people write into
_WIDGET = 20
_MAX_ANNOTATIONS = 100_000
_XFA = frozenset((2, 3))  # FORMTYPE_XFA_FULL, FORMTYPE_XFA_FOREGROUND
_LINK = 2


def looks_like(untrusted: Readable) -> bool:
    """Decide by the mark within the first kilobyte, where readers look for it, and not inside a message or a text."""
    head = untrusted.read_at(0, 1024)
    place = head.find(b"%PDF-")
    return place == 0 or (place > 0 and not head[:place].strip(b"\0\t\n\f\r \xef\xbb\xbf\xff\xfe"))


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text page by page, then the files inside."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(untrusted.stream())
    except pdfium.PdfiumError as error:
        code = "encrypted" if getattr(error, "err_code", None) in (_PASSWORD, _SECURITY) else "corrupt"
        yield Fault(code=code, detail="document could not be opened")
        return
    try:
        with_forms = document.get_formtype() not in (None, 0)
        if with_forms:
            document.init_forms()
        count = len(document)
        for number in range(min(count, limits.max_pages)):
            yield from _page(document, number, limits)
        if count > limits.max_pages:
            yield Fault(code="too_large", detail=f"{count} pages, {limits.max_pages} were read")
        if count == 0:
            yield Fault(code="corrupt", detail="no page")
        yield from _about(document)
        yield from _outline(document)
        if document.get_formtype() in _XFA:
            yield from _form_data(document)
        yield from _files(document)
    finally:
        document.close()


def _page(document: Any, number: int, limits: Limits) -> Iterator[Yield]:
    import pypdfium2 as pdfium

    label = str(number + 1)
    try:
        page = document[number]
    except pdfium.PdfiumError:
        yield Fault(code="partial", detail="page could not be loaded", locator=f"page {label}")
        return
    try:
        text = _text(page)
        fields, notes = _annotations(document, page)
        together = "\n".join(part for part in (text, *fields) if part)
        if together.strip():
            yield Text(text=together[: limits.max_text], kind="page", label=label)
        if len(together) > limits.max_text:
            yield Fault(code="too_large", detail="text of a page", locator=f"page {label}", part=True)
        if notes:
            yield Text(text="\n".join(notes), kind="note", label=label)
        if not text.strip() and _has_picture(page):
            yield Fault(code="needs_ocr", detail="page is a picture", locator=f"page {label}")
    except pdfium.PdfiumError:
        yield Fault(code="partial", detail="page could not be read", locator=f"page {label}")
    finally:
        page.close()


def _text(page: Any) -> str:
    textpage = page.get_textpage()
    try:
        text = laid_out(textpage)
        if text is None:
            count = textpage.count_chars()
            text = textpage.get_text_range(0, count) if count > 0 else ""
    finally:
        textpage.close()
    # U+0002 and U+FFFE stand where a word was parted at the end of a line.
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "-").replace("\ufffe", "-")
    return "\n".join(line.rstrip() for line in safe(text).split("\n")).strip("\n")


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as raw

    shown = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_SHADING)
    # Scanners and fax programs also draw a page as outlines; a lone line or frame is no picture.
    for place, found in enumerate(page.get_objects(filter=shown, max_depth=8)):
        if found.type == raw.FPDF_PAGEOBJ_IMAGE or place >= 50:
            return True
    return False


def _annotations(document: Any, page: Any) -> tuple[list[str], list[str]]:
    """Return the filled fields as "name: value", and the text of the notes."""
    import pypdfium2.raw as raw

    fields: dict[str, None] = {}
    notes: list[str] = []
    form = getattr(document, "formenv", None)
    for place in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page, place)
        if not annotation:
            continue
        try:
            subtype = raw.FPDFAnnot_GetSubtype(annotation)
            if subtype == _WIDGET and form is not None:
                value = _wide(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
                if value:
                    name = _wide(raw.FPDFAnnot_GetFormFieldName, form, annotation)
                    fields[f"{name}: {value}" if name else value] = None
            elif subtype == _LINK:
                notes += _link(document, annotation)
            elif subtype in _NOTES:
                text = _wide(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
                notes += [text] if text else []
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    return list(fields), notes


def _link(document: Any, annotation: Any) -> list[str]:
    """Return what the address of a link asks for, as far as it may speak of somebody."""
    import pypdfium2.raw as raw

    action = raw.FPDFLink_GetAction(raw.FPDFAnnot_GetLink(annotation))
    size = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
    if not 1 < size < 1 << 16:
        return []
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    address = urllib.parse.unquote_plus(buffer.value.decode("utf-8", "replace"))
    told = worth_telling(one_line(piece) for piece in address.partition("?")[2].split("&"))
    return [told] if told else []


def _wide(read: Callable[..., int], *arguments: Any) -> str:
    """Return a string that PDFium writes as UTF-16 into a buffer of the size it asked for."""
    import pypdfium2.raw as raw

    size = read(*arguments, None, 0)
    if not 2 < size < 1 << 24:
        return ""
    buffer = ctypes.create_string_buffer(size)
    read(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return one_line(buffer.raw[: size - 2].decode("utf-16-le", "replace"))


def _about(document: Any) -> Iterator[Text]:
    about = document.get_metadata_dict(skip_empty=True)
    lines = [f"{key}: {one_line(about[key])}" for key in ("Title", "Author", "Subject", "Keywords") if about.get(key)]
    if lines:
        yield Text(text="\n".join(lines), kind="note", label="properties", hidden=True)


def _outline(document: Any) -> Iterator[Yield]:
    """Yield the titles in the outline: reports of many patients have one for each."""
    import pypdfium2 as pdfium

    titles: list[str] = []
    try:
        for bookmark in document.get_toc(max_depth=15):
            if len(titles) >= _MAX_ANNOTATIONS:
                yield Fault(code="too_large", detail=f"outline of more than {_MAX_ANNOTATIONS} titles")
                break
            titles.append(one_line(bookmark.get_title()))
    except pdfium.PdfiumError:
        yield Fault(code="partial", detail="outline")
    if told := worth_telling(titles):
        yield Text(text=told, kind="note", label="outline", hidden=True)


def _form_data(document: Any) -> Iterator[Yield]:
    """Yield the words of the packets of an XFA form, which stand on no page before a program lays them out."""
    import pypdfium2.raw as raw

    for place in range(raw.FPDF_GetXFAPacketCount(document)):
        size = ctypes.c_ulong()
        raw.FPDF_GetXFAPacketContent(document, place, None, 0, ctypes.byref(size))
        if not 0 < size.value < 1 << 28:
            continue
        buffer = ctypes.create_string_buffer(size.value)
        raw.FPDF_GetXFAPacketContent(document, place, buffer, size.value, ctypes.byref(size))
        markup = buffer.raw[: size.value].decode("utf-8", "replace")
        lines = (" ".join(line.split()) for line in re.sub(r"<[^>]*>", "\n", markup).split("\n"))
        if told := worth_telling(html.unescape(safe(line)) for line in lines):
            yield Text(text=told, kind="note", label="form data", hidden=True)


def _files(document: Any) -> Iterator[Yield]:
    import pypdfium2 as pdfium

    for place in range(document.count_attachments()):
        try:
            attachment = document.get_attachment(place)
            name, data = one_line(attachment.get_name()), bytes(attachment.get_data())
        except pdfium.PdfiumError:
            yield Fault(code="partial", detail="embedded file", locator=f"file:{place}")
            continue
        yield Inner(
            locator=f"file:{place}",
            kind="member",
            name=name,
            size=len(data),
            chunks=functools.partial(iter, (data,)),
        )


PARSER = Parser(name="pdf", version=3, media_types=("application/pdf",), looks_like=looks_like, parse=parse)
