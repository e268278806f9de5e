"""One case of everything hostile, a normal mail after each: every item ends, with the state the table says.

`make soak` opens each content, the large ones too, under the limits a case has by default: twenty seconds at most.
"""

import csv
import json
import os
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rollcall.items.parser import Limits
from rollcall.model import Blob, Child, Trouble
from rollcall.problems import CODES
from rollcall.sandbox.client import Sandbox
from tests.cases.conftest import Bench, children_of
from tests.hostile import netless
from tests.hostile.archives import OUTSIDE
from tests.hostile.mails import NAMES
from tests.hostile.make import LARGE, SET, write
from tests.sandbox.reading import Confined, everything

SECONDS = 20  # of processor time, for one content and all that is in it
MOST_MEMORY = 3 << 30  # of a reader: what a case allows, and its libraries
MOST_OF_ITSELF = 1 << 30  # of the run and its workers
OURS = ("crashed", "internal_error", "parser_failed")

# How each ends: state of the attachment, codes of which one must stand at it or in it. No code: nothing is lost.
ENDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "zip_bomb.zip": ("problem", ("bomb",)),
    "quiet_bomb.zip": ("read", ("bomb", "corrupt", "truncated")),
    "overlapping.zip": ("problem", ("bomb",)),
    "nested.zip": ("read", ("bomb",)),  # ten million leaves, and one content
    "deep.zip": ("read", ("too_deep",)),
    "deep.gz": ("read", ("too_deep",)),
    "quine.gz": ("problem", ("archive_loop",)),
    "quine.zip": ("problem", ("archive_loop",)),
    "outside.zip": ("read", ()),
    "lying.zip": ("problem", ("bomb", "corrupt", "truncated")),
    "outside.tar": ("problem", ("truncated",)),
    "sparse.tar": ("read", ("unsupported",)),
    "bomb.gz": ("read", ("bomb", "too_large")),
    "outside.7z": ("read", ()),
    "lying.7z": ("problem", ("bomb",)),
    "huge.7z": ("problem", ("corrupt", "truncated")),
    "many_files.7z": ("problem", ("corrupt",)),
    "sparse.xlsx": ("read", ()),
    "billion_rows.xlsx": ("read", ()),
    "bomb.xlsx": ("problem", ("bomb", "partial", "corrupt")),
    "laughs.xlsx": ("problem", ("bomb",)),
    "laughs.docx": ("problem", ("bomb",)),
    "deep.docx": ("problem", ("partial", "too_deep")),
    "wide.docx": ("empty", ()),  # a million cells with nothing in them
    "repeated.ods": ("read", ()),
    "spaces.odt": ("read", ()),
    "fat_cycle.doc": ("problem", ("corrupt",)),
    "lying.xls": ("problem", ("truncated", "corrupt")),
    "difat_cycle.doc": ("problem", ("corrupt",)),
    "deep.rtf": ("read", ()),
    "lying.rtf": ("problem", ("truncated",)),
    "deep.html": ("problem", ("partial", "too_deep")),
    "deep_tables.html": ("problem", ("partial", "too_deep")),
    "remote.html": ("read", ()),
    "remote.docx": ("read", ()),
    "external.xml": ("problem", ("bomb",)),
    "laughs.xml": ("problem", ("bomb",)),
    "laughs.fhir": ("problem", ("bomb",)),
    "laughs.ccda": ("problem", ("bomb",)),
    "laughs.svg": ("problem", ("bomb",)),
    "deep.xml": ("problem", ("partial", "too_deep")),
    "deep.json": ("problem", ("too_deep",)),
    "endless.sqlite": ("read", ()),  # its tables; views are not looked at
    "circles.sqlite": ("problem", ("partial", "corrupt")),
    "bomb.pdf": ("read", ()),  # half a gigabyte of blanks, and the words after them
    "chain.pdf": ("read", ()),
    "pages_cycle.pdf": ("problem", ("partial", "corrupt")),
    "outline_cycle.pdf": ("read", ()),
    "xref_loop.pdf": ("read", ()),
    "form_cycle.pdf": ("problem", ("timed_out", "out_of_memory")),
    "object_loop.pdf": ("empty", ()),  # a page whose streams are none
    "deep_arrays.pdf": ("read", ()),
    "huge_page.pdf": ("empty", ()),  # a black square, and a page of no size
    "huge_picture.pdf": ("read", ()),
    "many_pages.pdf": ("problem", ("too_large",)),
    "huge.png": ("problem", ("too_large",)),
    "tall.png": ("problem", ("too_large",)),
    "text_bomb.png": ("problem", ("corrupt", "bomb", "too_large")),
    "frames_loop.tiff": ("empty", ()),  # forty by forty points of one colour
    "huge.tiff": ("problem", ("corrupt", "too_large")),
    "frames.gif": ("problem", ("too_large",)),
    "huge.bmp": ("problem", ("too_large",)),
    "huge.jpg": ("problem", ("too_large", "truncated")),
    "endless.emf": ("problem", ("truncated", "corrupt")),
    "deep.eml": ("problem", ("too_deep",)),
    "deep_mails.eml": ("read", ("too_deep",)),
    "parameters.eml": ("read", ()),
    "words.eml": ("read", ()),
    "addresses.eml": ("read", ()),
    "same_boundary.eml": ("read", ()),
    "uu.eml": ("read", ()),
    "wide.csv": ("read", ()),
    "quoted.csv": ("problem", ("partial",)),
    "deep.ics": ("problem", ("truncated", "too_deep")),
    "lying.pst": ("problem", ("corrupt",)),
    "lying.tnef": ("problem", ("corrupt", "truncated", "unsupported")),
    "large_members.zip": ("read", ("bomb",)),
    "many_members.zip": ("read", ()),
    "many_cells.xlsx": ("read", ()),
    "text_bomb.pdf": ("read", ()),
    "many_lines.pdf": ("problem", ("partial",)),
    "many_words.pdf": ("read", ()),
    "many_frames.tiff": ("problem", ("too_large",)),
    "many_parts.eml": ("read", ()),
    "many_headers.eml": ("read", ()),
    "patterns.txt": ("read", ()),
    "many_lines.txt": ("read", ()),
    "many_mails.mbox": ("read", ()),
    "wide_200.csv": ("read", ("too_large",)),
    "wide.hl7": ("read", ()),
    "many.hl7": ("read", ()),
    "many.x12": ("problem", ("truncated",)),
}


