"""What is asked of every reader: a corpus that says what it finds, an end for damaged input, the same each time."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from rollcall.elements import BY_ID
from rollcall.items.parser import Fault, Inner, Limits, Parser, Record, Table, Text, Yield
from rollcall.items.parsers import PARSERS
from rollcall.items.readable import MemoryReadable
from rollcall.problems import CODES

CORPUS = Path(__file__).parent.parent / "corpus"
CASES = sorted(path.parent for path in CORPUS.glob("*/*/expected.toml"))
LIMITS = Limits()
BY_NAME = {parser.name: parser for parser in PARSERS}
MOST = 5_000  # values of one reading


def content(case: Path) -> bytes:
    return next(case.glob("input.*")).read_bytes()


def read(parser: Parser, data: bytes) -> list[Any]:
    """Everything a reader yields, as plain values that compare; what it raises comes last, by type."""
    found: list[Any] = []
    readable = MemoryReadable(data)
    text = ""
    try:
        for value in parser.parse(readable, LIMITS):
            found.append(plain(value))
            text = value.text if isinstance(value, Text) else text
            if isinstance(value, Record):
                fits(value, text)
            assert len(found) < MOST
    except Exception as error:  # noqa: BLE001
        found.append(("raised", type(error).__name__))
    readable.close()
    return found


def fits(record: Record, text: str) -> None:
    """A record's fields stand in the text yielded last and are elements of the catalogue."""
    for field in record.fields:
        assert 0 <= field.start < field.end <= len(text)
        assert field.subtype in BY_ID[field.element].subtypes or field.subtype in ("city", "state", "zip")


def plain(value: Yield) -> Any:
    if isinstance(value, Table):
        return (
            "table",
            value.kind,
            value.label,
            value.hidden,
            [[row, col, list(cells)] for row, col, cells in value.rows],
        )
    if isinstance(value, Text):
        return ("text", value.kind, value.label, value.hidden, value.text)
    if isinstance(value, Record):
        fields = [
            [f"{one.element}.{one.subtype}", one.value, one.locator, one.issuer or "", one.polarity]
            for one in value.fields
        ]
        return ("record", value.key, value.role, [list(one) for one in value.relations], fields)
    if isinstance(value, Fault):
        assert value.code in CODES
        return ("fault", value.code, value.detail, value.locator)
    return ("inner", value.locator, value.kind, value.name, size(value))


def size(inner: Inner) -> Any:
    if inner.chunks is None:
        return inner.message is not None
    try:
        return sum(map(len, inner.chunks()))
    except Exception as error:  # noqa: BLE001
        return type(error).__name__


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_reader_has_a_corpus(name: str) -> None:
    assert [case for case in CASES if case.parent.name == name]


def test_every_corpus_has_a_reader() -> None:
    assert {case.parent.name for case in CASES} <= set(BY_NAME)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_corpus(case: Path) -> None:
    expected = tomllib.loads((case / "expected.toml").read_text(encoding="utf-8"))
    parser = BY_NAME[case.parent.name]
    data = content(case)
    fitting = [one.name for one in PARSERS if one.looks_like(MemoryReadable(data))]
    assert fitting[0] == parser.name, f"read by {fitting}"
    found = read(parser, data)
    parts = [value for value in found if value[0] in ("text", "table")]
    wanted = [
        (
            "table" if "rows" in part else "text",
            part["kind"],
            part.get("label", ""),
            part.get("hidden", False),
            part.get("rows", part.get("text")),
        )
        for part in expected.get("part", [])
    ]
    assert parts == wanted
    people = [value[1:] for value in found if value[0] == "record"]
    assert people == [
        (one["key"], one["role"], one.get("relations", []), [[*each, "", "asserted"][:5] if len(each) == 3 else each
                                                             for each in one["fields"]])
        for one in expected.get("record", [])
    ]  # fmt: skip
    inners = [dict(zip(("locator", "kind", "name"), value[1:4], strict=True)) for value in found if value[0] == "inner"]
    assert [one | more for one, more in zip(inners, expected.get("inner", []), strict=True)] == inners
    faults = [
        dict(zip(("code", "detail", "locator"), value[1:], strict=True)) for value in found if value[0] == "fault"
    ]
    assert [one | more for one, more in zip(faults, expected.get("fault", []), strict=True)] == faults
    assert not [value for value in found if value[0] == "raised"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_same_bytes_same_values(case: Path) -> None:
    parser, data = BY_NAME[case.parent.name], content(case)
    assert read(parser, data) == read(parser, data)


def cuts(data: bytes, count: int) -> list[int]:
    return sorted({len(data) * place // count for place in range(count)})


def survives_cuts(case: Path, count: int) -> None:
    parser, data = BY_NAME[case.parent.name], content(case)
    for cut in cuts(data, count):
        for damaged in (data[:cut], data[:cut] + b"\xff\x00" + data[cut + 2 :]):
            readable = MemoryReadable(damaged)
            for one in PARSERS:
                assert one.looks_like(readable) in (True, False)
            assert isinstance(read(parser, damaged), list)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_survives_damage(case: Path) -> None:
    survives_cuts(case, 20)


@pytest.mark.soak
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_survives_more_damage(case: Path) -> None:
    survives_cuts(case, 200)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_slices_add_up(name: str) -> None:
    """A container read slice by slice gives what it gives read at once."""
    parser = BY_NAME[name]
    if parser.shards is None or parser.open_shard is None:
        assert parser.open_shard is None
        return
    for case in CASES:
        if case.parent.name == name:
            data = content(case)
            readable = MemoryReadable(data)
            sliced = [
                plain(value)
                for shard in parser.shards(readable, LIMITS)
                for value in parser.open_shard(readable, shard, LIMITS)
            ]
            assert sorted(map(repr, sliced)) == sorted(map(repr, read(parser, data)))


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_form(parser: Parser) -> None:
    assert parser.name.isidentifier()
    assert parser.version >= 1
    assert parser.media_types
