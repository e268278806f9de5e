"""What stands in running text is tied to whom it is about.

First the people of all parts are found, and what only a second reading can find (`unlabelled`); then each value goes to
the likeliest of those who may be meant (`linking`), unless the text says outright whose it is ("my SSN is"). What could
as well be another's is kept with the other as an alternative; what has no person at all becomes a mention without a
name, so that nothing is lost.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from rollcall.elements.headers import role_of
from rollcall.mentions.assembled import Assembled, from_records
from rollcall.mentions.layout import Layout
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.linking import Link, Links, assign
from rollcall.mentions.records import told_owners
from rollcall.mentions.roles import EVENTS, SUBJECT, context_role
from rollcall.mentions.subjects import (
    InOrder,
    Subject,
    Writers,
    find_subjects,
    found_before,
    names_somebody,
    one_line,
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
_BESIDE = frozenset(("right behind the name", "same sentence", "same line"))  # why a value is somebody's
_BEFORE = 300  # characters before a value that may make it the writer's own


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
                self._everybody[number] = InOrder(())
                continue
            found = find_subjects(
                text.text, self._lexicon, self._writers, given, self._read_otherwise(number), guess=guess
            )
            # Whom a row of a table names is no one that the text around it speaks of, and "Kin" alone is a label.
            self._subjects[number] = [
                one
                for one in found
                if (number, text.line(one.start)) not in self._in_tables
                and (all(one.person) or one.known or not role_of(one.name))
            ]
            for subject in self._subjects[number]:
                subject.part_no = number
            self._tell(number, readers[number].births(self._subjects[number]))
            self._tell(number, readers[number].old(self._subjects[number]))
            self._everybody[number] = InOrder(self._subjects[number])
        self._links = Links(self._texts, self._everybody, self._lexicon, self._writers.sender)
        self._find_homes()
        for text in self._texts:
            loose, left = self._loose(text), []
            for one, link in zip(loose, self._link(text, loose), strict=True):
                if link.subject is None:
                    left.append(one)
                else:
                    self._belongs(text, one, link)
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

    def _link(self, text: Layout, findings: Sequence[Finding]) -> list[Link]:
        """Return whose each value is: the writer's who says so, nobody's in a signature, else the likeliest one's."""
        told = {at: link for at, one in enumerate(findings) if (link := self._said(text, one)) is not None}
        left = [at for at in range(len(findings)) if at not in told]
        owner = self._owner.get(text.part.part_no)
        choices = self._links.choices(text, [findings[at] for at in left])
        for at, link in zip(left, assign(choices), strict=True):
            element = findings[at].element
            told[at] = link if owner is None or element in CONTACT else _in_record(owner, link, element)
        return [told[at] for at in range(len(findings))]

    def _said(self, text: Layout, finding: Finding) -> Link | None:
        """Return whose a value is where that is said outright."""
        start = finding.place.start or 0
        if _MINE.search(text.text[max(text.line(start), start - _BEFORE) : start]):
            return self._writer(text, start)
        if finding.element in CONTACT and (text.in_signature(start) or finding.value.lower() in self._writers.mails):
            return Link(None, 0.9, "signature")
        return None

    def _writer(self, text: Layout, position: int) -> Link:
        segment = text.segments.at(position)
        name = one_line(segment.sender) if segment.level else self._writers.sender
        if not name or "@" in name:
            return Link(None, 0.5, "the writer, who is not named")
        subject = Subject(start=-1, end=-1, name=name, person=person_key(name), kind="correspondent")
        return Link(subject, 0.85, "the writer says so")

    # --- what is written down --------------------------------------------------------------------------------------

    def _belongs(self, text: Layout, finding: Finding, link: Link) -> None:
        if link.subject is None:
            return
        position = finding.place.start or 0
        mention_id = self._written.mention(text, link.subject, position)
        self._written.member(mention_id, finding, link.confidence, link.why)
        for other, likely in link.others:
            other_id = self._written.mention(text, other, position)
            if other_id != mention_id:
                self._written.member(other_id, finding, likely, f"may be meant: {link.why}", mention_id)

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


def _in_record(owner: Subject, link: Link, element: str) -> Link:
    """Return whose a value in a note is: what happened, the patient's; a number beside a name, that one's."""
    if link.subject is None or link.subject.person == owner.person:
        return Link(owner, 0.9, "in a note of the record")
    if element in EVENTS:
        beside = link.why in _BESIDE
        return Link(owner, 0.7, "in a note of the record", ((link.subject, 0.3),) if beside else ())
    return Link(link.subject, 0.75, link.why, ((owner, 0.25),))
