"""Which pages that are pictures are read in a run: all of them, some, or none; the others are problems until then.

They are known by their pixels when this begins, so what is put off costs nothing to take up again: nothing else is
read anew.
"""

from collections.abc import Iterable

import msgspec
import pyarrow as pa

from rollcall.items.facts import Opening
from rollcall.items.pixels import PAGE
from rollcall.model import Trouble

BUNDLE = 16  # pages of one order, at most: a minute or so


class OcrPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Whether pictures are read in this run, and how many pages in the whole case."""

    on: bool = True
    most: int | None = None  # None: all
    fast: bool = False  # Tesseract reads a page first, and what it is sure of is kept

    @property
    def engines(self) -> list[str]:
        """The names of what reads a page, in the order asked."""
        return ["tesseract", "rapidocr"] if self.fast else ["rapidocr"]


class Pictures:
    """The pages that wait, and how many were read."""

    def __init__(self, policy: OcrPolicy) -> None:
        self._policy = policy
        self._waiting: dict[str, Opening] = {}
        self._n_read = 0

    def put_aside(self, openings: Iterable[Opening]) -> list[Opening]:
        """Return the openings that are no pages; the pages wait."""
        others: list[Opening] = []
        for opening in openings:
            if opening.media_type == PAGE and not opening.shard:
                self._waiting[opening.blob_id] = opening
            else:
                others.append(opening)
        return others

    def next(self) -> list[Opening]:
        """Hand over the pages to be read now; what turns out empty does not count, so this is asked until none come."""
        taken = list(self._waiting)[: self._left()]
        return [self._waiting.pop(blob_id) for blob_id in taken]

    def note(self, blobs: pa.Table) -> None:
        """Count what was read, in this run or an earlier one, and wait for it no longer."""
        for blob_id, state in zip(blobs.column("blob_id").to_pylist(), blobs.column("state").to_pylist(), strict=True):
            self._n_read += state != "empty"
            self._waiting.pop(blob_id, None)

    def unread(self) -> list[Trouble]:
        """List the pages that were not read, and why."""
        why = f"over the {self._policy.most} pages this case allows" if self._policy.on else "not asked for in this run"
        return [Trouble(blob_id=blob_id, code="needs_ocr", detail=why) for blob_id in sorted(self._waiting)]

    def _left(self) -> int | None:
        if not self._policy.on:
            return 0
        return None if self._policy.most is None else max(0, self._policy.most - self._n_read)


def few_pages(openings: list[Opening], orders: int) -> Iterable[list[Opening]]:
    """Yield pages in small bundles, so that about so many orders come of them."""
    size = max(1, min(BUNDLE, len(openings) // max(1, orders)))
    for start in range(0, len(openings), size):
        yield openings[start : start + size]
