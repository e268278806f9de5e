"""The fork server: `python -P -m rollcall.sandbox.server SOCKET PARENT MODULE...`, the first two numbers.

It is started anew, never held a key, has one thread and opens no content. It has imported what readers need, so that
its children share it, and keeps one child forked ahead. It serves who started it and whom that one names; who hangs up
loses its children. It dies with who started it, and all its children with it.
"""

import contextlib
import gc
import mmap
import os
import select
import signal
import socket
import sys

from rollcall.sandbox import child, confine, seccomp
from rollcall.sandbox.rehearsal import load
from rollcall.sandbox.wire import SERVER, Channel, ClosedError, End, Exit, Fork, Forked, Serve, SilenceError

_LAST_WORDS = 1 << 16  # bytes of what a child printed that are looked at
# How libraries that end the process for want of memory say so; nothing else of what they print is kept.
_OF_MEMORY = (b"memory allocation of", b"bad_alloc", b"ut of memory", b"annot allocate memory")


class _Worker:
    """Whom children are forked for, and its children."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self._words: dict[int, int] = {}  # child -> descriptor of what it prints
        self._ended: dict[int, Exit] = {}

    def take(self, pid: int, words: int) -> None:
        """Note a child of its own."""
        self._words[pid] = words

    def end(self, pid: int) -> Exit:
        """End a child, if it has not ended, and say how it ended."""
        if pid in self._words:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)  # one that has ended already keeps the status it has
            self._note(*os.wait4(pid, 0))
        return self._ended.pop(pid, Exit(0, 0, False))

    def reap(self) -> None:
        """Bury children that it hung up on, and does not ask how they ended."""
        for pid in list(self._words):
            found = os.wait4(pid, os.WNOHANG)
            if found[0]:
                self._note(*found)
        while len(self._ended) > 1:
            del self._ended[next(iter(self._ended))]

    def close(self) -> None:
        """End all its children."""
        for pid in list(self._words):
            self.end(pid)
        self.channel.close()

    def _note(self, pid: int, status: int, usage: "os.resource.struct_rusage") -> None:  # type: ignore[name-defined]
        words = self._words.pop(pid)
        said = b""
        with contextlib.suppress(BlockingIOError):
            said = os.read(words, _LAST_WORDS)
        os.close(words)
        self._ended[pid] = Exit(status, usage.ru_maxrss << 10, any(word in said for word in _OF_MEMORY))


class Server:
    """Forks children and sees them end."""

    def __init__(self, channel: Channel) -> None:
        self._first = channel
        self._workers: dict[int, _Worker] = {}
        self._poll = select.poll()
        self._spare: tuple[int, socket.socket, int, int] | None = None
        self._loaded: set[str] = set()
        self._serve(channel)

    def serve(self) -> None:
        """Answer until who started it hangs up."""
        while self._first.fileno() in self._workers:
            self._spare = self._spare or self._fork()
            for descriptor, _ in self._poll.poll():
                worker = self._workers[descriptor]
                try:
                    self._answer(worker)
                except (ClosedError, SilenceError):
                    self._poll.unregister(descriptor)
                    del self._workers[descriptor]
                    worker.close()

    def _serve(self, channel: Channel) -> None:
        self._workers[channel.fileno()] = _Worker(channel)
        self._poll.register(channel.fileno(), select.POLLIN)

    def _answer(self, worker: _Worker) -> None:
        match SERVER.decode(worker.channel.receive()):
            case Serve() if worker.channel is self._first:
                self._serve(Channel.of(self._first.descriptors.pop()))
            case Fork(ahead):
                self._load(ahead)
                pid, end, page, words = self._spare or self._fork()
                self._spare = None
                worker.take(pid, words)
                try:
                    worker.channel.send(Forked(pid), (end.fileno(), page))
                finally:
                    end.close()
                    os.close(page)
                worker.reap()
            case End(pid):
                worker.channel.send(worker.end(pid))

    def _load(self, names: tuple[str, ...]) -> None:
        """Load what a child needs, in this process: it and those after it share it."""
        if not self._loaded.issuperset(names):
            for name in names:
                load(name)
            self._loaded.update(names)
            settle()
            if self._spare is not None:
                pid, end, page, words = self._spare
                self._spare = None
                end.close()
                os.close(page)
                os.close(words)
                os.waitpid(pid, 0)  # it has heard nothing but that nobody is there

    def _fork(self) -> tuple[int, socket.socket, int, int]:
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
        return pid, ours, page, words


def settle() -> None:
    """Put what is loaded where children do not touch it, and so do not copy it."""
    gc.collect()
    gc.freeze()


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
    settle()
    Server(Channel.of(descriptor, takes_descriptors=True)).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
