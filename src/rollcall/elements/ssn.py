"""The Social Security number, full or its last four digits."""

import re

from rollcall.elements.element import Element, Pattern

# Numbers that were printed in advertisements or pamphlets, and then used by thousands.
PUBLISHED = frozenset(
    [
        "078051120",
        "219099999",
        "457555462",
        "123456789",
        "111111111",
        "222222222",
        "333333333",
        "444444444",
        "555555555",
        "777777777",
        "888888888",
        "987654321",
        "112233445",
        "121212121",
        "987654320",
        "987654329",
    ]
)
_NOT_DIGIT = re.compile(r"\D")
# Written out with what stands before the last four hidden: "xxx-xx-1234", "***-**-1234", "xxxxx1234".
HIDDEN = r"(?:[xX*#]{3}[- ]?[xX*#]{2}[- ]?|[xX*#]{5})(?P<value>\d{4})"


def normalise(text: str, subtype: str) -> str:
    """Return nine digits (leading zeros that a spreadsheet lost come back), or the last four."""
    digits = _NOT_DIGIT.sub("", text.removesuffix(".0"))
    if subtype == "last4":
        return digits[-4:]
    return digits.zfill(9) if len(digits) in (7, 8) and digits == text.strip().removesuffix(".0") else digits


def check(digits: str, subtype: str) -> str:
    """Say whether the Social Security Administration could have issued this number."""
    if subtype == "last4":
        return "unchecked" if len(digits) == 4 and digits != "0000" else "wrong_length"
    if len(digits) != 9:
        return "wrong_length"
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    if digits in PUBLISHED:  # 078-05-1120 came with wallets, 219-09-9999 stood in a 1940 pamphlet
        return "published_sample"
    if area in ("000", "666") or area >= "900" or group == "00" or serial == "0000":
        return "never_issued"  # 9xx belongs to ITINs
    return "valid"


def last_four(value: str) -> str:
    """Return the number with its last four digits alone."""
    return f"***-**-{value[-4:]}"


ELEMENT = Element(
    id="ssn",
    subtypes=("full", "last4"),
    version=1,
    label="Social Security number",
    group="identifier",
    patterns=(
        Pattern(regex=r"\d{3}-\d{2}-\d{4}", subtype="full", confidence=0.88, labelled=0.99),
        Pattern(regex=r"\d{3} \d{2} \d{4}|\d{3}\.\d{2}\.\d{4}", subtype="full", confidence=0.6, labelled=0.98),
        Pattern(regex=r"\d{3} ?- ?\d{2} ?- ?\d{4}", subtype="full", confidence=0.8, labelled=0.98),
        Pattern(regex=r"\d{9}", subtype="full", confidence=0.1, labelled=0.96, needs_label=True),
        Pattern(regex=HIDDEN, subtype="last4", confidence=0.75, labelled=0.95),
        Pattern(regex=r"\d{4}", subtype="last4", confidence=0.1, labelled=0.9, needs_label=True),
    ),
    headers=(
        ("ssn", "full"),
        ("social security", "full"),
        ("social", "full"),
        ("seguro social", "full"),
        ("tax id ssn", "full"),
        ("last4 ssn", "last4"),
        ("last4 social", "last4"),
        ("last4 social security", "last4"),
        ("last4", "last4"),
    ),
    labels=("social",),
    normalise=normalise,
    check=check,
    weigh={"never_issued": 0.55, "published_sample": 0.3, "wrong_length": 0.3, "padded": 0.92},
    mask=last_four,
    examples=(
        ("401-45-1234", "full", "valid"),
        ("401 22 7788", "full", "valid"),
        ("1234567", "full", "valid"),
        ("900-12-3456", "full", "never_issued"),
        ("666-12-3456", "full", "never_issued"),
        ("078-05-1120", "full", "published_sample"),
        ("12-345", "full", "wrong_length"),
        ("xxx-xx-7788", "last4", "unchecked"),
    ),
)
