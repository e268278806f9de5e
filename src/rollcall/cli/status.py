"""`rollcall status`: the account, the people, what is open and what to do about it, the keys, the deadlines."""

import argparse
import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any

from rollcall.cli.command import Command, add_case, add_json
from rollcall.cli.opening import opened
from rollcall.cli.output import account_sentence, count, plain, print_columns, print_json

if TYPE_CHECKING:
    from rollcall.case import Case
    from rollcall.store import Store


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    add_json(parser)


def standing(case: "Case", store: "Store") -> dict[str, Any]:
    """Return where a case stands, in numbers."""
    from rollcall import layouts, pipeline, views
    from rollcall.elements import ELEMENTS
    from rollcall.loading import Facts
    from rollcall.store.slots import slots
    from rollcall.views.masking import masker

    connection = pipeline.connect(case, store, Facts.SHOWN)
    try:
        problems = views.rows(connection, "problems").to_pylist()
        sources = views.rows(connection, "sources").to_pylist()
        account, people = views.one(connection, "accounting"), views.one(connection, "headline")
        formats, custodians = (
            connection.sql(f"FROM accounting_by_{name} ORDER BY ALL").to_arrow_table().to_pylist()
            for name in ("format", "custodian")
        )
        mask = masker(connection, ELEMENTS)
    finally:
        connection.close()
    open_codes: Counter[str] = Counter(row["code"] for row in problems if row["state"] == "open")
    advice = {row["code"]: row["what_to_do"] for row in problems}
    manifest = pipeline.shown_manifest(store)
    runs = store.ledger.runs()
    return {
        "case": case.name,
        "folder": str(case.folder),
        "complete": bool(manifest and manifest.complete),
        "n_runs": len(runs),
        "last_run_ended": bool(runs and runs[-1].ended_at),
        "sources": [
            {name: row[name] for name in ("source_id", "path", "kind", "mailbox", "n_items", "n_read", "n_problems")}
            for row in map(mask.row, sources)
        ],
        "exports": dict(sorted(layouts.recognised(store).items())),
        "same_sources": [
            {name: mask.text(row[name]) for name in ("path", "same_as")} for row in store.ledger.rows("same_source")
        ],
        "account": account,
        "formats": formats,
        "custodians": custodians,
        "people": people,
        "problems": [{"code": code, "n": n, "what_to_do": advice[code]} for code, n in sorted(open_codes.items())],
        "n_notes": sum(row["state"] == "resolved" for row in problems),
        "n_signed_off": sum(row["state"] == "signed_off" for row in problems),
        "deadlines": deadlines(case, store),
        "keys": [slot.kind for slot in slots(case.folder)],
        "protection": protection_found(store),
        "ocr": ocr_engines(store),
        "ledger_head": store.ledger.head(),
    }


def ocr_engines(store: "Store") -> list[str]:
    """Return the names of what read pages that are pictures in the last run, in the order asked."""
    rows = store.ledger.rows("ocr")
    return list(rows[-1]["engines"]) if rows else []


def protection_found(store: "Store") -> dict[str, Any]:
    """Return how readers of untrusted content were confined in the last run: tier, what is in force, in words."""
    from rollcall.sandbox.protection import Protection

    rows = store.ledger.rows("protection")
    if not rows:
        return {"tier": None, "in_force": [], "sentence": "nothing was opened yet"}
    found = Protection(**{name: value for name, value in rows[-1].items() if name in Protection.__struct_fields__})
    return {"tier": found.tier, "in_force": list(found.in_force), "sentence": found.sentence()}


def deadlines(case: "Case", store: "Store") -> str:
    """Return what can be said of deadlines: nothing, before a discovery date is known."""
    given = case.incident.discovered_on or store.ledger.remembered().get("discovered")
    if not given:
        return "no deadlines: no discovery date given"
    day = given if isinstance(given, datetime.date) else datetime.date.fromisoformat(str(given))
    outer = day + datetime.timedelta(days=60)
    return (
        f"discovered {day}: notices without unreasonable delay, the latest for HIPAA by {outer} (45 CFR 164.404(b)); "
        "duties of the states are not worked out yet and may be sooner"
    )


def print_standing(case: "Case", store: "Store") -> None:
    """Print where a case stands."""
    found = standing(case, store)
    print(f"Case {found['case']} ({found['folder']})")
    if not found["last_run_ended"]:
        print("The last run has not ended; the numbers are those before it, or so far. `rollcall run` again goes on.")
    print(account_sentence(found["account"], {row["code"]: row["n"] for row in found["problems"]}))
    people = found["people"]
    print(
        f"{count(people['n_people'], 'person', 'people')} on the list (all in scope; {people['n_people_proven']:,} by "
        f"proof), {people['n_unresolved']:,} unresolved, {people['n_excluded']:,} excluded."
    )
    print()
    print_columns(
        ("SOURCE", "KIND", "MAILBOX", "ITEMS", "READ", "PROBLEMS"),
        (
            (row["path"], row["kind"], row["mailbox"], row["n_items"], row["n_read"], row["n_problems"])
            for row in found["sources"]
        ),
    )
    for row in found["sources"]:
        if title := found["exports"].get(row["source_id"]):
            print(f"{plain(row['path'])} is a {title}.")
    print()
    _print_account("FORMAT", found["formats"], "format")
    if len(found["custodians"]) > 1:
        print()
        _print_account("CUSTODIAN", found["custodians"], "custodian")
    for pair in found["same_sources"]:
        print(f"{plain(pair['path'])} holds the same bytes as {plain(pair['same_as'])}: one source, read once.")
    if found["problems"]:
        print()
        print("Open problems: while there are any, the list is not final. Each: `rollcall problems CASE`.")
        print_columns(
            ("CODE", "N", "WHAT TO DO"), ((row["code"], row["n"], row["what_to_do"]) for row in found["problems"])
        )
    if found["n_notes"] or found["n_signed_off"]:
        print(f"{found['n_notes']:,} notes on content that was read; {found['n_signed_off']:,} problems signed off.")
    print()
    print(f"Deadlines: {found['deadlines']}.")
    kinds = ", ".join(kind.replace("_", " ") for kind in found["keys"])
    alone = "; only one: if it is lost, the case is lost (`rollcall key add`)" if len(found["keys"]) == 1 else ""
    print(f"Keys: {kinds}{alone}.")
    safe = found["protection"]
    print(f"Protection: {safe['tier'] or 'not known'}; facts and ledger encrypted at rest; {safe['sentence']}.")
    if found["ocr"]:
        print(f"Pictures were read by: {', then '.join(found['ocr'])}.")
    print(f"Ledger head: {found['ledger_head']}")


def _print_account(title: str, rows: list[dict[str, Any]], name: str) -> None:
    print_columns(
        (title, "ITEMS", "READ", "EMPTY", "PROBLEMS"),
        ((row[name] or "nobody's", row["n_items"], row["n_read"], row["n_empty"], row["n_problem"]) for row in rows),
    )


def run(args: argparse.Namespace) -> int:
    """Print where the case stands."""
    with opened(args) as (case, store):
        if args.json:
            print_json(standing(case, store))
        else:
            print_standing(case, store)
    return 0


COMMAND = Command(
    name="status",
    summary="where the case stands: account, people, problems, deadlines, keys",
    text="""\
Say where the case stands: each source, how every item ended, how many people, which problems are open and what to do
about them, the deadlines, the keys.

example:
  rollcall status my-case --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
