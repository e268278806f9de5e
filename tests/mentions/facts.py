"""Findings and columns for tests, made short."""

import hashlib
from collections.abc import Iterable

from rollcall.model import Column, Finding, Place

BLOB = "b" * 64


def seal(value: str) -> str:
    return hashlib.blake2b(value.encode(), key=b"test", digest_size=16).hexdigest()


def column(col: int, header: str, what: str, group: str = "", *, table: int = 0, blob: str = BLOB) -> Column:
    element, _, subtype = what.partition(".")
    return Column(
        blob_id=blob,
        part_no=0,
        table=table,
        first_row=1,
        last_row=99,
        header_row=0,
        col=col,
        header=header,
        element=element,
        subtype=subtype,
        group=group,
        confidence=0.95,
        why="header",
    )


def cell(
    row: int, col: int, what: str, text: str, group: str = "", *, blob: str = BLOB, why: str = "header"
) -> Finding:
    element, _, subtype = what.partition(".")
    return Finding(
        finding_id=seal(f"{blob} {row} {col} {what} {text}"),
        blob_id=blob,
        place=Place(part_no=0, table=0, row=row, col=col),
        block=None,
        group=group,
        element=element,
        subtype=subtype,
        text=text,
        value=text,
        check="valid",
        confidence=0.95,
        why=why,
        made_by="t@1",
    )


def span(
    text: str,
    value: str,
    what: str,
    *,
    group: str = "",
    why: str = "pattern",
    part: int = 1,
    nth: int = 0,
    blob: str = BLOB,
    block: str | None = None,
) -> Finding:
    element, _, subtype = what.partition(".")
    start = -1
    for _ in range(nth + 1):
        start = text.index(value, start + 1)
    return Finding(
        finding_id=seal(f"{blob} {part} {start} {what} {value}"),
        blob_id=blob,
        place=Place(part_no=part, start=start, end=start + len(value)),
        block=block,
        group=group,
        element=element,
        subtype=subtype,
        text=value,
        value=value,
        check="valid",
        confidence=0.9,
        why=why,
        made_by="t@1",
    )


def values(rows: Iterable[dict[str, object]], *names: str) -> list[tuple[object, ...]]:
    return [tuple(row[name] for name in names) for row in rows]
