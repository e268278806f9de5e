"""`rollcall decide`: record what a person rules; nothing is ever taken out of the book, only taken back."""

import argparse
import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rollcall.cli.command import Command, add_case
from rollcall.cli.opening import connected, who
from rollcall.problems import CaseError

if TYPE_CHECKING:
    import duckdb

    from rollcall.store import Store

# What each ruling is about, and where its anchor is looked up.
KINDS: dict[str, tuple[str, ...]] = {
    "confirm": ("individuals", "mentions"),
    "exclude": ("individuals", "mentions"),
    "not_this": ("findings",),
    "must_link": ("individuals", "mentions"),
    "cannot_link": ("individuals", "mentions"),
    "sign_off": ("problems",),
    "skip": ("items",),
    "undo": ("decisions",),
}
_ID = {
    "individuals": "individual_id",
    "mentions": "mention_id",
    "findings": "finding_id",
    "problems": "problem_id",
    "items": "item_id",
    "decisions": "decision_id",
}
_SHORTEST = 6


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    parser.add_argument("kind", choices=tuple(KINDS), help=", ".join(KINDS), metavar="RULING")
    parser.add_argument("anchor", metavar="ID", help="what is ruled on; the beginning of its id will do")
    parser.add_argument("other", metavar="OTHER", nargs="?", help="the second person or mention of a link")
    parser.add_argument("--why", default="", help="the reason, for the book")


def _resolve(connection: "duckdb.DuckDBPyConnection", kind: str, given: str) -> tuple[str, str]:
    """Return (table, id) of what a person named; a person stands for the smallest of their mentions."""
    from rollcall import views

    if len(given) < _SHORTEST:
        raise CaseError(f"{given} is too short. Give at least {_SHORTEST} characters of the id.")
    for table in KINDS[kind]:
        column = _ID[table]
        known: set[str] = {row[column] for row in views.rows(connection, table).select([column]).to_pylist()}
        fitting = {one for one in known if one.startswith(given)}
        if len(fitting) > 1:
            raise CaseError(f"{len(fitting)} ids of {table} begin with {given}. Give more of it. Nothing was recorded.")
        if fitting:
            found = fitting.pop()
            if table != "individuals":
                return table, found
            return "mentions", min(row["mention_id"] for row in views.of_person(connection, "links", found))
    tables = ", ".join(KINDS[kind])
    raise CaseError(
        f"Nothing in {tables} has the id {given}. Nothing was recorded; `why` and `problems` print the ids."
    )


def _shown(
    store: "Store", connection: "duckdb.DuckDBPyConnection", table: str, anchor: str
) -> tuple[str | None, list[str]]:
    """Return the content an anchor stands in, and the seals of what stood there: it finds its place again by them.

    Of a mention, all its values and its name; of a finding, its own value first, then those of its mention.
    """
    from rollcall import views

    def rows(name: str, column: str, wanted: Iterable[str]) -> list[dict[str, Any]]:
        ids = set(wanted)
        return [row for row in views.rows(connection, name).to_pylist() if row[column] in ids]

    def seals(mention_ids: set[str]) -> set[str]:
        members = {finding for mention, finding in views.memberships(connection) if mention in mention_ids}
        values = {row["value"] for row in rows("findings", "finding_id", members)}
        values |= {row["name"] for row in rows("mentions", "mention_id", mention_ids)}
        return {store.seal(value) for value in values if value}

    if table == "items":
        return rows("items", "item_id", [anchor])[0]["blob_id"], []
    if table == "mentions":
        return rows("mentions", "mention_id", [anchor])[0]["blob_id"], sorted(seals({anchor}))
    if table == "findings":
        finding = rows("findings", "finding_id", [anchor])[0]
        own = store.seal(finding["value"])
        around = seals({mention for mention, member in views.memberships(connection) if member == anchor})
        return finding["blob_id"], [own, *sorted(around - {own})]
    return None, []


def run(args: argparse.Namespace) -> int:
    """Record one ruling."""
    from rollcall.loading import Facts
    from rollcall.model import Decision, digest

    links = args.kind in {"must_link", "cannot_link"}
    if links != (args.other is not None):
        raise CaseError(
            f"{args.kind} is about {'two people or mentions' if links else 'one thing'}. Nothing was recorded."
        )
    with connected(args, Facts.WHOLE) as (_, store, connection):
        table, anchor = _resolve(connection, args.kind, args.anchor)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if args.kind == "undo":
            store.ledger.undo(anchor, digest("undo", anchor, now, who()), who(), args.why)
            print(f"Taken back: {anchor}. It counts from the next command on.")
            return 0
        blob_id, shown = _shown(store, connection, table, anchor)
        other, other_blob_id, other_shown = None, None, list[str]()
        if links:
            other_table, other = _resolve(connection, args.kind, args.other)
            other_blob_id, other_shown = _shown(store, connection, other_table, other)
            if other == anchor:
                raise CaseError("Both stand for one mention already. Nothing was recorded.")
        decision = Decision(
            decision_id=digest(args.kind, anchor, other, now, who()),
            decided_at=now,
            decided_by=who(),
            kind=args.kind,
            anchor=anchor,
            other_anchor=other,
            blob_id=blob_id,
            shown=shown,
            other_blob_id=other_blob_id,
            other_shown=other_shown,
            why=args.why,
        )
        store.ledger.decide(decision)
    print(f"Recorded: {decision.decision_id}")
    if links:
        print("Run `rollcall run` again: people are put together anew with it.")
    return 0


COMMAND = Command(
    name="decide",
    summary="record a ruling on a person, a finding, a problem or an item",
    text="""\
Record what you rule, with your name and the time. A ruling holds on to content, not to a list: it finds its place again
when evidence or a better version comes. `undo` takes one back; both stay in the book.

  confirm      this person belongs on the list
  exclude      this person does not belong on the list
  not_this     this finding is wrong, or not theirs
  must_link    these two are one person; cannot_link: these two are not
  sign_off     this problem is accepted as it is
  skip         this item is left out of the account
  undo         take a ruling back

example:
  rollcall decide my-case sign_off 3f9a12 --why "picture of a logo" --key-file my.key
  rollcall decide my-case cannot_link 91c0aa 77de01 --why "father and son" --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
