"""Numbers that a word right before them names: "Mary Olson (file KX448812)", "Acme Health, card W123456789".

In running text such a word is often one that no list of labels has. It is believed where it hardly means anything
else, where word and number stand in brackets or between commas behind a name, as people add a number to someone, and
where the number is said to be theirs ("my file is").
"""

import functools
import re

from rollcall.elements.asked import FAIR, SURE, asked
from rollcall.elements.headers import Header

_KINDS = {
    "record": ("medical_record_number", "mrn"),
    "account": ("patient_account_number", "bill"),
    "member": ("health_insurance", "member_id"),
    "group": ("health_insurance", "group"),
    "bank": ("financial_account", "account"),
    "routing": ("financial_account", "routing"),
    "license": ("drivers_license", "licence"),
}
# What is a number of many other things as well, and words that say nothing without another.
_VAGUE = frozenset(
    (
        "id",
        "case",
        "key",
        "number",
        "no",
        "contact",
        "patient",
        "client",
        "visit",
        "encounter",
        "claim",
        "state",
        "operator",
        "contract",
        "registro",
        "identifier",
        "group",
        "grp",
    )
)
_REACH = 48
_BEFORE = re.compile(
    r"(?:(?P<named>[^\W\d_][\w'’.-]*)(?P<mark>,|\s?\()\s*|(?P<own>\b(?:my|his|her|their|your)\s)|(?:^|[\s(,;:]))"
    r"(?P<label>(?:[^\W\d_][\w'’/-]*\s)?[^\W\d_][\w'’/-]*)(?:\s(?:no|num|nbr|number|is))?[.:#]{0,2}\s?#?\s*$"
)
_SCORE = {SURE: 0.82, FAIR: 0.75}
_FEWEST = 5  # characters of a number that is somebody's


def word_before(line: str, start: int, end: int) -> Header | None:
    """Return what the word or two before a number say that it is; None where they say nothing."""
    value = line[start:end]
    if end - start < _FEWEST or not any(map(str.isdigit, value)) or "/" in value or "@" in value:
        return None
    match = _BEFORE.search(line, max(0, start - _REACH), start)
    return None if match is None else _meant(match["label"].lower(), bool(match["mark"] or match["own"]))


@functools.lru_cache(maxsize=4096)
def _meant(label: str, apposed: bool) -> Header | None:
    words = label.split()
    for text in (label, words[-1]):
        if text.split()[-1] in _VAGUE or (len(words) > 1 and text == label and words[0] in _VAGUE):
            continue
        kinds = {kind: weight for kind, weight in asked(text).kinds.items() if kind in _KINDS}
        best = max(sorted(kinds), key=lambda kind: kinds[kind], default="")
        weight = kinds.get(best, 0.0)
        if weight >= SURE or (weight >= FAIR and apposed):
            element, subtype = _KINDS[best]
            score = _SCORE[SURE if weight >= SURE else FAIR]
            return Header(element=element, subtype=subtype, group="", hint="", score=score, whole=True)
    return None
