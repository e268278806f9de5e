"""The worker's end: have contents opened by children, believe only what passes the checks, outlive every death.

A child that dies costs the content in hand one reader: the death is looked at again in a child that has opened nothing
else, and when it is repeated there, the content is opened without the reader that was at work. Nothing is kept of what
a dying child said, unless it had said so much that it was passed on already; then the order is done again (Died).
"""

import contextlib
import mmap
import os
import signal
import time
from collections.abc import Callable, Generator, Iterator

import msgspec

from rollcall.engine.guard import Died
from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.items.parsers import PARSERS
from rollcall.items.reach import Chain
from rollcall.model import Blob, Child, Record, Trouble
from rollcall.sandbox import wire
from rollcall.sandbox.checks import Checks, ExcessError
from rollcall.sandbox.host import Host
from rollcall.sandbox.readers import START_SECONDS, ServerProcess
from rollcall.sandbox.rehearsal import AHEAD

MOST_OPENINGS = 200  # of one child
HELD_BYTES = 32 << 20  # of facts of one content that wait until it has ended
_WORKED = 10 << 20  # bytes of a content that are worth a second of `max_work` more
_PAGE = "image/x-portable-graymap"  # read by networks
_SLOW = 12  # times `max_work`, for such pages and where passwords are tried
_LOCKED = 12  # times the work where passwords are tried: ciphers are slow on purpose
_TRYING = 6  # times `max_seconds`: tries are counted, and a busy machine should not find less than an idle one
_WHOLE = 12  # times `max_seconds`: from the first to the last word about one content
_OF_A_PROCESS = 2  # of clocks: CPUCLOCK_SCHED, see clock_getcpuclockid(3)
# What is slow is no quicker in another child, and what says too much says no less.
_SAME_AGAIN = ("timed_out", "too_large")
_KILLS = 3  # a child killed from outside was hardly the content's doing; how often it is tried again
NAMES = tuple(parser.name for parser in PARSERS)


class _Child:
    """A child as its worker sees it."""

    def __init__(self, pid: int, channel: int, page: int, limits: Limits, host: Host, source: str) -> None:
        self.pid = pid
        self.channel = wire.Channel.of(channel)
        self._page = mmap.mmap(page, mmap.PAGESIZE)
        os.close(page)
        self.limits = limits
        self.host = host
        self.source = source
        self.n_openings = 0
        self.started_at = time.monotonic()

    def at_work(self) -> str:
        """Return the name of the reader at work, by the child's own account."""
        number = self._page[0]
        return NAMES[number - 1] if 0 < number <= len(NAMES) else ""

    def ask(self, request: wire.Message) -> None:
        """Have it begin with a content."""
        self._page[0] = 0
        self.channel.send(request)

    def worked(self) -> float:
        """Return the seconds of processor time it has used, 0.0 where it is no more."""
        try:
            return time.clock_gettime(~self.pid << 3 | _OF_A_PROCESS)
        except OSError:
            return 0.0

    def close(self) -> None:
        """Hang up."""
        self.channel.close()
        self._page.close()


class _Patience:
    """How long a child may go on without a sign of progress: by the clock, and by the work it does meanwhile."""

    def __init__(self, child: _Child, request: wire.Message, beat: Callable[[], None]) -> None:
        self._child = child
        self._beat = beat
        self._started = time.monotonic()
        self._most_work: float = child.limits.max_work
        self._most_seconds = child.limits.max_seconds
        match request:
            case wire.Open(opening):
                self._most_work *= _SLOW if opening.media_type == _PAGE or opening.last else 1
                self._most_work *= _LOCKED if opening.passwords else 1
                self._most_seconds *= _TRYING if opening.passwords else 1
                self._most_work += opening.size / _WORKED
            case wire.Root():
                self._most_work += request.size / _WORKED
        self.renew()

    def renew(self) -> None:
        """Begin anew: there was progress."""
        self._heard, self._worked = time.monotonic(), self._child.worked()

    def deadline(self) -> float:
        """Return when the clock ends it."""
        seconds = self._most_seconds
        return min(self._heard + seconds, self._started + _WHOLE * seconds)

    def wait(self) -> None:
        """Say that the worker is alive; raises SilenceError when the child has worked too long."""
        self._beat()
        if self._child.worked() - self._worked > self._most_work:
            raise wire.SilenceError

    def end(self) -> str:
        """Say what ended it."""
        spent = self._child.worked() - self._worked
        if spent > self._most_work:
            return f"no end in {spent:.0f} seconds of work"
        return f"no end in {self._most_seconds} seconds"


