"""Passwords that mails tell are among the candidates, early; and locked contents open with the right one only."""

import io
import random
import struct
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import py7zr
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from rollcall.demo.writers.archive import locked_zip, zip_bytes
from rollcall.demo.writers.office_crypto import lock_office
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser
from rollcall.items.parsers import locked_office, seven_zip, zip_
from rollcall.items.passwords import Keyed, candidates, hinted, of_name
from rollcall.items.readable import MemoryReadable

LIMITS = Limits()

TOLD = [
    ("The password is Walleye2019", "Walleye2019"),
    ("Password: Tr0ut!", "Tr0ut!"),
    ("pw = kites\nthanks", "kites"),
    ("pwd - Blue Heron 7", "Blue Heron 7"),
    ('Use "maple leaf" to open the roster.', "maple leaf"),
    ("You can open it with Loon#44.", "Loon#44"),
    ("The code for census.xlsx:\n\nHarbor-19", "Harbor-19"),
    ("La contraseña es Girasol88, gracias", "Girasol88"),
    ("Das Kennwort lautet: Birke!9", "Birke!9"),
    ("le mot de passe : Tilleul12", "Tilleul12"),
    ("> The passcode you asked for is\n> 4471", "4471"),
    ("Q3census!", "Q3census!"),
    ("Unlock with the usual: wInter.2020", "wInter.2020"),
    ("password=(Otter)", "Otter"),
]


@pytest.mark.parametrize(("mail", "password"), TOLD)
def test_what_a_mail_tells_is_tried(mail: str, password: str) -> None:
    assert password in list(dict.fromkeys(candidates(mail)))[:40]


@pytest.mark.parametrize(
    ("mail", "password"),
    [
        ("It is the last four of the SSN", "0042"),
        ("patient born 3/14/1961", "03141961"),
        ("member 899-45-1234, pw is the last 4", "1234"),
    ],
)
def test_what_a_mail_hints_at_is_tried(mail: str, password: str) -> None:
    assert password in set(hinted(mail))


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("roster_Heron88.zip", "Heron88"),
        ("Roster (pw Heron-88).xlsx", "Heron-88"),
        ("june_passHeron.pdf", "Heron"),
        ("password.xls", "password"),
        ("Census.Password_is_Mercy2024.tar.gz", "Mercy2024"),
        ("mercyClinic2024.7z", "2024"),
        ("HERON 88.rar", "heron 88"),
        ("kite.docx", "kite.docx"),
        ("contraseña Girasol.zip", "Girasol"),
    ],
)
def test_words_of_a_name_are_tried(name: str, password: str) -> None:
    assert password in list(of_name(name))[:40]


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_any_name_is_looked_through(name: str) -> None:
    assert all(3 <= len(one) <= 64 for one in of_name(name))


@given(st.text(max_size=3_000))
@settings(max_examples=60, deadline=None)
def test_any_text_is_looked_through(text: str) -> None:
    found = list(candidates(text))
    assert all(one.strip() and len(one) <= 64 for one in found)
    assert len(found) <= 40 * (len(text) + 1)


