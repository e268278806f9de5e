"""A child is unpacked as far as it may be: a store to its end, anything else to what one content may have."""

from collections.abc import Iterable, Iterator

import pytest

from rollcall.engine import guard
from rollcall.items import reach
from rollcall.items.parser import ContentError, Fault, Inner, Limits
from rollcall.items.readable import MemoryReadable, Readable

STEP = 1 << 10
LIMITS = Limits(max_bytes=16 * STEP)
STORES = {
    "mbox": b"From a@x.org Mon Jan  1 00:00:00 2024\nSubject: a\nFrom: a@x.org\n\n",
    "pst": b"!BDN\0\0\0\0SM\x17\0" + bytes(600),
}
OTHERS = {"nothing": bytes(9), "zip": b"PK\3\4" + bytes(40), "mail": b"Subject: a\r\nFrom: a@x.org\r\n\r\nx"}


class Spool:
    def keep(self, chunks: Iterable[bytes], chain: reach.Chain) -> Readable:
        return MemoryReadable(b"".join(chunks))


class Files:
    def open(self, source_id: str) -> Readable:
        return MemoryReadable(b"")


def held(head: bytes, n_chunks: int, pulled: list[int]) -> Readable:
    """Hold a child of so many chunks, and note the bytes of each that is asked for."""

    def chunks() -> Iterator[bytes]:
        for number in range(n_chunks):
            chunk = head.ljust(STEP, b"x") if number == 0 else b"x" * STEP
            pulled.append(len(chunk))
            yield chunk

    caught = lambda values: guard.guarded(values, on_fault=lambda code, detail: Fault(code=code, detail=detail))  # noqa: E731
    opener = reach.Opener(Files(), LIMITS, Spool(), caught)
    return opener.hold(Inner(locator="c", kind="member", chunks=chunks), (("", "S1"), ("packed", "c")))


@pytest.fixture(autouse=True)
def _little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "IN_MEMORY", 4 * STEP)


@pytest.mark.parametrize("head", OTHERS.values(), ids=OTHERS)
def test_what_is_no_store_is_unpacked_to_its_limit(head: bytes) -> None:
    pulled: list[int] = []
    with pytest.raises(ContentError) as caught:
        held(head, 1000, pulled)
    assert caught.value.code == "too_large"
    assert sum(pulled) <= LIMITS.max_bytes + STEP


@pytest.mark.parametrize("head", STORES.values(), ids=STORES)
def test_a_store_is_unpacked_to_its_end(head: bytes) -> None:
    pulled: list[int] = []
    assert held(head, 40, pulled).size == sum(pulled) == 40 * STEP


@pytest.mark.parametrize("n_chunks", [1, 4, 5, 16])
def test_what_fits_is_held_whole(n_chunks: int) -> None:
    assert held(OTHERS["zip"], n_chunks, []).size == n_chunks * STEP
