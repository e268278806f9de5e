"""Exports of mail services, as one file or as the folder it unpacks to: who had what is told, nothing is missed."""

import json
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cases.conftest import Bench
from tests.cases.positions import person

pytestmark = pytest.mark.case
RESULTS = (
    "Item Identity,Document ID,Selected,Duplicate to Item,Original Path,Location Name,Target Path,Subject or Title,"
    "Decode Status\r\n1,1,Yes,,/x,ann,/y,one,\r\n"
)
WHOLE = [True, pytest.param(False, marks=pytest.mark.soak)]  # as one file, and unpacked


def mbox(owner: str, first: int, n: int = 4) -> bytes:
    mails = []
    for number in range(first, first + n):
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = f"desk{number}@other.example", owner, f"note {number}"
        mail["Date"], mail["Message-ID"] = f"Mon, 06 Jan 2020 10:00:{number:02} +0000", f"<{number}@other.example>"
        mail.set_content(person(number).told)
        mails.append(b"From 17%d@xxx Mon Jan 06 10:00:00 +0000 2020\n" % number + mail.as_bytes() + b"\n")
    return b"".join(mails)


def eml(owner: str, number: int) -> bytes:
    return mbox(owner, number, 1).partition(b"\n")[2]


M365 = {
    "Exchange/ann@clinic.example.mbox": mbox("shared@clinic.example", 0),
    "Exchange/Bo Quill.mbox": mbox("bo@clinic.example", 10),
    "Exchange/cy@clinic.example/Inbox/1.eml": eml("x@clinic.example", 20),
    "Exchange/deep/drawer.mbox": mbox("di@clinic.example", 30),
    "Export Summary.csv": b"Name,Value\r\nItems,13\r\n",
    "Results.csv": RESULTS.encode(),
}
VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eluned Vasquez\r\nTEL:612-555-0142\r\nEND:VCARD\r\n"
TAKEOUT = {
    "Takeout/archive_browser.html": b"<html><body><h1>Your archive</h1></body></html>",
    "Takeout/Mail/All mail Including Spam and Trash.mbox": mbox("bo@clinic.example", 40),
    "Takeout/Mail/User Settings/Filters.json": b'[{"from": "x@y.example", "label": "Rolls"}]',
    "Takeout/Contacts/My Contacts/My Contacts.vcf": VCARD.encode(),
    "Takeout/Drive/rolls/may.csv": b'Name,DOB,SSN\r\n"Okonkwo, Marisol",1984-03-02,899-45-1234\r\n',
}


def as_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def as_folder(path: Path, members: dict[str, bytes]) -> Path:
    for name, data in members.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def mailboxes(bench: Bench) -> dict[str, str | None]:
    """Return the mailbox of each message, by its Message-ID."""
    table = bench.folder / "items.jsonl"
    bench("export", bench.case, "items", "--to", table, "--values", "clear")
    rows = [json.loads(line) for line in table.read_text().splitlines()]
    return {row["message_id"]: row["mailbox"] for row in rows if row["kind"] == "message"}


def of(first: int, mailbox: str, n: int = 4) -> dict[str, str]:
    return {f"<{number}@other.example>": mailbox for number in range(first, first + n)}


@pytest.mark.parametrize("whole", WHOLE, ids=["zip", "folder"])
def test_m365_export(bench: Bench, tmp_path: Path, *, whole: bool) -> None:
    source = as_zip(tmp_path / "search.zip", M365) if whole else as_folder(tmp_path / "search", M365)
    bench.run(source, expect=0)
    wanted = {
        **of(0, "ann@clinic.example"), **of(10, "bo@clinic.example"), **of(20, "cy@clinic.example", 1),
        **of(30, "di@clinic.example"),
    }  # fmt: skip
    assert mailboxes(bench) == wanted
    status = bench.json("status")
    assert set(status["exports"].values()) == {"Microsoft 365 (Purview) export"}
    assert status["account"]["difference"] == 0
    assert "text/x-load-file" in {row["format"] for row in status["formats"]}
    assert {row["custodian"] for row in status["custodians"]} >= {"ann@clinic.example", "Bo Quill"}


@pytest.mark.parametrize("whole", WHOLE, ids=["zip", "folder"])
def test_takeout(bench: Bench, tmp_path: Path, *, whole: bool) -> None:
    made = as_zip(tmp_path / "takeout-1.zip", TAKEOUT) if whole else as_folder(tmp_path / "out", TAKEOUT)
    bench.run(made, expect=0)
    assert mailboxes(bench) == of(40, "bo@clinic.example")
    status = bench.json("status")
    assert set(status["exports"].values()) == {"Google Takeout"}
    assert {row["mailbox"] for row in status["sources"]} == {"bo@clinic.example"}
    assert any("Okonkwo" in name for row in bench.json("people") for name in row["names"])
