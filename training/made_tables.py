"""Make tables of hospitals that never were, with what each column holds: to fit the column model, and to measure it.

Everything about an organisation is drawn anew for each table: the form of its numbers, how it writes dates, names and
phones, which columns it keeps in which order, and how its systems spell headers. Names of people come from the lists of
the US Census; words of headers and cells from `table_words.toml`, which was written for this.
"""

import datetime
import functools
import gzip
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

import rollcall.elements

WORDS = tomllib.loads((Path(__file__).parent / "table_words.toml").read_text("utf-8"))
STATES = ["MN", "CA", "TX", "NY", "OH", "WI", "PA", "FL", "WA", "GA", "IL", "MI"]
TODAY = (2012, 2026)


@functools.cache
def common_names() -> tuple[list[str], list[str]]:
    """Return first names and surnames that more than a few bear, by the lists of the US Census."""
    found = []
    for name, least in (("given_names", 9), ("surnames", 9)):
        with gzip.open(
            Path(rollcall.elements.__file__).parent / "data" / f"{name}.csv.gz", "rt", encoding="ascii"
        ) as lines:
            rows = (line.strip().split(",") for line in lines)
            found.append([row[0] for row in rows if int(row[1], 36) >= least])
    return found[0], found[1]


class MadeTable(NamedTuple):
    """Headers by column ("" where there is none), rows of cells, and what each column holds."""

    headers: list[str]
    rows: list[list[str]]
    kinds: list[str]


