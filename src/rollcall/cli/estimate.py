"""`rollcall estimate`: people so far, and a projected range, from the first minute of a run."""

import argparse
import math
from typing import Any

from rollcall.cli.command import Command, add_case, add_json
from rollcall.cli.opening import connected
from rollcall.cli.output import count, print_json

Z95 = 1.96


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    add_json(parser)


def project(n_people: int, share: float, n_slices: int) -> tuple[int, int]:
    """Return a range for the number of people in all, from those in a random share of the slices.

    The low end is what is found already. The high end supposes that the rest brings as many new people as the part
    that was read, with the spread of a count over so few slices; people who stand in several slices make it an
    over-estimate, never an under-estimate.
    """
    if share >= 1:
        return n_people, n_people
    if share <= 0 or not n_slices:
        return n_people, n_people
    projected = n_people / share
    spread = Z95 * projected * math.sqrt((1 - share) / n_slices)
    return n_people, math.ceil(projected + spread)


def run(args: argparse.Namespace) -> int:
    """Print people so far and the range."""
    from rollcall import pipeline, views

    with connected(args) as (case, store, connection):
        people = views.one(connection, "headline")
        manifest = store.ledger.manifest()
        done, total = pipeline.progress(case, store)
    complete = bool(manifest and manifest.complete)
    share = 1.0 if complete else (done / total if total else 0.0)
    low, high = project(people["n_people"], share, done)
    found: dict[str, Any] = {
        "n_people": people["n_people"],
        "n_unresolved": people["n_unresolved"],
        "complete": complete,
        "share_read": round(share, 4),
        "low": low,
        "high": high,
    }
    if args.json:
        print_json(found)
        return 0
    print(f"{count(low, 'person', 'people')} so far, {people['n_unresolved']:,} unresolved; {share:.0%} read.")
    if complete:
        print("Everything that could be read was read: this is the list.")
    elif share:
        print(f"Projected in all: {low:,} to {high:,}. Slices are read in random order; the range narrows as they are.")
    else:
        print("Too little was read for a projection.")
    return 0


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
