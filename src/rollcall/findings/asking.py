"""What the pairs of a form mean: label, value and neighbours weighed together, whoever worded the form.

A label that is known as a whole decides unless the value cannot be what it says. Else the words of the label, the head
it stands under and the shape of the value each speak for kinds of value; a value alone decides only what it can: the
first name of a form is whom the form is about, a date of long ago close to that name is a birth date, a code beside it
the record number. What is asked about somebody else (a contact, who pays, the insured) keeps that person's group.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from rollcall.elements.asked import FAIR, SURE, Asking, asked
from rollcall.elements.dates import parse_date
from rollcall.elements.headers import Header, role_of
from rollcall.elements.labels import read_label
from rollcall.findings.kinds import ACCEPTS, ANY_CODE, KINDS, TOLD_BY_SHAPE, shapes_of_value
from rollcall.findings.pair import OTHERS, whose_head

_TELLING = frozenset(
    ("birth", "ssn", "record", "member", "diagnosis", "medication", "account", "service_date", "treatment")
)  # kinds that only forms about people ask for
_INSURED = frozenset(("member", "group", "payer"))
_MONEY = frozenset(("routing", "bank"))
_PERSONAL = frozenset(("phone", "address", "place", "birth", "ssn", "email", "license"))
_THEIRS = frozenset(("their", "his", "her", "them", "suyo", "su"))
_NO_NAMES = frozenset(("condition", "service", "dose", "payer"))
_NOT_BY_HEAD = frozenset(("account", "phone", "address"))  # what a head alone does not tell
_NEAR = 5  # pairs from the name within which a date or code without a telling label belongs to who is named
_SEVERAL = 4  # labels, or letters of theirs, from which what all begin with says nothing
_LEAST_DIGITS = 4  # of a record number
_GONE_BY = 2005  # a date in or before this year is hardly that of a visit: so old mail is not looked at
_SURE_SCORE, _FAIR_SCORE, _HEAD_SCORE, _SHAPE_SCORE = 0.97, 0.9, 0.85, 0.82
_KNOWN = 0.85  # score of a label that is known as a whole
_BY_HEAD = 0.5  # weight of what only the head says
_NONE_OF_OURS = {"other_date": frozenset(("date",))}  # what kinds that are none of ours look like
_SHAPES = {(element, subtype): shapes for element, subtype, shapes in KINDS.values()}
OTHER = Header(element="", subtype="", group="", hint="", score=0.9, whole=True)


class Question(msgspec.Struct, frozen=True):
    """A pair of a form: the label, the value as written, and the head it stands under."""

    label: str
    value: str
    section: str = ""


class _Told(NamedTuple):
    """What a label says: the kind, the header it amounts to, and whose it is where not the main person's."""

    kind: str
    header: Header | None
    group: str


class _State:
    """What the pairs so far have said."""

    def __init__(self) -> None:
        self.main = -1  # pair with the name of whom the form is about
        self.section = ""  # the head it stands under
        self.aside = ""  # somebody else who was named last, whose data may follow
        self.aside_section = ""
        self.kinds: set[str] = set()  # kinds told of the main person
        self.last = ""  # kind of the pair before

    def note(self, index: int, one: Question, kind: str, header: Header) -> None:
        """Take in what a pair said."""
        if header.element == "name" and header.group in OTHERS:
            self.aside = header.group if header.group not in ("provider", "sender") else ""
            self.aside_section = one.section
        elif header.element == "name":
            self.main, self.aside, self.section = index, "", one.section
            self.kinds = set()
        elif header.group not in OTHERS:
            self.kinds.add(kind)
        self.last = kind


def meanings(questions: Sequence[Question]) -> list[Header | None]:
    """Return what each pair of a form means; None where nothing is known, an empty element where it is none of ours."""
    seen = [shapes_of_value(one.value) for one in questions]
    questions = _without_common(questions)
    told = [_told(one, shapes) for one, shapes in zip(questions, seen, strict=True)]
    kinds = {one.kind for one in told}
    if not kinds & _TELLING:
        return [None] * len(questions)
    if any(_is_main(one) and _is_sure(one) for one in told):
        told = [_Told("other", OTHER, "") if _is_main(one) and not _is_sure(one) else one for one in told]
    named = any(_is_main(one) for one in told)
    numbered = any(one.kind == "record" for one in told)
    state = _State()
    found: list[Header | None] = []
    for index, (one, shapes) in enumerate(zip(questions, seen, strict=True)):
        kind, header, group = told[index]
        if header is None and shapes:
            kind, header = _by_value(one, shapes, index, state, named=named, numbered=numbered)
        if header is not None and header.element:
            header = _whose(one, kind, header, group, state)
            state.note(index, one, kind, header)
        elif shapes:
            state.last = kind
        found.append(header)
    return found


