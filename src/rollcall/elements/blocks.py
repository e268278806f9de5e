"""Blocks of running text: what stands between blank lines, the same block wherever it is quoted.

The id of a block depends on its words alone: quote marks, wrapping and indentation are left out, so that a paragraph
that forty replies quote is one block. Case is kept.
"""

import re
from collections.abc import Iterator

from rollcall.model import digest

_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_SPACE = re.compile(r"\s+")
_LINE = re.compile(r"[^\n\r]*(?:\r\n|\n|\r|$)")


def block_id(text: str) -> str:
    """Return the id of a block from its text as it stands, quote marks and all."""
    lines = (_QUOTE.sub("", line) for line in text.splitlines())
    return digest("block", _SPACE.sub(" ", " ".join(lines)).strip())


def blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, block id) of each run of lines that are not blank, in order."""
    start: int | None = None
    end = position = 0
    while position < len(text):
        match = _LINE.match(text, position)
        line = match.group() if match else text[position:]
        bare = _QUOTE.sub("", line).strip()
        if bare:
            if start is None:
                start = position
            end = position + len(line.rstrip("\r\n"))
        elif start is not None:
            yield start, end, block_id(text[start:end])
            start = None
        position += max(1, len(line))
    if start is not None:
        yield start, end, block_id(text[start:end])
