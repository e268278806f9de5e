"""One server for several workers: each has its own children, and loses them when it hangs up."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.model import Part
from rollcall.sandbox import wire
from rollcall.sandbox.client import Sandbox
from rollcall.sandbox.readers import Readers, ServerProcess
from tests.sandbox.reading import Confined

LIMITS = Limits(max_seconds=30, max_memory=1 << 30)
OPENING = Opening(blob_id="01" * 32, chain=(("", "s"),))


@pytest.fixture(scope="module")
def server() -> Iterator[ServerProcess]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
        made = ServerProcess(ahead=())
        yield made
        made.close()


def worker_of(server: ServerProcess, ahead: tuple[str, ...] = ()) -> tuple[Sandbox, wire.Channel]:
    """Return the sandbox of one more worker, and its channel to the server."""
    ours, theirs = socket.socketpair()
    with theirs:
        server.channel.send(wire.Serve(), (theirs.fileno(),))
    channel = wire.Channel(ours, takes_descriptors=True)
    return Sandbox(ahead, channel), channel


def text_by(sandbox: Sandbox, folder: Path, text: str) -> list[str | None]:
    (folder / "content").write_text(text)
    reader = Confined(sandbox, folder / "content", LIMITS)
    return [fact.text for fact in reader.open(OPENING) if isinstance(fact, Part)]


def gone(pid: int) -> bool:
    """Wait until a process is no more; False where it still is after a while."""
    for _ in range(500):
        with contextlib.suppress(FileNotFoundError):
            if "Z (zombie)" not in Path(f"/proc/{pid}/status").read_text():
                time.sleep(0.02)
                continue
        return True
    return False


def test_each_worker_has_its_own_children(server: ServerProcess, tmp_path: Path) -> None:
    (one, channel), (two, _) = worker_of(server), worker_of(server)
    assert text_by(one, tmp_path, "for one") == ["for one"]
    assert text_by(two, tmp_path, "for two") == ["for two"]
    assert one._child is not None
    assert two._child is not None
    theirs = one._child.pid
    os.kill(theirs, signal.SIGSTOP)  # as if it were in an endless loop, and heard nothing
    channel.close()
    assert gone(theirs)
    assert text_by(two, tmp_path, "again") == ["again"]


def test_nobody_ends_the_child_of_another(server: ServerProcess, tmp_path: Path) -> None:
    (one, _), (_, channel) = worker_of(server), worker_of(server)
    text_by(one, tmp_path, "mine")
    assert one._child is not None
    channel.send(wire.End(one._child.pid))
    assert wire.SERVER.decode(channel.receive(time.monotonic() + 30)) == wire.Exit(0, 0, False)
    assert text_by(one, tmp_path, "still mine") == ["still mine"]


def test_only_who_started_it_brings_workers(server: ServerProcess) -> None:
    _, channel = worker_of(server)
    ours, theirs = socket.socketpair()
    with theirs:
        channel.send(wire.Serve(), (theirs.fileno(),))
    channel.send(wire.End(1))
    assert wire.SERVER.decode(channel.receive(time.monotonic() + 30)) == wire.Exit(0, 0, False)
    stranger = wire.Channel(ours)
    with pytest.raises(wire.ClosedError):
        stranger.receive(time.monotonic() + 30)


def test_what_is_asked_for_is_loaded_before_a_child_is_made(server: ServerProcess, tmp_path: Path) -> None:
    plain, harm = worker_of(server)[0], worker_of(server, ("tests.sandbox.harm",))[0]
    assert text_by(plain, tmp_path, "HARM|pid")[0] == "HARM|pid"
    assert text_by(harm, tmp_path, "HARM|pid")[0] != "HARM|pid"


def test_a_run_gets_another_server_when_its_own_has_died(tmp_path: Path) -> None:
    readers = Readers()
    before = Sandbox((), wire.Channel(readers.place(), takes_descriptors=True))
    readers.begin()
    assert text_by(before, tmp_path, "before") == ["before"]
    assert readers._server is not None
    first = readers._server.pid
    os.kill(first, signal.SIGKILL)
    assert gone(first)
    after = Sandbox((), wire.Channel(readers.place(), takes_descriptors=True))
    readers.begin()
    assert text_by(after, tmp_path, "after") == ["after"]
    assert readers._server.pid != first
    readers.close()
