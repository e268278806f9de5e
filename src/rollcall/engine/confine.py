"""Give up, for good, what a reader of content never needs: the network, and the insides of other processes.

A seccomp filter (Linux, x86-64 and arm64) lets these calls fail with EACCES in this process and all it starts. Where
the kernel has none the program goes on and says so: memory, time and the lack of a core file do not depend on it.
"""

import ctypes
import errno
import platform
import struct

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | errno.EACCES
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_X32 = 0x40000000  # system calls of a second numbering on x86-64

# machine -> (audit architecture, number of `seccomp`, numbers of: socket, ptrace, process_vm_readv, process_vm_writev,
# io_uring_setup; the last could open sockets without `socket`)
_CALLS = {
    "x86_64": (0xC000003E, 317, (41, 101, 310, 311, 425)),
    "aarch64": (0xC00000B7, 277, (198, 117, 270, 271, 425)),
}


def give_up_network() -> bool:
    """Return whether no thread of this process can open a socket from here on (pairs of its own excepted)."""
    if platform.machine() not in _CALLS:
        return False
    architecture, seccomp, denied = _CALLS[platform.machine()]
    program = _program(architecture, denied)
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.syscall(ctypes.c_long(seccomp), _SET_MODE_FILTER, _ALL_THREADS, header) == 0)


def _program(architecture: int, denied: tuple[int, ...]) -> bytes:
    """Return the filter: calls of another architecture or numbering and those denied fail, all others pass."""
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_JUMP_IF_EQUAL, 0, len(denied) + 3, architecture),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_JUMP_IF_AT_LEAST, len(denied) + 1, 0, _X32),
        *((_JUMP_IF_EQUAL, len(denied) - place, 0, number) for place, number in enumerate(denied)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _DENY),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
