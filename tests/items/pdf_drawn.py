"""PDF tables drawn for tests: chosen or random columns, faces, rules, breaks; with the cells one must find."""

import ctypes
import functools
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any

from rollcall.demo.writers.pdf import escaped
from tests.items.pdf_file import pdf_file

FACES = ("Helvetica", "Times-Roman", "Courier")
RULED = ("boxes", "lines", "bars", "path")
OPEN = ("none", "across", "zebra", "header")
GIVEN = [
    "Ann",
    "Bo",
    "Cy",
    "Di",
    "Marisol",
    "Eluned",
    "Bartholomew",
    "Jo",
    "Wilhelmina",
    "Xu",
    "Priya",
    "Ottoline",
    "Sam",
    "Theodora",
]
FAMILY = [
    "Frobisher",
    "Quill",
    "Okonkwo-Reyes",
    "Tindall",
    "Vasquez",
    "Osei",
    "Li",
    "Vantongeren",
    "Ek",
    "Mommsen",
    "Olson-Baker",
    "de",
    "la",
    "Cruz",
]
WORDS = [
    "pending",
    "review",
    "sent",
    "letter",
    "no",
    "answer",
    "called",
    "twice",
    "waiting",
    "for",
    "labs",
    "authorised",
    "denied",
    "appeal",
    "follow",
    "up",
    "in",
    "two",
    "weeks",
]
STREETS = ["Elm Street", "Old Mill Road", "N 4th Ave", "County Road 12 West", "Lakeshore Boulevard", "P.O. Box 118"]
KINDS = ("name", "date", "ssn", "phone", "money", "count", "code", "words", "address", "email", "short")


@functools.cache
def _font(face: str) -> tuple[Any, Any]:
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    document = pdfium.PdfDocument.new()
    return document, raw.FPDFText_LoadStandardFont(document, face.encode())


@functools.cache
def _letter(face: str, letter: str) -> float:
    import pypdfium2.raw as raw

    width = ctypes.c_float()
    raw.FPDFFont_GetGlyphWidth(_font(face)[1], ord(letter), 1000.0, ctypes.byref(width))
    return width.value / 1000


def width(text: str, face: str, size: float) -> float:
    """The length of a text in points."""
    return size * sum(_letter(face, letter) for letter in text)


@dataclass(frozen=True)
class Style:
    """How a table is drawn."""

    rules: str = "boxes"
    face: str = "Helvetica"
    size: float = 9.0
    pad: float = 3.0
    lead: float = 1.15
    gap: float = 2.0  # over and under the text of a row
    middle: bool = False
    order: str = "rows"  # rows, columns
    again: bool = True  # the header on every page
    title: str = ""
    turned: bool = False


@dataclass
class Drawn:
    """A file, and by page the rows in it (the header first on each)."""

    data: bytes
    pages: list[list[list[str]]] = field(default_factory=list)


def text_of(rng: Random, kind: str) -> str:
    """A value of a kind of column."""
    digits = "".join(str(rng.randrange(10)) for _ in range(10))
    if kind == "name":
        return (
            f"{rng.choice(FAMILY)}, {rng.choice(GIVEN)}"
            if rng.random() < 0.5
            else f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}"
        )
    if kind == "address":
        city = rng.choice(("Minneapolis", "Ely", "St. Paul"))
        return f"{rng.randrange(1, 9999)} {rng.choice(STREETS)}, {city}, MN 55{digits[:3]}"
    return {
        "date": f"{rng.randrange(1, 13):02}/{rng.randrange(1, 29):02}/{rng.randrange(1930, 2024)}",
        "ssn": f"899-{digits[:2]}-{digits[2:6]}",
        "phone": f"({digits[:3]}) 555-01{digits[3:5]}",
        "money": f"{rng.randrange(1, 99999) * rng.random():,.2f}",
        "count": str(rng.randrange(1000)),
        "code": rng.choice("ABCDEFG") + digits[:2] + "." + digits[2],
        "words": " ".join(rng.choices(WORDS, k=rng.randrange(1, 9))),
        "email": f"{rng.choice(GIVEN).lower()}{digits[:2]}@clinic.example",
        "short": rng.choice(("Y", "N", "M", "F", "IP", "OP")),
    }[kind]


