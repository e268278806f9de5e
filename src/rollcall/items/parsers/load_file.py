"""Load files: the lists an eDiscovery export puts beside the mailboxes it made (Microsoft Purview and others).

They say again what stands in the export itself, so they are known, counted and not searched. What they alone know is
which items the search could not look into: a person has to.
"""

import csv
import itertools
import re
from collections.abc import Iterator

from rollcall.items import plain
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable

# Columns nobody but such a program writes, and those that stand with them.
_TELLING = frozenset((
    "item identity", "target path", "compound path", "native path", "native id", "duplicate to item", "selected",
    "dg expansion result", "extracted text path", "export native path", "exported file path", "decode status",
    "preservation original url", "begbates", "begdoc", "docid_family", "set processing status", "immutable id",
))  # fmt: skip
_USUAL = frozenset((
    "document id", "original path", "location", "location name", "file id", "family id", "row number", "custodian",
    "subject or title", "sender or created by", "has attachments", "item id", "input path", "compliance tag",
    "recipients in to line", "is read", "type", "size (kb)", "received or created", "document path", "enddoc",
))  # fmt: skip
_LEAST_TELLING, _LEAST = 1, 4
_UNREAD = re.compile(r"error|unindexed|unsearchable|partially indexed|decode status|processing status", re.IGNORECASE)
_GOOD = re.compile(r"\A(?:none|no|ok|success(?:ful)?|succeeded|completed?|false|0|indexed|n/?a|-)?\Z", re.IGNORECASE)
_MANIFEST = re.compile(rb"<Root\b[^>]{0,2000}\bDataInterchangeType\s*=|<BatchRoot\b[^>]{0,2000}\bDataInterchangeType")
_HEAD = 1 << 14
_QUICK = re.compile("|".join(sorted(_TELLING)).replace(" ", "[ _]").encode(), re.IGNORECASE)


def looks_like(untrusted: Readable) -> bool:
    """Decide by the names of the columns, or by the root of an EDRM manifest."""
    head = untrusted.read_at(0, _HEAD)
    if _MANIFEST.search(head):
        return True
    if not _QUICK.search(head.replace(b"\0", b"")):
        return False
    encoding = plain.encoding_of(untrusted)
    return encoding is not None and _columns(_first(untrusted, encoding)) is not None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield how long the list is, and a Fault for the items that nobody could look into."""
    encoding = plain.encoding_of(untrusted)
    columns = _columns(_first(untrusted, encoding)) if encoding is not None else None
    if encoding is None or columns is None:
        yield Text(text="EDRM manifest", kind="note", label="load file", hidden=True)
        return
    notes: set[str] = set()
    delimiter, names = columns
    watched = [place for place, name in enumerate(names) if _UNREAD.search(name)]
    n_rows = n_unread = 0
    lines = plain.lines(untrusted, encoding, notes)
    limit = csv.field_size_limit(limits.max_text)
    try:
        for row in itertools.islice(csv.reader(lines, delimiter=delimiter), 1, None):
            cells = [cell.strip() for cell in row]
            n_rows += 1
            n_unread += any(place < len(cells) and not _GOOD.match(cells[place]) for place in watched)
    except csv.Error:
        yield Fault(code="partial", detail=f"the list is broken off behind row {n_rows}")
    finally:
        csv.field_size_limit(limit)
    told = f"{n_rows} items; columns: {', '.join(names)}"
    yield Text(text=told, kind="note", label="load file", hidden=True)
    if n_unread:
        yield Fault(code="partial", detail=f"{n_unread} of {n_rows} items could not be indexed by the export")


def _first(untrusted: Readable, encoding: str) -> str:
    return next(plain.lines(untrusted, encoding, set()), "")[:_HEAD]


def _columns(line: str) -> tuple[str, list[str]] | None:
    """Return the delimiter and the names of the columns; None where this is no such list."""
    for delimiter in (",", "\t", "|", ";"):
        if line.count(delimiter) < _LEAST - 1:
            continue
        try:
            row = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        names = [name.strip("\ufeff\"' \r\n") for name in row]
        plain_names = {" ".join(name.lower().replace("_", " ").split()) for name in names}
        telling = len(plain_names & _TELLING)
        if telling >= _LEAST_TELLING and telling + len(plain_names & _USUAL) >= _LEAST:
            return delimiter, names
    return None


PARSER = Parser(name="load_file", version=1, media_types=("text/x-load-file",), looks_like=looks_like, parse=parse)
