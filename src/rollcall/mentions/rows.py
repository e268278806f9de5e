"""One mention per row of a table and person of that row.

Tables hold most people, so this works on columns of Arrow tables, not on records: one pass over the findings, plain
lists and dicts, and no struct per finding.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from rollcall.mentions.assembled import Assembled, from_tables, joined
from rollcall.mentions.roles import NOT_SUBJECTS, OTHER, Cast, cast
from rollcall.model import Column, Membership, Mention, Relation, digest, schema

PARTS_OF_NAME = ("given", "middle", "family", "suffix")
# What a continuation row (blank name under a named one) may add to the person above. Anything that identifies or
# reaches a person makes it a row of its own.
_CONTINUES = frozenset({"diagnosis", "treatment", "medication", "date_of_service", "provider", "billing_amount"})
_REACHES = frozenset({"address", "phone", "email"})

AT_ONCE = 20_000  # findings in hand as objects
_TABLE = ["blob_id", "part_no", "table"]
_ORDER = ["blob_id", "part_no", "row", "table"]
_USED = [
    "finding_id",
    "blob_id",
    "part_no",
    "table",
    "row",
    "col",
    "start",
    "group",
    "element",
    "subtype",
    "text",
    "why",
]

TableKey = tuple[str, int, int]  # blob, part, table


class _Layout(msgspec.Struct, frozen=True):
    """What is known of one table before its rows are read."""

    cast: Cast
    names: dict[int, str]  # column -> part of the name
    others: frozenset[int]  # columns with whole names of further people
    has_columns: bool
    has_header: bool


class _Person(msgspec.Struct):
    """One person of one row, being put together."""

    group: str
    findings: list[int] = []
    parts: dict[str, str] = {}
    elements: set[str] = set()
    loose: bool = True  # nothing of it stands in a column that says what it is


def assemble_rows(
    columns: Iterable[Column], findings: pa.Table, labels: Mapping[tuple[str, int], str] | None = None
) -> Assembled:
    """Return a mention for each person of each row that holds a finding, for any number of table parts.

    `labels` holds what a sheet or file is called, by (blob, part): "Payroll 2019" says whose rows these are.
    """
    return joined(assemble_windows(columns, findings, labels))


def assemble_windows(
    columns: Iterable[Column],
    findings: pa.Table,
    labels: Mapping[tuple[str, int], str] | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[Assembled]:
    """Yield the same a window of rows at a time, so that a table of millions of rows costs no more memory than one."""
    held = findings.filter(pc.is_valid(findings["row"])).select(_USED)
    if not held.num_rows:
        return
    held = held.set_column(_USED.index("table"), "table", pc.fill_null(held["table"], 0))
    layouts = _layouts(columns, held, labels or {})
    order = pc.sort_indices(held, sort_keys=[(name, "ascending") for name in _ORDER])
    previous: tuple[TableKey, int, str] | None = None  # table, row and main mention of the row above
    for window in _windows(held, order, at_once):
        data = {name: window[name].to_pylist() for name in _USED}
        rows: dict[tuple[str, int, int, int], list[int]] = {}
        for index, key in enumerate(zip(*(data[name] for name in _ORDER), strict=True)):
            rows.setdefault(key, []).append(index)
        out = _Out()
        for (blob, part, row, table), indices in rows.items():
            layout = layouts.get((blob, part, table))
            if layout is None:
                continue
            people = _people(indices, data, layout)
            above = previous[2] if previous and previous[:2] == ((blob, part, table), row - 1) else None
            if above and _continues(people, layout):
                out.add_members(above, people[""], data, 0.6, "continuation of the row above")
                previous = ((blob, part, table), row, above)
                continue
            main = out.add_row((blob, part, row), people, data, layout)
            previous = ((blob, part, table), row, main) if main and people[""].parts else None
        yield out.tables()


def _windows(held: pa.Table, order: pa.Array, at_once: int) -> Iterator[pa.Table]:
    """Yield the findings in order of place, whole rows of sheets together."""
    start, size = 0, at_once
    while start < len(order):
        window = held.take(order.slice(start, size))
        end = window.num_rows
        if start + size < len(order):  # the last row may go on: it is left to the next window
            last = pa.array([True] * end)
            for name in _ORDER[:3]:
                last = pc.and_(last, pc.equal(window[name], window[name][-1]))
            end = pc.index(last, True).as_py()
        if not end:
            size *= 2
            continue
        yield window.slice(0, end)
        start, size = start + end, at_once


def _layouts(
    columns: Iterable[Column], held: pa.Table, labels: Mapping[tuple[str, int], str]
) -> dict[TableKey, _Layout]:
    by_table: dict[TableKey, list[Column]] = {}
    for column in columns:
        by_table.setdefault((column.blob_id, column.part_no, column.table), []).append(column)
    seen: dict[TableKey, set[tuple[str, str, str]]] = {}
    for blob, part, table, *what in _distinct(held, [*_TABLE, "group", "element", "subtype"]):
        seen.setdefault((blob, part, table), set()).add((what[0], what[1], what[2]))
    forms = _form_tables(by_table, held)
    others = _other_names(held)
    return {
        key: _layout(by_table.get(key, []), whats_seen, labels.get(key[:2], ""), others.get(key, frozenset()))
        for key, whats_seen in seen.items()
        if key not in forms
    }


def _form_tables(by_table: dict[TableKey, list[Column]], held: pa.Table) -> set[TableKey]:
    """Return the tables without a meaningful column in which labels beside the values were read; forms.py has them."""
    labelled = held.filter(pc.or_(pc.starts_with(held["why"], "label:"), pc.starts_with(held["why"], "form")))
    keys = ((blob, part, table) for blob, part, table in _distinct(labelled, _TABLE))
    return {key for key in keys if not any(column.element for column in by_table.get(key, ()))}


def _other_names(held: pa.Table) -> dict[TableKey, frozenset[int]]:
    """Return the columns of whole names that are not the main subject's, where a group has several.

    Rows are about the people who change from row to row; clinicians and sites come again and again.
    """
    whole = pc.and_(pc.equal(held["element"], "name"), pc.match_substring(held["text"], " "))
    names = held.filter(pc.and_(whole, pc.equal(held["subtype"], "full")))  # "Peggy Mae" is a first name of two words
    counts: dict[tuple[TableKey, str], dict[int, int]] = {}
    for blob, part, table, group, col, _ in _distinct(names, [*_TABLE, "group", "col", "text"]):
        if col is not None:
            columns = counts.setdefault(((blob, part, table), group), {})
            columns[col] = columns.get(col, 0) + 1
    found: dict[TableKey, frozenset[int]] = {}
    for (key, _), columns in counts.items():
        ranked = sorted(columns, key=lambda col: (-columns[col], col))
        found[key] = found.get(key, frozenset()) | frozenset(ranked[1:])
    return found


def _distinct(table: pa.Table, names: list[str]) -> Iterator[tuple[Any, ...]]:
    found = table.select(names).group_by(names, use_threads=False).aggregate([])
    return zip(*(found[name].to_pylist() for name in names), strict=True)


def _layout(columns: list[Column], seen: set[tuple[str, str, str]], label: str, others: frozenset[int]) -> _Layout:
    groups = {column.group for column in columns if column.element} | {group for group, _, _ in seen}
    elements = {(column.element, column.subtype) for column in columns if column.element}
    elements |= {(element, subtype) for _, element, subtype in seen}
    names = {column.col: column.subtype for column in columns if column.element == "name"}
    named: dict[str, set[str]] = {}
    for column in columns:
        if column.element == "name":
            named.setdefault(column.group, set()).add(column.subtype)
    if not columns:
        for group, element, subtype in seen:
            if element == "name":
                named.setdefault(group, set()).add(subtype)
    # "Member ID" stands in every clinic's list: what a plan calls its number says nothing of the list.
    words = " ".join((label, *(column.header for column in columns if column.element != "health_insurance")))
    return _Layout(
        cast=cast(groups, named, elements, words),
        names=names,
        others=others,
        has_columns=bool(columns),
        has_header=any(column.header_row is not None for column in columns),
    )


def _people(indices: list[int], data: dict[str, list[Any]], layout: _Layout) -> dict[str, _Person]:
    people: dict[str, _Person] = {}
    subtypes, texts, cols = data["subtype"], data["text"], data["col"]
    for index in sorted(indices, key=lambda one: (cols[one] or 0, data["start"][one] or 0, data["finding_id"][one])):
        element = data["element"][index]
        group = layout.cast.fold(data["group"][index], element)
        if cols[index] in layout.others and element == "name":
            group = OTHER
        if element == "provider":  # the clinician is a fact about the patient and a person of the row
            _named(people, "provider", "full", texts[index]).findings.append(index)
            group = "" if group == "provider" else group
        person = people.get(group)
        if person is None:
            person = people[group] = _Person(group)
        person.findings.append(index)
        person.elements.add(element)
        person.loose = person.loose and data["why"][index] == "pattern"
        if element == "name" and (not layout.has_columns or cols[index] in layout.names):
            subtype = subtypes[index]
            if subtype not in PARTS_OF_NAME:
                subtype = layout.names.get(cols[index], "full")
            _named(people, group, subtype, texts[index])
    return people


def _named(people: dict[str, _Person], group: str, subtype: str, text: str) -> _Person:
    person = people.setdefault(group, _Person(group))
    person.parts.setdefault("full" if subtype not in (*PARTS_OF_NAME, "preferred") else subtype, text.strip())
    return person


def compose_name(parts: Mapping[str, str]) -> str:
    """Return the name as written from its cells: given middle family suffix, or the one cell that holds it whole."""
    if "full" in parts and not ("given" in parts and "family" in parts):
        suffix = parts.get("suffix", "")
        whole = parts["full"]
        # "LName" taken for a whole name: the other column has what it lacks.
        if parts.get("given") and parts["given"].lower() not in whole.lower():
            whole = " ".join(part for part in (parts["given"], parts.get("middle", ""), whole) if part)
        elif parts.get("family") and parts["family"].lower() not in whole.lower():
            whole = f"{whole} {parts['family']}"
        return f"{whole} {suffix}" if suffix and suffix.lower() not in whole.lower() else whole
    return " ".join(parts[name] for name in PARTS_OF_NAME if parts.get(name))


def _continues(people: dict[str, _Person], layout: _Layout) -> bool:
    if not layout.names or set(people) != {""}:
        return False
    main = people[""]
    # The second line of a record keeps no columns: what stands there is known by its form alone.
    return not main.parts and main.elements <= (_CONTINUES | _REACHES if main.loose else _CONTINUES)


class _Out:
    """Columns of the tables being made."""

    def __init__(self) -> None:
        self.mentions: list[tuple[Any, ...]] = []
        self.memberships: list[tuple[Any, ...]] = []
        self.relations: list[tuple[str, str, str]] = []
        self._taken: dict[tuple[str, int, int, str], int] = {}

    def add_row(
        self, place: tuple[str, int, int], people: dict[str, _Person], data: dict[str, list[Any]], layout: _Layout
    ) -> str | None:
        """Add the people of one row; return the main subject's mention, if it has one."""
        ids: dict[str, str] = {}
        for group in sorted(people):
            person = people[group]
            mention_id = ids[group] = self._add_mention(place, person, layout)
            self.add_members(mention_id, person, data, 0.97 if group == "" else 0.92, "same row")
        main = ids.get("")
        for group, mention_id in ids.items():
            relation = layout.cast.relation(group)
            if main and relation and group:
                self.relations.append((mention_id, main, relation))
        return main

    def _add_mention(self, place: tuple[str, int, int], person: _Person, layout: _Layout) -> str:
        anchor = (*place, person.group)
        ordinal = self._taken.get(anchor, 0)  # two tables side by side share their row
        self._taken[anchor] = ordinal + 1
        mention_id = digest("row", *anchor, ordinal)
        role = layout.cast.role(person.group)
        name = compose_name(person.parts)
        confidence = 0.95 if layout.has_header else 0.85
        why = "row under a header" if layout.has_header else "row without a header"
        self.mentions.append(
            (mention_id, *place, ordinal, role, role not in NOT_SUBJECTS, name, confidence if name else 0.8, why)
        )
        return mention_id

    def add_members(
        self, mention_id: str, person: _Person, data: dict[str, list[Any]], confidence: float, why: str
    ) -> None:
        """Add a person's findings to a mention."""
        ids = data["finding_id"]
        self.memberships += [(mention_id, ids[index], confidence, why) for index in person.findings]

    def tables(self) -> Assembled:
        """Return what was added as tables."""
        columns = list(zip(*self.mentions, strict=True)) or [()] * 10
        n = len(self.mentions)
        filled: dict[str, Sequence[Any]] = dict(
            zip(
                (
                    "mention_id",
                    "blob_id",
                    "part_no",
                    "row",
                    "ordinal",
                    "role",
                    "is_subject",
                    "name",
                    "confidence",
                    "why",
                ),
                columns,
                strict=True,
            )
        )
        filled |= {"block": [None] * n, "kind": ["row"] * n, "entity": [None] * n}
        members: dict[str, Sequence[Any]] = dict(
            zip(("mention_id", "finding_id", "confidence", "why"), _columns(self.memberships, 4), strict=True)
        )
        members["alternative_of"] = [None] * len(self.memberships)
        related = dict(zip(("mention_id", "other_id", "relation"), _columns(self.relations, 3), strict=True))
        return from_tables(_table(filled, Mention), _table(members, Membership), _table(related, Relation))


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[tuple[Any, ...]]:
    return list(zip(*rows, strict=True)) or [()] * width


def _table(columns: Mapping[str, Sequence[Any]], record: type[Mention] | type[Membership] | type[Relation]) -> pa.Table:
    target = schema(record)
    return pa.Table.from_arrays([pa.array(columns[field.name], type=field.type) for field in target], schema=target)
