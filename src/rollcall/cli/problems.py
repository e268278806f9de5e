"""`rollcall problems`: what could not be read, where, and what to do next."""

import argparse

from rollcall.cli.command import Command, add_case, add_json, add_values
from rollcall.cli.opening import connected, shown_rows
from rollcall.cli.output import print_columns, print_json

_SHOWN = 3  # people at risk that are named in a line; --json names all


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    add_json(parser)
    add_values(parser)
    parser.add_argument("--code", help="only problems of this code")
    parser.add_argument("--all", action="store_true", help="also notes and what is signed off")


def run(args: argparse.Namespace) -> int:
    """Print the problems, open ones unless told otherwise."""
    with connected(args) as (_, store, connection):
        rows = shown_rows(args, store, connection, "problems")
    rows = [row for row in rows if (args.all or row["state"] == "open") and args.code in (None, row["code"])]
    rows.sort(key=lambda row: (row["code"], row["mailbox"] or "", row["path"], row["problem_id"]))
    if args.json:
        print_json(rows)
        return 0
    print_columns(
        ("PROBLEM", "CODE", "STATE", "TIMES", "MAILBOX", "MESSAGE", "PATH", "AT RISK", "DETAIL"),
        (
            (
                row["problem_id"][:12], row["code"], row["state"], row["n_occurrences"], row["mailbox"],
                row["message_id"], row["path"], _at_risk(row["people_at_risk"]), row["detail"],
            )
            for row in rows
        ),
    )  # fmt: skip
    for code in sorted({row["code"] for row in rows}):
        print(f"{code}: {next(row['what_to_do'] for row in rows if row['code'] == code)}")
    return 0


def _at_risk(names: list[str] | None) -> str:
    """Return the people whose names are visible around what could not be read, the first few by name."""
    if not names:
        return ""
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return "; ".join(names[:_SHOWN]) + more


COMMAND = Command(
    name="problems",
    summary="list what could not be read, where, and what to do next",
    text="""\
List what could not be read, or not wholly: one line per content, at its first occurrence. While one is open the list is
not final. Mend it and run again, or sign it off with a reason. AT RISK are people whose names are visible around it (in
the mail that brought it, in its name, in the list of what it holds); their data may stand in what could not be read.

example:
  rollcall problems my-case --code encrypted --key-file my.key
  rollcall decide my-case sign_off 3f9a12 --why "picture of a logo" --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