def aes_zip(name: str, data: bytes, password: str, strength: int = 3, *, deflated: bool = True) -> bytes:
    """Return an archive of one member behind AES, as WinZip writes it (AE-2)."""
    import hashlib
    import hmac

    sizes = {1: (8, 16), 2: (12, 24), 3: (16, 32)}
    salt_size, key_size = sizes[strength]
    salt = bytes(range(salt_size))
    derived = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 2 * key_size + 2)
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    plain = packer.compress(data) + packer.flush() if deflated else data
    encryptor = Cipher(algorithms.AES(derived[:key_size]), modes.ECB()).encryptor()  # noqa: S305
    stream = b"".join(encryptor.update((n + 1).to_bytes(16, "little")) for n in range(len(plain) // 16 + 1))
    hidden = bytes(a ^ b for a, b in zip(plain, stream, strict=False))
    tag = hmac.new(derived[key_size : 2 * key_size], hidden, "sha1").digest()[:10]
    stored = salt + derived[-2:] + hidden + tag
    extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", strength, 8 if deflated else 0)
    encoded = name.encode()
    head = struct.pack("<5H3L2H", 51, 1, 99, 0, 33, 0, len(stored), len(data), len(encoded), len(extra))
    local = b"PK\x03\x04" + head + encoded + extra + stored
    listed = b"PK\x01\x02" + struct.pack("<H", 51) + head + struct.pack("<3H2L", 0, 0, 0, 0, 0) + encoded + extra
    end = struct.pack("<4H2LH", 0, 0, 1, 1, len(listed), len(local), 0)
    return local + listed + b"PK\x05\x06" + end


def seven(data: bytes, password: str, *, names: bool) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password, header_encryption=names) as archive:
        archive.writef(io.BytesIO(data), "a/roll.csv")
    return out.getvalue()


def in_capitals(compound: bytes) -> bytes:
    """Return a compound file whose streams are named in capitals, as some programs write it."""
    for name in ("EncryptedPackage", "EncryptionInfo"):
        assert name.encode("utf-16-le") in compound
        compound = compound.replace(name.encode("utf-16-le"), name.upper().encode("utf-16-le"))
    return compound


ROLL = b"Name;SSN\nTindall, B;899-02-0087\n" * 400
WORKBOOK = zip_bytes([("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", ROLL)])
LOCKED: list[tuple[str, Parser, bytes, bytes]] = [
    ("old zip", zip_.PARSER, locked_zip([("roll.csv", ROLL)], "Heron 9!", random.Random(1)), ROLL),
    ("aes 256", zip_.PARSER, aes_zip("roll.csv", ROLL, "Heron 9!"), ROLL),
    ("aes 128 stored", zip_.PARSER, aes_zip("roll.csv", ROLL, "Heron 9!", 1, deflated=False), ROLL),
    ("aes 192", zip_.PARSER, aes_zip("roll.csv", ROLL, "Heron 9!", 2), ROLL),
    ("7z", seven_zip.PARSER, seven(ROLL, "Heron 9!", names=False), ROLL),
    ("7z with names hidden", seven_zip.PARSER, seven(ROLL, "Heron 9!", names=True), ROLL),
    ("workbook", locked_office.PARSER, lock_office(WORKBOOK, "Heron 9!", random.Random(2)), WORKBOOK),
    (
        "workbook, names in capitals",
        locked_office.PARSER,
        in_capitals(lock_office(WORKBOOK, "Heron 9!", random.Random(2))),
        WORKBOOK,
    ),
]
PASSWORDS = [
    pytest.param(("heron", "Heron 9!", "x"), "", id="right"),
    pytest.param(("heron", "Heron 9"), "wrong_password", id="wrong"),
    pytest.param((), "encrypted", id="none"),
]


@pytest.mark.parametrize(("passwords", "code"), PASSWORDS)
@pytest.mark.parametrize(("parser", "data", "plain"), [pytest.param(*row[1:], id=row[0]) for row in LOCKED])
def test_locked(parser: Parser, data: bytes, plain: bytes, passwords: tuple[str, ...], code: str) -> None:
    bare = MemoryReadable(data)
    assert parser.looks_like(bare)
    assert parser.locked is not None
    assert parser.locked(bare)
    content = Keyed(bare, passwords) if passwords else bare
    found = list(parser.parse(content, LIMITS))
    codes = [value.code for value in found if isinstance(value, Fault)]
    inner = next((value for value in found if isinstance(value, Inner)), None)
    outcome = codes[0] if inner is None else read(inner)
    assert outcome == (code or plain)
    if not code and inner is not None and parser.open_child is not None:
        assert read(parser.open_child(content, inner.locator, LIMITS)) == plain


def read(inner: Inner) -> bytes | str:
    chunks: Callable[[], object] | None = inner.chunks
    assert chunks is not None
    try:
        return b"".join(inner.chunks())  # type: ignore[misc]
    except ContentError as error:
        return error.code


def test_the_password_that_fits_comes_first_the_next_time() -> None:
    content = Keyed(MemoryReadable(LOCKED[1][2]), ("a1", "b2", "Heron 9!"))
    inner = next(iter(zip_.parse(content, LIMITS)))
    assert isinstance(inner, Inner)
    assert read(inner) == ROLL
    assert content.passwords[0] == "Heron 9!"


@pytest.mark.parametrize("data", [row[2] for row in LOCKED], ids=[row[0] for row in LOCKED])
def test_locked_and_damaged(data: bytes) -> None:
    survived = 0
    for cut in range(0, len(data), max(1, len(data) // 5)):
        for broken in (data[:cut], data[:cut] + b"\xff\xff\x00" + data[cut + 3 :]):
            for parser in (zip_.PARSER, seven_zip.PARSER, locked_office.PARSER):
                content = Keyed(MemoryReadable(broken), ("Heron 9!",))
                try:
                    if not parser.looks_like(content):
                        continue
                    for value in parser.parse(content, LIMITS):
                        if isinstance(value, Inner):
                            read(value)
                except Exception:  # noqa: BLE001, S110 - what the guard makes a problem of
                    pass
                survived += 1
    assert survived >= 3


def plain_seven() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(ROLL, "a/roll.csv")
        archive.writestr(b"x", "b.txt")
    return out.getvalue()


SEVENS = {
    "plain": plain_seven(),
    "locked": seven(ROLL, "Heron 9!", names=False),
    "names hidden": seven(ROLL, "Heron 9!", names=True),
}


def seven_codes(data: bytes) -> set[str]:
    """Return what is wrong with an archive, at it or in it, and "read" where a member comes out."""
    found: set[str] = set()
    for value in seven_zip.parse(MemoryReadable(data), LIMITS):
        if isinstance(value, Fault):
            found.add(value.code)
        elif isinstance(value, Inner):
            outcome = read(value)
            found.add(outcome if isinstance(outcome, str) else "read")
    return found


@pytest.mark.parametrize("data", SEVENS.values(), ids=SEVENS)
def test_a_cut_7z_is_told(data: bytes) -> None:
    for cut in range(6, len(data), max(1, len(data) // 25)):
        content = MemoryReadable(data[:cut])
        assert seven_zip.looks_like(content)
        assert not seven_zip.locked(content)
        assert seven_codes(data[:cut]) == {"truncated"}, cut


@pytest.mark.parametrize("data", SEVENS.values(), ids=SEVENS)
@given(changes=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_7z_with_a_damaged_list_is_told(data: bytes, changes: list[tuple[int, int]]) -> None:
    start, size = struct.unpack_from("<QQ", data, 12)
    broken = bytearray(data)
    for at, value in changes:
        broken[32 + start + at % size] = value
    struct.pack_into("<L", broken, 28, zlib.crc32(broken[32 + start : 32 + start + size]))
    struct.pack_into("<L", broken, 8, zlib.crc32(broken[12:32]))
    seven_zip.locked(MemoryReadable(bytes(broken)))
    allowed = {"corrupt", "truncated", "unsupported", "encrypted", "bomb", "too_large", "read"}
    assert seven_codes(bytes(broken)) <= allowed


@pytest.mark.samples
@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("document/tika_testWORD_protected_passtika.doc", "tika"),
        ("slides/tika_testPPT_protected_passtika.ppt", "tika"),
        ("spreadsheet/tika_testEXCEL_protected_passtika.xls", "tika"),
    ],
)
def test_documents_of_old_open_without_a_file_of_what_they_hold(
    samples: Path, monkeypatch: pytest.MonkeyPatch, name: str, password: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    content = Keyed(MemoryReadable((samples / name).read_bytes()), ("x", password))
    (inner,) = locked_office.parse(content, LIMITS)
    assert isinstance(inner, Inner)
    assert len(read(inner)) > 10_000
