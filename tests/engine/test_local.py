"""The supervisor over real worker processes: what dies, hangs or eats memory costs its own entry and nothing else."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from engine_orders import codes, entries, facts, order

from rollcall.engine.local import LocalEngine
from rollcall.engine.orders import put_context
from rollcall.engine.outcome import Outcome
from rollcall.engine.shuffled import ImpureTaskError, ShuffledEngine
from rollcall.problems import CODES, CaseError, Exit
from rollcall.store import Store

Make = Callable[..., LocalEngine]


def failed(store: Store, outcomes: list[tuple[str, Outcome]]) -> dict[str, str]:
    """Return blob -> code of the orders that failed; each must hold one entry."""
    from rollcall.engine.outcome import Order

    result = {}
    for ref, outcome in outcomes:
        assert ref == outcome.ref
        if outcome.state == "failed":
            (entry,) = store.get_object("orders", ref, Order).entries
            result[entry["blob"]] = outcome.code
    return result


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_each_bad_entry_fails_alone_and_all_others_are_read(store: Store, engine: Make) -> None:
    bad = {"abort": "crashed", "null": "crashed", "exit": "crashed", "raise": "internal_error"}
    bad |= {"surrogate": "internal_error", "deep": "too_deep"}
    good = [f"good{n}" for n in range(7)]
    kept = entries(*good)
    for place, what in enumerate(bad):
        kept.insert(2 * place, {"blob": what, "do": what})
    outcomes = list(engine(workers=2).map("parts", [order(store, *kept)], ""))
    assert failed(store, outcomes) == bad
    assert set(bad.values()) <= set(CODES)
    assert [blob for _, blob, _, _ in facts(store, outcomes)] == good
    assert sum(outcome.counts.get("items", 0) for _, outcome in outcomes) == len(good)
    assert all("899" not in outcome.detail and "person" not in outcome.detail for _, outcome in outcomes)
    details = [outcome.detail for _, outcome in outcomes if outcome.code]
    assert any(detail == "signal SIGSEGV" for detail in details)
    assert any(detail == "exit 3" for detail in details)
    assert any(detail.startswith("ValueError < engine/engine_tasks.py:") for detail in details)


def test_what_hangs_is_stopped_and_what_beats_is_not(store: Store, engine: Make) -> None:
    kept = [*entries("before"), {"blob": "hangs", "do": "loop"}, {"blob": "slow", "n": 4, "sleep": 0.2}]
    outcomes = list(engine(beat_seconds=1).map("parts", [order(store, *kept)], ""))
    assert failed(store, outcomes) == {"hangs": "timed_out"}
    assert {blob for _, blob, _, _ in facts(store, outcomes)} == {"before", "slow"}


@pytest.mark.parametrize("do", ["allocate", "grow"])
def test_what_eats_memory_is_stopped(store: Store, engine: Make, do: str) -> None:
    outcomes = list(engine(max_rss=400 << 20).map("parts", [order(store, {"blob": "b", "do": do}, *entries("a"))], ""))
    assert failed(store, outcomes) == {"b": "out_of_memory"}
    assert [blob for _, blob, _, _ in facts(store, outcomes)] == ["a"]


def test_an_entry_that_dies_once_is_read_after_all(store: Store, engine: Make, tmp_path: Path) -> None:
    context = put_context(store, {"marks": str(tmp_path)})
    kept = [*entries("a"), {"blob": "b", "once": "kill"}, *entries("c"), {"blob": "d", "once": "kill"}]
    outcomes = list(engine(workers=2).map("parts", [order(store, *kept)], context))
    assert [blob for _, blob, _, _ in facts(store, outcomes)] == ["a", "b", "c", "d"]
    assert set(codes(outcomes)) == {""}


def test_a_fatal_step_costs_that_step_only(store: Store, engine: Make) -> None:
    steps = ["one", "abort", "three", "raise", "five"]
    ref = order(store, {"blob": "box", "steps": steps}, {"blob": "other", "steps": ["six"]}, task="steps")
    outcomes = list(engine().map("steps", [ref], ""))
    assert facts(store, outcomes) == [
        ("parts", "box", 0, "one"),
        ("parts", "box", 2, "three"),
        ("parts", "box", 4, "five"),
        ("parts", "other", 0, "six"),
        ("troubles", "box", 1, "crashed"),
        ("troubles", "box", 3, "internal_error"),
    ]
    assert set(codes(outcomes)) == {""}


def test_a_worker_killed_from_outside_loses_nothing(store: Store, engine: Make) -> None:
    refs = [order(store, *entries(f"{n}a", f"{n}b", sleep=0.02, n=3)) for n in range(4)]
    pool = engine(workers=2)
    outcomes = []
    for ref, outcome in pool.map("parts", refs, ""):
        if not outcomes:
            os.kill(pool.worker_pids[-1], signal.SIGKILL)
        outcomes.append((ref, outcome))
    again = list(ShuffledEngine(store, "engine_tasks:TASKS").map("parts", refs, ""))
    assert facts(store, outcomes) == facts(store, again)
    assert set(codes(outcomes)) == {""}


def test_the_facts_are_the_same_whatever_the_engine(tmp_path: Path, engine: Make, store: Store) -> None:
    bad = [{"blob": "bad", "do": "raise"}, {"blob": "worse", "do": "surrogate"}]
    refs = [order(store, *entries(f"{n}a", f"{n}b", n=n + 1), *(bad if n == 2 else [])) for n in range(6)]
    seen = []
    for number, make in enumerate(
        (
            lambda: engine(workers=1),
            lambda: engine(workers=2, recycle_after=2),
            lambda: ShuffledEngine(store, "engine_tasks:TASKS", seed=7),
        )
    ):
        outcomes = list(make().map("parts", refs, put_context(store, {"number": number})))
        seen.append((facts(store, outcomes), sorted(codes(outcomes).items())))
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0][0]) == 2 * sum(range(1, 7))


def test_what_has_an_outcome_is_not_run_again(store: Store, engine: Make, tmp_path: Path) -> None:
    log = tmp_path / "log"
    context = put_context(store, {"log": str(log)})
    refs = [order(store, *entries("a", "b"), {"blob": "bad", "do": "exit"}), order(store, *entries("c"))]
    first = list(engine(attempts=1).map("parts", refs, context))
    runs = log.read_text().split()
    assert sorted(set(runs)) == ["a", "b", "bad", "c"]

    second = list(engine().map("parts", refs + refs, context))
    assert sorted(second, key=repr) == sorted(first, key=repr)
    assert log.read_text().split() == runs

    list(engine(attempts=1, retry_failed=True).map("parts", refs, context))
    assert log.read_text().split()[len(runs) :] == ["bad"]

    lost = next(outcome for _, outcome in first if outcome.segments)
    (store.path / "facts" / "parts" / f"{lost.segments[0].name}.seg").unlink()
    assert facts(store, engine().map("parts", refs, context)) == facts(store, first)


def test_what_could_not_be_reached_for_the_moment_is_run_again(store: Store, engine: Make, tmp_path: Path) -> None:
    log = tmp_path / "log"
    context = put_context(store, {"log": str(log)})
    ref = order(store, {"blob": "a", "away": True}, *entries("b"))
    for times in (1, 2):
        outcomes = list(engine().map("parts", [ref, ref], context))
        assert [(outcome.state, outcome.code) for _, outcome in outcomes] == [("done", "")]
        assert log.read_text().split() == ["a", "b"] * times


def test_refs_are_read_lazily(store: Store, engine: Make) -> None:
    taken = []

    def lazily() -> object:
        for n in range(20):
            taken.append(n)
            yield order(store, *entries(f"b{n}"))

    outcomes = engine().map("parts", lazily(), "")
    next(outcomes)
    assert len(taken) < 10


def test_one_stage_reads_what_another_made(store: Store, engine: Make) -> None:
    from rollcall.engine.orders import outcome_name

    pool = engine()
    refs = [order(store, *entries("a", n=3)), order(store, *entries("b", n=2))]
    made = list(pool.map("parts", refs, ""))
    reads = [outcome_name(store, outcome.task, outcome.version, ref, "") for ref, outcome in made]
    ((_, outcome),) = pool.map("sums", [order(store, {}, task="sums", reads=sorted(reads))], "")
    (segment,) = outcome.segments
    rows = store.get("blobs", segment.name).to_pylist()
    assert sorted((row["blob_id"], row["n_parts"]) for row in rows) == [("aaa", 3), ("bb", 2)]


@pytest.mark.parametrize(("do", "code"), [("case", Exit.VERIFICATION), ("disk", Exit.NO_ROOM)])
def test_what_only_a_person_can_mend_stops_the_run(store: Store, engine: Make, do: str, code: Exit) -> None:
    pool = engine()
    with pytest.raises(CaseError) as caught:
        list(pool.map("halt", [order(store, {"do": do}, task="halt")], ""))
    assert caught.value.exit_code == code
    assert pool.worker_pids == []


def test_a_worker_that_cannot_start_is_a_bug(store: Store, engine: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = engine()
    monkeypatch.setenv("PYTHONPATH", "")
    with pytest.raises(RuntimeError, match="ModuleNotFoundError"):
        list(pool.map("parts", [order(store, *entries("a"))], ""))


def test_a_worker_that_never_gets_to_work_fails_the_order(store: Store, engine: Make) -> None:
    ref = order(store, *entries("a", "b"))
    outcomes = list(engine(tasks="engine_tasks_dying:TASKS").map("parts", [ref], ""))
    assert [(each, outcome.state, outcome.code) for each, outcome in outcomes] == [(ref, "failed", "crashed")]


def test_cancel_stops_and_leaves_no_worker(store: Store, engine: Make) -> None:
    refs = [order(store, *entries(f"b{n}", n=2, sleep=0.05)) for n in range(20)]
    pool = engine(workers=2)
    outcomes, pids = [], []
    for each in pool.map("parts", refs, ""):
        outcomes.append(each)
        pids += pool.worker_pids
        pool.cancel()
    assert pool.cancelled
    assert len(outcomes) < 6
    assert pool.worker_pids == []
    assert not any(map(alive, pids))


def test_an_interrupt_in_the_middle_leaves_no_worker(store: Store, engine: Make) -> None:
    pids = []

    def interrupt(ref: str, counts: dict[str, int]) -> None:
        pids.extend(pool.worker_pids)
        raise KeyboardInterrupt

    pool = engine(workers=2, on_progress=interrupt)
    with pytest.raises(KeyboardInterrupt):
        list(pool.map("parts", [order(store, *entries("a", "b"))], ""))
    assert pids
    assert not any(map(alive, pids))


def test_the_key_is_in_no_argument_and_no_environment(store: Store, engine: Make) -> None:
    looked = []

    def look(ref: str, counts: dict[str, int]) -> None:
        for pid in pool.worker_pids:
            for name in ("cmdline", "environ"):
                try:
                    looked.append(Path(f"/proc/{pid}/{name}").read_bytes())
                except PermissionError:  # the worker is closed to others: then nobody can read a key there
                    looked.append(b"")

    pool = engine(on_progress=look)
    list(pool.map("parts", [order(store, *entries("a", n=3, sleep=0.05))], ""))
    assert b"rollcall.engine.worker" in looked[0]
    for seen in looked:
        for key in (store.key, store.key.hex().encode(), b"a key of some length", str(store.path).encode()):
            assert key not in seen


def test_a_worker_has_nothing_to_do_harm_with(store: Store, engine: Make, caplog: pytest.LogCaptureFixture) -> None:
    outcomes = engine(address_space=5 << 30).map("look", [order(store, *entries("a"), task="look")], "")
    said = dict(text.split(" ", 1) for _, _, _, text in facts(store, outcomes))
    # Where the kernel knows no filter of system calls, that has to be said.
    filters = "Seccomp:" in Path("/proc/self/status").read_text()
    assert said.pop("network") == ("closed" if filters else "open")
    assert any("network" in record.getMessage() for record in caplog.records) is not filters
    assert said == {
        "core": "(0, 0)",
        "memory": "5",
        "interrupt": "True",
        "output": "/dev/null /dev/null /dev/null",
        "inherited": "[]",
        "threads": "1",
    }


def test_one_map_at_a_time(store: Store, engine: Make) -> None:
    pool = engine()
    first = pool.map("parts", [order(store, *entries(name)) for name in "abc"], "")
    next(first)
    with pytest.raises(RuntimeError, match="another map"):
        next(pool.map("parts", [order(store, *entries("d"))], ""))


def test_progress_is_told_while_an_order_is_in_hand(store: Store, engine: Make) -> None:
    told = []
    ref = order(store, *entries("a", "b", "c", n=2, sleep=0.1))
    list(engine(on_progress=lambda ref, counts: told.append((ref, counts.get("items", 0)))).map("parts", [ref], ""))
    assert (ref, 0) in told
    assert max(count for _, count in told) in (1, 2)


def test_the_shuffled_engine_finds_what_is_not_pure(store: Store) -> None:
    ref = order(store, *entries("a"), task="impure")
    with pytest.raises(ImpureTaskError):
        list(ShuffledEngine(store, "engine_tasks:TASKS").map("impure", [ref], ""))


def test_workers_are_kept_between_stages_and_replaced_in_time(store: Store, engine: Make) -> None:
    pool = engine(recycle_after=2)
    pids = []
    for n in range(3):
        list(pool.map("parts", [order(store, *entries(f"b{n}"))], ""))
        pids.append(pool.worker_pids)
    assert len(pids[0]) == 1
    assert pids[1] == []  # two orders done
    assert pids[2] not in ([], pids[0])