def _is_main(one: _Told) -> bool:
    """Say whether a label asks for the name of whom the form is about."""
    return one.kind == "name" and one.header is not None and one.header.group not in OTHERS


def _is_sure(one: _Told) -> bool:
    return one.header is not None and one.header.score != _FAIR_SCORE


def _without_common(questions: Sequence[Question]) -> Sequence[Question]:
    """Return the questions without the words that all labels begin with ("person_served_dob"): they tell nothing."""
    labels = {one.label for one in questions}
    if len(labels) < _SEVERAL:
        return questions
    first, final = min(labels), max(labels)
    first = first[: next((at for at, pair in enumerate(zip(first, final, strict=False)) if len(set(pair)) > 1), 0)]
    at = max((first.rfind(mark) for mark in " _-./"), default=-1) + 1
    if at < _SEVERAL or any(len(label) <= at for label in labels):
        return questions
    return [msgspec.structs.replace(one, label=one.label[at:]) for one in questions]


def _told(one: Question, shapes: frozenset[str]) -> _Told:
    """Return what the label says, for the value it has."""
    said, head = asked(one.label), asked(one.section)
    group = _group(one.label, said)
    strict = _strict(one.label, shapes, group)
    if strict is not None and strict.element:
        kind, strict = _better(strict, said, head, shapes)
        return _Told(kind, msgspec.structs.replace(strict, group=strict.group or _aside(group, kind)), group)
    if not shapes:
        return _Told("", None, group)
    role = _role(said, shapes, head)
    kind, weight = _weighed(said, head, shapes)
    outdone = kind == "payer" and not group and said.roles.get(role, 0.0) <= weight
    if role and ("name" in shapes or weight < SURE) and not outdone:
        score = _SURE_SCORE if said.roles.get(role, 0.0) >= SURE else _FAIR_SCORE
        name = Header(element="name", subtype="full", group=role, hint="", score=score, whole=True)
        return _Told("provider" if role == "provider" else "name", name, role)
    if kind in KINDS:
        score = _SURE_SCORE if weight >= SURE else _FAIR_SCORE if weight >= FAIR else _HEAD_SCORE
        return _Told(kind, _header(kind, shapes, score, _aside(group, kind)), group)
    # A number that is none that the label asks for is not guessed at.
    unfit = bool(shapes & ANY_CODE) and any(weight >= SURE for weight in said.kinds.values())
    none = bool(kind) or strict is not None or unfit
    return _Told("other" if none else "", OTHER if none else None, group)


def _strict(label: str, shapes: frozenset[str], group: str) -> Header | None:
    """Return what a label means that is known as a whole, if the value can be that."""
    header = read_label(label)
    if header is None or header.score < _KNOWN or not header.whole:
        return None
    if header.subtype == "payer" and group and "name" in shapes and "payer" not in shapes:
        return None  # "Parent or payer": who pays, not which plan
    if not header.element or not shapes:
        return header if header.element != "name" else None
    if header.element == "health_insurance":
        own = _SHAPES.get((header.element, header.subtype), ANY_CODE)
        return header if shapes & (own if header.subtype == "payer" else own | {"code"}) else None
    allowed = ACCEPTS.get(header.element)
    return header if allowed is None or shapes & allowed else None


def _kind_of(header: Header) -> str:
    if header.subtype in ("city", "state", "zip", "city_state_zip"):
        return "place"
    kinds = {KINDS[kind][:2]: kind for kind in reversed(KINDS)}
    exact = kinds.get((header.element, header.subtype))
    return exact or next((kind for (element, _), kind in kinds.items() if element == header.element), header.element)


def _better(strict: Header, said: Asking, head: Asking, shapes: frozenset[str]) -> tuple[str, Header]:
    """Return what a known label asks for; a bare "ID" or "account" under a bank's or insurer's head is theirs."""
    own = _kind_of(strict)
    if own not in ("record", "account") or not shapes & ANY_CODE:
        return own, strict
    weights = {kind: said.kinds.get(kind, 0.0) + head.kinds.get(kind, 0.0) / 2 for kind in (own, "member", "bank")}
    best = max(weights, key=lambda kind: weights[kind])
    if weights[best] < SURE or weights[best] <= weights[own]:
        return own, strict
    element, subtype, _ = KINDS[best]
    return best, msgspec.structs.replace(strict, element=element, subtype=subtype)


