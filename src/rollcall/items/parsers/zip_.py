"""ZIP archives: members streamed from the archive, never written to disk.

Office documents are zips too and have readers of their own. A member that cannot be read is an item all the same: its
`chunks` raise with the reason. What the directory says of sizes bounds what is ever unpacked, so the limits on growth
are checked there, before a byte is.
"""

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from rollcall.items.headers import decode_bytes, one_line, safe
from rollcall.items.parser import FREE, ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.passwords import find_password, refusal
from rollcall.items.readable import Readable, Slice
from rollcall.items.zip_ciphers import is_known, is_locked, opens, unlock

_STEP = 1 << 20
_TRIES = 20_000  # a password costs a quarter of a millisecond with AES, less without
_SEARCH = (1 << 16) + 22  # how far from the end the directory's own end may stand
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    OverflowError,
)
_LOCAL = struct.Struct("<4s5H3L2H")
_UNICODE_PATH = 0x7075
_SPANNED = (b"PK\x07\x08", b"PK00")  # the first of several volumes; one that stayed alone
# Members that say the archive is a document of its own kind.
_DOCUMENTS = frozenset(("[content_types].xml", "mimetype", "index/document.iwa"))


def looks_like(untrusted: Readable) -> bool:
    """Say whether there is a directory of members, or at least a first member, and it is no Office document."""
    start = untrusted.read_at(0, 64)
    tail = untrusted.read_at(max(0, untrusted.size - _SEARCH), _SEARCH)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        # A zip cut short has no directory; members at its start can still be read.
        return start.startswith(b"PK\x03\x04") and _first_name(untrusted).lower() not in _DOCUMENTS
    volume = int.from_bytes(tail[at + 4 : at + 6], "little")
    spanned = 0 < volume < 100 and int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail) - at - 22
    if not spanned and not start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00", b"MZ", b"#!")):
        return False
    archive = open_archive(untrusted)
    if archive is None:
        return start.startswith(b"PK")
    return not any(info.filename.lower() in _DOCUMENTS and info.file_size for info in archive.infolist()[:2_000])


