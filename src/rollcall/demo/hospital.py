"""Makes the whole hospital: plans the mails, hands people out to them, writes mailboxes and truth."""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import msgspec

from rollcall.demo.boxes import Copy, delivered, make_box
from rollcall.demo.cast import Cast, Staff
from rollcall.demo.chance import stream
from rollcall.demo.mail import Attached, Mail, Mime
from rollcall.demo.pack import Pack, load_pack
from rollcall.demo.people import Person, make_people
from rollcall.demo.shape import Shape
from rollcall.demo.truth import Decoy, Document, Fact, Occurrence, Tally, Truth, TruthFile
from rollcall.demo.writers.made import Made

RECENT = 80  # mails that somebody may still answer or send on
# Kinds that hold many people, relative size.
CROWDED = {
    "lists": 1.0, "archive": 1.3, "html_table": 0.35, "inner": 0.3, "report": 1.2, "ruled": 0.7, "nested": 1.0,
    "locked": 0.8, "x12": 0.7, "hl7": 0.4, "fhir": 0.2, "contacts": 0.2, "picture": 0.06,
    "slides": 0.15,
}  # fmt: skip
SINGLE = frozenset(
    {"form", "prose", "patient_mail", "subject", "letter", "malformed", "deep", "ccda", "calendar", "photo"}
)
# Audit logs of the same hospital: each entry writes below a folder from the finished hospital. The access stage adds
# its own (sign-ins, MailItemsAccessed); none is needed to make mail.
LOG_WRITERS: tuple[Callable[[Path, "Hospital"], None], ...] = ()


class Hospital:
    """The state of a hospital while its mail is being written."""

    def __init__(
        self, folder: Path, seed: int, pack: Pack, households: list[list[Person]], n_messages: int,
        stores: Sequence[str] = ("mbox", "maildir"),
    ) -> None:  # fmt: skip
        self.pack, self.seed = pack, seed
        self.cast = Cast(pack, seed, households, len(stores))
        self.truth = Truth(people=self.cast.true_people())
        self.seen: list[Person] = []  # people somebody has written about
        self.seen_by: dict[str, list[Person]] = {}  # the same, by covered entity
        self.recent: list[Mail] = []
        self.n_messages, self.number = n_messages, 0  # the number of the next mail
        self.first = datetime.datetime.fromisoformat(pack.org.first_day)
        self.days = (datetime.date.fromisoformat(pack.org.last_day) - self.first.date()).days
        self.custodians: list[Staff] = self.cast.staff[: len(stores)]
        evidence = folder / "evidence"
        evidence.mkdir(parents=True)
        packed = self.first + datetime.timedelta(days=self.days + 11, hours=15, minutes=42)
        self.boxes = [
            make_box(store, evidence, staff.email, packed) for store, staff in zip(stores, self.custodians, strict=True)
        ]
        self.n_documents = 0
        self.tally = Tally(_sensitive(pack))
        self.file: TruthFile | None = None  # where documents go that nobody can send on any more
        self.passwords: list[tuple[str, str, Document]] = []  # of a file, still to be told in another mail

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
        """Return people who were written about before, nobody twice; of the entity that the mail is about."""
        pool = self.seen_by.get(self.cast.entity) or self.seen
        if self.cast.entity and self.cast.entity not in self.seen_by:  # nobody of theirs was met yet
            everybody = (self.cast.people[key] for key in self.cast.homes)
            pool = [one for one in everybody if self.cast.entity in one.records and "relative" not in one.kinds]
        return rng.sample(pool, min(count, len(pool)))

    def met(self, people: list[Person]) -> None:
        """Note that somebody has written about these people."""
        self.seen += people
        if self.cast.entity:
            for person in people:
                for issuer in person.records:
                    self.seen_by.setdefault(issuer, []).append(person)

    def serve(self, rng: Random, entities: list[str], fresh: list[Person]) -> None:
        """Choose the covered entity that the next mail is about: one that knows all its new people."""
        knowing = [one for one in entities if all(one in person.records for person in fresh)]
        self.cast.entity = rng.choice(knowing) if knowing else ""

    # --- documents -------------------------------------------------------------------------------------------------

    def document(self, kind: str, layout: str, facts: list[Fact]) -> Document:
        """Return a new document of the truth."""
        self.n_documents += 1
        named = {(fact.person, fact.spot) for fact in facts if fact.element == "name"}
        facts = [
            # A number of somebody's policyholder, whom nothing there names, may be taken for their own.
            msgspec.structs.replace(one, optional=True) if one.of and (one.person, one.spot) not in named else one
            for one in facts
        ]
        document = Document(f"D{self.n_documents:06}", kind, layout, facts, [], entity=self.cast.entity)
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
        if self.file is not None and len(self.truth.documents) > 4 * RECENT:
            self._let_go()

    def _let_go(self) -> None:
        """Write out the documents that no mail can carry any more."""
        kept = {id(one) for mail in self.recent for one in mail.documents}
        kept |= {id(one) for _, _, one in self.passwords}
        kept |= {id(one) for mail in self.recent for attached in mail.attached for one, _ in attached.contents}
        done = [one for one in self.truth.documents if id(one) not in kept]
        self._settle(done)
        self.truth.documents = [one for one in self.truth.documents if id(one) in kept]

    def _settle(self, documents: list[Document]) -> None:
        for document in documents:
            self.tally.count(document)
        if self.file is not None:
            self.file.add(documents)

    def two(self, rng: Random) -> tuple[Staff, Staff]:
        """Return two of those whose mailboxes we have."""
        first, second = self.custodians if len(self.custodians) == 2 else rng.sample(self.custodians, 2)
        return first, second

    def close(self) -> None:
        """Finish the mailboxes and settle who belongs on the list."""
        for box in self.boxes:
            box.close()
        for _, _, document in self.passwords:
            document.locked = "lost"  # the year ended before anybody told
        self._settle(self.truth.documents)
        guardians = {key: one.guardian for key, one in self.cast.people.items() if one.guardian}
        self.truth.relations += self.tally.relations(guardians)
        self.tally.settle(self.truth.people)
        if self.file is not None:
            self.truth.documents = []


