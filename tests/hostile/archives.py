"""Archives that grow, hold themselves, lie about sizes, or name places outside."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

MEGABYTE = 1 << 20
OUTSIDE = "rollcall-was-here"  # no file of this name may appear anywhere


def zeros(n_bytes: int, whole: bool = True) -> bytes:
    """Zeros as a stream of deflate, raw, of megabytes that stand alone; one that is not whole can go on."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return one * (n_bytes // MEGABYTE) + (packer.flush(zlib.Z_FINISH) if whole else b"")


class Zip:
    """A zip written by hand: each entry of the directory may say what it likes."""

    def __init__(self) -> None:
        self.body = bytearray()
        self._directory: list[bytes] = []

    def put(self, name: bytes, packed: bytes, method: int, crc: int, size: int) -> int:
        """Write a member; return where."""
        at = len(self.body)
        head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, method, 0, 33, crc, len(packed), size, len(name), 0)
        self.body += head + name + packed
        return at

    def list(self, name: bytes, at: int, method: int, crc: int, packed: int, size: int) -> None:
        """Enter a member into the directory."""
        head = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, method, 0, 33, crc, packed, size, len(name),
                           0, 0, 0, 0, 0, at)  # fmt: skip
        self._directory.append(head + name)

    def done(self) -> bytes:
        """Return the archive."""
        directory, count = b"".join(self._directory), min(len(self._directory), 0xFFFF)
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(self.body), 0)
        return bytes(self.body) + directory + end


def zip_of(members: dict[str, bytes]) -> bytes:
    """An honest archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def zip_bomb() -> bytes:
    """Two gigabytes of zeros."""
    made, packed = Zip(), zeros(2 << 30)
    at = made.put(b"zeros", packed, 8, 0, 2 << 30)
    made.list(b"zeros", at, 8, 0, len(packed), 2 << 30)
    return made.done()


def quiet_zip_bomb() -> bytes:
    """Two gigabytes whose sizes are said to be small."""
    made, packed = Zip(), zeros(2 << 30)
    at = made.put(b"small.txt", packed, 8, 0, 100)
    made.list(b"small.txt", at, 8, 0, len(packed), 100)
    return made.done()


def overlapping_zip() -> bytes:
    """Ten thousand members that are all the same ten megabytes of the archive."""
    made, packed = Zip(), zeros(10 * MEGABYTE)
    at = made.put(b"0", packed, 8, 0, 10 * MEGABYTE)
    for number in range(10_000):
        made.list(b"%d" % number, at, 8, 0, len(packed), 10 * MEGABYTE)
    return made.done()


def many_members() -> bytes:
    """Sixty thousand members, each a few bytes of their own."""
    made = Zip()
    for number in range(60_000):
        name, content = b"%d.txt" % number, b"%d" % number
        at = made.put(name, content, 0, zlib.crc32(content), len(content))
        made.list(name, at, 0, zlib.crc32(content), len(content), len(content))
    return made.done()


def large_members() -> bytes:
    """Sixty members of a hundred megabytes each, packed just under the ratio."""
    made = Zip()
    filler = bytes(range(256)) * 480  # what does not pack, so that the ratio stays low
    packed_zeros = zeros(100 * MEGABYTE)
    size = 100 * MEGABYTE
    for number in range(60):
        name = b"%d.bin" % number
        at = made.put(name, packed_zeros, 8, 0, size)
        made.list(name, at, 8, 0, len(packed_zeros), size)
        made.put(b"filler", filler, 0, zlib.crc32(filler), len(filler))
    return made.done()


def nested_zip(levels: int = 7, each: int = 10) -> bytes:
    """Ten archives in each of ten in each of ten: ten million leaves."""
    content, name = b"MRN 44718230\n", "note.txt"
    for level in range(levels):
        content = zip_of({f"{number}-{name}": content for number in range(each)})
        name = f"level{level}.zip"
    return content


def deep_zip() -> bytes:
    """Three hundred archives, one in the other."""
    content = b"MRN 44718230\n"
    for level in range(300):
        content = zip_of({f"{level}.zip": content})
    return content


def deep_gzip() -> bytes:
    """Three hundred gzips, one in the other."""
    content = b"MRN 44718230\n"
    for _ in range(300):
        content = gzip.compress(content, mtime=0)
    return content


def outside_zip() -> bytes:
    """Names that lead out of any folder, and names that are no names."""
    names = (f"../../../../../../tmp/{OUTSIDE}", f"/tmp/{OUTSIDE}", f"..\\..\\{OUTSIDE}", f"C:\\{OUTSIDE}",
             "..", "/", "", f"a/../../{OUTSIDE}", "a" * 60_000, "nul\0l", "\x1b[2J", "CON",
             f"file:///tmp/{OUTSIDE}")  # fmt: skip
    made = Zip()
    for name in names:
        content = b"MRN 44718230\n"
        at = made.put(name.encode(), content, 0, zlib.crc32(content), len(content))
        made.list(name.encode(), at, 0, zlib.crc32(content), len(content), len(content))
    return made.done()


def lying_zip() -> bytes:
    """A member said to be four gigabytes, one said to lie behind the end, one said to be another's place."""
    made = Zip()
    at = made.put(b"a.txt", b"MRN 44718230\n", 0, 0, 13)
    made.list(b"a.txt", at, 0, 0, 0xFFFFFFF0, 0xFFFFFFF0)
    made.list(b"b.txt", 0xFFFFFF00, 0, 0, 13, 13)
    made.list(b"c.txt", at + 3, 8, 0, 13, 13)
    return made.done()


