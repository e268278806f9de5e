"""A case on disk: encrypted segments of facts, the ledger, and the in-memory connection that reads them.

    header                      the data key, wrapped per slot (keys.py)
    facts/<table>/<name>.seg    Parquet inside AES-256-GCM (segments.py)
    objects/<kind>/<name>.seg   orders, outcomes, contexts, the same way
    ledger.db                   SQLCipher, chained by hash (ledger.py); `lease` is who runs (lease.py)
    spool/                      scratch, encrypted (spool.py)

Nothing here knows a stage, and nothing in clear is ever written.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

import pyarrow as pa

from rollcall.engine.outcome import Segment
from rollcall.model import Record
from rollcall.problems import CaseError, Exit
from rollcall.store import connection as connections
from rollcall.store import keys
from rollcall.store.database import LEDGER
from rollcall.store.filesystem import make_folder, refuse_network
from rollcall.store.keys import Keyring, Lock, Slot, Unlock
from rollcall.store.lease import Holder
from rollcall.store.ledger import Clock, Entry, Ledger, Manifest, Run, utc_now, utc_text
from rollcall.store.segments import FACTS, OBJECTS, SUFFIX, Segments, check_name
from rollcall.store.spool import SPOOL, SpoolReadable, SpoolWriter
from rollcall.store.spool import SUFFIX as SPOOL_SUFFIX

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "Entry", "Holder", "Ledger", "Lock", "Manifest", "Run", "Slot", "SpoolReadable", "SpoolWriter", "Store", "Unlock",
    "create_store", "open_store", "open_with_key",
]  # fmt: skip

T = TypeVar("T")


class Store:
    """An open case."""

    def __init__(self, path: Path, keyring: Keyring, clock: Clock = utc_now) -> None:
        self.path = path
        self.keyring = keyring
        self._clock = clock
        self._segments = Segments(path, keyring)
        self._ledger: Ledger | None = None

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    @property
    def case_id(self) -> str:
        """The case's own id; nothing that is shown depends on it."""
        return self.keyring.case_id

    @property
    def key(self) -> bytes:
        """The data key, handed to workers over an inherited descriptor only."""
        return self.keyring.key

    @property
    def segments(self) -> Segments:
        """The encrypted files themselves."""
        return self._segments

    def name(self, *parts: str) -> str:
        """Return the name under which something that is identified by `parts` stands in this case, 32 hex."""
        return self.keyring.hmac_of("names", *parts)

    def seal(self, value: str) -> str:
        """Return 32 hex digits that stand for a value of a person; equal values have equal seals in this case."""
        return self.keyring.hmac_of("values", value)

    # --- facts and objects ---

    def put(self, table: str, name: str, data: pa.Table) -> Segment:
        """Write one segment in one step; the same name is written over."""
        return self._segments.put(table, name, data)

    def get(self, table: str, name: str, columns: list[str] | None = None) -> pa.Table:
        """Return one segment's rows."""
        return self._segments.get(table, name, columns)

    def has(self, table: str, name: str) -> bool:
        """Say whether a segment is there."""
        return self._segments.exists(self._segments.place(table, name))

    def put_object(self, kind: str, name: str, value: object) -> None:
        """Write one object (orders, outcomes, contexts) in one step."""
        self._segments.put_object(kind, name, value)

    def get_object(self, kind: str, name: str, type: type[T]) -> T:
        """Return one object, its types checked."""
        return self._segments.get_object(kind, name, type)

    def has_object(self, kind: str, name: str) -> bool:
        """Say whether an object is there."""
        return self._segments.exists(self._segments.object_place(kind, name))

    def objects(self, kind: str) -> Iterator[str]:
        """Yield the names of the objects of one kind, sorted."""
        folder = self.path / OBJECTS / kind
        if folder.is_dir():
            yield from sorted(each.name.removesuffix(SUFFIX) for each in folder.glob(f"*{SUFFIX}"))

    # --- spool ---

    def spool(self, name: str) -> SpoolWriter:
        """Return a writer for a big content that has no file of its own."""
        return SpoolWriter(self._spool_path(name), self.keyring, name)

    def open_spool(self, name: str) -> SpoolReadable:
        """Return a spooled content, open for reading at random."""
        return SpoolReadable(self._spool_path(name), self.keyring, name)

    def has_spool(self, name: str) -> bool:
        """Say whether a spooled content is there, whole."""
        return self._spool_path(name).is_file()

    def drop_spool(self, name: str) -> None:
        """Remove a spooled content."""
        self._spool_path(name).unlink(missing_ok=True)

    def _spool_path(self, name: str) -> Path:
        check_name(name)
        return self.path / SPOOL / (name + SPOOL_SUFFIX)

    # --- ledger and queries ---

    @property
    def ledger(self) -> Ledger:
        """The book of runs, opened at first use: workers never need it. `create_store` made it."""
        if self._ledger is None:
            self._ledger = Ledger(self.path, self.keyring, self._clock)
        return self._ledger

    def connect(self, memory: int | None = None, threads: int | None = None) -> "duckdb.DuckDBPyConnection":
        """Return an empty in-memory DuckDB that spills nothing; `memory` in bytes."""
        return connections.connect(memory, threads)

    def load(
        self,
        connection: "duckdb.DuckDBPyConnection",
        segments: Iterable[Segment],
        table: str,
        record: type[Record],
        columns: list[str] | None = None,
        query: str = connections.ALL,
    ) -> int:
        """Make `table` in `connection` from those of `segments` that hold `record`s; return its number of rows."""
        return connections.load(self._segments, connection, segments, table, record, columns, query)

    def close(self) -> None:
        """Close what is open."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def create_store(
    path: Path, unlock: Unlock, locks: Sequence[Lock] = (), clock: Clock = utc_now, mountinfo: str | None = None
) -> Store:
    """Make a case in a folder that is not one yet; each secret of `unlock` and each of `locks` gets a slot."""
    refuse_network(path, mountinfo)
    if (path / keys.HEADER).exists():
        raise CaseError(f"{path} is a case already. Open it, or choose another folder for a new one.")
    if (path / LEDGER).exists() or (path / FACTS).exists():
        raise CaseError(
            f"{path} holds a case whose file `header` is gone; a new one would make it unreadable for ever. "
            "Restore `header` from a backup, or choose another folder.",
            Exit.VERIFICATION,
        )
    header, keyring = keys.new_header([*keys.locks_of(unlock), *locks], utc_text(clock()))
    if not path.parent.is_dir():
        raise CaseError(f"{path.parent} is not there, so no case can be made in it. Make the folder first.")
    make_folder(path)
    keys.write_header(path, header, keyring.key, only_new=True)
    store = Store(path, keyring, clock)
    store.ledger.append(
        "case", {"case_id": keyring.case_id, "slots": [slot.kind for slot in header.slots]}, once="case"
    )
    return store


def open_store(path: Path, unlock: Unlock, clock: Clock = utc_now, mountinfo: str | None = None) -> Store:
    """Open a case with a secret of one of its slots."""
    header = keys.read_header(path)
    refuse_network(path, mountinfo)
    return Store(path, keys.open_header(header, unlock), clock)


def open_with_key(path: Path, key: bytes, clock: Clock = utc_now) -> Store:
    """Open a case with its data key itself, as workers do."""
    return Store(path, keys.keyring(keys.read_header(path), key), clock)
