"""What a command is: one file in this folder, one constant `COMMAND`, one line in the folder's `__init__`.

Heavy imports stay inside `run`: `rollcall --help` must be quick.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import msgspec


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One verb of the command line."""

    name: str
    summary: str  # one line, as the list of commands shows it
    text: str  # what `--help` teaches, with an example
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    built: bool = True


def add_case(parser: argparse.ArgumentParser) -> None:
    """Add the case folder and the key that opens it."""
    parser.add_argument("case", metavar="CASE", type=Path, help="the case folder")
    add_key(parser)


def add_key(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a key file."""
    parser.add_argument(
        "--key-file", type=Path, metavar="FILE", help="a file holding the secret; without it, asked for on a terminal"
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option that asks for JSON."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def add_values(parser: argparse.ArgumentParser) -> None:
    """Add the choice between masked and clear values."""
    parser.add_argument(
        "--values", choices=("masked", "clear"), default="masked", help="clear values warn and leave a ledger row"
    )
