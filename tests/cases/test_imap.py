"""A mailbox on a real server: fetched without a trace there, resumed, added to, and read like any other."""

import json
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest

from rollcall.evidence.sources.imap import Login, Session
from rollcall.evidence.sources.imap_address import address_of
from rollcall.problems import CaseError, Exit
from tests.cases.conftest import Bench
from tests.cases.dovecot import PASSWORD, USER, Dovecot, Gate, dovecot
from tests.cases.test_markers import IDENTIFIERS, NAMES, VALUES, Watch, told_in
from tests.cases.test_markers import evidence as marked

pytestmark = pytest.mark.case
PEOPLE = ("Ottoline Brackwater", "Fenwick Oduya", "Marisabel Thornquist", "Ansgar Pellwood", "Yusra Delacroix-Hume")
LATER = ("Perpetua Lindqvist", "Casimir Abernethy")
NESTED = "Pr&APw-fung/&ZeVnLIqe-"  # as the server's disk has it


def mail(number: int, name: str, padding: int = 0) -> bytes:
    one = EmailMessage()
    one["From"], one["To"] = "Billing <billing@clinic.org>", USER
    one["Date"], one["Message-ID"] = f"Mon, 02 Mar 2026 10:0{number}:00 +0000", f"<m{number}@clinic.org>"
    one["Subject"] = f"Intake {number}"
    one.set_content(
        f"Patient: {name}\nDOB: 0{number + 1}/05/1972\nSSN: 899-52-66{number:02}\nPhone: (507) 555-01{number:02}\n"
    )
    if padding:
        one.add_attachment(bytes(padding), maintype="application", subtype="octet-stream", filename="scan.bin")
    return one.as_bytes(policy=SMTP)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dovecot]:
    with dovecot() as one:
        one.put(mail(0, PEOPLE[0]), "Archiv")
        one.put(mail(1, PEOPLE[1]))
        one.put(mail(2, PEOPLE[2], padding=5 << 20), flags="S")
        one.put(b"From: x\r\nSubject: =?utf-8?b?broken\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n\xff\0--\r\n")
        one.put(mail(3, PEOPLE[3]), "Papierkorb", "T")
        one.put(mail(4, PEOPLE[4]), NESTED)
        for path in marked(tmp_path_factory.mktemp("marked")).rglob("*.eml"):
            one.put(path.read_bytes(), f"Archiv/{VALUES['ssn_in_names']}")
        one.start()
        yield one


@pytest.fixture(scope="module")
def gate(server: Dovecot) -> Iterator[Gate]:
    one = Gate(server.port)
    yield one
    one.close()


