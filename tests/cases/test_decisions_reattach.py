"""Every decision finds its person again when a later version counts rows and characters otherwise and finds more."""

import sys
from pathlib import Path

import pytest

from rollcall import pipeline, resolving, views, waves
from rollcall.case import Case, make_case
from rollcall.engine.progress import Progress
from rollcall.engine.shuffled import ShuffledEngine
from rollcall.model import Decision, digest
from rollcall.store import Store, Unlock, create_store
from tests.cases import shifted_tasks

pytestmark = pytest.mark.case
QUIET = Progress(sys.stderr, quiet=True)


def people_of(case: Case, store: Store) -> dict[str, tuple[str, str, frozenset[str]]]:
    """Return (content, name, seals of all that was shown) of each mention that belongs to a person."""
    connection = pipeline.connect(case, store)
    try:
        rows = connection.execute(
            "SELECT m.mention_id, m.blob_id, m.name, list(f.value ORDER BY f.value) FROM links l "
            "JOIN mentions m USING (mention_id) JOIN memberships s USING (mention_id) "
            "JOIN findings f USING (finding_id) GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    finally:
        connection.close()
    return {
        row[0]: (row[1], row[2], frozenset(store.seal(value) for value in [*row[3], row[2]] if value)) for row in rows
    }


def test_all_decisions_reattach_to_the_same_people(
    tmp_path: Path, evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(tmp_path / "case")
    with create_store(case.folder, Unlock(key_file=b"k" * 32)) as store:
        pipeline.run(case, store, pipeline.RunRequest(sources=(evidence,)), QUIET, ShuffledEngine(store))
        before = people_of(case, store)
        for number, (mention_id, (blob_id, _, shown)) in enumerate(before.items()):
            decision = Decision(
                decision_id=digest(mention_id),
                decided_at=f"2026-01-01T00:00:{number // 1000:02}.{number % 1000:03}Z",
                decided_by="reviewer",
                kind="confirm" if number % 2 else "exclude",
                anchor=mention_id,
                blob_id=blob_id,
                shown=sorted(shown),
            )
            store.ledger.decide(decision)
        assert len(before) > 40

        monkeypatch.setattr(waves, "VERSIONS", {task.name: task.version for task in shifted_tasks.TASKS})
        engine = ShuffledEngine(store, tasks="tests.cases.shifted_tasks:TASKS")
        pipeline.run(case, store, pipeline.RunRequest(), QUIET, engine)
        after = people_of(case, store)
        assert set(after) != set(before), "nothing was shifted"

        connection = pipeline.connect(case, store)
        standing = resolving.standing_decisions(store, pipeline.shown_manifest(store).segments)
        devices = connection.execute("SELECT count(*) FROM findings WHERE element = 'other_id'").fetchall()
        statuses = set(views.rows(connection, "individuals")["status"].to_pylist())
        connection.close()
        assert devices[0][0] > 10, "the scanner found nothing more"
        assert standing.orphans == []
        assert len(standing.attached) == len(before)
        for decision_id, (_, name, _) in ((digest(anchor), told) for anchor, told in before.items()):
            assert after[standing.attached[decision_id]][1] == name
        assert {"confirmed", "excluded"} <= statuses
