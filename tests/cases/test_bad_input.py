"""Bad input: a clear sentence with the next step, the right exit code, and nothing else lost."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cases.conftest import PATIENCE, Bench, wait_for

pytestmark = pytest.mark.case

GOOD = b"Patient: Ann Quorlen\nDate of birth: 03/02/1961\nSSN: 899-41-7726\nMRN: 44718230\n"
MANY = 100_000
SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"


def mail(
    message_id: str, body: bytes = b"hello\n", date: str | None = "Mon, 02 Mar 2026 10:00:00 +0000", **more: str
) -> bytes:
    fields = {"From": "Front Desk <desk@clinic.org>", "To": "x@clinic.org", "Message-ID": message_id, "Subject": "list"}
    fields |= {"Date": date} if date else {}
    fields |= {name.replace("_", "-"): value for name, value in more.items()}
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode() + b"\n" + body


def mbox(*mails: bytes) -> bytes:
    return b"".join(b"From desk@clinic.org Mon Mar  2 10:00:00 2026\n" + one + b"\n" for one in mails)


def with_file(message_id: str, disposition: str, content: bytes = b"MRN: 77120034\n") -> bytes:
    body = (
        b"--cut\nContent-Type: text/plain\n\nsee file\n--cut\nContent-Type: text/plain\n"
        b"Content-Disposition: attachment; " + disposition.encode("latin-1") + b"\n\n" + content + b"\n--cut--\n"
    )
    return mail(message_id, body, MIME_Version="1.0", Content_Type="multipart/mixed; boundary=cut")


def zipped(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "\n")), content)
    return target.getvalue()


DESK = mbox(mail("<desk1@x>", GOOD), mail("<desk2@x>", b"second\n"))
CUT = mbox(mail("<whole@x>", b"whole\n")) + mbox(
    mail(
        "<cut@x>",
        b"--z\nContent-Type: application/zip; name=q.zip\nContent-Transfer-Encoding: base64\n\nUEsDBBQAAAAIAAAA",
        Content_Type="multipart/mixed; boundary=z",
    )
)
TO_MANY = ", ".join(f"p{n}@many.org" for n in range(MANY))
FILES: dict[bytes, bytes] = {
    b"desk.mbox": DESK,
    b"desk again.mbox": DESK,
    b"desk.zip": zipped(**{"desk.mbox": DESK}),
    b"empty.eml": b"",
    b"cut.mbox": CUT,
    b"corrupt.pst": b"!BDN" + bytes(range(256)) * 40,
    b"one.eml": mail("<same@x>", b"one content\n"),
    b"two.eml": mail("<same@x>", b"another content\n"),
    b"1601.eml": mail("<d1601@x>", date="Mon, 01 Jan 1601 00:00:00 +0000"),
    b"2099.eml": mail("<d2099@x>", date="Thu, 01 Jan 2099 00:00:00 +0000"),
    b"none.eml": mail("<dnone@x>", date=None),
    b"new\nline.txt": b"one\n",
    b"broken\xff\xfe.txt": b"two\n",
    b"nul.eml": with_file("<nul@x>", "filename*=utf-8''be%00fore.txt"),
    b"octets.eml": with_file("<octets@x>", 'filename="caf\xe9 \x01.txt"'),
    b"member.zip": zipped(**{"li__ne.txt": b"three\n"}),
    b"many.eml": mail("<many@x>", GOOD, To=TO_MANY),
}


class Ruin:
    """A case of everything that is wrong at once, and its tables in clear."""

    def __init__(self, bench: Bench, evidence: Path) -> None:
        self.bench, self.evidence = bench, evidence
        self.done = bench.run(evidence, expect=3)
        self.status = bench.json("status")
        self.problems: list[dict[str, Any]] = bench.json("problems", "--all", "--values", "clear")
        self.items, self.individuals, self.sources = (self.table(name) for name in ("items", "individuals", "sources"))

    def table(self, name: str) -> list[dict[str, Any]]:
        target = self.bench.folder / f"{name}.jsonl"
        self.bench("export", self.bench.case, name, "--values", "clear", "--to", target)
        return [json.loads(line) for line in target.read_text().splitlines()]

    def item(self, **wanted: object) -> dict[str, Any]:
        (found,) = (one for one in self.items if all(one[name] == value for name, value in wanted.items()))
        return found


@pytest.fixture(scope="module")
def ruin(tmp_path_factory: pytest.TempPathFactory) -> Ruin:
    bench = Bench(tmp_path_factory.mktemp("ruin"))
    evidence = bench.folder / "evidence"
    (evidence / "deep").mkdir(parents=True)
    for name, content in FILES.items():
        Path(os.fsdecode(os.fsencode(evidence) + b"/" + name)).write_bytes(content)
    (evidence / "deep/loop").symlink_to("..")
    return Ruin(bench, evidence)


def test_the_account_balances_and_the_good_is_found(ruin: Ruin) -> None:
    account = ruin.status["account"]
    assert account["difference"] == 0
    assert account["n_items"] == len(ruin.items)
    assert {item["end_state"] for item in ruin.items} == {"read", "empty", "problem"}
    assert ["Ann Quorlen"] in [row["names"] for row in ruin.individuals if row["listed"]]
    assert "Traceback" not in ruin.done.stderr
    assert {row["code"] for row in ruin.problems} == {row[0] for row in PROBLEMS} | {"truncated"}


PROBLEMS = [
    ("corrupt", "corrupt.pst", "", "open", "another copy"),
    ("truncated", "", "multipart", "open", "Export it again"),
    ("not_followed", "evidence", "deep/loop: link", "open", "Register what it leads to"),
    ("duplicate_message_id", "", "2 different messages", "resolved", "Both were read"),
    ("bad_date", "", "date: not credible", "resolved", "neighbours"),
    ("bad_date", "", "date: missing", "resolved", "neighbours"),
]


@pytest.mark.parametrize(("code", "path", "detail", "state", "advice"), PROBLEMS)
def test_a_problem_says_where_and_what_to_do(
    ruin: Ruin, code: str, path: str, detail: str, state: str, advice: str
) -> None:
    found = [row for row in ruin.problems if (row["code"], row["path"]) == (code, path) and detail in row["detail"]]
    assert found
    assert {row["state"] for row in found} == {state}
    assert all(advice in row["what_to_do"] for row in found)


@pytest.mark.parametrize(
    ("wanted", "end_state"),
    [
        ({"name": "empty.eml"}, "empty"),
        ({"name": "corrupt.pst"}, "problem"),
        ({"message_id": "<whole@x>", "kind": "message"}, "read"),
        ({"message_id": "<cut@x>", "kind": "message"}, "problem"),
        ({"name": "one.eml", "message_id": "<same@x>"}, "read"),
        ({"name": "two.eml", "message_id": "<same@x>"}, "read"),
        ({"message_id": "<d1601@x>", "sent_at": None}, "read"),
        ({"message_id": "<d2099@x>", "sent_at": None}, "read"),
        ({"message_id": "<dnone@x>", "sent_at": None}, "read"),
        ({"name": "new\nline.txt"}, "read"),
        ({"name": "broken\\xff\\xfe.txt"}, "read"),
        ({"name": "li ne.txt"}, "read"),
        ({"message_id": "<nul@x>", "kind": "attachment"}, "read"),
        ({"message_id": "<octets@x>", "kind": "attachment"}, "read"),
        ({"message_id": "<many@x>", "kind": "message"}, "read"),
    ],
)
def test_how_an_item_ends(ruin: Ruin, wanted: dict[str, object], end_state: str) -> None:
    assert ruin.item(**wanted)["end_state"] == end_state


def test_the_same_mailbox_under_two_names_and_in_a_zip(ruin: Ruin) -> None:
    """One source, told to the user; the zip's copy is read no second time and occurs."""
    copies = [row for row in ruin.sources if row["path"].endswith(".mbox") and "cut" not in row["path"]]
    assert len(copies) == 1
    for said in (ruin.done.stdout, ruin.bench("status", ruin.bench.case).stdout):
        assert "desk again.mbox" in said
        assert "one source, read once" in said
    items = [one for one in ruin.items if one["message_id"] == "<desk1@x>"]
    assert len(items) == 2
    assert len({one["blob_id"] for one in items}) == 1
    assert sorted(one["same_as"] is None for one in items) == [False, True]
    assert len({one["source_id"] for one in items}) == 2


