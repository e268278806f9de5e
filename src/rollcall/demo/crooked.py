"""Layouts of lists that trip whoever trusts the header row: lying, shifted, packed, sideways, two people a row."""

from collections.abc import Callable

import msgspec

from rollcall.demo.grid import LAYOUTS, Cell, Line, ListMaker
from rollcall.demo.people import Person

# A reader sees by the values that such columns stand under each other's headers.
TELLABLE = ("ssn", "dob", "phone", "mobile", "email", "street", "dx", "zip", "member", "balance", "dx_words")


def _lying(make: ListMaker) -> list[Line]:
    """Two headers stand over each other's columns, as after a sort of some columns only."""
    fields = make.columns()
    heads = make.heads(fields)
    cols = [n for n, field in enumerate(fields) if field in TELLABLE]
    if len(cols) > 1:
        one, other = make.rng.sample(cols, 2)
        heads[one], heads[other] = heads[other], heads[one]
    return [heads, *make.body(fields, make.people)]


def _shifted(make: ListMaker) -> list[Line]:
    """The headers stand one column too far left: somebody put in a column and named it nothing."""
    fields = make.columns()
    lines = make.body(fields, make.people)
    at = make.rng.randint(1, len(fields) - 1)
    marks = ("x", "ok", "", "", "1st", "LM")
    moved = [[*line[:at], Cell(make.rng.choice(marks)), *line[at:]] for line in lines]
    return [make.heads(fields), *moved]


def _across(make: ListMaker) -> list[Line]:
    """Sideways: labels down the first column, one column for each person; long lists in several bands."""
    fields = make.columns()
    lines: list[Line] = []
    for start in range(0, len(make.people), 6):
        band = [make.line(fields, person) for person in make.people[start : start + 6]]
        for row, field in enumerate(fields):
            lines.append([Cell(make.header(field), bold=True), *(line[row] for line in band)])
        lines.append([])
    return lines


def _couples(make: ListMaker) -> list[Line]:
    """Two people a row, the second one's columns under the same words with a 2."""
    fields = [field for field in make.columns() if "." not in field][:7]
    heads = make.heads(fields)
    second = make.rng.choice((" 2", " (2)", "_2", " #2", ""))
    again: Line = [None if one is None else msgspec.structs.replace(one, text=one.text + second) for one in heads]
    lines: list[Line] = [[*heads, *again]]
    for start in range(0, len(make.people), 2):
        pair = [make.line(fields, person) for person in make.people[start : start + 2]]
        lines.append([cell for line in pair for cell in line])
    return lines


def _side_by_side(make: ListMaker) -> list[Line]:
    """Two tables beside each other with an empty column between, each with columns of its own."""
    cut = (len(make.people) + 1) // 2
    tables: list[list[Line]] = []
    for people in (make.people[:cut], make.people[cut:]):
        fields = [field for field in make.columns() if "." not in field][:6]
        width = len(fields)
        tables.append([make.heads(fields), *make.body(fields, people)])
        tables[-1] = [[*line, *[None] * (width - len(line))] for line in tables[-1]]
    left, right = tables
    width = len(left[0])
    lines: list[Line] = []
    for row in range(max(len(left), len(right))):
        first = left[row] if row < len(left) else [None] * width
        lines.append([*first, None, *(right[row] if row < len(right) else [])])
    return lines


def _split_header(make: ListMaker) -> list[Line]:
    """Headers broken over two rows, as narrow columns are printed."""
    fields = make.columns()
    upper: Line = []
    lower: Line = []
    for field in fields:
        words = make.header(field).split()
        cut = len(words) // 2
        upper.append(Cell(" ".join(words[:cut]), bold=True) if cut else None)
        lower.append(Cell(" ".join(words[cut:]), bold=True))
    return [*(make.top() if make.rng.random() < 0.5 else []), upper, lower, *make.body(fields, make.people)]


