"""How well this machine keeps readers of untrusted content apart: found by trying, once a run.

A process of its own gives up what a child gives up and then tries what must not be possible.
`full`: nothing of it is. `partial`: some is. `basic`: all is; limits of memory, time and size hold all the same.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from rollcall.items.parser import Limits
from rollcall.sandbox.confine import confine, die_with

_SECONDS = 60


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force, and what could be done all the same."""

    tier: str  # full, partial, basic
    in_force: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return it in words."""
        limits = "limits on memory, time and size"
        if self.tier == "full":
            return f"documents are opened in confined children without key, files or network, with {limits}"
        return (
            f"documents are opened in children without key, with {limits}, that could still {', '.join(self.possible)}"
        )


def probe() -> Protection:
    """Return the protection of readers on this machine."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", __name__, str(os.getpid())],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False,
    )  # fmt: skip
    try:
        return msgspec.json.decode(done.stdout, type=Protection)
    except msgspec.MsgspecError:
        return Protection(tier="basic", possible=tuple(_ATTEMPTS))


def _main(parent: int) -> None:
    die_with(parent)
    in_force = confine(Limits())
    possible = tuple(name for name, attempt in _ATTEMPTS.items() if _succeeds(attempt))
    tier = "full" if not possible else "partial" if len(possible) < len(_ATTEMPTS) else "basic"
    print(msgspec.json.encode(Protection(tier=tier, in_force=tuple(in_force), possible=possible)).decode())  # noqa: T201


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except PermissionError:
        return False
    except OSError:
        pass  # it was let try
    return True


def _fork() -> None:
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)


_ATTEMPTS: dict[str, Callable[[], object]] = {
    "read files": lambda: os.close(os.open("/etc/passwd", os.O_RDONLY)),
    "write files": lambda: os.close(os.open("/tmp", os.O_RDWR | os.O_TMPFILE, 0o600)),  # noqa: S108 - leaves nothing
    "list folders": lambda: list(Path("/").iterdir()),
    "open sockets": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0).close(),
    "start processes": _fork,
    "run programs": lambda: os.execv("/nowhere/at/all", ["x"]),  # noqa: S606 - the call is what is tried
    "signal others": lambda: os.kill(os.getppid(), 0),
}

if __name__ == "__main__":
    _main(int(sys.argv[1]))
