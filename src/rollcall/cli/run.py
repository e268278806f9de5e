"""`rollcall run`: create the case if it is not there, register what is given, do all that is not yet done."""

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rollcall.cli.command import Command, add_key
from rollcall.cli.opening import warn, who
from rollcall.problems import CaseError, Exit

if TYPE_CHECKING:
    from rollcall.case import Case
    from rollcall.evidence.sources.imap_address import Address
    from rollcall.store import Store


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", type=Path, help="the case folder; made if it is not there")
    parser.add_argument(
        "sources",
        metavar="SOURCE",
        nargs="*",
        type=_source,
        help="mailboxes, files, folders, or imaps://user@host/Folder",
    )
    parser.add_argument("--logs", nargs="+", type=Path, default=[], metavar="PATH", help="sign-in and audit logs")
    parser.add_argument(
        "--roster", action="append", type=Path, default=[], metavar="PATH", help="patient index, members"
    )
    parser.add_argument("--passwords", action="append", type=Path, default=[], metavar="FILE", help="one a line")
    add_key(parser)
    parser.add_argument("--discovered", metavar="DATE", help="the day the breach was known, YYYY-MM-DD")
    parser.add_argument(
        "--imap-password-file", type=Path, metavar="FILE", help="the password for imap:// sources; else asked for"
    )
    parser.add_argument("--imap-token-file", type=Path, metavar="FILE", help="a token (XOAUTH2) instead of a password")
    parser.add_argument(
        "--imap-ca", type=Path, metavar="FILE", help="a certificate (PEM) to trust beside those of the system"
    )
    parser.add_argument("--workers", type=_positive, default=2, metavar="N", help="worker processes (2)")
    parser.add_argument("--engine", choices=("local", "ray"), default="local", help="where the work is done (local)")
    parser.add_argument(
        "--no-ocr",
        dest="ocr",
        action="store_false",
        help="put off reading pictures; each page is a problem `needs_ocr` until a run without this",
    )


def _source(text: str) -> "Path | Address":
    from rollcall.evidence.sources.imap_address import address_of, is_address

    return address_of(text) if is_address(text) else Path(text)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _is_there(path: Path) -> bool:
    """Say whether something is there; what is closed to us is, and becomes a source that cannot be read."""
    try:
        path.stat()
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def run(args: argparse.Namespace) -> int:
    """Run a case and say how it stands."""
    from rollcall import pipeline
    from rollcall.acquiring import Mailbox, login_for
    from rollcall.case import day
    from rollcall.cli.status import print_standing
    from rollcall.engine.progress import Progress
    from rollcall.registration import refuse_overlap

    if args.engine == "ray" and importlib.util.find_spec("ray") is None:
        raise CaseError("--engine ray needs its extra, which is not installed. Leave it out to run on this machine.")
    paths = [source for source in args.sources if isinstance(source, Path)]
    given = [*paths, *args.logs, *args.roster, *args.passwords]
    missing = [str(path) for path in given if not _is_there(path)]
    if missing:
        raise CaseError(f"Not there: {', '.join(missing)}. Nothing was done; check the paths.")
    for path in given:
        refuse_overlap(path, args.case)
    if args.discovered is not None:
        day(args.discovered)
    for path in (args.imap_password_file, args.imap_token_file):
        refuse_inside(path, args.case)
    mailboxes = tuple(
        Mailbox(address=address, login=login_for(address, args.imap_password_file, args.imap_token_file, args.imap_ca))
        for address in args.sources
        if not isinstance(address, Path)
    )
    case, store = open_or_make(args)
    with store:
        tell_about_keys(case, store)
        request = pipeline.RunRequest(
            sources=tuple(paths),
            mailboxes=mailboxes,
            logs=tuple(args.logs),
            rosters=tuple(args.roster),
            passwords=tuple(args.passwords),
            discovered=args.discovered,
            workers=args.workers,
            engine=args.engine,
            ocr=args.ocr,
        )
        summary = pipeline.run(case, store, request, Progress(sys.stderr))
        print_standing(case, store)
        if summary.exit_code == Exit.NOTHING_OPENED:
            warn("none of the given evidence could be opened, so there is no list. See `rollcall problems`.")
        return int(summary.exit_code)


def open_or_make(args: argparse.Namespace) -> "tuple[Case, Store]":
    """Return the case with its store, both made where they are not there yet."""
    from rollcall.case import SETTINGS, day, make_case, open_case, unlock_from
    from rollcall.store import create_store, open_store
    from rollcall.store.filesystem import refuse_network

    folder: Path = args.case
    if (folder / "header").is_file():
        case = open_case(folder)
        return case, open_store(folder, unlock_from(args.key_file))
    fresh = not (folder / SETTINGS).is_file()
    if fresh and not [*args.sources, *args.logs, *args.roster]:
        raise CaseError(f"There is no case at {folder}, and no SOURCE to make one of. Name the mailboxes to read.")
    refuse_inside(args.key_file, folder)
    refuse_network(folder)  # before anything is made
    unlock = unlock_from(args.key_file, new=True)
    case = make_case(folder, day(args.discovered) if args.discovered else None) if fresh else open_case(folder)
    return case, create_store(folder, unlock)


def refuse_inside(key_file: Path | None, folder: Path) -> None:
    """Refuse a key, or a password, that lies in the case."""
    if key_file is not None and key_file.resolve().is_relative_to(folder.resolve()):
        raise CaseError(f"The key file {key_file} lies inside the case, so it would protect nothing. Move it out.")


def tell_about_keys(case: "Case", store: "Store") -> None:
    """Say once in a case's life that it has only one key."""
    from rollcall.store.slots import slots

    if len(slots(case.folder)) == 1 and not store.ledger.remembered().get("told_one_key"):
        warn(
            f"this case has one key. If it is lost, the case is lost: nobody can open it. Add another with "
            f"`rollcall key add {case.folder}`."
        )
        store.ledger.remember("told_one_key", True, who())


COMMAND = Command(
    name="run",
    summary="create the case if it is not there, register what is given, do all that is not yet done",
    text="""\
Create CASE if it is not there, register each SOURCE (hashed, never changed), and do all that is not yet done: open,
find, put together, resolve. Broken off anywhere, run the same command again: it goes on where it was. A mailbox on a
server is read without changing anything in it, and its mail kept encrypted in the case; given again, what is new is
fetched.

Pages that are pictures take seconds each. With --no-ocr they are counted as problems `needs_ocr`, and a later run
without it reads them and nothing else; max_ocr_pages in case.toml [policy] sets how many are read in the case.

Exit 0: done, the list is final as far as it was read. Exit 3: done, with problems that may hide people; see
`rollcall problems CASE`.

example:
  head -c 32 /dev/urandom > my.key
  rollcall run my-case desk.pst takeout/ --discovered 2026-02-01 --key-file my.key
  rollcall run my-case more.mbox --key-file my.key        new evidence on day 20
  rollcall run my-case imaps://ann@mail.example.org --imap-password-file ann.txt --key-file my.key
""",
    arguments=_arguments,
    run=run,
)
