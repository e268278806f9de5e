"""The processes that readers are forked from: started without a key, for one worker or for all of a run.

A run has one for all its workers, started when there is something to open. Each worker is born with one end of a
socket pair; the other is kept here until there is a server to hand it to.
"""

import os
import socket
import subprocess
import sys

from rollcall.sandbox import wire
from rollcall.sandbox.rehearsal import AHEAD

# For a server to import what it needs, on a machine that is very busy: one that has gone is heard of at once.
START_SECONDS = 600.0
# Libraries that keep what they would tell their makers write it there; workers and readers are the parallelism.
QUIET = {
    "XDG_CACHE_HOME": os.devnull,
    "XDG_CONFIG_HOME": os.devnull,
    "XDG_DATA_HOME": os.devnull,
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


class ServerProcess:
    """A fork server; it dies with the thread that started it."""

    def __init__(self, ahead: tuple[str, ...] = AHEAD) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-m", "rollcall.sandbox.server", str(theirs.fileno()), str(os.getpid()), *ahead],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **QUIET},
            )
        self.channel = wire.Channel(ours, takes_descriptors=True)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def is_there(self) -> bool:
        """Say whether it lives."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it and its children."""
        self.channel.close()
        self._process.kill()
        self._process.wait()


class Readers:
    """One server for the workers of a run."""

    def __init__(self) -> None:
        self._server: ServerProcess | None = None
        self._waiting: list[socket.socket] = []

    def place(self) -> socket.socket:
        """Return a worker's end; it can be spoken on at once, and is answered when there is a server."""
        ours, theirs = socket.socketpair()
        self._waiting.append(ours)
        return theirs

    def begin(self) -> None:
        """See that there is a server, and that it knows of all workers."""
        if self._server is not None and not self._server.is_there():
            self._server.close()
            self._server = None
        if self._server is None:
            self._server = ServerProcess()
        try:
            while self._waiting:
                with self._waiting[-1] as end:
                    self._server.channel.send(wire.Serve(), (end.fileno(),))
                self._waiting.pop()
        except (wire.ClosedError, wire.SilenceError):
            self._waiting.clear()  # it has gone just now: those who wait hear it, and are replaced

    def close(self) -> None:
        """End the server, and whoever waits for one hears that there is none."""
        while self._waiting:
            self._waiting.pop().close()
        if self._server is not None:
            self._server.close()
            self._server = None
