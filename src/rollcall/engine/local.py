"""The local engine: a supervisor over worker processes on this machine.

A worker may crash, hang, or eat memory, because it opens hostile content with native libraries; the supervisor does
nothing but watch, so it does not. It runs in the caller's thread, inside the iterator that `map` returns: no threads,
one selector over the workers' pipes. Workers start when there is work for them and live from one `map` to the next.

Use it as a context manager, in the main thread: leaving it, by whatever exception, kills the workers and waits for
them. (They also die when the supervisor is killed; the kernel ties that to the thread that started them.)
"""

import contextlib
import logging
import selectors
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Self

from rollcall.engine import messages
from rollcall.engine.isolation import Isolation
from rollcall.engine.orders import UNREACHED, kept_outcome
from rollcall.engine.outcome import Outcome
from rollcall.engine.process import WorkerProcess
from rollcall.engine.work import Task, load_tasks
from rollcall.problems import CaseError, Exit
from rollcall.sandbox.readers import Readers
from rollcall.store import Store

_log = logging.getLogger(__name__)
_TICK = 0.2  # seconds between looks at clocks and memory
_START_SECONDS = 60  # for a worker to import what it needs, on a machine that is busy
_AHEAD = 2  # orders taken from the caller beyond one for each worker


class LocalEngine:
    """Runs orders in `workers` processes; see `Engine.map`.

    An order that has an outcome already is not run again; its outcome is yielded. `retry_failed` makes an exception
    for those that failed, and for those that lost a step.
    """

    def __init__(
        self,
        store: Store,
        tasks: str = "rollcall.tasks:TASKS",
        *,
        workers: int = 2,
        beat_seconds: float = 300,
        max_rss: int = 2 << 30,
        address_space: int = 6 << 30,
        attempts: int = 3,
        recycle_after: int = 200,
        retry_failed: bool = False,
        on_progress: Callable[[str, dict[str, int]], None] | None = None,
    ) -> None:
        """Take the limits; nothing is started.

        `beat_seconds` is how long an entry may go without a sign of progress, `max_rss` what a worker may hold in
        memory, `attempts` how often an entry may kill its worker. `on_progress(ref, counts so far)` is called while
        an order is in hand.
        """
        self._store = store
        self._registry = tasks
        self._tasks: dict[str, Task] = load_tasks(tasks)
        self._n_workers = max(1, workers)
        self._beat_seconds = beat_seconds
        self._max_rss = max_rss
        self._address_space = address_space
        self._attempts = attempts
        self._recycle_after = recycle_after
        self._retry_failed = retry_failed
        self._on_progress = on_progress
        self._workers: list[WorkerProcess] = []
        self._readers = Readers()
        self._opens = False  # the orders in hand open contents
        self._selector = selectors.DefaultSelector()
        self._listened_at = self._judged_at = 0.0
        self._cancelled = False
        self._warned = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill all workers and wait for them; a later `map` starts new ones."""
        while self._workers:
            self._retire(self._workers[-1])
        self._readers.close()

    def cancel(self) -> None:
        """Make `map`, now and later, stop soon with its workers killed; safe to call from a signal handler."""
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        """Whether `map` stopped because it was told to, so that what it yielded is not everything."""
        return self._cancelled

    @property
    def worker_pids(self) -> list[int]:
        """The processes that are alive, or were when last looked at."""
        return [worker.pid for worker in self._workers]

    def map(self, task_name: str, refs: Iterable[str], context_id: str) -> Iterator[tuple[str, Outcome]]:
        """Yield (ref, outcome) for each order as it ends, in any order; see `Engine.map`. One `map` at a time."""
        if any(worker.ref for worker in self._workers):
            raise RuntimeError("the orders of another map are still in hand")
        stage = _Stage(self._store, self._tasks[task_name], context_id, self._attempts, self._retry_failed)
        stage.take(refs)
        self._listened_at = time.monotonic()
        self._opens = self._tasks[task_name].opens
        if self._opens:
            self._readers.begin()
        unfinished = True
        try:
            while unfinished and not self._cancelled:
                yield from stage.fill(self._n_workers + _AHEAD)
                self._hand_out(stage)
                unfinished = any(worker.ref for worker in self._workers)
                outcomes = list(self._watch(stage)) if unfinished else []
                self._hand_out(stage)  # so that nobody idles while the caller looks at what came
                for outcome in outcomes:
                    yield outcome.ref, outcome
        finally:
            if unfinished:  # cancelled, Ctrl-C, a caller that goes no further, a bug: leave no worker behind
                self.close()

    def _hand_out(self, stage: "_Stage") -> None:
        idle = [worker for worker in self._workers if worker.ref is None]
        while stage.ready:
            if not idle:
                if len(self._workers) >= self._n_workers:
                    return
                idle.append(self._start())
            idle.pop().give(stage.ready.popleft(), stage.context_id)

    def _start(self) -> WorkerProcess:
        worker = WorkerProcess(self._store, self._registry, self._address_space, self._readers.place())
        if self._opens:
            self._readers.begin()
        self._workers.append(worker)
        self._selector.register(worker.fileno(), selectors.EVENT_READ, worker)
        return worker

    def _retire(self, worker: WorkerProcess) -> str:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(worker.fileno())
        self._workers.remove(worker)
        return worker.kill()

    def _watch(self, stage: "_Stage") -> Iterator[Outcome]:
        """Yield the outcomes of what ended within one tick."""
        heard = self._selector.select(_TICK)
        now = time.monotonic()
        # A caller that dwells on an outcome, or a stopped terminal, is no silence of the workers; and what was said in
        # the meantime is listened to before anyone is judged.
        passed, self._listened_at = min(now - self._listened_at, 5 * _TICK), now
        for worker in self._workers:
            worker.silent += passed
        for key, _ in heard:
            for reply in key.data.hear():
                if key.data not in self._workers:  # retired by what it said just before
                    break
                outcome = self._heard(stage, key.data, reply)
                if outcome:
                    yield outcome
        if now - self._judged_at < _TICK:
            return
        self._judged_at = now
        for worker in list(self._workers):
            outcome = self._judged(stage, worker)
            if outcome:
                yield outcome

    def _heard(self, stage: "_Stage", worker: WorkerProcess, reply: messages.Reply | None) -> Outcome | None:
        match reply:
            case None:
                return self._lost(stage, worker, "crashed", self._retire(worker))
            case messages.Beat() if worker.ref and self._on_progress:
                self._on_progress(worker.ref, worker.counts)
            case messages.Ready() if not reply.confined and not self._warned:
                self._warned = True
                _log.warning("this system does not let readers of untrusted content be cut off from the network")
            case messages.Done() if worker.ref:
                ref, worker.ref = worker.ref, None
                worker.n_orders += 1
                if worker.n_orders >= self._recycle_after or worker.memory() > self._max_rss // 2:
                    self._retire(worker)
                return stage.kept(ref) or stage.settle(
                    ref, messages.Stopped(index=None, code="crashed", detail="no outcome")
                )
            case messages.Stopped() if worker.ref:
                ref, worker.ref = worker.ref, None
                if not reply.certain:
                    _log.error("a task stopped: %s: %s", reply.code, reply.detail)
                    self._retire(worker)
                return stage.settle(ref, reply)
            case messages.Halt():
                raise CaseError(reply.message, Exit(reply.exit_code))
            case messages.Broken():
                raise RuntimeError(f"a worker could not start: {reply.detail}")
        return None

    def _judged(self, stage: "_Stage", worker: WorkerProcess) -> Outcome | None:
        """Kill a worker that is over a limit."""
        if worker.ref is None:
            return None
        if worker.silent > (self._beat_seconds if worker.ready else max(self._beat_seconds, _START_SECONDS)):
            code, detail = "timed_out", f"no sign of progress for {self._beat_seconds:g} seconds"
        elif (held := worker.memory()) > self._max_rss:
            code, detail = "out_of_memory", f"{held >> 20} MiB held, {self._max_rss >> 20} allowed"
        else:
            return None
        self._retire(worker)
        return self._lost(stage, worker, code, detail)

    def _lost(self, stage: "_Stage", worker: WorkerProcess, code: str, detail: str) -> Outcome | None:
        if worker.ref is None:
            return None
        return stage.settle(
            worker.ref, messages.Stopped(index=worker.index, step=worker.step, code=code, detail=detail)
        )


class _Stage:
    """The orders of one `map`: what is known of them, what is ready, what came of those that stopped."""

    def __init__(self, store: Store, task: Task, context_id: str, attempts: int, retry_failed: bool) -> None:
        self.context_id = context_id
        self.ready: deque[str] = deque()
        self._store = store
        self._task = task
        self._retry_failed = retry_failed
        self._refs: Iterator[str] = iter(())
        self._parts: deque[str] = deque()  # of orders that were split in an earlier run
        self._seen: set[str] = set()
        self._isolation = Isolation(store, task.name, task.version, context_id, attempts)

    def take(self, refs: Iterable[str]) -> None:
        """Name the orders; they are looked at a few at a time."""
        self._refs = iter(refs)

    def fill(self, wanted: int) -> Iterator[tuple[str, Outcome]]:
        """Make orders ready until there are `wanted`; yield the outcomes of those that ended in an earlier run."""
        while len(self.ready) < wanted:
            ref = self._parts.popleft() if self._parts else next(self._refs, None)
            if ref is None:
                return
            if ref in self._seen:
                continue
            self._seen.add(ref)
            outcome = self.kept(ref)
            if outcome is None or outcome.counts.get(UNREACHED) or (self._retry_failed and outcome.code):
                self.ready.append(ref)
            elif outcome.state == "split":
                self._parts.extend(outcome.parts)
            else:
                yield ref, outcome

    def kept(self, ref: str) -> Outcome | None:
        """Return the outcome of an order where there is one."""
        return kept_outcome(self._store, self._task.name, self._task.version, ref, self.context_id)

    def settle(self, ref: str, stopped: messages.Stopped) -> Outcome | None:
        """Put what an order that stopped is replaced by where it will be taken from, or return that it failed."""
        done = self.kept(ref)
        if done and done.state == "done":  # it was killed between its commit and its word
            return done
        settled = self._isolation.settle(ref, stopped)
        if isinstance(settled, Outcome):
            return settled
        for piece in settled:
            if piece == ref:
                self.ready.append(piece)
            else:
                self._parts.append(piece)
        return None
