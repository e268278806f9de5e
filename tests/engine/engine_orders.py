"""Giving orders to an engine and reading what came of them."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rollcall.engine.orders import put_order
from rollcall.engine.outcome import Order, Outcome
from rollcall.model import Part, Trouble
from rollcall.store import Store

HERE = Path(__file__).parent
REGISTRY = "engine_tasks:TASKS"


def entries(*names: str, **more: Any) -> list[dict[str, Any]]:
    """Return one entry for each name."""
    return [{"blob": name, **more} for name in names]


def order(store: Store, *kept: dict[str, Any], task: str = "parts", reads: Iterable[str] = ()) -> str:
    """Put an order."""
    return put_order(store, Order(task=task, entries=list(kept), reads=list(reads)))


def facts(store: Store, outcomes: Iterable[tuple[str, Outcome]]) -> list[tuple[str, str, int, str]]:
    """Return what was made as sorted rows (table, blob, part, text or code)."""
    rows = []
    for _, outcome in outcomes:
        for segment in outcome.segments:
            for row in store.get(segment.table, segment.name).to_pylist():
                said = {Part.TABLE: "text", Trouble.TABLE: "code"}[segment.table]
                rows.append((segment.table, row["blob_id"], row["part_no"], row[said]))
    return sorted(rows)


def codes(outcomes: Iterable[tuple[str, Outcome]]) -> Counter[str]:
    """Return how often each code came; "" is an order that was done."""
    return Counter(outcome.code for _, outcome in outcomes)
