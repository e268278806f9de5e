"""`rollcall why`: why these places are one person, and every place where each element of theirs stands."""

import argparse
import itertools
from typing import TYPE_CHECKING, Any

from rollcall.cli.command import Command, add_case, add_json, add_values
from rollcall.cli.opening import connected, record_clear
from rollcall.cli.output import count, plain, print_json
from rollcall.problems import CaseError

if TYPE_CHECKING:
    import duckdb

    from rollcall.store import Store


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    parser.add_argument(
        "person", metavar="PERSON", help="an individual_id (its beginning will do) or a ROW of `people`"
    )
    add_json(parser)
    add_values(parser)


def find_person(connection: "duckdb.DuckDBPyConnection", given: str) -> dict[str, Any]:
    """Return the individual whose id begins so, or who stands in that row of `people`."""
    from rollcall import views

    people: list[dict[str, Any]] = views.rows(connection, "individuals").to_pylist()
    fitting = [row for row in people if row["individual_id"].startswith(given)]
    if len(fitting) == 1:
        return fitting[0]
    if len(fitting) > 1 and not given.isdecimal():
        raise CaseError(
            f"{count(len(fitting), 'person', 'people')} have an id that begins with {given}. Give more of it."
        )
    if given.isdecimal() and 0 < int(given) <= len(people):
        return people[int(given) - 1]
    for alias in views.rows(connection, "aliases").to_pylist():
        if alias["alias_id"].startswith(given):
            return find_person(connection, alias["individual_id"])
    raise CaseError(f"Nobody in this case has the id or row {given}. `rollcall people CASE` lists them.")


def explain(store: "Store", connection: "duckdb.DuckDBPyConnection", args: argparse.Namespace) -> dict[str, Any]:
    """Return everything that is known of why a person is on the list."""
    from rollcall import model, views
    from rollcall.elements import ELEMENTS
    from rollcall.views.masking import masker

    person = find_person(connection, args.person)
    individual_id = person["individual_id"]
    resolved = views.of_person(connection, model.Individual.TABLE, individual_id)
    why = resolved[0]["why"] if resolved else ""
    links = views.of_person(connection, "reasons", individual_id)
    places = views.of_person(connection, "whereabouts", individual_id)
    if args.values == "clear":
        record_clear(store, f"why {individual_id}", "the terminal")
    else:
        mask = masker(connection, ELEMENTS)
        person, why = mask.row(person), mask.text(why)
        links, places = [mask.row(row) for row in links], [mask.row(row) for row in places]
    return {"person": person, "why": why, "links": links, "places": places}


def run(args: argparse.Namespace) -> int:
    """Print why."""
    with connected(args) as (_, store, connection):
        found = explain(store, connection, args)
    if args.json:
        print_json(found)
        return 0
    _print_person(found)
    return 0


def _print_person(found: dict[str, Any]) -> None:
    person = found["person"]
    print(f"{plain((person['names'] or ['(no name)'])[0])}  {person['individual_id']}")
    print(f"{person['status']}, confidence {person['confidence']:.4f}; {', '.join(person['roles']) or 'no role'}")
    if found["why"]:
        print(f"One person because: {plain(found['why'])}")
    if person["candidates"]:
        print(f"May be the same as: {', '.join(person['candidates'])}")
    print(f"\n{count(len(found['links']), 'mention')}:")
    for link in found["links"]:
        where = " > ".join(part for part in (link["mailbox"], link["message_id"], link["path"]) if part)
        line = f" row {link['line']}" if link["line"] else ""
        print(f"  {link['confidence']:.2f}  {link['kind']} as {link['role']}: {plain(link['name'])}")
        print(f"        {plain(where)}{line}")
        print(f"        {plain(link['why'])}  [{link['mention_id']}]")
    print("\nElements:")

    def element(row: dict[str, Any]) -> tuple[str, str, str]:
        return row["element"], row["subtype"], row["value"]

    for (name, subtype, value), places in itertools.groupby(found["places"], element):
        print(f"  {name} {subtype}: {plain(value)}")
        for place in places:
            where = " > ".join(part for part in (place["mailbox"], place["message_id"], place["path"]) if part)
            counts = "" if place["counts"] else f", does not count ({place['polarity']})"
            print(f"    {'*' if place['is_strongest'] else ' '} {plain(where)} > {plain(place['place'])}", end="")
            print(f"  {place['confidence']:.2f}, {place['access']}{counts}  [{place['finding_id']}]")
    print(
        "\n* the strongest occurrence, which `evidence` shows. What stands in [brackets] can be ruled on with "
        "`rollcall decide`."
    )


COMMAND = Command(
    name="why",
    summary="explain one person: why one, which elements, every place",
    text="""\
Explain one person: which mentions were taken for them and why, which elements are theirs, and every place where each
stands, in all its occurrences. Values are masked unless told otherwise.

example:
  rollcall why my-case 17 --key-file my.key
  rollcall why my-case 3f9a12 --json --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
