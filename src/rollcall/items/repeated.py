"""Trees of named values, as XML and JSON write them: what repeats becomes rows of a table, the rest lines of text.

An element that stands several times beside itself, with several values each, is a record: each is a row, and the names
of its values are the columns, whatever depth they stand at. What stands once is "name: value".
"""

from collections.abc import Iterator

import msgspec

from rollcall.items.parser import Table, Text

_MOST_COLUMNS = 2_000
_MOST_DEPTH = 200


class Node(msgspec.Struct):
    """A name with a value, or with others inside."""

    name: str
    text: str = ""
    inside: list["Node"] = []
    is_row: bool = False  # stands in a list


def parts(root: Node, max_text: int) -> Iterator[Text | Table]:
    """Yield the lines of what stands once, and a table of each kind of record, in the order they begin."""
    lines: list[str] = []
    tables: list[Table] = []
    stack: list[tuple[Node, str]] = [(root, "")]
    while stack:
        node, above = stack.pop()
        path = f"{above}/{node.name}" if above else node.name
        if node.text:
            lines.append(f"{node.name}: {node.text}" if node.name else node.text)
        groups: dict[str, list[Node]] = {}
        for child in node.inside:
            groups.setdefault(child.name, []).append(child)
        tabled = {name for name, group in groups.items() if _are_records(group)}
        for name in sorted(tabled):
            made = _table(groups[name], f"{path}/{name}".strip("/"))
            if isinstance(made, Table):
                tables.append(made)
            else:
                lines += made
        stack += reversed([(child, path[:200]) for child in node.inside if child.name not in tabled])
    if lines:
        yield Text(text="\n".join(lines)[:max_text])
    yield from sorted(tables, key=lambda one: one.label)


def _are_records(group: list[Node]) -> bool:
    return len(group) > 1 and sum(min(len(node.inside), 9) for node in group) >= 2 * len(group)


def _table(group: list[Node], label: str) -> Table | list[str]:
    """Return records as a table, or line by line where each has other values and a table would be mostly empty."""
    columns: dict[str, int] = {}
    rows: list[dict[int, list[str]]] = []
    for record in group:
        row: dict[int, list[str]] = {}
        for name, text in _values(record):
            if name not in columns and len(columns) >= _MOST_COLUMNS:
                name = "..."
            row.setdefault(columns.setdefault(name, len(columns)), []).append(text)
        rows.append(row)

    n_values = sum(map(len, rows))
    if len(rows) * len(columns) > 50 * n_values + 10_000:
        names = list(columns)
        return ["; ".join(f"{names[place]}: {', '.join(told)}" for place, told in row.items()) for row in rows if row]

    def laid_out() -> Iterator[tuple[int, int, list[str]]]:
        yield 0, 0, list(columns)
        for number, row in enumerate(rows, 1):
            if row:
                yield number, 0, ["; ".join(row.get(place, ())) for place in range(max(row) + 1)]

    return Table(rows=list(laid_out()), label=label)


def _values(record: Node) -> Iterator[tuple[str, str]]:
    stack: list[tuple[Node, str, int]] = [(record, "", 0)]
    while stack:
        node, path, depth = stack.pop()
        if node.text:
            yield path or node.name, node.text
        if depth < _MOST_DEPTH:
            below = ((child, f"{path} {child.name}".strip()[-200:], depth + 1) for child in node.inside)
            stack += reversed(list(below))
        else:
            stack += ((child, path, depth) for child in reversed(node.inside))
