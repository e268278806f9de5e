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


def main() -> None:
    """Write all cases."""
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
    # Excel's own password, which everybody has: such a file opens without asking.
    document = zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"})
    locked = lock_office(document, "VelvetSweatshop", random.Random(5))
    case("locked_office", "opens_for_everybody", "xlsx", locked, inners=[{"locator": "document", "kind": "file"}])


if __name__ == "__main__":
    main()
