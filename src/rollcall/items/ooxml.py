"""The zip of an Office document: its parts by name, their relations, and their XML a piece at a time.

Every part is read through a counter: what unpacks to more than the case allows is refused before it fills memory.
"""

import io
import posixpath
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from rollcall.items import cut_zip, xml_stream
from rollcall.items.parser import ContentError, Fault, Inner, Limits, Text, Yield
from rollcall.items.readable import Readable
from rollcall.items.unseen import speaks, worth_telling
from rollcall.items.xml_stream import RefusedError

# What zipfile raises for damage, beyond its own error.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)
_CHUNK = 1 << 18
_OWN_ENDINGS = (".xml", ".bin", ".rdf", ".odttf", ".fntdata", ".ttf")
_ABOUT = {"docprops/core.xml": ("*",), "docprops/custom.xml": ("*",), "docprops/app.xml": ("Manager", "Company")}


class Package:
    """An open Office document."""

    def __init__(self, untrusted: Readable, limits: Limits) -> None:
        self.is_cut = False
        try:
            self._zip = zipfile.ZipFile(untrusted.stream())
        except (zipfile.BadZipFile, UnicodeDecodeError):
            if (
                untrusted.read_at(0, 4) != b"PK\x03\x04"
                or (found := cut_zip.mended(untrusted, limits.most_from(untrusted.size))) is None
            ):
                raise
            self._zip, self.is_cut = zipfile.ZipFile(found), True
        self._limits = limits
        infos = self._zip.infolist()
        self._infos = {info.filename.lstrip("/").replace("\\", "/").lower(): info for info in infos}
        self.too_many = len(infos) > limits.max_members

    def names(self) -> list[str]:
        """Return the names of all parts, in lower case, in the order of the zip."""
        return [name for name in self._infos if not name.endswith("/")]

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._infos

    def open(self, name: str) -> IO[bytes]:
        """Return a stream of one part that refuses to run out of proportion."""
        info = self._infos[name.lower()]
        if info.flag_bits & 1:
            raise RefusedError("encrypted", name)
        return io.BufferedReader(_Counted(self._zip.open(info), info.compress_size, self._limits), _CHUNK)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of one part."""
        with self.open(name) as stream:
            while data := stream.read(_CHUNK):
                yield data

    def main(self, usual: str) -> str:
        """Return the part that is the document, by the package's own relations, else under its usual name; or ""."""
        try:
            found = [target for kind, target in self.relations("").values() if kind == "officedocument"]
        except (*BROKEN, RefusedError):
            found = []
        folder = usual.partition("/")[0] + "/"
        return next((name for name in (*found, usual) if name in self and name.startswith(folder)), "")

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Return the relations of a part: id -> (last word of the type, name of the target in lower case)."""
        folder, base = posixpath.split(name)
        where = f"{folder}/_rels/{base}.rels".lstrip("/")
        found: dict[str, tuple[str, str]] = {}
        if where not in self:
            return found
        for _, element in self.elements(where, ("Relationship",)):
            if element.get("TargetMode") == "External":
                continue
            target = urllib.parse.unquote(element.get("Target", ""))
            path = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2].lower(), path.lower())
        return found

    def outside(self, name: str) -> list[tuple[str, str]]:
        """Return (last word of the type, address) of the relations of a part that lead out of the document."""
        folder, base = posixpath.split(name)
        where = f"{folder}/_rels/{base}.rels".lstrip("/")
        if where not in self:
            return []
        return [
            (element.get("Type", "").rpartition("/")[2].lower(), urllib.parse.unquote_plus(element.get("Target", "")))
            for _, element in self.elements(where, ("Relationship",))
            if element.get("TargetMode") == "External"
        ]

    def unread(self, read: tuple[str, ...]) -> Iterator[Text]:
        """Yield the words of parts that no reader asks for: data behind a form, copies of other files, old rows.

        `read` says how the names of those begin that are read, or hold nothing but settings.
        """
        for name in self.names():
            if name.endswith(".xml") and not name.startswith((*read, "[content_types]", "docprops/", "_rels/")):
                if "/_rels/" in name:
                    continue
                lines: list[str] = []
                for _, element in self.elements(name, ("*",)):
                    local = str(element.tag).rpartition("}")[2]
                    text = " ".join((element.text or "").split())
                    lines += [f"{local}: {text}"] if text else []
                    lines += (f"{key}: {value}" for key, value in element.attrib.items() if speaks(value))
                if told := worth_telling(lines):
                    yield Text(text=told, kind="note", label=posixpath.basename(name), hidden=True)

    def elements(self, name: str, tags: tuple[str, ...], *, starts: bool = False) -> Iterator[tuple[str, Any]]:
        """Yield (event, element) of these local names of one part, as `xml_stream.elements` does."""
        with self.open(name) as stream:
            yield from xml_stream.elements(stream, name, tags, starts=starts)

    def feed(self, name: str, target: xml_stream.Target) -> None:
        """Tell a target what one part holds, in order."""
        with self.open(name) as stream:
            xml_stream.feed(stream, name, target)

    def inner(self, name: str) -> Inner:
        """Return one part as something inside."""
        info = self._infos[name]
        return Inner(
            locator=info.filename,
            kind="inline" if "/media/" in name or "pictures/" in name else "member",
            name=posixpath.basename(info.filename),
            size=info.file_size,
            chunks=_Chunks(self, name),
        )

    def others(self, ours: tuple[str, ...]) -> Iterator[Inner]:
        """Yield what is inside under the folders `ours`, or is no part of a document: pictures, files, objects."""
        for name in self.names():
            # The thumbnail shows the first page, which is read; settings of printers and fonts say nothing.
            if name.endswith((".rels", ".vml")) or name.startswith(("docprops/", "thumbnails/", "configurations")):
                continue
            if name.startswith(ours) or not (name.endswith(_OWN_ENDINGS) or name in ("mimetype", "layout-cache")):
                yield self.inner(name)

    def damage(self) -> Iterator[Fault]:
        """Yield that the document ends early, where it does."""
        if self.is_cut:
            yield Fault(code="truncated", detail="the document ends before its directory")

    def about(self) -> Iterator[Text]:
        """Yield the title, subject, keywords, author and manager the document says it has."""
        lines: list[str] = []
        for name, tags in _ABOUT.items():
            if name in self:
                for _, element in self.elements(name, tags):
                    local, text = str(element.tag).rpartition("}")[2], (element.text or "").strip()
                    if text and local not in ("created", "modified", "revision", "lastPrinted"):
                        around = element.getparent()  # a property of the document's own, which has its name there
                        lines.append(f"{local if around is None else around.get('name', local)}: {text}")
        if lines:
            yield Text(text="\n".join(lines), kind="note", label="properties", hidden=True)


class _Chunks:
    """The bytes of a part, asked for as often as needed."""

    def __init__(self, package: Package, name: str) -> None:
        self._package = package
        self._name = name

    def __call__(self) -> Iterator[bytes]:
        try:
            yield from self._package.chunks(self._name)
        except BROKEN as error:
            raise ContentError("corrupt", f"part of the document: {type(error).__name__}") from None


class _Counted(io.RawIOBase):
    def __init__(self, stream: IO[bytes], packed: int, limits: Limits) -> None:
        self._stream = stream
        self._left = limits.max_bytes
        self._bomb = limits.most_from(packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._left -= len(data)
        self._bomb -= len(data)
        if self._left < 0:
            raise RefusedError("too_large", "a part of the document")
        if self._bomb < 0:
            raise RefusedError("bomb", "a part of the document")
        buffer[: len(data)] = data
        return len(data)


def attempted(read: Callable[[], Iterator[Yield]], what: str = "") -> Iterator[Yield]:
    """Yield what is read, and a Fault for what breaks it off; `what` says in which kind of content."""
    try:
        yield from read()
    except RefusedError as error:
        yield refused(error)
    except BROKEN as error:
        yield Fault(code="partial", detail=f"{what}: {type(error).__name__}" if what else type(error).__name__)


def opens(untrusted: Readable) -> Package | None:
    """Return the package if the content is a zip with a directory, else None."""
    if untrusted.read_at(0, 2) != b"PK":
        return None
    try:
        return Package(untrusted, Limits())
    except BROKEN:
        return None


def refused(error: RefusedError) -> Fault:
    """Return the Fault of a part that was not read."""
    return Fault(code=error.code, detail=error.detail)
