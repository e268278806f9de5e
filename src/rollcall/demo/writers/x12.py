"""X12 as clearing houses and plans exchange it: claims (837), payments (835), enrolment (834)."""

import datetime
from random import Random

from rollcall.demo.chance import digits
from rollcall.demo.pack import Pack
from rollcall.demo.people import Person
from rollcall.demo.show import full_name
from rollcall.demo.truth import Fact
from rollcall.demo.writers.hl7 import day, fact_of
from rollcall.demo.writers.made import Made

Said = tuple[list[str], list[Fact]]


def _named(person: Person, code: str, qualifier: str, number: str, role: str) -> Said:
    parts = [code, "1", person.family, person.given, person.middle[:1], "", person.suffix, qualifier, number]
    line = ("NM1*" + "*".join(parts)).upper()
    text = "*".join(part for part in (person.family, person.given)).upper()
    return [line], [
        fact_of(person, "name", "full", full_name(person), text, role),
        fact_of(person, "health_insurance", "member_id", number, number, role),
    ]


def _demographics(person: Person, role: str) -> Said:
    home = person.address
    lines = [f"N3*{home.street}", f"N4*{home.city}*{home.state}*{home.zip}", f"DMG*D8*{day(person.born)}*{person.sex}"]
    return [line.upper() for line in lines], [
        fact_of(person, "address", "street", home.street, home.street.upper(), role),
        fact_of(person, "date_of_birth", "full", person.born.isoformat(), day(person.born), role),
    ]


def _claim(rng: Random, pack: Pack, person: Person, today: datetime.date) -> Said:
    """One claim of an 837P: subscriber, diagnosis, service."""
    code, cpt = pack.diagnoses[person.diagnoses[0]][0], pack.procedures[person.procedure][0]
    seen = today - datetime.timedelta(rng.randint(3, 60))
    amount = f"{rng.randint(60, 2400)}.{rng.choice(('00', '5', '25'))}"
    named, facts = _named(person, "IL", "MI", person.member.replace(" ", ""), "patient")
    where, more = _demographics(person, "patient")
    lines = [
        "HL*2*1*22*0",
        f"SBR*P*18*{person.group}******CI",
        *named,
        *where,
        f"NM1*PR*2*{person.payer.upper()}*****PI*{digits(rng, 5)}",
        f"CLM*{person.account}*{amount}***11:B:1*Y*A*Y*Y",
        f"HI*ABK:{code.replace('.', '')}",
        "LX*1",
        f"SV1*HC:{cpt}*{amount}*UN*1***1",
        f"DTP*472*D8*{day(seen)}",
    ]
    facts += [
        *more,
        fact_of(person, "patient_account_number", "", person.account),
        fact_of(person, "diagnosis", "code", code, code.replace(".", "")),
        fact_of(person, "treatment", "procedure", cpt),
        fact_of(person, "billing_amount", "amount", amount),
        fact_of(person, "date_of_service", "", seen.isoformat(), day(seen)),
        fact_of(person, "health_insurance", "payer", person.payer, person.payer.upper()),
        fact_of(person, "health_insurance", "group", person.group),
    ]
    return lines, facts


def _payment(rng: Random, pack: Pack, person: Person, today: datetime.date) -> Said:
    """One paid claim of an 835."""
    seen = today - datetime.timedelta(rng.randint(10, 90))
    cpt = pack.procedures[person.procedure][0]
    named, facts = _named(person, "QC", "MI", person.member.replace(" ", ""), "patient")
    charge = rng.randint(80, 900)
    paid = rng.randint(30, charge)
    owed = min(rng.randrange(60), charge - paid)
    lines = [
        f"CLP*{person.account}*1*{charge}*{paid}*{owed}*12*{digits(rng, 12)}",
        *named,
        f"SVC*HC:{cpt}*{charge}*{paid}**1",
        f"DTM*472*{day(seen)}",
        *([f"CAS*CO*45*{charge - paid - owed}"] if charge - paid > owed else []),
        *([f"CAS*PR*{rng.randint(1, 3)}*{owed}"] if owed else []),
    ]
    facts += [
        fact_of(person, "patient_account_number", "", person.account),
        fact_of(person, "treatment", "procedure", cpt),
        fact_of(person, "billing_amount", "amount", str(charge)),
        fact_of(person, "date_of_service", "", seen.isoformat(), day(seen)),
    ]
    return lines, facts