def locked(untrusted: Readable) -> bool:
    """Say whether a member is behind a password."""
    archive = open_archive(untrusted)
    return archive is not None and any(map(is_locked, archive.infolist()))


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each member; then the names of what is no file, the archive's comment, and what is wrong."""
    archive = open_archive(untrusted)
    if archive is None:
        yield from _salvage(untrusted, limits)
        return
    infos = archive.infolist()
    names = names_of(infos)
    faults: list[Fault] = []
    if (fault := growth(infos, untrusted.size, limits)) is not None:
        faults.append(fault)
        infos = []
    folders: list[str] = []
    for index, info in enumerate(infos[: limits.max_members]):
        if info.filename.endswith("/"):
            folders.append(names[index])
        else:
            yield member(untrusted, archive, index, names[index], limits)
    if len(infos) > limits.max_members:
        faults.append(Fault(code="too_large", detail=f"{len(infos)} members, {limits.max_members} were read"))
        folders += names[limits.max_members :]
    if not infos:
        folders = names
    if folders:
        yield Text(text="\n".join(folders), kind="names")
    if archive.comment.strip(b"\0 \r\n"):
        yield Text(text=decode_bytes(archive.comment, None)[0], kind="note", label="comment")
    yield from faults


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the member of a locator, "index name" or, where there is no directory, "@offset"."""
    if locator.startswith("@"):
        return next(
            value for value in _salvage(untrusted, limits) if isinstance(value, Inner) and value.locator == locator
        )
    archive = open_archive(untrusted)
    if archive is None:
        raise ContentError("corrupt", "no directory of members")
    infos = archive.infolist()
    index = int(locator.partition(" ")[0])
    return member(untrusted, archive, index, names_of(infos)[index], limits)


def open_archive(untrusted: Readable) -> zipfile.ZipFile | None:
    """Return the archive, None where it has no directory that can be read."""
    try:
        return zipfile.ZipFile(untrusted.stream())
    except (*_BROKEN, NotImplementedError):
        return None


def member(untrusted: Readable, archive: zipfile.ZipFile, index: int, name: str, limits: Limits) -> Inner:
    """Return a member by its number in the directory, under a name of `names_of`."""
    info = archive.infolist()[index]
    folder, _, last = name.rpartition("/")
    return Inner(
        locator=f"{index} {name}",
        kind="member",
        name=last,
        folder=folder,
        size=info.file_size,
        chunks=_chunks(untrusted, archive, info, limits),
    )


def _chunks(
    untrusted: Readable, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits
) -> Callable[[], Iterator[bytes]]:
    last = _last_volume(untrusted)

    def read() -> Iterator[bytes]:
        if info.volume != last:
            raise ContentError("volume_missing", f"begins in volume {info.volume + 1}")
        if info.file_size > limits.most_from(max(1, info.compress_size)):
            raise ContentError("bomb", f"grows {info.file_size // max(1, info.compress_size)} times")
        if is_locked(info):
            yield from _unlocked(untrusted, archive, info)
            return
        try:
            with archive.open(info) as member:
                while chunk := member.read(_STEP):
                    yield chunk
        except NotImplementedError:
            raise ContentError("unsupported", f"compression method {info.compress_type}") from None
        except EOFError:
            raise ContentError("truncated", "member of a zip") from None
        except _BROKEN as error:
            raise ContentError("corrupt", type(error).__name__) from None

    return read


def _last_volume(untrusted: Readable) -> int:
    """Return the number of the volume that ends here, from 0: the only one of an archive that is not parted."""
    tail = untrusted.read_at(max(0, untrusted.size - _SEARCH), _SEARCH)
    at = tail.rfind(b"PK\x05\x06")
    number = int.from_bytes(tail[at + 4 : at + 6], "little") if at >= 0 else 0
    return 0 if number == 0xFFFF else number


def _unlocked(untrusted: Readable, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    if not is_known(info):
        raise ContentError("unsupported_encryption", "member of a zip")
    password = find_password(untrusted, lambda one: opens(untrusted, archive, info, one), _TRIES)
    if password is None:
        raise ContentError(refusal(untrusted), "member of a zip")
    yield from unlock(untrusted, archive, info, password)


def growth(infos: list[zipfile.ZipInfo], size: int, limits: Limits) -> Fault | None:
    """Say what is wrong with an archive that would become much more than it is: also where members share bytes."""
    packed = sum(info.compress_size for info in infos)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.most_from(size):
        return Fault(code="bomb", detail=f"{unpacked} bytes in {size}")
    if packed > size + FREE:
        return Fault(code="bomb", detail="members overlap")
    return None


def names_of(infos: list[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names, in the charset that all that need one fit best."""
    raw = [None if info.flag_bits & 0x800 else _raw_name(info) for info in infos]
    charset = _charset([name for name in raw if name is not None and not name.isascii()])
    names: list[str] = []
    for info, data in zip(infos, raw, strict=True):
        name = _unicode_path(info, data)
        if name is None:
            name = info.filename if data is None or charset == "cp437" else data.decode(charset, "replace")
        names.append(safe(name.replace("\\", "/")))
    return ["/".join(map(one_line, name.split("/"))) for name in names]


def _raw_name(info: zipfile.ZipInfo) -> bytes | None:
    try:
        return info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return None


