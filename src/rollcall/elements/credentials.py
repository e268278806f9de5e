"""What lets somebody in: a password with the name it belongs to, a PIN, the answer to a security question.

A password alone is most often that of the attachment ("the file opens with Spring19"); it counts when a user name
stands beside it, or a column says so.
"""

from rollcall.elements.codes import headers, hide
from rollcall.elements.element import Element, Pattern

_WORD = r"(?i:password|passcode|passwd|pwd|pass phrase|passphrase)"
_SAID = rf"{_WORD}(?i: is|:|=| -|#){{1,2}} {{0,3}}"
_USER = r"(?i:user ?name|user ?id|user|login|log-?in|logon|account name|portal id)(?: (?i:is))? ?[:=#-]? {0,3}\S{3,64}"
_VALUE = r"(?P<value>[^\s,;]{4,40})"


def normalise(text: str, _subtype: str) -> str:
    """Return the secret as it is written: case and signs are part of it."""
    return " ".join(text.split())


def check(value: str, subtype: str) -> str:
    """Say whether it can be what its subtype says."""
    if subtype == "pin":
        return "unchecked" if value.isdecimal() and 4 <= len(value) <= 8 else "bad_form"
    return "unchecked" if len(value) >= 4 else "too_short"


ELEMENT = Element(
    id="credentials",
    subtypes=("password", "pin", "security_answer", "signature"),
    version=2,
    label="User name, password or access code",
    group="other",
    patterns=(
        Pattern(
            regex=rf"{_USER}[\s,;/|]{{1,4}}(?i:and )?{_WORD}(?i: is|:|=| -|#){{0,2}} {{0,3}}{_VALUE}",
            subtype="password", confidence=0.8, labelled=0.85,
        ),
        Pattern(regex=rf"{_SAID}{_VALUE}", subtype="password", confidence=0.25, labelled=0.25),
        Pattern(
            regex=r"(?i:debit|card|atm|account|portal|voicemail)(?: (?i:card))? (?i:pin)(?i: is| number is|:|"
            r"#)? ?(?P<value>\d{4,8})",
            subtype="pin", confidence=0.6, labelled=0.8,
        ),
        Pattern(
            regex=r"(?i:security answer|answer to (?:the |your |my )?security question)(?i: is|"
            r":){1,2} ?(?P<value>[A-Za-z][A-Za-z '-]{2,30})",
            subtype="security_answer", confidence=0.7, labelled=0.8,
        ),
    ),
    headers=headers(
        password="password, passcode, contrasena, portal password",  # noqa: S106 - words, not a secret
        pin="pin, pin number",
        security_answer="security answer, answer security question",
    ),
    normalise=normalise,
    check=check,
    weigh={"bad_form": 0.4, "too_short": 0.5},
    mask=hide,
    examples=(
        ("Spring2019!", "password", "unchecked"),
        ("4411", "pin", "unchecked"),
        ("44", "pin", "bad_form"),
        ("abc", "password", "too_short"),
    ),
)  # fmt: skip
