"""Plain text: the last resort for whatever decodes and fits nothing else."""

from collections.abc import Iterator

from rollcall.items import plain
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

PART = 200_000  # characters
_PGP = b"-----BEGIN PGP MESSAGE"


def looks_like(untrusted: Readable) -> bool:
    """Decide by whether the bytes are characters, with few controls among them; letters that are a cipher are none."""
    return untrusted.read_at(0, len(_PGP)) != _PGP and plain.encoding_of(untrusted) is not None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the text in parts of at most 200,000 characters, cut where a line ends if there is one."""
    encoding = plain.encoding_of(untrusted)
    if encoding is None:
        yield Fault(code="unknown_format", detail="not text")
        return
    pending, whole = "", True
    for text, exact in plain.blocks(untrusted, encoding):
        whole = whole and exact
        pending += text.replace("\r\n", "\n").replace("\r", "\n")
        while len(pending) > PART:
            cut = plain.cut_before(pending, 0, PART)
            yield Text(text=pending[:cut])
            pending = pending[cut:]
    if pending.strip():
        yield Text(text=pending)
    if not whole:
        yield Fault(code="undecodable", detail="characters replaced")


PARSER = Parser(name="text", version=2, media_types=("text/plain",), looks_like=looks_like, parse=parse)
