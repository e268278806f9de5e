"""Processor time of reading the same documents, here and by kreuzberg and markitdown: ratios by format.

    python bench/beside_readers.py --other PYTHON [--turns 5] [--rows 1000] [FOLDER...]

PYTHON is the interpreter of an environment that has the two; they are kept out of this one. Each reader is one process
on one core that has loaded what it needs, and opens every document once before the turns. A turn has each reader read
all documents of a format; the readers take turns. A figure is the median over the turns of the seconds of processor
time, the reader's threads counted in. Documents that one of them does not read are left out for that pair. Here a
document is read as a case does: text with the boxes of words, tables as rows, notes, embedded files listed.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT.parent / "shared" / "samples"
FORMATS = (".pdf", ".docx", ".xlsx", ".pptx", ".html", ".eml", ".msg", ".doc", ".xls", ".rtf")
_SERVE = """
import json, os, sys, time
os.sched_setaffinity(0, {int(sys.argv[1])})
%s
sys.stdout, out = sys.stderr, sys.stdout
for line in sys.stdin:
    told = []
    for path in json.loads(line):
        began = time.process_time()
        try:
            size = len(read(path))
        except Exception:
            size = -1
        told.append((time.process_time() - began, size))
    print(json.dumps(told), file=out, flush=True)
"""
_OURS = """
from pathlib import Path
from rollcall.items.identify import fits
from rollcall.items.parser import Inner, Limits, Table, Text
from rollcall.items.parsers import PARSERS
from rollcall.items.readable import FileReadable
from rollcall.items.message import parts
LIMITS = Limits()
def values(readable):
    parser = next(fits(readable, PARSERS))
    if parser.read_message is not None and parser.name != "pst":
        message = parser.read_message(readable, LIMITS)
        return parts(message, LIMITS)
    return parser.parse(readable, LIMITS)
def read(path):
    pieces = []
    for value in values(FileReadable(Path(path))):
        if isinstance(value, Text):
            pieces.append(value.text)
        elif isinstance(value, Table):
            pieces += ["\\t".join(cells) for _, _, cells in value.rows]
        elif isinstance(value, Inner) and value.chunks is not None:
            for _ in value.chunks():
                pass
    return "\\n".join(pieces)
"""
_KREUZBERG = """
from kreuzberg import ExtractionConfig, extract_file_sync
CONFIG = ExtractionConfig(use_cache=False, disable_ocr=True)
def read(path):
    return extract_file_sync(path, config=CONFIG).content
"""
_MARKITDOWN = """
from markitdown import MarkItDown
READER = MarkItDown()
def read(path):
    return READER.convert(path).text_content
