"""`rollcall gc`: remove what no manifest needs."""

import argparse

from rollcall.cli.command import Command, add_case
from rollcall.cli.opening import opened
from rollcall.cli.output import count


def run(args: argparse.Namespace) -> int:
    """Sweep, and say what went."""
    from rollcall.store.upkeep import gc

    with opened(args) as (_, store):
        swept = gc(store)
    print(
        f"Removed {count(swept.n_segments, 'segment')}, {count(swept.n_objects, 'object')}, "
        f"{count(swept.n_scratch, 'scratch file')}: {swept.n_bytes:,} bytes."
    )
    return 0


COMMAND = Command(
    name="gc",
    summary="remove encrypted files that nothing needs any more",
    text="""\
Remove encrypted files that neither the current list nor an unfinished run needs. Nothing that counts is lost; what was
finished of an unfinished run stays.

example:
  rollcall gc my-case --key-file my.key
""",
    arguments=add_case,
    run=run,
)
