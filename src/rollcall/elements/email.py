"""An e-mail address."""

import re

from rollcall.elements.element import Element, Pattern

_FORM = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,24}$")


def normalise(text: str, _subtype: str) -> str:
    """Return the address in lower case, without what mail programs put around it."""
    text = text.strip().strip("<>()[]\"',;").lower()
    return text.removeprefix("mailto:")


def check(value: str, _subtype: str) -> str:
    """Say whether mail could be sent to it; example domains are nobody's."""
    if not _FORM.match(value) or ".." in value:
        return "bad_form"
    return "reserved" if value.endswith((".invalid", ".test", ".example", ".localhost")) else "valid"


def mask(value: str) -> str:
    """Return the address with its first letter and its top domain alone."""
    local, _, domain = value.partition("@")
    return f"{local[:1]}***@***.{domain.rpartition('.')[2]}"


ELEMENT = Element(
    id="email",
    subtypes=("email",),
    version=1,
    label="E-mail address",
    group="contact",
    patterns=(
        Pattern(
            regex=r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}",
            subtype="email",
            confidence=0.97,
            labelled=0.99,
        ),
    ),
    headers=(
        ("email", "email"),
        ("email address", "email"),
        ("electronic mail", "email"),
        ("correo electronico", "email"),
        ("correo", "email"),
    ),
    normalise=normalise,
    check=check,
    weigh={"bad_form": 0.4},
    mask=mask,
    examples=(
        ("Ana.Lopez+x@Mail.Example.org", "email", "valid"),
        ("<a@b.org>", "email", "valid"),
        ("a@clinic.test", "email", "reserved"),
        ("a@b", "email", "bad_form"),
    ),
)
