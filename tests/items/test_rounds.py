"""What is opened next: each content once, whatever the order in which it was met."""

import itertools
from typing import Any

import pyarrow as pa
import pytest

from rollcall.items.facts import Opening
from rollcall.items.rounds import ENTRIES, Frontier, bundles, halves
from rollcall.model import Child, Shard, schema, to_table

NO_SHARDS = schema(Shard).empty_table()


def child(parent: str, locator: str, blob_id: str, **more: Any) -> Child:
    return Child(parent_blob_id=parent, locator=locator, kind="attachment", blob_id=blob_id, size=10, **more)


def children(*rows: Child) -> pa.Table:
    return to_table(Child, rows)


def blobs(*ids: str) -> pa.Table:
    return pa.table({"blob_id": pa.array(ids, pa.string())})


SOURCE = Opening(blob_id="box", chain=(("", "S1"),))


def test_a_content_in_two_places_is_opened_once_from_the_first() -> None:
    frontier = Frontier()
    listed = children(
        child("box", "mbox:200:9", "zip"), child("box", "mbox:30:9", "zip"), child("box", "mbox:4:9", "b")
    )
    frontier.take([SOURCE], listed, NO_SHARDS, blobs("box"))
    assert [(one.blob_id, one.chain[-1]) for one in frontier.next()] == [
        ("b", ("mbox", "4:9")),
        ("zip", ("mbox", "30:9")),
    ]
    assert frontier.next() == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_noted_in_any_order_nothing_is_opened_twice(order: tuple[int, ...]) -> None:
    frontier = Frontier()
    inner = Opening(blob_id="zip", chain=(("", "S1"), ("mbox", "0:9")))
    notes = [
        lambda: frontier.take_roots(children(child("", "S1", "box"))),
        lambda: frontier.take([SOURCE], children(child("box", "mbox:0:9", "zip")), NO_SHARDS, blobs("box")),
        lambda: frontier.take([inner], children(child("zip", "zip_:0", "leaf")), NO_SHARDS, blobs("zip", "leaf")),
    ]
    for index in order:
        notes[index]()
    assert frontier.next() == []


def test_raw_headers_are_contents_of_their_own() -> None:
    frontier = Frontier()
    frontier.take([SOURCE], children(child("box", "mbox:0:9", "mail", header_blob_id="head")), NO_SHARDS, blobs("box"))
    assert {one.blob_id for one in frontier.next()} == {"mail", "head"}


def test_slices_are_handed_over_once() -> None:
    frontier = Frontier()
    shards = to_table(
        Shard, [Shard(blob_id="box", shard="0-5", shard_no=0), Shard(blob_id="box", shard="5-9", shard_no=1)]
    )
    frontier.take([SOURCE], children(), shards, blobs("box"))
    assert [(one.shard, one.shard_no, one.chain) for one in frontier.slices()] == [
        ("0-5", 0, SOURCE.chain),
        ("5-9", 1, SOURCE.chain),
    ]
    assert frontier.slices() == []


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([1] * (ENTRIES + 1), [ENTRIES, 1]),
        ([40 << 20, 40 << 20, 1], [1, 2]),
        ([200 << 20, 1], [1, 1]),
    ],
)
def test_bundles_are_bounded(sizes: list[int], expected: list[int]) -> None:
    openings = [Opening(blob_id=str(number), chain=(), size=size) for number, size in enumerate(sizes)]
    made = list(bundles(openings))
    assert [len(bundle) for bundle in made] == expected
    assert [one for bundle in made for one in bundle] == openings


@pytest.mark.parametrize(
    ("shard", "expected"),
    [("32898:0-500", ["32898:0-250", "32898:250-500"]), ("7:4-6", ["7:4-5", "7:5-6"]), ("7:4-5", []), ("0-900", []),
     ("folders", []), ("", [])],
)  # fmt: skip
def test_a_slice_that_kills_its_reader_is_halved(shard: str, expected: list[str]) -> None:
    pieces = halves(Opening(blob_id="box", chain=(("", "S1"),), shard=shard, shard_no=3))
    assert [one.shard for one in pieces] == expected
    assert len({one.shard_no for one in pieces}) == len(pieces)
