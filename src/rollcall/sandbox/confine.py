"""What a child gives up before it sees a byte, and the test that it is gone.

`full`: files by Landlock, calls by a seccomp allow-list, both tested. `partial`: one of them. `basic`: limits of
memory, time, files and size alone, which with the worker's clock are always there.
"""

import ctypes
import os
import resource
import site
import socket
import sysconfig
from collections.abc import Callable
from pathlib import Path

from rollcall.items.parser import Limits
from rollcall.sandbox import landlock, seccomp

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_KILL = 9
_FILES = 64  # open at once
_CPU = 12  # times `max_seconds`: processor time of one child
_OF_THE_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo")

TIERS = ("full", "partial", "basic")


def die_with(parent: int) -> None:
    """End when the parent does, leave no core, let no other process look inside, gain no rights."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _KILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked to die with it
        os._exit(0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def confine(limits: Limits) -> list[str]:
    """Give up everything but reading libraries, thinking, and the descriptors there are; return what is in force."""
    cpu = limits.max_seconds * _CPU
    for kind, most in (
        (resource.RLIMIT_AS, _address_space() + limits.max_memory),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))
    in_force = ["rlimits"]
    if landlock.only_read(library_folders()):
        in_force.append(f"landlock {landlock.version()}")
    if seccomp.only_compute():
        in_force.append("seccomp")
    return in_force


def library_folders() -> list[Path]:
    """Return the folders that hold programs and their data, and no evidence."""
    paths = sysconfig.get_paths()
    folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += [str(Path(__file__).parents[1]), site.getusersitepackages() if site.ENABLE_USER_SITE else "/lib"]
    found = {Path(folder).resolve() for folder in (*folders, *_OF_THE_SYSTEM)}
    return sorted(folder for folder in found if folder.is_dir())


def tier(possible: list[str]) -> str:
    """Return the tier of protection, from what a confined child could do all the same (see `attempt_all`)."""
    if not possible:
        return "full"
    return "partial" if len(possible) < len(_ATTEMPTS) else "basic"


def attempt_all() -> list[str]:
    """Try what must not be possible and return what was."""
    return [name for name, attempt in _ATTEMPTS.items() if _succeeds(attempt)]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except PermissionError:
        return False
    except OSError:
        pass  # it was let try
    return True


def _spawn() -> None:
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _write() -> None:
    os.close(os.open("/tmp", os.O_RDWR | os.O_TMPFILE, 0o600))  # noqa: S108 - nothing is left there


_ATTEMPTS: dict[str, Callable[[], object]] = {
    "read files": lambda: os.close(os.open("/etc/passwd", os.O_RDONLY)),
    "write files": _write,
    "list folders": lambda: list(Path("/").iterdir()),
    "open sockets": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 0).close(),
    "start processes": _spawn,
    "run programs": lambda: os.execv("/nowhere/at/all", ["x"]),  # noqa: S606 - the call is what is tried
    "signal others": lambda: os.kill(os.getppid(), 0),
}


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
