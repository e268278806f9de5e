"""A worker process as its supervisor sees it: started anew (never forked), spoken to over pipes, killed by id."""

import contextlib
import fcntl
import os
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from rollcall.engine import messages
from rollcall.store import Store

# Workers are the parallelism; threads inside them would only fight for the same cores.
_QUIET = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYARROW_IGNORE_PANDAS": "1",  # which is not there, and would else be looked for at every array
}
_PIPE = 1 << 20
_PAGE = resource.getpagesize()
_WAIT_SECONDS = 10  # for a killed process to be gone; one stuck in the kernel is left to it


class WorkerProcess:
    """One worker and what it was last heard to do."""

    def __init__(self, store: Store, tasks: str, address_space: int, readers: socket.socket) -> None:
        """Start it; `readers` is its end of the socket that a server of readers answers on."""
        self.ready = False  # it has opened the store and imported the tasks
        self.ref: str | None = None  # the order in hand
        self.index: int | None = None  # the entry in hand
        self.step = ""
        self.counts: dict[str, int] = {}
        self.silent = 0.0  # seconds since it was last heard of, as far as anyone listened
        self.n_orders = 0
        self._inbox = messages.Inbox()
        request, self._request = os.pipe()
        self._reply, reply = os.pipe()
        with contextlib.suppress(OSError):  # a caller that dwells on an outcome should not bring the workers to a halt
            fcntl.fcntl(reply, fcntl.F_SETPIPE_SZ, _PIPE)
        key, key_writer = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, numbers as arguments
                [sys.executable, "-P", "-m", "rollcall.engine.worker"]
                + [str(number) for number in (request, reply, key, os.getpid(), address_space, readers.fileno())],
                pass_fds=(request, reply, key, readers.fileno()),
                env={**os.environ, **_QUIET},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        finally:
            for fd in (request, reply, key):
                os.close(fd)
            readers.close()
        self.pid = self._process.pid
        with contextlib.suppress(BrokenPipeError):  # it died at once: its silence says so
            os.write(key_writer, store.key)
            messages.send(self._request, messages.Begin(case=str(store.path), tasks=tasks))
        os.close(key_writer)

    def fileno(self) -> int:
        """Return the descriptor on which it is heard."""
        return self._reply

    def give(self, ref: str, context_id: str) -> None:
        """Hand it an order."""
        self.ref, self.index, self.step, self.silent, self.counts = ref, None, "", 0.0, {}
        with contextlib.suppress(BrokenPipeError):
            messages.send(self._request, messages.Run(ref=ref, context_id=context_id))

    def hear(self) -> Iterator[messages.Reply | None]:
        """Yield what it said (call when the descriptor is readable); None when it is dead or talks nonsense."""
        data = os.read(self._reply, messages.LARGEST)
        self.silent = 0.0
        if not data:
            yield None
            return
        try:
            for reply in self._inbox.feed(data):
                if isinstance(reply, messages.Beat):
                    self.index, self.step = reply.index, reply.step
                    self.counts = reply.counts or self.counts
                elif isinstance(reply, messages.Ready):
                    self.ready = True
                yield reply
        except messages.ProtocolError:
            yield None

    def memory(self) -> int:
        """Return the bytes it has in memory; 0 when the system does not tell."""
        try:
            return int(Path(f"/proc/{self.pid}/statm").read_bytes().split()[1]) * _PAGE
        except (OSError, IndexError, ValueError):
            return 0

    def kill(self) -> str:
        """End it, whatever it does, and return how it ended in words ("signal SIGSEGV", "exit 3")."""
        self._process.kill()
        for fd in (self._request, self._reply):
            if fd >= 0:
                os.close(fd)
        self._request = self._reply = -1
        try:
            status = self._process.wait(_WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            return "could not be ended"
        if status >= 0:
            return f"exit {status}"
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-status).name}"
        return f"signal {-status}"
