"""An open, seekable, read-only content: a file of the evidence, or decoded bytes held in memory only.

Nothing here writes to disk. Decoded bytes have a descriptor only as an anonymous memory file, so that a reader in
another process can be handed them without a path.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol


class Readable(Protocol):
    """What a parser reads from."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`; fewer only at the end."""
        ...

    def stream(self) -> BinaryIO:
        """Return a new buffered, seekable, read-only stream from the start."""
        ...

    def fileno(self) -> int:
        """Return a descriptor of the same bytes; it stays this object's and is closed with it."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


def open_to_read(path: Path | str, more: int = 0, folder: int | None = None) -> int:
    """Return a descriptor of a file of the evidence; its time of last access is left as it is where we may."""
    # O_NOATIME needs ownership; evidence is often somebody else's, so it is tried, never required.
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOATIME | more, dir_fd=folder)
    except PermissionError:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | more, dir_fd=folder)


class FileReadable:
    """A file of the evidence, opened read-only: by its path, or by a descriptor that becomes this object's."""

    def __init__(self, file: Path | int) -> None:
        self._fd = file if isinstance(file, int) else open_to_read(file)
        self.size = os.fstat(self._fd).st_size

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        pieces = []
        while length > 0 and (piece := os.pread(self._fd, length, offset)):
            pieces.append(piece)
            offset += len(piece)
            length -= len(piece)
        return b"".join(pieces)

    def stream(self) -> BinaryIO:
        """Return a stream of its own position over the same file."""
        return io.BufferedReader(_Window(self), buffer_size=1 << 16)

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._fd

    def close(self) -> None:
        """Close the file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class MemoryReadable:
    """Decoded bytes in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._fd = -1
        self.size = len(data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset`."""
        return self._data[offset : offset + length]

    def stream(self) -> BinaryIO:
        """Return a stream over the bytes."""
        return io.BytesIO(self._data)

    def fileno(self) -> int:
        """Return the descriptor of an anonymous memory file that holds the bytes."""
        if self._fd < 0:
            self._fd = os.memfd_create("content", os.MFD_CLOEXEC)
            view = memoryview(self._data)
            while view:
                view = view[os.write(self._fd, view) :]
        return self._fd

    def close(self) -> None:
        """Let go of the memory file."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class Slice:
    """A range of another content; closing it leaves the other open."""

    def __init__(self, whole: Readable, offset: int, length: int) -> None:
        self._whole = whole
        self._offset = min(offset, whole.size)
        self.size = max(0, min(length, whole.size - self._offset))

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to `length` bytes from `offset` of the range."""
        length = max(0, min(length, self.size - offset))
        return self._whole.read_at(self._offset + offset, length) if length else b""

    def stream(self) -> BinaryIO:
        """Return a stream over the range."""
        return io.BufferedReader(_Window(self), buffer_size=1 << 16)

    def fileno(self) -> int:
        """A range has no descriptor of its own."""
        raise OSError("a range of a file has no descriptor")

    def close(self) -> None:
        """Nothing is held."""


class _Window(io.RawIOBase):
    """The raw stream under `stream()`: positions are its own, bytes come from `read_at`."""

    def __init__(self, readable: Readable) -> None:
        self._readable = readable
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._readable.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        data = self._readable.read_at(self._position, len(view))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def chunks_of(readable: Readable, size: int = 1 << 20) -> Iterator[bytes]:
    """Yield the content in order, `size` bytes at a time."""
    offset = 0
    while data := readable.read_at(offset, size):
        yield data
        offset += len(data)
