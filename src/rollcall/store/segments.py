"""Encrypted files of a case: tables of facts and small objects, each written once and read whole.

A file is `magic, key id, salt, nonce, AES-256-GCM(content)`. Its key is derived from the data key and its own random
salt, so no nonce is ever used twice under one key. The place of the file (case, table, name) is authenticated with it:
a segment that was moved, renamed or brought from another case does not open.
"""

import re
import secrets
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rollcall.engine.outcome import Segment
from rollcall.problems import CaseError, Exit
from rollcall.store.filesystem import make_folder, write_file
from rollcall.store.keys import Keyring, key_id_of, subkey

T = TypeVar("T")

TARGET_BYTES = 64 << 20  # a segment rolls over about here
MOST_BYTES = 1 << 30  # one AES-GCM message is read into memory whole
FACTS, OBJECTS, SUFFIX = "facts", "objects", ".seg"
KINDS = ("orders", "outcomes", "contexts", "mail")

_MAGIC = b"RCSEG\x00\x00\x01"
_KEY_ID, _SALT, _NONCE = 8, 32, 12
_HEAD = len(_MAGIC) + _KEY_ID + _SALT + _NONCE
_NAME = re.compile(r"[0-9a-f]{32}(?:[.-][0-9a-z]{1,16})*")
_TABLE = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Segments:
    """The encrypted files of one case folder."""

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self.path = path
        self.keyring = keyring

    # tables

    def put(self, table: str, name: str, data: pa.Table) -> Segment:
        """Write one table of facts in one step and return what a manifest lists; the same name is written over."""
        sink = pa.BufferOutputStream()
        pq.write_table(data, sink, compression="zstd", compression_level=3, write_statistics=False)
        size = self._write(self.place(table, name), sink.getvalue())
        return Segment(table=table, name=name, rows=data.num_rows, size=size)

    def get(self, table: str, name: str, columns: list[str] | None = None) -> pa.Table:
        """Return one table of facts, or only some of its columns."""
        place = self.place(table, name)
        try:
            return pq.read_table(pa.BufferReader(self._read(place)), columns=columns)
        except pa.ArrowException as failure:
            raise damaged(place, "it opens, but is not a table") from failure

    # objects

    def put_object(self, kind: str, name: str, value: object) -> None:
        """Write one small object in one step."""
        # Orders name thousands of contents by chains that hardly differ: packed they are a fraction of it.
        self._write(self.object_place(kind, name), pa.compress(msgspec.msgpack.encode(value), "zstd", asbytes=True))

    def get_object(self, kind: str, name: str, type: type[T]) -> T:
        """Return one object, its types checked."""
        place = self.object_place(kind, name)
        try:
            packed = pa.CompressedInputStream(pa.BufferReader(self._read(place)), "zstd")
            return msgspec.msgpack.decode(packed.read(MOST_BYTES), type=type)
        except (msgspec.DecodeError, msgspec.ValidationError, pa.ArrowException, OSError) as failure:
            raise damaged(place, "it opens, but does not hold what it should") from failure

    # places

    def place(self, table: str, name: str) -> str:
        """Return where a table of facts stands in the case folder."""
        return _checked(FACTS, table, name)

    def object_place(self, kind: str, name: str) -> str:
        """Return where an object stands in the case folder."""
        if kind not in KINDS:
            raise ValueError(f"objects are one of {KINDS}")
        return _checked(OBJECTS, kind, name)

    def exists(self, place: str) -> bool:
        """Say whether a file stands at this place."""
        return (self.path / place).is_file()

    def check(self, place: str) -> None:
        """Open a file and forget its content, or say what is wrong with it."""
        self._read(place)

    def n_rows(self, place: str) -> int:
        """Return how many rows a table of facts holds by its own account, or say what is wrong with it."""
        try:
            return int(pq.read_metadata(pa.BufferReader(self._read(place))).num_rows)
        except pa.ArrowException as failure:
            raise damaged(place, "it opens, but is not a table") from failure

    def stands_under(self, place: str, key: bytes) -> bool:
        """Say whether a file is encrypted under this data key, from its first bytes only."""
        with (self.path / place).open("rb") as stream:
            head = stream.read(_HEAD)
        return head[len(_MAGIC) : len(_MAGIC) + _KEY_ID] == key_id_of(key)

    def rewrite(self, place: str) -> None:
        """Encrypt a file anew under the current data key, in one step."""
        self._write(place, self._read(place))

    # bytes

    def _write(self, place: str, content: Any) -> int:
        view = memoryview(content).cast("B")
        if view.nbytes > MOST_BYTES:
            raise ValueError(f"a segment of {view.nbytes} bytes; the writer should have begun a new one")
        target = self.path / place
        if not target.parent.is_dir():
            make_folder(target.parent.parent)
            make_folder(target.parent)
        key = self.keyring.key
        salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
        head = _MAGIC + key_id_of(key) + salt + nonce
        sealed = AESGCM(subkey(key, "segments", salt)).encrypt(nonce, view, self._bound(head, place))
        return write_file(target, head, sealed)

    def _read(self, place: str) -> bytes:
        try:
            data = (self.path / place).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as failure:
            raise damaged(place, "it is not there") from failure
        except OSError as failure:
            raise damaged(place, "the disk does not give it back") from failure
        head = data[:_HEAD]
        if len(head) < _HEAD or not head.startswith(_MAGIC):
            raise damaged(place, "it is cut short or is not a segment")
        key = self.keyring.by_id(head[len(_MAGIC) : len(_MAGIC) + _KEY_ID])
        if key is None:
            raise damaged(place, "it was written under the key of another case")
        salt, nonce = head[-_SALT - _NONCE : -_NONCE], head[-_NONCE:]
        try:
            return AESGCM(subkey(key, "segments", salt)).decrypt(
                nonce, memoryview(data)[_HEAD:], self._bound(head, place)
            )
        except InvalidTag as failure:
            raise damaged(place, "it was changed, cut short, or stands in the place of another") from failure

    def _bound(self, head: bytes, place: str) -> bytes:
        return head + f"{self.keyring.case_id}\x1f{place}".encode()


def check_name(name: str) -> None:
    """Refuse a file name that could tell something: 32 hex digits of Store.name(), and suffixes like `-0001`."""
    if not _NAME.fullmatch(name):
        raise ValueError("the names of files in a case come from Store.name()")


def damaged(place: str, why: str) -> CaseError:
    """Return what is said of a file of the case that cannot be used."""
    return CaseError(
        f"{place} cannot be used: {why}. No list made now would be complete. Run `rollcall verify` to see all that is "
        "damaged; restore those files from a backup, or delete them and run again to make them anew.",
        Exit.VERIFICATION,
    )


def _checked(root: str, folder: str, name: str) -> str:
    if not _TABLE.fullmatch(folder):
        raise ValueError("a table's name is a plain word")
    check_name(name)
    return f"{root}/{folder}/{name}{SUFFIX}"
