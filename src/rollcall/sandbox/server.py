"""The fork server: `python -P -m rollcall.sandbox.server SOCKET PARENT MODULE...`, the first two numbers.

It is started anew, never held a key, has one thread and opens no content. It has imported what readers need, so that
its children share it, and keeps one child forked ahead. It dies with its worker, and its children die with it.
"""

import contextlib
import gc
import mmap
import os
import signal
import socket
import sys

from rollcall.sandbox import child, confine, seccomp
from rollcall.sandbox.rehearsal import load
from rollcall.sandbox.wire import SERVER, Channel, ClosedError, End, Exit, Fork, Forked

_LAST_WORDS = 1 << 16  # bytes of what a child printed that are looked at
# How libraries that end the process for want of memory say so; nothing else of what they print is kept.
_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"ut of memory", b"annot allocate memory")


class Server:
    """Forks children and sees them end."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._words: dict[int, int] = {}  # child -> descriptor of what it prints
        self._ended: dict[int, Exit] = {}
        self._spare: tuple[int, socket.socket, int] | None = None

    def serve(self) -> None:
        """Answer until the worker hangs up."""
        while True:
            self._spare = self._spare or self._fork()
            match SERVER.decode(self._channel.receive()):
                case Fork():
                    pid, end, page = self._spare
                    self._channel.send(Forked(pid), (end.fileno(), page))
                    end.close()
                    os.close(page)
                    self._spare = None
                    self._reap()
                case End(pid):
                    self._channel.send(self._end(pid))

    def _fork(self) -> tuple[int, socket.socket, int]:
        ours, theirs = socket.socketpair()
        words, mouth = os.pipe2(os.O_NONBLOCK)
        page = os.memfd_create("reader at work", os.MFD_CLOEXEC)
        os.ftruncate(page, mmap.PAGESIZE)
        shared = mmap.mmap(page, mmap.PAGESIZE)
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            child.begin(theirs, mouth, shared, server)
        shared.close()
        theirs.close()
        os.close(mouth)
        self._words[pid] = words
        return pid, ours, page

    def _end(self, pid: int) -> Exit:
        if pid in self._words:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # one that has ended already keeps the status it has
            self._note(*os.wait4(pid, 0))
        return self._ended.pop(pid, Exit(0, 0, False))

    def _reap(self) -> None:
        """Bury children whose worker hung up on them, and nobody asks how they ended."""
        for pid in list(self._words):
            found = os.wait4(pid, os.WNOHANG)
            if found[0]:
                self._note(*found)
        while len(self._ended) > 1:
            del self._ended[next(iter(self._ended))]

    def _note(self, pid: int, status: int, usage: "os.resource.struct_rusage") -> None:  # type: ignore[name-defined]
        words = self._words.pop(pid)
        said = b""
        with contextlib.suppress(BlockingIOError):
            said = os.read(words, _LAST_WORDS)
        os.close(words)
        self._ended[pid] = Exit(status, usage.ru_maxrss << 10, any(word in said for word in _OF_MEMORY))


def main(arguments: list[str]) -> int:
    """Serve one worker; the exit status means nothing to it."""
    descriptor, parent = int(arguments[0]), int(arguments[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confine.die_with(parent)
    os.set_inheritable(descriptor, False)
    seccomp.give_up_network()  # libraries that report home when they are loaded do not from here
    for name in arguments[2:]:
        load(name)
    confine.library_folders()  # takes long the first time
    gc.collect()
    gc.freeze()  # children do not touch, and so do not copy, what is there
    with contextlib.suppress(ClosedError):
        Server(Channel.of(descriptor)).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