"""


class Reader:
    """One of the readers, in a process of its own."""

    def __init__(self, name: str, python: str, code: str, core: int) -> None:
        self.name = name
        threads = {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1", "TOKIO_WORKER_THREADS": "1"}
        self._process = subprocess.Popen(
            [python, "-c", _SERVE % code, str(core)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True, cwd=ROOT / "src", env={**os.environ, **threads},
        )  # fmt: skip

    def read(self, paths: list[Path]) -> list[tuple[float, int]]:
        """Return the seconds and characters of each document; -1 characters where it was not read."""
        if self._process.stdin is None or self._process.stdout is None:
            return []
        self._process.stdin.write(json.dumps([str(path) for path in paths]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} has died")
        return [(seconds, size) for seconds, size in json.loads(line)]

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


def made(folder: Path, rows: int) -> Iterator[Path]:
    """Write documents as offices make them, larger than the samples: a list of people as a workbook, prose as a PDF."""
    import xlsxwriter

    from rollcall.demo.writers.pdf import write_pages

    rng = Random(3)
    words = ("ward", "claim", "visit", "order", "review", "budget", "pump", "filter", "draft", "notice", "supply")
    path = folder / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("list")
    dated, masked = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "000-00-0000"})
    for row in range(rows + 1):
        for column in range(15):
            if column in (0, 1, 4, 5, 9) or not row:
                sheet.write_string(row, column, f"{rng.choice(words)} {rng.randrange(20_000)}")
            elif column in (2, 3):
                sheet.write_number(row, column, rng.randrange(15_000, 45_000), dated)
            else:
                sheet.write_number(row, column, rng.randrange(10**9), masked if column == 6 else None)
    book.close()
    yield path
    pages = [[" ".join(rng.choices(words, k=14)) for _ in range(50)] for _ in range(12)]
    path = folder / "prose.pdf"
    path.write_bytes(write_pages(pages, mono=False))
    yield path
    path = folder / "table.html"
    cells = "".join(
        "<tr>" + "".join(f"<td>{rng.choice(words)} {rng.randrange(10**6)}</td>" for _ in range(15)) + "</tr>"
        for _ in range(200)
    )
    path.write_text(f"<html><body><table>{cells}</table></body></html>")
    yield path


def compared(readers: list[Reader], paths: list[Path], turns: int) -> list[list[tuple[list[float], int]]]:
    """Return for each reader and document the seconds of each turn and how many characters it found."""
    first = [reader.read(paths) for reader in readers]
    seconds: list[list[list[float]]] = [[[] for _ in paths] for _ in readers]
    for turn in range(turns):
        order = list(range(len(readers)))
        random.Random(turn).shuffle(order)
        for place in order:
            for number, (spent, _) in enumerate(readers[place].read(paths)):
                seconds[place][number].append(spent)
    return [
        [(seconds[place][number], first[place][number][1]) for number in range(len(paths))]
        for place in range(len(readers))
    ]


def row(name: str, found: list[list[tuple[list[float], int]]]) -> str:
    """Return the line of a format: our seconds, and for each other reader files, seconds of both, ratio."""
    ours = found[0]
    cells = [name, str(len(ours))]
    for theirs in found[1:]:
        both = [number for number in range(len(ours)) if ours[number][1] >= 0 and theirs[number][1] >= 0]
        mine = [sum(ours[number][0][turn] for number in both) for turn in range(len(ours[0][0]))]
        other = [sum(theirs[number][0][turn] for number in both) for turn in range(len(ours[0][0]))]
        spent, others = statistics.median(mine), statistics.median(other)
        characters = sum(ours[number][1] for number in both) / max(1, sum(theirs[number][1] for number in both))
        ratio = f"{spent / others:.2f}" if others > 0 else "-"
        cells += [str(len(both)), f"{spent:.3f}", f"{others:.3f}", f"**{ratio}**", f"{characters:.2f}"]
    return "| " + " | ".join(cells) + " |"


def by_format(folders: Iterable[Path]) -> dict[str, list[Path]]:
    """Return the documents of the folders by their ending."""
    found: dict[str, list[Path]] = {ending: [] for ending in FORMATS}
    for folder in folders:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            if path.suffix.lower() in found:
                found[path.suffix.lower()].append(path)
    return found


def main() -> int:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--other", required=True, help="python with kreuzberg and markitdown")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--core", type=int, default=0)
    given = parser.parse_args()
    codes: list[tuple[str, Any, str]] = [
        ("rollcall", sys.executable, _OURS), ("kreuzberg", given.other, _KREUZBERG),
        ("markitdown", given.other, _MARKITDOWN),
    ]  # fmt: skip
    readers = [Reader(name, python, code, given.core) for name, python, code in codes]
    head = ["documents", "files"]
    for name, _, _ in codes[1:]:
        head += ["files of both", "rollcall s", f"{name} s", f"rollcall / {name}", "characters, ours / theirs"]
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    with tempfile.TemporaryDirectory() as scratch:
        for path in made(Path(scratch), given.rows):
            print(row(f"made: {path.name}", compared(readers, [path], given.turns)), flush=True)
        for ending, paths in by_format(given.folders or [SAMPLES]).items():
            if paths:
                print(row(ending, compared(readers, paths, given.turns)), flush=True)
    for reader in readers:
        reader.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
