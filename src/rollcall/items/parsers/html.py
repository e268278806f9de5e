"""HTML, as mail bodies and exported reports write it: text in reading order, and tables of data with their cells.

What is hidden by a style is kept: it was in the mailbox. Script, style and comments are not text. The tree is built
only for markup of bounded depth; deeper markup is read tag by tag, and says so.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from rollcall.items import charsets
from rollcall.items.flow import BREAK, GAP, LINE, QUOTE, UNQUOTE, Flow, Grid
from rollcall.items.markup import BLOCKS, DROPPED, nests_deeper, strip_tags
from rollcall.items.parser import Fault, Inner, Limits, Parser, Table, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unseen import unseen

_GAPS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "hr", "figure", "fieldset", "form", "xmp",
))  # fmt: skip
_DOCUMENT = "-document"
_LITERAL = frozenset(("pre", "xmp", "textarea", "listing", "plaintext"))
_MARKUP_AS_TEXT = frozenset(("iframe", "noembed", "noframes"))
_CELLS = frozenset(("td", "th"))
_NO_MARGIN = re.compile(r"mso(normal|listparagraph|nospacing|plaintext)|margin(-top)?\s*:\s*0", re.IGNORECASE)
_TEMPLATE = re.compile(r"<(/?)template\b", re.IGNORECASE)
_OPENING = re.compile(
    r"(?:<!doctype\s+html|<(?:html|head|body|meta|title|table|div|p|span|center|font|style|script|h[1-6]|br|pre|b|a|img|ul|ol)"
    r"(?=[\s>/]))",
    re.IGNORECASE,
)
_DATA_URI = re.compile(r"data:([\w.+-]+/[\w.+-]+)(?:;[\w=.-]+)*;base64,([A-Za-z0-9+/=\s%]{16,})", re.IGNORECASE)
_WHOLE_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head)[\s>]", re.IGNORECASE)
_HEAD = 1 << 16  # bytes that may stand before the charset: some pages open with pages of script and style
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def html_parts(markup: str, limits: Limits, kind: str = "body") -> Iterator[Text | Table | Fault]:
    """Yield the text of HTML as one Text of `kind`, then each table of data, then what could not be taken apart."""
    if len(markup) > limits.max_text or nests_deeper(markup, limits.max_markup_depth):
        yield Text(text=strip_tags(markup), kind=kind)
        yield from _unseen(markup)
        yield Fault(code="partial", detail="markup too deep or too large: text was read, tables were not taken apart")
        return
    text, grids = _Reader().read(markup).set()
    if text:
        yield Text(text=text, kind=kind)
    for number, grid in enumerate(grids, 1):
        yield Table(rows=[(row, 0, cells) for row, cells in enumerate(grid.cells()) if cells], label=f"table {number}")
    yield from _unseen(markup)


def _unseen(markup: str) -> Iterator[Text]:
    if told := unseen(markup):
        yield Text(text=told, kind="note", label="not shown", hidden=True)


class _Reader:
    """Walks the tree once, with a stack of its own, so that depth costs no recursion."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._above: list[Flow] = []  # the flow around each open cell
        self._grids: list[Grid] = []
        self._counters: list[int | None] = []  # the number of the item in each open list
        self._literal = 0

    def read(self, markup: str) -> Flow:
        """Return the flow of the whole document."""
        from selectolax.lexbor import LexborHTMLParser

        # The content of <template> is outside the tree, so it is read as a plain block.
        root: Any = LexborHTMLParser(_TEMPLATE.sub(r"<\1div", markup).replace("\0", "\ufffd")).root
        if root is None:
            return self._flow
        node = root
        while True:
            child = node.first_child if self._enter(node) else None
            if child is not None:
                node = child
                continue
            self._leave(node)
            while node.next is None:
                node = node.parent
                if node is None or node.tag == _DOCUMENT:  # comparing nodes would compare their whole markup
                    return self._flow
                self._leave(node)
            node = node.next

    def _enter(self, node: Any) -> bool:
        """Push what a node says when it opens; decide whether its children are read."""
        tag = node.tag
        if tag == "-text":
            text = node.text_content or ""
            if self._literal:
                self._flow.push_literal(text)
            else:
                self._flow.push_text(text)
            return False
        if tag in DROPPED or tag.startswith("-"):
            return False
        if tag in _MARKUP_AS_TEXT:
            self._flow.push_literal(strip_tags(node.text(deep=True)))
            return False
        if tag in ("table", "tr", "td", "th", "caption"):
            self._enter_table(tag, node)
        elif tag in BLOCKS:
            self._flow.push(GAP if tag in _GAPS and not _is_tight(tag, node) else BREAK)
            self._enter_block(tag, node)
        else:
            self._enter_inline(tag, node)
        return True

    def _enter_table(self, tag: str, node: Any) -> None:
        if tag == "table":
            self._flow.push(BREAK)
            self._grids.append(Grid())
            self._above.append(self._flow)
        elif tag == "tr" and self._grids:
            self._grids[-1].add_row()
        elif tag in _CELLS and self._grids:
            attributes = node.attributes
            spans = (_span(attributes, "colspan"), _span(attributes, "rowspan")) if attributes else (1, 1)
            self._flow = self._grids[-1].add_cell(*spans)
        else:
            self._flow.push(BREAK)

    def _enter_block(self, tag: str, node: Any) -> None:
        if tag == "blockquote":
            self._flow.push(QUOTE)
        elif tag in ("ul", "ol"):
            self._counters.append(0 if tag == "ol" else None)
        elif tag == "li":
            number = self._counters[-1] if self._counters else None
            if number is not None:
                self._counters[-1] = number + 1
            self._flow.push_text("- " if number is None else f"{number + 1}. ")
        self._literal += tag in _LITERAL

    def _enter_inline(self, tag: str, node: Any) -> None:
        if tag == "br":
            self._flow.push(LINE)
        elif tag == "img":
            if alt := node.attributes.get("alt"):
                self._flow.push_text(f" {alt} ")
        elif tag == "input":
            attributes = node.attributes
            kind = (attributes.get("type") or "text").lower()
            if kind in ("checkbox", "radio"):
                self._flow.push_text("[x] " if "checked" in attributes else "[ ] ")
            elif value := attributes.get("value"):
                self._flow.push_text(f" {value} ")

    def _leave(self, node: Any) -> None:
        tag = node.tag
        if tag == "table" and self._grids:
            self._close_table()
        elif tag in _CELLS and self._grids:
            self._flow = self._above[-1]
        elif tag in BLOCKS:
            if tag == "blockquote":
                self._flow.push(UNQUOTE)
            elif tag in ("ul", "ol") and self._counters:
                self._counters.pop()
            self._literal -= tag in _LITERAL
            if tag not in ("tr", "tbody", "thead", "tfoot"):
                self._flow.push(GAP if tag in _GAPS and not _is_tight(tag, node) else BREAK)

    def _close_table(self) -> None:
        grid, self._flow = self._grids.pop(), self._above.pop()
        if grid.is_data():
            for outer in self._grids:
                outer.holds_grid = True
            self._flow.push(grid)
            return
        grid.spill(self._flow)


