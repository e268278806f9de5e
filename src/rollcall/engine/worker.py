"""One worker process: `python -P -m rollcall.engine.worker REQUEST REPLY KEY PARENT MEMORY READERS`, all numbers.

It opens hostile content, so it is built to be killed: it holds nothing that the store does not, it dies with its
supervisor, it leaves no core file, and what libraries print goes nowhere (they print what they choke on). The key
comes through a pipe and is never in an argument or the environment.
"""

import ctypes
import functools
import os
import resource
import signal
import sys
from pathlib import Path

from rollcall.engine import guard, messages
from rollcall.engine.work import Task, load_tasks, run_order
from rollcall.problems import CaseError
from rollcall.sandbox import answering
from rollcall.sandbox.seccomp import give_up_network
from rollcall.store import Store, open_with_key

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


def main(arguments: list[str]) -> int:
    """Serve orders until the supervisor hangs up; the exit status means nothing to it."""
    request, reply, key, parent, memory, readers = map(int, arguments)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the supervisor decides
    _harden(parent, memory)
    for fd in (request, reply, key, readers):
        os.set_inheritable(fd, False)
    answering.give(readers)
    with os.fdopen(key, "rb") as pipe:
        secret = pipe.read()
    try:
        _serve(request, reply, secret, give_up_network())
    except CaseError as error:
        messages.send(reply, messages.Halt(message=str(error)[:4096], exit_code=int(error.exit_code)))
    except BrokenPipeError:
        pass  # the supervisor is gone
    return 0


def _harden(parent: int, memory: int) -> None:
    """Die with the supervisor, leave no core, let no other process look inside, and bound the address space."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked to die with it
        os._exit(0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _serve(request: int, reply: int, secret: bytes, confined: bool) -> None:
    begin = messages.receive(request)
    if not isinstance(begin, messages.Begin):
        return

    def start() -> tuple[Store, dict[str, Task]] | messages.Broken:
        return open_with_key(Path(begin.case), secret), load_tasks(begin.tasks)

    started = guard.attempt_order(start, lambda code, trace: messages.Broken(detail=trace))
    if isinstance(started, messages.Broken):
        messages.send(reply, started)
        return
    store, tasks = started
    messages.send(reply, messages.Ready(confined=confined))
    while isinstance(order := messages.receive(request), messages.Run):
        ended = run_order(store, tasks, order.ref, order.context_id, functools.partial(_beat, reply))
        messages.send(reply, ended if isinstance(ended, messages.Stopped) else messages.Done())


def _beat(reply: int, index: int | None, step: str, counts: dict[str, int]) -> None:
    try:
        messages.send(reply, messages.Beat(index=index, step=step, counts=counts))
    except BrokenPipeError:  # the supervisor is gone; an error here would be blamed on the content in hand
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
