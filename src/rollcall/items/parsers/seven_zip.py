"""7-Zip archives, also behind a password; members come out of blocks that are unpacked whole.

A member of a solid block cannot be had without those before it, so an archive that is not too large is unpacked once
and its members kept while it is open. Larger ones are unpacked again for each member.
"""

import lzma
import struct
import weakref
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rollcall.items.headers import safe
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Parser, Text, Yield
from rollcall.items.passwords import find_password, refusal
from rollcall.items.readable import Readable

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_START = 32  # bytes of the first header, from whose end the place of the list of members counts
_TRIES = 150  # one costs a third of a second: half a million rounds of SHA-256
_AT_ONCE = 256 << 20  # bytes of members kept while an archive is open
_STEP = 1 << 20
_BLOCK = 32 << 20  # bytes unpacked at a time
_ALL_TRIED = -1  # stands among the members kept when all of them have been unpacked, as far as they come

_unpacked: "weakref.WeakKeyDictionary[Readable, dict[int, bytes]]" = weakref.WeakKeyDictionary()


def looks_like(untrusted: Readable) -> bool:
    """Say whether the signature stands at the start."""
    return untrusted.read_at(0, 6) == _MAGIC


def locked(untrusted: Readable) -> bool:
    """Say whether the list of members or a member is behind a password; of a damaged one nobody can."""
    from py7zr.exceptions import PasswordRequired

    try:
        return bool(_open(untrusted, None).needs_password())
    except PasswordRequired:
        return True
    except ContentError:
        return False


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield each member; then the names of folders, and what is wrong."""
    try:
        infos = _infos(untrusted, _unlocked(untrusted))
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail)
        return
    folders = [_name(info) for info in infos if info.is_directory]
    unpacked = sum(info.uncompressed or 0 for info in infos)
    if unpacked > limits.most_from(untrusted.size):
        yield Text(text="\n".join(map(_name, infos)), kind="names")
        yield Fault(code="bomb", detail=f"{unpacked} bytes in {untrusted.size}")
        return
    for number, info in enumerate(infos[: limits.max_members]):
        if not info.is_directory:
            yield _member(untrusted, number, info, limits)
    if len(infos) > limits.max_members:
        folders += map(_name, infos[limits.max_members :])
        yield Fault(code="too_large", detail=f"{len(infos)} members, {limits.max_members} were read")
    if folders:
        yield Text(text="\n".join(folders), kind="names")


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the member of a locator, "index name"."""
    number = int(locator.partition(" ")[0])
    return _member(untrusted, number, _infos(untrusted, _unlocked(untrusted))[number], limits)


def _open(untrusted: Readable, password: str | None) -> Any:
    import py7zr

    # The library asks the machine how much memory it has; a reader of untrusted content may ask nothing.
    py7zr.py7zr.get_memory_limit = lambda: _BLOCK
    with _damage_told(untrusted):
        return py7zr.SevenZipFile(untrusted.stream(), password=password)


def _infos(untrusted: Readable, archive: Any) -> list[Any]:
    """Return what the archive says of each member."""
    with _damage_told(untrusted):
        return list(archive.list())


@contextmanager
def _damage_told(untrusted: Readable) -> Iterator[None]:
    """Turn what the library raises over an archive into a ContentError; that a password is needed stays its own."""
    from py7zr.exceptions import UnsupportedCompressionMethodError

    try:
        yield
    except ContentError:
        raise
    except UnsupportedCompressionMethodError as error:
        raise ContentError("unsupported", type(error).__name__) from None
    except _broken() as error:
        raise ContentError("truncated" if _is_cut(untrusted) else "corrupt", type(error).__name__) from None


def _is_cut(untrusted: Readable) -> bool:
    """Say whether the list of members would stand behind the end of the file (7zFormat.txt, StartHeader)."""
    if untrusted.size < _START:
        return True
    offset, size = struct.unpack("<QQ", untrusted.read_at(12, 16))
    return bool(_START + offset + size > untrusted.size)


def _unlocked(untrusted: Readable) -> Any:
    """Return the archive opened, with a password where its list of members needs one."""
    from py7zr.exceptions import PasswordRequired

    try:
        return _open(untrusted, None)
    except PasswordRequired:
        password = find_password(untrusted, lambda one: _fits(untrusted, one), _TRIES)
    if password is None:
        raise ContentError(refusal(untrusted), "list of a 7z")
    return _open(untrusted, password)