def _coded(make: ListMaker) -> list[Line]:
    """A row of the system's own column codes above the words, or in their place."""
    fields = make.columns()
    codes: Line = [Cell(f"{make.rng.choice('CFPX')}{make.rng.randint(10, 990):03}", bold=True) for _ in fields]
    above = [codes] if make.rng.random() < 0.3 else [codes, make.heads(fields)]
    return [*above, *make.body(fields, make.people)]


def _detail(make: ListMaker) -> list[Line]:
    """A line of the person, then indented lines of what was done."""
    fields = [field for field in make.columns() if field not in ("seen", "dx", "cpt", "procedure")][:6]
    detail = ["seen", "dx", "cpt"]
    lines: list[Line] = [make.heads(fields), [None, *make.heads(detail)]]
    for person in make.people:
        lines.append(make.line(fields, person))
        done = person
        for _ in range(make.rng.randint(1, 2)):
            lines.append([None, *(make.cell(field, done) for field in detail)])
            other, later = make.rng.randrange(len(make.pack.procedures)), max(1, done.seen_before - 7)
            done = msgspec.structs.replace(person, procedure=other, seen_before=later)
    return lines


def _packed(make: ListMaker) -> list[Line]:
    """Name, birth date and number in one cell, as a screen shows them."""
    rest = [field for field in make.columns() if field not in ("name", "family", "given", "middle", "dob", "mrn")][:5]
    ways = ("{0} ({1}) #{2}", "{0} DOB {1} MR {2}", "{0} / {1} / {2}", "{2} - {0} - {1}", "{0}\n{1}\n{2}")
    way = make.rng.choice(ways)
    lines: list[Line] = [[Cell(make.header("name"), bold=True), *make.heads(rest)]]
    lines += [[_in_one(make, person, way), *make.line(rest, person)] for person in make.people]
    return lines


def _in_one(make: ListMaker, person: Person, way: str) -> Cell:
    cells = [make.cell(field, person) for field in ("name", "dob", "mrn")]
    facts = tuple(fact for cell in cells if cell for fact in cell.facts)
    return Cell(way.format(*(cell.text if cell else "" for cell in cells)), facts=facts)


def _two_cards(make: ListMaker) -> list[Line]:
    """Blocks of label and value, two people beside each other."""
    fields = make.columns()
    lines: list[Line] = []
    for start in range(0, len(make.people), 2):
        for field in fields:
            line: Line = []
            for person in make.people[start : start + 2]:
                line += [Cell(make.header(field)), make.cell(field, person), None]
            lines.append(line)
        lines.append([])
    return lines


def _one_person(make: ListMaker) -> list[Line]:
    """The sheet of the first person only: label, value, and room for signatures."""
    fields = make.columns()
    lines: list[Line] = [*make.top()]
    person = make.people[0]
    for field in fields:
        cell = make.cell(field, person)
        if cell is not None:
            lines.append([Cell(make.header(field)), None, cell] if make.rng.random() < 0.2 else
                         [Cell(make.header(field)), cell])  # fmt: skip
    return [*lines, [], [Cell(one) for one in make.pack.words["signed"]]]


CROOKED: dict[str, Callable[[ListMaker], list[Line]]] = {
    "lying": _lying,
    "shifted": _shifted,
    "across": _across,
    "couples": _couples,
    "side_by_side": _side_by_side,
    "split_header": _split_header,
    "coded": _coded,
    "detail": _detail,
    "packed": _packed,
    "two_cards": _two_cards,
    "one_person": _one_person,
}
STRUCTURES = LAYOUTS | CROOKED
# People at most.
SMALL = {"cards": 40, "two_cards": 60, "across": 90, "one_person": 20, "detail": 800, "two_line": 1500}
EXCEL_ONLY = frozenset({"cards", "two_cards", "one_person", "across", "side_by_side"})
# These can be dressed fully.
ONE_TABLE = frozenset({"plain", "titled", "low_header", "lying", "split_header", "packed", "coded"})
