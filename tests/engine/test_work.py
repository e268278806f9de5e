"""One order in its task's hands: segments of bounded size, the same names each time, the right entry blamed."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from engine_orders import entries, order

from rollcall.engine import work as works
from rollcall.engine.messages import Stopped
from rollcall.engine.orders import kept_outcome, outcome_name, put_context, put_order
from rollcall.engine.outcome import Order, Outcome
from rollcall.engine.work import Task, Work, load_tasks, run_order
from rollcall.model import Part, Row, schema, to_table
from rollcall.store import Store

TASKS = load_tasks("engine_tasks:TASKS")


def parts(n: int, size: int = 1000) -> list[Part]:
    """Return parts whose text does not shrink."""
    return [Part(blob_id=f"{i:064x}", part_no=i, kind="text", text=f"{i}" + chr(33 + i % 90) * size) for i in range(n)]


def run(store: Store, body: Any, n: int = 1) -> Outcome | Stopped:
    ref = put_order(store, Order(task="t", entries=[{"n": i} for i in range(n)]))
    return run_order(store, {"t": Task(name="t", version=1, run=body)}, ref, "")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the limits small enough to be met by a test."""
    monkeypatch.setattr(works, "SEGMENT_BYTES", 20_000)
    monkeypatch.setattr(works, "TABLE_BYTES", 60_000)
    monkeypatch.setattr(works, "TOTAL_BYTES", 80_000)
    monkeypatch.setattr(works, "BATCH_BYTES", 5_000)


def test_facts_roll_over_to_new_segments_and_none_is_lost(store: Store, small: None) -> None:
    made = parts(200)

    def body(work: Work) -> None:
        for _ in work.entries():
            for each in made:
                work.emit(each)
                work.emit(Row(blob_id=each.blob_id, part_no=0, row=each.part_no, first_col=0, cells=["x" * 500]))

    outcome = run(store, body)
    assert isinstance(outcome, Outcome)
    segments = [segment for segment in outcome.segments if segment.table == "parts"]
    assert len(segments) > 3
    assert max(segment.size for segment in segments) < 60_000
    rows = [row for segment in segments for row in store.get("parts", segment.name).to_pylist()]
    assert rows == to_table(Part, made).to_pylist()
    again = run(store, body)
    assert isinstance(again, Outcome)
    assert again.segments == outcome.segments


def test_tables_are_cut_to_size_and_checked(store: Store, small: None) -> None:
    made = to_table(Part, parts(100))

    def body(work: Work) -> None:
        for _ in work.entries():
            work.emit(parts(1)[0])
            work.emit_table(Part, made.select(list(reversed(made.column_names))))

    outcome = run(store, body)
    assert isinstance(outcome, Outcome)
    assert len(outcome.segments) > 1
    tables = [store.get("parts", segment.name) for segment in outcome.segments]
    assert pa.concat_tables(tables).num_rows == 101
    assert all(table.schema.equals(schema(Part)) for table in tables)

    def wrong(work: Work) -> None:
        for _ in work.entries():
            work.emit_table(Part, made.drop_columns(["text"]))

    assert isinstance(run(store, wrong, n=2), Stopped)


def test_a_bad_fact_is_blamed_on_the_entry_it_came_from(store: Store) -> None:
    def body(work: Work) -> None:
        for entry in work.entries():
            text = "\udce9" if entry["n"] == 3 else "fine"
            work.emit(Part(blob_id="b", part_no=entry["n"], kind="text", text=text))

    stopped = run(store, body, n=9)
    assert isinstance(stopped, Stopped)
    assert (stopped.index, stopped.code) == (3, "internal_error")


@pytest.mark.parametrize(
    ("error", "code"),
    [(MemoryError(), "out_of_memory"), (RecursionError(), "too_deep"), (KeyError(), "internal_error")],
)
def test_a_stop_says_where_and_leaves_no_outcome(store: Store, error: Exception, code: str) -> None:
    def body(work: Work) -> None:
        for entry in work.entries():
            if entry["n"] == 1:
                work.step("the second")
                raise error

    stopped = run(store, body, n=3)
    assert isinstance(stopped, Stopped)
    assert (stopped.index, stopped.step, stopped.code) == (1, store.name("step", "the second"), code)
    assert list(store.objects("outcomes")) == []


def test_orders_and_contexts_of_one_content_have_one_name(store: Store) -> None:
    assert order(store, {"a": 1, "b": 2}) == order(store, {"b": 2, "a": 1})
    assert order(store, {"a": 1}) != order(store, {"a": 2})
    assert order(store, {"a": 1}) != order(store, {"a": 1}, task="other")
    assert order(store, {"a": 1}) != order(store, {"a": 1}, reads=["x"])
    assert put_context(store, {"a": 1, "b": [2]}) == put_context(store, {"b": [2], "a": 1})
    assert put_context(store, {"a": 1}) != put_context(store, {"a": 2})


def test_an_outcome_is_kept_under_task_version_order_and_context(store: Store) -> None:
    ref = order(store, *entries("a"))
    done = run_order(store, TASKS, ref, "")
    assert kept_outcome(store, "parts", 1, ref, "") == done
    assert kept_outcome(store, "parts", 2, ref, "") is None
    assert kept_outcome(store, "parts", 1, ref, put_context(store, {})) is None
    assert outcome_name(store, "parts", 1, ref, "") in set(store.objects("outcomes"))


def test_a_sign_of_life_goes_out_before_each_entry_and_step(store: Store) -> None:
    beats: list[tuple[int, str]] = []
    ref = put_order(
        store, Order(task="steps", entries=[{"blob": "b", "steps": ["x", "y"]}, {"blob": "c", "steps": []}])
    )
    run_order(store, TASKS, ref, "", lambda index, step, counts: beats.append((index, step)))
    x, y = (store.name("step", name) for name in "xy")
    assert beats == [(0, ""), (0, x), (0, y), (1, "")]


def test_an_interrupted_run_leaves_segments_that_the_next_writes_over(store: Store, small: None) -> None:
    def body(work: Work) -> None:
        for entry in work.entries():
            for each in parts(100):
                work.emit(each)
            if entry["n"] == 1 and not done:
                raise KeyboardInterrupt

    done: list[bool] = []
    with pytest.raises(KeyboardInterrupt):
        run(store, body, n=2)
    left = {path.name for path in Path(store.path / "facts" / "parts").iterdir()}
    done.append(True)
    outcome = run(store, body, n=2)
    assert isinstance(outcome, Outcome)
    assert left < {f"{segment.name}.seg" for segment in outcome.segments}
