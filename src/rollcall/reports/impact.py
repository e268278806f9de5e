"""The first report: what was read, how many people, of which data; counts only, and nothing loaded from elsewhere."""

import datetime
from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import msgspec

from rollcall import __version__, views
from rollcall.case import Case
from rollcall.elements import BY_ID, ELEMENTS
from rollcall.problems import CODES
from rollcall.reports.bars import bars
from rollcall.store import Store
from rollcall.views.masking import masker

STATES = 60  # rows of a chart; there are 54 jurisdictions, and "unknown"


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the report prints."""

    case_name: str
    made_at: str
    version: str
    final: bool
    complete: bool
    account: dict[str, Any]
    people: dict[str, Any]
    by_element: list[tuple[str, int, int]]
    by_state: list[tuple[str, int, int]]
    by_mailbox: list[tuple[str, int, int]]
    by_format: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    problem_rows: list[dict[str, Any]]
    n_notes: int
    n_signed_off: int
    sources: list[dict[str, Any]]
    discovered_on: str | None
    policy: dict[str, Any]
    policy_digest: str
    ledger_head: str


def gather(
    case: Case, store: Store, connection: "duckdb.DuckDBPyConnection", *, paths: bool, now: datetime.datetime
) -> Impact:
    """Return what the report says; with `paths` also where each problem stands, values masked."""
    problems = views.rows(connection, "problems").to_pylist()
    opened = Counter(row["code"] for row in problems if row["state"] == "open")
    manifest = store.ledger.manifest(complete=True)
    account = views.one(connection, "accounting")
    mask = masker(connection, ELEMENTS)
    complete = manifest is not None
    return Impact(
        case_name=case.name,
        made_at=now.strftime("%Y-%m-%d %H:%M UTC"),
        version=__version__,
        final=complete and not opened and account["difference"] == 0,
        complete=complete,
        account=account,
        people=views.one(connection, "headline"),
        by_element=_counts(connection, "counts_by_element", _element_label),
        by_state=_counts(connection, "counts_by_state", lambda name: name or "unknown")[:STATES],
        by_mailbox=_counts(connection, "counts_by_mailbox", lambda name: name or "files outside a mailbox"),
        by_format=connection.sql("FROM accounting_by_format ORDER BY ALL").to_arrow_table().to_pylist(),
        problems=[
            {"code": code, "n": n, "meaning": CODES[code].meaning, "what_to_do": CODES[code].what_to_do}
            for code, n in sorted(opened.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        problem_rows=[mask.row(row) for row in problems if row["state"] == "open"] if paths else [],
        n_notes=sum(row["state"] == "resolved" for row in problems),
        n_signed_off=sum(row["state"] == "signed_off" for row in problems),
        sources=[_source(row, number) for number, row in enumerate(views.rows(connection, "sources").to_pylist(), 1)],
        discovered_on=str(case.incident.discovered_on or store.ledger.remembered().get("discovered") or "") or None,
        policy=msgspec.to_builtins(case.policy),
        policy_digest=case.policy.digest(),
        ledger_head=store.ledger.head(),
    )


def render(impact: Impact) -> str:
    """Return the report as one HTML page."""
    # Everything that stands in evidence is escaped: a subject may hold markup.
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("rollcall", "reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda n: f"{n:,}"
    return environment.get_template("impact.html").render(impact=impact, bars=bars)


def _counts(connection: "duckdb.DuckDBPyConnection", view: str, label: Any) -> list[tuple[str, int, int]]:
    rows = connection.table(view).fetchall()
    return sorted(((label(name), n, proven) for name, n, proven in rows), key=lambda row: (-row[1], row[0]))


def _element_label(element: str) -> str:
    known = BY_ID.get(element)
    return known.label if known else element.replace("_", " ")


def _source(row: dict[str, Any], number: int) -> dict[str, Any]:
    # A path may hold a person's name; the kind, the mailbox and the hash say which source it is.
    kept = ("kind", "mailbox", "size", "sha256", "n_items", "n_read", "n_problems")
    return {"number": number, "suffix": Path(row["path"]).suffix, **{name: row[name] for name in kept}}
