"""Landlock: this process and its children reach no file but those below named folders, read-only (Linux 5.13 on).

Newer kernels also refuse TCP ports (ABI 4), devices' ioctls (5), abstract sockets and signals to outside (6). What the
kernel knows is asked first, because a request for more than that is refused as a whole.
"""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on all machines
_VERSION = 1  # flag of _CREATE
_BELOW = 1  # a rule about a folder and what is in it
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
# rights of the file system by ABI: 13 at first, then moving between folders, truncating, ioctl on devices
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_PORTS, _SCOPES = 0b11, 0b11  # bind and connect; abstract sockets and signals


def version() -> int:
    """Return the ABI the kernel speaks; 0 when it has no Landlock or it is switched off."""
    return max(0, _call(_CREATE, None, 0, _VERSION))


def only_read(folders: Iterable[Path]) -> bool:
    """Reach nothing from here on but what is below these folders, and that for reading; say whether it holds."""
    abi = version()
    if not abi:
        return False
    rights = _RIGHTS[max(known for known in _RIGHTS if known <= abi)]
    words = [rights, _PORTS if abi >= 4 else 0, _SCOPES if abi >= 6 else 0]
    length = 3 if abi >= 6 else 2 if abi >= 4 else 1
    attributes = struct.pack(f"{length}Q", *words[:length])
    ruleset = _call(_CREATE, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for folder in folders:
            descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = struct.pack("=Qi", _READ_FILE | _READ_FOLDER, descriptor)
                if _call(_ADD, ruleset, _BELOW, rule, 0) != 0:
                    return False
            finally:
                os.close(descriptor)
        return _call(_RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    return int(libc.syscall(ctypes.c_long(number), *map(_argument, arguments)))


def _argument(value: int | bytes | None) -> object:
    return ctypes.c_long(value) if isinstance(value, int) else value
