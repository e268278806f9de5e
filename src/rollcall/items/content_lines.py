"""Content lines, as address cards and calendars are written: NAME;PARAMETER=value:value, long lines folded.

RFC 5545 (iCalendar) 3.1, RFC 6350 (vCard 4), RFC 2426 (vCard 3), and vCard 2.1, whose values may be quoted-printable.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Iterator

import msgspec

from rollcall.items import charsets
from rollcall.items.parser import ContentError

_PARAMETER = re.compile(r';([^=;:"]*)(?:=((?:"[^"]*"|[^";:])*))?')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NAME = re.compile(r"(?:[\w-]+\.)?([A-Za-z][\w-]*)")
_LONGEST = 64 << 20  # characters of one line unfolded


class Line(msgspec.Struct, frozen=True):
    """One content line."""

    name: str  # in capitals, without its group
    value: str  # as written
    parameters: dict[str, str] = {}  # names in capitals; those without a name under ""

    @property
    def text(self) -> str:
        """The value with its escapes resolved."""
        return unescape(self.value)

    def parts(self, count: int) -> list[str]:
        """Return the values between semicolons, at least so many."""
        found = [unescape(one.replace("\0", "\\;")) for one in self.value.replace("\\;", "\0").split(";")]
        return found + [""] * (count - len(found))


def unescape(value: str) -> str:
    """Return a value with its escapes resolved."""
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def unfold(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines with what was folded put together; a quoted-printable line goes on where it ends in "="."""
    held: list[str] = []
    size = 0
    for raw in lines:
        line = raw.rstrip("\r\n")
        soft = bool(held) and held[-1].endswith("=") and "QUOTED-PRINTABLE" in held[0].upper()
        if held and size < _LONGEST and (soft or line[:1] in (" ", "\t")):
            held.append(line if soft else line[1:])
            size += len(line)
            continue
        if held:
            yield "\r\n".join(held) if "QUOTED-PRINTABLE" in held[0].upper() else "".join(held)
        held, size = [line], len(line)
    if held:
        yield "\r\n".join(held) if "QUOTED-PRINTABLE" in held[0].upper() else "".join(held)


def read(line: str) -> Line | None:
    """Return a content line taken apart, None where it is none."""
    match = _NAME.match(line)
    if match is None:
        return None
    position = match.end()
    parameters: dict[str, str] = {}
    while (found := _PARAMETER.match(line, position)) is not None:
        name, value = found[1].upper(), (found[2] or "").replace('"', "")
        parameters[name if found[2] is not None else ""] = value if found[2] is not None else name
        position = found.end()
    if not line.startswith(":", position):
        return None
    value = line[position + 1 :]
    coding = parameters.get("ENCODING", parameters.get("", "")).upper()
    if coding == "QUOTED-PRINTABLE":
        value = charsets.decode(quopri.decodestring(value.encode("latin-1", "replace")), parameters.get("CHARSET"))[0]
    return Line(match[1].upper(), value, parameters)


def file_of(line: Line) -> tuple[bytes, str] | None:
    """Return (bytes, media type) of a file set into a line; None where it only says where one is."""
    kind = line.parameters.get("FMTTYPE", line.parameters.get("MEDIATYPE", line.parameters.get("TYPE", ""))).lower()
    data = line.value
    if data[:5].lower() == "data:":
        head, _, data = data[5:].partition(",")
        kind, _, coding = head.partition(";")
        if coding.lower() != "base64":
            return data.encode(), kind
    elif line.parameters.get("ENCODING", line.parameters.get("", "")).upper() not in ("B", "BASE64"):
        return None
    try:
        return base64.b64decode(re.sub(r"\s", "", data)), kind if "/" in kind else f"image/{kind}" if kind else ""
    except (ValueError, binascii.Error):
        raise ContentError("corrupt", "Base64 of a file") from None
