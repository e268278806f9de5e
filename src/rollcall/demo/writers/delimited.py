"""Lists as text: comma, tab and pipe separated files, and reports in columns of fixed width."""

import csv
import io
from random import Random

from rollcall.demo.grid import Grid, Line
from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, all_at, at

SEPARATORS = {"csv": ",", "tab": "\t", "pipe": "|", "semicolon": ";", "caret": "^"}


def write_delimited(rng: Random, name: str, grid: Grid, way: str) -> Made:
    """Return a delimited file; the encoding is what some program of the office writes."""
    out = io.StringIO()
    careful = rng.random() < 0.3
    ending = rng.choice(("\r\n", "\n"))
    writer = csv.writer(out, delimiter=SEPARATORS[way], lineterminator=ending)
    if careful:
        writer = csv.writer(out, delimiter=SEPARATORS[way], lineterminator=ending, quoting=csv.QUOTE_ALL)
    facts: list[Fact] = []
    width = max((len(line) for line in grid.lines), default=0)
    for number, line in enumerate(grid.lines, 1):
        texts = [cell.text if cell else "" for cell in line]
        writer.writerow(texts + [""] * (width - len(texts)))
        facts += all_at(_facts(line), f"row {number}")
    encoding = rng.choice(("utf-8", "utf-8-sig", "cp1252", "utf-16" if way == "tab" else "utf-8"))
    ending = rng.choice(("csv", "txt")) if way in ("csv", "semicolon") else "txt"
    media = rng.choice(("text/csv", "application/vnd.ms-excel", "application/octet-stream", "text/plain"))
    return Made("delimited", f"{way}:{grid.layout}", f"{name}.{ending}", media, out.getvalue().encode(encoding), facts)


def columns_of(grid: Grid, cap: int = 34) -> list[str]:
    """Return the lines of a grid in columns of fixed width, as a line printer would set them."""
    # A line printer knows no line break inside a cell.
    printed = [[cell.text.replace("\n", " ") if cell else "" for cell in line] for line in grid.lines]
    wide = [0] * max((len(line) for line in printed), default=0)
    for line in printed:
        if len(line) > 1:  # a title does not widen the first column
            for col, text in enumerate(line):
                wide[col] = max(wide[col], len(text))
    wide = [min(one, cap) for one in wide]
    return ["  ".join(f"{text:<{wide[col]}}" for col, text in enumerate(line)).rstrip() for line in printed]


def write_fixed(name: str, grid: Grid) -> Made:
    """Return a plain text report in columns."""
    facts = [at(fact, f"row {n}") for n, line in enumerate(grid.lines, 1) for fact in _facts(line)]
    data = "\r\n".join([*columns_of(grid), ""]).encode()
    return Made("fixed", grid.layout, f"{name}.txt", "text/plain", data, facts)


def _facts(line: Line) -> list[Fact]:
    return [fact for cell in line if cell is not None for fact in cell.facts]
