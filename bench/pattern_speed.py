"""Measure how fast the patterns of the catalogue read text, and that the sets before them lose nothing.

    python bench/pattern_speed.py FILE... [--megabytes 3]

Prints megabytes (10^6 characters) a second of processor time for patterns with their offsets, for terms, and for the
whole scan with labels and fields; and how many hits differ from those of every pattern searched by itself in a sample.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from rollcall.findings.patterns import bounded, gates, hits, lines
from rollcall.findings.scan import scan_lines
from rollcall.findings.terms import terms_in

SAMPLE = 2_000  # lines searched with every pattern


def speed(what: Callable[[], object], n_characters: int) -> str:
    """Return millions of characters a second."""
    started = time.process_time()
    what()
    return f"{n_characters / 1e6 / (time.process_time() - started):.2f} MB/s"


def one_by_one(line: str) -> set[tuple[str, int, int]]:
    """Return what every pattern finds without the sets."""
    found = set()
    for shape in gates().shapes:
        position = 0
        while match := shape.regex.search(line, position):
            if match.end() > match.start() and bounded(line, *match.span()):
                found.add((shape.regex.pattern, *match.span(shape.group)))
                position = match.end()
            else:
                position = match.start() + 1
    return found


def main() -> None:
    """Print the measures."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("files", type=Path, nargs="+")
    asked.add_argument("--megabytes", type=float, default=3.0)
    given = asked.parse_args()
    text = "\n".join(path.read_text("utf-8", "replace") for path in given.files)[: int(given.megabytes * 1e6)]
    every = [line for _, line in lines(text)]
    for line in every[:SAMPLE]:  # automata are built as they are used
        list(hits(line)), terms_in(line)
    print(f"{len(text) / 1e6:.1f} MB, {len(every)} lines, {len(gates().shapes)} patterns in {len(gates().gates)} sets")
    print("patterns ", speed(lambda: [list(hits(line)) for line in every], len(text)))
    print("terms    ", speed(lambda: [terms_in(line) for line in every], len(text)))
    print("the scan ", speed(lambda: scan_lines(text), len(text)))
    differing = sum(
        {(shape.regex.pattern, start, end) for shape, start, end in hits(line)} != one_by_one(line)
        for line in every[:SAMPLE]
    )
    print(f"of {min(SAMPLE, len(every))} lines {differing} differ from every pattern searched by itself")


if __name__ == "__main__":
    main()
