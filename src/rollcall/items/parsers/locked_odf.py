"""OpenDocument under a password: a wrapper whose one child is the document itself.

What is enciphered as one package, as programs of 2024 began to, is said to be beyond any reader here.
"""

import io
import zipfile
from collections.abc import Iterator

from rollcall.items import ooxml
from rollcall.items.odf_ciphers import MANIFEST, ROUNDS, Enciphered, enciphered
from rollcall.items.ooxml import BROKEN, Package
from rollcall.items.parser import FREE, ContentError, Fault, Inner, Limits, Parser, Yield
from rollcall.items.passwords import find_password, refusal
from rollcall.items.readable import MemoryReadable, Readable, chunks_of

_TRIES = 250  # one costs a thirtieth of a second: 100,000 rounds of SHA-1
_START = 256  # of the mimetype
_LOCATOR = "document"


def looks_like(untrusted: Readable) -> bool:
    """Decide by the manifest: it says of a member how it is enciphered. An empty mimetype makes no document."""
    package = ooxml.opens(untrusted)
    if package is None or "mimetype" not in package or MANIFEST not in package:
        return False
    try:
        with package.open("mimetype") as said:
            if not said.read(_START).strip():
                return False
        return any(True for _ in package.elements(MANIFEST, ("encryption-data",)))
    except (*BROKEN, ContentError):
        return False


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield the document, if one of the passwords opens it; then that members of it are damaged."""
    try:
        data, damaged = _plain(untrusted, limits)
    except ContentError as error:
        yield Fault(code=error.code, detail=error.detail)
        return
    yield Inner(locator=_LOCATOR, kind="file", size=data.size, chunks=lambda: chunks_of(data))
    for code in sorted(set(damaged)):
        yield Fault(code=code, detail=f"{damaged.count(code)} members of an OpenDocument")


def open_child(untrusted: Readable, locator: str, limits: Limits) -> Inner:
    """Return the document."""
    data, _ = _plain(untrusted, limits)
    return Inner(locator=_LOCATOR, kind="file", size=data.size, chunks=lambda: chunks_of(data))


def _plain(untrusted: Readable, limits: Limits) -> tuple[Readable, list[str]]:
    """Return the document without a cipher, and codes of the members that are not in it."""
    try:
        package = Package(untrusted, limits)
        ciphers = {name: cipher for name, cipher in enciphered(package) if name in package}
        # The text first: where keys are too many, pictures are left out.
        names = sorted(package.names(), key=lambda name: (name != "mimetype", not name.endswith("content.xml"), name))
        locked = [name for name in names if name in ciphers]
        if not locked or not all(ciphers[name].is_known() for name in locked):
            raise ContentError("unsupported_encryption", "OpenDocument")
        first = locked[0]
        sample = b"".join(package.chunks(first))
        tries = min(_TRIES, ROUNDS // ciphers[first].rounds)
        password = find_password(untrusted, lambda one: ciphers[first].fits(sample, one, FREE), tries)
        if password is None:
            raise ContentError(refusal(untrusted), "OpenDocument")
        return _rebuilt(package, names, ciphers, password, limits)
    except BROKEN as error:
        raise ContentError("corrupt", f"OpenDocument: {type(error).__name__}") from None


def _rebuilt(
    package: Package, names: list[str], ciphers: dict[str, Enciphered], password: str, limits: Limits
) -> tuple[Readable, list[str]]:
    """Return the document as a zip of plain members, and codes of the members that are not in it."""
    out, damaged = io.BytesIO(), list[str]()
    rounds, left = ROUNDS, limits.max_bytes
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            if name == MANIFEST:
                continue  # it says how the members were enciphered
            try:
                data = b"".join(package.chunks(name))
                if (cipher := ciphers.get(name)) is not None:
                    if (rounds := rounds - cipher.rounds) < 0:
                        raise ContentError("too_large", "keys")
                    data = cipher.plain(data, password, min(left, limits.most_from(len(data))))
                left -= len(data)
            except (ContentError, *BROKEN) as error:
                damaged.append(error.code if isinstance(error, ContentError) else "corrupt")
                continue
            entry = zipfile.ZipInfo(package.inner(name).locator)
            made.writestr(entry, data, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED, 1)
    return MemoryReadable(out.getvalue()), damaged


PARSER = Parser(
    name="locked_odf",
    version=1,
    media_types=("application/x-opendocument-encrypted",),
    looks_like=looks_like,
    locked=lambda untrusted: True,
    parse=parse,
    open_child=open_child,
)
