"""`rollcall key`: who can open the case."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rollcall.cli.command import Command, add_case, add_json
from rollcall.cli.output import count, print_columns, print_json
from rollcall.cli.run import refuse_inside

if TYPE_CHECKING:
    from rollcall.store import Lock


def _arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="show the slots; needs no key")
    listing.add_argument("case", metavar="CASE", type=Path)
    add_json(listing)
    adding = verbs.add_parser("add", help="let another secret open the case")
    add_case(adding)
    _add_lock(adding)
    removing = verbs.add_parser("remove", help="let a slot open the case no more")
    add_case(removing)
    removing.add_argument("slot", metavar="SLOT", help="as `key list` shows it")
    rotating = verbs.add_parser("rotate", help="encrypt everything anew under a new data key")
    add_case(rotating)
    _add_lock(rotating)
    rotating.add_argument("--drop-others", action="store_true", help="drop slots whose secret is not given")


def _add_lock(parser: argparse.ArgumentParser) -> None:
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--new-key-file", type=Path, metavar="FILE", help="a file holding the new secret")
    chosen.add_argument("--new-passphrase", action="store_true", help="ask for a new passphrase")
    chosen.add_argument("--recipient", metavar="AGE1...", help="an age recipient")


def _locks(args: argparse.Namespace, *, needed: bool) -> "list[Lock]":
    from rollcall.case import ask_passphrase, read_secret
    from rollcall.store import Lock

    if args.new_key_file is not None:
        refuse_inside(args.new_key_file, args.case)
        return [Lock(key_file=read_secret(args.new_key_file))]
    if args.recipient is not None:
        return [Lock(age_recipient=args.recipient)]
    if args.new_passphrase or needed:
        return [Lock(passphrase=ask_passphrase("New passphrase", twice=True))]
    return []


def run(args: argparse.Namespace) -> int:
    """List, add, remove or rotate."""
    from rollcall.case import open_case, unlock_from
    from rollcall.store import slots

    open_case(args.case)
    if args.verb == "list":
        rows = [(slot.slot_id, slot.kind, slot.created_at) for slot in slots.slots(args.case)]
        if args.json:
            print_json([dict(zip(("slot", "kind", "created_at"), row, strict=True)) for row in rows])
        else:
            print_columns(("SLOT", "KIND", "MADE"), rows)
        return 0
    unlock = unlock_from(args.key_file)
    if args.verb == "add":
        slot = slots.add_slot(args.case, unlock, _locks(args, needed=True)[0])
        print(f"Slot {slot.slot_id} ({slot.kind.replace('_', ' ')}) opens the case now.")
    elif args.verb == "remove":
        slots.remove_slot(args.case, unlock, args.slot)
        print(
            f"Slot {args.slot} opens the case no more. Who opened it before may have kept the data key: `key rotate`."
        )
    else:
        done = slots.rotate(args.case, unlock, _locks(args, needed=False), args.drop_others)
        print(f"{count(done.n_files, 'file')} ({done.n_bytes:,} bytes) now under a new data key.")
        for slot in done.dropped:
            print(f"Dropped: slot {slot.slot_id} ({slot.kind.replace('_', ' ')}).")
    return 0


COMMAND = Command(
    name="key",
    summary="list, add, remove or rotate the keys of a case",
    text="""\
A case opens with any of its slots: passphrases, key files, age recipients. If all are lost, the case is lost. Removing
a slot does not shut out who kept the data key; `rotate` encrypts everything anew.

example:
  rollcall key list my-case
  rollcall key add my-case --key-file my.key --new-key-file colleague.key
  rollcall key remove my-case 1f2e3d4c --key-file my.key
  rollcall key rotate my-case --key-file my.key --drop-others
""",
    arguments=_arguments,
    run=run,
)