def test_the_same_source_given_again_changes_nothing(ruin: Ruin) -> None:
    digest = ruin.bench.digest()
    ruin.bench.run(ruin.evidence, ruin.evidence, expect=3)
    assert ruin.bench.digest() == digest
    assert len(ruin.table("sources")) == len(ruin.sources)


# --- what ends a command -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A small whole case that tests copy and damage."""
    bench = Bench(tmp_path_factory.mktemp("good"))
    (bench.folder / "desk.mbox").write_bytes(DESK)
    bench.run(bench.folder / "desk.mbox", expect=0)
    return bench


@pytest.fixture
def copy(good: Bench, new_bench: Callable[[str], Bench]) -> Bench:
    bench = new_bench("copy")
    shutil.copytree(good.case, bench.case)
    return bench


def told(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Assert that the last line on standard error is one sentence of ours that says all this."""
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("rollcall: ")
    assert "Traceback" not in done.stderr
    assert "a bug" not in done.stderr
    for word in words:
        assert word in last


def as_child(bench: Bench, before: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process that has done something to itself first."""
    code = f"{before}\nimport sys\nfrom rollcall.cli import main\nsys.exit(main(sys.argv[1:]))"
    (bench.folder / "tmp").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments), "--key-file", str(bench.key)],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=bench.folder, env=bench.environment(),
        timeout=PATIENCE, check=False,
    )  # fmt: skip


