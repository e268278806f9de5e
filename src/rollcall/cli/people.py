"""`rollcall people`: the list, masked unless told otherwise."""

import argparse

from rollcall.cli.command import Command, add_case, add_json, add_values
from rollcall.cli.opening import connected, shown_rows, warn_if_not_final
from rollcall.cli.output import print_columns, print_json


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    parser.add_argument("words", metavar="WORD", nargs="*", help="only people whose names hold all of these")
    add_json(parser)
    add_values(parser)
    parser.add_argument("--all", action="store_true", help="also unresolved and excluded people")


def run(args: argparse.Namespace) -> int:
    """Print the people."""
    with connected(args) as (_, store, connection):
        rows = shown_rows(args, store, connection, "individuals")
        warn_if_not_final(connection)
    wanted = [word.casefold() for word in args.words]
    rows = [
        {"row": number, **row}
        for number, row in enumerate(rows, 1)
        if (args.all or row["listed"]) and all(word in " ".join(row["names"]).casefold() for word in wanted)
    ]
    if args.json:
        print_json(rows)
        return 0
    print_columns(
        ("ROW", "PERSON", "STATUS", "NAME", "BORN", "STATE", "ROLES", "ELEMENTS", "ITEMS", "CONFIDENCE"),
        (
            (
                row["row"], row["individual_id"][:12], row["status"], (row["names"] or ["(no name)"])[0],
                row["date_of_birth"] or row["date_of_birth_text"], row["state"], ", ".join(row["roles"]),
                ", ".join(element for element in row["elements"] if element != "name"), row["n_items"],
                f"{row['confidence']:.2f}",
            )
            for row in rows
        ),
    )  # fmt: skip
    return 0


COMMAND = Command(
    name="people",
    summary="list the people, values masked",
    text="""\
List the people whose data was found. Values other than names, state and roles are masked; `--values clear` shows them
and leaves a row in the ledger.

example:
  rollcall people my-case lee --key-file my.key
  rollcall why my-case 17 --key-file my.key               why row 17 is one person, and what is known of them
""",
    arguments=_arguments,
    run=run,
)
