"""What stands beside the cells of a workbook of XML: notes on cells, and what pivot tables remember."""

from collections.abc import Iterator

from rollcall.items.ooxml import Package
from rollcall.items.parser import Text


def notes(package: Package, name: str, label: str) -> Iterator[Text]:
    """Yield the notes on cells of one part, "C7: text"."""
    lines: list[str] = []
    for _, element in package.elements(name, ("comment", "threadedComment")):
        text = "".join(part.text or "" for part in element.iter("{*}t", "{*}text"))
        lines += [f"{element.get('ref', '')}: {text}"] if text.strip() else []
    if lines:
        yield Text(text="\n".join(lines), kind="note", label=label)


def pivot_values(package: Package, name: str) -> Iterator[Text]:
    """Yield the values a pivot table remembers of rows that need not stand in the workbook any more."""
    lines: list[str] = []
    for _, element in package.elements(name, ("cacheField",)):
        values = [item.get("v") for item in element.iter("{*}s", "{*}n", "{*}d") if item.get("v")]
        if values:
            lines.append(f"{element.get('name', '')}: " + "; ".join(values))
    if lines:
        yield Text(text="\n".join(lines), kind="note", label="pivot cache", hidden=True)
