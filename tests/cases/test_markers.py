"""Ten planted values are found in the list, and stand in clear nowhere: no file, no output, no process tells them."""

import base64
import contextlib
import csv
import gzip
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from tests.cases.conftest import PATIENCE, Bench, children_of

pytestmark = pytest.mark.case

NAMES = {"row": "Tamsin Quorlenstadt", "mail": "Ignatz Wexelbraun"}
VALUES = {
    "ssn": "899-73-5519",
    "mrn": "7749215306",
    "member": "ZQX884920173",
    "phone": "(507) 555-0148",
    "email": "tq.marker77@plorvix.org",
    "address": "4417 Grimmaldine Terrace",
    "ssn_in_names": "899-52-6631",  # in a subject, a file name, a folder, a member of a zip
    "licence": "Q614-882-903-557",
}
SHARED = ("/dev/shm", "/var/tmp")
MASKED = (
    ("individuals", "csv"), ("individuals", "xlsx"), ("individuals", "parquet"), ("individuals", "jsonl"),
    ("evidence", "xlsx"), ("items", "parquet"), ("problems", "csv"), ("sources", "jsonl"), ("findings", "csv"),
    ("mentions", "jsonl"), ("links", "csv"),
)  # fmt: skip


def spreadsheet() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Patient Name", "DOB", "SSN", "MRN", "Member ID", "Address", "Phone", "Email"])
    sheet.append([
        NAMES["row"], "1961-03-02", VALUES["ssn"], VALUES["mrn"], VALUES["member"],
        f"{VALUES['address']}, Rochester, MN 55901", VALUES["phone"], VALUES["email"],
    ])  # fmt: skip
    for n in range(12):
        street = f"{n + 10} Oak St, Rochester, MN 55901"
        row = [f"Ann Other{chr(97 + n)}", f"1970-01-{n + 1:02}", f"899-10-{1000 + n}", f"MR10000{n:05}", "", street]
        sheet.append([*row, "", ""])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def table() -> bytes:
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(["name", "birth date", "drivers license", "mrn"])
    writer.writerow([NAMES["row"], "03/02/1961", VALUES["licence"], VALUES["mrn"]])
    return target.getvalue().encode()


def evidence(folder: Path) -> Path:
    """Write a mailbox folder whose mails, files and names hold the values."""
    number = VALUES["ssn_in_names"]
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"lists/{NAMES['row']} {number}.xlsx", spreadsheet())
        archive.writestr("people.csv", table())
    mail = EmailMessage()
    mail["From"], mail["To"] = "Front Desk <desk@clinic.org>", "billing@clinic.org"
    mail["Date"], mail["Message-ID"] = "Mon, 02 Mar 2026 10:00:00 +0000", "<marker@clinic.org>"
    mail["Subject"] = f"{NAMES['mail']} SSN {number}"
    mail.set_content(
        f"Patient: {NAMES['mail']}\nDOB: 04/05/1972\nSSN: {number}\nPhone: {VALUES['phone']}\n\n"
        f"Please call {NAMES['mail']}.\n"
    )
    mail.add_attachment(inside.getvalue(), maintype="application", subtype="zip", filename=f"{number}.zip")
    target = folder / f"box {number}" / "desk@clinic.org"
    target.mkdir(parents=True)
    (target / f"{NAMES['mail']} {number}.eml").write_bytes(bytes(mail))
    (target / f"broken {number}.rar").write_bytes(b"Rar!\x1a\x07\x00" + number.encode())
    return folder


