"""What worker, server and child say to each other: frames of msgpack over a socket pair, descriptors beside them.

Four bytes of length, then an array that begins with the name of the message. The worker reads frames with a deadline
and a bound, and takes no descriptors; what the records in `Facts` are worth is judged in `checks`.
"""

import select
import socket
import struct
import time
from collections.abc import Callable

import msgspec

from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.items.reach import Chain

LARGEST = 64 << 20  # bytes of one frame: a row of a table is the largest thing that is said at once
PIECE = 1 << 20  # bytes of one piece of a content
_LENGTH = struct.Struct(">I")
_BUFFER = 1 << 18
_TICK = 1.0  # seconds between signs of life of who waits
_SEND_SECONDS = 20  # for the other side to take what it asked for


class Message(msgspec.Struct, frozen=True, tag=True, array_like=True, forbid_unknown_fields=True):
    """Base of all messages."""


# --- worker to child -----------------------------------------------------------------------------------------------


class Begin(Message, frozen=True):
    """First to a child: what its contents may cost. It is confined before it hears anything else."""

    limits: Limits


class Open(Message, frozen=True):
    """Open a content; readers named in `avoid` have died of it, with that code."""

    opening: Opening
    avoid: dict[str, str] = {}


class Root(Message, frozen=True):
    """Say what a source is."""

    source_id: str
    sha256: str
    kind: str
    size: int
    name: str
    avoid: dict[str, str] = {}


class Refused(Message, frozen=True):
    """What was asked for cannot be had; the code of problems.py and detail of a Fault."""

    code: str
    detail: str = ""


class File(Message, frozen=True):
    """The file asked for; its descriptor comes beside."""


class Folder(Message, frozen=True):
    """The source is a folder."""

    kind: str


class Entries(Message, frozen=True):
    """What a folder holds: (path as written, size, what is wrong); `more` when there is more to ask for."""

    entries: list[tuple[str, int, str]]
    more: bool


class Kept(Message, frozen=True):
    """A content that is kept in the case, to be read by its number."""

    number: int
    size: int


class Wanted(Message, frozen=True):
    """The content is not spooled yet: send it."""


class Data(Message, frozen=True):
    """Bytes asked for; empty at the end."""

    data: bytes


# --- child to worker -----------------------------------------------------------------------------------------------


class Facts(Message, frozen=True):
    """Records in order, as runs of one table each: (number of the table in `checks.TABLES`, its records)."""

    runs: list[tuple[int, msgspec.Raw]]


class Ended(Message, frozen=True):
    """The content is done."""


class Failed(Message, frozen=True):
    """Something failed that no reader is to blame for."""

    code: str
    detail: str


class AskSource(Message, frozen=True):
    """The source of the content in hand: File, Folder, or Kept."""


class AskEntries(Message, frozen=True):
    """The next entries of the folder."""


class AskEntry(Message, frozen=True):
    """A file of the folder."""

    path: str


class AskSpool(Message, frozen=True):
    """A large content that lies in the one in hand: Kept, or Wanted."""

    chain: Chain


class Spooling(Message, frozen=True):
    """A piece of the content that is wanted; the empty one ends it and is answered by Kept."""

    data: bytes


class AskBytes(Message, frozen=True):
    """Piece `number` (of PIECE bytes) of a spooled content."""

    spooled: int
    number: int


class AskTool(Message, frozen=True):
    """What a program of the system makes of a content: of the file handed over last, else Wanted, as for a spool."""

    name: str
    of_file: bool


class AskMore(Message, frozen=True):
    """The next of it: Data, empty at the end."""


ToChild = Begin | Open | Root | Refused | File | Folder | Entries | Kept | Wanted | Data
FromChild = (
    Facts | Ended | Failed | AskSource | AskEntries | AskEntry | AskSpool | Spooling | AskBytes | AskTool | AskMore
)


# --- worker and server ---------------------------------------------------------------------------------------------


class Serve(Message, frozen=True):
    """To the server, from who started it: another worker; its socket comes beside."""


