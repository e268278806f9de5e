"""`rollcall export`: one table of the contract to a file outside the case."""

import argparse
from pathlib import Path

from rollcall.cli.command import Command, add_case, add_values
from rollcall.cli.opening import connected, record_clear, warn_if_not_final, who
from rollcall.cli.output import count
from rollcall.problems import CaseError


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    parser.add_argument("table", metavar="TABLE", help="individuals, evidence, items, problems, sources, ...")
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="its ending chooses: csv xlsx parquet jsonl"
    )
    add_values(parser)


def run(args: argparse.Namespace) -> int:
    """Write the table and say how many rows."""
    from rollcall import views
    from rollcall.elements import ELEMENTS
    from rollcall.loading import Facts
    from rollcall.reports.outside import refuse_inside, write_outside
    from rollcall.reports.tables import WRITERS
    from rollcall.views.masking import masker

    if args.table not in views.names():
        raise CaseError(f"There is no table {args.table}. There are: {', '.join(views.names())}.")
    writer = WRITERS.get(args.to.suffix.lower())
    if writer is None:
        raise CaseError(f"{args.to}: the ending chooses the form; one of {', '.join(WRITERS)}. Nothing was written.")
    refuse_inside(args.case, args.to)
    # These two are facts themselves; all other tables are of people, items and problems.
    facts = Facts.WHOLE if args.table in ("findings", "mentions") else Facts.SHOWN
    with connected(args, facts) as (case, store, connection):
        table = views.rows(connection, args.table)
        warn_if_not_final(connection)
        if args.values == "masked":
            table = masker(connection, ELEMENTS).table(table)
        content = writer(table, args.table)
        # The row comes first: a file in clear without one must not be.
        if args.values == "clear":
            record_clear(store, f"export {args.table}", str(args.to.resolve()), content)
        else:
            store.ledger.append("export", {"table": args.table, "where": str(args.to.resolve())}, who())
        write_outside(case.folder, args.to, content)
    print(f"{count(table.num_rows, 'row')} of {args.table} in {args.to} ({args.values})")
    return 0


COMMAND = Command(
    name="export",
    summary="write one table to a file outside the case: csv, xlsx, parquet or jsonl",
    text="""\
Write one table to FILE, outside the case; its ending chooses the form. Lists are JSON text in csv and xlsx. In csv,
cells that begin with = + - @ get a ' in front, so that no spreadsheet takes evidence for a formula. Values are masked
unless told otherwise; clear values leave a row in the ledger.

example:
  rollcall export my-case individuals --to people.xlsx --key-file my.key
  rollcall export my-case evidence --to evidence.parquet --values clear --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
