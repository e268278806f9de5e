"""Answers and forwards: the earlier mail stands below, with all it says; attachments go along when sent on."""

from datetime import timedelta
from html import escape
from random import Random

from rollcall.demo.cast import Staff
from rollcall.demo.compose import address_of, parties, signature
from rollcall.demo.hospital import Hospital
from rollcall.demo.mail import Mail, head_lines, quoted
from rollcall.demo.writers.page import html_page, html_text


def _subject(earlier: str, mark: str) -> str:
    bare = earlier
    while bare[:3].upper() in ("RE:", "FW:") or bare[:4].upper() == "FWD:":
        bare = bare.partition(":")[2].strip()
    return f"{mark} {bare}"


def _pick(hospital: Hospital, rng: Random) -> Mail:
    """Return a mail to answer: rather a late one, rather one that says something."""
    recent = hospital.recent
    weights = [
        (3.0 if mail.documents or mail.attached else 1.0) * (1 + at / len(recent)) for at, mail in enumerate(recent)
    ]
    return rng.choices(recent, weights)[0]


def follow(hospital: Hospital, rng: Random) -> None:
    """Answer or send on a recent mail."""
    earlier = _pick(hospital, rng)
    forward = rng.random() < (0.65 if earlier.attached else 0.3)
    sender, to = _who(hospital, rng, earlier, forward)
    words = rng.choice(hospital.pack.forwards if forward else hospital.pack.replies)
    top = [words, *signature(hospital, rng, sender), ""]
    text = "\n".join([*top, quoted(rng, earlier, forward=forward)])
    page = ""
    if earlier.html:
        head = "".join(
            f"<b>{escape(line.split(':')[0])}:</b>{escape(line.partition(':')[2])}<br>\n"
            for line in head_lines(earlier)
        )
        below = earlier.html.partition("<body")[2].partition(">")[2].partition("</body>")[0]
        page = html_page(f"{html_text(chr(10).join(top))}<hr>\n<p>{head}</p>\n{below}")
    mark = rng.choice(("FW:", "Fwd:", "FW:")) if forward else rng.choice(("RE:", "Re:"))
    when = max(hospital.now(rng), earlier.when + timedelta(seconds=rng.randint(70, 5000)))
    mail = Mail(
        message_id=hospital.message_id(rng, hospital.pack.org.domain), sender=address_of(sender),
        to=[address_of(one) for one in to], subject=_subject(earlier.subject, mark), when=when, text=text,
        html=page, html_only=bool(page) and earlier.html_only, attached=list(earlier.attached) if forward else [],
        documents=list(earlier.documents), references=[*earlier.references, earlier.message_id],
        zone=hospital.pack.org.zone,
    )  # fmt: skip
    hospital.send(rng, mail, "quoted")


def _who(hospital: Hospital, rng: Random, earlier: Mail, forward: bool) -> tuple[Staff, list[Staff]]:
    """Return who answers whom; an answer goes from one who got the mail to one who sent it."""
    by_address = {staff.email: staff for staff in hospital.cast.staff}
    was_sender = by_address.get(earlier.sender[1])
    got = [by_address[address] for _, address in earlier.to if address in by_address]
    if not forward and was_sender and got:
        return got[0], [was_sender]
    holders = [one for one in (*got, *([was_sender] if was_sender else [])) if one in hospital.custodians]
    if holders:
        others = [one for one in hospital.cast.staff if one is not holders[0]]
        return holders[0], rng.sample(others, rng.choice((1, 1, 2)))
    return parties(hospital, rng)