class Sandbox:
    """At most one child at a time, of a server of its own or of one that other workers share."""

    def __init__(self, ahead: tuple[str, ...] = AHEAD, server: wire.Channel | None = None) -> None:
        """Take what must be loaded, and the server; without one, one is started that ends with this sandbox."""
        self._own: ServerProcess | None = None
        if server is None:
            self._own = ServerProcess(ahead)
            server = self._own.channel
        self._server = server
        self._ahead = () if self._own is not None else ahead
        self._child: _Child | None = None
        self.n_forks = 0

    @property
    def pid(self) -> int:
        """The process of its own server."""
        return self._own.pid if self._own is not None else 0

    def close(self) -> None:
        """Hang up on the child, and end the server where it is its own."""
        self._drop()
        if self._own is not None:
            self._own.close()

    def open(
        self,
        opening: Opening,
        limits: Limits,
        host: Host,
        beat: Callable[[], None],
        avoid: dict[str, str] | None = None,
    ) -> Iterator[Record]:
        """Yield the facts of a content; a slice of a container that kills its reader raises Died."""
        death = yield from self._tried(wire.Open(opening, avoid or {}), opening.chain, limits, host, beat)
        if death is not None:
            if opening.shard:
                raise death
            yield Trouble(blob_id=opening.blob_id, code=death.code, detail=death.detail)
            yield Blob(
                blob_id=opening.blob_id, media_type="", parser="", size=opening.size, state="problem",
                n_parts=0, n_children=0,
            )  # fmt: skip

    def root(self, root: wire.Root, limits: Limits, host: Host, beat: Callable[[], None]) -> Iterator[Record]:
        """Yield the one occurrence a source is."""
        death = yield from self._tried(root, (("", root.source_id),), limits, host, beat)
        if death is not None:  # opening it will say the same
            yield Child(
                parent_blob_id="", locator=root.source_id, kind="file", name=root.name, blob_id=root.sha256,
                size=root.size,
            )  # fmt: skip

    def _tried(
        self, request: wire.Open | wire.Root, chain: Chain, limits: Limits, host: Host, beat: Callable[[], None]
    ) -> Generator[Record, None, Died | None]:
        """Yield facts of a content from a child that lives to its end; return how the last died where none does."""
        kills = 0
        while True:
            child = self._at_hand(chain[0][1], limits, host, beat)
            host.turn_to(chain, limits, beat)
            checks = Checks(request.opening if isinstance(request, wire.Open) else request, limits)
            fresh = child.n_openings == 0
            held: list[list[Record]] | None = []
            held_bytes = 0
            ended = False
            try:
                for records, n_bytes in self._said(child, request, checks, host, beat):
                    held_bytes += n_bytes
                    if held is None:
                        yield from records
                        continue
                    held.append(records)
                    if held_bytes > HELD_BYTES:
                        for each in held:
                            yield from each
                        held = None
                ended = True
            except Died as death:
                certain = fresh or death.code in _SAME_AGAIN
                if held is None or (isinstance(request, wire.Open) and request.opening.shard and certain):
                    raise
                kills += death.detail == _OUTSIDE
                if not certain or (death.detail == _OUTSIDE and kills < _KILLS):
                    continue
                if death.step and death.step not in request.avoid:
                    request = msgspec.structs.replace(request, avoid={**request.avoid, death.step: death.code})
                    continue
                return death
            finally:
                child.n_openings += 1
                if not ended or checks.troubled or child.n_openings >= MOST_OPENINGS:
                    self._drop()
            for each in held or ():
                yield from each
            return None

    def _said(
        self, child: _Child, request: wire.Message, checks: Checks, host: Host, beat: Callable[[], None]
    ) -> Iterator[tuple[list[Record], int]]:
        """Yield the records a child answers with, and their bytes; Died however it does not come to an end."""
        patience = _Patience(child, request, beat)
        try:
            child.ask(request)
            while True:
                body = child.channel.receive(patience.deadline(), patience.wait)
                message = wire.FROM_CHILD.decode(body)
                match message:
                    case wire.Facts():
                        n_bytes = len(body)
                        for records in checks.read(message):
                            yield records, n_bytes
                            n_bytes = 0
                            patience.renew()
                    case wire.Ended():
                        return
                    case wire.Failed(code, detail):
                        raise self._died(child, code, detail[:500], blame=False)
                    case _:
                        host.answer(message, child.channel)
                        if isinstance(message, (wire.Spooling, wire.AskTool, wire.AskMore)):
                            patience.renew()
        except wire.ClosedError:
            code, detail = self._how_it_ended(child)
            raise self._died(child, code, detail) from None
        except wire.SilenceError:
            raise self._died(child, "timed_out", patience.end()) from None
        except ExcessError as error:
            raise self._died(child, "too_large", str(error)) from None
        except wire.NonsenseError as error:
            raise self._died(child, "crashed", f"the reader said what it may not: {error}") from None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise self._died(child, "crashed", "the reader said what it may not: no message") from None

    def _died(self, child: _Child, code: str, detail: str, blame: bool = True) -> Died:
        self._ask_server(wire.End(child.pid))
        return Died(code, detail, child.at_work() if blame else "")

    def _how_it_ended(self, child: _Child) -> tuple[str, str]:
        ended = self._ask_server(wire.End(child.pid))
        if not isinstance(ended, wire.Exit):
            return "crashed", ""
        if not os.WIFSIGNALED(ended.status):
            return "crashed", f"exit {os.waitstatus_to_exitcode(ended.status)}"
        number = os.WTERMSIG(ended.status)
        if number == signal.SIGXCPU:
            return "timed_out", "too much processor time"
        if ended.starved or ended.peak > child.limits.max_memory // 2:
            return "out_of_memory", _signal_name(number)
        return "crashed", _OUTSIDE if number == signal.SIGKILL else _signal_name(number)

    def _at_hand(self, source: str, limits: Limits, host: Host, beat: Callable[[], None]) -> _Child:
        child = self._child
        if child is not None and (
            (child.source, child.limits) != (source, limits)
            or child.host is not host
            or time.monotonic() - child.started_at > max(limits.max_seconds, 60)
        ):
            self._drop()
        if self._child is None:
            host.close()
            self._child = self._fork(limits, host, source, beat)
        return self._child

    def _fork(self, limits: Limits, host: Host, source: str, beat: Callable[[], None] = lambda: None) -> _Child:
        answer = self._ask_server(wire.Fork(self._ahead), beat)
        if not isinstance(answer, wire.Forked):
            raise _NO_SERVER
        self.n_forks += 1
        channel, page = self._server.descriptors
        self._server.descriptors = []
        child = _Child(answer.pid, channel, page, limits, host, source)
        child.channel.send(wire.Begin(limits))
        return child

    def _drop(self) -> None:
        """Hang up on the child; it ends, and the server buries it."""
        if self._child is not None:
            self._child.close()
            self._child = None

    def _ask_server(self, message: wire.Message, beat: Callable[[], None] = lambda: None) -> wire.ServerSays:
        try:
            self._server.send(message)
            return wire.SERVER.decode(self._server.receive(time.monotonic() + START_SECONDS, beat))
        except (wire.ClosedError, wire.SilenceError):
            raise _NO_SERVER from None


# No content is to blame: the worker is replaced, and the order done again.
_NO_SERVER = Died("crashed", "the server of readers has gone", certain=False)
_OUTSIDE = "killed from outside"


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(number).name}"
    return f"signal {number}"
