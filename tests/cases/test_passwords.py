"""Files behind a password open with what the mail around them tells, or with what was given; else they are problems."""

import random
from email.message import EmailMessage
from pathlib import Path

import pytest

from rollcall.demo.writers.archive import locked_zip, zip_bytes
from tests.cases.conftest import Bench
from tests.items.test_passwords import aes_zip

pytestmark = pytest.mark.case

HEAD = "Name,DOB,SSN\n"
ROWS = (
    ("Okonkwo, Marisol", "1984-03-02", "899-45-1234"),
    ("Tindall, Bartholomew", "1951-12-30", "899-02-0087"),
    ("Vasquez, Eluned", "2016-02-29", "899-77-6001"),
    ("Halvorsen, Sunniva", "1971-07-19", "899-12-4410"),
    ("Dunleavy, Perpetua", "1988-10-01", "899-31-7712"),
    ("Achterberg, Ignatius", "1990-04-17", "899-40-0093"),
)


def roll(number: int) -> bytes:
    return (HEAD + ",".join(f'"{value}"' for value in ROWS[number]) + "\n").encode()


def mail(folder: Path, number: int, subject: str, body: str, *, to: str = "b@clinic.example", **files: bytes) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann Mott <a@clinic.example>", to, subject
    message["Date"] = f"Mon, 06 May 2024 1{number % 10}:00:00 +0000"
    message["Message-ID"] = f"<{number}@clinic.example>"
    message.set_content(body)
    for name, data in files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name.replace("_", "."))
    (folder / f"{number}.eml").write_bytes(message.as_bytes())


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    folder = tmp_path / "mail"
    folder.mkdir()
    chance = random.Random(3)
    nested = zip_bytes([("inner.zip", aes_zip("roll.csv", roll(3), "Drizzle-3"))])
    mail(folder, 1, "roster", "Attached, locked.", april_zip=aes_zip("april.csv", roll(0), "Quahog#77"))
    mail(folder, 2, "the other thing", "it opens with Quahog#77")
    mail(
        folder,
        3,
        "for may",
        "pw to follow",
        to="c@other.example",
        may_zip=locked_zip([("may.csv", roll(1))], "Elm", chance),
    )
    mail(
        folder,
        4,
        "june",
        "no idea who knows this one",
        to="d@third.example",
        june_zip=aes_zip("june.csv", roll(2), "never told"),
    )
    mail(folder, 5, "july", "Password for the inner one: Drizzle-3", to="e@fourth.example", july_zip=nested)
    # The name of the file itself tells, and that of another one in its mail.
    mail(folder, 6, "august", "as agreed", to="f@fifth.example", Curlew21_zip=aes_zip("a.csv", roll(4), "Curlew21"))
    told = {"roll_zip": aes_zip("b.csv", roll(5), "Dunlin-5"), "opens with Dunlin-5_txt": b"see my name"}
    mail(folder, 7, "september", "as agreed", to="g@sixth.example", **told)
    return folder


def people(bench: Bench) -> set[str]:
    return {name.split()[-1].strip(",") for row in bench.json("people") for name in row["names"][:1]}


def codes(bench: Bench) -> list[str]:
    return sorted(row["code"] for row in bench.json("problems"))


def test_passwords(bench: Bench, mailbox: Path) -> None:
    bench.run(mailbox, expect=3)
    assert people(bench) >= {"Okonkwo", "Halvorsen", "Dunleavy", "Achterberg"}
    assert not people(bench) & {"Tindall", "Vasquez"}
    assert codes(bench) == ["wrong_password", "wrong_password"]
    given = bench.folder / "known.txt"
    given.write_text("something else\nnever told\n")
    done = bench.run("--passwords", given, expect=3)
    shown = "".join(bench(command, bench.case).stdout for command in ("status", "problems", "people"))
    assert "never told" not in shown + done.stdout + done.stderr
    assert people(bench) >= {"Okonkwo", "Halvorsen", "Vasquez"}
    assert codes(bench) == ["wrong_password"]
    more = bench.folder / "more.txt"
    more.write_text("Elm\r\n")
    bench.run("--passwords", more, expect=0)
    assert people(bench) >= {"Okonkwo", "Halvorsen", "Vasquez", "Tindall"}
    assert codes(bench) == []
    # What was told in parts makes the list that all of it at once makes.
    digest = bench.digest()
    bench.case = bench.folder / "again"
    bench.run(mailbox, "--passwords", given, "--passwords", more, expect=0)
    assert bench.digest() == digest
