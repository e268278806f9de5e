"""What the engine is given and what it says: names in the store, counts, and codes; never text, values or keys.

An *order* is the unit of work: a task's name and a list of entries (each a small msgpack map), kept in the store under
a name. An *outcome* is the commit of one order: the segments it wrote. It is written last, so an order with an outcome
is done and one without is simply run again.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import msgspec


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A list of entries for one task. When a worker dies, the entry in hand is set aside as an order of its own."""

    task: str
    entries: list[dict[str, Any]]
    reads: list[str] = []  # names of outcomes whose segments the task reads
    avoid: dict[str, str] = {}  # steps (sealed) that must not be opened again -> code to record instead


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """One encrypted file of facts."""

    table: str
    name: str
    rows: int
    size: int  # bytes on disk


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How one order ended."""

    ref: str  # the order's name
    task: str
    version: int  # of the task's code
    state: str  # done, failed; split: its `parts` stand for it (never yielded by `map`)
    code: str = ""  # of problems.py, when failed: crashed, timed_out, out_of_memory, too_deep, internal_error
    detail: str = ""  # type of error, file and line; never a value
    segments: tuple[Segment, ...] = ()
    counts: dict[str, int] = {}  # bytes, items, rows, ... what progress and benchmarks add up
    seconds: float = 0.0
    parts: tuple[str, ...] = ()  # orders this one was split into


class Engine(Protocol):
    """One verb."""

    def map(self, task_name: str, refs: Iterable[str], context_id: str) -> Iterator[tuple[str, Outcome]]:
        """Yield (ref, outcome) for each order as it ends, in any order.

        An order whose worker died yields the outcomes of the orders it was split into, each under its own name.
        `refs` is read lazily: a few more than there are workers.
        """
        ...
