"""What is shown of a run: done of total, rate of the last minute, time left; rewritten on a terminal only."""

import io

import pytest

from rollcall.engine.progress import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def lines(
    stream: io.StringIO, steps: list[tuple[float, int]], total: int | None = 1000, unit: str = "items"
) -> list[str]:
    clock = Clock()
    progress = Progress(stream, clock, every=10)
    progress.start("items", total, unit)
    for seconds, n in steps:
        clock.now += seconds
        progress.advance(n)
    progress.finish("2 problems")
    return stream.getvalue().splitlines()


@pytest.mark.parametrize(
    ("steps", "total", "unit", "shown"),
    [
        ([(10, 100)], 1000, "items", "items: 100 items of 1,000 items (10%), 10 items/s, 1 min 30 s left"),
        ([(10, 100)], None, "items", "items: 100 items, 10 items/s"),
        ([(10, 5)], 36000, "items", "items: 5 items of 36,000 items (0%), 0.5 items/s, 19 h 59 min left"),
        ([(10, 50_000_000)], 10**9, "bytes", "items: 50.0 MB of 1.0 GB (5%), 5.0 MB/s, 3 min 10 s left"),
        ([(10, 0)], 1000, "items", "items: 0 items of 1,000 items (0%)"),
        ([(10, 0)], 0, "items", "items: 0 items of 0 items (100%)"),
        # slow at first, then fast: the rate is that of the last minute
        (
            [(100, 10), (30, 300), (30, 300)],
            1000,
            "items",
            "items: 610 items of 1,000 items (61%), 10 items/s, 39 s left",
        ),
    ],
)
def test_a_line_says_how_far_how_fast_how_long(
    steps: list[tuple[float, int]], total: int | None, unit: str, shown: str
) -> None:
    assert lines(io.StringIO(), steps, total, unit)[-2] == shown


def test_no_terminal_gets_few_lines_and_no_control_characters() -> None:
    written = lines(io.StringIO(), [(0.5, 1)] * 100)
    assert len(written) == 6
    assert written[-1] == "items: 100 items in 50 s, 2 items/s, 2 problems"
    assert "\r" not in "".join(written)


def test_a_terminal_has_one_line_rewritten() -> None:
    stream = Terminal()
    lines(stream, [(0.0625, 1)] * 100)
    assert stream.getvalue().count("\n") == 1
    assert stream.getvalue().count("\r\x1b[K") == 1 + 50 + 1  # begin, at most ten a second, end


def test_totals_may_grow_and_quiet_is_quiet() -> None:
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock, every=1)
    progress.start("items", 10)
    progress.expect(20)
    clock.now += 2
    progress.advance(10)
    assert "10 items of 20 items (50%)" in stream.getvalue()
    silent = io.StringIO()
    progress = Progress(silent, clock, every=0, quiet=True)
    progress.start("items", 10)
    progress.advance()
    progress.finish()
    assert silent.getvalue() == ""