class Watch(threading.Thread):
    """Looks at the memory of a process and of all below it, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.own = self.readers = 0  # bytes at most, of one process
        self._over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self._over.wait(0.1):
            waiting = [(self._pid, False)]
            while waiting:
                pid, below = waiting.pop()
                held, is_server = _memory(pid)
                if below:
                    self.readers = max(self.readers, held)
                else:
                    self.own = max(self.own, 0 if is_server else held)
                waiting += [(child, below or is_server) for child in children_of(pid)]

    def end(self) -> None:
        self._over.set()
        self.join()


def _memory(pid: int) -> tuple[int, bool]:
    """Return the bytes a process holds, and whether it is a server of readers."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE"), b"sandbox.server" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, IndexError):
        return 0, False


class Hostile:
    """The case and what came of it."""

    def __init__(self, folder: Path) -> None:
        self.bench = bench = Bench(folder)
        write(folder / "evidence", SET)
        for number, name in enumerate(NAMES.values()):
            content = b"Patient: Bea Quorlen\nMRN: %d\n" % (55_000_000 + number)
            (folder / "evidence" / f"name{number:02}.eml").write_bytes(_mail_named(name, content, number))
        first = folder / "first.eml"
        first.write_bytes(_mail_named("=1+1.txt", b"MRN: 55999999\n", 99, "=cmd|' /C calc'!A0"))
        bench.run(first)  # makes the case; what a reader may work is lowered before anything hostile is opened
        before = _outside()
        settings = bench.case / "case.toml"
        settings.write_text(settings.read_text().replace("[policy]\n", "[policy]\nmax_work = 5\n"))
        report = folder / "packets.json"
        with pytest.MonkeyPatch.context() as patch:
            alone = ("unshare", "--user", "--map-root-user", "--net", sys.executable, netless.__file__, str(report))
            patch.setattr("tests.cases.conftest.ROLLCALL", (*alone, sys.executable, "-m", "rollcall"))
            process = bench.start("run", bench.case, folder / "evidence", "--no-ocr")
        self.watch = Watch(process.pid)
        self.out, self.err = process.communicate(timeout=400)
        self.watch.end()
        self.exit = process.returncode
        self.sent = json.loads(report.read_text())["sent"] if report.is_file() else -1
        self.appeared = _outside() - before
        self.account = bench.json("status")["account"]
        self.items = self.table("items")
        self.problems: list[dict[str, Any]] = bench.json("problems", "--all", "--values", "clear")

    def table(self, name: str, ending: str = "jsonl") -> Any:
        target = self.bench.folder / f"{name}.{ending}"
        self.bench("export", self.bench.case, name, "--values", "clear", "--to", target)
        return [json.loads(line) for line in target.read_text().splitlines()] if ending == "jsonl" else target


def _mail_named(name: str, content: bytes, number: int, subject: str = "") -> bytes:
    from tests.hostile.make import mail_with

    made = mail_with(name, content, 900 + number)
    return made.replace(b"Subject: file", b"Subject: " + (subject or name).encode("ascii", "replace") + b" file", 1)


def _outside() -> set[str]:
    """Return the files that names of members would lead to."""
    return {str(path) for folder in ("/tmp", "/", str(Path.cwd())) for path in Path(folder).glob(f"*{OUTSIDE}*")}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return Hostile(tmp_path_factory.mktemp("hostile"))


