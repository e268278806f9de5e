"""What a content is, from its structure: the readers that fit it, and for what none reads, why not.

Names and declared types are set by whoever sent the file, so they decide nothing here: a reader fits by structure or
not at all. They only label what has no structure to go by.
"""

import functools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from rollcall.items.parser import ContentError, Parser
from rollcall.items.readable import Readable

# What a reader's look at damaged structure may raise; it then does not fit. Anything else is a mistake of ours.
_BROKEN = (OSError, ValueError, LookupError, EOFError, ArithmeticError, RuntimeError, MemoryError,
           struct.error, zipfile.BadZipFile, zlib.error, ContentError)  # fmt: skip

_KNOWN, _CLOSED, _UNKNOWN = "unsupported", "encrypted", "unknown_format"
_SOUND = "audio_not_read"
_PGP_CLOSED, _RIGHTS = "encrypted_pgp", "rights_managed"
_DAMAGED = "corrupt"  # there is a reader, but what follows the signature is not what it reads

# (offset, bytes there, media type, problem code when no reader takes it), most specific first
_SIGNATURES: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png", _DAMAGED),
    (0, b"\xff\xd8\xff", "image/jpeg", _DAMAGED),
    (0, b"GIF87a", "image/gif", _DAMAGED),
    (0, b"GIF89a", "image/gif", _DAMAGED),
    (0, b"II*\0", "image/tiff", _DAMAGED),
    (0, b"MM\0*", "image/tiff", _DAMAGED),
    (0, b"II+\0", "image/tiff", _DAMAGED),
    (0, b"MM\0+", "image/tiff", _DAMAGED),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2", _DAMAGED),
    (0, b"\xff\x4f\xff\x51", "image/jp2", _DAMAGED),
    (4, b"ftypheic", "image/heic", _DAMAGED),
    (4, b"ftypheix", "image/heic", _DAMAGED),
    (4, b"ftypmif1", "image/heif", _DAMAGED),
    (4, b"ftypavif", "image/avif", _DAMAGED),
    (0, b"8BPS", "image/vnd.adobe.photoshop", _DAMAGED),
    (0, b"\x01\x00\x00\x00", "image/emf", _KNOWN),  # confirmed by _also
    (0, b"\xd7\xcd\xc6\x9a", "image/wmf", _KNOWN),
    (0, b"AT&TFORM", "image/vnd.djvu", _KNOWN),
    (0, b"%!PS", "application/postscript", _KNOWN),
    (0, b"\xc5\xd0\xd3\xc6", "application/postscript", _KNOWN),
    (0, b"%PDF-", "application/pdf", _DAMAGED),
    (0, b"!BDN", "application/vnd.ms-outlook-pst", _DAMAGED),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef", _DAMAGED),
    (0, b"{\\rtf", "application/rtf", _KNOWN),
    (128, b"DICM", "application/dicom", _KNOWN),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3", _KNOWN),
    (4, b"Standard Jet DB", "application/vnd.ms-access", _KNOWN),
    (4, b"Standard ACE DB", "application/vnd.ms-access", _KNOWN),
    (0, b"\x1f\x8b", "application/gzip", _KNOWN),
    (0, b"BZh", "application/x-bzip2", _KNOWN),
    (0, b"\xfd7zXZ\0", "application/x-xz", _KNOWN),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd", _KNOWN),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", _KNOWN),
    (0, b"Rar!\x1a\x07", "application/vnd.rar", _KNOWN),
    (0, b"MSCF\0\0\0\0", "application/vnd.ms-cab-compressed", _KNOWN),
    (0, b"!<arch>\n", "application/x-archive", _KNOWN),
    (0, b"07070", "application/x-cpio", _KNOWN),
    (2, b"-lh", "application/x-lzh-compressed", _KNOWN),
    (0, b"xar!\0", "application/x-xar", _KNOWN),
    (257, b"ustar", "application/x-tar", _KNOWN),
    (0, b"PAR1", "application/vnd.apache.parquet", _KNOWN),
    (0, b"\x1aE\xdf\xa3", "video/x-matroska", _KNOWN),
    (4, b"ftypM4A", "audio/mp4", _SOUND),
    (4, b"ftypM4B", "audio/mp4", _SOUND),
    (4, b"ftyp", "video/mp4", _KNOWN),
    (0, b"OggS", "audio/ogg", _SOUND),
    (0, b"ID3", "audio/mpeg", _SOUND),
    (0, b"\xff\xfb", "audio/mpeg", _SOUND),
    (0, b"\xff\xf3", "audio/mpeg", _SOUND),
    (0, b"\xff\xf2", "audio/mpeg", _SOUND),
    (0, b"\xff\xf1", "audio/aac", _SOUND),
    (0, b"\xff\xf9", "audio/aac", _SOUND),
    (0, b"#!AMR", "audio/amr", _SOUND),
    (0, b"fLaC", "audio/flac", _SOUND),
    (0, b".snd\0\0\0", "audio/basic", _SOUND),
    (0, b"#!SILK_V3", "audio/silk", _SOUND),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf", _SOUND),  # WMA as a rule: what phones record
    (0, b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted", _PGP_CLOSED),
    (0, b"\x76\xe8\x04\x60\xc4\x11\xe3\x86", "application/x-microsoft-rpmsg-message", _RIGHTS),
    (0, b"age-encryption.org/", "application/x-age", _CLOSED),
    (0, b"-----BEGIN AGE ENCRYPTED", "application/x-age", _CLOSED),
    (0, b"Salted__", "application/x-openssl-encrypted", _CLOSED),
    (0, b"MSWIM\0\0\0", "application/x-ms-wim", _KNOWN),
    (0, b"vhdxfile", "application/x-vhdx", _KNOWN),
    (0x8001, b"CD001", "application/x-iso9660-image", _KNOWN),
    (0, b"MZ", "application/vnd.microsoft.portable-executable", _KNOWN),
    (0, b"\x7fELF", "application/x-executable", _KNOWN),
    (0, b"L\0\0\0\x01\x14\x02\0", "application/x-ms-shortcut", _KNOWN),
    (0, b"wOFF", "font/woff", _KNOWN),
    (0, b"\xffWPC", "application/vnd.wordperfect", _KNOWN),
    (0, b"\x09\x00\x04\x00", "application/vnd.ms-excel", _KNOWN),  # Excel 2, 3, 4: no compound file yet
    (0, b"\x09\x02\x06\x00", "application/vnd.ms-excel", _KNOWN),
    (0, b"\x09\x04\x06\x00", "application/vnd.ms-excel", _KNOWN),
    (0, b"ITSF\3\0\0\0", "application/vnd.ms-htmlhelp", _KNOWN),
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", "application/onenote", _KNOWN),
)
# Text that has a form of its own: matched at the start, after a byte order mark and blanks.
_TEXT_FORMS: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), media_type, code)
    for pattern, media_type, code in (
        (rb"MSH[|^~].[~\\^&|]{1,4}", "application/hl7-v2", _KNOWN),
        (rb"(?:FHS|BHS)[|]\^~\\&", "application/hl7-v2", _KNOWN),
        (rb"ISA([^A-Za-z0-9\s]).{2}\1.{10}\1", "application/edi-x12", _KNOWN),
        (rb"UN[AB][:+]", "application/edifact", _KNOWN),
        (rb"BEGIN:VCALENDAR\b", "text/calendar", _KNOWN),
        (rb"BEGIN:VCARD\b", "text/vcard", _KNOWN),
        (rb"<\?xml\b[^>]*>\s*(?:<!--.*?-->\s*)?<(?:\w+:)?ClinicalDocument\b", "application/hl7-cda+xml", _KNOWN),
        (rb"\s*\{\s*\"resourceType\"\s*:", "application/fhir+json", _KNOWN),
        (rb"<svg\b|<\?xml\b[^>]*>\s*(?:<![^>]*>\s*)*<svg\b", "image/svg+xml", _KNOWN),
        (rb"<\?xml\b", "application/xml", _KNOWN),
    )
)
# Streams in a compound file (OLE) that say whose it is.
_OLE: tuple[tuple[str, str, str], ...] = (
    ("\tDRMContent", "application/x-microsoft-rpmsg-message", _RIGHTS),
    ("EncryptedPackage", "application/x-office-encrypted", _CLOSED),
    ("__properties_version1.0", "application/vnd.ms-outlook", _DAMAGED),
    ("Workbook", "application/vnd.ms-excel", _KNOWN),
    ("Book", "application/vnd.ms-excel", _KNOWN),
    ("WordDocument", "application/msword", _KNOWN),
    ("PowerPoint Document", "application/vnd.ms-powerpoint", _KNOWN),
    ("VisioDocument", "application/vnd.visio", _KNOWN),
    ("Quill", "application/x-mspublisher", _KNOWN),
    ("SwDocContentMgr", "application/x-solidworks", _KNOWN),
)
# Members of a zip that say whose it is.
_PACKAGES = (
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("visio/document.xml", "application/vnd.ms-visio.drawing"),
    ("AppManifest.xaml", "application/x-silverlight-app"),
    ("META-INF/MANIFEST.MF", "application/java-archive"),
    ("META-INF/container.xml", "application/epub+zip"),
)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PGP = re.compile(rb"[\x84\x85\xc1].{1,3}\x03.{8}[\x01\x10\x12]", re.DOTALL)
_DECLARED = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}\Z")