def _unicode_path(info: zipfile.ZipInfo, raw: bytes | None) -> str | None:
    """Return the name from Info-ZIP's extra field, if it belongs to the name in the directory."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and 5 < length <= len(extra) - 4 and raw is not None:
            field = extra[4 : 4 + length]
            if struct.unpack_from("<L", field, 1)[0] == zlib.crc32(raw):
                try:
                    return field[5:].decode("utf-8")
                except UnicodeDecodeError:
                    return None
        extra = extra[4 + length :]
    return None


def _charset(names: list[bytes]) -> str:
    """Guess the charset of names that say none: UTF-8 where they are, an East Asian one where its letters come out."""
    if not names:
        return "cp437"
    joined = b"\n".join(names)
    best, best_score = "cp437", 0.0
    for charset in ("utf-8", "cp932", "gb18030", "cp949", "cp950"):
        try:
            text = joined.decode(charset)
        except UnicodeDecodeError:
            continue
        if charset == "utf-8":
            return charset
        strange = [character for character in text if ord(character) > 127]
        score = sum(map(_likely, strange)) / len(strange)
        if score > best_score and score > 0.8:
            best, best_score = charset, score
    # Western names hold single letters beyond ASCII, East Asian ones runs of them.
    return best if re.search(rb"[\x80-\xff][\x40-\xff][\x80-\xff]", joined) else "cp437"


def _likely(character: str) -> float:
    """Weigh a character for a file's name in East Asia: the common Han range, kana and Hangul; not half-width kana."""
    if "\u3041" <= character <= "\u30fe":
        return 1.2
    if "\uac00" <= character <= "\ud7a3":
        return 1.0
    if "\u4e00" <= character <= "\u9fa5":
        try:
            # Level 1 of GB 2312 and of JIS are the characters in use; a wrong charset gives rare ones.
            return 1.1 if character.encode("gb2312")[0] < 0xD8 else 0.6
        except UnicodeEncodeError:
            return 0.5
    return 0.3 if character in "\u3000\u3001\uff08\uff09\uff0d" else 0.0


def _first_name(untrusted: Readable) -> str:
    head = untrusted.read_at(0, 30 + 256)
    if len(head) < 30:
        return ""
    length = _LOCAL.unpack_from(head)[9]
    return head[30 : 30 + min(length, 256)].decode("utf-8", "replace")


def _salvage(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the members that stand whole before the cut in an archive without its directory."""
    offset = 4 if untrusted.read_at(0, 4) in _SPANNED else 0  # the mark of the first volume stands before its members
    number = 0
    while number < limits.max_members:
        head = untrusted.read_at(offset, _LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
            break
        _, _, flags, method, _, _, _, packed, _, name_length, extra_length = _LOCAL.unpack(head)
        name = decode_bytes(untrusted.read_at(offset + _LOCAL.size, name_length), None)[0]
        start = offset + _LOCAL.size + name_length + extra_length
        if flags & 0x8 and not packed:
            yield Text(text=name, kind="names")
            break  # its length stands behind it, where nobody can find it
        folder, _, last = "/".join(map(one_line, name.split("/"))).rpartition("/")
        if last:
            yield Inner(
                locator=f"@{offset}",
                kind="member",
                name=last,
                folder=folder,
                chunks=_local_chunks(Slice(untrusted, start, packed), flags, method, packed, limits),
            )
        offset, number = start + packed, number + 1
    spanned = untrusted.read_at(0, 4) in _SPANNED
    yield Fault(code="volume_missing") if spanned else Fault(code="truncated", detail="no directory of members")


def _local_chunks(
    content: Slice, flags: int, method: int, packed: int, limits: Limits
) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        if flags & 0x41:
            raise ContentError("encrypted", "member of a zip")
        if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ContentError("unsupported", f"compression method {method}")
        inflate = zlib.decompressobj(-15)
        stream: io.BufferedIOBase = content.stream()  # type: ignore[assignment]
        total = 0
        while piece := stream.read(1 << 16):
            try:
                chunk = inflate.decompress(piece) if method else piece
            except zlib.error as error:
                raise ContentError("corrupt", type(error).__name__) from None
            total += len(chunk)
            if total > limits.most_from(max(1, packed)):
                raise ContentError("bomb", f"grows more than {limits.max_ratio} times")
            yield chunk
        if content.size < packed:
            raise ContentError("truncated", "member of a zip")

    return read


PARSER = Parser(
    name="zip",
    version=3,
    media_types=("application/zip",),
    looks_like=looks_like,
    locked=locked,
    parse=parse,
    open_child=open_child,
)
