"""Words that pdftotext (poppler) reads in real PDFs and we do not, file by file.

Exit 0 when at least 99.5 % of them are ours. pdftotext comes with Debian's poppler-utils and is used here only.
"""

import argparse
import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rollcall.items.parser import Fault, Limits, Table, Text
from rollcall.items.parsers import pdf
from rollcall.items.readable import FileReadable

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "samples" / "pdf"
GOOD = 0.995
_WORD = re.compile(r"\w+")


def main() -> int:
    """Print a line for each file with a word missing, and the sum."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--words", action="store_true", help="print the words that are missing")
    given = parser.parse_args()
    if shutil.which("pdftotext") is None or not given.folder.is_dir():
        print("NOT RUN: needs pdftotext and the real files beside the project")
        return 1
    total = missing = 0
    for path in sorted(given.folder.glob("*.pdf")):
        run = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=False)
        theirs, ours = words(run.stdout.decode("utf-8", "replace")), words("\n".join(read(path)))
        lost = theirs - ours
        total += theirs.total()
        missing += lost.total()
        if lost:
            print(f"{path.name:60} {theirs.total():6} words, {lost.total():4} not ours")
            if given.words:
                print("   ", " ".join(sorted(lost)[:40]))
    recall = 1 - missing / max(total, 1)
    print(f"{total} words, {missing} not ours: recall {recall:.4%}")
    return 0 if recall >= GOOD else 1


def words(text: str) -> Counter[str]:
    """Return the words of a text without their hyphens: who knows which of them only part a line."""
    text = unicodedata.normalize("NFKC", text).replace("\xad", "").casefold()
    return Counter(_WORD.findall(re.sub(r"(?<=\w)[-\u2010\u2011]\s*", "", text)))


def read(path: Path) -> Iterator[str]:
    """Yield all text that we read."""
    for value in pdf.parse(FileReadable(path), Limits()):
        if isinstance(value, Text):
            yield value.text
        elif isinstance(value, Table):
            yield from ("\n".join(cells) for _, _, cells in value.rows)
        elif isinstance(value, Fault) and value.code != "encrypted":
            print(f"{path.name}: {value.code} {value.locator}")


if __name__ == "__main__":
    sys.exit(main())
