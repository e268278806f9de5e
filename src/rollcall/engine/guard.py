"""The one place where any error is caught: what untrusted content does to a reader becomes a code, never a lost item.

What is told of an error is its type and where it was raised (file and line). Its message is never looked at: readers
put the content they choke on into it, and that is somebody's data.

Three kinds pass through untouched: what stops the program (Ctrl-C, exit), a `CaseError`, and a full or read-only disk.
The last two say nothing about the evidence, and would otherwise be remembered as if they did.
"""

import errno
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from traceback import walk_tb
from typing import TypeVar

from rollcall.problems import CaseError, Exit

T = TypeVar("T")
OnFault = Callable[[str, str], T]  # (code of problems.py, detail) -> what to go on with

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_STDLIB = sysconfig.get_paths()["stdlib"]
_TRACE = 12  # innermost frames of a trace that is logged


class Died(Exception):
    """A reader in a process of its own died of the content in hand; `step` is what it was doing.

    `certain`: it has been seen to die of it again with nothing else about, so trying again would tell nothing new.
    """

    def __init__(self, code: str, detail: str, step: str = "", certain: bool = True) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.step = step
        self.certain = certain


def guarded(source: Iterable[T] | Callable[[], Iterable[T]], on_fault: OnFault[T]) -> Iterator[T]:
    """Yield what a parser yields; when it fails, yield `on_fault(code, detail)` last instead of raising.

    A callable is called inside the guard: some readers fail before they yield anything.
    """
    iterator: Iterator[T] | None = None
    try:
        while True:
            try:
                if iterator is None:
                    iterator = iter(source() if callable(source) else source)
                value = next(iterator)
            except StopIteration:
                return
            except BaseException as error:
                if not is_fault(error):
                    raise
                fault = on_fault(code_of(error), place_of(error))
                break
            yield value
        yield fault
    finally:
        _close(iterator)


def attempt(function: Callable[[], T], on_fault: OnFault[T], otherwise: str = "parser_failed") -> T:
    """Return what the function returns, or `on_fault(code, detail)` when it fails."""
    try:
        return function()
    except BaseException as error:
        if not is_fault(error):
            raise
        return on_fault(code_of(error, otherwise), place_of(error))


def attempt_order(function: Callable[[], T], on_fault: OnFault[T]) -> T:
    """Return what a task returns, or `on_fault(code, trace)`; a full disk becomes the CaseError it is."""
    try:
        return function()
    except BaseException as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise CaseError(
                "The disk of the case is full or read-only. Nothing is lost: make room and run again.", Exit.NO_ROOM
            ) from None
        if not is_fault(error):
            raise
        return on_fault(code_of(error, "internal_error"), trace_of(error))


def is_fault(error: BaseException) -> bool:
    """Decide whether an error speaks of the content in hand rather than of the case, the disk or the program's end.

    A panic of a Rust library derives from BaseException; it is a failed reader like any other.
    """
    if isinstance(error, CaseError) or (isinstance(error, OSError) and error.errno in _NO_ROOM):
        return False
    return isinstance(error, Exception) or type(error).__module__ == "pyo3_runtime"


def code_of(error: BaseException, otherwise: str = "parser_failed") -> str:
    """Return the code of problems.py that an error stands for."""
    if isinstance(error, MemoryError):
        return "out_of_memory"
    if isinstance(error, RecursionError):
        return "too_deep"
    return otherwise


def place_of(error: BaseException) -> str:
    """Return "Type at folder/file.py:line": the innermost frame that is not the standard library's."""
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    ours = [where for where in frames if not _is_stdlib(where[0])] or frames
    return f"{_type_name(error)} at {_short(*ours[-1])}" if ours else _type_name(error)


def trace_of(error: BaseException) -> str:
    """Return the type of an error and the functions it came through, innermost first: no message, no values."""
    frames = [(frame.f_code, line) for frame, line in walk_tb(error.__traceback__)]
    steps = [f"{_short(code.co_filename, line)} {code.co_name}" for code, line in reversed(frames[-_TRACE:])]
    return " < ".join([_type_name(error), *steps])


def _type_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _short(file: str, line: int) -> str:
    # The folder is kept because many a library raises from an `__init__.py`; the rest would name this machine.
    return f"{'/'.join(Path(file).parts[-2:])}:{line}"


def _is_stdlib(file: str) -> bool:
    return file.startswith("<") or (file.startswith(_STDLIB) and "-packages" not in file)


def _close(iterator: object) -> None:
    close = getattr(iterator, "close", None)
    if close is None:
        return
    try:
        close()
    except BaseException as error:
        if not is_fault(error):
            raise