HEADS = {
    "name": ("Patient", "Patient Name", "Member"), "date": ("DOB", "Date of Birth", "Admit Date"),
    "ssn": ("SSN", "Soc Sec"),
    "phone": ("Phone", "Home Phone"), "money": ("Balance", "Amount Due"), "count": ("Days", "Visits"),
    "code": ("Dx", "Diagnosis Code"), "words": ("Notes", "Comment"), "address": ("Address", "Street Address"),
    "email": ("E-mail",), "short": ("Sex", "Type"),
}  # fmt: skip
RIGHT = frozenset(("money", "count"))


def random_table(rng: Random, n_rows: int) -> tuple[list[list[str]], list[str], list[str]]:
    """Rows with a header, the alignment of each column, and what each holds."""
    kinds = ["name", *rng.sample(KINDS[1:], rng.randrange(1, 8))]
    if sum(kind in ("words", "address", "email") for kind in kinds) > 2:
        kinds = [kind for kind in kinds if kind not in ("address", "email")]
    if len(kinds) < 3:
        kinds += ["date", "ssn"][: 3 - len(kinds)] if "date" not in kinds else ["ssn" if "ssn" not in kinds else "code"]
    head = [rng.choice(HEADS[kind]) for kind in kinds]
    blank = rng.choice((0.0, 0.0, 0.05, 0.15))
    rows = [
        [text_of(rng, kind) if not col or rng.random() >= blank else "" for col, kind in enumerate(kinds)]
        for _ in range(n_rows)
    ]
    center = rng.random() < 0.2
    align = [
        "right" if kind in RIGHT else "center" if center and kind in ("short", "code") else "left" for kind in kinds
    ]
    return [head, *rows], align, kinds