def _fits(untrusted: Readable, password: str) -> bool:
    """Say whether a password opens an archive: its smallest member is unpacked, which has a checksum."""
    try:
        archive = _open(untrusted, password)
        files = [
            (info.uncompressed, number)
            for number, info in enumerate(_infos(untrusted, archive))
            if not info.is_directory
        ]
        if files:
            _extract(untrusted, password, {min(files)[1]}, limit=_AT_ONCE)
    except _broken():
        return False
    return True


def _broken() -> tuple[type[Exception], ...]:
    from py7zr.exceptions import ArchiveError

    # Besides errors of its own the library raises over a damaged list whatever Python does.
    return (ArchiveError, ContentError, lzma.LZMAError, zlib.error, struct.error, EOFError, OSError, ValueError,
            LookupError, TypeError, AttributeError, AssertionError, ArithmeticError)  # fmt: skip


def _member(untrusted: Readable, number: int, info: Any, limits: Limits) -> Inner:
    folder, _, last = _name(info).rpartition("/")
    return Inner(
        locator=f"{number} {_name(info)}",
        kind="member",
        name=last,
        folder=folder,
        size=info.uncompressed,
        chunks=_chunks(untrusted, number, info.uncompressed or 0, limits),
    )


def _name(info: Any) -> str:
    return safe(info.filename.replace("\\", "/"))


def _chunks(untrusted: Readable, number: int, size: int, limits: Limits) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        if size > limits.max_bytes:
            raise ContentError("too_large", f"{size} bytes")
        data = _held(untrusted, number, limits)
        for start in range(0, len(data), _STEP):
            yield data[start : start + _STEP]

    return read


def _held(untrusted: Readable, number: int, limits: Limits) -> bytes:
    """Return the bytes of a member; all of them are kept where they are not too many."""
    kept = _unpacked.setdefault(untrusted, {})
    if number in kept:
        return kept[number]
    if kept.get(_ALL_TRIED) is not None:  # what is not among them does not come out
        raise ContentError("corrupt", "member of a 7z")
    password = _password(untrusted)
    infos = _infos(untrusted, _open(untrusted, password))
    if not infos[number].uncompressed:
        return b""
    whole = sum(info.uncompressed or 0 for info in infos) <= _AT_ONCE
    wanted = {n for n, info in enumerate(infos) if not info.is_directory} if whole else {number}
    try:
        found = _extract(untrusted, password, wanted, limits.max_bytes)
    except _broken() as error:
        if not whole:
            raise ContentError("corrupt", type(error).__name__) from None
        found = _one_by_one(untrusted, password, wanted, limits)
    if whole:
        kept.update(found)
        kept[_ALL_TRIED] = b""
    if number not in found:
        raise ContentError("corrupt", "member of a 7z")
    return found[number]


def _one_by_one(untrusted: Readable, password: str | None, wanted: set[int], limits: Limits) -> dict[int, bytes]:
    """Return the members that are whole in an archive of which some are not."""
    found: dict[int, bytes] = {}
    for number in sorted(wanted):
        try:
            found |= _extract(untrusted, password, {number}, limits.max_bytes)
        except _broken():
            continue
    return found


def _password(untrusted: Readable) -> str | None:
    """Return the password that members need, or None where they need none."""
    if not locked(untrusted):
        return None
    password = find_password(untrusted, lambda one: _fits(untrusted, one), _TRIES)
    if password is None:
        raise ContentError(refusal(untrusted), "member of a 7z")
    return password


def _extract(untrusted: Readable, password: str | None, wanted: set[int], limit: int) -> dict[int, bytes]:
    """Return the bytes of the members of these numbers, by number."""
    import py7zr

    archive = _open(untrusted, password)
    # The library makes paths of names, refuses some and joins equal ones; a number is none of that.
    for number, entry in enumerate(archive.header.files_info.files):
        entry["filename"] = str(number)
    factory = py7zr.io.BytesIOFactory(limit)
    archive.extract(targets=sorted(map(str, wanted)), factory=factory)
    found: dict[int, bytes] = {}
    for name, made in factory.products.items():
        made.seek(0)
        found[int(name)] = made.read()
    return found


PARSER = Parser(
    name="seven_zip",
    version=1,
    media_types=("application/x-7z-compressed",),
    looks_like=looks_like,
    locked=locked,
    parse=parse,
    open_child=open_child,
)
