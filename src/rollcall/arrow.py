"""Records as Arrow tables: the schema is derived from the class, and a field that is a struct becomes its own columns.

Nothing here knows a record by name; `model` hands these functions on beside the records.
"""

import functools
import types
import typing
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pyarrow as pa

_PLAIN: dict[object, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
}
_IDENTIFIER = pa.struct([(name, pa.string()) for name in ("element", "subtype", "issuer", "value")])
_Flat = dict[str, pa.DataType]


def _arrow_type(annotation: Any) -> pa.DataType:
    options = typing.get_args(annotation)
    if isinstance(annotation, types.UnionType):
        return _arrow_type(next(option for option in options if option is not types.NoneType))
    if typing.get_origin(annotation) is list:
        return pa.list_(_arrow_type(options[0]))
    if typing.get_origin(annotation) is dict:
        return _IDENTIFIER
    return _PLAIN[annotation]


@functools.cache
def _fields(record: type[msgspec.Struct]) -> tuple[tuple[str, pa.DataType | None, type | None, _Flat], ...]:
    """Return the fields of a record: name and type of one column, or the struct whose fields are columns."""
    found: list[tuple[str, pa.DataType | None, type | None, _Flat]] = []
    for name, kind in typing.get_type_hints(record).items():
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            flat = {each: _arrow_type(hint) for each, hint in typing.get_type_hints(kind).items()}
            found.append((name, None, kind, flat))
        elif name != "TABLE":
            found.append((name, _arrow_type(kind), None, {}))
    return tuple(found)


@functools.cache
def schema(record: type[msgspec.Struct]) -> pa.Schema:
    """Return the Arrow schema of a record's table."""
    columns: list[tuple[str, pa.DataType]] = []
    for name, kind, _, flat in _fields(record):
        columns += [(name, kind)] if kind is not None else flat.items()
    return pa.schema(columns)


def to_table(record: type[msgspec.Struct], rows: Iterable[msgspec.Struct]) -> pa.Table:
    """Return records as one Arrow table, a column at a time."""
    kept: Sequence[msgspec.Struct] = list(rows)
    if not kept:
        return schema(record).empty_table()
    columns: list[pa.Array] = []
    for name, kind, _, flat in _fields(record):
        values = [getattr(row, name) for row in kept]
        if kind is not None:
            columns.append(pa.array(values, type=kind))
        else:
            columns += [pa.array([getattr(one, each) for one in values], type=of) for each, of in flat.items()]
    return pa.Table.from_arrays(columns, schema=schema(record))


def from_table(record: type[msgspec.Struct], table: pa.Table) -> Iterable[Any]:
    """Yield the records of an Arrow table that `to_table` or a view made."""
    structs = [(name, struct, flat) for name, _, struct, flat in _fields(record) if struct is not None]
    inside = {each for _, _, flat in structs for each in flat}
    for row in table.to_pylist():
        if structs:
            made = {name: struct(**{each: row[each] for each in flat}) for name, struct, flat in structs}
            yield record(**made, **{name: value for name, value in row.items() if name not in inside})
        else:
            yield record(**row)