def identify(readable: Readable, name_hint: str, declared: str, parsers: Sequence[Parser]) -> list[Parser]:
    """List the readers whose structure this is, most specific first; the hints move none of them."""
    return list(fits(readable, parsers))


def fits(readable: Readable, parsers: Sequence[Parser]) -> Iterator[Parser]:
    """Yield the same one after the other: most contents are read by the first, and nobody looks further."""
    return (parser for parser in parsers if _fits(parser, readable))


def type_of(readable: Readable, parser: Parser) -> str:
    """Return which of the types that a reader reads a content is: by its signature, else the reader's first."""
    if len(parser.media_types) > 1:
        found = _by_signature(readable, readable.read_at(0, 0x8010))
        if found and found[0] in parser.media_types:
            return found[0]
    return parser.media_types[0]


def unread_code(readable: Readable, name_hint: str, declared: str) -> tuple[str, str]:
    """Return the media type of what no reader takes, and the problem code that says why it stays unread."""
    head = readable.read_at(0, 0x8010)
    if found := _by_signature(readable, head):
        return found
    declared = declared.strip().lower()
    return (declared if _DECLARED.match(declared) else "application/octet-stream"), _UNKNOWN


def _fits(parser: Parser, readable: Readable) -> bool:
    try:
        return parser.looks_like(readable)
    except _BROKEN:
        return False


