"""Who is who in an X12 transaction: its segments in order, the person each is about, and what it says of them.

A draft is begun where a person's loop is (HL, INS, CLP, ENT) and filled as segments come: demographics go to the entity
named last, what was done and what it cost to the person whose claim, inquiry or enrolment it is.
"""

import itertools
from collections.abc import Callable

import msgspec

from rollcall.items.drafts import Draft, are_one, born_as, day_of, name_of, phone_of, spoken, street_of, who
from rollcall.items.edi import Segment
from rollcall.items.parser import Field
from rollcall.items.parsers import x12_codes as codes


class _Node(msgspec.Struct, eq=False):
    """One level of people: a subscriber with or without a claim, a dependant, a member, a paid claim."""

    key: str
    role: str
    parent: "_Node | None" = None
    person: Draft | None = None
    insured: Draft | None = None  # another one whose contract pays
    claimed: bool = False
    other_self: bool = False  # the other contract is the patient's own
    contract: tuple[Field, ...] = ()  # what stands of it, for those below


class Loops:
    """One transaction set being read."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.drafts: list[Draft] = []
        self.notes: list[tuple[str, str, str]] = []  # label, key of the record, text
        self.odd = 0
        self._levels: dict[str, _Node] = {}
        self._node: _Node | None = None
        self._entity: Draft | None = None
        self._payers: list[tuple[int, int, str, str]] = []
        self._subscribers: dict[str, Draft] = {}  # of an 834, by their number
        self._providers: set[str] = set()

    def feed(self, segment: Segment) -> None:
        """Read one segment."""
        name = segment.name
        if (reader := _READ.get(name)) is not None:
            reader(self, segment)
        elif name in codes.SERVICES:
            self._service(segment)
        elif name in codes.NOTES:
            number = codes.NOTES[name]
            self._note(f"segment {segment.number} {name}", segment.text(number))
        elif name not in codes.KNOWN:
            words = " ".join(one.text for one in segment.elements)
            self._note(f"segment {segment.number} {name}", words.replace(segment.component, " "))

    def odd_one(self, segment: Segment) -> None:
        """Keep what is no segment as free text."""
        self.odd += 1
        self._note(f"segment {segment.number}", " ".join(one.text for one in segment.elements))

    # --- whose ------------------------------------------------------------------------------------------------------

    def _note(self, label: str, text: str) -> None:
        about = self._node.person.key if self._node is not None and self._node.person is not None else ""
        if text.strip():
            self.notes.append((label, about, text))

    def _new(self, key: str, role: str) -> Draft:
        draft = Draft(key, role)
        self.drafts.append(draft)
        return draft

    def _begin(self, segment: Segment, role: str, parent: _Node | None = None) -> _Node:
        self.settle()
        self._node = _Node(f"segment {segment.number} {segment.name}", role, parent)
        self._entity = None
        return self._node

    def _person(self) -> Draft | None:
        """Return whom the loop in hand is about, beginning them where nothing was said of them yet."""
        node = self._node
        if node is None:
            return None
        if node.person is None:
            node.person = self._new(node.key, node.role)
            for start, end, place, value in self._payers:
                node.person.add("health_insurance.payer", start, end, place, value)
        return node.person

    def _claim(self) -> Draft | None:
        """Return whose claim it is; who has one is a patient."""
        person = self._person()
        if person is not None and self._node is not None:
            self._node.claimed = True
            person.role = "patient"
        return person

    def settle(self) -> None:
        """Make the insured one with the patient where they are, and give a dependant the contract they stand under."""
        node = self._node
        if node is None or node.person is None:
            return
        person = node.person
        if node.insured is not None and (are_one(who(node.insured), who(person)) or not person.is_named()):
            person.take(node.insured)
        holder = node.parent.person if node.parent is not None else None
        if node.parent is not None and holder is not None and holder is not person:
            holder.relate("subscriber_of", person)
            if not node.parent.contract:
                told = (one for one in holder.fields if one.element == "health_insurance")
                node.parent.contract = tuple(itertools.islice(told, codes.CONTRACT))
            known = {one.start for one in person.fields}
            person.fields += [one for one in node.parent.contract if one.start not in known]
        self._node = None

    # --- loops ------------------------------------------------------------------------------------------------------

    def _level(self, segment: Segment) -> None:
        level, parent = segment.text(3), self._levels.get(segment.text(2))
        if level == "22":
            self._levels[segment.text(1)] = self._begin(segment, "subscriber")
        elif level in ("23", "PT"):
            if parent is not None:
                self._hold(parent)
            self._levels[segment.text(1)] = self._begin(segment, "dependent", parent)
        elif level in ("EV", "SS") and parent is not None:
            self.settle()
            self._node = self._levels[segment.text(1)] = parent
            self._entity = parent.person
        else:
            self.settle()
            self._node = self._entity = None
            if level == "20":
                self._payers = []

    def _hold(self, parent: _Node) -> None:
        """See that a subscriber exists to whom a dependant can belong."""
        if parent.person is None:
            current, self._node = self._node, parent
            self._person()
            self._node = current

    def _member(self, segment: Segment) -> None:
        if segment.name == "ENT":  # of an 820
            self._begin(segment, "subscriber")
        if self.kind != "834":
            return
        subscribes = segment.text(1) == "Y" or segment.text(2) == "18"
        self._begin(segment, "subscriber" if subscribes else "dependent")
        person = self._entity = self._person()
        if person is not None and segment.text(11) == "D8":
            self._date(person, "date_of_death.date", segment, 12)

    def _paid_claim(self, segment: Segment) -> None:
        self._begin(segment, "patient")
        person = self._entity = self._claim()
        if person is not None:
            self._add(person, "patient_account_number.bill", segment, 1)
            self._add(person, "patient_account_number.claim", segment, 7)
            self._amounts(person, segment)

    def _claim_of(self, segment: Segment) -> None:
        if (person := self._claim()) is not None:
            self._entity = person
            if segment.name == "CLM":
                self._add(person, "patient_account_number.bill", segment, 1)
            self._amounts(person, segment)

    def _contract(self, segment: Segment) -> None:
        node = self._node
        if node is None or (person := self._person()) is None:
            return
        if node.claimed:  # another contract, after the claim
            node.other_self = segment.text(2) == "18"
        self._add(person, "health_insurance.group", segment, 3)

    # --- names ------------------------------------------------------------------------------------------------------

    def _name(self, segment: Segment) -> None:
        role, is_person = codes.ENTITIES.get(segment.text(1), ""), segment.text(2) == "1"
        if role == "payer":
            self._payer(segment, 3)
        elif role == "provider":
            self._provider(segment)
        elif role == "same":
            self._same(segment)
        elif role in ("guarantor", "guardian", "contact"):
            self._beside(segment, role)
        elif role:
            self._entity = self._whose(segment, role)
            if self._entity is not None:
                self._named(self._entity, segment)
        elif is_person and segment.text(1) not in codes.OF_THE_HOUSE:
            self._entity = self._new(f"segment {segment.number} NM1", "other")
            self._named(self._entity, segment)
        else:
            self._entity = None

    def _whose(self, segment: Segment, role: str) -> Draft | None:
        """Return the draft that a name of the loop in hand is of."""
        node = self._node
        if node is None:
            node = self._begin(segment, role)
        insured_apart = role == "other_subscriber" or (
            role == "subscriber" and (node.claimed or node.parent is not None)
        )
        if not insured_apart:
            if role == "employee":
                node.role = role
            return self._person()
        if node.other_self:
            return node.person
        insured = self._new(f"segment {segment.number} NM1", "subscriber")
        if node.person is not None:
            insured.relate("subscriber_of", node.person)
        node.insured = insured
        return insured

    def _named(self, draft: Draft, segment: Segment, *, with_id: bool = True) -> None:
        family, given, middle, suffix = (segment.text(at) for at in (3, 4, 5, 7))
        if segment.text(2) == "1" and (value := name_of(family, given, middle, suffix)):
            last = next(at for at in (7, 5, 4, 3) if segment.text(at))
            first = 3 if family else 4
            draft.add("name.full", segment.at(first).start, segment.at(last).end, segment.place(3), value)
        what = codes.NAME_IDS.get(segment.text(8))
        if what is not None and with_id:
            self._add(draft, what, segment, 9)

    def _same(self, segment: Segment) -> None:
        """Read another name or address of whom the loop is about; one that was wrong is a name, no more."""
        node = self._node
        person = (node.insured if node is not None else None) or self._person()
        if self.kind == "834":
            person = self._person()
        self._entity = None if segment.text(1) == "70" else person
        if person is not None:
            self._named(person, segment, with_id=segment.text(1) == "74")

    def _beside(self, segment: Segment, role: str) -> None:
        meant = {"guardian": "other", "contact": "emergency_contact"}.get(role, role)
        draft = self._new(f"segment {segment.number} NM1", meant)
        if (person := self._person()) is not None:
            draft.relate(f"{role}_of", person)
        self._entity = draft
        self._named(draft, segment)

    def _provider(self, segment: Segment) -> None:
        self._entity = None
        names = [segment.text(at) for at in (3, 4, 5, 7)]
        value = name_of(*names)
        if segment.text(2) != "1" or not value:
            return
        last = next(at for at in (7, 5, 4, 3) if segment.text(at))
        start, end = segment.at(3).start, segment.at(last).end
        person = self._node.person if self._node is not None else None
        if person is not None and segment.text(1) in codes.PROVIDERS_OF_PATIENTS:
            person.add("provider.provider", start, end, segment.place(3), spoken(*names))
        if value not in self._providers:
            self._providers.add(value)
            self._new(f"segment {segment.number} NM1", "provider").add("name.full", start, end, segment.place(3), value)

    def _party(self, segment: Segment) -> None:
        if codes.ENTITIES.get(segment.text(1)) == "payer" and self.kind != "820":
            self._payer(segment, 2)
        self._entity = None

    def _payer(self, segment: Segment, at: int) -> None:
        self._entity = None
        element = segment.at(at)
        if not segment.text(at):
            return
        if self._node is None and len(self._payers) < codes.CONTRACT:
            self._payers.append((element.start, element.end, segment.place(at), segment.text(at)))
        elif (person := self._person()) is not None:
            person.add("health_insurance.payer", element.start, element.end, segment.place(at), segment.text(at))

    # --- what is said of them ---------------------------------------------------------------------------------------

    def _add(self, draft: Draft, what: str, segment: Segment, at: int, value: str = "") -> None:
        element = segment.at(at)
        if element.text.strip():
            draft.add(what, element.start, element.end, segment.place(at), value or element.text.strip())

    def _date(self, draft: Draft, what: str, segment: Segment, at: int) -> None:
        """Take a day, or both ends of a range of days."""
        element = segment.at(at)
        position = element.start
        for piece in element.text.split("-")[:2]:
            day = day_of(piece)
            if any(map(str.isdigit, day)):
                meant = born_as(day) if what.startswith("date_of_birth") else what
                draft.add(meant, position, position + len(piece), segment.place(at), day)
            position += len(piece) + 1

    def _street(self, segment: Segment) -> None:
        if self._entity is not None and segment.text(1):
            street = f"{segment.text(1)} {segment.text(2)}".strip()
            last = segment.at(2 if segment.text(2) else 1)
            self._entity.add(street_of(street), segment.at(1).start, last.end, segment.place(1), street)

    def _town(self, segment: Segment) -> None:
        if self._entity is not None:
            for at, subtype in ((1, "city"), (2, "state"), (3, "zip")):
                self._add(self._entity, f"address.{subtype}", segment, at)

    def _demographics(self, segment: Segment) -> None:
        if self._entity is not None:
            self._date(self._entity, "date_of_birth.full", segment, 2)

    def _reach(self, segment: Segment) -> None:
        for at in (4, 6, 8):
            what, value = phone_of(segment.text(at))
            if self._entity is not None and what:
                self._add(self._entity, what, segment, at, value)

    def _reference(self, segment: Segment) -> None:
        what = codes.REFERENCES.get(segment.text(1))
        if self._entity is None or what is None:
            return
        self._add(self._entity, what, segment, 2)
        node = self._node
        if self.kind == "834" and segment.text(1) == "0F" and node is not None and node.person is not None:
            number = segment.text(2)
            if node.role == "subscriber":
                self._subscribers[number] = node.person
            elif number in self._subscribers:
                self._subscribers[number].relate("subscriber_of", node.person)

    def _when(self, segment: Segment) -> None:
        at = 3 if segment.name == "DTP" else 2
        person = self._node.person if self._node is not None else None
        if person is None or self.kind in ("834", "820"):
            return
        if segment.text(1) in codes.VISITS:
            self._date(person, "date_of_service.date", segment, at)

    def _patient(self, segment: Segment) -> None:
        if (person := self._person()) is not None and segment.text(5) == "D8":
            self._date(person, "date_of_death.date", segment, 6)

    def _codes(self, segment: Segment) -> None:
        if (person := self._person()) is None:
            return
        for at in range(1, len(segment.elements)):
            parts = segment.parts(at)
            if len(parts) < 2 or not parts[1].text.strip():
                continue
            if parts[0].text in codes.DIAGNOSES:
                what, value = "diagnosis.code", parts[1].text.strip()
            elif parts[0].text in codes.PROCEDURES:
                what, value = "treatment.procedure", parts[1].text.strip()
            else:
                continue
            person.add(what, parts[1].start, parts[1].end, segment.place(at), value)

    def _numbered(self, segment: Segment) -> None:
        """Take a code or number whose list another element of the segment names."""
        at, lists, where, what = codes.NUMBERED[segment.name]
        if (not lists or segment.text(at) in lists) and (person := self._person()) is not None:
            self._add(person, what, segment, where)

    def _service(self, segment: Segment) -> None:
        if (person := self._claim()) is None:
            return
        self._entity = person
        service, *amounts = codes.SERVICES[segment.name]
        parts = segment.parts(service)
        if len(parts) > 1 and parts[0].text in codes.SERVICE_LISTS and parts[1].text.strip():
            what = "medication.drug" if parts[0].text == "N4" else "treatment.procedure"
            person.add(what, parts[1].start, parts[1].end, segment.place(service), parts[1].text.strip())
        for at in amounts:
            self._add(person, "billing_amount.amount", segment, at)

    def _amounts(self, person: Draft, segment: Segment) -> None:
        for at in codes.CLAIM_AMOUNTS[segment.name]:
            self._add(person, "billing_amount.amount", segment, at)

    def _amount(self, segment: Segment) -> None:
        person = self._node.person if self._node is not None and self._node.claimed else None
        if person is not None and (segment.name != "AMT" or segment.text(1) in codes.AMOUNTS):
            self._amounts(person, segment)

    def _plan(self, segment: Segment) -> None:
        """What follows is of the contract, and so of its member."""
        self._entity = self._node.person if self._node is not None else None


_READ: dict[str, Callable[[Loops, Segment], None]] = {
    "HL": Loops._level, "INS": Loops._member, "CLP": Loops._paid_claim, "CLM": Loops._claim_of,
    "ENT": Loops._member, "SBR": Loops._contract, "NM1": Loops._name, "N1": Loops._party, "N3": Loops._street,
    "N4": Loops._town, "DMG": Loops._demographics, "PER": Loops._reach, "REF": Loops._reference, "DTP": Loops._when,
    "DTM": Loops._when, "PAT": Loops._patient, "HI": Loops._codes, "DSB": Loops._numbered,
    "COB": Loops._numbered, "LIN": Loops._numbered, "AMT": Loops._amount, "STC": Loops._claim_of, "HD": Loops._plan,
}  # fmt: skip
