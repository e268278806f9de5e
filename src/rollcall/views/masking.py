"""What may be shown without leave: every value but names, state and roles is masked, wherever it stands.

A value has two ways onto a screen: in the column made for it, and by having stood in a subject, a file name, a folder
or a path (or in a sheet's name, so in a place). For the second, all values found in the case are sought in those
columns, whatever separators stand between their letters and digits.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ahocorasick
import duckdb
import pyarrow as pa

from rollcall.elements.element import Element

CLEAR = frozenset({"name"})  # elements shown as they are; state and roles are columns of their own
_DOT = "•"
_SHORTEST = 3  # letters and digits; anything shorter would blot out every file name

# Columns that hold one element's value, or a list of them.
_ELEMENT_COLUMNS: dict[str, str] = {
    "date_of_birth": "date_of_birth",
    "date_of_birth_text": "date_of_birth",
    "addresses": "address",
    "phones": "phone",
    "emails": "email",
}
# Columns in which a value may have stood.
_TEXT_COLUMNS = frozenset({"subject", "name", "folder", "path", "place", "detail", "why", "label", "received_from"})


def hide(value: str) -> str:
    """Return dots for every letter and digit: what is shown of an element that has no mask of its own."""
    return re.sub(r"[^\W_]", _DOT, value)


class Masker:
    """Masks the rows of any table of one case."""

    def __init__(self, elements: Iterable[Element], values: Iterable[str]) -> None:
        self._masks: dict[str, Callable[[str], str]] = {e.id: e.mask for e in elements if e.mask is not None}
        self._seeker = ahocorasick.Automaton()
        for value in values:
            if len(key := _squeeze(value)[0]) >= _SHORTEST:
                self._seeker.add_word(key, len(key))
        self._seeker.make_automaton()

    def value(self, element: str, value: str) -> str:
        """Return what may be shown of an element's value."""
        if element in CLEAR:
            return value
        return self._masks.get(element, hide)(value)

    def text(self, text: str) -> str:
        """Return a text with every value known in the case hidden, whatever separators it is written with."""
        if not len(self._seeker) or not text:
            return text
        key, places = _squeeze(text)
        hidden: set[int] = set()
        for last, length in self._seeker.iter(key):
            first = last - length + 1
            start, end = places[first], places[last]
            if _stands_alone(text, start, end):
                hidden.update(places[first : last + 1])
        return "".join(_DOT if index in hidden else character for index, character in enumerate(text))

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row of any table of the contract as it may be shown."""
        return {column: self._cell(column, value, row) for column, value in row.items()}

    def table(self, table: pa.Table) -> pa.Table:
        """Return a table as it may be shown, in the same columns."""
        batches = [
            pa.RecordBatch.from_pylist([self.row(row) for row in batch.to_pylist()], schema=table.schema)
            for batch in table.to_batches(max_chunksize=10_000)
        ]
        return pa.Table.from_batches(batches, schema=table.schema)

    def _cell(self, column: str, value: Any, row: Mapping[str, Any]) -> Any:
        if value is None:
            return None
        if column == "identifiers":
            return [{**held, "value": self.value(held["element"], held["value"] or "")} for held in value]
        if column in _ELEMENT_COLUMNS:
            element = _ELEMENT_COLUMNS[column]
            return (
                [self.value(element, one) for one in value] if isinstance(value, list) else self.value(element, value)
            )
        if "element" in row and column in {"value", "text"}:
            # As written a value may have any shape, and the element's mask is made for the normal form.
            return self.value(row["element"], value) if column == "value" or row["element"] in CLEAR else hide(value)
        if column == "name" and "mention_id" in row:
            return value  # a person's name, not a file's
        return self.text(value) if column in _TEXT_COLUMNS and isinstance(value, str) else value


def masker(connection: "duckdb.DuckDBPyConnection", elements: Iterable[Element]) -> Masker:
    """Return the masker of a case: it knows every value the case holds, names aside."""
    found = connection.table("known_values").fetchall()
    return Masker(elements, (value for (value,) in found if value))


def _squeeze(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text in one case, and where each stood."""
    key: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        if character.isalnum():
            for folded in character.casefold():
                if folded.isalnum():
                    key.append(folded)
                    places.append(index)
    return "".join(key), places


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Decide whether neither neighbour of a stretch of text continues its word or number."""
    return not (start > 0 and _joins(text[start - 1], text[start])) and not (
        end + 1 < len(text) and _joins(text[end], text[end + 1])
    )


def _joins(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (left.isalpha() and right.isalpha())
