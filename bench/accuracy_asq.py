"""ASQ-PHI: which identifiers of a clinical question are covered, and how often a question without any is flagged."""

from collections.abc import Callable, Sequence

from accuracy_scores import ENOUGH, Found, share_line
from accuracy_sets import ASQ_ELEMENTS, asq
from rollcall.demo.figures import Tally

COVERED = 0.6  # of a value's characters
CLINICAL = frozenset({"diagnosis", "treatment", "medication"})  # said of nobody, they identify nobody


def measure(find: Callable[[str, str], Sequence[Found]], seed: int, examples: int = 0) -> list[str]:
    """Return recall by type, by anything and by the right element, and how often questions without PHI are flagged."""
    tally, missed = Tally(), dict[str, list[str]]()
    for name, query, phi in asq():
        found = [one for one in find(name, query) if one.confidence >= ENOUGH]
        if not phi:
            tally.add("flagged", name, any(one.element not in CLINICAL for one in found))
        for kind, value in phi:
            at = query.find(value)
            at, size = (at, len(value)) if at >= 0 else (query.find(value.rstrip(".")), len(value.rstrip(".")))
            if at < 0:
                continue
            anything = _covered(found, at, at + size, ())
            rightly = _covered(found, at, at + size, ASQ_ELEMENTS.get(kind, ()))
            for whose in (kind, "ALL"):
                tally.add(f"covered {whose}", name, anything)
                tally.add(f"as what it is {whose}", name, rightly)
            if not rightly:
                missed.setdefault(kind, []).append(query[max(0, at - 50) : at + size + 15].replace("\n", " "))
    figures = [share_line(f"{kind}", tally.figure(kind, seed)) for kind in sorted(tally.counts)]
    shown = [f"    {kind}: {line}" for kind, lines in sorted(missed.items()) for line in lines[:examples]]
    return [*figures, *shown]


def _covered(found: Sequence[Found], start: int, end: int, elements: Sequence[str]) -> bool:
    inside = [one for one in found if one.start < end and start < one.end and (not elements or one.element in elements)]
    held = {at for one in inside for at in range(max(start, one.start), min(end, one.end))}
    return len(held) >= COVERED * (end - start)
