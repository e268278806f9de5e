"""Baseline (b): patterns with context words, one person for each row or mail, joined by exact keys.

    python bench/baseline_presidio.py EVIDENCE --to FOLDER     writes individuals.jsonl and evidence.jsonl

The idea of Presidio's published pattern recognisers written anew (a pattern with a base score, raised when one of its
context words stands near), not Presidio itself: that needs a language model to be downloaded. Names, which
Presidio takes from that model, are taken from the most common first names of the US Census Bureau.
"""

import argparse
import re
from pathlib import Path
from typing import NamedTuple

from baseline_reading import Said, Table, join, read_case, write_answer
from baseline_rows import iso
from rollcall.demo.names import TRADITIONS, _first_names

WINDOW, RAISE, ENOUGH = 45, 0.35, 0.4  # characters before, as Presidio's five words; its own raise; its usual threshold


class Recogniser(NamedTuple):
    """One pattern: what it finds, how sure it is alone, and which words near by make it surer."""

    element: str
    subtype: str
    pattern: re.Pattern[str]
    score: float
    context: tuple[str, ...]


def _r(element: str, subtype: str, pattern: str, score: float, *context: str) -> Recogniser:
    return Recogniser(element, subtype, re.compile(pattern), score, context)


RECOGNISERS = (
    _r("ssn", "full", r"\b[0-8]\d{2}[- .]\d{2}[- .]\d{4}\b", 0.5, "social", "security", "ssn", "ssns", "ss#", "ssid"),
    _r("ssn", "full", r"\b[0-8]\d{8}\b", 0.05, "social", "security", "ssn", "ssns", "ss#", "ssid"),
    _r("date_of_birth", "full", r"\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b", 0.1, "birth", "dob", "born"),
    _r("date_of_service", "", r"\b\d{1,2}[/-]\d{1,2}[/-]20\d\d\b", 0.1, "service", "visit", "seen", "dos", "admit"),
    _r("phone", "", r"\(?\b\d{3}\)?[- .]\d{3}[- .]\d{4}\b", 0.4, "phone", "number", "telephone", "cell", "mobile"),
    _r("email", "", r"\b[\w.+-]+@[\w-]+\.[\w.]+\b", 0.5, "email"),
    _r("medical_record_number", "", r"\b[A-Z]{0,3}-?\d{5,8}\b", 0.1, "mrn", "record", "chart", "medical"),
    _r("patient_account_number", "", r"\b[A-Z]?\d{7,10}\b", 0.05, "account", "acct", "visit", "encounter"),
    _r("health_insurance", "member_id", r"\b[A-Z]{1,4}-?\d{6,10}\b", 0.2, "member", "policy", "insurance"),
    _r("health_insurance", "mbi", r"\b[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d{2}\b", 0.5, "mbi", "medicare"),
    _r("drivers_license", "licence", r"\b[A-Z]\d{12}\b|\b[A-Z]{3}-\d\d-\d{4}\b", 0.3, "driver", "license", "dl"),
    _r("diagnosis", "code", r"\b[A-TV-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}\b", 0.4, "diagnosis", "dx", "icd"),
    _r("financial_account", "account", r"\b\d{8,17}\b", 0.05, "account", "bank", "checking", "savings", "debit"),
    _r("address", "street", r"\b\d{2,5} (?:[A-Z][a-z]+ ){1,3}(?:St|Ave|Rd|Road|Street|Lane|Dr|Ct)\b", 0.4, "address"),
)  # fmt: skip
FIRST = {name.split()[0].upper() for tradition in TRADITIONS for sex in "FM" for name in _first_names(tradition, sex)}
WORD = r"[A-Z][A-Za-z'’-]+"
NAME = re.compile(rf"\b({WORD}), ({WORD})(?: [A-Z]\b\.?)?|\b({WORD})(?: [A-Z]\.?)? ({WORD})\b")


def names(text: str) -> list[tuple[int, str]]:
    """Return names with their places: two words, of which the given one is a common first name."""
    found: list[tuple[int, str]] = []
    for one in NAME.finditer(text):
        given, family = (one[2], one[1]) if one[1] else (one[3], one[4])
        if given.upper() in FIRST and family.upper() not in ("AND", "THE"):
            found.append((one.start(), f"{given} {family}"))
    return found


def scan(text: str, mail: str, near: str = "") -> list[tuple[int, Said]]:
    """Return what the recognisers find above the threshold; of two on one place the surer."""
    best: dict[int, tuple[float, int, Said]] = {}
    for one in RECOGNISERS:
        for hit in one.pattern.finditer(text):
            around = (near + " " + text[max(0, hit.start() - WINDOW) : hit.start()]).lower()
            score = one.score + (RAISE if any(word in around for word in one.context) else 0)
            if score >= ENOUGH and score > best.get(hit.start(), (0.0, 0, ()))[0]:
                value = iso(hit[0]) if "date" in one.element else hit[0]
                best[hit.start()] = (score, hit.start(), (one.element, one.subtype, value, mail))
    return [(at, said) for _, at, said in best.values()]


def of_table(table: Table) -> list[list[Said]]:
    """Return what each row says: cells with their header as context, the first name in it."""
    heads = next((row for row in table.rows[:15] if sum(bool(cell.strip()) for cell in row) > 2), [])
    people: list[list[Said]] = []
    for row in table.rows:
        said: list[Said] = []
        for col, cell in enumerate(row):
            near = heads[col] if col < len(heads) and row is not heads else ""
            said += [one for _, one in scan(cell, table.message_id, near)]
            said += [("name", "full", name, table.message_id) for _, name in names(cell.title())[:1]]
        if any(one[0] == "name" for one in said) and len(said) > 1:
            people.append(said)
    return people


def of_text(text: str, mail: str) -> list[list[Said]]:
    """Return for each name what stands behind it until the next one."""
    marks = names(text)
    people: list[list[Said]] = [[("name", "full", name, mail)] for _, name in marks]
    for at, said in scan(text, mail):
        before = [n for n, (start, _) in enumerate(marks) if start <= at]
        if before:
            people[before[-1]].append(said)
    return [said for said in people if len(said) > 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("evidence", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    found: list[list[Said]] = []
    for one in read_case(given.evidence):
        found += of_table(one) if isinstance(one, Table) else of_text(one.text, one.message_id)
    people = join(found)
    write_answer(people, given.to)
    print(f"{len(found)} mentions, {len(people)} people")


if __name__ == "__main__":
    main()
