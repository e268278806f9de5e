"""Commands of the contract whose stage is not built yet: they say so, so that no script takes silence for an answer."""

import argparse
import sys

from rollcall.cli.command import Command, add_case
from rollcall.problems import Exit

_LATER = {
    "serve": ("the review application in a browser", "`rollcall people`, `why`, `problems` and `decide` do its work"),
    "access": ("when the intruder was in, from the logs", "logs are registered, and wait as problems `not_yet_read`"),
    "certify": ("the certificate of recall", "there is no certificate, so no bound on who is missing"),
    "letters": ("letters, filings and mail-house files", "`rollcall export CASE individuals` gives the list"),
}


def _command(name: str) -> Command:
    what, instead = _LATER[name]

    def run(args: argparse.Namespace) -> int:
        print(f"rollcall: {name} ({what}) is not built yet; {instead}. Nothing was done.", file=sys.stderr)
        return int(Exit.USAGE)

    return Command(
        name=name,
        summary=f"{what} (not built yet)",
        text=f"{what.capitalize()}: not built yet; exits 2.\nFor now: {instead}.\n\n"
        f"example:\n  rollcall {name} my-case\n",
        arguments=add_case,
        run=run,
        built=False,
    )


COMMANDS = tuple(_command(name) for name in _LATER)