pytestmark = pytest.mark.case


def test_the_run_ends_and_the_account_balances(hostile: Hostile) -> None:
    assert hostile.exit == 3, hostile.err[-2000:]
    assert "Traceback" not in hostile.err
    assert hostile.account["difference"] == 0


def test_normal_mails_are_read(hostile: Hostile) -> None:
    states = {item["message_id"]: item["end_state"] for item in hostile.items if item["kind"] == "message"}
    assert {states.get(f"<normal{number}@x>") for number in range(len(SET))} == {"read"}
    found = {
        identifier["value"] for row in hostile.table("individuals") for identifier in json_of(row["identifiers"])
    } | {row["value"] for row in hostile.table("evidence")}
    assert {str(44_000_000 + number) for number in range(len(SET))} <= found


def json_of(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


@pytest.mark.parametrize("name", SET)
def test_how_it_ends(hostile: Hostile, name: str) -> None:
    state, codes = ENDS[name]
    (attachment,) = (item for item in hostile.items if item["name"] == name)
    assert attachment["end_state"] == state
    ids = {item["item_id"] for item in hostile.items if item["family_id"] == attachment["family_id"]}
    lost = {row["code"] for row in hostile.problems if row["item_id"] in ids and CODES[row["code"]].loses}
    lost.discard("needs_ocr")  # pages are left out here
    assert bool(lost) == bool(codes), lost
    assert not codes or lost & set(codes), lost


def test_no_packet_is_sent(hostile: Hostile) -> None:
    assert hostile.sent == 0


def test_a_packet_would_be_counted(tmp_path: Path) -> None:
    import subprocess

    send = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))"
    alone = ("unshare", "--user", "--map-root-user", "--net", sys.executable, netless.__file__, str(tmp_path / "r"))
    subprocess.run([*alone, sys.executable, "-c", send], check=True)
    assert json.loads((tmp_path / "r").read_text())["sent"] == 1


def test_memory_stays_within_limits(hostile: Hostile) -> None:
    assert 0 < hostile.watch.own < MOST_OF_ITSELF
    assert 0 < hostile.watch.readers < MOST_MEMORY


def test_nothing_is_written_outside(hostile: Hostile) -> None:
    assert hostile.appeared == set()
    assert {path.name for path in (hostile.bench.folder / "tmp").iterdir()} == set()
    assert [path for path in hostile.bench.home.rglob("*") if path.is_file()] == []


def test_names_do_nothing_in_a_table(hostile: Hostile) -> None:
    with hostile.table("items", "csv").open(newline="") as stream:
        rows = list(csv.reader(stream))
    cells = [cell for row in rows[1:] for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.lstrip("\t\r\n ").startswith(("=", "+", "-", "@"))]
    assert len({len(row) for row in rows}) == 1
    with zipfile.ZipFile(hostile.table("problems", "xlsx")) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
        links = [name for name in book.namelist() if "externalLink" in name or name.endswith("sheet1.xml.rels")]
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet]
    assert not links


def test_names_do_nothing_on_a_terminal(hostile: Hostile) -> None:
    for command in ("problems", "status", "people"):
        said = hostile.bench(command, hostile.bench.case).stdout
        assert not [sign for sign in said if not sign.isprintable() and sign not in "\n\t"], command


def test_names_do_nothing_in_a_report(hostile: Hostile) -> None:
    target = hostile.bench.folder / "report.html"
    hostile.bench("report", hostile.bench.case, "--to", target)
    pages = [path.read_text() for path in (target.rglob("*.html") if target.is_dir() else [target])]
    assert pages
    assert not [page for page in pages if "<img src=x" in page or "<script>alert" in page or "{{7*7}}" in page]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


@pytest.mark.soak
@pytest.mark.parametrize("name", [*SET, *LARGE])
def test_it_ends_soon(sandbox: Sandbox, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes((SET | LARGE)[name]())
    before, began = _worked(sandbox), time.monotonic()
    facts = everything(Confined(sandbox, tmp_path / name, Limits()))
    print(f"{name}: {_worked(sandbox) - before:.1f} s of work, {time.monotonic() - began:.1f} s by the clock")
    assert _worked(sandbox) - before < SECONDS
    state, codes = ENDS[name]
    lost = {fact.code for fact in facts if isinstance(fact, Trouble) and CODES[fact.code].loses}
    assert lost & set(codes) if codes else not lost
    assert isinstance(facts[0], Child)
    assert next(fact.state for fact in facts if isinstance(fact, Blob) and fact.blob_id == facts[0].blob_id) == state
    assert not lost & set(OURS)


def _worked(sandbox: Sandbox) -> float:
    """Return the seconds that children have worked: those that ended and are buried, and the one there is."""
    child = sandbox._child.worked() if sandbox._child is not None else 0.0
    fields = Path(f"/proc/{sandbox.pid}/stat").read_text().rpartition(")")[2].split()
    return child + (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
