"""What stands in running text is tied to whom it is about: the nearest person named, in widening circles.

The same sentence first, then line, block, the blocks before and after, the subject line and the names of attachments,
and at last the only person the whole message names. Staff, sender and recipients are not meant unless the text says so
("my SSN is"). What could as well be another's is kept with the other as an alternative; what has no person at all
becomes a mention without a name, so that nothing is lost.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from rollcall.mentions.assembled import Assembled, from_records
from rollcall.mentions.layout import Layout
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.records import told_owners
from rollcall.mentions.roles import EVENTS, SUBJECT, context_role
from rollcall.mentions.subjects import (
    InOrder,
    Subject,
    Writers,
    find_subjects,
    found_before,
    names_somebody,
    person_key,
)
from rollcall.mentions.unlabelled import Reader
from rollcall.mentions.written import CONTACT, Written
from rollcall.model import Finding, Mention, Part

_NOT_NAMES = frozenset(("address", "health_insurance", "diagnosis", "treatment", "medication", "email"))
_MINE = re.compile(
    r"\bmy\s+(?!(?:patient|client|mother|mom|father|dad|son|daughter|husband|wife|brother|sister|child|kid|boss|"
    r"colleague|friend|partner|neighbou?r)\b)(?:[\w#/.'’-]+\s+){0,4}(?:is|are|was|:|#|=)?[\s:#=*]*$",
    re.IGNORECASE,
)
_BEFORE = 300  # characters before a value that may make it the writer's own


class Tie(msgspec.Struct, frozen=True):
    """Whom a finding was given to."""

    subject: Subject | None
    confidence: float
    why: str
    others: tuple[Subject, ...] = ()


def assemble_text(
    parts: Sequence[Part], findings: Sequence[Finding], lexicon: Lexicon, correspondents: Sequence[str],
    seal: Callable[[str], str], record_of: Mapping[str, Mention] | None = None, sent: str = "",
) -> Assembled:  # fmt: skip
    """Return the mentions of the text parts of one blob, what only a second reading could find, and who owns what.

    `findings` are those of the parts; those in `record_of` have their person already, in a row or a form.
    `correspondents` are sender and recipients of the message as written, the sender first; `sent` is when, as ISO text.
    """
    return _Blob(parts, findings, lexicon, Writers(correspondents), seal, record_of or {}, sent).assemble()


class _Blob:
    def __init__(
        self, parts: Sequence[Part], findings: Sequence[Finding], lexicon: Lexicon, writers: Writers,
        seal: Callable[[str], str], record_of: Mapping[str, Mention], sent: str,
    ) -> None:  # fmt: skip
        self._texts = [Layout(part) for part in sorted(parts, key=lambda one: one.part_no) if part.text]
        self._by_number = {text.part.part_no: text for text in self._texts}
        self._lexicon = lexicon
        self._writers = writers
        self._seal = seal
        self._record_of = record_of
        self._findings: dict[int, list[Finding]] = {}
        self._in_tables: set[tuple[int, int]] = set()  # part and line start of the rows of tables by layout
        for one in findings:
            if one.place.start is not None and one.place.row is None:
                self._findings.setdefault(one.place.part_no, []).append(one)
            elif one.place.start is not None and (text := self._by_number.get(one.place.part_no)) is not None:
                self._in_tables.add((one.place.part_no, text.line(one.place.start)))
        self._subjects: dict[int, list[Subject]] = {}
        self._people: dict[int, InOrder] = {}  # of whom a part speaks, nobody called on
        self._everybody: dict[int, InOrder] = {}
        home: dict[tuple[str, str], str] = {}  # person -> the record that stands for them in this content
        first: dict[tuple[str, str], Subject] = {}  # person -> where they are first named
        self._home, self._first = home, first
        self._written = Written(self._by_number, home, first, seal)
        self._sent = sent
        self._told: list[Finding] = []  # what only this reading could find
        self._owner = told_owners(parts, findings, self._record_of)

    def assemble(self) -> Assembled:
        """Tie everything that is still loose."""
        readers = {text.part.part_no: self._reader(text) for text in self._texts}
        # Where nothing stands that could be anybody's, names are recognised and not discovered.
        guess = any(self._loose(text) or readers[text.part.part_no].may_name for text in self._texts)
        for text in self._texts:
            number = text.part.part_no
            given = found_before(self._findings.get(number, ()), self._record_of)
            if text.part.kind == "record":  # its format says who is named
                self._subjects[number] = given
                self._people[number] = self._everybody[number] = InOrder(())
                continue
            found = find_subjects(
                text.text, self._lexicon, self._writers, given, self._read_otherwise(number), guess=guess
            )
            # Whom a row of a table names is no one that the text around it speaks of.
            self._subjects[number] = [one for one in found if (number, text.line(one.start)) not in self._in_tables]
            for subject in self._subjects[number]:
                subject.part_no = number
            self._tell(number, readers[number].births(self._subjects[number]))
            self._everybody[number] = InOrder(self._subjects[number])
            self._people[number] = InOrder([one for one in self._subjects[number] if one.is_meant()])
        people = {one.person: one for some in self._people.values() for one in some.subjects}
        self._only = next(iter(people.values())) if len(people) == 1 else None
        self._find_homes()
        for text in self._texts:
            left = []
            for one in self._loose(text):
                tie = self._tie(text, one)
                if tie.subject is None:
                    left.append(one)
                else:
                    self._belongs(text, one, tie)
            self._written.nameless(text, left)
        for text in self._texts:
            self._known_names(text)
        return from_records(
            [self._with_role(mention) for mention in self._written.mentions.values()],
            self._written.memberships,
            (),
            [*self._told, *self._written.names],
        )

    def _reader(self, text: Layout) -> Reader:
        """Return who reads a part again; the numbers that the case knows are told at once."""
        number = text.part.part_no
        reader = Reader(text, self._findings.get(number, ()), self._sent, self._seal)
        if text.part.kind != "header":
            numbers = list(reader.numbers(self._lexicon.taught))
            self._tell(number, numbers)
            self._tell(number, reader.coordinated(numbers))
        return reader

    def _tell(self, number: int, found: Iterable[Finding]) -> None:
        some = list(found)
        self._told += some
        self._findings.setdefault(number, []).extend(some)

    def _read_otherwise(self, number: int) -> list[tuple[int, int]]:
        """Return the spans of a part that are streets, towns, payers and the like, which look like names."""
        held = self._findings.get(number, ())
        sure = [one.place for one in held if one.element in _NOT_NAMES and one.confidence >= 0.5]
        return [(place.start or 0, place.end or 0) for place in sure]

    def _find_homes(self) -> None:
        """Let what is said of a person go to their record here, unless two records have the name; else to one mention.

        That is anchored where the person is first named, which does not turn on what else was found.
        """
        records: dict[tuple[str, str], set[str]] = {}
        for number in sorted(self._subjects):
            for one in self._subjects[number]:
                if all(one.person) and one.is_meant():
                    self._first.setdefault(one.person, one)
                if one.mention_id and all(one.person):
                    records.setdefault(one.person, set()).add(one.mention_id)
        self._home.update((person, next(iter(ids))) for person, ids in records.items() if len(ids) == 1)

    def _loose(self, text: Layout) -> list[Finding]:
        held = self._findings.get(text.part.part_no, ())
        ordered = sorted(held, key=lambda one: (one.place.start or 0, one.place.end or 0, one.finding_id))
        return [one for one in ordered if one.finding_id not in self._record_of and not names_somebody(one)]

    # --- whom it is about ------------------------------------------------------------------------------------------

    def _tie(self, text: Layout, finding: Finding) -> Tie:
        start, end = finding.place.start or 0, finding.place.end or 0
        line = text.line(start)
        if _MINE.search(text.text[max(line, start - _BEFORE) : start]):
            return self._writer(text, start)
        contact = finding.element in CONTACT
        if contact and (text.in_signature(start) or finding.value.lower() in self._writers.mails):
            return Tie(None, 0.0, "signature")
        people = self._people[text.part.part_no]
        tie = self._near(text, people.around(start), start, end)
        if text.part.part_no in self._owner and not contact:
            return self._in_record(self._owner[text.part.part_no], tie, finding.element)
        if tie is None and not contact:
            tie = self._staff_named(text, start, end)
        if tie is None and text.part.kind != "header":
            tie = self._far(text, people, start, contact=contact)
        return tie or self._outsider(text, start) or Tie(None, 0.0, "nobody named")

    def _in_record(self, owner: Subject, tie: Tie | None, element: str) -> Tie:
        """Return whose a value in a note is: what happened, the patient's; a number beside a name, that one's."""
        if tie is None or tie.subject is None or tie.subject.person == owner.person:
            return Tie(owner, 0.9, "in a note of the record")
        if element in EVENTS:
            return Tie(owner, 0.7, "in a note of the record", (tie.subject,))
        return Tie(tie.subject, 0.75, tie.why, (owner,))

    def _outsider(self, text: Layout, start: int) -> Tie | None:
        """Return who writes of themselves: not of the house, in the first person, naming nobody else."""
        if any(one.subjects for one in self._people.values()) or not text.in_first_person:
            return None
        tie = self._writer(text, start)
        if tie.subject is None or not all(tie.subject.person) or self._lexicon.is_staff(*tie.subject.person):
            return None
        return msgspec.structs.replace(tie, confidence=0.6, why="writes of themselves, and names nobody else")

    def _near(self, text: Layout, subjects: Sequence[Subject], start: int, end: int) -> Tie | None:
        line, sentence = text.line(start), text.sentence(start)
        same = [one for one in subjects if text.sentence(one.start) == sentence]
        on_line = [one for one in subjects if text.line(one.start) == line]
        if text.part.kind == "header":
            same = on_line
        # Who stands before it on its own line: in a list the next name is nearer, and the next line's.
        near = [one for one in on_line if one.end <= start] or same or on_line
        if not near:
            return None
        ranked = sorted((one.distance(start, end), one.start, one) for one in near)
        best = ranked[0][2]
        rest = {one.person: one for cost, _, one in ranked if cost < 1.6 * ranked[0][0] + 10}
        others = tuple(one for person, one in rest.items() if person != best.person)
        return Tie(best, 0.9 if not others else 0.8, "same sentence" if same else "same line", others[:3])

    def _staff_named(self, text: Layout, start: int, end: int) -> Tie | None:
        """Return the staff member whose own number it is: right beside the name, and nobody else in the sentence."""
        sentence = text.sentence(start)
        near = [
            one
            for one in self._everybody[text.part.part_no].around(start)
            if one.kind in ("staff", "correspondent") and not one.vocative and text.sentence(one.start) == sentence
            and one.distance(start, end) < 40
        ]  # fmt: skip
        people = {one.person for one in near}
        if len(people) != 1 or text.in_signature(start):
            return None
        return Tie(near[0], 0.6, "staff member named beside it")

    def _far(self, text: Layout, people: InOrder, start: int, *, contact: bool) -> Tie | None:
        block = text.block(start)
        index = people.before(start)
        before = [(text.block(one.start), one) for one in people.subjects[max(0, index - 1) : index]]
        after = [(text.block(one.start), one) for one in people.subjects[index : index + 1]]
        if before and before[-1][0] == block:
            return Tie(before[-1][1], 0.8, "same block", _alternatives(after[:1], before[-1][1], block))
        if after and after[0][0] == block:
            return Tie(after[0][1], 0.75, "same block")
        if contact:
            return None
        other = self._elsewhere(text)
        if before:
            return Tie(before[-1][1], 0.65 if block - before[-1][0] == 1 else 0.5, "the person named before", other)
        if other:
            return Tie(other[0], 0.65, "named in the subject or by a file", other[1:3])
        if after:
            return Tie(after[0][1], 0.5, "the person named after")
        return None if self._only is None else Tie(self._only, 0.6, "the only person named")

    def _elsewhere(self, text: Layout) -> tuple[Subject, ...]:
        """Return who is named in the subject line and by the names of attachments."""
        named: dict[tuple[str, str], Subject] = {}
        for other in self._texts:
            if other is not text and other.part.kind in ("subject", "names"):
                for one in self._subjects[other.part.part_no]:
                    if one.is_meant():
                        named.setdefault(one.person, one)
        return tuple(named.values())

    def _writer(self, text: Layout, position: int) -> Tie:
        name = self._writers.author(text.attributions, position)
        if not name:
            return Tie(None, 0.0, "the writer, who is not named")
        subject = Subject(start=-1, end=-1, name=name, person=person_key(name), kind="correspondent")
        return Tie(subject, 0.85, "the writer says so")

    # --- what is written down --------------------------------------------------------------------------------------

    def _belongs(self, text: Layout, finding: Finding, tie: Tie) -> None:
        if tie.subject is None:
            return
        position = finding.place.start or 0
        mention_id = self._written.mention(text, tie.subject, position)
        self._written.member(mention_id, finding, tie.confidence, tie.why)
        for other in tie.others:
            other_id = self._written.mention(text, other, position)
            if other_id != mention_id:
                self._written.member(other_id, finding, 0.3, f"may be meant: {tie.why}", mention_id)

    def _known_names(self, text: Layout) -> None:
        """Keep that a person known from tables is named here, also where nothing else is said of them."""
        for subject in self._subjects[text.part.part_no]:
            if subject.known and subject.is_meant() and not subject.mention_id and all(subject.person):
                self._written.mention(text, subject)

    def _with_role(self, mention: Mention) -> Mention:
        elements, role = self._written.elements.get(mention.mention_id, set()), mention.role
        if elements and not {one for one, _ in elements} - CONTACT and role == "other":
            return msgspec.structs.replace(mention, role=self._spoken_of(mention))
        if role == "correspondent" and {one for one, _ in elements} - CONTACT:  # writing of their own affairs
            role = role if self._lexicon.is_staff(*person_key(mention.name)) else SUBJECT
        elif role == "other" and elements:
            role = context_role(elements, self._by_number[mention.part_no].words_of(mention.block)[:4000]) or SUBJECT
        return msgspec.structs.replace(mention, role=role)

    def _spoken_of(self, mention: Mention) -> str:
        """Return the role of whom only a phone or an address is known: what the sentence that names them says."""
        subject = self._first.get(person_key(mention.name))
        if subject is None:
            return "other"
        text = self._by_number[subject.part_no]
        return "patient" if context_role((), text.sentence_text(subject.start)) == "patient" else "other"


def _alternatives(after: Sequence[tuple[int, Subject]], best: Subject, block: int) -> tuple[Subject, ...]:
    return tuple(one for number, one in after if number == block and one.person != best.person)
