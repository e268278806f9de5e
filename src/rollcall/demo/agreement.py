"""Grades what a list says of its people besides who they are: roles, covered entities, guardians.

Only people who were found, in rows that hold nobody else, are compared: whoever is missed is counted as that already.

*Roles.* Somebody who stands as patient, member or employee must be shown so; who stands only as a guarantor, contact or
correspondent must be `other` and nothing else. `other` beside a right role is neither right nor wrong.

*Entities.* Where a case serves several: the covered entities of the documents that say something of the person, all of
them and no other. People who also stand in a list of several entities' patients are left out: the truth does not say
whose they are there. A case of one entity has nothing to compare (a share of none).

*Guardians.* A child whose guardian is on the list, and is called its mother or guarantor somewhere, should point there;
where nothing says so, or the guardian is not on the list, showing none is right. Whoever is shown must be one, said or
not.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from rollcall.demo.figures import Figure, Tally, rate, said
from rollcall.demo.matching import Row
from rollcall.demo.truth import RELATIONS, ROLES, Truth

OTHER = "other"
NOTHING = "nothing"  # shown, or true: in the table of roles


class Agreement(msgspec.Struct, frozen=True):
    """How right the list is about roles, entities and guardians."""

    roles: Figure  # people whose roles are right
    by_role: dict[str, Figure]  # people of a role who are shown with it
    by_relation: dict[str, Figure]  # people who stand in no other part: guarantor_of, contact_of, subscriber_of
    roles_shown: dict[str, dict[str, int]]  # true role -> shown role -> people
    entities: Figure  # people whose entities are exactly right
    entities_missing: Figure  # people who lack one; best when nothing
    entities_extra: Figure  # people shown with one that they have nothing to do with; best when nothing
    guardian_recall: Figure  # children whose guardian is shown
    guardian_precision: Figure  # guardians shown who are
    guardians_missing: int  # children with none shown
    guardians_wrong: int


class Said(msgspec.Struct):
    """What the documents say of somebody."""

    roles: set[str] = set()  # patient, member, employee: with something beyond a name
    every: set[str] = set()  # the same and other, also by a name alone or debatably
    parts: set[str] = set()  # fine roles
    entities: set[str] = set()
    perhaps: set[str] = set()  # entities of which only a name or something debatable stands
    mixed: bool = False  # stands in a document of several entities' patients

    @property
    def must(self) -> set[str]:
        """The roles that a right list shows."""
        return self.roles or ({OTHER} if self.parts else set())


def said_of(truth: Truth) -> dict[str, Said]:
    """Return what the documents say of everybody's roles and entities."""
    found: dict[str, Said] = defaultdict(Said)
    for document, fact in truth.facts():
        one, role = found[fact.person], ROLES.get(fact.role, OTHER)
        sure = not fact.optional and document.locked != "lost"
        one.every.add(role)
        if sure:
            one.parts.add(fact.role)
        own = sure and fact.element != "name"
        if own and role != OTHER:
            one.roles.add(role)
        if document.entity:
            (one.entities if own else one.perhaps).add(plain(document.entity))
        elif own:
            one.mixed = True
    return found


