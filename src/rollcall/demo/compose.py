"""Who writes to whom, and how a mail begins and ends: greetings, signatures, disclaimers."""

import textwrap
from random import Random

from rollcall.demo.cast import Staff
from rollcall.demo.hospital import Hospital
from rollcall.demo.mail import Attached, Mail
from rollcall.demo.paper import Paper
from rollcall.demo.people import Person
from rollcall.demo.truth import Document, Fact
from rollcall.demo.writers.page import html_page, html_text


def written(line: str, width: int) -> list[str]:
    """Return a line broken at a width, as a program that wraps text does; a short one keeps its blanks."""
    if len(line) <= width and "  " in line:
        return [line]
    return textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]


def parties(hospital: Hospital, rng: Random) -> tuple[Staff, list[Staff]]:
    """Return a sender and those addressed; at least one custodian is among them."""
    first, second = hospital.two(rng)
    custodian = first if rng.random() < 0.58 else second
    other = rng.choice(hospital.cast.staff[2:])
    chance = rng.random()
    if chance < 0.1:  # both have it
        return other, [first, second]
    if chance < 0.18:
        return (first, [second]) if rng.random() < 0.5 else (second, [first])
    if chance < 0.45:
        return custodian, [other, *rng.sample(hospital.cast.staff[2:], rng.choice((0, 0, 0, 1, 2)))]
    return other, [custodian]


def signature(hospital: Hospital, rng: Random, staff: Staff) -> list[str]:
    """Return how somebody signs; the same person now and then forgets it."""
    if staff.sign == "none" or rng.random() < 0.15:
        return []
    if staff.sign == "phone":
        return ["", "Sent from my iPhone"]
    if staff.sign == "short":
        return ["", staff.person.given]
    name = f"{staff.name}, {staff.credential}" if staff.credential else staff.name
    lines = ["", name, staff.title, staff.department, hospital.pack.org.name]
    fax = f"{hospital.pack.org.phone_area[0]}-555-0199"
    ways = (f"Ph: {staff.phone}  Fax: {fax}", f"{staff.phone} | {staff.email}", f"Direct {staff.phone}")
    lines.append(rng.choice(ways))
    # A person keeps to one disclaimer.
    disclaimer = hospital.pack.disclaimers[len(staff.email) % len(hospital.pack.disclaimers)]
    return [*lines, "", disclaimer] if disclaimer else lines


def _around(
    hospital: Hospital, rng: Random, sender: Staff, to: list[Staff], language: str
) -> tuple[list[str], list[str]]:
    pack = hospital.pack
    greeting = rng.choice(pack.words.get(f"greetings_{language}") or pack.greetings).replace("{to}", to[0].person.given)
    closing = rng.choice(pack.words.get(f"closings_{language}") or pack.closings)
    top = [greeting, ""] if greeting else []
    return top, ["", *([closing] if closing else []), *signature(hospital, rng, sender)]


def address_of(staff: Staff) -> tuple[str, str]:
    """Return a staff member as the mail system names them."""
    return (f"{staff.person.family}, {staff.person.given}" if staff.sign == "full" else staff.name, staff.email)


def staff_mail(
    hospital: Hospital,
    rng: Random,
    paper: Paper,
    attached: list[Attached] | None = None,
    *,
    kind: str = "note",
    html: str = "",
    quirk: str = "",
    send: bool = True,
) -> Mail:
    """Send (unless told not to) a paper from one of the staff to others; return the mail."""
    sender, to = parties(hospital, rng)
    top, bottom = _around(hospital, rng, sender, to, paper.language)
    long = max((len(line) for line in paper.lines), default=0) > 120
    body = [part for line in paper.lines for part in written(line, 76)] if long and rng.random() < 0.4 else paper.lines
    text = "\n".join([*top, *body, *bottom])
    page = ""
    if html:
        page = html_page(html_text("\n".join(top)) + html + html_text("\n".join(bottom)))
    elif rng.random() < 0.35:
        page = html_page(html_text("\n".join([*top, *paper.lines, *bottom])))
    entity = hospital.cast.entity
    subject = f"{entity}: {paper.subject}" if entity and attached and rng.random() < 0.3 else paper.subject
    mail = Mail(
        message_id=hospital.message_id(rng, hospital.pack.org.domain),
        sender=address_of(sender), to=[address_of(one) for one in to], subject=subject, when=hospital.now(rng),
        text=text, html=page, html_only=bool(page) and rng.random() < 0.4, attached=list(attached or []),
        documents=_documents(hospital, paper, kind), quirk=quirk, zone=hospital.pack.org.zone,
    )  # fmt: skip
    if send:
        hospital.send(rng, mail)
    return mail


def _documents(hospital: Hospital, paper: Paper, kind: str) -> list[Document]:
    if not paper.facts:
        return []
    kind = "prose" if kind in ("note", "talk") else kind
    return [hospital.document(kind, paper.layout, paper.facts)]


def from_outside(hospital: Hospital, rng: Random, paper: Paper, attached: list[Attached]) -> Mail:
    """Send a paper from a payer, a vendor or another clinic; return the mail."""
    name, host = rng.choice(hospital.pack.org.outside)
    first, second = hospital.two(rng)
    to = first if rng.random() < 0.6 else second
    box = rng.choice(("claims", "noreply", "records", "ar", "intake", "support"))
    mail = Mail(
        message_id=hospital.message_id(rng, host), sender=(name, f"{box}@{host}"), to=[address_of(to)],
        subject=paper.subject, when=hospital.now(rng), text="\n".join([*paper.lines, "", name]), attached=attached,
        documents=_documents(hospital, paper, "note"), zone=hospital.pack.org.zone,
    )  # fmt: skip
    hospital.send(rng, mail)
    return mail


def from_patient(hospital: Hospital, rng: Random, paper: Paper, person: Person | None) -> Mail:
    """Send what a patient writes from home; their own address is theirs, and in the header only."""
    first, second = hospital.two(rng)
    to = first if rng.random() < 0.6 else second
    sender = ("", f"family{rng.randrange(9999)}@{rng.choice(hospital.pack.org.home_hosts)}")
    if person is not None:
        sender = (f"{person.given} {person.family}", person.email)
        fact = Fact(person.person_id, "patient", "email", "", person.email, person.email, "header", optional=True)
        paper.facts.append(fact)
    mail = Mail(
        message_id=hospital.message_id(rng, sender[1].split("@")[1]), sender=sender, to=[address_of(to)],
        subject=paper.subject, when=hospital.now(rng), text=paper.text,
        documents=_documents(hospital, paper, "patient_mail"), zone=hospital.pack.org.zone,
    )  # fmt: skip
    hospital.send(rng, mail)
    return mail
