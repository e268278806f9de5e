"""`rollcall verify`: hold the case against its manifest, its chain and its originals."""

import argparse

from rollcall.cli.command import Command, add_case, add_json
from rollcall.cli.opening import opened
from rollcall.cli.output import count, plain, print_json
from rollcall.problems import Exit


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_case(parser)
    add_json(parser)
    parser.add_argument(
        "--head", action="append", default=[], metavar="HASH", help="a ledger head that a report printed"
    )
    parser.add_argument("--no-originals", action="store_true", help="do not read the sources again")


def run(args: argparse.Namespace) -> int:
    """Print what is not as the case says; exit 8 if that shakes it."""
    from rollcall.registration import rehash_source
    from rollcall.store.upkeep import verify

    def hash_again(path: str, kind: str) -> str:
        hashes = rehash_source(store, sources[path, kind])
        if hashes.unreadable:
            raise PermissionError(f"{len(hashes.unreadable)} files cannot be opened")
        return hashes.sha256

    with opened(args) as (_, store):
        sources = {(source.path, source.kind): source for source in store.ledger.sources()}
        found = verify(store, None if args.no_originals else hash_again, args.head)
        head = store.ledger.head()
        n_sources = len(store.ledger.sources())
    failing = [one for one in found if one.fails]
    if args.json:
        print_json(
            {
                "ok": not failing,
                "ledger_head": head,
                "discrepancies": [{"kind": one.kind, "subject": one.subject, "detail": one.detail} for one in found],
            }
        )
    else:
        for one in found:
            print(f"{one.kind}: {plain(one.subject)}: {plain(one.detail)}")
        originals = (
            "originals not read" if args.no_originals else f"{count(n_sources, 'original')} held against its hash"
        )
        print(f"{'FAILED' if failing else 'Verified'}: folder, ledger chain; {originals}. Ledger head {head}")
    return int(Exit.VERIFICATION if failing else Exit.DONE)


COMMAND = Command(
    name="verify",
    summary="hold the case against its manifest, its chain and its originals",
    text="""\
Check every encrypted file against the manifest, the chain of the ledger, and the hash of each original source. Exit 8
when something is missing, damaged or changed.

example:
  rollcall verify my-case --head 5d41402abc4b2a76 --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
