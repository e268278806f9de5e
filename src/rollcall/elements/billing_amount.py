"""What was charged, paid or is owed for somebody's care, and what somebody earns."""

import re

from rollcall.elements.codes import headers, hide
from rollcall.elements.element import Element, Pattern

AMOUNT = r"\$ ?\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\$ ?\d{1,7}(?:\.\d{2})?"
_BARE = r"\d{1,3}(?:,\d{3})*\.\d{2}|\d{1,6}\.\d{2}"
_OWED = (
    r"(?i:balance|owes?|owing|owed|amount due|past due|copay|co-pay|coinsurance|deductible|charges?|charged|"
    r"billed|paid|"
    r"payment|payments|bill|statement|salary|wage|refund|write[- ]?off|collections?)"
)
_FORM = re.compile(r"-?\(?\$? ?\(?-?\d[\d,]*(?:\.\d+)?\)?-?(?: ?(?:USD|CR|DR))?", re.IGNORECASE)


def normalise(text: str, _subtype: str) -> str:
    """Return the amount as written, on one line."""
    return " ".join(text.split())


def check(value: str, _subtype: str) -> str:
    """Say whether it is a number."""
    return "unchecked" if _FORM.fullmatch(value) else "no_amount"


ELEMENT = Element(
    id="billing_amount",
    subtypes=("amount",),
    version=2,
    label="Billing amount",
    group="financial",
    patterns=(
        Pattern(regex=AMOUNT, subtype="amount", confidence=0.1, labelled=0.92, needs_label=True),
        Pattern(regex=_BARE, subtype="amount", confidence=0.1, labelled=0.85, needs_label=True),
        # "owes us about $257.98", "a balance of $120"
        Pattern(
            regex=rf"{_OWED}(?: [^\s.;:$]+){{0,5}} (?P<value>{AMOUNT})", subtype="amount", confidence=0.55, labelled=0.9
        ),
        Pattern(
            regex=rf"(?P<value>{AMOUNT}) (?i:balance|copay|co-pay|deductible|due|owed|past due|bill|charge|payment)",
            subtype="amount", confidence=0.55, labelled=0.9,
        ),
    ),
    headers=headers(
        amount="amount, balance, charge, total charge, balance due, total due, copay, payment amount, paid amount, "
        "amount due, billed amount, salary, allowed amount, patient responsibility, amount owed, hourly rate, "
        "annual salary"
    ),
    normalise=normalise,
    check=check,
    weigh={"no_amount": 0.6},
    mask=hide,
    examples=(
        ("$1,234.50", "amount", "unchecked"),
        ("(75.60)", "amount", "unchecked"),
        ("see attached", "amount", "no_amount"),
    ),
)  # fmt: skip
