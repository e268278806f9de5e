"""Forms as printers make them: a title, grey bars between sections, boxes with a small label in their corner."""

from random import Random

import msgspec

from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made, all_at
from rollcall.demo.writers.pdf import escaped, pdf_file, text_width

EDGE, HIGH = 40.0, 27.0  # of the page, of a box; in points
LABEL, VALUE = 6.0, 10.0


class Box(msgspec.Struct, frozen=True):
    """One box of a form, in points from the upper left of the page."""

    x: float
    y: float
    wide: float
    label: str
    value: str


class FormPage(msgspec.Struct):
    """The page as a PDF, and its boxes; what they hold is printed only if asked."""

    data: bytes
    boxes: list[Box]


def _text(font: str, size: float, x: float, y: float, text: str) -> bytes:
    return f"BT /{font} {size:.1f} Tf {x:.1f} {792 - y:.1f} Td (".encode() + escaped(text) + b") Tj ET"


def _boxes(rng: Random, pairs: list[tuple[str, str | None]], top: float) -> tuple[list[Box], list[tuple[float, str]]]:
    """Return the boxes row by row, and the headings with their places; long values get a row of their own."""
    boxes: list[Box] = []
    bars: list[tuple[float, str]] = []
    across, row, y = rng.choice((2, 2, 3)), list[tuple[str, str]](), top

    def close() -> None:
        nonlocal y
        for number, (label, value) in enumerate(row):
            wide = (612 - 2 * EDGE) / len(row)
            boxes.append(Box(EDGE + number * wide, y, wide, label, value))
        if row:
            y += HIGH
            row.clear()

    for label, value in pairs:
        if value is None:
            close()
            bars.append((y + 4, label))
            y += 18
            continue
        if len(value) > 88 // across:
            close()
            row.append((label, value))
            close()
            continue
        row.append((label, value))
        if len(row) == across:
            close()
    close()
    return boxes, bars


def form_page(
    rng: Random, house: str, title: str, pairs: list[tuple[str, str | None]], foot: list[str], *, filled: bool
) -> FormPage:
    """Return a form of one page, its values printed, or blank to be filled in by hand."""
    boxes, bars = _boxes(rng, pairs, 92)
    ops = [b"0.6 w", _text("F1", 9, EDGE, 44, house), _text("F3", 14, EDGE, 66, title)]
    ops += [f"{EDGE} 716 m {612 - EDGE} 716 l S".encode()]
    for y, label in bars:
        ops += [f"0.86 g {EDGE} {792 - y - 13:.1f} {612 - 2 * EDGE} 13 re f 0 g".encode()]
        ops += [_text("F3", 8, EDGE + 3, y + 9.5, label)]
    for box in boxes:
        ops += [f"{box.x:.1f} {792 - box.y - HIGH:.1f} {box.wide:.1f} {HIGH} re S".encode()]
        ops += [_text("F1", LABEL, box.x + 2.5, box.y + 7.5, box.label)]
        if filled and box.value:
            size = VALUE * min(1.0, (box.wide - 8) / max(1.0, text_width(box.value, VALUE)))
            ops += [_text("F1", size, box.x + 5, box.y + 21, box.value)]
    below = max((box.y for box in boxes), default=92) + HIGH + 30
    ops += [_text("F1", 8, EDGE, min(760.0, below + 14 * n), line) for n, line in enumerate(foot)]
    return FormPage(pdf_file([b"\n".join(ops)], bold=True), boxes)


def write_form_page(name: str, page: FormPage, facts: list[Fact]) -> Made:
    """Return a printed form as a PDF with its text."""
    return Made("form", "boxes", f"{name}.pdf", "application/pdf", page.data, all_at(facts, "page 1"))
