"""Names: orders, contexts and outcomes in the store.

Everything is named by what it is made from, so doing it again overwrites the same files and nothing counts twice.
"""

import hashlib
from typing import Any

import msgspec

from rollcall.engine.outcome import Order, Outcome
from rollcall.store import Store

ORDERS, OUTCOMES, CONTEXTS = "orders", "outcomes", "contexts"  # kinds of objects in the store
UNREACHED = "unreached"  # count of an outcome: what it could not reach for the moment; such an order is run again


def content_digest(value: object) -> str:
    """Return a digest that is equal for equal contents, whatever the order of the keys of their maps."""
    return hashlib.sha256(msgspec.msgpack.encode(value, order="deterministic")).hexdigest()


def put_order(store: Store, order: Order) -> str:
    """Keep an order and return its ref; orders of the same content have the same name."""
    ref = store.name("order", content_digest(order))
    if not store.has_object(ORDERS, ref):
        store.put_object(ORDERS, ref, order)
    return ref


def put_context(store: Store, context: dict[str, Any]) -> str:
    """Keep what a whole stage is told (policy, sources, lexicon) and return its id, named by content."""
    context_id = store.name("context", content_digest(context))
    if not store.has_object(CONTEXTS, context_id):
        store.put_object(CONTEXTS, context_id, context)
    return context_id


def outcome_name(store: Store, task: str, version: int, ref: str, context_id: str) -> str:
    """Return the name under which the outcome of an order is, or will be, kept."""
    return store.name("outcome", task, str(version), ref, context_id)


def kept_outcome(store: Store, task: str, version: int, ref: str, context_id: str) -> Outcome | None:
    """Return how an order ended, or None when it has to be run: never, or what it made is no longer all there."""
    name = outcome_name(store, task, version, ref, context_id)
    if not store.has_object(OUTCOMES, name):
        return None
    outcome = store.get_object(OUTCOMES, name, Outcome)
    whole = all(store.has(segment.table, segment.name) for segment in outcome.segments)
    return outcome if whole and all(store.has_object(ORDERS, part) for part in outcome.parts) else None


def keep_outcome(store: Store, outcome: Outcome, context_id: str) -> Outcome:
    """Commit an outcome: from here on the order counts as ended."""
    name = outcome_name(store, outcome.task, outcome.version, outcome.ref, context_id)
    store.put_object(OUTCOMES, name, outcome)
    return outcome
