"""Lists of words that are values of an element wherever they stand: conditions, procedures, drugs, payers.

Data, one file a list in `data/`: "subtype = term, term, ...", comments after "#". `findings/terms.py` searches them.
"""

import functools
from importlib.resources import files

import msgspec

from rollcall.elements import ELEMENTS


class Term(msgspec.Struct, frozen=True):
    """What a term says."""

    element: str
    subtype: str
    confidence: float


def read_terms(text: str) -> dict[str, str]:
    """Return term -> subtype; of a term that stands twice the later line counts.

    Raises ValueError where a line has no "subtype =".
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        subtype, sign, said = line.partition(" = ")
        if not sign:
            raise ValueError(line[:40])
        found |= {term: subtype.strip() for part in said.split(",") if (term := " ".join(part.split()))}
    return found


@functools.cache
def terms() -> dict[str, Term]:
    """Return every term in lower case with what it says; the first element that lists it has it."""
    found: dict[str, Term] = {}
    for element in ELEMENTS:
        for name in element.terms:
            text = files("rollcall.elements").joinpath("data", name).read_text("utf-8")
            for term, subtype in read_terms(text).items():
                found.setdefault(term, Term(element.id, subtype, element.term_confidence))
    return found