def wrapped(text: str, face: str, size: float, room: float) -> list[str]:
    """The text in lines that fit."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", face, size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def widths_for(rows: list[list[str]], style: Style, room: float) -> list[float]:
    """Widths of columns: as their texts need, narrowed until the table fits."""
    full = [max(width(row[col], _bold(style.face), style.size) for row in rows) for col in range(len(rows[0]))]
    least = [
        max(width(word, _bold(style.face), style.size) for row in rows for word in (row[col].split() or [""]))
        for col in range(len(rows[0]))
    ]
    full = [min(one, max(at_least, 110.0)) for one, at_least in zip(full, least, strict=True)]
    while sum(full) + 2 * style.pad * len(full) > room and any(a > b + 0.5 for a, b in zip(full, least, strict=True)):
        full = [max(at_least, one * 0.95) if one > 40 else one for one, at_least in zip(full, least, strict=True)]
        if all(one <= 40 or one <= at_least + 0.5 for one, at_least in zip(full, least, strict=True)):
            break
    return [one + 2 * style.pad + 0.2 for one in full]


def _bold(face: str) -> str:
    return {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold"}[face]


def draw(rows: list[list[str]], align: list[str], style: Style) -> Drawn:
    """Draw a table whose first row is the header, on as many pages as it takes."""
    room, high, edge = 540.0, 780.0, 36.0
    widths = widths_for(rows, style, room)
    if sum(widths) > room:
        style = replace(style, size=max(5.0, style.size * room / sum(widths) * 0.98), pad=min(style.pad, 3.0))
        widths = widths_for(rows, style, room)
    wide = max(612.0, sum(widths) + 2 * edge)
    pages: list[list[bytes]] = []
    drawn = Drawn(b"")
    texts: list[tuple[int, int, bytes]] = []
    top = 0.0

    def flush() -> None:
        texts.sort(key=lambda one: one[:2] if style.order == "rows" else (one[1], one[0]))
        if pages:
            pages[-1] += [text for _, _, text in texts]
        texts.clear()

    for number, row in enumerate(rows):
        lines = [wrapped(cell, _bold(style.face) if not number else style.face, style.size, widths[col] - 2 * style.pad)
                 for col, cell in enumerate(row)]  # fmt: skip
        tall = style.lead * style.size * max(map(len, lines)) + 2 * style.gap
        if top - tall < edge + 20 or not pages:
            flush()
            pages.append([b"0.6 w", _shown("Helvetica", 7, wide / 2 - 20, 20, f"Page {len(pages) + 1}")])
            drawn.pages.append([])
            top = high - 30
            if style.title and len(pages) == 1:
                pages[-1].append(_shown("Helvetica-Bold", 13, edge, high - 10, style.title))
            if number and style.again:
                head = [
                    wrapped(cell, _bold(style.face), style.size, widths[col] - 2 * style.pad)
                    for col, cell in enumerate(rows[0])
                ]
                top = _row(pages[-1], texts, 0, head, widths, align, style, top, edge, bold=True)
            if number:
                drawn.pages[-1].append(rows[0])
        top = _row(pages[-1], texts, number, lines, widths, align, style, top, edge, bold=not number)
        drawn.pages[-1].append(row)
    flush()
    fonts = [style.face, _bold(style.face), "Helvetica", "Helvetica-Bold"]
    drawn.data = pdf_file([b"\n".join(page) for page in pages], wide, high, fonts, turned=style.turned)
    return drawn


def _shown(face: str, size: float, x: float, y: float, text: str) -> bytes:
    return f"BT /{face} {size:.2f} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm (".encode() + escaped(text) + b") Tj ET"


def _row(
    page: list[bytes], texts: list[tuple[int, int, bytes]], number: int, lines: list[list[str]], widths: list[float],
    align: list[str], style: Style, top: float, left: float, *, bold: bool,
) -> float:  # fmt: skip
    face = _bold(style.face) if bold else style.face
    step = style.lead * style.size
    most = max(map(len, lines))
    tall = step * most + 2 * style.gap
    page += _rules(style.rules, number, left, top, tall, widths, bold=bold)
    x = left
    for col, some in enumerate(lines):
        down = (most - len(some)) / 2 * step if style.middle else 0.0
        for index, text in enumerate(some):
            free = widths[col] - 2 * style.pad - width(text, face, style.size)
            shift = {"left": 0.0, "right": free, "center": free / 2}[align[col]]
            y = top - style.gap - down - step * index - 0.8 * style.size
            texts.append((number, col, _shown(face, style.size, x + style.pad + shift, y, text)))
        x += widths[col]
    return top - tall


def _rules(
    kind: str, number: int, left: float, top: float, tall: float, widths: list[float], *, bold: bool
) -> list[bytes]:
    edges = [left]
    for one in widths:
        edges.append(edges[-1] + one)
    bottom, right = top - tall, edges[-1]
    boxes = pairwise(edges)
    if kind == "boxes":
        return [f"{a:.2f} {bottom:.2f} {b - a:.2f} {tall:.2f} re S".encode() for a, b in boxes]
    if kind == "path":
        return ["".join(f"{a:.2f} {bottom:.2f} {b - a:.2f} {tall:.2f} re " for a, b in boxes).encode() + b"S"]
    if kind == "lines":
        found = [f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S".encode() for y in (top, bottom)]
        return found + [f"{x:.2f} {bottom:.2f} m {x:.2f} {top:.2f} l S".encode() for x in edges]
    if kind == "bars":
        found = [f"{left:.2f} {y - 0.25:.2f} {right - left:.2f} 0.5 re f".encode() for y in (top, bottom)]
        return found + [f"{x - 0.25:.2f} {bottom:.2f} 0.5 {tall:.2f} re f".encode() for x in edges]
    if kind == "across" or (kind == "header" and bold):
        return [f"{left:.2f} {bottom:.2f} m {right:.2f} {bottom:.2f} l S".encode()]
    if kind == "zebra" and number % 2:
        return [f"0.9 g {left:.2f} {bottom:.2f} {right - left:.2f} {tall:.2f} re f 0 g".encode()]
    return []


def random_style(rng: Random, rules: tuple[str, ...]) -> Style:
    """A style, from sober to mean."""
    kind = rng.choice(rules)
    ruled = kind in RULED or kind == "across"
    return Style(
        rules=kind,
        face=rng.choice(FACES),
        size=rng.choice((7.0, 8.0, 9.0, 10.0, 11.0)),
        pad=rng.choice((2.0, 3.0, 5.0)) if kind in RULED else rng.choice((3.0, 4.0, 6.0)),
        lead=rng.choice((1.05, 1.15, 1.25)),
        gap=rng.choice((1.0, 2.0, 4.0)) if ruled else rng.choice((0.0, 1.0, 2.0, 4.0)),
        middle=ruled and rng.random() < 0.3,
        order="columns" if rng.random() < 0.2 else "rows",
        again=rng.random() < 0.7,
        title=rng.choice(("", "Patients discharged in May", "Report")),
        turned=rng.random() < 0.1,
    )
