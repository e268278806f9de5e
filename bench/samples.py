"""Run every real file kept beside the project in one case and print the account (make samples).

Exit 0 when the run ended with exit 3 (problems named, nothing crashed), the accounting difference is 0, no problem is
our own fault, every mailbox of Outlook shows as many items as libpff counts in it, and each of the listed files ends
as `samples_expected.toml` says, a table made by hand: its end state, and its code where there is one. At least 85 % of
the files are read. With --docs the account is also written to docs/reference/samples.md: counts only, nothing that
stands in the files. --no-ocr leaves pages that are pictures out, which changes the account but no row of the table.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from rollcall import __version__
from rollcall.problems import CODES

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
FOLDERS = (
    "archive", "ccda", "document", "eml", "html", "ics", "image", "mbox", "msg", "pdf", "pst", "slides", "spreadsheet",
    "tnef", "x12",
)  # fmt: skip
EXPECTED = Path(__file__).with_name("samples_expected.toml")
LEAST_READ = 0.85
OURS = ("crashed", "internal_error", "parser_failed", "timed_out", "out_of_memory")  # none of them may occur
PAGE = ROOT / "docs" / "reference" / "samples.md"


def main() -> int:
    """Make the case, run it, print what `status` says, and judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--docs", action="store_true", help="write docs/reference/samples.md as well")
    parser.add_argument("--no-ocr", action="store_true", help="leave pages that are pictures out")
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
        quick = ["--no-ocr"] if given.no_ocr else []
        run = subprocess.run([*rollcall, "run", str(case), *sources, *opened, *quick], check=False)
        seconds = time.monotonic() - began
        standing = told([*rollcall, "status", str(case), "--json", *opened])
        problems = told([*rollcall, "problems", str(case), "--json", "--all", *opened])
        table = Path(scratch) / "items.jsonl"
        clear = ["--values", "clear", "--to", str(table)]
        subprocess.run([*rollcall, "export", str(case), "items", *clear, *opened], check=True, stdout=sys.stderr)
        ends = ended([json.loads(line) for line in table.read_text().splitlines()], standing["sources"], problems)
    account = standing["account"]
    miscounted = [name for name, ours, theirs in counted(standing["sources"]) if ours < theirs]
    ours = sorted({row["code"] for row in problems} & set(OURS))
    unlike = otherwise(ends)
    read = sum(state == "read" for state, _ in ends.values()) / len(listed())
    good = run.returncode == 3 and account["difference"] == 0 and not ours and not miscounted
    good = good and not unlike and read >= LEAST_READ
    text = page(run.returncode, standing, problems, ends)
    print(text)
    print(
        f"samples: {seconds:.0f} s, exit {run.returncode} (3 expected), accounting difference {account['difference']}"
    )
    for code in ours:
        print(f"samples: a reader of ours failed: {code}")
    print(f"samples: {read:.1%} of {len(listed())} listed files read; {len(unlike)} end otherwise than the table says")
    for line in unlike:
        print(f"samples: {line}")
    for name in miscounted:
        print(f"samples: {name}: libpff counts more items")
    if given.docs and good:
        PAGE.write_text(text, encoding="utf-8")
    return 0 if good else 1


def told(command: list[str]) -> Any:
    """Return what a command prints as JSON."""
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def listed() -> list[str]:
    """Return the files that the list beside them names."""
    lines = (SAMPLES / "SOURCES.txt").read_text(encoding="utf-8").splitlines()
    names = (line.split("\t")[0] for line in lines if "\t" in line)
    return [name for name in names if name.partition("/")[0] in FOLDERS]


def ended(
    items: list[dict[str, Any]], sources: list[dict[str, Any]], problems: list[dict[str, Any]]
) -> dict[str, tuple[str, str]]:
    """Return how each listed file ended: its end state and, where content may be missing, the first code."""
    places = {source["source_id"]: Path(source["path"]) for source in sources}
    roots = {item["item_id"] for item in items if item["parent_id"] is None}
    files: dict[str, dict[str, Any]] = {}
    for item in items:
        place = places[item["source_id"]]
        if item["item_id"] in roots:
            files[f"{place.parent.name}/{place.name}"] = item
        elif item["parent_id"] in roots and place.name in FOLDERS:
            files.setdefault(f"{place.name}/{item['name']}", item)
    order = list(CODES)
    codes: dict[str, list[str]] = {}
    for row in problems:
        if CODES[row["code"]].loses:
            codes.setdefault(row["item_id"], []).append(row["code"])
    return {
        name: (files[name]["end_state"], min(codes.get(files[name]["item_id"], [""]), key=["", *order].index))
        for name in listed()
        if name in files
    }


def otherwise(ends: dict[str, tuple[str, str]]) -> list[str]:
    """Return a line for each listed file that has no end, or another than the table says."""
    expected = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
    lines = []
    for name in listed():
        wanted = tuple(expected.get(name, ("", "")))
        found = ends.get(name, ("no end", ""))
        if found != wanted:
            lines.append(f"{name}: {' '.join(found)}, expected {' '.join(wanted)}")
    return lines


def by_kind(ends: dict[str, tuple[str, str]]) -> list[str]:
    """Return the rows of the table by kind: how many of its files ended how, and with which codes."""
    rows = ["| kind | files | read | empty | problem | codes |", "|---|---|---|---|---|---|"]
    for folder in FOLDERS:
        mine = [end for name, end in ends.items() if name.startswith(f"{folder}/")]
        states = Counter(state for state, _ in mine)
        codes = Counter(code for _, code in mine if code)
        said = ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
        rows.append(f"| {folder} | {len(mine)} | {states['read']} | {states['empty']} | {states['problem']} | {said} |")
    states = Counter(state for state, _ in ends.values())
    rows.append(f"| all | {len(ends)} | {states['read']} | {states['empty']} | {states['problem']} | |")
    return rows


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


def page(
    exit_code: int, standing: dict[str, Any], problems: list[dict[str, Any]], ends: dict[str, tuple[str, str]]
) -> str:
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
    lines += [
        "",
        f"Of the {len(listed())} files listed, by kind. What each must end as stands in `bench/samples_expected.toml`,",
        "made by hand. What is inside a file is an item of its own and not counted here.",
        "",
        *by_kind(ends),
    ]
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
