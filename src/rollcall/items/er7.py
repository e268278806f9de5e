"""The bar-and-hat encoding of HL7 version 2 (ER7): separators, escapes, and pieces that know where they stand.

HL7 v2.5.1, chapter 2.
"""

import base64
import binascii
import functools
import re

import msgspec

from rollcall.items.parser import ContentError

_BREAKS = re.compile(r"\.(?:br|sp|ce|in|ti|fi|nf)[+\-0-9 ]*\Z")
_HEX = re.compile(r"X(?:[0-9A-Fa-f]{2})+\Z")


@functools.cache
def _escapes(sign: str) -> re.Pattern[str]:
    mark = re.escape(sign)
    return re.compile(rf"{mark}([A-Za-z.][^{mark}\r\n]{{0,60}}){mark}")


class Signs(msgspec.Struct, frozen=True):
    """The separators a message names: of fields, components, repetitions, escapes, parts of components."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    part: str = "&"

    def unescape(self, text: str) -> str:
        """Return a text with its escapes resolved: separators, line breaks, bytes in hexadecimal."""
        if not self.escape or self.escape not in text:
            return text
        signs = {"F": self.field, "S": self.component, "T": self.part, "E": self.escape, "R": self.repetition}

        def plain_of(match: re.Match[str]) -> str:
            said = match[1]
            if said in signs:
                return signs[said]
            if _BREAKS.match(said):
                return "\n"
            if _HEX.match(said):
                return bytes.fromhex(said[1:]).decode("utf-8", "replace").replace("\r", "\n")
            return ""  # highlighting, character sets

        return _escapes(self.escape).sub(plain_of, text)


class Span(msgspec.Struct, frozen=True):
    """A piece of the message's text and where it stands."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    def split(self, sign: str) -> "list[Span]":
        """Return the pieces between signs."""
        found, position = [], self.start
        for piece in self.text.split(sign):
            found.append(Span(piece, position))
            position += len(piece) + len(sign)
        return found


def decoded(data: str, coding: str) -> bytes:
    """Return the bytes of a document set into a message."""
    try:
        if coding.strip().lower() == "hex":
            return bytes.fromhex(data)
        if coding.strip().lower() in ("base64", ""):
            return base64.b64decode(re.sub(r"\\\.br\\|\s", "", data))
    except (ValueError, binascii.Error):
        raise ContentError("corrupt", f"{coding or 'Base64'} of a document") from None
    return data.encode()
