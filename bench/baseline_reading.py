"""Reads evidence for the baselines with everyday libraries: mail, archives, workbooks, delimited text, PDF, Word, HTML.

What an analyst puts together in an afternoon: no recovery of broken mail, no OCR, no passwords.

Both baselines share it, so that they differ by their ideas only, and it does not count among the 150 lines that the
first may have: no line of it knows a header, a label or the look of a number. It opens files with other people's
libraries, cuts them into tables and texts, joins what has the same key, and writes the answer in the contract's form.
Whoever counts it as well has a baseline of some 350 lines that finds the same people.
"""

import csv
import email
import email.policy
import io
import json
import mailbox
import re
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from email.message import Message
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pypdfium2

Said = tuple[str, str, str, str]  # element, subtype, value, mail


class Table(NamedTuple):
    """Rows of one sheet or file, where they stand."""

    message_id: str
    path: str
    rows: list[list[str]]


class Text(NamedTuple):
    """Running text, where it stands."""

    message_id: str
    path: str
    text: str


class _Html(HTMLParser):
    """Collects text and the rows of tables."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = []
        elif tag in ("br", "div", "p"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.cell is not None:
            self.cell.append(data)


def read_case(evidence: Path) -> Iterator[Table | Text]:
    """Yield every table and text of the mails below a folder."""
    with tempfile.TemporaryDirectory() as scratch:
        for packed in sorted(evidence.glob("*.zip")):
            with zipfile.ZipFile(packed) as archive:
                for name in archive.namelist():
                    archive.extract(name, scratch)
        for root in (evidence, Path(scratch)):
            for box in sorted(root.glob("*.mbox")):
                for one in mailbox.mbox(box, create=False):
                    yield from _message(email.message_from_bytes(one.as_bytes()))
            for file in sorted([*root.glob("**/Maildir/**/*"), *root.glob("**/*.eml")]):
                if file.is_file():
                    yield from _message(email.message_from_bytes(file.read_bytes()))


def _message(message: Message, path: str = "", outer: str = "") -> Iterator[Table | Text]:
    message_id = outer or str(message["Message-ID"])
    if not path:
        yield Text(message_id, "", str(email.header.make_header(email.header.decode_header(message["Subject"] or ""))))
    for part in message.walk():
        name = part.get_filename()
        if part.is_multipart() or part.get_content_type() == "message/rfc822":
            continue
        data = part.get_payload(decode=True)
        if not isinstance(data, bytes):
            continue
        if name and part.get_content_disposition() == "attachment":
            yield from _file(message_id, f"{path} > {name}" if path else str(name), data)
            continue
        text = data.decode("utf-8", "replace")
        if part.get_content_type() == "text/html":
            page = _Html()
            page.feed(text)
            if len(page.rows) > 1:
                yield Table(message_id, path, page.rows)
            text = "".join(page.words)
        yield Text(message_id, path, text)


def _file(message_id: str, path: str, data: bytes) -> Iterator[Table | Text]:
    ending = path.rpartition(".")[2].lower()
    try:
        if ending == "zip":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield from _file(message_id, f"{path} > {name}", archive.read(name))
        elif ending == "tgz":
            with tarfile.open(fileobj=io.BytesIO(data)) as archive:
                for member in archive.getmembers():
                    held = archive.extractfile(member)
                    yield from _file(message_id, f"{path} > {member.name}", held.read() if held else b"")
        elif ending == "eml":
            yield from _message(email.message_from_bytes(data), path, message_id)
        elif ending == "xlsx":
            for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True):
                yield Table(message_id, path, [[_cell(c) for c in row] for row in sheet.iter_rows(values_only=True)])
        elif ending == "docx":
            xml = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
            yield Text(message_id, path, re.sub(r"<[^>]*>", "", re.sub(r"</w:p>|</w:tc>", "\n", xml)))
        elif ending == "pdf":
            pages = pypdfium2.PdfDocument(data)
            text = "\n".join(page.get_textpage().get_text_range() for page in pages)
            yield from _lines(message_id, path, text)
        elif ending in ("csv", "txt", "prn", "rpt", "tsv"):
            yield from _lines(
                message_id, path, data.decode("utf-16" if data[:2] == b"\xff\xfe" else "cp1252", "replace")
            )
    except (OSError, ValueError, KeyError, RuntimeError, csv.Error, zipfile.BadZipFile, pypdfium2.PdfiumError):
        return  # locked or broken: an analyst's script goes on


def _lines(message_id: str, path: str, text: str) -> Iterator[Table | Text]:
    sample = text[:4000]
    marks = {mark: sample.count(mark) for mark in "\t|,"}
    mark = max(marks, key=lambda one: marks[one])
    if marks[mark] > 3 * max(1, sample.count("\n")):
        yield Table(message_id, path, list(csv.reader(io.StringIO(text), delimiter=mark)))
    else:
        rows = [re.split(r" {2,}", line.strip()) for line in text.splitlines()]
        if sum(len(row) > 3 for row in rows) * 2 > len(rows):
            yield Table(message_id, path, rows)
        yield Text(message_id, path, text)


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def join(found: list[list[Said]]) -> dict[str, dict[str, Any]]:
    """Return people: rows with the same number, or the same name and birth date."""
    people: dict[str, dict[str, Any]] = {}
    for said in found:
        by = {element: re.sub(r"\W", "", value).upper() for element, _, value, _ in reversed(said)}
        name = " ".join(sorted(re.findall(r"[A-Z]{2,}", next(v for e, _, v, _ in said if e == "name").upper())))
        key = by.get("ssn") or by.get("medical_record_number") or f"{name} {by.get('date_of_birth', '')}"
        people.setdefault(key, {"said": []})["said"] += said
    return people


def write_answer(people: dict[str, dict[str, Any]], to: Path) -> None:
    """Write individuals.jsonl and evidence.jsonl: one person for each key, with the (element, subtype, value, mail)."""
    to.mkdir(parents=True, exist_ok=True)
    with (to / "individuals.jsonl").open("w") as listed, (to / "evidence.jsonl").open("w") as evidence:
        for number, one in enumerate(people.values()):
            said = one["said"]
            born = next((value for element, _, value, _ in said if element == "date_of_birth"), None)
            names = list(dict.fromkeys(value for element, _, value, _ in said if element == "name"))
            marks = sorted(
                {(e, s, v) for e, s, v, _ in said if e in ("ssn", "medical_record_number", "health_insurance")}
            )
            row = {
                "individual_id": f"b{number}", "listed": True, "names": names, "date_of_birth": born, "confidence": 0.9,
                "identifiers": [{"element": e, "subtype": s, "issuer": None, "value": v} for e, s, v in marks],
                "elements": sorted({element for element, _, _, _ in said} - {"name"}),
            }  # fmt: skip
            listed.write(json.dumps(row) + "\n")
            for element, subtype, value, mail in sorted(set(said)):
                line = {"individual_id": f"b{number}", "element": element, "subtype": subtype, "value": value,
                        "message_id": mail, "path": "", "place": ""}  # fmt: skip
                evidence.write(json.dumps(line) + "\n")
