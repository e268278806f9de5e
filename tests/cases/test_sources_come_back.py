"""A source that is away or another while a case is read, and comes back: nothing is missed, nothing is read astray."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rollcall import pipeline
from rollcall.case import make_case, open_case
from rollcall.engine.progress import Progress
from rollcall.engine.shuffled import ShuffledEngine
from rollcall.store import Unlock, create_store, open_store
from rollcall.tasks import opening
from tests.cases.conftest import Bench
from tests.cases.positions import person
from tests.items.test_passwords import aes_zip

pytestmark = pytest.mark.case
MAILS = 6
ROOT = Path(__file__).parents[2]


def _mailbox(first: int) -> str:
    mails = (
        f"From a@b.example Mon Jan  6 10:00:{n:02} 2020\nFrom: a@b.example\nTo: c@d.example\nSubject: note {n}\n"
        f"Message-ID: <{n}@b.example>\nDate: Mon, 6 Jan 2020 10:00:{n:02} +0000\n\n{person(first + n).told}\n\n"
        for n in range(MAILS)
    )
    return "".join(mails)


def _run(bench: Bench, *sources: Path) -> pipeline.RunSummary:
    unlock = Unlock(key_file=bench.key.read_bytes())
    new = not bench.case.exists()
    case = make_case(bench.case) if new else open_case(bench.case)
    with (create_store if new else open_store)(bench.case, unlock) as store:
        engine = ShuffledEngine(store, seed=3)
        return pipeline.run(case, store, pipeline.RunRequest(sources=sources), Progress(sys.stderr, quiet=True), engine)


@pytest.fixture
def slices_of_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(opening, "AHEAD", (*opening.AHEAD, "tests.cases.slices_of_one"))
    opening._sandbox.cache_clear()
    monkeypatch.setattr(pipeline, "SLICES_PER_WORKER", 1)
    yield
    opening._sandbox.cache_clear()


def _break_off(monkeypatch: pytest.MonkeyPatch, bench: Bench, source: Path, after: int) -> None:
    """Run, and be interrupted when so many waves are done."""
    whole = pipeline.Reading.waves

    def waves(self: pipeline.Reading, *arguments: object) -> Iterator[float]:
        for number, share in enumerate(whole(self, *arguments)):  # type: ignore[arg-type]
            if number == after:
                raise KeyboardInterrupt
            yield share

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Reading, "waves", waves)
        with pytest.raises(KeyboardInterrupt):
            _run(bench, source)


@pytest.mark.usefixtures("slices_of_one")
@pytest.mark.parametrize("other", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["away", "another"])
def test_a_source_that_comes_back_is_read_on(
    monkeypatch: pytest.MonkeyPatch, new_bench: Callable[[str], Bench], tmp_path: Path, *, other: bool
) -> None:
    source = tmp_path / "ward.mbox"
    source.write_text(_mailbox(0))
    unbroken, bench = new_bench("unbroken"), new_bench("broken")
    assert _run(unbroken, source).people["n_people"] == MAILS
    _break_off(monkeypatch, bench, source, after=2)
    source.rename(tmp_path / "kept")
    if other:
        source.write_text(_mailbox(50))
    meanwhile = _run(bench)
    assert 0 < meanwhile.people["n_people"] < MAILS
    assert meanwhile.exit_code == 3
    codes = {row["code"] for row in bench.json("problems") if row["state"] == "open"}
    assert codes == {"changed_source" if other else "missing_source"}
    source.unlink(missing_ok=True)
    (tmp_path / "kept").rename(source)
    assert _run(bench).people["n_people"] == MAILS
    assert bench.digest() == unbroken.digest()


@pytest.mark.usefixtures("slices_of_one")
def test_a_source_that_goes_while_it_is_read_is_read_again(
    monkeypatch: pytest.MonkeyPatch, new_bench: Callable[[str], Bench], tmp_path: Path
) -> None:
    source = tmp_path / "ward.mbox"
    source.write_text(_mailbox(0))
    unbroken, bench = new_bench("unbroken"), new_bench("broken")
    _run(unbroken, source)
    whole = pipeline.Reading.waves

    def waves(self: pipeline.Reading, *arguments: object) -> Iterator[float]:
        for number, share in enumerate(whole(self, *arguments)):  # type: ignore[arg-type]
            if number == 1:
                source.rename(tmp_path / "kept")
                opening._sandbox.cache_clear()  # or what is open already is read on, and rightly
            yield share

    with monkeypatch.context() as patch:
        patch.setattr(pipeline.Reading, "waves", waves)
        assert _run(bench, source).people["n_people"] < MAILS
    (tmp_path / "kept").rename(source)
    assert _run(bench).people["n_people"] == MAILS
    assert bench.digest() == unbroken.digest()


def test_what_is_locked_in_a_source_that_is_away_waits_for_it(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir()
    (folder / "roll.zip").write_bytes(aes_zip("roll.csv", person(3).told.encode(), "Heron 9!"))
    bench.run(folder, expect=3)
    folder.rename(tmp_path / "kept")
    known = tmp_path / "known.txt"
    known.write_text("Heron 9!\n")
    bench.run("--passwords", known, expect=3)
    codes = {row["code"] for row in bench.json("problems")}
    assert "missing_source" in codes
    assert not codes & {"encrypted", "wrong_password"}  # nothing was tried, so nothing is said of it
    (tmp_path / "kept").rename(folder)
    bench.run(expect=0)
    assert not [row for row in bench.json("problems") if row["code"] != "not_yet_read"]
