"""Words of documents: how many of those an independent reader finds are in what the readers here yield, by file.

    python bench/documents.py FOLDER... [--other PYTHON] [--least 0.995]

Office files of today are compared with a bare walk over their XML; others with kreuzberg, where `--other` names the
interpreter of an environment that has it (it is kept out of this one). Each file is listed whose recall is below
`--least`, with its first missing words; then the sums, and how each file ended.
"""

import argparse
import collections
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from rollcall.items import charsets
from rollcall.items.identify import fits, unread_code
from rollcall.items.parser import Fault, Inner, Limits, Table, Text
from rollcall.items.parsers import PARSERS
from rollcall.items.readable import FileReadable

# Runs of text in the XML of Office documents, whatever prefix stands for their namespaces.
_RUN = re.compile(rb"<(?:\w+:)?(?:t|delText)(?:\s[^>]*)?>([^<]*)</")
# What stands twice: the form for old programs, and the reading aids of Japanese.
_AGAIN = re.compile(rb"<mc:Fallback>.*?</mc:Fallback>|<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_BREAK = re.compile(rb"</(?:\w+:)?(?:p|tc|si|c|is|cm|text)>|<(?:\w+:)?(?:br|tab|cr)\b[^>]*>")
_PARTS = re.compile(
    r"(?:word/(?:document|header|footer|footnotes|endnotes|comments)|ppt/(?:slides|notesSlides|comments)/"
    r"|xl/(?:sharedStrings|comments|drawings/drawing))[^/]*\.xml$"
)
_INLINE = frozenset(("a", "b", "big", "em", "font", "i", "small", "span", "strong", "sub", "sup", "tt", "u", "wbr"))
_OTHER = """
import json, sys
from kreuzberg import extract_file_sync, ExtractionConfig
for path in sys.stdin.read().splitlines():
    try:
        found = extract_file_sync(path, config=ExtractionConfig(use_cache=False, disable_ocr=True))
        print(json.dumps([path, found.content]))
    except Exception as error:
        print(json.dumps([path, None]))
"""


def words(text: str) -> collections.Counter[str]:
    """Return the words of a text; marks between letters part them, so that layout does not count."""
    return collections.Counter(re.findall(r"[^\W_]+", text.lower()))


def ours(path: Path) -> tuple[str, str]:
    """Return what is read of a file, and how it ended: read, empty or a code."""
    readable = FileReadable(path)
    pieces: list[str] = []
    code, n_inner = "", 0
    parser = next(fits(readable, PARSERS), None)
    if parser is None:
        return "", unread_code(readable, path.name, "")[1]
    for value in parser.parse(readable, Limits()):
        if isinstance(value, Text):
            pieces.append(value.text)
        elif isinstance(value, Table):
            pieces.append(value.label)
            pieces += ("\t".join(cells) for _, _, cells in value.rows)
        elif isinstance(value, Fault):
            code = code or value.code
        elif isinstance(value, Inner):
            n_inner += 1
    return "\n".join(pieces), code or ("read" if pieces or n_inner else "empty")


def walked(path: Path) -> str | None:
    """Return the runs of text that stand in an Office document's XML, None where it is none."""
    try:
        with zipfile.ZipFile(path) as package:
            names = [name for name in package.namelist() if _PARTS.match(name)]
            raw = b"\n".join(package.read(name) for name in names)
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        return None
    if not names:
        return None
    marked = _BREAK.sub(b"<t>\n</t>", _AGAIN.sub(b"", raw))
    text = b"".join(match[1] for match in _RUN.finditer(marked)).decode("utf-8", "replace")
    return re.sub(r"&#?\w+;", lambda match: {"&amp;": "&", "&lt;": "<"}.get(match[0], " "), text)


class _Shown(HTMLParser):
    """The text of a page by the standard library, without script and style."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = 0
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside += tag in ("script", "style")
        self.pieces.append("" if tag in _INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self._inside -= tag in ("script", "style")
        self.pieces.append("" if tag in _INLINE else " ")

    def handle_data(self, data: str) -> None:
        if self._inside <= 0:
            self.pieces.append(data)


def shown(path: Path) -> str | None:
    """Return the text of an HTML file, None for others."""
    if path.suffix != ".html":
        return None
    reader = _Shown()
    reader.feed(charsets.decode(path.read_bytes())[0])
    return "".join(reader.pieces)


def others(paths: list[Path], python: str | None) -> dict[Path, str]:
    """Return what kreuzberg reads of the files it can."""
    if python is None:
        return {}
    told = subprocess.run(
        [python, "-c", _OTHER], input="\n".join(map(str, paths)), capture_output=True, text=True, check=False
    )
    rows = (json.loads(line) for line in told.stdout.splitlines() if line.startswith("["))
    return {Path(path): content for path, content in rows if content is not None}


def files(folders: list[str]) -> Iterator[Path]:
    """Yield the files of the folders, by name."""
    for folder in folders:
        yield from sorted(path for path in Path(folder).iterdir() if path.is_file())


def main() -> int:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--other")
    parser.add_argument("--least", type=float, default=0.995)
    args = parser.parse_args()
    paths = list(files(args.folders))
    other = others([path for path in paths if (walked(path) or shown(path)) is None], args.other)
    ends: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    sums: dict[str, list[int]] = collections.defaultdict(lambda: [0, 0])
    for path in paths:
        text, end = ours(path)
        ends[path.suffix][end] += 1
        walk = walked(path) or shown(path)
        reference = walk if walk is not None else other.get(path)
        if reference is None:
            continue
        wanted, found = words(reference), words(text)
        if walk is None:  # what the other repeats, in notes of its own among others, is counted once
            wanted, found = (collections.Counter(set(one)) for one in (wanted, found))
        missing = wanted - found
        total, lost = sum(wanted.values()), sum(missing.values())
        sums[f"{path.suffix} {'bare walk' if walk is not None else 'kreuzberg'}"][0] += total
        sums[f"{path.suffix} {'bare walk' if walk is not None else 'kreuzberg'}"][1] += lost
        if total and (total - lost) / total < args.least:
            print(f"{(total - lost) / total:7.2%} of {total:6} {path.name} ({end}): {' '.join(list(missing)[:12])}")
    for kind, (total, lost) in sorted(sums.items()):
        print(f"{kind}: {(total - lost) / max(1, total):.3%} of {total} words")
    for suffix, counted in sorted(ends.items()):
        print(suffix, dict(counted))
    return 0


if __name__ == "__main__":
    sys.exit(main())
