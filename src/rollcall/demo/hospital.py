"""Makes the whole hospital: plans the mails, hands people out to them, writes mailboxes and truth."""

import datetime
from collections import Counter
from pathlib import Path
from random import Random

from rollcall.demo.boxes import Copy, Maildir, Mbox, delivered
from rollcall.demo.cast import Cast, Staff
from rollcall.demo.chance import stream
from rollcall.demo.mail import Attached, Mail, Mime
from rollcall.demo.pack import Pack, load_pack
from rollcall.demo.people import Person, make_people
from rollcall.demo.truth import Decoy, Document, Fact, Occurrence, Relation, Truth
from rollcall.demo.writers.made import Made

RECENT = 80  # mails that somebody may still answer or send on
CROWDED = {"lists": 1.0, "archive": 1.3, "html_table": 0.35, "inner": 0.3}  # kinds that hold many people, relative size
SINGLE = frozenset({"form", "prose", "patient_mail", "subject", "letter", "malformed"})


class Hospital:
    """The state of a hospital while its mail is being written."""

    def __init__(self, folder: Path, seed: int, pack: Pack, households: list[list[Person]], n_messages: int) -> None:
        self.pack, self.seed = pack, seed
        self.cast = Cast(pack, seed, households)
        self.truth = Truth(people=self.cast.true_people())
        self.seen: list[Person] = []  # people somebody has written about
        self.recent: list[Mail] = []
        self.n_messages, self.number = n_messages, 0  # the number of the next mail
        self.first = datetime.datetime.fromisoformat(pack.org.first_day)
        self.days = (datetime.date.fromisoformat(pack.org.last_day) - self.first.date()).days
        self.custodians: list[Staff] = self.cast.staff[:2]
        evidence = folder / "evidence"
        evidence.mkdir(parents=True)
        self.boxes: tuple[Mbox | Maildir, ...] = (
            Mbox(evidence, self.custodians[0].email),
            Maildir(evidence, self.custodians[1].email),
        )

    def now(self, rng: Random) -> datetime.datetime:
        """Return when the current mail is written: mails follow one another, mostly at work."""
        day = self.first + datetime.timedelta(days=self.days * self.number / max(1, self.n_messages))
        share = day.hour / 24 + day.minute / 1440 + day.second / 86400  # of the day gone by: keeps the order
        if day.weekday() > 4 and self.number % 12:  # hardly anybody writes at the weekend
            day -= datetime.timedelta(days=day.weekday() - 4)
            share = 0.6 + share * 0.4
        start = day.replace(hour=6, minute=40, second=0, microsecond=0)
        return start + datetime.timedelta(seconds=int(share * 39000) + rng.randrange(40))

    def again(self, rng: Random, count: int) -> list[Person]:
        """Return people who were written about before, nobody twice."""
        return rng.sample(self.seen, min(count, len(self.seen)))

    # --- documents -------------------------------------------------------------------------------------------------

    def document(self, kind: str, layout: str, facts: list[Fact]) -> Document:
        """Return a new document of the truth."""
        document = Document(f"D{len(self.truth.documents) + 1:06}", kind, layout, facts, [])
        self.truth.documents.append(document)
        return document

    def attach(self, made: Made) -> Attached:
        """Return a file as an attachment, its facts entered in the truth."""
        document = self.document(made.kind, made.layout, made.facts)
        return Attached(made.name, made.media, made.data, [(document, made.name)])

    def decoy(self, kind: str, text: str, mail: Mail, path: str = "") -> None:
        """Enter something that is nobody's data."""
        self.truth.decoys.append(Decoy(kind, text, mail.message_id, path))

    # --- sending ---------------------------------------------------------------------------------------------------

    def message_id(self, rng: Random, host: str) -> str:
        """Return a Message-ID that no other mail has."""
        return f"<{rng.getrandbits(48):012x}.{self.number:06}@{host}>"

    def send(self, rng: Random, mail: Mail, how: str = "own") -> None:
        """Write a mail to every mailbox it belongs in, and note where its documents now stand."""
        core = Mime(rng).render(mail)
        addresses = {address for _, address in (*mail.to, *mail.cc)}
        for staff, box in zip(self.custodians, self.boxes, strict=True):
            sent = mail.sender[1] == staff.email
            if not sent and staff.email not in addresses:
                continue
            folder = "Sent" if sent else "Trash" if rng.random() < 0.08 else "Inbox"
            data = delivered(mail, core, staff.email, sent=sent)
            box.put(Copy(staff.email, folder, data, mail.when, rng.random() < 0.93, mail.sender[1]))
        note(mail, how)
        self.recent.append(mail)
        del self.recent[:-RECENT]
        self.number += 1

    def close(self) -> None:
        """Finish the mailboxes and settle who belongs on the list."""
        for box in self.boxes:
            box.close()
        for person in self.cast.people.values():
            if person.guardian:
                self.truth.relations.append(Relation(person.guardian, person.person_id, "guardian_of"))
        self.truth.settle()


