"""Make the corpus of the binary formats of Office up to 2003, and of what is embedded in documents.

As in `make.py`, beside it: everybody is made up, and what is expected is written by hand from what was put in.

    python -m tests.corpus.make_old_office
"""

# ruff: noqa: E501 (formats are written as they stand in files)

import struct

from rollcall.items.compound import written
from tests.corpus.make import case, numbered, relations, table, text, zipped

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


# --- Word, PowerPoint and Excel of old -------------------------------------------------------------------------------


def word97(pieces: list[str], counts: list[int], cells: dict[int, bytes], deleted: list[tuple[int, int]]) -> bytes:
    """A Word 97 document: pieces of text, alternately of one and two bytes a character and stored back to front.

    `counts` are the lengths of its stories; `cells` the formatting of paragraphs by where they end, `deleted` ranges of
    characters of the first piece.
    """
    main = bytearray(0x800)
    struct.pack_into("<HHHHHH", main, 0, 0xA5EC, 0xC1, 0, 0x409, 0, 0x0200)
    struct.pack_into("<H", main, 0x20, 14)
    struct.pack_into("<H", main, 0x3E, 22)
    struct.pack_into("<8i", main, 0x4C, *counts)
    struct.pack_into("<H", main, 0x98, 93)
    bounds, where, at = [0], list[int](), 0
    stored: list[tuple[int, bytes]] = []
    for number, piece in reversed(list(enumerate(pieces))):
        data = piece.encode("cp1252" if number % 2 == 0 else "utf-16-le")
        stored.append((number, data))
    starts = {}
    for number, data in stored:
        starts[number] = len(main)
        main += data
    for number, piece in enumerate(pieces):
        at += len(piece)
        bounds.append(at)
        where.append(starts[number] * 2 | 0x40000000 if number % 2 == 0 else starts[number])
    clx = b"".join(struct.pack("<I", bound) for bound in bounds) + b"".join(
        struct.pack("<HIH", 0, fc, 0) for fc in where
    )
    clx = b"\2" + struct.pack("<I", len(clx)) + clx
    main += bytes(-len(main) % 512)

    def place_of(cp: int) -> int:
        number = next(number for number in range(len(pieces)) if bounds[number] <= cp < bounds[number + 1])
        return starts[number] + (cp - bounds[number]) * (1 + number % 2)

    runs = sorted((place_of(cp), b"\0\0" + data) for cp, data in cells.items())
    table_stream = bytearray(clx)
    struct.pack_into("<II", main, 0x9A + 8 * 33, 0, len(clx))
    for number, entries, size in (
        (13, [(fc, fc + 1, data) for fc, data in runs], 13),
        (12, [(place_of(a), place_of(b), b"\x00\x08\x01") for a, b in deleted], 1),
    ):
        page = bytearray(512)
        low = 510
        filled: list[tuple[int, int, bytes]] = []
        for first, last, data in entries:
            if filled and filled[-1][1] < first:
                filled.append((filled[-1][1], first, b""))
            filled.append((first, last, data))
        if not filled:
            continue
        for place, (first, last, data) in enumerate(filled):
            struct.pack_into("<II", page, 4 * place, first, last)
            if data:
                body = bytes((len(data),)) + data if size == 1 else bytes((0, (len(data) + 1) // 2)) + data
                low = (low - len(body)) // 2 * 2
                page[low : low + len(body)] = body
                page[4 * (len(filled) + 1) + size * place] = low // 2
        page[511] = len(filled)
        struct.pack_into("<II", main, 0x9A + 8 * number, len(table_stream), 12)
        table_stream += struct.pack("<III", filled[0][0], filled[-1][1], len(main) // 512)
        main += page
    return written({("WordDocument",): bytes(main), ("1Table",): bytes(table_stream)})


def make_doc() -> None:
    """A Word 97 document saved in pieces, with a table, a field, something deleted, a footnote and a header; a Word 6 one."""
    body = 'Dear Ann, struck out\r\x13 HYPERLINK "x?id=4481" \x14here\x15 it is\rPatient\x07Visit\x07\x07'
    rows = "Ann Frobisher\x07\x07\x07Señora Ibáñez\x079 May\x07\x07end\r"
    foot, head = "\x02 see chart\r", "MRN0044812\r"
    both = body + rows
    cells = {}
    row_ends = 0
    for cp, character in enumerate(both):
        if character == "\x07":
            row_ends += 1
            cells[cp] = b"\x16\x24\x01" + (b"\x17\x24\x01" if row_ends % 3 == 0 else b"")
    for cp, character in enumerate(both):
        if character == "\r":
            cells[cp] = b"\x03\x24\0"
    first = body.index(" struck out")
    case(
        "doc", "pieces", "doc",
        word97([body, rows + foot + head], [len(both), len(foot), len(head), 0, 0, 0, 0, 0], cells, [(first, first + 11)]),
        parts=[
            text("Dear Ann,\nhere it is\n\nend"),
            table(numbered([["Patient", "Visit"], ["Ann Frobisher", ""], ["Señora Ibáñez", "9 May"]]), label="table 1"),
            text("Dear Ann, struck out", kind="note", label="deleted", hidden=True),
            text("id=4481", kind="note", label="links", hidden=True),
            text(" see chart", kind="note", label="footnotes"),
            text("MRN0044812", label="header"),
        ],
    )  # fmt: skip
    plain = b"Patient\x07SSN\x07\x07Ann Frobisher\x07899-45-1234\x07\x07Call her.\r"
    old = bytearray(0x300)
    struct.pack_into("<HHHHHH", old, 0, 0xA5DC, 0x65, 0, 0x409, 0, 0)
    struct.pack_into("<II", old, 0x18, 0x300, 0x300 + len(plain))
    struct.pack_into("<i", old, 0x34, len(plain))
    case(
        "doc", "word6", "doc", written({("WordDocument",): bytes(old) + plain}),
        parts=[
            text("Call her."),
            table(numbered([["Patient", "SSN"], ["Ann Frobisher", "899-45-1234"]]), label="table 1"),
        ],
    )  # fmt: skip


def record(kind: int, *inside: bytes, instance: int = 0, container: bool = True) -> bytes:
    """A record of PowerPoint or OfficeArt."""
    body = b"".join(inside)
    return struct.pack("<HHI", instance << 4 | (0xF if container else 0), kind, len(body)) + body


def atom(kind: int, body: bytes, instance: int = 0) -> bytes:
    """A record that holds no others."""
    return record(kind, body, instance=instance, container=False)


def chars(words: str) -> bytes:
    """A run of text."""
    return atom(4000, words.encode("utf-16-le"))


def make_ppt() -> None:
    """Two slides, one not shown, with text in the outline and in a shape, notes, a comment, a table; an older copy."""

    def shape(*inside: bytes) -> bytes:
        return record(0xF004, *inside)

    def cell(left: int, top: int, words: str) -> bytes:
        return shape(atom(0xF00F, struct.pack("<4i", left, top, left + 9, top + 9)), record(0xF00D, chars(words)))

    frame = shape(atom(0xF122, struct.pack("<HI", 0x039F, 1), instance=1))
    grid = record(
        0xF003, frame, cell(0, 0, "Patient"), cell(10, 0, "Visit"), cell(0, 10, "Ann Frobisher"), cell(10, 10, "1 May")
    )
    comment = record(
        12000, atom(4026, "Bo Quill".encode("utf-16-le")), atom(4026, "who is this".encode("utf-16-le"), 1)
    )
    first = record(
        1006, shape(record(0xF00D, atom(3998, struct.pack("<I", 1)))), shape(record(0xF00D, atom(4008, b"boxed 899-02-0087"))),
        grid, comment,
    )  # fmt: skip
    second = record(
        1006, atom(1017, bytes(10) + b"\4\0" + bytes(4)), shape(record(0xF00D, chars("not shown MRN0044812")))
    )
    older = record(1006, shape(record(0xF00D, chars("left behind"))))
    notes = record(1008, atom(1009, struct.pack("<II", 256, 0)), shape(record(0xF00D, chars("call Bo Quill"))))
    master = record(
        1016, shape(record(0xF011, atom(3011, struct.pack("<iBBH", 0, 1, 0, 0))), record(0xF00D, chars("Click to edit"))),
        shape(record(0xF00D, chars("Elm Clinic"))),
    )  # fmt: skip
    persist = [
        atom(1011, struct.pack("<IIiII", number, 0, 2, identifier, 0))
        for number, identifier in ((2, 256), (3, 257), (4, 256))
    ]
    outline = [atom(3999, bytes(4)), chars("Census\rof May"), atom(3999, bytes(4)), atom(4008, b"Ward 3")]
    document = record(
        1000, record(0x0FF0, persist[0], *outline, persist[1]), record(0x0FF0, persist[2], instance=2)
    )  # fmt: skip
    stream = b""
    offsets = []
    for one in (document, first, second, notes, older, master):
        offsets.append(len(stream))
        stream += one
    directory = len(stream)
    stream += atom(6002, struct.pack("<5I", 4 << 20 | 1, *offsets[:4]))
    edit = len(stream)
    stream += atom(4085, struct.pack("<IIIIIIII", 256, 0, 0, directory, 1, 5, 0, 0)[:28])
    user = struct.pack("<HHIIII", 0, 0x0FF6, 0x1C, 0x14, 0xE391C05F, edit) + bytes(16)
    picture = atom(0xF01E, bytes(17) + _PNG, instance=0x6E0)
    case(
        "ppt", "everywhere", "ppt",
        written({("PowerPoint Document",): stream, ("Current User",): user, ("Pictures",): picture}),
        parts=[
            text("Ward 3\nboxed 899-02-0087\nCensus\nof May", kind="page", label="slide 1"),
            table(numbered([["Patient", "Visit"], ["Ann Frobisher", "1 May"]]), label="slide 1 table 1"),
            text("Bo Quill\nwho is this", kind="note", label="slide 1 comments"),
            text("call Bo Quill", kind="note", label="slide 1 notes"),
            text("not shown MRN0044812", kind="page", label="slide 2", hidden=True),
            text("Elm Clinic", kind="note", label="masters", hidden=True),
            text("left behind", kind="note", label="left behind", hidden=True),
        ],
        inners=[{"locator": "picture:1", "kind": "inline", "name": "picture1.png"}],
    )  # fmt: skip


def packaged(name: bytes, content: bytes) -> bytes:
    """A file as the Object Packager wraps it."""
    path = b"C:\\" + name + b"\0"
    names = name + b"\0" + path + bytes(2) + struct.pack("<HI", 3, len(path)) + path
    data = b"\2\0" + names + struct.pack("<I", len(content)) + content
    return struct.pack("<I", len(data)) + data


def make_ole_object() -> None:
    """A packaged file, a PDF kept as it is, a storage in a storage, and a drawing of a kind no reader knows."""
    case(
        "ole_object", "package", "bin",
        written({("\x01Ole",): bytes(20), ("\x01Ole10Native",): packaged(b"Frobisher.txt", b"Dear Ann")}),
        inners=[{"locator": "Ole10Native", "kind": "member", "name": "Frobisher.txt"}],
    )  # fmt: skip
    case(
        "ole_object", "contents", "bin",
        written({("\x01CompObj",): b"Acrobat Document\0", ("CONTENTS",): b"%PDF-1.4", ("MBD1", "Package"): b"PK"}),
        inners=[{"locator": "CONTENTS", "kind": "member"}, {"locator": "MBD1", "kind": "member"}],
    )  # fmt: skip
    drawn = b"\xff\xfe\x80" + "Ann Frobisher".encode("utf-16-le") + b"\1\2Ward 3\0\3"
    case(
        "ole_object", "drawing", "vsd", written({("VisioDocument",): drawn}),
        parts=[text("Ann Frobisher\nWard 3", kind="note", label="words found", hidden=True)],
        faults=[{"code": "unsupported"}],
    )  # fmt: skip


def make_metafile() -> None:
    """Words and a bitmap drawn in an EMF and a WMF."""

    def drawn(kind: int, body: bytes) -> bytes:
        return struct.pack("<II", kind, 8 + len(body)) + body

    def shown(words: str, left: int, right: int) -> bytes:
        wide = words.encode("utf-16-le") + bytes(len(words) % 2 * 2)
        body = struct.pack("<4i", left, 0, right, 10) + bytes(12) + struct.pack("<iiII", 0, 9, len(words), 76)
        return drawn(84, body + bytes(24) + wide)

    bitmap = struct.pack("<IiiHHIIiiII", 40, 40, 40, 1, 24, 0, 0, 0, 0, 0, 0)
    stretched = bytes(40) + struct.pack("<4I", 80, 40, 120, 4800) + bytes(16) + bitmap + bytes(4800)
    emf = (
        drawn(1, bytes(32) + b" EMF" + bytes(64))
        + shown("An", 0, 10)
        + shown("n", 11, 16)
        + shown("Frobisher", 20, 60)
        + shown("Ward", 90, 99)
        + drawn(81, stretched)
        + drawn(14, bytes(12))
    )
    case(
        "metafile",
        "emf",
        "emf",
        emf,
        parts=[text("Ann Frobisher\tWard")],
        inners=[{"locator": "bitmap:0", "kind": "inline"}],
    )
    line = struct.pack("<H", 7) + b"Ward 3." + b"\0" + bytes(4)
    wmf = (
        b"\1\0\x09\0\0\3" + bytes(12) + struct.pack("<IH", 3 + len(line) // 2, 0x0521) + line + struct.pack("<IH", 3, 0)
    )
    case("metafile", "wmf", "wmf", wmf, parts=[text("Ward 3.")])
    case("metafile", "cut", "wmf", wmf[:-6], parts=[text("Ward 3.")], faults=[{"code": "truncated"}])


def excel_text(words: str, size: str = "H") -> bytes:
    """A text as Excel 97 writes it."""
    return struct.pack(f"<{size}B", len(words), 1) + words.encode("utf-16-le")


def excel(sheets: dict[str, bytes], shared: bytes = b"") -> bytes:
    """The stream of an Excel 97 workbook: sheets of given records; a "!" before the name hides one."""

    def one(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    codes = one(0x41E, struct.pack("<H", 164) + excel_text("000\\-00\\-0000"))
    forms = b"".join(one(0xE0, struct.pack("<HH", 0, number) + bytes(16)) for number in (0, 164, 14))
    head = one(0x809, struct.pack("<HHII", 0x600, 5, 0, 0) + bytes(4)) + codes + forms + shared
    names = {name: excel_text(name.lstrip("!"), "B") for name in sheets}
    size = len(head) + sum(4 + 6 + len(name) for name in names.values()) + 4
    bodies = [
        one(0x809, struct.pack("<HHII", 0x600, 16, 0, 0) + bytes(4)) + cells + one(0x0A, b"")
        for cells in sheets.values()
    ]
    for number, name in enumerate(sheets):
        at = size + sum(map(len, bodies[:number]))
        head += one(0x85, struct.pack("<IBB", at, name[0] == "!", 0) + names[name])
    return head + one(0x0A, b"") + b"".join(bodies)


def make_xls() -> None:
    """An Excel 97 workbook with every kind of cell, a note, a shape, a page header, a hidden sheet; one of Excel 4."""

    def cell(kind: int, row: int, column: int, body: bytes, form: int = 0) -> bytes:
        return struct.pack("<HHHHH", kind, 6 + len(body), row, column, form) + body

    def one(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    shared = one(0xFC, struct.pack("<II", 1, 1) + excel_text("Ann Frobisher"))
    drawn = one(0x5D, struct.pack("<HHHH", 0x15, 0x12, 0x19, 7)) + one(0x1B6, bytes(10) + struct.pack("<HI", 7, 0))
    drawn += one(0x3C, b"\0ask her") + one(0x1C, struct.pack("<HHHH", 1, 0, 0, 7))
    drawn += (
        one(0x5D, struct.pack("<HHHH", 0x15, 0x12, 6, 8))
        + one(0x1B6, bytes(10) + struct.pack("<HI", 5, 0))
        + one(0x3C, b"\0boxed")
    )
    chart = (
        one(0x809, struct.pack("<HH", 0x600, 32))
        + one(0x203, bytes(14))
        + one(0x100D, b"\0\0" + excel_text("Ward 3", "B"))
        + one(0x0A, b"")
    )
    cells = (
        cell(0x204, 0, 0, excel_text("Patient")) + cell(0xFD, 1, 0, struct.pack("<I", 0))
        + cell(0x27E, 1, 1, struct.pack("<I", 8990087 << 2 | 2), 1) + cell(0x203, 1, 2, struct.pack("<d", 30743), 2)
        + cell(0xBD, 1, 3, b"")[:-2] + struct.pack("<HI", 0, 12 << 2 | 2) + struct.pack("<HI", 0, 150 << 2 | 3) + struct.pack("<H", 4)
    )  # fmt: skip
    broken = cells.index(struct.pack("<HHHH", 0xBD, 6, 1, 3))
    cells = cells[:broken] + struct.pack("<HH", 0xBD, 18) + cells[broken + 4 :]
    cells += (
        cell(0x205, 1, 5, b"\1\0")
        + cell(0x205, 1, 6, b"\x2a\1")
        + cell(6, 1, 7, bytes(6) + b"\xff\xff" + bytes(8))
        + one(0x207, excel_text("shown"))
    )
    cells += one(0x14, excel_text("&LElm Clinic&RPage &P")) + drawn + chart
    case(
        "sheets", "xls", "xls", written({("Workbook",): excel({"Census": cells, "!Old": cell(0x204, 4, 1, excel_text("Bo Quill"))}, shared)}),
        parts=[
            table([
                [0, 0, ["Patient"]],
                [1, 0, ["Ann Frobisher", "008-99-0087", "1984-03-02", "12", "1.5", "TRUE", "#N/A", "shown"]],
            ], kind="sheet", label="Census"),
            text("A2: ask her", kind="note", label="Census"),
            text("Ward 3\nboxed", kind="note", label="Census shapes"),
            text("Elm Clinic Page", kind="note", label="Census printed page"),
            table([[4, 1, ["Bo Quill"]]], kind="sheet", label="Old", hidden=True),
        ],
    )  # fmt: skip
    old = (
        one(0x409, struct.pack("<HH", 4, 16) + bytes(2))
        + cell(0x204, 0, 0, b"\7\0Patient")
        + cell(0x203, 1, 0, struct.pack("<d", 899451234))
        + one(0x0A, b"")
    )
    case("sheets", "excel4", "xls", old, parts=[table([[0, 0, ["Patient"]], [1, 0, ["899451234"]]], kind="sheet")])


def xlsb(cells: dict[tuple[int, int], str | int]) -> bytes:
    """A binary workbook of one sheet."""

    def one(kind: int, body: bytes) -> bytes:
        kinds = bytes((kind,)) if kind < 128 else bytes((kind & 0x7F | 0x80, kind >> 7))
        size, rest = b"", len(body)
        while True:
            size += bytes((rest & 0x7F | (0x80 if rest > 127 else 0),))
            rest >>= 7
            if not rest:
                return kinds + size + body

    def wide(words: str) -> bytes:
        return struct.pack("<I", len(words)) + words.encode("utf-16-le")

    sheet = b""
    for row in sorted({row for row, _ in cells}):
        sheet += one(0, struct.pack("<I", row) + bytes(12))
        for (_, column), value in sorted(entry for entry in cells.items() if entry[0][0] == row):
            body = struct.pack("<II", column, 0)
            sheet += one(6, body + wide(value)) if isinstance(value, str) else one(5, body + struct.pack("<d", value))
    return zipped({
        "xl/workbook.bin": one(156, struct.pack("<II", 0, 1) + wide("s1") + wide("Census")),
        "xl/_rels/workbook.bin.rels": relations(("s1", "worksheet", "worksheets/sheet1.bin")),
        "xl/worksheets/sheet1.bin": sheet,
    })  # fmt: skip


def make_xlsb() -> None:
    """A binary workbook."""
    data = xlsb({(0, 0): "Patient", (0, 1): "SSN", (1, 0): "Ann Frobisher", (1, 1): 899451234})
    rows = numbered([["Patient", "SSN"], ["Ann Frobisher", "899451234"]])
    case("sheets", "xlsb", "xlsb", data, parts=[table(rows, kind="sheet", label="Census")])


MAKERS = (make_doc, make_ppt, make_ole_object, make_metafile, make_xls, make_xlsb)

if __name__ == "__main__":
    for make in MAKERS:
        make()
