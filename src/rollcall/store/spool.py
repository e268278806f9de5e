"""Big contents that must be read at random and have no file of their own: a PST inside a zip.

They stand under `spool/` in chunks of 1 MiB, each encrypted with its number bound to it under a key of this file
alone, so no two chunks share key and nonce. The trailer holds the length, so a cut file does not open. Spooled files
are scratch: `gc` removes them and a run makes them anew.
"""

import contextlib
import io
import os
import secrets
from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rollcall.store.filesystem import TMP_SUFFIX, make_folder, writing
from rollcall.store.keys import Keyring, key_id_of, subkey
from rollcall.store.segments import damaged

SPOOL, SUFFIX = "spool", ".spl"
CHUNK = 1 << 20
_MAGIC = b"RCSPL\x00\x00\x01"
_HEAD = len(_MAGIC) + 8 + 32
_TAG = 16
_TRAILER = 8 + _TAG
_END = (1 << 96) - 1  # the trailer's nonce, which no chunk can have
_KEPT_CHUNKS = 8


class SpoolWriter:
    """A spooled file being written; it exists for readers once `close` has returned."""

    def __init__(self, path: Path, keyring: Keyring, name: str) -> None:
        self._path = path
        self._bound = f"{keyring.case_id}\x1f{SPOOL}/{name}".encode()
        self._tmp = path.with_name(f".{secrets.token_hex(8)}{TMP_SUFFIX}")
        salt = secrets.token_bytes(32)
        self._cipher = AESGCM(subkey(keyring.key, "spool", salt))
        self._waiting = bytearray()
        self._n_chunks = 0
        self.size = 0
        make_folder(path.parent)
        with writing(path):
            descriptor = os.open(self._tmp, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._stream: BinaryIO | None = os.fdopen(descriptor, "wb")
        self._put(_MAGIC + key_id_of(keyring.key) + salt)

    def write(self, data: bytes) -> int:
        """Add bytes."""
        self._waiting += data
        self.size += len(data)
        done = 0
        while len(self._waiting) - done >= CHUNK:
            self._put_chunk(self._waiting[done : done + CHUNK])
            done += CHUNK
        del self._waiting[:done]
        return len(data)

    def close(self) -> None:
        """Finish the file and put it in its place."""
        if self._stream is None:
            return
        if self._waiting:
            self._put_chunk(self._waiting)
            self._waiting = bytearray()
        self._put(self._cipher.encrypt(_END.to_bytes(12, "big"), self.size.to_bytes(8, "big"), self._bound))
        with writing(self._path):
            try:
                self._stream.close()
                self._tmp.rename(self._path)
            except OSError:
                self.abort()
                raise
        self._stream = None

    def abort(self) -> None:
        """Forget the file."""
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None
            with contextlib.suppress(OSError):
                self._tmp.unlink()

    def _put_chunk(self, data: bytearray) -> None:
        nonce = self._n_chunks.to_bytes(12, "big")
        self._n_chunks += 1
        self._put(self._cipher.encrypt(nonce, data, self._bound))

    def _put(self, data: bytes) -> None:
        if self._stream is None:
            raise ValueError("the spooled file is closed")
        with writing(self._path):
            try:
                self._stream.write(data)
            except OSError:
                self.abort()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abort()


class SpoolReadable:
    """A spooled file, open for reading at random; fits wherever a parser asks for a content."""

    def __init__(self, path: Path, keyring: Keyring, name: str) -> None:
        self._place = f"{SPOOL}/{name}{SUFFIX}"
        self._bound = f"{keyring.case_id}\x1f{SPOOL}/{name}".encode()
        self._chunks: OrderedDict[int, bytes] = OrderedDict()
        try:
            self._fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError as failure:
            raise damaged(self._place, "it is not there") from failure
        with contextlib.ExitStack() as undo:
            undo.callback(self.close)
            length = os.fstat(self._fd).st_size
            head = os.pread(self._fd, _HEAD, 0)
            key = keyring.by_id(head[len(_MAGIC) : len(_MAGIC) + 8])
            if length < _HEAD + _TRAILER or not head.startswith(_MAGIC) or key is None:
                raise damaged(self._place, "it is cut short or not of this case")
            self._cipher = AESGCM(subkey(key, "spool", head[-32:]))
            trailer = os.pread(self._fd, _TRAILER, length - _TRAILER)
            self.size = int.from_bytes(self._opened(_END, trailer), "big")
            n_chunks = -(-self.size // CHUNK)
            if length != _HEAD + self.size + n_chunks * _TAG + _TRAILER:
                raise damaged(self._place, "it is cut short")
            undo.pop_all()

    def _opened(self, number: int, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(number.to_bytes(12, "big"), sealed, self._bound)
        except InvalidTag as failure:
            raise damaged(self._place, "it was changed or cut short") from failure

    def _chunk(self, number: int) -> bytes:
        if number in self._chunks:
            self._chunks.move_to_end(number)
            return self._chunks[number]
        length = min(CHUNK, self.size - number * CHUNK) + _TAG
        data = self._opened(number, os.pread(self._fd, length, _HEAD + number * (CHUNK + _TAG)))
        self._chunks[number] = data
        if len(self._chunks) > _KEPT_CHUNKS:
            self._chunks.popitem(last=False)
        return data

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; fewer only at the end."""
        end = min(self.size, offset + max(0, length))
        pieces = []
        while offset < end:
            number, within = divmod(offset, CHUNK)
            piece = self._chunk(number)[within : within + end - offset]
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def stream(self) -> BinaryIO:
        """Return a stream of its own position over the content."""
        return io.BufferedReader(_Raw(self), buffer_size=1 << 16)

    def fileno(self) -> int:
        """There is no descriptor of the content in clear."""
        raise OSError("an encrypted content has no descriptor")

    def close(self) -> None:
        """Close the file and forget what was decrypted."""
        self._chunks.clear()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class _Raw(io.RawIOBase):
    """The raw stream under `stream()`."""

    def __init__(self, whole: SpoolReadable) -> None:
        self._whole = whole
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._whole.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._whole.read_at(self._position, len(view))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)
