"""Calendar entries and address cards, lines folded at 75 bytes as their standards ask."""

import datetime
from random import Random

from rollcall.demo.chance import digits
from rollcall.demo.people import Person
from rollcall.demo.show import full_name, show_phone
from rollcall.demo.truth import Fact
from rollcall.demo.writers.hl7 import fact_of
from rollcall.demo.writers.made import Made


def folded(lines: list[str]) -> bytes:
    """Return the lines, long ones broken with a blank in front of what follows."""
    out: list[bytes] = []
    for line in lines:
        data = line.encode()
        first = True
        while data:
            cut = min(len(data), 74 if first else 73)
            while cut < len(data) and data[cut] & 0xC0 == 0x80:  # not inside a letter
                cut -= 1
            out.append((b"" if first else b" ") + data[:cut])
            data, first = data[cut:], False
    return b"\r\n".join([*out, b""])


def escaped(text: str) -> str:
    """Return text as a value of iCalendar and vCard."""
    for sign in "\\;,":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def write_invite(rng: Random, summary: str, words: str, where: str, start: datetime.datetime, facts: list[Fact],
                 organizer: tuple[str, str]) -> Made:  # fmt: skip
    """Return a meeting about somebody, as a calendar program sends it."""
    stamp, end = f"{start:%Y%m%dT%H%M%S}", start + datetime.timedelta(minutes=rng.choice((30, 45, 60)))
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "VERSION:2.0", "METHOD:REQUEST",
        "BEGIN:VEVENT", f'ORGANIZER;CN="{organizer[0]}":MAILTO:{organizer[1]}',
        f"UID:{digits(rng, 32)}", f"DTSTAMP:{stamp}Z", f"DTSTART;TZID=Central Standard Time:{stamp}",
        f"DTEND;TZID=Central Standard Time:{end:%Y%m%dT%H%M%S}",
        f"SUMMARY:{escaped(summary)}", f"LOCATION:{escaped(where)}", f"DESCRIPTION:{escaped(words)}",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return Made("calendar", "invite", rng.choice(("invite.ics", "meeting.ics")), "text/calendar", folded(lines), facts)


def write_cards(rng: Random, people: list[Person]) -> Made:
    """Return address cards of people, their numbers in the notes."""
    lines: list[str] = []
    facts: list[Fact] = []
    for person in people:
        home, record = person.address, next(iter(person.records.values()))
        phone = show_phone(person.phone, "dash")
        lines += [
            "BEGIN:VCARD", "VERSION:3.0", f"N:{escaped(person.family)};{escaped(person.given)};{person.middle};;",
            f"FN:{escaped(f'{person.given} {person.family}')}", f"TEL;TYPE=HOME:{phone}",
            f"ADR;TYPE=HOME:;;{escaped(home.street)};{escaped(home.city)};{home.state};{home.zip};USA",
            f"BDAY:{person.born.isoformat()}", f"NOTE:{rng.choice(('MRN', 'chart', 'MR#'))} {record}", "END:VCARD",
        ]  # fmt: skip
        facts += [
            fact_of(person, "name", "full", full_name(person), escaped(f"{person.given} {person.family}")),
            fact_of(person, "phone", "", person.phone, phone),
            fact_of(person, "address", "street", home.street, escaped(home.street)),
            fact_of(person, "date_of_birth", "full", person.born.isoformat()),
            fact_of(person, "medical_record_number", "", record),
        ]
    return Made("contacts", "vcard", f"contacts{digits(rng, 2)}.vcf", "text/x-vcard", folded(lines), facts)
