"""The two ciphers of ZIP members: the old one of PKWARE (APPNOTE 6.1) and AES as WinZip has it (AE-1, AE-2).

Whether a password is right is seen from the member itself: a check byte, then the checksum, for the old cipher; two
bytes, then an HMAC over all that is stored, for AES.
"""

import hashlib
import hmac
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import count

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from rollcall.items.parser import ContentError
from rollcall.items.readable import Readable, Slice

_AES_FIELD = 0x9901
_AES_METHOD = 99
_STRONG = 0x40  # flag: PKWARE's strong encryption, which is patented and not documented whole
_SALTS = {1: 8, 2: 12, 3: 16}
_KEYS = {1: 16, 2: 24, 3: 32}
_TAG = 10
_STEP = 1 << 20
_LOCAL = struct.Struct("<4s5H3L2H")


def is_locked(info: zipfile.ZipInfo) -> bool:
    """Say whether a member is behind a password."""
    return bool(info.flag_bits & (1 | _STRONG))


def is_known(info: zipfile.ZipInfo) -> bool:
    """Say whether the cipher of a member is one of the two."""
    return not info.flag_bits & _STRONG


def opens(readable: Readable, archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: str) -> bool:
    """Say whether a password opens a member: the whole of it is read, since two bytes prove nothing."""
    try:
        for _ in unlock(readable, archive, info, password):
            pass
    except ContentError:
        return False
    return True


def unlock(readable: Readable, archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: str) -> Iterator[bytes]:
    """Yield the bytes of a member behind a password; ContentError `wrong_password` where it does not fit."""
    key = password.encode("utf-8")
    if info.compress_type == _AES_METHOD:
        yield from _aes(readable, info, key)
        return
    try:
        with archive.open(info, pwd=key) as member:
            while chunk := member.read(_STEP):
                yield chunk
    except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError):
        # The check byte fits one wrong password in 256; what comes out is then no stream, or has another checksum.
        raise ContentError("wrong_password", "member of a zip") from None


def _aes(readable: Readable, info: zipfile.ZipInfo, password: bytes) -> Iterator[bytes]:
    strength, method = _aes_field(info)
    stored = _stored(readable, info)
    salt = stored.read_at(0, _SALTS[strength])
    size = _KEYS[strength]
    derived = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    start, end = len(salt) + 2, stored.size - _TAG
    if stored.read_at(len(salt), 2) != derived[-2:]:
        raise ContentError("wrong_password", "member of a zip")
    seal = hmac.new(derived[size : 2 * size], digestmod="sha1")
    blocks = Cipher(algorithms.AES(derived[:size]), modes.ECB()).encryptor()  # noqa: S305 - the counter is made by hand
    inflate = zlib.decompressobj(-15) if method else None
    numbers = count(1)
    for offset in range(start, end, _STEP):
        hidden = stored.read_at(offset, min(_STEP, end - offset))
        seal.update(hidden)
        stream = blocks.update(b"".join(next(numbers).to_bytes(16, "little") for _ in range(-(-len(hidden) // 16))))
        plain = (int.from_bytes(hidden, "big") ^ int.from_bytes(stream[: len(hidden)], "big")).to_bytes(
            len(hidden), "big"
        )
        try:
            yield inflate.decompress(plain) if inflate else plain
        except zlib.error:
            raise ContentError("wrong_password", "member of a zip") from None
    if not hmac.compare_digest(seal.digest()[:_TAG], stored.read_at(end, _TAG)):
        raise ContentError("wrong_password", "member of a zip")


def _aes_field(info: zipfile.ZipInfo) -> tuple[int, int]:
    """Return (strength, compression method) of the AE extra field."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _AES_FIELD and length >= 7:
            strength, method = extra[8], struct.unpack_from("<H", extra, 9)[0]
            if strength in _SALTS and method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                return strength, method
        extra = extra[4 + length :]
    raise ContentError("unsupported_encryption", "member of a zip")


def _stored(readable: Readable, info: zipfile.ZipInfo) -> Slice:
    """Return the bytes of a member as they lie in the archive."""
    head = readable.read_at(info.header_offset, _LOCAL.size)
    if len(head) < _LOCAL.size:
        raise ContentError("truncated", "member of a zip")
    fields = _LOCAL.unpack(head)
    return Slice(readable, info.header_offset + _LOCAL.size + fields[9] + fields[10], info.compress_size)
