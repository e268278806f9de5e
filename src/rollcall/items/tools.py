"""Programs of the system that read what no library here does: readpst, bsdtar, unar, tesseract, catdoc.

A reader asks for one by name and is given what it writes; whoever runs readers says how programs are run. Where none
may be run, or the program is not there, `run` raises ContentError("needs_tool").
"""

from collections.abc import Callable, Iterator

from rollcall.items.parser import ContentError
from rollcall.items.readable import Readable

Runner = Callable[[str, Readable], Iterator[bytes]]


def run(name: str, untrusted: Readable) -> Iterator[bytes]:
    """Yield what a program writes about a content; of those that write files, a tar archive."""
    if not _runners:
        raise ContentError("needs_tool", name)
    yield from _runners[-1](name, untrusted)


def offer(runner: Runner) -> None:
    """Have programs run in this way from here on."""
    _runners.append(runner)


def withdraw(runner: Runner) -> None:
    """Have programs run as they were before this way was offered."""
    _runners.remove(runner)


_runners: list[Runner] = []
