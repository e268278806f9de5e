"""Rich Text as Outlook and Word write it, turned back into HTML or text (MS-OXRTFEX).

Outlook wraps the HTML of a mail in RTF; the wrapping is taken off, so that tables stand as they were sent. RTF that was
never HTML is written as simple HTML with its tables, so that one reader serves both.
"""

import html
import re

import msgspec

from rollcall.items import charsets

_TOKEN = re.compile(
    r"\\(?:(?P<word>[a-zA-Z]{1,40})(?P<number>-?\d{1,10})? ?|'(?P<hex>[0-9a-fA-F]{2})|(?P<symbol>[^a-zA-Z]|$))"
    r"|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)"
)
_SKIPPED = frozenset((
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "objdata", "objclass", "themedata", "datastore", "fldinst",
    "colorschememapping", "latentstyles", "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl",
    "mmathPr", "bkmkstart", "bkmkend", "pgdsctbl", "revtbl", "filetbl", "sn", "sv", "nonesttables", "wgrffmtfilter",
    "pntxtb", "pntxta", "mhtmltag", "nonshppict", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "userprops", "docvar",
    "template",
))  # fmt: skip
# Destinations a reader may ignore, but which hold what a person could see.
_READ = frozenset(("htmltag", "shpinst", "shptxt", "nesttableprops", "annotation", "pn", "pntext", "listtext"))
# Text that stands on no page: what the document says of itself, instructions of fields, what a form began with.
_NOTED = frozenset(("info", "userprops", "docvar", "fldinst", "formfield"))
# Text of its own place on the page, which is not read on into what stands around it.
_APART = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header", "footer": "footer",
    "footerl": "footer", "footerr": "footer", "footerf": "footer", "footnote": "footnotes", "annotation": "comments",
    "shptxt": "text boxes",
}  # fmt: skip
# Properties of the document, as other formats have them too.
_ABOUT = frozenset((
    "title", "subject", "author", "manager", "company", "operator", "category", "keywords", "comment", "doccomm",
))  # fmt: skip
_CHARACTERS = {
    "tab": "\t", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "softline": "\n", "lquote": "\u2018",
    "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d", "bullet": "\u2022", "endash": "\u2013",
    "emdash": "\u2014", "enspace": " ", "emspace": " ", "qmspace": " ", "nestcell": "\t", "nestrow": "\n",
}  # fmt: skip
_SYMBOLS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n", "\t": "\t"}
_FONT_CHARSETS = {
    0: 1252, 77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255,
    178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}  # fmt: skip


class RichText(msgspec.Struct, frozen=True):
    """The body an RTF held: text/html (as sent, or made from the RTF's own paragraphs and tables) or text/plain."""

    media_type: str
    text: str
    objects: tuple[tuple[str, bytes], ...] = ()  # ("pict" or "objdata", content)
    is_whole: bool = True  # every group closes
    notes: str = ""  # what stands on no page
    about: str = ""  # "author: somebody", line by line: what the document says of itself
    apart: tuple[tuple[str, str], ...] = ()  # (what, its text) of headers, footers, notes, text boxes; as `text` is
    deleted: str = ""  # by a reviewer

    @property
    def whole(self) -> str:
        """The text with all that has a place of its own behind it."""
        return "".join((self.text, *(text for _, text in self.apart)))


def read(data: bytes) -> RichText:
    """Return the body that RTF holds."""
    head = data[:4096]
    mode = "html" if b"\\fromhtml" in head else "text" if b"\\fromtext" in head else "rich"
    reader = _Reader(data, mode)
    text = reader.read()
    objects = tuple((kind, _content(bytes(found))) for kind, found in reader.objects if found)
    media_type = "text/plain" if mode == "text" else "text/html"
    return RichText(
        media_type, text, objects, reader.is_whole, reader.notes(), reader.about(), tuple(reader.apart),
        "".join(reader.deleted).strip(),
    )  # fmt: skip


def _content(found: bytes) -> bytes:
    """Return the bytes of a picture or object, written as they are or as hexadecimal digits."""
    digits = b"".join(found.split())
    if digits.translate(None, b"0123456789abcdefABCDEF"):
        return found
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))


class _Group(msgspec.Struct):
    skip: bool = False
    raw: bool = False  # inside \htmltag: the text is markup of the mail itself
    fonts: bool = False  # inside the font table
    keeps: bool = False  # inside a picture or object: what stands there is its content
    hidden_rtf: bool = False  # between \htmlrtf and \htmlrtf0: RTF's own rendering of a tag
    codepage: str = "cp1252"
    n_fallback: int = 1
    starred: bool = False
    font: int = 0
    noted: bool = False  # skipped, but what stands there is kept as a note
    about: str = ""  # which property of the document
    apart: str = ""
    deleted: bool = False


