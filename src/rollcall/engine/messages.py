"""What supervisor and worker say to each other: names, numbers and codes, each message at most 64 KB.

Four bytes of length, then msgpack. Anything longer, shorter or of another shape is refused: a worker has read hostile
content, so the supervisor believes nothing about what it sends.
"""

import os
import struct
from collections.abc import Iterator

import msgspec

LARGEST = 64 << 10
_LENGTH = struct.Struct(">I")


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True, forbid_unknown_fields=True):
    """Base of all messages."""


class Begin(Message, frozen=True, kw_only=True):
    """First to a worker: the case it works on and the registry of its tasks."""

    case: str
    tasks: str  # "package.module:NAME"


class Run(Message, frozen=True, kw_only=True):
    """To a worker: do this order."""

    ref: str
    context_id: str


class Ready(Message, frozen=True, kw_only=True):
    """From a worker: the store is open, the tasks are imported."""

    confined: bool = True  # False: this kernel does not let a process give up the network


class Beat(Message, frozen=True, kw_only=True):
    """From a worker: it is alive, has this entry in hand, and is at this step of it."""

    index: int | None  # as in Stopped
    step: str = ""  # sealed: a step may be a file's name
    counts: dict[str, int] = {}  # so far, in this order


class Done(Message, frozen=True, kw_only=True):
    """From a worker: the order's outcome is in the store."""


class Stopped(Message, frozen=True, kw_only=True):
    """Why an order did not end: what was in hand, and a code of problems.py. Also said of a worker that died."""

    index: int | None  # None: nothing yet; the number of entries: all of them were given out
    step: str = ""
    code: str
    detail: str = ""
    certain: bool = False  # the worker lives, and trying again would tell nothing new


class Halt(Message, frozen=True, kw_only=True):
    """From a worker: a `CaseError`; the run cannot go on until a person has acted."""

    message: str
    exit_code: int


class Broken(Message, frozen=True, kw_only=True):
    """From a worker: it could not start, which is a bug."""

    detail: str


Request = Begin | Run
Reply = Ready | Beat | Done | Stopped | Halt | Broken
_REQUESTS = msgspec.msgpack.Decoder(Request)
_REPLIES = msgspec.msgpack.Decoder(Reply)


class ProtocolError(Exception):
    """The other side said something that is no message."""


def send(fd: int, message: Message) -> None:
    """Write one message whole; ValueError when it is over 64 KB."""
    body = msgspec.msgpack.encode(message)
    if len(body) > LARGEST:
        raise ValueError(f"a message of {len(body)} bytes is over the limit of {LARGEST}")
    view = memoryview(_LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(fd, view) :]


def receive(fd: int) -> Request | None:
    """Return the next request, waiting for it; None when the supervisor has hung up."""
    head = _exactly(fd, _LENGTH.size)
    if head is None:
        return None
    body = _exactly(fd, _length(head))
    return None if body is None else _REQUESTS.decode(body)


class Inbox:
    """Replies of one worker, put together from what the pipe happens to give."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield the replies that are now complete; ProtocolError on anything else."""
        self._data += data
        while len(self._data) >= _LENGTH.size:
            end = _LENGTH.size + _length(bytes(self._data[: _LENGTH.size]))
            if len(self._data) < end:
                return
            body = bytes(self._data[_LENGTH.size : end])
            del self._data[:end]
            try:
                reply = _REPLIES.decode(body)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                raise ProtocolError("not a reply") from None
            yield reply


def _length(head: bytes) -> int:
    length = int(_LENGTH.unpack(head)[0])
    if not 0 < length <= LARGEST:
        raise ProtocolError(f"a message of {length} bytes")
    return length


def _exactly(fd: int, length: int) -> bytes | None:
    pieces = []
    while length:
        piece = os.read(fd, length)
        if not piece:
            return None
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
