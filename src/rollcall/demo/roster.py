"""Rosters beside the evidence: a patient index and a staff list as somebody would hand them over, not quite true.

Of the true people some are missing and some stand there as they were years ago (old address, name before marriage) or
twice; others on it were never written about (decoys). The truth keeps the numbers of the entries of each true person.
"""

import csv
from pathlib import Path
from random import Random

from rollcall.demo.cast import Cast
from rollcall.demo.chance import stream
from rollcall.demo.grid import Cell, Grid, Line
from rollcall.demo.people import Census, Person
from rollcall.demo.show import full_name
from rollcall.demo.truth import Truth
from rollcall.demo.writers.sheet import write_sheets

HEAD = ("ENTRY", "MRN", "NAME", "BIRTH", "SEX", "STREET", "CITY", "STATE", "ZIP", "PHONE", "LAST_UPDATE")


def _entry(rng: Random, person: Person, number: int, *, stale: bool) -> list[str]:
    """Return one line of the index; a stale one says what was true once."""
    home = person.former or person.address if stale else person.address
    family = person.maiden if stale and person.maiden else person.family
    name = f"{family.upper()}, {person.given.upper()}{' ' + person.middle[:1].upper() if person.middle else ''}"
    if person.suffix and rng.random() < 0.6:
        name = name.replace(",", f" {person.suffix.upper().rstrip('.')},", 1)
    phone = "" if stale and rng.random() < 0.4 else person.phone
    year = rng.randint(2004, 2013) if stale else rng.randint(2014, 2019)
    born = "" if stale and rng.random() < 0.05 else f"{person.born:%m/%d/%Y}"
    record = next(iter(person.records.values()))
    when = f"{rng.randint(1, 12):02}/{rng.randint(1, 28):02}/{year}"
    return [f"E{number:07}", record, name, born, person.sex, home.street.upper(), home.city.upper(), home.state,
            home.zip, phone, when]  # fmt: skip


def write_rosters(folder: Path, cast: Cast, truth: Truth, seed: int, share: float) -> None:
    """Write patients.csv and staff.xlsx; enter in the truth whose entries are whose."""
    rng = stream(seed, "roster")
    folder.mkdir(parents=True, exist_ok=True)
    staff = {one.person.person_id for one in cast.staff}
    everybody: list[tuple[str, Person]] = [
        (key, one) for key, one in cast.people.items() if key not in staff and "relative" not in one.kinds
    ]
    census = Census(cast.pack, seed, prefix="R", number=700_000)
    while len(everybody) < len(cast.people) * 1.35:  # decoys: real patients that no mail speaks of
        everybody += [("", one) for one in census.make_household()]
    rng.shuffle(everybody)
    number = 0
    with (folder / "patients.csv").open("w", encoding="cp1252", errors="replace", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(HEAD)
        for key, person in everybody:
            if key and rng.random() > share:
                continue
            for copy in range(2 if rng.random() < 0.02 else 1):  # twice, under two states of knowledge
                number += 1
                stale = copy == 1 or rng.random() < 0.07
                lines.writerow(_entry(rng, person, number, stale=stale))
                if key:
                    truth.people[key].roster_ids.append(f"E{number:07}")
    (folder / "staff.xlsx").write_bytes(_staff(cast))


def _staff(cast: Cast) -> bytes:
    """Return a workbook of those who work there."""
    lines: list[Line] = [[Cell(head, bold=True) for head in ("Employee", "Position", "Dept", "Work Email")]]
    lines += [[Cell(full_name(one.person)), *map(Cell, (one.title, one.department, one.email))] for one in cast.staff]
    return write_sheets("staff", [Grid("Active", "plain", lines)], saved=cast.saved).data