def test_a_missing_path_registers_nothing(bench: Bench) -> None:
    (bench.folder / "desk.mbox").write_bytes(DESK)
    done = bench.run(bench.folder / "desk.mbox", bench.folder / "gone.pst", expect=2)
    told(done, "gone.pst", "check the path")
    assert not bench.case.exists()


def test_a_case_inside_its_evidence(bench: Bench) -> None:
    (bench.folder / "desk.mbox").write_bytes(DESK)
    told(bench.run(bench.folder, expect=2), "evidence of itself", "beside the evidence")
    assert not bench.case.exists()


def test_what_is_no_file(bench: Bench) -> None:
    """A pipe makes nobody wait."""
    os.mkfifo(bench.folder / "pipe")
    done = bench.run(bench.folder / "pipe", "/dev/null", expect=4)
    told(done, "none of the given evidence could be opened")
    assert {row["code"] for row in bench.json("problems")} == {"unreadable_source"}
    assert bench.json("status")["account"]["difference"] == 0


@pytest.mark.parametrize("content", [b"!BDN" + b"\0" * 3000, b"Rar!\x1a\x07\x00garbage"])
def test_nothing_that_could_be_opened(bench: Bench, content: bytes) -> None:
    (bench.folder / "only.pst").write_bytes(content)
    done = bench.run(bench.folder / "only.pst", expect=4)
    told(done, "none of the given evidence could be opened", "rollcall problems")
    assert bench.json("status")["account"]["difference"] == 0
    assert [row["path"] for row in bench.json("problems")] == ["only.pst"]


@pytest.mark.parametrize("command", ["run", "status", "people", "digest", "verify", "gc"])
def test_a_wrong_key(copy: Bench, command: str) -> None:
    copy.key.write_bytes(b"another secret altogether, of some length")
    before = {path: path.read_bytes() for path in copy.case.rglob("*") if path.is_file()}
    told(copy(command, copy.case, expect=5), "does not open")
    assert {path: path.read_bytes() for path in copy.case.rglob("*") if path.is_file()} == before


