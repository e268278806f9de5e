"""Baseline (a): a lexicon of headers, exact patterns, one person for each row; joined by exact keys.

    python bench/baseline_rows.py EVIDENCE --to FOLDER     writes individuals.jsonl and evidence.jsonl

The headers are those one would write down after some breaches, without a look at the packs. These lines hold all that
it knows of hospitals; opening files and writing the answer are no idea of its own (`baseline_reading.py`).
"""

import argparse
import re
from pathlib import Path
from typing import Any

from baseline_reading import Said, Table, Text, join, read_case, write_answer

HEADERS = {
    ("name", "full"):
        "name|patient name|patient|pt name|member name|full name|employee name|client name|"
        "subscriber name|guarantor name|pat name|insured name|enrollee name|participant name|resident name|"
        "consumer name|name last first|patient full name|pt|member|employee|guarantor|subscriber",
    ("name", "last"):
        "last name|last|lname|surname|patient last name|pt last name|member last name|family name|"
        "pat last|last nm|name last|employee last name",
    ("name", "first"):
        "first name|first|fname|given name|patient first name|pt first name|member first name|pat first|"
        "first nm|name first|forename|employee first name",
    ("date_of_birth", "full"):
        "dob|date of birth|birth date|birthdate|birthday|d o b|patient dob|pt dob|member dob|bdate|"
        "birth dt|birth|born|pat dob|employee dob|date birth|patient date of birth",
    ("ssn", "full"):
        "ssn|social security number|social security no|social security|ss|soc sec|ss no|social|"
        "patient ssn|member ssn|employee ssn|pt ssn|soc sec no|ssn no|social security nbr",
    ("ssn", "last4"): "last 4|last4|ssn last 4|last four|last 4 ssn",
    ("medical_record_number", ""):
        "mrn|medical record number|medical record no|med rec no|med rec|mr|mr no|chart|chart no|"
        "chart number|patient id|pt id|pt mrn|patient mrn|record number|unit no|emr id|medical record|"
        "pat mrn",
    ("patient_account_number", ""):
        "account|account number|account no|acct|acct no|visit|visit no|encounter|har|fin|csn|"
        "patient account|encounter no|patient acct|acct number|claim number|claim no",
    ("health_insurance", "payer"):
        "insurance|payer|payor|plan|carrier|insurance company|primary insurance|health plan|coverage|"
        "ins|primary ins|ins name|insurance name",
    ("health_insurance", "member_id"):
        "member id|member no|member number|policy|policy no|policy number|subscriber id|insurance id|"
        "ins id|id no|mbr id|insured id|certificate number|contract no|subscriber no",
    ("health_insurance", "mbi"): "mbi|medicare|medicare id|medicare no|hicn",
    ("health_insurance", "medicaid_id"): "medicaid|medicaid id|medicaid no|ma no|recipient id|pmi",
    ("address", "street"):
        "address|street|street address|address 1|home address|mailing address|addr|addr 1|address line 1",
    ("phone", ""):
        "phone|phone number|phone no|home phone|cell|mobile|telephone|tel|cell phone|contact no|"
        "patient phone",
    ("email", ""): "email|e mail|email address",
    ("diagnosis", "code"):
        "dx|diagnosis|diagnosis code|icd|icd 10|icd10|dx code|primary dx|primary diagnosis|problem|"
        "condition|reason for visit|diagnoses",
    ("medication", ""): "medication|medications|drug|rx|med|meds",
    ("treatment", "procedure"): "procedure|cpt|cpt code|proc|procedure code|service|hcpcs|proc code|exam",
    ("date_of_service", ""):
        "dos|date of service|service date|visit date|admit date|admission date|appt date|svc date|"
        "appointment date|discharge date|last visit|encounter date",
    ("provider", ""): "provider|pcp|attending|physician|doctor|dr|rendering provider|ordering provider|surgeon",
    ("billing_amount", ""): "balance|amount|charges|total charges|amount due|bal|amt due|paid",
    ("drivers_license", "licence"): "dl|driver license|drivers license|dl no|license no",
    ("financial_account", "account"): "bank account|checking account|account to credit|bank acct",
}  # fmt: skip
MEANS = {word: meant for meant, words in HEADERS.items() for word in words.split("|")}
SSN = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])")
DATE = re.compile(r"\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\d{4}-\d\d-\d\d")
NAMED = re.compile(r"[A-Z][A-Za-z'-]+, [A-Z][A-Za-z'-]+( [A-Z]\.?)?")
LABEL = re.compile(r"^\W*([A-Za-z][A-Za-z .#'/()-]{1,36}?)\s*[:=.]+\s+(\S.*)$")


def plain(header: str) -> str:
    """Return a header in small letters, without signs."""
    return " ".join(re.findall(r"[a-z0-9]+", header.lower()))


def iso(text: str) -> str:
    """Return a date as the answer gives it."""
    if us := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{2,4})", text.strip()):
        year = int(us[3]) if len(us[3]) == 4 else 2000 + int(us[3]) if int(us[3]) < 20 else 1900 + int(us[3])
        return f"{year}-{int(us[1]):02}-{int(us[2]):02}"
    return text.strip()[:10]


def of_table(table: Table) -> list[list[Said]]:
    """Return what each row says; the header is the row of the first fifteen with the most known words."""
    rows = table.rows
    known = [sum(plain(cell) in MEANS for cell in row) for row in rows[:15]] or [0]
    at = known.index(max(known))
    meant = [MEANS.get(plain(cell)) for cell in (rows or [[]])[at]]
    return [said for row in rows[at + 1 :] if (said := of_row(row, meant, table.message_id))]


def of_row(row: list[str], meant: list[Any], mail: str) -> list[Said]:
    """Return what one row says under these headers."""
    said: list[Said] = []
    first = last = ""
    for cell, meaning in zip(row, [*meant, *[None] * len(row)], strict=False):
        value = cell.strip()
        if meaning is None:  # what looks like itself under any header
            meaning = ("ssn", "full") if SSN.fullmatch(value) else ("name", "full") if NAMED.fullmatch(value) else None
        if not value or meaning is None:
            continue
        element, subtype = meaning
        if subtype == "first":
            first = value
        elif subtype == "last":
            last = value
        else:
            said.append((element, subtype, iso(value) if "date" in element else value, mail))
    if first or last:
        said.insert(0, ("name", "full", f"{first} {last}".strip(), mail))
    return said if any(one[0] == "name" for one in said) and len(said) > 1 else []


def of_text(text: Text) -> list[list[Said]]:
    """Return what labelled lines say, a new person with each name; and numbers that look like themselves."""
    people: list[list[Said]] = []
    for line in text.text.splitlines():
        if (pair := LABEL.match(line)) and (meant := MEANS.get(plain(pair[1]))):
            if meant[0] == "name":
                people.append([])
            if people:
                value = iso(pair[2]) if "date" in meant[0] else pair[2].strip()
                people[-1].append((meant[0], "full" if meant[0] == "name" else meant[1], value, text.message_id))
    for number in SSN.findall(text.text):
        if people and not any(one[0] == "ssn" for one in people[-1]):
            people[-1].append(("ssn", "full", number, text.message_id))
    return [said for said in people if len(said) > 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("evidence", type=Path)
    parser.add_argument("--to", type=Path, required=True)
    given = parser.parse_args()
    found: list[list[Said]] = []
    for one in read_case(given.evidence):
        found += of_table(one) if isinstance(one, Table) else of_text(one)
    people = join(found)
    write_answer(people, given.to)
    print(f"{len(found)} rows, {len(people)} people")


if __name__ == "__main__":
    main()
