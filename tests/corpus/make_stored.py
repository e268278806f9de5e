"""Make the corpus of small databases, books, drawings and of formats of which only the words are read.

As in `make.py`, beside it: everybody is made up, and what is expected is written by hand from what was put in.

    python -m tests.corpus.make_stored
"""

# ruff: noqa: E501 (formats are written as they stand in files)

import sqlite3
import struct

from tests.corpus.make import case, numbered, relations, table, text, zipped

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


def database(*statements: str) -> bytes:
    """A SQLite database after these statements."""
    made = sqlite3.connect(":memory:")
    for statement in statements:
        made.execute(statement)
    made.commit()
    return made.serialize()


def make_sqlite() -> None:
    """A table with values of all kinds, a file in a cell; a view and a virtual table, which are not run."""
    statements = (
        "CREATE TABLE patient (name TEXT, ssn INTEGER, weight REAL, note BLOB, scan BLOB)",
        "INSERT INTO patient VALUES ('Ann Frobisher', 899451234, 61.5, x'4f4b', zeroblob(96))",
        "INSERT INTO patient VALUES ('Bo Quill', NULL, 70, x'ff00', NULL)",
        "CREATE VIEW everybody AS SELECT name FROM patient",
        'CREATE TABLE "odd ""name" (id INTEGER PRIMARY KEY, word TEXT) WITHOUT ROWID',
        'INSERT INTO "odd ""name" VALUES (7, \'x\')',
    )
    rows = [
        ["name", "ssn", "weight", "note", "scan"],
        ["Ann Frobisher", "899451234", "61.5", "OK", ""],
        ["Bo Quill", "", "70", "ff00", ""],
    ]
    case(
        "sqlite", "tables", "db", database(*statements),
        parts=[table(numbered(rows), label="patient"), table(numbered([["id", "word"], ["7", "x"]]), label='odd "name')],
        inners=[{"locator": "patient:0", "kind": "member"}],
    )  # fmt: skip
    case("sqlite", "damaged", "db", b"SQLite format 3\0" + bytes(200), faults=[{"code": "corrupt"}])


def dbf(fields: list[tuple[str, str, int]], rows: list[tuple[bool, list[bytes]]], *, said: int | None = None) -> bytes:
    """A dBase table: (name, type, length) of each field; rows with whether they were deleted."""
    size = 1 + sum(length for _, _, length in fields)
    head = struct.pack("<B3BIHH20x", 3, 124, 3, 4, len(rows) if said is None else said, 33 + 32 * len(fields), size)
    for name, kind, length in fields:
        head += name.encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes((length,)) + bytes(15)
    body = b""
    for is_deleted, cells in rows:
        body += (b"*" if is_deleted else b" ") + b"".join(
            cell.ljust(field[2]) for cell, field in zip(cells, fields, strict=True)
        )
    return head + b"\r" + body + b"\x1a"


def make_dbf() -> None:
    """A table of patients, one row deleted; one that is cut, with a memo that is elsewhere."""
    fields = [("NAME", "C", 16), ("BORN", "D", 8), ("SSN", "N", 9), ("PAID", "L", 1), ("NO", "I", 4)]
    rows = [
        (False, [b"Ann Frobisher", b"19840302", b"899451234", b"T", struct.pack("<i", 7)]),
        (True, ["Ibáñez".encode("cp1252"), b"", b"899020087", b"F", struct.pack("<i", -1)]),
        (False, [b"Bo Quill", b"20160229", b"", b"?", struct.pack("<i", 9)]),
    ]
    head = ["NAME", "BORN", "SSN", "PAID", "NO"]
    case(
        "dbf", "patients", "dbf", dbf(fields, rows),
        parts=[
            table([[0, 0, head], [1, 0, ["Ann Frobisher", "1984-03-02", "899451234", "T", "7"]], [3, 0, ["Bo Quill", "2016-02-29", "", "?", "9"]]]),
            table([[0, 0, head], [2, 0, ["Ibáñez", "", "899020087", "F", "-1"]]], label="deleted", hidden=True),
        ],
    )  # fmt: skip
    cut = dbf([("NAME", "C", 13), ("NOTE", "M", 10)], [(False, [b"Ann Frobisher", b"1"])], said=3)
    case(
        "dbf", "cut", "dbf", cut, parts=[table(numbered([["NAME", "NOTE"], ["Ann Frobisher", ""]]))],
        faults=[{"code": "truncated"}, {"code": "partial"}],
    )  # fmt: skip


def make_epub() -> None:
    """A book of one page with a picture."""
    opf = '<package xmlns:dc="urn:dc"><metadata><dc:title>For Ann</dc:title></metadata></package>'
    data = zipped({
        "mimetype": "application/epub+zip", "META-INF/container.xml": "<container/>", "OEBPS/content.opf": opf,
        "OEBPS/one.xhtml": "<html><body><p>Dear Ann</p></body></html>", "OEBPS/a.png": _PNG,
    })  # fmt: skip
    case(
        "epub", "book", "epub", data,
        parts=[text("Dear Ann"), text("title: For Ann", kind="note", label="properties", hidden=True)],
        inners=[{"locator": "OEBPS/a.png", "kind": "member", "name": "a.png"}],
    )  # fmt: skip


def make_vsdx() -> None:
    """A drawing of one page with a comment and data behind a shape."""
    data = zipped({
        "[Content_Types].xml": "<Types/>", "_rels/.rels": relations(("r", "document", "visio/document.xml")),
        "visio/document.xml": "<VisioDocument/>",
        "visio/pages/page1.xml": "<PageContents><Shapes><Shape><Text><cp IX='0'/>Ann <cp IX='1'/>Frobisher\n</Text></Shape></Shapes></PageContents>",
        "visio/comments.xml": "<Comments><CommentEntry>call her</CommentEntry></Comments>",
        "visio/media/a.png": _PNG,
    })  # fmt: skip
    case(
        "vsdx", "page", "vsdx", data,
        parts=[text("Ann Frobisher", kind="page", label="page 1"), text("call her", kind="note", label="comments")],
        inners=[{"locator": "visio/media/a.png", "kind": "inline", "name": "a.png"}],
    )  # fmt: skip


def make_words_only() -> None:
    """WordPerfect with its own spaces, one under a password; Access."""
    perfect = b"\xffWPC" + bytes(18) + b"\1\2\3Seen\x80Ann\x80Frobisher\x80today\xd0\4\1"
    said = [{"code": "unsupported"}]
    case(
        "words_only",
        "wordperfect",
        "wpd",
        perfect,
        parts=[text("Seen Ann Frobisher today", kind="note", label="words found", hidden=True)],
        faults=said,
    )
    case("words_only", "sealed", "wpd", perfect[:12] + b"\5\6" + perfect[14:], faults=[{"code": "encrypted"}])
    access = b"\0\1\0\0Standard ACE DB\0\1" + "Ann Frobisher".encode("utf-16-le") + b"\0\2"
    case(
        "words_only",
        "access",
        "accdb",
        access,
        parts=[text("Ann Frobisher", kind="note", label="words found", hidden=True)],
        faults=said,
    )


MAKERS = (make_sqlite, make_dbf, make_epub, make_vsdx, make_words_only)

if __name__ == "__main__":
    for make in MAKERS:
        make()
