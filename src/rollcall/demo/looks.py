"""A look is a structure in one office's style: empty columns, running numbers, headers repeated, rules; all as data."""

from random import Random

import msgspec

from rollcall.demo.chance import weighted
from rollcall.demo.crooked import EXCEL_ONLY, ONE_TABLE, SMALL, STRUCTURES
from rollcall.demo.grid import Cell, Grid, Line, ListMaker
from rollcall.demo.pack import Look, Pack

# Structures that can be printed on pages.
PAGED = frozenset({"plain", "titled", "two_row", "grouped", "split_header", "packed"})


def draw_paged(rng: Random, pack: Pack, count: int) -> Look:
    """Return a layout of the pack that can be printed on pages."""
    while (look := draw_look(rng, pack, count, "pdf")).structure not in PAGED:
        pass
    return look


def draw_look(rng: Random, pack: Pack, count: int, way: str) -> Look:
    """Return a layout of the pack that suits so many people and this kind of file."""
    fitting = [
        one for one in pack.list_looks
        if count <= SMALL.get(one.structure, count) and (way == "xlsx" or one.structure not in EXCEL_ONLY)
    ]  # fmt: skip
    chosen = weighted(rng, {one.id: one.weight for one in fitting})
    return next(one for one in fitting if one.id == chosen)


def make_grids(make: ListMaker, look: Look) -> list[Grid]:
    """Return the list in that look: one grid, or one for each person."""
    if look.structure != "one_person":
        grid = make.make(look.structure, STRUCTURES[look.structure])
        return [msgspec.structs.replace(grid, layout=look.id, lines=dress(look, grid.lines))]
    grids: list[Grid] = []
    people = make.people
    for number, person in enumerate(people, 1):
        make.people = [person]
        grid = make.make(look.structure, STRUCTURES[look.structure])
        name = person.family[:20].replace("'", "") if look.counted else f"{grid.name[:20]} {number}"
        grids.append(Grid(name, look.id, dress(look, grid.lines)))
    make.people = people
    return grids


def _header_at(lines: list[Line]) -> int:
    """Return the number of the first row that looks like headers, or -1."""
    return next((number for number, line in enumerate(lines[:12]) if _heads(line)), -1)


def _heads(line: Line) -> bool:
    return sum(1 for cell in line if cell is not None and cell.bold) > 1


def dress(look: Look, lines: list[Line]) -> list[Line]:
    """Return the rows in the look's style."""
    at = _header_at(lines)
    if look.case:
        for line in lines[: at + 1]:
            for cell in line:
                if cell is not None and cell.bold:
                    cell.text = cell.text.upper() if look.case == "upper" else cell.text.lower()
    plain = look.structure in ONE_TABLE and at >= 0
    if plain and look.counted:
        lines = _counted(lines, at, look.counted)
    if plain and look.tail:
        lines = [[*line, Cell(look.tail, bold=True)] if n == at else line for n, line in enumerate(lines)]
    if plain and look.ruled:
        while at + 1 < len(lines) and _heads(lines[at + 1]):  # a header of two rows is ruled below both
            at += 1
        rule: Line = [Cell(look.ruled * max(3, len(cell.text))) if cell else None for cell in lines[at]]
        lines = [*lines[: at + 1], rule, *lines[at + 1 :]]
        at += 1
    if plain and (look.gap or look.again):
        lines = _broken(look, lines, at)
    if look.indent:
        lines = [[*[None] * look.indent, *line] if line else [] for line in lines]
    return [*lines, [], [Cell(look.last)]] if look.last else lines


def _counted(lines: list[Line], at: int, head: str) -> list[Line]:
    made: list[Line] = []
    number, over = 0, False
    for row, line in enumerate(lines):
        over = over or (row > at and not line)  # below an empty row stand sums and who printed it
        if row < at or len(line) < 2 or over:
            made.append(line)
        elif row == at:
            made.append([Cell(head if head != "-" else "", bold=True), *line])
        else:
            number += 1
            made.append([Cell(str(number), raw=number), *line])
    return made


def _broken(look: Look, lines: list[Line], at: int) -> list[Line]:
    made = lines[: at + 1]
    first = at if not look.ruled else at - 1
    for count, line in enumerate(lines[at + 1 :], 1):
        made.append(line)
        if look.gap and count % look.gap == 0:
            made.append([])
        if look.again and count % look.again == 0 and len(line) > 1:
            made.append([None if one is None else Cell(one.text, bold=True) for one in lines[first]])
    return made
