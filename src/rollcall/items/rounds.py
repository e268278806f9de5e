"""Decide what to open next: each new content once, from the first place in order that holds it.

Opening goes in rounds, one per depth of nesting. A round lists occurrences and hashes; what has not been opened yet is
given to one opening of the next round.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec
import pyarrow as pa

from rollcall.items.facts import Opening
from rollcall.items.reach import HEADER, MESSAGE, Chain
from rollcall.model import digest

ENTRIES = 2_000  # at most, of one order
BYTES = 64 << 20  # about, of one order
_DIGITS = re.compile(r"(\d+)")
_RANGE = re.compile(r"(.+:)(\d+)-(\d+)")


class Frontier:
    """The contents met and not yet opened."""

    def __init__(self) -> None:
        self._opened: set[str] = set()
        self._met: dict[str, Opening] = {}
        self._slices: list[Opening] = []

    def mark(self, blob_ids: Iterable[str]) -> None:
        """Take these contents as opened already."""
        self._opened.update(blob_ids)

    def take_roots(self, children: pa.Table) -> None:
        """Note what the sources themselves are."""
        for row in children.to_pylist():
            self._meet(row, (), {}, ("", row["locator"]))

    def take(self, openings: Iterable[Opening], children: pa.Table, shards: pa.Table, blobs: pa.Table) -> None:
        """Note what one outcome listed. `blobs` are the contents it said all about."""
        parents = {opening.blob_id: opening for opening in openings}
        self.mark(blobs.column("blob_id").to_pylist())
        for row in shards.to_pylist():
            parent = parents[row["blob_id"]]
            self._slices.append(
                Opening(
                    blob_id=parent.blob_id,
                    chain=parent.chain,
                    ancestors=parent.ancestors,
                    shard=row["shard"],
                    shard_no=row["shard_no"],
                    name=parent.name,
                    media_type=parent.media_type,
                    passwords=parent.passwords,
                )
            )
        for row in children.to_pylist():
            parent = parents[row["parent_blob_id"]]
            parser, _, locator = row["locator"].partition(":")
            self._meet(row, (*parent.ancestors, parent.blob_id), parent.passwords, *parent.chain, (parser, locator))

    def offer_slices(self, slices: Iterable[Opening]) -> None:
        """Note slices that take the place of one that could not be opened."""
        self._slices += slices

    def slices(self) -> list[Opening]:
        """Hand over the slices of containers met so far."""
        slices, self._slices = self._slices, []
        return slices

    def next(self) -> list[Opening]:
        """Hand over the contents of the next round, neighbours together."""
        # What was met before it was known to be opened (outcomes are noted in any order) is not opened again.
        fresh = (opening for opening in self._met.values() if opening.blob_id not in self._opened)
        met = sorted(fresh, key=lambda opening: _in_order(opening.chain))
        self.mark(self._met)
        self._met = {}
        return met

    def _meet(
        self,
        row: dict[str, object],
        ancestors: tuple[str, ...],
        passwords: dict[str, tuple[str, ...]],
        *chain: tuple[str, str],
    ) -> None:
        self._offer(
            Opening(
                blob_id=str(row["blob_id"]),
                chain=chain,
                ancestors=ancestors,
                name=str(row["name"]),
                media_type=str(row["media_type"]),
                size=int(str(row["size"])),
                passwords=passwords,
            )
        )
        if row["header_blob_id"]:
            self._offer(
                Opening(
                    blob_id=str(row["header_blob_id"]),
                    chain=(*chain, (MESSAGE, HEADER)),
                    ancestors=ancestors,
                    size=1024,
                    passwords=passwords,
                )
            )

    def _offer(self, opening: Opening) -> None:
        if opening.blob_id in self._opened:
            return
        known = self._met.get(opening.blob_id)
        if known is None or _in_order(opening.chain) < _in_order(known.chain):
            self._met[opening.blob_id] = opening


def _in_order(chain: Chain) -> list[tuple[int, str]]:
    """Return a key that sorts numbers inside locators as numbers."""
    text = "\x1f".join(locator for _, locator in chain)
    return [(int(piece), "") if piece.isdigit() else (-1, piece) for piece in _DIGITS.split(text)]


def halves(opening: Opening) -> list[Opening]:
    """Return the two halves of a slice, to find what in it kills its reader; nothing for what cannot be halved.

    A slice "of what:first-last" counts items and can be halved anywhere; a range of bytes ("start-end") cannot.
    """
    match = _RANGE.fullmatch(opening.shard)
    if match is None or int(match[3]) - int(match[2]) < 2:
        return []
    first, last = int(match[2]), int(match[3])
    middle = (first + last) // 2
    names = (f"{match[1]}{first}-{middle}", f"{match[1]}{middle}-{last}")
    return [msgspec.structs.replace(opening, shard=name, shard_no=_number(name)) for name in names]


def _number(shard: str) -> int:
    """Return a number that no other slice of the content has: parts are numbered from it."""
    return 1_000_000 + int(digest("shard", shard)[:8], 16)


def bundles(openings: Iterable[Opening]) -> Iterator[list[Opening]]:
    """Yield the openings in bundles of about 64 MB or 2,000: the units of work."""
    bundle: list[Opening] = []
    size = 0
    for opening in openings:
        if bundle and (size + opening.size > BYTES or len(bundle) >= ENTRIES):
            yield bundle
            bundle, size = [], 0
        bundle.append(opening)
        size += opening.size
    if bundle:
        yield bundle
