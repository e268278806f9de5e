"""`rollcall problems`: what could not be read, where, and what to do next."""

import argparse

from rollcall.cli.command import Command, add_case, add_json, add_values
from rollcall.cli.opening import connected, shown_rows
from rollcall.cli.output import print_columns, print_json


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
        ("PROBLEM", "CODE", "STATE", "TIMES", "MAILBOX", "MESSAGE", "PATH", "DETAIL"),
        (
            (
                row["problem_id"][:12], row["code"], row["state"], row["n_occurrences"], row["mailbox"],
                row["message_id"], row["path"], row["detail"],
            )
            for row in rows
        ),
    )  # fmt: skip
    for code in sorted({row["code"] for row in rows}):
        print(f"{code}: {next(row['what_to_do'] for row in rows if row['code'] == code)}")
    return 0


COMMAND = Command(
    name="problems",
    summary="list what could not be read, where, and what to do next",
    text="""\
List what could not be read, or not wholly: one line per content, at its first occurrence. While one is open the list is
not final. Mend it and run again, or sign it off with a reason.

example:
  rollcall problems my-case --code encrypted --key-file my.key
  rollcall decide my-case sign_off 3f9a12 --why "picture of a logo" --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
