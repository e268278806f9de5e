"""A reader that does every harm a hole in a reader could let happen. A server of tests loads it ahead; see `conftest`.

The content says which: `HARM <name>`, and what the harm needs.
"""

import contextlib
import ctypes
import os
import resource
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from rollcall.items import tools
from rollcall.items.parser import ContentError, Fault, Limits, Parser, Text
from rollcall.items.readable import MemoryReadable, Readable
from rollcall.model import Blob, Child, Finding, Part, Place, Trouble
from rollcall.sandbox import child, wire
from rollcall.sandbox.checks import TABLES

WORKER = 3  # the descriptor of the one socket a child has
MAGIC = b"HARM "


def _ptrace(arguments: list[str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, int(arguments[0]), 0, 0) != 0:  # PTRACE_ATTACH
        raise PermissionError(ctypes.get_errno())


def _call(number: int, *arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) < 0:
        raise PermissionError(ctypes.get_errno())


def _owned_signal(arguments: list[str]) -> None:
    import fcntl

    fcntl.fcntl(WORKER, fcntl.F_SETOWN, int(arguments[0]))


# What must be denied; each raises PermissionError when it is.
DENIED: dict[str, Callable[[list[str]], object]] = {
    "read": lambda arguments: os.open(" ".join(arguments), os.O_RDONLY),
    "list": lambda arguments: list(Path(" ".join(arguments)).iterdir()),
    "write": lambda arguments: os.open(" ".join(arguments), os.O_WRONLY | os.O_CREAT),
    "truncate": lambda arguments: os.truncate(" ".join(arguments), 0),
    "unlink": lambda arguments: Path(" ".join(arguments)).unlink(),
    "symlink": lambda arguments: Path(arguments[0]).symlink_to("/etc"),
    "inet": lambda _: socket.socket(socket.AF_INET),
    "unix": lambda _: socket.socket(socket.AF_UNIX),
    "netlink": lambda _: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    "pair": lambda _: socket.socketpair(),
    "exec": lambda _: os.execv("/bin/true", ["true"]),  # noqa: S606 - the call is what is tried
    "fork": lambda _: os.fork(),
    "bomb": lambda _: [os.fork() for _ in range(10_000)],
    "kill": lambda arguments: os.kill(int(arguments[0]), signal.SIGTERM),
    "kill all": lambda _: os.kill(-1, signal.SIGKILL),
    "own": _owned_signal,
    "ptrace": _ptrace,
    "memory of": lambda arguments: os.open(f"/proc/{arguments[0]}/mem", os.O_RDONLY),
    "rlimit": lambda _: resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)),
    "memfd": lambda _: os.memfd_create("x"),
    "bpf": lambda _: _call(321, 0, 0, 0),
    "io_uring": lambda _: _call(425, 1, 0),
    "perf": lambda _: _call(298, 0, 0, 0, 0, 0),
    "mount": lambda _: _call(165, 0, 0, 0, 0, 0),
    "keyctl": lambda _: _call(250, 0, 0, 0, 0, 0),
    "namespaces": lambda _: _call(272, 0x10000000),
    "x32": lambda _: _call(0x40000000 + 41, 2, 1, 0),
}  # fmt: skip


def _say(message: wire.Message) -> None:
    body = msgspec.msgpack.encode(message)
    frame = struct.pack(">I", len(body)) + body
    while frame:
        with contextlib.suppress(BlockingIOError):
            frame = frame[os.write(WORKER, frame) :]


def _facts(*records: object, table: int | None = None) -> wire.Facts:
    runs = [
        (TABLES.index(type(one)) if table is None else table, msgspec.Raw(msgspec.msgpack.encode([one])))
        for one in records
    ]
    return wire.Facts(runs)


def part(blob_id: str, **fields: object) -> Part:
    return Part(**{"blob_id": blob_id, "part_no": 0, "kind": "text", "text": "x", **fields})  # type: ignore[arg-type]


def _finding(blob_id: str) -> Finding:
    return Finding(
        finding_id="0" * 32, blob_id=blob_id, place=Place(part_no=0), block=None, group="", element="ssn", subtype="",
        text="x", value="x", check="", confidence=1.0, why="", made_by="",
    )  # fmt: skip


def _blob(blob_id: str, state: str = "read") -> Blob:
    return Blob(blob_id=blob_id, media_type="", parser="", size=0, state=state, n_parts=0, n_children=0)


def _flood(blob_id: str) -> None:
    while True:
        _say(_facts(*[part(blob_id, text="x" * 50_000)] * 10))


