"""The number of a payment card: the first digits tell the brand, the last one checks the others."""

import re

from rollcall.elements import check_digits
from rollcall.elements.codes import headers
from rollcall.elements.element import Element, Pattern

# Brand -> how its numbers begin, and how long they are (ISO/IEC 7812; the networks' published ranges).
_BRANDS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("visa", r"4", (13, 16, 19)),
    ("mastercard", r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
    ("american_express", r"3[47]", (15,)),
    ("discover", r"6011|64[4-9]|65", (16, 19)),
    ("diners", r"30[0-5]|3[689]", (14, 16)),
    ("jcb", r"35(?:2[89]|[3-8])", (16,)),
    ("unionpay", r"62", (16, 17, 18, 19)),
)
_STARTS = tuple((re.compile(start), lengths) for _, start, lengths in _BRANDS)
# Numbers that processors give out for tests: they pay for nothing and stand in every manual.
_SAMPLES = frozenset(
    ("4111111111111111", "4242424242424242", "4012888888881881", "5555555555554444", "5105105105105100",
     "378282246310005", "371449635398431", "6011111111111117", "6011000990139424", "30569309025904")
)  # fmt: skip
FOURS = r"(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6(?:011|4[4-9]\d|5\d{2}|2\d{2})|35\d{2})(?:[- ]\d{4}){3}"
WHOLE = r"(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6(?:011|4[4-9]\d|5\d{2}))\d{12}"
AMEX = r"3[47]\d{2}[- ]\d{6}[- ]\d{5}"
_NOT_DIGIT = re.compile(r"\D")


def normalise(text: str, _subtype: str) -> str:
    """Return the digits."""
    return _NOT_DIGIT.sub("", text.strip().removesuffix(".0"))


def check(digits: str, _subtype: str) -> str:
    """Say whether the check digit is right and a brand has numbers like it."""
    if not 12 <= len(digits) <= 19:
        return "wrong_length"
    if digits in _SAMPLES or len(set(digits)) == 1:
        return "published_sample"
    if not check_digits.luhn(digits):
        return "bad_checksum"
    branded = any(start.match(digits) and len(digits) in lengths for start, lengths in _STARTS)
    return "valid" if branded else "unknown_brand"


def mask(value: str) -> str:
    """Return the number with its last four digits alone."""
    return f"**** {value[-4:]}"


ELEMENT = Element(
    id="payment_card",
    subtypes=("card",),
    version=1,
    label="Payment card number",
    group="financial",
    patterns=(
        Pattern(regex=FOURS, subtype="card", confidence=0.9, labelled=0.98),
        Pattern(regex=AMEX, subtype="card", confidence=0.9, labelled=0.98),
        Pattern(regex=WHOLE, subtype="card", confidence=0.65, labelled=0.97),
        Pattern(regex=r"3[47]\d{13}", subtype="card", confidence=0.6, labelled=0.97),
        Pattern(regex=r"\d{13,19}", subtype="card", confidence=0.1, labelled=0.95, needs_label=True),
    ),
    headers=headers(
        card="credit card, credit card number, card number, debit card, debit card number, payment card, cc number, "
        "visa, mastercard, amex, hsa card, fsa card"
    ),
    normalise=normalise,
    check=check,
    weigh={"bad_checksum": 0.4, "wrong_length": 0.3, "unknown_brand": 0.7, "published_sample": 0.2},
    mask=mask,
    examples=(
        ("4556 7375 8689 9855", "card", "valid"),
        ("3714-496353-98432", "card", "bad_checksum"),
        ("4556737586899856", "card", "bad_checksum"),
        ("4111 1111 1111 1111", "card", "published_sample"),
        ("1234567812345670", "card", "unknown_brand"),
        ("4111", "card", "wrong_length"),
    ),
)
