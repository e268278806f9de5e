"""`rollcall estimate`: people so far, and a projected range, from the first minute of a run."""

import argparse
from typing import TYPE_CHECKING

from rollcall.cli.command import Command, add_case, add_json
from rollcall.cli.opening import connected
from rollcall.cli.output import print_json

if TYPE_CHECKING:
    import duckdb

    from rollcall.individuals.estimate import Estimate

NEIGHBOURS = 100  # families that lie together in a mailbox are read together, so they count as one draw


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    add_json(parser)


def so_far(connection: "duckdb.DuckDBPyConnection", share: float) -> "tuple[Estimate, int]":
    """Return the estimate from the share that was read, and how many people wait unresolved.

    Before the end nobody has been resolved for good: people are put together for the moment, and no id is minted.
    """
    from rollcall.individuals.estimate import estimate
    from rollcall.individuals.resolve import resolve_loaded

    found = resolve_loaded(connection, connection.table("relations").to_arrow_table())
    proposed = {one.individual_id for one in found.individuals if one.status == "proposed"}
    person = {link.mention_id: link.individual_id for link in found.links if link.individual_id in proposed}
    draws = _draws(connection, person)
    return estimate(draws, max(round(len(draws) / share), len(draws)), share), len(found.individuals) - len(proposed)


def _draws(connection: "duckdb.DuckDBPyConnection", person: dict[str, str]) -> list[set[str]]:
    """Return the people of each run of neighbouring families, in the order of their mailboxes."""
    families: dict[tuple[str, str, str], set[str]] = {}
    for mention_id, family_id, source_id, sent_at in connection.table("mention_families").fetchall():
        families.setdefault((source_id, sent_at, family_id), set())
        if mention_id in person:
            families[source_id, sent_at, family_id].add(person[mention_id])
    ordered = [families[key] for key in sorted(families)]
    return [set().union(*ordered[start : start + NEIGHBOURS]) for start in range(0, len(ordered), NEIGHBOURS)]


def run(args: argparse.Namespace) -> int:
    """Print people so far and the range."""
    from rollcall import pipeline, views
    from rollcall.loading import Facts

    with connected(args, Facts.WHOLE) as (_, store, connection):
        share = pipeline.progress(store)
        if share >= 1:
            people = views.one(connection, "headline")
            low = high = n_people = people["n_people"]
            n_unresolved = people["n_unresolved"]
            sentence = f"{n_people:,} people; everything that could be read was read."
        elif share <= 0:
            low = high = n_people = n_unresolved = 0
            sentence = "Nothing has been read yet."
        else:
            found, n_unresolved = so_far(connection, share)
            low, high, n_people, sentence = found.low, found.high, found.so_far, found.sentence
    if args.json:
        print_json({"n_people": n_people, "n_unresolved": n_unresolved, "share_read": share, "low": low, "high": high})
    else:
        print(f"{sentence} {n_unresolved:,} unresolved.")
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
