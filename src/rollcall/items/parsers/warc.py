"""Web archives (WARC, ISO 28500; ARC before it): pages as they were sent, and what was entered into their forms.

A record is a child: of an answer the content without the HTTP around it, unpacked; of a request what it carried.
"""

import re
import urllib.parse
import zlib
from collections.abc import Callable, Iterator

import msgspec

from rollcall.items.headers import one_line
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable, Slice, chunks_of

_WARC = re.compile(rb"WARC/\d\.\d\r?\n")
_ARC = re.compile(rb"(\S+) \d{1,3}(?:\.\d{1,3}){3} \d{14} (\S+)(?: [^\r\n]*)? (\d{1,15})\r?\n")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\r\n]*)\r?\n")
_END = re.compile(rb"\r?\n\r?\n")
_HEAD = 1 << 16
_TOLD = ("response", "resource", "request", "conversion", "continuation", "metadata")


class _Entry(msgspec.Struct, frozen=True):
    """A record: where it is from, what it is, and the range of its content."""

    address: str
    kind: str
    start: int
    size: int
    at: int


def looks_like(untrusted: Readable) -> bool:
    """Decide by the line that each archive begins with."""
    head = untrusted.read_at(0, 512)
    return bool(_WARC.match(head)) or (head.startswith(b"filedesc:") and _ARC.match(head) is not None)


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield what was sent, record by record; then the addresses."""
    addresses: dict[str, None] = {}
    at = number = 0
    while at < untrusted.size:
        entry, after = _entry(untrusted, at)
        if entry is None and not untrusted.read_at(at, _HEAD).strip():
            break  # lines between records, behind the last
        if entry is None or entry.start + entry.size > untrusted.size:
            yield Fault(code="truncated", detail="a record ends early")
            if entry is None:
                break
        number += 1
        if number > limits.max_members:
            yield Fault(code="too_large", detail=f"more than {limits.max_members} records")
            break
        if entry.kind in _TOLD and entry.size:
            if entry.address:
                addresses[one_line(urllib.parse.unquote(entry.address))] = None
            if (inner := _inner(untrusted, entry, limits)) is not None:
                yield inner
        at = after
    if addresses:
        yield Text(text="\n".join(addresses), kind="names")


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the content of the record that begins at a place."""
    entry, _ = _entry(untrusted, int(locator))
    inner = _inner(untrusted, entry, limits) if entry is not None else None
    if inner is None:
        raise ContentError("partial", "no such record")
    return inner


def _entry(untrusted: Readable, at: int) -> tuple[_Entry | None, int]:
    """Return the record that begins at a place, and where the next one does."""
    head = untrusted.read_at(at, _HEAD)
    skipped = len(head) - len(head.lstrip(b"\r\n"))
    head = head[skipped:]
    begin = at + skipped
    if (old := _ARC.match(head)) is not None:
        start, size = begin + old.end(), int(old[3])
        kind = "" if old[1].startswith(b"filedesc:") else "response"
        return _Entry(old[1].decode("utf-8", "replace"), kind, start, size, at), start + size
    end = _END.search(head)
    if not _WARC.match(head) or end is None:
        return None, untrusted.size
    fields = {name.lower(): value for name, value in _FIELD.findall(head[: end.start() + 2])}
    written = fields.get(b"content-length", b"").strip()
    if not written.isdigit() or len(written) > 15:
        return None, untrusted.size
    start = begin + end.end()
    address = fields.get(b"warc-target-uri", b"").strip(b"<> ").decode("utf-8", "replace")
    kind = fields.get(b"warc-type", b"").decode("ascii", "replace").strip().lower()
    return _Entry(address, kind, start, int(written), at), start + int(written)


def _inner(untrusted: Readable, entry: _Entry, limits: Limits) -> Inner | None:
    content = Slice(untrusted, entry.start, entry.size)
    head = content.read_at(0, _HEAD)
    fields: dict[bytes, bytes] = {}
    if entry.kind in ("response", "request") and b"HTTP/" in head[:2_000].partition(b"\n")[0]:
        if (end := _END.search(head)) is None:
            return None
        fields = {name.lower(): value.lower() for name, value in _FIELD.findall(head[: end.start() + 2])}
        content = Slice(content, end.end(), max(0, entry.size - end.end()))
    if not content.size:
        return None
    parts = urllib.parse.urlsplit(entry.address) if "//" in entry.address else None
    path = urllib.parse.unquote(parts.path) if parts else ""
    folder, _, name = path.strip("/").rpartition("/")
    host = (parts.netloc if parts else "")[:200]
    return Inner(
        locator=str(entry.at),
        kind="member",
        name=one_line(name) or host,
        folder=one_line(f"{host}/{folder}".strip("/")),
        media_type=fields.get(b"content-type", b"").partition(b";")[0].decode("ascii", "replace"),
        chunks=_chunks(content, fields, limits),
    )


def _chunks(content: Slice, fields: dict[bytes, bytes], limits: Limits) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        if content.size > limits.max_bytes:
            raise ContentError("too_large", f"{content.size} bytes")
        pieces: Iterator[bytes] = chunks_of(content)
        if b"chunked" in fields.get(b"transfer-encoding", b""):
            pieces = iter((_joined(content.read_at(0, content.size)),))
        if fields.get(b"content-encoding", b"").strip() in (b"gzip", b"x-gzip", b"deflate"):
            pieces = _unpacked(pieces, limits.most_from(content.size))
        yield from pieces

    return read


def _joined(data: bytes) -> bytes:
    """Return the chunks of a transfer as one; where the archive kept them joined already, as they are."""
    pieces: list[bytes] = []
    at = 0
    while (end := data.find(b"\r\n", at, at + 100)) >= 0:
        length = data[at:end].partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", length):
            return data
        size = int(length, 16)
        if not size:
            break
        pieces.append(data[end + 2 : end + 2 + size])
        at = end + 4 + size
    return b"".join(pieces) if pieces else data


def _unpacked(pieces: Iterator[bytes], most: int) -> Iterator[bytes]:
    unpacking, total, begun = zlib.decompressobj(47), 0, False
    for piece in pieces:
        try:
            out = unpacking.decompress(piece, most + 1)
        except zlib.error:
            if begun:
                raise ContentError("corrupt", "packed page") from None
            out = piece  # the archive kept it unpacked
        begun = True
        total += len(out)
        if total > most:
            raise ContentError("bomb", "packed page")
        yield out


PARSER = Parser(
    name="warc",
    version=1,
    media_types=("application/warc",),
    looks_like=looks_like,
    parse=parse,
    open_child=open_child,
)