class _Reader:
    def __init__(self, data: bytes, mode: str) -> None:
        self._source = data.decode("latin-1")
        self._mode = mode
        self._group = _Group()
        self._groups: list[_Group] = []
        self._default = "cp1252"
        self._fonts: dict[int, str] = {}
        self._bytes = bytearray()
        self._line: list[str] = []
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._out: list[str] = []
        self._in_table = False
        self._fallback = 0  # characters that only repeat a \u for old readers
        self.objects: list[tuple[str, bytearray]] = []
        self._notes: list[str] = []
        self._about: list[tuple[str, str]] = []  # pieces of properties
        self.is_whole = True
        self._starts = False  # the token before opened a group
        self._high = ""  # first half of a surrogate pair
        self._around: list[tuple[list[str], list[str], list[list[str]], list[str], bool]] = []
        self.apart: list[tuple[str, str]] = []
        self.deleted: list[str] = []

    def read(self) -> str:
        """Return the text or markup."""
        position, size = 0, len(self._source)
        while position < size:
            match = _TOKEN.match(self._source, position)
            if match is None:
                position += 1
                continue
            position = match.end()
            starts, self._starts = self._starts, match["brace"] == "{"
            if word := match["word"]:
                number = int(match["number"]) if match["number"] else None
                if word == "bin":
                    end = position + max(0, number or 0)
                    if self._group.keeps:
                        self.objects[-1][1].extend(self._source[position:end].encode("latin-1"))
                    position = end
                else:
                    self._control(word, number)
            elif match["hex"]:
                self._push_bytes(bytes((int(match["hex"], 16),)))
            elif text := match["text"]:
                self._push_bytes(text.encode("latin-1"))
            elif match["brace"]:
                self._brace(match["brace"])
            elif symbol := match["symbol"]:
                self._symbol(symbol, starts=starts)
        self.is_whole = not self._groups
        while self._around:
            self._leave(self._group.apart)
        self._group = _Group()
        return self._set()

    def _set(self) -> str:
        """Return what was read of the place in hand."""
        self._flush()
        self._end_table()
        if self._line and self._mode == "rich":
            self._paragraph()
        self._out += self._line
        return "".join(self._out)

    def _enter(self) -> None:
        self._flush()
        self._around.append((self._line, self._cells, self._rows, self._out, self._in_table))
        self._line, self._cells, self._rows, self._out, self._in_table = [], [], [], [], False

    def _leave(self, what: str) -> None:
        if (text := self._set()).strip():
            self.apart.append((what, text))
        self._line, self._cells, self._rows, self._out, self._in_table = self._around.pop()

    def notes(self) -> str:
        """Return what stood on no page, line by line."""
        return "\n".join(filter(None, (" ".join(line.split()) for line in "".join(self._notes).split("\n"))))

    def about(self) -> str:
        """Return the properties of the document, line by line."""
        found: dict[str, str] = {}
        for word, text in self._about:
            found[word] = found.get(word, "") + text
        return "\n".join(f"{word}: {' '.join(text.split())}" for word, text in found.items() if text.strip())

    def _brace(self, brace: str) -> None:
        self._flush()
        self._fallback = 0
        if brace == "{":
            self._groups.append(self._group)
            self._group = msgspec.structs.replace(self._group, starred=False)
        elif self._groups:
            if self._group.noted:
                self._notes.append("\n")
            elif self._group.apart != self._groups[-1].apart and self._around:
                self._leave(self._group.apart)
            self._group = self._groups.pop()

    def _symbol(self, symbol: str, *, starts: bool) -> None:
        if symbol == "*":
            self._group.starred = starts  # elsewhere than at the start of a group it marks nothing
        elif self._fallback:
            self._fallback -= 1
        elif (text := _SYMBOLS.get(symbol)) is not None:
            if text == "\n":
                self._paragraph()
            else:
                self._push(text)

    def _control(self, word: str, number: int | None) -> None:
        group = self._group
        starred, group.starred = group.starred, False  # it speaks of the next word alone
        if word == "u" and number is not None:
            self._unicode(number)
        elif word in _ABOUT and group.noted:
            group.about = word
        elif starred and word not in _READ:
            group.skip, group.keeps, group.noted = True, False, group.noted or word in _NOTED
            if word == "objdata":
                self._keep(word)
        elif word in _SKIPPED:
            group.skip, group.fonts, group.noted = True, word == "fonttbl", group.noted or word in _NOTED
            if word in ("pict", "objdata"):
                self._keep(word)
        elif word == "htmltag":
            group.raw = True
        elif word == "htmlrtf":
            self._flush()
            group.hidden_rtf = number != 0
        elif text := _CHARACTERS.get(word):
            self._push(text)
        elif word in _APART:
            if not group.skip and self._mode == "rich" and not group.apart:
                group.apart = _APART[word]
                self._enter()
        else:
            self._format(word, number)

    def _keep(self, word: str) -> None:
        self._group.keeps = True
        self.objects.append((word, bytearray()))

    def _format(self, word: str, number: int | None) -> None:
        group = self._group
        if word == "par" or word == "row" or word == "cell":
            self._flush()
            if not (group.skip or group.hidden_rtf):
                self._structure(word)
        elif word == "pard" or word == "intbl":
            self._in_table = word == "intbl"
        elif word == "uc":
            group.n_fallback = max(0, min(number or 0, 16))
        elif word == "ansicpg":
            self._default = charsets.of_codepage(number or 1252) or "cp1252"
            group.codepage = self._default
        elif word in ("mac", "pc", "pca"):
            self._default = group.codepage = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
        elif word == "f":
            self._flush()
            group.font = number or 0
            if not group.fonts:
                group.codepage = self._fonts.get(group.font, self._default)
        elif word == "fcharset" and group.fonts and number in _FONT_CHARSETS:
            named = charsets.of_codepage(_FONT_CHARSETS[number])
            # Charset 0 says "ANSI", which is whatever the document's own codepage is.
            self._fonts[group.font] = self._default if number == 0 or named is None else named
        elif word == "deleted":
            self._flush()
            group.deleted = number != 0
        elif word == "plain":
            self._flush()
            group.codepage = self._default
            group.deleted = False

    def _unicode(self, number: int) -> None:
        self._flush()
        character = chr(number & 0xFFFF)
        self._fallback = self._group.n_fallback
        if "\ud800" <= character <= "\udbff":
            self._high = character
            return
        if "\udc00" <= character <= "\udfff":
            pair = self._high + character
            character = pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        self._high = ""
        self._push(character)

    def _push_bytes(self, data: bytes) -> None:
        if self._fallback:
            dropped = min(self._fallback, len(data))
            self._fallback -= dropped
            data = data[dropped:]
        if self._group.keeps:
            self.objects[-1][1].extend(data)
        elif data and (self._group.noted or not self._group.skip):
            self._bytes += data

    def _flush(self) -> None:
        if self._bytes:
            text = self._bytes.decode(self._group.codepage, "replace")
            self._bytes.clear()
            self._push(text)

    def _push(self, text: str) -> None:
        if self._bytes:
            self._flush()
        group = self._group
        if group.about:
            self._about.append((group.about, text))
            return
        if group.noted:
            self._notes.append(text)
            return
        if group.skip or (group.hidden_rtf and not group.raw):
            return
        if group.deleted:
            self.deleted.append(text)
            return
        if self._mode == "rich":
            text = html.escape(text, quote=False).replace("\n", "<br>").replace("\t", "&#9;")
        self._line.append(text)

    def _structure(self, word: str) -> None:
        if word == "par":
            self._paragraph()
        elif self._mode != "rich":
            self._push("\t" if word == "cell" else "\n")
        elif word == "cell":
            self._cells.append("".join(self._line))
            self._line.clear()
        else:
            self._cells += ["".join(self._line)] if self._line else []
            self._line.clear()
            self._rows.append(self._cells)
            self._cells = []

    def _paragraph(self) -> None:
        self._flush()
        if self.deleted and not self.deleted[-1].endswith("\n"):
            self.deleted.append("\n")
        if self._group.skip or (self._group.hidden_rtf and not self._group.raw):
            return
        if self._mode != "rich":
            self._out += (*self._line, "\n")
            self._line.clear()
        elif self._in_table or self._cells:
            self._line.append("<br>")
        else:
            self._end_table()
            self._out += ("<div>", *(self._line or ["<br>"]), "</div>\n")
            self._line.clear()

    def _end_table(self) -> None:
        if self._cells:
            self._rows.append(self._cells)
            self._cells = []
        if self._rows:
            rows = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in self._rows)
            self._out += ("<table>", *rows, "</table>\n")
            self._rows = []