def _sensitive(pack: Pack) -> frozenset[str]:
    """Return the diagnoses that the law guards more closely: of the mind, of addiction, HIV, pregnancy."""
    return frozenset(said for code, words, _ in pack.diagnoses if code[0] in "FO" or code[:3] in ("B20", "Z21")
                     for said in (code, words))  # fmt: skip


def note(mail: Mail, how: str) -> None:
    """Enter the mail among the occurrences of every document it holds."""
    for document in mail.documents:
        document.occurrences.append(Occurrence(mail.message_id, "", how))
    for attached in mail.attached:
        for document, path in attached.contents:
            document.occurrences.append(Occurrence(mail.message_id, path, "forwarded" if how == "quoted" else how))


def plan_mails(rng: Random, mix: dict[str, float], n_messages: int) -> list[str]:
    """Return the kind of every mail, in order; the first is never an answer."""
    counts = {kind: round(share * n_messages) for kind, share in mix.items()}
    counts["talk"] = counts.get("talk", 0) + n_messages - sum(counts.values())
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    rng.shuffle(kinds)
    return kinds


def relatives(rng: Random, households: list[list[Person]]) -> set[str]:
    """Choose parents who are no patients: they stand where somebody speaks of their children, and nowhere else."""
    kept: set[str] = set()
    for head in [household[0] for household in households if any(one.guardian for one in household)]:
        if rng.random() < 0.2:
            head.kinds.append("relative")
            kept.add(head.person_id)
    return kept


