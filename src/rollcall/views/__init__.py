"""What a case shows: SQL over facts and recorded decisions, one view a file. Pure: nothing here writes facts.

`create` is given a connection that holds the fact tables of `model.FACTS`, and what the ledger knows (`Registers`); it
makes every view in the order of `VIEWS`. A few are kept as tables, because everything joins them; they too are rebuilt
from nothing each time. `rows` returns a table of the contract in its columns and its order.
"""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

import duckdb
import msgspec
import pyarrow as pa

from rollcall import model
from rollcall.problems import CODES

VIEWS: tuple[str, ...] = (
    "found_in", "contents", "fans", "crowded", "expansion", "skips", "emblems", "items", "accounting", "sources",
    "people_at_risk", "problems", "accounting_by_format", "accounting_by_custodian",
    "reach", "occurrences", "strongest", "holders", "attributions", "places", "persons", "evidence", "individuals",
    "counts_by_element", "counts_by_state", "counts_by_mailbox", "headline", "known_values",
    "reasons", "whereabouts", "mention_families",
)  # fmt: skip

_BY_PERSON = frozenset({"evidence"})  # made for some people at a time, sorted by them first
AT_ONCE = 100_000  # rows of one making
_PARTED = frozenset({"attributions"})  # tables made for some findings at a time
MADE_BEFORE = frozenset({"found_in", "known_values"})

# What a contract table is sorted by, and what may be asked for by name in `export`.
RECORDS: dict[str, type[model.Record]] = {record.TABLE: record for record in model.TABLES}
COUNTS: tuple[str, ...] = (
    "accounting", "accounting_by_format", "accounting_by_custodian",
    "counts_by_element", "counts_by_state", "counts_by_mailbox", "headline",
)  # fmt: skip
_IDS: dict[str, tuple[str, ...]] = {
    "individuals": ("individual_id",), "sources": ("source_id",), "items": ("item_id",), "problems": ("problem_id",),
    "duties": ("duty_id",), "findings": ("finding_id", "blob_id"), "mentions": ("mention_id", "blob_id"),
    "decisions": ("decision_id",),
}  # fmt: skip
_LATER: tuple[type[model.Record], ...] = (model.Account, model.Window, model.Scope, model.Phish, model.Duty)


class Minted(model.Record, frozen=True, kw_only=True):
    """An id and the run that gave it."""

    TABLE = "minted"
    individual_id: str
    first_seen_run: int


class SourceTrouble(model.Record, frozen=True, kw_only=True):
    """Why a source as a whole could not be read, or not trusted."""

    TABLE = "source_troubles"
    source_id: str
    code: str
    locator: str = ""  # what of it, where it is not all
    detail: str = ""


class Inside(model.Record, frozen=True, kw_only=True):
    """Whose a mailbox or a folder in an archive or a folder is; `name` "" stands for all that the folder holds."""

    TABLE = "inside"
    owner: int
    parent_blob_id: str
    folder: str
    name: str
    mailbox: str | None = None
    custodian: str | None = None
    entity: str | None = None


class _Code(model.Record, frozen=True, kw_only=True):
    TABLE = "codes"
    code: str
    meaning: str
    what_to_do: str
    loses: bool


