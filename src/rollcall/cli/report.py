"""`rollcall report`: the first report, as one HTML file."""

import argparse
import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rollcall.cli.command import Command, add_case
from rollcall.cli.opening import connected, who
from rollcall.problems import CaseError

if TYPE_CHECKING:
    import duckdb

    from rollcall.case import Case
    from rollcall.store import Store


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    parser.add_argument(
        "--to", type=Path, metavar="FILE", help="an .html file outside the case; also says where problems stand"
    )


def run(args: argparse.Namespace) -> int:
    """Write the report and say where it is."""
    from rollcall.reports.outside import refuse_inside

    if args.to is not None:
        if args.to.suffix.lower() not in {".html", ".htm"}:
            raise CaseError(f"{args.to}: the report is an HTML file; give a name that ends in .html.")
        refuse_inside(args.case, args.to)
    with connected(args) as (case, store, connection):
        print(write_report(case, store, connection, args.to))
    return 0


def write_report(case: "Case", store: "Store", connection: "duckdb.DuckDBPyConnection", to: Path | None = None) -> Path:
    """Write the report to a file, or with counts alone beside the case; return where it is."""
    from rollcall.reports.impact import gather, render
    from rollcall.reports.outside import make_folder_beside, write_outside

    target = to or make_folder_beside(case.folder) / "report.html"
    store.ledger.append("report", {"where": str(target.resolve()), "paths": to is not None}, who())
    impact = gather(case, store, connection, paths=to is not None, now=datetime.datetime.now(datetime.UTC))
    write_outside(case.folder, target, render(impact).encode("utf-8", "replace"))
    return target


COMMAND = Command(
    name="report",
    summary="write the report: the account, the counts, the problems, as one HTML file",
    text="""\
Write the report as one HTML file that loads nothing from anywhere. Without --to it goes to CASE-report/ beside the
case, with counts and no names. With --to FILE it also names where each problem stands, values masked.

example:
  rollcall report my-case --key-file my.key
  rollcall report my-case --to for-counsel.html --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
