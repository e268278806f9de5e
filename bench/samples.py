"""Run every real file kept beside the project in one case and print the account (make samples).

Exit 0 when the run ended with exit 3 (problems named, nothing crashed), the accounting difference is 0, no problem is
our own fault, and every mailbox of Outlook shows as many items as libpff counts in it. With --docs the account is also
written to docs/reference/samples.md: counts only, nothing that stands in the files.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rollcall import __version__
from rollcall.problems import CODES

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
FOLDERS = ("pst", "mbox", "eml", "msg", "spreadsheet", "html")
OURS = ("crashed", "internal_error", "parser_failed", "timed_out", "out_of_memory")  # none of them may occur
PAGE = ROOT / "docs" / "reference" / "samples.md"


def main() -> int:
    """Make the case, run it, print what `status` says, and judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--docs", action="store_true", help="write docs/reference/samples.md as well")
    given = parser.parse_args()
    if not SAMPLES.is_dir():
        print("NOT RUN: the real files are not beside the project")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        case, key = Path(scratch) / "samples-case", Path(scratch) / "samples.key"
        key.write_text(secrets.token_hex(32))
        rollcall = [sys.executable, "-m", "rollcall"]
        sources = [str(SAMPLES / folder) for folder in FOLDERS]
        opened = ["--key-file", str(key)]
        began = time.monotonic()
        run = subprocess.run([*rollcall, "run", str(case), *sources, *opened], check=False)
        seconds = time.monotonic() - began
        standing = told([*rollcall, "status", str(case), "--json", *opened])
        problems = told([*rollcall, "problems", str(case), "--json", "--all", *opened])
    account = standing["account"]
    miscounted = [name for name, ours, theirs in counted(standing["sources"]) if ours != theirs]
    ours = sorted({row["code"] for row in problems} & set(OURS))
    good = run.returncode == 3 and account["difference"] == 0 and not ours and not miscounted
    text = page(run.returncode, standing, problems)
    print(text)
    print(
        f"samples: {seconds:.0f} s, exit {run.returncode} (3 expected), accounting difference {account['difference']}"
    )
    for code in ours:
        print(f"samples: a reader of ours failed: {code}")
    for name in miscounted:
        print(f"samples: {name}: libpff counts another number of items")
    if given.docs and good:
        PAGE.write_text(text, encoding="utf-8")
    return 0 if good else 1


def told(command: list[str]) -> Any:
    """Return what a command prints as JSON."""
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def counted(sources: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """Return each mailbox of Outlook with its items here (itself left out) and by libpff's own count."""
    return [
        (Path(source["path"]).name, source["n_items"] - 1, by_libpff(SAMPLES / "pst" / Path(source["path"]).name))
        for source in sorted(sources, key=lambda one: str(one["path"]))
        if source["kind"] in ("pst", "ost")
    ]


def by_libpff(path: Path) -> int:
    """Return how many messages, other items and attachments libpff counts in a file."""
    import pypff

    file = pypff.file()
    file.open(str(path))
    try:
        return within(file.get_root_folder())
    finally:
        file.close()


def within(folder: Any) -> int:
    """Return the count for a folder and those in it; its items are all that are no folders."""
    total = int(folder.number_of_sub_items) - int(folder.number_of_sub_folders)
    for index in range(folder.number_of_sub_messages):
        try:
            total += int(getattr(folder.get_sub_message(index), "number_of_attachments", 0))
        except OSError:
            continue  # of a message that libpff cannot open it counts no attachments
    return total + sum(within(folder.get_sub_folder(index)) for index in range(folder.number_of_sub_folders))


def page(exit_code: int, standing: dict[str, Any], problems: list[dict[str, Any]]) -> str:
    """Return the account as a page: counts only."""
    account = standing["account"]
    lines = [
        "# Real files, accounted for",
        "",
        f"Written by `python bench/samples.py --docs`, version {__version__}. `make samples` runs every file of these",
        f"kinds that is kept beside the project ({', '.join(FOLDERS)}) in one case, and prints this account. The files",
        "are test material of open-source mail and document projects; some are broken on purpose.",
        "",
        f"`rollcall run samples-case {' '.join(FOLDERS)}` ended with exit {exit_code}: done, with problems named.",
        "",
        "| | |",
        "|---|---|",
    ]
    lines += [f"| {name.removeprefix('n_')} | {value} |" for name, value in account.items()]
    lines += ["", "| source | kind | items | read | with a problem |", "|---|---|---|---|---|"]
    for source in sorted(standing["sources"], key=lambda one: str(one["path"])):
        name = Path(source["path"]).name
        lines.append(
            f"| {name} | {source['kind']} | {source['n_items']} | {source['n_read']} | {source['n_problems']} |"
        )
    lines += [
        "",
        "Outlook's mailboxes against libpff's own count of messages, other items and attachments (a mailbox is itself",
        "one item more above):",
        "",
        "| mailbox | items here | by libpff |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {ours} | {theirs} |" for name, ours, theirs in counted(standing["sources"])]
    lines += ["", "| code | detail | contents | what to do |", "|---|---|---|---|"]
    rows = Counter((row["code"], row["detail"]) for row in problems if CODES[row["code"]].loses)
    for (code, detail), count in sorted(rows.items()):
        lines.append(f"| {code} | {detail} | {count} | {CODES[code].what_to_do} |")
    notes = Counter(row["code"] for row in problems if not CODES[row["code"]].loses)
    lines += [
        "",
        "Notes on what was read: " + ", ".join(f"{code} {count}" for code, count in sorted(notes.items())) + ".",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
