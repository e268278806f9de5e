"""A form over several parts of one document is one form: what its later tables say is of whom the first one names.

A printed form comes apart into its text and its tables, page by page. Where all the fields of a document name one
person that they are about, fields without a name are that person's, unless they say otherwise what one has one of.
"""

from collections.abc import Mapping, Sequence

import msgspec

from rollcall.mentions.assembled import Assembled, from_records, joined
from rollcall.mentions.forms import SINGLE
from rollcall.mentions.roles import SUBJECT
from rollcall.model import Finding, Membership, Mention, Relation, from_table

_ABOUT = frozenset(("patient", "member", "employee", SUBJECT))  # roles of whom a form is about


def assemble_document(pieces: Sequence[Assembled], findings: Mapping[str, Finding]) -> Assembled:
    """Return the records of the parts of one document, with nameless ones given to the one person that it is about."""
    made = joined(pieces)
    mentions = list(from_table(Mention, made.mentions))
    named = [one for one in mentions if one.name and one.role in _ABOUT]
    if len(named) != 1 or len({one.part_no for one in mentions}) < 2:
        return made
    owner = named[0]
    memberships = list(from_table(Membership, made.memberships))
    of: dict[str, list[Finding]] = {}
    for one in memberships:
        of.setdefault(one.mention_id, []).append(findings[one.finding_id])
    own = {(one.element, one.subtype): one.value for one in of.get(owner.mention_id, ()) if one.element in SINGLE}
    given = {
        one.mention_id
        for one in mentions
        if not one.name
        and one.role in _ABOUT
        and all(own.get((f.element, f.subtype), f.value) == f.value for f in of.get(one.mention_id, ()))
    }
    if not given:
        return made
    return from_records(
        [one for one in mentions if one.mention_id not in given],
        [
            msgspec.structs.replace(one, mention_id=owner.mention_id, confidence=0.88, why="same form")
            if one.mention_id in given
            else one
            for one in memberships
        ],
        [
            one
            for one in from_table(Relation, made.relations)
            if one.mention_id not in given and one.other_id not in given
        ],
        from_table(Finding, made.names),
    )
