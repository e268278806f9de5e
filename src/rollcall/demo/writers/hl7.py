"""HL7 version 2 as interfaces write it: one message for each visit, segments ended by a carriage return."""

import datetime
from random import Random

from rollcall.demo.chance import digits
from rollcall.demo.pack import Pack
from rollcall.demo.people import Person
from rollcall.demo.show import full_name
from rollcall.demo.truth import Fact
from rollcall.demo.writers.made import Made

EVENTS = ("ADT^A04^ADT_A01", "ADT^A08", "ADT^A01", "ORU^R01", "DFT^P03", "SIU^S12")

TESTS = (  # LOINC, name, unit, what one may see
    ("2345-7", "GLUCOSE", "mg/dL", 62, 340), ("718-7", "HEMOGLOBIN", "g/dL", 7, 18),
    ("2160-0", "CREATININE", "mg/dL", 1, 6), ("2823-3", "POTASSIUM", "mmol/L", 3, 6), ("3016-3", "TSH", "mIU/L", 1, 12),
)  # fmt: skip


def fact_of(person: Person, element: str, subtype: str, value: str, text: str = "", role: str = "patient") -> Fact:
    """Return a fact of a feed, at the body of its file."""
    return Fact(person.person_id, role, element, subtype, value, text or value, "body")


def record_of(person: Person, entity: str) -> tuple[str, str]:
    """Return who gave somebody a record number, and the number: that entity, or who knew them first."""
    issuer = entity if entity in person.records else next(iter(person.records))
    return issuer, person.records[issuer]


def day(date: datetime.date) -> str:
    """Return a date as feeds write it."""
    return f"{date:%Y%m%d}"


def _message(
    rng: Random, pack: Pack, person: Person, today: datetime.date, doctor: str, entity: str
) -> tuple[list[str], list[Fact]]:
    issuer, record = record_of(person, entity) if entity else rng.choice(list(person.records.items()))
    event, home = rng.choice(EVENTS), person.address
    seen = today - datetime.timedelta(rng.randint(0, 20))
    code, words, _ = pack.diagnoses[person.diagnoses[0]]
    name = f"{person.family}^{person.given}^{person.middle}^{person.suffix}".rstrip("^").upper()
    with_ssn = rng.random() < 0.6
    seer = "^".join(reversed(doctor.upper().rsplit(" ", 1)))
    facts = [
        Fact(person.person_id, "patient", "provider", "", doctor, seer, "body", optional=True),
        fact_of(person, "name", "full", full_name(person), name),
        fact_of(person, "date_of_birth", "full", person.born.isoformat(), day(person.born)),
        fact_of(person, "medical_record_number", "", record),
        fact_of(person, "address", "street", home.street, home.street.upper()),
        fact_of(person, "phone", "", person.phone),
        fact_of(person, "patient_account_number", "", person.account),
        fact_of(person, "date_of_service", "", seen.isoformat(), day(seen)),
    ]
    place = f"{home.street}^^{home.city}^{home.state}^{home.zip}".upper()
    ssn = person.ssn if with_ssn else ""
    stamp = f"{day(seen)}{rng.randint(6, 18):02}{rng.randrange(60):02}"
    stay = "I" if event.startswith("ADT^A01") else "O"
    source, via, target = pack.words["hl7_systems"]
    lines = [
        f"MSH|^~\\&|{source}|{issuer[:18].upper()}|{via}|{target}|{stamp}||{event}|{digits(rng, 9)}|P"
        f"|2.{rng.choice((3, 4, 5))}",
        *_opening(rng, event, stamp),
        f"PID|1||{record}^^^{issuer[:3].upper()}^MR||{name}||{day(person.born)}|{person.sex}|||{place}"
        f"||{person.phone}|||||{person.account}|{ssn}",
        f"PV1|1|{stay}|CLN^^^{issuer[:6].upper()}||||1{digits(rng, 9)}^{seer}" + "|" * 37 + stamp,
    ]
    if with_ssn:
        facts.append(fact_of(person, "ssn", "full", person.ssn))
    if event.startswith(("ADT", "DFT")):
        lines.append(f"DG1|1||{code}^{words.upper()}^I10||{day(seen)}")
        facts.append(fact_of(person, "diagnosis", "code", code))
    if rng.random() < 0.6:
        lines.append(f"IN1|1|{digits(rng, 4)}|{digits(rng, 3)}|{person.payer.upper()}||||{person.group}||||||||{name}")
        lines[-1] += f"|01|{day(person.born)}||||||||||||||||||{person.member}"
        facts += [
            fact_of(person, "health_insurance", "payer", person.payer, person.payer.upper()),
            fact_of(person, "health_insurance", "group", person.group),
            fact_of(person, "health_insurance", "member_id", person.member),
        ]
    if event.startswith("ORU"):
        test, said, unit, low, high = rng.choice(TESTS)
        lines.append(f"OBR|1||{digits(rng, 8)}|{test}^{said}^LN|||{stamp}")
        lines.append(f"OBX|1|NM|{test}^{said}^LN||{rng.randint(low, high)}|{unit}|||||F|||{stamp}")
        facts.append(fact_of(person, "treatment", "lab_result", said))
    if event.startswith("SIU"):
        lines += ["RGS|1|A", f"AIP|1|A|{seer}|ATTENDING||{stamp}"]
    if event.startswith("DFT"):
        cpt, done = pack.procedures[person.procedure]
        lines.append(
            f"FT1|1|||{day(seen)}|{day(today)}|CG|{cpt}^{done.upper()}|||1"
            + "|" * 15
            + f"{cpt}^^{'C4' if cpt[0].isdigit() else 'HPC'}"
        )
        facts.append(fact_of(person, "treatment", "procedure", cpt))
    return lines, facts


def _opening(rng: Random, event: str, stamp: str) -> list[str]:
    """Return what stands between MSH and PID: an EVN for ADT and DFT, an appointment for SIU, for ORU nothing."""
    if event.startswith("SIU"):
        number, reason = digits(rng, 8), rng.choice(("ROUTINE", "WALKIN", "COMPLETE", "FOLLOWUP"))
        return [f"SCH|{number}|{number}|||||{reason}||{rng.choice((15, 20, 30))}|MIN|^^^{stamp}"]
    return [] if event.startswith("ORU") else [f"EVN|{event[4:7]}|{stamp}"]


def write_hl7(rng: Random, pack: Pack, people: list[Person], today: datetime.date, doctors: list[str],
              entity: str = "") -> Made:  # fmt: skip
    """Return a file of messages, one for each person."""
    lines: list[str] = []
    facts: list[Fact] = []
    ending = rng.choice(("\r", "\r", "\r\n"))
    for person in people:
        said, stated = _message(rng, pack, person, today, rng.choice(doctors), entity)
        lines += said
        facts += stated
    name = rng.choice(pack.words["hl7_files"]) + digits(rng, 3)
    data = (ending.join(lines) + ending).encode("utf-8")
    kind = rng.choice(("hl7", "txt", "dat"))
    return Made("hl7", "hl7", f"{name}.{kind}", "application/octet-stream", data, facts)
