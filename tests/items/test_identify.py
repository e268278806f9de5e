"""What a content is, from its structure alone."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.items.identify import identify, ole_streams, type_of, unread_code
from rollcall.items.parser import Parser
from rollcall.items.parsers import PARSERS, image
from rollcall.items.readable import FileReadable, MemoryReadable, Readable
from rollcall.problems import CODES
from tests.items.mails import MIXED, SIMPLE, sample_files


def compound(*names: str) -> bytes:
    """A compound file of one FAT sector and one directory sector."""
    head = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<I", head, 48, 1)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128I", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62) for name in names
    )
    return bytes(head) + fat + entries.ljust(512, b"\0")


PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def zipped(name: str) -> bytes:
    """Return a zip with one member."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png", "corrupt"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg", "corrupt"),
        (b"II*\0....", "image/tiff", "corrupt"),
        (b"GIF89a", "image/gif", "corrupt"),
        (b"RIFF....WEBPVP8 ", "image/webp", "corrupt"),
        (b"BM" + struct.pack("<IHHII", 100, 0, 0, 54, 40) + bytes(80), "image/bmp", "corrupt"),
        (b"BM is short for something", "application/octet-stream", "unknown_format"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "application/x-7z-compressed", "unsupported"),
        (b"Rar!\x1a\x07\x01\0", "application/vnd.rar", "unsupported"),
        (b"\x1f\x8b\x08\0", "application/gzip", "unsupported"),
        (b"{\\rtf1\\ansi", "application/rtf", "unsupported"),
        (b"\x78\x9f\x3e\x22\0", "application/ms-tnef", "corrupt"),
        (bytes(128) + b"DICM", "application/dicom", "unsupported"),
        (b"SQLite format 3\0", "application/vnd.sqlite3", "unsupported"),
        (b"MSH|^~\\&|A|B", "application/hl7-v2", "unsupported"),
        (b"ISA*00*          *00*          *ZZ*", "application/edi-x12", "unsupported"),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar", "unsupported"),
        (b"\xef\xbb\xbf\nBEGIN:VCARD\r\n", "text/vcard", "unsupported"),
        (b"-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted", "encrypted_pgp"),
        (b"\x85\x01\x0c\x03" + bytes(8) + b"\x01", "application/pgp-encrypted", "encrypted_pgp"),
        (b"\x76\xe8\x04\x60\xc4\x11\xe3\x86", "application/x-microsoft-rpmsg-message", "rights_managed"),
        (compound("Root Entry", "\tDRMContent"), "application/x-microsoft-rpmsg-message", "rights_managed"),
        (compound("Root Entry", "EncryptionInfo", "EncryptedPackage"), "application/x-office-encrypted", "encrypted"),
        (compound("Root Entry", "ENCRYPTIONINFO", "ENCRYPTEDPACKAGE"), "application/x-office-encrypted", "encrypted"),
        (compound("Root Entry", "__properties_version1.0"), "application/vnd.ms-outlook", "corrupt"),
        (compound("Root Entry", "WordDocument"), "application/msword", "unsupported"),
        (compound("Root Entry"), "application/x-ole-storage", "unsupported"),
        (b"!BDN" + bytes(600), "application/vnd.ms-outlook-pst", "corrupt"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "application/vnd.ms-excel", "unsupported"),
        (zipped("ppt/presentation.xml"), PRESENTATION, "unsupported"),
        (zipped("notes.txt"), "application/zip", "unsupported"),
        (zipped("ppt/presentation.xml")[:40], "application/zip", "truncated"),
        (b"\x01\x02\x03\x04", "application/octet-stream", "unknown_format"),
    ],
)
def test_what_stays_unread_and_why(data: bytes, media_type: str, code: str) -> None:
    assert unread_code(MemoryReadable(data), "", "") == (media_type, code)
    assert code in CODES


def test_a_declared_type_only_labels_what_has_no_structure() -> None:
    assert unread_code(MemoryReadable(b"\1\2\3"), "x.pdf", "Application/X-Thing") == (
        "application/x-thing",
        "unknown_format",
    )
    assert unread_code(MemoryReadable(b"\1\2\3"), "", "no type at all") == (
        "application/octet-stream",
        "unknown_format",
    )
    assert unread_code(MemoryReadable(b"GIF89a"), "x.pdf", "application/pdf")[0] == "image/gif"


@pytest.mark.parametrize(
    ("data", "first"),
    [
        (SIMPLE, "eml"),
        (MIXED, "eml"),
        (b"From a@x.example Tue Mar  2 10:04:05 2021\n" + SIMPLE, "mbox"),
        (b"<html><body><p>x</p></body></html>", "html"),
        (b"just words\n", "text"),
    ],
)
def test_the_most_specific_reader_comes_first(data: bytes, first: str) -> None:
    for name, declared in (("", ""), ("x.pdf", "application/pdf"), ("x.zip", "message/rfc822")):
        assert identify(MemoryReadable(data), name, declared, PARSERS)[0].name == first


def test_a_look_that_fails_does_not_fit() -> None:
    def broken(readable: Readable) -> bool:
        raise struct.error("cut")

    parser = Parser(
        name="x", version=1, media_types=("x/y",), looks_like=broken, parse=lambda readable, limits: iter(())
    )
    assert identify(MemoryReadable(b"x"), "", "", (parser,)) == []


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(
        [b"", b"PK\x03\x04", b"!BDN", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"From ", b"0\x82", b"RIFF", b"BM"]
    ),
    st.binary(max_size=700),
)
def test_garbage(start: bytes, rest: bytes) -> None:
    readable = MemoryReadable(start + rest)
    identify(readable, "", "", PARSERS)
    unread_code(readable, "", "")
    list(ole_streams(readable))


@pytest.mark.samples
@pytest.mark.parametrize(
    ("folder", "suffix", "media_type"),
    [
        ("tnef", ".dat", "application/ms-tnef"),
        ("image", ".png", "image/png"),
        ("archive", ".7z", "application/x-7z-compressed"),
    ],
)
def test_real_files(samples: Path, folder: str, suffix: str, media_type: str) -> None:
    files = [path for path in sample_files(samples / folder) if path.suffix == suffix]
    assert files
    for path in files:
        assert unread_code(FileReadable(path), "", "")[0] == media_type, path.name


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"P5 1 1", "image/png"),
    ],
)
def test_a_reader_of_several_types_says_which(data: bytes, told: str) -> None:
    assert type_of(MemoryReadable(data), image.PARSER) == told