class House:
    """One organisation and its ways of writing."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.year = rng.randint(*TODAY)
        self.dates = rng.choice(
            ["%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%d-%b-%Y", "%m-%d-%Y", "%B %d, %Y", "%Y%m%d", "n/j", "%m/%d/%Y"]
        )
        self.name = rng.choice(["F L", "L, F", "L, F M", "F M L", "L,F", "F L"])
        self.case = rng.choice([str, str, str, str.upper, str.title])
        self.phone = rng.choice(["({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{}{}{}", "{} {} {}"])
        self.area = [str(rng.randint(201, 989)) for _ in range(rng.randint(1, 3))]
        self.state = rng.choice(STATES)
        self.zip = str(rng.randint(100, 994))
        self.cities = [self.word().title() for _ in range(rng.randint(3, 12))]
        self.payers = [one.replace("{x}", self.word().title()) for one in rng.sample(WORDS["cells"]["payer"], 6)]
        self.doctors = [self.person() for _ in range(rng.randint(2, 9))]
        self.forms = {
            kind: self.form(kind) for kind in ("record", "account", "member", "group", "medicaid", "licence", "nothing")
        }
        self.older = self.form("record")  # the numbers of a house that was taken over
        self.share_older = rng.choice([0, 0, 0, 0.1, 0.3])
        self.members = [self.form("member") for _ in range(rng.randint(2, 5))]
        self.dashed = rng.random() < 0.6

    def word(self) -> str:
        """Return a word that is none."""
        rng = self.rng
        return "".join(
            rng.choice("bcdfghklmnprstvw") + rng.choice("aeiou") + rng.choice(["", "", "n", "r", "l", "s"])
            for _ in range(rng.randint(2, 3))
        )

    def form(self, kind: str) -> Callable[[], str]:
        """Return a maker of numbers of one form."""
        rng = self.rng
        size = rng.randint(
            *{
                "group": (3, 6),
                "record": (5, 10),
                "account": (6, 12),
                "member": (8, 12),
                "medicaid": (8, 11),
                "licence": (7, 13),
            }.get(kind, (3, 6))
        )
        letters = "".join(
            rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
            for _ in range(rng.choice([0, 0, 1, 2, 3] if kind != "record" else [0, 0, 0, 1, 2, 3]))
        )
        zeros = rng.randint(0, 3) if kind == "record" and not letters and rng.random() < 0.5 else 0
        lead = "" if kind in ("member", "licence", "medicaid") and rng.random() < 0.7 else str(rng.randint(1, 9))
        cut = rng.choice([0, 0, 0, 3, 4]) if size > 6 else 0
        tail = rng.random() < 0.15 and kind in ("member", "group")
        sign = rng.choice("- ")

        def number() -> str:
            digits = (lead + "".join(rng.choice("0123456789") for _ in range(size)))[: size - zeros]
            digits = "0" * zeros + digits
            own = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in letters) if kind == "licence" else letters
            digits = f"{digits[:cut]}{sign}{digits[cut:]}" if cut else digits
            return own + digits + (f"-{rng.randint(1, 9):02}" if tail else "")

        return number

    def person(self) -> tuple[str, str, str]:
        """Return (first name, middle initial, surname)."""
        given, family = common_names()
        rng = self.rng
        last = rng.choice(family).title() if rng.random() < 0.9 else self.word().title()
        if rng.random() < 0.08:
            last += rng.choice(["-", " "]) + rng.choice(family).title()
        return rng.choice(given).title(), rng.choice("ABCDEFGHJKLMNRST") if rng.random() < 0.6 else "", last

    def full(self, person: tuple[str, str, str], way: str = "") -> str:
        """Return a name as the house writes it."""
        first, middle, last = person
        way = way or self.name
        said = {
            "F L": f"{first} {last}",
            "L, F": f"{last}, {first}",
            "L, F M": f"{last}, {first} {middle}",
            "F M L": f"{first} {middle} {last}",
            "L,F": f"{last},{first}",
        }[way]
        return self.case(" ".join(said.split()))

    def date(self, low: int, high: int) -> str:
        """Return a date in a year from `low` to `high`."""
        rng = self.rng
        day = datetime.date(rng.randint(low, high), rng.randint(1, 12), rng.randint(1, 28))
        return f"{day.month}/{day.day}/{day.year}" if self.dates == "n/j" else day.strftime(self.dates)

    def ssn(self) -> str:
        """Return a number that could be issued to nobody real: area 772 and up were never given out by state."""
        rng = self.rng
        parts = (str(rng.randint(772, 899)), f"{rng.randint(1, 99):02}", f"{rng.randint(1, 9999):04}")
        return ("-" if self.dashed else "").join(parts)

    def mbi(self) -> str:
        """Return a number of the form Medicare gives."""
        rng, letters = self.rng, "ACDEFGHJKMNPQRTUVWXY"
        form = "1aAN-aAN-aaNN".replace("-", rng.choice(["", "-"]))
        made = {"1": "123456789", "a": letters, "A": letters + "0123456789", "N": "0123456789"}
        return "".join(rng.choice(made[c]) if c in made else c for c in form)


def _routing(rng: Random) -> str:
    digits = [rng.choice([0, 1, 2, 3]), *(rng.randint(0, 9) for _ in range(7))]
    total = sum(d * w for d, w in zip(digits, (3, 7, 1) * 3, strict=False))
    return "".join(map(str, digits)) + str(-total % 10)


def _cell(kind: str, house: House, person: tuple[str, str, str], style: dict[str, int]) -> str:
    rng, cells = house.rng, WORDS["cells"]
    way = style.setdefault(kind, rng.randint(0, 5))
    if kind == "record" and rng.random() < house.share_older:
        return house.older()
    if kind in ("record", "account", "group", "medicaid", "licence"):
        return house.forms[kind]()
    first, middle, last = person
    simple: dict[str, Callable[[], str]] = {
        "name": lambda: house.full(person),
        "given": lambda: house.case(first),
        "family": lambda: house.case(last),
        "middle": lambda: middle,
        "other name": lambda: house.full((house.person()[0], "", last) if rng.random() < 0.6 else house.person()),
        "birth": lambda: house.date(house.year - 92, house.year - (0 if way else 18)),
        "visit": lambda: house.date(house.year - (way > 3), house.year),
        "death": lambda: house.date(house.year - 2, house.year) if rng.random() < 0.3 else "",
        "ssn": house.ssn,
        "last4": lambda: f"{rng.randint(1, 9999):04}" if way < 4 else f"xxx-xx-{rng.randint(1, 9999):04}",
        "member": lambda: rng.choice(house.members)(),
        "mbi": lambda: house.mbi() if rng.random() < 0.7 else "",
        "payer": lambda: rng.choice(house.payers),
        "routing": lambda: _routing(rng),
        "bank": lambda: "".join(rng.choice("0123456789") for _ in range(rng.randint(7, 12))),
        "street": lambda: f"{rng.randint(1, 9999)} {house.word().title()} {rng.choice(['St', 'Ave', 'Rd', 'Ln', 'Street', 'Dr', 'Blvd'])}" + (f", {rng.choice(house.cities)}, {house.state} {house.zip}{rng.randint(0, 99):02}" if way > 3 else rng.choice(["", "", " Apt 2"])),
        "city": lambda: rng.choice(house.cities),
        "state": lambda: house.state if rng.random() < 0.9 else rng.choice(STATES),
        "zip": lambda: f"{house.zip}{rng.randint(0, 99):02}",
        "phone": lambda: house.phone.format(rng.choice(house.area), rng.randint(200, 999), f"{rng.randint(0, 9999):04}"),
        "email": lambda: f"{first.lower()}{rng.choice(['.', '', '_'])}{last.lower().replace(' ', '')}{rng.randint(1, 99)}@{house.word()}.example",
        "icd": lambda: rng.choice("ABCDEFGHIJKLMNOPRSTZ") + f"{rng.randint(0, 99):02}" + (f".{rng.randint(0, 99)}" if rng.random() < 0.8 else ""),
        "condition": lambda: house.case(rng.choice(cells["condition"])),
        "drug": lambda: house.case(rng.choice(cells["drug"])),
        "procedure": lambda: (rng.choice([str(rng.randint(10000, 99499)), f"{rng.choice('AGHJD')}{rng.randint(100, 9999):04}"]) if way > 3 else house.case(rng.choice(cells["procedure"]))),
        "clinician": lambda: [f"Dr. {rng.choice(house.doctors)[2]}", house.full(rng.choice(house.doctors)) + ", MD", house.full(rng.choice(house.doctors)), rng.choice(house.doctors)[2]][way % 4],
        "amount": lambda: f"{'$' if way == 5 else ''}{rng.expovariate(1 / 400):,.2f}",
    }  # fmt: skip
    return simple[kind]() if kind in simple else _filler(house, style)


def _filler(house: House, style: dict[str, int]) -> str:
    rng, cells = house.rng, WORDS["cells"]
    way = style.setdefault("filler", rng.randint(0, 11))
    style["count"] = style.get("count", 0) + 1
    return [
        lambda: rng.choice(cells["other"][:2]), lambda: rng.choice(cells["notes"]), lambda: rng.choice(cells["unit"]),
        lambda: str(rng.randint(0, 99)), lambda: str(style["count"]), lambda: f"{rng.randint(1, 12)}:{rng.randint(0, 59):02} {rng.choice('AP')}M",
        lambda: f"{rng.randint(100, 499)}{rng.choice(['', '-1', '-2', 'A', 'B'])}", lambda: rng.choice(cells["other"]),
        lambda: rng.choice(cells["job"]), lambda: rng.choice(["", "x", "ok"]), lambda: house.forms["nothing"]()[:3] , lambda: rng.choice(cells["notes"]) if rng.random() < 0.3 else "",
    ][way]()  # fmt: skip


def spell(words: str, rng: Random, style: int, prefix: str) -> str:
    """Return a header as some system or person spells it."""
    said = [prefix, *words.split()] if prefix else words.split()
    if rng.random() < 0.18:
        said = [_short(word, rng) if len(word) > 4 and rng.random() < 0.6 else word for word in said]
    return (
        " ".join(said), " ".join(said).title(), " ".join(said).upper(), "_".join(said), "_".join(said).upper(),
        "".join(word.title() for word in said), said[0] + "".join(word.title() for word in said[1:]), ".".join(said),
        " ".join(said).capitalize() + rng.choice(["", ":", " #" if rng.random() < 0.2 else ""]), "-".join(said),
    )[style]  # fmt: skip


def _short(word: str, rng: Random) -> str:
    if rng.random() < 0.5:
        return word[: rng.randint(3, max(3, len(word) - 2))]
    return word[0] + "".join(c for c in word[1:] if c not in "aeiou")


MAIN = (("name",), ("given", "family"), ("given", "middle", "family"), ("family", "given"), ("name",))
REST = {
    "birth": 0.75, "ssn": 0.18, "record": 0.5, "account": 0.3, "member": 0.35, "payer": 0.35, "visit": 0.5, "phone": 0.5, "street": 0.4,
    "icd": 0.25, "condition": 0.25, "drug": 0.15, "procedure": 0.3, "clinician": 0.3, "amount": 0.25, "email": 0.12, "other name": 0.25,
    "mbi": 0.06, "medicaid": 0.08, "group": 0.08, "licence": 0.05, "routing": 0.03, "last4": 0.05, "death": 0.03,
}  # fmt: skip


def make_table(rng: Random, *, held_out: bool, headed: bool | None = None) -> MadeTable:
    """Return a table; with `held_out` its headers are of the words kept from fitting, else of the others."""
    house = House(rng)
    kinds = list(rng.choice(MAIN)) if rng.random() < 0.93 else []
    kinds += [kind for kind, share in REST.items() if rng.random() < share]
    kinds += ["nothing"] * rng.choice([0, 1, 1, 2, 3])
    if "street" in kinds and rng.random() < 0.6:
        at = kinds.index("street") + 1
        kinds[at:at] = ["city", "state", "zip"] if rng.random() < 0.8 else rng.sample(["city", "state", "zip"], 2)
    if "routing" in kinds:
        kinds.insert(kinds.index("routing") + 1, "bank")
    if rng.random() < 0.6:
        kinds = _shuffled(kinds, rng)
    headed = rng.random() < 0.85 if headed is None else headed
    style, prefix = rng.randint(0, 9), rng.choice(WORDS["cells"]["prefix"]) if rng.random() < 0.3 else ""
    headers = [_header(kind, rng, style, prefix, held_out) if headed else "" for kind in kinds]
    if headed and len(kinds) > 2 and rng.random() < 0.06:
        one, other = rng.sample(range(len(kinds)), 2)
        headers[one], headers[other] = headers[other], headers[one]
    styles: list[dict[str, int]] = [{} for _ in kinds]
    blank = [rng.choice([0, 0, 0.05, 0.15, 0.4]) if kind not in ("name", "given", "family") else 0 for kind in kinds]
    rows = []
    for _ in range(rng.choice([2, 3, 4, 5, 6, 8, 12, 20, 40])):
        person = house.person()
        rows.append(
            [
                "" if rng.random() < gone else _cell(kind, house, person, own)
                for kind, gone, own in zip(kinds, blank, styles, strict=True)
            ]
        )
    return MadeTable(headers, rows, kinds)


def _header(kind: str, rng: Random, style: int, prefix: str, held_out: bool) -> str:
    if rng.random() < 0.05:
        return rng.choice(["", f"F{rng.randint(1, 99)}", f"col{rng.randint(1, 30)}"])
    words = WORDS["headers"][kind]
    some = words[2::3] if held_out else [word for at, word in enumerate(words) if at % 3 != 2]
    return spell(rng.choice(some or words), rng, style, prefix if rng.random() < 0.85 else "")


def _shuffled(kinds: list[str], rng: Random) -> list[str]:
    """Return columns in another order; a name's parts and a place's stay together."""
    blocks: list[list[str]] = []
    for kind in kinds:
        together = blocks and (
            (blocks[-1][-1] in ("given", "middle", "family") and kind in ("given", "middle", "family"))
            or (blocks[-1][-1] in ("street", "city", "state") and kind in ("city", "state", "zip"))
            or kind == "bank"
        )
        if together:
            blocks[-1].append(kind)
        else:
            blocks.append([kind])
    rng.shuffle(blocks)
    return [kind for block in blocks for kind in block]
