"""The people a structured format names: each record is a mention, with the fields and relations the format gives it.

What is written freely in the same content (notes, narrative) is about the record the format says; a row or a form there
that names nobody is of that record's person.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from rollcall.mentions.assembled import Assembled, from_records
from rollcall.mentions.roles import NOT_SUBJECTS
from rollcall.mentions.subjects import Subject, person_key
from rollcall.model import (
    Finding,
    Membership,
    Mention,
    Part,
    RecordField,
    RecordOf,
    RecordRelation,
    Relation,
    digest,
    from_table,
)

Owners = Mapping[tuple[str, int], str]  # blob and part -> the mention the part is about
_Anchor = tuple[str, int, int, str, str, str]


def record_id(blob_id: str, key: str) -> str:
    """Return the id of the mention of a record."""
    return digest("record", blob_id, key)


def owners(parts: Iterable[Part]) -> dict[tuple[str, int], str]:
    """Return which mention each part is about, where the format says so."""
    return {(part.blob_id, part.part_no): record_id(part.blob_id, part.about) for part in parts if part.about}


def told_owners(
    parts: Sequence[Part], findings: Iterable[Finding], record_of: Mapping[str, Mention]
) -> dict[int, Subject]:
    """Return whom each text part of one content is about, where the format says so."""
    told = {part.part_no: record_id(part.blob_id, part.about) for part in parts if part.about}
    if not told:
        return {}
    records = {one.mention_id: one for each in findings if (one := record_of.get(each.finding_id))}
    return {part_no: _subject(records[mention_id]) for part_no, mention_id in told.items() if mention_id in records}


def _subject(record: Mention) -> Subject:
    person = person_key(record.name)
    return Subject(start=-1, end=-1, name=record.name, person=person, known=True, mention_id=record.mention_id)


def assemble_records(
    records: Iterable[RecordOf],
    fields: Iterable[RecordField],
    relations: Iterable[RecordRelation],
    findings: Iterable[Finding],
) -> Assembled:
    """Return the mentions of records, what is theirs, and what they are to each other."""
    found = {_of_finding(one): one for one in findings if one.why == "record"}
    members: dict[str, list[Membership]] = {}
    names: dict[str, str] = {}  # the first one is what they are called
    for field in fields:
        finding = found.get(_of_field(field))
        if finding is None:
            continue
        mention_id = record_id(field.blob_id, field.key)
        members.setdefault(mention_id, []).append(
            Membership(mention_id=mention_id, finding_id=finding.finding_id, confidence=0.99, why="same record")
        )
        if field.element == "name":
            names.setdefault(mention_id, " ".join(field.value.split()))
    mentions = []
    for ordinal, record in enumerate(records):
        mention_id = record_id(record.blob_id, record.key)
        if mention_id not in members:
            continue  # the format has room for a person there and says nothing of one
        name = names.get(mention_id, "")
        mentions.append(
            Mention(
                mention_id=mention_id,
                blob_id=record.blob_id,
                part_no=record.part_no,
                row=None,
                block=None,
                ordinal=ordinal,
                kind="record",
                role=record.role,
                is_subject=record.role not in NOT_SUBJECTS,
                name=name,
                confidence=0.98 if name else 0.85,
                why="record of its format",
            )
        )
    related = [
        Relation(
            mention_id=record_id(one.blob_id, one.key),
            other_id=record_id(one.blob_id, one.other_key),
            relation=one.relation,
        )
        for one in relations
    ]
    known = {mention.mention_id for mention in mentions}
    related = [one for one in related if one.mention_id in known and one.other_id in known]
    return from_records(mentions, (each for some in members.values() for each in some), related)


def _of_finding(one: Finding) -> _Anchor:
    place = one.place
    return one.blob_id, place.part_no, place.start or 0, place.locator or "", one.element, one.subtype


def _of_field(one: RecordField) -> _Anchor:
    return one.blob_id, one.part_no, one.start, one.locator, one.element, one.subtype


def given_to_owners(made: Assembled, owned: Owners) -> Assembled:
    """Return what was put together with nameless mentions given to whom their part is about."""
    if not owned:
        return made
    mentions = list(from_table(Mention, made.mentions))
    taken = {
        one.mention_id: owned[one.blob_id, one.part_no]
        for one in mentions
        if not one.name and (one.blob_id, one.part_no) in owned
    }
    if not taken:
        return made
    return from_records(
        [one for one in mentions if one.mention_id not in taken],
        [_moved(one, taken) for one in from_table(Membership, made.memberships)],
        [
            one
            for one in from_table(Relation, made.relations)
            if one.mention_id not in taken and one.other_id not in taken
        ],
        from_table(Finding, made.names),
    )


def _moved(one: Membership, taken: Mapping[str, str]) -> Membership:
    owner = taken.get(one.mention_id)
    if owner is None:
        return one
    return msgspec.structs.replace(one, mention_id=owner, confidence=0.9, why="in a part about this record")