def guardians_of(truth: Truth) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return the guardians of each child: all of them, and those of whom a document that can be read says so."""
    lost = {one.doc_id for one in truth.documents if one.locked == "lost"}
    every: dict[str, set[str]] = defaultdict(set)
    stated: dict[str, set[str]] = defaultdict(set)
    for one in truth.relations:
        if one.relation == "guardian_of":
            every[one.other].add(one.person)
            if any(document not in lost for document, _ in one.places):
                stated[one.other].add(one.person)
    return every, stated


def plain(name: str) -> str:
    """Return the name of an entity as a careless reader sees it."""
    return " ".join(name.casefold().split())


class Agreeing:
    """Counts agreement of the rows of found people with the truth."""

    def __init__(self, truth: Truth, rows: Iterable[Row], of: Mapping[str, list[Row]]) -> None:
        self.truth, self.of = truth, of
        self.people = {row.individual_id: row.person for row in rows}
        self.tally = Tally()
        self.said = said_of(truth)
        self.served = {plain(document.entity) for document in truth.documents if document.entity}
        self.every, self.stated = guardians_of(truth)
        self.shown: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self.missing = self.wrong = 0

    def count(self, person: str, cluster: str) -> None:
        """Count one found person, true or debatable."""
        rows = self.of.get(person, ())
        if not rows or any(row.held for row in rows):
            return
        known, listed = self.said[person], self.truth.people[person].listed
        got = set[str]().union(*(row.roles for row in rows))
        if len(parts := {RELATIONS.get(one, "") for one in known.parts}) == 1 and (relation := parts.pop()):
            self.tally.add(f"relation:{relation}", cluster, known.must <= got <= known.must | {OTHER})
        if listed != "yes":
            return
        self._roles(cluster, known, got)
        if len(self.served) > 1 and known.entities and not known.mixed:
            self._entities(cluster, known, {plain(one) for row in rows for one in row.entities})
        self._guardian(cluster, person, {row.guardian for row in rows if row.guardian})

    def _roles(self, cluster: str, known: Said, got: set[str]) -> None:
        missing, extra = known.must - got, got - known.must - known.every - {OTHER}
        if known.must == {OTHER}:
            extra = got - known.must
        self.tally.add("roles", cluster, not missing and not extra)
        for role in known.must:
            self.tally.add(f"role:{role}", cluster, role in got)
            for shown in (role,) if role in got else sorted(got - known.must) or (NOTHING,):
                self.shown[role][shown] += 1
        for shown in () if missing else extra:
            self.shown[NOTHING][shown] += 1

    def _entities(self, cluster: str, known: Said, got: set[str]) -> None:
        missing, extra = known.entities - got, got - known.entities - known.perhaps
        self.tally.add("entities", cluster, not missing and not extra)
        self.tally.add("entities missing", cluster, bool(missing))
        self.tally.add("entities extra", cluster, bool(extra))

    def _guardian(self, cluster: str, child: str, shown: set[str]) -> None:
        # A pointer to a row that is not on the list says nothing that could be judged.
        judged = {self.people[one] for one in shown if one in self.people}
        right = judged & self.every[child]
        for one in judged:
            self.tally.add("guardian precision", cluster, one in right)
        self.wrong += len(judged - right)
        if any(one in self.of for one in self.stated[child]):
            self.tally.add("guardian recall", cluster, bool(right))
            self.missing += not judged

    def result(self, seed: int) -> Agreement:
        """Return the figures with their intervals."""
        figure, figures = self.tally.figure, self.tally.figures
        return Agreement(
            roles=figure("roles", seed), by_role=figures("role:", seed), by_relation=figures("relation:", seed),
            roles_shown={role: dict(sorted(shown.items())) for role, shown in sorted(self.shown.items())},
            entities=figure("entities", seed), entities_missing=figure("entities missing", seed, rate),
            entities_extra=figure("entities extra", seed, rate), guardian_recall=figure("guardian recall", seed),
            guardian_precision=figure("guardian precision", seed), guardians_missing=self.missing,
            guardians_wrong=self.wrong,
        )  # fmt: skip


def describe_agreement(result: Agreement) -> list[str]:
    """Return the figures as lines that a person reads."""
    shown = "; ".join(
        f"{role} as {', '.join(f'{name} {count}' for name, count in counts.items())}"
        for role, counts in result.roles_shown.items()
    )
    lines = [f"roles     {said(result.roles)} right; {shown}"]
    lines += [f"          only {name:<18} {said(figure)}" for name, figure in result.by_relation.items()]
    if result.entities.of:
        lines += [
            f"entities  {said(result.entities)} exactly right",
            f"          missing {said(result.entities_missing)}, extra {said(result.entities_extra)}",
        ]
    return [
        *lines,
        f"guardians shown {said(result.guardian_recall)}, right {said(result.guardian_precision)}; "
        f"{result.guardians_missing} missing, {result.guardians_wrong} wrong",
    ]
