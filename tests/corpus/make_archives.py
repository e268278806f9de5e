"""Make the corpus of archives and of what is packed or locked; run it from the root of the repository:

python -m tests.corpus.make_archives
"""

import gzip
import io
import random
import tarfile

import py7zr

from rollcall.demo.writers.office_crypto import lock_office
from tests.corpus.make import PEOPLE, case, text, zipped
from tests.items import odf_locked
from tests.items.rar_file import Member, rar4, rar5

SECONDS = 1_709_528_768


def _roll() -> bytes:
    return "".join(f"{name};{ssn}\n" for name, ssn, _, _ in PEOPLE).encode("utf-8")


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in (("q3/", None), ("q3/Eluned Vasquez Ibáñez.csv", _roll()), ("empty.txt", b"")):
            entry = tarfile.TarInfo(name)
            entry.mtime = SECONDS
            entry.type = tarfile.DIRTYPE if data is None else tarfile.REGTYPE
            entry.size = len(data or b"")
            archive.addfile(entry, io.BytesIO(data or b""))
        link = tarfile.TarInfo("latest")
        link.type, link.linkname, link.mtime = tarfile.SYMTYPE, "../Tindall.pdf", SECONDS
        archive.addfile(link)
    return out.getvalue()


def _gzip() -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile("census Tindall.csv", "wb", mtime=SECONDS, fileobj=out) as packed:
        packed.write(_roll())
    return out.getvalue()


def _seven_zip() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writef(io.BytesIO(_roll()), "q3/census.csv")
        archive.writef(io.BytesIO(b"MRN0044812"), "note.txt")
    return out.getvalue()


def _cpio(name: str, data: bytes) -> bytes:
    """Return an archive as `cpio -H newc` writes it."""
    out = bytearray()
    for number, (called, content) in enumerate(((name, data), ("TRAILER!!!", b""))):
        raw = called.encode() + b"\0"
        fields = (number, 0o100644, 0, 0, 1, SECONDS, len(content), 0, 0, 0, 0, len(raw), 0)
        for piece in (b"070701" + b"".join(b"%08X" % field for field in fields) + raw, content):
            out += piece
            out += bytes(-len(out) % 4)
    return bytes(out)


def warc(*records: tuple[str, str, bytes]) -> bytes:
    """Return a web archive of records: (type, address, content)."""
    heads = (
        "\r\n".join(
            ("WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {address}", f"Content-Length: {len(content)}", "", "")
        ).encode()
        for kind, address, content in records
    )
    return b"".join(head + content + b"\r\n\r\n" for head, (_, _, content) in zip(heads, records, strict=True))


def answer(page: bytes, *fields: str) -> bytes:
    """Return a page as a server sends it."""
    return "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: text/html", *fields, "", "")).encode() + page


def main() -> None:
    """Write all cases."""
    page = gzip.compress(b"<p>Ann Frobisher, MRN 0044812</p>", mtime=0)
    form = b"POST /visit HTTP/1.1\r\nHost: portal.example\r\n\r\nname=Ann+Frobisher&dob=1984-03-02"
    case(
        "warc",
        "page_and_form",
        "warc",
        warc(
            ("warcinfo", "", b"software: x"),
            ("response", "https://portal.example/chart/44812.html?x=1", answer(page, "Content-Encoding: gzip")),
            ("request", "https://portal.example/visit", form),
            ("request", "https://portal.example/", b"GET / HTTP/1.1\r\nHost: portal.example\r\n\r\n"),
        ),
        parts=[
            text(
                "https://portal.example/chart/44812.html?x=1\nhttps://portal.example/visit\nhttps://portal.example/",
                "names",
            )
        ],
        inners=[{"kind": "member", "name": "44812.html"}, {"kind": "member", "name": "visit"}],
    )
    case(
        "tar",
        "folder_and_link",
        "tar",
        _tar(),
        parts=[text("q3\nlatest\n../Tindall.pdf", "names")],
        inners=[
            {"kind": "member", "name": "Eluned Vasquez Ibáñez.csv"},
            {"kind": "member", "name": "empty.txt"},
        ],
    )
    case("packed", "gzip", "gz", _gzip(), inners=[{"locator": "content", "name": "census Tindall.csv"}])
    case(
        "seven_zip",
        "two_members",
        "7z",
        _seven_zip(),
        inners=[{"kind": "member", "name": "census.csv"}, {"kind": "member", "name": "note.txt"}],
    )
    # Read where no program may be run: what is packed stays so, names stand in clear.
    members = Member("q3", folder=True), Member("q3/Eluned Vasquez Ibáñez.csv", _roll())
    for version, archive in (("4", rar4(*members)), ("5", rar5(*members))):
        case(
            "rar",
            f"version_{version}",
            "rar",
            archive,
            parts=[text("q3\nq3/Eluned Vasquez Ibáñez.csv", "names")],
            faults=[{"code": "needs_tool", "detail": "bsdtar"}],
        )
    case("archive", "cpio", "cpio", _cpio("Tindall.csv", _roll()), faults=[{"code": "needs_tool", "detail": "bsdtar"}])
    # Excel's own password, which everybody has: such a file opens without asking.
    document = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
    locked = lock_office(document, "VelvetSweatshop", random.Random(5))
    case("locked_office", "opens_for_everybody", "xlsx", locked, inners=[{"locator": "document", "kind": "file"}])
    letter = odf_locked.locked({"content.xml": document}, "Heron 9!")
    case("locked_odf", "without_password", "odt", letter, faults=[{"code": "encrypted"}])


if __name__ == "__main__":
    main()