def _span(attributes: dict[str, str | None], name: str) -> int:
    value = (attributes.get(name) or "1").strip()
    return int(value[:6]) if value.isascii() and value.isdigit() else 1


def _is_tight(tag: str, node: Any) -> bool:
    """Decide whether a paragraph is written without a margin, so that the next one follows on the next line."""
    if tag != "p":
        return False
    attributes = node.attributes
    return bool(_NO_MARGIN.search(f"{attributes.get('class') or ''} {attributes.get('style') or ''}"))


def _decode(data: bytes) -> tuple[str, bool]:
    declared = _DECLARED.search(data, 0, _HEAD)
    return charsets.decode(data, declared[1].decode("ascii", "replace") if declared else None)


def looks_like(untrusted: Readable) -> bool:
    """Decide by what the content opens with: a doctype or a tag of HTML."""
    head = untrusted.read_at(0, 4096)
    # A page that a program damaged with bytes of its own opens like any other.
    encoding = charsets.guess(head) or ("cp1252" if _WHOLE_PAGE.match(head) else None)
    return encoding is not None and bool(_OPENING.match(_after_preamble(head.decode(encoding, "replace"))))


def _after_preamble(text: str) -> str:
    """Return what follows white space, an XML declaration and comments."""
    while True:
        text = text.lstrip("\ufeff \t\r\n\f")
        close = "-->" if text.startswith("<!--") else "?>" if text.startswith("<?") else ""
        if not close:
            return text
        text = text.partition(close)[2]


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text, the tables, and the pictures and files written into the markup itself."""
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="file")
        return
    text, whole = _decode(untrusted.read_at(0, untrusted.size))
    if not whole:
        yield Fault(code="undecodable", detail="characters replaced")
    markup, files = without_files(text)
    yield from files
    yield from html_parts(markup, limits, kind="text")


def without_files(markup: str, locator: str = "data:") -> tuple[str, list[Inner]]:
    """Return markup without the pictures and files written into it, and those; `locator` begins their names.

    Such a picture is megabytes in one attribute, so it is taken out before the tree is built.
    """
    if ";base64," not in markup.lower():
        return markup, []
    pieces: list[str] = []
    files: list[Inner] = []
    position = 0
    for match in _DATA_URI.finditer(markup):
        pieces += (markup[position : match.start()], "data:,")
        position = match.end()
        files.append(embedded(f"{locator}{len(files)}", match[1], match[2]))
    pieces.append(markup[position:])
    return "".join(pieces), files


def embedded(locator: str, media_type: str, encoded: str) -> Inner:
    """Return a picture or file written in base64 as something inside."""

    def chunks() -> Iterator[bytes]:
        try:
            yield base64.b64decode(re.sub(r"%3D", "=", encoded, flags=re.IGNORECASE), validate=False)
        except binascii.Error:
            kept = re.sub(r"[^A-Za-z0-9+/]", "", encoded)
            yield base64.b64decode(kept[: len(kept) // 4 * 4])

    return Inner(locator=locator, kind="inline", media_type=media_type.lower(), chunks=chunks)


PARSER = Parser(name="html", version=2, media_types=("text/html",), looks_like=looks_like, parse=parse)
