"""`rollcall estimate`: people so far, and a projected range, from the first minute of a run."""

import argparse
import math
from typing import TYPE_CHECKING

from rollcall.cli.command import Command, add_case, add_json
from rollcall.cli.opening import connected
from rollcall.cli.output import count, print_json

if TYPE_CHECKING:
    import duckdb

Z95 = 1.96


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    add_json(parser)


def project(n_people: int, share: float, n_waves: int) -> tuple[int, int]:
    """Return a range for the number of people in all, from those in a random share of the evidence.

    The low end is what is found already. The high end supposes that the rest brings as many new people as the part
    that was read, with the spread of so few samples as there were waves; people who stand in several slices make it
    an over-estimate, never an under-estimate.
    """
    if share >= 1 or share <= 0:
        return n_people, n_people
    projected = n_people / share
    spread = Z95 * projected * math.sqrt((1 - share) / max(1, n_waves))
    return n_people, math.ceil(projected + spread)


def run(args: argparse.Namespace) -> int:
    """Print people so far and the range."""
    from rollcall import pipeline

    with connected(args) as (_, store, connection):
        share = pipeline.progress(store)
        n_people, n_unresolved = _people_so_far(connection, finished=share >= 1)
        waves = store.ledger.rows("wave")
    n_waves = sum(row["run"] == waves[-1]["run"] for row in waves) if waves else 0
    low, high = project(n_people, share, n_waves)
    if args.json:
        print_json({"n_people": n_people, "n_unresolved": n_unresolved, "share_read": share, "low": low, "high": high})
        return 0
    print(f"{count(low, 'person', 'people')} so far, {n_unresolved:,} unresolved; {share:.0%} read.")
    if share >= 1:
        print("Everything that could be read was read: this is the list.")
    elif share:
        print(f"Projected in all: {low:,} to {high:,}. Slices are read in random order; the range narrows as they are.")
    else:
        print("Too little was read for a projection.")
    return 0


def _people_so_far(connection: "duckdb.DuckDBPyConnection", *, finished: bool) -> tuple[int, int]:
    """Return how many people are proposed and unresolved; before the end they are resolved for the moment only."""
    from rollcall import views

    if finished:
        people = views.one(connection, "headline")
        return people["n_people"], people["n_unresolved"]
    from rollcall.individuals.resolve import resolve

    facts = (connection.table(name).to_arrow_table() for name in ("mentions", "memberships", "findings", "relations"))
    states = [one.status for one in resolve(*facts).individuals]
    return states.count("proposed"), states.count("unresolved")


COMMAND = Command(
    name="estimate",
    summary="people so far and a projected range, also while a run goes on",
    text="""\
Say how many people were found so far and how many there may be in all. Slices of the evidence are read in random
order, so a few minutes of a long run say much about the whole.

example:
  rollcall estimate my-case --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
