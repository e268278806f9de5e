"""JSON, and JSON lines (NDJSON), as programs export records: objects in a list are rows of a table."""

import json
import re
from collections.abc import Iterator
from typing import Any

from rollcall.items import charsets, plain
from rollcall.items.parser import Fault, Limits, Parser, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.repeated import Node, parts

_OPENS = re.compile(r"\ufeff?\s*(?:\{\s*(?:\"|\}\s*\Z)|\[\s*(?:[\[{\"\]]|-?\d|true|false|null))")
_TRIED = 1 << 20  # characters of which it is known before reading that they are JSON


def looks_like(untrusted: Readable) -> bool:
    """Decide by how it opens and ends, and for what is short by reading it."""
    if not plain.begins(untrusted, _OPENS, 4096):
        return False
    if untrusted.size > _TRIED:
        tail = untrusted.read_at(untrusted.size - 256, 256)
        return tail.rstrip(b"\0 \t\r\n")[-1:] in (b"}", b"]")
    return _read(charsets.decode(untrusted.read_at(0, untrusted.size), plain.encoding_of(untrusted))[0]) is not None


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield what stands once as lines, what repeats as tables."""
    if untrusted.size > min(limits.max_bytes, limits.max_text):
        yield Fault(code="too_large", detail="file")
        return
    text, whole = charsets.decode(untrusted.read_at(0, untrusted.size), plain.encoding_of(untrusted))
    root = _read(text)
    if root is None:
        yield Text(text=text)
        yield Fault(code="partial", detail="not well-formed JSON: read as text, tables were not taken apart")
        return
    yield from parts(root, limits.max_text)
    if not whole:
        yield Fault(code="undecodable", detail="characters replaced", part=True)


def _read(text: str) -> Node | None:
    """Return what JSON says; None where it is none."""
    text = text.removeprefix("\ufeff")
    try:
        value = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except RecursionError:
        return None
    except ValueError:
        value = _lines(text)
    return None if value is None else _tree(value)


def _lines(text: str) -> list[Any] | None:
    """Return the values of JSON lines; None where a line is none."""
    found: list[Any] = []
    for line in text.split("\n"):
        if line.strip():
            try:
                found.append(json.loads(line, parse_float=str, parse_int=str, parse_constant=str))
            except (ValueError, RecursionError):
                return None
    return found if len(found) > 1 and all(isinstance(one, (dict, list)) for one in found) else None


def _tree(value: Any) -> Node:
    root = Node("")
    stack: list[tuple[Node, Any]] = [(root, value)]
    while stack:
        node, value = stack.pop()
        if isinstance(value, dict):
            # What stands in a list stands several times under its name.
            below = [
                (Node(str(name), is_row=isinstance(inside, list)), one)
                for name, inside in value.items()
                for one in (inside if isinstance(inside, list) else [inside])
            ]
        elif isinstance(value, list):
            # A row written as a list has numbers for names.
            is_row = node.is_row and all(not isinstance(one, (dict, list)) for one in value)
            below = [(Node(str(n) if is_row else node.name, is_row=True), one) for n, one in enumerate(value, 1)]
        else:
            node.text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            continue
        node.inside = [child for child, _ in below]
        stack += below
    return root


PARSER = Parser(
    name="json_",
    version=1,
    media_types=("application/json", "application/x-ndjson"),
    looks_like=looks_like,
    parse=parse,
)
