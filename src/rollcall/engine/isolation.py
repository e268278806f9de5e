"""What becomes of an order that stopped: what is at fault is set aside, the rest goes on.

An order of many entries that stops at one is split into that entry and the others; so all but one are read without
waiting for it. An entry alone is tried again while its worker merely died, because workers also die of what is not
their entry's doing. When it died too often, and had said at which step it was (a message of a mailbox, a member of an
archive), only that step is given up: the order is put again with the step to be avoided, and the task records the
problem in its place. Without a step the order fails, and the failure is its outcome.

An error raised by the task itself is not tried again: it would be raised again. Nor is what a reader in a sandbox died
of: that was tried there.
"""

from collections import Counter

from rollcall.engine.messages import Stopped
from rollcall.engine.orders import ORDERS, keep_outcome, put_order
from rollcall.engine.outcome import Order, Outcome
from rollcall.store import Store

_AGAIN = frozenset({"crashed", "timed_out", "out_of_memory"})
_FRAMES = 3  # of a trace that stand in the outcome: the type of error and where; the log has the rest
_PATIENCE = 3  # times `attempts`: how often one entry may die at ever other steps


class Isolation:
    """Decides over the orders of one task in one run; remembers how often each entry was fatal."""

    def __init__(self, store: Store, task: str, version: int, context_id: str, attempts: int) -> None:
        self._store = store
        self._task = task
        self._version = version
        self._context_id = context_id
        self._attempts = attempts
        self._deaths: Counter[tuple[str, str]] = Counter()
        self._again: set[str] = set()  # orders that came out of a split already

    def settle(self, ref: str, stopped: Stopped) -> list[str] | Outcome:
        """Return the orders to do instead (perhaps the same once more), or the outcome when it has failed."""
        order = self._store.get_object(ORDERS, ref, Order)
        count = len(order.entries)
        if count > 1 and stopped.index is not None:
            return self._split(ref, order, stopped)
        self._deaths[ref, stopped.step] += 1
        total = sum(n for (other, _), n in self._deaths.items() if other == ref)
        given_up = (
            stopped.certain
            or stopped.code not in _AGAIN
            or self._deaths[ref, stopped.step] >= self._attempts
            or total >= self._attempts * _PATIENCE
        )
        if not given_up:
            return [ref]
        if stopped.step and stopped.step not in order.avoid and count == 1:
            avoid = {**order.avoid, stopped.step: stopped.code}
            return self._replace(
                ref, [Order(task=order.task, entries=order.entries, reads=order.reads, avoid=avoid)], stopped.code
            )
        short = " < ".join(stopped.detail.split(" < ")[:_FRAMES])
        return self._keep(ref, "failed", stopped.code, short)

    def _split(self, ref: str, order: Order, stopped: Stopped) -> list[str]:
        index = len(order.entries) if stopped.index is None else stopped.index
        groups = [order.entries[index : index + 1]]
        others = order.entries[:index] + order.entries[index + 1 :]
        # Halves, once it happens again (many are bad) or when nothing is to blame yet: n bad entries would else
        # cost n rewrites of nearly the whole order.
        middle = len(others) // 2 if ref in self._again or not groups[0] else 0
        groups += [others[:middle], others[middle:]]
        pieces = [
            Order(task=order.task, entries=group, reads=order.reads, avoid=order.avoid) for group in groups if group
        ]
        refs = self._replace(ref, pieces, "")
        self._again.update(refs)
        if groups[0]:
            self._deaths[refs[0], stopped.step] += 1
        return refs[1:] + refs[:1] if groups[0] else refs

    def _replace(self, ref: str, pieces: list[Order], code: str) -> list[str]:
        refs = [put_order(self._store, piece) for piece in pieces]
        self._keep(ref, "split", code, parts=tuple(refs))
        return refs

    def _keep(self, ref: str, state: str, code: str, detail: str = "", parts: tuple[str, ...] = ()) -> Outcome:
        outcome = Outcome(
            ref=ref, task=self._task, version=self._version, state=state, code=code, detail=detail, parts=parts
        )
        return keep_outcome(self._store, outcome, self._context_id)