def _enrolment(rng: Random, pack: Pack, person: Person, today: datetime.date) -> Said:
    """One member of an 834, with the Social Security number."""
    named, facts = _named(person, "IL", "34", person.ssn, "member")
    facts[1] = fact_of(person, "ssn", "full", person.ssn, "", "member")
    where, more = _demographics(person, "member")
    member, begun = person.member.replace(" ", ""), today.replace(day=1)
    lines = [
        "INS*N*19*021*XN*A" if person.guardian else "INS*Y*18*021*XN*A***FT",
        f"REF*0F*{member}",
        f"REF*1L*{person.group}",
        f"DTP*356*D8*{day(begun)}",
        *named,
        f"PER*IP**TE*{person.phone}",
        *where,
        f"HD*021**HLT*{rng.choice(('PPO', 'HMO', 'HDHP'))}*{rng.choice(('IND', 'FAM', 'ESP'))}",
        f"DTP*348*D8*{day(begun)}",
    ]
    facts += [
        *more,
        fact_of(person, "health_insurance", "member_id", member, "", "member"),
        fact_of(person, "health_insurance", "group", person.group, "", "member"),
        fact_of(person, "phone", "", person.phone, "", "member"),
    ]
    return lines, facts


DESKS = ("BILLING", "EDI SUPPORT", "CLAIMS")
KINDS = {"837": ("HC", "005010X222A1", _claim), "835": ("HP", "005010X221A1", _payment),
         "834": ("BE", "005010X220A1", _enrolment)}  # fmt: skip


def _heading(
    rng: Random, pack: Pack, kind: str, parties: tuple[str, str, str], when: tuple[str, str], total: int
) -> list[str]:
    """Return the segments before the first person: the parties, and what was paid in all."""
    date, clock = when
    sender, payer, hub = parties
    npi, (town, state, code) = f"1{digits(rng, 9)}", rng.choice(pack.org.towns)
    if kind == "837":
        return [f"BHT*0019*00*{digits(rng, 6)}*{date}*{clock}*CH", f"NM1*41*2*{sender}*****46*{digits(rng, 6)}",
                f"PER*IC*{rng.choice(DESKS)}*TE*{rng.choice(pack.org.phone_area)}5550{digits(rng, 3)}",
                f"NM1*40*2*{hub}*****46*{digits(rng, 5)}", "HL*1**20*1", f"NM1*85*2*{sender}*****XX*{npi}",
                f"N3*{rng.randint(100, 4999)} {rng.choice(pack.org.streets).upper()}",
                f"N4*{town.upper()}*{state}*{code}{digits(rng, 4)}", f"REF*EI*{digits(rng, 9)}"]  # fmt: skip
    if kind == "835":
        ours = f"0{digits(rng, 8)}*DA*{digits(rng, 8)}"
        paid = f"BPR*I*{total}*C*ACH*CCP*01*{digits(rng, 9)}*DA*{digits(rng, 9)}*{digits(rng, 10)}**01*{ours}*{date}"
        return [paid, f"TRN*1*{digits(rng, 9)}*{digits(rng, 10)}", f"N1*PR*{payer}", f"N1*PE*{sender}*XX*{npi}", "LX*1"]
    return [
        f"BGN*00*{digits(rng, 6)}*{date}*{clock}****2",
        f"N1*P5*{sender}*FI*{digits(rng, 9)}",
        f"N1*IN*{payer}*FI*{digits(rng, 9)}",
    ]


def write_x12(rng: Random, pack: Pack, people: list[Person], today: datetime.date, house: str) -> Made:
    """Return one interchange about these people; some programs put each segment on a line of its own."""
    kind = rng.choice(list(KINDS))
    group, version, say = KINDS[kind]
    date, number = day(today), digits(rng, 9)
    sender, hub = house.upper()[:15].strip(), pack.words["clearinghouse"][0]
    clock = f"{rng.randint(5, 22):02}{rng.randrange(60):02}"
    body: list[str] = []
    facts: list[Fact] = []
    for place, person in enumerate(people, 2):
        said, stated = say(rng, pack, person, today)
        body += [line.replace("HL*2*", f"HL*{place}*", 1) if line.startswith("HL*2*") else line for line in said]
        facts += stated
    total = sum(int(line.split("*")[4]) for line in body if line.startswith("CLP*"))
    parties = (house.upper(), people[0].payer.upper() if people else "PLAN", hub)
    lines = [
        f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{sender:<15}*ZZ*{hub:<15}*{date[2:]}*{clock}*^*00501*{number}*0*P*:",
        f"GS*{group}*{sender.split()[0]}*{hub.split()[0]}*{date}*{clock}*{int(number[-5:])}*X*{version}",
        f"ST*{kind}*0001*{version}",
        *_heading(rng, pack, kind, parties, (date, clock), total),
        *body,
    ]
    lines += [f"SE*{len(lines) - 1}*0001", f"GE*1*{int(number[-5:])}", f"IEA*1*{number}"]
    joint = rng.choice(("~", "~\n", "~\r\n"))
    name = rng.choice(pack.words["x12_files"]).format(kind=kind, date=date, n=digits(rng, 4))
    ending = rng.choice((kind, "edi", "x12", "txt"))
    data = (joint.join(lines) + joint).encode("utf-8", "replace")
    return Made("x12", kind, f"{name}.{ending}", "application/octet-stream", data, facts)
