"""Pictures of text lead to people on the list; they can be put off, in part or all, and are taken up again."""

import io
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from rollcall import pipeline
from rollcall.model import Blob
from rollcall.store import Unlock, open_store
from tests.cases.conftest import Bench
from tests.items.drawn import drawn

pytestmark = pytest.mark.case

FIRST = drawn(("Patient: Marisol Okonkwo    DOB: 03/02/1984", "SSN: 899-45-1234"), 110)
SECOND = drawn(("Patient: Bartholomew Tindall    DOB: 12/30/1951", "SSN: 899-02-0087"), 110)


def _file(kind: str, *pages: Image.Image) -> bytes:
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:], "compression": "tiff_lzw"} if kind == "TIFF" else {}
    pages[0].save(buffer, kind, **more)  # type: ignore[arg-type]
    return buffer.getvalue()


def _mails(folder: Path) -> None:
    """Write one page as PNG in two mails and in a fax with another, and the dot that counts readers."""
    first, second = Image.fromarray(FIRST), Image.fromarray(SECOND)
    dot = Image.new("P", (1, 1))
    attached = [
        [("image/png", "scan.png", _file("PNG", first))],
        [("image/png", "again.png", _file("PNG", first)), ("image/gif", "dot.gif", _file("GIF", dot))],
        [("image/tiff", "fax.tif", _file("TIFF", first, second))],
    ]
    folder.mkdir()
    for number, files in enumerate(attached):
        mail = EmailMessage()
        mail["From"], mail["To"] = "desk@riverbend.example", "billing@riverbend.example"
        mail["Subject"], mail["Message-ID"] = f"papers {number}", f"<{number}@riverbend.example>"
        mail["Date"] = f"Mon, 0{number + 1} Jan 2024 10:00:00 +0000"
        mail.set_content("see attached")
        for media_type, name, data in files:
            mail.add_attachment(data, maintype="image", subtype=media_type.partition("/")[2], filename=name)
        (folder / f"{number}.eml").write_bytes(bytes(mail))


def _codes(bench: Bench) -> Counter[str]:
    return Counter(row["code"] for row in bench.json("problems") if row["state"] == "open")


def _read_pages(bench: Bench) -> int:
    """Count how many contents were given to OCR in the run shown."""
    with open_store(bench.case, Unlock(key_file=bench.key.read_bytes())) as store:
        manifest = pipeline.shown_manifest(store)
        assert manifest is not None
        named = [store.get(one.table, one.name) for one in manifest.segments if one.table == Blob.TABLE]
        return sum(str(parser).startswith("picture@") for table in named for parser in table["parser"].to_pylist())


def test_pictures_are_put_off_and_taken_up(bench: Bench) -> None:
    mails = bench.folder / "mails"
    _mails(mails)
    bench.run(mails, "--no-ocr", expect=3)
    assert _codes(bench) == {"needs_ocr": 2}  # once for each page, however often it was sent
    assert _read_pages(bench) == 0
    assert bench.json("status")["account"]["difference"] == 0

    settings = bench.case / "case.toml"
    text = settings.read_text("utf-8")
    assert "# max_ocr_pages = 5000\n" in text
    settings.write_text(text.replace("# max_ocr_pages = 5000\n", "max_ocr_pages = 1\n"), "utf-8")
    bench.run(expect=3)
    assert (_codes(bench), _read_pages(bench)) == ({"needs_ocr": 1}, 1)

    settings.write_text(text, "utf-8")
    done = bench.run(expect=0)
    assert "reading pictures: 1 pages" in done.stderr  # the one that was left
    assert (_codes(bench), _read_pages(bench)) == ({}, 2)
    assert len(bench.json("people")) == 2
    assert bench.json("status")["account"]["difference"] == 0
