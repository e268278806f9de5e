"""Content-Transfer-Encodings undone, in pieces and without giving up: what does not decode is kept as it stands."""

import binascii
import re
from collections.abc import Iterator

_STEP = 3 << 18
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(_BASE64)))
_UU_BEGIN = re.compile(rb"^begin(?:-base64)?[ \t]+([0-7]{3,4})[ \t]+([^\r\n]+)\r?$", re.MULTILINE)

_Y_BEGIN = re.compile(
    rb"^=ybegin (?=[^\n]{0,200}\bsize=)[^\n]{0,200}?\bname=([^\r\n]{0,300})\r?\n(?:=ypart [^\n]*\n)?", re.MULTILINE
)
_Y_TABLE = bytes((byte - 42) % 256 for byte in range(256))

IDENTITY = frozenset(("", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "plain", "none"))


def decoded(data: bytes, encoding: str) -> Iterator[bytes]:
    """Yield the content under a transfer encoding, about a megabyte at a time."""
    if encoding == "base64":
        yield from _base64(data)
    elif encoding == "quoted-printable":
        yield from _quoted_printable(data)
    elif encoding == "uuencode":
        yield from _uu(data)
    else:
        for start in range(0, len(data), 1 << 20):
            yield data[start : start + (1 << 20)]


def canonical(written: str) -> str:
    """Return the name of a transfer encoding as the standard writes it: "Quoted Printable;" is quoted-printable."""
    letters = "".join(character for character in written.lower() if character.isalnum())
    for name, real in (("quotedprintable", "quoted-printable"), ("base64", "base64"), ("uu", "uuencode")):
        if letters.removeprefix("x").startswith(name):
            return real
    return written.partition(";")[0].strip(" \t\"'.").lower()


def known(encoding: str) -> bool:
    """Say whether this is a transfer encoding that can be undone."""
    return encoding in IDENTITY or encoding in ("base64", "quoted-printable", "uuencode")


def clear_text(data: bytes, encoding: str) -> bytes:
    """Return the lines inside base64 that are no base64: a footer a list server appended in clear."""
    if encoding != "base64" or not data.translate(None, _BASE64 + b" \t\r\n"):
        return b""
    return b"\n".join(line.strip() for line in data.splitlines() if _is_clear(line))


def ends_early(data: bytes, encoding: str) -> bool:
    """Say whether base64 stops inside a group of four, as it does where a file was cut."""
    if encoding != "base64":
        return False
    letters = data.translate(None, _NOT_BASE64)
    last = letters.rstrip(b"=")
    return (len(letters) - last.rfind(b"=") - 1) % 4 != 0


def _is_clear(line: bytes) -> bool:
    line = line.strip()
    strange = len(line.translate(None, _BASE64))
    return strange * 10 > len(line) or (b" " in line and len(line) < 20 * (line.count(b" ") + 1))


def _base64(data: bytes) -> Iterator[bytes]:
    if clear_text(data, "base64"):
        data = b"".join(line for line in data.splitlines() if not _is_clear(line))
    carry = b""
    for start in range(0, len(data), _STEP):
        letters = carry + data[start : start + _STEP].translate(None, _NOT_BASE64)
        # Padding ends one run; some programs encode in blocks and go on after it.
        *runs, last = re.split(rb"=+", letters) if b"=" in letters else [letters]
        out = [_run(run) for run in runs]
        whole = len(last) - len(last) % 4
        out.append(binascii.a2b_base64(last[:whole]))
        carry = last[whole:]
        if piece := b"".join(out):
            yield piece
    if carry:
        yield _run(carry)


def _run(letters: bytes) -> bytes:
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]  # six bits are no byte
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _quoted_printable(data: bytes) -> Iterator[bytes]:
    position = 0
    while position < len(data):
        # Cut after a line end only: an escape never spans one, but a soft break does.
        cut = data.find(b"\n", position + (1 << 20)) + 1 or len(data)
        while cut < len(data) and data[max(position, cut - 3) : cut].rstrip(b"\r\n").endswith(b"="):
            cut = data.find(b"\n", cut) + 1 or len(data)
        yield binascii.a2b_qp(data[position:cut])
        position = cut


def _uu(data: bytes) -> Iterator[bytes]:
    begin = _UU_BEGIN.search(data)
    yield _uu_lines(data, begin.end() + 1 if begin else 0)[0]


def _uu_lines(data: bytes, start: int) -> tuple[bytes, int, bool]:
    """Return the bytes of a uuencoded block that starts at a line, where it ends, and whether it ended as it should."""
    out: list[bytes] = []
    position = start
    while position < len(data):
        line_end = data.find(b"\n", position) + 1 or len(data)
        line = data[position:line_end].rstrip(b"\r\n")
        if line.strip() == b"end":
            return b"".join(out), line_end, True
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Lines longer than their count are common; the count is right.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                break
        position = line_end
    return b"".join(out), position, False


def uu_blocks(data: bytes) -> list[tuple[int, int, bytes, bytes]]:
    """List the uuencoded files inside a text: (start, end, name, content)."""
    found: list[tuple[int, int, bytes, bytes]] = []
    position = 0
    while begin := _UU_BEGIN.search(data, position):
        content, end, whole = _uu_lines(data, begin.end() + 1)
        if content and whole:
            found.append((begin.start(), end, begin[2].strip(), content))
        position = max(end, begin.end())
    return found


def y_blocks(data: bytes) -> list[tuple[int, int, bytes, bytes]]:
    """List the yEnc files inside a text: (start, end, name, content)."""
    found: list[tuple[int, int, bytes, bytes]] = []
    position = 0
    while begin := _Y_BEGIN.search(data, position):
        position = begin.end()
        end = data.find(b"\n=yend", position)
        if end < 0:
            break
        line_end = data.find(b"\n", end + 1) + 1 or len(data)
        found.append((begin.start(), line_end, begin[1].strip(), _y_decoded(data[position:end])))
        position = line_end
    return found


def _y_decoded(data: bytes) -> bytes:
    """Undo yEnc: 42 was added to each byte, and to a few an escape that adds 64 more."""
    first, *escaped = data.translate(None, b"\r\n").split(b"=")
    pieces = [first.translate(_Y_TABLE)]
    for piece in escaped:
        if not piece:
            continue  # an escape at the end of the data, or of itself
        pieces.append(bytes(((piece[0] - 106) % 256,)) + piece[1:].translate(_Y_TABLE))
    return b"".join(pieces)
