"""The answers of a form's questions: where in a text what is told, and what is read there."""

from collections.abc import Iterable, Sequence

import msgspec

from rollcall.elements.headers import Header
from rollcall.findings import forms
from rollcall.findings.asking import Question, meanings
from rollcall.findings.candidate import Candidate, read
from rollcall.findings.pairs import forms_of
from rollcall.findings.patterns import Shape
from rollcall.findings.readings import readings

_LONG = 40  # characters of an answer that is a number or a word
_WORDY = frozenset(("credentials", "benefit_election"))  # answered in words of no shape
_BASE = 0.93  # of a value that no pattern knows, under a label of a form
_NUMBERED = frozenset(
    (
        "other_id",
        "passport",
        "military_id",
        "tax_id",
        "payment_card",
        "billing_amount",
        "medical_record_number",
        "patient_account_number",
        "health_insurance",
        "drivers_license",
        "financial_account",
        "treatment",
    )
)


class Told(msgspec.Struct, frozen=True):
    """A span of the text and what the form it stands in says that it is."""

    start: int
    end: int
    header: Header


def told_fields(lines: Sequence[tuple[int, str]]) -> dict[int, list[Told]]:
    """Return what the forms of a text tell, by the offset of the line it stands in."""
    found: dict[int, list[Told]] = {}
    for pairs in forms_of(lines):
        questions = [Question(pair.label, pair.value, pair.section) for pair in pairs]
        for pair, header in zip(pairs, meanings(questions), strict=True):
            if header is not None and pair.end > pair.start:
                offset, line = lines[pair.line]
                at = line.rfind(pair.label, 0, pair.start - offset)
                before = lines[pair.line - 1][1] if pair.line else ""
                if at >= 0:
                    header = forms.in_context(header, line, (at, at + len(pair.label)), before)
                found.setdefault(offset, []).append(Told(pair.start, pair.end, header))
    return found


def answer(line: str, told: Told, offset: int, shaped: Iterable[tuple[Shape, int, int]]) -> list[Candidate]:
    """Return what stands in an answer, as its question says; a shape that a pattern knows first, else all of it."""
    header = told.header
    start, end = told.start - offset, told.end - offset
    if not header.element or forms.is_blank(line[start:end]):
        return []
    worded = forms.value_of(line, start, end, header)
    if worded is not None:
        return [worded]
    found = [
        one
        for shape, a, b in shaped
        if start <= a and b <= end
        for one in readings(line, shape, a, b, header)
        if one.element == header.element
    ]
    text = line[start:end].strip(" .,;")
    if header.element in _WORDY and not found and text and len(text) <= _LONG:
        return [_whole(line, start, end, text, header)]
    whole = max((one.end - one.start for one in found), default=0)
    part = len(text) > whole and " " not in text  # a pattern knows a piece of a number only: all of it is meant
    enough = whole * 2 > len(text) and not part
    if header.element not in _NUMBERED or enough or not any(map(str.isdigit, text)) or len(text) > _LONG:
        return found
    kept = [] if part else found
    return [*kept, _whole(line, start, end, text, header)]


def _whole(line: str, start: int, end: int, text: str, header: Header) -> Candidate:
    """Return an answer that no pattern knows, all of it."""
    start += line[start:end].index(text)
    value, check, factor = read(header.element, header.subtype, text)
    return Candidate(
        start=start, end=start + len(text), element=header.element, subtype=header.subtype, group=header.group,
        value=value, check=check, confidence=_BASE * factor * header.score, why=forms.why_label(header),
    )  # fmt: skip


def with_provider(found: Iterable[Candidate]) -> list[Candidate]:
    """Return what was found; a clinician whom a label names is also a fact about whom the form is about."""
    kept = []
    for one in found:
        kept.append(one)
        if one.element == "name" and one.group == "provider" and one.why == "label:name":
            value, check, factor = read("provider", "provider", one.value)
            kept.append(
                msgspec.structs.replace(
                    one, element="provider", subtype="provider", group="", value=value, check=check,
                    confidence=one.confidence * factor, why="label:provider",
                )
            )  # fmt: skip
    return kept