def outside_tar() -> bytes:
    """Names and links that lead out, devices, and a member that is said to be longer than the archive."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name in (f"../../../../tmp/{OUTSIDE}", f"/tmp/{OUTSIDE}"):
            info = tarfile.TarInfo(name)
            info.size = 4
            archive.addfile(info, io.BytesIO(b"MRN\n"))
        for kind, link in ((tarfile.SYMTYPE, "/etc/passwd"), (tarfile.LNKTYPE, "../../etc/passwd"),
                           (tarfile.CHRTYPE, ""), (tarfile.FIFOTYPE, "")):  # fmt: skip
            info = tarfile.TarInfo(f"link{kind.decode()}")
            info.type, info.linkname = kind, link
            archive.addfile(info)
        lying = tarfile.TarInfo("long.txt")
        lying.size = 8 << 30
        lying.type = tarfile.REGTYPE
        target.write(lying.tobuf(tarfile.GNU_FORMAT))
    return target.getvalue()


def gzip_bomb() -> bytes:
    """Two gigabytes of zeros in a gzip."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zeros(2 << 30) + bytes(8)


def sparse_tar() -> bytes:
    """A sparse file of a terabyte in one sector (the old GNU form)."""
    info = tarfile.TarInfo("sparse.bin")
    info.size = 512
    info.type = tarfile.GNUTYPE_SPARSE
    block = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    block[386 : 386 + 24] = b"00000000000\0" + b"00000001000\0"
    block[483:495] = b"\x80" + (1 << 40).to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + bytes(512) + bytes(1024)


def seven_zip(patches: dict[bytes, bytes] | None = None, content: bytes = b"MRN 44718230\n" * 9) -> bytes:
    """A 7z whose header stands in the open, changed, its check sums made right again."""
    import py7zr

    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w", filters=[{"id": py7zr.FILTER_COPY}]) as archive:
        archive.set_encoded_header_mode(False)
        archive.writestr(content, f"ab/cd/{OUTSIDE}")
    made = bytearray(target.getvalue())
    offset, length = struct.unpack_from("<QQ", made, 12)
    header = bytes(made[32 + offset : 32 + offset + length])
    climbing = {"ab/cd/".encode("utf-16-le"): "../../".encode("utf-16-le")}
    for old, new in (climbing | (patches or {})).items():
        assert old in header, header
        header = header.replace(old, new)
    start = struct.pack("<QQL", offset, len(header), zlib.crc32(header))
    return bytes(made[:8]) + struct.pack("<L", zlib.crc32(start)) + start + bytes(made[32 : 32 + offset]) + header


def lying_seven_zip() -> bytes:
    """A 7z whose one member is said to be 2^60 bytes."""
    # Behind its mark: the length alone may stand in the time of writing too.
    return seven_zip({b"\x0c\x75\x00": b"\x0c\xff" + (1 << 60).to_bytes(8, "little") + b"\x00"})


def huge_seven_zip() -> bytes:
    """A 7z whose header is said to lie behind 2^60 bytes, and be as long."""
    made = bytearray(seven_zip())
    start = struct.pack("<QQL", 1 << 60, 1 << 60, 0)
    return bytes(made[:8]) + struct.pack("<L", zlib.crc32(start)) + start + bytes(made[32:])


def many_files_seven_zip() -> bytes:
    """A 7z said to hold 2^31 files."""
    made = seven_zip()
    return made.replace(b"\x05\x01", b"\x05\xf0\xff\xff\xff\x7f")
