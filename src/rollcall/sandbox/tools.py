"""Run a program of the system over untrusted content, under bubblewrap; without bubblewrap none is run.

It has no network and no files but /usr and a folder of its own in memory; the content is its standard input, what it
makes its standard output, and memory, time and bytes are bounded.
"""

import functools
import os
import select
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

from rollcall.items.parser import ContentError, Limits
from rollcall.sandbox.wire import PIECE

_FILES = "cd /out && {} >/dev/null 2>&1; cd /out && exec tar -cf - ."
# It gives up where the one who runs it has no name.
_ACCOUNT = 'mkdir /etc && echo "reader:x:$(id -u):$(id -g)::/out:" > /etc/passwd; '
# name -> (program that must be there, what is done); /dev/stdin is the content, /out is empty
TOOLS: dict[str, tuple[str, str]] = {
    "readpst": ("readpst", _FILES.format("readpst -q -D -e -j 0 -o /out /dev/stdin")),
    "bsdtar": ("bsdtar", "exec bsdtar -cf - --format=pax @-"),
    "unar": ("unar", _ACCOUNT + _FILES.format("unar -q -f -D -o /out /dev/stdin")),
    "tesseract": ("tesseract", "exec tesseract stdin stdout tsv"),
    "catdoc": ("catdoc", "exec catdoc -d utf-8 -w"),
}
_PATH = "/usr/local/bin:/usr/bin:/bin"
_TICK = 1.0


def available(name: str) -> bool:
    """Say whether a program is there, and bubblewrap to keep it apart."""
    return name in TOOLS and shutil.which(TOOLS[name][0], path=_PATH) is not None and _wraps()


def run(name: str, content: int, limits: Limits, beat: Callable[[], None]) -> Iterator[bytes]:
    """Yield what a program makes of the content of a descriptor; ContentError where it does not run or end well."""
    if not available(name):
        raise ContentError("needs_tool", name)
    script = f"ulimit -v {limits.max_memory >> 10} && ulimit -t {limits.max_seconds} || exit; {TOOLS[name][1]}"
    # Opened anew, so that the program begins at the start whatever was read before.
    again = os.open(f"/proc/self/fd/{content}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command; the content is data to it
            [*_wrapped(limits.max_bytes), "/bin/sh", "-c", script],
            stdin=again, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={},
        )  # fmt: skip
    finally:
        os.close(again)
    try:
        yield from _output(name, process, limits, beat)
        if process.wait() != 0:
            raise ContentError("partial", f"{name} ended with {process.returncode}")
    finally:
        process.kill()
        process.wait()


def _output(name: str, process: "subprocess.Popen[bytes]", limits: Limits, beat: Callable[[], None]) -> Iterator[bytes]:
    pipe = process.stdout.fileno() if process.stdout else -1
    deadline, left = time.monotonic() + limits.max_seconds, limits.max_bytes
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    while True:
        if time.monotonic() > deadline:
            raise ContentError("timed_out", name)
        if not poll.poll(_TICK * 1000):
            beat()
            continue
        piece = os.read(pipe, PIECE)
        if not piece:
            return
        left -= len(piece)
        if left < 0:
            raise ContentError("bomb", f"{name} makes more than {limits.max_bytes} bytes")
        yield piece


@functools.cache
def _wraps() -> bool:
    """Say whether bubblewrap is there and this system lets it work."""
    if shutil.which("bwrap", path=_PATH) is None:
        return False
    command = [*_wrapped(1 << 20), "/bin/sh", "-c", "test -r /dev/stdin"]
    try:
        done = subprocess.run(  # noqa: S603 - our own command
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False, env={}
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _wrapped(most: int) -> list[str]:
    # A worker has given up sockets for itself and all it starts, also the one that sets up a network of one's own.
    network = ["--share-net"] if _without_sockets() else []
    return [
        shutil.which("bwrap", path=_PATH) or "bwrap", "--unshare-all", *network, "--die-with-parent", "--new-session",
        "--cap-drop", "ALL", "--ro-bind", "/usr", "/usr", "--ro-bind-try", "/lib", "/lib", "--ro-bind-try", "/lib64",
        "/lib64", "--ro-bind-try", "/bin", "/bin", "--proc", "/proc", "--dev", "/dev", "--size", str(most), "--tmpfs",
        "/out", "--setenv", "PATH", _PATH, "--setenv", "LANG", "C.UTF-8",
        "--setenv", "OMP_THREAD_LIMIT", "1", "--chdir", "/out", "--",
    ]  # fmt: skip


def _without_sockets() -> bool:
    try:
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()
    except OSError:
        return True
    return False