def hand_out(
    rng: Random, kinds: list[str], people: list[Person], spread: float = 0.9, *, mixed: bool = False
) -> list[list[Person]]:
    """Return the new people of each mail; everybody stands in one, and the crowds differ in size.

    Mixed: neighbours among the people stay in one mail, but the mails follow one another in no order of theirs.
    """
    tally = Counter(kinds)
    left = max(0, len(people) - sum(tally[kind] for kind in SINGLE))
    weights = [CROWDED.get(kind, 0) * rng.lognormvariate(0, spread) for kind in kinds]
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
    order = list(range(len(sizes)))
    if mixed and sum(sizes) <= len(people):  # else somebody's first mail would be about nobody
        rng.shuffle(order)
    shares: list[list[Person]] = [[] for _ in sizes]
    for at in order:
        shares[at] = [person for _, person in zip(range(sizes[at]), queue, strict=False)]
    rest = list(queue)
    if rest:  # rounding, or too few mails for so many people
        crowded = [n for n, kind in enumerate(kinds) if kind in CROWDED] or [0]
        shares[crowded[-1]] += rest
    return shares


def make_hospital(
    folder: Path, seed: int, n_people: int, n_messages: int, pack: str, shape: Shape | None = None
) -> Truth:
    """Write evidence/ and truth/ below the folder and return the truth; the same seed gives the same bytes.

    With a shape the pack is used with all it has, the documents go to the file as they come, and the truth that is
    returned holds the people only.
    """
    from rollcall.demo.makers import MAKERS  # the makers are written against Hospital
    from rollcall.demo.roster import write_rosters

    loaded = load_pack(pack, wide=shape is not None)
    if shape is not None:
        loaded = shaped_pack(loaded, shape)
    households = list(make_people(loaded, seed, n_people))
    kept = relatives(stream(seed, "relatives"), households) if shape else set()
    rng = stream(seed, "plan")
    rng.shuffle(households)
    stores = shape.stores if shape else ("mbox", "maildir")
    hospital = Hospital(folder, seed, loaded, households, n_messages, stores)
    kinds = plan_mails(rng, loaded.mix, n_messages)
    people = [person for household in households for person in household if person.person_id not in kept]
    entities = list(loaded.org.facilities) if shape and shape.entities > 1 else []
    if entities:  # a list is mostly of one entity's patients
        people.sort(key=lambda one: entities.index(next(iter(one.records))))
    shares = hand_out(rng, kinds, people, shape.spread if shape else 0.9, mixed=bool(entities))
    if shape is not None:
        hospital.file = TruthFile(folder / "truth")
    for number, (kind, fresh) in enumerate(zip(kinds, shares, strict=True)):
        now = hospital.now(rng)
        hospital.cast.today = now.date()
        if shape is not None:
            hospital.cast.saved = now.replace(tzinfo=None) - datetime.timedelta(minutes=2 + number % 53)
        if entities:
            hospital.serve(stream(seed, "entity", number), entities, fresh)
        MAKERS[kind](hospital, stream(seed, "mail", number), fresh)
        hospital.met(fresh)
    hospital.close()
    if shape is None or hospital.file is None:
        hospital.truth.write(folder / "truth")
        return hospital.truth
    write_rosters(folder / "roster", hospital.cast, hospital.truth, seed, shape.roster)
    for write_log in LOG_WRITERS:
        write_log(folder / "logs", hospital)
    with hospital.file as out:
        for group in (hospital.truth.people.values(), hospital.truth.relations, hospital.truth.decoys):
            out.add(group)
    return hospital.truth


def shaped_pack(pack: Pack, shape: Shape) -> Pack:
    """Return the pack with the shape's mix, and with as many organisations as the shape has."""
    org, mix = pack.org, {kind: share for kind, share in shape.mix.items() if kind != "talk"}
    mix["talk"] = max(0.0, 1 - sum(mix.values()))
    if shape.entities > 1:
        names = list(org.clients.items())[: shape.entities]
        org = msgspec.structs.replace(org, facilities=dict(names))
    lists = pack.lists
    if shape.member_lists:
        lists = lists + [one for one in lists if one.role == "member"] * 3
    return msgspec.structs.replace(pack, org=org, mix=mix, lists=lists)
