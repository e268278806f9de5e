"""Elements of XML by their local names, whatever prefix a document gives its namespaces."""

from collections.abc import Iterator
from typing import Any


def local(element: Any) -> str:
    """Return the name of an element without its namespace; "" for what is none."""
    return str(element.tag).rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Any, *names: str) -> Iterator[Any]:
    """Yield the elements right below one, of these names if any are given."""
    if element is not None:
        for one in element:
            name = local(one)
            if name and (not names or name in names):
                yield one


def child(element: Any, *path: str) -> Any:
    """Return the first element at a path below one; None where there is none."""
    for name in path:
        element = next(children(element, name), None)
        if element is None:
            return None
    return element


def at(element: Any, path: str) -> Iterator[Any]:
    """Yield the elements at a path below one; "a//b" finds b at any depth below a."""
    steps = path.split("/")
    found = [element]
    deep = False
    for step in steps:
        if not step:
            deep = True
            continue
        found = [
            one
            for each in found
            for one in (each.iter(f"{{*}}{step}", step) if deep else children(each, step))
            if one is not each
        ]
        deep = False
    yield from dict.fromkeys(found)


def text_of(element: Any) -> str:
    """Return all text below an element."""
    return "" if element is None else "".join(element.itertext())
