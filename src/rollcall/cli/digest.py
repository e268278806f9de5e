"""`rollcall digest`: the one number that two cases share when they show the same list."""

import argparse

from rollcall.cli.command import Command, add_case, add_json
from rollcall.cli.opening import connected
from rollcall.cli.output import print_json


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the digest."""
    from rollcall.loading import Facts
    from rollcall.views.digest import COVERED, digest

    with connected(args, Facts.COUNTED) as (_, _, connection):
        number = digest(connection)
    if args.json:
        print_json({"digest": number, "covers": list(COVERED)})
    else:
        print(number)
    return 0


COMMAND = Command(
    name="digest",
    summary="print the SHA-256 that says which list this is",
    text="""\
Print the SHA-256 over individuals, evidence, items and problems. The same evidence, decisions and version give the
same number: in a case that was resumed, and in a second case made of the same evidence.

example:
  rollcall digest my-case --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