def _loop(_: str) -> None:
    while True:
        pass


def _chatter(blob_id: str) -> None:
    while True:
        _say(wire.Facts([]))


OTHER = "ab" * 32
# What ends a child; each is given the id of the content in hand.
DEADLY: dict[str, Callable[[str], object]] = {
    "abort": lambda _: os.abort(),
    "null": lambda _: ctypes.string_at(0),
    "exit": lambda _: os._exit(3),
    "loop": _loop,
    "chatter": _chatter,
    "hang up": lambda _: (os.close(WORKER), _loop("")),
    "flood": _flood,
    "lie": lambda _: (os.write(WORKER, struct.pack(">I", 1 << 31)), _loop("")),
    "empty frame": lambda _: (os.write(WORKER, struct.pack(">I", 0)), _loop("")),
    "half a frame": lambda _: (os.write(WORKER, struct.pack(">I", 100) + b"x"), os._exit(0)),
    "garbage": lambda _: (os.write(WORKER, struct.pack(">I", 4) + b"\xc1\xff\x00\x01"), _loop("")),
    "foreign record": lambda blob_id: _say(_facts(_finding(blob_id), table=1)),
    "unknown table": lambda blob_id: _say(_facts(part(blob_id), table=99)),
    "other content": lambda _: _say(_facts(part(OTHER))),
    "other blob": lambda _: _say(_facts(_blob(OTHER))),
    "other parent": lambda _: _say(
        _facts(Child(parent_blob_id=OTHER, locator="x", kind="file", blob_id=OTHER, size=0))
    ),
    "no id": lambda blob_id: _say(
        _facts(Child(parent_blob_id=blob_id, locator="x", kind="file", blob_id="../../etc", size=0))
    ),
    "no state": lambda blob_id: _say(_facts(_blob(blob_id, "finished"))),
    "no code": lambda blob_id: _say(_facts(Trouble(blob_id=blob_id, code="fine"))),
    "long detail": lambda blob_id: _say(_facts(Trouble(blob_id=blob_id, code="partial", detail="x" * 501))),
    "negative": lambda blob_id: _say(_facts(part(blob_id, part_no=-1))),
    "huge": lambda blob_id: _say(_facts(part(blob_id, n_rows=1 << 63))),
    "surrogate": lambda blob_id: os.write(
        WORKER, (lambda body: struct.pack(">I", len(body)) + body)(
            msgspec.msgpack.encode(_facts(part(blob_id, text="abc"))).replace(b"\xa3abc", b"\xa3\xed\xa0\x80")
        )
    ),
    "another slice": lambda _: _say(wire.AskEntry("../../etc/passwd")),
    "no spool": lambda _: _say(wire.AskBytes(7, 0)),
    "spool of others": lambda _: _say(wire.AskSpool((("", "another"),))),
    "spool unasked": lambda _: _say(wire.Spooling(b"x")),
    "order": lambda _: _say(wire.Forked(1)),
}  # fmt: skip


def harm(untrusted: Readable, limits: Limits) -> Iterator[Text | Fault]:
    """Do what the content says, and tell whether it was denied."""
    _, name, *arguments = untrusted.read_at(0, 4096).decode().strip().split("|")
    if name == "swallow":
        yield Text(text=str(len(bytearray(4 << 30))))
    elif name == "fault":
        yield Fault(code="partial", detail="on purpose")
        yield Text(text="after")
    elif name.startswith("tool"):
        content = untrusted if name == "tool" else MemoryReadable(untrusted.read_at(0, untrusted.size))
        try:
            yield Text(text=b"".join(tools.run(arguments[0], content)).decode())
        except ContentError as error:
            yield Fault(code=error.code, detail=error.detail)
    elif name == "pid":
        yield Text(text=str(os.getpid()))
    elif name in DENIED:
        try:
            DENIED[name](arguments)
        except (PermissionError, ValueError):  # Python's word for a limit that may not be raised
            yield Text(text="denied")
        else:
            yield Text(text="possible")
    else:
        yield Text(text="before")
        DEADLY[name](arguments[0])
        _loop("")


def looks_like(untrusted: Readable) -> bool:
    """Say whether the content asks for harm; a look alone can be deadly too."""
    start = untrusted.read_at(0, 40)
    if start.startswith(b"LOOK"):
        os.abort()
    return start.startswith(b"HARM|")


PARSER = Parser(name="harm", version=1, media_types=("x/harm",), looks_like=looks_like, parse=harm)
child.PARSERS = (PARSER, *child.PARSERS)  # type: ignore[misc]
