"""The number of an account at a bank, and of the bank itself."""

import re

from rollcall.elements import check_digits
from rollcall.elements.codes import code, headers, labelled, mask_code
from rollcall.elements.element import Element, Pattern

IBAN = r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?"
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_BANK = r"(?i:routing|aba|rtn|checking|savings|direct deposit|bank)"


def check(value: str, subtype: str) -> str:
    """Say whether a bank numbers so: routing numbers and IBAN have check digits, accounts 4 to 17 digits."""
    if subtype == "routing":
        if len(value) != 9 or not value.isdecimal():
            return "wrong_length"
        return "valid" if check_digits.routing(value) else "bad_checksum"
    if _IBAN.fullmatch(value):
        return "valid" if check_digits.iban(value) else "bad_checksum"
    n_digits = sum(map(str.isdigit, value))
    return "unchecked" if 4 <= n_digits <= 17 and len(value) <= 20 else "wrong_length"


ELEMENT = Element(
    id="financial_account",
    subtypes=("account", "routing", "with_code"),
    version=1,
    label="Financial account number",
    group="financial",
    patterns=(
        Pattern(regex=r"\d{4,17}", subtype="account", confidence=0.1, labelled=0.92, needs_label=True),
        Pattern(regex=r"\d{9}", subtype="routing", confidence=0.1, labelled=0.96, needs_label=True),
        *labelled("account", regexes=(r"\d{3,6}(?:[- ]\d{2,8}){1,3}",), confidence=0.9),
        Pattern(regex=IBAN, subtype="account", confidence=0.6, labelled=0.95),
        # "routing 021000021 / 123456789", "checking ending in 4411"
        Pattern(
            regex=rf"{_BANK}[^\d\n]{{1,24}}\d{{9}}[ /,;|-]{{1,3}}(?:(?i:acct|"
            rf"account)[. #:]{{0,3}})?(?P<value>\d{{5,17}})",
            subtype="account", confidence=0.7, labelled=0.94,
        ),
        Pattern(
            regex=rf"{_BANK}(?: (?i:account|acct\.?))? (?i:ending|ending in|ends in|last four|"
            rf"last 4) (?P<value>\d{{4}})",
            subtype="account", confidence=0.6, labelled=0.85,
        ),
    ),
    headers=headers(
        account="bank account, bank account number, checking account, savings account, iban, direct deposit account, "
        "deposit account, checking, savings",
        routing="routing number, routing, aba, aba number, bank routing, routing transit number, rtn",
    ),
    normalise=code,
    check=check,
    weigh={"bad_checksum": 0.5, "wrong_length": 0.3},
    mask=mask_code,
    examples=(
        ("021000021", "routing", "valid"),
        ("021000022", "routing", "bad_checksum"),
        ("02100", "routing", "wrong_length"),
        ("000123456789", "account", "unchecked"),
        ("GB82 WEST 1234 5698 7654 32", "account", "valid"),
        ("GB82 WEST 1234 5698 7654 33", "account", "bad_checksum"),
        ("12", "account", "wrong_length"),
    ),
)  # fmt: skip
