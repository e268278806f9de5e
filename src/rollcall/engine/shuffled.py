"""The test engine: in this process, every order twice, in random order, yielded in random order.

What a stage makes must depend on nothing but its order and its context. The second time is compared with the first;
any difference is a bug of the task.
"""

import random
from collections.abc import Iterable, Iterator

from rollcall.engine.isolation import Isolation
from rollcall.engine.messages import Stopped
from rollcall.engine.outcome import Outcome
from rollcall.engine.work import Task, load_tasks, run_order
from rollcall.store import Store


class ImpureTaskError(AssertionError):
    """A task made other facts the second time."""


class ShuffledEngine:
    """Runs orders twice in an order that chance gives; see `Engine.map`."""

    def __init__(self, store: Store, tasks: str = "rollcall.tasks:TASKS", *, seed: int = 0) -> None:
        self._store = store
        self._tasks: dict[str, Task] = load_tasks(tasks)
        self._chance = random.Random(seed)  # noqa: S311 - not for secrets

    def map(self, task_name: str, refs: Iterable[str], context_id: str) -> Iterator[tuple[str, Outcome]]:
        """Yield (ref, outcome) for each order, in random order; see `Engine.map`."""
        task = self._tasks[task_name]
        isolation = Isolation(self._store, task.name, task.version, context_id, attempts=1)
        waiting = [ref for ref in dict.fromkeys(refs) for _ in range(2)]
        outcomes: dict[str, Outcome] = {}
        while waiting:
            ref = waiting.pop(self._chance.randrange(len(waiting)))
            first = outcomes.get(ref)
            before = self._facts(first)
            ended = run_order(self._store, self._tasks, ref, context_id)
            if isinstance(ended, Stopped):
                waiting = [other for other in waiting if other != ref]
                settled = isolation.settle(ref, ended)
                if isinstance(settled, Outcome):
                    outcomes[ref] = settled
                else:
                    waiting += [piece for piece in settled if piece not in outcomes for _ in range(2)]
                continue
            if first and (self._facts(ended) != before or ended.counts != first.counts):
                raise ImpureTaskError(f"{task.name} made other facts of order {ref} the second time")
            outcomes[ref] = ended
        ended_refs = sorted(outcomes)
        self._chance.shuffle(ended_refs)
        for ref in ended_refs:
            yield ref, outcomes[ref]

    def _facts(self, outcome: Outcome | None) -> list[tuple[str, object]]:
        if outcome is None:
            return []
        return [(each.table, self._store.get(each.table, each.name)) for each in outcome.segments]
