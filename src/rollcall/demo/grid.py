"""Lists of people as grids of cells, in the ways that offices lay them out; the writers store a grid as a file."""

import datetime
from collections.abc import Callable
from random import Random

import msgspec

from rollcall.demo.cast import Cast
from rollcall.demo.chance import digits, some
from rollcall.demo.pack import ListForm, Pack
from rollcall.demo.people import Person
from rollcall.demo.show import Shown, Style, localize, show
from rollcall.demo.spelling import draw_hand
from rollcall.demo.truth import Fact

FINE_ROLES = {"guarantor": "guarantor", "subscriber": "subscriber", "contact": "emergency_contact"}


class Cell(msgspec.Struct):
    """One cell: what it shows, what a spreadsheet stores, and what it says about whom."""

    text: str
    raw: object = None
    number_format: str = ""
    facts: tuple[Fact, ...] = ()
    bold: bool = False


Line = list[Cell | None]


class Grid(msgspec.Struct):
    """A sheet's worth of cells."""

    name: str
    layout: str
    lines: list[Line]


class ListMaker:
    """Lays out one list: a form of the pack, one hand's style, and the people in it."""

    def __init__(
        self, rng: Random, cast: Cast, form: ListForm, people: list[Person], *, stored_typed: bool = True
    ) -> None:
        self.rng, self.cast, self.form, self.people = rng, cast, form, people
        self.pack: Pack = cast.pack
        self.style: Style = cast.style(rng)
        if not stored_typed and self.style.stored == "serial":
            self.style.stored = "text"  # bare day numbers come out of spreadsheets only
        localize(rng, self.style, form.language)
        self.hand = draw_hand(rng, self.pack, form.role)
        self.n_fakes = 0
        self.own: dict[str, dict[str, Person | None]] = {}

    def columns(self) -> list[str]:
        """Return fields of this list: the core, some extras, those of one person together."""
        extras = some(self.rng, self.form.extra, 1, 6)
        self.rng.shuffle(extras)
        fields = list(dict.fromkeys([*self.form.fields, *extras]))
        if self.rng.random() < 0.25:
            self.rng.shuffle(fields)
        return [f for f in fields if "." not in f] + sorted(f for f in fields if "." in f)

    def header(self, field: str) -> str:
        """Return what stands over a column."""
        headers = self.pack.headers
        if own := self.form.headers.get(field):
            return self.rng.choice(own)
        if self.hand is not None and (said := self.hand.header(field)):
            return said
        return self.rng.choice(headers.get(f"{self.form.role}.{field}") or headers[field])

    def cell(self, field: str, person: Person) -> Cell | None:
        """Return the cell of a field in somebody's row, with the fact it states."""
        if "." in field:
            who, _, field = field.partition(".")
            other = self.own.setdefault(person.person_id, {}).setdefault(who, self.cast.other(person, who, self.rng))
            if other is None:
                return None
            role = self.form.role if other is person else FINE_ROLES[who]
            of = "" if other is person else person.person_id
            cell = self._stated(show(field, other, self.style, self.pack), other, role, of)
            if cell is not None and field == "member" and other is not person:
                cell.facts += tuple(shared(fact, person, self.form.role) for fact in cell.facts)
            return cell
        if field in ("balance", "provider", "notes", "room"):
            return self._filler(field, person)
        return self._stated(show(field, person, self.style, self.pack), person, self.form.role)

    def _stated(self, shown: Shown | None, person: Person, role: str, of: str = "") -> Cell | None:
        if shown is None:
            return None
        if shown.element == "name" and self.rng.random() < 0.008:
            shown = msgspec.structs.replace(shown, text=_typo(self.rng, shown.text))
        return cell_of(shown, person, role, of)

    def _filler(self, field: str, person: Person) -> Cell:
        rng, text = self.rng, ""
        if field == "balance":
            amount = round(rng.lognormvariate(6, 1.2), 2)
            text = f"{amount:,.2f}"
            shown = Shown(text, "billing_amount", "", text, raw=amount, number_format="#,##0.00")
            return cell_of(shown, person, self.form.role)
        if field == "provider":
            doctor = rng.choice(self.cast.doctors)
            text = rng.choice((doctor, doctor.split()[-1], f"Dr. {doctor.split()[-1]}", f"{doctor}, MD"))
            return cell_of(Shown(text, "provider", "", doctor), person, self.form.role)
        if field == "room":
            return Cell(f"{rng.randint(1, 4)}{rng.randint(10, 38)}-{rng.randint(1, 2)}")
        return Cell(rng.choice(self.pack.notes))

    def line(self, fields: list[str], person: Person) -> Line:
        """Return somebody's row; what is not at the core of the list is now and then blank."""
        cells: Line = []
        for field in fields:
            blank = field not in self.form.fields and self.rng.random() < 0.07
            cells.append(None if blank else self.cell(field, person))
        return cells

    def nobody(self, fields: list[str], near: Person) -> Line:
        """Return the row of a test patient that nobody deleted; it states nothing of anybody."""
        given, _, family = self.rng.choice(self.pack.test_patients).rpartition(" ")
        fake = msgspec.structs.replace(near, given=given, family=family)
        fake.born, fake.ssn = (
            fake.born.replace(month=1, day=1),
            self.rng.choice(("123456789", "078051120", "999999999")),
        )
        fake.records = {issuer: "00000" + digits(self.rng, 2) for issuer in near.records}
        fake.account, fake.member, fake.phone = "1111111", "TEST123", "9999999999"
        fake.person_id, fake.email, fake.mbi, fake.medicaid = "nobody", "", "", ""
        cells = self.line([field.rpartition(".")[2] for field in fields], fake)
        self.n_fakes += 1
        return [None if cell is None else Cell(cell.text, cell.raw, cell.number_format) for cell in cells]

    def body(self, fields: list[str], people: list[Person]) -> list[Line]:
        """Return the rows of people, sometimes sorted, rarely one twice."""
        order = list(people)
        if self.rng.random() < 0.45:
            order.sort(key=lambda one: (one.family, one.given))
        lines: list[Line] = []
        for person in order:
            lines.append(self.line(fields, person))
            if self.rng.random() < 0.006:
                lines.append(self.line(fields, person))
            elif self.rng.random() < 0.004:
                lines.append(self.nobody(fields, person))
        return lines

    def heads(self, fields: list[str]) -> Line:
        """Return the header row, one header sometimes missing."""
        gap = self.rng.randrange(len(fields)) if self.rng.random() < 0.06 else -1
        loud = self.rng.random() < 0.25
        heads = [self.header(field) for field in fields]
        return [None if n == gap else Cell(h.upper() if loud else h, bold=True) for n, h in enumerate(heads)]

    def date(self) -> str:
        """Return a day on which such a list was run: shortly before the mail."""
        month, day = self.rng.randint(1, 12), self.rng.randint(1, 28)
        if self.cast.dated is None:
            return f"{month}/{day}/2019"
        run = self.cast.dated - datetime.timedelta(day % 6)
        return f"{run.month}/{run.day}/{run.year}"

    def top(self) -> list[Line]:
        """Return one to three rows above the table."""
        date = self.date()
        title = self.rng.choice(self.form.titles or [self.form.about])
        lines: list[Line] = [[Cell(fill(title, self.rng, self.cast.dated), bold=True)]]
        if self.rng.random() < 0.5:
            lines.append(
                [
                    Cell(
                        self.rng.choice(
                            (self.cast.house, *(one.replace("{date}", date) for one in self.pack.words["list_tops"]))
                        )
                    )
                ]
            )
        if self.rng.random() < 0.6:
            lines.append([])
        return lines

    def bottom(self, count: int) -> list[Line]:
        """Return what closes a report, or nothing."""
        chance = self.rng.random()
        if chance < 0.5:
            return []
        if chance < 0.75:
            return [[], [Cell(self.rng.choice(self.pack.words["list_counts"])), Cell(str(count), raw=count)]]
        doctor = self.rng.choice(self.cast.staff)
        handle = doctor.email.split("@")[0]
        said = self.rng.choice(self.pack.words["printed"]) if self.pack.wide else self.pack.words["printed"][0]
        return [[], [Cell(said.replace("{user}", handle).replace("{date}", self.date()))]]

    def make(self, layout: str, lay: "Callable[[ListMaker], list[Line]] | None" = None) -> Grid:
        """Return the whole grid in a layout."""
        name = fill(self.rng.choice(self.form.sheets or ["Sheet1"]), self.rng, self.cast.dated)
        return Grid(name, layout, (lay or LAYOUTS[layout])(self))


