"""Run a command where no packet gets out, and count those it sends: `netless.py REPORT COMMAND...` in a new namespace.

All ways lead to the loopback device, which nothing else uses here: whatever is sent to any address, a name server's
among them, is counted there.
"""

import ctypes
import fcntl
import json
import socket
import struct
import subprocess
import sys
from pathlib import Path

_UP, _RUNNING = 0x1, 0x40
_ROUTE = struct.Struct("Q16s16s16sHh4xQ8xh6xQQQH6x")  # struct rtentry
_SET_FLAGS, _ADD_ROUTE = 0x8914, 0x890B


def open_loopback() -> None:
    """Switch the loopback device on and lead every address to it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sh22x", b"lo", _UP | _RUNNING))
        anywhere = struct.pack("H14x", socket.AF_INET)
        device = ctypes.create_string_buffer(b"lo")
        route = _ROUTE.pack(0, anywhere, anywhere, anywhere, _UP, 0, 0, 0, ctypes.addressof(device), 0, 0, 0)
        fcntl.ioctl(control, _ADD_ROUTE, route)


def sent() -> int:
    """Return how many packets were sent."""
    line = next(line for line in Path("/proc/net/dev").read_text().splitlines() if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[9])


def main() -> int:
    """Run the command and report."""
    open_loopback()
    done = subprocess.run(sys.argv[2:], check=False)
    Path(sys.argv[1]).write_text(json.dumps({"sent": sent()}))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
