"""What a failing reader becomes: a code and a place, never the message, and never the end of the walk."""

import errno
from collections.abc import Iterable, Iterator
from types import TracebackType

import pytest

from rollcall.engine.guard import attempt, attempt_order, guarded, place_of, trace_of
from rollcall.problems import CaseError, Exit

SECRET = "899-45-1234"
PanicException = type("PanicException", (BaseException,), {"__module__": "pyo3_runtime"})


def fails(error: BaseException) -> Iterator[object]:
    yield 1
    yield 2
    raise error


def deep(n: int) -> int:
    return deep(n + 1) + 1


def too_deep() -> Iterator[object]:
    yield deep(0)


@pytest.mark.parametrize(
    ("source", "values", "code", "type_name"),
    [
        (lambda: fails(ValueError(SECRET)), [1, 2], "parser_failed", "ValueError"),
        (lambda: fails(MemoryError()), [1, 2], "out_of_memory", "MemoryError"),
        (lambda: fails(PanicException(SECRET)), [1, 2], "parser_failed", "pyo3_runtime.PanicException"),
        (lambda: fails(OSError(errno.EIO, SECRET)), [1, 2], "parser_failed", "OSError"),
        (lambda: fails(UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, SECRET)), [1, 2], "parser_failed", "Unicode"),
        (too_deep, [], "too_deep", "RecursionError"),
        (lambda: 1 / 0, [], "parser_failed", "ZeroDivisionError"),  # before there is anything to walk
        (lambda: None, [], "parser_failed", "TypeError"),  # not iterable
    ],
)
def test_what_a_parser_raises_comes_last_as_a_value(
    source: object, values: list[object], code: str, type_name: str
) -> None:
    *yielded, fault = guarded(source, lambda code, detail: (code, detail))  # type: ignore[arg-type]
    assert yielded == values
    assert fault[0] == code
    assert fault[1].startswith(type_name)
    assert "engine/test_guard.py:" in fault[1] or type_name == "TypeError"
    assert SECRET not in fault[1]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), CaseError("no key", Exit.KEY_NEEDED)])
def test_what_is_not_the_contents_doing_passes(error: BaseException) -> None:
    walk = guarded(fails(error), lambda code, detail: detail)
    assert [next(walk), next(walk)] == [1, 2]
    with pytest.raises(type(error)):
        next(walk)
    with pytest.raises(type(error)):
        attempt(lambda: list(fails(error)), lambda code, detail: [detail])


def test_a_full_disk_is_never_blamed_on_the_content() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(OSError, match="No space"):
        list(guarded(fails(full), lambda code, detail: detail))
    with pytest.raises(CaseError) as caught:
        attempt_order(lambda: list(fails(full)), lambda code, detail: [detail])
    assert caught.value.exit_code == Exit.NO_ROOM


def test_whole_iterables_pass_unchanged_and_iterators_are_closed() -> None:
    closed = []

    def closing() -> Iterator[int]:
        try:
            yield from range(3)
        finally:
            closed.append(True)

    assert list(guarded([1, 2, 3], lambda code, detail: -1)) == [1, 2, 3]
    assert list(guarded(closing, lambda code, detail: -1)) == [0, 1, 2]
    walk = guarded(closing(), lambda code, detail: -1)
    next(walk)
    walk.close()
    assert closed == [True, True]


def test_a_reader_that_fails_when_closed_does_no_harm() -> None:
    def stubborn() -> Iterable[int]:
        try:
            yield 1
        finally:
            raise ValueError(SECRET)

    walk = guarded(stubborn(), lambda code, detail: -1)
    assert next(walk) == 1
    walk.close()


def caught(function: object) -> tuple[BaseException, TracebackType | None]:
    try:
        function()  # type: ignore[operator]
    except ValueError as error:
        return error, error.__traceback__
    raise AssertionError("nothing was raised")


def test_the_place_is_ours_not_the_standard_librarys() -> None:
    import json

    error, _ = caught(lambda: json.loads(SECRET + "{"))
    assert place_of(error).startswith("json.decoder.JSONDecodeError at engine/test_guard.py:")
    assert "json/decoder.py" in trace_of(error)
    assert SECRET not in place_of(error) + trace_of(error)
    assert place_of(ValueError(SECRET)) == "ValueError"


def test_attempt_returns_the_value_or_what_the_fault_becomes() -> None:
    assert attempt(lambda: 3, lambda code, detail: 4) == 3
    assert attempt(lambda: int("x"), lambda code, detail: code) == "parser_failed"
    assert attempt_order(lambda: int("x"), lambda code, detail: code) == "internal_error"
