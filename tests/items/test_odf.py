"""OpenDocument: what was put in is read, whatever repeats; damage ends; the real ones are read."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.parser import Fault, Inner, Limits, Table, Text
from rollcall.items.parsers import locked_odf, odf
from rollcall.items.passwords import Keyed
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus.make_documents import opendocument
from tests.items.odf_locked import locked, whole

LIMITS = Limits()
CELLS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="<>&\ufffe\uffff"),
    min_size=1,
    max_size=12,
)


def values(data: bytes, limits: Limits = LIMITS) -> list[object]:
    return [
        list(value.rows) if isinstance(value, Table) else value for value in odf.parse(MemoryReadable(data), limits)
    ]


def sheet(rows: str) -> bytes:
    return opendocument("spreadsheet", f"<office:spreadsheet><table:table>{rows}</table:table></office:spreadsheet>")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=5))
def test_cells_come_back(table: list[list[str]]) -> None:
    cell = "<table:table-cell><text:p>%s</text:p></table:table-cell>"
    rows = "".join(f"<table:table-row>{''.join(cell % word for word in row)}</table:table-row>" for row in table)
    assert values(sheet(rows)) == [[(number, 0, row) for number, row in enumerate(table)]]


@pytest.mark.parametrize(
    ("again", "cell_again", "cell", "limits", "n_cells", "codes"),
    [
        (1048576, 1, "", LIMITS, 0, []),
        (1048576, 1, "<text:p>x</text:p>", LIMITS, 1000, []),
        (1, 99999, "<text:p>x</text:p>", LIMITS, 1024, []),
        (9, 1, "<text:p>x</text:p>", Limits(max_cells=5), 5, ["too_large"]),
    ],
)
def test_repeats_are_bounded(
    again: int, cell_again: int, cell: str, limits: Limits, n_cells: int, codes: list[str]
) -> None:
    cell = f'<table:table-cell table:number-columns-repeated="{cell_again}">{cell}</table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{again}">{cell}</table:table-row>'
    found = values(sheet(row), limits)
    assert sum(len(cells) for one in found if isinstance(one, list) for _, _, cells in one) == n_cells
    assert [one.code for one in found if isinstance(one, Fault)] == codes


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<text:p>a <text:span> b</text:span></text:p>", "a b"),
        ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>", "a   b\tc\nd"),
        (
            "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><text:h>two</text:h>",
            "one\ntwo",
        ),
        ("<text:p>Seen on <text:date>12 May 2021</text:date>.</text:p>", "Seen on 12 May 2021."),
        ("<text:p>a<office:annotation><dc:date>2021-05-12</dc:date></office:annotation>b</text:p>", "ab"),
        ("<text:p>899<text:note><text:note-body><text:p>x</text:p></text:note-body></text:note>-45</text:p>", "899-45"),
    ],
)
def test_text(body: str, shown: str) -> None:
    found = values(opendocument("text", f"<office:text>{body}</office:text>"))
    assert isinstance(found[0], Text)
    assert found[0].text == shown


def test_entities_are_refused_and_names_of_rules_are_not() -> None:
    for doctype, codes in (("<!DOCTYPE x [<!ENTITY a 'b'>]>", ["bomb"]), ("<!DOCTYPE x PUBLIC 'a' 'b.dtd'>", [])):
        data = opendocument("text", "<office:text/>", **{"Object 1__content_dot_xml": f"{doctype}<x/>"})
        assert [one.code for one in values(data) if isinstance(one, Fault)] == codes


def test_broken_xml_keeps_what_stood_before() -> None:
    found = values(opendocument("text", "<office:text><text:p>kept</text:p><text:p"))
    assert [one.text if isinstance(one, Text) else one.code for one in found if isinstance(one, (Text, Fault))] == [
        "kept",
        "partial",
    ]


def test_tables_too_deep_for_tables_are_text() -> None:
    depth = 3000
    opened = "<table:table><table:table-row><table:table-cell><text:p>x</text:p>" * depth
    closed = "</table:table-cell></table:table-row></table:table>" * depth
    found = values(
        opendocument("text", f"<office:text>{opened}<text:p>Ann</text:p>{closed}<text:p>end</text:p></office:text>")
    )
    text = found[0].text if isinstance(found[0], Text) else ""
    assert text.count("x") == depth
    assert "Ann" in text
    assert text.endswith("end")


@pytest.mark.samples
def test_real_documents(samples: Path) -> None:
    counted = 0
    for path in sorted([*(samples / "document").glob("*.odt"), *(samples / "spreadsheet").glob("*.ods")]):
        readable = FileReadable(path)
        if odf.looks_like(readable):
            found = list(odf.parse(readable, LIMITS))
            faults = [one.code for one in found if isinstance(one, Fault)]
            assert faults == (["encrypted"] if "Encrypted" in path.name else [])
            assert faults or any(isinstance(one, (Text, Table)) for one in found)
            counted += 1
    assert counted > 15


WORDS = (
    b'<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    b"<text:p>Bea Quorlen</text:p><text:p>MRN 55000017</text:p></office:text></office:body></office:document-content>"
)
MEMBERS = {"Pictures/a.png": bytes(range(256)) * 9, "content.xml": WORDS, "empty.xml": b""}
CLOSED = {"aes": locked(MEMBERS, "Loon#44"), "blowfish": locked(MEMBERS, "Loon#44", old=True)}


def opened(data: bytes, *passwords: str, limits: Limits = LIMITS) -> tuple[bytes, list[str]]:
    """Return the document that comes out of one under a password, and what is wrong."""
    readable = MemoryReadable(data)
    assert locked_odf.looks_like(readable)
    content = Keyed(readable, passwords) if passwords else readable
    found = list(locked_odf.parse(content, limits))
    inner = [b"".join(value.chunks()) for value in found if isinstance(value, Inner) and value.chunks]
    for value in found:
        if isinstance(value, Inner):
            assert locked_odf.open_child(content, value.locator, limits).size == value.size
    return b"".join(inner), [value.code for value in found if isinstance(value, Fault)]


def test_an_archive_whose_mimetype_is_empty_is_no_locked_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(CLOSED["aes"])) as whole, zipfile.ZipFile(out, "w") as made:
        for name in whole.namelist():
            made.writestr(name, b"" if name == "mimetype" else whole.read(name))
    assert not locked_odf.looks_like(MemoryReadable(out.getvalue()))


@pytest.mark.parametrize("data", CLOSED.values(), ids=CLOSED)
def test_a_password_opens_a_document(data: bytes) -> None:
    plain, faults = opened(data, "loon", "Loon#44")
    assert faults == []
    assert not locked_odf.looks_like(MemoryReadable(plain))
    assert odf.looks_like(MemoryReadable(plain))
    found = values(plain)
    assert next(one.text for one in found if isinstance(one, Text)).split("\n") == ["Bea Quorlen", "MRN 55000017"]
    pictures = [one for one in found if isinstance(one, Inner) and one.chunks]
    assert [b"".join(one.chunks()) for one in pictures if one.chunks] == [MEMBERS["Pictures/a.png"]]
    assert pictures[0].name == "a.png"


@pytest.mark.parametrize("data", CLOSED.values(), ids=CLOSED)
def test_what_stays_closed_says_why(data: bytes) -> None:
    assert opened(data) == (b"", ["encrypted"])
    assert values(data) == [Fault(code="encrypted", detail="OpenDocument under a password")]
    assert opened(data, "loon", "Loon44") == (b"", ["wrong_password"])


@pytest.mark.parametrize(
    "data",
    [
        locked(MEMBERS, "x", algorithm="urn:example#threefish"),
        locked(MEMBERS, "x", derivation="urn:example#argon2id"),
        locked(MEMBERS, "x", said_rounds=4_000_000_000),
        whole(),
    ],
    ids=["cipher", "derivation", "rounds", "one package"],
)
def test_ciphers_nobody_here_undoes(data: bytes) -> None:
    assert opened(data, "x") == (b"", ["unsupported_encryption"])


def test_a_damaged_member_is_told_and_the_rest_read() -> None:
    data = CLOSED["aes"]
    at = data.index(b"Pictures/a.png") + 14 + 40  # inside what is stored of it
    plain, faults = opened(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], "Loon#44")
    assert faults == ["corrupt"]
    assert [one.text for one in values(plain) if isinstance(one, Text)]


def test_a_member_that_unpacks_without_bound_is_left_out() -> None:
    data = locked({"content.xml": WORDS, "Pictures/a.png": bytes(18 << 20)}, "x")
    plain, faults = opened(data, "x", limits=Limits(max_ratio=10))
    assert faults == ["bomb"]
    assert len(plain) < 5_000


@pytest.mark.parametrize("data", CLOSED.values(), ids=CLOSED)
def test_closed_and_cut(data: bytes) -> None:
    for cut in range(0, len(data), 41):
        for damaged in (data[:cut], data[:cut] + b"\xff\x00" + data[cut + 2 :]):
            readable = MemoryReadable(damaged)
            if locked_odf.looks_like(readable):
                found = list(locked_odf.parse(Keyed(readable, ("Loon#44",)), LIMITS))
                assert found
