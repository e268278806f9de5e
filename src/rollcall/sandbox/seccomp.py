"""Filters of system calls (seccomp, Linux on x86-64 and arm64): what is not allowed fails, it does not kill.

Two of them. A worker gives up the network and the insides of other processes, and may do the rest. A child may do only
what is listed: read, think, and speak on the socket it has.
"""

import ctypes
import errno
import fcntl
import os
import platform
import struct
import termios
from collections.abc import Iterable

from rollcall.sandbox.syscalls import NUMBERS

# machine -> (place in NUMBERS, audit architecture)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_PR_SET_NO_NEW_PRIVS, _PR_SET_NAME, _PR_SET_VMA = 38, 15, 0x53564D41
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000
_LOAD, _AND, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
_X32 = 0x40000000  # system calls of a second numbering on x86-64
_WHOLE = 0xFFFFFFFF
_CLONE_THREAD = 0x10000
_O_TMPFILE = 0x400000  # without O_DIRECTORY
_WRITING = os.O_ACCMODE | os.O_CREAT | os.O_TRUNC | os.O_APPEND | _O_TMPFILE

_DENIED_TO_WORKERS = ("socket", "ptrace", "process_vm_readv", "process_vm_writev", "io_uring_setup")
_ALLOWED = (
    "read", "write", "readv", "writev", "pread64", "preadv", "close", "lseek", "fstat", "newfstatat", "stat", "lstat",
    "statx", "statfs", "fstatfs", "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getdents64", "getcwd",
    "fadvise64", "dup", "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "mincore", "membarrier", "futex",
    "sched_yield", "nanosleep", "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time",
    "sched_getaffinity", "getcpu", "getrandom", "getrusage", "times", "sysinfo", "uname", "poll", "ppoll", "eventfd2",
    "set_robust_list", "rseq", "exit", "exit_group", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid",
    "getegid", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall",
    "sendto", "sendmsg", "recvfrom", "recvmsg",
)  # fmt: skip
# call -> (number of its argument, mask, what the masked argument may be)
_ALLOWED_WITH: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "open": (1, _WRITING, (os.O_RDONLY,)),
    "openat": (2, _WRITING, (os.O_RDONLY,)),
    "clone": (0, _CLONE_THREAD, (_CLONE_THREAD,)),  # threads, no processes
    "prctl": (0, _WHOLE, (_PR_SET_NAME, _PR_SET_VMA)),
    "ioctl": (1, _WHOLE, (termios.TCGETS, termios.TIOCGWINSZ, termios.FIONREAD)),
    "fcntl": (1, _WHOLE, (fcntl.F_DUPFD, fcntl.F_GETFD, fcntl.F_SETFD, fcntl.F_GETFL, fcntl.F_SETFL,
                          fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_DUPFD_CLOEXEC)),
}  # fmt: skip

_Step = tuple[int, int, int, int]  # operation, steps to skip if so, if not, operand


def give_up_network() -> bool:
    """Return whether no thread of this process can open a socket from here on (pairs of its own excepted)."""
    if platform.machine() not in _MACHINES:
        return False
    denied = [step for name in _DENIED_TO_WORKERS for step in _if_called(name, [_fail(errno.EACCES)])]
    x32 = [(_AT_LEAST, 0, 1, _X32), _fail(errno.EACCES)]
    return _install([*x32, *denied, (_RETURN, 0, 0, _ALLOW)])


def only_compute() -> bool:
    """Return whether this process can do nothing but what is listed above from here on."""
    if platform.machine() not in _MACHINES:
        return False
    allow = (_RETURN, 0, 0, _ALLOW)
    mine = (0, _WHOLE, (os.getpid(),))  # `abort` is a signal to oneself
    steps = [step for name in _ALLOWED for step in _if_called(name, [allow])]
    for name, (argument, mask, values) in {**_ALLOWED_WITH, "kill": mine, "tgkill": mine}.items():
        # Only the lower half of an argument: all these are 32 bits wide to the kernel.
        test: list[_Step] = [(_LOAD, 0, 0, 16 + 8 * argument), (_AND, 0, 0, mask)]
        test += [step for value in values for step in ((_EQUAL, 0, 1, value), allow)]
        steps += _if_called(name, [*test, _fail(errno.EPERM)])
    # The C library then takes `clone`, whose flags can be looked at.
    steps += _if_called("clone3", [_fail(errno.ENOSYS)])
    return _install([*steps, _fail(errno.EPERM)])


def _if_called(name: str, then: list[_Step]) -> list[_Step]:
    number = NUMBERS[name][_MACHINES[platform.machine()][0]]
    return [] if number is None else [(_EQUAL, 0, len(then), number), *then]


def _fail(code: int) -> _Step:
    return (_RETURN, 0, 0, _FAIL | code)


def _install(steps: Iterable[_Step]) -> bool:
    """Put a filter in force that has the number of the call at hand; calls of another architecture fail."""
    place, architecture = _MACHINES[platform.machine()]
    start: list[_Step] = [(_LOAD, 0, 0, 4), (_EQUAL, 1, 0, architecture), _fail(errno.EACCES), (_LOAD, 0, 0, 0)]
    program = b"".join(struct.pack("HBBI", *step) for step in (*start, *steps))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    seccomp = NUMBERS["seccomp"][place] or 0
    return bool(libc.syscall(ctypes.c_long(seccomp), _SET_MODE_FILTER, _ALL_THREADS, header) == 0)
