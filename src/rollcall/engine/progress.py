"""How far a run is, how fast, and how long it will take: numbers only, no name of anything.

On a terminal one line is rewritten; elsewhere a line is written now and then, so that a log stays short.
"""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import TextIO

_REDRAW_SECONDS = 0.1  # on a terminal
_WINDOW_SECONDS = 60.0  # the rate is that of the last minute: shards differ, and so do the hours of a shared machine
_SAMPLE_SECONDS = 0.5


class Progress:
    """Shows one stage at a time on a stream, standard error as a rule."""

    def __init__(
        self, stream: TextIO, clock: Callable[[], float] = time.monotonic, every: float = 10.0, quiet: bool = False
    ) -> None:
        """Take where to write; `every` is the seconds between lines where the stream is no terminal."""
        self._stream = stream
        self._clock = clock
        self._terminal = stream.isatty()
        self._every = _REDRAW_SECONDS if self._terminal else every
        self._quiet = quiet
        self._stage = ""
        self._unit = "items"
        self._done = 0
        self._total: int | None = None
        self._began_at = 0.0
        self._shown_at = 0.0
        self._samples: deque[tuple[float, int]] = deque()

    def start(self, stage: str, total: int | None, unit: str = "items") -> None:
        """Begin a stage; `total` is None where nobody knows, `unit` "bytes" is shown in KB, MB, GB."""
        now = self._clock()
        self._stage, self._total, self._unit, self._done = stage, total, unit, 0
        self._began_at = self._shown_at = now
        self._samples = deque([(now, 0)])
        if self._terminal:
            self._show(now)

    def advance(self, n: int = 1) -> None:
        """Add what was done."""
        self._done += n
        now = self._clock()
        if now - self._samples[-1][0] >= _SAMPLE_SECONDS:
            self._samples.append((now, self._done))
            while len(self._samples) > 2 and now - self._samples[0][0] > _WINDOW_SECONDS:
                self._samples.popleft()
        if now - self._shown_at >= self._every:
            self._show(now)

    @contextlib.contextmanager
    def inside(self, stage: str, total: int | None, unit: str = "items") -> Iterator[None]:
        """Show another stage for a while, then go on with the one before."""
        kept = (self._stage, self._total, self._unit, self._done, self._began_at, self._samples)
        self.start(stage, total, unit)
        yield
        self.finish()
        self._stage, self._total, self._unit, self._done, self._began_at, self._samples = kept

    def expect(self, total: int) -> None:
        """Set the total anew, when more work is found on the way."""
        self._total = total

    def finish(self, summary: str = "") -> None:
        """End the stage with a line that stays: what was done, and in what time."""
        seconds = self._clock() - self._began_at
        words = [f"{self._stage}: {_amount(self._done, self._unit)} in {_duration(seconds)}"]
        if seconds > 0 and self._done:
            words.append(f"{_amount(self._done / seconds, self._unit)}/s")
        if summary:
            words.append(summary)
        self._write(", ".join(words), last=True)

    def _show(self, now: float) -> None:
        self._shown_at = now
        self._write(self._line(now), last=not self._terminal)

    def _line(self, now: float) -> str:
        if self._total is None:
            words = [f"{self._stage}: {_amount(self._done, self._unit)}"]
        else:
            share = 100 * self._done // self._total if self._total else 100
            words = [
                f"{self._stage}: {_amount(self._done, self._unit)} of {_amount(self._total, self._unit)} ({share}%)"
            ]
        began, before = self._samples[0]
        rate = (self._done - before) / (now - began) if now > began else 0.0
        if rate > 0:
            words.append(f"{_amount(rate, self._unit)}/s")
            if self._total is not None and self._total > self._done:
                words.append(f"{_duration((self._total - self._done) / rate)} left")
        return ", ".join(words)

    def _write(self, line: str, last: bool) -> None:
        if self._quiet:
            return
        before = "\r\x1b[K" if self._terminal else ""
        self._stream.write(before + line + ("\n" if last else ""))
        self._stream.flush()


def _amount(n: float, unit: str) -> str:
    if unit != "bytes":
        return f"{n:,.0f} {unit}" if n >= 10 or n == int(n) else f"{n:,.1f} {unit}"
    for name in ("B", "KB", "MB", "GB"):
        if n < 1000 or name == "GB":
            return f"{n:,.0f} {name}" if name == "B" or n >= 100 else f"{n:,.1f} {name}"
        n /= 1000
    raise AssertionError("unreachable")


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
