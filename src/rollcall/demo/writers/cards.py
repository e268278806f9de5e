"""Calendar entries and address cards, lines folded at 75 bytes as their standards ask."""

import datetime
from random import Random

from rollcall.demo.chance import digits
from rollcall.demo.pack import Org, Pack
from rollcall.demo.people import Person
from rollcall.demo.show import full_name, show_phone
from rollcall.demo.truth import Fact
from rollcall.demo.writers.hl7 import fact_of, record_of
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
                 organizer: tuple[str, str], sent: datetime.datetime, org: Org) -> Made:  # fmt: skip
    """Return a meeting about somebody, as a calendar program sends it."""
    stamp, end = f"{start:%Y%m%dT%H%M%S}", start + datetime.timedelta(minutes=rng.choice((30, 45, 60)))
    utc = sent + datetime.timedelta(hours=-org.zone - (3 < sent.month < 11))
    made, own = rng.getrandbits(96), rng.getrandbits(128)
    uid = f"040000008200E00074C5B7101A82E00800000000{made:024X}000000000000000010000000{own:032X}"
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN", "VERSION:2.0", "METHOD:REQUEST",
        "BEGIN:VEVENT", f'ORGANIZER;CN="{organizer[0]}":MAILTO:{organizer[1]}',
        f"UID:{uid}", f"DTSTAMP:{utc:%Y%m%dT%H%M%S}Z", f"DTSTART;TZID={org.zone_name}:{stamp}",
        f"DTEND;TZID={org.zone_name}:{end:%Y%m%dT%H%M%S}",
        f"SUMMARY:{escaped(summary)}", f"LOCATION:{escaped(where)}", f"DESCRIPTION:{escaped(words)}",
        "SEQUENCE:0", "STATUS:CONFIRMED", "TRANSP:OPAQUE", "CLASS:PUBLIC",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return Made("calendar", "invite", rng.choice(("invite.ics", "meeting.ics")), "text/calendar", folded(lines), facts)


def _web(person: Person, note: str) -> tuple[str, str, list[str]]:
    """Return the phone and birth date as written and a card of version 3.0, as mail on the web exports it."""
    home, phone, born = person.address, show_phone(person.phone, "dash"), person.born.isoformat()
    return phone, born, [
        "BEGIN:VCARD", "VERSION:3.0", f"N:{escaped(person.family)};{escaped(person.given)};{person.middle};;",
        f"FN:{escaped(f'{person.given} {person.family}')}", f"TEL;TYPE=HOME:{phone}",
        f"ADR;TYPE=HOME:;;{escaped(home.street)};{escaped(home.city)};{home.state};{home.zip};USA",
        f"BDAY:{born}", f"NOTE:{escaped(note)}", "END:VCARD",
    ]  # fmt: skip


def _telephone(person: Person, note: str) -> tuple[str, str, list[str]]:
    """Return the same of a telephone: grouped lines with labels of their own, the kind of number in small letters."""
    home, phone, born = person.address, show_phone(person.phone, "paren"), person.born.isoformat()
    return phone, born, [
        "BEGIN:VCARD", "VERSION:3.0", "PRODID:-//Apple Inc.//iPhone OS 12.4//EN",
        f"N:{escaped(person.family)};{escaped(person.given)};{person.middle};;",
        f"FN:{escaped(f'{person.given} {person.family}')}", f"TEL;type=CELL;type=VOICE;type=pref:{phone}",
        f"item1.ADR;type=HOME;type=pref:;;{escaped(home.street)};{escaped(home.city)};{home.state};{home.zip};"
        "United States", "item1.X-ABADR:us", f"NOTE:{escaped(note)}", f"BDAY:{born}", "END:VCARD",
    ]  # fmt: skip


def _outlook(person: Person, note: str) -> tuple[str, str, list[str]]:
    """Return the same of Outlook, which writes version 2.1: bare parameters, the day in eight digits."""
    home, phone, born = person.address, show_phone(person.phone, "paren"), f"{person.born:%Y%m%d}"
    return phone, born, [
        "BEGIN:VCARD", "VERSION:2.1", f"N;LANGUAGE=en-us:{person.family};{person.given};{person.middle}",
        f"FN:{person.given} {person.family}", f"NOTE:{note}", f"TEL;HOME;VOICE:{phone}",
        f"ADR;HOME;PREF:;;{home.street};{home.city};{home.state};{home.zip};United States of America",
        f"BDAY:{born}", "X-MS-OL-DEFAULT-POSTAL-ADDRESS:1", "END:VCARD",
    ]  # fmt: skip


def write_cards(rng: Random, pack: Pack, people: list[Person], entity: str) -> Made:
    """Return address cards of people, their numbers in the notes."""
    lines: list[str] = []
    facts: list[Fact] = []
    program, label = rng.choice((_outlook, _telephone, _web)), rng.choice(pack.labels["mrn"])
    for person in people:
        home, record = person.address, record_of(person, entity)[1]
        phone, born, said = program(person, f"{label} {record}")
        lines += said
        facts += [
            fact_of(person, "name", "full", full_name(person), f"{person.given} {person.family}"),
            fact_of(person, "phone", "", person.phone, phone),
            fact_of(person, "address", "street", home.street),
            fact_of(person, "date_of_birth", "full", person.born.isoformat(), born),
            fact_of(person, "medical_record_number", "", record),
        ]
    return Made(
        "contacts",
        "vcard",
        f"{rng.choice(pack.words['contacts_files'])}{digits(rng, 2)}.vcf",
        "text/x-vcard",
        "\r\n".join([*lines, ""]).encode() if program is _outlook else folded(lines),  # 2.1 folds at blanks only
        facts,
    )
