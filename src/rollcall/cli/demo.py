"""`rollcall demo`: a made-up hospital, from mailbox to list, and how right the list is."""

import argparse
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rollcall.cli.command import Command
from rollcall.cli.output import print_columns
from rollcall.problems import CaseError, Exit

if TYPE_CHECKING:
    import duckdb

    from rollcall.demo.truth import Truth

SEED = 20260201
N_PEOPLE = 800
N_MESSAGES = 300
PACK = "dev"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="DIR", nargs="?", type=Path, default=Path("demo-case"), help="(demo-case)")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="worker processes (2)")
    parser.add_argument("--seed", type=int, default=SEED, help=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    """Make the hospital, run the case, print the account, the people and the grade."""
    from rollcall import pipeline, views
    from rollcall.case import make_case, open_case, unlock_from
    from rollcall.cli.report import write_report
    from rollcall.cli.status import print_standing
    from rollcall.engine.progress import Progress
    from rollcall.loading import Facts
    from rollcall.store import create_store, open_store

    folder: Path = args.case.resolve()
    if not folder.parent.is_dir():
        raise CaseError(f"{folder.parent} is not there, so no demo can be made in it. Make that folder first.")
    truth = _hospital(beside(folder, "hospital"), args.seed)
    key_file = _key(beside(folder, "key", "."), fresh=not (folder / "header").is_file())
    unlock = unlock_from(key_file)
    if (folder / "header").is_file():
        case, store = open_case(folder), open_store(folder, unlock)
    else:
        case = open_case(folder) if (folder / "case.toml").is_file() else make_case(folder)
        store = create_store(folder, unlock)
    with store:
        request = pipeline.RunRequest(sources=(beside(folder, "hospital") / "evidence",), workers=args.workers)
        pipeline.run(case, store, request, Progress(sys.stderr))
        print_standing(case, store)
        connection = pipeline.connect(case, store, Facts.SHOWN)
        try:
            report = write_report(case, store, connection)
            balanced = views.one(connection, "accounting")["difference"] == 0
            passed = _grade(connection, truth)
        finally:
            connection.close()
    print()
    print("Where things are:")
    print_columns(
        ("WHAT", "WHERE"),
        [
            ("the report", report),
            ("the case (encrypted)", folder),
            ("its key", key_file),
            ("the mailboxes, and the truth", beside(folder, "hospital")),
        ],
    )
    print(f"Next: rollcall people {args.case} --key-file {key_file}")
    return int(Exit.DONE if passed and balanced else Exit.BUG)


def beside(folder: Path, what: str, joint: str = "-") -> Path:
    """Return the path of something that stands beside the demo's case."""
    return folder.with_name(f"{folder.name}{joint}{what}")


def _hospital(folder: Path, seed: int) -> "Truth":
    from rollcall.demo.hospital import make_hospital
    from rollcall.demo.truth import load_truth

    if (folder / "truth").is_dir():
        return load_truth(folder / "truth")
    print(f"Making a hospital of {N_PEOPLE} people and {N_MESSAGES} messages in {folder}", file=sys.stderr)
    # Made under another name first: what stands under the right one is whole.
    unfinished = beside(folder, "unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    truth = make_hospital(unfinished, seed, N_PEOPLE, N_MESSAGES, PACK)
    unfinished.rename(folder)
    return truth


def _key(path: Path, *, fresh: bool) -> Path:
    import secrets

    from rollcall.store.filesystem import write_file

    if not path.exists():
        if not fresh:
            raise CaseError(
                f"The demo's key {path} is gone, so its case cannot be opened. Name another DIR.", Exit.KEY_NEEDED
            )
        write_file(path, secrets.token_bytes(32))
    return path


def _grade(connection: "duckdb.DuckDBPyConnection", truth: "Truth") -> bool:
    from rollcall import views
    from rollcall.demo.grade import describe, grade, load_bar, passes

    individuals = views.rows(connection, "individuals").to_pylist()
    found, bar = grade(individuals, views.rows(connection, "evidence").to_pylist(), truth), load_bar()
    print()
    print("How right the list is, held against what was planted (95 % intervals in brackets):")
    print(describe(found))
    passed = passes(found, bar)
    print(
        f"The bar is recall {bar.person_recall:.2f} and precision {bar.precision:.2f}: "
        f"{'reached' if passed else 'NOT reached'}."
    )
    return passed


COMMAND = Command(
    name="demo",
    summary="make a made-up hospital and run everything on it; needs nothing else",
    text="""\
Make a small made-up hospital (an mbox and a Maildir, all people invented), run the whole process on it, write the
report, and hold the list against what was planted. Key, mailboxes and truth stand beside DIR.

example:
  rollcall demo
  rollcall people demo-case --key-file demo-case.key
""",
    arguments=_arguments,
    run=run,
)
