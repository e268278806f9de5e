"""PDF lists with rules: every cell in its box, long texts broken inside it, the heads on every page."""

import textwrap
from random import Random

import msgspec

from rollcall.demo.grid import Grid, Line
from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, at
from rollcall.demo.writers.pdf import escaped, pdf_file

SIZE, STEP = 7.0, 8.6  # of the letters, of the lines
WIDE, HIGH, EDGE = 792, 612, 30


def _em(text: str) -> float:
    """Return how wide a letter of the text is against its height: capitals take more room."""
    return 0.68 if text.isupper() else 0.52


def _widths(grid: Grid) -> list[float]:
    """Return the widths of the columns in points: as their texts need, within the page."""
    count = max((len(line) for line in grid.lines), default=1)
    need = [3.0] * count
    for line in grid.lines:
        if len(line) > 1:
            for col, cell in enumerate(line):
                if cell is not None:
                    need[col] = max(need[col], min(30, len(cell.text)) * _em(cell.text) / 0.52)
    scale = (WIDE - 2 * EDGE) / sum(need)
    return [min(scale, 6.5) * one for one in need]


def _broken(line: Line, widths: list[float]) -> list[list[str]]:
    texts: list[list[str]] = []
    for col, cell in enumerate(line):
        room = widths[col] if len(line) > 1 else WIDE - 2 * EDGE
        text = cell.text if cell else ""
        texts.append(textwrap.wrap(text, max(4, int(room / (SIZE * _em(text)))), break_on_hyphens=False) or [""])
    return texts


def _row(texts: list[list[str]], widths: list[float], top: float, *, bold: bool, ruled: bool) -> list[bytes]:
    """Return the drawing of one row whose upper edge is at `top`."""
    high = STEP * max(len(one) for one in texts) + 3
    ops: list[bytes] = []
    x = float(EDGE)
    for col, lines in enumerate(texts):
        room = widths[col] if len(texts) > 1 else WIDE - 2 * EDGE
        if ruled:
            ops.append(f"{x:.1f} {top - high:.1f} {room:.1f} {high:.1f} re S".encode())
        for number, text in enumerate(lines):
            if text:
                y = top - STEP * (number + 1) + 1.5
                font = "F3" if bold else "F1"
                ops.append(f"BT /{font} {SIZE} Tf {x + 2:.1f} {y:.1f} Td (".encode() + escaped(text) + b") Tj ET")
        x += room
    return ops


def write_ruled(rng: Random, name: str, grid: Grid, title: str) -> Made:
    """Return the grid as a table in a PDF, all cells boxed or only a rule below each row."""
    titles = [cell.text for cell in grid.lines[0] if cell is not None and cell.bold] if grid.lines else []
    if len(titles) == 1 == len(grid.lines[0]):  # a page has one title
        title, grid = titles[0], msgspec.structs.replace(grid, lines=grid.lines[1:])
    widths = _widths(grid)
    boxed = rng.random() < 0.6
    lines = [line for line in grid.lines if line]
    heads = [line for line in lines[:4] if sum(1 for cell in line if cell and cell.bold) > 1][:1]
    pages: list[list[bytes]] = []
    placed: list[Fact] = []
    top = 0.0
    for line in lines:
        texts = _broken(line, widths)
        high = STEP * max(len(one) for one in texts) + 3
        if top - high < EDGE + 12:
            pages.append([f"BT /F3 10 Tf {EDGE} {HIGH - 24} Td (".encode() + escaped(title) + b") Tj ET", b"0.5 w"])
            pages[-1].append(f"BT /F1 6 Tf {WIDE - 90} 16 Td (Page {len(pages)}) Tj ET".encode())
            top = HIGH - 34.0
            if heads and len(pages) > 1 and line is not heads[0]:
                again = _broken(heads[0], widths)
                pages[-1] += _row(again, widths, top, bold=True, ruled=boxed)
                top -= STEP * max(len(one) for one in again) + 3
        bold = any(cell is not None and cell.bold for cell in line)
        pages[-1] += _row(texts, widths, top, bold=bold, ruled=boxed and len(line) > 1)
        if not boxed:
            pages[-1].append(f"{EDGE} {top - high:.1f} m {WIDE - EDGE} {top - high:.1f} l S".encode())
        top -= high
        placed += [at(fact, f"page {len(pages)}") for cell in line if cell for fact in cell.facts]
    data = pdf_file([b"\n".join(page) for page in pages] or [b""], WIDE, HIGH, bold=True)
    look = f"{'boxed' if boxed else 'lined'}:{grid.layout}"
    return Made("ruled", look, f"{name}.pdf", "application/pdf", data, placed)