def _by_signature(readable: Readable, head: bytes) -> tuple[str, str] | None:
    if head.startswith(_OLE_MAGIC):
        return _compound(readable)
    if head.startswith(b"RIFF"):
        return ("image/webp", _DAMAGED) if head[8:12] == b"WEBP" else _riff(head)
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in (12, 40, 52, 56, 64, 108, 124):
        return "image/bmp", _DAMAGED
    for offset, magic, media_type, code in _SIGNATURES:
        if head.startswith(magic, offset) and _also(media_type, head):
            return media_type, code
    if head.startswith(b"PK\x03\x04"):
        return _package(readable)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for pattern, media_type, code in _TEXT_FORMS:
        if pattern.match(text):
            return media_type, code
    return ("application/pgp-encrypted", _PGP_CLOSED) if _PGP.match(head) else None


def _riff(head: bytes) -> tuple[str, str]:
    """Return what a container for sound, film and pictures holds."""
    return ("audio/x-wav", _SOUND) if head[8:12] == b"WAVE" else ("video/x-msvideo", _KNOWN)


def _also(media_type: str, head: bytes) -> bool:
    """Confirm the signatures that are too short to stand alone."""
    if media_type == "image/emf":
        return head[40:44] == b" EMF"
    if media_type == "application/gzip":
        return head[2:3] == b"\x08"
    if media_type == "application/vnd.microsoft.portable-executable":
        at = int.from_bytes(head[60:64], "little")
        return head[at : at + 2] in (b"PE", b"NE", b"LE")
    if media_type == "application/x-cpio":
        return head[:6].isdigit() and len(head) >= 76
    if media_type == "application/x-bzip2":
        return head[4:10] == b"1AY&SY"
    return True


def _package(readable: Readable) -> tuple[str, str]:
    """Return what a zip is whose directory names the parts of an Office document; one without a directory was cut."""
    try:
        names = zipfile.ZipFile(readable.stream()).namelist()
    except _BROKEN:
        return "application/zip", "truncated"
    return next((media_type for name, media_type in _PACKAGES if name in names), "application/zip"), _KNOWN


def _compound(readable: Readable) -> tuple[str, str]:
    streams = {name.lower() for name in ole_streams(readable)}  # names compare without case (MS-CFB 2.6.4)
    for name, media_type, code in _OLE:
        if name.lower() in streams:
            return media_type, code
    return "application/x-ole-storage", _KNOWN


def ole_streams(readable: Readable) -> Iterator[str]:
    """Yield the names of the streams and storages in a compound file's directory."""
    head = readable.read_at(0, 512)
    if len(head) < 512 or not head.startswith(_OLE_MAGIC):
        return
    size = 1 << min(int.from_bytes(head[30:32], "little"), 16)
    if size < 512:
        return
    table = struct.unpack("<109I", head[76:512])

    @functools.lru_cache(maxsize=64)
    def fat(sector: int) -> bytes:
        return readable.read_at((sector + 1) * size, size)

    sector = int.from_bytes(head[48:52], "little")
    seen: set[int] = set()
    while sector < 0xFFFFFFF0 and sector not in seen and len(seen) < 4_096:
        seen.add(sector)
        block = readable.read_at((sector + 1) * size, size)
        for at in range(0, len(block) - 127, 128):
            length = int.from_bytes(block[at + 64 : at + 66], "little")
            if 2 < length <= 64:
                yield block[at : at + length - 2].decode("utf-16-le", "replace")
        index, place = divmod(sector, size // 4)
        if index >= len(table) or table[index] >= 0xFFFFFFF0:
            return
        sector = int.from_bytes(fat(table[index])[place * 4 : place * 4 + 4] or b"\xff\xff\xff\xff", "little")
