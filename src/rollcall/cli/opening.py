"""Opening a case for a command: its case.toml, its store, and the tables a person may ask for."""

import argparse
import contextlib
import getpass
import hashlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

    from rollcall.case import Case
    from rollcall.loading import Facts
    from rollcall.store import Store


@contextlib.contextmanager
def opened(args: argparse.Namespace) -> "Iterator[tuple[Case, Store]]":
    """Yield the case and its open store."""
    from rollcall.case import open_case, unlock_from
    from rollcall.store import open_store

    case = open_case(args.case)
    with open_store(case.folder, unlock_from(args.key_file)) as store:
        yield case, store


@contextlib.contextmanager
def connected(
    args: argparse.Namespace, facts: "Facts | None" = None
) -> "Iterator[tuple[Case, Store, duckdb.DuckDBPyConnection]]":
    """Yield the case, its store, and a connection with the views of its latest manifest over what a command asks of it.

    Unless told otherwise that is what the list rests on, and what must be masked.
    """
    from rollcall import pipeline
    from rollcall.loading import Facts
    from rollcall.store.connection import memory_permitting

    with (
        opened(args) as (case, store),
        contextlib.closing(pipeline.connect(case, store, facts or Facts.SHOWN)) as connection,
        memory_permitting("showing the case"),
    ):
        yield case, store, connection


def who() -> str:
    """Return the name under which the ledger keeps what a person does."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        return "unknown"


def warn(sentence: str) -> None:
    """Print a warning where progress goes."""
    print(f"rollcall: warning: {sentence}", file=sys.stderr)


def record_clear(store: "Store", what: str, where: str, content: bytes | None = None) -> None:
    """Leave the ledger row that clear values ask for: who, what, where, hash."""
    sha256 = hashlib.sha256(content).hexdigest() if content is not None else None
    store.ledger.append("clear_values", {"what": what, "where": where, "sha256": sha256}, who())
    warn(f"values of persons stand in clear in {where}. The ledger notes that {who()} asked for them.")


def warn_if_not_final(connection: "duckdb.DuckDBPyConnection") -> None:
    """Say that a list is not final where something could not be read, or the account does not balance."""
    from rollcall import views

    n_open = views.one(connection, "headline")["n_open_problems"]
    difference = views.one(connection, "accounting")["difference"]
    if difference:
        warn(f"the account does not balance (difference {difference:,}); this list is not final.")
    elif n_open:
        warn(f"{n_open:,} open problems may hide people; this list is not final. See `rollcall problems`.")


def shown_rows(
    args: argparse.Namespace, store: "Store", connection: "duckdb.DuckDBPyConnection", table: str
) -> list[dict[str, Any]]:
    """Return the rows of a table as the person asked to see them: masked unless told otherwise."""
    from rollcall import views
    from rollcall.elements import ELEMENTS
    from rollcall.views.masking import masker

    rows: list[dict[str, Any]] = views.rows(connection, table).to_pylist()
    if getattr(args, "values", "masked") == "clear":
        record_clear(store, table, "the terminal")
        return rows
    mask = masker(connection, ELEMENTS)
    return [mask.row(row) for row in rows]
