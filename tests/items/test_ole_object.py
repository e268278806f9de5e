"""Embedded objects: every one in the real documents opens to what it was before it was put in."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items import compound, packager, salvage
from rollcall.items.compound import written
from rollcall.items.identify import fits
from rollcall.items.parser import Fault, Inner, Limits
from rollcall.items.parsers import PARSERS, ole_object
from rollcall.items.readable import FileReadable, MemoryReadable
from tests.corpus.make_old_office import packaged

LIMITS = Limits()


@settings(max_examples=50, deadline=None)
@given(
    st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name and name.isascii()), st.binary(max_size=80)
)
def test_packaged_files_come_back(name: bytes, content: bytes) -> None:
    found = packager.packaged(packaged(name, content)[4:])
    assert found is not None
    assert found[1] == content


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_end(data: bytes) -> None:
    packager.packaged(data)
    packager.embedded(data)
    assert isinstance(list(salvage.runs(data)), list)


def test_objects_as_rtf_keeps_them() -> None:
    name, topic = b"Package\0", b""
    data = (
        struct.pack("<III", 0x501, 2, len(name))
        + name
        + struct.pack("<I", 0)
        + topic
        + struct.pack("<II", 0, 3)
        + b"abc"
    )
    assert packager.embedded(data) == ("Package", b"abc")


@pytest.mark.parametrize(
    ("names", "is_object"),
    [
        ([("CONTENTS",)], True), ([("VBA", "dir"), ("PROJECT",)], True), ([("Workbook",)], False),
        ([("WORDDOCUMENT",)], False), ([("MBD1", "Workbook")], True), ([("ENCRYPTEDPACKAGE",)], True),
    ],
)  # fmt: skip
def test_documents_are_left_to_their_readers(names: list[tuple[str, ...]], is_object: bool) -> None:
    data = written(dict.fromkeys(names, b"x"))
    assert ole_object.looks_like(MemoryReadable(data)) is is_object


def tree(data: bytes, depth: int = 0) -> list[str]:
    """The formats of what is inside, and inside that."""
    parser = next(fits(MemoryReadable(data), PARSERS), None)
    if parser is None or depth > 6:
        return ["?"]
    found = [parser.name]
    if parser.name in ("image", "picture"):
        return found
    for value in parser.parse(MemoryReadable(data), LIMITS):
        if isinstance(value, Inner) and value.chunks is not None:
            found += tree(b"".join(value.chunks()), depth + 1)
        elif isinstance(value, Fault):
            found.append(value.code)
    return found


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("document/tika_testWORD_embedded_rtf.doc", "rtf"),
        ("document/tika_testWORD_embedded_pdf.docx", "pdf"),
        ("document/tika_EmbeddedDocument.docx", "sheets"),
        ("slides/tika_testPPT_EmbeddedPDF.ppt", "pdf"),
        ("slides/tika_testPPT_oleWorkbook.ppt", "sheets"),
        ("slides/tika_testPPT_embeded.ppt", "doc"),
        ("document/tika_test_recursive_embedded.doc", "zip"),
    ],
)
def test_real_documents_open_to_what_was_embedded(samples: Path, name: str, inside: str) -> None:
    readable = FileReadable(samples / name)
    assert inside in tree(readable.read_at(0, readable.size))[1:]


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (30, struct.pack("<I", 4) + b"Ann\0", ["Born: Ann"]),
        (3, struct.pack("<I", 7), ["Born: 7"]),
        (64, struct.pack("<Q", 119_600_064_000_000_000), ["Born: 1980-01-01 00:00"]),
        (64, bytes(8), []),
        (64, b"\xff" * 8, []),
    ],
)
def test_properties_of_its_own(kind: int, value: bytes, told: list[str]) -> None:
    """What somebody added to a document stands under the name they gave it (MS-OLEPS 2.21)."""
    names = struct.pack("<III", 1, 2, 5) + b"Born\0" + bytes(3)
    codepage = struct.pack("<IHH", 2, 1252, 0)
    listed = struct.pack("<6I", 0, 32, 1, 32 + len(names), 2, 40 + len(names))
    own = struct.pack("<II", 0, 3) + listed + names + codepage + struct.pack("<I", kind) + value
    empty = struct.pack("<II", 8, 0)
    head = bytes(24) + struct.pack("<I", 2) + bytes(16) + struct.pack("<I", 68) + bytes(16) + struct.pack("<I", 76)
    stored = written({("\5DocumentSummaryInformation",): head + empty + own})
    assert compound.about(compound.Compound(MemoryReadable(stored))) == told