def _weighed(said: Asking, head: Asking, shapes: frozenset[str]) -> tuple[str, float]:
    """Return the kind that label, head and value together speak for, and how much; ("", 0) where none does."""
    best, most = "", 0.0
    for kind, weight in sorted(said.kinds.items()):
        if not shapes & (KINDS[kind][2] if kind in KINDS else _NONE_OF_OURS.get(kind, shapes)):
            continue
        weight += 0.25 * head.kinds.get(kind, 0.0)
        weight += 0.75 * any(TOLD_BY_SHAPE.get(shape) == kind for shape in shapes)
        if weight > most:
            best, most = kind, weight
    if best:
        return best, most
    for kind, weight in sorted(head.kinds.items()):
        fits = kind in KINDS and kind not in _NOT_BY_HEAD and shapes & KINDS[kind][2] - {"name"}
        if fits and weight >= SURE:
            return kind, _BY_HEAD
    return "", 0.0


def _first(weights: Mapping[str, float]) -> str:
    """Return the role that weighs most; "" where there is none."""
    return max(sorted(weights), key=lambda role: weights[role], default="")


def _group(label: str, said: Asking) -> str:
    """Return whose a field is by its label, where that is not the main person; "" otherwise."""
    group = role_of(label)
    if group in OTHERS:
        return group
    best = _first(said.roles)
    sure = said.roles.get(best, 0.0) >= SURE or (best == "guarantor" and not group)
    return best if best in OTHERS and sure else ""


def _aside(group: str, kind: str) -> str:
    """Return whose a field that names nobody is: only what a person has of their own is asked about somebody else."""
    return group if kind in _PERSONAL or (kind in _INSURED and group == "subscriber") else ""


def _role(said: Asking, shapes: frozenset[str], head: Asking) -> str:
    """Return whose name a label asks for, where the value can be a name; "" otherwise."""
    best = _first(said.roles)
    if not best or not shapes & {"name", "words"} or shapes & _NO_NAMES:
        return ""
    if said.roles[best] < SURE and "name" not in shapes:
        return ""
    above = _first(head.roles)
    if best == "patient" and said.roles[best] < SURE and above in OTHERS and head.roles[above] >= SURE:
        return above  # "Name" under "Emergency contact"
    return best


def _header(kind: str, shapes: frozenset[str], score: float, group: str = "") -> Header:
    element, subtype, _ = KINDS[kind]
    subtype = "code" if element == "diagnosis" and "icd" in shapes else subtype
    return Header(element=element, subtype=subtype, group=group, hint="", score=score, whole=True)


def _by_value(
    one: Question, shapes: frozenset[str], index: int, state: _State, *, named: bool, numbered: bool
) -> tuple[str, Header | None]:
    """Return what a value under a label that says nothing is, by its shape and its neighbours."""
    near = state.main >= 0 and index - state.main <= _NEAR and not state.aside
    kind = next((told for shape, told in TOLD_BY_SHAPE.items() if shape in shapes), "")
    if "name" in shapes and state.main < 0 and not named and not kind:
        return "name", Header(element="name", subtype="full", group="", hint="", score=_SHAPE_SCORE, whole=True)
    coded = bool(shapes & {"code", "number"}) and not shapes & {"phone", "street", "icd"}
    if "date" in shapes and near and "birth" not in state.kinds and _long_ago(one.value):
        kind = "birth"
    elif coded and near and sum(map(str.isdigit, one.value)) >= _LEAST_DIGITS:
        kind = _code_after(state, numbered=numbered)
    elif not kind:
        kind = "address" if "street" in shapes else "phone" if "phone" in shapes else ""
    return (kind, _header(kind, shapes, _SHAPE_SCORE)) if kind else ("", None)


def _code_after(state: _State, *, numbered: bool) -> str:
    """Return what a code without a telling label is by what stands before it; "" where that tells nothing."""
    if state.last in _INSURED:
        return "group" if "member" in state.kinds else "member"
    if state.last in _MONEY:
        return "bank"
    return "" if numbered or "record" in state.kinds else "record"


def _long_ago(value: str) -> bool:
    """Say whether a date is unlikely to be that of a visit."""
    iso = parse_date(value.strip(), birth=True)
    return iso is not None and int(iso[:4]) <= _GONE_BY


def _whose(one: Question, kind: str, header: Header, group: str, state: _State) -> Header:
    """Return a header with the group of whom the field is about, where its head or the name before says so."""
    own = header.group in OTHERS or group in OTHERS
    if not own and state.main >= 0 and one.section != state.section and (kind in _PERSONAL or header.element == "name"):
        under = whose_head(one.section)
        if under:
            return msgspec.structs.replace(header, group=under)
    if header.element == "name" or header.group or group in OTHERS or not state.aside or kind not in _PERSONAL:
        return header
    theirs = bool(_THEIRS & set(one.label.lower().replace("'", " ").split()))
    again = kind in state.kinds and one.section == state.aside_section
    return msgspec.structs.replace(header, group=state.aside) if theirs or again else header
