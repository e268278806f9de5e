"""Print reports: a list in pages, each with its heading, column heads and foot, as a line printer got it."""

from random import Random

from rollcall.demo.grid import Grid
from rollcall.demo.truth import Fact
from rollcall.demo.writers.delimited import columns_of
from rollcall.demo.writers.made import Made, at
from rollcall.demo.writers.pdf import write_pages

PAGE = 52  # lines of rows


def write_report(rng: Random, name: str, grid: Grid, title: str, org: str, run: str, ends: list[str]) -> Made:
    """Return the grid as a report, in text with form feeds or as PDF."""
    lines = columns_of(grid, cap=28)
    stated: dict[int, list[Fact]] = {
        number: [fact for cell in line if cell for fact in cell.facts] for number, line in enumerate(grid.lines)
    }
    heads = [n for n, line in enumerate(grid.lines[:6]) if sum(1 for c in line if c and c.bold) > 1]
    top = heads[-1] + 1 if heads else 0
    rows = list(range(top, len(lines)))
    pages: list[list[str]] = []
    placed: list[tuple[int, int, Fact]] = []  # page, line of it
    wide = max([60, *(len(line) for line in lines)])
    style = rng.choice(("boxed", "plain", "dated"))
    total = max(1, -(-len(rows) // PAGE))
    for number in range(total):
        page = _heading(style, title, org, run, number + 1, total, wide)
        page += [*lines[heads[0] : top], "-" * wide] if heads else []
        for row in rows[number * PAGE : (number + 1) * PAGE]:
            placed += [(number, len(page), fact) for fact in stated[row]]
            page.append(lines[row])
        if style != "dated":
            page += ["", ends[number + 1 == total].center(wide).rstrip()]
        pages.append(page)
    if rng.random() < 0.4:
        facts = [at(fact, f"page {number + 1}") for number, _, fact in placed]
        data = write_pages(pages, mono=True, landscape=wide > 96)
        return Made("report", f"{style}:{grid.layout}", f"{name}.pdf", "application/pdf", data, facts)
    data = "\f".join("\r\n".join([*page, ""]) for page in pages).encode("cp1252", "replace")
    facts = [at(fact, "body") for _, _, fact in placed]
    ending = rng.choice(("txt", "prn", "rpt"))
    return Made("report", f"{style}:{grid.layout}", f"{name}.{ending}", "text/plain", data, facts)


def _heading(style: str, title: str, org: str, run: str, number: int, total: int, wide: int) -> list[str]:
    if style == "boxed":
        return ["*" * wide, f"* {org}", f"* {title}", f"* RUN {run}   PAGE {number} OF {total}", "*" * wide, ""]
    if style == "dated":
        left = f"{run} {title.upper()}"
        return [f"{left}{f'PAGE: {number:>4}':>{max(12, wide - len(left))}}", org, ""]
    return [org.center(wide).rstrip(), title.center(wide).rstrip(), f"Page {number}".rjust(wide), ""]
