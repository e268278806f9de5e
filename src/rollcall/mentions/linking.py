"""Whose a value in running text is: everybody who may be meant is scored, and one person has one number of a kind.

For each value those named nearest before and behind it, in the subject line and by names of files are weighed against
each other and against nobody, by a small model whose weights (linking.toml) `training/fit_links.py` makes from made-up
mail whose truth is known. Then the surest links are made first; a link that gives somebody a second birth date or
record number pays for it, so the one left over goes to the other. What comes close stays as an alternative.

The work grows with the number of values, not with the number of people named: only so many of the nearest are weighed.
"""

import bisect
import math
import re
import tomllib
from collections.abc import Mapping, Sequence, Set
from functools import cache
from pathlib import Path

import msgspec

from rollcall.mentions.clues import Near, Person, clues, of_nobody, score
from rollcall.mentions.layout import Layout
from rollcall.mentions.lexicon import Lexicon
from rollcall.mentions.subjects import InOrder, Subject, one_line, person_key
from rollcall.model import Finding

ALIKE = 0.18  # a second of at least this probability stays as an alternative
_LOOKED, _BACK, _AHEAD, _OUTSIDE = 40, 6, 3, 3  # names gone through on a side; people weighed on each, and elsewhere
_LONGEST_LIST = 12
_LOOKED_AT = 400  # characters of a sentence
_STAFF = frozenset(("staff", "provider", "correspondent"))
_SURELY = 0.75  # how likely a value must be staff's or a sender's who do not write of themselves
_YOU = re.compile(r"\b(?:your?|usted|su|seu|sua)\b", re.IGNORECASE)  # who is called on is meant where it says so
_SECOND = 3.0  # what a second value of a kind that one person has once costs, in log odds
_CONTACT = frozenset(("phone", "email", "address"))
_EVENTS = frozenset((
    "diagnosis", "treatment", "medication", "date_of_service", "provider", "billing_amount", "benefit_election",
    "work_evaluation",
))  # fmt: skip
# Different values of a kind that one person may be given in one text; what is beyond is of somebody who is not named.
_MOST = {
    "ssn": 1, "date_of_birth": 1, "drivers_license": 1, "passport": 1, "tax_id": 1, "medical_record_number": 2,
    "patient_account_number": 3, "health_insurance": 3,
}  # fmt: skip
_SAID = ("b_bare", "b_tight", "b_owns", "owner", "lined_up")  # features by which a text says whose a value is
_SINGLE = frozenset(("ssn", "date_of_birth", "medical_record_number", "drivers_license", "passport", "tax_id"))


class _Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    identifier: dict[str, float]
    event: dict[str, float]
    contact: dict[str, float]


class Link(msgspec.Struct, frozen=True):
    """Whom a value was given to, None for nobody who is named, how likely, and who else may be meant."""

    subject: Subject | None
    confidence: float
    why: str
    others: tuple[tuple[Subject, float], ...] = ()


