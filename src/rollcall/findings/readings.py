"""What a shape found in a line is, given what the words beside it say that it should be."""

import re

from rollcall.elements.headers import Header
from rollcall.elements.labels import label_before, read_label
from rollcall.findings import forms
from rollcall.findings.candidate import Candidate, read
from rollcall.findings.patterns import Shape, hits
from rollcall.findings.terms import terms_in

CONFLICT = 0.45  # factor where a label says that it is something else
MEANT = 0.85  # factor where the label names the element but another subtype of it
_OWN_LABEL = re.compile(r"([A-Za-z]{2,6})-?(?=\d{3})")


def readings(line: str, shape: Shape, start: int, end: int, label: Header | None) -> list[Candidate]:
    """Return every reading of a shape that its label allows, weighed."""
    found = []
    if label is None and (own := _OWN_LABEL.match(line, start, end)) is not None and (read_label(own[1]) is not None):
        # "MRN-0012345": the label is written into the code.
        label, start = read_label(own[1]), own.end()
    text = line[start:end]
    named = [(e, p) for e, p in shape.readings if label is not None and e.id == label.element]
    exact = [(e, p) for e, p in named if label is not None and p.subtype == label.subtype]
    if label is not None and named:
        element, pattern = (exact or named)[0]
        value, check, factor = read(element.id, pattern.subtype, text)
        confidence = pattern.labelled * (label.score if label.score < 0.9 else 1.0) * (1.0 if exact else MEANT)
        confidence = factor * max(confidence, 0.0 if pattern.needs_label else pattern.confidence)
        found.append((element, pattern, value, check, confidence, forms.why_label(label), label.group))
    for element, pattern in shape.readings:
        if pattern.needs_label or (named and element.id == named[0][0].id):
            continue
        value, check, factor = read(element.id, pattern.subtype, text)
        against = label is not None and label.element and label.element != "name" and label.score >= 0.9
        # What stands just before belongs to such a pattern itself: "visit" heads accounts, "visit on 3/7" a day.
        against = against and "value" not in shape.regex.groupindex
        confidence = pattern.confidence * factor * (CONFLICT if against else 1.0)
        group = label.group if label is not None and label.element == "name" else ""
        group = group or element.bearers.get(pattern.subtype, "")
        found.append((element, pattern, value, check, confidence, "pattern", group))
    return [
        Candidate(
            start=start,
            end=end,
            element=element.id,
            subtype="po_box" if element.id == "address" and value.lower().startswith("p") else pattern.subtype,
            group=group,
            value=value,
            check=check,
            confidence=confidence,
            why=why,
        )
        for element, pattern, value, check, confidence, why, group in found
    ]


def says(shape: Shape, label: Header | None, *, any_subtype: bool = False) -> bool:
    """Say whether a shape may be of the element that the label names, and of that very subtype."""
    return label is not None and any(
        element.id == label.element and (any_subtype or pattern.subtype == label.subtype)
        for element, pattern in shape.readings
    )


def term_readings(line: str) -> list[Candidate]:
    """Return the conditions, drugs and the like that a line names, surer where a label says so."""
    found = []
    for start, end, term in terms_in(line):
        label = label_before(line, start)
        told = label is not None and label.header.element == term.element
        value, check, factor = read(term.element, term.subtype, line[start:end])
        found.append(
            Candidate(
                start=start, end=end, element=term.element, subtype=term.subtype,
                group=label.header.group if label is not None and told else "", value=value, check=check,
                confidence=(0.8 if told else term.confidence) * factor,
                why=forms.why_label(label.header) if label is not None and told else "term",
            )
        )  # fmt: skip
    return found


def readings_of(line: str, header: Header) -> list[Candidate]:
    """Return what the shapes in a short text say where a header already tells what it should be."""
    found = []
    for shape, start, end in hits(line):
        label = label_before(line, start)
        found += readings(line, shape, start, end, label.header if label is not None else header)
    return found
