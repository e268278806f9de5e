"""Tasks that do their work, and entries that do every harm an untrusted content can do to its reader."""

import ctypes
import os
import resource
import signal
import socket
import time
from pathlib import Path

from rollcall.engine.orders import UNREACHED
from rollcall.engine.work import Task, Work
from rollcall.model import Blob, Part, Trouble


def harm(what: str, work: Work) -> None:
    """Do what an entry says: what kills at once here, what takes its time in `wear`."""
    match what:
        case "abort":
            os.abort()
        case "null":
            ctypes.string_at(0)
        case "exit":
            os._exit(3)
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise ValueError("a value of a person: 899-45-1234")
        case "deep":
            harm("deep", work)
        case "surrogate":
            work.emit(part(work.order.entries[work.index or 0]["blob"], text="\ud800"))
        case _:
            wear(what, work)


def wear(what: str, work: Work) -> None:
    """Use up time or memory."""
    match what:
        case "loop":
            while True:
                pass
        case "allocate":
            bytearray(10 << 30)
        case "grow":
            held = []
            while True:
                held.append(b"\x01" * (16 << 20))
                work.beat()
                time.sleep(0.01)


def part(blob: str, number: int = 0, text: str = "x") -> Part:
    """Return a fact."""
    return Part(blob_id=blob, part_no=number, kind="text", text=text)


def log(work: Work, line: str) -> None:
    """Note that an entry was done, beside the case."""
    if path := work.context.get("log"):
        with Path(path).open("a") as stream:
            stream.write(line + "\n")


def read_entries(work: Work) -> None:
    """Emit one part for each number of each entry, and do the harm it is asked to."""
    for entry in work.entries():
        log(work, entry["blob"])
        harm(entry.get("do", ""), work)
        if once := entry.get("once"):  # only the first time: what is not the content's doing
            marker = Path(work.context["marks"]) / f"{entry['blob']}.{once}"
            if not marker.exists():
                marker.touch()
                harm(once, work)
        for number in range(entry.get("n", 1)):
            work.emit(part(entry["blob"], number, f"text {number} of {entry['blob']}"))
            if "sleep" in entry:
                time.sleep(entry["sleep"])
            work.beat()
        work.count("items")
        if entry.get("away"):
            work.count(UNREACHED)


def read_steps(work: Work) -> None:
    """Emit one part for each step of each entry; what was fatal before becomes a trouble."""
    for entry in work.entries():
        for number, step in enumerate(entry["steps"]):
            if code := work.step(step):
                work.emit(Trouble(blob_id=entry["blob"], part_no=number, code=code))
                continue
            harm(step, work)
            work.emit(part(entry["blob"], number, step))


def count_parts(work: Work) -> None:
    """Emit one blob for each segment of parts read."""
    for _ in work.entries():
        for table in work.read(Part):
            blob = "".join(sorted(table.column("blob_id").to_pylist()))
            work.emit(
                Blob(blob_id=blob, media_type="", parser="", size=0, state="read", n_parts=table.num_rows, n_children=0)
            )


def impure(work: Work) -> None:
    """Emit what depends on the moment."""
    for entry in work.entries():
        work.emit(part(entry["blob"], text=str(time.monotonic_ns())))


def halt(work: Work) -> None:
    """Meet what only a person can mend."""
    from rollcall.problems import CaseError, Exit

    for entry in work.entries():
        if entry["do"] == "case":
            raise CaseError("A segment cannot be used. Run verify.", Exit.VERIFICATION)
        raise OSError(28, "No space left on device")


def look_around(work: Work) -> None:
    """Emit what a reader of hostile content could do from here."""
    for entry in work.entries():
        try:
            socket.socket(socket.AF_INET).close()
            network = "open"
        except PermissionError:
            network = "closed"
        said = {
            "network": network,
            "core": str(resource.getrlimit(resource.RLIMIT_CORE)),
            "memory": str(resource.getrlimit(resource.RLIMIT_AS)[0] >> 30),
            "interrupt": str(signal.getsignal(signal.SIGINT) == signal.SIG_IGN),
            "output": " ".join(str(Path(f"/proc/self/fd/{fd}").readlink()) for fd in range(3)),
            "inherited": str([fd for fd in range(3, 64) if inheritable(fd)]),
            "threads": os.environ["OMP_NUM_THREADS"],
        }
        for number, (name, value) in enumerate(sorted(said.items())):
            work.emit(part(entry["blob"], number, f"{name} {value}"))


def inheritable(fd: int) -> bool:
    """Return whether a program started from here would have it."""
    try:
        return os.get_inheritable(fd)
    except OSError:
        return False


TASKS = (
    Task(name="parts", version=1, run=read_entries),
    Task(name="steps", version=1, run=read_steps),
    Task(name="sums", version=1, run=count_parts),
    Task(name="impure", version=1, run=impure),
    Task(name="look", version=1, run=look_around),
    Task(name="halt", version=1, run=halt),
)