class Choice(msgspec.Struct):
    """A value with everybody who may be meant, and their features; the first is nobody."""

    finding: Finding
    near: list[Near | None]
    found: list[dict[str, float]]


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Return the weights of the model, by the group of the element."""
    text = Path(__file__).with_name("linking.toml").read_text(encoding="utf-8")
    return msgspec.structs.asdict(msgspec.convert(tomllib.loads(text), _Model))


def group_of(element: str) -> str:
    """Return which weights an element is linked by."""
    return "contact" if element in _CONTACT else "event" if element in _EVENTS else "identifier"


class Links:
    """The people of one content, ready to be asked for each value."""

    def __init__(
        self, texts: Sequence[Layout], people: Mapping[int, InOrder], lexicon: Lexicon, sender: str = ""
    ) -> None:
        self._texts = texts
        self._people = people
        self._lexicon = lexicon
        self._authors: dict[str, Subject | None] = {}
        self._sender = sender
        meant = {one.person: one for some in people.values() for one in some.subjects if one.is_meant()}
        self._n_people = len(meant)
        self._only = next(iter(meant)) if len(meant) == 1 else None
        self._outside: dict[Person, Subject] = {}
        for text in texts:
            if text.part.kind in ("subject", "names"):
                for one in people[text.part.part_no].subjects:
                    if one.is_meant():
                        self._outside.setdefault(one.person, one)
        self._first: dict[int, Person] = {}
        for text in texts:
            spoken = (one.person for one in people[text.part.part_no].subjects if one.is_meant())
            self._first[text.part.part_no] = next(spoken, ("", ""))

    def choices(self, text: Layout, findings: Sequence[Finding]) -> list[Choice]:
        """Return each value of a part with those who may be meant."""
        lists = _Lists(text, findings, self._people[text.part.part_no])
        return [self._choice(text, one, lists) for one in findings]

    def _choice(self, text: Layout, finding: Finding, lists: "_Lists") -> Choice:
        owners = [
            (given.lower(), family.lower())
            for given, family in self._lexicon.taught.owners(finding.element, finding.value)
        ]
        near: list[Near | None] = [None]
        found = [of_nobody(text, finding, self._n_people)]
        for one in self._near(text, finding):
            near.append(one)
            found.append(clues(text, finding, one, owners, lists.offset(finding, one.person)))
        return Choice(finding, near, found)

    def _near(self, text: Layout, finding: Finding) -> list[Near]:
        """Return who may be meant: the nearest named on both sides, and who is named outside the body."""
        start, contact = finding.place.start or 0, finding.element in _CONTACT
        people = self._people[text.part.part_no]
        index = people.before(start)
        found: dict[Person, dict[str, object]] = {}
        for subjects, side, most in (
            (people.subjects[max(0, index - _LOOKED) : index][::-1], "before", _BACK),
            (people.subjects[index : index + _LOOKED], "after", _AHEAD),
        ):
            seen: dict[Person, Subject] = {}
            n_meant = 0
            for one in subjects:
                if one.person in seen or not self._may_be_meant(text, one, start, contact=contact):
                    continue
                if len(seen) == most:
                    break
                seen[one.person] = one
                found.setdefault(one.person, {}).update({side: one, f"n_{side}": n_meant})
                n_meant += one.is_meant()
        if text.part.kind == "header":  # a field of the header speaks of whom it names itself
            line = text.line(start)
            return [one for one in map(_alone, found.items()) if text.line(one.subject.start) == line]
        outside = list(self._outside.items())[:_OUTSIDE] if text.part.kind not in ("subject", "names") else []
        for person, one in outside:
            found.setdefault(person, {"before": None}).update({"elsewhere": True})
            if not found[person].get("before") and not found[person].get("after"):
                found[person]["outside"] = one
        if self._only is not None and self._only in found:
            found[self._only]["only"] = True
        elif self._only is not None:
            only = next(one for some in self._people.values() for one in some.subjects if one.person == self._only)
            found[self._only] = {"only": True, "outside": only}
        segment = text.segments.at(start)
        level = segment.level
        author = self._author(segment.sender if segment.level else self._sender)
        if author is not None and author.person not in found and text.in_first_person:
            found[author.person] = {"outside": author}
        made = []
        for person, said in found.items():
            after = said.get("after")
            answered = isinstance(after, Subject) and text.segments.at(after.start).level == level + 1
            first = self._first[text.part.part_no] == person
            wrote = author is not None and author.person == person
            made.append(_near_of(person, {**said, "answered": answered, "first": first, "wrote": wrote}))
        return made

    def _may_be_meant(self, text: Layout, one: Subject, start: int, *, contact: bool) -> bool:
        """Say whether somebody named may be who a value is of: not who is called on, signs, or treats others.

        A phone or an address may be a signer's: where no formula closes the mail, it would else be the patient's.
        """
        if one.vocative and not _YOU.search(text.sentence_text(start)[:_LOOKED_AT]):
            return False
        if contact or one.kind not in _STAFF or text.sentence(one.start) == text.sentence(start):
            return True
        outsider = one.kind == "correspondent" and not self._lexicon.is_staff(*one.person)
        return outsider and text.in_first_person

    def _author(self, written: str) -> Subject | None:
        """Return who wrote a segment, where that is somebody from outside: staff write of others."""
        if written not in self._authors:
            name = one_line(written)
            person = person_key(name) if name and "@" not in name else ("", "")
            made = Subject(start=-1, end=-1, name=name, person=person, kind="correspondent") if any(person) else None
            if all(person) and self._lexicon.is_staff(*person):
                made = None
            self._authors[written] = made
        return self._authors[written]


def _alone(told: tuple[Person, dict[str, object]]) -> Near:
    return _near_of(*told)


def _near_of(person: Person, said: dict[str, object]) -> Near:
    outside = said.pop("outside", None)
    if outside is not None:
        return Outside(person=person, named=outside, **said)  # type: ignore[arg-type]
    return Near(person=person, **said)  # type: ignore[arg-type]


class Outside(Near, frozen=True):
    """A person who is named in another part only."""

    named: Subject | None = None

    @property
    def subject(self) -> Subject:
        """Where they are named."""
        assert self.named is not None  # noqa: S101
        return self.named


class _Lists:
    """Lists of as many names as values: "X, Y & Z were born on a, b & c"."""

    def __init__(self, text: Layout, findings: Sequence[Finding], people: InOrder) -> None:
        self._at: dict[str, tuple[int, tuple[Person, ...]]] = {}
        by_sentence: dict[int, list[Person]] = {}
        for one in people.subjects:
            if one.is_meant():
                held = by_sentence.setdefault(text.sentence(one.start), [])
                if one.person not in held and len(held) <= _LONGEST_LIST:
                    held.append(one.person)
        sentences = sorted(by_sentence)
        kinds: dict[tuple[int, str], list[Finding]] = {}
        for finding in findings:
            kinds.setdefault((text.sentence(finding.place.start or 0), finding.element), []).append(finding)
        for (sentence, _), values in kinds.items():
            if not 1 < len(values) <= _LONGEST_LIST:
                continue
            # Of the people of the sentence itself, else of the last one before that names anybody.
            index = bisect.bisect_right(sentences, sentence)
            named = by_sentence[sentences[index - 1]] if index else []
            if len(named) == len(values):
                for at, finding in enumerate(values):
                    self._at[finding.finding_id] = (at, tuple(named))

    def offset(self, finding: Finding, person: Person) -> int | None:
        """Return how far apart the places of a value and a person in their lists are."""
        at, named = self._at.get(finding.finding_id, (0, ()))
        return abs(named.index(person) - at) if person in named else None


def likelihoods(choice: Choice, model: Mapping[str, Mapping[str, float]]) -> list[float]:
    """Return how likely it is that each of those who may be meant is; together one."""
    held = model[group_of(choice.finding.element)]
    scores = [score(held, found) for found in choice.found]
    most = max(scores)
    odds = [math.exp(one - most) for one in scores]
    total = sum(odds)
    return [one / total for one in odds]


def assign(choices: Sequence[Choice]) -> list[Link]:
    """Return whose each value is, in the order given: the surest first, and nobody two of what a person has once."""
    model = weights()
    likely = [likelihoods(choice, model) for choice in choices]
    order = sorted(range(len(choices)), key=lambda at: (-max(likely[at]), at))
    held: dict[tuple[Person, str, str], set[str]] = {}
    links: dict[int, Link] = {}
    for at in order:
        choice, finding = choices[at], choices[at].finding
        odds = []
        for near, probability, found in zip(choice.near, likely[at], choice.found, strict=True):
            has = held.get((near.person, finding.element, finding.subtype)) if near is not None else None
            odds.append(probability * (1.0 if has is None else _odds_of_another(finding, has, found)))
        total = sum(odds)
        links[at] = _link(choice, [one / total for one in odds])
        subject = links[at].subject
        if subject is not None and finding.element in _MOST:
            held.setdefault((subject.person, finding.element, finding.subtype), set()).add(finding.value)
    return [links[at] for at in range(len(choices))]


def _odds_of_another(finding: Finding, has: Set[str], found: Mapping[str, float]) -> float:
    """Return by what the odds fall that a value is of somebody who has these of its kind already.

    Right behind the name it may be so all the same: another of that name, or a number put right.
    """
    if finding.value in has:
        return 1.0
    if len(has) >= _MOST[finding.element] and not any(found.get(name) for name in _SAID):
        return 0.0
    return math.exp(-_SECOND) if finding.element in _SINGLE else 1.0


def _link(choice: Choice, likely: Sequence[float]) -> Link:
    ranked = sorted(range(len(likely)), key=lambda at: (-likely[at], at))
    best = choice.near[ranked[0]]
    if best is not None and best.subject.kind in _STAFF and not best.wrote and likely[ranked[0]] < _SURELY:
        best = None
    if best is None:
        return Link(None, round(likely[ranked[0]], 4), "nobody named is meant")
    others = []
    for at in ranked[1:4]:
        other = choice.near[at]
        if other is not None and likely[at] >= ALIKE:
            others.append((other.subject, round(likely[at], 4)))
    return Link(best.subject, round(likely[ranked[0]], 4), _why(choice.found[ranked[0]]), tuple(others))


_TOLD = (
    ("owner", "known as theirs in the case"),
    ("lined_up", "lists in the same order"),
    ("b_bare", "right behind the name"),
    ("b_sentence", "same sentence"),
    ("a_sentence", "same sentence"),
    ("b_line", "same line"),
    ("b_block", "same block"),
    ("a_block", "same block"),
    ("elsewhere", "named in the subject or by a file"),
    ("answered", "named in the mail that is answered"),
    ("only", "the only person named"),
    ("b", "the person named before"),
    ("a", "the person named after"),
)


def _why(found: Mapping[str, float]) -> str:
    return next((said for name, said in _TOLD if found.get(name)), "named in the message")
