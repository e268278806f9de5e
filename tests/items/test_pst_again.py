"""A store counted again by readpst: what it gives beyond what was found is read, and said to be missing."""

import io
import tarfile
from collections.abc import Iterator

import pytest

from rollcall.items import tools
from rollcall.items.parser import ContentError, Fault, Inner, Limits
from rollcall.items.parsers import pst, pst_again
from rollcall.items.readable import MemoryReadable, Readable
from tests.items.test_rar import offered

LIMITS = Limits()
MAIL = b"From: a@clinic.example\r\nSubject: Okonkwo-Reyes\r\n\r\nSSN 899-45-1234\r\n"
FILES = {"Inbox/1.eml": MAIL, "Inbox/2.eml": MAIL, "Contacts/1.vcf": b"BEGIN:VCARD\r\n", "Inbox/1-scan.pdf": b"%PDF"}


def writing(files: dict[str, bytes]) -> tools.Runner:
    def run(name: str, untrusted: Readable) -> Iterator[bytes]:
        assert name == "readpst"
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w") as archive:
            for path, data in files.items():
                entry = tarfile.TarInfo(f"./{path}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
        yield out.getvalue()

    return run


@pytest.mark.parametrize(
    ("found", "names", "codes"),
    [
        (3, [], []),
        (9, [], []),
        (2, ["readpst/Inbox/1.eml", "readpst/Inbox/2.eml", "readpst/Contacts/1.vcf"], ["partial"]),
    ],
    ids=["as many", "fewer", "more"],
)
def test_what_it_gives_beyond_is_read(found: int, names: list[str], codes: list[str]) -> None:
    store = MemoryReadable(b"!BDN")
    with offered(writing(FILES)):
        values = list(pst_again.more(store, found, LIMITS))
        inners = [value for value in values if isinstance(value, Inner)]
        assert [inner.locator for inner in inners] == names
        assert [value.code for value in values if isinstance(value, Fault)] == codes
        for inner in inners:
            again = pst.open_child(store, inner.locator, LIMITS)
            assert again.chunks is not None
            assert b"".join(again.chunks()) == FILES[inner.locator.removeprefix("readpst/")]


def test_without_the_program_nothing_is_said() -> None:
    def run(name: str, untrusted: Readable) -> Iterator[bytes]:
        raise ContentError("needs_tool", name)
        yield b""

    assert list(pst_again.more(MemoryReadable(b"!BDN"), 0, LIMITS)) == []
    with offered(run):
        assert list(pst_again.more(MemoryReadable(b"!BDN"), 0, LIMITS)) == []
