"""Office documents behind a password (MS-OFFCRYPTO): a wrapper whose one child is the document itself.

Word, Excel and PowerPoint, old and new. Excel locks some workbooks with a password of its own, which everybody has.
"""

import io
import struct
from collections.abc import Iterator
from typing import Any

from rollcall.items.identify import ole_streams
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Yield
from rollcall.items.passwords import Keyed, find_password, passwords_for, refusal
from rollcall.items.readable import Readable, chunks_of

_TRIES = 250  # one costs a tenth of a second: 100,000 rounds of a hash, as the standard wants it
_EXCELS_OWN = "VelvetSweatshop"
_STREAMS = frozenset(("encryptedpackage", "worddocument", "workbook", "powerpoint document"))
# What the library raises over a damaged header, besides errors of its own.
_BROKEN = (OSError, ValueError, LookupError, ArithmeticError, AssertionError, TypeError, struct.error)
_LOCATOR = "document"


def looks_like(untrusted: Readable) -> bool:
    """Say whether this is a compound file whose document is enciphered."""
    if not _STREAMS & _names(untrusted):
        return False
    from msoffcrypto.exceptions import FileFormatError, ParseError

    office = _office(untrusted)
    try:
        return office is not None and bool(office.is_encrypted())
    except (FileFormatError, ParseError, *_BROKEN):
        return False


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the document, if one of the passwords opens it."""
    names = _names(untrusted)
    if "encryptioninfo" not in names and "encryptedpackage" in names:
        yield Fault(code="rights_managed", detail="Office document")
        return
    try:
        data = _plain(untrusted)
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail)
        return
    yield Inner(locator=_LOCATOR, kind="file", size=data.size, chunks=lambda: chunks_of(data))


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the document."""
    data = _plain(untrusted)
    return Inner(locator=_LOCATOR, kind="file", size=data.size, chunks=lambda: chunks_of(data))


def _names(untrusted: Readable) -> set[str]:
    """Return the names of streams in small letters: they compare without regard to case (MS-CFB 2.6.4)."""
    return {name.lower() for name in ole_streams(untrusted)}


def _plain(untrusted: Readable) -> Readable:
    from msoffcrypto.exceptions import DecryptionError, InvalidKeyError

    from rollcall.items.readable import MemoryReadable

    keyed = Keyed(untrusted, (*passwords_for(untrusted), _EXCELS_OWN))
    opened: list[bytes] = []

    def opens(password: str) -> bool:
        office, out = _office(untrusted), io.BytesIO()
        if office is None:
            return False
        try:
            _load(office, password)
            office.decrypt(out)
        except (InvalidKeyError, DecryptionError, *_BROKEN):
            return False
        opened.append(out.getvalue())
        return True

    if find_password(keyed, opens, _TRIES) is None:
        raise ContentError(refusal(untrusted), "Office document")
    if (found := keyed.passwords[0]) in (known := passwords_for(untrusted)):
        known.insert(0, known.pop(known.index(found)))
    return MemoryReadable(opened[0])


def _load(office: Any, password: str) -> None:
    """Set the key; only documents of the new kind tell a wrong one when asked to."""
    if office.format == "ooxml":
        office.load_key(password=password, verify_password=True)
    else:
        office.load_key(password=password)


class _Memory:
    """Stands for the module of temporary files."""

    TemporaryFile = io.BytesIO


def _office(untrusted: Readable) -> Any:
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import FileFormatError, ParseError
    from msoffcrypto.format import doc97, ppt97, xls97

    for module in (doc97, ppt97, xls97):
        module.tempfile = _Memory  # it would write what it deciphers into files, which a reader may not, nor should
    try:
        return OfficeFile(untrusted.stream())
    except (FileFormatError, ParseError, *_BROKEN):
        return None


PARSER = Parser(
    name="locked_office",
    version=2,
    media_types=("application/x-office-encrypted",),
    looks_like=looks_like,
    locked=lambda untrusted: True,
    parse=parse,
    open_child=open_child,
)