def forms(value: str) -> set[bytes]:
    """Return how a value may stand in bytes: separators or none, both cases, in the usual encodings."""
    bare = re.sub(r"[^\w]", "", value)
    written = {value, value.lower(), value.upper(), bare, bare.lower()}
    if " " in value and value.replace(" ", "").isalpha():
        family = value.split()[-1]
        written = {value, family, family.lower(), family.upper()}
    made: set[bytes] = set()
    for text in written:
        plain = text.encode()
        made |= {plain, text.encode("utf-16-le"), plain.hex().encode(), plain[::-1]}
        for shift in range(3):  # a value inside a longer text in base64 stands at one of three offsets
            coded = base64.b64encode(b"\0" * shift + plain)
            made.add(coded[(0, 2, 3)[shift] : len(coded) // 4 * 4 - 4])
    return {form for form in made if len(form) >= 7}


EVERY = {key: re.compile(b"|".join(map(re.escape, sorted(forms(value))))) for key, value in (NAMES | VALUES).items()}
IDENTIFIERS = {key: EVERY[key] for key in VALUES}


def unpacked(data: bytes) -> Iterator[bytes]:
    """Yield the bytes, and what they hold when they are compressed."""
    yield data
    for start in (b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
        position = data.find(start)
        while position >= 0 and len(data) < 1 << 22:
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(data[position:], 1 << 22)
            position = data.find(start, position + 1)
    if data.startswith(b"PK"):
        with contextlib.suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
            yield "\n".join(archive.namelist()).encode()
    if data.startswith(b"PAR1"):
        yield json.dumps(pq.read_table(io.BytesIO(data)).to_pylist(), ensure_ascii=False, default=str).encode()
    if data.startswith(b"\x1f\x8b"):
        with contextlib.suppress(OSError, EOFError):
            yield gzip.decompress(data)


def told_in(data: bytes, values: dict[str, re.Pattern[bytes]] = EVERY) -> list[str]:
    return [key for piece in unpacked(data) for key, pattern in values.items() if pattern.search(piece)]


class Watch:
    """Looks for the values wherever the program may leave something."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.aside: set[Path] = set()  # the evidence, and files asked for
        self.began = time.time() - 1

    def files(self) -> Iterator[Path]:
        """Yield every file of case, temp, home and working folder, and what is new in shared memory."""
        for path in self.bench.folder.rglob("*"):
            if not any(path == one or one in path.parents for one in self.aside):
                yield path
        for folder in map(Path, SHARED):
            for path in folder.rglob("*"):
                with contextlib.suppress(OSError):
                    if path.is_file() and path.stat().st_mtime >= self.began:
                        yield path

    def look(self, after: str) -> None:
        """Fail if a value stands in a file or in its name."""
        for path in self.files():
            told = told_in(os.fsencode(path))
            with contextlib.suppress(OSError):
                told += told_in(path.read_bytes())
            assert not told, f"after {after}: {told} in {path}"

    def masked(self, *arguments: str | Path, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command that shows masked values, and look at what it said and left."""
        done = self.bench(*arguments, expect=expect)
        for stream in (done.stdout, done.stderr):
            told = told_in(stream.encode(), IDENTIFIERS)
            assert not told, f"{arguments}: {told} in {stream}"
        self.look(str(arguments[0]))
        return done


@pytest.fixture
def watch(bench: Bench) -> Watch:
    found = Watch(bench)
    found.aside.add(evidence(bench.folder / "evidence"))
    return found


def test_the_search_would_see_one(tmp_path: Path) -> None:
    value = VALUES["ssn"]
    digits = value.replace("-", "")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", value * 9)
    for data in (
        value.encode(), digits.encode(), value.encode("utf-16-le"), base64.b64encode(f"SSN {value} x".encode()),
        base64.b64encode(f"an SSN {value} x".encode()), zlib.compress(value.encode()), packed.getvalue(),
        value.encode().hex().encode(),
    ):  # fmt: skip
        assert told_in(b"...." + data if not data.startswith((b"PK", b"x")) else data) == ["ssn"]
    assert told_in(b"QUORLENSTADT") == ["row"]
    assert told_in(b"899-73-551 9 and Quorlen") == []


def test_ten_values(watch: Watch) -> None:
    """Every command, one after another; what each leaves is searched."""
    bench = watch.bench
    case, folder = bench.case, bench.folder
    source = folder / "evidence"
    process = bench.start("run", case, source)
    told = seen = 0
    while process.poll() is None:  # arguments and environment of the command and its workers, while it runs
        for pid in (process.pid, *children_of(process.pid)):
            for name in ("cmdline", "environ"):
                with contextlib.suppress(OSError):
                    told += len(told_in(Path(f"/proc/{pid}/{name}").read_bytes(), EVERY))
                    seen += pid != process.pid
        if seen > 8 and not told:
            break
        time.sleep(0.05)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3, err
    assert seen
    assert not told
    assert told_in((out + err).encode(), IDENTIFIERS) == []
    watch.look("run")

    for command in ("status", "estimate", "people", "problems", "digest", "verify"):
        watch.masked(command, case, *(("--all",) if command in {"people", "problems"} else ()))
    for command in ("status", "people", "problems"):
        watch.masked(command, case, "--json")
    for command in ("serve", "access", "certify", "letters"):
        watch.masked(command, case, expect=2)
    people = bench.json("people")
    for name in NAMES.values():
        person = next(row for row in people if name in row["names"])
        watch.masked("why", case, person["individual_id"], *(("--json",) if name == NAMES["row"] else ()))
    problem = bench.json("problems")[0]
    watch.masked("decide", case, "sign_off", problem["problem_id"], "--why", "looked at by hand")
    watch.masked("decide", case, "confirm", people[0]["individual_id"], "--why", "yes")
    watch.masked("run", case, expect=None)

    # Files asked for: names may stand in a masked one, identifiers may not.
    for name, ending in MASKED:
        target = folder / f"{name}.{ending}"
        watch.aside.add(target)
        watch.masked("export", case, name, "--to", target)
        assert told_in(target.read_bytes(), IDENTIFIERS) == [], target
    watch.masked("report", case)  # no --to: counts and no names, so it is searched like everything else
    target = folder / "report.html"
    watch.aside.add(target)
    watch.masked("report", case, "--to", target)
    assert told_in(target.read_bytes(), IDENTIFIERS) == []

    # In clear they are all there.
    target = folder / "clear.jsonl"
    watch.aside.add(target)
    watch.masked("export", case, "evidence", "--values", "clear", "--to", target)
    shown = target.read_bytes()
    watch.masked("export", case, "individuals", "--values", "clear", "--to", target)
    assert set(told_in(shown + target.read_bytes())) == set(NAMES | VALUES)

    other = folder / "other.key"
    other.write_bytes(b"the key of a colleague, long enough")
    watch.masked("key", "add", case, "--new-key-file", other)
    listed = subprocess.run(
        [sys.executable, "-m", "rollcall", "key", "list", str(case)], capture_output=True, check=True, cwd=folder
    )
    assert told_in(listed.stdout + listed.stderr) == []
    watch.masked("key", "rotate", case, "--drop-others")
    watch.masked("gc", case)
    watch.masked("verify", case)
    assert told_in(json.dumps(bench.json("people")).encode(), IDENTIFIERS) == []


def test_a_run_that_is_killed(watch: Watch) -> None:
    """What an unfinished run leaves behind tells nothing either."""
    bench = watch.bench
    for seconds in (1.5, 3.0, 4.5):
        process = bench.start("run", bench.case, bench.folder / "evidence")
        time.sleep(seconds)
        workers = children_of(process.pid)
        for pid in (process.pid, *workers):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        watch.look(f"a kill after {seconds} s")
    bench.run(bench.folder / "evidence", expect=3)
    watch.look("the run after")


def test_nothing_in_the_log_at_its_most_talkative(watch: Watch) -> None:
    """Every interpreter logs all it can, workers included: each reads the hook at its start."""
    bench = watch.bench
    (bench.folder / "tmp").mkdir(exist_ok=True)
    hook, log = bench.folder / "hook", bench.folder / "all.log"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import logging, os\n"
        f"logging.basicConfig(level=logging.DEBUG, filename={str(log)!r})\n"
        "logging.debug('process %d', os.getpid())\n"
    )
    for command in ("run", "people", "problems"):
        arguments = (command, bench.case, *((bench.folder / "evidence",) if command == "run" else ()))
        subprocess.run(
            [sys.executable, "-m", "rollcall", *map(str, arguments), "--key-file", str(bench.key)],
            capture_output=True, stdin=subprocess.DEVNULL, cwd=bench.folder, check=False, timeout=PATIENCE,
            env=bench.environment() | {"PYTHONPATH": str(hook)},
        )  # fmt: skip
    assert len(re.findall("process [0-9]+", log.read_text())) >= 5, "three commands and two workers"
    watch.look("commands at DEBUG")
