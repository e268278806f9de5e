"""Header blocks of mail: fields, encoded words, parameters, addresses; linear in their length, whatever they hold.

The standard library's header classes raise on some of what real mail carries and are quadratic on some of what hostile
mail carries (parameters, address lists), so fields are taken apart here, from bytes.
"""

import base64
import binascii
import functools
import re
import urllib.parse
from collections.abc import Mapping

from rollcall.items import charsets

Fields = tuple[tuple[str, bytes], ...]  # (name in lower case, raw value still folded), in order

_LINE = re.compile(rb"([!-9;-~]{1,200})[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*+)(?:\n|\Z)")
_KNOWN = re.compile(
    rb"(?:received|return-path|delivered-to|date|from|sender|reply-to|to|cc|bcc|subject|message-id|in-reply-to"
    rb"|references|mime-version|content-[a-z-]+|x-[a-z0-9-]+|dkim-signature|authentication-results)[ \t]*:",
    re.IGNORECASE,
)
_BLANK = re.compile(rb"[ \t]*(?:\n|\Z)")
_FOLD = re.compile(rb"\r?\n(?=[ \t])|[\r\n]+")
_WORD = re.compile(rb"=\?([\w.:+-]{1,60})(?:\*[\w-]{0,20})?\?([bBqQ])\?")
_PARAMETER = re.compile(
    r"(?:\A|(?<=[;\s]))([\w.!#$%&+^`{|}~-]+)(\*\d{1,4})?(\*)?\s*=\s*(\"(?:[^\"\\]|\\.)*+\"?|[^;\"]*+)", re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# The bound on quoted strings keeps a list of nothing but escaped quotes from costing the square of its length.
_ADDRESS_PIECE = re.compile(
    r'"(?:[^"\\]|\\.){0,300}+"|\((?:[^()\\]|\\.)*+\)|<[^<>]*+>|[,;]|[^",;(<]++|["(<]', re.DOTALL
)
_GROUP = re.compile(r"[^:@<>\"]{1,200}:\s*")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_REFUSED = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-16", "utf-32"))
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
_WHOLE = frozenset(("name", "filename"))  # of other parameters only the first word counts where quotes are missing
_HIGH = bytes(range(128, 256))
_ENOUGH = 12  # letters beyond ASCII, to tell a charset from
_LONGEST_PARAMETERS = 1 << 16
_SHORT = 400  # bytes of a value that is remembered


def split_header(data: bytes, start: int = 0, end: int | None = None) -> tuple[Fields, int, bool]:
    """Return the fields at the start of a range, where the body begins, and whether lines in between are no fields.

    Lines end with LF (or CR LF). Lines that are no field end the header, as everywhere, unless a known field follows
    at once: then they are taken as damage inside the header.
    """
    end = len(data) if end is None else end
    fields: list[tuple[str, bytes]] = []
    position, damaged = start, False
    while position < end:
        if match := _LINE.match(data, position, end):
            fields.append((match[1].decode("ascii").lower(), match[2]))
            position = match.end()
            continue
        line_end = data.find(b"\n", position, end) + 1 or end
        if not data[position:line_end].strip(b" \t\r\n"):
            return tuple(fields), line_end, damaged
        if data.startswith(b"From ", position, end) and position == start:
            position = line_end  # the envelope of an mbox
            continue
        damaged = True
        if not _KNOWN.match(data, line_end, min(end, line_end + 80)):
            break
        position = line_end
    return tuple(fields), position, damaged


def first(fields: Fields, name: str) -> bytes | None:
    """Return the raw value of the first field of a name."""
    return next((value for key, value in fields if key == name), None)


def safe(text: str) -> str:
    """Return text without lone surrogates and NUL, which a table of UTF-8 cannot hold."""
    if _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
    return text.replace("\0", "\ufffd") if "\0" in text else text


def one_line(text: str) -> str:
    """Return a name or title on one line: control characters become U+FFFD, runs of white space one blank."""
    return _SPACES.sub(" ", _CONTROLS.sub("\ufffd", safe(text))).strip()


def decode_bytes(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Return the text of bytes in a charset as mail names it, and whether each byte stood for a character."""
    if not charset and data.isascii() and b"\x1b" not in data and b"\0" not in data:
        return data.decode("ascii"), True
    if charset:
        charset = charset.strip().strip("\"'").lower()
        if charsets.codec(charset) is None and charset.startswith("x-"):
            charset = charset[2:]
        if (known := charsets.codec(charset)) is None or (
            known in _REFUSED and not data.startswith((b"\xff", b"\xfe"))
        ):
            charset = None
    if (
        (charset is None or charset in ("us-ascii", "ascii", "utf-8"))
        and _ISO_2022.search(data[: 1 << 16])
        and data.isascii()
    ):
        charset = "iso2022_jp_ext"
    if charset is None and not data.isascii() and (text := _few_letters(data)) is not None:
        return safe(text), True
    try:
        text, exact = charsets.decode(data, charset)
    except (UnicodeError, ValueError, LookupError):
        text, exact = data.decode("cp1252", "replace"), False
    return safe(text), exact


def _few_letters(data: bytes) -> str | None:
    """Return what a name or short text is that no statistics can tell: UTF-8 where it is, else Western."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if len(data) - len(data.translate(None, _HIGH)) >= _ENOUGH:
        return None
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return None


def decode_value(raw: bytes) -> str:
    """Return the text of a field's value: unfolded, encoded words decoded, broken ones as far as they go."""
    return _short_value(raw) if len(raw) <= _SHORT else _value(raw)


def _value(raw: bytes) -> str:
    raw = _FOLD.sub(b"", raw).strip(b" \t\r\n").replace(b"\0", b"\x01")  # NUL would pass for half of UTF-16
    if b"=?" not in raw:
        return one_line(decode_bytes(raw, None)[0])
    pieces: list[str] = []
    pending: list[tuple[str, bytes]] = []  # neighbouring words; a character may be cut between two of them
    position = 0
    while (start := raw.find(b"=?", position)) >= 0:
        word = _WORD.match(raw, start)
        if word is None:
            start += 2
            pieces += _flush(pending)
            pieces.append(decode_bytes(raw[position:start], None)[0])
            position = start
            continue
        between = raw[position:start]
        if between.strip() or not pending:
            pieces += _flush(pending)
            pieces.append(decode_bytes(between, None)[0])
        stop = raw.find(b"?=", word.end())
        stop = len(raw) if stop < 0 else stop
        pending.append((word[1].decode("ascii"), _decode_word(raw[word.end() : stop], word[2])))
        position = min(stop + 2, len(raw))
    pieces += _flush(pending)
    pieces.append(decode_bytes(raw[position:], None)[0])
    return one_line("".join(pieces))


# The same few senders, dates and types stand in mail after mail; what is long is seldom met again.
_short_value = functools.lru_cache(maxsize=4096)(_value)


def _decode_word(encoded: bytes, encoding: bytes) -> bytes:
    if encoding in b"qQ":
        try:
            return binascii.a2b_qp(encoded, header=True)
        except binascii.Error:
            return encoded
    alphabet = re.sub(rb"[^A-Za-z0-9+/]", b"", encoded)
    alphabet = alphabet[: len(alphabet) - (len(alphabet) % 4 == 1)]
    return base64.b64decode(alphabet + b"=" * (-len(alphabet) % 4))


def _flush(pending: list[tuple[str, bytes]]) -> list[str]:
    """Decode the words held back, those of one charset together."""
    texts: list[str] = []
    while pending:
        charset, joined = pending[0][0], []
        while pending and pending[0][0].lower() == charset.lower():
            joined.append(pending.pop(0)[1])
        together, exact = decode_bytes(b"".join(joined), charset)
        if exact or len(joined) == 1:
            texts.append(together)
        else:
            texts += [decode_bytes(piece, charset)[0] for piece in joined]
    return texts


def parameters(raw: bytes) -> tuple[str, Mapping[str, str]]:
    """Return the value before the first parameter, in lower case, and the parameters, RFC 2231 put together."""
    return _short_parameters(raw) if len(raw) <= _SHORT else _parameters(raw[:_LONGEST_PARAMETERS])


def _parameters(raw: bytes) -> tuple[str, Mapping[str, str]]:
    text = _FOLD.sub(b" ", raw).decode("utf-8", "surrogateescape")
    text = text.lstrip()
    lead = re.match(r"[^;\s]*", text)
    value = lead[0].strip("\"'").lower() if lead else ""
    plain: dict[str, str] = {}
    split: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(text):
        name, written = match[1].lower(), match[4]
        if written.startswith('"'):
            written = _ESCAPED.sub(r"\1", written[1:-1] if len(written) > 1 and written.endswith('"') else written[1:])
        else:
            written = written.strip() if name in _WHOLE else "".join(written.split()[:1])
        if match[2] or match[3]:
            split.setdefault(name, {}).setdefault(int((match[2] or "*0")[1:]), (written, bool(match[3])))
        elif not plain.get(name):
            plain[name] = written
    result = {name: decode_value(written.encode("utf-8", "surrogateescape")) for name, written in plain.items()}
    result |= {name: _continued(pieces) for name, pieces in split.items()}
    return value, result


_short_parameters = functools.lru_cache(maxsize=4096)(_parameters)


def _continued(pieces: dict[int, tuple[str, bool]]) -> str:
    """Join the sections of one RFC 2231 parameter: charset'language'percent-encoded, then more."""
    charset, joined = None, []
    for number, (written, encoded) in sorted(pieces.items()):
        if encoded and number == min(pieces) and written.count("'") >= 2:
            charset, _language, written = written.split("'", 2)
        data = written.encode("utf-8", "surrogateescape")
        joined.append(urllib.parse.unquote_to_bytes(data) if encoded else data)
    data = b"".join(joined)
    if charset is None and b"=?" in data:
        return decode_value(data)
    return one_line(decode_bytes(data, charset)[0])


def addresses(raw: bytes) -> tuple[str, ...]:
    """Return each mailbox of an address list as written, its encoded words decoded."""
    text = _FOLD.sub(b"", raw).decode("utf-8", "surrogateescape")
    found: list[str] = []
    current: list[str] = []
    for piece in _ADDRESS_PIECE.findall(text):
        if piece in (",", ";"):
            found.append("".join(current))
            current = []
        else:
            current.append(piece)
    found.append("".join(current))
    return tuple(address for written in found if (address := _address(written)))


def _address(written: str) -> str:
    written = written.strip()
    if ":" in written and (group := _GROUP.match(written)) and group.end() < len(written):
        written = written[group.end() :]  # "Team: ann@x.example" is the first of a group
    if not written.isascii() or "=?" in written:
        return decode_value(written.encode("utf-8", "surrogateescape"))
    return one_line(written)


def header_block(data: bytes) -> str:
    """Return a header block as text: one field per line, unfolded and decoded; lines that are no field as they are."""
    lines: list[str] = []
    position = 0
    while position < len(data):
        if match := _LINE.match(data, position):
            lines.append(f"{match[1].decode('ascii')}: {decode_value(match[2])}")
            position = match.end()
            continue
        line_end = data.find(b"\n", position) + 1 or len(data)
        lines.append(one_line(decode_bytes(data[position:line_end], None)[0]))
        position = line_end
    return "\n".join(lines).strip()