def damage_middle(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("table", ["children", "findings", "people"])
def test_a_damaged_segment(copy: Bench, table: str) -> None:
    segment = min((copy.case / "facts" / table).glob("*.seg"))
    damage_middle(segment)
    told(copy("people", copy.case, expect=8), f"facts/{table}/{segment.stem}", "rollcall verify")
    done = copy("verify", copy.case, expect=8)
    assert segment.stem in done.stdout
    assert done.stdout.strip().splitlines()[-1].startswith("FAILED")


def test_a_segment_of_another_case(copy: Bench, ruin: Ruin) -> None:
    foreign = min((ruin.bench.case / "facts/children").glob("*.seg"))
    mine = min((copy.case / "facts/children").glob("*.seg"))
    shutil.copy(foreign, mine)
    told(copy("people", copy.case, expect=8), f"facts/children/{mine.stem}")
    copy("verify", copy.case, expect=8)


def test_a_segment_that_is_gone(copy: Bench) -> None:
    min((copy.case / "facts/children").glob("*.seg")).unlink()
    told(copy("people", copy.case, expect=8), "rollcall verify")


def test_a_case_of_a_newer_version(copy: Bench) -> None:
    header = copy.case / "header"
    header.write_text(json.dumps(json.loads(header.read_text()) | {"format_version": 99}))
    told(copy("status", copy.case, expect=2), "newer")
    told(copy.run(expect=2), "newer")


def test_two_runs_at_once(copy: Bench, good: Bench) -> None:
    more = copy.folder / "more.mbox"
    more.write_bytes(mbox(*(mail(f"<more{n}@x>", GOOD) for n in range(200))))
    first = copy.start("run", copy.case, more)
    wait_for(lambda: "hashing" in os.read(first.stderr.fileno(), 4096).decode() if first.stderr else True)
    first.send_signal(signal.SIGSTOP)
    try:
        told(copy.run(expect=2), "Another `rollcall run` holds this case", str(first.pid))
        copy("status", copy.case)
    finally:
        first.send_signal(signal.SIGCONT)
    first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    assert copy.json("status")["account"]["n_items"] == 3 + 201


# Root may read and write anywhere, so the child gives up what makes it so, for its children too (SECBIT_NOROOT); for
# others it changes nothing.
POWERLESS = """
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(28, 3, 0, 0, 0)
assert libc.capset(struct.pack("Ii", 0x20080522, 0), struct.pack("6I", *[0] * 6)) == 0
"""


def test_a_disk_that_cannot_be_written(copy: Bench) -> None:
    folders = [copy.case, *(path for path in copy.case.rglob("*") if path.is_dir())]
    files = [path for path in copy.case.rglob("*") if path.is_file()]
    (copy.folder / "more.eml").write_bytes(mail("<more@x>", GOOD))
    for path in [*files, *folders]:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        done = as_child(copy, POWERLESS, "run", copy.case, copy.folder / "more.eml")
    finally:
        for path in [*folders, *files]:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert done.returncode == 6, done.stderr
    told(done, "cannot be written", "run again")
    copy("verify", copy.case)


LIMIT = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.mark.parametrize("more", [4_000, pytest.param(400_000, marks=pytest.mark.soak)])
def test_a_disk_that_fills_up(copy: Bench, more: int) -> None:
    """In the main process, in a worker: the run stops with a sentence, and goes on when there is room."""
    grown = copy.folder / "more.mbox"
    grown.write_bytes(mbox(*(mail(f"<more{n}@x>", os.urandom(900).hex().encode()) for n in range(900))))
    limit = LIMIT.format((copy.case / "ledger.db").stat().st_size + more)
    done = as_child(copy, limit, "run", copy.case, grown)
    assert done.returncode == 6, done.stderr
    told(done, "again")
    copy.run(grown, expect=0)
    assert copy.json("status")["account"] | {"difference": 0, "n_items": 904} == copy.json("status")["account"]


def test_a_network_file_system(bench: Bench) -> None:
    (bench.folder / "desk.mbox").write_bytes(DESK)
    nfs = "import rollcall.store.filesystem as disk\ndisk.mount_type = lambda *_: 'nfs4'"
    done = as_child(bench, nfs, "run", bench.case, bench.folder / "desk.mbox")
    assert done.returncode == 6, done.stderr
    told(done, "nfs4", "Put the case on a local disk")
    assert not bench.case.exists()


def test_evidence_that_is_closed_to_us(bench: Bench) -> None:
    """Also in a folder that may not be entered: a source with a problem, and the rest is read."""
    closed = bench.folder / "closed"
    closed.mkdir()
    (closed / "desk.pst").write_bytes(b"!BDN")
    (bench.folder / "tree/closed").mkdir(parents=True)
    (bench.folder / "tree/closed/in.txt").write_text("unseen")
    (bench.folder / "tree/out.txt").write_text("seen")
    (bench.folder / "locked.mbox").write_bytes(DESK)
    (bench.folder / "locked.mbox").chmod(0)
    (bench.folder / "desk.mbox").write_bytes(DESK)
    closed.chmod(0)
    (bench.folder / "tree/closed").chmod(0)
    try:
        names = ("closed/desk.pst", "locked.mbox", "desk.mbox", "tree")
        done = as_child(bench, POWERLESS, "run", bench.case, *(bench.folder / name for name in names))
    finally:
        closed.chmod(0o700)
        (bench.folder / "tree/closed").chmod(0o700)
    assert done.returncode == 3, done.stderr
    assert "a bug" not in done.stderr
    found = {(row["path"], row["code"]) for row in bench.json("problems")}
    assert found == {
        ("desk.pst", "unreadable_source"),
        ("locked.mbox", "unreadable_source"),
        ("tree", "unreadable_source"),
    }
    assert bench.json("status")["account"]["difference"] == 0
    assert bench.json("people")


def _grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + mbox(mail("<later@x>")))


CHANGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "grown": (_grow, "changed_source"),
    "cut": (lambda path: path.write_bytes(DESK[:300]), "changed_source"),
    "emptied": (lambda path: path.write_bytes(b""), "changed_source"),
    "gone": (lambda path: path.unlink(), "missing_source"),
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(*told, id=name, marks=[pytest.mark.soak] if name in ("grown", "emptied") else [])
        for name, told in CHANGES.items()
    ],
)
def test_a_source_changed_since_it_was_registered(bench: Bench, change: Callable[[Path], object], code: str) -> None:
    source = bench.folder / "desk.mbox"
    source.write_bytes(DESK)
    bench.run(source, expect=0)
    before = [row["individual_id"] for row in bench.json("people")]
    change(source)
    bench.run(expect=3)
    (problem,) = bench.json("problems")
    assert (problem["code"], problem["path"], problem["state"]) == (code, "desk.mbox", "open")
    assert bench.json("status")["account"]["difference"] == 0
    assert [row["individual_id"] for row in bench.json("people")] == before
    assert before
    bench("verify", bench.case, expect=8)
    source.write_bytes(DESK)
    bench.run(expect=0)
    assert bench.json("problems") == []


# --- real stores ---------------------------------------------------------------------------------------------------


@pytest.fixture
def real_store() -> Path:
    path = SAMPLES / "pst" / "tika_testPST.pst"
    if not path.exists():
        pytest.skip("NOT RUN: the real files are not beside the project")
    return path


@pytest.mark.samples
def test_the_same_store_inside_a_zip(bench: Bench, real_store: Path) -> None:
    evidence = bench.folder / "evidence"
    evidence.mkdir()
    shutil.copy(real_store, evidence / "desk.pst")
    with zipfile.ZipFile(evidence / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(real_store, "backup/desk.pst")
    bench.run(evidence)
    target = bench.folder / "items.jsonl"
    bench("export", bench.case, "items", "--to", target)
    items = [json.loads(line) for line in target.read_text().splitlines()]
    mails = [one for one in items if one["kind"] == "message"]
    assert mails
    by_source = {one["source_id"]: 0 for one in mails}
    for one in mails:
        by_source[one["source_id"]] += 1
    assert len(by_source) == 2
    assert len(set(by_source.values())) == 1
    alone, zipped_too = ({one["blob_id"] for one in mails if one["source_id"] == source} for source in by_source)
    assert alone == zipped_too
    assert bench.json("status")["account"]["difference"] == 0


@pytest.mark.samples
@pytest.mark.parametrize("length", [40_000, *(pytest.param(one, marks=pytest.mark.soak) for one in (600, 1_000_000))])
def test_a_store_cut_short(bench: Bench, real_store: Path, length: int) -> None:
    (bench.folder / "desk.mbox").write_bytes(DESK)
    (bench.folder / "cut.pst").write_bytes(real_store.read_bytes()[:length])
    bench.run(bench.folder / "cut.pst", bench.folder / "desk.mbox", expect=3)
    assert bench.json("status")["account"]["difference"] == 0
    assert any(row["path"].startswith("cut.pst") for row in bench.json("problems"))
    assert bench.json("people")