def note(mail: Mail, how: str) -> None:
    """Enter the mail among the occurrences of every document it holds."""
    for document in mail.documents:
        document.occurrences.append(Occurrence(mail.message_id, "", how))
    for attached in mail.attached:
        for document, path in attached.contents:
            document.occurrences.append(Occurrence(mail.message_id, path, "forwarded" if how == "quoted" else how))


def plan_mails(rng: Random, pack: Pack, n_messages: int) -> list[str]:
    """Return the kind of every mail, in order; the first is never an answer."""
    counts = {kind: round(share * n_messages) for kind, share in pack.mix.items()}
    counts["talk"] = counts.get("talk", 0) + n_messages - sum(counts.values())
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    rng.shuffle(kinds)
    return kinds


def hand_out(rng: Random, kinds: list[str], people: list[Person]) -> list[list[Person]]:
    """Return the new people of each mail; everybody stands in one, and the crowds differ in size."""
    tally = Counter(kinds)
    left = max(0, len(people) - sum(tally[kind] for kind in SINGLE))
    weights = [CROWDED.get(kind, 0) * rng.lognormvariate(0, 0.9) for kind in kinds]
    total = sum(weights) or 1.0
    sizes: list[int] = []
    carried = 0.0
    for kind, weight in zip(kinds, weights, strict=True):
        if kind in SINGLE:
            sizes.append(1)
            continue
        carried += left * weight / total
        sizes.append(int(carried))
        carried -= int(carried)
    queue = iter(people)
    shares = [[person for _, person in zip(range(size), queue, strict=False)] for size in sizes]
    rest = list(queue)
    if rest:  # rounding, or too few mails for so many people
        crowded = [n for n, kind in enumerate(kinds) if kind in CROWDED] or [0]
        shares[crowded[-1]] += rest
    return shares


def make_hospital(folder: Path, seed: int, n_people: int, n_messages: int, pack: str) -> Truth:
    """Write evidence/ and truth/ below the folder and return the truth; the same seed gives the same bytes."""
    from rollcall.demo.makers import MAKERS  # the makers are written against Hospital

    loaded = load_pack(pack)
    households = list(make_people(loaded, seed, n_people))
    rng = stream(seed, "plan")
    rng.shuffle(households)
    hospital = Hospital(folder, seed, loaded, households, n_messages)
    kinds = plan_mails(rng, loaded, n_messages)
    shares = hand_out(rng, kinds, [person for household in households for person in household])
    for number, (kind, fresh) in enumerate(zip(kinds, shares, strict=True)):
        hospital.cast.today = hospital.now(rng).date()
        MAKERS[kind](hospital, stream(seed, "mail", number), fresh)
        hospital.seen += fresh
    hospital.close()
    hospital.truth.write(folder / "truth")
    return hospital.truth