class Fork(Message, frozen=True):
    """To the server: a new child that has loaded this, "module" or "module:function"."""

    ahead: tuple[str, ...] = ()


class End(Message, frozen=True):
    """To the server: end a child, if it has not ended, and say how it ended."""

    pid: int


class Forked(Message, frozen=True):
    """From the server: beside come the child's socket, and a page of memory that it shares with the worker.

    The first byte of the page is the reader at work: its place in the list of parsers, from 1.
    """

    pid: int


class Exit(Message, frozen=True):
    """From the server: how a child ended, as `waitpid` has it, the bytes it held at most, and its last words."""

    status: int
    peak: int
    starved: bool  # it complained of memory


ServerSays = Serve | Fork | End | Forked | Exit


class ClosedError(Exception):
    """The other side has hung up."""


class SilenceError(Exception):
    """The other side said nothing in time."""


class NonsenseError(Exception):
    """The other side said something it may not."""


class Channel:
    """One end of a socket pair."""

    def __init__(self, sock: socket.socket, takes_descriptors: bool = False) -> None:
        self._socket = sock
        self._takes = takes_descriptors
        self._data = bytearray()
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)
        self.descriptors: list[int] = []
        # The kernel's own patience: a socket with a timeout of Python's costs a call more for each that is made.
        sock.settimeout(None)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", _SEND_SECONDS, 0))

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._socket.fileno()

    @classmethod
    def of(cls, descriptor: int, takes_descriptors: bool = False) -> "Channel":
        """Return the channel of an inherited or handed over descriptor."""
        return cls(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor), takes_descriptors)

    def send(self, message: Message, descriptors: tuple[int, ...] = (), then: Message | None = None) -> None:
        """Say something, and perhaps one thing more."""
        frame = _frame(message) if then is None else _frame(message) + _frame(then)
        try:
            if descriptors:
                sent = socket.send_fds(self._socket, [frame], descriptors)
                frame = frame[sent:]
            self._socket.sendall(frame)
        except BlockingIOError:
            raise SilenceError from None
        except OSError:
            raise ClosedError from None

    def receive(self, deadline: float | None = None, on_wait: Callable[[], None] | None = None) -> bytearray:
        """Return the next frame; raises one of the errors above. `on_wait` is called about every second."""
        while True:
            if len(self._data) >= _LENGTH.size:
                (length,) = _LENGTH.unpack_from(self._data)
                if not 0 < length <= LARGEST:
                    raise NonsenseError(f"a frame of {length} bytes")
                end = _LENGTH.size + length
                if len(self._data) == end:
                    body, self._data = self._data, bytearray()
                    del body[: _LENGTH.size]
                    return body
                if len(self._data) > end:
                    body = self._data[_LENGTH.size : end]
                    del self._data[:end]
                    return body
            if deadline is not None:
                self._wait(deadline, on_wait)
            self._data += self._read()

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _wait(self, deadline: float, on_wait: Callable[[], None] | None) -> None:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise SilenceError
            if self._poll.poll(min(left, _TICK) * 1000):
                return
            if on_wait is not None:
                on_wait()

    def _read(self) -> bytes:
        try:
            if self._takes:
                data, descriptors, _, _ = socket.recv_fds(self._socket, _BUFFER, 4)
                self.descriptors += descriptors
            else:
                data = self._socket.recv(_BUFFER)
        except OSError:
            raise ClosedError from None
        if not data:
            raise ClosedError
        return data


_ENCODER = msgspec.msgpack.Encoder()


def _frame(message: Message) -> bytes:
    body = _ENCODER.encode(message)
    if len(body) > LARGEST:
        raise NonsenseError(f"a frame of {len(body)} bytes")
    return _LENGTH.pack(len(body)) + body


TO_CHILD: "msgspec.msgpack.Decoder[ToChild]" = msgspec.msgpack.Decoder(ToChild)
FROM_CHILD: "msgspec.msgpack.Decoder[FromChild]" = msgspec.msgpack.Decoder(FromChild)
SERVER: "msgspec.msgpack.Decoder[ServerSays]" = msgspec.msgpack.Decoder(ServerSays)
