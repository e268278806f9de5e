"""A candidate: an element read at a span, before overlaps are settled and an id is given."""

from collections.abc import Iterable

import msgspec

from rollcall.elements import BY_ID

ALTERNATIVE = 0.55  # factor on a second reading of the very same span
_LEAST = 0.2  # an alternative below this is not worth a reviewer's look


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of one span of the normalised text."""

    start: int
    end: int
    element: str
    subtype: str
    group: str
    value: str
    check: str
    confidence: float
    why: str


def read(element_id: str, subtype: str, text: str) -> tuple[str, str, float]:
    """Return (normal form, what the check says, factor on the confidence) of a text as written."""
    element = BY_ID[element_id]
    value = element.normalise(text, subtype) if element.normalise else " ".join(text.split())
    check = element.check(value, subtype) if element.check else "unchecked"
    if element_id == "ssn" and check == "valid" and sum(map(str.isdigit, text)) in (7, 8):
        check = "padded"  # a spreadsheet kept the number without its leading zeros
    return value, check, element.weigh.get(check, 1.0)


def settle(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return what stands after overlaps: the surest reading, then the longest; the same span may keep a second one."""
    ranked = sorted(candidates, key=lambda c: (-round(c.confidence, 2), c.start - c.end, c.start, c.element, c.subtype))
    kept: list[Candidate] = []
    taken: dict[tuple[int, int], set[str]] = {}
    edges: list[tuple[int, int]] = []
    for one in ranked:
        span = (one.start, one.end)
        if span in taken:
            second = one.confidence * ALTERNATIVE
            if one.element in taken[span] or second < _LEAST or len(taken[span]) > 1:
                continue
            taken[span].add(one.element)
            kept.append(msgspec.structs.replace(one, confidence=second))
        elif not any(start < one.end and one.start < end for start, end in edges):
            taken[span] = {one.element}
            edges.append(span)
            kept.append(one)
    return sorted(kept, key=lambda c: (c.start, c.end, -c.confidence, c.element))
