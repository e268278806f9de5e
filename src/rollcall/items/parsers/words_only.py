"""WordPerfect, OneNote, Access, Lotus 1-2-3, Works, Write: not taken apart, but the words that stand in them are read.

A fault says that it was no more than that: what belongs together is not told.
"""

from collections.abc import Iterator

from rollcall.items import salvage
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

_BLOCK = 8 << 20
_HEADER = 20  # bytes that hold the signature
# (offset, bytes there, what it is)
_SIGNATURES = (
    (0, b"\xffWPC", "WordPerfect"), (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "OneNote"),
    (0, b"\xa1\x2f\xff\x43\xd9\xef\x76\x4c", "OneNote"), (4, b"Standard Jet DB", "Access"),
    (4, b"Standard ACE DB", "Access"), (0, b"\0\0\2\0\6\4\6\0", "Lotus 1-2-3"),
    (0, b"\0\0\x1a\0\0\x10\4\0", "Lotus 1-2-3"),
    (0, b"\x31\xbe\0\0\0\xab", "Write"), (0, b"\x32\xbe\0\0\0\xab", "Write"), (0, b"\1\xfe\x32\0", "Works"),
)  # fmt: skip
# WordPerfect writes a space between words, and the ends of lines, as codes of its own.
_WORDPERFECT = bytes.maketrans(b"\x80\xa9\xcc\xcf\xd0\x8c\x0d", b" -\n\n\n\n ")


def _what(untrusted: Readable) -> str:
    head = untrusted.read_at(0, 32)
    return next((what for offset, magic, what in _SIGNATURES if head.startswith(magic, offset)), "")


def looks_like(untrusted: Readable) -> bool:
    """Decide by the signature."""
    return _what(untrusted) != ""


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the runs of text, and that no more was read."""
    what = _what(untrusted)
    if what == "WordPerfect" and untrusted.read_at(12, 2) != b"\0\0":
        yield Fault(code="encrypted", detail="WordPerfect document under a password")
        return
    lines: dict[str, None] = {}
    size = 0
    for offset in range(_HEADER, min(untrusted.size, limits.max_bytes), _BLOCK):
        data = untrusted.read_at(offset, _BLOCK)
        for line in salvage.runs(data.translate(_WORDPERFECT) if what == "WordPerfect" else data):
            size += len(line)
            if size <= limits.max_text:
                lines[line] = None
    if lines:
        yield Text(text="\n".join(lines), kind="note", label="words found", hidden=True)
    yield Fault(code="unsupported", detail=f"{what}: only the words that stand in it were read")


PARSER = Parser(
    name="words_only",
    version=1,
    media_types=("application/octet-stream",),
    looks_like=looks_like,
    parse=parse,
)
