"""Contents opened in the sandbox give the facts that they give in the open, and every record items make can be said."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollcall import model
from rollcall.demo import make_hospital
from rollcall.items import facts, walk
from rollcall.items.facts import Opening
from rollcall.items.parser import Limits
from rollcall.model import Child, Record, Trouble
from rollcall.sandbox import host
from rollcall.sandbox.checks import TABLES
from rollcall.sandbox.client import Sandbox
from tests.sandbox.reading import Confined, InProcess, everything

LIMITS = Limits()
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
FOLDERS = (
    "archive", "ccda", "document", "eml", "html", "ics", "image", "mbox", "msg", "pdf", "pst", "slides", "spreadsheet",
    "tnef", "x12",
)  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> Iterator[Sandbox]:
    """A sandbox as workers have it."""
    made = Sandbox()
    yield made
    made.close()


def test_every_record_that_items_make_can_be_said() -> None:
    made = {
        record
        for module in (facts, walk)
        for record in vars(module).values()
        if isinstance(record, type) and issubclass(record, Record) and record is not Record
    }
    assert made == set(TABLES)
    assert all(vars(model)[record.__name__] is record for record in TABLES)


def test_the_demo(plain: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_hospital(tmp_path, seed=3, n_people=12, n_messages=12, pack="dev")
    monkeypatch.setattr(host, "_ENTRIES", 3)
    for source in (tmp_path / "evidence", *sorted((tmp_path / "evidence").iterdir())):
        found = everything(Confined(plain, source, LIMITS))
        assert found == everything(InProcess(source, LIMITS))
        assert any(isinstance(fact, Child) for fact in found)


def test_what_is_too_large_for_memory_is_kept_by_the_worker(
    plain: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = b"From desk@clinic.org Mon Mar  2 10:00:00 2026\nSubject: list\nMessage-ID: <%d@x>\n\nMRN 44718230\n\n"
    store = b"".join(line % number for number in range(700_000))
    with zipfile.ZipFile(tmp_path / "desk.zip", "w") as archive:
        archive.writestr("small.txt", "small")
        archive.writestr("desk.mbox", store)
    assert len(store) > 64 << 20
    confined = Confined(plain, tmp_path / "desk.zip", LIMITS)
    archived = [
        fact for fact in confined.open(Opening(blob_id="0" * 64, chain=(("", "s"),))) if isinstance(fact, Child)
    ]
    mailbox = next(fact for fact in archived if fact.name == "desk.mbox")
    chain = (("", "s"), tuple(mailbox.locator.split(":", 1)))
    seen = list(confined.open(Opening(blob_id=mailbox.blob_id, chain=chain, shard="0-1000")))  # type: ignore[arg-type]
    assert [fact.message_id for fact in seen if isinstance(fact, Child)][:2] == ["<0@x>", "<1@x>"]


def test_what_breaks_off_while_it_is_kept_leaves_the_next_alone(plain: Sandbox, tmp_path: Path) -> None:
    large = b"".join(b"%07d nothing of anybody\n" % number for number in range(2_800_000))
    assert len(large) > 65 << 20
    with zipfile.ZipFile(tmp_path / "two.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("first.bin", large)
        archive.writestr("second.bin", large)
        archive.writestr("small.txt", "MRN 44718230")
    limits = Limits(max_bytes=65 << 20)
    found = list(Confined(plain, tmp_path / "two.zip", limits).open(Opening(blob_id="0" * 64, chain=(("", "s"),))))
    assert [fact.code for fact in found if isinstance(fact, Trouble)] == ["too_large", "too_large"]
    assert [fact.name for fact in found if isinstance(fact, Child)] == ["first.bin", "second.bin", "small.txt"]


@pytest.mark.samples
@pytest.mark.parametrize("folder", FOLDERS)
def test_real_files(plain: Sandbox, folder: str) -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the real files are not beside the project")
    for path in sorted(each for each in (SAMPLES / folder).rglob("*") if each.is_file()):
        assert everything(Confined(plain, path, LIMITS)) == everything(InProcess(path, LIMITS)), path.name
