"""What a PDF says of itself, its outline and the data behind its form: text that stands on no page."""

import ctypes
import html
import re
from collections.abc import Iterator
from typing import Any

from rollcall.items.headers import one_line, safe
from rollcall.items.parser import Fault, Text, Yield
from rollcall.items.pdf.native import wide
from rollcall.items.readable import Readable
from rollcall.items.unseen import worth_telling

_INFO = ("Title", "Author", "Subject", "Keywords")
_XFA = frozenset((2, 3))  # FORMTYPE_XFA_FULL, FORMTYPE_XFA_FOREGROUND
_MOST = 100_000  # titles in an outline
_WINDOW = 8 << 20  # bytes at either end of a file that are searched for its metadata
_XMP = re.compile(rb"<(x:xmpmeta|rdf:RDF)\b.{0,1048576}?</\1>", re.DOTALL)
_BESIDE = re.compile(rb"/(?:JS|TU|Contents|Alt|ActualText)\s{0,9}\(((?:[^()\\]|\\.){1,4000})\)", re.DOTALL)
_LEAF = re.compile(r"<([\w.:-]{1,100})(?:\s[^<>]*)?>([^<>]*)</\1\s*>")
_SAID = frozenset(("title", "creator", "description", "subject", "Keywords", "Author", "Title", "li"))


def properties(document: Any, untrusted: Readable) -> Iterator[Text]:
    """Yield title, author and what else says whose document it is, from both places where it may stand."""
    import pypdfium2.raw as raw

    about = {key: one_line(wide(raw.FPDF_GetMetaText, document, key.encode())) for key in _INFO}
    lines = {value: key for key, value in about.items() if value}
    for name, value in _metadata(untrusted):
        lines.setdefault(value, name)
    shown = "\n".join(f"{name}: {value}" for value, name in lines.items() if value)
    if shown:
        yield Text(text=shown, kind="note", label="properties", hidden=True)


def _metadata(untrusted: Readable) -> Iterator[tuple[str, str]]:
    """Yield names and values of the XMP packet, which stands in the clear so that any program finds it."""
    size = untrusted.size
    ends = [(0, min(size, _WINDOW)), (max(_WINDOW, size - _WINDOW), _WINDOW)]
    for offset, length in ends if size > _WINDOW else ends[:1]:
        found = _XMP.search(untrusted.read_at(offset, length))
        if found is None:
            continue
        markup = found[0].decode("utf-8", "replace")
        around = ""
        for match in re.finditer(r"<(?P<open>[\w.:-]{1,100})(?:\s[^<>]*)?>(?P<text>[^<>]*)", markup):
            name = match["open"].rpartition(":")[2]
            value = one_line(html.unescape(safe(match["text"])))
            around = name if name not in ("Alt", "Seq", "Bag", "li") else around
            if value and (name in _SAID or around in _SAID):
                yield around.capitalize(), value
        return


def outline(document: Any) -> Iterator[Yield]:
    """Yield the titles in the outline: reports of many patients have one for each."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    titles: list[str] = []
    try:
        for bookmark in document.get_toc(max_depth=15):
            if len(titles) >= _MOST:
                yield Fault(code="too_large", detail=f"outline of more than {_MOST} titles")
                break
            titles.append(one_line(wide(raw.FPDFBookmark_GetTitle, bookmark)))
    except pdfium.PdfiumError:
        yield Fault(code="partial", detail="outline")
    if told := worth_telling(titles):
        yield Text(text=told, kind="note", label="outline", hidden=True)


def beside_content(untrusted: Readable) -> Iterator[Text]:
    """Yield what the pages of a file say only beside their content: prompts of fields, programs, names of pictures.

    Asked only where no page says anything: such words stand in the clear or not at all.
    """
    found = _BESIDE.finditer(untrusted.read_at(0, _WINDOW))
    said = (one_line(safe(re.sub(rb"\\(.)", rb"\1", match[1]).decode("cp1252", "replace"))) for match in found)
    if told := "\n".join(dict.fromkeys(words for words in said if re.search(r"[^\W\d_]{3}", words))):
        yield Text(text=told, kind="note", label="beside the pages", hidden=True)


def page_names(document: Any, count: int) -> Iterator[Text]:
    """Yield the labels of pages where they say more than a number."""
    import pypdfium2.raw as raw

    names = (one_line(wide(raw.FPDF_GetPageLabel, document, number)) for number in range(count))
    if told := worth_telling(name for name in names if len(name) > 8):
        yield Text(text=told, kind="note", label="page labels", hidden=True)


def scripts(document: Any) -> Iterator[Text]:
    """Yield the lines of the document's programs that hold data."""
    import pypdfium2.raw as raw

    lines: list[str] = []
    for place in range(min(raw.FPDFDoc_GetJavaScriptActionCount(document), 1_000)):
        action = raw.FPDFDoc_GetJavaScriptAction(document, place)
        if action:
            lines += safe(wide(raw.FPDFJavaScriptAction_GetScript, action)).split("\n")
            raw.FPDFDoc_CloseJavaScriptAction(action)
    if told := worth_telling(line.strip() for line in lines if re.search(r"\d{3}", line)):
        yield Text(text=told, kind="note", label="script", hidden=True)


def form_data(document: Any, shown: set[str]) -> Iterator[Text]:
    """Yield what the packets of an XFA form hold and no page shows: fields by name, then the words of its drawing."""
    if document.get_formtype() not in _XFA:
        return
    data: list[str] = []
    words: list[str] = []
    for name, markup in _packets(document):
        if name in ("config", "localeSet", "connectionSet", "PDFSecurity", "preamble", "postamble"):
            continue
        if name in ("datasets", "form"):
            fields = ((match[1].rpartition(":")[2], _plain(match[2])) for match in _LEAF.finditer(markup))
            data += [f"{name}: {value}" for name, value in fields if value and value not in shown]
        else:
            words += [_plain(line) for line in re.sub(r"<[^>]*>", "\n", markup).split("\n")]
    told = "\n".join(part for part in ("\n".join(dict.fromkeys(data)), worth_telling(words)) if part)
    if told:
        yield Text(text=told, kind="note", label="form data", hidden=True)


def _plain(text: str) -> str:
    return one_line(html.unescape(safe(text)))


def _packets(document: Any) -> Iterator[tuple[str, str]]:
    import pypdfium2.raw as raw

    for place in range(min(raw.FPDF_GetXFAPacketCount(document), 1_000)):
        size = ctypes.c_ulong()
        raw.FPDF_GetXFAPacketContent(document, place, None, 0, ctypes.byref(size))
        if not 0 < size.value < 1 << 28:
            continue
        buffer = ctypes.create_string_buffer(size.value)
        raw.FPDF_GetXFAPacketContent(document, place, buffer, size.value, ctypes.byref(size))
        length = raw.FPDF_GetXFAPacketName(document, place, None, 0)
        name = ctypes.create_string_buffer(max(length, 1))
        raw.FPDF_GetXFAPacketName(document, place, name, length)
        yield name.value.decode("utf-8", "replace"), buffer.raw[: size.value].decode("utf-8", "replace")
