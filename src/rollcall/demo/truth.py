"""What was planted, where, about whom: the truth that a list of people is graded against.

A *document* is one content (a body, a sheet, a letter); it may occur in several mails, as an attachment sent on or as
quoted text. A *fact* is one element of one person at one spot of a document. The truth never lies inside a case: it
names everybody in clear (all invented).
"""

from collections.abc import Iterator
from pathlib import Path

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
    kinds: list[str] = []  # special cases: twin, junior, minor, deceased, moved, same_name, ...


class Relation(msgspec.Struct, tag="relation", frozen=True):
    """One person is this to another."""

    person: str
    other: str
    relation: str  # guarantor_of, guardian_of, subscriber_of, contact_of


class Decoy(msgspec.Struct, tag="decoy", frozen=True):
    """Something that looks like a person or an identifier and is none."""

    kind: str
    text: str
    message_id: str
    path: str


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
        held: dict[str, dict[tuple[str, bool], set[str]]] = {person_id: {} for person_id in self.people}
        for _, fact in self.facts():
            role = ROLES.get(fact.role, "other")
            held[fact.person].setdefault((role, fact.optional), set()).add(fact.element)
        for person_id, by_role in held.items():
            self._settle_one(self.people[person_id], by_role)

    @staticmethod
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

    def write(self, folder: Path) -> None:
        """Write truth.jsonl: people, documents with their facts and places, relations, decoys."""
        folder.mkdir(parents=True, exist_ok=True)
        encoder = msgspec.json.Encoder()
        with (folder / "truth.jsonl").open("wb") as out:
            for group in (self.people.values(), self.documents, self.relations, self.decoys):
                for line in group:
                    out.write(encoder.encode(line) + b"\n")


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