def cell_of(shown: Shown, person: Person, role: str, of: str = "") -> Cell:
    """Return a cell that states something of somebody."""
    facts: tuple[Fact, ...] = ()
    if shown.element:
        facts = (Fact(person.person_id, role, shown.element, shown.subtype, shown.value, shown.text, "", of=of),)
    return Cell(shown.text, shown.raw, shown.number_format, facts)


def shared(fact: Fact, person: Person, role: str) -> Fact:
    """Return the fact for somebody insured under another's number: it may be called theirs too."""
    return msgspec.structs.replace(fact, person=person.person_id, role=role, optional=True, of="")


def _typo(rng: Random, text: str) -> str:
    at = rng.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def fill(text: str, rng: Random, today: datetime.date | None = None) -> str:
    """Fill the date slots of titles and file names: {my} Oct 2019, {md} 10-3, {ymd} 20191003, {q} 3.

    With the day of the mail the dates lie in the weeks before it.
    """
    year, month, day = 2019, rng.randint(1, 12), rng.randint(1, 28)
    if today is not None:
        past = today - datetime.timedelta(day)
        year, month, day = past.year, past.month, past.day
    name = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")[month - 1]
    return (
        text.replace("{my}", rng.choice((f"{name} {year}", f"{name}{year % 100}", f"{month:02}-{year}", name)))
        .replace("{md}", f"{month}-{day}")
        .replace("{ymd}", f"{year}{month:02}{day:02}")
        .replace("{q}", str((month + 2) // 3))
        .replace("{inv}", f"{rng.randint(773, 899)}-{digits(rng, 2)}-{digits(rng, 4)}")
        .replace("{po}", f"{digits(rng, 3)}-{digits(rng, 2)}-{digits(rng, 4)}")
    )


# --- layouts -------------------------------------------------------------------------------------------------------


def _plain(make: ListMaker) -> list[Line]:
    fields = make.columns()
    return [make.heads(fields), *make.body(fields, make.people)]


def _titled(make: ListMaker) -> list[Line]:
    return [*make.top(), *_plain(make), *make.bottom(len(make.people))]


def _low_header(make: ListMaker) -> list[Line]:
    filters: list[Line] = [
        [Cell(one) for one in make.pack.words["list_filters"]],
        [],
        [Cell(one) for one in make.pack.words["list_user"]],
    ]
    return [*make.top(), *filters[: make.rng.randint(1, 3)], *_plain(make)]


def _no_header(make: ListMaker) -> list[Line]:
    fields = make.columns()
    return make.body(fields, make.people)


def _two_row(make: ListMaker) -> list[Line]:
    """A row of groups over the headers, whose words then need not say whose they are."""
    fields = make.columns()
    groups: Line = []
    heads: Line = []
    last = ""
    for field in fields:
        who, _, own = field.rpartition(".")
        who = who or ("employee" if make.form.role == "employee" else "patient")
        groups.append(None if who == last else Cell(make.rng.choice(make.pack.groups[who]), bold=True))
        heads.append(Cell(make.header(own), bold=True))
        last = who
    return [*(make.top() if make.rng.random() < 0.4 else []), groups, heads, *make.body(fields, make.people)]


def _grouped(make: ListMaker) -> list[Line]:
    """Sub-headings between the rows, as a report breaks by doctor or clinic."""
    fields = make.columns()
    lines: list[Line] = [*make.top(), make.heads(fields)]
    rest = list(make.people)
    while rest:
        cut = make.rng.randint(2, 9)
        doctor = make.rng.choice(make.cast.doctors)
        lines.append(
            [
                Cell(
                    make.rng.choice(
                        (
                            make.pack.words["doctor_heads"][0].replace("{doctor}", doctor),
                            doctor.upper(),
                            make.rng.choice(make.pack.org.departments),
                        )
                    )
                )
            ]
        )
        lines += make.body(fields, rest[:cut])
        if make.rng.random() < 0.3:
            lines.append([Cell(make.pack.words["subtotals"][0].replace("{n}", str(len(rest[:cut]))))])
        rest = rest[cut:]
    return lines


def _stacked(make: ListMaker) -> list[Line]:
    """Two tables in one sheet, with columns of their own."""
    cut = max(1, len(make.people) * 2 // 3)
    first, second = make.columns(), make.columns()
    lines: list[Line] = [make.heads(first), *make.body(first, make.people[:cut])]
    if make.people[cut:]:
        lines += [
            [],
            [],
            [Cell(make.rng.choice(make.pack.words["list_breaks"]))],
        ]
        lines += [make.heads(second), *make.body(second, make.people[cut:])]
    return lines


def _two_line(make: ListMaker) -> list[Line]:
    """Each person on two lines: what did not fit stands below the first cell."""
    fields = make.columns()
    lines: list[Line] = [make.heads(fields)]
    for person in make.people:
        lines.append(make.line(fields, person))
        below: Line = [None] * len(fields)
        below[0] = make.cell("street" if "address" in fields else "address", person)
        if len(fields) > 2:
            below[1] = make.cell("phone", person)
        lines.append(below)
    return lines


def _cards(make: ListMaker) -> list[Line]:
    """One block of label and value per person, below one another."""
    fields = make.columns()
    lines: list[Line] = []
    for person in make.people:
        for field in fields:
            cell = make.cell(field, person)
            if cell is not None:
                lines.append([Cell(make.header(field)), cell])
        lines.append([])
    return lines


LAYOUTS: dict[str, Callable[[ListMaker], list[Line]]] = {
    "plain": _plain,
    "titled": _titled,
    "low_header": _low_header,
    "no_header": _no_header,
    "two_row": _two_row,
    "grouped": _grouped,
    "stacked": _stacked,
    "two_line": _two_line,
    "cards": _cards,
}
