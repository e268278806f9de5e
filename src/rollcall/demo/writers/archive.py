"""Archives whose dates are given, so that the same members give the same bytes."""

import datetime
import gzip
import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable
from random import Random

# What nobody dates: the small demo's files. Local time, as archives have it.
STAMP = datetime.datetime(2019, 3, 14, 9, 26, 0)  # noqa: DTZ001
OFFICE = datetime.datetime(1980, 1, 1)  # noqa: DTZ001 - what Word and PowerPoint write, whenever it is


def zip_bytes(members: Iterable[tuple[str, bytes]], saved: datetime.datetime | None = None) -> bytes:
    """Return an archive of the members, in that order, all saved then."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name, (saved or STAMP).timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, data)
    return out.getvalue()


def tgz_bytes(members: Iterable[tuple[str, bytes]], saved: datetime.datetime | None = None) -> bytes:
    """Return a gzipped tar of the members, all saved then."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(data), int((saved or STAMP).replace(tzinfo=datetime.UTC).timestamp())
            archive.addfile(entry, io.BytesIO(data))
    return gzip.compress(out.getvalue(), 6, mtime=0)


def _crc_table() -> list[int]:
    table: list[int] = []
    for number in range(256):
        value = number
        for _ in range(8):
            value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
        table.append(value)
    return table


_CRC = _crc_table()


class _Cipher:
    """The old cipher of zip files (APPNOTE 6.1), which is what Windows still makes."""

    def __init__(self, password: bytes) -> None:
        self.a, self.b, self.c = 0x12345678, 0x23456789, 0x34567890
        for byte in password:
            self._turn(byte)

    def _turn(self, byte: int) -> None:
        self.a = _CRC[(self.a ^ byte) & 255] ^ (self.a >> 8)
        self.b = ((self.b + (self.a & 255)) * 134775813 + 1) & 0xFFFFFFFF
        self.c = _CRC[(self.c ^ (self.b >> 24)) & 255] ^ (self.c >> 8)

    def hide(self, data: bytes) -> bytes:
        """Return the data enciphered; the state goes on."""
        out = bytearray(len(data))
        for at, byte in enumerate(data):
            key = (self.c | 2) & 0xFFFF
            out[at] = byte ^ ((key * (key ^ 1)) >> 8 & 255)
            self._turn(byte)
        return bytes(out)


def locked_zip(
    members: Iterable[tuple[str, bytes]], password: str, rng: Random, saved: datetime.datetime | None = None
) -> bytes:
    """Return an archive whose members are behind a password; their names are not."""
    out, listed = bytearray(), bytearray()
    saved = saved or STAMP
    date = ((saved.year - 1980) << 9) | (saved.month << 5) | saved.day
    clock = (saved.hour << 11) | (saved.minute << 5) | (saved.second // 2)
    count = 0
    for name, data in members:
        squeezed = zlib.compress(data, 6)[2:-4]
        check = zlib.crc32(data)
        body = _Cipher(password.encode()).hide(rng.randbytes(11) + bytes((check >> 24,)) + squeezed)
        said = name.encode()
        fields = struct.pack("<HHHHHIIIHH", 20, 1, 8, clock, date, check, len(body), len(data), len(said), 0)
        listed += b"PK\x01\x02\x14\x00" + fields + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + said
        out += b"PK\x03\x04" + fields + said + body
        count += 1
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), len(out), 0)
    return bytes(out + listed) + b"PK\x05\x06" + end
