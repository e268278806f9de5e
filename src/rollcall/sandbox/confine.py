"""What a child gives up before it sees a byte: memory, time, files, calls. `protection` tests that they are gone."""

import ctypes
import functools
import os
import resource
import site
import sysconfig
from pathlib import Path

from rollcall.items.parser import Limits
from rollcall.sandbox import landlock, seccomp

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_KILL = 9
_FILES = 64  # open at once
_CPU = 12  # times `max_seconds`: processor time of one child
_OF_THE_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo")


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


@functools.cache
def library_folders() -> tuple[Path, ...]:
    """Return the folders that hold programs and their data, and no evidence."""
    paths = sysconfig.get_paths()
    folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    folders += [str(Path(__file__).parents[1]), site.getusersitepackages() if site.ENABLE_USER_SITE else "/lib"]
    found = {Path(folder).resolve() for folder in (*folders, *_OF_THE_SYSTEM)}
    whole = [folder for folder in found if folder.is_dir()]
    return tuple(sorted(folder for folder in whole if not any(above in folder.parents for above in whole)))


def _address_space() -> int:
    return int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
