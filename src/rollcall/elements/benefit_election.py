"""What an employee chose of the benefits: tier of coverage, savings accounts, a waiver."""

import re

from rollcall.elements.codes import headers, hide
from rollcall.elements.element import Element, Pattern

_TIER = (
    r"(?i:employee|ee|member|subscriber|self)(?: ?(?:\+|&|/|(?i:and|plus)) ?"
    r"(?i:spouse|sp|partner|children|child\(ren\)|child|ch|dependents?|family|fam|one|1)){1,2}"
)
_WAIVED = (
    r"(?i:waived|waives|declined|declines|opted out of|enrolled in|elected) (?i:medical|dental|vision|health|life|"
    r"short[- ]term disability|long[- ]term disability|fsa|hsa|cobra|401\(?k\)?|403\(?b\)?)(?i: insurance|"
    r" coverage| plan)?"
)
_KNOWN = re.compile(
    r"(?i).*\b(?:employee|ee|self|single|family|spouse|child|tier|waive[ds]?|decline[ds]?|enroll(?:ed)?|"
    r"elect(?:ed)?|hsa|fsa|"
    r"ppo|hmo|hdhp|medical|dental|vision|life|disability|cobra|yes|no|opt(?:ed)?[- ]?out|\d+ ?%).*"
)


def normalise(text: str, _subtype: str) -> str:
    """Return the words on one line."""
    return " ".join(text.split())


def check(value: str, _subtype: str) -> str:
    """Say whether the words are those of benefits."""
    return "valid" if _KNOWN.fullmatch(value) or "$" in value else "unlisted"


ELEMENT = Element(
    id="benefit_election",
    subtypes=("election",),
    version=1,
    label="Benefit election",
    group="insurance",
    patterns=(
        Pattern(regex=_TIER, subtype="election", confidence=0.5, labelled=0.9),
        Pattern(regex=_WAIVED, subtype="election", confidence=0.45, labelled=0.9),
    ),
    headers=headers(
        election="coverage tier, benefit election, benefit plan election, election, coverage level, benefit tier, "
        "enrollment tier, medical election, dental election, vision election, fsa election, hsa election"
    ),
    normalise=normalise,
    check=check,
    weigh={"unlisted": 0.9},
    mask=hide,
    examples=(
        ("Employee + Spouse", "election", "valid"),
        ("EE/CH", "election", "valid"),
        ("Gold 2", "election", "unlisted"),
    ),
)
