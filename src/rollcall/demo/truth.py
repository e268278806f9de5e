"""What was planted, where, about whom: the truth that a list of people is graded against.

A *document* is one content (a body, a sheet, a letter); it may occur in several mails, as an attachment sent on or as
quoted text. A *fact* is one element of one person at one spot of a document. The truth never lies inside a case: it
names everybody in clear (all invented).
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import msgspec

# The contract's words for roles; whoever is not here counts as "other".
ROLES = {
    "patient": "patient",
    "member": "member",
    "subscriber": "member",
    "dependent": "member",
    "employee": "employee",
}
# What makes a row of its own for a guarantor, an emergency contact or a correspondent.
SENSITIVE = frozenset(
    {
        "ssn", "drivers_license", "passport", "military_id", "tax_id", "financial_account", "payment_card",
        "medical_record_number", "patient_account_number", "health_insurance", "diagnosis", "treatment", "medication",
        "credentials",
    }
)  # fmt: skip
# What a fact of such a role says of the two people.
RELATIONS = {"guarantor": "guarantor_of", "subscriber": "subscriber_of", "emergency_contact": "contact_of"}
GUARDIAN = "guardian_of"  # what a fact of any other role says: a passage that calls somebody a child's mother
DEBATABLE = frozenset({"date_of_birth"})  # of somebody who is not the patient: either answer is right


class Fact(msgspec.Struct, frozen=True, omit_defaults=True):
    """One element of one person at one spot of a document."""

    person: str
    role: str  # fine: patient, subscriber, dependent, guarantor, emergency_contact, employee, correspondent
    element: str
    subtype: str
    value: str  # what it says, in a normal form
    text: str  # as written there
    spot: str  # `Census!C7`, `row 14`, `page 2`, `body`, `subject`, `name`
    optional: bool = False  # debatable, or not readable: neither finding nor missing it is wrong
    of: str = ""  # whose guarantor, subscriber, contact or mother this person is called there


class Occurrence(msgspec.Struct, frozen=True, omit_defaults=True):
    """One mail that holds a document, and how."""

    message_id: str  # with angle brackets
    path: str  # `census.zip > q3.xlsx`; "" for the body
    how: str = "own"  # own, forwarded (attached again), quoted, inner (the attached message's own id)


class Document(msgspec.Struct, tag="document", omit_defaults=True):
    """One content with its facts and every mail it stands in."""

    doc_id: str
    kind: str  # sheet, delimited, form, prose, ...
    layout: str
    facts: list[Fact] = []
    occurrences: list[Occurrence] = []
    locked: str = ""  # behind a password that stands in the mail ("told") or nowhere in it ("lost")
    entity: str = ""  # the covered entity whose patients it is about, where a case holds several


class TruePerson(msgspec.Struct, tag="person", omit_defaults=True):
    """One invented person, and whether a right list holds them."""

    person_id: str
    names: list[str]  # full ones, most complete first
    date_of_birth: str | None
    identifiers: list[tuple[str, str]]  # element, value: every one that anything planted could show
    listed: str = "no"  # yes, no, optional
    staff: bool = False
    roles: list[str] = []
    elements: list[str] = []
    optional_elements: list[str] = []
    kinds: list[str] = []  # special cases: twin, junior, minor, deceased, moved, same_name, sensitive, locked, ...
    roster_ids: list[str] = []  # the numbers of their entries in the roster


class Relation(msgspec.Struct, tag="relation", frozen=True, omit_defaults=True):
    """One person is this to another, and where it says so; a guardian is one whether or not anything says it.

    The places of a guardian are those that call them the child's mother or guarantor: a child's bill is its guardian's.
    """

    person: str
    other: str
    relation: str  # guarantor_of, guardian_of, subscriber_of, contact_of
    places: list[tuple[str, str]] = []  # document, spot of it


class Decoy(msgspec.Struct, tag="decoy", frozen=True):
    """Something that looks like a person or an identifier and is none."""

    kind: str
    text: str
    message_id: str
    path: str


class Tally:
    """What the documents say of everybody so far; small, so that the documents need not be kept."""

    def __init__(self, sensitive: frozenset[str] = frozenset()) -> None:
        self.sensitive = sensitive  # diagnoses, by code and by words, that the law guards more closely
        self.held: dict[str, set[tuple[str, bool, str]]] = {}
        self.kinds: dict[str, set[str]] = {}
        self.open: set[str] = set()  # people who stand somewhere that is not locked
        self.related: dict[tuple[str, str, str], dict[tuple[str, str], None]] = {}  # with the places that say so

    def count(self, document: Document) -> None:
        """Take in one document."""
        for fact in document.facts:
            optional = fact.optional or document.locked == "lost"
            if fact.of:
                key = (fact.person, fact.of, RELATIONS.get(fact.role, GUARDIAN))
                self.related.setdefault(key, {})[document.doc_id, fact.spot] = None
            entry = (ROLES.get(fact.role, "other"), optional, fact.element)
            self.held.setdefault(fact.person, set()).add(_ONCE.setdefault(entry, entry))
            if fact.element == "diagnosis" and fact.value in self.sensitive and not optional:
                self.kinds.setdefault(fact.person, set()).add("sensitive")
            if document.locked:
                self.kinds.setdefault(fact.person, set()).add("locked")
            elif fact.element != "name" and not fact.optional:
                self.open.add(fact.person)

    def relations(self, guardians: Mapping[str, str]) -> list[Relation]:
        """Return who is whose guarantor, subscriber, contact or guardian, and where; children come with guardians."""
        related = dict(self.related)
        for child, guardian in guardians.items():
            answers = related.get((guardian, child, "guarantor_of"), {})
            related[guardian, child, GUARDIAN] = answers | related.get((guardian, child, GUARDIAN), {})
        return [Relation(*key, places=list(places)) for key, places in sorted(related.items())]

    def settle(self, people: dict[str, TruePerson]) -> None:
        """Enter in everybody whether they belong on the list, in which roles and with which elements."""
        for person_id, person in people.items():
            by_role: dict[tuple[str, bool], set[str]] = {}
            for role, optional, element in self.held.get(person_id, ()):
                by_role.setdefault((role, optional), set()).add(element)
            _settle_one(person, by_role)
            kinds = self.kinds.get(person_id, set())
            if person_id in self.open:
                kinds = kinds - {"locked"}  # only those are marked who stand nowhere else
            person.kinds += sorted(kinds - set(person.kinds))


_ONCE: dict[tuple[str, bool, str], tuple[str, bool, str]] = {}  # the few different entries, each kept once


def _settle_one(person: TruePerson, by_role: dict[tuple[str, bool], set[str]]) -> None:
    sure: set[str] = set()
    perhaps: set[str] = set()
    person.listed = "no"
    for (role, optional), elements in sorted(by_role.items()):
        (perhaps if optional else sure).update(elements)
        own = elements - {"name"} if role != "other" else elements & SENSITIVE
        if own and not optional:
            person.listed = "yes"
        elif (own or elements & DEBATABLE) and person.listed == "no":
            person.listed = "optional"
    person.roles = sorted({role for role, optional in by_role if not optional})
    person.elements = sorted(sure)
    person.optional_elements = sorted(perhaps - sure)


class Truth(msgspec.Struct):
    """All that was planted in one made-up hospital."""

    people: dict[str, TruePerson] = {}
    documents: list[Document] = []
    relations: list[Relation] = []
    decoys: list[Decoy] = []

    def facts(self) -> Iterator[tuple[Document, Fact]]:
        """Yield every fact with its document."""
        for document in self.documents:
            for fact in document.facts:
                yield document, fact

    def settle(self) -> None:
        """Decide from the facts who belongs on the list, in which roles and with which elements."""
        tally = Tally()
        for document in self.documents:
            tally.count(document)
        tally.settle(self.people)

    def write(self, folder: Path) -> None:
        """Write truth.jsonl: people, documents with their facts and places, relations, decoys."""
        with TruthFile(folder) as out:
            for group in (self.people.values(), self.documents, self.relations, self.decoys):
                out.add(group)


class TruthFile:
    """The growing file of a truth that is too large to keep."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.out: BinaryIO = (folder / "truth.jsonl").open("wb")
        self.encoder = msgspec.json.Encoder()

    def add(self, lines: Iterable[msgspec.Struct]) -> None:
        """Write entries of one kind."""
        for line in lines:
            self.out.write(self.encoder.encode(line) + b"\n")

    def __enter__(self) -> "TruthFile":
        return self

    def __exit__(self, *raised: object) -> None:
        self.out.close()


def load_truth(folder: Path) -> Truth:
    """Return the truth that `Truth.write` left in a folder."""
    truth = Truth()
    decoder = msgspec.json.Decoder(TruePerson | Document | Relation | Decoy)
    with (folder / "truth.jsonl").open("rb") as lines:
        for line in lines:
            entry = decoder.decode(line)
            if isinstance(entry, TruePerson):
                truth.people[entry.person_id] = entry
            elif isinstance(entry, Document):
                truth.documents.append(entry)
            elif isinstance(entry, Relation):
                truth.relations.append(entry)
            else:
                truth.decoys.append(entry)
    return truth