class Registers(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger knows and the views join."""

    sources: list[model.Source] = []
    source_troubles: list[SourceTrouble] = []
    decisions: list[model.Decision] = []
    orphaned: list[model.OrphanedDecision] = []
    aliases: list[model.Alias] = []
    minted: list[Minted] = []
    inside: list[Inside] = []


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the policy that views use; each is a variable of the connection."""

    min_confidence: float = 0.3  # from here an element counts as exposed
    evidence_confidence: float = 0.2  # from here a finding is shown as evidence
    person_confidence: float = 0.05  # from here a person is proposed; below they wait as unresolved
    max_depth: int = 24
    max_expansion: int = 500_000  # members one content may multiply to at one depth, when it stands in over a thousand


def create(
    connection: "duckdb.DuckDBPyConnection",
    registers: Registers,
    thresholds: Thresholds | None = None,
    without: frozenset[str] = frozenset(),
    more: int = 1,
) -> None:
    """Make every view but those in `without`; fact tables that are not there are empty with the right schema.

    `more` times as many partitions are made as the number of memberships asks for.
    """
    chosen = thresholds or Thresholds()
    connection.execute("SET VARIABLE min_confidence = ?", [chosen.min_confidence])
    connection.execute("SET VARIABLE evidence_confidence = ?", [chosen.evidence_confidence])
    connection.execute("SET VARIABLE person_confidence = ?", [chosen.person_confidence])
    connection.execute("SET VARIABLE max_depth = ?", [chosen.max_depth])
    connection.execute("SET VARIABLE max_expansion = ?", [chosen.max_expansion])
    _put(connection, "registered", model.to_table(model.Source, registers.sources))
    _put(connection, "source_troubles", model.to_table(SourceTrouble, registers.source_troubles))
    _put(connection, "decisions", model.to_table(model.Decision, registers.decisions))
    _put(connection, "orphaned_decisions", model.to_table(model.OrphanedDecision, registers.orphaned))
    _put(connection, "aliases", model.to_table(model.Alias, registers.aliases))
    _put(connection, "minted", model.to_table(Minted, registers.minted))
    _put(connection, "inside", model.to_table(Inside, registers.inside))
    codes = [
        _Code(code=name, meaning=code.meaning, what_to_do=code.what_to_do, loses=code.loses)
        for name, code in CODES.items()
    ]
    _put(connection, "codes", model.to_table(_Code, codes))
    present = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    present |= {name for (name,) in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    for record in (*model.FACTS, *_LATER):
        if record.TABLE not in present:
            _put(connection, record.TABLE, model.schema(record).empty_table())
    n_partitions = more * (1 + _n_rows(connection, model.Membership.TABLE) // AT_ONCE)
    connection.execute("SET VARIABLE n_partitions = ?", [n_partitions])
    connection.execute("SET VARIABLE of_partition = 0")
    for name in VIEWS:
        # What was made of all findings while they were at hand is not made again of those that are.
        if name not in without and (name not in present or name not in MADE_BEFORE):
            connection.execute(text(name))
        for number in range(1, n_partitions if name in _PARTED else 1):
            connection.execute("SET VARIABLE of_partition = ?", [number])
            connection.execute(text(name).replace(f"CREATE OR REPLACE TABLE {name} AS", f"INSERT INTO {name}"))


def text(name: str) -> str:
    """Return the SQL of one view."""
    return files(__package__).joinpath(f"{name}.sql").read_text("utf-8")


def names() -> list[str]:
    """Return the tables a person may ask for by name, the contract's first."""
    return [*RECORDS, *COUNTS]


def rows(connection: "duckdb.DuckDBPyConnection", table: str) -> pa.Table:
    """Return a table of the contract: its columns, sorted by id, or by its columns in order where it has none."""
    pieces = []
    for relation in _pieces(connection, table):
        order = _IDS.get(table) or tuple(relation.columns)
        pieces.append(relation.sort(*map(duckdb.ColumnExpression, order)).to_arrow_table())
    return pa.concat_tables(pieces)


def batches(connection: "duckdb.DuckDBPyConnection", table: str) -> Iterator[pa.RecordBatch]:
    """Yield a table of the contract in no order, some thousand rows at a time."""
    for relation in _pieces(connection, table):
        yield from relation.to_arrow_reader(10_000)


def _pieces(connection: "duckdb.DuckDBPyConnection", table: str) -> "Iterator[duckdb.DuckDBPyRelation]":
    """Yield a table in the ranges of people that it is made for, ascending; most tables in one."""
    relation = connection.table(table)
    if table in RECORDS:
        relation = relation.select(*map(duckdb.ColumnExpression, model.schema(RECORDS[table]).names))
    if table not in _BY_PERSON:
        yield relation
        return
    n = 1 + _n_rows(connection, "attributions") // AT_ONCE
    bounds = [f"{16**6 * index // n:06x}" for index in range(1, n)]
    person = duckdb.ColumnExpression("individual_id")
    for low, high in zip([None, *bounds], [*bounds, None], strict=True):
        piece = relation if low is None else relation.filter(person >= duckdb.ConstantExpression(low))
        yield piece if high is None else piece.filter(person < duckdb.ConstantExpression(high))


def _n_rows(connection: "duckdb.DuckDBPyConnection", table: str) -> int:
    (n,) = connection.table(table).aggregate("count(*)").fetchall()[0]
    return int(n)


def of_person(connection: "duckdb.DuckDBPyConnection", view: str, individual_id: str) -> list[dict[str, Any]]:
    """Return the rows of a view that concern one person, sorted by their columns in order."""
    wanted = duckdb.ColumnExpression("individual_id") == duckdb.ConstantExpression(individual_id)
    relation = connection.table(view).filter(wanted)
    found: list[dict[str, Any]] = (
        relation.sort(*map(duckdb.ColumnExpression, relation.columns)).to_arrow_table().to_pylist()
    )
    return found


def memberships(connection: "duckdb.DuckDBPyConnection") -> list[tuple[str, str]]:
    """Return which finding belongs to which mention, as (mention_id, finding_id)."""
    found: list[tuple[str, str]] = connection.table("memberships").select("mention_id", "finding_id").fetchall()
    return found


def one(connection: "duckdb.DuckDBPyConnection", table: str) -> dict[str, Any]:
    """Return the only row of a view that has one."""
    found: list[dict[str, Any]] = connection.table(table).to_arrow_table().to_pylist()
    return found[0]


def _put(connection: "duckdb.DuckDBPyConnection", name: str, table: pa.Table) -> None:
    connection.from_arrow(table).create(name)


def fill(record: type[model.Record], given: Iterable[dict[str, Any]]) -> pa.Table:
    """Return rows as a table of the record, what is not given being empty."""
    target = model.schema(record)
    return pa.Table.from_pylist([{name: row.get(name) for name in target.names} for row in given], schema=target)
