"""All the mails of people in odd places, written out."""

from collections.abc import Mapping
from pathlib import Path

from tests.cases.positions import MAILS, Person, Plant, person
from tests.cases.positions_in_files import FILES

PLANTS: Mapping[str, Plant] = {**MAILS, **FILES}


def write(folder: Path) -> dict[str, Person]:
    """Write a mail of every place into a folder; return who is in which, by Message-ID."""
    people: dict[str, Person] = {}
    for number, plant in enumerate(PLANTS.values()):
        who = person(number)
        head = (
            f"From: Ann Lee <ann@hospital.example>\r\nTo: Bob Ray <bob@hospital.example>\r\n"
            f"Date: Mon, 6 Jan 2020 10:{number // 60:02}:{number % 60:02} +0000\r\n"
            f"Message-ID: <{number}@hospital.example>\r\n"
        )
        (folder / f"{number:03}.eml").write_bytes(head.encode() + plant(who))
        people[f"<{number}@hospital.example>"] = who
    return people