class Inbox(Bench):
    """A case of the mailbox behind the gate."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        password = folder / "password"
        password.write_text(PASSWORD + "\n", encoding="utf-8")
        self.fetching = (url, "--imap-password-file", str(password))

    def fetch(self, expect: int | None = None) -> str:
        done = self.run(*self.fetching, expect=expect)
        assert told_in((done.stdout + done.stderr).encode(), IDENTIFIERS) == []
        return done.stderr

    def found_wrong(self) -> list[str]:
        told = json.loads(self("verify", self.case, "--json", expect=8).stdout)
        return [row["kind"] for row in told["discrepancies"] if row["kind"] != "leftover"]

    def people(self) -> dict[str, list[Any]]:
        return people_of(self)

    def items(self) -> list[Any]:
        target = self.folder / "items.jsonl"
        self("export", self.case, "items", "--to", target)
        lines = target.read_text(encoding="utf-8").splitlines()
        target.unlink()
        return [json.loads(line) for line in lines]


def people_of(bench: Bench) -> dict[str, list[Any]]:
    return {" / ".join(row["names"]): row["elements"] for row in bench.json("people", "--all")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, server: Dovecot, gate: Gate) -> Inbox:
    """The mailbox, fetched without a disturbance."""
    before = server.flags()
    inbox = Inbox(tmp_path_factory.mktemp("whole"), server.url(gate.port))
    inbox.fetch()
    assert server.flags() == before
    assert sum(b"\\Seen" in line for line in before) == 1
    return inbox


def test_every_mail_in_its_folder(whole: Inbox) -> None:
    assert set(whole.people()) > {*PEOPLE, *NAMES.values()}
    mails = {row["subject"]: row["folder"] for row in whole.items() if row["kind"] == "message"}
    folders = ("Archiv", "INBOX", "INBOX", "Papierkorb", "Prüfung/日本語")
    assert [mails[f"Intake {number}"] for number in range(5)] == list(folders)
    assert len(mails) == 7
    (source,) = whole.json("status")["sources"]
    assert (source["kind"], source["mailbox"]) == ("imap", USER)
    assert "1 original held" in whole("verify", whole.case).stdout


def test_the_same_people_as_from_the_servers_disk(bench: Bench, server: Dovecot, whole: Inbox) -> None:
    bench.run(server.maildir)
    assert people_of(bench) == whole.people()


def test_an_unchanged_mailbox_is_an_unchanged_list(whole: Inbox) -> None:
    before, files = whole.digest(), set(whole.case.glob("objects/mail/*"))
    assert "fetching mail: 0 B" in whole.fetch()
    assert whole.digest() == before
    assert set(whole.case.glob("objects/mail/*")) == files


def test_killed_dropped_and_added_to(tmp_path: Path, server: Dovecot, gate: Gate, whole: Inbox) -> None:
    """However the mail came into the case, the list is the same; nothing of it stands there in clear."""
    inbox = Inbox(tmp_path, server.url(gate.port))
    gate.set(1 << 20)  # inside the big mail, after the first folders
    process = inbox.start("run", inbox.case, *inbox.fetching)
    assert gate.stuck.wait(60)
    process.kill()
    process.communicate()
    kept = set(inbox.case.glob("objects/mail/*"))
    assert len(kept) == 4
    Watch(inbox).look("a kill")

    gate.set(1 << 20, drops=True)
    inbox.fetch(expect=3)
    assert kept < set(inbox.case.glob("objects/mail/*"))
    missed = [row["detail"] for row in inbox.json("problems") if row["code"] == "not_fetched"]
    assert len(missed) == 3, missed
    assert {PEOPLE[0], PEOPLE[4]} & set(inbox.people()) == {PEOPLE[0]}
    Watch(inbox).look("a line that dropped")

    before = {row["item_id"] for row in whole.items()}
    server.put(mail(5, LATER[0]), "Archiv")
    server.put(mail(6, LATER[1]), "Neu &- Alt")
    gate.set(None)
    inbox.fetch()
    whole.fetch()
    inbox("gc", inbox.case)
    assert inbox.digest() == whole.digest()
    assert before < {row["item_id"] for row in whole.items()}
    assert set(inbox.people()) > {*PEOPLE, *NAMES.values(), *LATER}
    Watch(inbox).look("the end")

    damaged = max(inbox.case.glob("objects/mail/*"), key=lambda path: path.stat().st_size)
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert sorted(inbox.found_wrong()) == ["damaged", "source_unreadable"]


@pytest.mark.parametrize(
    ("scheme", "port", "password", "told"),
    [
        ("imaps", "tls", PASSWORD, "--imap-ca"),
        ("imaps", "plain", PASSWORD, "does not speak TLS"),
        ("imap", "none", PASSWORD, "refuses connections"),
        ("imap", "plain", "wrong", "does not let"),
    ],
)
def test_what_is_in_the_way_is_said(server: Dovecot, scheme: str, port: str, password: str, told: str) -> None:
    ports = {"tls": server.tls_port, "plain": server.port, "none": 1}
    with pytest.raises(CaseError, match=told) as refused:
        Session(address_of(server.url(ports[port], scheme=scheme)), Login(secret=password))
    assert "Nothing was fetched" in str(refused.value)
    assert refused.value.exit_code == (Exit.KEY_NEEDED if password == "wrong" else Exit.NOTHING_OPENED)


def test_the_command_says_it_too(bench: Bench, server: Dovecot) -> None:
    password = bench.folder / "password"
    password.write_text(PASSWORD, encoding="utf-8")
    url = server.url(folder="/Nowhere")
    done = bench("run", bench.case, url, "--imap-password-file", password, expect=Exit.NOTHING_OPENED)
    assert "no folder 'Nowhere'" in done.stderr
    assert "--imap-password-file" in bench("run", bench.case, url, expect=Exit.KEY_NEEDED).stderr


@pytest.mark.parametrize(("scheme", "folder"), [("imap", "/pr%C3%BCfung"), ("imaps", "/Pr%C3%BCfung/日本語")])
def test_encrypted_and_only_a_folder(server: Dovecot, scheme: str, folder: str) -> None:
    """STARTTLS is asked for as soon as a certificate is given, on the loopback too."""
    port = server.tls_port if scheme == "imaps" else server.port
    session = Session(address_of(server.url(port, folder, scheme)), Login(secret=PASSWORD, ca=server.certificate))
    assert [one.name for one in session.folders()] == ["Prüfung/日本語"]
    session.close()
    assert server.log().count("TLS") >= 1
