"""What the two sides may say: whole messages of known kinds, at most 64 KB."""

import itertools
import os
import struct
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollcall.engine.messages import (
    LARGEST,
    Beat,
    Begin,
    Broken,
    Done,
    Halt,
    Inbox,
    ProtocolError,
    Ready,
    Run,
    Stopped,
    receive,
    send,
)

REPLIES = [
    Ready(),
    Beat(index=3, step="ab", counts={"items": 4}),
    Done(),
    Stopped(index=None, code="crashed", detail="signal SIGSEGV"),
    Stopped(index=2, step="ab", code="timed_out"),
    Halt(message="A sentence.", exit_code=8),
    Broken(detail="ImportError"),
]


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue


def sent(pipe: tuple[int, int], *messages: object) -> bytes:
    for message in messages:
        send(pipe[1], message)  # type: ignore[arg-type]
    return os.read(pipe[0], 1 << 16)


@given(cuts=st.lists(st.integers(0, 400), max_size=8))
def test_replies_arrive_whole_however_the_pipe_cuts_them(cuts: list[int]) -> None:
    ends = os.pipe()
    data = sent(ends, *REPLIES)
    for end in ends:
        os.close(end)
    inbox = Inbox()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    heard = [reply for start, end in itertools.pairwise(edges) for reply in inbox.feed(data[start:end])]
    assert heard == REPLIES


@given(st.binary(max_size=200))
def test_any_other_bytes_are_refused_or_waited_for(data: bytes) -> None:
    inbox = Inbox()
    try:
        for reply in inbox.feed(data):
            assert isinstance(reply, msgspec.Struct)
    except ProtocolError:
        return


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I", LARGEST + 1),
        struct.pack(">I", 0),
        struct.pack(">I", 0xFFFFFFFF) + b"x" * 100,
        struct.pack(">I", 1) + b"\xc1",
        struct.pack(">I", 6) + msgspec.msgpack.encode({"a": "b"}) + b"xx",
    ],
)
def test_a_message_too_long_or_unknown_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        list(Inbox().feed(data))


def test_a_request_reaches_a_worker_and_an_end_is_an_end(pipe: tuple[int, int]) -> None:
    requests = [Begin(case="/case", tasks="a:B"), Run(ref="r", context_id="c")]
    for request in requests:
        send(pipe[1], request)
    os.close(pipe[1])
    assert [receive(pipe[0]), receive(pipe[0])] == requests
    assert receive(pipe[0]) is None


def test_nothing_over_the_limit_is_sent(pipe: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="over the limit"):
        send(pipe[1], Broken(detail="x" * LARGEST))
