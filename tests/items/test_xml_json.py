"""XML and JSON of no known format: every value is read, wherever it stands; depth and damage end."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.parser import Fault, Limits, Table, Text
from rollcall.items.parsers import json_, office_xml, xml
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()
VALUES = st.recursive(
    st.text("abcé0123 ", min_size=1, max_size=8),
    lambda inside: (
        st.lists(inside, max_size=4) | st.dictionaries(st.text("xyz", min_size=1, max_size=2), inside, max_size=4)
    ),
    max_leaves=25,
)


def told(parser: Any, data: bytes) -> str:
    found = []
    for value in parser.parse(MemoryReadable(data), LIMITS):
        if isinstance(value, Text):
            found.append(value.text)
        elif isinstance(value, Table):
            found += (cell for _, _, cells in value.rows for cell in cells)
    return "\n".join(found)


def leaves(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [leaf for one in (value.values() if isinstance(value, dict) else value) for leaf in leaves(one)]


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_every_value_of_json_is_read(value: Any) -> None:
    found = told(json_, json.dumps({"root": value}).encode())
    assert all(leaf in found for leaf in leaves(value))


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_every_value_of_xml_is_read(value: Any) -> None:
    def written(one: Any) -> str:
        if isinstance(one, str):
            return one
        pairs = one.items() if isinstance(one, dict) else (("item", inside) for inside in one)
        return "".join(f"<{name}>{written(inside)}</{name}>" for name, inside in pairs)

    found = " ".join(told(xml, f"<?xml version='1.0'?><root>{written(value)}</root>".encode()).split())
    assert all(" ".join(leaf.split()) in found for leaf in leaves(value))


@pytest.mark.parametrize(
    ("data", "is_json"),
    [
        (b'{"a": 1}', True), (b"[1, 2]", True), (b"[]", True), (b'{"a": 1}\n{"a": 2}\n', True), (b"{a: 1}", False),
        (b"[Note] see below", False), (b"{\\rtf1", False), (b'"a"', False), (b'{"a": ', False), (b"[" * 100_000, False),
        (b'\xef\xbb\xbf{"a": 1}', True), ('{"a": "é"}'.encode("utf-16"), True),
    ],
)  # fmt: skip
def test_what_is_json(data: bytes, is_json: bool) -> None:
    assert json_.looks_like(MemoryReadable(data)) is is_json


@pytest.mark.parametrize("opening", [b"<a>", b"<a><b/>"])
def test_depth_ends(opening: bytes) -> None:
    data = b"<?xml version='1.0'?>" + opening * 100_000 + b"Ann Frobisher"
    values = list(xml.parse(MemoryReadable(data), LIMITS))
    assert any(isinstance(value, Text) and "Ann Frobisher" in value.text for value in values)
    assert [value.code for value in values if isinstance(value, Fault)] == ["partial"]


def test_depth_that_is_closed_is_read() -> None:
    assert "Ann" in told(xml, b"<?xml version='1.0'?>" + b"<a>" * 3000 + b"Ann" + b"</a>" * 3000)
    deep = b'{"a":' * 500 + b'"Ann"' + b"}" * 500
    assert "Ann" in told(json_, deep)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_end(data: bytes) -> None:
    for parser in (xml, json_, office_xml):
        assert isinstance(
            told(parser, b"<?xml version='1.0'?><Workbook urn:schemas-microsoft-com:office:spreadsheet" + data), str
        )


def test_records_that_share_no_value_are_lines() -> None:
    data = json.dumps([{f"k{number}": "v", "x": str(number)} for number in range(3000)]).encode()
    (part,) = json_.parse(MemoryReadable(data), LIMITS)
    assert isinstance(part, Text)
    assert "k7: v; x: 7" in part.text
